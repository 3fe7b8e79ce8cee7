/* How answers read for people, and what of theirs is accepted. */
#include "kiosk/flow/walk.h"

#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/materials.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"
#include "kiosk/flow/slot.h"
#include "kiosk/flow/walk_group.h"

static void add_choice(const struct step *step, const char *value,
                       enum language language, struct buf *out)
{
    for (size_t i = 0; step->list && i < step->list->count; i++)
        if (strcmp(step->list->rows[i].value, value) == 0) {
            buf_add_text(out, words_in(&step->list->rows[i].text, language));
            return;
        }
    for (size_t i = 0; i < step->option_count; i++)
        if (strcmp(step->options[i].value, value) == 0) {
            buf_add_text(out, words_in(&step->options[i].text, language));
            return;
        }
    buf_add_text(out, value);
}

void walk_group(const struct step *step, const char *value,
                enum language language, struct buf *out)
{
    if (strcmp(step->screen, "field") == 0 || computed_is(step))
        field_show(step, value, language, out);
    else
        buf_add_text(out, value);
}

/* Of words in both languages the one that is wanted. */
static void add_column(const struct step *step, const char *value,
                       enum language language, bool is_masked, struct buf *out)
{
    enum { WORDS_BYTES = 4096 };
    struct buf words;

    buf_init(&words, WORDS_BYTES);
    record_words(value, language, &words);
    if (is_masked)
        field_show_masked(step, words.text, language, out);
    else
        walk_group(step, words.text, language, out);
    buf_done(&words);
}

static void add_value(const struct item *item, const struct step *step,
                      const char *value, enum source source,
                      enum language language, bool is_masked, struct buf *out)
{
    bool is_typed = strcmp(step->screen, "field") == 0 || computed_is(step);

    if (source == SOURCE_LATER)
        buf_add_text(out, words_in(&step->way, language));
    else if (source == SOURCE_LEFT)
        /* In a sentence nothing stands in its place. */
        buf_add_text(out,
                     is_masked ? "" : i18n_text(language, N_("Not given")));
    else if (strcmp(step->screen, "choice") == 0)
        add_choice(step, value, language, out);
    else if (strcmp(step->screen, "choices") == 0)
        choices_text(step, value, language, out);
    else if (strcmp(step->screen, "another") == 0)
        walk_group_answer(step, value, language, out);
    else if (strcmp(step->screen, "materials") == 0)
        materials_text(item, step, value, language, out);
    else if (slot_is(step))
        slot_text(item, step, value, language, out);
    else if (record_is_step(step))
        record_text(value, language, out);
    else if (payment_is_step(step))
        payment_text(value, language, out);
    else if (is_typed && step->option_count > 0)
        add_choice(step, value, language, out);
    else if (record_is_column(item, step))
        add_column(step, value, language, is_masked, out);
    else if (is_masked && is_typed)
        field_show_masked(step, value, language, out);
    else
        walk_group(step, value, language, out);
}

void walk_text_of(const struct item *item, const struct step *step,
                  const char *value, enum source source, enum language language,
                  struct buf *out)
{
    add_value(item, step, value, source, language, false, out);
}

/* An answer as it reads; masked where others may look on. */
static void add_answer(const struct item *item, const struct step *step,
                       const struct answers *answers, enum language language,
                       bool is_masked, struct buf *out)
{
    const char *value =
        step->answer ? answers_get(answers, step->answer) : NULL;

    if (value)
        add_value(item, step, value, answers_source(answers, step->answer),
                  language, is_masked, out);
}

void walk_text(const struct item *item, const struct step *step,
               const struct answers *answers, enum language language,
               struct buf *out)
{
    add_answer(item, step, answers, language, false, out);
}

void walk_text_masked(const struct item *item, const struct step *step,
                      const struct answers *answers, enum language language,
                      struct buf *out)
{
    add_answer(item, step, answers, language, true, out);
}

static bool is_name(const char *known, const char *name, size_t len)
{
    return known && strlen(known) == len && memcmp(known, name, len) == 0;
}

/* False: nobody knows this name. */
static bool fill_name(const struct item *item, const char *name, size_t len,
                      const struct answers *answers, enum language language,
                      struct buf *out)
{
    const struct {
        const char *name;
        const struct words *words;
    } of_item[] = {
        { "title", &item->title },
        { "authority", &item->authority },
        { "unit", &item->unit },
        { "contact", &item->contact },
    };

    for (size_t i = 0; i < sizeof of_item / sizeof *of_item; i++)
        if (is_name(of_item[i].name, name, len)) {
            buf_add_text(out, words_in(of_item[i].words, language));
            return true;
        }
    for (size_t i = 0; i < item->step_count; i++)
        if (is_name(item->steps[i].answer, name, len)) {
            add_answer(item, &item->steps[i], answers, language, true, out);
            return true;
        }
    return false;
}

void walk_fill(const struct item *item, const struct words *words,
               const struct answers *answers, enum language language,
               struct buf *out)
{
    const char *at = words_in(words, language);

    while (*at) {
        size_t plain = strcspn(at, "{");
        size_t len;

        buf_add(out, at, plain);
        at += plain;
        if (!*at)
            break;
        len = strcspn(at + 1, "{}");
        /* What was filled in is not looked at again: it may be a citizen's. */
        if (at[1 + len] == '}' &&
            fill_name(item, at + 1, len, answers, language, out))
            at += len + 2;
        else
            buf_add_char(out, *at++);
    }
}

enum err walk_accept(const struct step *step, const char *given,
                     struct buf *ret_value, const char **ret_expected)
{
    return field_accept(step, given, ret_value, ret_expected);
}

const char *walk_how(const struct step *step)
{
    if (step->type == FIELD_TYPE_MONEY && step->check.with_fen)
        return N_("The last two digits are fen: 1250 is 12.50 yuan.");
    return field_kind(step->type)->how;
}

void walk_expected(const struct step *step, const char *msgid,
                   enum language language, struct buf *out)
{
    const char *at = i18n_text(language, msgid);

    while (*at) {
        bool is_max = strncmp(at, "{max}", 5) == 0;

        if (is_max || strncmp(at, "{min}", 5) == 0) {
            field_show(step, field_limit(step, is_max), language, out);
            at += 5;
        } else {
            buf_add_char(out, *at++);
        }
    }
}
