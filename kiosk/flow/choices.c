#include "kiosk/flow/choices.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/fill.h"
#include "kiosk/base/mem.h"

static const char *value_of(const struct step *step, size_t row)
{
    return step->list ? step->list->rows[row].value : step->options[row].value;
}

static bool is_alone(const struct step *step, size_t row)
{
    return !step->list && step->options[row].is_alone;
}

/* ---- The text ------------------------------------------------------------ */

const char *choices_nth(const char *answer, size_t n, size_t *ret_len)
{
    for (; *answer; answer += *answer == ',') {
        size_t len = strcspn(answer, ",");

        if (n-- == 0) {
            *ret_len = len;
            return answer;
        }
        answer += len;
    }
    return NULL;
}

size_t choices_count(const char *answer)
{
    size_t count = 0, len;

    while (choices_nth(answer, count, &len))
        count++;
    return count;
}

bool choices_has(const char *answer, const char *value)
{
    const char *chosen;
    size_t len;

    for (size_t i = 0; (chosen = choices_nth(answer, i, &len)); i++)
        if (strlen(value) == len && memcmp(chosen, value, len) == 0)
            return true;
    return false;
}

static void add(struct buf *out, const char *value)
{
    if (out->len > 0)
        buf_add_char(out, ',');
    buf_add_text(out, value);
}

void choices_tidy(const struct step *step, const char *given, struct buf *out)
{
    const char *chosen;
    size_t len, known = 0;

    for (size_t i = 0; i < walk_row_count(step); i++)
        if (choices_has(given, value_of(step, i))) {
            add(out, value_of(step, i));
            known++;
        }
    if (known == choices_count(given))
        return;
    /* Something else, or one of them twice: kept as it is, to be refused. */
    buf_clear(out);
    for (size_t i = 0; (chosen = choices_nth(given, i, &len)); i++)
        buf_add_format(out, "%s%.*s", i ? "," : "", (int)len, chosen);
}

/* ---- What may be chosen --------------------------------------------------- */

size_t choices_most(const struct step *step)
{
    return step->most > 0 ? (size_t)step->most : walk_row_count(step);
}

/* Past the value, where the answer goes on with it; else NULL. */
static const char *past(const char *answer, const char *value)
{
    size_t len = strlen(value);

    if (strncmp(answer, value, len) != 0)
        return NULL;
    if (answer[len] == '\0')
        return answer + len;
    return answer[len] == ',' && answer[len + 1] ? answer + len + 1 : NULL;
}

enum choices_fault choices_look(const struct step *step,
                                const struct answers *answers,
                                const char *answer)
{
    size_t count = 0;
    bool has_alone = false;

    for (size_t i = 0; *answer && i < walk_row_count(step); i++) {
        const char *next = past(answer, value_of(step, i));

        if (!next)
            continue;
        if (!walk_row_is_offered(step, answers, i))
            return CHOICES_NOT_OFFERED;
        answer = next;
        count++;
        has_alone = has_alone || is_alone(step, i);
    }
    if (*answer)
        return CHOICES_NOT_OFFERED;
    if (has_alone)
        return count == 1 ? CHOICES_GOOD : CHOICES_TOGETHER;
    if (count < (size_t)step->least)
        return CHOICES_FEW;
    return count > choices_most(step) ? CHOICES_MANY : CHOICES_GOOD;
}

static bool value_is_alone(const struct step *step, const char *value)
{
    for (size_t i = 0; i < walk_row_count(step); i++)
        if (is_alone(step, i) && strcmp(value_of(step, i), value) == 0)
            return true;
    return false;
}

bool choices_press(const struct step *step, const struct answers *answers,
                   const char *answer, const char *value, struct buf *out)
{
    bool puts_in = !choices_has(answer, value);
    bool is_only = puts_in && value_is_alone(step, value);

    for (size_t i = 0; i < walk_row_count(step); i++) {
        const char *each = value_of(step, i);
        bool is_pressed = strcmp(each, value) == 0;
        bool gives_way = is_only || (puts_in && is_alone(step, i));
        bool stays =
            is_pressed ? puts_in : !gives_way && choices_has(answer, each);

        if (stays && walk_row_is_offered(step, answers, i))
            add(out, each);
    }
    return choices_count(out->text) <= choices_most(step);
}

