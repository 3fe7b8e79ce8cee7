/* What stands around the body, but for the footer's keys: place, trouble and
 * clock, and where one is in the item. */
#include "kiosk/ui/plan.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/fill.h"
#include "kiosk/base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    TEXT_INDENT_BIG = 3,
    TITLE_LINES_MAX = 2,
    TROUBLE_BYTES = 1024,
    FOOTER_BOX_ROWS = 4, /* with its rule */
    FOOTER_LINE_ROWS = 2
};

static const char *header_text(const struct plan *plan, const char *id)
{
    const struct element *element = view_find(plan->view, id);
    return element && element->is_header ? element->text : "";
}

/* ---- How much room it takes -------------------------------------------- */

static int title_cols(const struct plan *plan)
{
    int stage = text_width(header_text(plan, "header.stage"));
    int margins = plan->is_big ? 2 * WIDE_INDENT : 0;
    return plan->width - margins - (stage ? stage + 1 : 0);
}

static void measure_big(struct plan *plan)
{
    const char *item = header_text(plan, "header.item");
    const struct layout_ask *ask = plan->ask;
    int reach =
        ask->rows > LAYOUT_ROWS_REACH ? ask->rows - LAYOUT_ROWS_REACH : 0;

    plan->title_row = reach > 2 ? reach : 2;
    if (*item)
        plan->title_rows = plan_lines(item, title_cols(plan));
    if (plan->title_rows > TITLE_LINES_MAX)
        plan->title_rows = TITLE_LINES_MAX;
    plan->body_row = plan->title_row + plan->title_rows + 1;
    plan->text_col = plan->left + TEXT_INDENT_BIG;
    plan->text_cols = plan->width - 2 * TEXT_INDENT_BIG;
    plan->wide_col = plan->left + WIDE_INDENT;
    plan->wide_cols = plan->width - 2 * WIDE_INDENT;
}

static void measure_small(struct plan *plan)
{
    const char *item = header_text(plan, "header.item");
    bool has_header = *item || *header_text(plan, "header.place") ||
                      *header_text(plan, "header.clock");
    int reach = plan->ask->rows > LAYOUT_ROWS_REACH
                    ? plan->ask->rows - LAYOUT_ROWS_REACH
                    : 0;

    if (*item) {
        plan->title_rows = plan_lines(item, title_cols(plan));
        if (plan->title_rows > TITLE_LINES_MAX)
            plan->title_rows = TITLE_LINES_MAX;
    } else if (has_header) {
        plan->title_rows = 1;
    }
    plan->body_row = plan->title_rows ? plan->title_rows + 1 : 0;
    if (reach > plan->body_row)
        plan->body_row = reach;
    plan->text_col = plan->wide_col = plan->left;
    plan->text_cols = plan->wide_cols = plan->width;
}

void surround_measure(struct plan *plan)
{
    const struct layout_ask *ask = plan->ask;
    int footer_rows = 0;

    plan->is_big = ask->cols >= LAYOUT_COLS_BIG && ask->rows >= LAYOUT_ROWS_BIG;
    plan->width = ask->cols > LAYOUT_COLS_MAX ? LAYOUT_COLS_MAX : ask->cols;
    plan->left = (ask->cols - plan->width) / 2;
    if (plan->has_footer)
        footer_rows = plan->is_big ? FOOTER_BOX_ROWS : FOOTER_LINE_ROWS;
    plan->footer_row = ask->rows - footer_rows;
    if (plan->is_big)
        measure_big(plan);
    else
        measure_small(plan);
    plan->body_rows = plan->footer_row - plan->body_row;
}

/* ---- Header ------------------------------------------------------------ */

static void place_header(struct plan *plan, const char *id, int row, int col,
                         int cols)
{
    const struct element *element = view_find(plan->view, id);
    if (element && element->is_header)
        layout_place(plan->layout, element, (struct area){ row, col, 1, cols });
}

/* The whole place, or what stands behind its last wide space (the hall and
 * the machine's number), which is what a caller on the telephone needs. */
