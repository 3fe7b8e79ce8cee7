#include "kiosk/paper/table.h"

#include <string.h>

/* A column that wraps keeps room for so many letters of full width, else the
 * table is folded; a folded row with more bytes may be parted by a page. */
enum { LEAST_LETTERS = 7, WHOLE_BYTES = 600 };

struct shape {
    struct column *column;
    const struct block *block;
    struct style head, cell;
    double gap;
    double widths[SLIP_COLUMNS];
    bool is_number[SLIP_COLUMNS];
};

static const char *cell_at(const struct shape *shape, size_t row, size_t at)
{
    return shape->block->cells[row * shape->block->column_count + at];
}

/* "1,250", "12.50 元", "80%" */
static bool is_number(const char *text)
{
    static const char *const units[] = { "", " 元", " yuan", "%" };
    size_t len = strspn(text, "0123456789,. -");

    while (len > 0 && text[len - 1] == ' ')
        len--;
    if (strspn(text, ",. -") == len)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(text + len, units[i]) == 0)
            return true;
    return false;
}

static bool holds_numbers(const struct shape *shape, size_t at)
{
    bool has_one = false;

    for (size_t row = 1; row < shape->block->row_count; row++) {
        const char *text = cell_at(shape, row, at);

        if (*text && !is_number(text))
            return false;
        has_one = has_one || *text;
    }
    return has_one;
}

static double natural_width(const struct shape *shape, size_t at)
{
    double most = 0;

    for (size_t row = 0; row < shape->block->row_count; row++) {
        double width = column_measure(shape->column, cell_at(shape, row, at),
                                      row == 0 ? &shape->head : &shape->cell);

        if (width > most)
            most = width;
    }
    return most + 0.5; /* what rounding takes */
}

/* Those that need less than their share keep what they need, the others share
 * the rest.  False: too little is left for one of them. */
static bool share_widths(struct shape *shape)
{
    size_t count = shape->block->column_count, open = count;
    double room =
        column_width(shape->column) - shape->gap * (double)(count - 1);
    bool is_open[SLIP_COLUMNS], has_changed = true;

    for (size_t i = 0; i < count; i++)
        is_open[i] = true;
    while (has_changed && open > 0) {
        has_changed = false;
        for (size_t i = 0; i < count; i++) {
            if (!is_open[i] || shape->widths[i] * (double)open > room)
                continue;
            is_open[i] = false;
            room -= shape->widths[i];
            open--;
            has_changed = true;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (is_open[i])
            shape->widths[i] = room / (double)open;
    return open == 0 || room / (double)open >= LEAST_LETTERS * shape->cell.size;
}

static void add_row(const struct shape *shape, size_t row)
{
    struct cell cells[SLIP_COLUMNS];
    double x = 0;

    for (size_t i = 0; i < shape->block->column_count; i++) {
        cells[i] = (struct cell){ cell_at(shape, row, i), x, shape->widths[i],
                                  shape->is_number[i] };
        x += shape->widths[i] + shape->gap;
    }
    column_add_cells(shape->column, cells, shape->block->column_count,
                     row == 0 ? &shape->head : &shape->cell);
    /* The head stays with the first row. */
    column_add_line(shape->column, row == 0 ? 0.8 : 0.3, shape->cell.size * 0.2,
                    row == 0);
}

/* ---- Folded --------------------------------------------------------------- */

static double label_width(const struct shape *shape)
{
    double most = 0;

    for (size_t i = 0; i < shape->block->column_count; i++) {
        double width =
            column_measure(shape->column, cell_at(shape, 0, i), &shape->cell);

        if (width > most)
            most = width;
    }
    return most;
}

/* Short enough to stand on one page whole. */
static bool stays_whole(const struct shape *shape, size_t row)
{
    size_t bytes = 0;

    for (size_t i = 0; i < shape->block->column_count; i++)
        bytes += strlen(cell_at(shape, row, i));
    return bytes <= WHOLE_BYTES;
}

/* Label and value of one cell; what is empty has nothing to say. */
static void add_value(const struct shape *shape, size_t row, size_t at,
                      double value_x)
{
    const char *label = cell_at(shape, 0, at), *value = cell_at(shape, row, at);
    struct style name = shape->cell, said = shape->head;

    if (!*value)
        return;
    name.stays = true;
    said.stays = stays_whole(shape, row);
    if (value_x <= column_width(shape->column) * 0.4) {
        name.stays = said.stays;
        column_add_pair(shape->column, label, &name, value_x, value, &said);
        return;
    }
    column_add_text(shape->column, label, &name);
    column_add_text(shape->column, value, &said);
}

static void add_folded(const struct shape *shape)
{
    double value_x = label_width(shape) + shape->cell.size;

    for (size_t row = 1; row < shape->block->row_count; row++) {
        for (size_t i = 0; i < shape->block->column_count; i++)
            add_value(shape, row, i, value_x);
        column_add_line(shape->column, 0.3, shape->cell.size * 0.2, false);
    }
}

void table_add(struct column *column, const struct block *block, double size,
               bool is_bold)
{
    struct shape shape = {
        .column = column,
        .block = block,
        .head = { .size = size, .is_bold = is_bold },
        .cell = { .size = size },
        .gap = size,
    };

    for (size_t i = 0; i < block->column_count; i++) {
        shape.widths[i] = natural_width(&shape, i);
        shape.is_number[i] = holds_numbers(&shape, i);
    }
    column_add_gap(column, size * 0.5);
    if (!share_widths(&shape)) {
        add_folded(&shape);
        return;
    }
    for (size_t row = 0; row < block->row_count; row++)
        add_row(&shape, row);
}
