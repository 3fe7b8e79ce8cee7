/* What an item may say, and is hardly meant: warnings. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "tests/unit/item_pages.h"

/* Nobody fills it in: it would stand there raw. */
static void test_option_words(void **state)
{
    (void)state;
    item_tells("      - {value: a, text: {zh_CN: 甲, en: A}}\n",
               "      - {value: a, text: {zh_CN: '甲{unit}', en: A}, note: "
               "{zh_CN: 乙, en: 'B {unit} {unit}'}}\n",
               "small.yaml:21:34: warning: {unit} is not filled in here: an "
               "option reads as it is written; say it in ask or hint\n"
               "small.yaml:21:74: warning: {unit} is not filled in here: an "
               "option reads as it is written; say it in ask or hint\n");
    item_tells("      - {value: a, text: {zh_CN: 甲, en: A}}\n",
               "      - {value: a, text: {zh_CN: '甲{nuit}', en: A}}\n",
               "small.yaml:21:34: error: {nuit} is filled by nothing: expected "
               "title, authority, unit, contact, fee, basis, legal_time, "
               "promised_time, minutes or what a step answers\n");
}

#define WITH "assurance: typed\n"

/* A day as a text has a time in it, which a day that was typed has not. */
static void day_tells(const char *rule, int column)
{
    char when[200], lines[300] = "";

    snprintf(when, sizeof when, "when: \"kind == 'b' && %s\"", rule);
    if (column > 0)
        snprintf(lines, sizeof lines,
                 "small.yaml:31:%d: warning: string( ) of a day reads "
                 "2026-11-26T00:00:00Z: expected .substring(0, 10) behind it, "
                 "to compare it with a day\n",
                 column);
    item_tells("when: kind == \"b\"", when, lines);
}

static void test_day_as_text(void **state)
{
    (void)state;
    day_tells("kind > string(today())", 34);
    day_tells("string(years_before(today(), 1)) != kind", 27);
    day_tells("kind > string(today()).substring(0, 10)", 0);
    day_tells("string(today()) > '2020-01-01'", 27);
    /* These are texts of one kind. */
    day_tells("string(today()) > '2020-01-01T00:00:00Z'", 0);
    day_tells("string(today()) > string(years_before(today(), 1))", 0);
    day_tells("kind != string(age)", 0);
    /* Of a condition it is told where that stands, not where it is named. */
    item_tells(WITH, WITH "conditions: {c: kind > string(today())}\n",
               "small.yaml:12:14: warning: no rule names the condition \"c\": "
               "use it or take it away\n"
               "small.yaml:12:24: warning: string( ) of a day reads "
               "2026-11-26T00:00:00Z: expected .substring(0, 10) behind it, to "
               "compare it with a day\n");
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_option_words),
        TEST(test_day_as_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
