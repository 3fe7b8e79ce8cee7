/* What the office's side needs of every case, in one table: `kiosk check` tells
 * who writes an item when a case could be sent without it, and the hub marks a
 * case that came without it, for its staff to look at. */
#pragma once

#include "kiosk/flow/walk.h"

struct case_need {
    const char *name; /* of an answer, or "assurance" */
    const char *what; /* what the hub cannot do without it, and what to write
                         instead: for a message about the item */
};

/* What a case with these answers would lack, or NULL: the first in the table's
 * order, from the `at`th on; *at becomes the place behind it.  assurance: how
 * sure one would be of the person. */
const struct case_need *case_lacks(const struct item *item,
                                   const struct answers *answers,
                                   enum assurance assurance, size_t *at);

/* Whether a case of this item holds that field of the card ("number", "kind");
 * of an anonymous report it holds none. */
bool case_holds_card(const struct item *item, const struct answers *answers,
                     const char *field);

/* Whether a rule of the item looks at that name. */
bool case_rules_name(const struct item *item, const char *name);
