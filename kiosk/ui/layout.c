#include "kiosk/ui/layout.h"

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/plan.h"
#include "kiosk/ui/qr.h"

#include <string.h>

enum {
    SIDE_GAP = 3,
    SIDE_LEFT_COLS = 36, /* what the rest needs beside a pad or a QR */
    QR_WORDS_COLS = 24,  /* what words need beside a QR on its own turn */
};

/* ---- Primitives -------------------------------------------------------- */

struct layout *layout_new(void)
{
    return mem_new(sizeof(struct layout));
}

void layout_clear(struct layout *layout)
{
    if (layout->marks)
        mem_wipe(layout->marks, layout->mark_room * sizeof *layout->marks);
    if (layout->places)
        mem_wipe(layout->places, layout->place_room * sizeof *layout->places);
    layout->mark_count = layout->place_count = 0;
    layout->made = NULL;
    layout->is_too_small = false;
    layout->turn = layout->turns = 1;
    layout->field_turn = 0;
    layout->error_turn = 0;
    layout->caret_row = layout->caret_col = -1;
    qr_free(layout->qr);
    layout->qr = NULL;
    pool_wipe(&layout->texts);
}

void layout_free(struct layout *layout)
{
    if (!layout)
        return;
    layout_clear(layout);
    mem_free(layout->marks);
    mem_free(layout->places);
    mem_free(layout);
}

static void *grow(void *old, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return old;
    size_t more = *room ? *room * 2 : 64;
    void *grown = mem_resize(old, *room * size, more * size);
    *room = more;
    return grown;
}

static struct mark *add_mark(struct layout *layout)
{
    layout->marks = grow(layout->marks, layout->mark_count, &layout->mark_room,
                         sizeof *layout->marks);
    return &layout->marks[layout->mark_count++];
}

struct mark *layout_mark(struct layout *layout, enum mark_kind kind,
                         enum ink ink, struct area area)
{
    struct mark *mark = add_mark(layout);
    *mark = (struct mark){ .kind = kind,
                           .ink = ink,
                           .row = area.row,
                           .col = area.col,
                           .rows = area.rows,
                           .cols = area.cols };
    return mark;
}

void layout_text(struct layout *layout, const struct mark *words)
{
    struct mark *mark = add_mark(layout);
    *mark = *words;
    mark->kind = MARK_TEXT;
    mark->rows = 1;
    mark->cols = text_width_bytes(words->text, words->len);
}

struct ui_place *layout_place(struct layout *layout,
                              const struct element *element, struct area area)
{
    layout->places = grow(layout->places, layout->place_count,
                          &layout->place_room, sizeof *layout->places);
    struct ui_place *place = &layout->places[layout->place_count++];
    *place = (struct ui_place){ .element = element,
                                .row = area.row + 1,
                                .col = area.col + 1,
                                .rows = area.rows,
                                .cols = area.cols };
    return place;
}

/* ---- The page's shape -------------------------------------------------- */

/* A page with nothing to choose but "go on": the attract page, idle.warn, out
 * of service. */
static bool is_poster_kind(const struct plan *plan,
                           const struct element *element)
{
    const char *any_key = view_any_key_id(plan->view);

    switch (element->kind) {
    case ELEMENT_CHOICE:
        return any_key && strcmp(any_key, element->id) == 0;
    case ELEMENT_HEADING:
    case ELEMENT_TEXT:
    case ELEMENT_NOTICE:
        return true;
    case ELEMENT_FACT:
        return !*element->key;
    case ELEMENT_LIST:
    case ELEMENT_FIELD:
    case ELEMENT_KEYS:
    case ELEMENT_CANDIDATES:
    case ELEMENT_PROGRESS:
    case ELEMENT_QR:
    case ELEMENT_KIND_COUNT:
        break;
    }
    return false;
}

