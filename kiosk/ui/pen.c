#include "kiosk/ui/pen.h"

#include "kiosk/base/text.h"

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
        layout_text(pen->layout, &(struct mark){ .ink = pen->ink,
                                                 .row = pen->row,
                                                 .col = pen->col + indent,
                                                 .text = line,
                                                 .len = len,
                                                 .place = pen->place });
    pen->end_col = pen->col + indent + width;
    pen->row++;
    pen->left--;
}

int write_lines(struct pen *pen, const char *text)
{
    int row = pen->row;

    if (*text)
        text_wrap(text, pen->cols < 1 ? 1 : pen->cols, on_line, pen);
    return pen->row - row;
}

struct pen pen_for(struct plan *plan, enum ink ink, int row, int col, int cols)
{
    return (struct pen){ .layout = plan->layout,
                         .ink = ink,
                         .row = row,
                         .col = col,
                         .cols = cols,
                         .left = plan->ask->rows,
                         .end_col = col };
}
