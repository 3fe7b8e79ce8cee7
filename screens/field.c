/* One question, answered by writing: a number by digit keys, or a text. */
#include "screens/digits.h"
#include "screens/standing.h"
#include "screens/write.h"

#include <stdio.h>
#include <string.h>

enum { EXPECTED_BYTES = 256, REFUSED_BYTES = 32 };

struct field_state {
    const char *expected; /* a msgid, after something that is not right */
    char refused[REFUSED_BYTES]; /* of a number: what that was */
    const struct allowed *error; /* or what the item says of it */
    bool was_cut;
};

/* Ten keys and perhaps one more; all else is written on letters. */
static bool is_number(const struct step *step)
{
    return field_kind(step->type)->pad == FIELD_PAD_DIGITS;
}

/* Shown once more before it counts, grouped for reading. */
static bool is_confirmed(const struct step *step)
{
    return step->type != FIELD_TYPE_TEXT;
}

static enum writing_code code_of(const struct step *step)
{
    return step->type == FIELD_TYPE_CREDIT_CODE ? WRITING_CREDIT_CODE
           : step->type == FIELD_TYPE_EMAIL     ? WRITING_EMAIL
           : step->type == FIELD_TYPE_PLATE     ? WRITING_PLATE
                                                : WRITING_NO_CODE;
}

/* What is told of a number stands while it is being corrected, not over an empty
 * field or another number. */
static bool is_still_wrong(const struct screen *screen, const struct view *view)
{
    const struct field_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);
    const char *typed = view_typed(view, step->answer);
    size_t len = typed ? strlen(typed) : 0;

    if (!state->expected || !is_number(step) || !typed || !*state->refused)
        return state->expected != NULL;
    if (len > strlen(state->refused))
        len = strlen(state->refused);
    return len > 0 && strncmp(typed, state->refused, len) == 0;
}

static void add_notice(const struct screen *screen, struct view *view)
{
    const struct field_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);
    bool is_wrong = is_still_wrong(screen, view);

    if (is_wrong) {
        char expected[EXPECTED_BYTES];
        snprintf(expected, sizeof expected, "%s",
                 screen_expected(screen, state->expected));
        const char *text =
            T(view, "{field} is not right: {expected}. Nothing is lost; "
                    "please correct this one.");
        text = screen_text_with(screen, text, "field",
                                words_in(&step->label, view_language(view)));
        text = screen_text_with(screen, text, "expected", expected);
        view_notice(view, "field.error", TONE_ERROR, text);
    } else if (state->error) {
        standing_add_error(screen, view, state->error);
    } else if (state->was_cut) {
        view_notice(view, "field.cut", TONE_WARN,
                    T(view, "That was longer than fits here. Its beginning "
                            "was kept; please check it."));
    } else if (step->hint.in[0]) {
        view_text(view, "hint", screen_words(screen, &step->hint));
        view_set_spare(view, SPARE_EARLY);
    }
    if (!is_wrong && !state->error && walk_how(step)) {
        view_text(view, "how", T(view, walk_how(step)));
        view_set_spare(view, SPARE_EARLY);
    }
}

/* Empty, # goes on; where there is a way round, too, # opens both. */
static bool goes_on_empty(const struct screen *screen)
{
    return screen_may_leave(screen) && !screen_step(screen)->way.in[0];
}

static const char *leave_words(const struct screen *screen, struct view *view)
{
    bool is_code = code_of(screen_step(screen)) != WRITING_NO_CODE;

    if (*screen_standing_typed(screen))
        return T(view, "This may be left empty: delete what stands here, then "
                       "go on.");
    if (!goes_on_empty(screen))
        return is_code
                   ? T(view, "This may be left empty: press # twice, then 8.")
                   : T(view, "This may be left empty: press #, then 8.");
    return is_code ? T(view, "This may be left empty: press # twice to go on.")
                   : T(view, "This may be left empty: press # to go on.");
}

/* What one should know while nothing is typed. */
static void add_standing(const struct screen *screen, struct view *view)
{
    const struct field_state *state = screen_state(screen);

    if (state->expected || state->error || state->was_cut)
        return;
    standing_add_source(screen, view);
    if (screen_may_leave(screen)) {
        view_text(view, "leave", leave_words(screen, view));
        view_set_spare(view, SPARE_LATE);
    }
}

