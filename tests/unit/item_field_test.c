/* Types of fields in an item's file: each misuse, and exactly what is told; what
 * rules see of an answer. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/flow/walk.h"
#include "tests/unit/item_pages.h"

#define FIELD "    type: mobile\n    way"
#define WAY   "    way"
#define PHONE "phone: 138 1234 5678}"

static void tells(const char *type, const char *lines)
{
    struct buf text;

    buf_init(&text, 1024);
    buf_add_format(&text, "%s" WAY, type);
    item_tells(FIELD, text.text, lines);
    buf_done(&text);
}

static void test_limits(void **state)
{
    (void)state;
    tells("    type: postcode\n    max: 18\n",
          "small.yaml:35:10: error: a field of type postcode has no max: "
          "expected it on one of text, date, month, number, money\n");
    tells("    type: text\n    min: 2\n    max: 60\n",
          "small.yaml:35:10: error: a field of type text has no min: expected "
          "it on one of date, month, number, money\n");
    tells("    type: text\n",
          "small.yaml:29:5: error: a field of type text lacks \"max\": the "
          "most characters\n");
    tells("    type: text\n    max: 1001\n",
          "small.yaml:35:10: error: expected a whole number from 1 to 1000: "
          "the most characters of a text\n");
    tells("    type: date\n    min: 20260105\n",
          "small.yaml:35:10: error: expected what the field could send, such "
          "as 2026-01-05\n");
    tells("    type: money\n    max: 100\n",
          "small.yaml:35:10: error: expected what the field could send, such "
          "as 100.00\n");
    tells("    type: number\n    min: 5\n    max: 4\n",
          "small.yaml:36:10: error: nothing is both at least 5 and at most 4: "
          "expected the least first\n");
    tells("    type: number\n    max: [5]\n",
          "small.yaml:35:10: error: expected one value\n");
    tells("    type: number\n    fen: true\n",
          "small.yaml:35:10: error: only a field of type money has fen\n");
}

static void without_why(const char *type, const char *lines)
{
    static const char way[] = "    way: {zh_CN: 再补, en: Later}\n";
    char from[256], to[256];

    snprintf(from, sizeof from, "    type: mobile\n%s%s", way,
             "    why: {zh_CN: 用来找您, en: To reach you}\n");
    snprintf(to, sizeof to, "    type: %s\n%s", type, way);
    item_tells(from, to, lines);
}

static void test_sensitive(void **state)
{
    (void)state;
    without_why(
        "id_number",
        "small.yaml:34:11: error: sensitive data, and nothing says what it "
        "is needed for: write why: {zh_CN: …, en: …} beside it\n");
    without_why(
        "bank_card",
        "small.yaml:34:11: error: sensitive data, and nothing says what it "
        "is needed for: write why: {zh_CN: …, en: …} beside it\n");
}

static void test_types(void **state)
{
    (void)state;
    tells("    type: plat\n",
          "small.yaml:34:11: error: expected mobile, text, receipt, code, "
          "id_number, date, month, number, money, postcode, bank_card, "
          "credit_code, email, plate or yes_no; did you mean \"plate\"?\n");
    tells("    type: yes_no\n",
          "small.yaml:34:11: error: yes_no is chosen: expected it on screen: "
          "choice\n");
    tells("    type: scan\n",
          "small.yaml:34:11: error: \"scan\" is not accepted yet: scanners "
          "come in a later version; expected one of mobile, text, receipt, "
          "code, id_number, date, month, number, money, postcode, bank_card, "
          "credit_code, email, plate or yes_no\n");
    item_tells("    options:\n", "    type: date\n    options:\n",
               "small.yaml:20:11: error: date is typed: expected it on screen: "
               "field, or type: yes_no here\n");
    item_tells("    options:\n", "    type: yes_no\n    options:\n",
               "small.yaml:20:11: error: yes_no brings its own options: "
               "expected neither options nor a list\n");
}

/* Kinds of pages whose device or service there is not yet, each by its name. */
static void test_later(void **state)
{
    static const struct {
        const char *kind, *lacks;
    } laters[] = {
        { "material", "scanners and the shared-data service come" },
        { "scan", "scanners come" },
        { "e_certificate", "the service of electronic certificates comes" },
    };
    static const char *const names[] = { "card", "choice", "field", "review",
                                         "send", "result", NULL };
    char kind[64], told[768];

    (void)state;
    for (size_t i = 0; i < 2 * sizeof laters / sizeof *laters; i++) {
        size_t at = i / 2;

        item_set_screens(i % 2 ? names : NULL);
        snprintf(kind, sizeof kind, "screen: %s\n    when", laters[at].kind);
        snprintf(
            told, sizeof told,
            "small.yaml:30:13: error: \"%s\" is not accepted yet: %s in a "
            "later version; expected one of guide, card, choice, field, "
            "review, declare, send, result, check, certificate, cases, "
            "materials, choices, closing, tasks, computed, month_range, "
            "date_range, "
            "division, address, person, group, shared, slot, record, payment\n",
            laters[at].kind, laters[at].lacks);
        item_tells("screen: field\n    when", kind, told);
    }
    item_set_screens(NULL);
}

/* ---- Rules ---------------------------------------------------------------- */

#define STOPS "    stops:\n      - id: halt2\n        when: "
#define WORDS                                                                  \
    "\n        reason: {zh_CN: 因, en: Why}\n"                                \
    "        done: {zh_CN: 无, en: Nothing}\n"                                \
    "        ways: [{zh_CN: 走, en: Go}]\n"

