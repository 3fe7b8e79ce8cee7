/* "kiosk" itself: the terminal, the demonstration, the preview of an item and
 * the page that says out of service.  Wires all parts, runs, stops in order. */
#pragma once

#include "kiosk/command_line.h"

/* Options alone: `kiosk --demo`, `kiosk --settings FILE` and so on. */
int terminal_command(int argc, char **argv, const struct program *program);
/* "preview FILE …": the demonstration of one item (preview.h). */
int preview_command(int argc, char **argv, const struct program *program);
