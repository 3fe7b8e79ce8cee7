/* Slips of who writes YAML by an input method, or in a hurry: each is told once,
 * with what to write instead. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/item_pages.h"

/* What a comma or a full-width sign does between { and }. */
static void test_signs_of_yaml(void **state)
{
    (void)state;
    item_tells("title: {zh_CN: 小事, en: Small}",
               "title: {zh_CN: 小事, en: Small, very}",
               "small.yaml:4:31: error: the comma before \"very\" ended the "
               "text: expected a text that holds a comma in quotes\n");
    item_tells("title: {zh_CN: 小事, en: Small}",
               "title: {zh_CN：小事, en: Small}",
               "small.yaml:4:9: error: \"：\" is no colon of YAML: expected "
               "\": \" behind the language, half width and with a space\n");
    item_tells("title: {zh_CN: 小事, en: Small}",
               "title: {zh_CN: 小事， en: Small}",
               "small.yaml:4:22: error: \"，\" is no comma of YAML: expected "
               "\", \" before this key, half width and with a space\n");
    item_tells("title: {zh_CN: 小事, en: Small}",
               "title: {zh_CN: 小事，en: Small}",
               "small.yaml:4:21: error: \"，\" is no comma of YAML: expected "
               "\", \" before this key, half width and with a space\n");
    item_tells("title: {zh_CN: 小事, en: Small}",
               "title：{zh_CN: 小事, en: Small}",
               "small.yaml:4:1: error: \"：\" is no colon of YAML: expected "
               "\": \" behind the key, half width and with a space\n");
    /* One within a text is no mistake, nor the cause of another. */
    item_tells("title: {zh_CN: 小事, en: Small}",
               "title: {zh_CN: 小，事, en: Small: one}",
               "small.yaml:4:30: error: expected \",\" or \"}\": a map is "
               "open; between { and } a text that holds , or : stands in "
               "quotes\n");
}

static void test_misspelt_keys(void **state)
{
    (void)state;
    /* A key that must be there and is misspelt is told once; one that is not
     * there at all is told, too. */
    item_tells(
        "    label: {zh_CN: 名, en: Name}\n    options:",
        "    labl: {zh_CN: 名, en: Name}\n    options:",
        "small.yaml:19:5: error: unknown key \"labl\" here; did you mean "
        "\"label\"?\n");
    item_tells("    label: {zh_CN: 名, en: Name}\n    options:", "    options:",
               "small.yaml:16:5: error: a step lacks \"label\": the answer's "
               "name on review, slip and errors\n");
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_signs_of_yaml),
        TEST(test_misspelt_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
