/* What this machine holds about the person now, by kinds and masked; what it no
 * longer holds; how it is erased, and that at once on request. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { LIST_BYTES = 512 };

/* What a card has besides name and number; not shown here, not even masked. */
static const struct {
    const char *answer, *words;
} card_kinds[] = {
    { "card_english_name", N_("English name") },
    { "card_sex", N_("sex") },
    { "card_ethnic", N_("ethnic group") },
    { "card_nationality", N_("nationality") },
    { "card_birth", N_("date of birth") },
    { "card_address", N_("address") },
    { "card_permit_number", N_("permit number") },
    { "card_authority", N_("issuing authority") },
    { "card_valid_from", N_("valid from") },
    { "card_valid_to", N_("valid until") },
};

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

static void add_masked(const struct screen *screen, struct view *view,
                       const char *answer, const char *what, const char *label)
{
    const char *value = screen_answer(screen, answer);

    if (value)
        view_fact(view, answer, label, screen_masked(screen, what, value));
}

static void add_card(const struct screen *screen, struct view *view)
{
    char list[LIST_BYTES] = "";

    add_masked(screen, view, "card_name", "name", T(view, "Name"));
    add_masked(screen, view, "card_number", "number", T(view, "Number"));
    for (size_t i = 0; i < sizeof card_kinds / sizeof *card_kinds; i++)
        if (screen_answer(screen, card_kinds[i].answer))
            join(view, list, T(view, card_kinds[i].words));
    if (*list)
        view_fact(view, "held.card", T(view, "From the card, too"), list);
}

/* Enough to know it again, not enough for who looks over a shoulder. */
static const char *masked_answer(const struct screen *screen,
                                 const struct view *view,
                                 const struct step *step, const char *value)
{
    if (screen_is_later(screen, step->answer))
        return T(view, "to be given later");
    if (strcmp(step->screen, "field") != 0)
        return T(view, "chosen");
    if (step->type == FIELD_TYPE_MOBILE)
        return screen_masked(screen, "number", value);
    return T(view, "written");
}

static void add_answers(const struct screen *screen, struct view *view)
{
    const struct item *item = screen_session(screen)->item;
    char id[96];

    for (size_t i = 0; item && i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *value =
            step->answer ? screen_answer(screen, step->answer) : NULL;
        if (!value || !step->label.in[0] ||
            strncmp(step->answer, "card_", 5) == 0)
            continue;
        snprintf(id, sizeof id, "held.answer.%s", step->id);
        view_fact(view, id, words_in(&step->label, view_language(view)),
                  masked_answer(screen, view, step, value));
    }
    if (view_keeps_typed(view) || screen_answer(screen, "pending"))
        view_fact(view, "held.typed", T(view, "Not finished"),
                  T(view, "what is written in a field now"));
}

static void add_case(const struct screen *screen, struct view *view)
{
    const struct session_case *made = &screen_session(screen)->submitted;

    if (!made->receipt[0])
        return;
    view_fact(view, "held.receipt", T(view, "Receipt number"),
              screen_masked(screen, "number", made->receipt));
    view_text(view, "held.sealed",
              T(view, "What you sent is sealed for the office. It cannot be "
                      "read here any more, and it is erased here once "
                      "delivered."));
}

static bool holds_anything(const struct screen *screen, const struct view *view)
{
    const struct session *session = screen_session(screen);

    return answers_count(session->answers) > 0 || view_keeps_typed(view) ||
           session->submitted.receipt[0];
}

static void held_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "held.title",
                 T(view, "What this machine holds about you"));
    if (holds_anything(screen, view)) {
        add_card(screen, view);
        add_answers(screen, view);
        add_case(screen, view);
    } else {
        view_text(view, "held.nothing", T(view, "Nothing."));
    }
    view_text(view, "held.gone",
              T(view, "Nothing is held of the picture on your card, of what "
                      "your matter does not need, or of anybody before you."));
    view_text(view, "held.until",
              screen_text_with(
                  screen,
                  T(view, "All of it is erased when you end, when nobody "
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
