/* "kiosk fingerprint", "key", "store" and "setup": the words of what staff ask,
 * which commands.h and setup_command.h then do. */
#pragma once

#include "kiosk/command_line.h"

int fingerprint_command(int argc, char **argv, const struct program *program);
int key_command(int argc, char **argv, const struct program *program);
int store_command(int argc, char **argv, const struct program *program);
int setup_command(int argc, char **argv, const struct program *program);
