/* A day and a time that the office has free, held while the person goes on.
 * Whoever is quicker has it: then the others are shown.  Without the office
 * nothing can be chosen here. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9, ROW_BYTES = 256, ID_BYTES = 32 };

enum part {
    PART_ASKING, /* the office is asked */
    PART_DAYS,
    PART_TIMES,
    PART_HELD,
    PART_AWAY /* nobody answered */
};

/* What is said above the days. */
enum said { SAID_NOTHING, SAID_TAKEN, SAID_OVER };

struct slot_state {
    enum part part;
    enum said said;
    bool is_holding; /* one was chosen, and the office is asked for it */
    size_t day, at;
    char row[ROW_BYTES];
};

/* Presses meant for what stood there before are none of this. */
static void show(struct screen *screen, enum part part)
{
    struct slot_state *state = screen_state(screen);

    state->part = part;
    screen_fresh(screen);
}

static void ask(struct screen *screen, enum said said)
{
    struct slot_state *state = screen_state(screen);

    state->said = said;
    state->is_holding = false;
    show(screen, PART_ASKING);
    screen_ask_slots(screen);
}

static void ask_anew(struct screen *screen, enum said said)
{
    screen_let_slot_go(screen);
    ask(screen, said);
}

static void slot_open(struct screen *screen)
{
    struct slot_state *state = screen_state(screen);

    if (screen_holds_slot(screen)) {
        state->part = PART_HELD;
        return;
    }
    ask_anew(screen, screen_hold_is_over(screen) ? SAID_OVER : SAID_NOTHING);
}

/* ---- Days and times -------------------------------------------------------- */

static const char *with_left(const struct screen *screen, const char *what,
                             int left)
{
    struct slot_state *state = screen_state(screen);
    char count[16], kept[ROW_BYTES];

    snprintf(count, sizeof count, "%d", left);
    snprintf(kept, sizeof kept, "%s", what);
    const char *text =
        i18n_text(screen_session(screen)->language, N_("{what}: {left} left"));
    text = screen_text_with(screen, text, "what", kept);
    text = screen_text_with(screen, text, "left", count);
    snprintf(state->row, sizeof state->row, "%s", text);
    return state->row;
}

static const char *day_row(const struct screen *screen, size_t day,
                           const char **ret_date)
{
    int left;

    *ret_date = slots_day(screen_slots(screen), day, &left);
    return with_left(screen, screen_slot_day(screen, *ret_date), left);
}

static const char *time_row(const struct screen *screen, size_t at,
                            const char **ret_from)
{
    const struct slot_state *state = screen_state(screen);
    enum language language = screen_session(screen)->language;
    struct slots_one one;

    slots_one(screen_slots(screen), state->day, at, &one);
    *ret_from = one.from;
    const char *text = i18n_text(language, N_("{from} to {until}"));
    text = screen_text_with(screen, text, "from", one.from);
    text = screen_text_with(screen, text, "until", one.until);
    return with_left(screen, text, one.left);
}

static void list_day(void *owner, size_t at, const char **ret_value,
                     const char **ret_text)
{
    *ret_text = day_row(owner, at, ret_value);
}

static void list_time(void *owner, size_t at, const char **ret_value,
                      const char **ret_text)
{
    *ret_text = time_row(owner, at, ret_value);
}

/* name: "day" or "time". */
static void add_rows(const struct screen *screen, struct view *view,
                     const char *name, size_t count,
                     const char *(*row)(const struct screen *screen, size_t at,
                                        const char **ret_value),
                     void (*list)(void *owner, size_t at,
                                  const char **ret_value,
                                  const char **ret_text))
{
    char id[ID_BYTES], key[8];
    const char *value;

    if (count > ONE_DIGIT)
        view_list(view, name, count, NULL, list, (void *)screen);
    for (size_t i = 0; count <= ONE_DIGIT && i < count; i++) {
        const char *text = row(screen, i, &value);

        snprintf(id, sizeof id, "%s.%s", name, value);
        snprintf(key, sizeof key, "%zu", i + 1);
        view_choice(view, id, key, text);
    }
}

