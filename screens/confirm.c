/* What was typed, grouped for reading: right, or change it. */
#include "screens/whose.h"

#include <stdio.h>
#include <string.h>

/* What the item says of it: doubts, and what is to be known. */
static void add_said(const struct screen *screen, struct view *view,
                     const struct asked_said *said)
{
    char id[64];

    for (size_t i = 0; i < said->count; i++) {
        snprintf(id, sizeof id, "said.%s", said->list[i]->id);
        view_notice(view, id, i < said->warnings ? TONE_WARN : TONE_PLAIN,
                    screen_words(screen, &said->list[i]->message));
    }
}

static void confirm_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    const char *pending = screen_answer(screen, "pending");
    bool is_number = strcmp(screen_about(screen), "number") == 0;
    struct asked_said said = { .count = 0 };
    const char *label = is_number || !step
                            ? T(view, "ID number")
                            : words_in(&step->label, view_language(view));

    if (is_number && step && step->person)
        label = whose_label(screen, view, step, label);
    if (!is_number && step && pending)
        screen_says(screen, pending, &said);

    view_heading(view, "confirm.ask",
                 said.warnings > 0 ? T(view, "Are you sure?")
                                   : T(view, "Is this right?"));
    view_fact_large(view, "confirm.value", label,
                    is_number || !step
                        ? screen_grouped(screen, pending ? pending : "")
                        : screen_value_text(screen, pending ? pending : ""));
    add_said(screen, view, &said);
    view_footer(view, "footer.back", "*", T(view, "Change"));
    struct element *go =
        view_footer(view, "footer.go", "#", T(view, "Right, go on"));
    view_set_short(view, go, TC(view, "short", "Right"));
}

static void confirm_event(struct screen *screen,
                          const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "footer.go") == 0)
        screen_answer_under(screen, "confirmed");
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_withdraw(screen); /* it stands in the field still */
}

const struct screen_kind confirm_screen = {
    .name = "confirm",
    .word = "field",
    .with_help = true,
    .describe = confirm_describe,
    .event = confirm_event,
};
