/* What the authority knows of persons: telephone and insurance.  An integrator
 * replaces people.c by what asks the real registers; nothing else here knows
 * where a record comes from.
 *
 * The one here makes records up, for the demonstration: everything follows from
 * a MAC over the ID number under DIR/people.key, so a number has the same
 * record each time and elsewhere another.  Every valid number has one, but for
 * those with sequence 000 (digits 15 to 17); about a third have both schemes. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/card.h"

#include <stdbool.h>
#include <stdint.h>

enum { PEOPLE_DICE_BYTES = 32 };

enum { PERSON_NUMBER_BYTES = 32, PERSON_YEARS_MAX = 6, PERSON_MONTHS = 12 };

/* What somebody may be insured by; employees also against unemployment and
 * accidents at work, by the same months. */
enum scheme { SCHEME_EMPLOYEE, SCHEME_RESIDENT, SCHEME_COUNT };

struct person {
    char number[PERSON_NUMBER_BYTES];
    char name[CARD_TEXT_BYTES]; /* "" where the register has none */
    char phone[16];             /* "": none on file */
    bool has[SCHEME_COUNT];
    int first_year, year_count; /* with data; 0: none */
    /* Bit m of a year: its month m (from 0) is paid. */
    uint16_t paid[SCHEME_COUNT][PERSON_YEARS_MAX];
    bool is_active; /* still insured, else interrupted */
};

struct people;

/* is_demo false: nobody is known. */
MUST_CHECK enum err people_open(const char *state, bool is_demo,
                                struct people **ret_people);
void people_close(struct people *people);
/* Of that person and for that purpose the same bytes each time: what another
 * made-up record is made of.  ERR_NOT_FOUND: no such person. */
MUST_CHECK enum err people_dice(const struct people *people, const char *number,
                                const char *purpose,
                                unsigned char ret_bytes[PEOPLE_DICE_BYTES]);
/* ERR_NOT_FOUND: no such person, as of sequence 997 there is none.  Of one with
 * sequence 000 there is neither a telephone nor a record.  A struct person holds personal data: whoever has
 * one wipes it. */
MUST_CHECK enum err people_find(const struct people *people, const char *number,
                                int64_t wall_ms, struct person *ret_person);
/* What else is made up of a person (about says what) follows from this.
 * ERR_NOT_FOUND as above. */
MUST_CHECK enum err people_mark(const struct people *people, const char *number,
                                const char *about,
                                unsigned char mark[CRYPTO_DIGEST_BYTES]);
