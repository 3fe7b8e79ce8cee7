/* An item's lines (guide, result, certificate) as facts: those whose condition
 * holds, with their {names} filled in. */
#pragma once

#include "kiosk/screen.h"

void lines_describe(const struct screen *screen, struct view *view);

/* What is to be done about the session's case, sent or found: the same lines as
 * on its slip; then whom to ask, and how to complain. */
void lines_describe_case(const struct screen *screen, struct view *view);
void lines_describe_contacts(const struct screen *screen, struct view *view,
                             const struct item *item);
