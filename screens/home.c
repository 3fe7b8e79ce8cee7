/* What can be done here: a tile an item; of more than eight a tile a theme, or,
 * for who reads large print, first the items that are meant for them. */
#include "kiosk/screen.h"
#include "screens/themes.h"
#include "screens/tiles.h"

#include <stdio.h>
#include <string.h>

enum { ELDER_TILES_MAX = 8, EXAMPLES_BYTES = 512 };

/* In a plain terminal: one line of a tile; Chinese tiles are narrower and take
 * two.  With more the last theme would stand on a second turn there. */
static const size_t examples_cells[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH_CN] = 44, [LANGUAGE_EN] = 32
};

/* Pressed on the large-print page: all that there is, by themes. */
static const char all_themes[] = "themes";

static bool has_elder_items(const struct screen *screen)
{
    const struct pack *pack = screen_pack(screen);

    for (size_t i = 0; i < pack_count(pack); i++)
        if (pack_item(pack, i)->is_for_elders)
            return true;
    return false;
}

static bool is_elder_page(const struct screen *screen)
{
    return screen_session(screen)->comfort.large > 0 &&
           strcmp(screen_about(screen), all_themes) != 0 &&
           has_elder_items(screen);
}

/* ---- Themes -------------------------------------------------------------- */

/* One whose only item is begun by its own tile. */
static bool is_one_item(const struct screen *screen, enum item_theme theme)
{
    return theme == THEME_HOTLINE && themes_count(screen, theme) == 1;
}

/* About as many cells as the text takes: Chinese ones are two wide. */
static size_t cells(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        if ((*text & 0xc0) != 0x80)
            count += (*text & 0x80) ? 2 : 1;
    return count;
}

/* Some of what stands there: whole titles. */
static void join_examples(const struct screen *screen, enum item_theme theme,
                          char *examples, size_t size)
{
    enum language language = screen_session(screen)->language;
    const char *between = language == LANGUAGE_EN ? ", " : "、";
    const struct item *item;

    for (size_t i = 0; (item = themes_item(screen, theme, i)); i++) {
        const char *title = words_in(&item->title, language);
        size_t len = strlen(examples);

        if (i > 0 && cells(examples) + cells(between) + cells(title) >
                         examples_cells[language])
            continue;
        snprintf(examples + len, size - len, "%s%s", i > 0 ? between : "",
                 title);
    }
}

static void add_theme(const struct screen *screen, struct view *view,
                      enum item_theme theme)
{
    char id[64], key[24], examples[EXAMPLES_BYTES] = "";
    bool can = themes_has(screen, theme, true);

    snprintf(id, sizeof id, "theme.%s", item_theme_name(theme));
    snprintf(key, sizeof key, "%d", (int)theme);
    join_examples(screen, theme, examples, sizeof examples);
    struct element *tile =
        view_choice(view, id, key, T(view, item_theme_words(theme)));
    /* What hinders each item stands on its own tile, one page further. */
    view_set_note(view, tile,
                  can ? examples : T(view, "Nothing of it is possible now."));
}

/* The numbers stay where a theme has nothing here. */
static void describe_themes(const struct screen *screen, struct view *view)
{
    for (int i = THEME_UNSAID + 1; i < THEME_COUNT; i++) {
        enum item_theme theme = (enum item_theme)i;

        if (is_one_item(screen, theme))
            tiles_add_short(screen, view, themes_item(screen, theme, 0),
                            (size_t)i);
        else if (themes_count(screen, theme) > 0)
            add_theme(screen, view, theme);
    }
}

static void describe_elder(const struct screen *screen, struct view *view)
{
    const struct pack *pack = screen_pack(screen);
    size_t number = 0;

    for (size_t i = 0; i < pack_count(pack) && number < ELDER_TILES_MAX; i++)
        if (pack_item(pack, i)->is_for_elders)
            tiles_add(screen, view, pack_item(pack, i), ++number);
    view_choice(view, "home.themes", "9", T(view, "All other matters"));
}

/* ---- The page ------------------------------------------------------------ */

static void describe_items(const struct screen *screen, struct view *view)
{
    const struct pack *pack = screen_pack(screen);
    size_t count = pack_count(pack);

    for (size_t i = 0; i < count; i++)
        tiles_add(screen, view, pack_item(pack, i), tiles_first(count) + i);
}

static void home_describe(const struct screen *screen, struct view *view)
{
    bool has_themes = pack_has_themes(screen_pack(screen));

    view_heading(view, "home.ask", T(view, "What would you like to do?"));
    if (!has_themes)
        view_text(view, "home.how",
                  T(view, "Touch a box, or press its number."));
    if (!has_themes)
        describe_items(screen, view);
    else if (is_elder_page(screen))
        describe_elder(screen, view);
    else
        describe_themes(screen, view);
    if (!has_themes)
        view_text(view, "home.others",
                  T(view, "For all other matters please go to the counters of "
                          "the hall, or call 12345."));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (has_themes)
        view_footer(view, "footer.find", "#", T(view, "Find"));
}

static void home_event(struct screen *screen, const struct screen_event *event)
{
    const char *choice = event->choice;

    if (event->kind != SCREEN_CHOICE || tiles_take(screen, choice))
        return;
    if (strncmp(choice, "theme.", 6) == 0)
        screen_go(screen, "theme", choice + 6);
    else if (strcmp(choice, "home.themes") == 0)
        screen_go(screen, "home", all_themes);
    else if (strcmp(choice, "footer.find") == 0)
        screen_go(screen, "find", "");
    else if (strcmp(choice, "footer.back") != 0)
        return;
    else if (*screen_about(screen))
        screen_home(screen);
    else
        screen_ask_end(screen);
}

const struct screen_kind home_screen = {
    .name = "home",
    .is_of_letters = true,
    .describe = home_describe,
    .event = home_event,
};
