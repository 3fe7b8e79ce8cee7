/* A field with what stands in it and the caret.  For draw.c only. */
#pragma once

#include "kiosk/ui/plan.h"

void draw_field(struct plan *plan, const struct unit *unit, int row);
