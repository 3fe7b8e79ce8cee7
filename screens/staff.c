/* Find somebody: the place, the machine's number, the telephone; the hub is
 * told that somebody needs help here, and says when somebody comes. */
#include "kiosk/screen.h"

#include <string.h>

static void staff_open(struct screen *screen)
{
    screen_call_help(screen);
}

/* What became of the call, as soon as anybody knows. */
static void add_call(const struct screen *screen, struct view *view)
{
    if (screen_is_help_coming(screen))
        view_notice(view, "staff.coming", TONE_GOOD,
                    T(view, "Somebody is coming to you. Please wait here."));
    else if (screen_was_called(screen))
        view_text(view, "staff.told",
                  T(view, "The office has been told that somebody needs help "
                          "here."));
    else if (!screen_has_network(screen))
        view_notice(view, "staff.untold", TONE_WARN,
                    T(view, "The office cannot be told now. Please go to the "
                            "desk, or call."));
}

static void staff_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "staff.title", T(view, "Find the staff"));
    add_call(screen, view);
    view_text(view, "staff.how",
              screen_text_with(
                  screen,
                  T(view, "Go to the desk or call, and say the place and the "
                          "machine's number. If nobody presses a key here for "
                          "{time}, your answers are erased."),
                  "time", screen_idle_words(screen)));
    view_fact(view, "staff.desk", T(view, "Desk"),
              screen_machine(screen, "desk"));
    view_fact(view, "staff.place", T(view, "Place"),
              screen_machine(screen, "place"));
    view_fact_large(view, "staff.number", T(view, "Machine"),
                    screen_machine(screen, "number"));
    view_fact_large(view, "staff.phone", T(view, "Telephone"),
                    screen_machine(screen, "phone"));
    view_choice(view, "time", "1",
                T(view, "Cover the screen, wait five minutes"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void staff_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
    else if (strcmp(event->choice, "time") == 0)
        screen_over(screen, "away", "");
}

const struct screen_kind staff_screen = {
    .name = "staff",
    .word = "help",
    .open = staff_open,
    .describe = staff_describe,
    .event = staff_event,
};
