/* What stands on the page of a question before it is answered, and what is said
 * of its answer; for the pages that ask one. */
#pragma once

#include "kiosk/screen.h"

/* Where it comes from, for the person to check; nothing where nothing does. */
void standing_add_source(const struct screen *screen, struct view *view);
/* The whole page of what can be confirmed only. */
void standing_describe(const struct screen *screen, struct view *view);
/* The answer is taken: it is set and the page left, or a page asks whether it
 * is right (always where is_confirmed).  What is not allowed comes back and is
 * said on the page by standing_add_error; NULL: there is none. */
const struct allowed *standing_take(struct screen *screen, const char *value,
                                    bool is_confirmed);
void standing_add_error(const struct screen *screen, struct view *view,
                        const struct allowed *error);
/* The page that asked said yes. */
void standing_confirmed(struct screen *screen);
/* It is left empty. */
void standing_leave(struct screen *screen);
