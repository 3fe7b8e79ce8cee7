/* Items of a pack by their themes, for the pages that show these. */
#pragma once

#include "kiosk/screen.h"

/* The nth item of the theme, or NULL. */
const struct item *themes_item(const struct screen *screen,
                               enum item_theme theme, size_t n);
size_t themes_count(const struct screen *screen, enum item_theme theme);
/* Something of it can (or cannot) be begun here now. */
bool themes_has(const struct screen *screen, enum item_theme theme, bool can);
/* By an item's word for it; THEME_UNSAID: there is none. */
enum item_theme themes_find(const char *name);
