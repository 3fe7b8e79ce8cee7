/* Nothing of the person is to be seen: any press asks first whether to go on,
 * so that who only brushes the screen sees nothing, and then one is exactly
 * where one was.  The same page, opened for more time, waits five minutes. */
#include "kiosk/screen.h"

#include <string.h>

enum { AWAY_MS = 5 * 60 * 1000, ASK_MS = 10000 };

struct cover_state {
    bool is_asking;
    bool is_away; /* for more time */
};

static void describe_cover(const struct screen *screen, struct view *view)
{
    const struct cover_state *state = screen_state(screen);

    view_heading(view, "cover.title",
                 state->is_away ? T(view, "You have more time")
                                : T(view, "The screen is covered"));
    view_choice(view, "cover.go", "#",
                T(view, "Touch the screen or press any key to go on."));
    view_any_key(view, "cover.go");
    view_text(view, "cover.kept",
              screen_text_with(
                  screen,
                  T(view, "What you entered is kept. If nobody presses a key "
                          "for {time}, it is erased."),
                  "time", screen_idle_words(screen)));
    if (state->is_away)
        view_text(view, "away.twice",
                  T(view, "Afterwards every page waits twice as long for you "
                          "as before."));
}

static void describe_question(struct view *view)
{
    view_heading(view, "cover.ask", T(view, "Do you want to go on?"));
    view_text(view, "cover.mine",
              T(view, "Somebody's answers are under this cover. If they are "
                      "not yours, please leave it as it is."));
    view_choice(view, "stay", "1", T(view, "Leave it covered"));
    view_choice(view, "end", "2", T(view, "End and erase"));
    view_footer(view, "footer.go", "#", T(view, "Go on, show it again"));
}

static void cover_describe(const struct screen *screen, struct view *view)
{
    const struct cover_state *state = screen_state(screen);

    if (state->is_asking)
        describe_question(view);
    else
        describe_cover(screen, view);
}

static void ask(struct screen *screen, bool is_asking)
{
    struct cover_state *state = screen_state(screen);

    state->is_asking = is_asking;
    screen_fresh(screen);
    if (is_asking)
        screen_timer(screen, ASK_MS);
}

static void cover_event(struct screen *screen, const struct screen_event *event)
{
    const struct cover_state *state = screen_state(screen);

    if (event->kind == SCREEN_TIMER) {
        ask(screen, false);
        return;
    }
    if (event->kind == SCREEN_LANGUAGE && state->is_asking)
        screen_timer(screen, ASK_MS);
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "cover.go") == 0)
        ask(screen, true);
    else if (strcmp(event->choice, "stay") == 0)
        ask(screen, false);
    else if (strcmp(event->choice, "end") == 0)
        screen_ask_end(screen);
    else if (strcmp(event->choice, "footer.go") == 0)
        screen_close(screen);
}

static void away_open(struct screen *screen)
{
    struct cover_state *state = screen_state(screen);

    state->is_away = true;
    screen_take_time(screen);
}

const struct screen_kind cover_screen = {
    .name = "cover",
    .state_size = sizeof(struct cover_state),
    .is_plain = true,
    .hides = true,
    .describe = cover_describe,
    .event = cover_event,
};

const struct screen_kind away_screen = {
    .name = "away",
    .word = "cover",
    .state_size = sizeof(struct cover_state),
    .is_plain = true,
    .hides = true,
    .idle_ms = AWAY_MS,
    .open = away_open,
    .describe = cover_describe,
    .event = cover_event,
};
