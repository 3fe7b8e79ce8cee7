/* What stands around the body: place, trouble and clock, where one is in the
 * item, and the footer's keys. */
#include "kiosk/ui/plan.h"

#include "kiosk/base/text.h"

#include <string.h>

enum {
    TEXT_INDENT_BIG = 3,
    WIDE_INDENT_BIG = 1,
    TITLE_LINES_MAX = 2,
    FOOTER_MAX = 12,
    FOOTER_KEY_COLS = 6, /* the least that a finger hits */
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
    int margins = plan->is_big ? 2 * WIDE_INDENT_BIG : 0;
    return plan->width - margins - (stage ? stage + 1 : 0);
}

static void measure_big(struct plan *plan)
{
    const char *item = header_text(plan, "header.item");
    const struct layout_ask *ask = plan->ask;
    int reach = ask->rows > LAYOUT_ROWS_REACH ? ask->rows - LAYOUT_ROWS_REACH
                                              : 0;

    plan->title_row = reach > 2 ? reach : 2;
    if (*item)
        plan->title_rows = plan_lines(item, title_cols(plan));
    if (plan->title_rows > TITLE_LINES_MAX)
        plan->title_rows = TITLE_LINES_MAX;
    plan->body_row = plan->title_row + plan->title_rows + 1;
    plan->text_col = plan->left + TEXT_INDENT_BIG;
    plan->text_cols = plan->width - 2 * TEXT_INDENT_BIG;
    plan->wide_col = plan->left + WIDE_INDENT_BIG;
    plan->wide_cols = plan->width - 2 * WIDE_INDENT_BIG;
}

