#include "kiosk/test_slip.h"

#include "kiosk/base/clock.h"
#include "kiosk/slip.h"

#include <jansson.h>

#include <stdio.h>

static const char *say(enum language language, const char *msgid)
{
    return i18n_text(language, msgid);
}

static void add_fact(json_t *blocks, const char *label, const char *value)
{
    json_array_append_new(blocks, json_pack("{s:s, s:s, s:s, s:b}", "kind",
                                            "fact", "label", label, "value",
                                            value, "large", false));
}

static void add_place(json_t *blocks, const struct settings *settings,
                      enum language language)
{
    struct buf place;

    buf_init(&place, 512);
    slip_terminal(settings, language, &place);
    add_fact(blocks, say(language, "Terminal"), place.text);
    buf_done(&place);
}

static void add_time(json_t *blocks, enum language language)
{
    struct clock_fields at = clock_split(clock_wall_ms());
    char text[48];

    snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", at.year, at.month,
             at.day, at.hour, at.minute);
    add_fact(blocks, say(language, "Time"), text);
}

static int on_dump(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

void test_slip_compose(const struct settings *settings, const char *paper,
                       enum language language, bool is_demo, struct buf *out)
{
    /* Rare and dense characters, the narrowest and the widest digits: what is
     * worn or dry shows here first. */
    static const char sample[] = "南阳卧龙宛城欧阳㼆昕 0123456789 ABCXYZ";
    json_t *blocks = json_array();
    json_t *head = json_object();

    json_array_append_new(
        blocks, json_pack("{s:s, s:s}", "kind", "text", "text", sample));
    add_place(blocks, settings, language);
    add_time(blocks, language);
    add_fact(blocks, say(language, "Paper"), paper);
    add_fact(blocks, say(language, "Version"), KIOSK_VERSION);
    json_object_set_new(head, "title", json_string(say(language, "Test slip")));
    if (is_demo)
        json_object_set_new(
            head, "demo",
            json_string(say(language, "Demonstration, not valid")));
    json_object_set_new(
        head, "footer",
        json_string(say(language, "For the staff. Nothing of anybody "
                                  "stands on this slip.")));
    json_object_set_new(head, "blocks", blocks);
    json_t *request =
        json_pack("{s:i, s:s, s:o}", "draw", 1, "paper", paper, "slip", head);
    (void)json_dump_callback(request, on_dump, out, JSON_COMPACT);
    json_decref(request);
}
