/* The citizen whose traces are looked for: somebody who does not exist, whose
 * words stand nowhere else, and who can go through any item of the pack.
 *
 * Each page is answered by what the report says that it is: a new item needs
 * nothing here.  A kind of page that is answered otherwise does: one row in
 * citizen.c. */
#pragma once

#include "kiosk/flow/item.h"
#include "tests/left/people.h"
#include "tests/tty/drive.h"

/* What is done about a page that stands: an element's id, a text that is ended,
 * a simulator's line. */
enum citizen_act { CITIZEN_PRESSES, CITIZEN_TYPES, CITIZEN_SAYS };

/* The ways of a citizen through an item; zeroes are the one whose traces are
 * looked for, who takes the first option that leads on, by ten keys. */
struct citizen {
    struct drive *drive;
    const char *item; /* its id */
    /* The whole of it, whose own tests say what days, numbers and the like are
     * written; NULL: it has no such fields. */
    const struct item *about;
    size_t who;         /* of those who come */
    size_t brings;      /* whom of those who are brought */
    bool types_number;  /* instead of laying down the card, where that goes */
    bool is_half_typed; /* the last field was written into and not ended */
    bool lays_other;    /* the last card page was another person's */
    /* Of a case that was sent, for an item that asks for them; or NULL. */
    const char *receipt, *code;
    int first, tries; /* of the options of the page that led to a stop */
    int refusals;     /* of what was written into this field */

    /* Another citizen, for those who play many: */
    enum drive_hand hand; /* on choices and digits; keys or touch */
    const char *card;     /* the simulator's line */
    const char *number;   /* what is typed instead */
    bool takes_way;       /* round each text */
    int pages_most;       /* after so many they stand still; 0: never */
    /* What is answered at this step; NULL: as above, by pick() if given. */
    const char *(*answer)(struct citizen *citizen, const char *step);
    unsigned (*pick)(struct citizen *citizen, unsigned below);
    /* Told of each act before it is done; or NULL.  Not of turning pages. */
    void (*on_act)(struct citizen *citizen, enum citizen_act act,
                   const char *what);
    void *owner;
};

/* Does what the page that stands asks for, from the attract page through the
 * paper and the goodbye; false once that page stands again. */
bool citizen_steps(struct citizen *citizen);

/* From the attract page on, until the page of this name stands; "" for the
 * first page on which something is typed, which is then left half written.
 * False when the item came to its end, or to a stop, without. */
bool citizen_goes(struct citizen *citizen, const char *until);
/* The page says that the item is not for a person like this one, or that all is
 * paid that there was to pay. */
bool citizen_is_turned_away(struct citizen *citizen);
/* Their card is laid down; no time passes. */
void citizen_lays(struct citizen *citizen);
/* What is masked on the page shows, where it can. */
void citizen_reveals(struct citizen *citizen);
/* The card is lifted, as any person does who leaves. */
void citizen_lifts(struct citizen *citizen);
