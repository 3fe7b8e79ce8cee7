/* Which cases a terminal and its hub keep, once both have ended: for tests that
 * kill them or let them fail.  A failure here fails the test that asked. */
#pragma once

#include "kiosk/store/terminal.h"

#include <stdbool.h>

enum { KEPT_MAX = 1024 };

struct kept {
    char ids[KEPT_MAX][CASE_ID_HEX];
    size_t count;
};

bool kept_holds(const struct kept *kept, const char *id);
/* What waits in the state folder, read as `kiosk outbox export` reads it; the
 * journal is verified on the way.  None where no store was made. */
void kept_read_outbox(const char *state_folder, struct kept *ret_waiting);
/* What is at the hub of the demo there, each id once. */
void kept_read_hub(const char *state_folder, struct kept *ret_arrived);
/* Whether this case's id stands in the hub's file by now, which may run. */
bool kept_has_arrived(const char *state_folder, const char *id);
