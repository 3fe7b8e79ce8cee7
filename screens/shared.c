/* What other offices have on record need not be asked: it is fetched while the
 * person waits, who need not; then a short page says what came, from whom and of
 * which day, or why nothing did. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum {
    /* Of the idle limit, which is longer for who reads slowly: so long what came
     * stands there before it goes on by itself. */
    READ_PART = 8,
    LIST_BYTES = 512
};

struct shared_state {
    bool is_waiting;
    bool is_fresh; /* it came just now */
    bool differs;  /* it was another person's */
    bool has_no_card;
};

static bool is_answered(const struct screen *screen, const char *state)
{
    const char *value = screen_answer(screen, screen_step(screen)->answer);

    return value && strcmp(value, state) == 0;
}

static void ask(struct screen *screen)
{
    struct shared_state *state = screen_state(screen);

    *state = (struct shared_state){ .is_waiting = screen_ask_records(screen) };
    if (state->is_waiting)
        return;
    state->has_no_card = true;
    if (screen_go_without_records(screen, SHARED_NONE))
        return; /* a page says that there is no memory for it */
}

/* Coming back asks nobody again. */
static void shared_open(struct screen *screen)
{
    if (!screen_answer(screen, screen_step(screen)->answer))
        ask(screen);
}

/* ---- What came ------------------------------------------------------------ */

static const char *day_of(const struct screen *screen,
                          const struct shared_kind *kind)
{
    char name[SHARED_NAME_BYTES];

    shared_name(kind, NULL, name);
    return screen_answer(screen, name);
}

/* "Name, Date of birth": what is taken over of it, not what it says. */
static void list_fields(const struct screen *screen, const struct view *view,
                        const struct shared_kind *kind, char list[LIST_BYTES])
{
    bool is_english = view_language(view) == LANGUAGE_EN;
    char name[SHARED_NAME_BYTES];
    size_t len = 0;

    list[0] = '\0';
    for (size_t i = 0; kind->fields[i].name; i++) {
        shared_name(kind, &kind->fields[i], name);
        if (!screen_answer(screen, name))
            continue;
        snprintf(list + len, LIST_BYTES - len, "%s%s",
                 len == 0     ? ""
                 : is_english ? ", "
                              : "、",
                 T(view, kind->fields[i].label));
        len = strlen(list);
    }
}

static void add_record(const struct screen *screen, struct view *view,
                       const struct shared_kind *kind)
{
    char id[SHARED_NAME_BYTES], list[LIST_BYTES];
    const char *day = day_of(screen, kind), *text;

    if (!day)
        return;
    snprintf(id, sizeof id, "record.%s", kind->name);
    list_fields(screen, view, kind, list);
    text = *list ? T(view, "{office}, {date}: {fields}")
                 : T(view, "{office}, {date}");
    text = screen_text_with(screen, text, "office", T(view, kind->office));
    text =
        screen_text_with(screen, text, "date", screen_record_day(screen, day));
    text = screen_text_with(screen, text, "fields", list);
    view_fact(view, id, T(view, kind->label), text);
}

static void add_lacking(const struct screen *screen, struct view *view)
{
    bool is_english = view_language(view) == LANGUAGE_EN;
    char list[LIST_BYTES] = "";
    size_t len = 0;

    for (size_t i = 0; i < SHARED_KINDS; i++) {
        const struct shared_kind *kind = &shared_kinds[i];

        if (!shared_asks(screen_step(screen), kind) || day_of(screen, kind))
            continue;
        snprintf(list + len, LIST_BYTES - len, "%s%s",
                 len == 0     ? ""
                 : is_english ? ", "
                              : "、",
                 T(view, kind->label));
        len = strlen(list);
    }
    view_notice(view, "records.part", TONE_WARN,
                screen_text_with(screen,
                                 T(view, "There is no record of yours in: "
                                         "{records}. Where it is asked, "
                                         "please answer yourself."),
                                 "records", list));
}

static void describe_came(const struct screen *screen, struct view *view)
{
    view_heading(view, "records.title",
                 T(view, "This is on record; you need not give it again"));
    for (size_t i = 0; i < SHARED_KINDS; i++)
        if (shared_asks(screen_step(screen), &shared_kinds[i]))
            add_record(screen, view, &shared_kinds[i]);
    if (is_answered(screen, SHARED_PART))
        add_lacking(screen, view);
    view_text(view, "records.next",
              T(view, "You will see it on the next pages. If it is wrong, "
                      "change it there."));
}

