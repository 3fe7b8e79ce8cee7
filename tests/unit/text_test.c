/* Foreign text through its door; widths, lines, masks, glyphs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

enum { CUT = 1, INVALID = 2, CONTROL = 4 };

static void assert_accepts(const char *bytes, size_t len, size_t max_chars,
                           const char *expected, int changes)
{
    struct text_change change;
    struct buf out;

    buf_init(&out, 1000);
    buf_add_text(&out, "before:"); /* it appends */
    text_accept(bytes, len, max_chars, &out, &change);
    assert_string_equal(out.text + 7, expected);
    assert_int_equal(change.was_cut, !!(changes & CUT));
    assert_int_equal(change.was_invalid, !!(changes & INVALID));
    assert_int_equal(change.had_control, !!(changes & CONTROL));
    buf_done(&out);
}

static void assert_becomes(const char *text, const char *expected, int changes)
{
    assert_accepts(text, strlen(text), 100, expected, changes);
}

static void test_accept_keeps(void **state)
{
    (void)state;
    assert_becomes("", "", 0);
    assert_becomes("某路 5 号", "某路 5 号", 0);
    assert_becomes("  欧阳㼆昕 ", "  欧阳㼆昕 ", 0);
    assert_becomes("𠮷𪚥😀", "𠮷𪚥😀", 0);
    /* A variation selector belongs to the ideograph before it. */
    assert_becomes("葛\U000e0100", "葛\U000e0100", 0);
    /* Private use: old cards have rare characters there. */
    assert_becomes("\ue123", "\ue123", 0);
}

static void test_accept_normalises_but_never_names(void **state)
{
    (void)state;
    assert_becomes("e\u0301", "\u00e9", 0);
    assert_becomes("\u1100\u1161", "\uac00", 0);
    /* NFC alone would make 金 and 你 of these. */
    assert_becomes("\uf90a", "\uf90a", 0);
    assert_becomes("e\u0301\U0002f804e\u0301", "\u00e9\U0002f804\u00e9", 0);
}

static void test_accept_drops(void **state)
{
    (void)state;
    assert_becomes("a\x1b[Ab\x7f", "a[Ab", CONTROL);
    assert_becomes("a\xc2\x85"
                   "b\xc2\x9b"
                   "c",
                   "abc", CONTROL);
    assert_becomes("a\u202eb\u2066c\u200fd", "abcd", CONTROL);
    assert_becomes("a\u200bb\u200dc\ufeffd\u2060e\u00adf", "abcdef", CONTROL);
    assert_becomes("a\u2028b\u2029c\u3164d", "abcd", CONTROL);
    assert_becomes("a\nb\tc\r\n\r\nd", "a b c d", CONTROL);
    assert_accepts("a\0b", 3, 100, "ab", CONTROL);
    assert_becomes("\U000e0041", "", CONTROL);
}

static void test_accept_replaces(void **state)
{
    (void)state;
    assert_becomes("a\xff"
                   "b",
                   "a〓b", INVALID);
    assert_becomes("\xc0\xaf", "〓〓", INVALID); /* overlong */
    assert_becomes("\xe0\x80\x80", "〓〓〓", INVALID);
    assert_becomes("\xe4\xb8", "〓", INVALID); /* cut short: one mistake */
    assert_becomes("\xe4\xb8z", "〓z", INVALID);
    assert_becomes("\xf0\x9f\x98", "〓", INVALID);
    assert_becomes("\xf4\x90\x80\x80", "〓〓〓〓", INVALID);
    /* Half a surrogate pair, and both halves, as some encode them. */
    assert_becomes("\xed\xa0\x80", "〓", INVALID);
    assert_becomes("\xed\xa1\x82\xed\xbe\xb7", "〓〓", INVALID);
    assert_becomes("\ufffe\uffff\ufdd0\U0001ffff", "〓〓〓〓", INVALID);
    assert_becomes("\xff\x01", "〓", INVALID | CONTROL);
}

static void test_accept_limits(void **state)
{
    struct text_change change;
    struct buf out;

    (void)state;
    assert_accepts("一二三", 9, 3, "一二三", 0);
    assert_accepts("一二三", 9, 2, "一二", CUT);
    assert_accepts("一二三", 9, 0, "", CUT);
    /* Counted after normalising and dropping. */
    assert_accepts("e\u0301e\u0301\n", 7, 3, "\u00e9\u00e9 ", CONTROL);
    /* A full buffer never holds a part of a character. */
    buf_init(&out, 7);
    text_accept("一二三", 9, 100, &out, &change);
    assert_string_equal(out.text, "一二");
    assert_true(change.was_cut);
    buf_done(&out);
}

