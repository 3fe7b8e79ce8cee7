#include "screens/standing.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_BYTES = 4097 };

void standing_add_source(const struct screen *screen, struct view *view)
{
    bool is_card;
    const struct step *from = screen_taken_from(screen, &is_card);
    const char *record, *day;

    if (screen_taken_from_record(screen, &record, &day)) {
        const char *text = screen_text_with(
            screen, T(view, "From: {record}, {date}. Please check it."),
            "record", record);
        day = screen_record_day(screen, day);
        view_text(view, "from", screen_text_with(screen, text, "date", day));
    } else if (is_card && from)
        view_text(view, "from",
                  screen_text_with(
                      screen,
                      T(view, "From the ID card of {role}; please check it."),
                      "role", words_in(&from->role, view_language(view))));
    else if (is_card)
        view_text(view, "from", T(view, "From your ID card; please check it."));
    else if (from)
        view_text(view, "from",
                  screen_text_with(
                      screen,
                      T(view, "From your answer to {label}; please check it."),
                      "label", words_in(&from->label, view_language(view))));
    else
        return;
    view_set_spare(view, SPARE_LATE);
}

void standing_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    bool is_card;
    const char *record, *day;

    view_heading(view, "ask", screen_words(screen, &step->ask));
    view_fact_large(view, "standing",
                    words_in(&step->label, view_language(view)),
                    screen_value_text(screen, screen_standing(screen)));
    standing_add_source(screen, view);
    (void)screen_taken_from(screen, &is_card);
    bool is_of_office =
        is_card || screen_taken_from_record(screen, &record, &day);
    view_text(view, "fixed",
              is_of_office
                  ? T(view, "It cannot be changed here. If it is wrong, "
                            "press 0 and call the staff.")
                  : T(view, "It cannot be changed here. If it is wrong, "
                            "go back and change it there."));
    view_footer(view, "footer.back", "*", T(view, "Back"));
    struct element *go =
        view_footer(view, "footer.go", "#", T(view, "Right, go on"));
    view_set_short(view, go, TC(view, "short", "Right"));
}

static void answer(struct screen *screen, const char *value, enum source source)
{
    if (!screen_set_answer(screen, screen_step(screen)->answer, value, source))
        screen_next(screen);
}

const struct allowed *standing_take(struct screen *screen, const char *value,
                                    bool is_confirmed)
{
    char kept[VALUE_BYTES];
    struct asked_said said;

    /* Where it stands is used for words, too. */
    snprintf(kept, sizeof kept, "%s", value);
    enum source source = screen_source_of(screen, kept);
    if (!screen_would_say(screen, kept, &said) && !said.error) {
        /* Whoever left there what was known has just checked it. */
        if (said.count == 0 && (!is_confirmed || source != SOURCE_CITIZEN))
            answer(screen, kept, source);
        else if (!screen_set_answer(screen, "pending", kept, source))
            screen_over(screen, "confirm", "");
    }
    return said.error;
}

void standing_add_error(const struct screen *screen, struct view *view,
                        const struct allowed *error)
{
    char message[512];

    snprintf(message, sizeof message, "%s",
             screen_words(screen, &error->message));
    view_notice(view, "field.error", TONE_ERROR,
                screen_text_with(screen,
                                 T(view, "{message} Nothing is lost; please "
                                         "correct this one."),
                                 "message", message));
}

void standing_confirmed(struct screen *screen)
{
    const char *pending = screen_answer(screen, "pending");

    if (pending)
        answer(screen, pending, screen_source_of(screen, pending));
}

void standing_leave(struct screen *screen)
{
    screen_forget_typed(screen);
    answer(screen, "", SOURCE_LEFT);
}
