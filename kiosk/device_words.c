/* The names of classes, states, actions and papers: in settings, journals and tests. */
#include "kiosk/device.h"

#include <assert.h>
#include <string.h>

const char *device_class_name(enum device_class class)
{
    static const char *const names[] = { "card", "printer" };

    _Static_assert(sizeof(names) / sizeof(names[0]) == DEVICE_CLASS_COUNT,
                   "every class has a name");
    assert(class < DEVICE_CLASS_COUNT);
    return names[class];
}

const char *device_state_name(enum device_state state)
{
    static const char *const names[] = { "absent",    "starting", "ready",
                                         "unplugged", "broken",   "blocked" };

    _Static_assert(sizeof(names) / sizeof(names[0]) == DEVICE_STATE_COUNT,
                   "every state has a name");
    assert(state < DEVICE_STATE_COUNT);
    return names[state];
}

const char *device_action_name(enum device_action action)
{
    static const char *const names[] = { "none", "wait", "clear", "maintenance",
                                         "configuration" };

    _Static_assert(sizeof(names) / sizeof(names[0]) == ACTION_COUNT,
                   "every action has a name");
    assert(action < ACTION_COUNT);
    return names[action];
}

const char *print_state_name(enum print_state state)
{
    static const char *const names[] = { "sent", "printing", "done", "failed",
                                         "unknown" };

    _Static_assert(sizeof(names) / sizeof(names[0]) == PRINT_COUNT,
                   "every state has a name");
    assert(state < PRINT_COUNT);
    return names[state];
}

static const char *const paper_names[] = { "58mm", "80mm", "A4" };
_Static_assert(sizeof(paper_names) / sizeof(paper_names[0]) == PAPER_COUNT,
               "every paper has a name");

const char *paper_name(enum paper paper)
{
    assert(paper < PAPER_COUNT);
    return paper_names[paper];
}

enum err paper_find(const char *name, enum paper *ret)
{
    for (int i = 0; i < PAPER_COUNT; i++) {
        if (strcmp(paper_names[i], name) == 0) {
            *ret = (enum paper)i;
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}
