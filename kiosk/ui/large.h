/* Large print: the terminal is asked for letters of another size (OSC 50, as
 * xterm does it where its resources allow it) and, when it holds its window,
 * has fewer rows and columns then.  That it does so is tried once after the
 * start, before anything is offered: where no smaller size comes back, there is
 * no large print.
 *
 * Levels: 0 is the size the terminal began with, asked for at the start as
 * well, since a program that died may have left another; 1 and 2 are larger.
 * Of ui.c only. */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/ui/paint.h"

#include <stdbool.h>

struct large;

struct large *large_new(struct loop *loop, struct paint *paint);
/* Goes back to the first size. */
void large_free(struct large *large);

/* Finds out which levels there are; none until then, nor ever without this
 * call.  The letters' font is copied. */
void large_begin(struct large *large, const struct ui_letters *letters);

/* The terminal's size was read anew.  True when it is what the person asked for:
 * all on the page stands elsewhere now. */
bool large_on_size(struct large *large);

/* How many levels were proved: 0, 1 or 2. */
int large_levels(const struct large *large);
int large_level(const struct large *large);
void large_set(struct large *large, int level);
/* A turn with a QR needs 21 rows: it gets the largest letters with which it has
 * them, and what stands there next the person's own again. */
void large_make_room(struct large *large, bool has_qr);
/* Whether smaller letters than those that stand now would be its. */
bool large_has_smaller(const struct large *large);
