/* Cases as a terminal makes them whose program or pack was tampered with: it
 * names the right item, version and hash, and lets through whatever it is told.
 * Told what an honest one would have let through, it is honest. */
#pragma once

#include "kiosk/flow/envelope.h"

/* The progress page of each. */
#define FORGED_ADDRESS "BBBBBBBBBBBBBBBBBBBBBB"

struct forged {
    const struct item *item; /* whose id, version and hash are named */
    /* "name=value", ended by NULL; a value "later" is the way round, "=later"
     * the word written. */
    const char *const *answers;
    const char *birth;        /* "19900101" on the card; NULL: no card */
    const char *number_birth; /* in its number; NULL: the same */
    const char *without;      /* a field that the card does not give */
    const char *valid_to;     /* NULL: for ever; told as a field of the card */
    const char *assurance;    /* NULL: what fits */
    bool is_typed;            /* a number typed, no card */
    bool is_wrong;            /* its check character, that is */
    bool tells_more;          /* an anonymous report with card and exact time */
    const char *hold;         /* of the slot; NULL: none */
    int64_t today_ms, sent_ms;
};

/* The whole envelope; bytes is begun here and the caller's to end. */
void forged_envelope(const struct forged *forged, const char *id,
                     const struct key *machine, const unsigned char *office,
                     struct buf *bytes);