static const char *place_that_fits(const char *place, int cols)
{
    const char *wide = NULL;

    if (text_width(place) <= cols)
        return place;
    for (const char *at = place; *at; at++)
        if (strncmp(at, "\u3000", 3) == 0)
            wide = at + 3;
        else if (strncmp(at, "  ", 2) == 0)
            wide = at + 2;
    return wide ? wide : place;
}

/* Bytes of the longest beginning that does not end within a word. */
static size_t fit_words(const char *text, int cols)
{
    size_t len = text_fit(text, cols), end = len;

    while (end > 0 && text[end] != '\0' && text[end] != ' ')
        end--;
    return end > 0 ? end : len;
}

/* As much of the text as the area has columns for. */
static void put(struct plan *plan, const char *id, enum ink ink,
                struct area area, const char *text)
{
    size_t len = fit_words(text, area.cols);
    layout_text(plan->layout, &(struct mark){ .ink = ink,
                                              .row = area.row,
                                              .col = area.col,
                                              .text = text,
                                              .len = len });
    place_header(plan, id, area.row, area.col, text_width_bytes(text, len));
}

static void draw_rule(struct plan *plan, int row)
{
    layout_mark(plan->layout, MARK_RULE, INK_RULE,
                (struct area){ row, plan->left, 1, plan->width });
}

static const char wide_space[] = "\u3000";

/* Bytes of text before its last wide space; 0: it has none. */
static size_t without_last(const char *text, size_t len)
{
    size_t wide_len = sizeof wide_space - 1;

    while (len > 0) {
        len--;
        if (strncmp(text + len, wide_space, wide_len) == 0)
            return len;
    }
    return 0;
}

static const char *with_count(struct plan *plan, const char *text, size_t len,
                              unsigned long left)
{
    char number[24];
    const struct fill fill = { "count", number };
    struct buf words;

    (void)snprintf(number, sizeof number, "%lu", left);
    buf_init(&words, TROUBLE_BYTES);
    buf_add(&words, text, len);
    buf_add_text(&words, wide_space);
    fill_text(&words,
              TN(plan->view, "and {count} more", "and {count} more", left),
              &fill, 1);
    const char *made = pool_copy_text(&plan->layout->texts, words.text);
    buf_done(&words);
    return made;
}

/* "No reader  Offline  and 2 more": whole troubles only. */
static const char *trouble_that_fits(struct plan *plan, int cols)
{
    const struct element *element = view_find(plan->view, "header.trouble");
    const char *few = element->note ? element->note : element->text;
    size_t len = strlen(few);

    if (text_width(element->text) <= cols)
        return element->text;
    const char *text = few;
    for (unsigned long left = 1; text_width(text) > cols; left++) {
        len = without_last(few, len);
        if (len == 0)
            return few; /* one alone; put() cuts it */
        text = with_count(plan, few, len, left);
    }
    return text;
}

/* Trouble stands beside the clock, or on the rule where there is no room. */
static void draw_trouble(struct plan *plan, int row, int from_col, int to_col)
{
    const char *trouble = header_text(plan, "header.trouble");
    int right = plan->left + plan->width - 1;

    if (!*trouble)
        return;
    if (from_col + 1 + text_width(trouble) + 2 > to_col) {
        row++;
        to_col = right + 1;
        trouble = trouble_that_fits(plan, plan->width - 2);
    }
    int cols = text_width(trouble) + 2;
    if (cols > plan->width)
        cols = plan->width;
    layout_mark(plan->layout, MARK_FILL, INK_TROUBLE,
                (struct area){ row, to_col - cols, 1, cols });
    put(plan, "header.trouble", INK_TROUBLE,
        (struct area){ row, to_col - cols + 1, 1, cols - 2 }, trouble);
}

