/* What an integrator reads: mistakes in a rule with their place, when it is
 * read, checked and evaluated. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/rule/try.h"

enum { SAID_MAX = 4096 };

static const struct rule_declared list[] = {
    { "ground", RULE_TEXT, RULE_ANY },   { "district", RULE_TEXT, RULE_ANY },
    { "age_years", RULE_INT, RULE_ANY }, { "rent", RULE_DOUBLE, RULE_ANY },
    { "checked", RULE_BOOL, RULE_ANY },  { "birth", RULE_TIMESTAMP, RULE_ANY },
    { "stay", RULE_DURATION, RULE_ANY }, { "papers", RULE_LIST, RULE_TEXT },
    { "children", RULE_LIST, RULE_MAP }, { "person", RULE_MAP, RULE_ANY },
    { "anything", RULE_ANY, RULE_ANY },  { "card.name", RULE_TEXT, RULE_ANY },
};
static const struct rule_names names = { list, sizeof list / sizeof *list };

struct row {
    const char *rule, *said;
};

static void check_rows(const struct row *rows, size_t count,
                       enum rule_kind wanted)
{
    for (size_t i = 0; i < count; i++) {
        struct buf said;

        buf_init(&said, SAID_MAX);
        try_check(rows[i].rule, &names, wanted, &said);
        if (strcmp(said.text, rows[i].said) != 0)
            print_message("in %s\n", rows[i].rule);
        assert_string_equal(said.text, rows[i].said);
        buf_done(&said);
    }
}

static void test_reading(void **state)
{
    static const struct row rows[] = {
        { "ground = 'work'", "1:8: expected == to compare" },
        { "checked & checked", "1:9: expected && for \"and\"" },
        { "groud == 'work'", "1:1: unknown name \"groud\": expected "
                             "\"ground\"?" },
        { "'工' == ground && zzzzzz",
          "1:18: unknown name \"zzzzzz\": expected a name that is answered "
          "before, or a text in quotes" },
        { "checked and checked",
          "1:9: expected an operator such as && or ==, or the end of the "
          "rule" },
        { "and", "1:1: expected && for \"and\", || for \"or\", ! for \"not\"" },
        { "ground == “work”", "1:11: expected straight quotes: ' or \"" },
        { "ground == 'work",
          "1:11: the text does not end: expected a closing '" },
        { "ground == '\\q'",
          "1:12: unknown escape: expected \\n, \\t, \\\\, \\', \\\" or \\u and "
          "four hexadecimal digits" },
        { "(checked", "1:9: expected \")\": a bracket is open" },
        { "ground in ['a'", "1:15: expected \",\" or \"]\": a list is open" },
        { "{'a': 1", "1:8: expected \",\" or \"}\": a map is open" },
        { "{'a'}", "1:5: expected \":\" and a value after this key" },
        { "checked ? 1", "1:12: expected \":\" and what to take otherwise" },
        { "size(ground", "1:12: expected \",\" or \")\": a call is open" },
        { "person.", "1:8: expected a name after \".\"" },
        { "person.true", "1:8: \"true\" is a reserved word: expected "
                         "['true']" },
        { "for", "1:1: \"for\" is a reserved word: expected another name" },
        { "9223372036854775808", "1:1: the number is too large: expected at "
                                 "most 9223372036854775807" },
        { "1e999", "1:1: the number is too large: expected less than 1.8e308" },
        { "7u", "1:1: numbers without sign (7u) are not part of rules: "
                "expected 7" },
        { "16岁", "1:3: expected a name, a number, a text in quotes, a list, "
                  "or a sign such as == < && + ( here" },
        { "b'x'", "1:1: bytes (b'...') are not part of rules: expected a text "
                  "without the b" },
        { "", "1:1: expected a name, a number, a text in quotes or a list "
              "here" },
        { "checked &&\n ground == 5 &&\n  groun == 'x'",
          "3:3: unknown name \"groun\": expected \"ground\"?" },
    };
    (void)state;
    check_rows(rows, sizeof rows / sizeof *rows, RULE_BOOL);
}

static void test_calls(void **state)
{
    static const struct row rows[] = {
        { "siez(ground) == 1",
          "1:1: unknown function \"siez\": expected \"size\"?" },
        { "frobnicate(ground)", "1:1: unknown function \"frobnicate\"" },
        { "age() > 1", "1:1: age takes 1 argument here, not 0" },
        { "ground.contains('a', 'b')",
          "1:8: contains takes 1 argument here, not 2" },
        { "contains(ground, 'a')", "1:1: expected value.contains(...)" },
        { "ground.int() > 1", "1:8: expected int(value)" },
        { "mobile_ok(age_years)",
          "1:11: expected a text for mobile_ok( ), not a whole number" },
        { "ground.matches('(')", "1:16: a group has no )" },
        { "ground.matches('\\\\1')",
          "1:16: references back are not supported" },
        { "birth.getHours('Mars/Base') == 1",
          "1:16: there is no such time zone: expected a name such as "
          "Asia/Shanghai, or +08:00" },
        { "has(person)", "1:5: expected a field, as in has(person.phone)" },
        { "answered('ground')",
          "1:10: expected a name, as in answered(phone)" },
        { "papers.all('a')",
          "1:8: expected a name and \",\" first in all(...)" },
        { "papers.transformMap(k, k) == {}",
          "1:8: expected two names and \",\" first in transformMap(...)" },
        { "papers.all(p, true, true)",
          "1:8: all with 1 variable takes one expression, not 2" },
        { "papers.map(p, p, p, p) == []",
          "1:8: map with 1 variable takes one or two expressions, not 3" },
        { "papers.exists(a, a, true)",
          "1:8: both variables are called \"a\": expected two names" },
        { "papers.all(for, true)",
          "1:8: expected a name and \",\" first in all(...)" },
    };
    (void)state;
    check_rows(rows, sizeof rows / sizeof *rows, RULE_BOOL);
}

static void test_kinds(void **state)
{
    static const struct row rows[] = {
        { "ground == 5",
          "1:11: expected a text to compare with a text, not a whole number: "
          "write it in quotes" },
        { "5 == ground",
          "1:1: expected a text to compare with a text, not a whole number: "
          "write it in quotes" },
        { "age_years < '18'",
          "1:13: expected a whole number to compare with a whole number, not a "
          "text" },
        { "birth <= '2010-01-01'",
          "1:10: expected a date or time to compare with a date or time, not a "
          "text: write timestamp('2026-11-26T00:00:00Z')" },
        { "ground in ['a', 5]",
          "1:17: expected a text to compare with a text, not a whole number: "
          "write it in quotes" },
        { "age_years in papers",
          "1:1: expected a text to look for in this list, not a whole number" },
        { "ground in 'abc'",
          "1:11: expected a list such as ['a', 'b'] after in, not a text" },
        { "papers < papers",
          "1:1: expected numbers, texts or dates beside < and >, not a list; "
          "1:10: expected numbers, texts or dates beside < and >, not a "
          "list" },
        { "ground && checked",
          "1:1: expected a condition (true or false) on both sides of &&, not "
          "a text" },
        { "!age_years",
          "1:2: expected a condition (true or false) after !, not a whole "
          "number" },
        { "ground", "1:1: expected a condition (true or false), not a text" },
        { "age_years ? true : false",
          "1:1: expected a condition (true or false) before ?, not a whole "
          "number" },
        { "age_years + rent > 1.0",
          "1:11: + does not go between a whole number and a number with a "
          "point: write double(...) or int(...)" },
        { "ground + 1 == 'a1'",
          "1:8: + does not go between a text and a whole number" },
        { "-ground == 'a'", "1:2: expected a number after -, not a text" },
        { "rent % 2.0 == 0.0", "1:6: % does not go between a number with a "
                               "point and a number with a point" },
        { "papers['a'] == ''",
          "1:8: expected a whole number in [ ] of a list, not a text" },
        { "ground[0] == 'a'",
          "1:7: expected a list or a map before [, not a text" },
        { "ground.length == 1",
          "1:8: expected a map before .length, not a text" },
        { "papers.all(p, size(p))",
          "1:15: expected a condition (true or false), not a whole number" },
        { "papers.exists(p, p == 1)",
          "1:23: expected a text to compare with a text, not a whole number: "
          "write it in quotes" },
        { "ground.all(p, true)",
          "1:8: expected a list or a map before it, not a text" },
        { "{1.5: 2} == {}",
          "1:2: expected a key that is a whole number, true, false or a text, "
          "not a number with a point" },
    };
    (void)state;
    check_rows(rows, sizeof rows / sizeof *rows, RULE_BOOL);
}

static void test_right_ones(void **state)
{
    static const struct row rows[] = {
        { "true", "" },
        { "ground == 'work' && age_years >= 16", "" },
        { "ground == null", "" },
        { "age_years > 1.5", "" },
        { "birth <= years_before(today(), 16)", "" },
        { "today() - birth > duration('24h')", "" },
        { "birth + stay < today()", "" },
        { "papers.exists(p, p.startsWith('a'))", "" },
        { "papers.filter(p, p != '').size() > 1", "" },
        { "papers.map(p, size(p)).all(n, n > 0)", "" },
        { "papers.all(i, p, i < 3 && p != '')", "" },
        { "children.all(c, age(c.birth) < 18)", "" },
        { "has(person.phone) && mobile_ok(person.phone)", "" },
        { "answered(card.name) && card.name != ''", "" },
        { "person.all(key, key != '')", "" },
        { "anything == 1 || anything == 'a'", "" },
        { "(checked ? ground : district) == 'a'", "" },
        { "(checked ? null : age_years) == 1", "" },
        { "papers[0] == 'a' && papers + ['b'] != []", "" },
        { "'a' in person && ground in papers", "" },
        { "ground.matches(r'^\\d{6}$')", "" },
        { "birth.getFullYear('Asia/Shanghai') == 2000", "" },
        { "years_before('2020-01-01', 1) == '2019-01-01'", "" },
        { "dyn(ground) == 1", "" },
    };
    (void)state;
    check_rows(rows, sizeof rows / sizeof *rows, RULE_BOOL);
}

/* A computed value has its own kind; numbers go for each other. */
static void test_wanted(void **state)
{
    static const struct row texts[] = {
        { "ground + district", "" },
        { "size(ground)", "1:1: expected a text, not a whole number" },
        { "papers.join('、')", "" },
    };
    static const struct row doubles[] = {
        { "rent * 0.5", "" },
        { "age_years", "" },
        { "ground", "1:1: expected a number with a point, not a text" },
    };
    (void)state;
    check_rows(texts, sizeof texts / sizeof *texts, RULE_TEXT);
    check_rows(doubles, sizeof doubles / sizeof *doubles, RULE_DOUBLE);
}

