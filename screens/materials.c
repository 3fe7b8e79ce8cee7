/* The papers of a matter, summed up: what is missing stops it here, all told at
 * once and printed on request; what may follow is promised by a day. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

enum { BY_BYTES = 256 };

enum list_state { LIST_NONE, LIST_PRINTING, LIST_PRINTED, LIST_NOT_PRINTED };

struct materials_state {
    enum list_state list;
    enum err err; /* of the printer */
};

/* state: what stands beside each; NULL: whether it is needed to begin. */
static void add_papers(const struct screen *screen, struct view *view,
                       const char *value, const char *state)
{
    const struct step *step;
    char id[64];

    for (size_t i = 0; (step = screen_paper(screen, value, i)); i++) {
        bool may_follow = step->material == MATERIAL_MAY_FOLLOW;
        const char *own =
            may_follow ? T(view, "may be brought later, after it was begun")
                       : T(view, "needed to begin");

        snprintf(id, sizeof id, "paper.%s", step->id);
        (void)view_fact(view, id, words_in(&step->label, view_language(view)),
                        state ? state : own);
    }
}

/* Somebody said of a paper that may follow that it never will. */
static bool gave_up(const struct screen *screen)
{
    const struct step *step;

    for (size_t i = 0; (step = screen_paper(screen, MATERIAL_MISSING, i)); i++)
        if (step->material == MATERIAL_MAY_FOLLOW)
            return true;
    return false;
}

/* ---- Something is missing ------------------------------------------------- */

static void add_list_state(const struct screen *screen, struct view *view)
{
    const struct materials_state *state = screen_state(screen);

    if (state->list == LIST_PRINTED)
        view_notice(view, "papers.list", TONE_GOOD,
                    T(view, "The list is printed. Please take it."));
    if (state->list != LIST_NOT_PRINTED)
        return;
    view_notice(view, "papers.list", TONE_WARN,
                T(view, "The list was not printed. Please write the papers "
                        "down, or take a picture."));
    view_text(view, "papers.list.why", T(view, err_text(state->err)));
}

/* Why the list cannot be printed now, or NULL. */
static const char *hindrance(const struct screen *screen)
{
    const struct materials_state *state = screen_state(screen);

    if (state->list == LIST_PRINTING)
        return N_("It is being printed.");
    if (screen_device(screen, DEVICE_PRINTER) != DEVICE_READY)
        return err_text(screen_device_why(screen, DEVICE_PRINTER));
    return NULL;
}

static void add_print(const struct screen *screen, struct view *view)
{
    const char *why = hindrance(screen);
    struct element *print =
        view_choice(view, "print", why ? "" : "1", T(view, "Print this list"));

    print->is_off = why != NULL;
    if (why)
        view_set_note(view, print, T(view, why));
}

static void describe_missing(const struct screen *screen, struct view *view)
{
    view_heading(view, "papers.title",
                 T(view, "Papers are missing: it cannot begin yet"));
    add_papers(screen, view, MATERIAL_MISSING, NULL);
    add_papers(screen, view, MATERIAL_FOLLOWS, NULL);
    view_text(view, "papers.nothing",
              T(view, "This is all that is missing. Nothing was sent; come "
                      "again with the papers."));
    if (gave_up(screen))
        view_text(view, "papers.later",
                  T(view, "If you can bring it later after all, go back and "
                          "say so."));
    add_list_state(screen, view);
    add_print(screen, view);
    view_choice(view, "other-item", "2", T(view, "Choose another matter"));
    view_choice(view, "staff", "3", T(view, "Call the staff"));
}

/* ---- All that is lacking may follow ---------------------------------------- */

static void describe_promise(const struct screen *screen, struct view *view)
{
    enum language language = view_language(view);
    char by[BY_BYTES];

    snprintf(by, sizeof by, "%s", screen_papers_by(screen));
    view_heading(view, "papers.title",
                 T(view, "Go on now, and bring these later?"));
    add_papers(screen, view, MATERIAL_FOLLOWS,
               screen_text_with(screen, T(view, "by {date} at the latest"),
                                "date", by));
    view_text(view, "papers.where",
              screen_text_with(
                  screen,
                  T(view, "Bring them to {unit}, that day included. Your "
                          "receipt says so, too."),
                  "unit", words_in(&screen_item(screen)->unit, language)));
    view_choice(view, "promise", "1", T(view, "I promise to bring them"));
    view_choice(view, "other-item", "2", T(view, "Not now: another matter"));
}

static void materials_describe(const struct screen *screen, struct view *view)
{
    const struct step *page = screen_step(screen);

    if (screen_paper(screen, MATERIAL_MISSING, 0))
        describe_missing(screen, view);
    else
        describe_promise(screen, view);
    if (page->hint.in[0])
        view_text(view, "hint", screen_words(screen, &page->hint));
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void chosen(struct screen *screen, const char *choice)
{
    struct materials_state *state = screen_state(screen);

    if (strcmp(choice, "promise") == 0) {
        if (!screen_promise_papers(screen))
            screen_next(screen);
    } else if (strcmp(choice, "print") == 0) {
        state->list = LIST_PRINTING;
        screen_print_papers(screen);
    } else if (strcmp(choice, "other-item") == 0) {
        screen_home(screen);
    } else if (strcmp(choice, "staff") == 0) {
        screen_over(screen, "staff", "");
    } else if (strcmp(choice, "footer.back") == 0) {
        screen_back(screen);
    }
}

static void materials_event(struct screen *screen,
                            const struct screen_event *event)
{
    struct materials_state *state = screen_state(screen);

    if (event->kind == SCREEN_PRINT_END) {
        state->list = event->err ? LIST_NOT_PRINTED : LIST_PRINTED;
        state->err = event->err;
    } else if (event->kind == SCREEN_CHOICE) {
        chosen(screen, event->choice);
    }
}

const struct screen_kind materials_screen = {
    .name = "materials",
    .stage = STAGE_FILL,
    .state_size = sizeof(struct materials_state),
    .is_step = true,
    .describe = materials_describe,
    .event = materials_event,
};
