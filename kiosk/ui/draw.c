/* From measured units to marks and places. */
#include "kiosk/ui/plan.h"

#include "kiosk/base/text.h"
#include "kiosk/ui/draw_field.h"
#include "kiosk/ui/pen.h"
#include "kiosk/ui/qr.h"

#include <string.h>

/* ---- Words -------------------------------------------------------------- */

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
        layout_mark(plan->layout, MARK_FILL, INK_BAR,
                    (struct area){ row, plan->text_col, slot->rows, 1 });
    else
        layout_mark(
            plan->layout, MARK_FILL, ink,
            (struct area){ row, plan->text_col, slot->rows, plan->text_cols });
    if (tone >= TONE_WARN && slot->first == 0)
        layout_text(plan->layout, &(struct mark){ .ink = ink,
                                                  .row = row,
                                                  .col = plan->text_col,
                                                  .text = "!",
                                                  .len = 1 });
    pen.skip = slot->first;
    pen.left = slot->rows;
    write_lines(&pen, unit->text);
    layout_place(
        plan->layout, unit->element,
        (struct area){ row, plan->text_col, slot->rows, plan->text_cols });
}

/* What a poster asks for, or warns of, over the whole width. */
static void draw_call(struct plan *plan, const struct unit *unit, int row)
{
    const struct element *element = unit->element;
    enum ink ink =
        element->tone == TONE_PLAIN ? INK_CALL : notice_ink(element->tone);
    struct area area = { row, plan->left, unit->rows, plan->width };
    struct ui_place *place = layout_place(plan->layout, element, area);
    struct pen pen = pen_for(plan, ink, row + (plan->is_big ? 1 : 0),
                             plan->text_col, plan->text_cols);

    place->can_press = element->kind == ELEMENT_CHOICE && !element->is_off;
    pen.place = (int)plan->layout->place_count;
    pen.is_centred = true;
    layout_mark(plan->layout, MARK_FILL, ink, area)->place = pen.place;
    write_lines(&pen, unit->text);
}

static void draw_words(struct plan *plan, const struct unit *unit,
                       const struct slot *slot, int row)
{
    enum element_kind kind = unit->element->kind;
    bool is_heading = kind == ELEMENT_HEADING;
    int col = is_heading ? plan->wide_col : plan->text_col;
    int cols = is_heading ? plan->wide_cols : plan->text_cols;

    if (plan->is_poster && (kind == ELEMENT_NOTICE || kind == ELEMENT_CHOICE)) {
        draw_call(plan, unit, row);
        return;
    }
    if (kind == ELEMENT_NOTICE) {
        draw_notice(plan, unit, slot, row);
        return;
    }
    struct pen pen =
        pen_for(plan, is_heading ? INK_HEADING : INK_PLAIN, row, col, cols);
    pen.skip = slot->first;
    pen.left = slot->rows;
    pen.is_centred = plan->is_poster;
    write_lines(&pen, unit->text);
    struct ui_place *place =
        layout_place(plan->layout, unit->element,
                     (struct area){ row, col, slot->rows, cols });
    if (unit->element == plan->qr_missing)
        place->text = unit->text;
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

/* Facts of one label in a row say it once. */
static bool repeats_label(const struct plan *plan, const struct slot *slot)
{
    if (slot == plan->slots)
        return false;
    const struct slot *before = slot - 1;
    const struct unit *unit = &plan->units[before->unit];
    return before->turn == slot->turn && before->unit != slot->unit &&
           unit->kind == UNIT_FACT &&
           strcmp(unit->element->text, plan->units[slot->unit].element->text) ==
               0;
}

static void draw_fact(struct plan *plan, const struct unit *unit,
                      const struct slot *slot, int row)
{
    int col = plan->text_col + facts_indent(plan, unit);
    int value_col = col + unit->label_cols + (unit->label_cols ? 2 : 0);
    struct pen label = pen_for(plan, INK_LABEL, row, col, unit->label_cols);
    struct pen value =
        pen_for(plan, unit->element->is_large ? INK_LARGE : INK_PLAIN, row,
                value_col, plan->text_cols - unit->label_cols - 2);

    label.skip = value.skip = slot->first;
    label.left = value.left = slot->rows;
    if (!repeats_label(plan, slot))
        write_lines(&label, unit->element->text);
    write_lines(&value, unit->text);
    layout_place(plan->layout, unit->element,
                 (struct area){ row, col, slot->rows,
                                plan->text_cols - (col - plan->text_col) });
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
        layout_mark(plan->layout, MARK_FILL, INK_LARGE,
                    (struct area){ row + rows, plan->text_col,
                                   slot->rows - rows, width });
        pen = pen_for(plan, INK_LARGE, row + rows, plan->text_col + 2,
                      plan->text_cols - 4);
        pen.skip = slot->first > labels ? slot->first - labels : 0;
        pen.left = slot->rows - rows;
        write_lines(&pen, unit->text);
    }
    layout_place(
        plan->layout, unit->element,
        (struct area){ row, plan->text_col, slot->rows, plan->text_cols });
}

