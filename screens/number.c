/* An ID number typed by hand, where the item takes one: the original is then
 * checked at the office. */
#include "screens/digits.h"
#include "screens/whose.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_CHARS = 18 };

struct number_state {
    enum number_fault fault;
};

static void number_describe(const struct screen *screen, struct view *view)
{
    const struct number_state *state = screen_state(screen);

    view_heading(view, "number.title",
                 whose_words(screen, view, N_("Type your ID number"),
                             N_("Type the ID number of {role}")));
    if (state->fault) {
        const char *text =
            T(view, "{field} is not right: {expected}. Nothing is lost; "
                    "please correct this one.");
        text = screen_text_with(screen, text, "field", T(view, "ID number"));
        text = screen_text_with(screen, text, "expected",
                                T(view, id_number_expected(state->fault)));
        view_notice(view, "field.error", TONE_ERROR, text);
    } else {
        view_text(view, "number.hint",
                  T(view, "The office will check the card itself. If the last "
                          "character is X and you have no X key, type the 17 "
                          "digits and press #."));
    }
    (void)digits_describe(screen, view,
                          &(struct digits){ .id = "number",
                                            .label = T(view, "ID number"),
                                            .initial = "",
                                            .count = NUMBER_CHARS,
                                            .groups = "684",
                                            .more_key = 'X' });
}

/* 17 digits whose check character is X are complete: a pad of ten keys has no
 * X, and the confirmation shows it. */
static void complete(const char *typed, char number[NUMBER_CHARS + 1])
{
    snprintf(number, NUMBER_CHARS + 1, "%s", typed);
    if (strlen(number) == NUMBER_CHARS - 1 &&
        id_number_check_character(number) == 'X')
        memcpy(number + NUMBER_CHARS - 1, "X", 2);
    if (number[NUMBER_CHARS - 1] == 'x')
        number[NUMBER_CHARS - 1] = 'X';
}

static void entered(struct screen *screen, const char *typed)
{
    struct number_state *state = screen_state(screen);
    char number[NUMBER_CHARS + 1];

    complete(typed, number);
    state->fault = id_number_check(number);
    if (state->fault)
        return;
    if (screen_is_somebody(screen, number)) {
        screen_forget_typed(screen);
        screen_go(screen, "stop", "card-same");
        return;
    }
    if (!screen_set_answer(screen, "pending", number, SOURCE_CITIZEN))
        screen_over(screen, "confirm", "number");
}

static void chosen(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "confirmed") == 0) {
        const char *number = screen_answer(screen, "pending");
        if (number && !screen_take_number(screen, number))
            screen_next(screen);
    } else if (strcmp(choice, "footer.go") == 0) {
        screen_over(screen, "ways", "");
    } else if (strcmp(choice, "footer.back") == 0) {
        screen_back(screen);
    }
}

static void number_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind == SCREEN_ENTERED)
        entered(screen, event->value);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
}

const struct screen_kind number_screen = {
    .name = "number",
    .word = "field",
    .stage = STAGE_PERSON,
    .state_size = sizeof(struct number_state),
    .describe = number_describe,
    .event = number_event,
};
