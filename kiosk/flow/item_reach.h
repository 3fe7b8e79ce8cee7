/* Answers that lead to a page, for who writes an item and wants to see it: what
 * is known already first, then what the item's own tests answer, then what is
 * offered first.  Made-up persons only; no terminal that serves people uses it.
 */
#pragma once

#include "kiosk/flow/walk.h"

/* The given answers, with those put in (or changed, where there is no other
 * way) that lead to this step; with a stop, one of this step's, those at which
 * it ends there.  False: none was found, and the answers are as before.
 * wall_ms: today, for a made-up person's age. */
bool item_reach(const struct item *item, int step, int64_t wall_ms,
                struct answers *answers);
bool item_reach_stop(const struct item *item, int step, const struct stop *stop,
                     int64_t wall_ms, struct answers *answers);

/* After the item was read anew: forgets what does not fit it any more (not
 * asked, not offered, not accepted); returns how many. */
size_t item_keep_fitting(const struct item *before, const struct item *item,
                         struct answers *answers);
