#include "kiosk/rule/zone.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/rule/zone_text.h"

enum {
    FILE_BYTES_MAX = 64 * 1024,
    NAME_BYTES = 64,
    HEADER_BYTES = 44,
    OFFSET_MAX = 26 * 3600
};

static const char folder[] = "/usr/share/zoneinfo/";

/* Until times[0] offsets[types[...]] does not hold yet: the first type does.
 * After the last one the text does, where there is one. */
struct zone {
    size_t count;
    int64_t *times;
    unsigned char *types;
    int offsets[256];
    bool has_text;
    struct zone_text text;
};

bool zone_is_fixed(const char *text, size_t len, int *ret_offset)
{
    int sign = 1, number[4];
    size_t at = 0;

    *ret_offset = 0;
    if (len == 0 || (len == 3 && memcmp(text, "UTC", 3) == 0))
        return true;
    if (text[0] == '+' || text[0] == '-') {
        sign = text[0] == '-' ? -1 : 1;
        at = 1;
    }
    if (len - at != 5 || text[at + 2] != ':')
        return false;
    for (int i = 0; i < 4; i++) {
        char c = text[at + (size_t)i + (i > 1)];

        if (c < '0' || c > '9')
            return false;
        number[i] = c - '0';
    }
    int hours = number[0] * 10 + number[1],
        minutes = number[2] * 10 + number[3];
    if (hours > 23 || minutes > 59)
        return false;
    *ret_offset = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* ---- A file's bytes ----------------------------------------------------- */

/* One of the two blocks of a file; the second has times of eight bytes. */
struct block {
    const unsigned char *times, *types, *infos, *end;
    size_t time_count, type_count, time_bytes;
};

static int64_t read_number(const unsigned char *bytes, size_t count)
{
    /* The sign is that of the first byte. */
    uint64_t number = bytes[0] & 0x80 ? ~UINT64_C(0) : 0;

    for (size_t i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return (int64_t)number;
}

/* False when the block does not fit into the len bytes. */
static bool read_block(const unsigned char *bytes, size_t len,
                       size_t time_bytes, struct block *ret_block)
{
    size_t counts[6];

    if (len < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
        return false;
    for (size_t i = 0; i < 6; i++) {
        int64_t count = read_number(bytes + 20 + 4 * i, 4);

        if (count < 0 || count > FILE_BYTES_MAX)
            return false;
        counts[i] = (size_t)count;
    }
    struct block block = { .times = bytes + HEADER_BYTES,
                           .time_count = counts[3],
                           .type_count = counts[4],
                           .time_bytes = time_bytes };
    size_t size = HEADER_BYTES + counts[3] * (time_bytes + 1) + counts[4] * 6 +
                  counts[5] + counts[2] * (time_bytes + 4) + counts[1] +
                  counts[0];
    if (size > len || counts[4] == 0 || counts[4] > 256)
        return false;
    block.types = block.times + counts[3] * time_bytes;
    block.infos = block.types + counts[3];
    block.end = bytes + size;
    *ret_block = block;
    return true;
}

static bool fill_zone(struct zone *zone, const struct block *block)
{
    zone->count = block->time_count;
    zone->times = mem_new(zone->count * sizeof *zone->times);
    zone->types = mem_new(zone->count);
    for (size_t i = 0; i < block->type_count; i++) {
        int64_t offset = read_number(block->infos + 6 * i, 4);

        if (offset < -OFFSET_MAX || offset > OFFSET_MAX)
            return false;
        zone->offsets[i] = (int)offset;
    }
    for (size_t i = 0; i < zone->count; i++) {
        zone->times[i] = read_number(block->times + block->time_bytes * i,
                                     block->time_bytes);
        zone->types[i] = block->types[i];
        if (zone->types[i] >= block->type_count ||
            (i > 0 && zone->times[i] <= zone->times[i - 1]))
            return false;
    }
    return true;
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; there may be nothing between. */
static bool read_text(struct zone *zone, const unsigned char *bytes, size_t len)
{
    const char *text = (const char *)bytes;

    if (len < 2 || text[0] != '\n')
        return false;
    const char *end = memchr(text + 1, '\n', len - 1);
    if (!end)
        return false;
    zone->has_text = end > text + 1;
    return !zone->has_text ||
           zone_text_parse(text + 1, (size_t)(end - text) - 1, &zone->text);
}

static bool read_zone(struct zone *zone, const unsigned char *bytes, size_t len)
{
    struct block block;

    if (!read_block(bytes, len, 4, &block))
        return false;
    if (bytes[4] < '2')
        return fill_zone(zone, &block);
    const unsigned char *second = block.end;
    size_t left = len - (size_t)(second - bytes);
    return read_block(second, left, 8, &block) && fill_zone(zone, &block) &&
           read_text(zone, block.end, left - (size_t)(block.end - second));
}

enum err zone_new(const char *bytes, size_t len, struct zone **ret_zone)
{
    struct zone *zone = mem_new(sizeof *zone);

    if (!read_zone(zone, (const unsigned char *)bytes, len)) {
        zone_free(zone);
        return ERR_BAD_INPUT;
    }
    *ret_zone = zone;
    return ERR_OK;
}

void zone_free(struct zone *zone)
{
    if (!zone)
        return;
    mem_free(zone->times);
    mem_free(zone->types);
    mem_free(zone);
}

/* ---- Names -------------------------------------------------------------- */

/* "Asia/Shanghai": nothing that could lead out of the folder. */
static bool is_name(const char *name, size_t len)
{
    if (len == 0 || len >= NAME_BYTES || name[0] == '/')
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool is_letter =
            ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');

        if (!is_letter && !(c && strchr("_+-/", c)))
            return false;
    }
    return true;
}

enum err zone_open(const char *name, size_t len, struct zone **ret_zone)
{
    char path[sizeof folder + NAME_BYTES], *bytes;
    size_t byte_count;

    if (!is_name(name, len))
        return ERR_NOT_FOUND;
    (void)snprintf(path, sizeof path, "%s%.*s", folder, (int)len, name);
    if (file_is_folder(path) ||
        file_read(path, FILE_BYTES_MAX, &bytes, &byte_count))
        return ERR_NOT_FOUND;
    enum err err = zone_new(bytes, byte_count, ret_zone);
    mem_free(bytes);
    return err ? ERR_NOT_FOUND : ERR_OK;
}

int zone_offset(const struct zone *zone, int64_t seconds)
{
    size_t low = 0, high = zone->count;

    if (zone->has_text && (high == 0 || seconds >= zone->times[high - 1]))
        return zone_text_offset(&zone->text, seconds);
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (zone->times[middle] <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return zone->offsets[low == 0 ? 0 : zone->types[low - 1]];
}
