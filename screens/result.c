/* What became of it: the state in its word, the numbers, what comes next. */
#include "kiosk/screen.h"
#include "screens/lines.h"

#include <string.h>

static bool can_print(const struct screen *screen)
{
    enum device_state state = screen_device(screen, DEVICE_PRINTER);
    return state == DEVICE_READY || state == DEVICE_STARTING;
}

/* The office took the case, but others had the place in time before. */
static void add_lost(struct view *view)
{
    view_heading(view, "result.state", T(view, "You have no appointment"));
    view_notice(view, "state.lost", TONE_WARN,
                T(view, "Your form has arrived, but others had taken the time "
                        "before. Please make another appointment."));
}

static void add_state(const struct screen *screen, struct view *view)
{
    const struct item *item = screen_item(screen);

    switch (screen_session(screen)->submitted.state) {
    case CASE_DELIVERED: {
        if (*screen_session(screen)->submitted.said) {
            add_lost(view);
            return;
        }
        view_heading(view, "result.state", T(view, "Delivered"));
        view_notice(
            view, "state.delivered", TONE_GOOD,
            screen_text_with(screen, T(view, screen_arrival(screen)->result),
                             "unit", screen_words(screen, &item->unit)));
        return;
    }
    case CASE_CONFLICT:
        view_heading(view, "result.state", T(view, "Please ask the staff"));
        view_notice(view, "state.conflict", TONE_WARN,
                    screen_session(screen)->submitted.err == ERR_RULES
                        ? T(view,
                            "Your form is safe here, but an answer in it does "
                            "not fit the office's rules, so the office's "
                            "computer did not take it. Please keep the receipt "
                            "number and tell the staff.")
                        : T(view, "Your form is safe here, but the office's "
                                  "computer did not take it. Please keep the "
                                  "receipt number and tell the staff."));
        return;
    case CASE_NONE:
    case CASE_STORING:
    case CASE_SAVED:
    case CASE_NOT_STORED:
        view_heading(view, "result.state", T(view, "Safe here"));
        view_notice(
            view, "state.saved", TONE_WARN,
            screen_has_network(screen)
                ? T(view, "Safe here: the office has not answered yet; your "
                          "form is stored, encrypted, and not yet delivered. "
                          "It will be sent by itself; you need not fill it in "
                          "again.")
                : T(view, "Safe here: there is no connection; your form is "
                          "stored, encrypted, and not yet delivered. It will "
                          "be sent by itself; you need not fill it in "
                          "again."));
        return;
    }
}

static void add_trouble(const struct screen *screen, struct view *view)
{
    enum err why = screen_device_why(screen, DEVICE_PRINTER);

    view_notice(view, "printer.away", TONE_WARN,
                T(view, "This machine cannot print now."));
    if (screen_device(screen, DEVICE_PRINTER) == DEVICE_BLOCKED)
        view_text(view, "printer.why", T(view, err_text(why)));
}

static void add_paper(const struct screen *screen, struct view *view)
{
    if (can_print(screen)) {
        view_choice(view, "no-paper", "1", T(view, "No paper, thank you"));
        struct element *go =
            view_footer(view, "footer.go", "#", T(view, "Print the receipt"));
        view_set_short(view, go, T(view, "Print"));
        return;
    }
    if (screen_device(screen, DEVICE_PRINTER) != DEVICE_ABSENT) {
        const char *text =
            T(view, "This machine has no {paper} and cannot print now.");
        bool is_out =
            screen_device_why(screen, DEVICE_PRINTER) == ERR_PAPER_OUT;
        if (is_out)
            view_notice(view, "paper.none", TONE_WARN,
                        screen_text_with(screen, text, "paper",
                                         T(view, "receipt paper")));
        else
            add_trouble(screen, view);
    }
    view_text(view, "result.write",
              T(view, "Please write down the two numbers above, or take a "
                      "picture of them."));
    view_footer(view, "footer.go", "#", T(view, "Go on"));
}

/* What was not delivered has no receipt yet: its slip says less. */
static void add_meaning(const struct screen *screen, struct view *view)
{
    bool is_delivered =
        screen_session(screen)->submitted.state == CASE_DELIVERED;

    view_text(view, "receipt.meaning",
              is_delivered
                  ? T(view, screen_arrival(screen)->receipt)
                  : T(view, "This slip shows that your form is stored here, "
                            "not that it was delivered or accepted."));
}

/* What a small screen says instead, so that nobody looks for a code that is
 * nowhere. */
static const char *no_room_for_qr(const struct screen *screen,
                                  const struct view *view)
{
    const char *text =
        can_print(screen)
            ? T(view, "The QR code is on the slip. Receipt number: {number}.")
            : T(view, "This screen is too small for the QR code. Receipt "
                      "number: {number}.");
    return screen_text_with(screen, text, "number", screen_receipt(screen));
}

static void result_describe(const struct screen *screen, struct view *view)
{
    const struct session_case *made = &screen_session(screen)->submitted;
    const char *url;

    add_state(screen, view);
    view_fact_large(view, "receipt.number", T(view, "Receipt number"),
                    screen_receipt(screen));
    view_fact_large(view, "receipt.code", T(view, "Lookup code"),
                    made->lookup_code);
    if (can_print(screen))
        view_text(view, "result.paper",
                  T(view, "When you have read this, it can be printed as a "
                          "slip."));
    lines_describe_slip(screen, view, !*made->said);
    add_meaning(screen, view);
    add_paper(screen, view);
    url = screen_progress_url(screen);
    if (*url)
        view_qr(view, "qr",
                screen_is_demo(screen)
                    ? T(view, "Demonstration: a phone cannot open this QR "
                              "code.")
                    : T(view, "Scan to follow your matter. Details need the "
                              "lookup code."),
                no_room_for_qr(screen, view), url);
}

static void result_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "no-paper") == 0)
        screen_finish(screen);
    else if (strcmp(event->choice, "footer.go") != 0)
        return;
    else if (can_print(screen))
        screen_go(screen, "printing", "");
    else if (screen_device(screen, DEVICE_PRINTER) == DEVICE_ABSENT)
        screen_finish(screen);
    else /* the paper may have run out under the finger that meant to print */
        screen_go(screen, "paper", "failed");
}

const struct screen_kind result_screen = {
    .name = "result",
    .stage = STAGE_DONE,
    .is_step = true,
    .shows_receipt = true,
    .describe = result_describe,
    .event = result_event,
};
