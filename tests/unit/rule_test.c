/* Rules in items: mistakes with their place, kinds that never go together,
 * limits.  What expressions give is rule_cel_test's. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/rule_node.h"

static const struct rule_name names[] = {
    { "ground", VALUE_TEXT }, { "district", VALUE_TEXT },
    { "age", VALUE_INT },     { "phone", VALUE_TEXT },
    { "x", VALUE_NULL },      { "checked", VALUE_BOOL },
};
enum { NAME_COUNT = sizeof names / sizeof *names };

static struct value text_value(const char *text)
{
    struct value value = { .kind = VALUE_TEXT };

    value.text.bytes = text;
    value.text.len = strlen(text);
    return value;
}

/* What is known: ground and age; x is an error, the rest has no answer. */
static struct value lookup(void *owner, const char *name)
{
    (void)owner;
    if (strcmp(name, "ground") == 0)
        return text_value("work");
    if (strcmp(name, "age") == 0)
        return (struct value){ .kind = VALUE_INT, .integer = 16 };
    if (strcmp(name, "x") == 0)
        return (struct value){ .kind = VALUE_ERROR };
    return (struct value){ .kind = VALUE_NULL };
}

static struct yaml node_of(const char *text)
{
    return (struct yaml){ .kind = YAML_TEXT,
                          .text = text,
                          .line = 7,
                          .column = 11,
                          .text_column = 11 };
}

/* Refused as a rule, with exactly this line. */
static void assert_refused(const char *expression, const char *line)
{
    struct yaml node = node_of(expression);
    struct problems problems;
    struct rule *rule = NULL;

    problems_init(&problems);
    assert_int_equal(
        rule_parse("f.yaml", &node, names, NAME_COUNT, &problems, &rule),
        ERR_BAD_INPUT);
    assert_null(rule);
    assert_string_equal(problems.text.text, line);
    problems_done(&problems);
}

static void test_messages(void **state)
{
    (void)state;
    assert_refused("ground = 'work'",
                   "f.yaml:7:18: error: expected == to compare\n");
    assert_refused("groud == 'work'",
                   "f.yaml:7:11: error: unknown name \"groud\": expected "
                   "\"ground\"?\n");
    assert_refused(
        "'工' == ground && zzzzzz",
        "f.yaml:7:28: error: unknown name \"zzzzzz\": expected a name that "
        "the item answers before, or a text in quotes\n");
    assert_refused(
        "age == 1 and age == 2",
        "f.yaml:7:20: error: expected &&, ||, a comparison or the end "
        "here\n");
    assert_refused("",
                   "f.yaml:7:11: error: expected a name, a number, a text in "
                   "quotes or a list here\n");
    assert_refused("(age == 1",
                   "f.yaml:7:20: error: expected \")\": a bracket is "
                   "open\n");
    assert_refused("age in [1, 2",
                   "f.yaml:7:23: error: expected \",\" or \"]\": a "
                   "list is open\n");
    assert_refused("age + 1 == 2",
                   "f.yaml:7:15: error: arithmetic is not part of "
                   "rules: expected a condition\n");
    assert_refused("age - 1 == 2",
                   "f.yaml:7:15: error: arithmetic is not part of "
                   "rules: expected a condition\n");
    assert_refused("length(ground) == 1",
                   "f.yaml:7:11: error: unknown function \"length\": expected "
                   "size(…), the only one\n");
    assert_refused("ground == “work”",
                   "f.yaml:7:21: error: expected straight quotes: ' or \"\n");
    assert_refused("for == 1",
                   "f.yaml:7:11: error: \"for\" is a reserved word: "
                   "expected another name\n");
    /* Both unknown names are told. */
    assert_refused(
        "grund == 'a' || agee == 1",
        "f.yaml:7:11: error: unknown name \"grund\": expected "
        "\"ground\"?\nf.yaml:7:27: error: unknown name \"agee\": expected "
        "\"age\"?\n");
}

