/* A staff member confirms on the spot, with their PIN, what the page under this
 * one asked about: that page then gets the choice "staff-ok". */
#include "screens/pin.h"

#include <string.h>

static void staff_pin_describe(const struct screen *screen, struct view *view)
{
    const struct pin_state *state = screen_state(screen);

    view_heading(view, "staff-pin.title",
                 T(view, "For the staff: confirm with your PIN"));
    if (!state->is_checking && !state->err) /* else there is more to read */
        view_text(view, "staff-pin.what",
                  T(view, "First compare the person with the card that they "
                          "show you."));
    pin_describe(screen, view);
}

static void staff_pin_event(struct screen *screen,
                            const struct screen_event *event)
{
    if (pin_event(screen, event)) {
        screen_answer_under(screen, "staff-ok");
    } else if (event->kind == SCREEN_CHOICE &&
               strcmp(event->choice, "footer.back") == 0) {
        screen_forget_typed(screen);
        screen_close(screen);
    }
}

const struct screen_kind staff_pin_screen = {
    .name = "staff-pin",
    .state_size = sizeof(struct pin_state),
    .open = pin_open,
    .describe = staff_pin_describe,
    .event = staff_pin_event,
};
