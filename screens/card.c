/* Lay the card down: the notice, the asking, and what can be wrong with it. */
#include "screens/whose.h"

#include <string.h>

enum { AGAIN_MS = 500, HINT_MS = 8000 };

struct card_state {
    enum err retry; /* why the last try did not work, or ERR_OK */
    bool was_away;  /* the reader was, since */
    bool is_late;   /* nothing was found for a while */
};

static bool is_reader_there(const struct screen *screen)
{
    enum device_state state = screen_device(screen, DEVICE_CARD);
    return state == DEVICE_READY || state == DEVICE_STARTING;
}

/* A card that was read before is not found again until it was lifted, and no
 * reader tells that from an empty plate: after a while the person is asked to
 * look. */
static void look_for_card(struct screen *screen)
{
    screen_read_card(screen);
    screen_timer(screen, HINT_MS);
}

static void card_open(struct screen *screen)
{
    look_for_card(screen);
}

static void add_title(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);

    view_heading(
        view, step->person ? "card.whose" : "card.title",
        step->ask.in[0]
            ? screen_words(screen, &step->ask)
            : whose_words(screen, view, N_("Please lay down your ID card"),
                          N_("Please lay down the ID card of {role}")));
}

/* A card that cannot be used so has a page of its own words. */
static void describe_retry(const struct screen *screen, struct view *view,
                           enum err why)
{
    if (why == ERR_CARD_TWO) {
        view_heading(view, "card.title", T(view, "More than one card"));
        view_notice(
            view, "card.two", TONE_WARN,
            whose_words(
                screen, view,
                N_("There is more than one card on the reader. Take them "
                   "all off, then lay down only your ID card."),
                N_("There is more than one card on the reader. Take them "
                   "all off, then lay down only the ID card of {role}.")));
    } else if (why == ERR_CARD_UNKNOWN) {
        view_heading(view, "card.title", T(view, "Not an ID card"));
        view_notice(
            view, "card.unknown", TONE_WARN,
            whose_words(
                screen, view,
                N_("This is not an ID card, or its chip cannot be read. "
                   "Take it off and lay down your ID card."),
                N_("This is not an ID card, or its chip cannot be read. "
                   "Take it off and lay down the ID card of {role}.")));
    } else {
        add_title(screen, view);
        view_notice(view, "card.retry", TONE_WARN,
                    T(view, "The card could not be read. Remove its cover and "
                            "lay it flat again."));
    }
}

/* Who comes back to change it: nothing is lost by looking. */
static void add_known(const struct screen *screen, struct view *view)
{
    const char *name = screen_card_answer(screen, "name");
    const char *number = screen_card_answer(screen, "number");

    if (!screen_step(screen)->person || !number)
        return;
    view_text(view, "card.known",
              screen_text_with(screen,
                               T(view, "So far: {who}. To change it, lay down "
                                       "another card; to keep it, press *."),
                               "who",
                               screen_masked(screen, name ? "name" : "number",
                                             name ? name : number)));
}

static void describe_ask(const struct screen *screen, struct view *view)
{
    const struct card_state *state = screen_state(screen);

    add_title(screen, view);
    view_notice(
        view, "card.ask", TONE_PLAIN,
        whose_words(screen, view,
                    N_("Lay your ID card flat on the reader and keep it "
                       "still."),
                    N_("Lay the ID card of {role} flat on the reader and "
                       "keep it still.")));
    add_known(screen, view);
    if (screen_step(screen)->hint.in[0])
        view_text(view, "hint",
                  screen_words(screen, &screen_step(screen)->hint));
    if (state->is_late)
        view_notice(view, "card.left", TONE_WARN,
                    T(view, "If a card lies there already, take it off first; "
                            "if it is yours, lay it down again."));
}

/* Whose card it is has their own data read, and is told so here; for a child
 * whoever brings the card is told. */
static const char *other_notice(const struct screen *screen,
                                const struct view *view)
{
    static const char *const notices[2][2] = {
        { N_("For {role} to read: on behalf of {authority}, this machine reads "
             "from this card: {fields}, only for this matter. All is erased "
             "here when you have finished. Press 1 for the full notice; to "
             "decline, press * and use the counter."),
          N_("For {role} to read: on behalf of {authority}, this machine reads "
             "from this card: {fields}, only for this matter. They are erased "
             "here once delivered. Press 1 for the full notice; to decline, "
             "press * and use the counter.") },
        { N_("On behalf of {authority}, this machine reads from the card of "
             "{role}: {fields}, only for this matter. All is erased here when "
             "you have finished. Press 1 for the full notice; to decline, "
             "press * and use the counter."),
          N_("On behalf of {authority}, this machine reads from the card of "
             "{role}: {fields}, only for this matter. They are erased here "
             "once delivered. Press 1 for the full notice; to decline, press * "
             "and use the counter.") },
    };

    return whose_words(
        screen, view, "",
        notices[screen_step(screen)->takes_minors][screen_sends(screen)]);
}

