/* An item's pages and which follow which.  The pages stand in one order and a
 * page whose rule does not hold is left out, so that the edges from a page lead
 * to the next one without a rule, and to each one with a rule before that.
 * Rules are written as they are, not solved: an edge that no person can take
 * stands here, too. */
#include "kiosk/flow/item.h"

#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/walk.h"

enum { NEEDS_BYTES = 16 * 1024, ID_COLS = 14, SCREEN_COLS = 12 };

/* What the edge from page `from` (-1: the beginning) to `to` needs: `to` is
 * shown, those between are not. */
static void add_needs(const struct item *item, int from, int to,
                      struct buf *out)
{
    const char *between = "";

    for (int i = from + 1; i < to; i++) {
        buf_add_format(out, "%s!(%s)", between, item->steps[i].when_text);
        between = " && ";
    }
    if (to < (int)item->step_count && item->steps[to].when_text)
        buf_add_format(out, "%s%s", between, item->steps[to].when_text);
}

/* Calls on_edge for each edge from a page; to == step_count: the end. */
static void find_edges(const struct item *item, int from,
                       void (*on_edge)(void *owner, int to, const char *needs),
                       void *owner)
{
    int count = (int)item->step_count;
    struct buf needs;

    if (from >= 0 && walk_is_closing(&item->steps[from])) {
        on_edge(owner, count, "");
        return;
    }
    for (int to = from + 1; to <= count; to++) {
        buf_init(&needs, NEEDS_BYTES);
        add_needs(item, from, to, &needs);
        on_edge(owner, to, needs.text);
        buf_done(&needs);
        if (to == count || !item->steps[to].when_text)
            return;
    }
}

static const char *heading(const struct step *step)
{
    const struct words *says = step->person  ? &step->role
                               : step->value ? &step->label
                                             : &step->ask;

    return words_in(says, LANGUAGE_ZH_CN);
}

/* ---- Text --------------------------------------------------------------- */

static void add_padded(struct buf *out, const char *text, int cols)
{
    buf_add_text(out, text);
    for (int col = text_width(text); col < cols; col++)
        buf_add_char(out, ' ');
}

struct lines {
    const struct item *item;
    struct buf *out;
};

static void add_edge_line(void *owner, int to, const char *needs)
{
    const struct lines *lines = owner;
    bool is_end = to == (int)lines->item->step_count;

    buf_add_text(lines->out, "      -> ");
    if (is_end)
        add_padded(lines->out, "end", ID_COLS + 3);
    else {
        buf_add_format(lines->out, "%2d ", to + 1);
        add_padded(lines->out, lines->item->steps[to].id, ID_COLS);
    }
    if (*needs)
        buf_add_format(lines->out, "  %s", needs);
    while (lines->out->len && lines->out->text[lines->out->len - 1] == ' ')
        lines->out->text[--lines->out->len] = '\0';
    buf_add_char(lines->out, '\n');
}

static void add_stop_lines(const struct step *step, struct buf *out)
{
    for (size_t i = 0; i < step->stop_count; i++) {
        buf_add_text(out, "      => stop ");
        add_padded(out, step->stops[i].id, ID_COLS - 2);
        buf_add_format(out, "  %s\n", step->stops[i].when_text);
    }
}

static void add_text(const struct item *item, struct buf *out)
{
    struct lines lines = { item, out };

    buf_add_format(out, "%s: %s\n\n    begin\n", item->id,
                   words_in(&item->title, LANGUAGE_ZH_CN));
    find_edges(item, -1, add_edge_line, &lines);
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (step->section.in[LANGUAGE_ZH_CN])
            buf_add_format(out, "\n== %s\n",
                           words_in(&step->section, LANGUAGE_ZH_CN));
        buf_add_format(out, "\n%3zu ", i + 1);
        add_padded(out, step->id, ID_COLS);
        buf_add_char(out, ' ');
        if (*heading(step)) {
            add_padded(out, step->screen, SCREEN_COLS);
            buf_add_format(out, " %s\n", heading(step));
        } else {
            buf_add_format(out, "%s\n", step->screen);
        }
        add_stop_lines(step, out);
        if (step->group && strcmp(step->screen, "another") == 0)
            buf_add_format(out, "      (again up to %d times)\n",
                           step->most_entries);
        find_edges(item, (int)i, add_edge_line, &lines);
    }
}

/* ---- Picture ------------------------------------------------------------ */

enum {
    STOP_X = 20,
    STOP_WIDTH = 300,
    PAGE_X = 360,
    PAGE_WIDTH = 320,
    PAGE_HEIGHT = 48,
    STOP_HEIGHT = 40,
    GAP = 44,
    BEND = 26,
    TOP = 60,
    WIDTH = 1200
};

static void add_escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            buf_add_text(out, "&lt;");
        else if (*text == '>')
            buf_add_text(out, "&gt;");
        else if (*text == '&')
            buf_add_text(out, "&amp;");
        else
            buf_add_char(out, *text);
    }
}

