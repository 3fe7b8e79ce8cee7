/* `kiosk print-slip`: an item's slip as a PDF, without printer, hub or person. */
#pragma once

#include "kiosk/command_line.h"

int print_slip_command(int argc, char **argv, const struct program *program);
