/* What other offices have on record of a person (kiosk/flow/shared.h has the
 * kinds and their fields).  An integrator replaces records.c by what asks the
 * exchange platform; nothing else here knows where a record comes from.
 *
 * The one here makes records up, for the demonstration, as people.h does: a
 * number has the same ones each time.  By the sequence (digits 15 to 17):
 *
 *   000          no record anywhere
 *   997          no register knows the person at all
 *   998          the records cannot be had now
 *   999          the population register has another name than any card
 *   all others   population and household register; about two thirds insurance,
 *                a third a vehicle, a fifth a business, these two grown up */
#pragma once

#include "kiosk/flow/judge.h"
#include "kiosk/flow/shared.h"
#include "kiosk/hub/people.h"

/* A record that was made: personal data, wiped by whoever has one. */
struct record_made {
    char day[SHARED_DAY_BYTES];
    char values[SHARED_FIELDS_MAX][SHARED_VALUE_BYTES]; /* "": none */
};

/* ERR_NOT_FOUND: there is none of that kind; ERR_OFFLINE: it cannot be had
 * now. */
MUST_CHECK enum err records_make(const struct people *people,
                                 const char *number,
                                 const struct shared_kind *kind,
                                 struct record_made *ret_made);
/* Nobody has any record of that number. */
bool records_are_none(const struct people *people, const char *number);

/* As struct judge_registers has it; owner is a struct records_look, which holds
 * what was looked at last. */
struct records_look {
    const struct people *people;
    struct record_made made;
};
enum judge_looked records_look(void *owner, const char *number,
                               const struct shared_kind *kind,
                               struct shared_record *ret_record);
