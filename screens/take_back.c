/* The card has been read: take it, and say that it is yours. */
#include "screens/whose.h"

#include <string.h>

enum { SHOW_MS = 10000 };

struct take_back_state {
    bool is_shown; /* in full, for ten seconds */
};

static void add_fact(const struct screen *screen, struct view *view,
                     const char *id, const char *label, const char *what)
{
    const struct take_back_state *state = screen_state(screen);
    const char *value = screen_card_answer(screen, what);
    if (!value)
        return;
    view_fact(view, id, label,
              state->is_shown ? value : screen_masked(screen, what, value));
}

static void take_back_describe(const struct screen *screen, struct view *view)
{
    const struct take_back_state *state = screen_state(screen);

    view_heading(view, "take-back.title",
                 whose_words(screen, view, N_("Please take your card"),
                             N_("Please take back the card of {role}")));
    view_notice(view, "card.done", TONE_GOOD,
                whose_words(screen, view,
                            N_("Your card has been read. Please take it back "
                               "now."),
                            N_("The card has been read. Please take it back "
                               "now.")));
    add_fact(screen, view, "card.name", T(view, "Name"), "name");
    add_fact(screen, view, "card.number", T(view, "Number"), "number");
    view_choice(view, "other", "1",
                whose_words(screen, view, N_("This is not my card"),
                            N_("This is not the card of {role}")));
    view_choice(view, "show", "2",
                state->is_shown ? T(view, "Hide")
                                : T(view, "Show for ten seconds"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    struct element *go =
        view_footer(view, "footer.go", "#",
                    whose_words(screen, view, N_("It is me, go on"),
                                N_("It is {role}, go on")));
    view_set_short(
        view, go, whose_words(screen, view, N_("It is me"), N_("It is right")));
}

/* Somebody may lay down another card; the same one says nothing new. */
static void take_back_open(struct screen *screen)
{
    screen_read_card(screen);
}

static void another_card(struct screen *screen, const struct card *card)
{
    const char *known = screen_card_answer(screen, "number");

    if (known && strcmp(known, card->number) != 0)
        screen_go(screen, "stop", "card-other");
    else
        screen_read_card(screen);
}

static void chosen(struct screen *screen, const char *choice)
{
    struct take_back_state *state = screen_state(screen);

    if (strcmp(choice, "footer.go") == 0) {
        screen_next(screen);
    } else if (strcmp(choice, "other") == 0 ||
               strcmp(choice, "footer.back") == 0) {
        screen_forget_person(screen);
        screen_back(screen);
    } else if (strcmp(choice, "show") == 0) {
        state->is_shown = !state->is_shown;
        screen_timer(screen, SHOW_MS);
    }
}

static void take_back_event(struct screen *screen,
                            const struct screen_event *event)
{
    struct take_back_state *state = screen_state(screen);

    if (event->kind == SCREEN_CHOICE)
        chosen(screen, event->choice);
    else if (event->kind == SCREEN_TIMER)
        state->is_shown = false;
    else if (event->kind == SCREEN_CARD && !event->err && event->card)
        another_card(screen, event->card);
    else if (event->kind == SCREEN_DEVICES)
        screen_read_card(screen); /* a reader that is back is asked anew */
}

const struct screen_kind take_back_screen = {
    .name = "take-back",
    .word = "take back",
    .stage = STAGE_PERSON,
    .state_size = sizeof(struct take_back_state),
    .open = take_back_open,
    .describe = take_back_describe,
    .event = take_back_event,
};
