/* `kiosk-hub import FILE --state DIR`: what waited on a machine that died, each
 * case once, also when some had arrived.  For whoever keeps the hub. */
#pragma once

#include "kiosk/hub/hub.h"

#include <stdbool.h>

/* The hub must not run.  Prints a line a case and a summary; returns 0 when
 * every case of the file is at the hub, else 1.  A damaged file changes
 * nothing, unless is_salvage: then the cases that are whole are taken, and it
 * is 1 all the same. */
int hub_import(const struct hub_settings *settings, const char *path,
               bool is_salvage);
