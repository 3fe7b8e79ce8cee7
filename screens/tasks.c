/* A long matter in parts: which are filled in, and a way into each. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 512 };

/* What stands behind the part's name; lives until the next call of
 * screen_text_with. */
static const char *state_words(const struct screen *screen,
                               const struct view *view, const struct task *task)
{
    switch (task->state) {
    case TASK_EMPTY:
        break;
    case TASK_PART:
        return T(view, "partly filled in");
    case TASK_DONE:
        return T(view, "filled in");
    case TASK_WAITS:
        return screen_text_with(
            screen, T(view, "first fill in: {part}"), "part",
            words_in(&task->waits_for->section, view_language(view)));
    case TASK_NOT_NEEDED:
        return T(view, "nothing to fill in");
    }
    return T(view, "not filled in");
}

static void add_minutes(const struct screen *screen, struct view *view,
                        struct element *choice, int count)
{
    char minutes[16];

    snprintf(minutes, sizeof minutes, "%d", count);
    view_set_note(view, choice,
                  screen_text_with(screen,
                                   TN(view, "about {minutes} minute",
                                      "about {minutes} minutes", count),
                                   "minutes", minutes));
}

/* The state is in the words themselves, for a note may leave a small window; but
 * why one cannot be entered stands there always. */
static void add_task(const struct screen *screen, struct view *view, size_t n)
{
    const struct task task = screen_task(screen, n);
    bool is_off = task.state == TASK_WAITS || task.state == TASK_NOT_NEEDED;
    const char *name = words_in(&task.head->section, view_language(view));
    char id[32], key[16], state[TEXT_BYTES];
    const char *text = name;

    snprintf(id, sizeof id, "task.%zu", n + 1);
    snprintf(key, sizeof key, "%zu", n + 1);
    snprintf(state, sizeof state, "%s", state_words(screen, view, &task));
    if (!is_off) {
        text = screen_text_with(screen, T(view, "{part}: {state}"), "state",
                                state);
        text = screen_text_with(screen, text, "part", name);
    }
    struct element *choice = view_choice(view, id, is_off ? "" : key, text);
    choice->is_off = is_off;
    if (is_off)
        view_set_note(view, choice, state);
    else if (task.head->section_minutes > 0)
        add_minutes(screen, view, choice, task.head->section_minutes);
}

static void tasks_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    size_t count = screen_task_count(screen), done = 0;

    for (size_t i = 0; i < count; i++) {
        enum task_state state = screen_task(screen, i).state;
        done += state == TASK_DONE || state == TASK_NOT_NEEDED;
    }
    view_heading(view, "ask",
                 step->ask.in[0] ? screen_words(screen, &step->ask)
                                 : T(view, "What has to be filled in"));
    if (step->hint.in[0])
        view_text(view, "hint", screen_words(screen, &step->hint));
    view_text(view, "tasks.how",
              done == count
                  ? T(view, "All is filled in. Go on with # and check it.")
                  : T(view, "Fill in one after the other; what you filled in "
                            "stays."));
    for (size_t i = 0; i < count; i++)
        add_task(screen, view, i);
    view_footer(view, "footer.back", "*", T(view, "Back"));
    if (done == count)
        view_footer(view, "footer.go", "#", T(view, "Go on"));
}

static void tasks_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strncmp(event->choice, "task.", 5) == 0)
        screen_enter_task(screen,
                          (size_t)strtol(event->choice + 5, NULL, 10) - 1);
    else if (strcmp(event->choice, "footer.go") == 0)
        screen_next(screen);
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_back(screen);
}

const struct screen_kind tasks_screen = {
    .name = "tasks",
    .stage = STAGE_FILL,
    .is_step = true,
    .describe = tasks_describe,
    .event = tasks_event,
};
