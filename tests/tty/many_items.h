/* Packs that stay as they are, whatever is delivered.  Four items, whose tiles
 * stand on the home page; and twelve: these and eight small ones, so that every
 * theme has an item, two have two, and one item can end at a closing page. */
#pragma once

#include "tests/tty/world.h"

enum { MANY_ITEMS = 12 };

/* All but the four are taken out of a folder of items. */
void four_items_keep(const char *items);
/* FOLDER/share, to be named as share_folder in the settings; its path. */
void four_items_make(const char *folder, char ret_share[WORLD_PATH]);
void many_items_make(const char *folder, char ret_share[WORLD_PATH]);
/* The four, and FOLDER/settings.yaml that names them; its path. */
void four_items_settings(const char *folder, char ret_settings[WORLD_PATH]);
