/* Records that the office has of this person, of which one is chosen.  They are
 * asked for each time the page comes up: what was paid meanwhile, say, stands
 * there as paid. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ONE_DIGIT = 9, ID_BYTES = 24 };

struct record_state {
    bool is_waiting;
    char id[ID_BYTES]; /* of the row that is being described */
};

static void record_open(struct screen *screen)
{
    struct record_state *state = screen_state(screen);

    state->is_waiting = true;
    screen_ask_list(screen);
}

static void list_row(void *owner, size_t at, const char **ret_value,
                     const char **ret_text)
{
    struct record_state *state = screen_state(owner);

    snprintf(state->id, sizeof state->id, "%zu", at);
    *ret_value = state->id;
    *ret_text = screen_record_text(owner, at);
}

static size_t chosen_row(const struct screen *screen)
{
    size_t at = 0;

    while (at < screen_record_count(screen) && !screen_is_record(screen, at))
        at++;
    return at;
}

static void describe_rows(const struct screen *screen, struct view *view,
                          size_t count)
{
    char id[ID_BYTES + 8], key[ID_BYTES];
    size_t chosen = chosen_row(screen);

    snprintf(key, sizeof key, "%zu", chosen);
    if (count > ONE_DIGIT)
        view_list(view, "record", count, chosen < count ? key : NULL, list_row,
                  (void *)screen);
    for (size_t i = 0; count <= ONE_DIGIT && i < count; i++) {
        snprintf(id, sizeof id, "record.%zu", i);
        snprintf(key, sizeof key, "%zu", i + 1);
        struct element *choice =
            view_choice(view, id, key, screen_record_text(screen, i));
        choice->is_chosen = i == chosen;
    }
    view_text(
        view, "record.day",
        screen_text_with(
            screen, T(view, "This is what the office knew on {date}."), "date",
            screen_date(screen, office_row_day(screen_office(screen), 0))));
}

/* Whoever comes back to it from what follows. */
static void describe_none(const struct screen *screen, struct view *view)
{
    (void)screen;
    view_notice(view, "record.none", TONE_PLAIN,
                T(view, "The office has nothing of this kind on record for "
                        "you."));
    view_text(view, "stop.done", T(view, "Nothing was changed."));
    view_footer(view, "footer.go", "#", T(view, "Go on"));
}

static void record_describe(const struct screen *screen, struct view *view)
{
    const struct record_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);
    size_t count = screen_record_count(screen);

    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (state->is_waiting) {
        view_heading(view, "record.title", T(view, "One moment, please"));
        view_progress(view, "record.wait", T(view, "Asking the office"), 0, 1);
        return;
    }
    view_heading(view, "ask", screen_words(screen, &step->ask));
    if (step->hint.in[0])
        view_text(view, "hint", screen_words(screen, &step->hint));
    if (count > 0)
        describe_rows(screen, view, count);
    else
        describe_none(screen, view);
}

/* The page of the item that says what comes of it follows by itself, but for
 * who comes back from there. */
static void take_none(struct screen *screen)
{
    const char *known = screen_answer(screen, screen_step(screen)->answer);

    if (known && strcmp(known, RECORD_NONE) == 0)
        return;
    if (!screen_choose_record(screen, screen_record_count(screen)))
        screen_next(screen);
}

static void answered(struct screen *screen, enum err err)
{
    struct record_state *state = screen_state(screen);
    bool is_unknown =
        err == ERR_REFUSED &&
        strcmp(office_problem(screen_office(screen)), "person-unknown") == 0;

    if (!state->is_waiting)
        return;
    state->is_waiting = false;
    if (!err)
        err = screen_look_at_list(screen);
    if (err && !is_unknown)
        screen_go(screen, "stop", "service-away");
    else if (screen_record_count(screen) == 0)
        take_none(screen);
}

static void take(struct screen *screen, const char *row)
{
    size_t at = (size_t)strtoul(row, NULL, 10);

    if (at < screen_record_count(screen) && !screen_choose_record(screen, at))
        screen_next(screen);
}

static void chosen(struct screen *screen, const struct screen_event *event)
{
    const char *choice = event->choice;

    if (strncmp(choice, "record.", 7) == 0) {
        take(screen, choice + 7);
    } else if (strcmp(choice, "record") == 0) {
        take(screen, event->value);
    } else if (strcmp(choice, "footer.go") == 0) {
        screen_next(screen);
    } else if (strcmp(choice, "footer.back") == 0) {
        screen_stop_asking(screen);
        screen_leave(screen);
    }
}

static void record_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event);
}

const struct screen_kind record_screen = {
    .name = "record",
    .word = "choice",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct record_state),
    .is_step = true,
    .open = record_open,
    .describe = record_describe,
    .event = record_event,
};
