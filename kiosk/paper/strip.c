#include "kiosk/paper/strip.h"

#include "kiosk/base/mem.h"
#include "kiosk/paper/glyph.h"

/* After glyph_fill a character of one byte at least may take 24. */
enum { FILLED_BYTES = 24 * 4096, PIECES = 13 };

static const double grey = 0.45;

/* One line of a layout within a strip. */
struct piece {
    PangoLayout *layout; /* a reference of its own */
    int line;
    double x;
    bool is_grey;
};

struct strip {
    double height, baseline;
    bool is_gap; /* dropped at the top of a page */
    bool stays;
    double rule; /* thickness, or 0 */
    struct qr *qr;
    double qr_x;
    struct piece pieces[PIECES];
    int piece_count;
};

struct column {
    PangoContext *context;
    double width;
    struct strip *strips;
    size_t count, room;
};

struct column *column_new(PangoContext *context, double width)
{
    struct column *column = mem_new(sizeof(*column));

    column->context = context;
    column->width = width;
    return column;
}

void column_free(struct column *column)
{
    if (!column)
        return;
    for (size_t i = 0; i < column->count; i++) {
        struct strip *strip = &column->strips[i];

        for (int j = 0; j < strip->piece_count; j++)
            g_object_unref(strip->pieces[j].layout);
        paper_qr_free(strip->qr);
    }
    mem_free(column->strips);
    mem_free(column);
}

double column_width(const struct column *column)
{
    return column->width;
}

static struct strip *add_strip(struct column *column)
{
    if (column->count == column->room) {
        size_t room = column->room ? column->room * 2 : 64;

        column->strips =
            mem_resize(column->strips, column->room * sizeof(struct strip),
                       room * sizeof(struct strip));
        column->room = room;
    }
    column->strips[column->count] = (struct strip){ 0 };
    return &column->strips[column->count++];
}

/* --- texts -------------------------------------------------------------- */

static void set_size(PangoLayout *layout, const struct style *style,
                     double size)
{
    PangoFontDescription *font = glyph_font(size, style->is_bold);

    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
}

static double natural_width(PangoLayout *layout)
{
    int width;

    pango_layout_get_size(layout, &width, NULL);
    return (double)width / PANGO_SCALE;
}

/* The layout of a text, not yet wrapped. */
static PangoLayout *lay_out(struct column *column, const char *text,
                            const struct style *style)
{
    PangoLayout *layout = pango_layout_new(column->context);
    PangoFontDescription *font = glyph_font(style->size, style->is_bold);
    struct buf filled;

    buf_init(&filled, FILLED_BYTES);
    glyph_fill(column->context, font, text, &filled);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, filled.text, (int)filled.len);
    pango_font_description_free(font);
    buf_done(&filled);
    return layout;
}

double column_measure(struct column *column, const char *text,
                      const struct style *style)
{
    PangoLayout *layout = lay_out(column, text, style);
    double width = natural_width(layout);

    g_object_unref(layout);
    return width;
}

/* A text that does not fit even when small keeps its size, and wraps. */
static void shrink(PangoLayout *layout, const struct style *style, double width)
{
    double size = style->size;

    if (style->least <= 0 || natural_width(layout) <= width)
        return;
    while (size > style->least && natural_width(layout) > width) {
        size -= 0.25;
        set_size(layout, style, size);
    }
    if (natural_width(layout) > width)
        set_size(layout, style, style->size);
}

static PangoLayout *lay_out_in(struct column *column, const char *text,
                               const struct style *style, double width)
{
    PangoLayout *layout = lay_out(column, text, style);

    shrink(layout, style, width);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    return layout;
}

