/* From measured units to marks and places. */
#include "kiosk/ui/plan.h"

#include "kiosk/base/text.h"
#include "kiosk/ui/draw_field.h"
#include "kiosk/ui/qr.h"

#include <string.h>

/* ---- Lines of words ---------------------------------------------------- */

/* Writes wrapped lines, of which only some stand on this turn. */
struct pen {
    struct layout *layout;
    enum ink ink;
    int row, col, cols;
    int skip, left; /* lines still to skip, and to write */
    int place;
    bool is_centred;
    int end_col; /* behind the last line written */
};

static void on_line(void *owner, const char *line, size_t len)
{
    struct pen *pen = owner;

    if (pen->skip > 0) {
        pen->skip--;
        return;
    }
    if (pen->left <= 0)
        return;
    int width = text_width_bytes(line, len);
    int indent = pen->is_centred ? (pen->cols - width) / 2 : 0;
    if (len > 0)
        layout_text(pen->layout, pen->ink, pen->row, pen->col + indent, line,
                    len, pen->place);
    pen->end_col = pen->col + indent + width;
    pen->row++;
    pen->left--;
}

/* The rows written. */
static int write_lines(struct pen *pen, const char *text)
{
    int row = pen->row;

    if (*text)
        text_wrap(text, pen->cols < 1 ? 1 : pen->cols, on_line, pen);
    return pen->row - row;
}

static struct pen pen_for(struct plan *plan, enum ink ink, int row, int col,
                          int cols)
{
    return (struct pen){ .layout = plan->layout,
                         .ink = ink,
                         .row = row,
                         .col = col,
                         .cols = cols,
                         .left = plan->ask->rows,
                         .place = -1,
                         .end_col = col };
}

static enum ink notice_ink(enum tone tone)
{
    switch (tone) {
    case TONE_PLAIN:
        return INK_PLAIN;
    case TONE_GOOD:
        return INK_GOOD;
    case TONE_WARN:
        return INK_WARN;
    case TONE_ERROR:
        return INK_ERROR;
    }
    return INK_PLAIN;
}

/* The colour fills the lines from side to side; "!" says the same without
 * colour. */
static void draw_notice(struct plan *plan, const struct unit *unit,
                        const struct slot *slot, int row)
{
    enum tone tone = unit->element->tone;
    enum ink ink = notice_ink(tone);
    struct pen pen =
        pen_for(plan, ink, row, plan->text_col + 2, plan->text_cols - 3);

    if (tone == TONE_PLAIN)
        layout_mark(plan->layout, MARK_FILL, INK_BAR, row, plan->text_col,
                    slot->rows, 1);
    else
        layout_mark(plan->layout, MARK_FILL, ink, row, plan->text_col,
                    slot->rows, plan->text_cols);
    if (tone >= TONE_WARN && slot->first == 0)
        layout_text(plan->layout, ink, row, plan->text_col, "!", 1, -1);
    pen.skip = slot->first;
    pen.left = slot->rows;
    write_lines(&pen, unit->text);
    layout_place(plan->layout, unit->element, row, plan->text_col, slot->rows,
                 plan->text_cols);
}

/* What a poster asks for, over the whole width. */
static void draw_call(struct plan *plan, const struct unit *unit, int row)
{
    int margin = plan->is_big ? 1 : 0;
    struct pen pen =
        pen_for(plan, INK_CALL, row + margin, plan->text_col, plan->text_cols);

    pen.is_centred = true;
    layout_mark(plan->layout, MARK_FILL, INK_CALL, row, plan->left, unit->rows,
                plan->width);
    write_lines(&pen, unit->text);
    layout_place(plan->layout, unit->element, row, plan->left, unit->rows,
                 plan->width);
}

static void draw_words(struct plan *plan, const struct unit *unit,
                       const struct slot *slot, int row)
{
    enum element_kind kind = unit->element->kind;
    bool is_heading = kind == ELEMENT_HEADING;
    int col = is_heading ? plan->wide_col : plan->text_col;
    int cols = is_heading ? plan->wide_cols : plan->text_cols;

    if (kind == ELEMENT_NOTICE) {
        if (plan->is_poster)
            draw_call(plan, unit, row);
        else
            draw_notice(plan, unit, slot, row);
        return;
    }
    struct pen pen =
        pen_for(plan, is_heading ? INK_HEADING : INK_PLAIN, row, col, cols);
    pen.skip = slot->first;
    pen.left = slot->rows;
    pen.is_centred = plan->is_poster;
    write_lines(&pen, unit->text);
    layout_place(plan->layout, unit->element, row, col, slot->rows, cols);
}

