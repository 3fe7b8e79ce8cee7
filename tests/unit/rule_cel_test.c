/* Rules as a language: what each expression gives, as CEL has it. */
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

static void say(const struct value *value, struct buf *out)
{
    switch (value->kind) {
    case VALUE_NULL:
        buf_add_text(out, "null");
        break;
    case VALUE_BOOL:
        buf_add_text(out, value->boolean ? "true" : "false");
        break;
    case VALUE_INT:
        buf_add_format(out, "%lld", (long long)value->integer);
        break;
    case VALUE_DOUBLE:
        buf_add_format(out, "%.17g", value->real);
        if (!strchr(out->text, '.'))
            buf_add_text(out, ".0");
        break;
    case VALUE_TEXT:
        buf_add_char(out, '"');
        for (size_t i = 0; i < value->text.len; i++) {
            if (value->text.bytes[i] == '\0')
                buf_add_text(out, "\\0");
            else
                buf_add_char(out, value->text.bytes[i]);
        }
        buf_add_char(out, '"');
        break;
    case VALUE_LIST:
        buf_add_text(out, "list");
        break;
    case VALUE_ERROR:
        buf_add_text(out, "error");
        break;
    }
}

/* What it gives as text, or "error" when it is refused. */
static void assert_gives(const char *expression, const char *expected)
{
    struct yaml node = node_of(expression);
    struct problems problems;
    struct rule *rule = NULL;
    struct value value = { .kind = VALUE_ERROR };
    struct buf said;

    problems_init(&problems);
    buf_init(&said, 1000);
    enum err err =
        rule_parse_any("f.yaml", &node, names, NAME_COUNT, &problems, &rule);
    if (!err)
        value = rule_eval(rule, lookup, NULL);
    else if (strcmp(expected, "error") != 0)
        print_message("%s", problems.text.text);
    say(&value, &said);
    if (strcmp(said.text, expected) != 0)
        print_message("in %s\n", expression);
    assert_string_equal(said.text, expected);
    rule_free(rule);
    buf_done(&said);
    problems_done(&problems);
}

/* Lines of the specification's own conformance tests (google/cel-spec, commit
 * 508bd98, Apache License 2.0) that need no more than rules have. */
