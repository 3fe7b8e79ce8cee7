/* The names of classes, states, actions and papers: in settings, journals and tests. */
#include "kiosk/device.h"

#include "kiosk/base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *device_class_name(enum device_class class)
{
    static const char *const names[] = { "card", "printer", "a4" };

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

/* Four hexadecimal digits, whatever follows them. */
static bool parse_four(const char *text, uint16_t *ret_value)
{
    unsigned char bytes[2];
    char digits[5];

    (void)snprintf(digits, sizeof(digits), "%.4s", text);
    if (hex_decode(digits, bytes, sizeof(bytes)))
        return false;
    *ret_value = (uint16_t)(bytes[0] << 8 | bytes[1]);
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