/* ---- Facts and progress ------------------------------------------------ */

/* On a poster the facts stand in the middle, as one block. */
static int facts_indent(const struct plan *plan, const struct unit *unit)
{
    int widest = 0;

    if (!plan->is_poster)
        return 0;
    for (size_t i = 0; i < plan->body_count; i++) {
        if (plan->body[i]->kind != ELEMENT_FACT)
            continue;
        int width = text_width(plan->shown[i].value);
        if (width > widest)
            widest = width;
    }
    int block = unit->label_cols + 2 + widest;
    return block < plan->text_cols ? (plan->text_cols - block) / 2 : 0;
}

static void draw_fact(struct plan *plan, const struct unit *unit,
                      const struct slot *slot, int row)
{
    int col = plan->text_col + facts_indent(plan, unit);
    int value_col = col + unit->label_cols + (unit->label_cols ? 2 : 0);
    struct pen label = pen_for(plan, INK_LABEL, row, col, unit->label_cols);
    struct pen value = pen_for(plan, INK_PLAIN, row, value_col,
                               plan->text_cols - unit->label_cols - 2);

    label.skip = value.skip = slot->first;
    label.left = value.left = slot->rows;
    write_lines(&label, unit->element->text);
    write_lines(&value, unit->text);
    layout_place(plan->layout, unit->element, row, col, slot->rows,
                 plan->text_cols - (col - plan->text_col));
}

static void draw_large(struct plan *plan, const struct unit *unit,
                       const struct slot *slot, int row)
{
    int labels = plan_lines(unit->element->text, plan->text_cols);
    struct pen pen =
        pen_for(plan, INK_LABEL, row, plan->text_col, plan->text_cols);

    pen.skip = slot->first;
    pen.left =
        slot->rows < labels - slot->first ? slot->rows : labels - slot->first;
    int rows = write_lines(&pen, unit->element->text);
    if (slot->rows > rows) {
        int width = text_width(unit->text) + 4;
        if (width > plan->text_cols)
            width = plan->text_cols;
        layout_mark(plan->layout, MARK_FILL, INK_LARGE, row + rows,
                    plan->text_col, slot->rows - rows, width);
        pen = pen_for(plan, INK_LARGE, row + rows, plan->text_col + 2,
                      plan->text_cols - 4);
        pen.skip = slot->first > labels ? slot->first - labels : 0;
        pen.left = slot->rows - rows;
        write_lines(&pen, unit->text);
    }
    layout_place(plan->layout, unit->element, row, plan->text_col, slot->rows,
                 plan->text_cols);
}

static void draw_progress(struct plan *plan, const struct unit *unit, int row)
{
    const struct element *element = unit->element;
    struct layout *layout = plan->layout;
    struct pen pen =
        pen_for(plan, INK_PLAIN, row, plan->text_col, plan->text_cols);
    int rows = write_lines(&pen, unit->text);

    layout_place(layout, element, row, plan->text_col, unit->rows,
                 plan->text_cols);
    if (element->total == 0)
        return;
    row += rows;
    int words = text_width(element->value) + 1;
    int inner = plan->text_cols - words - 2;
    inner = inner > 40 ? 40 : inner;
    int done = (int)(element->done * (size_t)inner / element->total);
    layout_text(layout, INK_PLAIN, row, plan->text_col, "[", 1, -1);
    for (int i = 0; i < done; i++)
        layout_text(layout, INK_BAR, row, plan->text_col + 1 + i, "=", 1, -1);
    layout_text(layout, INK_PLAIN, row, plan->text_col + 1 + inner, "]", 1, -1);
    layout_text(layout, INK_PLAIN, row, plan->text_col + inner + 3,
                element->value, strlen(element->value), -1);
}

/* ---- Cells ------------------------------------------------------------- */

