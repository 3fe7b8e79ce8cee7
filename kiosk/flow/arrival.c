#include "kiosk/flow/arrival.h"

#include "kiosk/base/i18n.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/slot.h"

static const struct arrival to_accept = {
    "delivered",
    N_("It goes to {unit}, which decides whether to accept it. Sending does "
       "not mean that it was accepted."),
    N_("Delivered to {unit}, waiting to be accepted. The time limit starts on "
       "the day of acceptance."),
    N_("delivered, not yet accepted"),
    N_("This receipt shows that your application was received, not that it was "
       "accepted."),
};

static const struct arrival books = {
    "delivered-booked",
    N_("It goes to {unit}. Once it is delivered, the time is booked for you."),
    N_("Delivered to {unit}. The time is booked for you."),
    N_("delivered, the time is booked"),
    N_("This receipt shows that the time is booked for you, not that the "
       "matter is done."),
};

static const struct arrival settles = {
    "delivered-paid",
    N_("It goes to {unit}. Once it is delivered, what you paid for is "
       "settled."),
    N_("Delivered to {unit}. What you paid for is settled."),
    N_("delivered, paid and settled"),
    N_("This receipt shows that your payment was received. You need do nothing "
       "more."),
};

static bool is_done(const struct step *step, const struct answers *answers)
{
    return answers ? answers_get(answers, step->answer) != NULL : !step->when;
}

const struct arrival *arrival_of(const struct item *item,
                                 const struct answers *answers)
{
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (slot_is(step) && is_done(step, answers))
            return &books;
        if (payment_is_step(step) && is_done(step, answers) &&
            item->case_type == CASE_TYPE_IMMEDIATE)
            return &settles;
    }
    return &to_accept;
}