static void sort_elements(struct plan *plan)
{
    size_t count = view_count(plan->view);

    plan->body =
        pool_new(&plan->layout->texts, (count + 1) * sizeof(struct element *));
    plan->body_count = 0;
    plan->is_poster = true;
    for (size_t i = 0; i < count; i++) {
        const struct element *element = view_element(plan->view, i);
        if (element->is_footer)
            plan->has_footer = true;
        if (element->typing != TYPING_NONE)
            plan->is_typing = true;
        if (element->is_composed)
            plan->is_composed = true;
        if (element->is_footer || element->is_header)
            continue;
        if (!is_poster_kind(plan, element))
            plan->is_poster = false;
        plan->body[plan->body_count++] = element;
    }
    if (plan->has_footer)
        plan->is_poster = false;
}

static void take_from_body(struct plan *plan, const struct element *element)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->body_count; i++)
        if (plan->body[i] != element)
            plan->body[kept++] = plan->body[i];
    plan->body_count = kept;
}

static const struct element *find_kind(const struct plan *plan,
                                       enum element_kind kind)
{
    for (size_t i = 0; i < plan->body_count; i++)
        if (plan->body[i]->kind == kind)
            return plan->body[i];
    return NULL;
}

static void set_side(struct plan *plan, const struct element *element, int cols)
{
    plan->side = element;
    plan->side_cols = cols;
    plan->side_col = plan->left + plan->width - 1 - cols;
    plan->text_cols = plan->side_col - SIDE_GAP - plan->text_col;
    plan->wide_cols = plan->side_col - SIDE_GAP - plan->wide_col;
    take_from_body(plan, element);
}

static void set_foot(struct plan *plan, const struct element *pad)
{
    int rows = pad_rows(plan, pad);

    plan->foot = pad;
    plan->foot_row = plan->body_row + plan->body_rows - rows;
    plan->body_rows -= rows;
    take_from_body(plan, pad);
}

static bool qr_try(struct plan *plan, const struct element *element,
                   bool is_low, int rows, int cols)
{
    struct qr *qr = qr_new(element->value ? element->value : "", is_low);

    qr_free(plan->layout->qr);
    plan->layout->qr = qr;
    return qr && qr_rows(qr) <= rows && qr_cols(qr) <= cols;
}

static bool qr_fits(struct plan *plan, const struct element *element, int rows,
                    int cols)
{
    return qr_try(plan, element, false, rows, cols) ||
           qr_try(plan, element, true, rows, cols);
}

/* A QR stands beside the rest, else alone, else only on the slip.  Alone stand
 * its words, too, until the letters have become smaller. */
static void settle_qr(struct plan *plan, const struct element *element)
{
    int beside_cols = plan->text_cols - SIDE_GAP - SIDE_LEFT_COLS;
    int alone_rows = plan->ask->rows - 2; /* its words, the footer */

    if (plan->is_big && !plan->side &&
        qr_fits(plan, element, plan->body_rows - 1, beside_cols)) {
        set_side(plan, element, qr_cols(plan->layout->qr));
        return;
    }
    if (plan->ask->cols > QR_WORDS_COLS &&
        qr_fits(plan, element, plan->ask->rows - 1,
                plan->ask->cols - QR_WORDS_COLS))
        plan->qr_alone = element;
    else if (qr_fits(plan, element, alone_rows, plan->ask->cols))
        plan->qr_alone = element;
    if (plan->qr_alone) {
        take_from_body(plan, element);
        return;
    }
    plan->qr_missing = element;
    qr_free(plan->layout->qr);
    plan->layout->qr = NULL;
    if (plan->ask->has_smaller) {
        plan->qr_alone = element;
        take_from_body(plan, element);
    }
}

static void settle_sides(struct plan *plan)
{
    const struct element *pad = find_kind(plan, ELEMENT_KEYS);
    const struct element *qr = find_kind(plan, ELEMENT_QR);

    if (pad && plan->is_composed && !(plan->is_big && pad_is_narrow(pad)))
        set_foot(plan, pad);
    else if (plan->is_big && pad && pad_is_narrow(pad))
        set_side(plan, pad, PAD_COLUMNS * (PAD_KEY_COLS + 1) - 1);
    if (qr)
        settle_qr(plan, qr);
}

