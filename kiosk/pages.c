/* Which page: the stack (one page and those laid over it) and the way through
 * an item. */
#include "kiosk/app_state.h"

#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/person.h"
#include "kiosk/holding.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AGE_CHILD = 14 };

const struct screen_kind *pages_kind(const char *name)
{
    for (const struct screen_kind *const *kind = screen_table; *kind; kind++)
        if (strcmp((*kind)->name, name) == 0)
            return *kind;
    return NULL;
}

struct screen *pages_top(const struct app *app)
{
    assert(app->depth > 0);
    return app->stack[app->depth - 1];
}

struct screen *pages_find(const struct app *app, uint32_t ticket)
{
    for (int i = 0; i < app->depth; i++)
        if (app->stack[i]->ticket == ticket)
            return app->stack[i];
    return NULL;
}

const struct step *app_step(const struct app *app, const struct screen *screen)
{
    const struct item *item = app->session.item;
    if (!item || screen->at < 0 || (size_t)screen->at >= item->step_count)
        return NULL;
    return &item->steps[screen->at];
}

static void pop(struct app *app)
{
    struct screen *screen = pages_top(app);

    app->depth--;
    if (screen->card_job)
        device_stop(app->devices[DEVICE_CARD], screen->card_job);
    timer_free(screen->timer);
    ui_spot_free(screen->spot);
    secret_free(screen->state);
    mem_free(screen);
    app->is_dirty = true;
    if (app->depth > 0)
        app_rest_idle(app); /* as long as the page that is left allows */
}

void pages_close_all(struct app *app)
{
    while (app->depth > 0)
        pop(app);
}

static void on_screen_timer(void *owner)
{
    struct screen *screen = owner;
    app_post(screen->app, &(struct queued){ .ticket = screen->ticket,
                                            .kind = SCREEN_TIMER });
}

static void push(struct app *app, const struct screen_kind *kind, int at,
                 const char *about)
{
    assert(app->depth < PAGES_MAX);
    struct screen *screen = mem_new(sizeof *screen);
    *screen = (struct screen){
        .app = app,
        .kind = kind,
        .ticket = ++app->last_ticket,
        .at = at,
        .timer = timer_new(app->parts.loop, "screen", on_screen_timer, screen),
    };
    snprintf(screen->about, sizeof screen->about, "%s", about ? about : "");
    if (kind->state_size) {
        screen->state = secret_new(kind->state_size);
        /* What fills the arena has limits that leave room for this; a page
         * without its state must not be met by a person. */
        assert(screen->state);
    }
    app->stack[app->depth++] = screen;
    app->is_dirty = true;
    app_rest_idle(app);
    if (kind->open)
        kind->open(screen);
}

void pages_open(struct app *app, const char *name, int at, const char *about)
{
    const struct screen_kind *kind = pages_kind(name);
    assert(kind);
    /* The last page of a matter, whatever kind of matter it was. */
    app->session.has_finished |=
        strcmp(name, "bye") == 0 || strcmp(name, "closing") == 0;
    changing_forget(app);
    holding_settle(app);
    pages_close_all(app);
    push(app, kind, at, about);
}

void pages_over(struct app *app, const char *name, const char *about)
{
    const struct screen_kind *kind = pages_kind(name);
    assert(kind);
    /* The same page is not laid over itself, nor more than a few. */
    if (pages_top(app)->kind == kind || app->depth == PAGES_MAX)
        return;
    struct screen *under = pages_top(app);
    /* Not of a page that was never seen. */
    if (under->ticket == app->painted_ticket) {
        ui_spot_free(under->spot);
        under->spot = ui_spot_new(app->ui);
    }
    push(app, kind, under->at, about);
}

/* ---- The way through an item ------------------------------------------- */

/* What may be stored already is not sent again, whichever way leads there. */
static bool may_not_send(const struct session *session, int at)
{
    return strcmp(session->item->steps[at].screen, "send") == 0 &&
           session_is_in_doubt(session, session->item);
}

static void open_step(struct app *app, int at)
{
    struct session *session = &app->session;
    session->at = at;
    session->is_begun |= strcmp(session->item->steps[at].screen, "guide") != 0;
    if (may_not_send(session, at))
        pages_open(app, "stop", at, "unsure");
    else
        pages_open(app, session->item->steps[at].screen, at, "");
}

/* The same person's card need not be laid down twice, nor is anybody checked
 * twice. */
