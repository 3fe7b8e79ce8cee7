/* Cases as a terminal makes them, for the tests of both ends. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/envelope.h"

struct sample {
    char id[CASE_ID_CHARS + 1];
    char address[ADDRESS_CHARS + 1];
    const char *receipt;
    const char *lookup_code;
    const struct key *machine_key;
    const unsigned char *office_key;
    bool is_anonymous; /* only the hour of wall_ms is told */
    int64_t wall_ms;
    const char *item;          /* NULL: hotline-12345 */
    const char *card_number;   /* NULL: without a card */
    const char *spouse_number; /* NULL: nobody shows their card as well */
    /* More answers, pairs of name and value ended by NULL; may be NULL. */
    const char *const *answers;
    /* What the item says of its slip; NULL: nothing. */
    struct slip_part *slip;
    size_t slip_count;
};

/* With an id and an address of its own, by chance. */
void sample_init(struct sample *sample, const struct key *machine_key,
                 const unsigned char *office_key);
/* The whole envelope; bytes is begun here and the caller's to end. */
void sample_envelope(const struct sample *sample, struct buf *bytes);
