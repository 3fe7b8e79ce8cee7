/* The decoder of the terminal's bytes: keys, touches, pastes, and rubbish. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/ui/keys.h"

static char seen[8192];
static size_t pasted_len;

static const char *const names[KEY_COUNT] = {
    [KEY_LEFT] = "left",        [KEY_RIGHT] = "right",    [KEY_UP] = "up",
    [KEY_DOWN] = "down",        [KEY_HOME] = "home",      [KEY_END] = "end",
    [KEY_PAGE_UP] = "pgup",     [KEY_PAGE_DOWN] = "pgdn", [KEY_TAB] = "tab",
    [KEY_TAB_BACK] = "tabback", [KEY_ENTER] = "enter",    [KEY_ESCAPE] = "esc",
    [KEY_BACKSPACE] = "bs",     [KEY_DELETE] = "del",     [KEY_FUNCTION] = "f",
    [KEY_INTERRUPT] = "int",    [KEY_TOUCH] = "touch",    [KEY_LIFT] = "lift",
};

static void on_key(void *owner, const struct key *key)
{
    size_t len = strlen(seen);
    char *end = seen + len;
    size_t room = sizeof seen - len;

    (void)owner;
    if (key->kind == KEY_CHAR)
        (void)snprintf(end, room, "%x ", (unsigned)key->code_point);
    else if (key->kind == KEY_PASTE)
        (void)snprintf(end, room, "<%.*s>%s ",
                       key->len < 40 ? (int)key->len : 40, key->text,
                       key->was_cut ? "cut" : "");
    else if (key->kind == KEY_TOUCH || key->kind == KEY_LIFT)
        (void)snprintf(end, room, "%s%d,%d ", names[key->kind], key->row,
                       key->col);
    else if (key->number)
        (void)snprintf(end, room, "%s%d ", names[key->kind], key->number);
    else
        (void)snprintf(end, room, "%s ", names[key->kind]);
    if (key->kind == KEY_PASTE)
        pasted_len = key->len;
}

/* Byte by byte and at once must be the same. */
static void assert_decodes(const char *bytes, size_t len, const char *expected)
{
    for (int one_by_one = 0; one_by_one <= 1; one_by_one++) {
        struct keys *keys = keys_new(on_key, NULL);
        seen[0] = '\0';
        if (one_by_one) {
            for (size_t i = 0; i < len; i++)
                keys_feed(keys, bytes + i, 1);
        } else {
            keys_feed(keys, bytes, len);
        }
        if (keys_wait_ms(keys) > 0)
            keys_time_is_up(keys);
        assert_int_equal(keys_wait_ms(keys), 0);
        assert_string_equal(seen, expected);
        keys_free(keys);
    }
}

static void assert_text_decodes(const char *bytes, const char *expected)
{
    assert_decodes(bytes, strlen(bytes), expected);
}

static void test_characters(void **state)
{
    (void)state;
    assert_text_decodes("a#*0", "61 23 2a 30 ");
    assert_text_decodes("é中𠀀", "e9 4e2d 20000 ");
}

static void test_broken_utf8_is_dropped(void **state)
{
    (void)state;
    assert_text_decodes("\xff\xfe\x80"
                        "a",
                        "61 ");
    assert_text_decodes("\xc0\xafz", "7a ");         /* overlong */
    assert_text_decodes("\xe0\x80\xafz", "7a ");     /* overlong */
    assert_text_decodes("\xed\xa0\x80z", "7a ");     /* surrogate */
    assert_text_decodes("\xf4\x90\x80\x80z", "7a "); /* past the end */
    assert_text_decodes("\xe4\xb8z", "7a ");         /* broken off */
    assert_text_decodes("\xe4\xb8", "");             /* and silence */
    assert_text_decodes("\xc2\x85z", "7a ");         /* a C1 control */
}

static void test_control_characters(void **state)
{
    (void)state;
    assert_decodes("\x03\x1a\x1c\0\x01\x7f\b\t\r\n", 10,
                   "int3 int26 int28 bs bs tab enter enter ");
}

static void test_keys_of_all_terminals(void **state)
{
    (void)state;
    assert_text_decodes("\x1b[A\x1bOB\x1b[1;5C\x1b[D", "up down right left ");
    assert_text_decodes("\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~",
                        "home end home end home end ");
    assert_text_decodes("\x1b[3~\x1b[5~\x1b[6~\x1b[Z",
                        "del pgup pgdn tabback ");
    assert_text_decodes("\x1bOP\x1b[11~\x1b[[A", "f1 f1 f1 ");
    assert_text_decodes("\x1bOS\x1b[14~\x1b[[D\x1b[[E\x1b[15~",
                        "f4 f4 f4 f5 f5 ");
    assert_text_decodes("\x1b[17~\x1b[21~\x1b[23~\x1b[24~\x1b[24;2~",
                        "f6 f10 f11 f12 f12 ");
    assert_text_decodes("\x1bOp\x1bOy\x1bOj\x1bOM", "30 39 2a enter ");
    assert_text_decodes("\x1b[2~\x1b[99~\x1b[X\x1b[?25h", "");
}

