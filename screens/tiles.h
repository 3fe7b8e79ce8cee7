/* Tiles of items, the same on every page that has them: home, theme, find.  A
 * tile that cannot work keeps its place and its number's, and says why. */
#pragma once

#include "kiosk/screen.h"

/* The numbers of so many tiles, from 1 or, where one digit is not enough, 11. */
size_t tiles_first(size_t count);
/* number 0: none, it is touched. */
void tiles_add(const struct screen *screen, struct view *view,
               const struct item *item, size_t number);
/* Among themes: without what to bring, how long and what it costs. */
void tiles_add_short(const struct screen *screen, struct view *view,
                     const struct item *item, size_t number);
/* A choice that is an item's tile begins it; false: it was none. */
bool tiles_take(struct screen *screen, const char *choice);
