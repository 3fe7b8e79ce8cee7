/* What is told of mistakes about a second person with their own card. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>

/* The good item's first question is replaced by this page and itself. */
#define BEFORE "  - id: kind\n"
#define SPOUSE                                                                  \
    "  - {id: spouse, screen: card, person: spouse, role: {zh_CN: 配偶, en: " \
    "your spouse}, fields: [name, number]}\n"

#define PERSON(id, name)                                                       \
    "  - {id: " id ", screen: card, person: " name                             \
    ", role: {zh_CN: 某, en: them}, fields: [number]}\n"

static void tells(const char *pages, const char *lines)
{
    char text[8192];

    snprintf(text, sizeof text, "%s" BEFORE, pages);
    item_tells(BEFORE, text, lines);
}

static void test_keys(void **state)
{
    (void)state;
    tells("  - {id: x, screen: card, person: spouse}\n",
          "small.yaml:16:35: error: a step with \"person\" lacks \"role\": who "
          "it is, for people\n"
          "small.yaml:16:35: error: a step with \"person\" lacks \"fields\": "
          "what is kept of their card\n");
    tells("  - {id: x, screen: card, person: spouse, role: {zh_CN: 配偶, en: "
          "your spouse}, fields: [name]}\n",
          "small.yaml:16:87: error: expected number among them: it tells "
          "people apart\n");
    tells("  - {id: x, screen: guide, person: spouse, lines: [{id: a, label: "
          "{zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}]}\n",
          "small.yaml:16:28: error: \"person\" means nothing on this kind of "
          "page, only on: card\n");
    item_tells("may_type: true", "may_type: true, role: {zh_CN: 我, en: me}",
               "small.yaml:15:52: error: \"role\" belongs to the card of "
               "another person: expected person: NAME, too\n");
}

static void test_names(void **state)
{
    (void)state;
    tells(PERSON("x", "card"),
          "small.yaml:16:35: error: the name \"card\" means something else "
          "already: choose another\n");
    tells(PERSON("x", "age"),
          "small.yaml:16:35: error: the name \"age\" means something else "
          "already: choose another\n");
    tells(PERSON("x", "phone"),
          "small.yaml:16:35: error: another step is called \"phone\": choose "
          "another name for the person\n");
    tells(PERSON("x", "somebody_who_comes"),
          "small.yaml:16:35: error: expected at most 15 characters: what is "
          "read of the card is called by it\n");
    tells(PERSON("x", "one") PERSON("y", "one"),
          "small.yaml:17:35: error: another step reads the card of \"one\" "
          "already\n");
    tells(PERSON("x", "one") PERSON("y", "two") PERSON("z", "three")
              PERSON("v", "four"),
          "small.yaml:19:35: error: expected at most 3 persons beside the main "
          "one\n");
    tells(SPOUSE "  - {id: y, screen: field, answer: spouse_number, type: "
                 "postcode, ask: {zh_CN: 问, en: Ask}, label: {zh_CN: 名, en: "
                 "Name}}\n",
          "small.yaml:17:36: error: \"spouse_number\" is what the card of "
          "\"spouse\" answers: choose another name\n");
}

/* Known after its page, and on it for its stops. */
static void test_rules(void **state)
{
    (void)state;
    item_tells("  - {id: card, screen: card, may_type: true}\n",
               "  - {id: card, screen: card, when: spouse_age > 18}\n" SPOUSE,
               "small.yaml:15:36: error: unknown name \"spouse_age\": expected "
               "a name that is answered before, or a text in quotes\n");
    tells("  - {id: x, screen: card, person: one, when: one_age > 1, role: "
          "{zh_CN: 某, en: them}, fields: [number]}\n",
          "small.yaml:16:46: error: unknown name \"one_age\": expected a name "
          "that is answered before, or a text in quotes\n");
    tells(PERSON("x", "one") PERSON("y", "two, when: one_birth < today()"),
          "small.yaml:17:46: error: \"one_birth\" is never answered: expected "
          "birth among the fields of \"one\"\n");
    tells(PERSON("x", "one") PERSON("y", "two, when: one_kind == \"residnet\""),
          "small.yaml:17:58: error: \"one_kind\" can never be \"residnet\"; "
          "did you mean \"resident\"?\n");
    tells(PERSON("x", "one") PERSON("y", "two, when: one_age == \"1\""),
          "small.yaml:17:57: error: expected a whole number to compare with a "
          "whole number, not a text\n");
}

/* Every age beside a rule's numbers is tried, and every kind of card. */
static void test_ways(void **state)
{
    (void)state;
    tells(PERSON("x", "one") PERSON("y", "two, when: one_age > 200"),
          "small.yaml:17:46: error: this page never comes: its rule holds on "
          "no way through the item\n"
          "small.yaml:50:19: error: test \"grown up\": the page \"x\" comes "
          "where \"kind\" is expected (so far: card, x)\n"
          "small.yaml:56:19: error: test \"small child\": the page \"x\" comes "
          "where \"kind\" is expected (so far: card, x)\n");
    tells(PERSON("x", "one")
              PERSON("y", "two, when: one_age < 7 && one_kind == \"hmt\""),
          "small.yaml:50:19: error: test \"grown up\": the page \"x\" comes "
          "where \"kind\" is expected (so far: card, x)\n"
          "small.yaml:56:19: error: test \"small child\": the page \"x\" comes "
          "where \"kind\" is expected (so far: card, x)\n");
}

static void test_item(void **state)
{
    (void)state;
    tells("  - {id: x, screen: card}\n",
          "small.yaml:16:5: error: a second step with screen: card\n");
    item_tells("card_fields: [name, number]\n"
               "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
               "steps:\n",
               "card_fields: [name]\n"
               "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
               "steps:\n" SPOUSE,
               "small.yaml:16:5: error: another person's card is read, too: "
               "expected number among card_fields, which tells people apart\n");
    item_tells("card_fields: [name, number]\n"
               "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
               "steps:\n",
               "card_fields: [name, number]\n"
               "anonymous: {when: kind, is: a}\n"
               "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
               "steps:\n" SPOUSE,
               "small.yaml:16:40: error: an anonymous case holds nothing of "
               "any card: expected no person, or no \"anonymous\"\n");
}

#define CARD "    card: {birth: 2008-11-23}\n"

/* With a page for a spouse after the card, who comes when it was read. */
static void test_tests(void **state)
{
    (void)state;
    item_tells(CARD, CARD "    cards: {wife: {birth: 1990-01-01}}\n",
               "small.yaml:47:13: error: \"wife\" is no person of this item: "
               "expected the person of a card step\n");
    item_tells(CARD, CARD "    cards: [spouse]\n",
               "small.yaml:47:12: error: expected persons and their cards\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),  cmocka_unit_test(test_names),
        cmocka_unit_test(test_rules), cmocka_unit_test(test_ways),
        cmocka_unit_test(test_item),  cmocka_unit_test(test_tests),
    };

    return cmocka_run_group_tests_name("item person", tests, item_folder_make,
                                       item_folder_remove);
}
