#include "screens/lines.h"

#include <stdio.h>

void lines_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    enum language language = view_language(view);
    char id[96];

    for (size_t i = 0; i < step->line_count; i++) {
        const struct line *line = &step->lines[i];
        if (!screen_holds(screen, line->when))
            continue;
        snprintf(id, sizeof id, "line.%s", line->id);
        view_fact(view, id, words_in(&line->label, language),
                  screen_words(screen, &line->text));
    }
}

void lines_describe_case(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_case_step(screen);
    enum language language = view_language(view);
    char id[96];

    for (size_t i = 0; step && i < step->line_count; i++) {
        const struct line *line = &step->lines[i];
        if (!screen_case_holds(screen, line->when))
            continue;
        snprintf(id, sizeof id, "line.%s", line->id);
        view_fact(view, id, words_in(&line->label, language),
                  screen_case_words(screen, &line->text));
    }
}

void lines_describe_contacts(const struct screen *screen, struct view *view,
                             const struct item *item)
{
    view_fact(view, "case.ask", T(view, "To ask, correct or withdraw"),
              item ? words_in(&item->contact, view_language(view))
                   : screen_machine(screen, "phone"));
    view_fact(view, "case.complain", T(view, "To complain about the service"),
              T(view, "Call 12345"));
}
