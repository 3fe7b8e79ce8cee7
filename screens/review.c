/* The citizen reads back every answer before anything leaves the kiosk. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9, FIRST_OF_MANY = 11, SHOW_MS = 10000 };

struct review_state {
    bool is_shown; /* the person's name and number in full, for ten seconds */
};

static bool is_reviewed(const struct screen *screen, const struct step *step)
{
    return step->answer && screen_answer(screen, step->answer) &&
           !step->is_hidden &&
           walk_shows(step, screen_session(screen)->answers);
}

/* What is computed changes with what it stands on, not by itself. */
static bool is_changed(const struct screen *screen, const struct step *step)
{
    return is_reviewed(screen, step) && !step->value;
}

static size_t count_answers(const struct screen *screen)
{
    const struct item *item = screen_item(screen);
    size_t count = 0;
    for (size_t i = 0; i < item->step_count; i++)
        count += is_changed(screen, &item->steps[i]);
    return count;
}

/* True when there is a person to show. */
static bool add_person(const struct screen *screen, struct view *view)
{
    const struct review_state *state = screen_state(screen);
    bool has_person = false;
    static const char *const facts[][3] = {
        { "card_name", "name", N_("Name") },
        { "card_number", "number", N_("Number") },
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const char *value = screen_answer(screen, facts[i][0]);
        if (!value || !screen_asks_card(screen))
            continue;
        has_person = true;
        view_fact(view, facts[i][0], T(view, facts[i][2]),
                  state->is_shown ? value
                                  : screen_masked(screen, facts[i][1], value));
    }
    return has_person;
}

/* Of a number that was typed there is no name. */
static const char *show_words(const struct screen *screen,
                              const struct view *view)
{
    const struct review_state *state = screen_state(screen);

    if (!screen_answer(screen, "card_name"))
        return state->is_shown ? T(view, "Hide the number")
                               : T(view, "Show the number");
    return state->is_shown ? T(view, "Hide name and number")
                           : T(view, "Show name and number");
}

/* Numbers from 1, or from 11 where there are more than nine. */
static const char *key_of(char key[8], size_t number, size_t count)
{
    snprintf(key, 8, "%zu",
             count > ONE_DIGIT ? FIRST_OF_MANY + number : number + 1);
    return key;
}

static void review_describe(const struct screen *screen, struct view *view)
{
    const struct item *item = screen_item(screen);
    size_t count = count_answers(screen), number = 0;
    char id[96], key[8];

    view_heading(view, "review.ask",
                 T(view, "Please check. After sending, nothing can be changed "
                         "here."));
    bool has_person = add_person(screen, view);
    count += has_person;
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        if (!is_reviewed(screen, step))
            continue;
        snprintf(id, sizeof id, "%s.%s", step->value ? "computed" : "change",
                 step->id);
        struct element *fact =
            view_fact(view, id, words_in(&step->label, view_language(view)),
                      screen_answer_text(screen, step));
        if (!step->value)
            view_set_key(view, fact, key_of(key, number++, count));
    }
    view_text(view, "review.how",
              T(view, "To change an answer, press its number or touch it."));
    view_text(view, "review.means",
              screen_text_with(
                  screen,
                  T(view, "It goes to {unit}, which decides whether to accept "
                          "it. Sending does not mean that it was accepted."),
                  "unit", words_in(&item->unit, view_language(view))));
    if (has_person)
        view_choice(view, "show", key_of(key, number, count),
                    show_words(screen, view));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    bool sends = screen_sends_next(screen);
    struct element *go = view_footer(view, "footer.go", "#",
                                     sends ? T(view, "All is right: send")
                                           : T(view, "All is right, go on"));
    view_set_short(view, go, sends ? T(view, "Send") : T(view, "Go on"));
}

static void review_event(struct screen *screen,
                         const struct screen_event *event)
{
    struct review_state *state = screen_state(screen);

    if (event->kind == SCREEN_TIMER)
        state->is_shown = false;
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "show") == 0) {
        state->is_shown = !state->is_shown;
        screen_timer(screen, SHOW_MS);
    } else if (strncmp(event->choice, "change.", 7) == 0) {
        screen_change(screen, event->choice + 7);
    } else if (strcmp(event->choice, "footer.go") == 0) {
        screen_next(screen);
    } else if (strcmp(event->choice, "footer.back") == 0) {
        screen_back(screen);
    }
}

const struct screen_kind review_screen = {
    .name = "review",
    .stage = STAGE_CHECK,
    .state_size = sizeof(struct review_state),
    .is_step = true,
    .describe = review_describe,
    .event = review_event,
};