static const struct {
    const char *expression, *expected;
} conformance[] = {
    { "\"\\a\\b\\f\\n\\r\\t\\v\\\"\\'\\\\\"",
      "\"\007\010\014\012\015\011\013\"'\\\"" },
    { "true", "true" },
    { "-2.3e+1", "-23.0" },
    { "0x55555555", "1431655765" },
    { "-0x55555555", "-1431655765" },
    { "42", "42" },
    { "[-1]", "list" },
    { "\"!\"", "\"!\"" },
    { "\"\\U0001f431\"", "\"🐱\"" },
    { "0.0", "0.0" },
    { "0e+0", "0.0" },
    { "0", "0" },
    { "''", "\"\"" },
    { "\"\"", "\"\"" },
    { "r\"\"", "\"\"" },
    { "r\"\"\"\"\"\"", "\"\"" },
    { "x || true", "true" },
    { "true == true", "true" },
    { "1.0 == 1.0e+0", "true" },
    { "[1] == [1.0]", "true" },
    { "[] == []", "true" },
    { "1.0 == 1", "true" },
    { "'' == \"\"", "true" },
    { "'ίσος' == 'ίσος'", "true" },
    { "'Am\\u00E9lie' == 'Ame\\u0301lie'", "false" },
    { "false == true", "false" },
    { "-1.0 == 1.0", "false" },
    { "[1, 'dos', 3] == [1, 2, 4]", "false" },
    { "[1, 2, 3] == [1, 3, 2]", "false" },
    { "'abc' == 'ABC'", "false" },
    { "'a' == 'à'", "false" },
    { "true > false", "true" },
    { "1e+1 > 1e+0", "true" },
    { "'abc' > 'aBc'", "true" },
    { "'A' > ''", "true" },
    { "false > true", "false" },
    { "0 > 0", "false" },
    { "true >= false", "true" },
    { "9.80665 >= 9.80665e+0", "true" },
    { "999 >= 999", "true" },
    { "0 >= -1", "true" },
    { "['y'] >= ['x']", "error" },
    { "'' >= 'a'", "false" },
    { "'abcd' >= 'abc'", "true" },
    { "'a' >= ''", "true" },
    { "'τ' >= 'τ'", "true" },
    { "'τ' >= 't'", "true" },
    { "false >= true", "false" },
    { "0.9999 >= 1.0", "false" },
    { "'abc' >= 'abd'", "false" },
    { "'elem' in ['elem', 'elemA', 'elemB']", "true" },
    { "'empty' in []", "false" },
    { "'not' in ['elem1', 'elem2', 'elem3']", "false" },
    { "false < true", "true" },
    { "-1 < 0", "true" },
    { "[0] < [1]", "error" },
    { "null < null", "error" },
    { "'a' < '\\u00E1'", "true" },
    { "'abc' < 'abcd'", "true" },
    { "true < true", "false" },
    { "true < false", "false" },
    { "'' < ''", "false" },
    { "'abc' < 'abc'", "false" },
    { "false <= true", "true" },
    { "0.0 <= 0e-1", "true" },
    { "0.0 <= 0.1e-31", "true" },
    { "1 <= 1", "true" },
    { "0 <= 1", "true" },
    { "null <= null", "error" },
    { "'' <= 'a'", "true" },
    { "'aBc' <= 'abc'", "true" },
    { "'α' <= 'α'", "true" },
    { "'a' <= 'α'", "true" },
    { "1 <= -1", "false" },
    { "false != true", "true" },
    { "9.0e+3 != 9001.0", "true" },
    { "[true, false, true] != [true, true, false]", "true" },
    { "[] != [1]", "true" },
    { "true != true", "false" },
    { "1.0 != 1e+0", "false" },
    { "[] != []", "false" },
    { "'ίδιο' != 'ίδιο'", "false" },
    { "-(-1.25)", "1.25" },
    { "-(4.5)", "-4.5" },
    { "-(-9223372036854775808)", "error" },
    { "-(-42)", "42" },
    { "-false", "error" },
    { "-(42)", "-42" },
    { "7 in []", "false" },
    { "3 in [5, 4, 3, 2, 1]", "true" },
    { "'hawaiian' in ['meat', 'veggie', 'margarita', 'cheese']", "false" },
    { "size([1, 2, 3])", "3" },
    { "true && true", "true" },
    { "true && false", "false" },
    { "'less filling' && 'tastes great'", "error" },
    { "false && 32", "false" },
    { "'horses' && false", "false" },
    { "!0", "error" },
    { "!true", "false" },
    { "'less filling' || 'tastes great'", "error" },
    { "true || 32", "true" },
    { "size([[[[[[[[[[[[0]]]]]]]]]]]])", "1" },
    { "\" \\r \"", "\" \015 \"" },
    { "\" \\n \"", "\" \012 \"" },
    { "\" \\\\ \\\? \\\" \\' \\` \"", "\" \\ \? \" ' ` \"" },
    { "\" \\a \\b \\f \\t \\v \"", "\" \007 \010 \014 \011 \013 \"" },
    { "\" \\r\\n \"", "\" \015\012 \"" },
    { "\" \007 \010 \014 \011 \013 \"", "\" \007 \010 \014 \011 \013 \"" },
    { "\" \\x4a \\x4B \\X4c \\X4D \\u01aB \\U000001aB \"",
      "\" J K L M ƫ ƫ \"" },
    { "' \\r '", "\" \015 \"" },
    { "' \\n '", "\" \012 \"" },
    { "' \\\\ \\\? \\\" \\' \\` '", "\" \\ \? \" ' ` \"" },
    { "' \\a \\b \\f \\t \\v '", "\" \007 \010 \014 \011 \013 \"" },
    { "' \\u0000 \\u000A \\u007F \\u0100 \\uFFFB '",
      "\" \\0 \012 \177 Ā ￻ \"" },
    { "\"\"\"hello\"\"\"", "\"hello\"" },
    { "\"\"\" \\n \"\"\"", "\" \012 \"" },
    { "\"\"\" \\\\ \\\? \\\" \\' \\` \"\"\"", "\" \\ \? \" ' ` \"" },
    { "\"\"\" \\u0000 \\u000A \\u007F \\u0100 \\uFFFB \"\"\"",
      "\" \\0 \012 \177 Ā ￻ \"" },
    { "\"\"\" \? \" ' ` \"\"\"", "\" \? \" ' ` \"" },
    { "\"\"\" \007 \010 \014 \011 \013 \"\"\"",
      "\" \007 \010 \014 \011 \013 \"" },
    { "'''hello'''", "\"hello\"" },
    { "''' \\r '''", "\" \015 \"" },
    { "''' \\\\ \\\? \\\" \\' \\` '''", "\" \\ \? \" ' ` \"" },
    { "''' \012 '''", "\" \012 \"" },
    { "''' \007 \010 \014 \011 \013 '''", "\" \007 \010 \014 \011 \013 \"" },
    { "\" 򈢈 \"", "\" 򈢈 \"" },
    { "' \\U00088888 '", "\" 򈢈 \"" },
    { "' 򈢈 '", "\" 򈢈 \"" },
    { "\"\"\" \\U00088888 \"\"\"", "\" 򈢈 \"" },
    { "size('four')", "4" },
    { "size('')", "0" },
    { "size('A')", "1" },
    { "size('πέντε')", "5" },
};

