/* `kiosk pack` and `kiosk activate`: items compiled into one file, and that file
 * placed for this machine's terminal.  Each prints what it did, or a sentence
 * with what to do, and returns main's exit code. */
#pragma once

#include "kiosk/command_line.h"

/* FOLDER FILE --version N [--division CODE], in this order or with the options
 * first. */
int pack_command(int argc, char **argv, const struct program *program);
/* FILE --settings FILE; the terminal may run. */
int activate_command(int argc, char **argv, const struct program *program);
