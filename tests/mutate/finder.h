/* What the two files that find changes (change.c by the table of keys,
 * rule_change.c within a rule) share. */
#pragma once

#include "tests/mutate/change.h"

enum { WHERE_BYTES = 512 };

struct finder {
    const struct tree *tree;
    struct changes *changes;
    char where[WHERE_BYTES]; /* of the node now looked at */
};

/* Keeps the change, unless it is made already; takes the edit. */
void finder_add(struct finder *finder, enum change_kind kind, size_t at,
                const char *what, struct edit edit);
/* The span put otherwise, told as "old -> new". */
void finder_put(struct finder *finder, enum change_kind kind, size_t from,
                size_t to, const char *put);
/* The span misspelt, or moved by one in both directions if it can be. */
void finder_misspell(struct finder *finder, size_t from, size_t to);
bool finder_move(struct finder *finder, size_t from, size_t to);

/* Names, operators and bounds of a rule (NODE_TEXT). */
void rule_changes(struct finder *finder, const struct node *rule);
