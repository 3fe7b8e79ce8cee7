#include "kiosk/flow/asked.h"

#include <string.h>

enum { VALUE_BYTES = 4096 };

bool asked_is_required(const struct step *step, const struct answers *answers)
{
    return walk_is_true(step->required, answers);
}

/* ---- What it must be ----------------------------------------------------- */

/* Nothing was given that could be looked at. */
static bool is_open(const struct step *step, const struct answers *answers)
{
    enum source source = answers_source(answers, step->answer);

    return source == SOURCE_NONE || source == SOURCE_LEFT ||
           source == SOURCE_LATER;
}

bool asked_keeps(const struct allowed *allowed, const struct step *step,
                 const struct answers *answers)
{
    return is_open(step, answers) || walk_is_true(allowed->must, answers);
}

const struct allowed *asked_error(const struct step *step,
                                  const struct answers *answers)
{
    for (size_t i = 0; i < step->allowed_count; i++)
        if (step->allowed[i].severity == ALLOWED_ERROR &&
            !asked_keeps(&step->allowed[i], step, answers))
            return &step->allowed[i];
    return NULL;
}

static void add_said(const struct step *step, const struct answers *answers,
                     enum allowed_severity severity, struct asked_said *said)
{
    for (size_t i = 0; i < step->allowed_count; i++)
        if (step->allowed[i].severity == severity &&
            said->count < ASKED_SAID_MAX &&
            !asked_keeps(&step->allowed[i], step, answers))
            said->list[said->count++] = &step->allowed[i];
}

enum err asked_would_say(const struct step *step, const struct answers *answers,
                         const char *value, struct asked_said *ret_said)
{
    struct asked_said said = { .count = 0 };
    struct answers *copy = NULL;
    enum err err;

    *ret_said = said;
    if (step->allowed_count == 0)
        return ERR_OK;
    err = answers_copy(answers, &copy);
    if (err)
        return err;
    err = answers_set(copy, step->answer, value, SOURCE_CITIZEN);
    if (!err) {
        said.error = asked_error(step, copy);
        add_said(step, copy, ALLOWED_WARNING, &said);
        said.warnings = said.count;
        add_said(step, copy, ALLOWED_INFORMATION, &said);
        *ret_said = said;
    }
    answers_free(copy);
    return err;
}

/* ---- What stands there before -------------------------------------------- */

/* As the page would keep it. */
static bool takes(const struct step *step, const struct answers *answers,
                  const char *value, struct buf *out)
{
    const char *expected = NULL, *offered;
    const struct words *text;

    if (strcmp(step->screen, "field") == 0)
        return !walk_accept(step, value, out, &expected);
    for (size_t i = 0; i < walk_option_count(step, answers); i++) {
        walk_option(step, answers, i, &offered, &text, NULL);
        if (strcmp(offered, value) == 0) {
            buf_add_text(out, value);
            return true;
        }
    }
    return false;
}

/* What was left empty or comes later is nothing to take over. */
static const char *given(const struct answers *answers, const char *name,
                         enum source *ret_source)
{
    enum source source = answers_source(answers, name);

    *ret_source = source == SOURCE_CARD || source == SOURCE_SHARED
                      ? source
                      : SOURCE_ANSWER;
    return source == SOURCE_LEFT || source == SOURCE_LATER
               ? NULL
               : answers_get(answers, name);
}

bool asked_prefill(const struct step *step, const struct answers *answers,
                   struct buf *ret_value, struct asked_prefill *ret_prefill)
{
    for (size_t i = 0; step->prefill && step->prefill[i]; i++) {
        const char *value =
            given(answers, step->prefill[i], &ret_prefill->source);

        if (!value || !takes(step, answers, value, ret_value))
            continue;
        ret_prefill->from = step->prefill[i];
        return true;
    }
    return false;
}

bool asked_before(const struct step *step, const struct answers *answers,
                  struct buf *ret_value)
{
    struct asked_prefill prefill;

    return asked_prefill(step, answers, ret_value, &prefill) ||
           (step->default_value &&
            takes(step, answers, step->default_value, ret_value));
}

/* The value is what stands there before; *ret_is_any: something does. */
static bool is_prefill(const struct step *step, const struct answers *answers,
                       const char *value, struct asked_prefill *ret_prefill,
                       bool *ret_is_any)
{
    struct buf prefill;

    *ret_is_any = false;
    if (!step->prefill)
        return false;
    buf_init(&prefill, VALUE_BYTES);
    *ret_is_any = asked_prefill(step, answers, &prefill, ret_prefill);
    bool is_same = *ret_is_any && strcmp(prefill.text, value) == 0;
    buf_done(&prefill);
    return is_same;
}

enum source asked_source(const struct step *step, const struct answers *answers,
                         const char *value)
{
    struct asked_prefill prefill;
    bool is_any;

    return is_prefill(step, answers, value, &prefill, &is_any) ? prefill.source
                                                               : SOURCE_CITIZEN;
}

const char *asked_shared(const struct step *step, const struct answers *answers,
                         bool *ret_differs)
{
    const char *value =
        step->answer ? answers_get(answers, step->answer) : NULL;
    enum source source =
        value ? answers_source(answers, step->answer) : SOURCE_NONE;
    struct asked_prefill prefill;
    bool is_any;

    if (source != SOURCE_SHARED && source != SOURCE_CITIZEN)
        return NULL;
    bool is_same = is_prefill(step, answers, value, &prefill, &is_any);
    *ret_differs = !is_same;
    return is_any && prefill.source == SOURCE_SHARED &&
                   is_same == (source == SOURCE_SHARED)
               ? prefill.from
               : NULL;
}

bool asked_is_fixed(const struct step *step, const struct answers *answers)
{
    struct asked_prefill prefill;
    bool is_any = false;

    if (step->is_fixed)
        (void)is_prefill(step, answers, "", &prefill, &is_any);
    return is_any;
}

/* ---- Later --------------------------------------------------------------- */

/* What was taken over is what would be taken over now, from there; and where
 * nothing else may stand, it is that. */
static bool prefill_holds(const struct step *step,
                          const struct answers *answers)
{
    enum source source = answers_source(answers, step->answer);
    bool is_taken = source == SOURCE_CARD || source == SOURCE_SHARED ||
                    source == SOURCE_ANSWER;
    bool is_any;
    struct asked_prefill prefill;

    if (!is_taken && !step->is_fixed)
        return true;
    if (is_prefill(step, answers, answers_get(answers, step->answer), &prefill,
                   &is_any))
        return source == prefill.source;
    return !is_taken && !is_any;
}

bool asked_holds(const struct step *step, const struct answers *answers)
{
    if (answers_source(answers, step->answer) == SOURCE_LEFT)
        return !asked_is_required(step, answers) &&
               !asked_is_fixed(step, answers);
    return prefill_holds(step, answers) && !asked_error(step, answers);
}
