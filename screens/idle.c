/* Is anybody there?  The first press only extends. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { SECOND_MS = 1000 };

struct idle_state {
    int64_t end_ms; /* monotonic */
};

static int64_t seconds_left(const struct screen *screen)
{
    const struct idle_state *state = screen_state(screen);
    int64_t left = state->end_ms - screen_monotonic_ms(screen);
    return left <= 0 ? 0 : (left + SECOND_MS - 1) / SECOND_MS;
}

static void count_anew(struct screen *screen)
{
    struct idle_state *state = screen_state(screen);
    state->end_ms =
        screen_monotonic_ms(screen) + screen_limit_ms(screen, "idle_warn");
    screen_timer(screen, SECOND_MS);
}

static void idle_open(struct screen *screen)
{
    count_anew(screen);
}

static void idle_describe(const struct screen *screen, struct view *view)
{
    char seconds[24];

    snprintf(seconds, sizeof seconds, "%lld", (long long)seconds_left(screen));
    view_heading(view, "idle.title", T(view, "Still here?"));
    view_choice(view, "idle.warn", "#",
                screen_text_with(
                    screen,
                    T(view, "Are you still here? In {seconds} seconds this "
                            "ends and your data is erased. Press any key to "
                            "go on."),
                    "seconds", seconds));
    view_any_key(view, "idle.warn");
    if (strcmp(screen_end_loses(screen), "unprinted") == 0)
        view_text(view, "idle.unprinted",
                  T(view, "Your receipt is not printed yet."));
}

static void idle_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE) {
        screen_close(screen);
    } else if (event->kind == SCREEN_LANGUAGE) {
        count_anew(screen);
    } else if (event->kind == SCREEN_TIMER) {
        if (seconds_left(screen) == 0)
            screen_end(screen, "idle");
        else
            screen_timer(screen, SECOND_MS);
    }
}

const struct screen_kind idle_screen = {
    .name = "idle",
    .state_size = sizeof(struct idle_state),
    .is_plain = true,
    .open = idle_open,
    .describe = idle_describe,
    .event = idle_event,
};
