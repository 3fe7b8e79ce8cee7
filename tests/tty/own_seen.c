#include "tests/tty/own_going.h"

#include <string.h>

#include "kiosk/base/mem.h"

enum { SEEN_MOST = ITEM_STEPS_MAX };

struct seen {
    const struct step *steps[SEEN_MOST];
    size_t count;
};

static void see(struct seen *seen, const struct step *step)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->steps[i] == step)
            return;
    seen->steps[seen->count++] = step;
}

/* The steps of the report's pages, in the order in which they first came. */
static void read_seen(const struct going *going, struct seen *seen)
{
    const char *line = drive_reported(going->drive, going->mark);

    for (; *line; line += strcspn(line, "\n") + 1) {
        json_t *page = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        const char *id = json_string_value(json_object_get(page, "step"));
        const struct step *step = id ? item_step(going->test->item, id) : NULL;
        if (step)
            see(seen, step);
        json_decref(page);
        if (!line[strcspn(line, "\n")])
            break;
    }
}

void own_seen_compare(const struct going *going)
{
    struct seen *seen = mem_new(sizeof *seen);
    size_t expected = own_test_page_count(going->test);

    read_seen(going, seen);
    for (size_t i = 0; going->test->is_exact && i < expected; i++) {
        const char *is = i < seen->count ? seen->steps[i]->id : "nothing";
        if (strcmp(is, own_test_page(going->test, i)) != 0)
            going_give_up(going, "%s came where %s is expected", is,
                          own_test_page(going->test, i));
    }
    if (going->test->is_exact && seen->count > expected)
        going_give_up(going, "%s came, too", seen->steps[expected]->id);
    mem_free(seen);
}
