/* Which sets are chosen on a page of a choice of many while an item is
 * explored: not all 2^n, but what the rules can tell apart. */
#include "kiosk/flow/item_explore.h"

#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/choices.h"

enum {
    SET_BYTES = 4096,
    /* None, one, two, all but one and all of so many are every set there is. */
    NAMED_ALL_TRIED = 4
};

/* is_named: by row, a rule names its value; is_wanted: the set now made. */
struct sets {
    const struct step *step;
    const struct answers *answers;
    const bool *is_named;
    bool *is_wanted;
    size_t rows;
    void (*try)(void *owner, const char *value);
    void *owner;
    bool has_one; /* somebody could answer */
};

static void want(struct sets *sets, bool wanted)
{
    for (size_t i = 0; i < sets->rows; i++)
        sets->is_wanted[i] = wanted;
}

static void try_set(struct sets *sets)
{
    struct buf set;

    buf_init(&set, SET_BYTES);
    if (choices_make(sets->step, sets->answers, sets->is_wanted, &set)) {
        sets->has_one = true;
        sets->try(sets->owner, set.text);
    }
    buf_done(&set);
}

static void try_one(struct sets *sets, size_t row)
{
    want(sets, false);
    sets->is_wanted[row] = true;
    try_set(sets);
}

static bool is_offered(const struct sets *sets, size_t row)
{
    return walk_row_is_offered(sets->step, sets->answers, row);
}

/* Each that a rule names; of the others one is as good as another, but one that
 * is chosen alone is a way of its own. */
static void try_each(struct sets *sets)
{
    bool has_unnamed = false;

    for (size_t i = 0; i < sets->rows; i++) {
        bool is_alone = !sets->step->list && sets->step->options[i].is_alone;

        if (!is_offered(sets, i) ||
            (!sets->is_named[i] && !is_alone && has_unnamed))
            continue;
        has_unnamed = has_unnamed || (!sets->is_named[i] && !is_alone);
        try_one(sets, i);
    }
}

static void try_pairs(struct sets *sets)
{
    for (size_t i = 0; i < sets->rows; i++)
        for (size_t j = i + 1; sets->is_named[i] && j < sets->rows; j++) {
            if (!sets->is_named[j])
                continue;
            want(sets, false);
            sets->is_wanted[i] = sets->is_wanted[j] = true;
            try_set(sets);
        }
}

static void try_all_but_one(struct sets *sets)
{
    for (size_t i = 0; i < sets->rows; i++) {
        if (!sets->is_named[i])
            continue;
        want(sets, true);
        sets->is_wanted[i] = false;
        try_set(sets);
    }
}

/* The first ones, as many as a rule may count to. */
static void try_sizes(struct sets *sets, const struct explored *explored)
{
    for (size_t i = 0; i < explored->number_count; i++)
        for (int64_t by = -1; by <= 1; by++) {
            int64_t size = explored->numbers[i] + by, count = 0;

            if (size < 1 || size > (int64_t)sets->rows)
                continue;
            want(sets, false);
            for (size_t j = 0; count < size && j < sets->rows; j++)
                if (is_offered(sets, j)) {
                    sets->is_wanted[j] = true;
                    count++;
                }
            try_set(sets);
        }
}

bool explored_each_set(struct explored *explored, const struct step *step,
                       const struct answers *answers,
                       void (*try)(void *owner, const char *value), void *owner)
{
    size_t rows = walk_row_count(step), named = 0;
    bool is_looked_at = explored_names(explored, step->answer);
    bool *is_named = mem_new(rows + 1), *is_wanted = mem_new(rows + 1);
    struct sets sets = { step, answers, is_named, is_wanted,
                         rows, try,     owner,    false };

    for (size_t i = 0; is_looked_at && i < rows; i++) {
        const char *value =
            step->list ? step->list->rows[i].value : step->options[i].value;

        is_named[i] = explored_compares(explored, value);
        named += is_named[i];
    }
    explored->has_sets = explored->has_sets || named > NAMED_ALL_TRIED;
    want(&sets, false);
    try_set(&sets); /* none, or the first that are needed */
    try_each(&sets);
    want(&sets, true);
    try_set(&sets);
    if (is_looked_at) {
        try_pairs(&sets);
        try_all_but_one(&sets);
        try_sizes(&sets, explored);
    }
    mem_free(is_wanted);
    mem_free(is_named);
    return sets.has_one;
}
