/* Values, and the room that an evaluation builds them in. */
#include "kiosk/rule/rule.h"

#include <string.h>

#include "kiosk/base/mem.h"

enum { CHUNK_BYTES = 32 * 1024, ALIGN = _Alignof(max_align_t) };

struct rule_value rule_null(void)
{
    return (struct rule_value){ .kind = RULE_NULL };
}

struct rule_value rule_bool(bool boolean)
{
    return (struct rule_value){ .kind = RULE_BOOL, .boolean = boolean };
}

struct rule_value rule_int(int64_t integer)
{
    return (struct rule_value){ .kind = RULE_INT, .integer = integer };
}

struct rule_value rule_double(double real)
{
    return (struct rule_value){ .kind = RULE_DOUBLE, .real = real };
}

struct rule_value rule_text(const char *bytes, size_t len)
{
    return (struct rule_value){ .kind = RULE_TEXT, .text = { bytes, len } };
}

struct rule_value rule_date(int64_t days)
{
    return (struct rule_value){ .kind = RULE_TIMESTAMP,
                                .timestamp = { days * 86400, 0 } };
}

static struct rule_value nested(enum rule_kind kind,
                                const struct rule_value *items, size_t count,
                                size_t item_count)
{
    int depth = 0;

    for (size_t i = 0; i < item_count; i++)
        if ((items[i].kind == RULE_LIST || items[i].kind == RULE_MAP) &&
            items[i].depth > depth)
            depth = items[i].depth;
    if (++depth > RULE_VALUE_DEPTH_MAX)
        return (struct rule_value){
            .kind = RULE_ERROR,
            .error = { "lists and maps are nested more than 100 deep", 0 }
        };
    return (struct rule_value){ .kind = kind,
                                .depth = depth,
                                .list = { items, count } };
}

struct rule_value rule_list(const struct rule_value *items, size_t count)
{
    return nested(RULE_LIST, items, count, count);
}

struct rule_value rule_map(const struct rule_value *pairs, size_t count)
{
    return nested(RULE_MAP, pairs, count, 2 * count);
}

const char *rule_kind_words(enum rule_kind kind)
{
    switch (kind) {
    case RULE_NULL:
        return "null";
    case RULE_BOOL:
        return "a condition (true or false)";
    case RULE_INT:
        return "a whole number";
    case RULE_DOUBLE:
        return "a number with a point";
    case RULE_TEXT:
        return "a text";
    case RULE_LIST:
        return "a list";
    case RULE_MAP:
        return "a map";
    case RULE_TIMESTAMP:
        return "a date or time";
    case RULE_DURATION:
        return "a duration";
    case RULE_ERROR:
        return "an error";
    case RULE_ANY:
        return "a value";
    }
    return "";
}

/* ---- Room --------------------------------------------------------------- */

struct rule_chunk {
    struct rule_chunk *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
};

void rule_room_init(struct rule_room *room)
{
    room->used = 0;
    room->heap_bytes = 0;
    room->heap_count = 0;
    room->chunks = NULL;
}

/* mem_free zeroes the rest. */
void rule_room_clear(struct rule_room *room)
{
    mem_wipe(room->first, room->used);
    while (room->chunks) {
        struct rule_chunk *next = room->chunks->next;

        mem_free(room->chunks);
        room->chunks = next;
    }
    rule_room_init(room);
}

void rule_room_done(struct rule_room *room)
{
    if (room)
        rule_room_clear(room);
}

static struct rule_chunk *add_chunk(struct rule_room *room, size_t size_bytes)
{
    size_t size = size_bytes > CHUNK_BYTES ? size_bytes : CHUNK_BYTES;

    if (size > RULE_ROOM_MAX - room->heap_bytes)
        return NULL;
    struct rule_chunk *chunk = mem_new(sizeof *chunk + size);
    chunk->size = size;
    chunk->next = room->chunks;
    room->chunks = chunk;
    room->heap_bytes += size;
    room->heap_count++;
    return chunk;
}

void *rule_room_take(struct rule_room *room, size_t size_bytes)
{
    if (size_bytes > RULE_ROOM_MAX)
        return NULL;
    size_t size = (size_bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (size <= sizeof room->first - room->used) {
        void *taken = room->first + room->used;

        room->used += size;
        return taken;
    }
    struct rule_chunk *chunk = room->chunks;
    if (!chunk || size > chunk->size - chunk->used)
        chunk = add_chunk(room, size);
    if (!chunk)
        return NULL;
    void *taken = chunk->bytes + chunk->used;
    chunk->used += size;
    return taken;
}
