#include "kiosk/paper/draw.h"

#include "kiosk/paper/glyph.h"
#include "kiosk/paper/qr.h"
#include "kiosk/paper/strip.h"
#include "kiosk/paper/table.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>

static const double mm = 72 / 25.4;

/* What a paper asks for: lengths in millimetres, sizes of letters in points.
 * most: a roll's page is as long as its content up to here; A4 is always so
 * long.  Letters are sized for people who do not see well. */
static const struct sheet {
    double width, side, top, bottom;
    double least, most;
    double title, body, label, large, small, mark;
    double qr;
} sheets[SLIP_PAPER_COUNT] = {
    [SLIP_58] = { .width = 58,
                  .side = 5,
                  .top = 4,
                  .bottom = 8,
                  .least = 60,
                  .most = 600,
                  .title = 15,
                  .body = 10.5,
                  .label = 10.5,
                  .large = 24,
                  .small = 8.5,
                  .mark = 16,
                  .qr = 30 },
    [SLIP_80] = { .width = 80,
                  .side = 4,
                  .top = 4,
                  .bottom = 8,
                  .least = 80,
                  .most = 600,
                  .title = 18,
                  .body = 11,
                  .label = 11,
                  .large = 27,
                  .small = 9,
                  .mark = 22,
                  .qr = 32 },
    [SLIP_A4] = { .width = 210,
                  .side = 24,
                  .top = 18,
                  .bottom = 18,
                  .least = 297,
                  .most = 297,
                  .title = 24,
                  .body = 13,
                  .label = 13,
                  .large = 32,
                  .small = 10.5,
                  .mark = 32,
                  .qr = 36 },
};

/* --- what stands on it -------------------------------------------------- */

struct drawing {
    const struct slip *slip;
    const struct sheet *sheet;
    PangoContext *context;
    struct column *column;
    struct column *mark; /* the demo's, on every page; else empty */
    double value_x;      /* where values begin that stand beside labels */
    bool is_beside;      /* in the section that is being added they do */
};

/* One weight is one font in the document. */
static bool is_bold(const struct drawing *drawing)
{
    return !drawing->slip->is_plain;
}

static void add_large(struct drawing *drawing, const struct block *block)
{
    const struct sheet *sheet = drawing->sheet;
    const struct style label = { .size = sheet->label, .stays = true };
    const struct style value = { .size = sheet->large,
                                 .is_bold = is_bold(drawing),
                                 .least = sheet->body };

    column_add_gap(drawing->column, sheet->body * 0.3);
    column_add_text(drawing->column, block->label, &label);
    column_add_text(drawing->column, block->value, &value);
}

/* A value may wrap beside its label only where lines stay long enough to be
 * read. */
static bool stands_beside(const struct drawing *drawing, const char *value,
                          const struct style *style)
{
    double room = column_width(drawing->column) - drawing->value_x;

    if (!drawing->is_beside)
        return false;
    return room >= 40 * mm ||
           column_measure(drawing->column, value, style) <= room;
}

static void add_fact(struct drawing *drawing, const struct block *block)
{
    const struct sheet *sheet = drawing->sheet;
    const struct style label = { .size = sheet->label, .stays = true };
    const struct style value = { .size = sheet->body,
                                 .is_bold = is_bold(drawing) };

    if (block->is_large) {
        add_large(drawing, block);
        return;
    }
    column_add_gap(drawing->column, sheet->body * 0.25);
    if (stands_beside(drawing, block->value, &value)) {
        column_add_pair(drawing->column, block->label, &label, drawing->value_x,
                        block->value, &value);
        return;
    }
    column_add_text(drawing->column, block->label, &label);
    column_add_text(drawing->column, block->value, &value);
}

static enum err add_qr(struct drawing *drawing, const struct block *block,
                       struct buf *why)
{
    const struct sheet *sheet = drawing->sheet;
    const struct style words = { .size = sheet->body, .is_centred = true };
    double room = column_width(drawing->column);
    struct qr *qr;
    enum err err = paper_qr_new(block->payload, sheet->qr * mm, room, &qr);

    if (err) {
        buf_add_text(why, "the QR code's payload is too long for this paper");
        return err;
    }
    column_add_gap(drawing->column, sheet->body * 0.4);
    column_add_qr_take(drawing->column, qr);
    if (block->text && *block->text)
        column_add_text(drawing->column, block->text, &words);
    return ERR_OK;
}

