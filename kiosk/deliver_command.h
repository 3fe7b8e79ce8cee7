/* `kiosk deliver FOLDER`: compiles the items delivered with the program, beside
 * them.  `make` runs it; whoever changes items in their folder by hand may, for
 * a start as quick as before. */
#pragma once

#include "kiosk/command_line.h"

int deliver_command(int argc, char **argv, const struct program *program);