static const char *why_none(const struct screen *screen, struct view *view)
{
    const struct shared_state *state = screen_state(screen);

    if (state->differs)
        return T(view, "A record names another person than your card does. "
                       "Nothing of it is used. Please answer the next "
                       "questions yourself.");
    if (state->has_no_card)
        return T(view, "Without your card on the reader nothing is fetched. "
                       "Please answer the next questions yourself.");
    return T(view, "The other offices have no record of you. Please answer "
                   "the next questions yourself.");
}

static void describe_none(const struct screen *screen, struct view *view)
{
    bool is_away = is_answered(screen, SHARED_AWAY);

    view_heading(view, "records.title",
                 is_away ? T(view, "The records cannot be had now")
                         : T(view, "Nothing could be taken over"));
    view_notice(view, is_away ? "records.away" : "records.none", TONE_WARN,
                is_away ? T(view, "Nothing is lost. Please answer the next "
                                  "questions yourself.")
                        : why_none(screen, view));
    if (is_away)
        view_choice(view, "again", "1", T(view, "Try again"));
}

static void describe_waiting(struct view *view)
{
    view_heading(view, "records.title", T(view, "One moment, please"));
    view_text(view, "records.why",
              T(view, "We ask other offices for what they have on record of "
                      "you, so that you need not give it again."));
    view_progress(view, "records.wait", T(view, "Asking the office"), 0, 1);
    view_choice(view, "skip", "1",
                T(view, "Do not wait; I will answer it myself"));
}

static void shared_describe(const struct screen *screen, struct view *view)
{
    const struct shared_state *state = screen_state(screen);

    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (state->is_waiting) {
        describe_waiting(view);
        return;
    }
    if (is_answered(screen, SHARED_CAME) || is_answered(screen, SHARED_PART))
        describe_came(screen, view);
    else
        describe_none(screen, view);
    view_footer(view, "footer.go", "#", T(view, "Go on"));
}

/* ---- Events --------------------------------------------------------------- */

static void let_read(struct screen *screen)
{
    screen_timer(screen, screen_limit_ms(screen, "idle") / READ_PART);
}

static void answered(struct screen *screen, enum err err)
{
    struct shared_state *state = screen_state(screen);

    if (!state->is_waiting)
        return;
    state->is_waiting = false;
    if (screen_take_records(screen, err, &state->differs))
        return;
    state->is_fresh = is_answered(screen, SHARED_CAME);
    if (state->is_fresh)
        let_read(screen);
    screen_fresh(screen);
}

/* Whoever reads something over it has not read this. */
static void go_on_by_itself(struct screen *screen)
{
    const struct shared_state *state = screen_state(screen);

    if (!state->is_fresh)
        return;
    if (screen_is_covered(screen))
        let_read(screen);
    else
        screen_next(screen);
}

static void skip(struct screen *screen)
{
    struct shared_state *state = screen_state(screen);

    if (!state->is_waiting)
        return;
    state->is_waiting = false;
    if (!screen_go_without_records(screen, SHARED_AWAY))
        screen_next(screen);
}

static void chosen(struct screen *screen, const char *choice)
{
    const struct shared_state *state = screen_state(screen);

    if (strcmp(choice, "skip") == 0) {
        skip(screen);
    } else if (strcmp(choice, "again") == 0) {
        ask(screen);
        screen_fresh(screen); /* what is pressed twice does not skip it */
    } else if (strcmp(choice, "footer.go") == 0 && !state->is_waiting) {
        screen_next(screen);
    } else if (strcmp(choice, "footer.back") == 0) {
        screen_stop_asking(screen);
        screen_leave(screen);
    }
}

static void shared_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
    else if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
    else if (event->kind == SCREEN_TIMER)
        go_on_by_itself(screen);
}

const struct screen_kind shared_screen = {
    .name = "shared",
    .word = "records",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct shared_state),
    .is_step = true,
    .open = shared_open,
    .describe = shared_describe,
    .event = shared_event,
};