/* The first column is as wide as its widest text. */
static void add_table(struct drawing *drawing, const struct block *block)
{
    double small = drawing->sheet->small;
    const struct style head = { .size = small,
                                .least = small * 0.6,
                                .is_bold = is_bold(drawing) };
    const struct style cell = { .size = small, .least = small * 0.6 };
    double most = column_width(drawing->column) * 0.4, first = 0;

    for (size_t i = 0; i < block->row_count; i++) {
        double width = column_measure(
            drawing->column, block->cells[i * block->column_count], &head);

        if (width > first)
            first = width;
    }
    first += small;
    column_add_gap(drawing->column, small * 0.6);
    for (size_t i = 0; i < block->row_count; i++)
        column_add_row(drawing->column, block->cells + i * block->column_count,
                       block->column_count, first < most ? first : most,
                       i == 0 ? &head : &cell, i + 1 < block->row_count);
}

static enum err add_block(struct drawing *drawing, const struct block *block,
                          struct buf *why)
{
    const struct sheet *sheet = drawing->sheet;
    const struct style body = { .size = sheet->body };
    const struct style small = { .size = sheet->small };

    switch (block->kind) {
    case BLOCK_FACT:
        add_fact(drawing, block);
        break;
    case BLOCK_TEXT:
        column_add_gap(drawing->column, sheet->body * 0.3);
        column_add_text(drawing->column, block->text, &body);
        break;
    case BLOCK_SMALL:
        column_add_gap(drawing->column, sheet->body * 0.25);
        column_add_text(drawing->column, block->text, &small);
        break;
    case BLOCK_RULE:
        column_add_rule(drawing->column, 0.6, sheet->body * 0.45);
        break;
    case BLOCK_QR:
        return add_qr(drawing, block, why);
    case BLOCK_TABLE:
        if (block->folds)
            table_add(drawing->column, block, sheet->body, is_bold(drawing));
        else
            add_table(drawing, block);
        break;
    case BLOCK_KIND_COUNT:
        break;
    }
    return ERR_OK;
}

static void add_head(struct drawing *drawing)
{
    const struct sheet *sheet = drawing->sheet;
    const struct style title = { .size = sheet->title,
                                 .is_bold = is_bold(drawing),
                                 .is_centred = true,
                                 .stays = true };
    const struct style subtitle = { .size = sheet->body,
                                    .is_centred = true,
                                    .stays = true };

    column_add_text(drawing->column, drawing->slip->title, &title);
    if (drawing->slip->subtitle)
        column_add_text(drawing->column, drawing->slip->subtitle, &subtitle);
    column_add_rule(drawing->column, 1.2, sheet->body * 0.45);
}

static void add_foot(struct drawing *drawing)
{
    const struct style foot = { .size = drawing->sheet->body,
                                .least = drawing->sheet->body * 0.92,
                                .is_centred = true };

    if (!drawing->slip->footer || !*drawing->slip->footer)
        return;
    column_add_rule(drawing->column, 0.6, drawing->sheet->body * 0.45);
    column_add_text(drawing->column, drawing->slip->footer, &foot);
}

/* Large, grey and straight, between two rules: it is seen at once, hides
 * nothing and looks like no seal. */
static void add_mark(struct drawing *drawing)
{
    const struct style mark = { .size = drawing->sheet->mark,
                                .is_bold = is_bold(drawing),
                                .is_centred = true,
                                .least = drawing->sheet->body,
                                .is_grey = true };

    if (!drawing->slip->demo || !*drawing->slip->demo)
        return;
    column_add_text(drawing->mark, drawing->slip->demo, &mark);
    column_add_rule(drawing->mark, 0.6, drawing->sheet->body * 0.2);
}

/* The widest label from the block at first to the next rule. */
static double label_width(const struct drawing *drawing, size_t first)
{
    const struct style label = { .size = drawing->sheet->label };
    double most = 0;

    for (size_t i = first; i < drawing->slip->block_count; i++) {
        const struct block *block = &drawing->slip->blocks[i];
        double width;

        if (block->kind == BLOCK_RULE)
            break;
        if (block->kind != BLOCK_FACT || block->is_large)
            continue;
        width = column_measure(drawing->column, block->label, &label);
        if (width > most)
            most = width;
    }
    return most;
}

