/* Is it really this person?  A code to the telephone number on file, or a
 * member of the staff who looks at card and face.  Never a face alone. */
#include "kiosk/screen.h"

#include <string.h>

struct check_state {
    bool is_waiting;
    bool by_staff;
    enum err err; /* of the last question */
};

static void ask(struct screen *screen, bool by_staff)
{
    struct check_state *state = screen_state(screen);

    *state = (struct check_state){ .is_waiting = true, .by_staff = by_staff };
    screen_ask_check(screen, by_staff);
}

/* The number on file is not known, or is no telephone's. */
static bool is_without_phone(const struct screen *screen)
{
    return strcmp(office_problem(screen_office(screen)), "no-phone") == 0;
}

static void add_trouble(const struct screen *screen, struct view *view)
{
    const struct check_state *state = screen_state(screen);
    const char *problem = office_problem(screen_office(screen));

    if (strcmp(problem, "no-phone") == 0)
        view_notice(view, "check.no-phone", TONE_WARN,
                    T(view, "There is no mobile number on file for you. The "
                            "staff can confirm that it is you."));
    else if (strcmp(problem, "slow-down") == 0)
        view_notice(view, "check.slow", TONE_WARN,
                    T(view, "No other code can be sent just now. Please wait "
                            "a while, or ask the staff."));
    else if (state->err)
        view_notice(view, "check.away", TONE_WARN,
                    T(view, "The office does not answer now. Nothing is lost; "
                            "please try again."));
}

static void check_describe(const struct screen *screen, struct view *view)
{
    const struct check_state *state = screen_state(screen);

    view_heading(view, "check.title", T(view, "Please confirm it is you"));
    view_notice(view, "person.check", TONE_PLAIN,
                T(view, "To prevent misuse of your card, please confirm that "
                        "it is you."));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (state->is_waiting) {
        view_progress(view, "check.wait", T(view, "Asking the office"), 0, 1);
        return;
    }
    add_trouble(screen, view);
    struct element *code =
        view_choice(view, "code", is_without_phone(screen) ? "" : "1",
                    T(view, "Send a code to my mobile number on file"));
    code->is_off = is_without_phone(screen);
    view_choice(view, "staff-confirms", "2",
                T(view, "Without a code: a member of the staff "
                        "checks you here"));
    view_choice(view, "staff", "3", T(view, "Call the staff"));
}

static void answered(struct screen *screen, enum err err)
{
    struct check_state *state = screen_state(screen);
    bool is_unknown =
        err == ERR_REFUSED &&
        strcmp(office_problem(screen_office(screen)), "person-unknown") == 0;

    if (!state->is_waiting)
        return;
    state->is_waiting = false;
    state->err = err;
    if (is_unknown)
        err = screen_set_answer(screen, screen_step(screen)->answer, "none",
                                SOURCE_CITIZEN);
    else if (!err && state->by_staff)
        err = screen_take_check(screen, "staff");
    else if (!err) {
        screen_go(screen, "check-code", "");
        return;
    }
    if (!err)
        screen_next(screen);
}

static void chosen(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "code") == 0)
        ask(screen, false);
    else if (strcmp(choice, "staff-confirms") == 0)
        screen_over(screen, "staff-pin", "");
    else if (strcmp(choice, "staff-ok") == 0)
        ask(screen, true);
    else if (strcmp(choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(choice, "footer.back") == 0) {
        screen_stop_asking(screen);
        screen_leave(screen);
    }
}

static void check_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
    else if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
}

/* From the code's other ways: what was chosen there. */
static void check_open(struct screen *screen)
{
    if (strcmp(screen_about(screen), "again") == 0)
        ask(screen, false);
    else if (strcmp(screen_about(screen), "staff-ok") == 0)
        ask(screen, true);
}

const struct screen_kind check_screen = {
    .name = "check",
    .stage = STAGE_PERSON,
    .state_size = sizeof(struct check_state),
    .is_step = true,
    .open = check_open,
    .describe = check_describe,
    .event = check_event,
};
