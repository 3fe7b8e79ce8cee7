/* The slip is being printed: what the printer says, in words.  A printer that
 * waits for paper or its cover is waited for, unless the person will not. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

/* A printer that does not answer must not hold a person for ever. */
enum { PRINT_MOST_MS = 120000 };

struct printing_state {
    bool was_told; /* print, pages and total */
    enum print_state print;
    size_t pages, total;
};

static void printing_open(struct screen *screen)
{
    screen_print(screen);
    screen_timer(screen, PRINT_MOST_MS);
}

static bool is_blocked(const struct screen *screen)
{
    return screen_device(screen, screen_printer(screen)) == DEVICE_BLOCKED;
}

/* What happened, why, what was and was not done, and two ways on. */
static void describe_blocked(const struct screen *screen, struct view *view)
{
    const char *why =
        err_text(screen_device_why(screen, screen_printer(screen)));

    view_heading(view, "print.title", T(view, "The printer has stopped"));
    view_notice(view, "print.blocked", TONE_WARN, T(view, why));
    view_text(view, "print.waits",
              T(view, "Only the paper is missing. The printer goes on by "
                      "itself as soon as the staff have put this right."));
    view_choice(view, "leave", "1", T(view, "Go on without the paper"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
}

static void add_page(const struct screen *screen, struct view *view)
{
    const struct printing_state *state = screen_state(screen);
    char page[16], total[16];
    const char *text = T(view, "The printer is printing page {page} of "
                               "{total}.");

    snprintf(page, sizeof page, "%zu", state->pages + 1);
    snprintf(total, sizeof total, "%zu", state->total);
    text = screen_text_with(screen, text, "page", page);
    view_text(view, "print.state",
              screen_text_with(screen, text, "total", total));
}

static void add_state(const struct screen *screen, struct view *view)
{
    const struct printing_state *state = screen_state(screen);

    if (!state->was_told)
        view_text(view, "print.state", T(view, "The paper is being prepared."));
    else if (state->print == PRINT_SENT)
        view_text(view, "print.state", T(view, "It was sent to the printer."));
    else if (state->pages > 0 && state->pages < state->total)
        add_page(screen, view);
    else
        view_text(view, "print.state", T(view, "The printer is printing."));
}

static void printing_describe(const struct screen *screen, struct view *view)
{
    const struct printing_state *state = screen_state(screen);

    if (is_blocked(screen)) {
        describe_blocked(screen, view);
        return;
    }
    view_heading(view, "print.title", T(view, "Printing"));
    view_notice(view, "print.wait", TONE_PLAIN,
                T(view, "Printing. Please wait here."));
    add_state(screen, view);
    view_progress(view, "print.progress", T(view, "Pages"), state->pages,
                  state->total);
}

/* Given up while it may have been on its way out: nobody can tell. */
static void give_up(struct screen *screen)
{
    const struct printing_state *state = screen_state(screen);
    bool may_be_out = state->was_told && !is_blocked(screen);

    screen_stop_print(screen);
    screen_go(screen, "paper", may_be_out ? "unknown" : "failed");
}

static void end(struct screen *screen, const struct screen_event *event)
{
    if (event->print == PRINT_UNKNOWN)
        screen_go(screen, "paper", "unknown");
    else
        screen_go(screen, "paper", event->err ? "failed" : "");
}

static void choose(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "leave") == 0)
        give_up(screen);
    else if (strcmp(choice, "staff") == 0)
        screen_over(screen, "staff", "");
}

static void printing_event(struct screen *screen,
                           const struct screen_event *event)
{
    struct printing_state *state = screen_state(screen);

    if (event->kind == SCREEN_PRINTED) {
        state->was_told = true;
        state->print = event->print;
        state->pages = (size_t)event->pages;
        state->total = (size_t)event->total;
    } else if (event->kind == SCREEN_PRINT_END) {
        end(screen, event);
    } else if (event->kind == SCREEN_CHOICE) {
        choose(screen, event->choice);
    } else if (event->kind == SCREEN_TIMER) {
        give_up(screen);
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
