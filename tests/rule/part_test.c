/* Parts of a rule: which stand for themselves, which are the same, what they are
 * worth. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/rule/try.h"

static const struct rule_declared list[] = {
    { "ground", RULE_TEXT, RULE_ANY },
    { "age", RULE_INT, RULE_ANY },
    { "papers", RULE_LIST, RULE_TEXT },
};
static const struct rule_names names = { list, sizeof list / sizeof *list };

static struct rule_program *parse(const char *text)
{
    const struct rule_source source = try_source(text);
    struct rule_program *program = NULL;
    struct problems problems;

    problems_init(&problems);
    assert_int_equal(rule_program_parse(&source, &names, &problems, &program),
                     ERR_OK);
    problems_done(&problems);
    return program;
}

static bool value(void *owner, int index, const char *name,
                  struct rule_value *ret_value)
{
    (void)owner;
    (void)index;
    *ret_value = strcmp(name, "age") == 0 ? rule_int(40) : rule_text("work", 4);
    return true;
}

static const struct rule_node *nth(const struct rule_node *part, int n)
{
    part = rule_part_first(part);
    while (n-- > 0)
        part = rule_part_next(part);
    return part;
}

static void test_parts(void **state)
{
    static const struct rule_host host = { .value = value };
    struct rule_program *program = parse("age >= 18 && ground == 'x'");
    const struct rule_node *root = rule_program_root(program);
    struct rule_room room;

    (void)state;
    rule_room_init(&room);
    assert_false(rule_part_run(program, root, &host, &room).boolean);
    assert_true(rule_part_run(program, nth(root, 0), &host, &room).boolean);
    assert_int_equal(
        rule_part_run(program, nth(nth(root, 0), 0), &host, &room).integer, 40);
    assert_string_equal(rule_part_name(program, nth(nth(root, 0), 0)), "age");
    assert_null(rule_part_name(program, nth(nth(root, 0), 1)));
    assert_null(rule_part_name(program, root));
    assert_null(nth(root, 2));
    rule_room_done(&room);
    rule_program_free(program);
}

/* A macro is; what it asks of each element is not. */
static void test_closed(void **state)
{
    struct rule_program *program =
        parse("papers.exists(p, p == ground && papers.all(q, q == p))");
    const struct rule_node *root = rule_program_root(program);
    const struct rule_node *body = nth(root, 1);

    (void)state;
    assert_true(rule_part_is_closed(root));
    assert_true(rule_part_is_closed(nth(root, 0)));
    assert_false(rule_part_is_closed(body));
    assert_false(rule_part_is_closed(nth(body, 0)));
    assert_true(rule_part_is_closed(nth(nth(body, 0), 1)));
    /* Its own variable is bound, the outer one is not. */
    assert_false(rule_part_is_closed(nth(body, 1)));
    rule_program_free(program);
}

static void check_same(const char *one, const char *other, bool expected)
{
    struct rule_program *first = parse(one), *second = parse(other);

    if (rule_part_is_same(rule_program_root(first),
                          rule_program_root(second)) != expected)
        fail_msg("%s and %s", one, other);
    rule_program_free(first);
    rule_program_free(second);
}

static void test_same(void **state)
{
    (void)state;
    check_same("age >= 18", "age  >=  18", true);
    check_same("age >= 18", "(age >= 18)", true);
    check_same("age >= 18", "age > 18", false);
    check_same("age >= 18", "age >= 19", false);
    check_same("age >= 18", "18 >= age", false);
    check_same("ground == 'a'", "ground == 'b'", false);
    check_same("ground == 'a'", "'a' in papers", false);
    check_same("ground in ['a', 'b']", "ground in ['a', 'b']", true);
    check_same("ground in ['a', 'b']", "ground in ['a', 'c']", false);
    check_same("ground in ['a', 'b']", "ground in ['a']", false);
    check_same("size(papers) > 1", "size(ground) > 1", false);
    check_same("ground.startsWith('a')", "ground.endsWith('a')", false);
    check_same("papers.all(p, p == 'a')", "papers.all(q, q == 'a')", true);
    check_same("papers.all(p, p == 'a')", "papers.exists(p, p == 'a')", false);
    check_same("{'a': 1}[ground] == 1", "{'a': 1}[ground] == 1", true);
    check_same("{'a': 1}[ground] == 1", "{'a': 2}[ground] == 1", false);
    check_same("!(age > 1)", "age > 1", false);
    check_same("age > 1 ? true : false", "age > 1 ? false : true", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
