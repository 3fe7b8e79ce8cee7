/* What writers of items run: `kiosk check`, `pack`, `activate`, `new-item`, `item-schema`,
 * `item-keys`, `draw-paths` and `print-form`.  Findings go to standard error, in the order of the files, what
 * was asked for to standard output; each returns main's exit code. */
#pragma once

#include "kiosk/command_line.h"

int check_command(int argc, char **argv, const struct program *program);
int new_item_command(int argc, char **argv, const struct program *program);
int draw_paths_command(int argc, char **argv, const struct program *program);
int print_form_command(int argc, char **argv, const struct program *program);
int item_schema_command(int argc, char **argv, const struct program *program);
int item_keys_command(int argc, char **argv, const struct program *program);

/* As `kiosk check` of these files and folders, without any: of folder. */
int items_check(int count, char **paths, const char *folder);

enum { ITEM_PATH_BYTES = 4096 };

/* As `kiosk check` of these files and folders, without any: of folder. */
int items_check(int count, char **paths, const char *folder);

/* kiosk/item_new.c: asks on standard input and writes the file, whose path goes
 * to ret_path.  given: a name, or the path of the file to be. */
int item_new(const char *given, char ret_path[ITEM_PATH_BYTES]);