/* Where the file has it on one line, and where its lines cannot be counted. */
static void test_places(void **state)
{
    static const char rule[] = "true && groud == ''";
    struct rule_source source = { .file = "items/a.yaml",
                                  .line = 7,
                                  .column = 11,
                                  .has_columns = true,
                                  .text = rule,
                                  .len = sizeof rule - 1 };
    struct rule_program *program = NULL;
    struct problems problems;
    (void)state;

    problems_init(&problems);
    assert_int_equal(rule_program_parse(&source, &names, &problems, &program),
                     ERR_BAD_INPUT);
    source.has_columns = false;
    assert_int_equal(rule_program_parse(&source, &names, &problems, &program),
                     ERR_BAD_INPUT);
    assert_null(program);
    assert_string_equal(problems.text.text,
                        "items/a.yaml:7:19: error: unknown name \"groud\": "
                        "expected \"ground\"?\n"
                        "items/a.yaml:7:11: error: unknown name \"groud\": "
                        "expected \"ground\"?\n");
    problems_done(&problems);
}

static void on_use(void *owner, const struct rule_use *use)
{
    assert_string_equal(use->name, list[use->index].name);
    buf_add_format(owner, "%s@%zu%s ", use->name, use->at,
                   use->is_asked ? "?" : "");
}