static void test_escape(void **state)
{
    (void)state;
    assert_text_decodes("\x1b", "esc ");
    assert_text_decodes("\x1b\x1b", "esc esc ");
    assert_text_decodes("\x1b\x1b[A", "esc up ");
    assert_text_decodes("\x1bx1", "31 ");        /* Alt and a key: nothing */
    assert_text_decodes("\x1b[\x1b[B", "down "); /* broken off, begun anew */
    assert_text_decodes("\x1b[\x03", "int3 ");
}

static void test_touch(void **state)
{
    (void)state;
    assert_text_decodes("\x1b[<0;40;12M\x1b[<0;40;12m",
                        "touch12,40 lift12,40 ");
    assert_text_decodes("\x1b[<4;1;1M", "touch1,1 "); /* with Shift */
    assert_text_decodes("\x1b[<1;5;5M\x1b[<2;5;5M\x1b[<64;5;5M\x1b[<65;5;5M"
                        "\x1b[<32;5;5M\x1b[<128;5;5M",
                        "");
    assert_text_decodes("\x1b[<0;0;5M\x1b[<0;5M\x1b[<0;5;5;5M\x1b[<0;:;5M", "");
    assert_text_decodes("\x1b[<0;99999999999;5M", "");
    assert_text_decodes("\x1b[<", "");
    assert_text_decodes("\x1b[<0;4", "");
    assert_text_decodes("\x1b[M !!7", "37 "); /* the oldest report: dropped */
}

static void test_long_sequences_are_dropped(void **state)
{
    char bytes[400] = "\x1b[";

    (void)state;
    memset(bytes + 2, '1', 300);
    memcpy(bytes + 302, "~7", 3);
    assert_text_decodes(bytes, "37 ");
    memset(bytes + 2, ';', 64); /* as long as allowed, and no key */
    memcpy(bytes + 66, "A7", 3);
    assert_text_decodes(bytes, "37 ");
    assert_text_decodes("\x1b]0;a title\a7", "37 ");
    assert_text_decodes("\x1bPq#0\x1b\\7", "37 ");
}

static void test_paste(void **state)
{
    (void)state;
    assert_text_decodes("\x1b[200~ab\r\ncd\x1b[201~7", "<ab\r\ncd> 37 ");
    assert_text_decodes("\x1b[200~\x1b[201~", "<> ");
    assert_text_decodes("\x1b[200~a\x1b[20b\x1b\x1b[201~7",
                        "<a\x1b[20b\x1b> 37 ");
    assert_text_decodes("\x1b[200~never ended", "<never ended> ");
}

static void test_large_paste_is_cut(void **state)
{
    size_t size = 100 * 1024;
    char *bytes = mem_new(size + 32);

    (void)state;
    memcpy(bytes, "\x1b[200~", 6);
    memset(bytes + 6, '\r', size);
    memset(bytes + 6, 'x', 40);
    memcpy(bytes + 6 + size, "\x1b[201~7", 8);
    assert_text_decodes(bytes,
                        "<xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>cut 37 ");
    assert_int_equal(pasted_len, PASTE_BYTES_MAX);
    mem_free(bytes);
}

static void test_waits(void **state)
{
    struct keys *keys = keys_new(on_key, NULL);

    (void)state;
    assert_int_equal(keys_wait_ms(keys), 0);
    keys_feed(keys, "\x1b", 1);
    assert_int_equal(keys_wait_ms(keys), 50);
    keys_feed(keys, "[200~", 5);
    assert_true(keys_wait_ms(keys) > 50);
    keys_clear(keys);
    assert_int_equal(keys_wait_ms(keys), 0);
    keys_free(keys);
}

/* Neither the last character nor half of one outlives a session. */
static void test_cleared_is_zeroed(void **state)
{
    static const uint32_t parts[] = { 0x4e2d, 0x138 }; /* 中, two bytes of it */
    struct keys *keys = keys_new(on_key, NULL);
    size_t size = malloc_usable_size(keys);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        keys_feed(keys, "中", i == 0 ? 3 : 2);
        keys_clear(keys);
        for (size_t at = 0; at + sizeof parts[i] <= size; at++)
            assert_memory_not_equal((const char *)keys + at, &parts[i],
                                    sizeof parts[i]);
    }
    keys_free(keys);
}

/* Any bytes end in no crash and, after silence, in no half state. */
static void test_rubbish(void **state)
{
    uint32_t chance = 1;

    (void)state;
    for (int run = 0; run < 2000; run++) {
        char bytes[48];
        struct keys *keys = keys_new(on_key, NULL);
        for (size_t i = 0; i < sizeof bytes; i++) {
            static const char often[] = "\x1b[<0;1Mm~OP200";
            chance = chance * 1664525u + 1013904223u;
            bytes[i] =
                chance >> 31 ? (char)(chance >> 8) : often[(chance >> 16) % 14];
        }
        seen[0] = '\0';
        keys_feed(keys, bytes, sizeof bytes);
        if (keys_wait_ms(keys) > 0)
            keys_time_is_up(keys);
        assert_int_equal(keys_wait_ms(keys), 0);
        keys_free(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_broken_utf8_is_dropped),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_keys_of_all_terminals),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_touch),
        cmocka_unit_test(test_long_sequences_are_dropped),
        cmocka_unit_test(test_paste),
        cmocka_unit_test(test_large_paste_is_cut),
        cmocka_unit_test(test_waits),
        cmocka_unit_test(test_cleared_is_zeroed),
        cmocka_unit_test(test_rubbish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
