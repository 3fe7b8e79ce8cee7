/* `kiosk outbox export FILE`: what waits on a machine, still sealed, as one
 * file for `kiosk-hub import`.  For staff at a machine that does not serve any
 * more, or at its disk in another one.  Nothing in the outbox changes. */
#pragma once

#include "kiosk/command_line.h"

/* Prints what it did, or on standard error why not; returns the exit code. */
int export_run(const struct settings *settings, const char *path);
/* "outbox export FILE [--settings FILE]", from the word "outbox" on. */
int outbox_command(int argc, char **argv, const struct program *program);
