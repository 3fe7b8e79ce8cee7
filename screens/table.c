/* Every screen kind; a new one is one line here and one file beside it. */
#include "kiosk/screen.h"

#define SCREENS(X)                                                             \
    X(attract)                                                                 \
    X(home)                                                                    \
    X(theme)                                                                   \
    X(find)                                                                    \
    X(guide)                                                                   \
    X(card)                                                                    \
    X(take_back)                                                               \
    X(without_card)                                                            \
    X(number)                                                                  \
    X(choice)                                                                  \
    X(choices)                                                                 \
    X(another)                                                                 \
    X(tasks)                                                                   \
    X(materials)                                                               \
    X(slot)                                                                    \
    X(field)                                                                   \
    X(check)                                                                   \
    X(shared)                                                                  \
    X(check_code)                                                              \
    X(check_ways)                                                              \
    X(payment)                                                                 \
    X(record)                                                                  \
    X(certificate)                                                             \
    X(question)                                                                \
    X(preview)                                                                 \
    X(issue)                                                                   \
    X(issued)                                                                  \
    X(cases)                                                                   \
    X(case)                                                                    \
    X(cancel)                                                                  \
    X(confirm)                                                                 \
    X(change)                                                                  \
    X(why)                                                                     \
    X(ways)                                                                    \
    X(review)                                                                  \
    X(declare)                                                                 \
    X(send)                                                                    \
    X(result)                                                                  \
    X(rating)                                                                  \
    X(closing)                                                                 \
    X(printing)                                                                \
    X(paper)                                                                   \
    X(bye)                                                                     \
    X(help)                                                                    \
    X(cover)                                                                   \
    X(away)                                                                    \
    X(held)                                                                    \
    X(staff)                                                                   \
    X(notice)                                                                  \
    X(stop)                                                                    \
    X(end)                                                                     \
    X(idle)                                                                    \
    X(door)                                                                    \
    X(service)                                                                 \
    X(staff_pin)                                                               \
    X(findings)                                                                \
    X(item_pages)                                                              \
    X(simulate)

#define X(name) extern const struct screen_kind name##_screen;
SCREENS(X)
#undef X

const struct screen_kind *const screen_table[] = {
#define X(name) &name##_screen,
    SCREENS(X)
#undef X
        NULL,
};
