#include "screens/whose.h"

const char *whose_words(const struct screen *screen, const struct view *view,
                        const char *own, const char *other)
{
    const struct step *step = screen_step(screen);

    return step && step->person
               ? screen_text_with(screen, T(view, other), "role",
                                  words_in(&step->role, view_language(view)))
               : T(view, own);
}

const char *whose_label(const struct screen *screen, const struct view *view,
                        const struct step *step, const char *label)
{
    label =
        screen_text_with(screen, T(view, "{field} of {role}"), "field", label);
    return screen_text_with(screen, label, "role",
                            words_in(&step->role, view_language(view)));
}
