#include "kiosk/slip_parts.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/err.h"
#include "kiosk/slip.h"

#include <stdio.h>
#include <string.h>

const char *slip_say(const struct slip_parts *parts, const char *msgid)
{
    return i18n_text(parts->language, msgid);
}

static void add(struct slip_parts *parts, json_t *block)
{
    json_array_append_new(parts->blocks, block);
}

void slip_add_text(struct slip_parts *parts, const char *kind, const char *text)
{
    if (*text)
        add(parts, json_pack("{s:s, s:s}", "kind", kind, "text", text));
}

void slip_add_fact(struct slip_parts *parts, const char *label,
                   const char *value, bool is_large)
{
    add(parts, json_pack("{s:s, s:s, s:s, s:b}", "kind", "fact", "label", label,
                         "value", value, "large", is_large));
}

void slip_add_rule(struct slip_parts *parts)
{
    add(parts, json_pack("{s:s}", "kind", "rule"));
}

static json_t *find_qr(const struct slip_parts *parts, const char *payload)
{
    json_t *block;
    size_t i;

    json_array_foreach(parts->blocks, i, block)
    {
        const char *held = json_string_value(json_object_get(block, "payload"));

        if (held && strcmp(held, payload) == 0)
            return block;
    }
    return NULL;
}

void slip_add_qr(struct slip_parts *parts, const char *payload,
                 const char *text)
{
    json_t *block = find_qr(parts, payload);
    const char *said = json_string_value(json_object_get(block, "text"));

    if (said && !strstr(said, text))
        json_object_set_new(block, "text", json_sprintf("%s\n%s", said, text));
    if (block)
        return;
    add(parts, json_pack("{s:s, s:s, s:s}", "kind", "qr", "payload", payload,
                         "text", text));
}

static json_t *texts_of(const char *const *texts, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

void slip_add_table(struct slip_parts *parts, const char *const *cells,
                    size_t columns, size_t rows)
{
    json_t *list = json_array();

    for (size_t i = 1; i < rows; i++)
        json_array_append_new(list, texts_of(cells + i * columns, columns));
    add(parts, json_pack("{s:s, s:b, s:o, s:o}", "kind", "table", "fold", 1,
                         "head", texts_of(cells, columns), "rows", list));
}

void slip_add_moment(struct slip_parts *parts, const char *label,
                     int64_t wall_ms)
{
    struct clock_fields at = clock_split(wall_ms);
    char text[80];

    snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", at.year, at.month,
             at.day, at.hour, at.minute);
    slip_add_fact(parts, label, text, false);
}

void slip_add_terminal(struct slip_parts *parts,
                       const struct settings *settings)
{
    struct buf place;

    buf_init(&place, 512);
    slip_terminal(settings, parts->language, &place);
    slip_add_fact(parts, slip_say(parts, N_("Terminal")), place.text, false);
    buf_done(&place);
}

static int on_dump(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

static void set_text(json_t *map, const char *key, const char *text)
{
    if (text)
        json_object_set_new(map, key, json_string(text));
}

/* In the slip's last language, too. */
static void set_demo(json_t *slip, enum language language)
{
    static const char *const mark = N_("Demonstration, not valid");
    const char *chinese = i18n_text(LANGUAGE_ZH_CN, mark);

    if (language == LANGUAGE_ZH_CN)
        set_text(slip, "demo", chinese);
    else
        json_object_set_new(
            slip, "demo",
            json_sprintf("%s　%s", chinese, i18n_text(language, mark)));
}

void slip_finish(struct slip_parts *parts, const struct slip_head *head,
                 const char *paper, struct buf *out)
{
    json_t *slip = json_object();

    set_text(slip, "title", head->title);
    set_text(slip, "subtitle", head->subtitle);
    if (head->is_demo)
        set_demo(slip, parts->language);
    set_text(slip, "footer", head->footer);
    json_object_set_new(slip, "blocks", parts->blocks);
    parts->blocks = NULL;
    json_t *request =
        json_pack("{s:i, s:s, s:o}", "draw", 1, "paper", paper, "slip", slip);
    (void)json_dump_callback(request, on_dump, out, JSON_COMPACT);
    json_decref(request);
}
