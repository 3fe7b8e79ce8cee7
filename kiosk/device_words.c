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

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Four hexadecimal digits. */
static bool parse_four(const char *text, uint16_t *ret_value)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return false;
        value = value * 16 + digit;
    }
    *ret_value = (uint16_t)value;
    return true;
}

enum err usb_ids_parse(const char *text, struct usb_id ids[USB_IDS_MAX + 1])
{
    size_t count = 0;

    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        struct usb_id *id = &ids[count];
        if (count == USB_IDS_MAX || strlen(text) < 9)
            return ERR_BAD_INPUT;
        if (!parse_four(text, &id->vendor) || text[4] != ':' ||
            !parse_four(text + 5, &id->product) || id->vendor == 0)
            return ERR_BAD_INPUT;
        text += 9;
        if (*text && *text != ' ')
            return ERR_BAD_INPUT;
        count++;
    }
    ids[count] = (struct usb_id){ 0, 0 };
    return ERR_OK;
}