static void show_words(struct plan *plan)
{
    plan->shown = pool_new(&plan->layout->texts,
                           (plan->body_count + 1) * sizeof *plan->shown);
    for (size_t i = 0; i < plan->body_count; i++) {
        const struct element *element = plan->body[i];
        plan->shown[i] = (struct shown){
            .text = plan_shown(plan, element->text),
            .value = plan_shown(plan, element->value ? element->value : ""),
            .note = plan_shown(plan, element->note ? element->note : ""),
        };
    }
}

static void arrange(struct plan *plan)
{
    sort_elements(plan);
    surround_measure(plan);
    settle_sides(plan);
    show_words(plan);
    turns_find(plan);
}

/* ---- Drawing ----------------------------------------------------------- */

/* A turning page needs keys to turn it, also where the view names none. */
static void make_turn_keys(struct plan *plan)
{
    struct layout *layout = plan->layout;
    bool has_go = false, has_back = false;

    for (size_t i = 0; i < view_count(plan->view); i++) {
        const struct element *element = view_element(plan->view, i);
        has_go = has_go || (element->is_footer && *element->key == '#');
        has_back = has_back || (element->is_footer && *element->key == '*');
    }
    /* Where any key goes on, none is left to turn by. */
    if (layout->turns == 1 || (has_go && has_back) ||
        view_any_key_id(plan->view))
        return;
    layout->made = pool_new(&layout->texts, 2 * sizeof *layout->made);
    struct element go = { .kind = ELEMENT_CHOICE,
                          .id = "footer.go",
                          .text = "",
                          .key = "#",
                          .is_footer = true };
    struct element back = go;
    back.id = "footer.back";
    back.key = "*";
    back.text = T(plan->view, "Back");
    if (!has_go && layout->turn < layout->turns)
        layout->made[0] = go;
    if (!has_back && layout->turn > 1)
        layout->made[1] = back;
}

static void draw_qr_turn(struct plan *plan)
{
    struct layout *layout = plan->layout;
    const struct element *element = plan->qr_alone;
    int rows = qr_rows(layout->qr), cols = qr_cols(layout->qr);
    bool is_beside = plan->ask->cols - cols >= QR_WORDS_COLS;
    int left = is_beside ? 0 : (plan->ask->cols - cols) / 2;
    struct unit unit = { .kind = UNIT_LINES, .element = element };

    layout_mark(layout, MARK_QR, INK_QR, (struct area){ 0, left, rows, cols });
    plan->text_col = is_beside ? cols + 2 : 0;
    plan->text_cols = plan->ask->cols - plan->text_col - (is_beside ? 1 : 0);
    unit.text = plan_shown(plan, element->text);
    unit.rows = plan_lines(unit.text, plan->text_cols);
    int room = plan->ask->rows - 1 - (is_beside ? 2 : rows);
    plan->units[0] = unit;
    struct slot slot = { .rows = unit.rows < room ? unit.rows : room };
    draw_slot(plan, &slot, is_beside ? 2 : rows);
    footer_draw_row(plan, plan->ask->rows - 1);
}

static bool is_qr_turn(const struct plan *plan)
{
    return plan->qr_alone && plan->layout->turn == plan->layout->turns;
}

static bool is_qr_here(const struct plan *plan)
{
    if (plan->side && plan->side->kind == ELEMENT_QR)
        return true;
    for (size_t i = 0; i < plan->slot_count; i++)
        if (plan->units[plan->slots[i].unit].element == plan->qr_missing &&
            plan->qr_missing && plan->slots[i].turn == plan->layout->turn)
            return true;
    return is_qr_turn(plan);
}

