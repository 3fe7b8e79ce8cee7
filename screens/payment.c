/* A fee is paid by a phone that scans the code; the page asks the office every
 * few seconds, and goes on by itself once the office says that it is paid.  That
 * it is paid nobody else says. */
#include "kiosk/screen.h"

#include <string.h>

enum { AGAIN_MS = 3000, IDLE_MS = 5 * 60 * 1000 };

struct payment_state {
    bool is_beginning; /* a code is asked for */
    bool is_asking;    /* how it stands */
    bool is_away;      /* the office did not answer the last time */
    bool is_other;     /* another amount is due by now */
};

static void begin(struct screen *screen, bool is_anew)
{
    struct payment_state *state = screen_state(screen);

    *state = (struct payment_state){ .is_beginning = true };
    screen_ask_payment(screen, is_anew);
}

static bool is_paid(const struct screen *screen)
{
    return screen_answer(screen, screen_step(screen)->answer) != NULL;
}

/* Who comes back to it is not asked to pay again. */
static void payment_open(struct screen *screen)
{
    if (!is_paid(screen))
        begin(screen, false);
}

/* ---- What stands there ----------------------------------------------------- */

static void add_ways(struct view *view)
{
    view_choice(view, "anew", "1", T(view, "Get a new code"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
}

static void describe_over(struct view *view, enum office_paid state)
{
    if (state == OFFICE_REFUNDING)
        view_notice(view, "payment.refunding", TONE_WARN,
                    T(view, "The money came too late for this code. It is "
                            "given back to you by itself."));
    else
        view_notice(view, "payment.expired", TONE_WARN,
                    T(view, "This code is too old. Do not pay by it any "
                            "more."));
    view_text(view, "stop.done", T(view, "Nothing is paid yet."));
    if (state == OFFICE_EXPIRED)
        view_text(view, "payment.just",
                  T(view, "If you have just paid, the money is not lost: it is "
                          "given back to you by itself."));
    add_ways(view);
}

static void add_code(const struct screen *screen, struct view *view,
                     const struct office_payment *payment)
{
    const struct payment_state *state = screen_state(screen);

    if (state->is_away)
        view_notice(view, "payment.away", TONE_WARN,
                    T(view, "The office does not answer now. If you have paid, "
                            "nothing is lost; this page asks again by "
                            "itself."));
    else
        view_text(view, "payment.wait",
                  T(view, "Scan the code with your phone and pay. This page "
                          "goes on by itself once the office has the money."));
    view_text(view, "payment.until",
              screen_text_with(
                  screen,
                  T(view, "Nothing is lost if you leave: you can pay with the "
                          "same code until {time}."),
                  "time", screen_moment(screen, payment->until_ms)));
    view_fact(view, "payment.url", T(view, "Address"), payment->qr);
    view_qr(view, "qr",
            screen_is_demo(screen)
                ? T(view, "Demonstration: a phone cannot open this QR code.")
                : T(view, "Scan this code to pay."),
            T(view, "This screen is too small for the QR code. Open the "
                    "address on your phone."),
            payment->qr);
}

/* No way leads further back: what was paid for can be changed no more. */
static void describe_paid(const struct screen *screen, struct view *view)
{
    view_heading(view, "ask", T(view, "It is paid"));
    view_fact(view, "payment.paid",
              words_in(&screen_step(screen)->what, view_language(view)),
              screen_answer_text(screen, screen_step(screen)));
    view_text(view, "payment.fixed",
              T(view, "It is paid for, so nothing of it can be changed any "
                      "more."));
    view_text(view, "payment.send",
              T(view, "It is not sent yet. Please go on and send it."));
    view_footer(view, "footer.go", "#", T(view, "Go on"));
}

static void payment_describe(const struct screen *screen, struct view *view)
{
    const struct payment_state *state = screen_state(screen);
    const struct office_payment *payment =
        office_payment(screen_office(screen));
    const struct step *step = screen_step(screen);

    if (is_paid(screen)) {
        describe_paid(screen, view);
        return;
    }
    view_footer(view, "footer.back", "*", T(view, "Back"));
    view_heading(view, "ask", screen_words(screen, &step->ask));
    view_fact_large(view, "payment.amount",
                    words_in(&step->what, view_language(view)),
                    screen_amount(screen));
    if (state->is_beginning) {
        view_progress(view, "payment.progress", T(view, "Asking the office"), 0,
                      1);
    } else if (state->is_other) {
        view_notice(view, "payment.other", TONE_WARN,
                    T(view, "Another amount is due by now. Please go back and "
                            "look again."));
        view_text(view, "stop.done", T(view, "Nothing is paid yet."));
    } else if (payment && (payment->state == OFFICE_EXPIRED ||
                           payment->state == OFFICE_REFUNDING)) {
        describe_over(view, payment->state);
    } else if (payment) {
        add_code(screen, view, payment);
    }
}

/* ---- What comes ------------------------------------------------------------ */

static void ask_paid(struct screen *screen)
{
    struct payment_state *state = screen_state(screen);

    state->is_asking = true;
    screen_ask_paid(screen);
}

static void begun(struct screen *screen, enum err err)
{
    struct payment_state *state = screen_state(screen);

    state->is_beginning = false;
    if (err == ERR_REFUSED &&
        strcmp(office_problem(screen_office(screen)), "amount") == 0)
        state->is_other = true;
    else if (err)
        screen_go(screen, "stop", "service-away");
    else
        ask_paid(screen);
}

static void said(struct screen *screen, enum err err)
{
    struct payment_state *state = screen_state(screen);
    const struct office_payment *payment =
        office_payment(screen_office(screen));

    state->is_asking = false;
    state->is_away = err != ERR_OK;
    if (!err && payment->state == OFFICE_PAID) {
        if (!screen_take_payment(screen))
            screen_next(screen);
    } else if (err || payment->state != OFFICE_REFUNDING) {
        screen_timer(screen, AGAIN_MS); /* by an old code one may pay, too */
    }
}

static void answered(struct screen *screen, enum err err)
{
    const struct payment_state *state = screen_state(screen);

    if (state->is_beginning)
        begun(screen, err);
    else if (state->is_asking)
        said(screen, err);
}

static void chosen(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "anew") == 0) {
        begin(screen, true);
    } else if (strcmp(choice, "footer.go") == 0) {
        screen_next(screen);
    } else if (strcmp(choice, "staff") == 0) {
        screen_over(screen, "staff", "");
    } else if (strcmp(choice, "footer.back") == 0) {
        screen_stop_asking(screen);
        screen_leave(screen);
    }
}

static void payment_event(struct screen *screen,
                          const struct screen_event *event)
{
    const struct payment_state *state = screen_state(screen);

    if (event->kind == SCREEN_OFFICE)
        answered(screen, event->err);
    else if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
    else if (event->kind == SCREEN_TIMER && !state->is_beginning &&
             !state->is_asking)
        ask_paid(screen);
}

const struct screen_kind payment_screen = {
    .name = "payment",
    .word = "payment",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct payment_state),
    .is_step = true,
    .idle_ms = IDLE_MS,
    .open = payment_open,
    .describe = payment_describe,
    .event = payment_event,
};