static void test_accept_long_paste(void **state)
{
    size_t len = 100 * 1024;
    char *paste = mem_new(len + 1);

    (void)state;
    for (size_t i = 0; i < len; i++)
        paste[i] = "ab\r\x1b\xcc\x81"[i % 6];
    struct text_change change;
    struct buf out;
    buf_init(&out, 4096);
    text_accept(paste, len, 500, &out, &change);
    assert_true(change.was_cut && change.had_control);
    assert_int_equal(text_count(out.text), 500);
    assert_true(text_is_valid(out.text, out.len));
    buf_clear(&out);
    /* Nothing but accents: one run to put in order. */
    for (size_t i = 0; i < len; i++)
        paste[i] = i % 4 < 2 ? "\xcc\x81"[i % 2] : "\xcc\xa3"[i % 2];
    text_accept(paste, len, 500, &out, &change);
    assert_int_equal(text_count(out.text), 500);
    buf_done(&out);
    mem_free(paste);
}

static void assert_utf16(const char *units, size_t count, const char *expected,
                         bool was_invalid)
{
    struct text_change change;
    struct buf out;

    buf_init(&out, 100);
    text_accept_utf16le((const unsigned char *)units, count * 2, &out, &change);
    assert_string_equal(out.text, expected);
    assert_int_equal(change.was_invalid, was_invalid);
    assert_false(change.was_cut);
    buf_done(&out);
}

static void test_utf16(void **state)
{
    (void)state;
    assert_utf16("\x20\x5f\x09\x4e \0 \0", 4, "张三", false);
    assert_utf16("\x20\x5f\xff\xff\0\0 \0", 4, "张", false);
    /* Spaces at the left and inside stay. */
    assert_utf16(" \0A\0 \0B\0", 4, " A B", false);
    assert_utf16("\x42\xd8\xb7\xdf", 2, "𠮷", false);
    assert_utf16("\x42\xd8", 1, "〓", true);
    assert_utf16("\xb7\xdf\x20\x5f", 2, "〓张", true);
    assert_utf16("\xb7\xdf\xb7\xdf", 2, "〓〓", true);
    assert_utf16("\x42\xd8\x20\x5f", 2, "〓张", true);
    assert_utf16("\x42\xd8\x42\xd8\xb7\xdf", 3, "〓𠮷", true);
    assert_utf16("A\0\xff\xff"
                 "B\0",
                 3, "A〓B", true);
    assert_utf16("A\0\x1b\0B\0", 3, "AB", false);
    assert_utf16("", 0, "", false);
    assert_utf16("\0\0\0\0", 2, "", false);
}

static void test_is_valid(void **state)
{
    (void)state;
    assert_true(text_is_valid("", 0));
    assert_true(text_is_valid("张𠮷\n", 8));
    assert_false(text_is_valid("\xed\xa0\x80", 3));
    assert_false(text_is_valid("\xe5\xbc", 2));
    assert_false(text_is_valid("a\0b", 3));
}

static void test_next_and_offset(void **state)
{
    const char *at = "张é𠮷\xff!";

    (void)state;
    assert_int_equal(text_next(&at), 0x5f20);
    assert_int_equal(text_next(&at), 0xe9);
    assert_int_equal(text_next(&at), 0x20bb7);
    assert_int_equal(text_next(&at), 0x3013); /* our bug, but no crash */
    assert_int_equal(text_next(&at), '!');
    assert_int_equal(text_next(&at), 0);
    assert_int_equal(text_next(&at), 0);
    assert_int_equal(text_count("张é𠮷"), 3);
    assert_int_equal(text_offset("张é𠮷", 0), 0);
    assert_int_equal(text_offset("张é𠮷", 2), 5);
    assert_int_equal(text_offset("张é𠮷", 9), 9);
}

