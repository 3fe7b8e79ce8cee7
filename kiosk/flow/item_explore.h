/* What the rules of an item name: which values, ages and answers it takes to try
 * every way that they can tell apart.  For item_explore.c only. */
#pragma once

#include "kiosk/flow/item_load.h"
#include "kiosk/flow/walk.h"

enum {
    EXPLORED_AGES_MAX = 48,
    EXPLORED_NUMBERS_MAX = 16,
    EXPLORED_PEOPLE_MAX = 99,
    EXPLORED_NUMBER_BYTES = 32
};

struct explored {
    const struct item *item;
    struct explored_text {
        const char *bytes; /* the program's */
        size_t len;
    } * texts; /* every text in a rule, once */
    size_t text_count;
    int64_t numbers[EXPLORED_NUMBERS_MAX]; /* each whole number in a rule once,
                                              of others their whole part */
    size_t number_count;
    int ages[EXPLORED_AGES_MAX]; /* one of a grown up first; those beside each
                                    number of a rule, where one looks at an
                                    age */
    size_t age_count;
    bool has_sets;  /* rules name so many of a choice of many that not every
                       set of them was tried */
    bool has_free;  /* a rule looks at what is written freely */
    bool has_group; /* a rule looks at the entries of a group */
    bool has_today; /* a rule looks at the calendar */
};
void explored_init(struct explored *explored, const struct item *item);
void explored_done(struct explored *explored);

/* How many of the ages it takes for the person of a card step: all of them
 * where a rule looks at theirs. */
size_t explored_ages_of(const struct explored *explored,
                        const struct step *step);
/* The rule names something: it may hold and not hold. */
bool explored_is_open(const struct rule *rule);
/* The rule looks at an answer of another part of a long matter.  Parts are walked
 * in their order here, but a person enters them as they like: then it decides
 * something all the same. */
bool explored_is_of_another_part(const struct explored *explored,
                                 const struct step *step,
                                 const struct rule *rule);
/* A rule uses that name. */
bool explored_names(const struct explored *explored, const char *name);
/* The same of a paper, where the rules by which papers are summed up, which name
 * every paper, are not asked. */
bool explored_names_paper(const struct explored *explored, const char *name);
/* The value stands in a rule as a text: it may be compared with it. */
bool explored_compares(const struct explored *explored, const char *value);
/* What to choose on a page of a choice of many as it is now: none, one, all; and
 * where a rule looks at it each value that one names, pairs of them, all but
 * one, and as many as a number in a rule says, one more and one less.  False:
 * nobody can answer there. */
bool explored_each_set(struct explored *explored, const struct step *step,
                       const struct answers *answers,
                       void (*try)(void *owner, const char *value),
                       void *owner);
/* What to write into a field: what is usual, or its bounds; where a rule looks at
 * it (is_named), both, and what stands beside each number or day in a rule. */
void explored_each_value(const struct explored *explored,
                         const struct step *step, bool is_named,
                         void (*try)(void *owner, const char *value),
                         void *owner);
/* The number of the nth person that is made up, from 1. */
void explored_number(int n, char number[EXPLORED_NUMBER_BYTES]);
