#include "kiosk/ui/ui.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/ui_state.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- What is told ------------------------------------------------------ */

void ui_send(struct ui *ui, const struct ui_input *input)
{
    ui->on_input(ui->owner, input);
}

void ui_changed(struct ui *ui, bool was_cut)
{
    struct ui_input input = { .kind = UI_CHANGED, .was_cut = was_cut };
    ui_send(ui, &input);
}

bool ui_is_alive(const struct ui *ui)
{
    return ui->view && view_generation(ui->view) == ui->generation;
}

void ui_begin_turn(struct ui *ui, int turn)
{
    ui->turn = turn;
    ui->anchor = (struct layout_anchor){ 0 };
    ui->page_ms = clock_monotonic_ms();
    ui->has_moved = false;
    ui->is_touching = false;
    ui->focus = (struct target){ 0 };
    ui_changed(ui, false);
}

/* ---- Reading ----------------------------------------------------------- */

static void on_key(void *owner, const struct key *key)
{
    struct ui *ui = owner;
    assert(ui->magic == UI_MAGIC);
    struct ui_input touched = { .kind = UI_TOUCHED };
    ui_send(ui, &touched);
    press_key(ui, key);
}

static void await_silence(struct ui *ui)
{
    int wait_ms = keys_wait_ms(ui->keys);
    if (wait_ms > 0)
        timer_start(ui->silence, wait_ms);
    else
        timer_stop(ui->silence);
}

static void on_silence(void *owner)
{
    struct ui *ui = owner;
    assert(ui->magic == UI_MAGIC);
    ui->has_pressed = false;
    keys_time_is_up(ui->keys);
    await_silence(ui);
}

void ui_feed(struct ui *ui, const char *bytes, size_t len)
{
    assert(ui->magic == UI_MAGIC);
    ui->has_pressed = false;
    keys_feed(ui->keys, bytes, len);
    await_silence(ui);
}

/* A terminal that is gone stays readable for ever: it is not watched any more,
 * and whoever runs us ends the program. */