/* Most characters are looked up by a shorter way than the others. */
static void test_each_character(void **state)
{
    (void)state;
    for (uint32_t c = 0xa0; c < 0x30000; c++) {
        char bytes[4];
        uint32_t decoded = 0;
        int width = wcwidth((wchar_t)c);
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        assert_int_equal(text_width_of(c), width < 0 || width > 2 ? 2 : width);
        size_t len = text_encode(c, bytes);
        assert_int_equal(text_decode(bytes, len, &decoded), len);
        assert_int_equal(decoded, c);
        assert_int_equal(text_decode(bytes, len - 1, &decoded), len - 1);
        assert_int_equal(decoded, TEXT_BROKEN);
    }
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(text_width("张三 A"), 6);
    assert_int_equal(text_width("e\u0301"), 1);
    assert_int_equal(text_width("ａ，。"), 6);
    assert_int_equal(text_width("𠮷"), 2);
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width_of('\n'), 0);
    assert_int_equal(text_width_of(0x2500), 1);
    assert_int_equal(text_width_bytes("张三", 3), 2);
    assert_int_equal(text_fit("张三", 3), 3);
    assert_int_equal(text_fit("张三", 4), 6);
    assert_int_equal(text_fit("张三", 1), 0);
    assert_int_equal(text_fit("e\u0301e", 1), 3);
}

static void tidy(const char *text, const char *expected)
{
    struct buf out;

    buf_init(&out, 100);
    text_tidy_number(text, &out);
    assert_string_equal(out.text, expected);
    buf_done(&out);
}

static void test_tidy_number(void **state)
{
    (void)state;
    tidy("１３８ 1234-5678", "13812345678");
    tidy("138－1234—5678", "13812345678");
    tidy("　4113\u00a02719ｘ ", "41132719x");
    tidy("12a张", "12a张"); /* what is wrong stays, to be seen */
}

static void assert_masked(void (*mask)(const char *, struct buf *),
                          const char *text, const char *expected)
{
    struct buf out;

    buf_init(&out, 100);
    mask(text, &out);
    assert_string_equal(out.text, expected);
    buf_done(&out);
}

static void test_masks(void **state)
{
    (void)state;
    assert_masked(text_mask_name, "张小三", "张*三");
    assert_masked(text_mask_name, "张三", "张*");
    assert_masked(text_mask_name, "张", "*");
    assert_masked(text_mask_name, "", "");
    assert_masked(text_mask_name, "欧阳㼆昕", "欧**昕");
    assert_masked(text_mask_name, "葛\U000e0100小\U000e0100三",
                  "葛\U000e0100*三");
    assert_masked(text_mask_number, "411301198001011234", "411***********1234");
    assert_masked(text_mask_number, "H12345678", "H*******8");
    assert_masked(text_mask_number, "123", "***");
    assert_masked(text_mask_phone, "13812345678", "138****5678");
    assert_masked(text_mask_phone, "1381234567", "1********7");
}

static void test_glyphs(void **state)
{
    static const uint32_t with[] = { ' ',    '~',    0xb7,   0x14d,  0x3a9,
                                     0x416,  0x2014, 0x2500, 0x3013, 0x3042,
                                     0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xff0c,
                                     0xffe5, 0x2460 };
    static const uint32_t without[] = { 0,       0x1f,    0x7f,    0x9f,
                                        0xad,    0x200b,  0x202e,  0x2614,
                                        0xe000,  0xfffd,  0x1f600, 0x20000,
                                        0x20bb7, 0x10ffff };

    (void)state;
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        assert_true(text_has_glyph(with[i]));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        assert_false(text_has_glyph(without[i]));
    assert_masked(text_for_screen, "张𠮷😀\x1b\ue000é\n葛\U000e0100",
                  "张〓〓〓〓é\n葛");
    assert_true(text_is_for_screen("张三 A\n"));
    assert_true(text_is_for_screen(""));
    assert_false(text_is_for_screen("张𠮷"));
    assert_false(text_is_for_screen("葛\U000e0100"));
    assert_false(text_is_for_screen("张\xe5\xbc"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_accept_keeps),
    cmocka_unit_test(test_accept_normalises_but_never_names),
    cmocka_unit_test(test_accept_drops),
    cmocka_unit_test(test_accept_replaces),
    cmocka_unit_test(test_accept_limits),
    cmocka_unit_test(test_accept_long_paste),
    cmocka_unit_test(test_utf16),
    cmocka_unit_test(test_is_valid),
    cmocka_unit_test(test_next_and_offset),
    cmocka_unit_test(test_each_character),
    cmocka_unit_test(test_width),
    cmocka_unit_test(test_tidy_number),
    cmocka_unit_test(test_masks),
    cmocka_unit_test(test_glyphs),
};

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
