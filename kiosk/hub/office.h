/* Orders of the office to the running hub, which holds its database locked:
 * small files in DIR/orders, taken in with its next request, or within a second
 * by main's timer; by a hub that is stopped, once it starts.
 *
 * NAME.order is JSON: what to do, to what, and words to the citizen sealed to
 * the office.  One that cannot be carried out (there is no such case) becomes
 * NAME.refused, for whoever gave it to find, and an event is recorded.  Taken
 * in twice, as after a crash, an order does what it did. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/hub/hub.h"

enum office_do {
    OFFICE_CASE,        /* name: id, case or receipt number; state, text */
    OFFICE_CALL,        /* name: the number of the call that is answered */
    OFFICE_CERTIFICATE, /* name: its number; it is withdrawn */
    OFFICE_PAY,         /* name: as payments_take has it */
    OFFICE_DO_COUNT
};

struct office_order {
    enum office_do what;
    const char *name;
    const char *state; /* accepted, correction, finished, withdrawn */
    const char *text;  /* "": no words */
};

/* For commands beside the hub; spaces in the name do no harm, for slips group
 * their numbers.  ERR_NOT_FOUND: no hub has kept anything there;
 * ERR_BAD_INPUT, ERR_TOO_BIG: the name or the text. */
MUST_CHECK enum err office_give(const char *state,
                                const struct office_order *order);

/* "accepted", "correct", "finished", "withdrawn" as commands say it; NULL: it
 * is none of them. */
const char *office_state_of(const char *word);

/* The hub's side. */
MUST_CHECK enum err office_make_folder(const char *state);
void office_take_in(struct hub *hub);
