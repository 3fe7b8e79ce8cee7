/* Papers of an item: what may stand beside them, what is told of mistakes, and
 * a promise that does not outlive the papers that it was made for. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/materials.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLIDAYS "value\tparent\tzh_CN\ten\n2026-12-01\toff\t节\tDay\n"

/* The good item's last page before the review is replaced by these. */
#define BEFORE "  - {id: review, screen: review}\n"
#define PAPER(id, more)                                                        \
    "  - {id: " id ", screen: choice, material: " more                         \
    ", ask: {zh_CN: 问, en: Ask}, label: {zh_CN: 纸" id ", en: " id "}}\n"
#define SUMS "  - {id: papers, screen: materials, within: {days: 3}}\n"

static int make(void **state)
{
    char locales[256];
    const char *build = getenv("KIOSK_BUILD");
    int failed = item_folder_make(state);

    snprintf(locales, sizeof locales, "%s/share/locales",
             build ? build : "build");
    if (i18n_open(locales))
        return -1;
    item_write("lists/holidays.tsv", HOLIDAYS);
    return failed;
}

/* The tests in the good item walk it without these pages. */
static void tells(const char *pages, const char *lines)
{
    char text[4096];

    snprintf(text, sizeof text, "%s" BEFORE, pages);
    item_tells(BEFORE, text, lines);
}

static void test_mistakes(void **state)
{
    (void)state;
    tells("  - {id: a, screen: choice, material: may folow, ask: {zh_CN: 问, "
          "en: Ask}, label: {zh_CN: 名, en: N}}\n",
          "small.yaml:37:39: error: expected required or may follow; did you "
          "mean \"may follow\"?\n");
    tells(SUMS, "small.yaml:37:5: error: no step before this asks for a "
                "material: expected one with material: required or may "
                "follow\n");
    tells(PAPER("a", "required") "  - {id: papers, screen: materials, when: a "
                                 "== null, within: "
                                 "{days: 3}}\n",
          "small.yaml:38:43: error: this page comes by itself when a paper is "
          "lacking: \"when\" does not belong here\n");
    tells(PAPER("a", "required") "  - {id: papers, screen: materials, within: "
                                 "{days: 3, unverified: "
                                 "true}}\n",
          "small.yaml:38:45: error: a person promises by this time: expected "
          "one that is verified\n");
    tells(PAPER("a", "required") "  - {id: papers, screen: materials}\n",
          "small.yaml:38:5: error: a step lacks \"within\": how long papers "
          "that follow may take, from today\n");
    tells(PAPER("a", "required"),
          "small.yaml:37:5: error: nothing comes of a paper that is missing: "
          "expected a step with screen: materials after the last paper\n");
    tells(PAPER("a", "required, way: {zh_CN: 走, en: Go}") SUMS,
          "small.yaml:37:54: error: a material has its own answers: \"way\" "
          "does not belong here\n");
}

static void test_list(void **state)
{
    (void)state;
    item_write("lists/holidays.tsv",
               "value\tparent\tzh_CN\ten\n2026-12-01\tfree\t节\tDay\n");
    tells(PAPER("a", "required") SUMS,
          "small.yaml:38:5: error: list holidays, \"2026-12-01\": expected off "
          "or work as the parent\n");
    item_write("lists/holidays.tsv", HOLIDAYS);
}

/* ---- All their ways -------------------------------------------------------- */

enum { PAPERS = 16 };

/* So many papers that not every way can be walked: those that no rule names are
 * tried until one follows and one is missing, those that a rule names with one
 * another.  Exactly these lines are told. */
