/* The items of one theme: a tile each, as on a home page of few items. */
#include "kiosk/screen.h"
#include "screens/themes.h"
#include "screens/tiles.h"

#include <string.h>

static void theme_describe(const struct screen *screen, struct view *view)
{
    enum item_theme theme = themes_find(screen_about(screen));
    size_t count = themes_count(screen, theme);

    view_heading(view, "theme.name", T(view, item_theme_words(theme)));
    for (size_t i = 0; i < count; i++)
        tiles_add(screen, view, themes_item(screen, theme, i),
                  tiles_first(count) + i);
    view_footer(view, "footer.back", "*", T(view, "Back"));
    view_footer(view, "footer.find", "#", T(view, "Find"));
}

static void theme_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE || tiles_take(screen, event->choice))
        return;
    if (strcmp(event->choice, "footer.back") == 0)
        screen_home(screen);
    else if (strcmp(event->choice, "footer.find") == 0)
        screen_go(screen, "find", "");
}

const struct screen_kind theme_screen = {
    .name = "theme",
    .describe = theme_describe,
    .event = theme_event,
};
