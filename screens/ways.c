/* The other ways of a page on which keys write: the way round its question,
 * help, the end. */
#include "kiosk/screen.h"

#include <string.h>

static void ways_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);

    view_heading(view, "ways.title", T(view, "Other ways"));
    if (step && step->way.in[0])
        view_choice(view, "way", "1", screen_words(screen, &step->way));
    else if (step && step->may_type)
        view_choice(view, "counter", "1",
                    T(view, "Do it at the counter instead"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
    view_choice(view, "language", "4",
                view_language(view) == LANGUAGE_EN ? "中文" : "English");
    view_choice(view, "end", "9", T(view, "End and erase"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void ways_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "way") == 0 ||
        strcmp(event->choice, "counter") == 0)
        screen_answer_under(screen, event->choice);
    else if (strcmp(event->choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(event->choice, "language") == 0)
        screen_switch_language(screen);
    else if (strcmp(event->choice, "end") == 0)
        screen_ask_end(screen);
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind ways_screen = {
    .name = "ways",
    .describe = ways_describe,
    .event = ways_event,
};
