/* What the office runs beside the hub: `kiosk-hub case`, `calls`, `terminals`
 * and `certificate`. */
#pragma once

#include <stdbool.h>

/* Whether the first word after the program's name is one of these. */
bool office_command_is(const char *word);
/* argv[0] is that word.  Returns the exit code, after a sentence on standard
 * error when it is not 0. */
int office_command(int argc, char **argv);
