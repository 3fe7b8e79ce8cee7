/* Items of a pack together: themes and areas; and the devices that none may
 * need yet. */
#include "kiosk/flow/item_load.h"

#include <string.h>

const char *item_audience_name(enum item_audience audience)
{
    static const char *const names[] = { "", "natural person", "legal person",
                                         "both" };

    return names[audience];
}

const char *plan_area_name(enum plan_area area)
{
    static const char *const names[] = {
        "", "T1", "T2", "T3", "T4", "T5", "T6"
    };

    return names[area];
}

static const struct {
    const char *name, *words;
} themes[] = {
    [THEME_UNSAID] = { "", "" },
    [THEME_WORK] = { "work", N_("Social insurance and work") },
    [THEME_MEDICAL] = { "medical", N_("Medical insurance") },
    [THEME_POLICE] = { "police", N_("Police and traffic") },
    [THEME_HOUSING] = { "housing", N_("Housing and tax") },
    [THEME_FAMILY] = { "family", N_("Family and school") },
    [THEME_SUPPORT] = { "support", N_("Allowances and aid") },
    [THEME_BUSINESS] = { "business", N_("Business") },
    [THEME_HOTLINE] = { "hotline", N_("12345 hotline") },
    [THEME_PROGRESS] = { "progress", N_("Progress and bookings") },
};
_Static_assert(sizeof themes / sizeof *themes == THEME_COUNT, "each has words");

const char *item_theme_name(enum item_theme theme)
{
    return themes[theme].name;
}

const char *item_theme_words(enum item_theme theme)
{
    return themes[theme].words;
}

bool pack_has_themes(const struct pack *pack)
{
    for (size_t i = 0; i < pack_count(pack); i++)
        if (pack_item(pack, i)->theme == THEME_UNSAID)
            return false;
    return pack_count(pack) > PACK_TILES_MAX;
}

void item_themes_check(const struct pack *pack, struct problems *problems)
{
    for (size_t i = 0; pack->count > PACK_TILES_MAX && i < pack->count; i++) {
        const struct item *item = &pack->items[i]->item;

        if (item->theme == THEME_UNSAID)
            problems_add(problems, item->root->file, item->root->line,
                         item->root->column,
                         "of more than %d items each stands under a theme: "
                         "expected \"theme\", one of work, medical, police, "
                         "housing, family, support, business, hotline or "
                         "progress",
                         PACK_TILES_MAX);
    }
}

const char *item_device_lacks(const char *name)
{
    static const struct {
        const char *name, *lacks;
    } devices[] = {
        { "scanner", "scanners come" },    { "camera", "cameras come" },
        { "pad", "pads to sign on come" }, { "payment", "payments come" },
        { "cash", "payments come" },
    };

    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (strcmp(devices[i].name, name) == 0)
            return devices[i].lacks;
    return NULL;
}
