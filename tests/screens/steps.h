/* A .steps file is a walk with places at which the page is kept:
 *
 *   wait SCREEN[/STEP]   the page that must come
 *   press ID             by keys; by touch where it has none
 *   touch ID             by touch
 *   round FIELD          the other way of a page for writing
 *   type TEXT            into the field, and end it
 *   write TEXT           into the field, without ending it
 *   keys TEXT            as they are, into whatever the page is
 *   enter .              ends the field (Enter)
 *   code .               types the code that was sent to the telephone last
 *   function 12          the function key F12; also 2, 3, 9
 *   save NAME            the file that is previewed becomes this one of preview/
 *   pass door            from the attract page to the staff page, by the PIN
 *   see ID               an element that must come
 *   gone ID              an element that must go
 *   chosen ID            an element that must become chosen
 *   sim LINE             a simulator's line
 *   golden NAME          the page is kept: compared, or taken as a picture */
#pragma once

#include "tests/tty/drive.h"

struct steps {
    struct drive *drive;
    const char *previewed; /* the item's file, or NULL */
    void (*on_golden)(void *owner, struct drive *drive, const char *name);
    void *owner;
};

void steps_play(const struct steps *steps, const char *path);
/* The file that is previewed becomes this one of tests/screens/preview/. */
void steps_save(const struct steps *steps, const char *name);
/* The .steps files of a folder, by name. */
void steps_each(const char *folder,
                void (*on_path)(void *owner, const char *path), void *owner);
