/* Single bytes go by Wu and Manber's method: of each window of so many bytes as
 * the shortest pattern has, the last two say how far it may be moved on.  The
 * forms made of 32-bit units are compared unit by unit, which is as quick and
 * needs no pattern for each gap. */
#include "tests/left/search.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <iconv.h>
#include <ncurses.h>
#include <stdbool.h>
#include <string.h>

#include "kiosk/base/mem.h"

enum {
    PATTERN_BYTES = 192,
    PATTERNS_MAX = 512,
    UNITS_MAX = 32,
    HALVES_MAX = 64,
    PAIRS = 65536,
    HALF_LEAST_DIGITS = 8, /* fewer stand somewhere by chance */
    WIDE_FROM = 0x1100
};

struct pattern {
    const struct mark *mark;
    enum form form;
    unsigned char bytes[PATTERN_BYTES];
    size_t len;
    int next; /* of the same last pair, or -1 */
};

/* A half as 32-bit units. */
struct half {
    const struct mark *mark;
    uint32_t units[UNITS_MAX];
    size_t count;
};

struct search {
    struct pattern patterns[PATTERNS_MAX];
    size_t pattern_count;
    struct half halves[HALVES_MAX];
    size_t half_count;
    bool begins[256]; /* whether a half begins with a unit of this low byte */
    size_t window;
    unsigned char shift[PAIRS];
    int first[PAIRS];
};

const char *form_name(enum form form)
{
    static const char *const names[FORM_COUNT] = {
        "UTF-8", "UTF-16", "UTF-32", "cells", "GB18030", "base64"
    };
    return names[form];
}

/* ---- The forms of half a mark ------------------------------------------ */

static size_t convert(const char *to, const char *text, size_t len,
                      unsigned char *out, size_t size)
{
    char *from_at = (char *)text, *to_at = (char *)out;
    size_t left = size;
    iconv_t how = iconv_open(to, "UTF-8");

    assert_true(how != (iconv_t)-1);
    assert_int_equal(iconv(how, &from_at, &len, &to_at, &left), 0);
    iconv_close(how);
    return size - left;
}

static struct pattern *add(struct search *search, const struct mark *mark,
                           enum form form)
{
    assert_true(search->pattern_count < PATTERNS_MAX);
    struct pattern *pattern = &search->patterns[search->pattern_count++];
    *pattern = (struct pattern){ .mark = mark, .form = form };
    return pattern;
}

static void add_in(struct search *search, const struct mark *mark,
                   enum form form, const char *charset, const char *text,
                   size_t len)
{
    struct pattern *pattern = add(search, mark, form);
    pattern->len =
        convert(charset, text, len, pattern->bytes, sizeof pattern->bytes);
    /* Plain ASCII is the same in GB18030: it is found once. */
    if (form == FORM_GB18030 && pattern->len == len &&
        memcmp(pattern->bytes, text, len) == 0)
        search->pattern_count--;
}

/* Base64 of the text where `before` bytes of something else share its first
 * group: only the characters that they and what follows have no part in. */
static void add_base64(struct search *search, const struct mark *mark,
                       const char *text, size_t len, size_t before)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct pattern *pattern = add(search, mark, FORM_BASE64);
    size_t from = (before * 8 + 5) / 6, to = (before + len) * 8 / 6;

    for (size_t i = from; i < to; i++) {
        unsigned value = 0;
        for (size_t bit = i * 6; bit < i * 6 + 6; bit++) {
            unsigned char byte = (unsigned char)text[bit / 8 - before];
            value = value << 1 | (byte >> (7 - bit % 8) & 1u);
        }
        pattern->bytes[pattern->len++] = (unsigned char)digits[value];
    }
}

static void add_half(struct search *search, const struct mark *mark,
                     const char *text, size_t len)
{
    assert_true(search->half_count < HALVES_MAX);
    struct half *half = &search->halves[search->half_count++];

    half->mark = mark;
    half->count = convert("UTF-32LE", text, len, (unsigned char *)half->units,
                          sizeof half->units) /
                  sizeof half->units[0];
    search->begins[half->units[0] & 0xff] = true;
    add_in(search, mark, FORM_UTF8, "UTF-8", text, len);
    add_in(search, mark, FORM_UTF16, "UTF-16LE", text, len);
    add_in(search, mark, FORM_GB18030, "GB18030", text, len);
    for (size_t before = 0; before < 3; before++)
        add_base64(search, mark, text, len, before);
}