static bool is_passed_over(const struct app *app, int at)
{
    const struct session *session = &app->session;
    const struct step *step = &session->item->steps[at];

    if (strcmp(step->screen, "check") == 0)
        return office_is_good(asking_office(app->asking));
    if (person_is_other(step))
        return person_is_known(step, session->answers);
    return person_is_card_step(step) &&
           session_knows_card(session, session->item);
}

/* Whose card it is is too young to do it alone: every item's stop, unless the
 * item says otherwise.  NULL: nobody so young. */
static const char *minor_stop(const struct step *step,
                              const struct answers *answers)
{
    const char *age =
        person_is_card_step(step) ? person_get(step, answers, "age") : NULL;

    if (step->takes_minors || !age)
        return NULL;
    if (strtol(age, NULL, 10) < AGE_CHILD)
        return "card-child";
    return strtol(age, NULL, 10) < WALK_MINOR_AGE ? "card-minor" : NULL;
}

/* The item's own stops come first: they know more. */
static bool stops_at(struct app *app, int at)
{
    const struct step *step = &app->session.item->steps[at];
    const struct stop *stop = walk_stop(step, app->session.answers);
    const char *id = stop ? stop->id : minor_stop(step, app->session.answers);

    if (!id)
        return false;
    app->session.at = at;
    pages_open(app, "stop", at, id);
    return true;
}

static int step_after(struct app *app, int at)
{
    struct session *session = &app->session;
    if (session->review >= 0) {
        int review = session->review;
        int to = tasks_resume(session->item, session->answers, review);
        if (to == review)
            session->review = -1;
        return to;
    }
    return tasks_next(session->item, session->answers, at);
}

/* A change made later can stop the matter, or ask something new, further up;
 * nobody gets past that by going back. */
static bool is_held_up(struct app *app, int at)
{
    struct session *session = &app->session;

    for (int i = 0; i < tasks_bound(session->item, at); i++)
        if (!tasks_is_apart(session->item, i, at) &&
            walk_shows(&session->item->steps[i], session->answers) &&
            stops_at(app, i))
            return true;
    int missing = tasks_resume(session->item, session->answers, at);
    if (missing == at)
        return false;
    if (session->review < 0)
        session->review = at;
    open_step(app, missing);
    return true;
}

static void go_next(struct app *app)
{
    struct session *session = &app->session;
    int at = session->at;

    assert(session->item);
    if (changing_waits(app))
        return;
    /* The answer stands in the place of what led to it. */
    screen_forget_typed(pages_top(app));
    answers_forget(session->answers, "pending");
    marks_forget(pages_top(app));
    if (at >= 0 && stops_at(app, at))
        return;
    if (changing_falls(app))
        return;
    holding_drop_over(app);
    (void)walk_drop(session->item, session->answers);
    if (at >= 0 && is_held_up(app, at))
        return;
    at = step_after(app, at);
    while ((size_t)at < session->item->step_count && is_passed_over(app, at)) {
        if (stops_at(app, at))
            return;
        at = step_after(app, at);
    }
    if ((size_t)at >= session->item->step_count) {
        pages_open(app, "bye", -1, "");
        return;
    }
    open_step(app, at);
}

static void go_home(struct app *app)
{
    app->session.review = -1;
    app->session.at = -1;
    pages_open(app, "home", -1, "");
}

void pages_step(struct app *app, int at)
{
    if ((size_t)at < app->session.item->step_count)
        open_step(app, at);
    else
        go_home(app);
}

/* A change made on the review page led to where the matter ends without a case:
 * that page must not offer to send. */
static bool is_closed_before_review(const struct session *session)
{
    int to = tasks_resume(session->item, session->answers, session->review);

    return to < session->review && walk_is_closing(&session->item->steps[to]);
}

/* To the review that a change came from, or to the step before. */
static void go_leave(struct app *app)
{
    struct session *session = &app->session;
    int review = session->review;

    if (review >= 0 && !is_closed_before_review(session)) {
        session->review = -1;
        open_step(app, review);
        return;
    }
    int at = tasks_before(session->item, session->answers, session->at);
    while (at >= 0 && is_passed_over(app, at))
        at = tasks_before(session->item, session->answers, at);
    if (at < 0)
        go_home(app);
    else
        open_step(app, at);
}

static void go_back(struct app *app)
{
    struct session *session = &app->session;

    if (app->depth > 1) {
        pop(app);
        return;
    }
    if (!session->item || session->at < 0) {
        go_home(app);
        return;
    }
    answers_forget(session->answers, "pending");
    struct screen *page = pages_top(app);
    const char *own = session->item->steps[session->at].screen;
    if (strcmp(page->kind->name, own) != 0)
        open_step(app, session->at); /* a stop or take-back page of the step */
    else
        go_leave(app);
}