void choices_keep_offered(const struct step *step,
                          const struct answers *answers, const char *answer,
                          struct buf *out)
{
    for (size_t i = 0; i < walk_row_count(step); i++)
        if (choices_has(answer, value_of(step, i)) &&
            walk_row_is_offered(step, answers, i))
            add(out, value_of(step, i));
}

/* ---- Made up --------------------------------------------------------------- */

/* The one that is wanted and chosen alone, where nothing else is wanted. */
static bool take_alone(const struct step *step, const struct answers *answers,
                       const bool *is_wanted, bool *is_taken)
{
    size_t only = 0, count = 0;

    for (size_t i = 0; i < walk_row_count(step); i++)
        if (is_wanted[i] && walk_row_is_offered(step, answers, i)) {
            only = i;
            count++;
        }
    if (count != 1 || !is_alone(step, only))
        return false;
    is_taken[only] = true;
    return true;
}

/* Up to `most` more of those (not) wanted; returns how many. */
static size_t take(const struct step *step, const struct answers *answers,
                   const bool *is_wanted, bool wanted, size_t most,
                   bool *is_taken)
{
    size_t count = 0;

    for (size_t i = 0; count < most && i < walk_row_count(step); i++) {
        if (is_wanted[i] != wanted || is_alone(step, i) ||
            !walk_row_is_offered(step, answers, i))
            continue;
        is_taken[i] = true;
        count++;
    }
    return count;
}

bool choices_make(const struct step *step, const struct answers *answers,
                  const bool *is_wanted, struct buf *out)
{
    bool *is_taken = mem_new(walk_row_count(step) + 1);
    size_t least = (size_t)step->least, count;

    if (!take_alone(step, answers, is_wanted, is_taken)) {
        count =
            take(step, answers, is_wanted, true, choices_most(step), is_taken);
        if (count < least)
            (void)take(step, answers, is_wanted, false, least - count,
                       is_taken);
    }
    for (size_t i = 0; i < walk_row_count(step); i++)
        if (is_taken[i])
            add(out, value_of(step, i));
    mem_free(is_taken);
    return choices_look(step, answers, out->text) == CHOICES_GOOD;
}

/* ---- For people ------------------------------------------------------------ */

void choices_text(const struct step *step, const char *answer,
                  enum language language, struct buf *out)
{
    const char *between = language == LANGUAGE_ZH_CN ? "、" : ", ";
    bool is_first = true;

    for (size_t i = 0; i < walk_row_count(step); i++) {
        const struct words *text =
            step->list ? &step->list->rows[i].text : &step->options[i].text;

        if (!choices_has(answer, value_of(step, i)))
            continue;
        if (!is_first)
            buf_add_text(out, between);
        buf_add_text(out, words_in(text, language));
        is_first = false;
    }
    if (is_first)
        buf_add_text(out, i18n_text(language, N_("None of these")));
}

/* msgids by what is said; each a whole sentence. */
static const char *limits_text(size_t least, size_t most, bool has_most)
{
    if (least == 0)
        return has_most ? N_("Choose at most {most}, or none.")
                        : N_("You may choose none.");
    if (least == most)
        return N_("Choose {least}.");
    if (has_most)
        return least > 1 ? N_("Choose {least} to {most}.")
                         : N_("Choose at most {most}.");
    return least > 1 ? N_("Choose at least {least}.") : NULL;
}

void choices_limits(const struct step *step, enum language language,
                    struct buf *out)
{
    char least[16], most[16];
    const struct fill fills[] = { { "least", least }, { "most", most } };
    const char *text =
        limits_text((size_t)step->least, choices_most(step), step->most > 0);

    snprintf(least, sizeof least, "%d", step->least);
    snprintf(most, sizeof most, "%zu", choices_most(step));
    if (text)
        fill_text(out, i18n_text(language, text), fills,
                  sizeof fills / sizeof *fills);
}
