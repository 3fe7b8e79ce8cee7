/* Request ids seen within the window, so that a recorded request cannot be
 * played again.  A fixed table: where it is full, the oldest id of its row is
 * forgotten, because every request may be repeated without harm and no case is
 * ever turned away for want of room. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { REPLAY_ID_BYTES = 16 };

struct replay;

struct replay *replay_new(void);
void replay_free(struct replay *replay);

/* True when it was seen already; else it is remembered until until_ms. */
bool replay_was_seen(struct replay *replay,
                     const unsigned char id[REPLAY_ID_BYTES], int64_t now_ms,
                     int64_t until_ms);
