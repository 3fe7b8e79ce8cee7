/* Choices and lists: how many columns, how wide, what stands in a cell. */
#include "kiosk/ui/plan.h"

#include "kiosk/base/text.h"

#include <string.h>

enum {
    CELL_COLS_SMALL = 6, /* the least that a finger hits */
    CELL_COLS_BIG = 8,
    CELL_COLS_LIKED = 32,   /* of a box with one word in it */
    CELL_COLS_NOTES = 24,   /* notes want at least this */
    CELL_COLS_WRAPPED = 28, /* in which the longest row of a list may wrap */
    TWO_COLUMNS_COLS = 74,  /* a body this wide has choices side by side */
    MANY = 6,               /* more choices than this want a third column */
    COLUMNS_MAX = 6,
    OFFER_COLUMNS = 9, /* as many as have a digit */
    ROW_NUMBER_LAST = 99
};

/* What a box takes beside its words; offers stand closer. */
int cell_sides(const struct plan *plan, bool is_offer)
{
    if (!plan->is_big)
        return 1;
    return is_offer ? OFFER_SIDES : BOX_SIDES;
}

/* ---- Cells ------------------------------------------------------------- */

static bool row_has_key(const struct plan *plan, const struct element *list,
                        size_t at)
{
    return list->first_number + at <= ROW_NUMBER_LAST && !plan->is_typing;
}

static struct cell row_cell(const struct plan *plan, const struct element *list,
                            size_t at)
{
    struct cell cell = { .element = list, .label = "", .note = "", .key = "" };

    cell.value = cell.text = "";
    list->row(list->row_owner, at, &cell.value, &cell.text);
    if (row_has_key(plan, list, at)) /* as wide as the number will be */
        cell.key = list->first_number + at > 9 ? "00" : "0";
    cell.is_chosen = element_has_chosen(list, cell.value);
    return cell;
}

/* While keys write, a number would be typed: none is shown then. */
static const char *choice_key(const struct plan *plan,
                              const struct element *element)
{
    bool is_digit = *element->key >= '0' && *element->key <= '9';
    if (element->is_off || (plan->is_typing && is_digit))
        return "";
    return element->key;
}

struct cell grid_cell(struct plan *plan, const struct unit *unit, size_t at)
{
    if (unit->element->kind == ELEMENT_LIST)
        return row_cell(plan, unit->element, unit->first + at);
    const struct element *element = plan->body[unit->first + at];
    const struct shown *shown = &plan->shown[unit->first + at];
    struct cell cell = { .element = element,
                         .is_chosen = element->is_chosen,
                         .is_off = element->is_off,
                         .label = "",
                         .text = shown->text,
                         .note = shown->note,
                         .key = choice_key(plan, element) };
    if (element->kind == ELEMENT_FACT) {
        cell.label = shown->text;
        cell.text = shown->value;
    }
    /* Why something cannot be pressed is never left out. */
    if (!plan->with_notes && !element->is_off)
        cell.note = "";
    return cell;
}

struct cell grid_cell_kept(struct plan *plan, const struct unit *unit,
                           size_t at)
{
    struct cell cell = grid_cell(plan, unit, at);
    struct pool *texts = &plan->layout->texts;
    size_t row = unit->first + at;

    if (unit->element->kind != ELEMENT_LIST)
        return cell;
    cell.value = pool_copy_text(texts, cell.value);
    cell.text = plan_shown(plan, pool_copy_text(texts, cell.text));
    if (*cell.key)
        cell.key = pool_format(texts, "%zu", unit->element->first_number + row);
    return cell;
}

const char *grid_small_text(struct plan *plan, const struct cell *cell)
{
    if (!cell->is_chosen)
        return cell->text;
    return pool_format(&plan->layout->texts, "%s  %s", cell->text,
                       T(plan->view, "[chosen]"));
}

/* ---- Columns ----------------------------------------------------------- */

