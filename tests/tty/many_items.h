/* A pack of twelve: the four that are delivered, and eight small ones, so that
 * every theme has an item, two have two, and one item can end at a closing
 * page. */
#pragma once

#include "tests/tty/world.h"

enum { MANY_ITEMS = 12 };

/* FOLDER/share, to be named as share_folder in the settings; its path. */
void many_items_make(const char *folder, char ret_share[WORLD_PATH]);
