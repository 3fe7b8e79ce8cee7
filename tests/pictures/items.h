/* Every page of every item of the hall, each stop of a step, and why a step is
 * asked, by the item's preview (kiosk/preview.h): the same pages as a citizen
 * sees, but for the preview's own line at the bottom. */
#pragma once

#include "tests/pictures/glass.h"

/* name: "elder-allowance.county", then "….not_here" of its stop, "….why". */
typedef void (*items_page_fn)(void *owner, struct drive *drive,
                              const char *name);
/* Only items that are wanted, by their ids.  A failure fails the test that
 * asked. */
void items_each_page(struct glass *glass, const char *settings,
                     bool (*is_wanted)(const char *id), items_page_fn on_page,
                     void *owner);
