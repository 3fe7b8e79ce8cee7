/* What the page of a payment needs; the interface is explained in screen.h. */
#include "kiosk/app_state.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 256 };

void screen_ask_payment(struct screen *screen, bool is_anew)
{
    const struct step *step = screen_step(screen);
    const struct answers *answers = screen->app->session.answers;
    struct buf about;

    buf_init(&about, OFFICE_ABOUT_BYTES);
    payment_about(step, answers, &about);
    asking_payment(screen->app->asking, screen_item(screen)->id, about.text,
                   payment_fen(step, answers), is_anew);
    buf_done(&about);
}

void screen_ask_paid(struct screen *screen)
{
    const struct office_payment *payment =
        office_payment(screen_office(screen));

    if (payment &&
        screen->app->parts.is_demo) /* the demonstration's cashier goes by it */
        snprintf(screen->app->last_payment, sizeof screen->app->last_payment,
                 "%s", payment->token);
    asking_paid(screen->app->asking);
}

const char *screen_amount(const struct screen *screen)
{
    const struct item *item = screen_item(screen);
    const char *name = screen_step(screen)->amount;

    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, name) == 0)
            return screen_answer_text(screen, &item->steps[i]);
    return "";
}

enum err screen_take_payment(struct screen *screen)
{
    const struct office_payment *payment =
        office_payment(screen_office(screen));
    const struct step *step = screen_step(screen);
    struct buf line;

    buf_init(&line, LINE_BYTES);
    payment_line(step, screen->app->session.answers, payment->token,
                 payment->receipt, &line);
    enum err err =
        screen_set_answer(screen, step->answer, line.text, SOURCE_SHARED);
    buf_done(&line);
    return err;
}
