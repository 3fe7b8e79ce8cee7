/* What writers of items run: `kiosk check`, `new-item`, `item-schema` and
 * `item-keys`.  Findings go to standard error, in the order of the files, what
 * was asked for to standard output; each returns main's exit code. */
#pragma once

#include <stdbool.h>

bool item_command_is(const char *word);
/* argv[0]: the command's word.  folder: the items that the terminal would
 * load.  item_set_screens has been called. */
int item_command(int argc, char **argv, const char *folder);

enum { ITEM_PATH_BYTES = 4096 };

/* kiosk/item_new.c: asks on standard input and writes the file, whose path goes
 * to ret_path.  given: a name, or the path of the file to be. */
int item_new(const char *given, char ret_path[ITEM_PATH_BYTES]);
