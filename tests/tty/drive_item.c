#include "tests/tty/drive_state.h"

#include <stdio.h>
#include <string.h>

/* A home page of many items shows themes, or, in large print, first what is
 * meant for older people.  Which theme an item stands under is found as anybody
 * would find it: by looking behind one tile after the other. */

enum { THEMES_MOST = 16, ID_BYTES = 96 };

struct tried {
    char ids[THEMES_MOST][ID_BYTES];
    size_t count;
};

static bool is_tried(const struct tried *tried, const char *id)
{
    for (size_t i = 0; i < tried->count; i++)
        if (strcmp(tried->ids[i], id) == 0)
            return true;
    return tried->count == THEMES_MOST;
}

/* The first theme of this turn of the page that was not looked behind; NULL: it
 * has none. */
static const char *next_theme(const struct drive *drive, struct tried *tried)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(drive->page, "elements"), i, element)
    {
        const char *id = json_string_value(json_object_get(element, "id"));
        if (!id || strncmp(id, "theme.", 6) != 0 || is_tried(tried, id))
            continue;
        snprintf(tried->ids[tried->count], ID_BYTES, "%s", id);
        return tried->ids[tried->count++];
    }
    return NULL;
}

/* Large print: all that there is stands one page further. */
static void show_all(struct drive *drive, enum drive_hand hand)
{
    if (!drive_turns_to(drive, hand, "home.themes"))
        return;
    drive_press(drive, hand, "home.themes");
    drive_wait_gone(drive, "home.themes");
}

static void leave_theme(struct drive *drive, enum drive_hand hand)
{
    drive_press(drive, hand, "footer.back");
    drive_wait(drive, "home", NULL);
}

/* True on the theme's page, where the item stands on it; else back at the first
 * turn of home. */
static bool look_behind(struct drive *drive, enum drive_hand hand,
                        const char *theme, const char *item, bool has_tiles)
{
    drive_press(drive, hand, theme);
    drive_wait(drive, "theme", NULL);
    if (drive_turns_to(drive, hand, item))
        return true;
    leave_theme(drive, hand);
    if (has_tiles)
        show_all(drive, hand);
    return false;
}

bool drive_goes_to_item(struct drive *drive, enum drive_hand hand,
                        const char *item)
{
    struct tried tried = { .count = 0 }, none = { .count = 0 };
    const char *theme;

    if (strncmp(item, "item.", 5) != 0)
        return false;
    if (strcmp(drive_screen(drive), "theme") == 0) {
        if (drive_turns_to(drive, hand, item))
            return true;
        leave_theme(drive, hand);
    }
    if (strcmp(drive_screen(drive), "home") != 0)
        return false;
    bool has_tiles = !next_theme(drive, &none);
    if (has_tiles && drive_turns_to(drive, hand, item))
        return true;
    if (has_tiles)
        show_all(drive, hand);
    do {
        if (drive_element(drive, item))
            return true;
        while ((theme = next_theme(drive, &tried)))
            if (look_behind(drive, hand, theme, item, has_tiles))
                return true;
    } while (drive_turns(drive, hand));
    return false;
}