/* The rule stops, or does not, whoever typed this. */
static void rule_is(const char *type, const char *rule, const char *typed,
                    bool stops)
{
    struct buf text;
    const char *field = strstr(item_good, FIELD);
    const char *phone = strstr(item_good, PHONE);
    const char *review = strstr(phone, ", review");
    const char *sent = strstr(review, "    sent");
    const char *behind = strstr(sent, "\n") + 1;

    buf_init(&text, 8192);
    buf_add(&text, item_good, (size_t)(field - item_good));
    buf_add_format(&text, "    type: %s\n" STOPS "'%s'" WORDS "    way", type,
                   rule);
    buf_add(&text, field + strlen(FIELD),
            (size_t)(phone - field) - strlen(FIELD));
    buf_add_format(&text, "phone: \"%s\"}", typed);
    buf_add(&text, phone + strlen(PHONE),
            (size_t)(review - phone) - strlen(PHONE));
    buf_add_text(&text,
                 stops ? "]\n    stop: halt2\n" : ", review, send, result]\n");
    buf_add_text(&text, behind);
    item_write("small.yaml", text.text);
    buf_done(&text);

    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    if (pack_load(item_folder(), &problems, &pack))
        fail_msg("%s", problems.text.text);
    (void)item_tests_run(pack_item(pack, 0), &problems);
    if (problems.count > 0)
        fail_msg("%s: %s", rule, problems.text.text);
    problems_done(&problems);
    pack_free(pack);
    item_write("small.yaml", item_good);
}

/* What rules see is the text that is sent; today is 2026-11-23 there. */
static void test_rules(void **state)
{
    (void)state;
    rule_is("date", "phone < \"2008-11-23\"", "20081122", true);
    rule_is("date", "phone < \"2008-11-23\"", "20081123", false);
    rule_is("date", "age(phone) < 18", "20081123", false);
    rule_is("date", "age(phone) < 18", "20081124", true);
    rule_is("month", "phone >= \"2026-11\"", "202611", true);
    rule_is("month", "phone >= \"2026-11\"", "202610", false);
    rule_is("number", "int(phone) > 9", "10", true);
    rule_is("number", "int(phone) > 9", "009", false);
    rule_is("money", "double(phone) > 1000.0", "1001", true);
    rule_is("money", "double(phone) > 1000.0", "1000", false);
    rule_is("plate", "phone.startsWith(\"豫R\")", "豫r·12345", true);
    rule_is("email", "phone.endsWith(\"@example.com\")", "a@EXAMPLE.com", true);
    /* The way round has no number: a rule over it does not hold. */
    rule_is("number", "int(phone) > 9", "later", false);
    rule_is("number", "int(phone) <= 9", "later", false);
}

static void test_rules_told(void **state)
{
    (void)state;
    tells("    type: number\n" STOPS "phone > 9" WORDS,
          "small.yaml:37:23: error: expected a text to compare with a text, "
          "not a whole number: write it in quotes\n");
    tells("    type: number\n    max: 5\n",
          "small.yaml:48:31: error: test \"grown up\": \"138 1234 5678\" is "
          "not accepted: expected at most 5\n");
}

/* The same of an item without tests of its own. */
static void walk_tells(const char *type, const char *lines)
{
    const char *field = strstr(item_good, FIELD);
    const char *tests = strstr(item_good, "tests:\n");
    struct buf text;

    buf_init(&text, 8192);
    buf_add(&text, item_good, (size_t)(field - item_good));
    buf_add_format(&text, "%s" WAY, type);
    buf_add(&text, field + strlen(FIELD),
            (size_t)(tests - field) - strlen(FIELD));
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells("", lines);
    item_write("small.yaml", item_good);
}

/* The bounds are tried where a rule looks at them: what lies between is free. */
static void test_walk(void **state)
{
    (void)state;
    walk_tells("    type: number\n    min: 1\n    max: 5\n" STOPS
               "int(phone) == 5" WORDS,
               "");
    walk_tells(
        "    type: number\n    min: 1\n    max: 5\n" STOPS
        "int(phone) > 5" WORDS,
        "small.yaml:39:15: warning: nobody ever stops here: its rule holds "
        "on no way through the item (rules over what is written freely were "
        "tried with one text only)\n");
    /* What lies between two bounds is found, too. */
    walk_tells("    type: number\n" STOPS
               "int(phone) > 1000 && int(phone) < 3000" WORDS,
               "");
    walk_tells("    type: money\n" STOPS
               "double(phone) > 2000.0 && double(phone) < 5000.0" WORDS,
               "");
    walk_tells("    type: date\n" STOPS
               "phone > \"2026-02-28\" && phone < \"2026-03-02\"" WORDS,
               "");
    walk_tells("    type: date\n    min: 2030-01-01\n", "");
    walk_tells("    type: month\n    max: 1999-12\n", "");
}

static void test_yes_no(void **state)
{
    (void)state;
    item_tells(
        "    options:\n"
        "      - {value: a, text: {zh_CN: 甲, en: A}}\n"
        "      - {value: b, text: {zh_CN: 乙, en: B}, when: age >= 18}\n",
        "    type: yes_no\n",
        "small.yaml:23:23: error: \"kind\" can never be \"a\": expected "
        "one of its values\n"
        "small.yaml:29:19: error: \"kind\" can never be \"b\": expected "
        "one of its values\n");
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_limits), TEST(test_types),  TEST(test_sensitive),
        TEST(test_later),  TEST(test_rules),  TEST(test_rules_told),
        TEST(test_walk),   TEST(test_yes_no),
    };

    return cmocka_run_group_tests_name("item_field", tests, NULL, NULL);
}
