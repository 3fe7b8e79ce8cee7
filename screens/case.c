/* How far one matter has come, whom to ask, and its slip once more. */
#include "kiosk/screen.h"

#include <stdlib.h>
#include <string.h>

struct case_page {
    bool can_reprint; /* this machine knows what stands on its slip */
};

static size_t place(const struct screen *screen)
{
    return (size_t)strtoul(screen_about(screen), NULL, 10);
}

static void case_open(struct screen *screen)
{
    struct case_page *state = screen_state(screen);
    state->can_reprint = !screen_take_case(screen, place(screen));
}

static const char *next_of(const char *state)
{
    static const char *const words[][2] = {
        { "delivered",
          N_("The office looks at it and says whether it is accepted. The time "
             "limit starts on that day.") },
        { "accepted",
          N_("The office deals with it. You need do nothing now.") },
        { "correction",
          N_("Please add or correct what the office says above, at the place "
             "below.") },
        { "finished", N_("It is done. What the office says stands above.") },
        { "withdrawn", N_("It is not pursued any more.") },
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i][0], state) == 0)
            return words[i][1];
    return "";
}

static void add_office(const struct screen *screen, struct view *view,
                       const struct item *item)
{
    enum language language = view_language(view);

    if (!item) {
        view_fact(view, "case.ask", T(view, "Whom to ask"),
                  screen_machine(screen, "phone"));
        return;
    }
    view_fact(view, "case.unit", T(view, "Which office"),
              words_in(&item->unit, language));
    view_fact(view, "case.ask", T(view, "Whom to ask"),
              words_in(&item->contact, language));
}

static bool can_print(const struct screen *screen)
{
    const struct case_page *state = screen_state(screen);
    enum device_state printer = screen_device(screen, DEVICE_PRINTER);
    return state->can_reprint &&
           (printer == DEVICE_READY || printer == DEVICE_STARTING);
}

static void case_describe(const struct screen *screen, struct view *view)
{
    enum language language = view_language(view);
    struct office_case found;

    office_case(screen_office(screen), place(screen), &found);
    const struct item *item = pack_find(screen_pack(screen), found.item);
    view_heading(view, "case.title",
                 item ? words_in(&item->title, language) : found.item);
    view_notice(view, "case.state", TONE_GOOD,
                T(view, office_state_words(found.state)));
    if (*found.text)
        view_fact(view, "case.text", T(view, "The office says"), found.text);
    view_fact(view, "case.next", T(view, "What comes next"),
              T(view, next_of(found.state)));
    view_fact(view, "case.sent", T(view, "Sent on"),
              screen_day(screen, found.sent_ms));
    view_fact(view, "case.changed", T(view, "In this state since"),
              screen_day(screen, found.changed_ms));
    view_fact(view, "receipt.number", T(view, "Receipt number"),
              screen_receipt_of(screen, found.receipt));
    add_office(screen, view, item);
    if (can_print(screen))
        view_choice(view, "reprint", "1", T(view, "Print the receipt again"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    view_footer(view, "footer.go", "#", T(view, "Finish"));
}

static void case_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "reprint") == 0)
        screen_go(screen, "printing", "");
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
