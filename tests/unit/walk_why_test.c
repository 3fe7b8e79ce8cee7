/* Why a page is shown: which answers brought it up, by its rule; and the law,
 * where somebody has verified it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/item_pages.h"

#include "kiosk/flow/walk.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 16 * 1024 };

/* The good item, in which the telephone is asked by another rule. */
static struct pack *load(const char *from, const char *to)
{
    const char *at = strstr(item_good, from);
    struct problems problems;
    struct pack *pack = NULL;
    struct buf text;

    assert_non_null(at);
    buf_init(&text, TEXT_BYTES);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, to);
    buf_add_text(&text, at + strlen(from));
    item_write("small.yaml", text.text);
    buf_done(&text);
    problems_init(&problems);
    if (pack_load(item_folder(), &problems, &pack))
        fail_msg("%s", problems.text.text);
    problems_done(&problems);
    return pack;
}

/* answers: "kind=b age=20". */
static void set_all(struct answers *answers, const char *given)
{
    char text[256], *rest = text;

    snprintf(text, sizeof text, "%s", given);
    for (char *at = strtok_r(text, " ", &rest); at;
         at = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(at, '=');

        *value = '\0';
        assert_int_equal(answers_set(answers, at, value + 1,
                                     strncmp(at, "card_", 5) == 0
                                         ? SOURCE_CARD
                                         : SOURCE_CITIZEN),
                         ERR_OK);
    }
}

/* causes: "kind(step) age(card) ". */
static void comes_from(const char *rule, const char *given, const char *causes)
{
    struct walk_cause list[WALK_CAUSES_MAX];
    struct answers *answers = answers_new();
    char when[256];
    struct buf told;

    snprintf(when, sizeof when,
             "when: %s\n    ask: {zh_CN: 问, en: Ask}\n"
             "    label: {zh_CN: 名, en: Name}\n"
             "    type: mobile",
             rule);
    struct pack *pack = load("when: kind == \"b\"\n"
                             "    ask: {zh_CN: 问, en: Ask}\n"
                             "    label: {zh_CN: 名, en: Name}\n"
                             "    type: mobile",
                             when);
    const struct item *item = pack_item(pack, 0);
    const struct step *step = item_step(item, "phone");

    set_all(answers, given);
    assert_true(walk_shows(step, answers));
    size_t held = answers_count(answers);
    size_t count = walk_causes(item, step, answers, list);
    assert_int_equal(answers_count(answers), held);
    buf_init(&told, 256);
    for (size_t i = 0; i < count; i++)
        buf_add_format(&told, "%s(%s) ", list[i].name,
                       list[i].step ? list[i].step->id : "card");
    assert_string_equal(told.text, causes);
    buf_done(&told);
    answers_free(answers);
    pack_free(pack);
}

static void test_causes(void **state)
{
    (void)state;
    comes_from("kind == \"b\"", "kind=b age=20", "kind(kind) ");
    comes_from("age >= 18 && kind == \"b\"", "kind=b age=20",
               "age(card) kind(kind) ");
    comes_from("age < 18", "kind=b age=7", "age(card) ");
    /* It came up for not being that. */
    comes_from("kind != \"a\"", "kind=b age=20", "kind(kind) ");
    comes_from("age != 30", "kind=b age=20", "age(card) ");
    comes_from("'!(kind in [\"a\"])'", "kind=b age=20", "kind(kind) ");
    /* Twice in the rule is once. */
    comes_from("kind == \"b\" || kind == \"a\"", "kind=b age=20",
               "kind(kind) ");
    comes_from("answered(kind)", "kind=b age=20", "kind(kind) ");
}

static void test_only_what_mattered(void **state)
{
    (void)state;
    comes_from("kind == \"b\" || age < 6", "kind=b age=20", "kind(kind) ");
    comes_from("kind == \"b\" || age < 6", "kind=a age=5", "age(card) ");
    /* Either would have done: both are told. */
    comes_from("kind == \"b\" || age < 6", "kind=b age=5",
               "kind(kind) age(card) ");
    /* Whatever was answered, it comes. */
    comes_from("kind == null || age >= 0", "age=5", "age(card) ");
}

static void test_card(void **state)
{
    (void)state;
    comes_from("card_kind == \"hmt\"", "card_kind=hmt age=20",
               "card_kind(card) ");
    comes_from("assurance == \"card\"", "card_kind=resident age=20",
               "assurance(card) ");
    comes_from("assurance != \"typed\" && age > 3", "card_kind=resident age=20",
               "assurance(card) age(card) ");
}

static void test_everybody(void **state)
{
    struct walk_cause list[WALK_CAUSES_MAX];
    struct answers *answers = answers_new();
    struct pack *pack = load("order: 7", "order: 8");
    const struct item *item = pack_item(pack, 0);

    (void)state;
    assert_int_equal(walk_causes(item, item_step(item, "kind"), answers, list),
                     0);
    answers_free(answers);
    pack_free(pack);
    comes_from("kind == null", "age=20", "");
}

static void test_basis(void **state)
{
    struct pack *pack = load("order: 7", "order: 8");

    (void)state;
    assert_null(walk_basis(item_step(pack_item(pack, 0), "phone")));
    pack_free(pack);
    pack =
        load("type: mobile", "type: mobile\n"
                             "    basis: {text: {zh_CN: 《某法》, en: Law}}");
    assert_string_equal(
        words_in(walk_basis(item_step(pack_item(pack, 0), "phone")),
                 LANGUAGE_EN),
        "Law");
    pack_free(pack);
    /* Nobody has verified it: it is shown to no citizen. */
    pack = load("type: mobile", "type: mobile\n"
                                "    basis: {text: {zh_CN: 《某法》, en: Law}, "
                                "unverified: true}");
    assert_null(walk_basis(item_step(pack_item(pack, 0), "phone")));
    pack_free(pack);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_causes), TEST(test_only_what_mattered),
        TEST(test_card),   TEST(test_everybody),
        TEST(test_basis),
    };

    return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