static void want_cell(struct plan *plan, struct want *want,
                      const struct cell *cell)
{
    int keys = text_width(cell->key);
    int labels = text_width(cell->label);
    int cols = text_width(cell->text);
    int mark = cell->is_chosen ? text_width(T(plan->view, "[chosen]")) : 0;

    if (!plan->is_big && mark)
        cols += mark + 2;
    else if (cols < mark)
        cols = mark;
    if (mark && cols + mark + 2 > want->marked_cols)
        want->marked_cols = cols + mark + 2;
    if (labels > want->label_cols)
        want->label_cols = labels;
    if (keys > want->key_cols)
        want->key_cols = keys;
    if (cols > want->text_cols)
        want->text_cols = cols;
    want->has_notes = want->has_notes || *cell->note;
}

static int columns_like(const struct plan *plan, const struct want *want,
                        bool is_list, int room)
{
    bool are_facts = want->label_cols > 0;

    if (want->are_offers)
        return OFFER_COLUMNS;
    if (!plan->is_big || room < TWO_COLUMNS_COLS || are_facts)
        return 1 + plan->density;
    if (!is_list && want->count > MANY)
        return 3 + plan->density;
    return 2 + plan->density;
}

/* How wide a cell must be for its words to stand in one line. */
static int cols_wanted(const struct plan *plan, const struct want *want,
                       const struct grid *grid, int room)
{
    int labels = want->label_cols ? want->label_cols + 2 : 0;
    int cols = want->text_cols + grid->key_cols + labels +
               cell_sides(plan, want->are_offers);
    int least = !plan->is_big     ? CELL_COLS_SMALL
                : want->has_notes ? CELL_COLS_NOTES
                                  : CELL_COLS_BIG;

    if (cols < least)
        cols = least;
    return cols > room ? room : cols;
}

/* How wide a cell is in so many columns, 0: too narrow for what wraps. */
static int wrapped_cols(const struct grid *grid, int room, int columns)
{
    int cols = (room - (columns - 1) * grid->col_gap) / columns;

    return cols < CELL_COLS_WRAPPED ? 0 : cols;
}

static int columns_for(const struct plan *plan, const struct want *want,
                       struct grid *grid, bool is_list, int room)
{
    int cols = cols_wanted(plan, want, grid, room);
    int liked = columns_like(plan, want, is_list, room), columns = liked;
    bool may_wrap = is_list && plan->is_big;
    int wrapped = may_wrap ? wrapped_cols(grid, room, 1 + plan->density) : 0;
    int denser = may_wrap ? wrapped_cols(grid, room, 2 + plan->density) : 0;
    bool would_wrap = denser > 0 && cols > denser;

    /* Long answers are wrapped sooner than that the page turns, and so are the
     * longest rows of a list. */
    if (want->label_cols && plan->is_big && cols > (room - grid->col_gap) / 2)
        cols = (room - grid->col_gap) / 2;
    else if (wrapped > 0 && plan->density > 0 && cols > wrapped)
        cols = wrapped;
    int most = (room + grid->col_gap) / (cols + grid->col_gap);
    if (columns > most)
        columns = most;
    if (columns > COLUMNS_MAX && !want->are_offers)
        columns = COLUMNS_MAX;
    if (columns > (int)want->count && !want->has_notes)
        columns = (int)want->count;
    grid->may_be_denser = columns == liked || would_wrap;
    return columns < 1 ? 1 : columns;
}

static struct grid grid_for(const struct plan *plan, const struct want *want,
                            bool is_list)
{
    struct grid grid = { .has_notes = want->has_notes };
    bool is_tile = plan->is_big && want->has_notes;
    bool is_wide = is_tile || want->are_offers;
    int room = is_wide ? plan->wide_cols : plan->text_cols;

    grid.col = is_wide ? plan->wide_col : plan->text_col;
    grid.col_gap = !plan->is_big || want->are_offers ? 0 : is_tile ? 1 : 2;
    if (want->key_cols)
        grid.key_cols =
            want->key_cols + (plan->is_big && !want->are_offers ? 2 : 1);
    grid.columns = columns_for(plan, want, &grid, is_list, room);
    grid.cell_cols = (room - (grid.columns - 1) * grid.col_gap) / grid.columns;
    int liked = cols_wanted(plan, want, &grid, room);
    if (liked < CELL_COLS_LIKED && !want->are_offers)
        liked = CELL_COLS_LIKED;
    /* The mark stands beside the words where there is room, not in the frame. */
    int marked =
        want->marked_cols + grid.key_cols + cell_sides(plan, want->are_offers);
    if (want->marked_cols && !want->label_cols && liked < marked)
        liked = marked;
    if (plan->is_big && !is_tile && grid.cell_cols > liked)
        grid.cell_cols = liked;
    /* Labels leave three fifths of a cell to what was answered. */
    int label_most = grid.cell_cols * 2 / 5;
    if (want->label_cols)
        grid.label_cols =
            2 + (want->label_cols > label_most ? label_most : want->label_cols);
    return grid;
}