static void on_readable(void *owner, int events)
{
    struct ui *ui = owner;
    char bytes[UI_READ_BYTES];

    assert(ui->magic == UI_MAGIC);
    (void)events;
    /* One read after each call to it: with bytes there it does not wait, and
     * O_NONBLOCK would turn the writing side non-blocking as well. */
    ssize_t len = read(ui->fd_in, bytes, sizeof bytes);
    if (len < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (len <= 0) {
        watch_set(ui->watch, 0);
        return;
    }
    ui_feed(ui, bytes, (size_t)len);
    mem_wipe(bytes, sizeof bytes);
}

static void on_resized(void *owner, int number)
{
    (void)number;
    ui_resize(owner);
}

/* ---- Opening and closing ----------------------------------------------- */

enum err ui_open(struct loop *loop, int fd_in, int fd_out, const char *term,
                 ui_input_fn on_input, void *owner, struct ui **ret_ui)
{
    struct paint *paint = NULL;
    enum err err = paint_open(fd_in, fd_out, term, &paint);

    if (err)
        return err;
    struct ui *ui = mem_new(sizeof *ui);
    ui->magic = UI_MAGIC;
    ui->loop = loop;
    ui->fd_in = fd_in;
    ui->on_input = on_input;
    ui->owner = owner;
    ui->paint = paint;
    ui->turn = 1;
    ui->layout = layout_new();
    ui->large = large_new(loop, paint);
    ui->keys = keys_new(on_key, ui);
    ui->silence = timer_new(loop, "ui silence", on_silence, ui);
    ui->resized = signal_new(loop, SIGWINCH, on_resized, ui);
    if (fd_in >= 0) {
        ui->watch = watch_new(loop, "ui keys", fd_in, on_readable, ui);
        if (!ui->watch) {
            ui_close(ui);
            return ERR_NO_DEVICE;
        }
        watch_set(ui->watch, LOOP_READ);
    }
    *ret_ui = ui;
    return ERR_OK;
}

void ui_close(struct ui *ui)
{
    if (!ui)
        return;
    signal_free(ui->resized);
    watch_free(ui->watch);
    timer_free(ui->silence);
    keys_free(ui->keys);
    layout_free(ui->layout);
    large_free(ui->large);
    paint_close(ui->paint);
    mem_free(ui);
}

/* ---- Painting ---------------------------------------------------------- */

static void copy_name(char *to, const char *from)
{
    (void)snprintf(to, UI_ID_MAX, "%s", from ? from : "");
}

static const char *row_of(const struct ui_place *place)
{
    if (place->row_value)
        return place->row_value;
    return place->element->kind == ELEMENT_KEYS ? place->row_key : "";
}

struct target ui_target_of(const struct ui_place *place)
{
    struct target target;

    copy_name(target.id, place->element->id);
    copy_name(target.row, row_of(place));
    return target;
}

/* Long ones are kept without their end. */
static bool is_name(const char kept[UI_ID_MAX], const char *name)
{
    return strncmp(kept, name ? name : "", UI_ID_MAX - 1) == 0;
}

bool ui_is_target(const struct target *target, const struct ui_place *place)
{
    return target->id[0] && is_name(target->id, place->element->id) &&
           is_name(target->row, row_of(place));
}

int ui_focus_at(const struct ui *ui)
{
    for (size_t i = 0; i < ui->layout->place_count; i++) {
        const struct ui_place *place = &ui->layout->places[i];
        if (place->can_press && ui_is_target(&ui->focus, place))
            return (int)i;
    }
    return -1;
}

/* The field; else what was chosen; else the first thing to press, where the
 * body comes before the footer. */
static int first_focus(const struct ui *ui)
{
    int best = -1, best_worth = 0;

    for (size_t i = 0; i < ui->layout->place_count; i++) {
        const struct ui_place *place = &ui->layout->places[i];
        const struct element *element = place->element;
        bool is_go = element->is_footer && *element->key == '#';
        int worth = !place->can_press               ? 0
                    : element_is_written(element)   ? 6
                    : element->is_footer            ? (is_go ? 2 : 1)
                    : element->kind == ELEMENT_KEYS ? 3
                    : place->is_chosen              ? 5
                                                    : 4;
        if (worth > best_worth) {
            best = (int)i;
            best_worth = worth;
        }
    }
    return best;
}

static void settle_focus(struct ui *ui)
{
    int at = ui_focus_at(ui);

    if (at < 0) {
        at = first_focus(ui);
        ui->has_moved = false;
        ui->focus = (struct target){ 0 };
        if (at >= 0)
            ui->focus = ui_target_of(&ui->layout->places[at]);
    }
    if (at >= 0)
        ui->layout->places[at].is_focus = true;
}

const struct element *ui_field(const struct ui *ui)
{
    if (!ui_is_alive(ui))
        return NULL;
    for (size_t i = 0; i < view_count(ui->view); i++) {
        const struct element *element = view_element(ui->view, i);
        if (element_is_written(element))
            return element;
    }
    return NULL;
}

struct typed *ui_typed(const struct ui *ui)
{
    const struct element *field = ui_field(ui);
    if (!field)
        return NULL;
    return typed_find(view_typed_set(ui->view), view_scope(ui->view),
                      field->id);
}

static void lay_out(struct ui *ui)
{
    const struct typed *typed = ui_typed(ui);
    struct layout_ask ask = {
        .view = ui->view,
        .turn = ui->turn,
        .anchor = &ui->anchor,
        .pending = ui->pending,
        .caret = typed ? typed->caret : (size_t)-1,
        .has_smaller = large_has_smaller(ui->large),
    };

    paint_size(ui->paint, &ask.rows, &ask.cols);
    const struct element *field = ui_field(ui);
    if (!typed && field)
        ask.caret = text_count(field->value);
    layout_make(ui->layout, &ask);
    ui->turn = ui->layout->turn;
    /* Kept until the person turns: languages and sizes may come and go. */
    if (!*ui->anchor.id && ui->turn > 1)
        ui->anchor = ui->layout->anchor;
}

static void show(struct ui *ui)
{
    struct paint_focus focus = { .place = ui_focus_at(ui),
                                 .is_marked = ui->has_moved };

    if (focus.place >= 0)
        focus.at_caret =
            element_is_written(ui->layout->places[focus.place].element);
    paint_show(ui->paint, ui->layout, &focus);
}

/* In a small window what is not right may stand on another turn than the
 * field: the person reads it first, and is back at the field by typing. */
static void turn_to_error(struct ui *ui)
{
    int turn = ui->layout->error_turn;

    if (turn == 0 || turn == ui->turn)
        return;
    ui->turn = turn;
    ui->anchor = (struct layout_anchor){ 0 };
    ui->page_ms = clock_monotonic_ms();
    lay_out(ui);
}

static void begin_page(struct ui *ui)
{
    ui->turn = 1;
    ui->anchor = (struct layout_anchor){ 0 };
    ui->page_ms = clock_monotonic_ms();
    ui->focus = (struct target){ 0 };
    ui->has_moved = false;
    ui->is_touching = false;
    ui->pending[0] = '\0';
    ui->stars = 0;
}

static void paint_page(struct ui *ui, struct view *view, bool may_turn)
{
    ui->view = view;
    ui->generation = view_generation(view);
    lay_out(ui);
    if (ui->has_entered && may_turn)
        turn_to_error(ui);
    ui->has_entered = false;
    large_make_room(ui->large, ui->layout->is_qr_here);
    settle_focus(ui);
    show(ui);
}

void ui_paint(struct ui *ui, struct view *view, bool is_new_page)
{
    assert(ui->magic == UI_MAGIC);
    if (is_new_page)
        begin_page(ui);
    paint_page(ui, view, !is_new_page);
}

/* ---- A page that is left and comes back --------------------------------- */

struct ui_spot {
    int turn;
    struct layout_anchor anchor;
    struct target focus;
    bool has_moved;
};

struct ui_spot *ui_spot_new(const struct ui *ui)
{
    struct ui_spot *spot = mem_new(sizeof *spot);

    *spot = (struct ui_spot){ .turn = ui->turn,
                              .anchor = ui->anchor,
                              .focus = ui->focus,
                              .has_moved = ui->has_moved };
    return spot;
}

void ui_spot_free(struct ui_spot *spot)
{
    mem_free(spot);
}

void ui_paint_again(struct ui *ui, struct view *view,
                    const struct ui_spot *spot)
{
    assert(ui->magic == UI_MAGIC);
    begin_page(ui);
    ui->turn = spot->turn;
    ui->anchor = spot->anchor;
    ui->focus = spot->focus;
    ui->has_moved = spot->has_moved;
    paint_page(ui, view, false);
}

void ui_redraw(struct ui *ui)
{
    paint_forget(ui->paint);
    if (ui_is_alive(ui))
        show(ui);
}

void ui_resize(struct ui *ui)
{
    assert(ui->magic == UI_MAGIC);
    paint_measure(ui->paint);
    ui->is_touching = false;
    if (large_on_size(ui->large))
        ui->page_ms = clock_monotonic_ms();
    ui_changed(ui, false);
}

void ui_pretend_size(struct ui *ui, int rows, int cols)
{
    paint_pretend_size(ui->paint, rows, cols);
    ui_resize(ui);
}

void ui_size(const struct ui *ui, int *ret_rows, int *ret_cols)
{
    paint_size(ui->paint, ret_rows, ret_cols);
}

void ui_set_theme(struct ui *ui, enum ui_theme theme)
{
    paint_set_theme(ui->paint, theme);
}

void ui_try_large(struct ui *ui, const struct ui_letters *letters)
{
    large_begin(ui->large, letters);
}

int ui_large_levels(const struct ui *ui)
{
    return large_levels(ui->large);
}

int ui_large(const struct ui *ui)
{
    return large_level(ui->large);
}

void ui_set_large(struct ui *ui, int level)
{
    large_set(ui->large, level);
}

size_t ui_place_count(const struct ui *ui)
{
    return ui_is_alive(ui) ? ui->layout->place_count : 0;
}

const struct ui_place *ui_place(const struct ui *ui, size_t at)
{
    assert(at < ui_place_count(ui));
    return &ui->layout->places[at];
}

int ui_turn(const struct ui *ui, int *ret_turns)
{
    *ret_turns = ui->layout->turns;
    return ui->layout->turn;
}

const char *ui_pending(const struct ui *ui)
{
    return ui_is_alive(ui) ? ui->pending : "";
}

void ui_forget(struct ui *ui)
{
    keys_clear(ui->keys);
    timer_stop(ui->silence);
    layout_clear(ui->layout);
    ui->view = NULL; /* the layout has nothing of it any more */
    mem_wipe(&ui->focus, sizeof ui->focus);
    mem_wipe(&ui->touched, sizeof ui->touched);
    mem_wipe(&ui->anchor, sizeof ui->anchor);
    ui->is_touching = ui->has_moved = false;
    mem_wipe(ui->pending, sizeof ui->pending);
    paint_wipe(ui->paint);
}

void ui_bell(struct ui *ui)
{
    paint_bell(ui->paint);
}
