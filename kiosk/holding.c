#include "kiosk/holding.h"

#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/slot.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 64 };

static const struct step *slot_step(const struct app *app)
{
    return app->session.item ? slot_of(app->session.item) : NULL;
}

static bool is_answer(const struct app *app)
{
    const struct step *step = slot_step(app);
    const char *value =
        step ? answers_get(app->session.answers, step->answer) : NULL;

    return value && strcmp(value, app->session.hold.value) == 0;
}

void holding_let_go(struct app *app)
{
    struct session_hold *hold = &app->session.hold;
    char path[PATH_BYTES];

    if (hold->token[0] && !hold->is_sent) {
        snprintf(path, sizeof path, "/v1/slots/hold/%s", hold->token);
        delivery_take_back(app->delivery, path);
    }
    mem_wipe(hold, sizeof *hold);
}

enum err holding_take(struct screen *screen, const char *token,
                      const char *value, int64_t until_ms)
{
    struct app *app = screen->app;
    struct session_hold *hold = &app->session.hold;

    holding_let_go(app);
    snprintf(hold->token, sizeof hold->token, "%s", token);
    snprintf(hold->value, sizeof hold->value, "%s", value);
    hold->until_ms = until_ms;
    return screen_set_answer(screen, screen_step(screen)->answer, value,
                             SOURCE_CITIZEN);
}

bool holding_is_over(const struct app *app)
{
    const struct session_hold *hold = &app->session.hold;

    return hold->token[0] && !hold->is_sent &&
           clock_monotonic_ms() >= hold->until_ms;
}

bool holding_is(const struct screen *screen)
{
    const struct app *app = screen->app;

    return app->session.hold.token[0] && is_answer(app) &&
           !holding_is_over(app);
}

/* One whose time is over stays until its page has said so. */
void holding_settle(struct app *app)
{
    if (app->session.hold.token[0] && !is_answer(app) &&
        (!holding_is_over(app) || !app->session.item))
        holding_let_go(app);
}

void holding_drop_over(struct app *app)
{
    const struct step *step = slot_step(app);

    if (step && holding_is_over(app) && is_answer(app))
        answers_forget(app->session.answers, step->answer);
}

void holding_note_sent(struct app *app, bool is_sent)
{
    if (app->session.hold.token[0])
        app->session.hold.is_sent = is_sent;
}

void holding_wipe(void *owner)
{
    holding_let_go(owner);
}

void holding_tell(void *owner, struct held *held)
{
    const struct app *app = owner;

    if (app->session.hold.token[0])
        held_add(held, "held.slot", N_("A time for an appointment"),
                 N_("held for you at the office, until you end"));
}