static void on_bound(void *owner, const struct rule_bound *bound)
{
    const struct rule_value *literal = bound->literal;

    assert_string_equal(bound->name, list[bound->index].name);
    buf_add_format(owner, "%s@%zu:", bound->name, bound->name_at);
    if (literal->kind == RULE_INT)
        buf_add_format(owner, "%d@%zu ", (int)literal->integer, bound->at);
    else
        buf_add_format(owner, "%.*s@%zu ", (int)literal->text.len,
                       literal->text.bytes, bound->at);
}

static void on_literal(void *owner, const struct rule_value *literal)
{
    if (literal->kind == RULE_INT)
        buf_add_format(owner, "%d ", (int)literal->integer);
    else if (literal->kind == RULE_TEXT)
        buf_add_format(owner, "%.*s ", (int)literal->text.len,
                       literal->text.bytes);
}

/* What a checker that tries answers asks of a rule. */
static void test_names_and_bounds(void **state)
{
    static const char rule[] =
        "age_years >= 16 && 60 > age_years && card.name != 'x' && "
        "ground in ['a', 'b'] && size(papers) > 2 && has(card.name) && "
        "papers.all(p, p != 'c') && ground == district";
    struct rule_source source = try_source(rule);
    struct rule_program *program = NULL;
    struct problems problems;
    struct buf said;
    (void)state;

    problems_init(&problems);
    buf_init(&said, SAID_MAX);
    assert_int_equal(rule_program_parse(&source, &names, &problems, &program),
                     ERR_OK);
    rule_program_each_use(program, on_use, &said);
    assert_string_equal(said.text, "age_years@0 age_years@24 card.name@37 "
                                   "ground@57 papers@86 card.name@105? "
                                   "papers@119 ground@146 district@156 ");
    buf_clear(&said);
    rule_program_each_bound(program, on_bound, &said);
    assert_string_equal(said.text, "age_years@0:16@13 age_years@24:60@19 "
                                   "card.name@37:x@50 ground@57:a@68 "
                                   "ground@57:b@73 papers@119:c@138 ");
    /* The latest first; those of a list, too. */
    buf_clear(&said);
    rule_program_each_literal(program, on_literal, &said);
    assert_string_equal(said.text, "c 2 b a x 60 16 ");
    assert_true(rule_program_calls(program, "size"));
    assert_false(rule_program_calls(program, "today"));
    rule_program_free(program);
    buf_done(&said);
    problems_done(&problems);
}

