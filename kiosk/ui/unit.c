/* What each kind of element needs: how many rows, how far from the one before,
 * and whether it may be split. */
#include "kiosk/ui/plan.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/text.h"

#include <string.h>

enum {
    SHOWN_BYTES_MAX = 16 * 1024,
    UNITS_FIRST = 16, /* that room is made for; most pages have fewer */
    LABEL_PART = 3,   /* labels take at most a third */
    FIELD_COLS_MIN = 18,
    FIELD_ROOM = 3, /* cells more than the characters need */
    FIELD_LINES_BIG = 6,
    FIELD_LINES_SMALL = 4,
    FIELD_LINES_LESS = 3, /* while a page of writing is squeezed */
    KEY_COLS_SMALL = 6,   /* the least that a finger hits */
    DIGIT_ROWS = 4
};

int plan_lines(const char *text, int cols)
{
    if (!*text)
        return 0;
    return text_wrap_count(text, cols < 1 ? 1 : cols);
}

const char *plan_shown(struct plan *plan, const char *text)
{
    struct buf shown;

    if (text_is_for_screen(text))
        return text;
    buf_init(&shown, SHOWN_BYTES_MAX);
    text_for_screen(text, &shown);
    const char *copy = pool_copy(&plan->layout->texts, shown.text, shown.len);
    buf_done(&shown);
    return copy;
}

struct unit *plan_add_unit(struct plan *plan, enum unit_kind kind,
                           const struct element *element)
{
    if (plan->unit_count == plan->unit_room) {
        plan->unit_room = plan->unit_room ? plan->unit_room * 2 : UNITS_FIRST;
        plan->units = pool_more(&plan->layout->texts, plan->units,
                                plan->unit_count * sizeof *plan->units,
                                plan->unit_room * sizeof *plan->units);
    }
    struct unit *unit = &plan->units[plan->unit_count++];
    *unit = (struct unit){ .kind = kind, .element = element };
    return unit;
}

/* ---- Words ------------------------------------------------------------- */

/* A notice has a margin for its colour, and a mark when it warns. */
static int words_cols(const struct plan *plan, const struct element *element)
{
    if (element->kind != ELEMENT_NOTICE || plan->is_poster)
        return plan->text_cols;
    return plan->text_cols - 3;
}

static void add_words(struct plan *plan, size_t at)
{
    const struct element *element = plan->body[at];
    struct unit *unit = plan_add_unit(plan, UNIT_LINES, element);
    bool is_call = plan->is_poster && (element->kind == ELEMENT_NOTICE ||
                                       element->kind == ELEMENT_CHOICE);
    int cols = words_cols(plan, element);

    if (element->kind == ELEMENT_HEADING)
        cols = plan->wide_cols;
    unit->text = plan->shown[at].text;
    if (element == plan->qr_missing)
        unit->text = plan_shown(plan, element->missing);
    unit->rows = plan_lines(unit->text, cols);
    if (is_call && plan->is_big)
        unit->rows += 2;
    unit->can_split = !is_call;
    unit->stays_with_next = element->kind == ELEMENT_HEADING;
}

/* ---- Facts ------------------------------------------------------------- */

static bool is_plain_fact(const struct element *element)
{
    return element->kind == ELEMENT_FACT && !grid_takes(element);
}

/* In a small window the cells are large: one line is enough. */
static bool is_large(const struct plan *plan, const struct element *element)
{
    return element->is_large && plan->is_big;
}

/* Facts that follow each other share one column of labels, measured once. */
static int label_cols(struct plan *plan, size_t at)
{
    int widest = 0, limit = plan->text_cols / LABEL_PART;
    size_t i = at;

    if (at >= plan->labels_first && at < plan->labels_end)
        return plan->labels_cols;
    while (i > 0 && is_plain_fact(plan->body[i - 1]))
        i--;
    plan->labels_first = i;
    for (; i < plan->body_count && is_plain_fact(plan->body[i]); i++) {
        const struct element *element = plan->body[i];
        int width = text_width(element->text);
        if (!is_large(plan, element) && width > widest)
            widest = width;
    }
    plan->labels_end = i;
    plan->labels_cols = widest > limit ? limit : widest;
    return plan->labels_cols;
}

