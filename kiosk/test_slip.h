/* The slip by which staff see that the printer prints: nothing of anybody's
 * stands on it. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/i18n.h"
#include "kiosk/settings.h"

#include <stdbool.h>

/* One line for kiosk-draw (kiosk/paper/README.md). */
void test_slip_compose(const struct settings *settings, const char *paper,
                       enum language language, bool is_demo, struct buf *out);
