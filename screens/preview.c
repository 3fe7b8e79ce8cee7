/* What the certificate would say, before it is issued and printed. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { SHOW_MS = 10000, SHOW_KEY = 5, WRONG_KEY = 4 };

struct preview_state {
    bool is_shown; /* name and number in full, for ten seconds */
};

static void add_fact(const struct screen *screen, struct view *view, size_t at,
                     bool *ret_is_masked)
{
    const struct preview_state *state = screen_state(screen);
    const char *label, *text, *mask;
    char id[32];

    office_fact(screen_office(screen), at, view_language(view), &label, &text,
                &mask);
    *ret_is_masked = *ret_is_masked || mask;
    snprintf(id, sizeof id, "fact.%zu", at + 1);
    view_fact(view, id, label,
              mask && !state->is_shown ? screen_masked(screen, mask, text)
                                       : text);
}

static void add_copies(const struct screen *screen, struct view *view)
{
    int most = office_copies_max(screen_office(screen));

    if (most >= 2)
        view_choice(view, "copies.1", "1", T(view, "Print 1 copy"));
    if (most >= 2)
        view_choice(view, "copies.2", "2", T(view, "Print 2 copies"));
    if (most >= 3)
        view_choice(view, "copies.3", "3", T(view, "Print 3 copies"));
}

static void preview_describe(const struct screen *screen, struct view *view)
{
    const struct preview_state *state = screen_state(screen);
    size_t count = office_fact_count(screen_office(screen));
    bool is_masked = false;

    view_heading(view, "preview.title", T(view, "Look at it, then print"));
    for (size_t i = 0; i < count; i++)
        add_fact(screen, view, i, &is_masked);
    add_copies(screen, view);
    view_choice(view, "wrong", "4", T(view, "What if something is wrong?"));
    if (is_masked)
        view_choice(view, "show", "5",
                    state->is_shown ? T(view, "Hide name and number")
                                    : T(view, "Show name and number"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    struct element *go =
        view_footer(view, "footer.go", "#", T(view, "Print 1 copy"));
    view_set_short(view, go, T(view, "Print"));
}

/* What could not be printed is not issued. */
static void issue(struct screen *screen, const char *copies)
{
    enum hindrance hindrance = screen_hindrance(screen, screen_item(screen));

    if (hindrance == HINDRANCE_PAPER)
        screen_go(screen, "stop", "paper-none");
    else if (hindrance == HINDRANCE_PRINTER)
        screen_go(screen, "stop", "printer-away");
    else
        screen_go(screen, "issue", copies);
}

static void chosen(struct screen *screen, const char *choice)
{
    struct preview_state *state = screen_state(screen);

    if (strcmp(choice, "footer.go") == 0) {
        issue(screen, "1");
    } else if (strncmp(choice, "copies.", 7) == 0) {
        issue(screen, choice + 7);
    } else if (strcmp(choice, "wrong") == 0) {
        screen_go(screen, "stop", "content-wrong");
    } else if (strcmp(choice, "show") == 0) {
        state->is_shown = !state->is_shown;
        screen_timer(screen, SHOW_MS);
    } else if (strcmp(choice, "footer.back") == 0) {
        if (office_unchoose(screen_office(screen)))
            screen_go(screen, "certificate", "");
        else
            screen_leave(screen);
    }
}

static void preview_event(struct screen *screen,
                          const struct screen_event *event)
{
    struct preview_state *state = screen_state(screen);

    if (event->kind == SCREEN_TIMER)
        state->is_shown = false;
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
}

const struct screen_kind preview_screen = {
    .name = "preview",
    .word = "review",
    .stage = STAGE_CHECK,
    .state_size = sizeof(struct preview_state),
    .describe = preview_describe,
    .event = preview_event,
};
