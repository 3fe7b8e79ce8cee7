/* It does not go on here: what happened, why, what was and was not done, and
 * at most three ways on. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { WAYS_BYTES = 1024 };

/* Stops that every item may meet; an item's own stand in its file. */
struct common_stop {
    const char *id;
    const char *sentence_id; /* the element that carries the reason */
    const char *reason;
    const char *done;
    bool may_try_again;
};

static const struct common_stop common_stops[] = {
    { "card-expired", "card.expired",
      N_("This card expired on {date} and cannot be used here. Please ask at "
         "the counter."),
      N_("Nothing was sent, and nothing of the card was kept."), false },
    { "card-other", "card.other",
      N_("This is not the same person's card. To protect privacy, please "
         "finish and start again."),
      N_("Nothing of this card was kept."), false },
    { "card-unreadable", "card.unreadable",
      N_("What this card says could not be taken in."),
      N_("Nothing was sent, and nothing of the card was kept."), true },
    { "service-away", "service.away",
      N_("{system} cannot be reached. Nothing was done and nothing was sent."),
      N_("What you entered is still here."), true },
    { "issue-away", "stop.issue-away", N_("{system} did not answer in time."),
      N_("Nothing was printed. If the certificate was made, trying again "
         "brings the same one, not a second."),
      true },
    { "certificate-broken", "stop.certificate-broken",
      N_("The certificate did not arrive whole, so it is not printed."),
      N_("Nothing was printed. Trying again brings the same certificate."),
      true },
    { "content-wrong", "stop.content-wrong",
      N_("What the office has on file is not right. This machine cannot change "
         "it; please ask {contact}."),
      N_("Nothing was printed."), true },
    { "counter", "stop.counter",
      N_("Without the card this is done at the counter. Please bring your "
         "original papers."),
      N_("Nothing was sent."), true },
    { "still-storing", "stop.still-storing",
      N_("Storing your form takes this machine too long."),
      N_("It is not sure that it was stored. If it was, it is sent by itself; "
         "please ask the staff before you fill it in again."),
      false },
    { "unsure", "stop.unsure",
      N_("This machine could not find out whether your form was stored."),
      N_("It is not sure that it was stored. If it was, it is sent by itself; "
         "please ask the staff before you fill it in again."),
      false },
    { "not-stored", "stop.not-stored",
      N_("This machine could not store your form safely."),
      N_("Nothing was sent and nothing was stored. Your answers are still "
         "here."),
      true },
};

static const struct common_stop *find_common(const char *id)
{
    for (size_t i = 0; i < sizeof common_stops / sizeof *common_stops; i++)
        if (strcmp(common_stops[i].id, id) == 0)
            return &common_stops[i];
    return NULL;
}

static const struct stop *find_own(const struct screen *screen)
{
    const struct step *step = screen_step(screen);
    for (size_t i = 0; step && i < step->stop_count; i++)
        if (strcmp(step->stops[i].id, screen_about(screen)) == 0)
            return &step->stops[i];
    return NULL;
}

static const char *fill_office(const struct screen *screen, const char *text,
                               const struct item *item)
{
    enum language language = screen_session(screen)->language;

    text = screen_text_with(screen, text, "system",
                            words_in(&item->unit, language));
    return screen_text_with(screen, text, "contact",
                            words_in(&item->contact, language));
}

static void describe_common(const struct screen *screen, struct view *view,
                            const struct common_stop *stop)
{
    const char *date = screen_answer(screen, "pending");
    enum err err = screen_session(screen)->submitted.err;
    const char *text = T(view, stop->reason);

    if (strcmp(stop->id, "card-expired") == 0)
        text = screen_text_with(screen, text, "date",
                                screen_date(screen, date ? date : ""));
    const struct item *item = screen_item(screen);
    if (item && strstr(text, "{"))
        text = fill_office(screen, text, item);
    view_notice(view, stop->sentence_id, TONE_WARN, text);
    if (strcmp(stop->id, "not-stored") == 0 && err)
        view_text(view, "stop.why", T(view, err_text(err)));
    view_text(view, "stop.done", T(view, stop->done));
}

/* Reasons and ways are whole sentences; inside another their full stop goes. */
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

static void add_way(const struct screen *screen, char *ways, size_t size,
                    const char *way)
{
    bool is_english = screen_session(screen)->language == LANGUAGE_EN;
    size_t len = strlen(ways);

    snprintf(ways + len, size - len, "%s%.*s",
             len == 0     ? ""
             : is_english ? "; "
                          : "；",
             (int)without_stop(way), way);
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
        add_way(screen, ways, sizeof ways,
                screen_words(screen, &stop->ways[i]));
    text = screen_text_with(screen, text, "reason", reason);
    text = screen_text_with(screen, text, "ways", ways);
    view_notice(view, "stop.here", TONE_WARN, text);
    view_text(view, "stop.done", screen_words(screen, &stop->done));
}

static bool may_try_again(const struct screen *screen)
{
    const struct common_stop *common = find_common(screen_about(screen));
    return common && common->may_try_again;
}

static void stop_describe(const struct screen *screen, struct view *view)
{
    const struct stop *own = find_own(screen);
    const struct common_stop *common = find_common(screen_about(screen));

    view_heading(view, "stop.title", T(view, "It does not go on here"));
    if (own)
        describe_own(screen, view, own);
    else if (common)
        describe_common(screen, view, common);
    view_choice(view, "other-item", "1", T(view, "Do something else here"));
    view_choice(view, "staff", "2", T(view, "Call the staff"));
    view_choice(view, "end", "3", T(view, "End and erase"));
    view_footer(view, "footer.back", "*",
                may_try_again(screen) ? T(view, "Try again") : T(view, "Back"));
}

static void stop_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "other-item") == 0)
        screen_home(screen);
    else if (strcmp(event->choice, "staff") == 0)
        screen_over(screen, "staff", "");
    else if (strcmp(event->choice, "end") == 0)
        screen_end(screen, "stop");
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_back(screen);
}

const struct screen_kind stop_screen = {
    .name = "stop",
    .stage = STAGE_OF_STEP,
    .describe = stop_describe,
    .event = stop_event,
};