static void test_kinds_are_checked(void **state)
{
    (void)state;
    assert_refused("ground",
                   "f.yaml:7:11: error: expected a condition (true or "
                   "false), not a text\n");
    assert_refused("size(ground)",
                   "f.yaml:7:11: error: expected a condition (true "
                   "or false), not a number\n");
    assert_refused(
        "ground == 5",
        "f.yaml:7:21: error: expected a text to compare with a text, not "
        "a number: write it in quotes\n");
    assert_refused(
        "5 == ground",
        "f.yaml:7:11: error: expected a text to compare with a text, not "
        "a number: write it in quotes\n");
    assert_refused("age > '16'",
                   "f.yaml:7:17: error: expected a number to compare "
                   "with a number, not a text\n");
    assert_refused(
        "ground in 'work'",
        "f.yaml:7:21: error: expected a list such as ['a', 'b'] after in, "
        "not a text\n");
    assert_refused(
        "ground in ['a', 2]",
        "f.yaml:7:27: error: expected a text to compare with a text, not "
        "a number: write it in quotes\n");
    assert_refused("!ground",
                   "f.yaml:7:12: error: expected a condition (true or "
                   "false) after !, not a text\n");
    assert_refused(
        "age && checked",
        "f.yaml:7:11: error: expected a condition (true or false) on both "
        "sides of &&, not a number\n");
    assert_refused("size(age) > 1",
                   "f.yaml:7:16: error: expected a text or a list "
                   "in size( ), not a number\n");
    /* Told once, not again for the comparison. */
    assert_refused("-ground == 1",
                   "f.yaml:7:12: error: expected a number after -, "
                   "not a text\n");
    assert_refused("[1] < [2]",
                   "f.yaml:7:11: error: expected numbers or texts beside "
                   "< and >, not a list\nf.yaml:7:17: error: expected "
                   "numbers or texts beside < and >, not a "
                   "list\n");
}

/* Where the YAML does not have the text as it is, the place is the value's. */
static void test_place_of_folded_text(void **state)
{
    struct yaml node = node_of("age == 1 &&\nx y");
    struct problems problems;
    struct rule *rule = NULL;

    (void)state;
    node.text_column = 0;
    node.column = 3;
    problems_init(&problems);
    assert_int_equal(
        rule_parse("f.yaml", &node, names, NAME_COUNT, &problems, &rule),
        ERR_BAD_INPUT);
    assert_non_null(strstr(problems.text.text, "f.yaml:7:3: "));
    problems_done(&problems);
}

static void test_not_a_text(void **state)
{
    struct yaml node = { .kind = YAML_LIST, .line = 1, .column = 1 };
    struct problems problems;
    struct rule *rule = NULL;

    (void)state;
    problems_init(&problems);
    assert_int_equal(
        rule_parse("f.yaml", &node, names, NAME_COUNT, &problems, &rule),
        ERR_BAD_INPUT);
    assert_int_equal(problems.count, 1);
    problems_done(&problems);
}

enum outcome { OUTCOME_TRUE, OUTCOME_ERROR, OUTCOME_REFUSED };

static void assert_outcome(const char *expression, enum outcome expected)
{
    struct yaml node = node_of(expression);
    struct problems problems;
    struct rule *rule = NULL;
    enum outcome outcome = OUTCOME_REFUSED;

    problems_init(&problems);
    if (rule_parse("f.yaml", &node, names, NAME_COUNT, &problems, &rule) ==
        ERR_OK) {
        struct value value = rule_eval(rule, lookup, NULL);

        assert_true(value.kind == VALUE_ERROR ||
                    (value.kind == VALUE_BOOL && value.boolean));
        outcome = value.kind == VALUE_BOOL ? OUTCOME_TRUE : OUTCOME_ERROR;
    }
    assert_int_equal(outcome, expected);
    rule_free(rule);
    problems_done(&problems);
}

/* `times` of one text, then the middle, then `times` of another. */
static void assert_nested(const char *before, const char *after, int times,
                          enum outcome expected)
{
    struct buf text;

    buf_init(&text, 3 * RULE_BYTES_MAX);
    for (int i = 0; i < times; i++)
        buf_add_text(&text, before);
    buf_add_text(&text, "true");
    for (int i = 0; i < times; i++)
        buf_add_text(&text, after);
    assert_outcome(text.text, expected);
    buf_done(&text);
}

