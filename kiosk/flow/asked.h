/* What an item asks of a question beside its type: whether it may be left
 * empty, what its answer must be, what stands there before anybody answered. */
#pragma once

#include "kiosk/flow/walk.h"

/* It cannot be left empty now. */
bool asked_is_required(const struct step *step, const struct answers *answers);

/* What was given keeps this rule; what was left empty, or comes later, keeps
 * all of them. */
bool asked_keeps(const struct allowed *allowed, const struct step *step,
                 const struct answers *answers);
/* The first of its errors that the answer makes, or NULL. */
const struct allowed *asked_error(const struct step *step,
                                  const struct answers *answers);

/* What is to be said of an answer, of each severity apart. */
enum { ASKED_SAID_MAX = 8 };
struct asked_said {
    const struct allowed *error; /* the first; NULL: it may stand */
    const struct allowed *list[ASKED_SAID_MAX]; /* warnings, then information */
    size_t count, warnings;
};
/* Of one that is not set yet: it is tried on a copy.  ERR_TOO_BIG: there is no
 * memory for it. */
MUST_CHECK enum err asked_would_say(const struct step *step,
                                    const struct answers *answers,
                                    const char *value,
                                    struct asked_said *ret_said);

/* What was known before: the first of the step's sources that has a value which
 * the page takes. */
struct asked_prefill {
    const char *from;   /* the answer's name, or card_… */
    enum source source; /* SOURCE_CARD, SOURCE_SHARED or SOURCE_ANSWER */
};
/* False: nothing stands there.  The value is appended as it would be kept. */
bool asked_prefill(const struct step *step, const struct answers *answers,
                   struct buf *ret_value, struct asked_prefill *ret_prefill);
/* That, or else the default where it can be chosen now; false: nothing. */
bool asked_before(const struct step *step, const struct answers *answers,
                  struct buf *ret_value);
/* The source of a value that the person leaves there: the prefill's where it is
 * that one, else the citizen. */
enum source asked_source(const struct step *step, const struct answers *answers,
                         const char *value);
/* The record's answer (shared_household_address) that the step's answer was
 * taken from, *ret_differs false; or that the person did not leave as it is, but
 * gave their own word, *ret_differs true.  NULL: neither. */
const char *asked_shared(const struct step *step, const struct answers *answers,
                         bool *ret_differs);
/* The person can confirm what stands there, not change it. */
bool asked_is_fixed(const struct step *step, const struct answers *answers);

/* Whether the answer may still stand as things are now: what was left empty is
 * not required since, what was taken over is so still, and no error is made. */
bool asked_holds(const struct step *step, const struct answers *answers);
