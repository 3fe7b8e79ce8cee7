/* The other ways of a page on which keys write: the way round its question,
 * help, the end. */
#include "kiosk/screen.h"

#include <string.h>

/* Text can be written otherwise than the page under this one does already. */
static void add_method(const struct screen *screen, struct view *view,
                       enum writing_method method)
{
    const struct step *step = screen_step(screen);
    struct writing_page page;

    if (!step || step->type != FIELD_TYPE_TEXT)
        return;
    screen_writing(screen, &page);
    if (page.method == method || (page.is_away && method != WRITING_LATIN))
        return;
    switch (method) {
    case WRITING_STROKES:
        view_choice(view, "strokes", "3", T(view, "Write by strokes"));
        break;
    case WRITING_PINYIN:
        view_choice(view, "pinyin", "5", T(view, "Write by pinyin"));
        break;
    case WRITING_LATIN:
        view_choice(view, "latin", "6", T(view, "Write letters and digits"));
        break;
    }
}

static void ways_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);

    view_heading(view, "ways.title", T(view, "Other ways"));
    if (step && step->way.in[0])
        view_choice(view, "way", "1", screen_words(screen, &step->way));
    else if (step && step->may_type)
        view_choice(view, "counter", "1",
                    T(view, "Do it at the counter instead"));
    else if (strcmp(screen_about(screen), "all") == 0)
        view_choice(view, "find.all", "1", T(view, "Show all matters"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
    add_method(screen, view, WRITING_STROKES);
    view_choice(view, "language", "4",
                view_language(view) == LANGUAGE_EN ? "中文" : "English");
    add_method(screen, view, WRITING_PINYIN);
    add_method(screen, view, WRITING_LATIN);
    if (screen_asks(screen))
        view_choice(view, "why", "7", T(view, "Why am I asked this?"));
    if (step && step->way.in[0] && step->answer && screen_may_leave(screen))
        view_choice(view, "leave", "8", T(view, "Leave it empty and go on"));
    view_choice(view, "end", "9", T(view, "End and erase"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void ways_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "way") == 0 ||
        strcmp(event->choice, "leave") == 0 ||
        strcmp(event->choice, "counter") == 0 ||
        strcmp(event->choice, "find.all") == 0 ||
        strcmp(event->choice, "strokes") == 0 ||
        strcmp(event->choice, "pinyin") == 0 ||
        strcmp(event->choice, "latin") == 0)
        screen_answer_under(screen, event->choice);
    else if (strcmp(event->choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(event->choice, "why") == 0)
        screen_instead(screen, "why", "");
    else if (strcmp(event->choice, "language") == 0)
        screen_switch_language(screen);
    else if (strcmp(event->choice, "end") == 0)
        screen_ask_end(screen);
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind ways_screen = {
    .name = "ways",
    .with_help = true,
    .describe = ways_describe,
    .event = ways_event,
};
