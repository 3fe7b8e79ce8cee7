/* What is under way: the cases of this person, or the one of a receipt number
 * and its code.  Guessing is slowed by the office, which then says so here. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9, ROW_BYTES = 256, MINUTE_MS = 60000 };

struct cases_state {
    bool is_waiting;
    enum err err;
    char row[ROW_BYTES];
};

static void cases_open(struct screen *screen)
{
    struct cases_state *state = screen_state(screen);

    /* Coming back from one of them asks for nothing. */
    if (office_case_count(screen_office(screen)) > 0)
        return;
    state->is_waiting = true;
    screen_ask_cases(screen);
}

static const struct step *field_of(const struct screen *screen,
                                   enum field_type type)
{
    const struct item *item = screen_item(screen);

    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "field") == 0 &&
            item->steps[i].type == type)
            return &item->steps[i];
    return NULL;
}

static bool was_typed(const struct screen *screen)
{
    const struct step *step = field_of(screen, FIELD_TYPE_RECEIPT);
    return step && screen_answer(screen, step->answer);
}

/* "Residence permit  2026-11-26  accepted": what, when it was sent, how far. */
static const char *row_of(const struct screen *screen, size_t at)
{
    struct cases_state *state = screen_state(screen);
    enum language language = screen_session(screen)->language;
    struct office_case found;

    office_case(screen_office(screen), at, &found);
    snprintf(state->row, sizeof state->row, "%s\u3000%s\u3000%s",
             screen_case_title(screen, &found),
             screen_day(screen, found.sent_ms),
             i18n_text(language, office_state_words(found.state)));
    return state->row;
}

static void list_row(void *owner, size_t at, const char **ret_value,
                     const char **ret_text)
{
    struct office_case found;
    office_case(screen_office(owner), at, &found);
    *ret_value = found.id;
    *ret_text = row_of(owner, at);
}

static void describe_found(const struct screen *screen, struct view *view,
                           size_t count)
{
    char id[32], key[8];

    view_heading(view, "cases.title", T(view, "Which matter?"));
    if (count > ONE_DIGIT)
        view_list(view, "case", count, NULL, list_row, (void *)screen);
    for (size_t i = 0; count <= ONE_DIGIT && i < count; i++) {
        snprintf(id, sizeof id, "case.%zu", i);
        snprintf(key, sizeof key, "%zu", i + 1);
        view_choice(view, id, key, row_of(screen, i));
    }
}

static void describe_none(struct view *view)
{
    view_heading(view, "cases.title", T(view, "Nothing is under way"));
    view_notice(view, "cases.none", TONE_PLAIN,
                T(view, "The office has no matter of yours that was sent from "
                        "a machine like this one."));
    view_text(view, "cases.why",
              T(view, "What was sent in the last minutes may not have arrived "
                      "yet. Matters begun at a counter, and reports without a "
                      "name, are not listed here."));
    view_text(view, "stop.done", T(view, "Nothing was changed."));
    view_choice(view, "other-item", "1", T(view, "Do something else here"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
}

static void add_wrong(const struct screen *screen, struct view *view)
{
    char left[8];
    const char *text = T(view, "The receipt number and the code do not belong "
                               "together. You can try {left} more times.");

    snprintf(left, sizeof left, "%d", office_tries_left(screen_office(screen)));
    view_heading(view, "cases.title", T(view, "Not found"));
    view_notice(view, "code.error", TONE_ERROR,
                screen_text_with(screen, text, "left", left));
}

static void add_slow(const struct screen *screen, struct view *view)
{
    int64_t pause_ms = office_pause_ms(screen_office(screen));
    char minutes[16];
    const char *text = T(view, "Too many tries were wrong. Please wait "
                               "{minutes} minutes, or ask the staff.");

    snprintf(minutes, sizeof minutes, "%d",
             (int)((pause_ms + MINUTE_MS - 1) / MINUTE_MS));
    view_heading(view, "cases.title", T(view, "Please wait a while"));
    view_notice(view, "cases.slow", TONE_WARN,
                screen_text_with(screen, text, "minutes", minutes));
}

static void describe_refused(const struct screen *screen, struct view *view)
{
    const char *problem = office_problem(screen_office(screen));

    if (strcmp(problem, "slow-down") == 0)
        add_slow(screen, view);
    else
        add_wrong(screen, view);
    view_text(view, "stop.done", T(view, "Nothing was changed."));
    view_choice(view, "retype", "1", T(view, "Type them again"));
    view_choice(view, "other-item", "2", T(view, "Do something else here"));
    view_choice(view, "staff", "3", T(view, "Call the staff"));
}

static void cases_describe(const struct screen *screen, struct view *view)
{
    const struct cases_state *state = screen_state(screen);
    size_t count = office_case_count(screen_office(screen));

    if (state->is_waiting) {
        view_heading(view, "cases.title", T(view, "One moment, please"));
        view_progress(view, "cases.wait", T(view, "Asking the office"), 0, 1);
    } else if (state->err == ERR_REFUSED) {
        describe_refused(screen, view);
    } else if (count > 0) {
        describe_found(screen, view, count);
    } else {
        describe_none(view);
    }
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void answered(struct screen *screen, enum err err)
{
    struct cases_state *state = screen_state(screen);

    if (!state->is_waiting)
        return;
    state->is_waiting = false;
    state->err = err;
    if (err && err != ERR_REFUSED)
        screen_go(screen, "stop", "service-away");
    else if (!err && was_typed(screen) &&
             office_case_count(screen_office(screen)) == 1)
        screen_go(screen, "case", "0");
}

static void choose_row(struct screen *screen, const char *id)
{
    const struct office *office = screen_office(screen);
    char at[24];

    for (size_t i = 0; i < office_case_count(office); i++) {
        struct office_case found;
        office_case(office, i, &found);
        if (strcmp(found.id, id) != 0)
            continue;
        snprintf(at, sizeof at, "%zu", i);
        screen_go(screen, "case", at);
    }
}

/* Nobody knows which of the two was wrong. */
static void retype(struct screen *screen)
{
    const struct step *receipt = field_of(screen, FIELD_TYPE_RECEIPT);
    const struct step *code = field_of(screen, FIELD_TYPE_CODE);

    if (code)
        screen_forget_field(screen, code);
    if (!receipt)
        return;
    screen_forget_field(screen, receipt);
    screen_change(screen, receipt->id);
}

static void chosen(struct screen *screen, const struct screen_event *event)
{
    const char *choice = event->choice;

    if (strncmp(choice, "case.", 5) == 0)
        screen_go(screen, "case", choice + 5);
    else if (strcmp(choice, "case") == 0)
        choose_row(screen, event->value);
    else if (strcmp(choice, "retype") == 0)
        retype(screen);
    else if (strcmp(choice, "other-item") == 0)
        screen_home(screen);
    else if (strcmp(choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(choice, "footer.back") == 0) {
        screen_forget_found(screen);
        screen_leave(screen);
    }
}

static void cases_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event);
}

const struct screen_kind cases_screen = {
    .name = "cases",
    .word = "choice",
    .stage = STAGE_CHECK,
    .state_size = sizeof(struct cases_state),
    .is_step = true,
    .open = cases_open,
    .describe = cases_describe,
    .event = cases_event,
};
