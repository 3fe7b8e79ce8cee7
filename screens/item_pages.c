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

enum { ENTRIES_LISTED = 2 };

struct item_pages_state {
    bool is_without_way; /* nothing leads to the page chosen last */
};

static const struct item *shown(const struct screen *screen)
{
    return pack_item(screen_pack(screen), 0);
}

/* What is computed has no page; further entries of a group have the same. */
static bool is_listed(const struct step *step)
{
    return !step->value && step->entry <= ENTRIES_LISTED;
}

static size_t count_listed(const struct item *item)
{
    size_t count = 0;

    for (size_t i = 0; i < item->step_count; i++)
        count += is_listed(&item->steps[i]);
    return count;
}

static const struct step *listed_at(const struct item *item, size_t at)
{
    const struct step *step = item->steps;

    for (; !is_listed(step) || at > 0; step++)
        at -= is_listed(step);
    return step;
}

static void page_row(void *owner, size_t at, const char **ret_value,
                     const char **ret_text)
{
    const struct screen *screen = owner;
    const struct step *step = listed_at(shown(screen), at);
    enum language language = screen_session(screen)->language;
    const struct words *says = step->person ? &step->role : &step->ask;
    char name[96];

    *ret_value = *ret_text = step->id;
    if (!says->in[language])
        return;
    /* The file's own name of it, and what it asks. */
    snprintf(name, sizeof name, "%.60s  {ask}", step->id);
    *ret_text = screen_text_with(screen, name, "ask", words_in(says, language));
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
    if (strcmp(event->choice, "page") == 0)
        state->is_without_way = !screen_preview_jump(screen, event->value);
    else if (strcmp(event->choice, "footer.back") == 0)
        screen_close(screen);
}

const struct screen_kind item_pages_screen = {
    .name = "item-pages",
    .state_size = sizeof(struct item_pages_state),
    .describe = item_pages_describe,
    .event = item_pages_event,
};
