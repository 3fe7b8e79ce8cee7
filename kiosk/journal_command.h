/* "kiosk journal": for auditors and technicians, on a machine that is not
 * running or on a copy of its journal. */
#pragma once

#include "kiosk/command_line.h"

/* From the word "journal" on; the exit code: 0 whole (or written), 1 a record
 * is bad, 2 it cannot be read or was asked for wrongly. */
int journal_command(int argc, char **argv, const struct program *program);
