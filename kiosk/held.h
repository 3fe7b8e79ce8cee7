/* What is kept of the person at the machine, told by whoever keeps it
 * (session_on_wipe): rows for the page that says what this machine holds.
 *
 * A row says what a thing is, and only so much of its value that the person
 * knows it again: masked, counted, or called by a word (chosen, written).  Rows
 * with the same id are one, their words stand one after another.  Nothing is
 * copied: what a row points to lives until its keeper is called again. */
#pragma once

#include "kiosk/flow/item.h"

#include <stddef.h>

enum held_as {
    HELD_WORDS,  /* value: a msgid */
    HELD_NAME,   /* value: a name, to be masked */
    HELD_NUMBER, /* value: a number, to be masked */
    HELD_EMAIL,  /* value: an e-mail address, to be masked */
    HELD_MASKED, /* value: masked already, by the office */
    HELD_AMOUNT  /* amount: how many there are */
};

enum { HELD_MAX = 96, HELD_ID_BYTES = 64 };

struct held_row {
    char id[HELD_ID_BYTES];
    const char *label;         /* a msgid, or … */
    const struct words *words; /* … an item's words */
    enum held_as as;
    const char *value;
    size_t amount;
};

struct held {
    struct held_row rows[HELD_MAX];
    size_t count;
};

/* The id is copied; past HELD_MAX rows the last one stands for all that follow.
 */
void held_add(struct held *held, const char *id, const char *label,
              const char *value);
void held_add_masked(struct held *held, const char *id, const char *label,
                     enum held_as as, const char *value);
/* Nothing when there are none. */
void held_add_amount(struct held *held, const char *id, const char *label,
                     size_t amount);
void held_add_answer(struct held *held, const char *id,
                     const struct words *label, enum held_as as,
                     const char *value);
