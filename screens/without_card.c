/* No card here, or it cannot be read: what else there is. */
#include "kiosk/screen.h"

#include <string.h>

static void without_card_describe(const struct screen *screen,
                                  struct view *view)
{
    const struct step *step = screen_step(screen);
    int number = 1;
    char key[2] = "1";

    view_heading(view, "without.title", T(view, "Without the card"));
    if (step && step->may_type) {
        view_choice(view, "type", key,
                    T(view, "Type the ID number; the card is checked at the "
                            "office"));
        key[0] = (char)('0' + ++number);
    }
    view_choice(view, "counter", key, T(view, "Do it at the counter instead"));
    key[0] = (char)('0' + ++number);
    view_choice(view, "other-item", key, T(view, "Do something else here"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void without_card_event(struct screen *screen,
                               const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
    else
        screen_answer_under(screen, event->choice);
}

const struct screen_kind without_card_screen = {
    .name = "without-card",
    .word = "ways",
    .with_help = true,
    .describe = without_card_describe,
    .event = without_card_event,
};
