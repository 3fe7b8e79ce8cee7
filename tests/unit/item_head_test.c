/* What the head says of an item: whom it is for, its theme, its area of the
 * plan, the words it is found by, the devices it needs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/flow/initials.h"
#include "tests/unit/item_pages.h"

static const char with[] = "order: 7\n";

/* The good item with these keys behind its order. */
static void head_tells(const char *keys, const char *lines)
{
    char to[512];

    snprintf(to, sizeof to, "%s%s", with, keys);
    item_tells(with, to, lines);
}

static void write_with(const char *name, const char *id, const char *keys)
{
    const char *at = strstr(item_good, "title: ");
    struct buf text;

    buf_init(&text, 16 * 1024);
    buf_add_format(&text, "id: %s\nversion: 1\norder: 7\n%s%s", id, keys, at);
    item_write(name, text.text);
    buf_done(&text);
}

/* ---- Keys ------------------------------------------------------------------ */

static void test_words(void **state)
{
    (void)state;
    head_tells("audience: legal person\narea: T6\ntheme: business\n"
               "elder: true\nkeywords: {zh_CN: 营业执照, en: licence}\n",
               "");
    head_tells("audience: person\n",
               "small.yaml:4:11: error: expected natural person, legal person "
               "or both\n");
    head_tells("area: T7\n", "small.yaml:4:7: error: expected T1, T2, T3, T4, "
                             "T5 or T6; did you mean \"T1\"?\n");
    head_tells("theme: polize\n",
               "small.yaml:4:8: error: expected work, medical, police, "
               "housing, family, support, business, hotline or progress; did "
               "you mean \"police\"?\n");
    head_tells("elder: yes\n", "small.yaml:4:8: error: expected false or "
                               "true\n");
    head_tells("keywords: {zh_CN: 营业执照}\n",
               "small.yaml:4:11: error: the text in en is missing\n");
}

/* What comes in a later version is told by its name. */
static void test_devices(void **state)
{
    (void)state;
    item_tells("printer: no}", "printer: no, scanner: must}",
               "small.yaml:10:53: error: \"scanner\" is not accepted yet: "
               "scanners come in a later version; expected network, reader and "
               "printer\n");
    item_tells("printer: no}", "printer: no, camera: wished}",
               "small.yaml:10:53: error: \"camera\" is not accepted yet: "
               "cameras come in a later version; expected network, reader and "
               "printer\n");
    item_tells("printer: no}", "printer: no, printr: must}",
               "small.yaml:10:53: error: unknown key \"printr\" here; did you "
               "mean \"printer\"?\n");
}

/* ---- Many items ------------------------------------------------------------ */

static void test_themes_of_many(void **state)
{
    char name[32], id[24];
    struct pack *pack;

    (void)state;
    for (int i = 1; i < PACK_TILES_MAX; i++) {
        snprintf(id, sizeof id, "other-%d", i);
        snprintf(name, sizeof name, "%s.yaml", id);
        write_with(name, id, i == 3 ? "" : "theme: police\n");
    }
    /* Eight have room on one page. */
    pack = item_load_silently("");
    assert_int_equal(pack_count(pack), PACK_TILES_MAX);
    assert_false(pack_has_themes(pack));
    pack_free(pack);
    write_with("ninth.yaml", "ninth", "theme: work\n");
    static const char other[] =
        "other-3.yaml:1:1: error: of more than 8 items each stands under a "
        "theme: expected \"theme\", one of work, medical, police, housing, "
        "family, support, business, hotline or progress\n";
    static const char small[] =
        "small.yaml:1:1: error: of more than 8 items each stands under a "
        "theme: expected \"theme\", one of work, medical, police, housing, "
        "family, support, business, hotline or progress\n";
    char both[sizeof other + sizeof small];
    snprintf(both, sizeof both, "%s%s", other, small);
    item_folder_tells("", both);
    write_with("other-3.yaml", "other-3", "theme: police\n");
    write_with("small.yaml", "small", "theme: hotline\n");
    pack = item_load_silently("");
    assert_true(pack_has_themes(pack));
    pack_free(pack);
}

/* ---- Finding --------------------------------------------------------------- */

static void test_initials(void **state)
{
    (void)state;
    assert_true(initial_is("居", 3, 'j'));
    assert_false(initial_is("居", 3, 'z'));
    assert_true(initial_is("啊", 3, 'a'));
    assert_true(initial_is("座", 3, 'z'));
    /* Read in two ways. */
    assert_true(initial_is("会", 3, 'h'));
    assert_true(initial_is("会", 3, 'k'));
    /* No syllable begins so, or it is no usual character. */
    assert_false(initial_is("居", 3, 'v'));
    assert_false(initial_is("居", 3, '5'));
    for (char c = 'a'; c <= 'z'; c++) {
        assert_false(initial_is("㼆", 3, c));
        assert_false(initial_is("𠮷", 4, c));
        assert_false(initial_is("，", 3, c));
    }
}

static void test_find(void **state)
{
    struct item item = {
        .title = { { "居住证 申领", "Residence permit" } },
        .keywords = { { "暂住证 12345", "police registration" } },
    };
    static const char *const there[] = {
        "jzz",   "zzsl", "JZZ",  "599",        "5997",         "zzz", "9",
        "12345", "perm", "7374", "residencep", "registration", "5"
    };
    static const char *const nowhere[] = { "",  "jzx",  "5990",      "permitx",
                                           "0", "zz12", "policereg", "?" };

    (void)state;
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        if (!item_is_found(&item, there[i]))
            fail_msg("%s does not find it", there[i]);
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        if (item_is_found(&item, nowhere[i]))
            fail_msg("%s finds it", nowhere[i]);
    item.keywords = (struct words){ { NULL, NULL } };
    assert_true(item_is_found(&item, "599"));
    assert_false(item_is_found(&item, "12345"));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_words),
        TEST(test_devices),
        TEST(test_themes_of_many),
        cmocka_unit_test(test_initials),
        cmocka_unit_test(test_find),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
