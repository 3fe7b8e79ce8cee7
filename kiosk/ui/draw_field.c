#include "kiosk/ui/draw_field.h"

#include "kiosk/base/text.h"

#include <string.h>

enum { MISSING_GLYPH = 0x3013, MISSING_GLYPH_COLS = 2 };

/* What is typed is broken wherever the line is full, spaces and all, because
 * the caret may stand anywhere in it. */
struct field_pen {
    struct plan *plan;
    int row, col, cols;
    int first_line, lines; /* which of the lines are seen */
    size_t caret;
    const char *groups; /* "684", or NULL */
    int line, used;     /* where the next character stands */
    int caret_line, caret_col;
    bool is_dry; /* only measures */
};

static void put_glyph(struct field_pen *pen, const char *bytes, size_t len)
{
    int line = pen->line - pen->first_line;

    if (pen->is_dry || line < 0 || line >= pen->lines)
        return;
    layout_text(pen->plan->layout, &(struct mark){ .ink = INK_FIELD,
                                                   .row = pen->row + line,
                                                   .col = pen->col + pen->used,
                                                   .text = bytes,
                                                   .len = len });
}

/* Another group begins here. */
static bool is_group(const char *groups, size_t at)
{
    size_t begin = 0;

    for (const char *group = groups; group && *group && begin <= at; group++) {
        if (begin > 0 && begin == at)
            return true;
        begin += (size_t)(*group - '0');
    }
    return false;
}

static void write_field(struct field_pen *pen, const char *text)
{
    size_t at = 0;
    const char *next = text;

    pen->line = pen->used = 0;
    for (;;) {
        const char *from = next;
        uint32_t code_point = text_next(&next);
        bool is_missing = code_point && !text_has_glyph(code_point);
        int width = is_missing ? MISSING_GLYPH_COLS : text_width_of(code_point);
        if (pen->used + width > pen->cols || pen->used == pen->cols) {
            pen->line++;
            pen->used = 0;
        }
        if (pen->used > 0 && is_group(pen->groups, at))
            pen->used++;
        if (at == pen->caret) {
            pen->caret_line = pen->line;
            pen->caret_col = pen->used;
        }
        if (code_point == 0)
            return;
        if (is_missing)
            put_glyph(pen, "\u3013", strlen("\u3013"));
        else if (width > 0) /* marks that stand on another are not painted */
            put_glyph(pen, from, (size_t)(next - from));
        pen->used += width;
        at++;
    }
}

static void draw_frame(struct plan *plan, int row, int cols, int lines)
{
    int margin = plan_field_is_boxed(plan) ? 1 : 0;

    if (plan_field_is_boxed(plan))
        layout_mark(plan->layout, MARK_BOX, INK_RULE,
                    (struct area){ row, plan->text_col, lines + 2, cols });
    layout_mark(plan->layout, MARK_FILL, INK_FIELD,
                (struct area){ row + margin, plan->text_col + margin, lines,
                               cols - 2 * margin });
}

/* Labels are words of ours and seldom need a second line. */
struct label_pen {
    struct plan *plan;
    int row;
};

static void on_label(void *owner, const char *line, size_t len)
{
    struct label_pen *pen = owner;
    layout_text(pen->plan->layout, &(struct mark){ .ink = INK_LABEL,
                                                   .row = pen->row++,
                                                   .col = pen->plan->text_col,
                                                   .text = line,
                                                   .len = len });
}

static int draw_label(struct plan *plan, const struct unit *unit, int row)
{
    struct label_pen pen = { plan, row };

    if (*unit->text)
        text_wrap(unit->text, plan->text_cols, on_label, &pen);
    return pen.row - row;
}

void draw_field(struct plan *plan, const struct unit *unit, int row)
{
    const struct element *element = unit->element;
    struct layout *layout = plan->layout;
    bool is_typed = element_is_written(element);
    int cols = plan_field_cols(plan, element);
    int lines = plan_field_lines(plan, element);
    int top = row + draw_label(plan, unit, row);
    struct field_pen pen = {
        .plan = plan,
        .row = top + (plan_field_is_boxed(plan) ? 1 : 0),
        .col = plan->text_col + (plan_field_is_boxed(plan) ? 2 : 0),
        .cols = cols - (plan_field_is_boxed(plan) ? BOX_SIDES : 0),
        .lines = lines,
        .caret = plan->ask->caret,
        .groups = element->groups,
        .is_dry = true
    };

    draw_frame(plan, top, cols, lines);
    write_field(&pen, element->value);
    if (pen.caret_line >= lines)
        pen.first_line = pen.caret_line - lines + 1;
    pen.is_dry = false;
    write_field(&pen, element->value);
    struct ui_place *place = layout_place(
        layout, element,
        (struct area){ top, plan->text_col,
                       lines + (plan_field_is_boxed(plan) ? 2 : 0), cols });
    place->can_press = is_typed;
    if (is_typed) {
        layout->caret_row = pen.row + pen.caret_line - pen.first_line;
        layout->caret_col = pen.col + pen.caret_col;
    }
}
