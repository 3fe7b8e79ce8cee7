/* The parts of a long matter in an item's file: where they may begin, and that
 * each asks something. */
#include "kiosk/flow/item_load.h"
#include "kiosk/flow/tasks.h"

#include <string.h>

struct parts {
    const struct yaml *page; /* of the tasks; NULL: not yet */
    const struct yaml *head; /* where the part now read begins; NULL: nowhere */
    int count;
    bool asks; /* it does, by now */
    bool has_ended;
};

static void end_part(struct loader *loader, struct parts *parts)
{
    if (parts->head && !parts->asks)
        item_complain(loader, parts->head,
                      "nothing is asked in this section: expected a choice or "
                      "a field");
    parts->head = NULL;
    parts->asks = false;
}

static void begin_part(struct loader *loader, const struct yaml *node,
                       struct parts *parts)
{
    end_part(loader, parts);
    parts->head = yaml_get(node, "section");
    if (++parts->count == TASKS_MAX + 1)
        item_complain(loader, parts->head,
                      "expected at most %d sections: each has a digit",
                      TASKS_MAX);
}

static void end_parts(struct loader *loader, struct parts *parts)
{
    if (parts->page && !parts->has_ended && parts->count < 2)
        item_complain(loader, parts->page,
                      "expected at least two sections after this page: give a "
                      "step of each a section");
    end_part(loader, parts);
    parts->has_ended = true;
}

/* One step after the page of tasks, before the review. */
static void check_step(struct loader *loader, const struct yaml *node,
                       unsigned bit, struct parts *parts)
{
    const unsigned outside =
        ON_GUIDE | ON_CARD | ON_CHECK | ON_SHARED | ON_CERTIFICATE | ON_CASES;

    if (bit == ON_TASKS)
        return; /* told elsewhere */
    if (yaml_get(node, "section"))
        begin_part(loader, node, parts);
    if (bit & outside)
        item_complain(loader, node,
                      "this page belongs to no section: expected it before "
                      "the page of tasks");
    else if (!parts->head)
        item_complain(loader, node,
                      "expected a section on the first step after the page of "
                      "tasks");
    parts->asks =
        parts->asks || (bit & (ON_CHOICE | ON_CHOICES | ON_FIELD | ON_SLOT));
}

void item_tasks_check(struct loader *loader, const struct yaml *steps)
{
    struct parts parts = { .count = 0 };

    for (size_t i = 0; i < steps->count; i++) {
        const struct yaml *node = steps->items[i];
        const char *screen = loader->item->steps[i].screen;
        unsigned bit = screen ? item_screen_bit(screen) : ON_OTHER;

        if (bit == ON_REVIEW)
            end_parts(loader, &parts);
        if (parts.page && !parts.has_ended)
            check_step(loader, node, bit, &parts);
        else if (yaml_get(node, "section"))
            item_complain(loader, yaml_get(node, "section"),
                          "sections stand between a step with screen: tasks "
                          "and the review");
        if (bit == ON_TASKS)
            parts.page = node;
    }
    if (parts.page && !parts.has_ended)
        item_complain(loader, parts.page,
                      "expected a step with screen: review after the sections");
}
