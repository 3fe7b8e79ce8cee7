/* What can be pressed in the body: choices, rows of lists, the digit pad. */
#include "kiosk/ui/pen.h"

#include "kiosk/base/text.h"

#include <string.h>

static int place_cell(struct plan *plan, const struct cell *cell,
                      struct area area)
{
    struct ui_place *place = layout_place(plan->layout, cell->element, area);

    place->row_value = cell->value;
    place->row_text = cell->value ? cell->text : NULL;
    place->row_key = cell->key;
    place->is_chosen = cell->is_chosen;
    place->can_press = !cell->is_off;
    return (int)plan->layout->place_count;
}

/* 【已选】: behind the words, or where they leave no room on the frame. */
static void draw_chosen(struct plan *plan, const struct pen *words,
                        struct area area)
{
    const char *text = T(plan->view, "[chosen]");
    int width = text_width(text);
    int col = area.col + area.cols - 2 - width;
    struct mark mark = { .ink = INK_CHOSEN,
                         .row = area.row,
                         .col = col,
                         .text = text,
                         .len = strlen(text),
                         .place = words->place };

    if (words->end_col + 1 <= col)
        mark.row++;
    layout_text(plan->layout, &mark);
}

static void draw_key(struct plan *plan, const struct pen *pen, const char *key)
{
    struct mark mark = { .ink = pen->ink,
                         .row = pen->row,
                         .col = pen->col,
                         .text = key,
                         .len = strlen(key),
                         .place = pen->place };

    if (pen->ink == INK_CHOICE)
        mark.ink = INK_CHOICE_KEY;
    if (*key)
        layout_text(plan->layout, &mark);
}

static enum ink cell_ink(const struct cell *cell)
{
    if (cell->is_off)
        return INK_OFF;
    return cell->is_chosen ? INK_CHOSEN : INK_CHOICE;
}

/* The number, then the label of a fact, then the words with the notes below
 * them.  A box has its frame around, a line in a small window one cell. */
static void draw_cell(struct plan *plan, const struct grid *grid,
                      const struct cell *cell, struct area area)
{
    bool is_offer = cell->element->kind == ELEMENT_CANDIDATES;
    int top = plan->is_big ? 1 : 0;
    int side = plan->is_big && !is_offer ? 2 : 1;
    enum ink ink = cell_ink(cell);
    enum ink note_ink = ink == INK_CHOICE ? INK_CHOICE_NOTE : ink;
    struct pen pen =
        pen_for(plan, ink, area.row + top, area.col + side, grid->key_cols);

    pen.place = place_cell(plan, cell, area);
    layout_mark(plan->layout, plan->is_big ? MARK_BOX : MARK_FILL, ink, area)
        ->place = pen.place;
    draw_key(plan, &pen, cell->key);

    pen.left = area.rows - 2 * top;
    pen.col += grid->key_cols;
    pen.cols = grid->label_cols - 2;
    struct pen words = pen;
    pen.ink = note_ink;
    write_lines(&pen, cell->label);

    words.col += grid->label_cols;
    words.cols = area.cols - grid->key_cols - grid->label_cols -
                 cell_sides(plan, is_offer);
    write_lines(&words,
                plan->is_big ? cell->text : grid_small_text(plan, cell));
    if (cell->is_chosen && plan->is_big)
        draw_chosen(plan, &words, area);
    words.ink = note_ink;
    write_lines(&words, cell->note);
}

void draw_cells(struct plan *plan, const struct unit *unit, int row, int rows)
{
    const struct grid *grid = &unit->grid;

    for (size_t i = 0; i < unit->count; i++) {
        struct cell cell = grid_cell_kept(plan, unit, i);
        int col = grid->col + (int)i * (grid->cell_cols + grid->col_gap);
        draw_cell(plan, grid, &cell,
                  (struct area){ row, col, rows, grid->cell_cols });
    }
}

/* ---- The digit pad ----------------------------------------------------- */