static void tells_of_many(const char *after, const char *lines)
{
    const char *at = strstr(item_good, BEFORE);
    const char *tests = strstr(item_good, "tests:\n");
    struct buf text;

    buf_init(&text, 64 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    for (int i = 0; i < PAPERS; i++)
        buf_add_format(&text,
                       "  - {id: p%d, screen: choice, material: may follow, "
                       "ask: {zh_CN: 问, en: Ask}, label: {zh_CN: 纸%d, en: "
                       "P%d}}\n",
                       i, i, i);
    buf_add_format(&text, "%s%s%.*s", SUMS, after, (int)(tests - at), at);
    item_write("small.yaml", text.text);
    item_folder_tells("", lines);
    item_write("small.yaml", item_good);
    buf_done(&text);
}

#define ASKED_WHEN(rule)                                                       \
    "  - {id: more, screen: choice, when: '" rule                              \
    "', ask: {zh_CN: 问, en: Ask}, label: {zh_CN: 名, en: N}, options: "     \
    "[{value: x, text: {zh_CN: 甲, en: X}}, {value: y, text: {zh_CN: 乙, "   \
    "en: Y}}]}\n"

static void test_many_are_walked(void **state)
{
    (void)state;
    tells_of_many("", "");
    tells_of_many(ASKED_WHEN("p3 == \"follows\" && p9 == \"follows\""), "");
    tells_of_many(ASKED_WHEN("p3 == \"follows\" && p9 == \"brought\""), "");
    tells_of_many(ASKED_WHEN("papers != null"), "");
    tells_of_many(ASKED_WHEN("p3 == \"missing\""),
                  "small.yaml:54:38: error: this page never comes: its rule "
                  "holds on no way through the item\n");
}

/* ---- The promise ----------------------------------------------------------- */

static struct pack *load(void)
{
    static const char steps[] = BEFORE;
    char text[8192];
    const char *at = strstr(item_good, steps);
    const char *tests = strstr(item_good, "tests:\n");

    snprintf(text, sizeof text, "%.*s%s%.*s", (int)(at - item_good), item_good,
             PAPER("a", "required") PAPER("b", "may follow")
                 PAPER("c", "may follow") SUMS,
             (int)(tests - at), at);
    item_write("small.yaml", text);
    struct pack *pack = item_load_silently("");
    item_write("small.yaml", item_good);
    return pack;
}

static void give(struct answers *answers, const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), 0);
}

static void is_text(const struct item *item, const struct answers *answers,
                    enum language language, const char *expected)
{
    struct buf text;

    buf_init(&text, 4096);
    walk_text(item, materials_page(item), answers, language, &text);
    assert_string_equal(text.text, expected);
    buf_done(&text);
}

static void test_promise(void **state)
{
    struct pack *pack = load();
    const struct item *item = pack_find(pack, "small");
    const struct step *page = materials_page(item);
    struct answers *answers = answers_new();
    struct buf promise;

    (void)state;
    answers_begin(answers, clock_of_date(2026, 11, 28));
    give(answers, "a", MATERIAL_BROUGHT);
    assert_false(walk_shows(page, answers));
    give(answers, "b", MATERIAL_FOLLOWS);
    give(answers, "c", MATERIAL_FOLLOWS);
    assert_true(walk_shows(page, answers));
    assert_null(walk_stop(page, answers));
    assert_ptr_equal(materials_answered(item, answers, MATERIAL_FOLLOWS, 1),
                     item_step(item, "c"));
    buf_init(&promise, 4096);
    materials_promise(item, page, answers, &promise);
    /* 1 December is off. */
    assert_string_equal(promise.text, "2026-12-02 b c");
    give(answers, "papers", promise.text);
    buf_done(&promise);
    is_text(item, answers, LANGUAGE_ZH_CN,
            "纸b、纸c，最迟 2026年12月02日交到某处");
    is_text(item, answers, LANGUAGE_EN,
            "b, c, to Office by 2026-12-02 at the latest");

    /* Other papers, another promise. */
    assert_int_equal(walk_drop(item, answers), 0);
    give(answers, "b", MATERIAL_BROUGHT);
    assert_int_equal(walk_drop(item, answers), 1);
    assert_null(answers_get(answers, "papers"));
    give(answers, "a", MATERIAL_MISSING);
    assert_string_equal(walk_stop(page, answers)->id, "papers_missing");
    answers_free(answers);
    pack_free(pack);
}

/* A year that nobody has set: the day is told with what may move it. */
static void test_unset_year(void **state)
{
    struct pack *pack = load();
    const struct item *item = pack_find(pack, "small");
    struct answers *answers = answers_new();

    (void)state;
    give(answers, "papers", "2027-01-05 c");
    is_text(item, answers, LANGUAGE_EN,
            "c, to Office by 2027-01-05 (later if public holidays fall into "
            "it) at the latest");
    answers_free(answers);
    pack_free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),        cmocka_unit_test(test_list),
        cmocka_unit_test(test_many_are_walked), cmocka_unit_test(test_promise),
        cmocka_unit_test(test_unset_year),
    };
    return cmocka_run_group_tests_name("item materials", tests, make,
                                       item_folder_remove);
}
