/* One question, answered by pressing: a few options, or a list. */
#include "screens/standing.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9, FIRST_OF_MANY = 11 };

struct choice_state {
    const struct allowed *error; /* what the item says of the last choice */
};

static void list_row(void *owner, size_t at, const char **ret_value,
                     const char **ret_text)
{
    const struct screen *screen = owner;
    const struct words *text, *note;
    walk_option(screen_step(screen), screen_session(screen)->answers, at,
                ret_value, &text, &note);
    *ret_text = words_in(text, screen_session(screen)->language);
}

/* The ways round have a number, too; more than nine begin at 11, all of them.
 */
static size_t first_number(const struct screen *screen, size_t count)
{
    bool has_way = screen_step(screen)->way.in[0] != NULL;
    size_t ways = (size_t)has_way + screen_may_leave(screen);

    return count + ways > ONE_DIGIT ? FIRST_OF_MANY : 1;
}

/* It is answered, or something stands there that # would take. */
static bool has_standing(const struct screen *screen)
{
    return screen_answer(screen, screen_step(screen)->answer) ||
           *screen_standing(screen);
}

static void add_option(const struct screen *screen, struct view *view,
                       size_t at, size_t first)
{
    const struct step *step = screen_step(screen);
    const char *value, *chosen = screen_standing(screen);
    const struct words *text, *note;
    char id[128], key[8];

    walk_option(step, screen_session(screen)->answers, at, &value, &text,
                &note);
    snprintf(id, sizeof id, "option.%s", value);
    snprintf(key, sizeof key, "%zu", first + at);
    struct element *choice =
        view_choice(view, id, key, words_in(text, view_language(view)));
    if (note && *words_in(note, view_language(view)))
        view_set_note(view, choice, words_in(note, view_language(view)));
    choice->is_chosen = strcmp(chosen, value) == 0;
}

static void add_way(const struct screen *screen, struct view *view,
                    size_t count)
{
    const struct step *step = screen_step(screen);
    char key[8];

    if (!step->way.in[0])
        return;
    snprintf(key, sizeof key, "%zu", first_number(screen, count) + count);
    struct element *choice =
        view_choice(view, "way", key, screen_words(screen, &step->way));
    choice->is_chosen = screen_is_later(screen, step->answer);
}

static void add_leave(const struct screen *screen, struct view *view,
                      size_t count)
{
    bool has_way = screen_step(screen)->way.in[0] != NULL;
    char key[8];

    if (!screen_may_leave(screen))
        return;
    snprintf(key, sizeof key, "%zu",
             first_number(screen, count) + count + has_way);
    struct element *choice =
        view_choice(view, "leave", key, T(view, "Go on without an answer"));
    choice->is_chosen = screen_is_left(screen);
}

/* The law that has it asked; more of it on the page "why". */
static void add_why(const struct screen *screen, struct view *view)
{
    const struct words *basis = walk_basis(screen_step(screen));
    if (!basis)
        return;
    view_fact(view, "why", T(view, "Legal basis"), screen_words(screen, basis));
}

static void choice_describe(const struct screen *screen, struct view *view)
{
    const struct choice_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);
    size_t count = walk_option_count(step, screen_session(screen)->answers);

    if (screen_is_fixed(screen)) {
        standing_describe(screen, view);
        return;
    }
    view_heading(view, "ask", screen_words(screen, &step->ask));
    if (state->error)
        standing_add_error(screen, view, state->error);
    else if (step->hint.in[0])
        view_text(view, "hint", screen_words(screen, &step->hint));
    if (count > ONE_DIGIT)
        view_text(view, "list.hint", T(view, "Press both digits of a number."));
    if (!state->error)
        standing_add_source(screen, view);
    if (count > ONE_DIGIT)
        view_list(view, "option", count, screen_standing(screen), list_row,
                  (void *)screen);
    for (size_t i = 0; count <= ONE_DIGIT && i < count; i++)
        add_option(screen, view, i, first_number(screen, count));
    add_way(screen, view, count);
    add_leave(screen, view, count);
    add_why(screen, view);
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (has_standing(screen))
        view_footer(view, "footer.go", "#", T(view, "Go on"));
}

/* # keeps the answer, or takes what stands there. */
static void go_on(struct screen *screen)
{
    struct choice_state *state = screen_state(screen);
    const char *name = screen_step(screen)->answer;

    if (screen_answer(screen, name) && !screen_is_fixed(screen))
        screen_next(screen);
    else if (*screen_standing(screen))
        state->error = standing_take(screen, screen_standing(screen), false);
}

static void choice_event(struct screen *screen,
                         const struct screen_event *event)
{
    struct choice_state *state = screen_state(screen);
    const char *name = screen_step(screen)->answer;

    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "footer.back") == 0)
        screen_back(screen);
    else if (strcmp(event->choice, "footer.go") == 0)
        go_on(screen);
    else if (strcmp(event->choice, "confirmed") == 0)
        standing_confirmed(screen);
    else if (strcmp(event->choice, "leave") == 0)
        standing_leave(screen);
    else if (strncmp(event->choice, "option.", 7) == 0)
        state->error = standing_take(screen, event->choice + 7, false);
    else if (strcmp(event->choice, "option") == 0)
        state->error = standing_take(screen, event->value, false);
    else if (strcmp(event->choice, "way") == 0 &&
             !screen_set_answer(screen, name, "later", SOURCE_LATER))
        screen_next(screen);
}

const struct screen_kind choice_screen = {
    .name = "choice",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct choice_state),
    .is_step = true,
    .describe = choice_describe,
    .event = choice_event,
};
