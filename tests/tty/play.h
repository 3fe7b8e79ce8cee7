/* A walk as a table: page by page what is expected and what is done. */
#pragma once

#include "tests/tty/drive.h"

enum deed {
    DEED_PRESS, /* what: an element's id */
    DEED_TYPE,  /* what: digits */
    DEED_WRITE, /* what: a text; by touch or ten keys the way round */
    DEED_SIM,   /* what: a simulator's line */
    DEED_PRINT, /* until the paper is out */
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

/* A bar of progress stands there: the machine goes on by itself. */
bool play_is_at_work(struct drive *drive);

/* On the page that prints: moves the clock on as soon as the printer has begun a
 * page, until that page is left. */
void play_printed(struct drive *drive);

/* From now on who plays asks for large print on the home page, as often as it
 * takes until the page has so many rows; 0: not any more.  The terminal's
 * letters must change (letters.h). */
void play_in_large_print(int rows);

/* Two items from the attract page to the goodbye page; the receipt number as
 * shown is copied into receipt (16 bytes), the
 * lookup code into code (8 bytes, or NULL).  Who has no keyboard takes the way
 * round where Chinese would be typed. */
void play_permit(struct drive *drive, enum drive_hand hand, char *receipt,
                 char *code);
void play_hotline(struct drive *drive, enum drive_hand hand, char *receipt);
/* The certificate, checked by the code that the demo's hub sent; its number is
 * copied (40 bytes). */
void play_proof(struct drive *drive, enum drive_hand hand, char *number);
/* How far the case of play_permit() has come, by its person's card, or by its
 * receipt number and code; the slip once more. */
void play_progress(struct drive *drive, enum drive_hand hand,
                   const char *receipt);
void play_progress_typed(struct drive *drive, enum drive_hand hand,
                         const char *receipt, const char *code);

/* The paper that came out last says so; true also where no program can read
 * it. */
bool play_paper_says(struct drive *drive, const char *words);
/* The first of the page's options, as an id. */
void play_first_option(struct drive *drive, char id[64]);
/* The first whose id begins so; false: none stands there. */
bool play_first(struct drive *drive, const char *beginning, char id[64]);
/* The code that the demo's hub sent last (8 bytes). */
void play_read_code(struct drive *drive, char *code);
