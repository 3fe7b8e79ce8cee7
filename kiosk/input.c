/* What the person pressed, as ui understood it: the first press of a turn, the
 * footer's keys, and how the demonstration is left. */
#include "kiosk/app_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    FUNCTION_FINDINGS = 2,  /* F2 */
    FUNCTION_PAGES = 3,     /* F3 */
    FUNCTION_STAFF = 9,     /* F9 */
    FUNCTION_LEAVE = 10,    /* F10 */
    FUNCTION_SIMULATE = 12, /* F12 */
    FUNCTION_WITHIN_MS = 5000,
    CONTROL_C = 3,
    CONTROL_WITHIN_MS = 1000
};

/* A page that counts down begins anew: it is being read. */
static void switch_language(struct app *app, struct screen *screen)
{
    screen_switch_language(screen);
    app_post(app, &(struct queued){ .ticket = screen->ticket,
                                    .kind = SCREEN_LANGUAGE });
}

static bool press_footer(struct app *app, struct screen *screen)
{
    app->go = (struct go){ .kind = GO_NOWHERE };
    if (strcmp(app->press_id, "footer.help") == 0)
        pages_over(app, "help", "");
    else if (strcmp(app->press_id, "footer.language") == 0)
        switch_language(app, screen);
    else if (strcmp(app->press_id, "footer.large") == 0)
        screen_switch_large(screen);
    else if (strcmp(app->press_id, "footer.cover") == 0)
        pages_over(app, "cover", "");
    else if (strcmp(app->press_id, "footer.end") == 0)
        pages_ask_end(app);
    else
        return false;
    return true;
}

void app_drain_press(struct app *app)
{
    if (!app->has_press || app->depth == 0)
        return;
    app->has_press = false;
    struct screen *screen = pages_top(app);
    if (!app->was_entered && press_footer(app, screen))
        return;
    struct screen_event event = {
        .kind = app->was_entered ? SCREEN_ENTERED : SCREEN_CHOICE,
        .choice = app->press_id,
        .value = app->press_text.text,
    };
    pages_event(app, screen, &event);
    buf_clear(&app->press_text);
}

void app_on_leave_window(void *owner)
{
    struct app *app = owner;
    app->leave_presses = 0;
}

/* F10 twice, or Ctrl-C three times, each within its time; nothing else
 * between. */
static void leave_pressed(struct app *app, int key, int enough, int within_ms)
{
    if (!app->parts.is_demo)
        return;
    if (app->leave_key != key)
        app->leave_presses = 0;
    app->leave_key = key;
    if (app->parts.preview)
        enough = 1; /* nobody plays with it by chance */
    if (app->leave_presses++ == 0)
        timer_start(app->leave, within_ms);
    if (app->leave_presses >= enough)
        loop_stop(app->parts.loop);
}

static void function_pressed(struct app *app, int number)
{
    if (number == FUNCTION_LEAVE) {
        leave_pressed(app, FUNCTION_LEAVE, 2, FUNCTION_WITHIN_MS);
    } else {
        app->leave_presses = 0;
    }
    if (number == FUNCTION_STAFF && app->depth == 1 &&
        strcmp(pages_top(app)->kind->name, "attract") == 0)
        pages_open(app, "door", -1, "");
    /* Where any key goes on, it only does that; and a press that came before
     * it is the page's. */
    if (app->has_press)
        return;
    if (number == FUNCTION_SIMULATE && app->parts.is_demo)
        pages_over(app, "simulate", "");
    if (number == FUNCTION_FINDINGS && app->parts.preview)
        pages_over(app, "findings", "");
    if (number == FUNCTION_PAGES && app->parts.preview)
        pages_over(app, "item-pages", "");
}

static void on_text(void *owner, const char *text, size_t len)
{
    struct app *app = owner;
    ui_write(app->ui, text, len);
}

static void on_sign(void *owner, char sign)
{
    struct app *app = owner;
    ui_sign(app->ui, sign);
}

static void on_move(void *owner, long by)
{
    struct app *app = owner;
    ui_move_caret(app->ui, by);
}

static void on_changed(void *owner)
{
    struct app *app = owner;
    app->is_dirty = true;
}

const struct writing_events app_writing_events = { on_text, on_sign, on_move,
                                                   on_changed };

void app_on_input(void *owner, const struct ui_input *input)
{
    struct app *app = owner;
    assert(app->magic == APP_MAGIC);
    switch (input->kind) {
    case UI_TOUCHED:
        app_rest_idle(app);
        return;
    case UI_CHANGED:
        app->is_dirty = true;
        if (input->was_cut)
            app_post(app, &(struct queued){
                              .ticket = app->depth ? pages_top(app)->ticket : 0,
                              .kind = SCREEN_CUT });
        return;
    case UI_NO_ROOM:
        app_post(app, &(struct queued){
                          .ticket = app->depth ? pages_top(app)->ticket : 0,
                          .kind = SCREEN_CUT,
                          .err = ERR_TOO_BIG });
        return;
    case UI_FUNCTION:
        function_pressed(app, input->number);
        return;
    case UI_INTERRUPT:
        if (input->number == CONTROL_C)
            leave_pressed(app, CONTROL_C, 3, CONTROL_WITHIN_MS);
        return;
    case UI_WRITING:
        writing_set_empty(app->writing, input->is_empty);
        if (input->was_touched)
            writing_touch(app->writing, input->text);
        else
            writing_key(app->writing, input->text);
        return;
    case UI_PRESSED:
    case UI_ENTERED:
        if (app->has_press)
            return;
        app->has_press = true;
        app->was_entered = input->kind == UI_ENTERED;
        snprintf(app->press_id, sizeof app->press_id, "%s", input->id);
        buf_clear(&app->press_text);
        buf_add_text(&app->press_text, input->text ? input->text : "");
        return;
    }
}
