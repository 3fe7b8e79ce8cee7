#include "kiosk/base/event.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "kiosk/base/clock.h"

enum { TEXT_MAX_BYTES = 80, FIELDS_MAX_BYTES = 2048 };

static const struct {
    const char *name;
    const char *words;
    enum event_level level;
    bool is_journal;
    unsigned int allowed;
} kinds[EVENT_COUNT] = {
#define X(id, of_level, journal, sentence, fields)                             \
    [EVENT_##id] = { .name = #id,                                              \
                     .words = sentence,                                        \
                     .level = EVENT_LEVEL_##of_level,                          \
                     .is_journal = journal,                                    \
                     .allowed = fields },
    EVENT_TABLE(X)
#undef X
};

static const struct {
    const char *name;
    bool is_text;
} field_kinds[FIELD_KIND_COUNT] = {
#define X(id, of_name, text)                                                   \
    [FIELD_##id] = { .name = of_name, .is_text = text },
    FIELD_TABLE(X)
#undef X
};

_Static_assert(FIELD_KIND_COUNT <= 31, "fields are bits of an unsigned int, "
                                       "whose last is EVENT_BY_HOUR");

#define HOUR_MS (INT64_C(60) * 60 * 1000)

struct values {
    unsigned int given;
    const char *text[FIELD_KIND_COUNT];
    int64_t number[FIELD_KIND_COUNT];
};

static event_sink_fn event_sink;
static void *event_sink_owner;

void event_set_sink(event_sink_fn sink, void *owner)
{
    event_sink = sink;
    event_sink_owner = owner;
}

/* None of these characters needs escaping in JSON, and no name of a person in
 * Chinese can be written with them. */
static bool is_plain(const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz"
                                "0123456789_ .:/-";
    return text && strspn(text, plain) == strlen(text) &&
           strlen(text) <= TEXT_MAX_BYTES;
}

static void write_fields(const struct values *values, struct buf *out)
{
    const char *before = "";
    buf_add_char(out, '{');
    for (unsigned int field = 1; field < FIELD_KIND_COUNT; field++) {
        if (!(values->given & 1u << field))
            continue;
        buf_add_format(out, "%s\"%s\":", before, field_kinds[field].name);
        if (!field_kinds[field].is_text)
            buf_add_format(out, "%" PRId64, values->number[field]);
        else if (is_plain(values->text[field]))
            buf_add_format(out, "\"%s\"", values->text[field]);
        else
            buf_add_text(out, "\"?\"");
        before = ",";
    }
    buf_add_char(out, '}');
    assert(!out->is_cut);
}

static bool is_by_hour(enum event_id id, const struct values *values)
{
    bool names_no_case = kinds[id].allowed & FIELD_BIT(CASE) &&
                         !(values->given & FIELD_BIT(CASE));

    return names_no_case || kinds[id].allowed & EVENT_BY_HOUR;
}

void event_record(enum event_id id, ...)
{
    assert((unsigned int)id < EVENT_COUNT);
    struct values values = { 0 };
    va_list args;
    va_start(args, id);
    for (;;) {
        int field = va_arg(args, int);
        if (field == FIELD_END)
            break;
        assert(field > 0 && field < FIELD_KIND_COUNT);
        assert(kinds[id].allowed & 1u << field);
        assert(!(values.given & 1u << field));
        values.given |= 1u << field;
        if (field_kinds[field].is_text)
            values.text[field] = va_arg(args, const char *);
        else
            values.number[field] = va_arg(args, int64_t);
        if (field == FIELD_CASE && !values.text[field])
            values.given &= ~FIELD_BIT(CASE);
    }
    va_end(args);
    if (!event_sink)
        return;

    struct buf fields;
    buf_init(&fields, FIELDS_MAX_BYTES);
    write_fields(&values, &fields);
    struct event_record_of event = {
        .id = id,
        .level = kinds[id].level,
        .is_journal = kinds[id].is_journal,
        .name = kinds[id].name,
        .words = kinds[id].words,
        .fields = fields.text,
        .wall_ms = clock_wall_ms(),
        .is_by_hour = is_by_hour(id, &values),
    };
    if (event.is_by_hour)
        event.wall_ms -= event.wall_ms % HOUR_MS;
    event_sink(event_sink_owner, &event);
    buf_done(&fields);
}
