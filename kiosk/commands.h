/* What staff ask on the command line about a terminal's key and store.  Each
 * prints what it did, or a sentence with what to do, and returns main's exit
 * code; settings have been read. */
#pragma once

#include "kiosk/settings.h"

#include <stdbool.h>

/* By what the hub knows this machine.  In a folder to begin with, its key is
 * made. */
int command_fingerprint(const struct settings *settings);
/* Makes the key that is to follow this one; the terminal may run meanwhile, and
 * takes it once the hub knows it.  Where the key was lost it takes its place at
 * once. */
int command_key_replace(const struct settings *settings);
/* Sets aside what there is of the store and begins with an empty one.  Where
 * cases wait in it: only when leaves_waiting. */
int command_store_new(const struct settings *settings, bool leaves_waiting);
