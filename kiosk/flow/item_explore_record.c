/* What the office might tell of a record while an item is explored: none; one as
 * it usually is; and one for each word, number and day of a column that a rule
 * can tell apart, the other columns as usual. */
#include "kiosk/flow/explorer.h"

#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"

enum { VALUE_BYTES = 4096 };

/* One of them is tried with other values. */
struct row {
    struct explorer *explorer;
    int at;
    size_t varied;
};

static void try_with(void *owner, const char *value)
{
    const struct row *row = owner;
    struct explorer *explorer = row->explorer;
    const struct step *step = &explorer->item->steps[row->at];
    struct buf line;

    if (explorer->is_cut)
        return;
    buf_init(&line, VALUE_BYTES);
    record_sample(explorer->item, step, row->varied, value, &line);
    if (record_is_ok(explorer->item, step, line.text))
        (void)explorer_try(explorer, row->at, line.text);
    buf_done(&line);
}

static void vary(struct row *row, const struct step *column)
{
    struct explorer *explorer = row->explorer;
    size_t at = (size_t)(column - explorer->item->steps);

    for (size_t i = 1; i < column->option_count; i++)
        try_with(row, column->options[i].value);
    if (column->option_count > 0 || !explorer->pages[at].is_asked)
        return;
    if (column->type == FIELD_TYPE_TEXT)
        explorer->rules.has_free = true;
    else
        explored_each_value(&explorer->rules, column, true, try_with, row);
}

void explorer_try_record(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    size_t count = record_column_count(explorer->item, step);
    struct row row = { explorer, at, RECORD_AS_USUAL };

    try_with(&row, "");
    for (row.varied = 0; row.varied < count; row.varied++)
        vary(&row, record_column(step, row.varied));
    (void)explorer_try(explorer, at, RECORD_NONE);
}

void explorer_try_payment(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct buf line;

    buf_init(&line, VALUE_BYTES);
    payment_sample(step, explorer->answers, &line);
    (void)explorer_try(explorer, at, line.text);
    buf_done(&line);
}
