/* Behind each entry of a group: what is entered so far, another one or none, and
 * taking one out.  One that is taken out is named before it goes, with whatever
 * falls away with it. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ONE_DIGIT = 9, FIRST_OF_MANY = 11, ROW_BYTES = 512 };

enum shown {
    SHOWN_ENTRIES,
    SHOWN_WHICH,
    SHOWN_SURE,
    SHOWN_ENTRY /* all answers of one, to change one */
};

struct another_state {
    enum shown shown;
    size_t entry;    /* SHOWN_SURE, SHOWN_ENTRY: which one */
    bool is_changed; /* SHOWN_WHICH: for a change; else it is to go */
    char row[ROW_BYTES];
    char value[8];
};

/* "Child 2　张三", until the next call. */
static const char *row_of(const struct screen *screen, size_t entry)
{
    struct another_state *state = screen_state(screen);
    size_t len;

    snprintf(state->row, sizeof state->row, "%s\u3000",
             screen_entry_title(screen, entry));
    len = strlen(state->row);
    snprintf(state->row + len, sizeof state->row - len, "%s",
             screen_entry_text(screen, entry));
    return state->row;
}

static void list_row(void *owner, size_t at, const char **ret_value,
                     const char **ret_text)
{
    const struct screen *screen = owner;
    struct another_state *state = screen_state(screen);

    snprintf(state->value, sizeof state->value, "%zu", at + 1);
    *ret_value = state->value;
    *ret_text = row_of(screen, at + 1);
}

/* Only the last of them can be left half done: somebody went back. */
static bool is_half_done(const struct screen *screen)
{
    return screen_entry_count(screen) > (size_t)screen_step(screen)->entry;
}

/* ---- What is entered ------------------------------------------------------ */

static void add_entries(const struct screen *screen, struct view *view)
{
    char id[32], title[ROW_BYTES];

    for (size_t i = 1; i <= screen_entry_count(screen); i++) {
        snprintf(id, sizeof id, "entry.%zu", i);
        snprintf(title, sizeof title, "%s", screen_entry_title(screen, i));
        (void)view_fact(view, id, title, screen_entry_text(screen, i));
    }
}

static const char *with_number(const struct screen *screen, const char *text,
                               const char *name, size_t number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%zu", number);
    return screen_text_with(screen, text, name, digits);
}

static const char *with_title(const struct screen *screen, const char *text,
                              size_t entry)
{
    char title[ROW_BYTES];

    snprintf(title, sizeof title, "%s", screen_entry_title(screen, entry));
    return screen_text_with(screen, text, "entry", title);
}

static void add_bounds(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);

    if (step->entry < step->least_entries)
        view_text(view, "another.least",
                  with_number(screen, T(view, "At least {count} are needed."),
                              "count", (size_t)step->least_entries));
    else if (step->entry == step->most_entries)
        view_text(view, "another.most",
                  with_number(screen,
                              T(view, "No more than {count} can be entered "
                                      "here. If there are more, go on and tell "
                                      "the office of them."),
                              "count", (size_t)step->most_entries));
}

static bool may_remove(const struct screen *screen)
{
    return screen_entry_count(screen) >
           (size_t)screen_step(screen)->least_entries;
}

