/* Cases that somebody of the office should look at, each with the mark that
 * says why. */
#pragma once

#include "kiosk/hub/hub_store.h"

struct marked_case {
    const char *case_number;
    const char *receipt;
    const char *item;
    int64_t version;
    int64_t received_ms; /* of one that tells only its hour: the hour */
    const char *mark;
};

/* Those that the office has not said anything of yet, newest first, at most so
 * many; *ret_count: how many there are.  The texts live until on_case
 * returns. */
MUST_CHECK enum err
hub_store_marked(struct store *store, int most,
                 void (*on_case)(void *owner, const struct marked_case *found),
                 void *owner, int64_t *ret_count);
