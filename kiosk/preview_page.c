/* What the preview of an item does to the pages: shows it at once, takes it
 * anew, jumps to a page, says at the bottom what the check found. */
#include "kiosk/app_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/item_reach.h"
#include "kiosk/preview.h"

#include <stdio.h>
#include <string.h>

static const struct item *previewed(const struct app *app)
{
    return pack_item(app->parts.pack, 0);
}

/* ---- Beginning, jumping -------------------------------------------------- */

static void begin_item(struct app *app)
{
    if (!app->session.is_open)
        app_begin_session(app);
    if (app->session.item != previewed(app))
        session_start_item(&app->session, previewed(app));
}

void app_begin_preview(struct app *app)
{
    begin_item(app);
    pages_step(app, walk_next(previewed(app), app->session.answers, -1));
}

/* What comes after the sending needs a case: it is sent (to the
 * demonstration's hub), and its result follows by itself. */
static int first_to_send(const struct app *app, int to)
{
    const struct item *item = previewed(app);

    if (app->session.submitted.state != CASE_NONE)
        return to;
    for (int i = 0; i < to; i++)
        if (strcmp(item->steps[i].screen, "send") == 0 &&
            walk_shows(&item->steps[i], app->session.answers))
            return i;
    return to;
}

/* What the office said was of whom was there before. */
static bool reach(struct app *app, int to, const struct stop *stop)
{
    struct answers *answers = app->session.answers;
    const char *number = answers_get(answers, "card_number");
    char before[32];
    int64_t now_ms = clock_wall_ms();

    snprintf(before, sizeof before, "%s", number ? number : "");
    bool is_found =
        stop ? item_reach_stop(previewed(app), to, stop, now_ms, answers)
             : item_reach(previewed(app), to, now_ms, answers);
    number = answers_get(answers, "card_number");
    if (strcmp(before, number ? number : "") != 0)
        asking_wipe(app->asking);
    mem_wipe(before, sizeof before);
    return is_found;
}

bool screen_preview_jump(struct screen *screen, const struct step *step,
                         const struct stop *stop)
{
    struct app *app = screen->app;
    const struct item *item = previewed(app);
    struct answers *answers = app->session.answers;
    int to = (int)(step - item->steps);

    begin_item(app);
    if (!reach(app, to, stop))
        return false;
    if (answers_source(answers, "card_kind") == SOURCE_CARD)
        app->session.assurance = ASSURANCE_CARD;
    app->session.review = -1;
    app->jump.step = stop ? step : &item->steps[first_to_send(app, to)];
    app->jump.stop = stop;
    return true;
}

/* The check of the person on the way there, unless it was passed; or -1. */
static int check_before(const struct app *app, int to)
{
    const struct item *item = previewed(app);

    if (office_is_good(asking_office(app->asking)))
        return -1;
    for (int i = 0; i < to; i++)
        if (strcmp(item->steps[i].screen, "check") == 0 &&
            walk_shows(&item->steps[i], app->session.answers))
            return i;
    return -1;
}

static void open_there(struct app *app, const char *page, int at,
                       const char *about)
{
    app->session.at = at;
    app->session.is_begun = true;
    pages_open(app, page, at, about);
}

/* What the office says of a person cannot be made up: the demonstration's is
 * asked, as if the staff had confirmed who it is, and the page follows.  Where it
 * ends, nobody is asked. */
void app_jump(struct app *app)
{
    int to = (int)(app->jump.step - previewed(app)->steps);
    const struct stop *stop = app->jump.stop;
    int check = stop ? -1 : check_before(app, to);

    app->jump.step = NULL;
    if (stop) {
        open_there(app, "stop", to, stop->id);
    } else if (check < 0) {
        pages_step(app, to);
    } else {
        app->session.review = to;
        open_there(app, "check", check, "staff-ok");
    }
}

/* ---- Taking it anew ------------------------------------------------------ */

