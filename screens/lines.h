/* An item's lines (guide, result, certificate) as facts: those whose condition
 * holds, with their {names} filled in. */
#pragma once

#include "kiosk/screen.h"

void lines_describe(const struct screen *screen, struct view *view);