static void test_limits(void **state)
{
    (void)state;
    assert_nested("(", ")", 32, OUTCOME_TRUE);
    assert_nested("(", ")", 33, OUTCOME_REFUSED);
    assert_nested("(", ")", 1300, OUTCOME_REFUSED);
    assert_nested("!", "", 32, OUTCOME_TRUE);
    assert_nested("!", "", 33, OUTCOME_REFUSED);
    assert_nested("", " == true", 32, OUTCOME_TRUE);
    assert_nested("", " == true", 33, OUTCOME_REFUSED);
    assert_nested("[", "]", 33, OUTCOME_REFUSED);
    /* A long chain of && is not deep. */
    assert_nested("", " && true", 500, OUTCOME_TRUE);
    assert_nested("", " && true", 513, OUTCOME_REFUSED); /* over 4096 bytes */
}

/* Lists of lists, compared again at each level: 40 to the power of 10 steps if
 * nothing ended it. */
static void test_evaluation_ends(void **state)
{
    struct buf text, inner;

    (void)state;
    buf_init(&inner, RULE_BYTES_MAX);
    buf_init(&text, RULE_BYTES_MAX);
    buf_add_text(&inner, "1");
    for (int level = 0; level < 10; level++) {
        buf_clear(&text);
        buf_add_format(&text, "[%s] in [", inner.text);
        for (int i = 0; i < 40; i++)
            buf_add_text(&text, "[2],");
        buf_add_text(&text, "]");
        buf_clear(&inner);
        buf_add_text(&inner, text.text);
    }
    assert_false(text.is_cut);
    assert_outcome(text.text, OUTCOME_ERROR);
    buf_done(&text);
    buf_done(&inner);
}

static bool is_true(const char *expression)
{
    struct yaml node = node_of(expression);
    struct problems problems;
    struct rule *rule = NULL;

    problems_init(&problems);
    assert_int_equal(
        rule_parse("f.yaml", &node, names, NAME_COUNT, &problems, &rule),
        ERR_OK);
    bool result = rule_is_true(rule, lookup, NULL);
    rule_free(rule);
    problems_done(&problems);
    return result;
}

static void test_is_true(void **state)
{
    (void)state;
    assert_true(rule_is_true(NULL, lookup, NULL));
    assert_true(is_true("ground == 'work'"));
    assert_false(is_true("ground == 'study'"));
    assert_false(is_true("x"));       /* an error is not true */
    assert_false(is_true("checked")); /* nor is no answer */
    assert_false(is_true("district < 'a'"));
    assert_true(is_true("!(district == 'a')"));
    /* Kinds that do go together. */
    assert_true(is_true("phone == null && age > 1.5 && null != ground"));
    assert_true(is_true("age in [15.5, null, 16]"));
    rule_free(NULL);
}

/* Broken input ends in an error, never in a crash: each beginning of a rule
 * that has everything, and each with one byte changed. */
static void test_every_beginning(void **state)
{
    static const char whole[] =
        "!(ground in ['a', \"b\\u00e9\", r'''c''']) && -0x1F < 1.5e3 || "
        "size([null, age]) >= 2 // end";
    static const char bytes[] = "'\"\\()[],!-=&|<>0x.e \xff";
    char text[sizeof whole];

    (void)state;
    for (size_t len = 0; len < sizeof whole; len++) {
        for (size_t change = 0; change < sizeof bytes; change++) {
            struct problems problems;
            struct rule *rule = NULL;
            struct yaml node = node_of(text);

            memcpy(text, whole, len);
            text[len] = '\0';
            if (len > 0)
                text[len - 1] = bytes[change];
            problems_init(&problems);
            if (rule_parse("f.yaml", &node, names, NAME_COUNT, &problems,
                           &rule) == ERR_OK)
                (void)rule_eval(rule, lookup, NULL);
            else
                assert_true(problems.count > 0);
            rule_free(rule);
            problems_done(&problems);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_kinds_are_checked),
        cmocka_unit_test(test_place_of_folded_text),
        cmocka_unit_test(test_not_a_text),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_evaluation_ends),
        cmocka_unit_test(test_is_true),
        cmocka_unit_test(test_every_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
