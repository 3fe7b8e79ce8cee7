/* The decoder of the terminal's bytes, driven as the ui drives it: reads of any
 * size, and silences on a pretended clock that end what is half done.
 *
 * The input is what a terminal sends, byte for byte, except after FE, which no
 * UTF-8 has:
 *   FE n      silence of n times 10 ms (n up to FD; 0: only the end of a read)
 *   FE FE     the byte FE, FE FF the byte FF
 *
 * Everything is decoded twice, in the reads given and byte by byte; the keys
 * must be the same.  Characters are compared with what text_decode makes of
 * the bytes, pastes with the bytes themselves.  (A paste past its maximum takes
 * 64 KiB, too many for here: tests/unit/keys_test.c.) */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/loop.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/keys.h"

enum {
    MARK = 0xfe,
    STEP_MS = 10,
    SEQUENCE_MS = 50,
    PASTE_MS = 1000,
    START_MS = 1000,
    CELLS_MAX = 9999,
    SAID_MAX = 1024 * 1024
};

static const char paste_end[] = "\x1b[201~";

/* One way through the input.  span: the bytes since the last silence that ended
 * something; while the bytes come one by one it is known which of them makes a
 * key. */
struct stage {
    struct loop *loop;
    struct timer *silence;
    struct keys *keys;
    bool is_one_by_one;
    struct buf said; /* every key: its numbers and its text */
    size_t key_count, byte_count, silence_count;
    struct buf span;
    size_t span_said;  /* where in said the span's keys begin */
    bool has_escape;   /* the span's characters were looked at already */
    bool is_paste;     /* between ESC [ 200 ~ and its end */
    size_t paste_from; /* where in the span */
    bool is_time_up;   /* the timer is calling just now */
};

/* ---- What a key may be -------------------------------------------------- */

static bool is_letter(uint32_t c)
{
    return c >= 0x20 && !(c >= 0x7f && c < 0xa0) &&
           !(c >= 0xd800 && c <= 0xdfff) && c <= 0x10ffff;
}

static void check_numbers(const struct key *key)
{
    bool has_number = key->kind == KEY_FUNCTION || key->kind == KEY_INTERRUPT;
    bool has_place = key->kind == KEY_TOUCH || key->kind == KEY_LIFT;

    assert(has_number || key->number == 0);
    if (key->kind == KEY_FUNCTION)
        assert(key->number >= 1 && key->number <= 12);
    if (key->kind == KEY_INTERRUPT)
        assert(key->number == 0x03 || key->number == 0x1a ||
               key->number == 0x1c);
    if (has_place) {
        assert(key->row >= 1 && key->row <= CELLS_MAX);
        assert(key->col >= 1 && key->col <= CELLS_MAX);
    } else {
        assert(key->row == 0 && key->col == 0);
    }
}

static void check_key(const struct key *key)
{
    assert(key->kind > KEY_NONE && key->kind < KEY_COUNT);
    check_numbers(key);
    assert(key->kind == KEY_CHAR ? is_letter(key->code_point)
                                 : key->code_point == 0);
    if (key->kind != KEY_PASTE) {
        assert(!key->text && key->len == 0 && !key->was_cut);
        return;
    }
    assert(key->len <= PASTE_BYTES_MAX && key->text[key->len] == '\0');
    assert(!key->was_cut || key->len == PASTE_BYTES_MAX);
}

static bool holds_end(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    const char *at = memchr(bytes, paste_end[0], len);

    while (at) {
        if ((size_t)(end - at) >= sizeof paste_end - 1 &&
            memcmp(at, paste_end, sizeof paste_end - 1) == 0)
            return true;
        at++;
        at = memchr(at, paste_end[0], (size_t)(end - at));
    }
    return false;
}

/* What was pasted is what came between the marks: nothing less, nothing of the
 * marks, and the end was not overlooked. */
