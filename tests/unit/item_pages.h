/* A good item of every kind of page, in a folder of its own, for tests that
 * change one piece of it and look at what is told. */
#pragma once

#include "kiosk/flow/item.h"

/* The item's text; its file is "small.yaml". */
extern const char item_good[];

/* cmocka's set-up and tear-down: the folder with the good item and its lists;
 * and that folder's path. */
int item_folder_make(void **state);
int item_folder_remove(void **state);
const char *item_folder(void);
void item_write(const char *name, const char *text);

/* The good item with the first of `from` changed to `to`, loaded, checked and
 * its tests run: exactly these lines are told, in their order, without the
 * folder before them. */
void item_tells(const char *from, const char *to, const char *lines);
/* The same of what stands in the folder, for a terminal of that division. */
void item_folder_tells(const char *division, const char *lines);
/* It loads without a word. */
struct pack *item_load_silently(const char *division);
