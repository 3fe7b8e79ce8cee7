/* The item ends here, well and without a case: what comes of it, and what a
 * person may do now.  What they answered is erased when they go on. */
#include "kiosk/screen.h"
#include "screens/lines.h"

#include <string.h>

static void closing_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    const struct item *item = screen_item(screen);

    view_heading(view, "ask", screen_words(screen, &step->ask));
    if (step->hint.in[LANGUAGE_EN])
        view_text(view, "hint", screen_words(screen, &step->hint));
    lines_describe(screen, view);
    view_fact(view, "closing.contact", T(view, "Questions"),
              screen_text_with(screen, T(view, "Contact {contact}."), "contact",
                               screen_words(screen, &item->contact)));
    view_choice(view, "again", "1", T(view, "Do something else"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    struct element *go =
        view_footer(view, "footer.go", "#", T(view, "I understand"));
    view_set_short(view, go, TC(view, "short", "OK"));
}

static void closing_event(struct screen *screen,
                          const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "again") == 0) {
        screen_wipe_item(screen);
        screen_home(screen);
    } else if (strcmp(event->choice, "staff") == 0) {
        screen_over(screen, "staff", "");
    } else if (strcmp(event->choice, "footer.go") == 0) {
        screen_go(screen, "bye", "");
    } else if (strcmp(event->choice, "footer.back") == 0) {
        screen_back(screen);
    }
}

const struct screen_kind closing_screen = {
    .name = "closing",
    .stage = STAGE_DONE,
    .is_step = true,
    .describe = closing_describe,
    .event = closing_event,
};
