/* `kiosk pack` and `kiosk activate`: items compiled into one file, and that file
 * placed for this machine's terminal.  Each prints what it did, or a sentence
 * with what to do, and returns main's exit code. */
#pragma once

/* FOLDER FILE --version N [--division CODE], in this order or with the options
 * first.  item_set_screens has been called. */
int command_pack(int argc, char **argv);
/* FILE --settings FILE; the terminal may run.  item_set_screens has been called. */
int command_activate(int argc, char **argv);