static void add_fact(struct plan *plan, size_t at)
{
    const struct element *element = plan->body[at];
    struct unit *unit = plan_add_unit(
        plan, is_large(plan, element) ? UNIT_LARGE : UNIT_FACT, element);
    const char *value = plan->shown[at].value;

    unit->text = value;
    unit->can_split = true;
    if (is_large(plan, element)) {
        unit->rows = plan_lines(element->text, plan->text_cols) +
                     plan_lines(value, plan->text_cols - 4);
        return;
    }
    unit->label_cols = label_cols(plan, at);
    int labels = plan_lines(element->text, unit->label_cols);
    int values = plan_lines(value, plan->text_cols - unit->label_cols - 2);
    unit->bare_rows = values > 0 ? values : 1;
    unit->rows = labels > unit->bare_rows ? labels : unit->bare_rows;
}

/* ---- Fields ------------------------------------------------------------ */

bool plan_field_is_boxed(const struct plan *plan)
{
    return plan->is_big && plan->squeeze < SQUEEZE_MAX;
}

int plan_field_cols(const struct plan *plan, const struct element *element)
{
    size_t wide = element->typing == TYPING_DIGITS ? 1 : 2;
    size_t want = element->max_chars * wide + FIELD_ROOM +
                  (plan_field_is_boxed(plan) ? BOX_SIDES : 0) +
                  (element->groups ? strlen(element->groups) : 0);

    if (want < FIELD_COLS_MIN)
        want = FIELD_COLS_MIN;
    return want > (size_t)plan->text_cols ? plan->text_cols : (int)want;
}

/* While what is written fits into one line, the others cost nobody a hint or a
 * key. */
static int squeezed_lines(const struct plan *plan,
                          const struct element *element, int inner)
{
    const char *written = element->value ? element->value : "";

    if (plan->squeeze == 1)
        return FIELD_LINES_LESS;
    if (plan->squeeze > 2 && text_width(written) < inner)
        return 1;
    return plan->squeeze > 4 ? 1 : 2;
}

/* One line, or for a long text as many as a person likes to look back on. */
int plan_field_lines(const struct plan *plan, const struct element *element)
{
    int inner = plan_field_cols(plan, element) -
                (plan_field_is_boxed(plan) ? BOX_SIDES : 0);
    size_t wide = element->typing == TYPING_DIGITS ? 1 : 2;
    size_t lines = (element->max_chars * wide + (size_t)inner) / (size_t)inner;
    size_t most = plan->is_big ? FIELD_LINES_BIG : FIELD_LINES_SMALL;

    if (plan->squeeze > 0)
        most = (size_t)squeezed_lines(plan, element, inner);
    if (element->max_chars * wide < (size_t)inner)
        return 1;
    return (int)(lines > most ? most : lines);
}

static void add_field(struct plan *plan, size_t at)
{
    const struct element *element = plan->body[at];
    struct unit *unit = plan_add_unit(plan, UNIT_FIELD, element);

    unit->text = plan->shown[at].text;
    if (element->note)
        unit->text = pool_format(&plan->layout->texts, "%s  %s", unit->text,
                                 plan->shown[at].note);
    unit->rows = plan_lines(unit->text, plan->text_cols) +
                 plan_field_lines(plan, element) +
                 (plan_field_is_boxed(plan) ? 2 : 0);
    unit->stays_with_next =
        at + 1 < plan->body_count && plan->body[at + 1]->kind == ELEMENT_KEYS;
}

bool pad_is_narrow(const struct element *pad)
{
    return !pad->pad || pad->pad_columns <= PAD_COLUMNS;
}

int pad_columns(const struct plan *plan, const struct element *pad)
{
    if (!pad->pad)
        return PAD_COLUMNS;
    int most = plan->is_big ? pad->pad_columns : plan->width / KEY_COLS_SMALL;
    return pad->pad_columns < most ? pad->pad_columns : most;
}

