/* What states of a case mean to whom it concerns: one table for the pages and
 * the slip. */
#include "kiosk/office.h"

#include <string.h>

static const struct {
    const char *name, *words, *next;
} states[] = {
    { "delivered", N_("delivered, not yet accepted"),
      N_("The office looks at it and says whether it is accepted. The time "
         "limit starts on that day.") },
    { "accepted", N_("accepted"),
      N_("The office deals with it. You need do nothing now.") },
    { "correction", N_("something must be added or corrected"),
      N_("Please ask the office below what must be added or corrected.") },
    { OFFICE_SLOT_LOST, N_("no appointment: others had that time"),
      N_("Please make another appointment. If the office says something else "
         "above, please do that, too.") },
    { "finished", N_("finished"), N_("It is done. You need do nothing more.") },
    { "withdrawn", N_("withdrawn"),
      N_("It is not pursued any more. If you still need it, apply again.") },
};
enum { STATE_COUNT = sizeof states / sizeof states[0] };

const char *office_state_words(const char *state)
{
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (strcmp(states[i].name, state) == 0)
            return states[i].words;
    return "";
}

const char *office_state_next(const char *state, bool has_text, bool is_booked)
{
    if (is_booked && strcmp(state, "accepted") == 0)
        return N_("Please be there at the time of your appointment.");
    if (has_text && strcmp(state, "correction") == 0)
        return N_("Please add or correct what the office says above, at the "
                  "place below.");
    if (has_text && strcmp(state, "finished") == 0)
        return N_("It is done. What the office says stands above.");
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (strcmp(states[i].name, state) == 0)
            return states[i].next;
    return "";
}