static void go_step(struct app *app, const char *step_id, bool comes_back)
{
    struct session *session = &app->session;
    for (size_t i = 0; session->item && i < session->item->step_count; i++) {
        if (strcmp(session->item->steps[i].id, step_id) != 0)
            continue;
        /* Whoever came from the review goes back there. */
        if (comes_back && session->review < session->at)
            session->review = session->at;
        open_step(app, (int)i);
        return;
    }
}

static void go_item(struct app *app, const char *id, bool was_asked)
{
    const struct item *item = pack_find(app->parts.pack, id);
    if (!item)
        return;
    bool has_unsent = session_has_unsent(&app->session);
    bool is_continued = app->session.item == item && has_unsent;
    if (has_unsent && !is_continued && !was_asked) {
        pages_over(app, "end", item->id);
        return;
    }
    if (!is_continued) {
        session_start_item(&app->session, item);
        asking_wipe(app->asking);
        view_wipe(app->view);
    }
    app->session.at = -1;
    event_record(EVENT_ITEM_BEGUN, FIELD_ITEM, item->id, FIELD_END);
    go_next(app);
}

/* Whoever refused the paper has left the page that shows the receipt. */
const char *screen_end_loses(const struct screen *screen)
{
    const struct app *app = screen->app;
    const struct session *session = &app->session;

    if (session_has_unsent(session))
        return "unsent";
    return app->stack[0]->kind->shows_receipt && session->submitted.copies == 0
               ? "unprinted"
               : "";
}

void pages_ask_end(struct app *app)
{
    const char *loses = screen_end_loses(pages_top(app));

    if (*loses)
        pages_over(app, "end", loses);
    else
        app_end_session(app, "end");
}

static void go_answer_under(struct app *app, const char *choice)
{
    char id[64];

    if (app->depth < 2)
        return;
    snprintf(id, sizeof id, "%s", choice);
    pop(app);
    struct screen_event event = { .kind = SCREEN_CHOICE,
                                  .choice = id,
                                  .value = "" };
    pages_event(app, pages_top(app), &event);
}

static void carry_out(struct app *app, const struct go *go)
{
    switch (go->kind) {
    case GO_NOWHERE:
        return;
    case GO_NEXT:
        go_next(app);
        return;
    case GO_BACK:
        go_back(app);
        return;
    case GO_LEAVE:
        go_leave(app);
        return;
    case GO_CHANGE:
        go_step(app, go->name, true);
        return;
    case GO_STEP:
        go_step(app, go->name, false);
        return;
    case GO_ITEM:
        go_item(app, go->name, *go->about);
        return;
    case GO_PAGE:
        pages_open(app, go->name, app->session.at, go->about);
        return;
    case GO_OVER:
        pages_over(app, go->name, go->about);
        return;
    case GO_INSTEAD:
        if (app->depth > 1)
            pop(app);
        pages_over(app, go->name, go->about);
        return;
    case GO_CLOSE:
        if (app->depth > 1)
            pop(app);
        return;
    case GO_ANSWER_UNDER:
        go_answer_under(app, go->name);
        return;
    case GO_DECIDED:
        pop(app);
        go_next(app);
        return;
    case GO_HOME:
        go_home(app);
        return;
    case GO_BEGIN:
        app_begin_session(app);
        return;
    case GO_ASK_END:
        pages_ask_end(app);
        return;
    case GO_END:
        app_end_session(app, go->name);
        return;
    }
}

/* What a person wrote, or their card, for which there was no memory. */
static bool was_dropped(const struct screen_event *event)
{
    return event->err == ERR_TOO_BIG &&
           (event->kind == SCREEN_CARD || event->kind == SCREEN_CUT);
}

void pages_event(struct app *app, struct screen *screen,
                 const struct screen_event *event)
{
    app->go = (struct go){ .kind = GO_NOWHERE };
    app->has_no_room = was_dropped(event);
    screen->kind->event(screen, event);
    app->is_dirty = true;
    struct go go = app->go;
    /* Never without a word, whatever the page makes of it. */
    if (app->has_no_room && app->session.is_open)
        go = (struct go){ .kind = GO_PAGE, .name = "stop", .about = "no-room" };
    app->go = (struct go){ .kind = GO_NOWHERE };
    carry_out(app, &go);
    if (app->jump.step)
        app_jump(app);
}
