/* "kiosk setup": the staff PIN of this machine, for the first time and anew. */
#pragma once

#include "kiosk/settings.h"

#include <stdbool.h>

/* Asks on a terminal, without echo; else takes a line of standard input for each
 * question.  forgets_old: the old PIN is not asked for.  Returns main's exit
 * code and says what happened, never a PIN. */
int command_setup(const struct settings *settings, bool forgets_old);