/* Values stand beside their labels in sections whose labels are all short
 * (a section ends with a rule); all of those share one edge. */
static bool has_short_labels(const struct drawing *drawing, size_t first)
{
    return label_width(drawing, first) <= column_width(drawing->column) * 0.36;
}

static bool begins_section(const struct slip *slip, size_t at)
{
    return at == 0 || slip->blocks[at - 1].kind == BLOCK_RULE;
}

static void find_value_x(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->slip->block_count; i++) {
        double x;

        if (!begins_section(drawing->slip, i) || !has_short_labels(drawing, i))
            continue;
        x = label_width(drawing, i) + drawing->sheet->body;
        if (x > drawing->value_x)
            drawing->value_x = x;
    }
}

static int most_pages(const struct drawing *drawing)
{
    return drawing->slip->is_form ? DRAW_FORM_PAGES : DRAW_PAGES;
}

static enum err complain_of_length(const struct drawing *drawing,
                                   struct buf *why)
{
    buf_add_format(why, "the %s is longer than %d pages",
                   drawing->slip->is_form ? "form" : "slip",
                   most_pages(drawing));
    return ERR_TOO_BIG;
}

static enum err fill_column(struct drawing *drawing, struct buf *why)
{
    const struct slip *slip = drawing->slip;
    struct column *column = drawing->column;
    enum err err = ERR_OK;

    find_value_x(drawing);
    add_mark(drawing);
    add_head(drawing);
    size_t section = column_count(column);
    for (size_t i = 0; !err && i < slip->block_count; i++) {
        if (slip->is_form && slip->blocks[i].kind == BLOCK_RULE) {
            column_keep(column, section, column_count(column));
            section = column_count(column);
        }
        if (begins_section(slip, i))
            drawing->is_beside = has_short_labels(drawing, i);
        err = add_block(drawing, &slip->blocks[i], why);
        /* Laying out costs time: what cannot fit is not finished first. */
        if (!err && column_height(column) >
                        most_pages(drawing) * drawing->sheet->most * mm)
            err = complain_of_length(drawing, why);
    }
    if (slip->is_form)
        column_keep(column, section, column_count(column));
    add_foot(drawing);
    return err;
}

/* --- pages -------------------------------------------------------------- */

struct page {
    size_t first, end;
    double height; /* of its strips */
};

/* Where the pages end; 0: there are too many. */
static int find_pages(const struct drawing *drawing, double room,
                      struct page *pages)
{
    size_t at = 0;
    int count = 0;

    while (at < column_count(drawing->column)) {
        if (count == most_pages(drawing))
            return 0;
        pages[count].first = at;
        at = column_fit(drawing->column, at, room, &pages[count].height);
        pages[count].end = at;
        count++;
    }
    return count;
}

/* "1 / 3", with the running words before it. */
static void draw_foot(const struct drawing *drawing, cairo_t *cairo, int number,
                      int count, double y)
{
    const struct sheet *sheet = drawing->sheet;
    const struct style style = { .size = sheet->small,
                                 .least = sheet->small * 0.6,
                                 .is_centred = true };
    const char *running = drawing->slip->running;
    struct column *line;
    struct buf text;

    buf_init(&text, SLIP_TEXT_BYTES + 64);
    if (running)
        buf_add_text(&text, running);
    if (running && count > 1)
        buf_add_text(&text, "　　");
    if (count > 1)
        buf_add_format(&text, "%d / %d", number, count);
    line = column_new(drawing->context, (sheet->width - 2 * sheet->side) * mm);
    if (text.len > 0)
        column_add_text(line, text.text, &style);
    column_draw(line, cairo, 0, column_count(line) ? 1 : 0, sheet->side * mm,
                y);
    column_free(line);
    buf_done(&text);
}

/* Light enough to read through, and on every page: no part of one can be cut
 * out and shown without it. */
