/* What the two pages on which staff type their PIN have in common (pin.c): the
 * door and the check of a person on the spot. */
#pragma once

#include "kiosk/screen.h"

/* Such a page's state. */
struct pin_state {
    bool is_checking;
    enum err err; /* of the last attempt */
};

void pin_open(struct screen *screen);
/* Below the heading: the field, or why there is none. */
void pin_describe(const struct screen *screen, struct view *view);
/* True when the PIN was right. */
bool pin_event(struct screen *screen, const struct screen_event *event);