/* Puts line of layout into the strip; the higher of two pieces decides. */
static void add_piece(struct strip *strip, PangoLayout *layout, int line,
                      double x, const struct style *style)
{
    struct piece *piece = &strip->pieces[strip->piece_count++];
    PangoLayoutLine *of = pango_layout_get_line_readonly(layout, line);
    PangoRectangle box;
    double above, below;

    pango_layout_line_get_extents(of, NULL, &box);
    above = (double)-box.y / PANGO_SCALE;
    below = (double)(box.height + box.y) / PANGO_SCALE;
    if (above < strip->baseline)
        above = strip->baseline;
    if (below < strip->height - strip->baseline)
        below = strip->height - strip->baseline;
    strip->baseline = above;
    strip->height = above + below;
    if (style->is_centred)
        x += ((double)pango_layout_get_width(layout) - box.width) / 2 /
             PANGO_SCALE;
    if (style->is_right)
        x += ((double)pango_layout_get_width(layout) - box.width) / PANGO_SCALE;
    piece->layout = g_object_ref(layout);
    piece->line = line;
    piece->x = x;
    piece->is_grey = style->is_grey;
}

void column_add_text(struct column *column, const char *text,
                     const struct style *style)
{
    PangoLayout *layout = lay_out_in(column, text, style, column->width);
    int count = pango_layout_get_line_count(layout);

    for (int i = 0; i < count; i++) {
        struct strip *strip = add_strip(column);

        add_piece(strip, layout, i, 0, style);
        strip->stays = style->stays;
    }
    g_object_unref(layout);
}

void column_add_pair(struct column *column, const char *left,
                     const struct style *left_style, double right_x,
                     const char *right, const struct style *right_style)
{
    PangoLayout *a = lay_out_in(column, left, left_style, right_x);
    PangoLayout *b =
        lay_out_in(column, right, right_style, column->width - right_x);
    int a_count = pango_layout_get_line_count(a);
    int b_count = pango_layout_get_line_count(b);

    for (int i = 0; i < a_count || i < b_count; i++) {
        struct strip *strip = add_strip(column);

        if (i < a_count)
            add_piece(strip, a, i, 0, left_style);
        if (i < b_count)
            add_piece(strip, b, i, right_x, right_style);
        strip->stays = left_style->stays && right_style->stays;
    }
    g_object_unref(a);
    g_object_unref(b);
}

static PangoLayout *lay_out_cell(struct column *column, const char *text,
                                 const struct style *style, double width,
                                 int *lines)
{
    PangoLayout *layout = lay_out_in(column, text, style, width);
    int count = pango_layout_get_line_count(layout);

    if (count > *lines)
        *lines = count;
    return layout;
}

void column_add_row(struct column *column, const char *const *texts,
                    size_t count, double first_width, const struct style *style,
                    bool stays)
{
    double share = (column->width - first_width) / (double)(count - 1);
    struct style first = *style, other = *style;
    PangoLayout *layouts[PIECES];
    int lines = 0;

    first.is_centred = false;
    other.is_centred = true;
    for (size_t i = 0; i < count; i++)
        layouts[i] = lay_out_cell(column, texts[i], i ? &other : &first,
                                  i ? share : first_width, &lines);
    for (int line = 0; line < lines; line++) {
        struct strip *strip = add_strip(column);

        for (size_t i = 0; i < count; i++) {
            double x = i ? first_width + share * (double)(i - 1) : 0;

            if (line < pango_layout_get_line_count(layouts[i]))
                add_piece(strip, layouts[i], line, x, i ? &other : &first);
        }
        strip->stays = true;
    }
    for (size_t i = 0; i < count; i++)
        g_object_unref(layouts[i]);
    column_add_line(column, 0.3, style->size * 0.15, stays);
}

/* A row of cells is not torn: its lines stay together. */
void column_add_cells(struct column *column, const struct cell *cells,
                      size_t count, const struct style *style)
{
    PangoLayout *layouts[PIECES];
    int lines = 0;

    for (size_t i = 0; i < count; i++)
        layouts[i] =
            lay_out_cell(column, cells[i].text, style, cells[i].width, &lines);
    for (int line = 0; line < lines; line++) {
        struct strip *strip = add_strip(column);

        for (size_t i = 0; i < count; i++) {
            struct style own = *style;

            own.is_right = cells[i].is_right;
            if (line < pango_layout_get_line_count(layouts[i]))
                add_piece(strip, layouts[i], line, cells[i].x, &own);
        }
        strip->stays = true;
    }
    for (size_t i = 0; i < count; i++)
        g_object_unref(layouts[i]);
}

