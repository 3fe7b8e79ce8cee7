/* The 256 bytes of text in a card's chip, as the four kinds of card lay them
 * out, become a struct card.
 *
 * Fields are UTF-16LE, of fixed size, padded; the unit at byte 248 tells the
 * kind.  Nobody is refused for a field: what is no character becomes U+3013,
 * what is unknown stays as it is on the card. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/flow/card.h"

#include <stddef.h>
#include <stdint.h>

enum { RECORD_BYTES = 256, RECORD_ADDRESS_BYTES = 70 };

/* ERR_BAD_INPUT: not of that length.  ERR_CARD_UNKNOWN: a kind that this
 * program does not know.  *ret_card is whole or untouched. */
MUST_CHECK enum err record_read(const uint8_t *bytes, size_t len,
                                struct card *ret_card);
/* The newest of the addresses that were appended later takes the place of the
 * one that was printed; an empty one changes nothing. */
void record_read_address(const uint8_t *bytes, size_t len, struct card *card);
