/* What a test expects to be said: values that a page refuses or warns of, the
 * lines that stand on any page, what is sensitive, a stop's ways. */
#include "kiosk/flow/item_tests.h"

#include <string.h>

#include "kiosk/flow/asked.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/field.h"

enum { NAMES_BYTES = 1024 };

/* What refuses beside the rules under allowed. */
static const char of_form[] = "form", of_required[] = "required",
                  of_fixed[] = "fixed";

/* ---- Trying a value -------------------------------------------------------- */

/* As the page would keep it; false: it does not take it. */
static bool takes(const struct trial *trial, const struct step *step,
                  const char *given, struct buf *value)
{
    const char *expected = NULL;

    if (strcmp(step->screen, "field") == 0)
        return !walk_accept(step, given, value, &expected) &&
               !walk_clash(trial->item, step, trial->answers, value->text,
                           false);
    if (strcmp(step->screen, "choice") == 0) {
        buf_add_text(value, given);
        return walk_offers(step, trial->answers, given);
    }
    choices_tidy(step, given, value);
    return choices_look(step, trial->answers, value->text) == CHOICES_GOOD;
}

/* Nothing was given; of a choice of many that is an answer. */
static bool is_left(const struct step *step, const char *given)
{
    return *given == '\0' && strcmp(step->screen, "choices") != 0;
}

/* What refuses it, or NULL; value: what is kept then. */
static const char *refusal_of(struct trial *trial, const struct step *step,
                              const struct yaml *given, struct buf *value)
{
    struct answers *copy = NULL;
    const struct allowed *error;
    const char *refusal = NULL;

    if (is_left(step, given->text))
        return asked_is_required(step, trial->answers) ? of_required
               : asked_is_fixed(step, trial->answers)  ? of_fixed
                                                       : NULL;
    if (!takes(trial, step, given->text, value))
        return of_form;
    if (answers_copy(trial->answers, &copy) ||
        answers_set(copy, step->answer, value->text,
                    asked_source(step, copy, value->text))) {
        trial_fail(trial, given, "this value is too long to be kept");
        answers_free(copy);
        return NULL;
    }
    error = asked_error(step, copy);
    if (error)
        refusal = error->id;
    else if (!asked_holds(step, copy))
        refusal = of_fixed;
    answers_free(copy);
    return refusal;
}

/* ---- Rules by their names --------------------------------------------------- */

static void add_name(struct buf *names, const char *name)
{
    buf_add_format(names, "%s%s", names->len ? ", " : "", name);
}

/* Those that refuse, or those that only say something. */
static bool has_rule(const struct step *step, bool refuses, const char *id)
{
    for (size_t i = 0; i < step->allowed_count; i++)
        if ((step->allowed[i].severity == ALLOWED_ERROR) == refuses &&
            strcmp(step->allowed[i].id, id) == 0)
            return true;
    return refuses && (strcmp(id, of_form) == 0 || strcmp(id, of_fixed) == 0 ||
                       strcmp(id, of_required) == 0);
}

static void tell_no_rule(struct trial *trial, const struct step *step,
                         bool refuses, const struct yaml *id)
{
    struct buf names;

    buf_init(&names, NAMES_BYTES);
    for (size_t i = 0; i < step->allowed_count; i++)
        if ((step->allowed[i].severity == ALLOWED_ERROR) == refuses)
            add_name(&names, step->allowed[i].id);
    if (refuses)
        add_name(&names, "form, required, fixed");
    if (names.len > 0)
        trial_fail(trial, id,
                   "nothing of that name %s on the page \"%s\": expected one "
                   "of %.200s",
                   refuses ? "refuses" : "warns or informs", step->id,
                   names.text);
    else
        trial_fail(trial, id,
                   "the page \"%s\" says nothing of its answer: expected one "
                   "with severity: warning or information under allowed",
                   step->id);
    buf_done(&names);
}

static void compare_refusal(struct trial *trial, const struct step *step,
                            const struct yaml *given, const struct yaml *by)
{
    struct buf value;

    if (!has_rule(step, true, by->text)) {
        tell_no_rule(trial, step, true, by);
        return;
    }
    buf_init(&value, TRIAL_PAGES_BYTES);
    const char *refusal = refusal_of(trial, step, given, &value);
    if (trial_has_failed(trial))
        ;
    else if (!refusal)
        trial_fail(trial, given,
                   "\"%.60s\" is taken on the page \"%s\": expected it to be "
                   "refused by \"%.60s\"",
                   given->text, step->id, by->text);
    else if (strcmp(refusal, by->text) != 0)
        trial_fail(trial, by,
                   "\"%.60s\" is refused by \"%s\", not by \"%.60s\"",
                   given->text, refusal, by->text);
    buf_done(&value);
}

