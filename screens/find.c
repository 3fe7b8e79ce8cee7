/* A matter is found by the first letters of its pinyin (or by English words),
 * typed by the keys of a telephone: 居住证, j z z, is 5 9 9.  The page is for
 * typing first, then for choosing among what was found.  What was typed is
 * erased when the page is left, and told to nobody. */
#include "kiosk/screen.h"
#include "screens/tiles.h"

#include <stdio.h>
#include <string.h>

struct find_state {
    char looked[ITEM_LOOKED_MAX + 1];
    bool is_shown; /* what was found stands there */
    bool is_all;   /* all matters, whatever was typed */
};

/* ---- Typing -------------------------------------------------------------- */

static void describe_typing(const struct screen *screen, struct view *view)
{
    static const struct pad_key keys[] = {
        { "1", "1" },    { "2", "ABC" }, { "3", "DEF" },  { "4", "GHI" },
        { "5", "JKL" },  { "6", "MNO" }, { "7", "PQRS" }, { "8", "TUV" },
        { "9", "WXYZ" }, { "*", "*" },   { "0", "0" },    { "#", "#" },
    };
    const struct find_state *state = screen_state(screen);

    view_heading(view, "find.ask",
                 T(view, "Which matter are you looking for?"));
    view_text(view, "find.how",
              T(view,
                "Press the digits whose letters begin a word of it, as on a "
                "telephone: 5 is J, K or L. For example, press 7 3 7 4 "
                "for RESI, residence permit."));
    const char *typed =
        view_field(view, "looked", T(view, "Letters"), state->looked,
                   TYPING_DIGITS, ITEM_LOOKED_MAX);
    view_pad(view, "keys", 3, keys, sizeof keys / sizeof *keys);
    view_footer(view, "footer.back", *typed ? "" : "*", T(view, "Back"));
    if (*typed) {
        struct element *delete =
            view_footer(view, "footer.delete", "*", T(view, "Delete"));
        view_set_short(view, delete, TC(view, "short", "Del"));
        view_footer(view, "footer.go", "#", T(view, "Find"));
        return;
    }
    struct element *go =
        view_footer(view, "footer.go", "#", T(view, "Other ways"));
    view_set_short(view, go, TC(view, "short", "Others"));
}

/* ---- What was found ------------------------------------------------------ */

static bool is_found(const struct find_state *state, const struct item *item)
{
    return state->is_all || item_is_found(item, state->looked);
}

static void describe_none(const struct screen *screen, struct view *view)
{
    const struct find_state *state = screen_state(screen);

    view_heading(view, "find.none", T(view, "Nothing was found"));
    view_text(
        view, "find.why",
        screen_text_with(screen,
                         T(view, "No matter on this machine has a name or a "
                                 "keyword with {letters} in it. Nothing "
                                 "was begun."),
                         "letters", state->looked));
    view_choice(view, "find.again", "1", T(view, "Look for something else"));
    view_choice(view, "find.all", "2", T(view, "Show all matters"));
    view_choice(view, "staff", "3", T(view, "Call the staff"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void describe_found(const struct screen *screen, struct view *view)
{
    const struct find_state *state = screen_state(screen);
    const struct pack *pack = screen_pack(screen);
    size_t count = 0, number = 0;

    for (size_t i = 0; i < pack_count(pack); i++)
        count += is_found(state, pack_item(pack, i));
    if (count == 0) {
        describe_none(screen, view);
        return;
    }
    view_heading(view, "find.found",
                 state->is_all ? T(view, "All matters")
                               : T(view, "Which of these is it?"));
    for (size_t i = 0; i < pack_count(pack); i++)
        if (is_found(state, pack_item(pack, i)))
            tiles_add(screen, view, pack_item(pack, i),
                      tiles_first(count) + number++);
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

/* ---- The page ------------------------------------------------------------ */

static void find_describe(const struct screen *screen, struct view *view)
{
    const struct find_state *state = screen_state(screen);

    if (state->is_shown)
        describe_found(screen, view);
    else
        describe_typing(screen, view);
}

static void show(struct screen *screen, bool is_all)
{
    struct find_state *state = screen_state(screen);

    state->is_shown = true;
    state->is_all = is_all;
    screen_forget_typed(screen);
    screen_fresh(screen);
}

/* Back to what was typed, or to nothing. */
static void look_again(struct screen *screen, bool is_anew)
{
    struct find_state *state = screen_state(screen);

    state->is_shown = false;
    if (is_anew)
        memset(state->looked, 0, sizeof state->looked);
    screen_fresh(screen);
}

static void leave(struct screen *screen)
{
    const struct find_state *state = screen_state(screen);

    if (state->is_shown) {
        look_again(screen, false);
        return;
    }
    screen_forget_typed(screen);
    screen_home(screen);
}

static void find_event(struct screen *screen, const struct screen_event *event)
{
    struct find_state *state = screen_state(screen);
    const char *choice = event->choice;

    if (event->kind == SCREEN_ENTERED && *event->value) {
        snprintf(state->looked, sizeof state->looked, "%s", event->value);
        show(screen, false);
    }
    if (event->kind != SCREEN_CHOICE || tiles_take(screen, choice))
        return;
    if (strcmp(choice, "footer.back") == 0)
        leave(screen);
    else if (strcmp(choice, "footer.go") == 0)
        screen_over(screen, "ways", "all");
    else if (strcmp(choice, "find.all") == 0)
        show(screen, true);
    else if (strcmp(choice, "find.again") == 0)
        look_again(screen, true);
    else if (strcmp(choice, "staff") == 0)
        screen_over(screen, "staff", "");
}

const struct screen_kind find_screen = {
    .name = "find",
    .state_size = sizeof(struct find_state),
    .describe = find_describe,
    .event = find_event,
};
