/* The slip is being printed. */
#include "kiosk/screen.h"

/* A printer that does not answer must not hold a person for ever. */
enum { PRINT_MOST_MS = 120000 };

struct printing_state {
    size_t pages, total;
};

static void printing_open(struct screen *screen)
{
    screen_print(screen);
    screen_timer(screen, PRINT_MOST_MS);
}

static void printing_describe(const struct screen *screen, struct view *view)
{
    const struct printing_state *state = screen_state(screen);

    view_heading(view, "print.title", T(view, "Printing"));
    view_notice(view, "print.wait", TONE_PLAIN,
                T(view, "Printing. Please wait here."));
    view_progress(view, "print.progress", T(view, "Pages"), state->pages,
                  state->total);
}

static void printing_event(struct screen *screen,
                           const struct screen_event *event)
{
    struct printing_state *state = screen_state(screen);

    if (event->kind == SCREEN_PRINTED) {
        state->pages = (size_t)event->pages;
        state->total = (size_t)event->total;
    } else if (event->kind == SCREEN_PRINT_END) {
        screen_go(screen, "paper", event->err ? "failed" : "");
    } else if (event->kind == SCREEN_TIMER) {
        screen_stop_print(screen);
        screen_go(screen, "paper", "failed");
    }
}

const struct screen_kind printing_screen = {
    .name = "printing",
    .stage = STAGE_DONE,
    .state_size = sizeof(struct printing_state),
    .is_plain = true,
    .works = true,
    .open = printing_open,
    .describe = printing_describe,
    .event = printing_event,
};