/* The names in the order in which they are said. */
static void compare_names(struct trial *trial, const struct yaml *given,
                          const struct asked_said *said,
                          const struct yaml *names)
{
    bool is_list = names->kind == YAML_LIST;
    size_t count = is_list ? names->count : 1;

    for (size_t i = 0; i < count || i < said->count; i++) {
        const struct yaml *name = i >= count ? names
                                  : is_list  ? names->items[i]
                                             : names;

        if (i >= count)
            trial_fail(trial, names, "of \"%.60s\" \"%s\" is said, too",
                       given->text, said->list[i]->id);
        else if (i >= said->count)
            trial_fail(trial, name, "of \"%.60s\" \"%.60s\" is not said",
                       given->text, name->text);
        else if (strcmp(said->list[i]->id, name->text) != 0)
            trial_fail(trial, name,
                       "of \"%.60s\" \"%s\" is said where \"%.60s\" is "
                       "expected",
                       given->text, said->list[i]->id, name->text);
        else
            continue;
        return;
    }
}

static bool knows_names(struct trial *trial, const struct step *step,
                        const struct yaml *names)
{
    size_t count = names->kind == YAML_LIST ? names->count : 1;

    for (size_t i = 0; i < count; i++) {
        const struct yaml *name =
            names->kind == YAML_LIST ? names->items[i] : names;

        if (has_rule(step, false, name->text))
            continue;
        tell_no_rule(trial, step, false, name);
        return false;
    }
    return true;
}

static void compare_warning(struct trial *trial, const struct step *step,
                            const struct yaml *given, const struct yaml *names)
{
    struct asked_said said = { .count = 0 };
    struct buf value;

    if (!knows_names(trial, step, names))
        return;
    buf_init(&value, TRIAL_PAGES_BYTES);
    const char *refusal = refusal_of(trial, step, given, &value);
    if (refusal)
        trial_fail(
            trial, given,
            "\"%.60s\" is refused by \"%s\" on the page \"%s\": expected "
            "it under refused",
            given->text, refusal, step->id);
    else if (!is_left(step, given->text) &&
             asked_would_say(step, trial->answers, value.text, &said))
        trial_fail(trial, given, "this value is too long to be kept");
    if (!trial_has_failed(trial))
        compare_names(trial, given, &said, names);
    buf_done(&value);
}

static void try_values(
    struct trial *trial, const struct step *step, const char *key,
    void (*compare)(struct trial *trial, const struct step *step,
                    const struct yaml *given, const struct yaml *expected))
{
    const struct yaml *values =
        step->answer ? yaml_get(yaml_get(trial->test, key), step->answer)
                     : NULL;

    for (size_t i = 0; values && i < values->count && !trial_has_failed(trial);
         i++)
        compare(trial, step, values->keys[i], values->items[i]);
}

/* ---- Lines ------------------------------------------------------------------ */

static bool has_line(const struct step *step, const char *id)
{
    for (size_t i = 0; i < step->line_count; i++)
        if (strcmp(step->lines[i].id, id) == 0)
            return true;
    return false;
}

static void tell_no_line(struct trial *trial, const struct step *step,
                         const struct yaml *id)
{
    struct buf names;

    buf_init(&names, NAMES_BYTES);
    for (size_t i = 0; i < step->line_count; i++)
        add_name(&names, step->lines[i].id);
    trial_fail(trial, id, "no line \"%.60s\" is on the page \"%s\"%s%.200s",
               id->text, step->id, names.len ? ": expected one of " : "",
               names.text);
    buf_done(&names);
}

void trial_compare_lines(struct trial *trial, const struct step *step,
                         const struct yaml *lines)
{
    size_t seen = 0;

    for (size_t i = 0; i < step->line_count; i++) {
        const struct line *line = &step->lines[i];

        if (!walk_shows_line(line, trial->answers))
            continue;
        if (seen == lines->count) {
            trial_fail(trial, lines, "the line \"%s\" stands there, too",
                       line->id);
            return;
        }
        if (strcmp(lines->items[seen]->text, line->id) != 0) {
            trial_fail(trial, lines->items[seen],
                       "the line \"%s\" stands where \"%.60s\" is expected",
                       line->id, lines->items[seen]->text);
            return;
        }
        seen++;
    }
    if (seen < lines->count)
        trial_fail(trial, lines->items[seen],
                   "the line \"%.60s\" does not stand there",
                   lines->items[seen]->text);
}

