/* What goes with a question beside its type: may it be left empty, what stands
 * there before anybody answered, what is said of an answer. */
#include "kiosk/app_state.h"

#include "kiosk/flow/person.h"

#include <string.h>

enum { VALUE_BYTES = 4096 };

static const struct answers *answers_of(const struct screen *screen)
{
    return screen->app->session.answers;
}

bool screen_may_leave(const struct screen *screen)
{
    const struct step *step = screen_step(screen);

    return step && !asked_is_required(step, answers_of(screen));
}

bool screen_is_left(const struct screen *screen)
{
    return answers_source(answers_of(screen), screen_step(screen)->answer) ==
           SOURCE_LEFT;
}

bool screen_is_fixed(const struct screen *screen)
{
    return asked_is_fixed(screen_step(screen), answers_of(screen));
}

enum source screen_source_of(const struct screen *screen, const char *value)
{
    return asked_source(screen_step(screen), answers_of(screen), value);
}

enum err screen_would_say(struct screen *screen, const char *value,
                          struct asked_said *ret_said)
{
    enum err err = asked_would_say(screen_step(screen), answers_of(screen),
                                   value, ret_said);

    screen->app->has_no_room |= err == ERR_TOO_BIG;
    return err;
}

void screen_says(const struct screen *screen, const char *value,
                 struct asked_said *ret_said)
{
    enum err err = asked_would_say(screen_step(screen), answers_of(screen),
                                   value, ret_said);

    (void)err; /* it was found out when the page was laid there */
}

/* ---- What stands there ---------------------------------------------------- */

/* It was given; what comes later, or was left empty, was not. */
static const char *given(const struct screen *screen)
{
    const char *name = screen_step(screen)->answer;
    enum source source = answers_source(answers_of(screen), name);

    return source == SOURCE_LATER || source == SOURCE_LEFT
               ? NULL
               : answers_get(answers_of(screen), name);
}

static void add_standing(const struct screen *screen, struct buf *out)
{
    const struct step *step = screen_step(screen);

    if (given(screen))
        buf_add_text(out, given(screen));
    else if (answers_get(answers_of(screen), step->answer))
        return; /* nothing, and that was said */
    else
        (void)asked_before(step, answers_of(screen), out);
}

const char *screen_standing(const struct screen *screen)
{
    struct buf *out = &screen->app->words;

    buf_clear(out);
    add_standing(screen, out);
    return out->text;
}

const char *screen_standing_typed(const struct screen *screen)
{
    struct buf *out = &screen->app->words;
    struct buf value;

    buf_init(&value, VALUE_BYTES);
    add_standing(screen, &value);
    buf_clear(out);
    if (value.len > 0)
        field_typed(screen_step(screen), value.text, out);
    buf_done(&value);
    return out->text;
}

const char *screen_value_text(const struct screen *screen, const char *value)
{
    const struct session *session = &screen->app->session;
    struct buf *out = &screen->app->words;
    struct buf copy;

    /* The value may stand in the very words. */
    buf_init(&copy, VALUE_BYTES);
    buf_add_text(&copy, value);
    buf_clear(out);
    walk_text_of(session->item, screen_step(screen), copy.text, SOURCE_CITIZEN,
                 session->language, out);
    buf_done(&copy);
    return out->text;
}

const struct step *screen_taken_from(const struct screen *screen,
                                     bool *ret_is_card)
{
    const struct item *item = screen->app->session.item;
    struct asked_prefill prefill = { .from = NULL };
    struct buf value;
    const struct step *from = NULL;

    *ret_is_card = false;
    buf_init(&value, VALUE_BYTES);
    if (asked_prefill(screen_step(screen), answers_of(screen), &value,
                      &prefill) &&
        (!given(screen) || strcmp(given(screen), value.text) == 0))
        *ret_is_card = strncmp(prefill.from, "card_", 5) == 0;
    else
        prefill.from = NULL;
    if (prefill.from && !*ret_is_card) {
        from = person_of(item, prefill.from, NULL);
        *ret_is_card = from != NULL;
    }
    for (size_t i = 0; prefill.from && !from && i < item->step_count; i++)
        if (item->steps[i].answer &&
            strcmp(item->steps[i].answer, prefill.from) == 0)
            from = &item->steps[i];
    buf_done(&value);
    return from;
}
