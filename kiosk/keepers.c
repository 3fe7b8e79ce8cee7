/* All parts that keep something of a citizen's while they are here: each with
 * how it is erased and what it says that it keeps.  Who is missing here is found
 * by tests/left, and by who asks this machine what it holds. */
#include "kiosk/app_state.h"

#include "kiosk/base/mem.h"
#include "kiosk/holding.h"

#include <assert.h>

/* ---- The app: pages, what is typed, what was pressed -------------------- */

void app_wipe_pages(void *owner)
{
    struct app *app = owner;

    assert(app->magic == APP_MAGIC);
    pages_close_all(app);
    view_wipe(app->view);
    ui_forget(app->ui);
    for (int i = 0; i < app->queue_count; i++)
        secret_free(app->queue[i].card);
    app->queue_count = 0;
    app->has_press = false;
    mem_wipe(app->press_id, sizeof app->press_id);
    buf_clear(&app->press_text);
    buf_clear(&app->words);
    buf_clear(&app->filled);
    buf_clear(&app->url);
    app->is_stack_due = true;
}

static void tell_pages(void *owner, struct held *held)
{
    const struct app *app = owner;

    if (view_keeps_typed(app->view))
        held_add(held, "held.typed", N_("Not finished"),
                 N_("what is written in a field now"));
}

/* ---- The parts ---------------------------------------------------------- */

static void stop_printing(void *owner)
{
    printing_stop(owner);
}

static void tell_printing(void *owner, struct held *held)
{
    printing_tell(owner, held);
}

static void tell_writing(void *owner, struct held *held)
{
    writing_tell(owner, held);
}

static void leave_delivery(void *owner)
{
    delivery_give_up(owner);
    delivery_end_help(owner);
}

static void tell_delivery(void *owner, struct held *held)
{
    delivery_tell(owner, held);
}

static void wipe_asking(void *owner)
{
    asking_wipe(owner);
}

static void tell_asking(void *owner, struct held *held)
{
    asking_tell(owner, held);
}

void app_register_keepers(struct app *app)
{
    static const struct session_keeper pages = { app_wipe_pages, tell_pages };
    static const struct session_keeper printing = { stop_printing,
                                                    tell_printing };
    static const struct session_keeper delivery = { leave_delivery,
                                                    tell_delivery };
    static const struct session_keeper asking = { wipe_asking, tell_asking };
    static const struct session_keeper holding = { holding_wipe, holding_tell };
    static const struct session_keeper writing = { writing_wipe, tell_writing };
    struct session *session = &app->session;

    session_on_wipe(session, &pages, app);
    session_on_wipe(session, &printing, app->printing);
    session_on_wipe(session, &delivery, app->delivery);
    session_on_wipe(session, &asking, app->asking);
    session_on_wipe(session, &holding, app);
    session_on_wipe(session, &writing, app->writing);
}
