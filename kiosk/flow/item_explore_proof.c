/* What the item's own tests show of rules over what is written freely, of which
 * the walk tries one text only: that they do hold, and do not. */
#include "kiosk/flow/explorer.h"

#include <string.h>

/* The rule's name stands there, alone or among others. */
static bool has_name(const struct yaml *names, const char *name)
{
    for (size_t i = 0; names->kind == YAML_LIST && i < names->count; i++)
        if (names->items[i]->text && strcmp(names->items[i]->text, name) == 0)
            return true;
    return names->kind == YAML_TEXT && strcmp(names->text, name) == 0;
}

/* The test writes something that this rule refuses or warns of. */
static bool is_broken_by(const struct yaml *test, const struct mark *mark)
{
    static const char *const keys[] = { "refused", "warned" };
    const struct allowed *allowed = mark->of;

    for (size_t key = 0; key < sizeof keys / sizeof *keys; key++) {
        const struct yaml *values =
            yaml_get(yaml_get(test, keys[key]), mark->step->answer);

        for (size_t i = 0; values && i < values->count; i++)
            if (has_name(values->items[i], allowed->id))
                return true;
    }
    return false;
}

static void heed_marks(struct explorer *explorer, const struct page *page,
                       const struct yaml *test, const struct answers *answers)
{
    for (size_t i = 0; i < page->mark_count; i++) {
        struct mark *mark = &explorer->marks[page->first_mark + i];
        bool is_there = mark->kind == MARK_STEP
                            ? walk_shows(mark->step, answers)
                            : walk_is_true(mark->when, answers);

        mark->was_there = mark->was_there || is_there;
        mark->was_not =
            mark->was_not || !is_there ||
            (mark->kind == MARK_ALLOWED && is_broken_by(test, mark));
    }
}

/* Of pages that do not come only that. */
static void heed_way(struct explorer *explorer, const struct yaml *test,
                     const struct answers *answers, const struct step *last)
{
    const struct item *item = explorer->item;

    for (const struct step *step = item->steps; step <= last; step++) {
        struct page page = explorer->pages[step - item->steps];

        if (!walk_shows(step, answers) && page.mark_count > 1)
            page.mark_count = 1; /* its own, which comes first */
        heed_marks(explorer, &page, test, answers);
    }
}

void explorer_heed_tests(struct explorer *explorer)
{
    const struct item *item = explorer->item;

    for (size_t i = 0; item->tests && i < item->tests->count; i++) {
        struct answers *answers = answers_new();
        const struct step *last = NULL;
        struct problems problems;
        int64_t wall_ms;

        problems_init(&problems);
        if (item_test_play(item, item->tests->items[i], &problems, answers,
                           &last, &wall_ms) &&
            last)
            heed_way(explorer, item->tests->items[i], answers, last);
        problems_done(&problems);
        answers_free(answers);
    }
}
