/* An item's lines (guide, result, certificate) as facts: those whose condition
 * holds, with their {names} filled in. */
#pragma once

#include "kiosk/screen.h"

void lines_describe(const struct screen *screen, struct view *view);

/* What stands on the slip of the session's case, sent or found, with ids
 * "line.ID"; not whole: whom to ask and how to complain only. */
void lines_describe_slip(const struct screen *screen, struct view *view,
                         bool is_whole);
