/* It does not go on here: what happened, why, what was and was not done, and
 * at most three ways on. */
#include "kiosk/screen.h"
#include "screens/stop.h"

#include <stdio.h>
#include <string.h>

enum { WAYS_BYTES = 1024 };

static const struct stop *find_own(const struct screen *screen)
{
    const struct step *step = screen_step(screen);
    for (size_t i = 0; step && i < step->stop_count; i++)
        if (strcmp(step->stops[i].id, screen_about(screen)) == 0)
            return &step->stops[i];
    return NULL;
}

/* What happened, with its own words filled in. */
static const char *happened(const struct screen *screen,
                            const struct view *view,
                            const struct common_stop *stop)
{
    const char *date = screen_answer(screen, "pending");
    const struct item *item = screen_session(screen)->item;
    const char *text = T(view, stop->happened);

    if (strcmp(stop->id, "card-expired") == 0)
        return screen_text_with(screen, text, "date",
                                screen_date(screen, date ? date : ""));
    if (strcmp(stop->id, "content-wrong") == 0 && item)
        return screen_text_with(screen, text, "contact",
                                screen_words(screen, &item->contact));
    if (strcmp(stop->id, "service-away") == 0 ||
        strcmp(stop->id, "issue-away") == 0)
        return screen_text_with(screen, text, "System",
                                item ? screen_words(screen, &item->unit)
                                     : T(view, "The office"));
    if (strcmp(stop->id, "paper-none") == 0)
        return screen_text_with(screen, text, "paper", T(view, "A4 paper"));
    return text;
}

static void describe_common(const struct screen *screen, struct view *view,
                            const struct common_stop *stop)
{
    enum err err = screen_session(screen)->submitted.err;
    bool is_told = strcmp(stop->id, "not-stored") == 0 && err;

    view_notice(view, stop->sentence_id, TONE_WARN,
                happened(screen, view, stop));
    view_text(view, "stop.why", T(view, is_told ? err_text(err) : stop->why));
    view_text(view, "stop.done", T(view, stop->done));
}

static void add_ways(struct view *view, const enum stop_way *ways, size_t most)
{
    char key[24];

    for (size_t i = 0; i < most && ways[i] != STOP_WAY_NONE; i++) {
        snprintf(key, sizeof key, "%zu", i + 1);
        view_choice(view, stop_way_id(ways[i]), key,
                    T(view, stop_way_words(ways[i])));
    }
}

/* Reasons and ways are whole sentences; where the page's own sentence ends with
 * them, their full stop goes. */
static size_t without_stop(const char *text)
{
    static const char *const stops[] = { "。", "." };
    size_t len = strlen(text);

    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        size_t stop = strlen(stops[i]);
        if (len >= stop && strcmp(text + len - stop, stops[i]) == 0)
            return len - stop;
    }
    return len;
}

/* One sentence after the other; the last one's full stop is the page's. */
static void add_way(const struct screen *screen, char *ways, size_t size,
                    const char *way, bool is_last)
{
    bool is_english = screen_session(screen)->language == LANGUAGE_EN;
    size_t len = strlen(ways);
    size_t words = without_stop(way);
    bool lacks_stop = !is_last && words == strlen(way);

    snprintf(ways + len, size - len, "%s%.*s%s",
             len > 0 && is_english ? " " : "",
             (int)(is_last ? words : strlen(way)), way,
             !lacks_stop  ? ""
             : is_english ? "."
                          : "。");
}

static void describe_own(const struct screen *screen, struct view *view,
                         const struct stop *stop)
{
    char ways[WAYS_BYTES] = "", reason[WAYS_BYTES];
    const char *text = T(view, "This cannot be done here. Reason: {reason}. "
                               "You can: {ways}.");
    const char *why = screen_words(screen, &stop->reason);

    snprintf(reason, sizeof reason, "%.*s", (int)without_stop(why), why);
    for (size_t i = 0; i < stop->way_count; i++)
        add_way(screen, ways, sizeof ways, screen_words(screen, &stop->ways[i]),
                i + 1 == stop->way_count);
    text = screen_text_with(screen, text, "reason", reason);
    text = screen_text_with(screen, text, "ways", ways);
    view_notice(view, "stop.here", TONE_WARN, text);
    view_text(view, "stop.done", screen_words(screen, &stop->done));
}

/* Three ways in all: those that the item's words tell, and keys for the rest.
 * Whoever else is to be found and the end stand in the footer. */
static size_t keys_of(const struct stop *own)
{
    size_t told = own ? own->way_count : 0;
    return told < STOP_WAYS_MAX ? STOP_WAYS_MAX - told : 1;
}

static void stop_describe(const struct screen *screen, struct view *view)
{
    static const enum stop_way elsewhere[STOP_WAYS_MAX] = { STOP_WAY_OTHER_ITEM,
                                                            STOP_WAY_STAFF,
                                                            STOP_WAY_END };
    const struct stop *own = find_own(screen);
    const struct common_stop *common =
        own ? NULL : common_stop_find(screen_about(screen));

    view_heading(view, "stop.title", T(view, "It does not go on here"));
    if (own)
        describe_own(screen, view, own);
    else if (common)
        describe_common(screen, view, common);
    add_ways(view, common ? common->ways : elsewhere, keys_of(own));
    if (!common || !common->is_end)
        view_footer(view, "footer.back", "*", T(view, "Back"));
}

/* The storage that took too long has said by now what became of the form. */
static void stored_after_all(struct screen *screen)
{
    const struct session_case *made = &screen_session(screen)->submitted;

    if (strcmp(screen_about(screen), "still-storing") != 0)
        return;
    if (made->state == CASE_NOT_STORED)
        screen_go(screen, "stop",
                  made->err == ERR_UNSURE ? "unsure" : "not-stored");
    else if (made->state != CASE_STORING)
        screen_next(screen);
}

static void stop_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_CASE)
        stored_after_all(screen);
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "other-item") == 0)
        screen_home(screen);
    else if (strcmp(event->choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(event->choice, "end") == 0)
        screen_ask_end(screen);
    else if (strcmp(event->choice, "again") == 0 ||
             strcmp(event->choice, "footer.back") == 0)
        screen_back(screen);
}

const struct screen_kind stop_screen = {
    .name = "stop",
    .stage = STAGE_OF_STEP,
    .describe = stop_describe,
    .event = stop_event,
};
