/* The footer's keys: boxes of three rows, or one row in a small window. */
#include "kiosk/ui/plan.h"

#include "kiosk/base/text.h"

#include <string.h>

enum {
    FOOTER_MAX = 12,
    FOOTER_KEY_COLS = 6, /* the least that a finger hits */
    PADDING_MOST = 2     /* free cells beside the words of a box */
};

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
        if (element_is_written(element) && element->value[0])
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
        key->text =
            turn_text(plan, is_short ? TC(plan->view, "short", "Next %d/%d")
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
                         bool is_short, bool with_spare)
{
    const struct layout *layout = plan->layout;
    const struct element *made = layout->made;

    footer->count = 0;
    if (made && made[1].id)
        add_key(plan, footer, &made[1], is_short);
    for (int part = 0; part < 3; part++)
        for (size_t i = 0; i < view_count(plan->view); i++) {
            const struct element *element = view_element(plan->view, i);
            if (element->is_footer && footer_part(element) == part &&
                (with_spare || element->spare == SPARE_NEVER))
                add_key(plan, footer, element, is_short);
        }
    if (made && made[0].id)
        add_key(plan, footer, &made[0], is_short);
}

/* "│ * 返回 │" or "[*]返回"; a key without a sign is "[ EN ]". */
static int key_cols(const struct footer *footer, const struct footer_key *key,
                    int padding)
{
    int sign = text_width(element_shown_key(key->element));
    int cols = text_width(key->text);

    if (footer->is_boxes)
        cols += 2 + 2 * padding + (sign ? sign + 1 : 0);
    else
        cols += 2 + sign;
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

/* One row's keys stand a column apart when those that may go are among them. */
static int least_gaps(const struct footer *footer)
{
    for (size_t i = 0; i < footer->count && !footer->is_boxes; i++)
        if (footer->keys[i].element->spare != SPARE_NEVER)
            return (int)footer->count - 1;
    return 0;
}

/* What all keys take, or 0 when they do not fit so. */
static int try_keys(struct plan *plan, struct footer *footer, int room,
                    bool with_spare)
{
    for (int is_short = 0; is_short <= 1; is_short++) {
        collect_keys(plan, footer, is_short, with_spare);
        for (int padding = PADDING_MOST; padding >= 0; padding--) {
            int cols = measure_keys(footer, padding);
            if (cols + least_gaps(footer) <= room)
                return cols;
        }
    }
    return 0;
}

/* Fills the columns; returns what all keys take. */
static int fit_keys(struct plan *plan, struct footer *footer, int room)
{
    int fitting = try_keys(plan, footer, room, true);

    if (fitting == 0)
        fitting = try_keys(plan, footer, room, false);
    if (fitting > 0)
        return fitting;
    int cols = measure_keys(footer, 0);
    squeeze(footer, cols, room);
    return room;
}

static int place_key(struct plan *plan, const struct footer_key *key, int row,
                     int col, int rows)
{
    struct ui_place *place = layout_place(
        plan->layout, key->element, (struct area){ row, col, rows, key->cols });

    place->text = key->text;
    place->can_press = !key->element->is_off;
    place->is_chosen = key->element->is_chosen;
    return (int)plan->layout->place_count;
}

static void draw_key_box(struct plan *plan, const struct footer_key *key,
                         int row, int col)
{
    struct layout *layout = plan->layout;
    enum ink ink = key->element->is_off ? INK_OFF
                   : key->is_go         ? INK_GO
                                        : INK_FOOTER;
    int place = place_key(plan, key, row, col, BOX_ROWS);
    const char *sign = element_shown_key(key->element);
    const char *label =
        *sign ? pool_format(&layout->texts, "%s %s", sign, key->text)
              : key->text;
    size_t len = text_fit(label, key->cols - 2);
    int indent = (key->cols - text_width_bytes(label, len)) / 2;

    layout_mark(layout, MARK_BOX, ink,
                (struct area){ row, col, BOX_ROWS, key->cols })
        ->place = place;
    layout_text(layout, &(struct mark){ .ink = ink,
                                        .row = row + 1,
                                        .col = col + indent,
                                        .text = label,
                                        .len = len,
                                        .place = place });
}

static void draw_boxes(struct plan *plan, int row)
{
    struct footer footer = { .is_boxes = true };
    int room = plan->width - 2 * WIDE_INDENT;
    int rest = room - fit_keys(plan, &footer, room);
    int col = plan->left + WIDE_INDENT;

    for (size_t i = 0; i < footer.count; i++) {
        if (footer.keys[i].is_go && i == footer.count - 1)
            footer.keys[i].cols += rest;
        draw_key_box(plan, &footer.keys[i], row, col);
        col += footer.keys[i].cols;
    }
}

/* "[*]返回", and without a sign "[ EN ]". */
static const char *small_label(struct plan *plan, const struct footer_key *key)
{
    struct pool *texts = &plan->layout->texts;
    int spare = key->cols - 2 - text_width(key->text);

    const char *sign = element_shown_key(key->element);

    if (*sign)
        return pool_format(texts, "[%s]%s", sign, key->text);
    if (spare < 0)
        spare = 0;
    return pool_format(texts, "[%*s%s%*s]", spare / 2, "", key->text,
                       spare - spare / 2, "");
}

static void draw_key_line(struct plan *plan, const struct footer_key *key,
                          int row, int col)
{
    struct layout *layout = plan->layout;
    enum ink ink = key->element->is_off ? INK_OFF
                   : key->is_go         ? INK_GO
                                        : INK_FOOTER;
    int place = place_key(plan, key, row, col, 1);
    const char *label = small_label(plan, key);
    size_t len = text_fit(label, key->cols);

    layout_mark(layout, MARK_FILL, ink, (struct area){ row, col, 1, key->cols })
        ->place = place;
    layout_text(layout, &(struct mark){ .ink = ink,
                                        .row = row,
                                        .col = col,
                                        .text = label,
                                        .len = len,
                                        .place = place });
}

/* The go key stands at the right end, the others from the left, one column
 * apart while there is room for that. */
void footer_draw_row(struct plan *plan, int row)
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
    const char *text = pool_format(&plan->layout->texts, "  %s_  %s  ", pending,
                                   T(plan->view, "Now the second digit"));
    int cols = text_width(text);
    layout_text(plan->layout,
                &(struct mark){ .ink = INK_FOCUS,
                                .row = plan->footer_row,
                                .col = plan->left + plan->width - cols - 1,
                                .text = text,
                                .len = strlen(text) });
}

void footer_draw(struct plan *plan)
{
    draw_pending(plan);
    if (plan->is_big)
        draw_boxes(plan, plan->footer_row + 1);
    else
        footer_draw_row(plan, plan->footer_row + 1);
}