static void test_conformance(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof conformance / sizeof *conformance; i++)
        assert_gives(conformance[i].expression, conformance[i].expected);
}

static void test_precedence(void **state)
{
    (void)state;
    assert_gives("true || false && false", "true");
    assert_gives("(true || false) && false", "false");
    assert_gives("1 < 2 == true", "true"); /* (1 < 2) == true */
    assert_gives("1 == 1 && 2 == 2", "true");
    assert_gives("!true || true", "true");
    assert_gives("!(true || true)", "false");
    assert_gives("!!true", "true");
    assert_gives("--5", "5");
    assert_gives("!false == true", "true");
    assert_gives("-1 < 1 && 'a' in ['a',]", "true");
    assert_gives("true // to the end && false", "true");
    assert_gives("1 in [1] == true", "true");
}

static void test_numbers(void **state)
{
    (void)state;
    assert_gives("9223372036854775807", "9223372036854775807");
    assert_gives("-9223372036854775808", "-9223372036854775808");
    assert_gives("9223372036854775808", "error");
    assert_gives("-9223372036854775809", "error");
    assert_gives("99999999999999999999999999", "error");
    assert_gives("18446744073709551617", "error"); /* 1, were it to wrap */
    assert_gives("0x10000000000000001", "error");
    assert_gives("0x7fffffffffffffff", "9223372036854775807");
    assert_gives("0x8000000000000000", "error");
    assert_gives("0x", "error");
    assert_gives("12ab", "error");
    assert_gives("1.", "error");
    assert_gives("1.5.2", "error");
    assert_gives(".5", "0.5");
    assert_gives("1e400", "error");
    assert_gives("-0", "0");
    /* A double cannot tell these two apart; the comparison can. */
    assert_gives("9007199254740993 == 9007199254740992.0", "false");
    assert_gives("9007199254740993 > 9007199254740992.0", "true");
    assert_gives("9223372036854775807 < 9223372036854775808.0", "true");
    assert_gives("1.5 > 1", "true");
    assert_gives("-1.5 < -1", "true");
    assert_gives("-1 > -1.5", "true");
    assert_gives("1 < 1.5", "true");
}

static void test_kinds_that_do_not_go_together(void **state)
{
    (void)state;
    assert_gives("1 == '1'", "false");
    assert_gives("1 != '1'", "true");
    assert_gives("null == false", "false");
    assert_gives("null == null", "true");
    assert_gives("1 < '2'", "error");
    assert_gives("null < 1", "error");
    assert_gives("size(1)", "error");
    assert_gives("size(null)", "error");
    assert_gives("1 in 'abc'", "error");
    assert_gives("[1] == ['1']", "false");
    assert_gives("[true] == [true, true]", "false");
    assert_gives("[true, true] == [true]", "false");
    assert_gives("1.0 in [1]", "true");
    assert_gives("[1, [2]] in [[1, [2.0]]]", "true");
    assert_gives("null in [null]", "true");
}

static void test_errors_are_absorbed_on_either_side(void **state)
{
    (void)state;
    assert_gives("x || true", "true");
    assert_gives("true || x", "true");
    assert_gives("x && false", "false");
    assert_gives("false && x", "false");
    assert_gives("x || false", "error");
    assert_gives("x && true", "error");
    assert_gives("true && x && false && true", "false");
    assert_gives("!x", "error");
    assert_gives("x == x", "error");
    assert_gives("1 in [1, x]", "error");
    assert_gives("size([x])", "error");
    assert_gives("[1, x] == [2]", "error");
}

static void test_texts(void **state)
{
    (void)state;
    assert_gives("size('有稳定工作')", "5");
    assert_gives("size('\\U0001f431\\u00e9\\x41')", "3");
    assert_gives("'\\ud800'", "error");
    assert_gives("'\\U00110000'", "error");
    assert_gives("'\\400'", "error");
    assert_gives("'\\q'", "error");
    assert_gives("'open", "error");
    assert_gives("'two\nlines'", "error");
    assert_gives("\"it's\"", "\"it's\"");
    assert_gives("'a' < '有'", "true");
    /* By code point, not by UTF-16 unit. */
    assert_gives("'\\uffee' < '\\U00010000'", "true");
    assert_gives("'a\\x00b' == 'a'", "false");
}

static void test_names(void **state)
{
    (void)state;
    assert_gives("ground == 'work'", "true");
    assert_gives("age >= 16 && age < 18", "true");
    assert_gives("phone == null", "true");
    assert_gives("phone == 'later'", "false");
    assert_gives("ground in ['study', 'work']", "true");
    assert_gives("size(phone) > 0", "error");
    assert_gives("size (ground)", "4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conformance),
        cmocka_unit_test(test_precedence),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_kinds_that_do_not_go_together),
        cmocka_unit_test(test_errors_are_absorbed_on_either_side),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