static void look_at_lines(struct trial *trial, const struct step *step)
{
    const struct yaml *lines =
        yaml_get(yaml_get(trial->test, "lines_of"), step->id);

    for (size_t i = 0; lines && i < lines->count; i++)
        if (!has_line(step, lines->items[i]->text)) {
            tell_no_line(trial, step, lines->items[i]);
            return;
        }
    if (lines)
        trial_compare_lines(trial, step, lines);
}

void trial_look_at_page(struct trial *trial, const struct step *step)
{
    look_at_lines(trial, step);
    if (strcmp(step->screen, "field") != 0 &&
        strcmp(step->screen, "choice") != 0 &&
        strcmp(step->screen, "choices") != 0)
        return;
    try_values(trial, step, "refused", compare_refusal);
    try_values(trial, step, "warned", compare_warning);
}

/* ---- Of the whole way -------------------------------------------------------- */

static bool came(const struct trial *trial, const struct step *step)
{
    const struct yaml *pages = yaml_get(trial->test, "pages");

    for (size_t i = 0; i < pages->count; i++)
        if (strcmp(pages->items[i]->text, step->id) == 0)
            return true;
    return false;
}

static const struct step *asking(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (walk_is_question(&item->steps[i]) &&
            strcmp(item->steps[i].screen, "another") != 0 &&
            strcmp(item->steps[i].answer, name) == 0)
            return &item->steps[i];
    return NULL;
}

static void compare_asked(struct trial *trial, const char *key)
{
    const struct yaml *names = yaml_get(trial->test, key);

    for (size_t i = 0; names && i < names->count; i++) {
        const struct yaml *name = names->keys[i];
        const struct step *step = asking(trial->item, name->text);

        if (!step)
            trial_fail(trial, name,
                       "no choice or field answers \"%.60s\": nothing is "
                       "%s there",
                       name->text, key);
        else if (!came(trial, step))
            trial_fail(trial, name, "\"%s\" is never asked", name->text);
    }
}

static void compare_pages_of_lines(struct trial *trial)
{
    const struct yaml *pages = yaml_get(trial->test, "lines_of");

    for (size_t i = 0; pages && i < pages->count; i++) {
        const struct step *step = item_step(trial->item, pages->keys[i]->text);

        if (!step)
            trial_fail(trial, pages->keys[i],
                       "the item has no page \"%.60s\": expected one of its "
                       "steps",
                       pages->keys[i]->text);
        else if (!came(trial, step))
            trial_fail(trial, pages->keys[i],
                       "the page \"%s\" does not come here", step->id);
    }
}

/* By its own mark, or as its type always is. */
static bool is_sensitive(const struct step *step)
{
    return step->is_sensitive || (strcmp(step->screen, "field") == 0 &&
                                  field_kind(step->type)->is_sensitive);
}

static void compare_sensitive(struct trial *trial)
{
    const struct yaml *names = yaml_get(trial->test, "sensitive");
    const struct yaml *pages = yaml_get(trial->test, "pages");
    size_t seen = 0;

    for (size_t i = 0; names && i < pages->count; i++) {
        const struct step *step = item_step(trial->item, pages->items[i]->text);

        if (!step || !is_sensitive(step))
            continue;
        const struct yaml *at =
            seen < names->count ? names->items[seen] : names;
        if (seen++ < names->count && strcmp(at->text, step->id) == 0)
            continue;
        trial_fail(trial, at, "\"%s\" is sensitive%s%.60s%s", step->id,
                   at == names ? ", too" : " where \"",
                   at == names ? "" : at->text,
                   at == names ? "" : "\" is expected");
        return;
    }
    if (names && seen < names->count)
        trial_fail(trial, names->items[seen],
                   "\"%.60s\" is no sensitive page here: expected sensitive: "
                   "true on it, or another",
                   names->items[seen]->text);
}

static void compare_ways(struct trial *trial)
{
    const struct yaml *ways = yaml_get(trial->test, "ways");
    char count[] = "0";

    if (ways && !trial->stop)
        trial_fail(trial, ways,
                   "ways are a stop's: expected stop: and its name beside it");
    if (!ways || !trial->stop)
        return;
    count[0] = (char)(count[0] + (int)trial->stop->way_count);
    if (strcmp(count, ways->text) != 0)
        trial_fail(trial, ways, "the stop \"%s\" has %s ways on, not %.20s",
                   trial->stop->id, count, ways->text);
}

void trial_compare_said(struct trial *trial)
{
    compare_asked(trial, "refused");
    compare_asked(trial, "warned");
    compare_pages_of_lines(trial);
    compare_sensitive(trial);
    compare_ways(trial);
}