static int place_of_step(const struct item *item, const char *id)
{
    const struct step *step = item_step(item, id);
    return step ? (int)(step - item->steps) : -1;
}

/* Where the page was that went away: the nearest one before it that is still
 * there and shown, or the first. */
static int nearest(const struct app *app, const struct item *before, int at)
{
    const struct item *item = previewed(app);

    for (; at >= 0; at--) {
        int there = place_of_step(item, before->steps[at].id);
        if (there >= 0 && walk_shows(&item->steps[there], app->session.answers))
            return there;
    }
    return walk_next(item, app->session.answers, -1);
}

/* The page stays as it is when its step does: what is half typed, and what is
 * laid over it.  A stop that is gone does not. */
static bool may_stay(const struct app *app, const struct step *was,
                     const struct step *now)
{
    const struct screen *page = app->stack[0];

    if (strcmp(was->id, now->id) != 0 || strcmp(was->screen, now->screen) != 0)
        return false;
    if (strcmp(page->kind->name, "stop") != 0)
        return true;
    for (size_t i = 0; i < was->stop_count; i++)
        if (strcmp(was->stops[i].id, page->about) == 0) {
            const struct stop *stop = walk_stop(now, app->session.answers);
            return stop && strcmp(stop->id, page->about) == 0;
        }
    return true; /* a stop of the terminal's own */
}

static void stay_or_go(struct app *app, const struct item *before)
{
    struct session *session = &app->session;
    int was = session->at;

    session->review = -1;
    if (was < 0 || (size_t)was >= before->step_count || app->stack[0]->at < 0) {
        session->at = -1;
        return;
    }
    int now = nearest(app, before, was);
    if ((size_t)now >= session->item->step_count ||
        !may_stay(app, &before->steps[was], &session->item->steps[now])) {
        pages_step(app, now);
        return;
    }
    session->at = now;
    for (int i = 0; i < app->depth; i++)
        if (app->stack[i]->at >= 0)
            app->stack[i]->at = now;
}

void app_take_pack(struct app *app, const struct pack *pack)
{
    struct session *session = &app->session;
    const struct item *before = session->item;
    const struct item *item = pack_item(pack, 0);

    app->parts.pack = pack;
    app->is_dirty = true;
    for (int i = 0; i < session->sent_count; i++)
        if (session->sent[i].item)
            session->sent[i].item = item;
    if (session->found_item)
        session->found_item = item;
    if (!before)
        return;
    session->item = item;
    (void)item_keep_fitting(before, item, session->answers);
    stay_or_go(app, before);
}

/* ---- What the check found ------------------------------------------------ */

size_t screen_finding_count(const struct screen *screen)
{
    const struct preview *preview = screen->app->parts.preview;
    return preview ? preview_finding_count(preview) : 0;
}

const char *screen_finding(const struct screen *screen, size_t at)
{
    const struct preview *preview = screen->app->parts.preview;
    return preview ? preview_finding(preview, at) : "";
}

bool screen_is_old_version(const struct screen *screen)
{
    const struct preview *preview = screen->app->parts.preview;
    return preview && preview_is_old(preview);
}

void app_frame_preview(struct app *app)
{
    const struct preview *preview = app->parts.preview;
    char number[16];
    struct buf text;

    if (!preview)
        return;
    size_t count = preview_finding_count(preview);
    snprintf(number, sizeof number, "%zu", count);
    const struct fill fills[] = { { "count", number },
                                  { "first", preview_headline(preview) } };
    buf_init(&text, TEXT_MAX);
    if (preview_is_old(preview))
        fill_text(&text, T(app->view, "F2 not taken: {count}  {first}"), fills,
                  2);
    else if (count > 0)
        fill_text(&text, T(app->view, "F2 findings: {count}  {first}"), fills,
                  2);
    else
        buf_add_text(&text,
                     T(app->view, "F2 nothing found  F3 pages  F10 ends"));
    view_header(app->view, "header.findings", text.text);
    buf_done(&text);
}