static void draw_missing_turn(struct plan *plan)
{
    const char *text = plan_shown(plan, plan->qr_alone->missing);
    int rows = plan_lines(text, plan->text_cols);

    plan->units[0] = (struct unit){ .kind = UNIT_LINES,
                                    .element = plan->qr_alone,
                                    .text = text,
                                    .rows = rows };
    if (rows > plan->body_rows)
        rows = plan->body_rows;
    surround_draw(plan);
    draw_slot(plan, &(struct slot){ .rows = rows }, plan->body_row);
    if (plan->has_footer)
        footer_draw(plan);
}

/* Posters stand in the middle of their body. */
static int top_of(const struct plan *plan)
{
    int used = 0;

    if (!plan->is_poster || plan->turns > 1)
        return plan->body_row;
    for (size_t i = 0; i < plan->slot_count; i++)
        if (plan->slots[i].row + plan->slots[i].rows > used)
            used = plan->slots[i].row + plan->slots[i].rows;
    return plan->body_row + (plan->body_rows - used) / 2;
}

static void draw(struct plan *plan)
{
    struct layout *layout = plan->layout;

    make_turn_keys(plan);
    if (is_qr_turn(plan)) {
        if (plan->unit_count == 0)
            (void)plan_add_unit(plan, UNIT_LINES, plan->qr_alone);
        if (layout->qr)
            draw_qr_turn(plan);
        else
            draw_missing_turn(plan);
        return;
    }
    surround_draw(plan);
    for (size_t i = 0; i < plan->slot_count; i++)
        if (plan->slots[i].turn == layout->turn)
            draw_slot(plan, &plan->slots[i], top_of(plan));
    if (plan->side)
        draw_side(plan);
    if (plan->foot)
        draw_foot(plan);
    /* Last, as it is read: places are told and walked through in this order. */
    if (plan->has_footer)
        footer_draw(plan);
}

static bool is_error(const struct element *element)
{
    return element->kind == ELEMENT_NOTICE && element->tone == TONE_ERROR;
}

static void find_turns(struct plan *plan)
{
    struct layout *layout = plan->layout;

    for (size_t i = 0; i < plan->slot_count; i++) {
        const struct slot *slot = &plan->slots[i];
        const struct element *element = plan->units[slot->unit].element;
        if (element_is_written(element))
            layout->field_turn = slot->turn;
        if (is_error(element) && layout->error_turn == 0)
            layout->error_turn = slot->turn;
    }
}

static void say_too_small(struct layout *layout)
{
    const char *lines[] = { "窗口太小", "window too small",
                            pool_format(&layout->texts, "need %dx%d, is %dx%d",
                                        LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN,
                                        layout->cols, layout->rows) };
    int row = layout->rows > 3 ? (layout->rows - 3) / 2 : 0;

    for (int i = 0; i < 3 && row + i < layout->rows; i++) {
        size_t len = text_fit(lines[i], layout->cols);
        int width = text_width_bytes(lines[i], len);
        layout_text(layout, &(struct mark){ .ink = INK_PLAIN,
                                            .row = row + i,
                                            .col = (layout->cols - width) / 2,
                                            .text = lines[i],
                                            .len = len });
    }
}

void layout_make(struct layout *layout, const struct layout_ask *ask)
{
    struct plan plan = { .layout = layout, .ask = ask, .view = ask->view };

    layout_clear(layout);
    layout->rows = ask->rows;
    layout->cols = ask->cols;
    if (ask->rows < LAYOUT_ROWS_MIN || ask->cols < LAYOUT_COLS_MIN) {
        layout->is_too_small = true;
        say_too_small(layout);
        return;
    }
    arrange(&plan);
    if (plan.turns + (plan.qr_alone ? 1 : 0) > 1 && !plan.has_footer) {
        plan.has_footer = true; /* its keys turn: measured once more */
        plan = (struct plan){
            .layout = layout, .ask = ask, .view = ask->view, .has_footer = true
        };
        arrange(&plan);
    }
    layout->turns = plan.turns + (plan.qr_alone ? 1 : 0);
    layout->turn = turns_at(&plan);
    turns_note_anchor(&plan);
    find_turns(&plan);
    layout->is_qr_here = is_qr_here(&plan);
    draw(&plan);
}
