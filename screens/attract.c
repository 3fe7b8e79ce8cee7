/* The page between two citizens: what this machine does, and how to begin. */
#include "kiosk/screen.h"
#include "screens/themes.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_BYTES = 512 };

static enum language other_language(const struct view *view)
{
    return view_language(view) == LANGUAGE_EN ? LANGUAGE_ZH_CN : LANGUAGE_EN;
}

/* Titles of the items that can (or cannot) be done now, one after another. */
static void join_titles(const struct screen *screen, bool can, char *names,
                        size_t size)
{
    const struct pack *pack = screen_pack(screen);
    enum language language = screen_session(screen)->language;
    size_t len = 0;

    names[0] = '\0';
    for (size_t i = 0; i < pack_count(pack); i++) {
        const struct item *item = pack_item(pack, i);
        if ((screen_hinders(screen, item) == NULL) != can || len >= size)
            continue;
        len +=
            (size_t)snprintf(names + len, size - len, "%s%s",
                             len ? language == LANGUAGE_EN ? ", " : "、" : "",
                             words_in(&item->title, language));
    }
}

/* The same of the themes under which they stand. */
static void join_themes(const struct screen *screen, bool can, char *names,
                        size_t size)
{
    enum language language = screen_session(screen)->language;
    size_t len = 0;

    names[0] = '\0';
    for (int i = THEME_UNSAID + 1; i < THEME_COUNT; i++) {
        enum item_theme theme = (enum item_theme)i;
        if (themes_count(screen, theme) == 0 ||
            themes_has(screen, theme, true) != can || len >= size)
            continue;
        len +=
            (size_t)snprintf(names + len, size - len, "%s%s",
                             len ? language == LANGUAGE_EN ? ", " : "、" : "",
                             i18n_text(language, item_theme_words(theme)));
    }
}

static void join(const struct screen *screen, bool can, char *names,
                 size_t size)
{
    (pack_has_themes(screen_pack(screen)) ? join_themes : join_titles)(
        screen, can, names, size);
}

static void add_opening(const struct screen *screen, struct view *view)
{
    bool is_tomorrow = false;
    const char *time = screen_opens_at(screen, &is_tomorrow);

    view_text(view, "attract.opens",
              screen_text_with(screen,
                               is_tomorrow
                                   ? T(view, "It opens tomorrow at {time}.")
                                   : T(view, "It opens today at {time}."),
                               "time", time));
}

static void describe_closed(const struct screen *screen, struct view *view)
{
    view_notice(view, "machine.closed", TONE_WARN,
                T(view, "This machine is closed now."));
    add_opening(screen, view);
    view_fact(view, "attract.hours", T(view, "Service hours"),
              screen_machine(screen, "hours"));
    if (*screen_machine(screen, "after_hours"))
        view_fact(view, "attract.elsewhere", T(view, "Open now, nearest"),
                  screen_machine(screen, "after_hours"));
}

static const char *out_words(const struct screen *screen,
                             enum language language)
{
    const char *text = i18n_text(language, N_("Out of service since {time}. "
                                              "Please go to {place}, telephone "
                                              "{phone}."));
    text = screen_text_with(screen, text, "time", screen_out_since(screen));
    text = screen_text_with(screen, text, "place",
                            screen_machine_in(screen, "elsewhere", language));
    return screen_text_with(screen, text, "phone",
                            screen_machine(screen, "phone"));
}

/* Nobody has a language here yet: what matters most stands in both. */
static void describe_out(const struct screen *screen, struct view *view,
                         const char *why)
{
    enum language other = other_language(view);

    view_notice(view, "machine.out", TONE_WARN,
                out_words(screen, view_language(view)));
    view_text(view, "machine.why", T(view, why));
    view_text(view, "machine.done",
              T(view, "What was being filled in here was erased, not sent. "
                      "What the screen called stored or delivered is not "
                      "lost."));
    view_text(view, "machine.out.other", out_words(screen, other));
}

static void describe_items(const struct screen *screen, struct view *view)
{
    char names[NAMES_BYTES];

    join(screen, true, names, sizeof names);
    view_fact(view, "attract.can", T(view, "Here you can do"), names);
    view_set_spare(view, SPARE_EARLY);
    join(screen, false, names, sizeof names);
    if (names[0])
        view_fact(view, "attract.cannot", T(view, "Not possible now"), names);
    view_fact(view, "attract.hours", T(view, "Service hours"),
              screen_machine(screen, "hours"));
    view_set_spare(view, SPARE_LATE);
}

static void describe_begin(struct view *view)
{
    static const char begin[] =
        N_("Touch the screen or press any key to begin.");
    enum language other = other_language(view);

    view_choice(view, "attract.begin", "#", T(view, begin));
    view_any_key(view, "attract.begin");
    view_text(view, "attract.begin.other", i18n_text(other, begin));
}

static void describe_help(const struct screen *screen, struct view *view)
{
    const char *text = T(view, "Not sure how? Ask at {desk}, telephone "
                               "{phone}.");
    text =
        screen_text_with(screen, text, "desk", screen_machine(screen, "desk"));
    text = screen_text_with(screen, text, "phone",
                            screen_machine(screen, "phone"));
    view_text(view, "attract.help", text);
    view_text(view, "attract.take",
              T(view, "Please take your card and your papers with you."));
    if (!screen_is_demo(screen))
        return;
    view_text(view, "attract.demo",
              T(view, "Demonstration. F12: devices. To leave: F10 "
                      "twice, or Ctrl-C three times."));
    view_set_spare(view, SPARE_EARLY);
}

static void attract_describe(const struct screen *screen, struct view *view)
{
    const char *why = screen_out_of_service(screen);

    view_knock(view, "attract.staff");
    view_heading(view, "attract.name",
                 T(view, "Self-service for government matters"));
    if (why) {
        describe_out(screen, view, why);
    } else if (screen_is_closed(screen)) {
        describe_closed(screen, view);
    } else {
        describe_begin(view);
        describe_items(screen, view);
    }
    describe_help(screen, view);
}

static void attract_event(struct screen *screen,
                          const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "attract.staff") == 0)
        screen_go(screen, "door", "");
    else
        screen_begin(screen);
}

const struct screen_kind attract_screen = {
    .name = "attract",
    .is_plain = true,
    .describe = attract_describe,
    .event = attract_event,
};