/* The band with place and clock; returns the columns left between them. */
static void draw_band(struct plan *plan, int row)
{
    const char *clock = header_text(plan, "header.clock");
    const char *place = header_text(plan, "header.place");
    int margin = plan->is_big ? WIDE_INDENT : 0;
    int right = plan->left + plan->width - margin;
    int clock_cols = text_width(clock);
    int col = plan->left + margin;

    layout_mark(plan->layout, MARK_FILL, INK_BAND,
                (struct area){ row, 0, 1, plan->ask->cols });
    int room = right - col - (clock_cols ? clock_cols + 1 : 0);
    place = plan_shown(plan, place_that_fits(place, room));
    if (*place)
        put(plan, "header.place", INK_BAND, (struct area){ row, col, 1, room },
            place);
    if (*clock)
        put(plan, "header.clock", INK_BAND,
            (struct area){ row, right - clock_cols, 1, clock_cols }, clock);
    draw_rule(plan, row + 1);
    int used = text_width(place) > room ? room : text_width(place);
    draw_trouble(plan, row, col + used,
                 right - (clock_cols ? clock_cols + 1 : 0));
}

struct title_pen {
    struct plan *plan;
    int row, col, left;
};

static void on_title(void *owner, const char *line, size_t len)
{
    struct title_pen *pen = owner;
    if (pen->left-- > 0)
        layout_text(pen->plan->layout, &(struct mark){ .ink = INK_TITLE,
                                                       .row = pen->row++,
                                                       .col = pen->col,
                                                       .text = line,
                                                       .len = len });
}

static void draw_title(struct plan *plan, int row)
{
    const char *item = header_text(plan, "header.item");
    const char *stage = header_text(plan, "header.stage");
    int margin = plan->is_big ? WIDE_INDENT : 0;
    struct title_pen pen = { plan, row, plan->left + margin, plan->title_rows };
    int cols = text_width(stage);

    if (*item) {
        text_wrap(plan_shown(plan, item), title_cols(plan), on_title, &pen);
        place_header(plan, "header.item", row, pen.col, title_cols(plan));
    }
    if (*stage)
        put(plan, "header.stage", INK_STAGE,
            (struct area){ row, plan->left + plan->width - margin - cols, 1,
                           cols },
            stage);
}

static void draw_header(struct plan *plan)
{
    bool has_item = *header_text(plan, "header.item") != '\0';

    if (plan->is_big) {
        draw_band(plan, 0);
        if (plan->title_rows)
            draw_title(plan, plan->title_row);
    } else if (has_item) {
        draw_title(plan, 0);
        draw_rule(plan, plan->title_rows);
        draw_trouble(plan, plan->title_rows - 1, plan->ask->cols, 0);
    } else if (plan->title_rows) {
        draw_band(plan, 0);
    }
}

/* What the check of a previewed item found stands on the footer's rule, so that
 * the page has the room that it will have.  It has a page of its own, where it
 * stands whole. */
static void draw_findings(struct plan *plan)
{
    static const char more[] = " ...";
    const char *findings = header_text(plan, "header.findings");
    int room = plan->width - 2, cols = text_width(findings);
    struct area area = { plan->footer_row, plan->left + 1, 1, cols };

    if (!*findings || !plan->has_footer)
        return;
    bool is_cut = cols > room;
    if (is_cut) {
        area.cols = room - (int)strlen(more);
        area.cols = text_width_bytes(findings, fit_words(findings, area.cols));
        cols = area.cols + (int)strlen(more);
    }
    layout_mark(plan->layout, MARK_FILL, INK_TROUBLE,
                (struct area){ area.row, plan->left, 1, cols + 2 });
    put(plan, "header.findings", INK_TROUBLE, area, findings);
    if (is_cut)
        layout_text(plan->layout, &(struct mark){ .ink = INK_TROUBLE,
                                                  .row = area.row,
                                                  .col = area.col + area.cols,
                                                  .text = more,
                                                  .len = strlen(more) });
}

void surround_draw(struct plan *plan)
{
    draw_header(plan);
    if (plan->has_footer)
        draw_rule(plan, plan->footer_row);
    draw_findings(plan);
}
