/* A case that could be sent without what the hub needs is a mistake of the item,
 * told with the way that leads there. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>

/* What the good item tells once `from` is `to`. */
struct row {
    const char *from, *to, *lines;
};

/* The good item's head from its assurance to its card page, and another: a card
 * is read, nothing typed. */
#define NOTICE "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
#define HEAD                                                                   \
    "assurance: typed\n"                                                       \
    "card_fields: [name, number]\n" NOTICE "steps:\n"                          \
    "  - {id: card, screen: card, may_type: true}\n"
#define READ(assurance, fields)                                                \
    "assurance: " assurance "\ncard_fields: [" fields "]\n" NOTICE "steps:\n"  \
    "  - {id: card, screen: card}\n"

#define SENT "small.yaml:38:5: error: a case sent here after "

static void test_needs(void **state)
{
    static const struct row rows[] = {
        /* A number that was typed tells no day of birth. */
        { "card_fields: [name, number]", "card_fields: [name, birth]",
          SENT "age=40, kind=a lacks \"card_number\": the hub could not find "
               "whose it is: expected number among card_fields, and a card "
               "page on every way to here\n" SENT
               "age=40, kind=a lacks \"card_birth\": the hub could not tell "
               "how old the person is: expected birth or number among "
               "card_fields, and no way to send it without the card\n" },
        { "card_fields: [name, number]", "card_fields: [name]",
          SENT "age=40, kind=a lacks \"card_number\": the hub could not find "
               "whose it is: expected number among card_fields, and a card "
               "page on every way to here\n" SENT
               "age=40, kind=a lacks \"card_birth\": the hub could not tell "
               "how old the person is: expected birth or number among "
               "card_fields, and no way to send it without the card\n" },
        /* A card that is read is sure enough; a check would be surer. */
        { HEAD, READ("card", "name, number"), "" },
        { HEAD, READ("card", "number"),
          SENT "age=40, kind=a lacks \"card_name\": the office would not know "
               "who it is: expected name among card_fields, and a card that "
               "is read on every way to here\n" },
        { HEAD,
          READ("card and check",
               "name, number") "  - {id: check, screen: check}\n",
          "small.yaml:39:5: error: a case sent here after age=40, check=none, "
          "kind=a lacks \"assurance\": the office would be less sure of the "
          "person than assurance: says: expected a page before it that makes "
          "sure, or less\n"
          "small.yaml:49:19: error: test \"grown up\": the page \"check\" "
          "comes where \"kind\" is expected (so far: card, check)\n"
          "small.yaml:55:19: error: test \"small child\": the page \"check\" "
          "comes where \"kind\" is expected (so far: card, check)\n" },
        /* What no person is needed for needs none. */
        { "assurance: typed", "assurance: none", "" },
        /* An anonymous case tells nothing of the card; its rules must not
         * look at that. */
        { "assurance: typed", "assurance: none\nanonymous: {when: kind, is: a}",
          "small.yaml:39:5: error: a case sent here after age=40, kind=a "
          "lacks \"card_birth\": the hub could not tell how old the person "
          "is: expected birth or number among card_fields, and no way to send "
          "it without the card\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        item_tells(rows[i].from, rows[i].to, rows[i].lines);
}

/* The kind of card, where a rule looks at it and the case is anonymous. */
static void test_kind(void **state)
{
    (void)state;
    item_tells("when: kind == \"b\"",
               "when: kind == \"b\" && card_kind != \"hmt\"", "");
    item_tells(HEAD,
               "assurance: none\n"
               "card_fields: [name, number]\n"
               "notice: {version: 2, text: {zh_CN: 告知, en: Notice}}\n"
               "anonymous: {when: kind, is: a}\n"
               "steps:\n"
               "  - id: card\n"
               "    screen: card\n"
               "    may_type: true\n"
               "    minors: true\n"
               "    stops:\n"
               "      - id: other\n"
               "        when: card_kind == \"hmt\"\n"
               "        reason: {zh_CN: 因, en: Because}\n"
               "        done: {zh_CN: 无, en: Nothing}\n"
               "        ways: [{zh_CN: 走, en: Go}]\n",
               "small.yaml:48:5: error: a case sent here after age=40, kind=a "
               "lacks \"card_kind\": the hub could not try the rules that "
               "look at it: expected card_fields, and no way to send it "
               "without the card\n"
               "small.yaml:48:5: error: a case sent here after age=40, kind=a "
               "lacks \"card_birth\": the hub could not tell how old the "
               "person is: expected birth or number among card_fields, and no "
               "way to send it without the card\n");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_needs),
        TEST(test_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