static void draw_watermark(const struct drawing *drawing, cairo_t *cairo,
                           double height)
{
    const double size = 60, turned = -0.6, light = 0.9;
    const struct style style = { .size = size, .is_bold = is_bold(drawing) };
    double width = drawing->sheet->width * mm, natural, scale;
    struct column *line;

    if (!drawing->slip->watermark || !*drawing->slip->watermark)
        return;
    line = column_new(drawing->context, 4 * width);
    natural = column_measure(line, drawing->slip->watermark, &style);
    column_add_text(line, drawing->slip->watermark, &style);
    scale = natural > width ? width / natural : 1;
    cairo_save(cairo);
    cairo_translate(cairo, width / 2, height / 2);
    cairo_rotate(cairo, turned);
    cairo_scale(cairo, scale, scale);
    column_draw_in(line, cairo, light, -natural / 2, -size / 2);
    cairo_restore(cairo);
    column_free(line);
}

static cairo_status_t on_bytes(void *owner, const unsigned char *bytes,
                               unsigned int len)
{
    buf_add(owner, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *new_document(const struct sheet *sheet, struct buf *pdf)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        on_bytes, pdf, sheet->width * mm, sheet->least * mm);

    /* 1.4 keeps the pages where simple programs can count them. */
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, "slip");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   "2000-01-01T00:00:00Z");
    return surface;
}

static double page_height(const struct sheet *sheet, double content)
{
    double height = content + (sheet->top + sheet->bottom) * mm;

    return height < sheet->least * mm ? sheet->least * mm : height;
}

static void draw_page(const struct drawing *drawing, cairo_t *cairo,
                      const struct page *page, double mark)
{
    const struct sheet *sheet = drawing->sheet;
    double x = sheet->side * mm, y = sheet->top * mm;

    column_draw(drawing->mark, cairo, 0, column_count(drawing->mark), x, y);
    column_draw(drawing->column, cairo, page->first, page->end, x, y + mark);
}

static enum err draw_pages(const struct drawing *drawing, struct buf *pdf,
                           int *ret_pages, struct buf *why)
{
    const struct sheet *sheet = drawing->sheet;
    struct page pages[DRAW_FORM_PAGES];
    double mark, body = (sheet->most - sheet->top - sheet->bottom) * mm;
    double number_room = sheet->small * 1.6;
    cairo_surface_t *surface;
    cairo_t *cairo;
    int count;

    (void)column_fit(drawing->mark, 0, body, &mark);
    count = find_pages(drawing, body - mark - number_room, pages);
    if (count == 0)
        return complain_of_length(drawing, why);
    surface = new_document(sheet, pdf);
    cairo = cairo_create(surface);
    for (int i = 0; i < count; i++) {
        double content = mark + pages[i].height;
        double height = page_height(sheet, content + number_room);

        cairo_pdf_surface_set_size(surface, sheet->width * mm, height);
        draw_watermark(drawing, cairo, height);
        draw_page(drawing, cairo, &pages[i], mark);
        draw_foot(drawing, cairo, i + 1, count,
                  height - sheet->bottom * mm - number_room * 0.8);
        cairo_show_page(cairo);
    }
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    *ret_pages = count;
    return ERR_OK;
}

/* --- the whole ---------------------------------------------------------- */

static PangoContext *new_context(void)
{
    PangoFontMap *fonts = pango_cairo_font_map_get_default();
    PangoContext *context = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();

    /* As on paper, not as on some screen. */
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    /* The shapes of Chinese characters are the mainland's in any language. */
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    return context;
}

void draw_warm_up(void)
{
    PangoContext *context = new_context();
    struct column *column = column_new(context, 100);
    const struct style plain = { .size = 11 };
    const struct style bold = { .size = 11, .is_bold = true };

    (void)column_measure(column, "南阳 1", &plain);
    (void)column_measure(column, "南阳 1", &bold);
    column_free(column);
    g_object_unref(context);
}

enum err draw_slip(const struct slip *slip, struct buf *pdf, int *ret_pages,
                   struct buf *why)
{
    struct drawing drawing = { .slip = slip, .sheet = &sheets[slip->paper] };
    double width = (drawing.sheet->width - 2 * drawing.sheet->side) * mm;
    enum err err;

    drawing.context = new_context();
    drawing.column = column_new(drawing.context, width);
    drawing.mark = column_new(drawing.context, width);
    err = fill_column(&drawing, why);
    if (!err)
        err = draw_pages(&drawing, pdf, ret_pages, why);
    if (!err && pdf->is_cut) {
        buf_add_text(why, "the document is larger than 3 MiB");
        err = ERR_TOO_BIG;
    }
    column_free(drawing.mark);
    column_free(drawing.column);
    g_object_unref(drawing.context);
    return err;
}
