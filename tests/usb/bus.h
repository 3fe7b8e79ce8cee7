/* A test program's own bus: it runs itself again below the emulator, and tells
 * the readers what to do.  See emulator.c for the lines. */
#pragma once

#include "kiosk/flow/card.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called first in main: returns when the bus is there; false: it cannot be had
 * here, *ret_why says why. */
bool bus_enter(char **argv, const char **ret_why);

/* One line for the emulator; its answer must be ok. */
__attribute__((format(printf, 1, 2))) void bus_tell(const char *format, ...);
/* Commands that a reader got so far, and claims of it that are held. */
int bus_commands(int place);
int bus_claims(int place);

enum { BUS_RECORD_BYTES = 256 };
/* A card's chip as its kind lays it out. */
void bus_encode(const struct card *card, uint8_t record[BUS_RECORD_BYTES]);
/* Lays it on the reader; address: one appended later, or NULL. */
void bus_lay(int place, const struct card *card, const char *address);
void bus_lay_record(int place, const uint8_t *record, size_t len);

/* One made-up person of each kind. */
extern const struct card bus_people[CARD_KIND_COUNT];
