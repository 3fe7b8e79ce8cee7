/* What this machine holds about the person now, by kinds and masked; what it no
 * longer holds; how it is erased, and that at once on request. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { LIST_BYTES = 512, AMOUNT_BYTES = 24 };

static void join(const struct view *view, char *list, const char *words)
{
    size_t len = strlen(list);
    bool is_english = view_language(view) == LANGUAGE_EN;

    snprintf(list + len, LIST_BYTES - len, "%s%s",
             len == 0     ? ""
             : is_english ? ", "
                          : "、",
             words);
}

/* Its value, as much as is shown of it. */
static const char *value_of(const struct screen *screen,
                            const struct view *view, const struct held_row *row,
                            char amount[AMOUNT_BYTES])
{
    switch (row->as) {
    case HELD_WORDS:
        return T(view, row->value);
    case HELD_NAME:
        return screen_masked(screen, "name", row->value);
    case HELD_NUMBER:
        return screen_masked(screen, "number", row->value);
    case HELD_EMAIL:
        return screen_masked(screen, "email", row->value);
    case HELD_MASKED:
        return row->value;
    case HELD_AMOUNT:
        snprintf(amount, AMOUNT_BYTES, "%zu", row->amount);
        return amount;
    }
    return "";
}

static bool is_before(const struct held *held, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(held->rows[i].id, held->rows[at].id) == 0)
            return true;
    return false;
}

/* A row, and those of the same id after it. */
static void add_row(const struct screen *screen, struct view *view,
                    const struct held *held, size_t at)
{
    const struct held_row *row = &held->rows[at];
    char list[LIST_BYTES] = "", amount[AMOUNT_BYTES];

    if (is_before(held, at))
        return;
    for (size_t i = at; i < held->count; i++)
        if (strcmp(held->rows[i].id, row->id) == 0)
            join(view, list, value_of(screen, view, &held->rows[i], amount));
    view_fact(view, row->id,
              row->words ? words_in(row->words, view_language(view))
                         : T(view, row->label),
              list);
}

/* What stays here after the end: a case until it is delivered, then its header.
 */
static bool is_left(const struct screen *screen, bool *ret_is_sealed)
{
    const struct session *session = screen_session(screen);
    bool is_left = false;

    *ret_is_sealed = false;
    for (int i = 0; i < session->sent_count; i++) {
        const struct session_sent *sent = &session->sent[i];
        bool is_lost =
            sent->state == CASE_NOT_STORED && sent->err != ERR_UNSURE;
        is_left |= !is_lost;
        *ret_is_sealed |= !is_lost && sent->state != CASE_DELIVERED;
    }
    return is_left;
}

static void held_describe(const struct screen *screen, struct view *view)
{
    struct held held;
    bool is_sealed, stays = is_left(screen, &is_sealed);

    screen_held(screen, &held);
    view_heading(view, "held.title",
                 T(view, "What this machine holds about you"));
    for (size_t i = 0; i < held.count; i++)
        add_row(screen, view, &held, i);
    if (held.count == 0)
        view_text(view, "held.nothing", T(view, "Nothing."));
    if (is_sealed)
        view_text(view, "held.sealed",
                  T(view, "What you sent is sealed for the office. It cannot "
                          "be read here any more, and it is erased here once "
                          "delivered."));
    view_text(view, "held.gone",
              T(view, "Nothing is held of the picture on your card, of what "
                      "your matter does not need, or of anybody before you."));
    view_text(view, "held.until",
              screen_text_with(
                  screen,
                  stays
                      ? T(view, "All the rest is erased when you end, when "
                                "nobody presses a key for {time}, or here, "
                                "now.")
                      : T(view, "All of it is erased when you end, when nobody "
                                "presses a key for {time}, or here, now."),
                  "time", screen_idle_words(screen)));
    view_choice(view, "erase", "1", T(view, "Erase it now and end"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void held_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "erase") == 0)
        screen_end(screen, "end");
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind held_screen = {
    .name = "held",
    .describe = held_describe,
    .event = held_event,
};
