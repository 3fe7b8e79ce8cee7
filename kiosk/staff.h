/* The staff's door: their PIN, the attempts at it, and that they took the
 * machine out of service.  All of it stands in files of the state folder and
 * not in the store, so that staff get in while the store is what does not work:
 *
 *   staff.pin    the PIN by scrypt and HMAC, as pin_make() writes it
 *   staff.key    the HMAC's key, of this machine alone (crypto/README.md)
 *   staff.tries  how many attempts failed one after another, and when the last
 *                one was made
 *   staff.out    out of service, and since when
 *
 * An attempt is counted there, durably, before the PIN is looked at: who pulls
 * the plug in between has used it up.  From the fifth that failed on nobody may
 * try for 15 s, then twice as long each time, at most 15 min.  That time goes
 * by clock_monotonic_ms(), which the wall clock does not move and which goes on
 * while the program is restarted; what it says after the machine itself was
 * started anew is never more than what has passed, and where it says less than
 * before, the pause begins again.  The right PIN sets the count to nothing. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    STAFF_PIN_LEAST = 6,
    STAFF_PIN_MOST = 12,
    STAFF_FREE_TRIES = 4, /* that may fail without a pause */
    STAFF_PAUSE_MS = 15 * 1000,
    STAFF_PAUSE_MOST_MS = 15 * 60 * 1000
};

/* ---- At once: for `kiosk setup`, and on a thread of their own ---- */

/* NULL: it may be one; else a sentence (a msgid) that says what it must be.
 * Refused are those that anybody tries first. */
const char *staff_pin_mistake(const char *pin);
bool staff_folder_has_pin(const char *folder);
/* Takes it, durably; a pause that runs goes on.  ERR_BAD_INPUT (see above),
 * ERR_FOLDER_LOST, ERR_KEY_EXPOSED, and the disk's. */
MUST_CHECK enum err staff_set_pin(const char *folder, const char *pin);
/* What failed before is forgotten, a pause ends. */
MUST_CHECK enum err staff_forget_tries(const char *folder);

struct staff_tries {
    int64_t failures; /* one after another */
    int64_t since_ms; /* monotonic; when the last one was made */
};
/* One attempt.  ERR_OK: it is the PIN; ERR_REFUSED: it is not; ERR_CANCELLED:
 * it was not looked at, for it is too early; ERR_NOT_FOUND: there is none.
 * Else the attempt could not be counted, so it was not looked at, or what is
 * stored cannot be used.  ret_tries: as it stands afterwards; also set on
 * failure. */
MUST_CHECK enum err staff_try(const char *folder, const char *pin,
                              struct staff_tries *ret_tries);
/* How long nobody may try after so many failures; how much of it is left. */
int64_t staff_pause_ms(int64_t failures);
int64_t staff_left_ms(const struct staff_tries *tries);

/* ---- In the terminal ---- */

struct staff;

/* Reads what stands in the folder now; writes come later. */
struct staff *staff_new(struct loop *loop, const char *folder);
/* Waits for what is under way, without answering it. */
void staff_free(struct staff *staff);

typedef void (*staff_fn)(void *owner, enum err err);

/* One attempt (staff_try), on another thread: it takes about 0.1 s, and waits
 * for what is being written.  False: another is under way, or waits.  done comes
 * once, later, never inside this call.  The door and the check of a person on
 * the spot count together. */
bool staff_check_pin(struct staff *staff, const char *pin, staff_fn done,
                     void *owner);
bool staff_is_checking(const struct staff *staff);
/* The demonstration's; as above. */
bool staff_take_pin(struct staff *staff, const char *pin, staff_fn done,
                    void *owner);
bool staff_has_pin(const struct staff *staff);
/* Looks again: `kiosk setup` may have been there. */
void staff_look(struct staff *staff);
int64_t staff_wait_ms(const struct staff *staff);
int64_t staff_failures(const struct staff *staff);

/* Out of service and back, durably: done tells.  False: an attempt is under
 * way, or something waits. */
bool staff_set_out(struct staff *staff, bool is_out, staff_fn done,
                   void *owner);
/* Wall time since which it is; 0: it is not. */
int64_t staff_out_since_ms(const struct staff *staff);
