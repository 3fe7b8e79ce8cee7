/* The 0 page: a person to help, letters, contrast, language, cover, time, what
 * is held, the end.  Numbers of what this machine cannot do stay free. */
#include "kiosk/screen.h"

#include <string.h>

/* Named after what it leads to. */
static const char *large_words(const struct screen *screen,
                               const struct view *view)
{
    int level = screen_session(screen)->comfort.large;

    if (level >= screen_large_levels(screen))
        return T(view, "Normal letters");
    return level == 0 ? T(view, "Large letters") : T(view, "Larger still");
}

static void help_describe(const struct screen *screen, struct view *view)
{
    bool is_contrast = screen_session(screen)->comfort.is_contrast;

    view_heading(view, "help.title", T(view, "Help"));
    view_choice(view, "staff", "1", T(view, "Call the staff"));
    if (screen_large_levels(screen) > 0)
        view_choice(view, "large", "2", large_words(screen, view));
    view_choice(view, "contrast", "3",
                is_contrast ? T(view, "Normal colours")
                            : T(view, "High contrast"));
    view_choice(view, "language", "4",
                view_language(view) == LANGUAGE_EN ? "中文" : "English");
    view_choice(view, "cover", "6", T(view, "Cover the screen"));
    view_choice(view, "time", "7", T(view, "Give me more time"));
    view_choice(view, "held", "8", T(view, "What this machine holds about me"));
    view_choice(view, "end", "9", T(view, "End and erase"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (screen_asks(screen))
        view_set_short(view,
                       view_footer(view, "footer.go", "#",
                                   T(view, "Why am I asked this?")),
                       TC(view, "short", "Why asked?"));
}

static void help_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "staff") == 0) {
        screen_over(screen, "staff", "");
    } else if (strcmp(event->choice, "large") == 0) {
        screen_switch_large(screen);
        screen_close(screen);
    } else if (strcmp(event->choice, "contrast") == 0) {
        screen_switch_theme(screen);
        screen_close(screen);
    } else if (strcmp(event->choice, "language") == 0) {
        screen_switch_language(screen);
        screen_close(screen);
    } else if (strcmp(event->choice, "cover") == 0) {
        screen_instead(screen, "cover", "");
    } else if (strcmp(event->choice, "time") == 0) {
        screen_instead(screen, "away", "");
    } else if (strcmp(event->choice, "held") == 0) {
        screen_over(screen, "held", "");
    } else if (strcmp(event->choice, "end") == 0) {
        screen_ask_end(screen);
    } else if (strcmp(event->choice, "footer.back") == 0) {
        screen_close(screen);
    } else if (strcmp(event->choice, "footer.go") == 0) {
        screen_instead(screen, "why", "");
    }
}

const struct screen_kind help_screen = {
    .name = "help",
    .describe = help_describe,
    .event = help_event,
};