/* A key of another pad has its own words, behind its sign where it has one. */
static const char *own_label(struct plan *plan, const struct pad_key *key)
{
    bool is_sign = !key->key[1] && strchr("0123456789*#", *key->key);

    if (!is_sign || strcmp(key->key, key->text) == 0)
        return key->text;
    return pool_format(&plan->layout->texts, "%s %s", key->key, key->text);
}

/* A sign means on the pad what it means in the footer: the words are those. */
static const struct element *footer_of(const struct plan *plan, const char *key)
{
    for (size_t i = 0; i < view_count(plan->view); i++) {
        const struct element *element = view_element(plan->view, i);
        if (element->is_footer && strcmp(element->key, key) == 0)
            return element;
    }
    return NULL;
}

static const char *digit_label(struct plan *plan, const char *key, int cols,
                               const char **ret_text)
{
    const struct element *footer =
        *key == '*' || *key == '#' ? footer_of(plan, key) : NULL;

    *ret_text = footer        ? footer->text
                : *key == '*' ? T(plan->view, "Delete")
                : *key == '#' ? TC(plan->view, "pad", "Done")
                              : key;
    if (*ret_text == key)
        return key;
    const char *label =
        pool_format(&plan->layout->texts, "%s %s", key, *ret_text);
    if (text_width(label) > cols && footer && footer->note)
        label = pool_format(&plan->layout->texts, "%s %s", key, footer->note);
    return label;
}

static void draw_pad_key(struct plan *plan, const struct element *pad,
                         const struct pad_key *own, struct area area)
{
    struct layout *layout = plan->layout;
    const char *key = own->key, *text = own->text;
    const char *label = text ? own_label(plan, own)
                             : digit_label(plan, key, area.cols - 2, &text);
    struct ui_place *place = layout_place(layout, pad, area);
    struct mark words = { .ink = INK_PAD,
                          .row = area.row + area.rows / 2,
                          .col = area.col,
                          .text = "[",
                          .len = 1,
                          .place = (int)layout->place_count };

    place->row_key = key;
    place->row_text = text;
    place->can_press = true;
    layout_mark(layout, plan->is_big ? MARK_BOX : MARK_FILL, INK_PAD, area)
        ->place = words.place;
    if (!plan->is_big) {
        layout_text(layout, &words);
        words.text = "]";
        words.col = area.col + area.cols - 1;
        layout_text(layout, &words);
    }
    words.text = label;
    words.len = text_fit(label, area.cols - 2);
    words.col = area.col + (area.cols - text_width_bytes(label, words.len)) / 2;
    layout_text(layout, &words);
}

void draw_pad(struct plan *plan, const struct element *pad, struct area area)
{
    static const struct pad_key digits[] = {
        { "1", NULL }, { "2", NULL }, { "3", NULL }, { "4", NULL },
        { "5", NULL }, { "6", NULL }, { "7", NULL }, { "8", NULL },
        { "9", NULL }, { "*", NULL }, { "0", NULL }, { "#", NULL },
    };
    static const struct pad_key x = { "X", NULL }, point = { ".", NULL };
    const struct pad_key *keys = pad->pad ? pad->pad : digits;
    int count = pad->pad ? (int)pad->pad_count : 12;
    int columns = pad_columns(plan, pad);
    int gap = pad_is_narrow(pad) ? 1 : 0;
    int cols = (area.cols - (columns - 1) * gap) / columns;
    struct area key = { .rows = plan->is_big ? BOX_ROWS : 1, .cols = cols };

    for (int i = 0; i < count; i++) {
        key.row = area.row + i / columns * key.rows;
        key.col = area.col + i % columns * (cols + gap);
        draw_pad_key(plan, pad, &keys[i], key);
    }
    if (!pad->more_key)
        return;
    key.row += key.rows;
    key.col = area.col;
    key.cols = columns * (cols + gap) - gap;
    draw_pad_key(plan, pad, pad->more_key == 'X' ? &x : &point, key);
}