static int place_cell(struct plan *plan, const struct cell *cell, int row,
                      int col, int rows, int cols)
{
    struct ui_place *place =
        layout_place(plan->layout, cell->element, row, col, rows, cols);

    place->row_value = cell->value;
    place->row_text = cell->value ? cell->text : NULL;
    place->row_key = cell->key;
    place->is_chosen = cell->is_chosen;
    place->can_press = !cell->is_off;
    return (int)(plan->layout->place_count - 1);
}

/* 【已选】: behind the words, or where they leave no room on the frame. */
static void draw_chosen(struct plan *plan, const struct pen *words, int row,
                        int right_col)
{
    const char *mark = T(plan->view, "[chosen]");
    int width = text_width(mark);
    bool is_inside = words->end_col + 1 + width <= right_col - 2;

    layout_text(plan->layout, INK_CHOSEN, is_inside ? row + 1 : row,
                right_col - 2 - width, mark, strlen(mark), words->place);
}

/* Of a fact that can be pressed. */
static void write_label(struct plan *plan, const struct grid *grid,
                        const struct cell *cell, enum ink ink, int place,
                        int row, int col, int rows)
{
    struct pen pen = pen_for(plan, ink, row, col, grid->label_cols - 2);

    pen.place = place;
    pen.left = rows;
    write_lines(&pen, cell->label);
}

static void draw_box(struct plan *plan, const struct grid *grid,
                     const struct cell *cell, int row, int col, int rows)
{
    enum ink ink = cell->is_off      ? INK_OFF
                   : cell->is_chosen ? INK_CHOSEN
                                     : INK_CHOICE;
    enum ink note_ink = ink == INK_CHOICE ? INK_CHOICE_NOTE : ink;
    int place = place_cell(plan, cell, row, col, rows, grid->cell_cols);
    int inner = grid->cell_cols - BOX_SIDES - grid->key_cols - grid->label_cols;

    layout_mark(plan->layout, MARK_BOX, ink, row, col, rows, grid->cell_cols)
        ->place = place;
    if (*cell->key)
        layout_text(plan->layout, ink == INK_CHOICE ? INK_CHOICE_KEY : ink,
                    row + 1, col + 2, cell->key, strlen(cell->key), place);
    col += 2 + grid->key_cols;
    write_label(plan, grid, cell, note_ink, place, row + 1, col, rows - 2);
    struct pen pen = pen_for(plan, ink, row + 1, col + grid->label_cols, inner);
    pen.place = place;
    pen.left = rows - 2;
    write_lines(&pen, cell->text);
    struct pen words = pen;
    pen.ink = note_ink;
    write_lines(&pen, cell->note);
    if (cell->is_chosen)
        draw_chosen(plan, &words, row,
                    col - 2 - grid->key_cols + grid->cell_cols);
}

static void draw_line(struct plan *plan, const struct grid *grid,
                      const struct cell *cell, int row, int col, int rows)
{
    enum ink ink = cell->is_off      ? INK_OFF
                   : cell->is_chosen ? INK_CHOSEN
                                     : INK_CHOICE;
    int place = place_cell(plan, cell, row, col, rows, grid->cell_cols);

    layout_mark(plan->layout, MARK_FILL, ink, row, col, rows, grid->cell_cols)
        ->place = place;
    if (*cell->key)
        layout_text(plan->layout, ink == INK_CHOICE ? INK_CHOICE_KEY : ink, row,
                    col + 1, cell->key, strlen(cell->key), place);
    col += 1 + grid->key_cols;
    write_label(plan, grid, cell, ink == INK_CHOICE ? INK_CHOICE_NOTE : ink,
                place, row, col, rows);
    struct pen pen =
        pen_for(plan, ink, row, col + grid->label_cols,
                grid->cell_cols - 1 - grid->key_cols - grid->label_cols);
    pen.place = place;
    pen.left = rows;
    write_lines(&pen, grid_small_text(plan, cell));
    pen.ink = ink == INK_CHOICE ? INK_CHOICE_NOTE : ink;
    write_lines(&pen, cell->note);
}

static void draw_cells(struct plan *plan, const struct unit *unit,
                       const struct slot *slot, int row)
{
    const struct grid *grid = &unit->grid;

    for (size_t i = 0; i < unit->count; i++) {
        struct cell cell = grid_cell_kept(plan, unit, i);
        int col = grid->col + (int)i * (grid->cell_cols + grid->col_gap);
        if (plan->is_big)
            draw_box(plan, grid, &cell, row, col, slot->rows);
        else
            draw_line(plan, grid, &cell, row, col, slot->rows);
    }
}

