/* One question with several answers at once: a press marks an option, another
 * takes the mark away, and # goes on with what is marked. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9, FIRST_OF_MANY = 11 };

struct choices_state {
    enum choices_fault fault; /* of what was pressed last */
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

/* The way round has a number, too; more than nine begin at 11, all of them. */
static size_t first_number(const struct screen *screen, size_t count)
{
    bool has_way = screen_step(screen)->way.in[0] != NULL;

    return count + has_way > ONE_DIGIT ? FIRST_OF_MANY : 1;
}

/* ---- What stands on it --------------------------------------------------- */

/* The sentences stand where the person looks: what is wrong first. */
static void add_fault(const struct screen *screen, struct view *view)
{
    const struct choices_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);
    size_t count = choices_count(screen_marked(screen));
    char number[16];

    if (state->fault == CHOICES_FEW) {
        int lacking = step->least - (int)count;

        snprintf(number, sizeof number, "%d", lacking);
        view_notice(
            view, "choices.few", TONE_ERROR,
            screen_text_with(screen,
                             T(view, "Please choose {count} more, then go on."),
                             "count", number));
    } else if (state->fault == CHOICES_MANY) {
        snprintf(number, sizeof number, "%zu", choices_most(step));
        view_notice(view, "choices.full", TONE_ERROR,
                    screen_text_with(
                        screen,
                        T(view, "At most {most} can be chosen. Take one back "
                                "first."),
                        "most", number));
    }
}

static void add_how(const struct screen *screen, struct view *view,
                    size_t count)
{
    const char *limits = screen_choices_limits(screen);

    if (*limits)
        view_text(view, "choices.limits", limits);
    view_text(view, "choices.how",
              count > ONE_DIGIT
                  ? T(view, "Press both digits to choose, again to take back; "
                            "then #.")
                  : T(view, "Press to choose, again to take back; then #."));
}

static void add_option(const struct screen *screen, struct view *view,
                       size_t at, size_t first)
{
    const struct words *text, *note;
    const char *value;
    char id[128], key[8];

    walk_option(screen_step(screen), screen_session(screen)->answers, at,
                &value, &text, &note);
    snprintf(id, sizeof id, "option.%s", value);
    snprintf(key, sizeof key, "%zu", first + at);
    struct element *choice =
        view_choice(view, id, key, words_in(text, view_language(view)));
    if (note && *words_in(note, view_language(view)))
        view_set_note(view, choice, words_in(note, view_language(view)));
    choice->is_chosen = choices_has(screen_marked(screen), value);
}

static void add_options(const struct screen *screen, struct view *view,
                        size_t count)
{
    size_t first = first_number(screen, count);

    if (count > ONE_DIGIT) {
        view_list(view, "option", count, screen_marked(screen), list_row,
                  (void *)screen);
        view_set_many(view);
    }
    for (size_t i = 0; count <= ONE_DIGIT && i < count; i++)
        add_option(screen, view, i, first);
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
    choice->is_chosen =
        screen_is_later(screen, step->answer) && !*screen_marked(screen);
}

static void add_go(const struct screen *screen, struct view *view)
{
    size_t marked = choices_count(screen_marked(screen));
    bool may_be_none = screen_step(screen)->least == 0 &&
                       !screen_is_later(screen, screen_step(screen)->answer);
    char count[16];
    struct element *go;

    snprintf(count, sizeof count, "%zu", marked);
    go = view_footer(
        view, "footer.go", "#",
        marked > 0 ? screen_text_with(screen, T(view, "Go on: {count} chosen"),
                                      "count", count)
        : may_be_none ? T(view, "None of these, go on")
                      : T(view, "Go on"));
    view_set_short(view, go,
                   marked == 0 && may_be_none ? T(view, "None, go on")
                                              : T(view, "Go on"));
}

static void choices_describe(const struct screen *screen, struct view *view)
{
    const struct choices_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);
    const struct words *basis = walk_basis(step);
    size_t count = walk_option_count(step, screen_session(screen)->answers);

    view_heading(view, "ask", screen_words(screen, &step->ask));
    add_fault(screen, view);
    if (step->hint.in[0])
        view_text(view, "hint", screen_words(screen, &step->hint));
    /* What is wrong says enough, and the options stay on the page. */
    if (state->fault == CHOICES_GOOD)
        add_how(screen, view, count);
    add_options(screen, view, count);
    add_way(screen, view, count);
    if (basis)
        (void)view_fact(view, "why", T(view, "Legal basis"),
                        screen_words(screen, basis));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    add_go(screen, view);
}

/* ---- What is pressed ------------------------------------------------------ */

static void mark(struct screen *screen, const char *value)
{
    struct choices_state *state = screen_state(screen);
    bool is_full = false;

    state->fault = CHOICES_GOOD;
    if (!screen_mark(screen, value, &is_full) && is_full)
        state->fault = CHOICES_MANY;
}

static void go_on(struct screen *screen)
{
    struct choices_state *state = screen_state(screen);

    /* Who kept the way round answers it still. */
    if (screen_is_later(screen, screen_step(screen)->answer) &&
        !*screen_marked(screen))
        screen_next(screen);
    else if (!screen_take_marks(screen, &state->fault) &&
             state->fault == CHOICES_GOOD)
        screen_next(screen);
}

static void choices_event(struct screen *screen,
                          const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "footer.back") == 0)
        screen_back(screen);
    else if (strcmp(event->choice, "footer.go") == 0)
        go_on(screen);
    else if (strcmp(event->choice, "option") == 0)
        mark(screen, event->value);
    else if (strncmp(event->choice, "option.", 7) == 0)
        mark(screen, event->choice + 7);
    else if (strcmp(event->choice, "way") == 0 &&
             !screen_set_answer(screen, screen_step(screen)->answer, "later",
                                SOURCE_LATER))
        screen_next(screen);
}

const struct screen_kind choices_screen = {
    .name = "choices",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct choices_state),
    .is_step = true,
    .describe = choices_describe,
    .event = choices_event,
};
