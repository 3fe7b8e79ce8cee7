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

struct slip_lines {
    struct view *view;
    bool is_whole;
};

static void on_row(void *owner, const char *id, const char *label,
                   const char *text)
{
    const struct slip_lines *lines = owner;
    char line_id[96];

    if (!lines->is_whole && !walk_is_contact(id))
        return;
    snprintf(line_id, sizeof line_id, "line.%s", id);
    if (*label)
        view_fact(lines->view, line_id, label, text);
    else
        view_text(lines->view, line_id, text);
}

void lines_describe_slip(const struct screen *screen, struct view *view,
                         bool is_whole)
{
    struct slip_lines lines = { view, is_whole };
    const struct walk_slip slip = { on_row, &lines };

    screen_slip(screen, &slip);
}
