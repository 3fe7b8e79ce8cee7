/* Catalogues: both byte orders, look-ups, and files that are damaged. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/i18n.h"

/* A msgid with its text; lengths, because plurals hold a NUL. */
struct entry {
    const char *msgid;
    size_t msgid_len;
    const char *text;
    size_t text_len;
};

#define ENTRY(msgid, text)                                                     \
    {                                                                          \
        msgid, sizeof msgid - 1, text, sizeof text - 1                         \
    }
#define HEADER(plural)                                                         \
    ENTRY("", "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: " plural \
              "\n")

/* Sorted, as msgfmt writes them. */
static const struct entry chinese[] = {
    HEADER("nplurals=1; plural=0;"),
    ENTRY("%d page\0%d pages", "%d 页"),
    ENTRY("Back", "返回"),
    ENTRY("Print", "打印"),
    ENTRY("button\004Print", "打印纸质件"),
};
enum { CHINESE_COUNT = sizeof chinese / sizeof *chinese };

static char folder[64], path[128];

static int set_up(void **state)
{
    (void)state;
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    snprintf(path, sizeof path, "%s/zh_CN.mo", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    i18n_close();
    return file_remove_tree(folder) ? -1 : 0;
}

static void add_word(struct buf *out, size_t word, bool is_big)
{
    for (int i = 0; i < 4; i++)
        buf_add_char(out, (char)(word >> (is_big ? 24 - 8 * i : 8 * i)));
}

static void make_mo(const struct entry *entries, size_t count, bool is_big,
                    struct buf *out)
{
    const size_t words[] = { 0x950412de,     0, count,          28,
                             28 + count * 8, 0, 28 + count * 16 };
    size_t at = 28 + count * 16;

    buf_init(out, 10000);
    for (size_t i = 0; i < 7; i++)
        add_word(out, words[i], is_big);
    for (size_t i = 0; i < count; at += entries[i++].msgid_len + 1) {
        add_word(out, entries[i].msgid_len, is_big);
        add_word(out, at, is_big);
    }
    for (size_t i = 0; i < count; at += entries[i++].text_len + 1) {
        add_word(out, entries[i].text_len, is_big);
        add_word(out, at, is_big);
    }
    for (size_t i = 0; i < count; i++)
        buf_add(out, entries[i].msgid, entries[i].msgid_len + 1);
    for (size_t i = 0; i < count; i++)
        buf_add(out, entries[i].text, entries[i].text_len + 1);
}

/* Written plainly: some thousand of them, none worth waiting for a disk (as a
 * file that is made shorter would be). */
static enum err open_bytes(const void *bytes, size_t len)
{
    (void)remove(path);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    return i18n_open(folder);
}

static enum err open_entries(const struct entry *entries, size_t count,
                             bool is_big)
{
    struct buf mo;

    make_mo(entries, count, is_big, &mo);
    enum err err = open_bytes(mo.text, mo.len);
    buf_done(&mo);
    return err;
}

static void assert_chinese(void)
{
    assert_string_equal(i18n_text(LANGUAGE_ZH_CN, "Back"), "返回");
    assert_string_equal(i18n_text(LANGUAGE_ZH_CN, "Print"), "打印");
    assert_string_equal(i18n_text(LANGUAGE_ZH_CN, "No such"), "No such");
    assert_string_equal(i18n_text(LANGUAGE_ZH_CN, ""), "");
    assert_string_equal(i18n_text_in(LANGUAGE_ZH_CN, "button", "Print"),
                        "打印纸质件");
    assert_string_equal(i18n_text_in(LANGUAGE_ZH_CN, "menu", "Print"), "Print");
    assert_string_equal(
        i18n_text_many(LANGUAGE_ZH_CN, "%d page", "%d pages", 1), "%d 页");
    assert_string_equal(
        i18n_text_many(LANGUAGE_ZH_CN, "%d page", "%d pages", 3), "%d 页");
    assert_string_equal(i18n_text_many(LANGUAGE_ZH_CN, "%d day", "%d days", 3),
                        "%d days");
}

static void test_look_up(void **state)
{
    (void)state;
    for (int is_big = 0; is_big < 2; is_big++) {
        assert_int_equal(open_entries(chinese, CHINESE_COUNT, is_big), ERR_OK);
        assert_chinese();
        i18n_close();
    }
    assert_string_equal(i18n_text(LANGUAGE_ZH_CN, "Back"), "Back");
}

static void test_english_needs_no_file(void **state)
{
    (void)state;
    assert_int_equal(open_entries(chinese, CHINESE_COUNT, false), ERR_OK);
    assert_string_equal(i18n_text(LANGUAGE_EN, "Back"), "Back");
    assert_string_equal(i18n_text_in(LANGUAGE_EN, "button", "Print"), "Print");
    assert_string_equal(i18n_text_many(LANGUAGE_EN, "one", "many", 1), "one");
    assert_string_equal(i18n_text_many(LANGUAGE_EN, "one", "many", 0), "many");
    assert_string_equal(i18n_text_many(LANGUAGE_EN, "one", "many", 2), "many");
}

static void test_two_forms(void **state)
{
    static const struct entry entries[] = {
        HEADER("nplurals=2; plural=(n != 1);"),
        ENTRY("%d day\0%d days", "just one"), /* a form is missing */
        ENTRY("%d page\0%d pages", "one\0more"),
    };

    (void)state;
    assert_int_equal(open_entries(entries, 3, false), ERR_OK);
    assert_string_equal(
        i18n_text_many(LANGUAGE_ZH_CN, "%d page", "%d pages", 1), "one");
    assert_string_equal(
        i18n_text_many(LANGUAGE_ZH_CN, "%d page", "%d pages", 0), "more");
    assert_string_equal(i18n_text_many(LANGUAGE_ZH_CN, "%d day", "%d days", 5),
                        "just one");
}

static void test_refused(void **state)
{
    static const struct entry polish[] = {
        HEADER("nplurals=3; plural=(n==1 ? 0 : 1);"),
    };
    static const struct entry unsorted[] = { HEADER("nplurals=1; plural=0;"),
                                             ENTRY("b", "x"), ENTRY("a", "y") };
    static const struct entry invalid[] = { HEADER("nplurals=1; plural=0;"),
                                            ENTRY("a", "\xe5\xbc") };
    static const struct entry headless[] = { ENTRY("a", "b") };

    (void)state;
    assert_int_equal(open_entries(polish, 1, false), ERR_CORRUPT);
    assert_int_equal(open_entries(unsorted, 3, false), ERR_CORRUPT);
    assert_int_equal(open_entries(invalid, 2, false), ERR_CORRUPT);
    assert_int_equal(open_entries(headless, 1, false), ERR_CORRUPT);
    assert_int_equal(open_entries(NULL, 0, false), ERR_CORRUPT);
    assert_int_equal(open_bytes("not a catalogue, but long enough", 32),
                     ERR_CORRUPT);
    assert_int_equal(file_remove(path), ERR_OK);
    assert_int_equal(i18n_open(folder), ERR_NOT_FOUND);
    /* Nothing is open: English. */
    assert_string_equal(i18n_text(LANGUAGE_ZH_CN, "a"), "a");
}

static void test_refused_long_path(void **state)
{
    char name[5000];

    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(i18n_open(name), ERR_TOO_BIG);
}

/* Every byte changed in turn, every length: an error or a catalogue that can
 * be asked. */
static void test_damaged(void **state)
{
    static const unsigned char bytes[] = { 0x00, 0x01, 0x7f, 0xff };
    struct buf mo;

    (void)state;
    make_mo(chinese, CHINESE_COUNT, false, &mo);
    for (size_t len = 0; len < mo.len; len++)
        assert_int_not_equal(open_bytes(mo.text, len), ERR_OK);
    for (size_t at = 0; at < mo.len; at++) {
        char kept = mo.text[at];

        for (size_t i = 0; i < sizeof bytes; i++) {
            mo.text[at] = (char)bytes[i];
            if (open_bytes(mo.text, mo.len))
                continue;
            for (size_t j = 0; j < CHINESE_COUNT; j++) {
                const char *id = chinese[j].msgid;

                (void)strlen(i18n_text(LANGUAGE_ZH_CN, id));
                (void)strlen(i18n_text_many(LANGUAGE_ZH_CN, id, "x", 2));
            }
        }
        mo.text[at] = kept;
    }
    buf_done(&mo);
}

static void test_languages(void **state)
{
    enum language language = LANGUAGE_COUNT;

    (void)state;
    assert_int_equal(language_find("en", &language), ERR_OK);
    assert_int_equal(language, LANGUAGE_EN);
    assert_string_equal(language_name(LANGUAGE_ZH_CN), "zh_CN");
    assert_int_equal(language_find("zh", &language), ERR_NOT_FOUND);
    assert_int_equal(language, LANGUAGE_EN); /* untouched */
}

static void test_words(void **state)
{
    struct words both = { .in = { "中", "en" } };
    struct words one = { .in = { NULL, "en" } };
    struct words none = { .in = { NULL, NULL } };

    (void)state;
    assert_string_equal(words_in(&both, LANGUAGE_ZH_CN), "中");
    assert_string_equal(words_in(&both, LANGUAGE_EN), "en");
    assert_string_equal(words_in(&one, LANGUAGE_ZH_CN), "en");
    assert_string_equal(words_in(&none, LANGUAGE_ZH_CN), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look_up),
        cmocka_unit_test(test_english_needs_no_file),
        cmocka_unit_test(test_two_forms),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_long_path),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
