/* Questions to the office while somebody waits: one at a time, and a later one
 * ends an earlier one.  The answer is kept in struct office, then on_answer
 * comes, once, never inside the call.
 *
 *   ERR_OK           it is in asking_office()
 *   ERR_REFUSED      the office said no: office_problem() names why
 *   ERR_OFFLINE, ERR_TIMEOUT, ERR_BAD_ANSWER   nobody, too late, nonsense
 *   ERR_CORRUPT, ERR_TOO_BIG   of a certificate: not the one that was said */
#pragma once

#include "kiosk/delivery.h"
#include "kiosk/office.h"
#include "kiosk/slots.h"

struct asking;

/* delivery is the caller's, and goes before this does. */
struct asking *asking_new(struct loop *loop, struct delivery *delivery,
                          void (*on_answer)(void *owner, enum err err),
                          void *owner);
void asking_free(struct asking *asking);

struct office *asking_office(struct asking *asking);
const struct slots *asking_slots(const struct asking *asking);
/* No answer comes any more; what was said stays. */
void asking_stop(struct asking *asking);
/* The session ends: that goes, too. */
void asking_wipe(struct asking *asking);

/* What is on its way to the office, and what it said. */
void asking_tell(const struct asking *asking, struct held *held);

/* A code to the number on file, or what a member of the staff confirmed here:
 * the latter is good at once. */
void asking_check(struct asking *asking, const char *number, const char *name,
                  bool by_staff);
void asking_code(struct asking *asking, const char *code);
/* The next question, or what would be certified, by what was chosen. */
void asking_offer(struct asking *asking, const char *kind);
/* The finished certificate and its bytes. */
void asking_issue(struct asking *asking, const char *kind);
/* Which places in time are free; one of them held, by its id. */
void asking_slots_of(struct asking *asking, const char *item,
                     const char *place);
void asking_hold(struct asking *asking, const char *slot);
/* The booking of a case that was found is cancelled, by what it was found by. */
void asking_cancel(struct asking *asking, const char *id);
void asking_cases_of(struct asking *asking, const char *number);
void asking_cases_by(struct asking *asking, const char *receipt,
                     const char *code);
/* What other offices have on record; kinds are ended by NULL.  Nobody needs it
 * so much that they would wait as long as for the others. */
void asking_records(struct asking *asking, const char *number,
                    const char *const *kinds);
/* The records of that kind that the office has of this person. */
void asking_list(struct asking *asking, const char *number, const char *kind);
/* A code to pay by: the same while amount and record are the same, unless a new
 * one is wanted; and how the payment that was begun stands. */
void asking_payment(struct asking *asking, const char *item, const char *about,
                    int64_t fen, bool is_anew);
void asking_paid(struct asking *asking);
