/* A test of an item that says what can be read on its pages. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "tests/unit/item_pages.h"

enum { CHANGE_BYTES = 1024 };

/* The good item whose own test says that, and what is told of it. */
static void says(const char *what, const char *lines)
{
    char to[CHANGE_BYTES];

    snprintf(to, sizeof to, "    says: %s\n    sent: {kind: b", what);
    item_tells("    sent: {kind: b", to, lines);
}

static void test_what_stands_there(void **state)
{
    (void)state;
    says("{}", "");
    says("{kind: [问, 名, 甲, 乙]}", "");
    says("{kind: [Ask, A, B], card: []}", "");
    /* a part of it; the way round; what is told where one asks why */
    says("{phone: [用来, To reach, 再补]}", "");
    says("{result: [甲, B]}", "");
}

static void test_what_does_not(void **state)
{
    (void)state;
    says("{kind: [问, 丙]}",
         "small.yaml:49:22: error: test \"grown up\": \"丙\" cannot be read on "
         "the page \"kind\"\n");
    /* each text by itself; a stop only where it ends there */
    says("{result: [甲乙]}",
         "small.yaml:49:21: error: test \"grown up\": \"甲乙\" cannot be read "
         "on the page \"result\"\n");
    says("{kind: [因]}",
         "small.yaml:49:19: error: test \"grown up\": \"因\" cannot be read on "
         "the page \"kind\"\n");
    says("{kind: ['']}",
         "small.yaml:49:19: error: test \"grown up\": \"\" cannot be read on "
         "the page \"kind\"\n");
}

static void test_other_pages(void **state)
{
    (void)state;
    says("{knid: [问]}",
         "small.yaml:49:12: error: test \"grown up\": the page \"knid\" does "
         "not come here\n");
    says("{kind: 问}", "small.yaml:49:18: error: expected a list of values\n");
    says("[问]", "small.yaml:49:11: error: expected answers' names and lists "
                 "of values\n");
}

static void test_stop(void **state)
{
    (void)state;
    item_tells("    pages: [card, kind]\n",
               "    says: {kind: [因, Nothing, 走]}\n    pages: [card, kind]\n",
               "");
}

static void test_filled_in(void **state)
{
    (void)state;
    item_tells("text: {zh_CN: 乙, en: B}}\ntests:\n  - name: grown up\n",
               "text: {zh_CN: '{kind}号，{unit}', en: '{kind}'}}\n"
               "tests:\n  - name: grown up\n"
               "    says: {result: ['乙号，某处']}\n",
               "");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_stands_there), TEST(test_what_does_not),
        TEST(test_other_pages),       TEST(test_stop),
        TEST(test_filled_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
