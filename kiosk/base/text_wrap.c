/* Lines of a paragraph.  Where a line may end is UAX 14's to say (by
 * libunistring); how wide it is, wcwidth's, because ncurses paints by that. */
#include "kiosk/base/text.h"

#include "kiosk/base/mem.h"

#include <string.h>

#include <unilbrk.h>

struct wrap {
    const char *text;
    size_t len;
    char *breaks; /* one for each byte: may a line begin here? */
    int cells;
    void (*on_line)(void *owner, const char *line, size_t len);
    void *owner;

    size_t start;      /* of the line now being filled */
    size_t last_break; /* the latest place where the next may begin, or start */
    int width;         /* of what stands on the line so far */
};

/* Bytes of the space that stands there, or 0. */
static size_t space_len(const char *at, size_t len)
{
    if (len >= 3 && memcmp(at, "\u3000", 3) == 0)
        return 3;
    return len > 0 && strchr(" \t\r\n", *at) && *at ? 1 : 0;
}

static size_t trimmed_len(const char *line, size_t len)
{
    for (;;) {
        if (len >= 3 && space_len(line + len - 3, 3) == 3)
            len -= 3;
        else if (len >= 1 && space_len(line + len - 1, 1) == 1)
            len -= 1;
        else
            return len;
    }
}

/* Ends the line at `end`, where the next one begins.  A line that had nothing
 * but spaces before a break of ours is no line; before a newline of the text
 * it is an empty one. */
static void end_line(struct wrap *wrap, size_t end, bool is_newline)
{
    const char *line = wrap->text + wrap->start;
    size_t len = trimmed_len(line, end - wrap->start);

    if (len > 0 || is_newline)
        wrap->on_line(wrap->owner, line, len);
    wrap->start = wrap->last_break = end;
    wrap->width = 0;
}

/* What must not begin a line, should a word be cut in its middle. */
static bool may_not_begin(const char *at, size_t len)
{
    static const char *const closing[] = { "，", "。", "、", "；",
                                           "：", "！", "？", "）",
                                           "》", "】", "」", "』",
                                           "〉", "〕", "％", "\u3000" };

    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
        if (len >= 3 && memcmp(at, closing[i], 3) == 0)
            return true;
    return false;
}

static size_t char_before(const struct wrap *wrap, size_t at)
{
    do
        at--;
    while (at > wrap->start && (wrap->text[at] & 0xc0) == 0x80);
    return at;
}

/* A word wider than a line is cut before `at`; before the character to which a
 * closing mark belongs when one stands there, unless that leaves nothing. */
static size_t cut_place(const struct wrap *wrap, size_t at)
{
    size_t cut = at;
    uint32_t c;

    while (cut > wrap->start) {
        (void)text_decode(wrap->text + cut, wrap->len - cut, &c);
        if (!may_not_begin(wrap->text + cut, wrap->len - cut) &&
            text_width_of(c) > 0)
            return cut;
        cut = char_before(wrap, cut);
    }
    return at;
}

/* The character at `at`, `width` wide, does not fit any more.  UAX 14 lets a
 * line end behind spaces only, so the next never begins with one. */
static void make_room(struct wrap *wrap, size_t at, int width)
{
    while (wrap->width + width > wrap->cells && wrap->start < at) {
        bool is_soft = wrap->last_break > wrap->start;

        end_line(wrap, is_soft ? wrap->last_break : cut_place(wrap, at), false);
        wrap->width =
            text_width_bytes(wrap->text + wrap->start, at - wrap->start);
    }
}

static void wrap_all(struct wrap *wrap)
{
    uint32_t c;

    for (size_t at = 0; at < wrap->len;) {
        size_t took = text_decode(wrap->text + at, wrap->len - at, &c);

        /* A newline; the CR before it is a space at the line's end. */
        if (wrap->breaks[at] == UC_BREAK_MANDATORY) {
            end_line(wrap, at, true);
            at += took;
            wrap->start = wrap->last_break = at;
            continue;
        }
        if (wrap->breaks[at] == UC_BREAK_POSSIBLE && at > wrap->start)
            wrap->last_break = at;
        int width = text_width_of(c == TEXT_BROKEN ? 0x3013 : c);
        /* Spaces may stand past the end: they are left out there. */
        if (wrap->width + width > wrap->cells &&
            space_len(wrap->text + at, wrap->len - at) == 0)
            make_room(wrap, at, width);
        wrap->width += width;
        at += took;
    }
    if (wrap->start < wrap->len)
        end_line(wrap, wrap->len, true);
}

/* What ends a line wherever it stands (UAX 14: BK, CR, LF, NL), and all that is
 * rarer still. */
static bool may_end_line(uint32_t c)
{
    return c < ' ' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Most texts of a page do: then nobody need ask where they might be broken,
 * which costs more than all else about them. */
static bool fits_one_line(const struct wrap *wrap)
{
    int width = 0;
    uint32_t c;

    for (size_t at = 0; at < wrap->len && width <= wrap->cells;) {
        at += text_decode(wrap->text + at, wrap->len - at, &c);
        if (may_end_line(c))
            return false;
        width += text_width_of(c == TEXT_BROKEN ? 0x3013 : c);
    }
    return width <= wrap->cells;
}

void text_wrap(const char *text, int cells,
               void (*on_line)(void *owner, const char *line, size_t len),
               void *owner)
{
    struct wrap wrap = { .text = text,
                         .len = strlen(text),
                         .cells = cells > 0 ? cells : 1,
                         .on_line = on_line,
                         .owner = owner };

    if (wrap.len == 0)
        return;
    if (fits_one_line(&wrap)) {
        end_line(&wrap, wrap.len, true);
        return;
    }
    wrap.breaks = mem_new(wrap.len);
    u8_possible_linebreaks((const uint8_t *)text, wrap.len, "UTF-8",
                           wrap.breaks);
    wrap_all(&wrap);
    mem_free(wrap.breaks);
}

static void count_line(void *owner, const char *line, size_t len)
{
    (void)line;
    (void)len;
    (*(int *)owner)++;
}

int text_wrap_count(const char *text, int cells)
{
    int count = 0;

    text_wrap(text, cells, count_line, &count);
    return count;
}