static size_t bytes_of(const char *text, size_t chars)
{
    const char *at = text;
    for (; chars > 0 && *at; chars--)
        do
            at++;
        while (((unsigned char)*at & 0xc0) == 0x80);
    return (size_t)(at - text);
}

static size_t chars_of(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* Halves of digits overlap where each alone would be too short. */
static void add_mark(struct search *search, const struct mark *mark)
{
    size_t chars = chars_of(mark->text), len = strlen(mark->text);
    size_t half = chars / 2;

    if (chars == len && half < HALF_LEAST_DIGITS)
        half = HALF_LEAST_DIGITS < chars ? HALF_LEAST_DIGITS : chars;
    add_half(search, mark, mark->text, bytes_of(mark->text, half));
    size_t at = bytes_of(mark->text, chars - half);
    add_half(search, mark, mark->text + at, len - at);
}

/* ---- The table of single bytes ----------------------------------------- */

static unsigned pair_at(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static void make_table(struct search *search)
{
    search->window = PATTERN_BYTES;
    for (size_t i = 0; i < search->pattern_count; i++)
        if (search->patterns[i].len < search->window)
            search->window = search->patterns[i].len;
    assert_true(search->window >= 4);
    memset(search->shift, (int)search->window - 1, sizeof search->shift);
    for (size_t i = 0; i < PAIRS; i++)
        search->first[i] = -1;
    for (size_t i = 0; i < search->pattern_count; i++) {
        struct pattern *pattern = &search->patterns[i];
        for (size_t at = 0; at + 2 <= search->window; at++) {
            size_t left = search->window - 2 - at;
            unsigned char *shift = &search->shift[pair_at(pattern->bytes + at)];
            if (left < *shift)
                *shift = (unsigned char)left;
        }
        unsigned last = pair_at(pattern->bytes + search->window - 2);
        pattern->next = search->first[last];
        search->first[last] = (int)i;
    }
}

struct search *search_new(const struct mark *marks, size_t count)
{
    struct search *search = mem_new(sizeof *search);

    for (size_t i = 0; i < count; i++)
        add_mark(search, &marks[i]);
    make_table(search);
    return search;
}

void search_free(struct search *search)
{
    mem_free(search);
}

/* ---- Searching --------------------------------------------------------- */

static void search_patterns(const struct search *search,
                            const unsigned char *bytes, size_t len,
                            search_fn on_found, void *owner)
{
    for (size_t end = search->window; end <= len;) {
        unsigned pair = pair_at(bytes + end - 2);
        if (search->shift[pair]) {
            end += search->shift[pair];
            continue;
        }
        size_t at = end - search->window;
        for (int i = search->first[pair]; i >= 0;
             i = search->patterns[i].next) {
            const struct pattern *pattern = &search->patterns[i];
            if (pattern->len <= len - at &&
                memcmp(bytes + at, pattern->bytes, pattern->len) == 0)
                on_found(owner, pattern->mark, pattern->form, at);
        }
        end++;
    }
}

static bool is_row(const uint32_t *units, size_t left, const struct half *half)
{
    return half->count <= left &&
           memcmp(units, half->units, half->count * sizeof *units) == 0;
}

/* What ncurses keeps of a character's cell begins with its colours; one that
 * is two cells wide stands in both. */
static bool are_cells(const uint32_t *units, size_t left,
                      const struct half *half)
{
    size_t at = 0;
    for (size_t i = 0; i < half->count; i++) {
        if (at >= left || units[at] != half->units[i])
            return false;
        size_t width = half->units[i] >= WIDE_FROM ? 2 : 1;
        at += width * sizeof(cchar_t) / sizeof *units;
    }
    return true;
}

static void search_units(const struct search *search, const uint32_t *units,
                         size_t count, search_fn on_found, void *owner)
{
    for (size_t at = 0; at < count; at++) {
        if (units[at] == 0 || !search->begins[units[at] & 0xff])
            continue;
        for (size_t i = 0; i < search->half_count; i++) {
            const struct half *half = &search->halves[i];
            if (half->units[0] != units[at])
                continue;
            if (is_row(units + at, count - at, half))
                on_found(owner, half->mark, FORM_UTF32, at * sizeof *units);
            if (are_cells(units + at, count - at, half))
                on_found(owner, half->mark, FORM_CELLS, at * sizeof *units);
        }
    }
}

void search_bytes(const struct search *search, const void *bytes, size_t len,
                  search_fn on_found, void *owner)
{
    assert_int_equal((uintptr_t)bytes % sizeof(uint32_t), 0);
    search_patterns(search, bytes, len, on_found, owner);
    search_units(search, bytes, len / sizeof(uint32_t), on_found, owner);
}
