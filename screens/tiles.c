#include "screens/tiles.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9, FIRST_OF_MANY = 11, LAST_NUMBER = 99 };

size_t tiles_first(size_t count)
{
    return count > ONE_DIGIT ? FIRST_OF_MANY : 1;
}

/* What this machine cannot now, a counter can. */
static bool is_done_elsewhere(const struct screen *screen,
                              const struct item *item)
{
    switch (screen_hindrance(screen, item)) {
    case HINDRANCE_NONE:
    case HINDRANCE_DIVISION:
    case HINDRANCE_DOUBT:
    case HINDRANCE_HOURS:
        return false;
    case HINDRANCE_READER:
    case HINDRANCE_PAPER:
    case HINDRANCE_PRINTER:
    case HINDRANCE_NETWORK:
        return true;
    }
    return false;
}

static void add(const struct screen *screen, struct view *view,
                const struct item *item, size_t number, bool is_short)
{
    enum language language = view_language(view);
    const char *hinders = screen_hinders(screen, item), *further = NULL;
    char id[96], key[24] = "", note[1024];

    snprintf(id, sizeof id, "item.%s", item->id);
    if (!hinders && number > 0 && number <= LAST_NUMBER)
        snprintf(key, sizeof key, "%zu", number);
    /* A tile that cannot work keeps its place and says why, and what else. */
    if (is_done_elsewhere(screen, item))
        further = T(view, "It can be done at a counter of this hall.");
    else if (!is_short)
        further = words_in(&item->bring, language);
    snprintf(note, sizeof note, "%s%s%s",
             hinders ? hinders : words_in(&item->summary, language),
             further ? "\n" : "", further ? further : "");
    struct element *tile =
        view_choice(view, id, key, words_in(&item->title, language));
    view_set_note(view, tile, note);
    tile->is_off = hinders != NULL;
}

void tiles_add(const struct screen *screen, struct view *view,
               const struct item *item, size_t number)
{
    add(screen, view, item, number, false);
}

void tiles_add_short(const struct screen *screen, struct view *view,
                     const struct item *item, size_t number)
{
    add(screen, view, item, number, true);
}

bool tiles_take(struct screen *screen, const char *choice)
{
    if (strncmp(choice, "item.", 5) != 0)
        return false;
    screen_start_item(screen, choice + 5);
    return true;
}
