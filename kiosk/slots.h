/* What the office said of places in time: which are free, and which one is held
 * for the person.  As in office.h everything is looked through before it is
 * kept, and wiped with the session.  The wire: kiosk/backend/README.md. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/flow/slot.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SLOTS_TOKEN_BYTES = 33,
    SLOTS_ID_BYTES = 160,
    SLOTS_DAYS_MAX = 78, /* with "back", two-digit numbers from 11 on */
    SLOTS_A_DAY_MAX = 78
};

struct slots;

struct slots *slots_new(void);
void slots_free(struct slots *slots);
void slots_wipe(struct slots *slots);

/* What came: ERR_BAD_ANSWER, and nothing of it is kept. */
MUST_CHECK enum err slots_take_days(struct slots *slots, const char *body,
                                    size_t len);
MUST_CHECK enum err slots_take_hold(struct slots *slots, const char *body,
                                    size_t len);

/* Days with at least one that is free, in the order of the calendar. */
size_t slots_day_count(const struct slots *slots);
/* "2026-12-01", and how many places are left on it. */
const char *slots_day(const struct slots *slots, size_t day, int *ret_left);

struct slots_one {
    const char *id, *from, *until;
    int left;
};
size_t slots_count(const struct slots *slots, size_t day);
void slots_one(const struct slots *slots, size_t day, size_t at,
               struct slots_one *ret_one);

/* The last hold, or ""; by the monotonic clock it is over then. */
const char *slots_hold(const struct slots *slots, int64_t *ret_until_ms);
/* The token that stands in such an answer, for who gives it back at once; false:
 * it is none. */
bool slots_read_hold(const char *body, size_t len,
                     char token[SLOTS_TOKEN_BYTES]);
