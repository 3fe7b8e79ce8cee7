/* What may follow, out of a few words. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/ime/phrases.h"

static const char lines[] = "白\t900\n白天\t50\n白云\t40\n白\t1000\n"
                            "天\t700\n天气\t80\n白天鹅\t5\n天天\t60\n"
                            "天长\t20\n天长\t90\n";

static void on_next(void *owner, const char *rest)
{
    buf_add_text(owner, rest);
    buf_add_char(owner, ' ');
}

static void expect(const struct phrases *words, const char *text, size_t most,
                   const char *expected)
{
    struct buf next;

    buf_init(&next, 1024);
    phrases_next(words, text, most, on_next, &next);
    assert_string_equal(next.text, expected);
    buf_done(&next);
}

static void test_what_follows(void **state)
{
    struct phrases *words;

    (void)state;
    assert_int_equal(phrases_open(lines, strlen(lines), &words), 0);
    assert_int_equal(phrases_weight(words, "白"), 1000); /* of two sounds */
    assert_int_equal(phrases_weight(words, "黑"), 0);
    expect(words, "白", 9, "天 云 天鹅 ");
    /* The end of the longest beginning first; each once, by its best. */
    expect(words, "白天", 9, "鹅 长 气 天 ");
    expect(words, "今天在白", 9, "天 云 天鹅 ");
    expect(words, "白天", 2, "鹅 长 ");
    expect(words, "鹅", 9, "");
    expect(words, "", 9, "");
    phrases_close(words);
}

static void test_bad_lines(void **state)
{
    static const char *const bad[] = { "", "白天", "白天 50\n", "\t50\n",
                                       "\xff\xfe\t50\n" };
    struct phrases *words;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_not_equal(phrases_open(bad[i], strlen(bad[i]), &words), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_follows),
        cmocka_unit_test(test_bad_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