static void check_paste(const struct stage *stage, const struct key *key)
{
    const char *from = stage->span.text + stage->paste_from;
    size_t len = stage->span.len - stage->paste_from;
    size_t end_len = sizeof paste_end - 1;

    assert(stage->is_paste);
    if (!stage->is_time_up) {
        assert(len >= end_len);
        len -= end_len;
        assert(memcmp(from + len, paste_end, end_len) == 0);
    } else {
        size_t half = end_len - 1; /* of an end that never came */

        while (half > len ||
               (half && memcmp(from + len - half, paste_end, half) != 0))
            half--;
        len -= half;
    }
    assert(!holds_end(from, len));
    assert(key->was_cut == (len > PASTE_BYTES_MAX));
    assert(key->len == (key->was_cut ? PASTE_BYTES_MAX : len));
    assert(memcmp(key->text, from, key->len) == 0);
}

static void say(struct buf *said, const struct key *key)
{
    const int numbers[] = { (int)key->kind, (int)key->code_point,
                            key->number,    key->row,
                            key->col,       key->was_cut,
                            (int)key->len };

    buf_add(said, numbers, sizeof numbers);
    buf_add(said, key->text, key->len);
}

static void on_key(void *owner, const struct key *key)
{
    struct stage *stage = owner;

    check_key(key);
    if (stage->is_one_by_one && key->kind == KEY_PASTE)
        check_paste(stage, key);
    say(&stage->said, key);
    stage->key_count++;
}

/* ---- Characters, decoded by other means --------------------------------- */

static enum key_kind kind_of_control(uint32_t c)
{
    switch (c) {
    case 0x03:
    case 0x1a:
    case 0x1c:
        return KEY_INTERRUPT;
    case 0x08:
    case 0x7f:
        return KEY_BACKSPACE;
    case 0x09:
        return KEY_TAB;
    case 0x0a:
    case 0x0d:
        return KEY_ENTER;
    default:
        return KEY_NONE;
    }
}

/* The span up to its first ESC is only characters and controls. */
static void check_characters(const struct stage *stage)
{
    const char *at = stage->span.text;
    size_t left = stage->span.len;
    struct buf expected;

    buf_init(&expected, SAID_MAX);
    while (left) {
        uint32_t c;
        size_t took = text_decode(at, left, &c);
        struct key key = { .kind = kind_of_control(c) };

        if (is_letter(c))
            key = (struct key){ .kind = KEY_CHAR, .code_point = c };
        if (key.kind == KEY_INTERRUPT)
            key.number = (int)c;
        if (key.kind != KEY_NONE)
            say(&expected, &key);
        assert(took > 0 && took <= left);
        at += took;
        left -= took;
    }
    assert(expected.len == stage->said.len - stage->span_said);
    assert(memcmp(expected.text, stage->said.text + stage->span_said,
                  expected.len) == 0);
    buf_done(&expected);
}

static void end_span(struct stage *stage)
{
    if (!stage->has_escape)
        check_characters(stage);
    buf_clear(&stage->span);
    stage->span_said = stage->said.len;
    stage->has_escape = false;
    stage->is_paste = false;
}

/* ---- Driving ------------------------------------------------------------ */

static void await_silence(struct stage *stage)
{
    int wait_ms = keys_wait_ms(stage->keys);

    assert(wait_ms == 0 || wait_ms == SEQUENCE_MS || wait_ms == PASTE_MS);
    if (wait_ms > 0)
        timer_start(stage->silence, wait_ms);
    else
        timer_stop(stage->silence);
}

static void on_silence(void *owner)
{
    struct stage *stage = owner;
    size_t before = stage->key_count;

    stage->silence_count++;
    stage->is_time_up = true;
    keys_time_is_up(stage->keys);
    stage->is_time_up = false;
    assert(keys_wait_ms(stage->keys) == 0);
    assert(stage->key_count <= before + 1);
    await_silence(stage);
    if (stage->is_one_by_one)
        end_span(stage);
}

/* While nothing is half done, keys that are known come out as they are and
 * leave no trace, whatever came before. */
