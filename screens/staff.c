/* Find somebody: the place, the machine's number, the telephone; the hub is
 * told that somebody needs help here. */
#include "kiosk/screen.h"

#include <string.h>

static void staff_open(struct screen *screen)
{
    screen_call_help(screen);
}

static void staff_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "staff.title", T(view, "Find the staff"));
    view_text(view, "staff.how",
              T(view, "Go to the desk or call, and say the place and the "
                      "machine's number. If nobody presses a key here for two "
                      "minutes, your answers are erased."));
    view_fact(view, "staff.desk", T(view, "Desk"),
              screen_machine(screen, "desk"));
    view_fact(view, "staff.place", T(view, "Place"),
              screen_machine(screen, "place"));
    view_fact_large(view, "staff.number", T(view, "Machine"),
                    screen_machine(screen, "number"));
    view_fact_large(view, "staff.phone", T(view, "Telephone"),
                    screen_machine(screen, "phone"));
    if (screen_was_called(screen))
        view_text(view, "staff.told",
                  T(view, "The office has been told that somebody needs help "
                          "here."));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void staff_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE &&
        strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind staff_screen = {
    .name = "staff",
    .word = "help",
    .open = staff_open,
    .describe = staff_describe,
    .event = staff_event,
};