/* Of a matter in which nothing is delivered, what is read and until when. */
static void add_notice(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    const char *text =
        step->person ? other_notice(screen, view)
        : screen_sends(screen)
            ? T(view, "On behalf of {authority}, this machine reads from your "
                      "card: {fields}, only for this matter. They are erased "
                      "here once delivered. Press 1 for the full notice; to "
                      "decline, press * and use the counter.")
            : T(view, "On behalf of {authority}, this machine reads from your "
                      "card: {fields}, only for this matter. All is erased "
                      "here when you have finished. Press 1 for the full "
                      "notice; to decline, press * and use the counter.");

    text = screen_text_with(
        screen, text, "authority",
        words_in(&screen_item(screen)->authority, view_language(view)));
    view_text(
        view, "notice.short",
        screen_text_with(screen, text, "fields", screen_card_fields(screen)));
}

static void card_describe(const struct screen *screen, struct view *view)
{
    const struct card_state *state = screen_state(screen);

    if (!is_reader_there(screen)) {
        view_heading(view, "card.title",
                     T(view, "The card reader does not work now"));
        view_notice(view, "card.away", TONE_WARN,
                    T(view, "Nothing was read and nothing is lost. When the "
                            "reader works again this page goes on by "
                            "itself."));
    } else if (state->retry) {
        describe_retry(screen, view, state->retry);
        add_notice(screen, view);
    } else {
        describe_ask(screen, view);
        add_notice(screen, view);
    }
    view_choice(view, "notice", "1", T(view, "Read the full notice"));
    view_choice(view, "without", "2",
                T(view, "No card here, or it cannot be read"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

/* A chip whose number has not even the form of one was not read right.  Its
 * check character is the office's to judge. */
static bool is_number_whole(const struct card *card)
{
    enum number_fault fault = id_number_check(card->number);
    return card->kind != CARD_RESIDENT || fault == NUMBER_OK ||
           fault == NUMBER_CHECK;
}

static void took_card(struct screen *screen, const struct card *card)
{
    const char *known = screen_card_answer(screen, "number");
    bool is_own = !screen_step(screen)->person;

    if (!is_number_whole(card)) {
        screen_go(screen, "stop", "card-unreadable");
        return;
    }
    /* Whatever is wrong with it: somebody else's changes nothing here. */
    if (is_own && known && strcmp(known, card->number) != 0) {
        screen_go(screen, "stop", "card-other");
        return;
    }
    if (screen_is_somebody(screen, card->number)) {
        screen_go(screen, "stop", "card-same");
        return;
    }
    if (card_is_expired(card, screen_wall_ms(screen))) {
        /* Of another person, an earlier card still stands. */
        if (is_own)
            screen_forget_person(screen);
        if (!screen_set_answer(screen, "pending", card->valid_to, SOURCE_CARD))
            screen_go(screen, "stop", "card-expired");
        return;
    }
    if (!screen_take_card(screen, card))
        screen_go(screen, "take-back", "");
}

static void card_chosen(struct screen *screen, const char *choice)
{
    if (strcmp(choice, "notice") == 0)
        screen_over(screen, "notice", "");
    else if (strcmp(choice, "without") == 0)
        screen_over(screen, "without-card", "");
    else if (strcmp(choice, "type") == 0)
        screen_go(screen, "number", "");
    else if (strcmp(choice, "other-item") == 0)
        screen_home(screen);
    else if (strcmp(choice, "counter") == 0)
        screen_go(screen, "stop", "counter");
    else if (strcmp(choice, "footer.back") == 0)
        screen_back(screen);
}

/* The reading ended without a card: a new one begins by itself. */
static void read_again(struct screen *screen)
{
    struct card_state *state = screen_state(screen);
    state->retry = ERR_CARD_MOVED;
    screen_timer(screen, AGAIN_MS);
}

/* A reader that is back is asked anew, and by itself. */
static void devices_changed(struct screen *screen)
{
    struct card_state *state = screen_state(screen);

    if (!is_reader_there(screen)) {
        state->was_away = true;
        return;
    }
    if (state->was_away)
        state->retry = ERR_OK;
    state->was_away = false;
    look_for_card(screen);
}

static void card_event(struct screen *screen, const struct screen_event *event)
{
    struct card_state *state = screen_state(screen);

    switch (event->kind) {
    case SCREEN_CHOICE:
        card_chosen(screen, event->choice);
        return;
    case SCREEN_CARD_RETRY:
        state->retry = event->err;
        screen_rest(screen); /* somebody is at the reader */
        return;
    case SCREEN_CARD:
        if (!event->err && event->card)
            took_card(screen, event->card);
        else if (event->err != ERR_CANCELLED && is_reader_there(screen))
            read_again(screen);
        return;
    case SCREEN_DEVICES:
        devices_changed(screen);
        return;
    case SCREEN_ENTERED:
    case SCREEN_CUT:
    case SCREEN_CASE:
    case SCREEN_PRINTED:
    case SCREEN_PRINT_END:
    case SCREEN_OFFICE:
    case SCREEN_LANGUAGE:
    case SCREEN_STAFF:
        return;
    case SCREEN_TIMER:
        state->is_late = !state->retry;
        if (is_reader_there(screen))
            look_for_card(screen);
        return;
    }
}

const struct screen_kind card_screen = {
    .name = "card",
    .stage = STAGE_PERSON,
    .state_size = sizeof(struct card_state),
    .is_step = true,
    .open = card_open,
    .describe = card_describe,
    .event = card_event,
};