static void add_said(const struct screen *screen, struct view *view)
{
    const struct slot_state *state = screen_state(screen);
    bool is_any_free = slots_day_count(screen_slots(screen)) > 0;

    if (state->said == SAID_TAKEN)
        view_notice(view, "slot.taken", TONE_WARN,
                    is_any_free
                        ? T(view, "Somebody else has just taken that time. "
                                  "What you entered is still here; please "
                                  "choose another time.")
                        : T(view, "Somebody else has just taken that time. "
                                  "What you entered is still here."));
    if (state->said == SAID_OVER)
        view_notice(view, "slot.over", TONE_WARN,
                    T(view, "The time you chose is not held for you any more: "
                            "ten minutes are over. Please choose again."));
}

static void add_ways_on(struct view *view, int first)
{
    char key[8];

    snprintf(key, sizeof key, "%d", first);
    view_choice(view, "other-item", key, T(view, "Do something else here"));
    snprintf(key, sizeof key, "%d", first + 1);
    view_choice(view, "staff", key, T(view, "Call the staff"));
}

static void describe_none(const struct screen *screen, struct view *view)
{
    view_heading(view, "slot.title", T(view, "No time is free now"));
    add_said(screen, view);
    view_text(view, "slot.none",
              T(view,
                "No time is free in the coming days. One may become free "
                "again: please look another day, or ask at the counter."));
    view_text(view, "stop.done", T(view, "Nothing was sent."));
    add_ways_on(view, 1);
}

static void describe_days(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    size_t count = slots_day_count(screen_slots(screen));

    if (count == 0) {
        describe_none(screen, view);
        return;
    }
    view_heading(view, "question", screen_words(screen, &step->ask));
    if (step->hint.in[0])
        view_text(view, "hint", screen_words(screen, &step->hint));
    add_said(screen, view);
    add_rows(screen, view, "day", count, day_row, list_day);
}

static void describe_times(const struct screen *screen, struct view *view)
{
    const struct slot_state *state = screen_state(screen);
    const struct slots *slots = screen_slots(screen);
    char day[ROW_BYTES];
    int left;

    snprintf(day, sizeof day, "%s",
             screen_slot_day(screen, slots_day(slots, state->day, &left)));
    view_heading(
        view, "question",
        screen_text_with(screen, T(view, "{day}: at what time?"), "day", day));
    add_rows(screen, view, "time", slots_count(slots, state->day), time_row,
             list_time);
}

/* ---- The others -------------------------------------------------------------- */

static void describe_asking(const struct screen *screen, struct view *view)
{
    const struct slot_state *state = screen_state(screen);

    view_heading(view, "slot.title", T(view, "One moment, please"));
    view_progress(view, "slot.wait",
                  state->is_holding ? T(view, "Reserving this time for you")
                                    : T(view, "Asking the office"),
                  0, 1);
}

static void describe_held(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    char text[ROW_BYTES];

    view_heading(view, "slot.title", T(view, "This time is held for you"));
    snprintf(text, sizeof text, "%s", screen_answer_text(screen, step));
    view_fact(view, "slot.chosen", words_in(&step->label, view_language(view)),
              text);
    snprintf(text, sizeof text, "%s", screen_hold_until(screen));
    view_fact(view, "slot.until", T(view, "Held until"), text);
    view_text(view, "slot.how",
              T(view, "Please go on and send it by then. Only when it is sent "
                      "do you have the appointment."));
    view_choice(view, "another", "1", T(view, "Choose another time"));
    view_footer(view, "footer.go", "#", T(view, "Go on"));
}

static void describe_away(const struct screen *screen, struct view *view)
{
    view_heading(view, "slot.title",
                 T(view, "The office cannot be reached now"));
    view_notice(view, "slot.away", TONE_WARN,
                T(view, "A time can be chosen only while the office answers. "
                        "No time was taken, and nothing was sent."));
    view_fact(view, "slot.ask", T(view, "You can also ask"),
              screen_words(screen, &screen_item(screen)->contact));
    view_choice(view, "again", "1", T(view, "Try again"));
    add_ways_on(view, 2);
}

