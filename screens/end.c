/* Ending with answers that were not sent, or before the receipt was printed, is
 * asked once. */
#include "kiosk/screen.h"

#include <string.h>

static void describe_unprinted(const struct screen *screen, struct view *view)
{
    view_heading(view, "end.title", T(view, "End now?"));
    view_notice(view, "end.unprinted", TONE_WARN,
                T(view, "The receipt is not printed yet. After the end this "
                        "machine no longer shows the receipt number and the "
                        "lookup code."));
    if (screen_device(screen, screen_printer(screen)) == DEVICE_READY)
        view_choice(view, "print", "1", T(view, "Print the receipt"));
    view_choice(view, "end", "2", T(view, "Do not print, end"));
    view_choice(view, "stay", "3", T(view, "Back to the receipt number"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void end_describe(const struct screen *screen, struct view *view)
{
    if (strcmp(screen_about(screen), "unprinted") == 0) {
        describe_unprinted(screen, view);
        return;
    }
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
    else if (strcmp(event->choice, "print") == 0)
        screen_go(screen, "printing", "");
    else
        screen_close(screen);
}

const struct screen_kind end_screen = {
    .name = "end",
    .word = "stop",
    .describe = end_describe,
    .event = end_event,
};
