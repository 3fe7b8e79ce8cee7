/* Why am I asked this: what it is needed for, the law, and which earlier answer
 * brought the question up. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

/* What of the card it was; what the card says stands nowhere here. */
static const char *card_words(const struct view *view, const char *name)
{
    if (strcmp(name, "card_kind") == 0)
        return T(view, "what kind of card it is");
    if (strcmp(name, "assurance") == 0)
        return T(view, "whether it was read, or its number typed");
    return T(view, "your age");
}

/* The same of another person. */
static const char *person_words(const struct view *view, const char *name)
{
    const char *field = strrchr(name, '_');

    return field && strcmp(field, "_kind") == 0
               ? T(view, "what kind of card it is")
               : T(view, "their age");
}

static void add_cause(const struct screen *screen, struct view *view,
                      const struct walk_cause *cause)
{
    char id[96];

    snprintf(id, sizeof id, "cause.%s", cause->name);
    if (cause->step && cause->step->person)
        view_fact(view, id, words_in(&cause->step->role, view_language(view)),
                  person_words(view, cause->name));
    else if (cause->step && shared_is_step(cause->step))
        view_fact(view, id, T(view, "Records of other offices"),
                  T(view, "what is on record of you, or that nothing is"));
    else if (cause->step && cause->step->label.in[0])
        view_fact(view, id, words_in(&cause->step->label, view_language(view)),
                  screen_answer_text(screen, cause->step));
    else if (cause->step) /* what the office answered */
        view_fact(view, id, T(view, "Confirmation"),
                  T(view, "how it was confirmed that it is you"));
    else
        view_fact(view, id, T(view, "Your ID card"),
                  card_words(view, cause->name));
}

static void add_causes(const struct screen *screen, struct view *view)
{
    struct walk_cause causes[WALK_CAUSES_MAX];
    size_t count = walk_causes(screen_item(screen), screen_step(screen),
                               screen_session(screen)->answers, causes);

    if (count == 0) {
        view_text(view, "why.everybody",
                  screen_step(screen)->when
                      ? T(view, "Whether this is asked depends on what was "
                                "answered before.")
                      : T(view, "Everybody who does this is asked this."));
        return;
    }
    view_text(view, "why.because",
              T(view, "Not everybody is asked this. You are, because of:"));
    for (size_t i = 0; i < count; i++)
        add_cause(screen, view, &causes[i]);
}

static void why_describe(const struct screen *screen, struct view *view)
{
    const struct step *step = screen_step(screen);
    const struct words *basis = walk_basis(step);

    view_heading(view, "why.title", T(view, "Why am I asked this?"));
    if (step->why.in[0])
        view_fact(view, "why.needed", T(view, "Purpose"),
                  screen_words(screen, &step->why));
    if (basis)
        view_fact(view, "why.basis", T(view, "Legal basis"),
                  screen_words(screen, basis));
    add_causes(screen, view);
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void why_event(struct screen *screen, const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE &&
        strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind why_screen = {
    .name = "why",
    .stage = STAGE_OF_STEP,
    .with_help = true,
    .describe = why_describe,
    .event = why_event,
};
