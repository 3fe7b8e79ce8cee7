/* An item in an editor, and its preview: a copy of the items that a test changes
 * as editors do, and the program that shows one of them. */
#pragma once

#include "tests/tty/drive.h"

#define KEY_F2  "\033OQ"
#define KEY_F3  "\033OR"
#define KEY_F10 "\033[21~"

/* Set-up and tear-down: a folder of its own with all items and lists. */
int previewed_make(void **state);
int previewed_remove(void **state);
/* The folder of the items, and a path below it. */
const char *previewed_path(const char *name);

/* Previews that file; the first page stands. */
struct drive *previewed_start(const char *file, int rows, int cols);
/* F10; the program has ended well. */
void previewed_end(struct drive *drive);

/* One text of the file becomes another: written anew, or by a new file that
 * takes its place. */
enum previewed_way { WRITTEN, RENAMED };
void previewed_change(const char *name, const char *from, const char *to,
                      enum previewed_way way);

/* By F3 to the page of that step, wherever it stands in the list. */
void previewed_jump(struct drive *drive, const char *step);
void previewed_press(struct drive *drive, const char *key);

/* What the bottom says. */
void previewed_wait_error(struct drive *drive, const char *words);
void previewed_wait_none(struct drive *drive);
