/* Ending with answers that were not sent is asked once. */
#include "kiosk/screen.h"

#include <string.h>

static void end_describe(const struct screen *screen, struct view *view)
{
    (void)screen;
    view_heading(view, "end.title", T(view, "End now?"));
    view_notice(view, "end.confirm", TONE_WARN,
                T(view, "You have not sent this yet. If you end now, "
                        "everything you entered is erased."));
    view_choice(view, "end", "1", T(view, "End and erase"));
    view_choice(view, "stay", "2", T(view, "Go on filling in"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void end_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "end") == 0)
        screen_end(screen, "end");
    else
        screen_close(screen);
}

const struct screen_kind end_screen = {
    .name = "end",
    .word = "stop",
    .describe = end_describe,
    .event = end_event,
};
