/* The full text of the notice: who reads the card, what for, how long. */
#include "kiosk/screen.h"

#include <string.h>

static void notice_describe(const struct screen *screen, struct view *view)
{
    const struct item *item = screen_item(screen);

    view_heading(view, "notice.title", T(view, "Notice on personal data"));
    view_text(view, "notice.full", screen_words(screen, &item->notice));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void notice_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE &&
        strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind notice_screen = {
    .name = "notice",
    .word = "guide",
    .with_help = true,
    .describe = notice_describe,
    .event = notice_event,
};
