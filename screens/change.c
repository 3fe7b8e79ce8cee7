/* Which later answers fall away when one is changed, before they do: keep the
 * one that stood, or change it.  By the names of the questions only. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

/* The answer of this page's step before the change, or NULL. */
static const char *before(const struct screen *screen)
{
    const struct step *step = screen_step(screen);

    return screen_answer(screen, step->answer)
               ? screen_answer_text(screen, step)
               : NULL;
}

static void add_falls(const struct screen *screen, struct view *view)
{
    const struct walk_falls *falls = screen_falls(screen);
    bool may_come_back = false;
    char id[96];

    for (size_t i = 0; i < falls->count; i++) {
        const struct walk_fall *fall = &falls->list[i];

        snprintf(id, sizeof id, "falls.%s", fall->step->id);
        const struct words *label =
            fall->step->person ? &fall->step->role : &fall->step->label;
        view_fact(view, id, words_in(label, view_language(view)),
                  fall->is_asked_again ? T(view, "to be answered again")
                                       : T(view, "not asked any more"));
        may_come_back = may_come_back || !fall->is_asked_again;
    }
    if (may_come_back)
        view_text(view, "change.again",
                  T(view, "Should such a question come up again later, please "
                          "answer it anew."));
}

static void describe_change(const struct screen *screen, struct view *view)
{
    const char *old = before(screen);

    view_heading(view, "change.title",
                 old ? T(view, "Change this answer?")
                     : T(view, "Answer it like this?"));
    if (old)
        view_fact(view, "change.old", T(view, "Answer so far"), old);
    view_fact(view, "change.new", T(view, "New answer"),
              screen_changed_text(screen));
    view_notice(view, "change.falls", TONE_WARN,
                T(view, "These answers would be erased:"));
    add_falls(screen, view);
    if (old)
        view_choice(view, "keep", "1", T(view, "No change, keep my answer"));
    else
        view_choice(view, "again", "1", T(view, "No, choose again"));
    view_choice(view, "change", "2", T(view, "Use the new answer"));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

/* Nobody changed an answer: the card is another one, or the office said
 * something else. */
static void describe_fallen(const struct screen *screen, struct view *view)
{
    view_heading(view, "change.title",
                 T(view, "Some answers do not fit any more"));
    view_notice(view, "change.falls", TONE_WARN,
                T(view, "These answers are erased when you go on:"));
    add_falls(screen, view);
    view_footer(view, "footer.back", "*", T(view, "Back"));
    view_footer(view, "footer.go", "#", T(view, "Go on"));
}

static void change_describe(const struct screen *screen, struct view *view)
{
    if (screen_changed_text(screen))
        describe_change(screen, view);
    else
        describe_fallen(screen, view);
}

static void change_event(struct screen *screen,
                         const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "change") == 0 ||
        strcmp(event->choice, "footer.go") == 0)
        screen_change_answer(screen);
    else if (strcmp(event->choice, "keep") == 0)
        screen_keep_answer(screen);
    else if (strcmp(event->choice, "again") == 0 ||
             strcmp(event->choice, "footer.back") == 0)
        screen_choose_again(screen);
}

const struct screen_kind change_screen = {
    .name = "change",
    .stage = STAGE_OF_STEP,
    .with_help = true,
    .describe = change_describe,
    .event = change_event,
};
