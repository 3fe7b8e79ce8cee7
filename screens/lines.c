#include "screens/lines.h"

#include <stdio.h>

void lines_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    enum language language = view_language(view);
    char id[96];

    for (size_t i = 0; i < step->line_count; i++) {
        const struct line *line = &step->lines[i];
        if (!screen_shows_line(screen, line))
            continue;
        snprintf(id, sizeof id, "line.%s", line->id);
        view_fact(view, id, words_in(&line->label, language),
                  screen_words(screen, &line->text));
    }
}
