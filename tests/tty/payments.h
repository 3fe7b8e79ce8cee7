/* What the demonstration's hub knows of payments. */
#pragma once

#include "tests/tty/drive.h"

/* What `kiosk-hub payments` prints comes to hold these words. */
void payments_say(struct drive *drive, const char *words);
