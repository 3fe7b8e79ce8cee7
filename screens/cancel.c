/* A booking is given up: asked once more, then said to the office.  Only when it
 * has answered is anybody told that the time is free again. */
#include "kiosk/screen.h"

#include <stdlib.h>
#include <string.h>

enum cancelling { CANCEL_ASKED, CANCEL_WAITING, CANCEL_DONE, CANCEL_AWAY };

struct cancel_state {
    enum cancelling is;
};

static size_t place(const struct screen *screen)
{
    return (size_t)strtoul(screen_about(screen), NULL, 10);
}

static void add_booking(const struct screen *screen, struct view *view)
{
    struct office_case found;

    office_case(screen_office(screen), place(screen), &found);
    view_fact(view, "case.booking", T(view, "Appointment"),
              screen_booking(screen, &found));
}

static void describe_question(const struct screen *screen, struct view *view)
{
    const struct cancel_state *state = screen_state(screen);

    view_heading(view, "cancel.title", T(view, "Cancel this appointment?"));
    add_booking(screen, view);
    if (state->is == CANCEL_AWAY)
        view_notice(view, "cancel.away", TONE_WARN,
                    T(view, "The office did not answer. Please try again; if "
                            "it stays so, ask the staff."));
    view_text(view, "cancel.means",
              T(view, "If you cancel, others can have this time. You can make "
                      "another appointment at once."));
    view_choice(view, "cancel-now", "1",
                T(view, "Yes, cancel this appointment"));
    view_choice(view, "keep", "2", T(view, "No, I keep it"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void cancel_describe(const struct screen *screen, struct view *view)
{
    const struct cancel_state *state = screen_state(screen);

    if (state->is == CANCEL_WAITING) {
        view_heading(view, "cancel.title", T(view, "One moment, please"));
        view_progress(view, "cancel.wait", T(view, "Telling the office"), 0, 1);
    } else if (state->is == CANCEL_DONE) {
        view_heading(view, "cancel.title", T(view, "It is cancelled"));
        add_booking(screen, view);
        view_notice(view, "cancel.done", TONE_GOOD,
                    T(view, "You do not have this appointment any more."));
        view_footer(view, "footer.go", "#", T(view, "Go on"));
    } else {
        describe_question(screen, view);
    }
}

static void answered(struct screen *screen, enum err err)
{
    struct cancel_state *state = screen_state(screen);

    if (state->is != CANCEL_WAITING)
        return;
    state->is = err ? CANCEL_AWAY : CANCEL_DONE;
    screen_fresh(screen);
}

static void chosen(struct screen *screen, const char *choice)
{
    struct cancel_state *state = screen_state(screen);

    if (strcmp(choice, "cancel-now") == 0) {
        state->is = CANCEL_WAITING;
        screen_fresh(screen);
        screen_ask_cancel(screen, place(screen));
    } else if (strcmp(choice, "keep") == 0 ||
               strcmp(choice, "footer.back") == 0 ||
               strcmp(choice, "footer.go") == 0) {
        screen_go(screen, "case", screen_about(screen));
    }
}

static void cancel_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
}

const struct screen_kind cancel_screen = {
    .name = "cancel",
    .stage = STAGE_DONE,
    .state_size = sizeof(struct cancel_state),
    .describe = cancel_describe,
    .event = cancel_event,
};
