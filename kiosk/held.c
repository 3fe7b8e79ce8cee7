#include "kiosk/held.h"

#include "kiosk/base/err.h"

#include <stdio.h>

static struct held_row *add(struct held *held, const char *id)
{
    if (held->count == HELD_MAX) {
        struct held_row *last = &held->rows[HELD_MAX - 1];
        *last = (struct held_row){ .id = "held.more",
                                   .label = N_("More"),
                                   .value = N_("kept as well") };
        return NULL;
    }
    struct held_row *row = &held->rows[held->count++];
    *row = (struct held_row){ 0 };
    (void)snprintf(row->id, sizeof row->id, "%s", id);
    return row;
}

void held_add_masked(struct held *held, const char *id, const char *label,
                     enum held_as as, const char *value)
{
    struct held_row *row = add(held, id);

    if (!row)
        return;
    row->label = label;
    row->as = as;
    row->value = value;
}

void held_add(struct held *held, const char *id, const char *label,
              const char *value)
{
    held_add_masked(held, id, label, HELD_WORDS, value);
}

void held_add_amount(struct held *held, const char *id, const char *label,
                     size_t amount)
{
    struct held_row *row = amount > 0 ? add(held, id) : NULL;

    if (!row)
        return;
    row->label = label;
    row->as = HELD_AMOUNT;
    row->amount = amount;
}

void held_add_answer(struct held *held, const char *id,
                     const struct words *label, enum held_as as,
                     const char *value)
{
    struct held_row *row = add(held, id);

    if (!row)
        return;
    row->words = label;
    row->as = as;
    row->value = value;
}
