/* Checks of persons that are under way, and how often codes were sent: in
 * memory only, so that a restart forgets all of it and terminals ask anew.
 * All waiting is by the monotonic clock.  Used by hub_checks.c and the
 * certificates. */
#pragma once

#include "kiosk/flow/card.h"
#include "kiosk/hub/ask.h"
#include "kiosk/hub/people.h"

enum {
    CODE_DIGITS = 6,
    CHECK_TRIES = 5,
    CHECK_CODE_MS = 10 * 60 * 1000, /* a code may be used so long */
    CHECK_GOOD_MS = 15 * 60 * 1000, /* a confirmed check is good so long */
    CHECK_AGAIN_MS = 60 * 1000,     /* between two codes to one person */
    CHECK_HOUR_MS = 60 * 60 * 1000,
    CHECK_CODES_AN_HOUR = 10 /* that nobody confirmed */
};

struct check {
    char token[TOKEN_CHARS + 1];
    char machine[CRYPTO_HEX_DIGEST];
    char number[PERSON_NUMBER_BYTES];
    char name[CARD_TEXT_BYTES]; /* as on the card, "" when it was not told */
    char code[CODE_DIGITS + 1]; /* "": a member of staff confirmed */
    int wrong;
    bool is_good;
    int64_t until_ms; /* of the code, or of the good check */
};

struct checks;

struct checks *checks_new(void);
void checks_free(struct checks *checks);
/* A new one, all but its token for the caller to fill in; one of the same
 * machine that waits for a code of the same number is dropped.  Borrowed until
 * the next checks_* call.  Where there is no room the machine's oldest goes,
 * then anybody's. */
struct check *checks_add(struct checks *checks, const char *machine,
                         const char *number);
/* NULL: none of this machine's, or it is over for good. */
struct check *checks_find(struct checks *checks, const char *machine,
                          const char *token);
/* The same, confirmed and not over; NULL. */
const struct check *checks_find_good(struct checks *checks, const char *machine,
                                     const char *token);

/* Milliseconds until a code may be sent to this number; 0: now. */
int64_t checks_wait_ms(const struct checks *checks, const char *number);
void checks_note_sent(struct checks *checks, const char *number);
/* Somebody had the telephone in their hand: the count begins anew. */
void checks_note_good(struct checks *checks, const char *number);