static void add_label(struct buf *out, const char *class, int x, int y,
                      const char *text)
{
    buf_add_format(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
    add_escaped(out, text);
    buf_add_text(out, "</text>\n");
}

static void add_box(struct buf *out, const char *class, int x, int y, int width,
                    int height)
{
    buf_add_format(out,
                   "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
                   "height=\"%d\" rx=\"6\"/>\n",
                   class, x, y, width, height);
}

static int height_of(const struct step *step)
{
    int stops = (int)step->stop_count * (STOP_HEIGHT + 8);

    return (stops > PAGE_HEIGHT ? stops : PAGE_HEIGHT) + GAP;
}

/* The top of page `at`; of step_count: of the end. */
static int top_of(const struct item *item, int at)
{
    int y = TOP + GAP;

    for (int i = 0; i < at; i++)
        y += height_of(&item->steps[i]);
    return y;
}

struct picture {
    const struct item *item;
    struct buf *out;
    int from;
};

static int bottom_of(const struct item *item, int at)
{
    return at < 0 ? TOP : top_of(item, at) + PAGE_HEIGHT;
}

/* To the next page straight down, past others around them on the right. */
static void add_edge(void *owner, int to, const char *needs)
{
    const struct picture *picture = owner;
    int from_y = bottom_of(picture->item, picture->from);
    int to_y = top_of(picture->item, to);
    int skipped = to - picture->from - 1;
    int x = PAGE_X + PAGE_WIDTH / 2;

    if (skipped == 0) {
        buf_add_format(picture->out,
                       "<path class=\"edge\" d=\"M%d %d V%d\"/>\n", x, from_y,
                       to_y - 2);
        add_label(picture->out, "needs", x + 8, to_y - 8, needs);
        return;
    }
    int right = PAGE_X + PAGE_WIDTH, out_x = right + BEND * skipped;
    buf_add_format(picture->out,
                   "<path class=\"edge\" d=\"M%d %d H%d V%d H%d\"/>\n", right,
                   from_y - 12, out_x, to_y + 12, right + 2);
    add_label(picture->out, "needs", out_x + 6, to_y + 8, needs);
}

static void add_stops(const struct step *step, int y, struct buf *out)
{
    for (size_t i = 0; i < step->stop_count; i++) {
        const struct stop *stop = &step->stops[i];
        int top = y + (int)i * (STOP_HEIGHT + 8);

        add_box(out, "stop", STOP_X, top, STOP_WIDTH, STOP_HEIGHT);
        add_label(out, "id", STOP_X + 8, top + 16, stop->id);
        add_label(out, "needs", STOP_X + 8, top + 33, stop->when_text);
        buf_add_format(out, "<path class=\"edge\" d=\"M%d %d H%d\"/>\n", PAGE_X,
                       top + 20 < y + PAGE_HEIGHT ? top + 20
                                                  : y + PAGE_HEIGHT - 6,
                       STOP_X + STOP_WIDTH + 2);
    }
}

static void add_page(const struct item *item, int at, struct buf *out)
{
    const struct step *step = &item->steps[at];
    int y = top_of(item, at);
    struct buf name;

    buf_init(&name, 256);
    buf_add_format(&name, "%d  %s (%s)", at + 1, step->id, step->screen);
    add_box(out, step->when_text ? "page sometimes" : "page", PAGE_X, y,
            PAGE_WIDTH, PAGE_HEIGHT);
    add_label(out, "id", PAGE_X + 8, y + 19, name.text);
    add_label(out, "ask", PAGE_X + 8, y + 39, heading(step));
    add_stops(step, y, out);
    buf_done(&name);
}

static const char style[] =
    "<style>\n"
    "text { font-family: sans-serif; font-size: 14px }\n"
    ".id { font-weight: bold }\n"
    ".needs { font-family: monospace; font-size: 12px; fill: #444 }\n"
    ".title { font-size: 20px }\n"
    ".page { fill: #eef4fb; stroke: #235 }\n"
    ".sometimes { stroke-dasharray: 5 3 }\n"
    ".stop { fill: #fbeeee; stroke: #722 }\n"
    ".edge { fill: none; stroke: #235; marker-end: url(#tip) }\n"
    "</style>\n"
    "<defs><marker id=\"tip\" markerWidth=\"8\" markerHeight=\"8\" refX=\"6\" "
    "refY=\"4\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker>"
    "</defs>\n";

static void add_picture(const struct item *item, struct buf *out)
{
    int count = (int)item->step_count;
    struct picture picture = { item, out, -1 };
    int end = top_of(item, count);

    buf_add_format(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
                   "height=\"%d\">\n",
                   WIDTH, end + PAGE_HEIGHT);
    buf_add_text(out, style);
    add_label(out, "title", PAGE_X, TOP - 24,
              words_in(&item->title, LANGUAGE_ZH_CN));
    for (; picture.from < count; picture.from++)
        find_edges(item, picture.from, add_edge, &picture);
    for (int i = 0; i < count; i++)
        add_page(item, i, out);
    add_box(out, "page", PAGE_X, end, PAGE_WIDTH, PAGE_HEIGHT / 2);
    add_label(out, "id", PAGE_X + 8, end + 17, "end");
    buf_add_text(out, "</svg>\n");
}

/* ---- Groups -------------------------------------------------------------- */

/* One entry stands for all of its group. */
void item_paths_text(const struct item *item, struct buf *out)
{
    struct item fewer = item_with_entries(item, 1);

    add_text(&fewer, out);
    mem_free(fewer.steps);
}

void item_paths_svg(const struct item *item, struct buf *out)
{
    struct item fewer = item_with_entries(item, 1);

    add_picture(&fewer, out);
    mem_free(fewer.steps);
}
