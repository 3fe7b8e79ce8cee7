/* How far one matter has come, whom to ask, and its slip once more. */
#include "kiosk/screen.h"
#include "screens/lines.h"

#include <stdlib.h>
#include <string.h>

struct case_page {
    bool is_known; /* this machine knows its item, and so its slip */
};

static size_t place(const struct screen *screen)
{
    return (size_t)strtoul(screen_about(screen), NULL, 10);
}

static void case_open(struct screen *screen)
{
    struct case_page *state = screen_state(screen);
    state->is_known = !screen_take_case(screen, place(screen));
}

static bool is_in(const struct office_case *found, const char *state)
{
    return strcmp(found->state, state) == 0;
}

/* Until the office has begun, what is to be done stands on the slip, and here
 * the same; then what its state asks, and whom. */
static void add_next(const struct screen *screen, struct view *view,
                     const struct office_case *found)
{
    const struct case_page *state = screen_state(screen);
    bool is_new = state->is_known && is_in(found, "delivered");

    if (!is_new)
        view_fact(
            view, "case.next", T(view, "What comes next"),
            T(view, office_state_next(found->state, *found->text,
                                      strcmp(found->booking, "booked") == 0)));
    if (state->is_known)
        lines_describe_slip(screen, view, is_new);
    else
        view_fact(view, "case.ask", T(view, "To ask, correct or withdraw"),
                  screen_machine(screen, "phone"));
}

/* What became of the time that was asked for. */
static void add_booking(const struct screen *screen, struct view *view,
                        const struct office_case *found)
{
    if (strcmp(found->booking, "booked") == 0)
        view_fact(view, "case.booking", T(view, "Appointment"),
                  screen_booking(screen, found));
    else if (strcmp(found->booking, "cancelled") == 0)
        view_fact(view, "case.booking", T(view, "Cancelled appointment"),
                  screen_booking(screen, found));
    else if (strcmp(found->booking, "lost") == 0)
        view_fact(view, "case.booking", T(view, "Not booked: others had it"),
                  screen_booking(screen, found));
}

static bool can_print(const struct screen *screen)
{
    const struct case_page *state = screen_state(screen);
    enum device_state printer = screen_device(screen, DEVICE_PRINTER);
    return state->is_known &&
           (printer == DEVICE_READY || printer == DEVICE_STARTING);
}

static void case_describe(const struct screen *screen, struct view *view)
{
    enum language language = view_language(view);
    struct office_case found;

    office_case(screen_office(screen), place(screen), &found);
    const struct item *item = pack_find(screen_pack(screen), found.item);
    const char *unit =
        item ? words_in(&item->unit, language) : found.unit[language];
    view_heading(view, "case.title", screen_case_title(screen, &found));
    view_notice(view, "case.state",
                is_in(&found, "correction") || is_in(&found, "withdrawn") ||
                        is_in(&found, OFFICE_SLOT_LOST)
                    ? TONE_WARN
                    : TONE_GOOD,
                T(view, office_state_words(found.state)));
    if (!item)
        view_text(view, "case.gone",
                  T(view, "This matter is no longer done on this machine, so "
                          "its receipt cannot be printed again here. What you "
                          "sent is kept by the office all the same."));
    if (*found.text)
        view_fact(view, "case.text", T(view, "The office says"), found.text);
    add_booking(screen, view, &found);
    add_next(screen, view, &found);
    view_fact(view, "case.sent", T(view, "Sent on"),
              screen_day(screen, found.sent_ms));
    view_fact(view, "case.changed", T(view, "In this state since"),
              screen_day(screen, found.changed_ms));
    view_fact(view, "receipt.number", T(view, "Receipt number"),
              screen_receipt_of(screen, found.receipt));
    if (*unit)
        view_fact(view, "case.unit", T(view, "Which office"), unit);
    if (can_print(screen))
        view_choice(view, "reprint", "1", T(view, "Print the receipt again"));
    if (screen_can_cancel(screen, &found))
        view_choice(view, "cancel", "2", T(view, "Cancel this appointment"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    view_footer(view, "footer.go", "#", T(view, "Finish"));
}

static void case_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "reprint") == 0)
        screen_go(screen, "printing", "");
    else if (strcmp(event->choice, "cancel") == 0)
        screen_go(screen, "cancel", screen_about(screen));
    else if (strcmp(event->choice, "footer.go") == 0)
        screen_go(screen, "bye", "");
    else if (strcmp(event->choice, "footer.back") != 0)
        return;
    else if (office_case_count(screen_office(screen)) > 1)
        screen_go(screen, "cases", "");
    else
        screen_leave(screen);
}

const struct screen_kind case_screen = {
    .name = "case",
    .word = "progress",
    .stage = STAGE_DONE,
    .state_size = sizeof(struct case_page),
    .open = case_open,
    .describe = case_describe,
    .event = case_event,
};