static void test_evaluating(void **state)
{
    (void)state;
    try_gives("1 / 0", "1:3: division by zero");
    try_gives("1 % 0", "1:3: division by zero");
    try_gives("9223372036854775807 + 1",
              "1:21: the result is too large for a whole number (64 bits)");
    try_gives("{'a': 1}.b", "1:10: the map has no such key");
    try_gives("{'a': 1}['b']", "1:9: the map has no such key");
    try_gives("[1][1]", "1:4: the list has no such place: they count from 0");
    try_gives("'南阳'.charAt(9)",
              "1:6: the text has no such place: they count from 0");
    try_gives("x", "1:1: there is no such name");
    try_gives("true &&\n  x", "2:3: there is no such name");
    try_gives("foo(1)",
              "1:1: there is no such function, or not with so many arguments");
    try_gives("1 + 'a'", "1:3: these cannot be added: expected two ints, two "
                         "doubles, two texts, two lists, or a time and a "
                         "duration");
    try_gives("1 < 'a'", "1:3: these have no order: expected two numbers, two "
                         "texts, two times or two durations");
    try_gives("size(1)",
              "1:1: the function does not take a value of this kind");
    try_gives("int('x')", "1:1: the text is no whole number");
    try_gives("timestamp('x')", "1:1: the text is no time: expected one such "
                                "as 2026-11-26T08:30:00+08:00");
    try_gives("[1].map(x, x / 0)", "1:14: division by zero");
    try_gives("1 in 2", "1:3: expected a list or a map after in");
    try_gives("'a'.matches('(')", "1:5: a group has no )");
    try_gives("{'a': 1, 'a': 2}",
              "1:1: expected keys that are int, bool or text, each once");
}

/* The first error of all that were met is told, where none settles it. */
static void test_which_error(void **state)
{
    (void)state;
    try_gives("1/0 == 1 || x || false", "1:2: division by zero");
    try_gives("x || 1/0 == 1 || true", "{\"bool\": true}");
    try_gives("[0, 1].all(n, 1 / n == 2)", "{\"bool\": false}");
    try_gives("[1, 0].all(n, 1 / n == 1)", "1:17: division by zero");
    try_gives("'a' && true", "1:1: expected a condition (true or false)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_right_ones),
        cmocka_unit_test(test_wanted),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_names_and_bounds),
        cmocka_unit_test(test_evaluating),
        cmocka_unit_test(test_which_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
