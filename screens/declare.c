/* The declaration: read it, then declare and send, or go back and change. */
#include "kiosk/screen.h"

#include <string.h>

static void declare_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);

    view_heading(view, "declare.title", screen_words(screen, &step->ask));
    view_text(view, "declare.text", screen_words(screen, &step->text));
    struct element *back =
        view_footer(view, "footer.back", "*", T(view, "Go back and change"));
    view_set_short(view, back, T(view, "Back"));
    struct element *go =
        view_footer(view, "footer.go", "#", T(view, "I declare this and send"));
    view_set_short(view, go, TC(view, "short", "Declare"));
}

static void declare_event(struct screen *screen,
                          const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "footer.go") == 0)
        screen_next(screen);
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_back(screen);
}

const struct screen_kind declare_screen = {
    .name = "declare",
    .word = "review",
    .stage = STAGE_CHECK,
    .is_step = true,
    .describe = declare_describe,
    .event = declare_event,
};
