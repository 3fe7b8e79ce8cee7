/* What the authority has to know before it can certify: one question, as it
 * words it. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { ONE_DIGIT = 9 };

static void option_row(void *owner, size_t at, const char **ret_value,
                       const char **ret_text)
{
    const struct screen *screen = owner;
    office_option(screen_office(screen), at, screen_session(screen)->language,
                  ret_value, ret_text);
}

static void add_option(const struct screen *screen, struct view *view,
                       size_t at, const char *chosen)
{
    const char *value, *text;
    char id[64], key[8];

    office_option(screen_office(screen), at, view_language(view), &value,
                  &text);
    snprintf(id, sizeof id, "option.%s", value);
    snprintf(key, sizeof key, "%zu", at + 1);
    struct element *choice = view_choice(view, id, key, text);
    choice->is_chosen = chosen && strcmp(chosen, value) == 0;
}

static void question_describe(const struct screen *screen, struct view *view)
{
    const struct office *office = screen_office(screen);
    size_t count = office_option_count(office);
    const char *chosen = office_chosen_before(office, office_question(office));

    view_heading(view, "ask", office_ask(office, view_language(view)));
    if (count > ONE_DIGIT)
        view_text(view, "list.hint", T(view, "Press both digits of a number."));
    if (count > ONE_DIGIT)
        view_list(view, "option", count, chosen, option_row, (void *)screen);
    for (size_t i = 0; count <= ONE_DIGIT && i < count; i++)
        add_option(screen, view, i, chosen);
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (chosen)
        view_footer(view, "footer.go", "#", T(view, "Go on"));
}

static void choose(struct screen *screen, const char *value)
{
    struct office *office = screen_office(screen);

    office_choose(office, office_question(office), value);
    screen_go(screen, "certificate", "");
}

static void question_event(struct screen *screen,
                           const struct screen_event *event)
{
    struct office *office = screen_office(screen);
    const char *before = office_chosen_before(office, office_question(office));

    if (event->kind != SCREEN_CHOICE)
        return;
    if (strncmp(event->choice, "option.", 7) == 0)
        choose(screen, event->choice + 7);
    else if (strcmp(event->choice, "option") == 0)
        choose(screen, event->value);
    else if (strcmp(event->choice, "footer.go") == 0 && before)
        choose(screen, before);
    else if (strcmp(event->choice, "footer.back") != 0)
        return;
    else if (office_unchoose(office))
        screen_go(screen, "certificate", "");
    else
        screen_leave(screen);
}

const struct screen_kind question_screen = {
    .name = "question",
    .word = "choice",
    .stage = STAGE_FILL,
    .describe = question_describe,
    .event = question_event,
};