static void describe_entries(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    const char *label = words_in(&step->label, view_language(view));
    size_t next = (size_t)step->entry + 1;
    const char *text =
        with_number(screen,
                    step->entry < step->most_entries
                        ? T(view, "{label}: {count} entered. Any more?")
                        : T(view, "{label}: {count} entered."),
                    "count", screen_entry_count(screen));
    char ask[ROW_BYTES];

    snprintf(ask, sizeof ask, "%s", text);
    view_heading(view, "ask", screen_text_with(screen, ask, "label", label));
    add_bounds(screen, view);
    add_entries(screen, view);
    if (step->entry < step->most_entries)
        view_choice(view, "add", "1",
                    with_title(screen,
                               is_half_done(screen)
                                   ? T(view, "Go on with: {entry}")
                                   : T(view, "Add: {entry}"),
                               next));
    if (may_remove(screen))
        view_choice(view, "remove", "2", T(view, "Take one out"));
    view_choice(view, "look", "3", T(view, "Change one"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (step->entry >= step->least_entries)
        view_set_short(
            view,
            view_footer(view, "footer.go", "#", T(view, "No more, go on")),
            T(view, "Go on"));
}

/* ---- One entry ------------------------------------------------------------- */

static bool is_of_entry(const struct screen *screen, const struct step *step)
{
    const struct another_state *state = screen_state(screen);
    const char *group = screen_step(screen)->group;

    return step->group && strcmp(step->group, group) == 0 &&
           (size_t)step->entry == state->entry &&
           strcmp(step->screen, "another") != 0 &&
           screen_answer(screen, step->answer) != NULL;
}

static void describe_entry(const struct screen *screen, struct view *view)
{
    const struct another_state *state = screen_state(screen);
    const struct item *item = screen_item(screen);
    size_t count = 0, number = 0;
    char id[96], key[8];

    view_heading(view, "another.one", screen_entry_title(screen, state->entry));
    for (size_t i = 0; i < item->step_count; i++)
        count += is_of_entry(screen, &item->steps[i]);
    number = count > ONE_DIGIT ? FIRST_OF_MANY : 1;
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (!is_of_entry(screen, step))
            continue;
        snprintf(id, sizeof id, "change.%s", step->id);
        snprintf(key, sizeof key, "%zu", number++);
        view_set_key(view,
                     view_fact(view, id,
                               words_in(&step->label, view_language(view)),
                               screen_answer_text(screen, step)),
                     key);
    }
    view_text(view, "review.how",
              T(view, "To change an answer, press its number or touch it."));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

/* ---- Taking one out -------------------------------------------------------- */

static void describe_which(const struct screen *screen, struct view *view)
{
    size_t count = screen_entry_count(screen);
    char id[32], key[8];

    const struct another_state *state = screen_state(screen);

    view_heading(view, "another.which",
                 state->is_changed ? T(view, "Which one is to be changed?")
                                   : T(view, "Which one is to go?"));
    if (count > ONE_DIGIT) {
        view_text(view, "list.hint", T(view, "Press both digits of a number."));
        view_list(view, "option", count, NULL, list_row, (void *)screen);
    }
    for (size_t i = 1; count <= ONE_DIGIT && i <= count; i++) {
        snprintf(id, sizeof id, "option.%zu", i);
        snprintf(key, sizeof key, "%zu", i);
        view_choice(view, id, key, row_of(screen, i));
    }
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void add_falls(const struct screen *screen, struct view *view)
{
    const struct walk_falls *falls = screen_falls(screen);
    char id[96];

    if (falls->count > 0)
        view_notice(view, "another.falls", TONE_WARN,
                    T(view, "These answers would be erased with it:"));
    for (size_t i = 0; i < falls->count; i++) {
        const struct walk_fall *fall = &falls->list[i];

        snprintf(id, sizeof id, "falls.%s", fall->step->id);
        view_fact(view, id, words_in(&fall->step->label, view_language(view)),
                  fall->is_asked_again ? T(view, "to be answered again")
                                       : T(view, "not asked any more"));
    }
}

static void describe_sure(const struct screen *screen, struct view *view)
{
    const struct another_state *state = screen_state(screen);
    char title[ROW_BYTES];

    view_heading(view, "another.sure",
                 T(view, "Take this out, with all its answers?"));
    snprintf(title, sizeof title, "%s",
             screen_entry_title(screen, state->entry));
    (void)view_fact(view, "another.entry", title,
                    screen_entry_text(screen, state->entry));
    if (state->entry < screen_entry_count(screen))
        view_text(view, "another.moves",
                  T(view, "Those behind it move up by one."));
    add_falls(screen, view);
    view_choice(view, "keep", "1", T(view, "No, keep it"));
    view_choice(view, "sure", "2", T(view, "Take it out"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

/* ---- The page -------------------------------------------------------------- */

static void another_describe(const struct screen *screen, struct view *view)
{
    const struct another_state *state = screen_state(screen);

    switch (state->shown) {
    case SHOWN_ENTRIES:
        describe_entries(screen, view);
        break;
    case SHOWN_WHICH:
        describe_which(screen, view);
        break;
    case SHOWN_SURE:
        describe_sure(screen, view);
        break;
    case SHOWN_ENTRY:
        describe_entry(screen, view);
        break;
    }
}

static void show(struct screen *screen, enum shown shown)
{
    struct another_state *state = screen_state(screen);

    state->shown = shown;
    screen_fresh(screen);
}

static void answer(struct screen *screen, const char *value)
{
    if (!screen_set_answer(screen, screen_step(screen)->answer, value,
                           SOURCE_CITIZEN))
        screen_next(screen);
}

static void choose(struct screen *screen, const char *number)
{
    struct another_state *state = screen_state(screen);
    long entry = strtol(number, NULL, 10);

    if (entry < 1 || (size_t)entry > screen_entry_count(screen))
        return;
    state->entry = (size_t)entry;
    if (state->is_changed)
        show(screen, SHOWN_ENTRY);
    else if (!screen_look_at_entry(screen, state->entry))
        show(screen, SHOWN_SURE);
}

static void choose_which(struct screen *screen, bool is_changed)
{
    struct another_state *state = screen_state(screen);

    state->is_changed = is_changed;
    if (screen_entry_count(screen) == 1)
        choose(screen, "1");
    else
        show(screen, SHOWN_WHICH);
}

static void remove_one(struct screen *screen)
{
    struct another_state *state = screen_state(screen);

    if (screen_remove_entry(screen, state->entry))
        show(screen, SHOWN_ENTRIES); /* a page says that there is no room */
}

static void chosen(struct screen *screen, const struct screen_event *event)
{
    struct another_state *state = screen_state(screen);
    const char *choice = event->choice;

    if (strcmp(choice, "add") == 0)
        answer(screen, GROUP_YES);
    else if (strcmp(choice, "footer.go") == 0)
        answer(screen, GROUP_NO);
    else if (strcmp(choice, "remove") == 0 || strcmp(choice, "look") == 0)
        choose_which(screen, strcmp(choice, "look") == 0);
    else if (strncmp(choice, "change.", 7) == 0)
        screen_change(screen, choice + 7);
    else if (strcmp(choice, "option") == 0)
        choose(screen, event->value);
    else if (strncmp(choice, "option.", 7) == 0)
        choose(screen, choice + 7);
    else if (strcmp(choice, "sure") == 0)
        remove_one(screen);
    else if (strcmp(choice, "keep") == 0 ||
             (strcmp(choice, "footer.back") == 0 &&
              state->shown != SHOWN_ENTRIES))
        show(screen, SHOWN_ENTRIES);
    else if (strcmp(choice, "footer.back") == 0)
        screen_back(screen);
}

static void another_event(struct screen *screen,
                          const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE)
        chosen(screen, event);
}

const struct screen_kind another_screen = {
    .name = "another",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct another_state),
    .is_step = true,
    .describe = another_describe,
    .event = another_event,
};
