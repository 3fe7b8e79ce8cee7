/* A walk as a table: page by page what is expected and what is done. */
#pragma once

#include "tests/tty/drive.h"

enum deed {
    DEED_PRESS, /* what: an element's id */
    DEED_TYPE,  /* what: digits */
    DEED_WRITE, /* what: a text; by touch or ten keys the way round */
    DEED_SIM,   /* what: a simulator's line */
    DEED_WAIT   /* the page goes on by itself */
};

struct scene {
    const char *screen, *step; /* step NULL: any */
    enum deed deed;
    const char *what;
};

/* Plays the scenes; every page is checked to stand on the painted screen. */
void play(struct drive *drive, enum drive_hand hand, const struct scene *scenes,
          size_t count);

/* Both items from the attract page to the goodbye page; the receipt number as
 * shown is copied into receipt (16 bytes).  Who has no keyboard takes the way
 * round where Chinese would be typed. */
void play_permit(struct drive *drive, enum drive_hand hand, char *receipt);
void play_hotline(struct drive *drive, enum drive_hand hand, char *receipt);