static void draw_progress(struct plan *plan, const struct unit *unit, int row)
{
    const struct element *element = unit->element;
    struct layout *layout = plan->layout;
    struct pen pen =
        pen_for(plan, INK_PLAIN, row, plan->text_col, plan->text_cols);
    int rows = write_lines(&pen, unit->text);

    layout_place(
        layout, element,
        (struct area){ row, plan->text_col, unit->rows, plan->text_cols });
    if (element->total == 0)
        return;
    row += rows;
    int words = text_width(element->value) + 1;
    int inner = plan->text_cols - words - 2;
    inner = inner > 40 ? 40 : inner;
    int done = (int)(element->done * (size_t)inner / element->total);
    layout_text(layout, &(struct mark){ .ink = INK_PLAIN,
                                        .row = row,
                                        .col = plan->text_col,
                                        .text = "[",
                                        .len = 1 });
    for (int i = 0; i < done; i++)
        layout_text(layout, &(struct mark){ .ink = INK_BAR,
                                            .row = row,
                                            .col = plan->text_col + 1 + i,
                                            .text = "=",
                                            .len = 1 });
    layout_text(layout, &(struct mark){ .ink = INK_PLAIN,
                                        .row = row,
                                        .col = plan->text_col + 1 + inner,
                                        .text = "]",
                                        .len = 1 });
    layout_text(layout, &(struct mark){ .ink = INK_PLAIN,
                                        .row = row,
                                        .col = plan->text_col + inner + 3,
                                        .text = element->value,
                                        .len = strlen(element->value) });
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
        draw_cells(plan, unit, row, slot->rows);
        break;
    case UNIT_FIELD:
        draw_field(plan, unit, row);
        break;
    case UNIT_PAD:
        draw_pad(plan, unit->element,
                 (struct area){ .row = row,
                                .col = plan->text_col,
                                .cols = plan->text_cols });
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

    layout_mark(
        layout, MARK_QR, INK_QR,
        (struct area){ plan->body_row, plan->side_col, rows, plan->side_cols });
    pen.left = plan->body_rows - rows;
    pen.is_centred = true;
    rows += write_lines(&pen, plan_shown(plan, plan->side->text));
    layout_place(
        layout, plan->side,
        (struct area){ plan->body_row, plan->side_col, rows, plan->side_cols });
}

void draw_foot(struct plan *plan)
{
    draw_pad(plan, plan->foot,
             (struct area){ .row = plan->foot_row,
                            .col = plan->left,
                            .cols = plan->width });
}

void draw_side(struct plan *plan)
{
    if (plan->side->kind == ELEMENT_QR)
        draw_qr_beside(plan);
    else
        draw_pad(plan, plan->side,
                 (struct area){ .row = plan->body_row,
                                .col = plan->side_col,
                                .cols = plan->side_cols });
}
