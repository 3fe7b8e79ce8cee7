/* The citizen reads back every answer before anything leaves the kiosk. */
#include "screens/whose.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9, FIRST_OF_MANY = 11, NUMBERS_MAX = 89, SHOW_MS = 10000 };

struct review_state {
    bool is_shown; /* the person's name and number in full, for ten seconds */
};

static bool is_person(const struct screen *screen, const struct step *step)
{
    char number[96];

    if (!step->person)
        return false;
    snprintf(number, sizeof number, "%s_number", step->person);
    return screen_answer(screen, number) &&
           walk_shows(step, screen_session(screen)->answers);
}

static bool has_others(const struct screen *screen)
{
    const struct item *item = screen_item(screen);

    for (size_t i = 0; i < item->step_count; i++)
        if (is_person(screen, &item->steps[i]))
            return true;
    return false;
}

static bool is_reviewed(const struct screen *screen, const struct step *step)
{
    if (is_person(screen, step))
        return true;
    return step->answer && screen_answer(screen, step->answer) &&
           !step->is_hidden && !walk_is_of_office(step) &&
           walk_shows(step, screen_session(screen)->answers) &&
           !walk_group_is_past(screen_item(screen), step,
                               screen_session(screen)->answers);
}

static bool is_settled(const struct screen *screen, const struct step *step)
{
    return payment_settles(screen_item(screen), screen_session(screen)->answers,
                           step);
}

static bool is_paid(const struct screen *screen)
{
    const struct item *item = screen_item(screen);

    for (size_t i = 0; i < item->step_count; i++)
        if (is_settled(screen, &item->steps[i]))
            return true;
    return false;
}

/* Where there are more answers than numbers of two digits, those of a group's
 * entries are changed by way of the group. */
static bool has_number(const struct screen *screen, const struct step *step,
                       size_t count)
{
    return !step->value && !is_settled(screen, step) &&
           (count <= NUMBERS_MAX || !step->group ||
            strcmp(step->screen, "another") == 0);
}

/* What is computed changes with what it stands on, not by itself. */
static bool is_changed(const struct screen *screen, const struct step *step)
{
    return is_reviewed(screen, step) && !step->value &&
           !is_settled(screen, step);
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

/* Another person, as the main one; the first line has the key to change it,
 * unless that is NULL. */
static void add_other(const struct screen *screen, struct view *view,
                      const struct step *step, const char *key)
{
    const struct review_state *state = screen_state(screen);
    static const char *const facts[][2] = { { "name", N_("Name") },
                                            { "number", N_("ID number") } };
    char id[128], answer[96];
    bool is_first = true;

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        snprintf(answer, sizeof answer, "%s_%s", step->person, facts[i][0]);
        const char *value = screen_answer(screen, answer);
        if (!value)
            continue;
        snprintf(id, sizeof id, is_first ? "change.%s" : "of.%s",
                 is_first ? step->id : answer);
        struct element *fact = view_fact(
            view, id, whose_label(screen, view, step, T(view, facts[i][1])),
            state->is_shown ? value
                            : screen_masked(screen, facts[i][0], value));
        if (is_first && key)
            view_set_key(view, fact, key);
        is_first = false;
    }
}

/* Of a number that was typed there is no name. */
static const char *show_words(const struct screen *screen,
                              const struct view *view)
{
    const struct review_state *state = screen_state(screen);

    if (has_others(screen))
        return state->is_shown ? T(view, "Hide names and numbers")
                               : T(view, "Show names and numbers");
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
    has_person = has_person || has_others(screen);
    count += has_person;
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        if (!is_reviewed(screen, step))
            continue;
        if (step->person) {
            add_other(screen, view, step,
                      is_settled(screen, step) ? NULL
                                               : key_of(key, number++, count));
            continue;
        }
        snprintf(id, sizeof id, "%s.%s", step->value ? "computed" : "change",
                 step->id);
        struct element *fact =
            view_fact(view, id, words_in(&step->label, view_language(view)),
                      screen_answer_text(screen, step));
        if (has_number(screen, step, count))
            view_set_key(view, fact, key_of(key, number++, count));
    }
    if (number > 0)
        view_text(
            view, "review.how",
            T(view, "To change an answer, press its number or touch it."));
    else if (is_paid(screen))
        view_text(view, "review.paid",
                  T(view, "It is paid for, so nothing of it can be changed any "
                          "more."));
    if (count > NUMBERS_MAX)
        view_text(view, "review.many",
                  T(view, "Answers without a number are changed by way of the "
                          "last of their kind, which has one."));
    view_text(view, "review.means",
              screen_text_with(screen, T(view, screen_arrival(screen)->before),
                               "unit",
                               words_in(&item->unit, view_language(view))));
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
        if (state->is_shown)
            screen_fresh(screen); /* they stand where the page begins */
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
