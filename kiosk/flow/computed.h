/* Computed answers: steps without a page, whose value follows from earlier
 * answers by a rule.
 *
 * What it is worth is kept, compared and sent in one notation:
 *
 *   text        as it is                         A-12
 *   int         decimal                          1250
 *   bool        true, false                      true
 *   timestamp   a day (00:00:00Z) only           2026-11-26
 *   type: money int and double, in yuan          1250.00
 *
 * Null is no answer.  All else (other doubles, lists, maps, an error) is a
 * mistake of the item's: it is no answer, and the checker tells it. */
#pragma once

#include "kiosk/flow/walk.h"

bool computed_is(const struct step *step);

enum computed { COMPUTED_NOTHING, COMPUTED_VALUE, COMPUTED_MISTAKE };
/* What it is worth now, appended; of a mistake what it is, a constant
 * sentence. */
enum computed computed_value(const struct step *step,
                             const struct answers *answers,
                             struct buf *ret_value, const char **ret_mistake);

/* Sets all computed answers of the item anew, in their order; those of steps
 * that are left out, or without a value, are forgotten.  ERR_TOO_BIG as
 * answers_set. */
MUST_CHECK enum err computed_settle(const struct item *item,
                                    struct answers *answers);
/* The step alone; it is shown or not as those before it are now. */
MUST_CHECK enum err computed_settle_one(const struct step *step,
                                        struct answers *answers);
