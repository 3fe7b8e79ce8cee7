/* What the rules of an item name: which values, ages and answers it takes to try
 * every way that they can tell apart.  For item_explore.c only. */
#pragma once

#include "kiosk/flow/item_load.h"

enum { EXPLORED_AGES_MAX = 48, EXPLORED_NUMBERS_MAX = 16 };

struct explored {
    const struct item *item;
    struct explored_text {
        const char *bytes; /* the program's */
        size_t len;
    } * texts; /* every text in a rule */
    size_t text_count;
    int64_t numbers[EXPLORED_NUMBERS_MAX]; /* each whole number in a rule once,
                                              of others their whole part */
    size_t number_count;
    int ages[EXPLORED_AGES_MAX]; /* one of a grown up; those beside each number
                                    of a rule, where one looks at the age */
    size_t age_count;
    bool has_free;  /* a rule looks at what is written freely */
    bool has_today; /* a rule looks at the calendar */
};
void explored_init(struct explored *explored, const struct item *item);
void explored_done(struct explored *explored);

/* The rule names something: it may hold and not hold. */
bool explored_is_open(const struct rule *rule);
/* A rule uses that name. */
bool explored_names(const struct explored *explored, const char *name);
/* The value stands in a rule as a text: it may be compared with it. */
bool explored_compares(const struct explored *explored, const char *value);
/* What to write into a field: what is usual, or its bounds; where a rule looks at
 * it, both, and what stands beside each number or day in a rule. */
void explored_each_value(const struct explored *explored,
                         const struct step *step,
                         void (*try)(void *owner, const char *value),
                         void *owner);