static void measure_small(struct plan *plan)
{
    const char *item = header_text(plan, "header.item");
    bool has_header =
        *item || *header_text(plan, "header.place") ||
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

    plan->is_big =
        ask->cols >= LAYOUT_COLS_BIG && ask->rows >= LAYOUT_ROWS_BIG;
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
        layout_place(plan->layout, element, row, col, 1, cols);
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

static void put(struct plan *plan, const char *id, enum ink ink, int row,
                int col, const char *text, int cols)
{
    size_t len = text_fit(text, cols);
    layout_text(plan->layout, ink, row, col, text, len, -1);
    place_header(plan, id, row, col, text_width_bytes(text, len));
}

static void draw_rule(struct plan *plan, int row)
{
    layout_mark(plan->layout, MARK_RULE, INK_RULE, row, plan->left, 1,
                plan->width);
}

/* Trouble stands beside the clock, or on the rule where there is no room. */
static void draw_trouble(struct plan *plan, int row, int from_col, int to_col)
{
    const char *trouble = header_text(plan, "header.trouble");
    int right = plan->left + plan->width - 1;

    if (!*trouble)
        return;
    int cols = text_width(trouble) + 2;
    if (from_col + 1 + cols > to_col) {
        row++;
        to_col = right + 1;
        if (cols > plan->width)
            cols = plan->width;
    }
    layout_mark(plan->layout, MARK_FILL, INK_TROUBLE, row, to_col - cols, 1,
                cols);
    put(plan, "header.trouble", INK_TROUBLE, row, to_col - cols + 1, trouble,
        cols - 2);
}

/* The band with place and clock; returns the columns left between them. */
static void draw_band(struct plan *plan, int row)
{
    const char *clock = header_text(plan, "header.clock");
    const char *place = header_text(plan, "header.place");
    int margin = plan->is_big ? WIDE_INDENT_BIG : 0;
    int right = plan->left + plan->width - margin;
    int clock_cols = text_width(clock);
    int col = plan->left + margin;

    layout_mark(plan->layout, MARK_FILL, INK_BAND, row, 0, 1, plan->ask->cols);
    int room = right - col - (clock_cols ? clock_cols + 1 : 0);
    place = plan_shown(plan, place_that_fits(place, room));
    if (*place)
        put(plan, "header.place", INK_BAND, row, col, place, room);
    if (*clock)
        put(plan, "header.clock", INK_BAND, row, right - clock_cols, clock,
            clock_cols);
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
        layout_text(pen->plan->layout, INK_TITLE, pen->row++, pen->col, line,
                    len, -1);
}

static void draw_title(struct plan *plan, int row)
{
    const char *item = header_text(plan, "header.item");
    const char *stage = header_text(plan, "header.stage");
    int margin = plan->is_big ? WIDE_INDENT_BIG : 0;
    struct title_pen pen = { plan, row, plan->left + margin,
                             plan->title_rows };
    int cols = text_width(stage);

    if (*item) {
        text_wrap(plan_shown(plan, item), title_cols(plan), on_title, &pen);
        place_header(plan, "header.item", row, pen.col, title_cols(plan));
    }
    if (*stage)
        put(plan, "header.stage", INK_STAGE, row,
            plan->left + plan->width - margin - cols, stage, cols);
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

/* ---- Footer ------------------------------------------------------------ */

struct footer_key {
    const struct element *element;
    const char *text;
    int cols;
    bool is_go;
};

struct footer {
    struct footer_key keys[FOOTER_MAX];
    size_t count;
    bool is_boxes;
};

/* "Next page %d/%d" with the places filled; printf would need the format to
 * be known when this is compiled. */
static const char *turn_text(struct plan *plan, const char *words)
{
    struct layout *layout = plan->layout;
    const char *first = strstr(words, "%d");
    const char *second = first ? strstr(first + 2, "%d") : NULL;

    if (!second)
        return words;
    return pool_format(&layout->texts, "%.*s%d%.*s%d%s", (int)(first - words),
                       words, layout->turn, (int)(second - first - 2),
                       first + 2, layout->turns, second + 2);
}

static bool go_turns(const struct plan *plan)
{
    const struct layout *layout = plan->layout;
    bool is_written = false;

    /* With something typed, # ends the field, whatever the turn. */
    for (size_t i = 0; i < view_count(plan->view); i++) {
        const struct element *element = view_element(plan->view, i);
        if (element->typing != TYPING_NONE && element->value[0])
            is_written = true;
    }
    return layout->turn < layout->turns && !is_written;
}

static void add_key(struct plan *plan, struct footer *footer,
                    const struct element *element, bool is_short)
{
    if (footer->count == FOOTER_MAX)
        return;
    struct footer_key *key = &footer->keys[footer->count++];
    key->element = element;
    key->is_go = *element->key == '#';
    key->text = element->text;
    if (is_short && element->note)
        key->text = element->note;
    if (key->is_go && go_turns(plan))
        key->text = turn_text(
            plan, is_short ? TC(plan->view, "short", "Next %d/%d")
                           : T(plan->view, "Next page %d/%d"));
}

/* Back stands first and go last, in whatever order they were described: a hand
 * finds them at the same end on each page. */
static int footer_part(const struct element *element)
{
    if (*element->key == '*')
        return 0;
    return *element->key == '#' ? 2 : 1;
}

static void collect_keys(struct plan *plan, struct footer *footer,
                         bool is_short)
{
    const struct layout *layout = plan->layout;
    const struct element *made = layout->made;

    footer->count = 0;
    if (made && made[1].id)
        add_key(plan, footer, &made[1], is_short);
    for (int part = 0; part < 3; part++)
        for (size_t i = 0; i < view_count(plan->view); i++) {
            const struct element *element = view_element(plan->view, i);
            if (element->is_footer && footer_part(element) == part)
                add_key(plan, footer, element, is_short);
        }
    if (made && made[0].id)
        add_key(plan, footer, &made[0], is_short);
}

/* "│ * 返回 │" or "[*]返回"; a key without a sign is "[ EN ]". */
static int key_cols(const struct footer *footer, const struct footer_key *key,
                    int padding)
{
    int sign = text_width(key->element->key);
    int cols = text_width(key->text);

    if (footer->is_boxes)
        cols += 2 + 2 * padding + (sign ? sign + 1 : 0);
    else
        cols += sign ? sign + 2 : 4;
    return cols < FOOTER_KEY_COLS ? FOOTER_KEY_COLS : cols;
}

static int measure_keys(struct footer *footer, int padding)
{
    int cols = 0;

    for (size_t i = 0; i < footer->count; i++) {
        footer->keys[i].cols = key_cols(footer, &footer->keys[i], padding);
        cols += footer->keys[i].cols;
    }
    return cols;
}

/* The widest words give way until all keys stand side by side. */
static void squeeze(struct footer *footer, int cols, int room)
{
    while (cols > room) {
        struct footer_key *widest = &footer->keys[0];
        for (size_t i = 1; i < footer->count; i++)
            if (footer->keys[i].cols > widest->cols)
                widest = &footer->keys[i];
        if (widest->cols <= FOOTER_KEY_COLS)
            return;
        widest->cols--;
        cols--;
    }
}

/* Fills the columns; returns what all keys take. */
static int fit_keys(struct plan *plan, struct footer *footer, int room)
{
    for (int is_short = 0; is_short <= 1; is_short++) {
        collect_keys(plan, footer, is_short);
        for (int padding = 1; padding >= 0; padding--) {
            int cols = measure_keys(footer, padding);
            if (cols <= room)
                return cols;
        }
    }
    int cols = measure_keys(footer, 0);
    squeeze(footer, cols, room);
    return room;
}

static int place_key(struct plan *plan, const struct footer_key *key, int row,
                     int col, int rows)
{
    struct ui_place *place =
        layout_place(plan->layout, key->element, row, col, rows, key->cols);

    place->text = key->text;
    place->can_press = !key->element->is_off;
    place->is_chosen = key->element->is_chosen;
    return (int)(plan->layout->place_count - 1);
}

static void draw_key_box(struct plan *plan, const struct footer_key *key,
                         int row, int col)
{
    struct layout *layout = plan->layout;
    enum ink ink = key->element->is_off ? INK_OFF
                   : key->is_go         ? INK_GO
                                        : INK_FOOTER;
    int place = place_key(plan, key, row, col, BOX_ROWS);
    const char *label =
        *key->element->key
            ? pool_format(&layout->texts, "%s %s", key->element->key,
                          key->text)
            : key->text;
    size_t len = text_fit(label, key->cols - 2);
    int indent = (key->cols - text_width_bytes(label, len)) / 2;

    layout_mark(layout, MARK_BOX, ink, row, col, BOX_ROWS, key->cols)->place =
        place;
    layout_text(layout, ink, row + 1, col + indent, label, len, place);
}

static void draw_boxes(struct plan *plan, int row)
{
    struct footer footer = { .is_boxes = true };
    int room = plan->width - 2 * WIDE_INDENT_BIG;
    int rest = room - fit_keys(plan, &footer, room);
    int col = plan->left + WIDE_INDENT_BIG;

    for (size_t i = 0; i < footer.count; i++) {
        if (footer.keys[i].is_go && i == footer.count - 1)
            footer.keys[i].cols += rest;
        draw_key_box(plan, &footer.keys[i], row, col);
        col += footer.keys[i].cols;
    }
}

static void draw_key_line(struct plan *plan, const struct footer_key *key,
                          int row, int col)
{
    struct layout *layout = plan->layout;
    enum ink ink = key->element->is_off ? INK_OFF
                   : key->is_go         ? INK_GO
                                        : INK_FOOTER;
    bool has_sign = *key->element->key != '\0';
    int place = place_key(plan, key, row, col, 1);
    const char *label =
        has_sign ? pool_format(&layout->texts, "[%s]%s", key->element->key,
                               key->text)
                 : pool_format(&layout->texts, "[ %s ]", key->text);
    if (text_width(label) > key->cols && !has_sign)
        label = pool_format(&layout->texts, "[%s]", key->text);
    size_t len = text_fit(label, key->cols);

    layout_mark(layout, MARK_FILL, ink, row, col, 1, key->cols)->place = place;
    layout_text(layout, ink, row, col, label, len, place);
}

/* The go key stands at the right end, the others from the left, one column
 * apart while there is room for that. */
void surround_draw_footer_row(struct plan *plan, int row)
{
    struct footer footer = { .is_boxes = false };
    int room = plan->width;
    int spare = room - fit_keys(plan, &footer, room);
    int col = plan->left;

    for (size_t i = 0; i < footer.count; i++) {
        const struct footer_key *key = &footer.keys[i];
        bool is_last = i == footer.count - 1;
        if (is_last && key->is_go)
            col = plan->left + room - key->cols;
        draw_key_line(plan, key, row, col);
        col += key->cols;
        if (spare > 0 && !is_last) {
            col++;
            spare--;
        }
    }
}

/* The first digit of a number from 11 on waits for its second. */
static void draw_pending(struct plan *plan)
{
    const char *pending = plan->ask->pending;

    if (!pending || !*pending)
        return;
    const char *text = pool_format(&plan->layout->texts, " %s %s_ ",
                                   T(plan->view, "Number"), pending);
    int cols = text_width(text);
    layout_text(plan->layout, INK_FOCUS, plan->footer_row,
                plan->left + plan->width - cols - 1, text, strlen(text), -1);
}

void surround_draw(struct plan *plan)
{
    draw_header(plan);
    if (!plan->has_footer)
        return;
    draw_rule(plan, plan->footer_row);
    draw_pending(plan);
    if (plan->is_big)
        draw_boxes(plan, plan->footer_row + 1);
    else
        surround_draw_footer_row(plan, plan->footer_row + 1);
}
