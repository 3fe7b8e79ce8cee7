/* How a field for text is described: the pads, what is composed, what is
 * offered.  For screens that have one. */
#pragma once

#include "kiosk/screen.h"

/* The field and what belongs to it.  Returns what stands in it. */
const char *write_describe(const struct screen *screen, struct view *view,
                           const char *id, const char *label,
                           const char *initial, size_t max_chars);
/* Something offered is picked now: what else the page has can wait. */
bool write_chooses(const struct screen *screen);
/* The footer's keys: back, delete, on. */
void write_footer(const struct screen *screen, struct view *view,
                  bool is_empty);