/* ---- The digit pad ----------------------------------------------------- */

static void draw_pad_key(struct plan *plan, const struct element *pad,
                         const char *key, int row, int col, int cols)
{
    struct layout *layout = plan->layout;
    const char *text = *key == '*'   ? T(plan->view, "Delete")
                       : *key == '#' ? TC(plan->view, "pad", "Done")
                                     : key;
    const char *label =
        text == key ? key : pool_format(&layout->texts, "%s %s", key, text);
    int rows = plan->is_big ? BOX_ROWS : 1;
    struct ui_place *place = layout_place(layout, pad, row, col, rows, cols);
    int at = (int)(layout->place_count - 1);

    place->row_key = key;
    place->row_text = text;
    place->can_press = true;
    layout_mark(layout, plan->is_big ? MARK_BOX : MARK_FILL, INK_PAD, row, col,
                rows, cols)
        ->place = at;
    if (!plan->is_big) {
        layout_text(layout, INK_PAD, row, col, "[", 1, at);
        layout_text(layout, INK_PAD, row, col + cols - 1, "]", 1, at);
    }
    size_t len = text_fit(label, cols - 2);
    int width = text_width_bytes(label, len);
    layout_text(layout, INK_PAD, row + rows / 2, col + (cols - width) / 2,
                label, len, at);
}

void draw_pad(struct plan *plan, const struct element *pad, int row, int col,
              int cols)
{
    static const char *const keys[] = { "1", "2", "3", "4", "5", "6",
                                        "7", "8", "9", "*", "0", "#" };
    int key_cols = (cols - (PAD_COLUMNS - 1)) / PAD_COLUMNS;
    int key_rows = plan->is_big ? BOX_ROWS : 1;

    for (int i = 0; i < (int)(sizeof keys / sizeof keys[0]); i++)
        draw_pad_key(plan, pad, keys[i], row + i / PAD_COLUMNS * key_rows,
                     col + i % PAD_COLUMNS * (key_cols + 1), key_cols);
    if (pad->with_x)
        draw_pad_key(plan, pad, "X", row + 4 * key_rows, col,
                     PAD_COLUMNS * (key_cols + 1) - 1);
}

/* ---- The whole --------------------------------------------------------- */

void draw_slot(struct plan *plan, const struct slot *slot, int top)
{
    const struct unit *unit = &plan->units[slot->unit];
    int row = top + slot->row;

    switch (unit->kind) {
    case UNIT_LINES:
        draw_words(plan, unit, slot, row);
        break;
    case UNIT_FACT:
        draw_fact(plan, unit, slot, row);
        break;
    case UNIT_LARGE:
        draw_large(plan, unit, slot, row);
        break;
    case UNIT_CELLS:
        draw_cells(plan, unit, slot, row);
        break;
    case UNIT_FIELD:
        draw_field(plan, unit, row);
        break;
    case UNIT_PAD:
        draw_pad(plan, unit->element, row, plan->text_col, plan->text_cols);
        break;
    case UNIT_PROGRESS:
        draw_progress(plan, unit, row);
        break;
    }
}

static void draw_qr_beside(struct plan *plan)
{
    struct layout *layout = plan->layout;
    int rows = qr_rows(layout->qr);
    struct pen pen = pen_for(plan, INK_LABEL, plan->body_row + rows,
                             plan->side_col, plan->side_cols);

    layout_mark(layout, MARK_QR, INK_QR, plan->body_row, plan->side_col, rows,
                plan->side_cols);
    pen.left = plan->body_rows - rows;
    pen.is_centred = true;
    rows += write_lines(&pen, plan_shown(plan, plan->side->text));
    layout_place(layout, plan->side, plan->body_row, plan->side_col, rows,
                 plan->side_cols);
}

void draw_side(struct plan *plan)
{
    if (plan->side->kind == ELEMENT_QR)
        draw_qr_beside(plan);
    else
        draw_pad(plan, plan->side, plan->body_row, plan->side_col,
                 plan->side_cols);
}
