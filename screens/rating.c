/* 好差评: voluntary, in words, and "no" is as large as any answer.  A bad one
 * asks why, once. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rating_state {
    bool has_score;
    enum rating_score score;
};

static void describe_score(struct view *view)
{
    char id[32], key[8];

    view_heading(view, "rate.ask",
                 T(view, "Please rate this service. It is voluntary and does "
                         "not affect your matter."));
    for (int i = 0; i < RATING_COUNT; i++) {
        snprintf(id, sizeof id, "score.%d", i);
        snprintf(key, sizeof key, "%d", i + 1);
        view_choice(view, id, key,
                    T(view, rating_score_words((enum rating_score)i)));
    }
    view_choice(view, "no", "#", T(view, "No rating"));
}

static void describe_reason(const struct screen *screen, struct view *view)
{
    const struct rating_state *state = screen_state(screen);
    size_t count = rating_reason_count(state->score);
    const char *code, *words;
    char id[32], key[24];

    view_heading(view, "rate.why", T(view, "What was not good?"));
    for (size_t i = 0; i < count; i++) {
        rating_reason(state->score, i, &code, &words);
        snprintf(id, sizeof id, "reason.%s", code);
        snprintf(key, sizeof key, "%zu", i + 1);
        view_choice(view, id, key, T(view, words));
    }
    view_choice(view, "other", "9", T(view, "Something else"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void rating_describe(const struct screen *screen, struct view *view)
{
    const struct rating_state *state = screen_state(screen);

    if (state->has_score)
        describe_reason(screen, view);
    else
        describe_score(view);
}

static void score(struct screen *screen, const char *choice)
{
    struct rating_state *state = screen_state(screen);

    state->score = (enum rating_score)strtol(choice, NULL, 10);
    state->has_score = rating_asks_reason(state->score);
    if (state->has_score)
        screen_fresh(screen); /* a second press is no reason */
    else
        screen_rate(screen, state->score, "");
}

static void rating_event(struct screen *screen,
                         const struct screen_event *event)
{
    struct rating_state *state = screen_state(screen);

    if (event->kind != SCREEN_CHOICE)
        return;
    if (strncmp(event->choice, "score.", 6) == 0)
        score(screen, event->choice + 6);
    else if (strncmp(event->choice, "reason.", 7) == 0)
        screen_rate(screen, state->score, event->choice + 7);
    else if (strcmp(event->choice, "other") == 0)
        screen_rate(screen, state->score, "");
    else if (strcmp(event->choice, "no") == 0)
        screen_go(screen, "bye", "");
    else if (strcmp(event->choice, "footer.back") == 0) {
        state->has_score = false;
        screen_fresh(screen);
    }
}

const struct screen_kind rating_screen = {
    .name = "rating",
    .stage = STAGE_DONE,
    .state_size = sizeof(struct rating_state),
    .describe = rating_describe,
    .event = rating_event,
};
