/* Ending with answers that were not sent, or leaving them for another item, is
 * asked once.  The other item is what the page is about. */
#include "kiosk/screen.h"

#include <string.h>

static const struct item *other(const struct screen *screen)
{
    return pack_find(screen_pack(screen), screen_about(screen));
}

static void describe_end(struct view *view)
{
    view_heading(view, "end.title", T(view, "End now?"));
    view_notice(view, "end.confirm", TONE_WARN,
                T(view, "You have not sent this yet. If you end now, "
                        "everything you entered is erased."));
    view_choice(view, "end", "1", T(view, "End and erase"));
}

static void describe_change(const struct screen *screen, struct view *view,
                            const struct item *item)
{
    const char *text = T(view, "Erase it and begin: {title}");

    view_heading(view, "end.title", T(view, "Do something else?"));
    view_notice(view, "end.confirm", TONE_WARN,
                T(view, "You have not sent this yet. If you begin something "
                        "else, everything you entered is erased."));
    view_choice(view, "change", "1",
                screen_text_with(screen, text, "title",
                                 words_in(&item->title, view_language(view))));
}

static void end_describe(const struct screen *screen, struct view *view)
{
    const struct item *item = other(screen);

    if (item)
        describe_change(screen, view, item);
    else
        describe_end(view);
    view_choice(view, "stay", "2", T(view, "Go on filling in"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void end_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "end") == 0)
        screen_end(screen, "end");
    else if (strcmp(event->choice, "change") == 0)
        screen_begin_anew(screen, screen_about(screen));
    else if (strcmp(event->choice, "stay") == 0 && other(screen))
        screen_start_item(screen, screen_item(screen)->id);
    else
        screen_close(screen);
}

const struct screen_kind end_screen = {
    .name = "end",
    .word = "stop",
    .describe = end_describe,
    .event = end_event,
};
