/* Which places in time there are: FOLDER/lists/slots.tsv beside the items, by item and
 * place, with the columns
 *
 *   item   place   hours                      minutes  places  days
 *   …      411303  09:00-12:00,14:30-17:00    30       3       30
 *
 * and that header line.  place "*" is every place that has no line of its own.
 * On each working day (lists/holidays.tsv) from today on, for so many days, a
 * slot of so many minutes begins as long as it ends within the hours; so many
 * persons may take it. */
#pragma once

#include "kiosk/flow/slot.h"
#include "kiosk/hub/hub_items.h"

#include <stdint.h>

struct slot_calendar;

enum {
    SLOT_DAYS_MAX = 78, /* as many as a terminal can number */
    SLOT_KEY_BYTES = SLOT_VALUE_BYTES + 64
};

/* Never fails: what cannot be read is told, and offers nothing. */
struct slot_calendar *slot_calendar_open(const char *folder,
                                         const struct hub_items_told *told);
void slot_calendar_close(struct slot_calendar *calendar);

/* calendar NULL: there is none.  Each slot that begins after now, day by day; false from on_slot: no more are
 * wanted. */
void slot_calendar_each(const struct slot_calendar *calendar, const char *item,
                        const char *place, int64_t now_ms,
                        bool (*on_slot)(void *owner, const struct slot *slot,
                                        int places),
                        void *owner);

/* How many may take it; 0: it is none of the calendar's, or too far ahead. */
int slot_calendar_places(const struct slot_calendar *calendar, const char *item,
                         const struct slot *slot, int64_t now_ms);
/* It has begun. */
bool slot_is_past(const struct slot *slot, int64_t now_ms);

/* "marriage-appoint/2026-12-01 09:00-09:30 411303": what one slot of one item is
 * called, here and on the wire. */
void slot_key(const char *item, const struct slot *slot,
              char key[SLOT_KEY_BYTES]);
/* False: it is none. */
bool slot_key_read(const char *key, char item[64], struct slot *ret_slot);
