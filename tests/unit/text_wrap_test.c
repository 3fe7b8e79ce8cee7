/* Lines: where they end, what may not begin one, words that are too wide. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "kiosk/base/text.h"

struct lines {
    struct buf text; /* the lines with | between */
    int count;
    int widest;
};

static void on_line(void *owner, const char *line, size_t len)
{
    struct lines *lines = owner;
    int width = text_width_bytes(line, len);

    if (lines->count++ > 0)
        buf_add_char(&lines->text, '|');
    buf_add(&lines->text, line, len);
    if (width > lines->widest)
        lines->widest = width;
}

static void assert_wraps(const char *text, int cells, const char *expected)
{
    struct lines lines = { .count = 0 };

    buf_init(&lines.text, 10000);
    text_wrap(text, cells, on_line, &lines);
    assert_string_equal(lines.text.text, expected);
    assert_true(lines.widest <= cells);
    assert_int_equal(text_wrap_count(text, cells), lines.count);
    buf_done(&lines.text);
}

static void test_words(void **state)
{
    (void)state;
    assert_wraps("", 10, "");
    assert_wraps("one two three", 7, "one two|three");
    assert_wraps("one two three", 8, "one two|three");
    assert_wraps("one two three", 13, "one two three");
    assert_wraps("one two three", 3, "one|two|thr|ee");
    assert_wraps("请核对。提交以后不能在本机修改。", 12,
                 "请核对。提交|以后不能在本|机修改。");
    assert_wraps("请拨12345咨询", 6, "请拨|12345|咨询");
}

static void test_punctuation_begins_no_line(void **state)
{
    (void)state;
    assert_wraps("一二三，四", 6, "一二|三，四");
    assert_wraps("一二三。", 6, "一二|三。");
    assert_wraps("一二《三》", 6, "一二|《三》");
    assert_wraps("一二三！？", 6, "一二|三！？");
    /* A bracket that opens ends no line. */
    assert_wraps("一二（三）", 6, "一二|（三）");
    /* So many of them that one must begin a line: none is lost. */
    assert_wraps("。。。。。", 4, "。。|。。|。");
    assert_wraps("好。", 2, "好|。");
}

static void test_no_line_begins_wrongly_at_any_width(void **state)
{
    static const char text[] =
        "本机受南阳市政务服务局委托，读取您身份证上的姓名、号码、住址等信息；"
        "只用于办理《居住证申领》（首次）。愿意吗？请按：【继续】！"
        "https://example.gov.cn/long/path/of/a/page，好。";
    static const char *const closing[] = { "，", "。", "、", "；", "：",
                                           "！", "？", "）", "》", "】" };

    (void)state;
    /* From 6 on: "续】！" needs as much. */
    for (int cells = 6; cells < 60; cells++) {
        struct lines lines = { .count = 0 };

        buf_init(&lines.text, 10000);
        text_wrap(text, cells, on_line, &lines);
        assert_true(lines.widest <= cells);
        for (const char *at = strchr(lines.text.text, '|'); at;
             at = strchr(at + 1, '|'))
            for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
                assert_int_not_equal(strncmp(at + 1, closing[i], 3), 0);
        /* Nothing is lost: there is no space in it. */
        assert_int_equal(lines.text.len,
                         strlen(text) + (size_t)lines.count - 1);
        buf_done(&lines.text);
    }
}

static void test_spaces_at_breaks(void **state)
{
    (void)state;
    assert_wraps("ab   cd", 3, "ab|cd");
    assert_wraps("ab   cd   ", 3, "ab|cd");
    assert_wraps("一二　　三四", 4, "一二|三四");
    assert_wraps("一二　　三四", 6, "一二|三四");
    assert_wraps("      abc", 3, "abc");
    assert_wraps("  ab", 4, "  ab"); /* not at a break: kept */
}

static void test_newlines(void **state)
{
    (void)state;
    assert_wraps("a\nb", 10, "a|b");
    assert_wraps("a\r\nb", 10, "a|b");
    assert_wraps("a\n\nb", 10, "a||b");
    assert_wraps("a\n", 10, "a");
    assert_wraps("\n", 10, "");
    assert_wraps("ab cd \nef", 2, "ab|cd|ef");
    assert_wraps("a\vb", 10, "a|b");
    assert_wraps("a\xc2\x85"
                 "b",
                 10, "a|b");
    assert_wraps("a\u2028b", 10, "a|b");
    assert_wraps("a\u2029b", 10, "a|b");
    assert_int_equal(text_wrap_count("\n", 10), 1);
    assert_int_equal(text_wrap_count("", 10), 0);
}

static void test_wide_words(void **state)
{
    (void)state;
    assert_wraps("abcdefgh", 3, "abc|def|gh");
    assert_wraps("x abcdefgh y", 4, "x|abcd|efgh|y");
    /* A word is not cut before a mark that belongs to its end. */
    assert_wraps("abcd。", 4, "abc|d。");
    /* An accent stays with its letter. */
    assert_wraps("ae\u0301e\u0301", 2, "ae\u0301|e\u0301");
    /* Narrower than one character: still one a line, and an end. */
    assert_int_equal(text_wrap_count("一二", 1), 2);
    assert_int_equal(text_wrap_count("一二", 0), 2);
    assert_int_equal(text_wrap_count("ab", -5), 2);
}

static void test_long_text(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 200000);
    while (text.len < 100000)
        buf_add_char(&text, 'x');
    assert_int_equal(text_wrap_count(text.text, 100), 1000);
    buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_punctuation_begins_no_line),
        cmocka_unit_test(test_no_line_begins_wrongly_at_any_width),
        cmocka_unit_test(test_spaces_at_breaks),
        cmocka_unit_test(test_newlines),
        cmocka_unit_test(test_wide_words),
        cmocka_unit_test(test_long_text),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