/* A point only where fen are typed. */
static char more_key(const struct step *step)
{
    bool is_yuan = step->type == FIELD_TYPE_MONEY && !step->check.with_fen;

    return is_yuan ? '\0' : field_kind(step->type)->more_key;
}

static const char *describe_field(const struct screen *screen,
                                  struct view *view)
{
    const struct step *step = screen_step(screen);
    const char *label = words_in(&step->label, view_language(view));

    if (!is_number(step))
        return write_describe(screen, view, step->answer, label,
                              screen_standing_typed(screen), step->max_chars);
    const struct field_kind *kind = field_kind(step->type);
    return digits_describe(
        screen, view,
        &(struct digits){ .id = step->answer,
                          .label = label,
                          .initial = screen_standing_typed(screen),
                          .count = kind->digits,
                          .most = step->max_chars,
                          .groups = kind->groups,
                          .may_leave = goes_on_empty(screen),
                          .more_key = more_key(step) });
}

static void field_open(struct screen *screen)
{
    const struct step *step = screen_step(screen);

    if (screen_is_fixed(screen))
        return;
    if (code_of(step))
        screen_begin_code(screen, code_of(step));
    else if (!is_number(step))
        screen_begin_writing(screen);
}

static void field_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);

    if (screen_is_fixed(screen)) {
        standing_describe(screen, view);
        return;
    }
    view_heading(view, "ask", screen_words(screen, &step->ask));
    add_notice(screen, view);
    add_standing(screen, view);
    bool is_empty = !*describe_field(screen, view);
    bool chooses = !is_number(step) && write_chooses(screen);
    if (step->way.in[0] && !chooses) {
        view_choice(view, "way", "", screen_words(screen, &step->way));
        view_set_spare(view, SPARE_LATE);
    }
    const struct words *basis = walk_basis(step);
    if (basis && !chooses) {
        (void)view_fact(view, "why", T(view, "Legal basis"),
                        screen_words(screen, basis));
        view_set_spare(view, SPARE_EARLY);
    }
    if (!is_number(step))
        write_footer(screen, view, is_empty);
}

static void answer(struct screen *screen, const char *value, enum source source)
{
    const struct step *step = screen_step(screen);

    if (!screen_set_answer(screen, step->answer, value, source))
        screen_next(screen);
}

static void entered(struct screen *screen, const char *given)
{
    struct field_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);
    const char *expected = NULL;
    const char *value = screen_accept(screen, given, &expected);

    state->was_cut = false;
    state->expected = expected;
    snprintf(state->refused, sizeof state->refused, "%s", given);
    state->error =
        value ? standing_take(screen, value, is_confirmed(step)) : NULL;
}

/* What the page of other ways answered. */
static bool chose_method(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "strokes") == 0)
        screen_write_by(screen, WRITING_STROKES);
    else if (strcmp(choice, "pinyin") == 0)
        screen_write_by(screen, WRITING_PINYIN);
    else if (strcmp(choice, "latin") == 0)
        screen_write_by(screen, WRITING_LATIN);
    else
        return false;
    return true;
}

/* With nothing typed, or what can be confirmed only. */
static void go_on_empty(struct screen *screen)
{
    if (screen_is_fixed(screen))
        (void)standing_take(screen, screen_standing(screen), false);
    else if (goes_on_empty(screen))
        standing_leave(screen);
    else
        screen_over(screen, "ways", "");
}

static void chosen(struct screen *screen, const char *choice)
{
    if (!is_number(screen_step(screen)) &&
        (screen_writes(screen, choice) || chose_method(screen, choice)))
        return;
    if (strcmp(choice, "confirmed") == 0) {
        standing_confirmed(screen);
    } else if (strcmp(choice, "leave") == 0) {
        standing_leave(screen);
    } else if (strcmp(choice, "way") == 0) {
        screen_forget_typed(screen);
        answer(screen, "later", SOURCE_LATER);
    } else if (strcmp(choice, "footer.go") == 0) {
        go_on_empty(screen);
    } else if (strcmp(choice, "footer.back") == 0) {
        screen_back(screen);
    }
}

static void field_event(struct screen *screen, const struct screen_event *event)
{
    struct field_state *state = screen_state(screen);

    if (event->kind == SCREEN_ENTERED)
        entered(screen, event->value);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
    else if (event->kind == SCREEN_CUT)
        state->was_cut = true;
}

const struct screen_kind field_screen = {
    .name = "field",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct field_state),
    .is_step = true,
    .open = field_open,
    .describe = field_describe,
    .event = field_event,
};