static void probe(struct stage *stage)
{
    static const char known[] = "\x1b[<0;40;12M\x1b[24~é";
    static const struct key keys[] = {
        { .kind = KEY_TOUCH, .row = 12, .col = 40 },
        { .kind = KEY_FUNCTION, .number = 12 },
        { .kind = KEY_CHAR, .code_point = 0xe9 },
    };
    size_t said = stage->said.len, count = stage->key_count;
    struct buf expected;

    if (keys_wait_ms(stage->keys) > 0)
        return;
    buf_init(&expected, SAID_MAX);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        say(&expected, &keys[i]);
    keys_feed(stage->keys, known, sizeof known - 1);
    assert(keys_wait_ms(stage->keys) == 0);
    assert(stage->said.len == said + expected.len);
    assert(memcmp(stage->said.text + said, expected.text, expected.len) == 0);
    stage->said.text[said] = '\0';
    stage->said.len = said;
    stage->key_count = count;
    buf_done(&expected);
}

static void feed_byte(struct stage *stage, const char *byte)
{
    bool was_paste = stage->is_paste;

    if (*byte == '\x1b' && !stage->has_escape) {
        check_characters(stage);
        stage->has_escape = true;
    }
    buf_add_char(&stage->span, *byte);
    keys_feed(stage->keys, byte, 1);
    stage->is_paste = keys_wait_ms(stage->keys) == PASTE_MS;
    if (stage->is_paste && !was_paste)
        stage->paste_from = stage->span.len;
}

static void feed(struct stage *stage, const char *bytes, size_t len)
{
    size_t before = stage->key_count;

    if (len == 0)
        return;
    if (!stage->is_one_by_one)
        keys_feed(stage->keys, bytes, len);
    for (size_t i = 0; stage->is_one_by_one && i < len; i++)
        feed_byte(stage, bytes + i);
    stage->byte_count += len;
    /* No byte makes two keys. */
    assert(stage->key_count - before <= len);
    probe(stage);
    await_silence(stage);
}

static void pass_time(struct stage *stage, int64_t ms)
{
    clock_pretend(clock_monotonic_ms() + ms, clock_wall_ms() + ms);
    loop_fire_due(stage->loop);
}

static void play(struct stage *stage, const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    size_t begun = 0;

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != MARK)
            continue;
        feed(stage, text + begun, i - begun);
        begun = i + 2;
        if (++i == size)
            return;
        if (bytes[i] >= MARK)
            begun = i; /* the byte itself begins the next read */
        else
            pass_time(stage, bytes[i] * STEP_MS);
    }
    if (begun < size)
        feed(stage, text + begun, size - begun);
}

/* After a second of silence nothing is half done, whatever came. */
static void check_rest(struct stage *stage)
{
    pass_time(stage, PASTE_MS);
    assert(keys_wait_ms(stage->keys) == 0);
    assert(!timer_is_running(stage->silence));
    if (stage->is_one_by_one)
        end_span(stage);
    probe(stage);
    assert(stage->key_count <= stage->byte_count + stage->silence_count);
}

static void stage_open(struct stage *stage, struct loop *loop, bool one_by_one)
{
    *stage = (struct stage){ .loop = loop, .is_one_by_one = one_by_one };
    clock_pretend(START_MS, START_MS);
    buf_init(&stage->said, SAID_MAX);
    buf_init(&stage->span, SAID_MAX);
    stage->silence = timer_new(loop, "silence", on_silence, stage);
    stage->keys = keys_new(on_key, stage);
}

static void stage_close(struct stage *stage)
{
    timer_free(stage->silence);
    keys_free(stage->keys);
    buf_done(&stage->said);
    buf_done(&stage->span);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct loop *loop;
    struct stage whole, single;

    if (!loop)
        loop = loop_new_pretend();
    stage_open(&whole, loop, false);
    play(&whole, bytes, size);
    check_rest(&whole);
    stage_open(&single, loop, true);
    play(&single, bytes, size);
    check_rest(&single);
    assert(whole.said.len == single.said.len);
    assert(memcmp(whole.said.text, single.said.text, whole.said.len) == 0);
    stage_close(&whole);
    stage_close(&single);
    clock_pretend_end();
    assert(loop_open_count(loop) == 0);
    assert(secret_used_bytes() == 0);
    return 0;
}
