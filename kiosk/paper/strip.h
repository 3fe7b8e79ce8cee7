/* A slip as a column of strips: each is as high as one line of text, a rule, a
 * QR code or a gap, and is never cut in two, so that a page can end after any
 * of them.  Strips are added from the top; then they are drawn page by page.
 * Lengths are points. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/paper/qr.h"

#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stddef.h>

struct column;

/* How a text looks and where it stands. */
struct style {
    double size;
    double least; /* down to which it may shrink to fit on one line, or 0 */
    bool is_bold;
    bool is_centred;
    bool is_right; /* ends at the right edge */
    bool is_grey;
    bool stays; /* never the last on a page: what follows belongs to it */
};

/* The context stays the caller's and must outlive the column. */
struct column *column_new(PangoContext *context, double width);
void column_free(struct column *column);
double column_width(const struct column *column);

/* The width of text on one line. */
double column_measure(struct column *column, const char *text,
                      const struct style *style);

void column_add_gap(struct column *column, double height);
void column_add_rule(struct column *column, double thickness, double space);
void column_add_text(struct column *column, const char *text,
                     const struct style *style);
/* Two texts that begin on the same line, the right one at right_x. */
void column_add_pair(struct column *column, const char *left,
                     const struct style *left_style, double right_x,
                     const char *right, const struct style *right_style);
/* A row of a table: the first text at the left, the others each in the middle
 * of a share of what is left after first_width.  A text that does not fit is
 * made smaller, then wrapped; stays: a row of the same table follows. */
void column_add_row(struct column *column, const char *const *texts,
                    size_t count, double first_width, const struct style *style,
                    bool stays);
/* Texts that begin on the same line, each in a place of its own. */
struct cell {
    const char *text;
    double x, width;
    bool is_right; /* stands at the right of its place */
};
void column_add_cells(struct column *column, const struct cell *cells,
                      size_t count, const struct style *style);
/* As column_add_rule; stays: what follows belongs to it. */
void column_add_line(struct column *column, double thickness, double space,
                     bool stays);
/* Takes the code; it stands in the middle, with what is added next. */
void column_add_qr_take(struct column *column, struct qr *qr);

/* The strips from first up to end stay on one page, where one has room. */
void column_keep(struct column *column, size_t first, size_t end);

size_t column_count(const struct column *column);
/* Of everything so far. */
double column_height(const struct column *column);
/* The end (one past the last) of what fits into room, beginning at first; at
 * least one strip.  Its height goes to *ret_height. */
size_t column_fit(const struct column *column, size_t first, double room,
                  double *ret_height);
void column_draw(const struct column *column, cairo_t *cairo, size_t first,
                 size_t end, double x, double y);
/* All of it in one shade, 0 black to 1 white. */
void column_draw_in(const struct column *column, cairo_t *cairo, double shade,
                    double x, double y);
