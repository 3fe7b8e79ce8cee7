/* Ending with answers that were not sent, leaving them for another item, or
 * ending before the receipt was printed, is asked once.  The page is about the
 * other item, or "unprinted". */
#include "kiosk/screen.h"

#include <string.h>

static const struct item *other(const struct screen *screen)
{
    return pack_find(screen_pack(screen), screen_about(screen));
}

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

    if (strcmp(screen_about(screen), "unprinted") == 0) {
        describe_unprinted(screen, view);
        return;
    }
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
