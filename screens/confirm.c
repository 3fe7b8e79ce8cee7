/* What was typed, grouped for reading: right, or change it. */
#include "screens/whose.h"

#include <string.h>

static void confirm_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    const char *pending = screen_answer(screen, "pending");
    bool is_number = strcmp(screen_about(screen), "number") == 0;
    const char *label = is_number || !step
                            ? T(view, "ID number")
                            : words_in(&step->label, view_language(view));

    if (is_number && step && step->person)
        label = whose_label(screen, view, step, label);

    view_heading(view, "confirm.ask", T(view, "Is this right?"));
    view_fact_large(view, "confirm.value", label,
                    screen_grouped(screen, pending ? pending : ""));
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
