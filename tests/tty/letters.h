/* A pretended terminal whose letters change size as xterm's do (OSC 50) while
 * its window does not: more points, fewer rows and columns. */
#pragma once

#include "tests/tty/drive.h"

/* What the program said to the terminal; LETTERS_NONE when it asks for nothing,
 * else the points. */
enum { LETTERS_NONE = 0 };
struct letters {
    char heard[128]; /* the end of what came, a sequence may be cut in two */
    size_t len;
    int bells; /* those that end no sequence */
};
int letters_hear(struct letters *letters, const char *bytes, size_t len);

/* Waits until the program, begun with so many rows and letters of 20 points, has
 * found out that the terminal can do it: it tries 40 points, and goes back. */
void letters_wait(struct drive *drive, int rows);
/* Waits until the page has so many rows. */
void letters_wait_rows(struct drive *drive, int rows);
