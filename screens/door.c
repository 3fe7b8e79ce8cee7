/* The staff's door: reached from the attract page by * * # or F9, which nothing
 * there says. */
#include "screens/pin.h"

#include <string.h>

enum { DOOR_REST_S = 60 };

static void door_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "door.title", T(view, "Staff only"));
    pin_describe(screen, view);
}

static void door_event(struct screen *screen, const struct screen_event *event)
{
    if (pin_event(screen, event))
        screen_go(screen, "service", "");
    else if (event->kind == SCREEN_CHOICE &&
             strcmp(event->choice, "footer.back") == 0)
        screen_end(screen, "staff");
}

const struct screen_kind door_screen = {
    .name = "door",
    .state_size = sizeof(struct pin_state),
    .rest_s = DOOR_REST_S,
    .open = pin_open,
    .describe = door_describe,
    .event = door_event,
};
