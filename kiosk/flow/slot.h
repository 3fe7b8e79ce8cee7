/* A place in time that the office gives (预约): a day, from when until when, and
 * where.  The hub says which are free and holds one while the person goes on
 * (kiosk/backend/README.md); the answer of the page has one notation,
 *
 *   2026-12-01 09:00-09:30 PLACE
 *
 * so rules have its day as KEY.substring(0, 10). */
#pragma once

#include "kiosk/flow/calendar.h"
#include "kiosk/flow/walk.h"

#include <stdbool.h>

enum {
    SLOT_TIME_BYTES = 6,   /* "09:00" and its NUL */
    SLOT_PLACE_BYTES = 32, /* a name, or the value of a choice */
    SLOT_VALUE_BYTES = 64
};

struct slot {
    char date[CALENDAR_DATE_BYTES];
    char from[SLOT_TIME_BYTES], until[SLOT_TIME_BYTES];
    char place[SLOT_PLACE_BYTES];
};

bool slot_is(const struct step *step);
/* The page on which this item has a time chosen, or NULL. */
const struct step *slot_of(const struct item *item);

/* False: it is not in the notation, no such day or time, or it ends before it
 * begins. */
bool slot_read(const char *value, struct slot *ret_slot);
void slot_write(const struct slot *slot, char value[SLOT_VALUE_BYTES]);

/* Minutes since midnight; -1: it is no time of a day. */
int slot_minutes(const char *time);

/* The earlier answer that the page's place is taken from, or NULL: it is a fixed
 * one. */
const struct step *slot_place_step(const struct item *item,
                                   const struct step *step);
/* Where it is now, borrowed until the answers change; NULL: that is not answered
 * yet. */
const char *slot_place(const struct item *item, const struct step *step,
                       const struct answers *answers);

/* It may stand there: in its notation, at the place as it is now, and not before
 * the day of the session.  Whether it is free only the hub knows. */
bool slot_holds(const struct item *item, const struct step *step,
                const struct answers *answers, const char *value);

/* "2026年12月1日 星期二", "Tuesday, 2026-12-01". */
void slot_day_text(const char *date, enum language language, struct buf *out);
/* Day, time and place in words; what is no slot stands there as it is. */
void slot_text(const struct item *item, const struct step *step,
               const char *value, enum language language, struct buf *out);

/* One that could be offered, for who walks an item without a hub: the nth
 * working day of the week after that of the session; false: its place is not
 * answered. */
bool slot_make_up(const struct item *item, const struct step *step,
                  const struct answers *answers, int nth,
                  char value[SLOT_VALUE_BYTES]);