static void slot_describe(const struct screen *screen, struct view *view)
{
    const struct slot_state *state = screen_state(screen);

    switch (state->part) {
    case PART_ASKING:
        describe_asking(screen, view);
        break;
    case PART_DAYS:
        describe_days(screen, view);
        break;
    case PART_TIMES:
        describe_times(screen, view);
        break;
    case PART_HELD:
        describe_held(screen, view);
        break;
    case PART_AWAY:
        describe_away(screen, view);
        break;
    }
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

/* ---- What comes ---------------------------------------------------------------- */

static bool is_gone(const struct screen *screen)
{
    const char *problem = office_problem(screen_office(screen));

    return strcmp(problem, "slot-taken") == 0 ||
           strcmp(problem, "slot-unknown") == 0;
}

static void answered(struct screen *screen, enum err err)
{
    struct slot_state *state = screen_state(screen);

    if (state->part != PART_ASKING)
        return;
    if (err == ERR_REFUSED && state->is_holding && is_gone(screen))
        ask(screen, SAID_TAKEN);
    else if (err)
        show(screen, PART_AWAY);
    else if (!state->is_holding)
        show(screen, PART_DAYS);
    else if (!screen_take_hold(screen, state->day, state->at))
        show(screen, PART_HELD);
}

static void choose_time(struct screen *screen, size_t at)
{
    struct slot_state *state = screen_state(screen);

    state->at = at;
    state->is_holding = true;
    show(screen, PART_ASKING);
    screen_ask_hold(screen, state->day, at);
}

static void choose_day(struct screen *screen, size_t day)
{
    struct slot_state *state = screen_state(screen);

    state->day = day;
    state->said = SAID_NOTHING;
    show(screen, PART_TIMES);
}

static void choose_row(struct screen *screen, const char *value)
{
    const struct slot_state *state = screen_state(screen);
    const struct slots *slots = screen_slots(screen);
    struct slots_one one;
    int left;

    for (size_t i = 0; state->part == PART_DAYS && i < slots_day_count(slots);
         i++)
        if (strcmp(slots_day(slots, i, &left), value) == 0) {
            choose_day(screen, i);
            return;
        }
    for (size_t i = 0;
         state->part == PART_TIMES && i < slots_count(slots, state->day); i++) {
        slots_one(slots, state->day, i, &one);
        if (strcmp(one.from, value) == 0) {
            choose_time(screen, i);
            return;
        }
    }
}

static void go_on(struct screen *screen)
{
    if (screen_holds_slot(screen))
        screen_next(screen);
    else
        ask_anew(screen, SAID_OVER);
}

static void go_back(struct screen *screen)
{
    const struct slot_state *state = screen_state(screen);

    if (state->part == PART_TIMES) {
        show(screen, PART_DAYS);
        return;
    }
    screen_stop_asking(screen);
    screen_leave(screen);
}

static void chosen(struct screen *screen, const struct screen_event *event)
{
    const char *choice = event->choice;

    if (strncmp(choice, "day.", 4) == 0)
        choose_row(screen, choice + 4);
    else if (strncmp(choice, "time.", 5) == 0)
        choose_row(screen, choice + 5);
    else if (strcmp(choice, "day") == 0 || strcmp(choice, "time") == 0)
        choose_row(screen, event->value);
    else if (strcmp(choice, "another") == 0)
        ask_anew(screen, SAID_NOTHING);
    else if (strcmp(choice, "again") == 0)
        ask(screen, SAID_NOTHING);
    else if (strcmp(choice, "other-item") == 0)
        screen_home(screen);
    else if (strcmp(choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(choice, "footer.go") == 0)
        go_on(screen);
    else if (strcmp(choice, "footer.back") == 0)
        go_back(screen);
}

static void slot_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event);
}

const struct screen_kind slot_screen = {
    .name = "slot",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct slot_state),
    .is_step = true,
    .open = slot_open,
    .describe = slot_describe,
    .event = slot_event,
};
