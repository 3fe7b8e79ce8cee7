/* What can be done here: a tile an item. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

static void add_tile(const struct screen *screen, struct view *view,
                     const struct item *item, size_t number)
{
    enum language language = view_language(view);
    const char *hinders = screen_hinders(screen, item);
    char id[96], key[8], note[1024];

    snprintf(id, sizeof id, "item.%s", item->id);
    snprintf(key, sizeof key, "%zu", number);
    /* A tile that cannot work keeps its place and says why. */
    snprintf(note, sizeof note, "%s\n%s",
             hinders ? hinders : words_in(&item->summary, language),
             words_in(&item->bring, language));
    struct element *tile = view_choice(view, id, hinders ? "" : key,
                                       words_in(&item->title, language));
    view_set_note(view, tile, note);
    tile->is_off = hinders != NULL;
}

static void home_describe(const struct screen *screen, struct view *view)
{
    const struct pack *pack = screen_pack(screen);
    size_t count = pack_count(pack);

    view_heading(view, "home.ask", T(view, "What would you like to do?"));
    view_text(view, "home.how", T(view, "Touch a box, or press its number."));
    for (size_t i = 0; i < count; i++)
        add_tile(screen, view, pack_item(pack, i), count > 9 ? i + 11 : i + 1);
    view_text(view, "home.others",
              T(view, "For all other matters please go to the counters of "
                      "the hall, or call 12345."));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void home_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strncmp(event->choice, "item.", 5) == 0)
        screen_start_item(screen, event->choice + 5);
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_ask_end(screen);
}

const struct screen_kind home_screen = {
    .name = "home",
    .describe = home_describe,
    .event = home_event,
};
