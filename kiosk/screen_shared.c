/* What other offices have on record: asking for it, taking what the matter needs
 * of it, and saying of an answer that it comes from there. */
#include "kiosk/app_state.h"

#include <string.h>

enum { VALUE_BYTES = 4096 };

bool screen_ask_records(struct screen *screen)
{
    const struct step *step = screen_step(screen);
    const struct answers *answers = screen->app->session.answers;

    if (!shared_may_ask(answers))
        return false;
    asking_records(screen->app->asking, answers_get(answers, "card_number"),
                   step->records);
    return true;
}

static enum err noted(struct screen *screen, enum err err)
{
    screen->app->has_no_room |= err == ERR_TOO_BIG;
    return err;
}

enum err screen_go_without_records(struct screen *screen, const char *state)
{
    asking_stop(screen->app->asking);
    return noted(screen, shared_take_nothing(screen->app->session.answers,
                                             screen_step(screen), state));
}

/* All that was not said stays as if it had never come. */
static enum err take(struct screen *screen, bool *ret_differs)
{
    struct session *session = &screen->app->session;
    struct office *office = screen_office(screen);
    struct shared_record records[SHARED_KINDS];

    office_records(office, records);
    *ret_differs = shared_differs(records, session->answers);
    enum err err = shared_take(session->answers, session->item,
                               screen_step(screen), records);
    office_drop_records(office);
    return noted(screen, err);
}

enum err screen_take_records(struct screen *screen, enum err answered,
                             bool *ret_differs)
{
    bool is_unknown =
        answered == ERR_REFUSED &&
        strcmp(office_problem(screen_office(screen)), "person-unknown") == 0;

    *ret_differs = false;
    if (!answered)
        return take(screen, ret_differs);
    return screen_go_without_records(screen,
                                     is_unknown ? SHARED_NONE : SHARED_AWAY);
}

bool screen_is_covered(const struct screen *screen)
{
    return pages_top(screen->app) != screen;
}

bool screen_taken_from_record(const struct screen *screen,
                              const char **ret_label, const char **ret_day)
{
    const struct session *session = &screen->app->session;
    const struct step *step = screen_step(screen);
    const struct shared_kind *kind = NULL;
    const struct shared_field *field;
    struct asked_prefill prefill;
    char name[SHARED_NAME_BYTES];
    struct buf value;

    buf_init(&value, VALUE_BYTES);
    bool stands = asked_prefill(step, session->answers, &value, &prefill) &&
                  prefill.source == SOURCE_SHARED &&
                  shared_parse(prefill.from, &kind, &field) &&
                  strcmp(screen_standing(screen), value.text) == 0;
    buf_done(&value);
    if (!stands)
        return false;
    shared_name(kind, NULL, name);
    *ret_label = i18n_text(session->language, kind->label);
    *ret_day = answers_get(session->answers, name);
    return *ret_day != NULL;
}
