/* For who writes an item and previews it: F2, what the check found; F3, all its
 * pages, to go to one of them. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

/* ---- F2 ----------------------------------------------------------------- */

static void findings_describe(const struct screen *screen, struct view *view)
{
    size_t count = screen_finding_count(screen);
    char id[32];

    view_heading(view, "findings.title", T(view, "What the check found"));
    if (screen_is_old_version(screen))
        view_notice(view, "findings.old", TONE_WARN,
                    T(view, "The file has an error: what you see is its last "
                            "good version."));
    if (count == 0)
        view_text(view, "findings.none", T(view, "The check found nothing."));
    for (size_t i = 0; i < count; i++) {
        snprintf(id, sizeof id, "finding.%zu", i + 1);
        view_text(view, id, screen_finding(screen, i));
    }
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void findings_event(struct screen *screen,
                           const struct screen_event *event)
{
    if (event->kind == SCREEN_CHOICE &&
        strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind findings_screen = {
    .name = "findings",
    .describe = findings_describe,
    .event = findings_event,
};

/* ---- F3 ----------------------------------------------------------------- */

enum { ENTRIES_LISTED = 2, NAME_BYTES = 128 };

struct item_pages_state {
    bool is_without_way;   /* nothing leads to the page chosen last */
    char name[NAME_BYTES]; /* of the page that is being described */
};

static const struct item *shown(const struct screen *screen)
{
    return pack_item(screen_pack(screen), 0);
}

/* A page of the list: a step's own, or the stop with which it ends there. */
struct listed {
    const struct step *step;
    const struct stop *stop; /* NULL: the step's own page */
};

/* What is computed has no page; further entries of a group have the same. */
static size_t count_of(const struct step *step)
{
    if (step->value || step->entry > ENTRIES_LISTED)
        return 0;
    return 1 + (step->entry < ENTRIES_LISTED ? step->stop_count : 0);
}

static size_t count_listed(const struct item *item)
{
    size_t count = 0;

    for (size_t i = 0; i < item->step_count; i++)
        count += count_of(&item->steps[i]);
    return count;
}

static struct listed listed_at(const struct item *item, size_t at)
{
    const struct step *step = item->steps;

    for (; at >= count_of(step); step++)
        at -= count_of(step);
    return (struct listed){ step, at > 0 ? &step->stops[at - 1] : NULL };
}

/* "place", "place/not_here": as the file names them. */
static void name_listed(const struct listed *listed, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%.60s%s%.60s", listed->step->id,
             listed->stop ? "/" : "", listed->stop ? listed->stop->id : "");
}

static void page_row(void *owner, size_t at, const char **ret_value,
                     const char **ret_text)
{
    struct screen *screen = owner;
    struct item_pages_state *state = screen_state(screen);
    struct listed listed = listed_at(shown(screen), at);
    enum language language = screen_session(screen)->language;
    const struct words *says = listed.stop           ? &listed.stop->reason
                               : listed.step->person ? &listed.step->role
                                                     : &listed.step->ask;
    char row[NAME_BYTES + 8];

    name_listed(&listed, state->name);
    *ret_value = *ret_text = state->name;
    if (!says->in[language])
        return;
    /* The file's own name of it, and what it asks. */
    snprintf(row, sizeof row, "%s  {ask}", state->name);
    *ret_text = screen_text_with(screen, row, "ask", words_in(says, language));
}

static bool goes_to(struct screen *screen, const char *name)
{
    struct item_pages_state *state = screen_state(screen);
    const struct item *item = shown(screen);
    size_t count = count_listed(item);

    for (size_t i = 0; i < count; i++) {
        struct listed listed = listed_at(item, i);
        name_listed(&listed, state->name);
        if (strcmp(state->name, name) == 0)
            return screen_preview_jump(screen, listed.step, listed.stop);
    }
    return false;
}

static void item_pages_describe(const struct screen *screen, struct view *view)
{
    const struct item_pages_state *state = screen_state(screen);
    const struct step *step = screen_step(screen);

    view_heading(view, "pages.title", T(view, "To which page?"));
    if (state->is_without_way)
        view_notice(view, "pages.none", TONE_WARN,
                    T(view, "No answers were found that lead to this page."));
    view_list(view, "page", count_listed(shown(screen)), step ? step->id : NULL,
              page_row, (void *)screen);
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void item_pages_event(struct screen *screen,
                             const struct screen_event *event)
{
    struct item_pages_state *state = screen_state(screen);

    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "page") == 0) {
        state->is_without_way = !goes_to(screen, event->value);
        if (state->is_without_way)
            screen_fresh(screen); /* it is said where the page begins */
    } else if (strcmp(event->choice, "footer.back") == 0) {
        screen_close(screen);
    }
}

const struct screen_kind item_pages_screen = {
    .name = "item-pages",
    .state_size = sizeof(struct item_pages_state),
    .describe = item_pages_describe,
    .event = item_pages_event,
};