int pad_rows(const struct plan *plan, const struct element *pad)
{
    int columns = pad_columns(plan, pad);
    int rows = pad->pad ? ((int)pad->pad_count + columns - 1) / columns
                        : DIGIT_ROWS + (pad->more_key ? 1 : 0);

    return plan->is_big ? rows * BOX_ROWS : rows;
}

static void add_pad(struct plan *plan, const struct element *element)
{
    struct unit *unit = plan_add_unit(plan, UNIT_PAD, element);
    unit->rows = pad_rows(plan, element);
}

static void add_progress(struct plan *plan, size_t at)
{
    const struct element *element = plan->body[at];
    struct unit *unit = plan_add_unit(plan, UNIT_PROGRESS, element);

    unit->text = plan->shown[at].text;
    unit->rows =
        plan_lines(unit->text, plan->text_cols) + (element->total ? 1 : 0);
}

/* ---- The list of units ------------------------------------------------- */

static size_t add_element(struct plan *plan, size_t at)
{
    const struct element *element = plan->body[at];

    switch (element->kind) {
    case ELEMENT_HEADING:
    case ELEMENT_TEXT:
    case ELEMENT_NOTICE:
    case ELEMENT_QR:
        add_words(plan, at);
        break;
    case ELEMENT_FACT:
        if (grid_takes(element))
            return grid_add_choices(plan, at);
        add_fact(plan, at);
        break;
    case ELEMENT_CANDIDATES:
        return grid_add_choices(plan, at);
    case ELEMENT_CHOICE:
        if (!plan->is_poster)
            return grid_add_choices(plan, at);
        add_words(plan, at);
        break;
    case ELEMENT_LIST:
        grid_add_list(plan, element);
        break;
    case ELEMENT_FIELD:
        add_field(plan, at);
        break;
    case ELEMENT_KEYS:
        add_pad(plan, element);
        break;
    case ELEMENT_PROGRESS:
        add_progress(plan, at);
        break;
    case ELEMENT_KIND_COUNT:
        break;
    }
    return at + 1;
}

static bool is_large_fact(const struct unit *unit)
{
    return unit->kind == UNIT_LARGE;
}

static int gap_between(const struct plan *plan, const struct unit *before,
                       const struct unit *unit)
{
    enum element_kind above = before->element->kind;
    enum element_kind kind = unit->element->kind;

    if (is_large_fact(before) || is_large_fact(unit))
        return plan->airiness > 0 ? 1 : 0;
    if (unit->kind == UNIT_CELLS && before->kind == UNIT_CELLS && above == kind)
        return 0;
    if (above == kind && kind == ELEMENT_TEXT)
        return plan->airiness > 1 ? 1 : 0;
    if (above == kind && unit->kind == before->kind &&
        (kind == ELEMENT_FACT || kind == ELEMENT_HEADING))
        return plan->is_poster && plan->airiness > 1 ? 1 : 0;
    return plan->airiness > 0 ? 1 : 0;
}

/* What leaves a page of writing so that all of it stands on one turn. */
static bool has_left(const struct plan *plan, const struct element *element)
{
    bool stays_early = plan->squeeze == 5 && plan->is_composed;
    bool leaves_early = plan->squeeze > 3 && !stays_early;

    return (leaves_early && element->spare == SPARE_EARLY) ||
           (plan->squeeze > 4 && element->spare == SPARE_LATE) ||
           (plan->squeeze > 6 && element->kind == ELEMENT_HEADING);
}

void units_make(struct plan *plan)
{
    plan->units = NULL; /* those of other attempts stay where they are */
    plan->unit_count = plan->unit_room = 0;
    for (size_t i = 0; i < plan->body_count;) {
        if (has_left(plan, plan->body[i]))
            i++;
        else
            i = add_element(plan, i);
    }
}

void units_space(struct plan *plan)
{
    for (size_t i = 1; i < plan->unit_count; i++)
        plan->units[i].gap =
            gap_between(plan, &plan->units[i - 1], &plan->units[i]);
}
