/* The six digits that were sent to the telephone on file. */
#include "screens/digits.h"

#include <stdio.h>
#include <string.h>

enum { CODE_DIGITS = 6, SECOND_MS = 1000 };

struct check_code_state {
    bool is_waiting;
    bool is_short; /* less than six digits were typed */
    enum err err;
};

static bool has_problem(const struct screen *screen, const char *name)
{
    return strcmp(office_problem(screen_office(screen)), name) == 0;
}

/* This code is of no more use: only another one is. */
static bool is_over(const struct screen *screen)
{
    return has_problem(screen, "code-spent") ||
           has_problem(screen, "code-expired") ||
           has_problem(screen, "check-unknown");
}

static void add_wrong(const struct screen *screen, struct view *view)
{
    char left[8];
    const char *text = T(view, "This code is not right. Please type it anew; "
                               "you can try {left} more times.");

    snprintf(left, sizeof left, "%d", office_tries_left(screen_office(screen)));
    view_notice(view, "code.error", TONE_ERROR,
                screen_text_with(screen, text, "left", left));
}

static void add_notice(const struct screen *screen, struct view *view)
{
    const struct check_code_state *state = screen_state(screen);
    const char *text = T(view, "A code of six digits was sent to {phone}. It "
                               "is good for ten minutes.");

    if (state->is_short)
        view_notice(view, "code.error", TONE_ERROR,
                    T(view, "The code has six digits. Nothing is lost; please "
                            "type the rest."));
    else if (has_problem(screen, "code-wrong"))
        add_wrong(screen, view);
    else if (state->err)
        view_notice(view, "check.away", TONE_WARN,
                    T(view, "The office does not answer now. Nothing is lost; "
                            "please try again."));
    else
        view_text(view, "code.sent",
                  screen_text_with(screen, text, "phone",
                                   office_phone(screen_office(screen))));
}

static void describe_over(const struct screen *screen, struct view *view)
{
    view_heading(view, "code.title", T(view, "This code is over"));
    view_notice(view, "code.over", TONE_WARN,
                has_problem(screen, "code-spent")
                    ? T(view, "It was typed wrong five times.")
                    : T(view, "Its ten minutes are over."));
    view_text(view, "code.done",
              T(view, "Nothing was done yet, and nothing of yours is lost."));
    view_choice(view, "resend", "1", T(view, "Send another code"));
    view_choice(view, "staff-confirms", "2",
                T(view, "Without a code: a member of the staff "
                        "checks you here"));
    view_choice(view, "staff", "3", T(view, "Call the staff"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void describe_field(const struct screen *screen, struct view *view)
{
    view_heading(view, "code.title", T(view, "Type the code"));
    add_notice(screen, view);
    (void)digits_describe(screen, view,
                          &(struct digits){ .id = "code",
                                            .label = T(view, "Code"),
                                            .initial = "",
                                            .count = CODE_DIGITS });
}

static void check_code_describe(const struct screen *screen, struct view *view)
{
    const struct check_code_state *state = screen_state(screen);

    if (state->is_waiting) {
        view_heading(view, "code.title", T(view, "Type the code"));
        view_progress(view, "check.wait", T(view, "Asking the office"), 0, 1);
        view_footer(view, "footer.back", "*", T(view, "Back"));
    } else if (is_over(screen)) {
        describe_over(screen, view);
    } else {
        describe_field(screen, view);
    }
}

static void entered(struct screen *screen, const char *typed)
{
    struct check_code_state *state = screen_state(screen);
    char code[CODE_DIGITS + 1];

    state->is_short = strlen(typed) != CODE_DIGITS;
    if (state->is_short)
        return;
    memcpy(code, typed, sizeof code);
    screen_forget_typed(screen);
    state->is_waiting = true;
    screen_ask_code(screen, code);
    memset(code, 0, sizeof code);
}

static void answered(struct screen *screen, enum err err)
{
    struct check_code_state *state = screen_state(screen);

    if (!state->is_waiting)
        return;
    state->is_waiting = false;
    state->err = err;
    if (!err && !screen_take_check(screen, "code"))
        screen_next(screen);
}

static void chosen(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "resend") == 0)
        screen_go(screen, "check", "again");
    else if (strcmp(choice, "staff-confirms") == 0)
        screen_over(screen, "staff-pin", "");
    else if (strcmp(choice, "staff-ok") == 0)
        screen_go(screen, "check", "staff-ok");
    else if (strcmp(choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(choice, "footer.go") == 0)
        screen_over(screen, "check-ways", "");
    else if (strcmp(choice, "footer.back") == 0) {
        screen_stop_asking(screen);
        screen_back(screen);
    }
}

static void check_code_event(struct screen *screen,
                             const struct screen_event *event)
{
    if (event->kind == SCREEN_ENTERED)
        entered(screen, event->value);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
    else if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
}

const struct screen_kind check_code_screen = {
    .name = "check-code",
    .word = "field",
    .stage = STAGE_PERSON,
    .state_size = sizeof(struct check_code_state),
    .describe = check_code_describe,
    .event = check_code_event,
};

/* ---- Its other ways ------------------------------------------------------ */

static void add_resend(const struct screen *screen, struct view *view)
{
    int64_t pause_ms = office_code_pause_ms(screen_office(screen));
    const char *text = T(view, "Another one can be sent in {seconds} seconds.");
    char seconds[16];

    struct element *resend = view_choice(view, "resend", pause_ms ? "" : "1",
                                         T(view, "Send another code"));
    resend->is_off = pause_ms > 0;
    if (!pause_ms)
        return;
    snprintf(seconds, sizeof seconds, "%d",
             (int)((pause_ms + SECOND_MS - 1) / SECOND_MS));
    view_set_note(view, resend,
                  screen_text_with(screen, text, "seconds", seconds));
}

static void check_ways_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "ways.title", T(view, "Other ways"));
    add_resend(screen, view);
    view_choice(view, "staff-confirms", "2",
                T(view, "Without a code: a member of the staff "
                        "checks you here"));
    view_choice(view, "staff", "3", T(view, "Call the staff"));
    view_choice(view, "language", "4",
                view_language(view) == LANGUAGE_EN ? "中文" : "English");
    view_choice(view, "end", "9", T(view, "End and erase"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void check_ways_chosen(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "resend") == 0 || strcmp(choice, "staff-confirms") == 0)
        screen_answer_under(screen, choice);
    else if (strcmp(choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(choice, "language") == 0)
        screen_switch_language(screen);
    else if (strcmp(choice, "end") == 0)
        screen_ask_end(screen);
    else if (strcmp(choice, "footer.back") == 0)
        screen_close(screen);
}

static void check_ways_event(struct screen *screen,
                             const struct screen_event *event)
{
    if (event->kind == SCREEN_TIMER)
        screen_timer(screen, SECOND_MS); /* the seconds go on */
    else if (event->kind == SCREEN_CHOICE)
        check_ways_chosen(screen, event->choice);
}

static void check_ways_open(struct screen *screen)
{
    screen_timer(screen, SECOND_MS);
}

const struct screen_kind check_ways_screen = {
    .name = "check-ways",
    .word = "ways",
    .with_help = true,
    .open = check_ways_open,
    .describe = check_ways_describe,
    .event = check_ways_event,
};