/* ---- Rows of cells ----------------------------------------------------- */

static int cell_rows(struct plan *plan, const struct grid *grid,
                     const struct want *want, const struct cell *cell)
{
    int cols = grid->cell_cols - grid->key_cols - grid->label_cols -
               cell_sides(plan, want->are_offers);
    int labels = plan_lines(cell->label, grid->label_cols - 2);
    int lines = 1;

    if (want->text_cols > cols)
        lines = plan_lines(
            plan->is_big ? cell->text : grid_small_text(plan, cell), cols);
    lines += plan_lines(cell->note, cols);
    if (labels > lines)
        lines = labels;

    if (lines == 0)
        lines = 1;
    return lines + (plan->is_big ? 2 : 0);
}

static int unit_rows(struct plan *plan, const struct unit *unit,
                     const struct want *want)
{
    int cols = unit->grid.cell_cols - unit->grid.key_cols -
               cell_sides(plan, want->are_offers);
    int most = 0;

    /* The widest row fits: no other needs to be asked for its words. */
    if (unit->element->kind == ELEMENT_LIST && want->text_cols <= cols)
        return plan->is_big ? BOX_ROWS : 1;
    for (size_t i = 0; i < unit->count; i++) {
        struct cell cell = grid_cell(plan, unit, i);
        int rows = cell_rows(plan, &unit->grid, want, &cell);
        if (rows > most)
            most = rows;
    }
    return most > plan->body_rows ? plan->body_rows : most;
}

static void add_rows(struct plan *plan, size_t first,
                     const struct element *list, const struct want *want)
{
    struct grid grid = grid_for(plan, want, list != NULL);
    size_t columns = (size_t)grid.columns;

    for (size_t at = 0; at < want->count; at += columns) {
        size_t left = want->count - at;
        struct unit *unit = plan_add_unit(plan, UNIT_CELLS,
                                          list ? list : plan->body[first + at]);
        unit->grid = grid;
        unit->first = first + at;
        unit->count = left < columns ? left : columns;
        unit->rows = unit_rows(plan, unit, want);
        /* Offers that no key picks are a glance at the first few. */
        if (want->are_offers && !want->key_cols)
            break;
    }
}

bool grid_takes(const struct element *element)
{
    return element->kind == ELEMENT_CHOICE ||
           element->kind == ELEMENT_CANDIDATES ||
           (element->kind == ELEMENT_FACT && *element->key);
}

size_t grid_add_choices(struct plan *plan, size_t first)
{
    struct want want = { 0 };
    struct unit all = { .element = plan->body[first], .first = first };
    size_t end = first;

    while (end < plan->body_count && grid_takes(plan->body[end]) &&
           plan->body[end]->kind == plan->body[first]->kind) {
        struct cell cell = grid_cell(plan, &all, end - first);
        want_cell(plan, &want, &cell);
        end++;
    }
    want.count = end - first;
    want.are_offers = plan->body[first]->kind == ELEMENT_CANDIDATES;
    add_rows(plan, first, NULL, &want);
    return end;
}

void grid_add_list(struct plan *plan, const struct element *list)
{
    struct unit all = { .element = list };

    if (plan->measured_list != list) {
        plan->list_want = (struct want){ .count = list->count };
        for (size_t i = 0; i < list->count; i++) {
            struct cell cell = grid_cell(plan, &all, i);
            want_cell(plan, &plan->list_want, &cell);
        }
        plan->measured_list = list;
    }
    add_rows(plan, 0, list, &plan->list_want);
}