void column_add_line(struct column *column, double thickness, double space,
                     bool stays)
{
    column_add_rule(column, thickness, space);
    column->strips[column->count - 1].stays = stays;
}

/* --- the rest ----------------------------------------------------------- */

void column_add_gap(struct column *column, double height)
{
    struct strip *strip = add_strip(column);

    strip->height = height;
    strip->is_gap = true;
}

void column_add_rule(struct column *column, double thickness, double space)
{
    struct strip *strip = add_strip(column);

    strip->height = thickness + 2 * space;
    strip->baseline = strip->height / 2;
    strip->rule = thickness;
}

void column_add_qr_take(struct column *column, struct qr *qr)
{
    struct strip *strip = add_strip(column);

    strip->qr = qr;
    strip->height = qr_size(qr);
    strip->qr_x = (column->width - strip->height) / 2;
    strip->stays = true;
}

/* --- pages -------------------------------------------------------------- */

size_t column_count(const struct column *column)
{
    return column->count;
}

double column_height(const struct column *column)
{
    double height = 0;

    for (size_t i = 0; i < column->count; i++)
        height += column->strips[i].height;
    return height;
}

void column_keep(struct column *column, size_t first, size_t end)
{
    for (size_t i = first; i + 1 < end; i++)
        column->strips[i].stays = true;
}

size_t column_fit(const struct column *column, size_t first, double room,
                  double *ret_height)
{
    double height = 0, best_height = 0, most_height = 0;
    size_t best = 0, most = first;

    for (size_t i = first; i < column->count; i++) {
        const struct strip *strip = &column->strips[i];

        if (!strip->is_gap || i > first)
            height += strip->height;
        if (height > room && i > first)
            break;
        most = i + 1;
        most_height = height;
        if (!strip->stays || i + 1 == column->count) {
            best = i + 1;
            best_height = height;
        }
    }
    *ret_height = best ? best_height : most_height;
    return best ? best : most;
}

static void draw_texts(const struct strip *strip, cairo_t *cairo, double shade,
                       double x, double y)
{
    for (int i = 0; i < strip->piece_count; i++) {
        const struct piece *piece = &strip->pieces[i];
        double ink = piece->is_grey ? grey : shade;

        cairo_set_source_rgb(cairo, ink, ink, ink);
        cairo_move_to(cairo, x + piece->x, y + strip->baseline);
        pango_cairo_show_layout_line(
            cairo, pango_layout_get_line_readonly(piece->layout, piece->line));
    }
}

static void draw_strip(const struct column *column, const struct strip *strip,
                       cairo_t *cairo, double x, double y)
{
    draw_texts(strip, cairo, 0, x, y);
    if (strip->rule > 0) {
        cairo_set_source_rgb(cairo, 0, 0, 0);
        cairo_rectangle(cairo, x, y + strip->baseline - strip->rule / 2,
                        column->width, strip->rule);
        cairo_fill(cairo);
    }
    if (strip->qr)
        qr_draw(strip->qr, cairo, x + strip->qr_x, y);
}

void column_draw(const struct column *column, cairo_t *cairo, size_t first,
                 size_t end, double x, double y)
{
    for (size_t i = first; i < end; i++) {
        const struct strip *strip = &column->strips[i];

        if (strip->is_gap && i == first)
            continue;
        draw_strip(column, strip, cairo, x, y);
        y += strip->height;
    }
}

void column_draw_in(const struct column *column, cairo_t *cairo, double shade,
                    double x, double y)
{
    for (size_t i = 0; i < column->count; i++) {
        draw_texts(&column->strips[i], cairo, shade, x, y);
        y += column->strips[i].height;
    }
}
