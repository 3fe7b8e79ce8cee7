#include "screens/themes.h"

#include <string.h>

const struct item *themes_item(const struct screen *screen,
                               enum item_theme theme, size_t n)
{
    const struct pack *pack = screen_pack(screen);

    for (size_t i = 0; i < pack_count(pack); i++)
        if (pack_item(pack, i)->theme == theme && n-- == 0)
            return pack_item(pack, i);
    return NULL;
}

size_t themes_count(const struct screen *screen, enum item_theme theme)
{
    const struct pack *pack = screen_pack(screen);
    size_t count = 0;

    for (size_t i = 0; i < pack_count(pack); i++)
        count += pack_item(pack, i)->theme == theme;
    return count;
}

bool themes_has(const struct screen *screen, enum item_theme theme, bool can)
{
    const struct pack *pack = screen_pack(screen);

    for (size_t i = 0; i < pack_count(pack); i++) {
        const struct item *item = pack_item(pack, i);

        if (item->theme == theme &&
            (screen_hinders(screen, item) == NULL) == can)
            return true;
    }
    return false;
}

enum item_theme themes_find(const char *name)
{
    for (int i = THEME_UNSAID + 1; i < THEME_COUNT; i++)
        if (strcmp(item_theme_name((enum item_theme)i), name) == 0)
            return (enum item_theme)i;
    return THEME_UNSAID;
}
