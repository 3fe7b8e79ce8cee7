/* Goodbye.  What was typed and sent is erased when this page opens; what the
 * card said stays until it ends, so that another item needs no card. */
#include "kiosk/screen.h"

#include <string.h>

struct bye_state {
    bool is_unsent;
    bool knows_person;
    bool knows_all; /* what any item wants of the card */
};

/* Items want different things of a card; what one read may be too little for
 * the next. */
static bool knows_all(const struct screen *screen)
{
    const struct pack *pack = screen_pack(screen);

    for (size_t i = 0; i < pack_count(pack); i++)
        if (!session_knows_card(screen_session(screen), pack_item(pack, i)))
            return false;
    return true;
}

static void bye_open(struct screen *screen)
{
    struct bye_state *state = screen_state(screen);
    const struct session *session = screen_session(screen);

    state->is_unsent = session_keeps_case(session);
    state->knows_person = session->assurance >= ASSURANCE_CARD;
    state->knows_all = state->knows_person && knows_all(screen);
    if (!state->knows_person)
        screen_forget_person(screen); /* a typed number is of no more use */
    screen_wipe_item(screen);
    screen_timer(screen, screen_limit_ms(screen, "bye"));
}

static void bye_describe(const struct screen *screen, struct view *view)
{
    const struct bye_state *state = screen_state(screen);

    view_heading(view, "bye.title", T(view, "Goodbye"));
    if (state->is_unsent)
        view_notice(view, "bye.unsent", TONE_GOOD,
                    T(view, "Finished. This session's data is erased; the "
                            "application still to be sent is stored "
                            "encrypted. Please take your card and papers."));
    else
        view_notice(view, "bye", TONE_GOOD,
                    T(view, "Finished. This session's data is erased. Please "
                            "take your card and papers."));
    view_choice(view, "again", "1", T(view, "Do something else"));
    if (state->knows_person)
        view_text(view, "bye.person",
                  state->knows_all
                      ? T(view, "Only what your card said is kept until this "
                                "page ends: if you go on now, the card is not "
                                "needed again.")
                      : T(view, "Only what your card said is kept until this "
                                "page ends: if you go on now, some matters "
                                "need the card once more."));
    view_footer(view, "footer.go", "#", T(view, "End"));
}

static void bye_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_TIMER)
        screen_end(screen, "done");
    if (event->kind == SCREEN_LANGUAGE)
        screen_timer(screen, screen_limit_ms(screen, "bye"));
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "again") == 0)
        screen_home(screen);
    else if (strcmp(event->choice, "footer.go") == 0)
        screen_end(screen, "done");
}

const struct screen_kind bye_screen = {
    .name = "bye",
    .state_size = sizeof(struct bye_state),
    .is_plain = true,
    .open = bye_open,
    .describe = bye_describe,
    .event = bye_event,
};
