/* What a rule, and the data it looks at, may cost: steps, depth, memory.  A rule
 * over a limit is an error, not a hang and not a crash. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/fault.h"
#include "tests/rule/try.h"

enum { TEXT_MAX = 64 * 1024 };

static const char too_many_steps[] = "the rule takes more than 100000 steps";

/* before, then part so often, then after. */
static void repeat(struct buf *out, const char *before, const char *part,
                   int times, const char *after)
{
    buf_clear(out);
    buf_add_text(out, before);
    for (int i = 0; i < times; i++)
        buf_add_text(out, part);
    buf_add_text(out, after);
    assert_false(out->is_cut);
}

/* It is an error, and says so. */
static void assert_stops(const char *rule, const char *vars, const char *what)
{
    json_t *json = vars ? json_loads(vars, 0, NULL) : NULL;
    struct buf said;

    assert_true(!vars || json);
    buf_init(&said, TEXT_MAX);
    try_say(rule, json, TRY_TODAY, &said);
    if (!strstr(said.text, what))
        fail_msg("%.200s gives %.200s", rule, said.text);
    buf_done(&said);
    json_decref(json);
}

static void test_steps(void **state)
{
    static const char numbers[] = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    struct buf rule;
    (void)state;

    buf_init(&rule, TEXT_MAX);
    /* 10 to the fifth, and one more. */
    for (int depth = 4; depth <= 5; depth++) {
        buf_clear(&rule);
        for (int i = 0; i < depth; i++)
            buf_add_format(&rule, "%s.all(v%d, ", numbers, i);
        buf_add_text(&rule, "true");
        for (int i = 0; i < depth; i++)
            buf_add_text(&rule, ")");
        if (depth == 4)
            try_gives(rule.text, "{\"bool\": true}");
        else
            assert_stops(rule.text, NULL, too_many_steps);
    }
    /* Nothing settles it: what comes after is not looked at. */
    buf_add_text(&rule, " || true");
    assert_stops(rule.text, NULL, too_many_steps);
    buf_done(&rule);
}

/* Doubling: 'aa', 'aaaa', ... would be petabytes. */
static void test_texts_and_lists_that_grow(void **state)
{
    struct buf rule;
    (void)state;

    buf_init(&rule, TEXT_MAX);
    repeat(&rule, "['0123456789012345678901234567890123456789']",
           ".map(x, x + x)", 40, "");
    assert_stops(rule.text, NULL, too_many_steps);
    repeat(&rule, "[[1]]", ".map(x, x + x)", 40, "");
    assert_stops(rule.text, NULL, too_many_steps);
    repeat(&rule, "['a', 'b']", ".map(x, [x, x])", 60, "");
    buf_add_text(&rule, " == []");
    assert_stops(rule.text, NULL, "{\"bool\": false}");
    repeat(&rule, "'aaaaaaaaaaaaaaaa'", ".replace('', 'aaaaaaaaaaaaaaaa')", 8,
           "");
    assert_stops(rule.text, NULL, too_many_steps);
    repeat(&rule, "'aaaaaaaaaaaaaaaaaaaaaaaa'", ".split('').join('aaaaaaaaaa')",
           6, "");
    assert_stops(rule.text, NULL, too_many_steps);
    buf_done(&rule);
}

static void test_depth_of_rules(void **state)
{
    static const struct {
        const char *open, *middle, *close;
    } kinds[] = {
        { "(", "1", ")" },
        { "[", "1", "]" },
        { "{1: ", "1", "}" },
        { "!", "true", "" },
        { "- ", "a", "" },
        { "size(", "1", ")" },
        { "true ? 1 : ", "1", "" },
        { "a[", "1", "]" },
        { "[1].all(x, ", "true", ")" },
    };
    struct buf rule;
    (void)state;

    buf_init(&rule, TEXT_MAX);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        repeat(&rule, "", kinds[i].open, 150, kinds[i].middle);
        for (int j = 0; j < 150; j++)
            buf_add_text(&rule, kinds[i].close);
        assert_stops(rule.text, NULL,
                     strstr(kinds[i].open, "all") ? "inside each other"
                                                  : "nested more than 100");
    }
    buf_done(&rule);
}

/* What needs no bracket grows in height: refused as well, but only later. */
static void test_height_of_rules(void **state)
{
    struct buf rule;
    (void)state;

    buf_init(&rule, TEXT_MAX);
    repeat(&rule, "0", " + 1", 200, "");
    try_gives(rule.text, "{\"int\": 200}");
    repeat(&rule, "0", " + 1", 300, "");
    assert_stops(rule.text, NULL, "more than 250 operators");
    repeat(&rule, "a", ".b", 300, "");
    assert_stops(rule.text, NULL, "more than 250 operators");
    repeat(&rule, "a", "[0]", 300, "");
    assert_stops(rule.text, NULL, "more than 250 operators");
    repeat(&rule, "'a'", ".trim()", 300, "");
    assert_stops(rule.text, NULL, "more than 250 operators");
    /* && and || do not. */
    repeat(&rule, "true", " && true", 900, "");
    try_gives(rule.text, "{\"bool\": true}");
    buf_done(&rule);
}

static void test_depth_of_values(void **state)
{
    struct buf text;
    (void)state;

    buf_init(&text, TEXT_MAX);
    repeat(&text, "[1]", ".map(x, [x])", 98, " == []");
    try_gives(text.text, "{\"bool\": false}");
    repeat(&text, "[1]", ".map(x, [x])", 110, "");
    assert_stops(text.text, NULL, "nested more than 100 deep");
    repeat(&text, "{'a': 1}", ".transformMap(k, v, {'a': v})", 110, "");
    assert_stops(text.text, NULL, "nested more than 100 deep");
    /* Data, which here counts as none when it is too deep. */
    repeat(&text, "{\"a\": ", "{\"list\": [", 99, "{\"int\": 1}");
    for (int i = 0; i < 99; i++)
        buf_add_text(&text, "]}");
    buf_add_text(&text, "}");
    try_gives_with("a == a", text.text, "{\"bool\": true}");
    assert_stops("[[[a]]] == []", text.text, "nested more than 100 deep");
    repeat(&text, "{\"a\": ", "{\"list\": [", 400, "{\"int\": 1}");
    for (int i = 0; i < 400; i++)
        buf_add_text(&text, "]}");
    buf_add_text(&text, "}");
    assert_stops("a == a", text.text, "no such name");
    buf_done(&text);
}

/* Many states that each have a long class: the text is not even looked at. */
static void test_costly_pattern(void **state)
{
    struct buf rule;
    (void)state;

    buf_init(&rule, TEXT_MAX);
    buf_add_text(&rule, "'南阳市南阳市南阳市南阳市'.matches('[");
    for (int i = 0; i < 1500; i++)
        buf_add_text(&rule, i % 2 ? "ac" : "Bd");
    buf_add_text(&rule, "]{500}')");
    assert_stops(rule.text, NULL, too_many_steps);
    buf_done(&rule);
}

/* A map of literals is made once, so its keys cost nothing later. */
static void test_large_maps(void **state)
{
    struct buf text;
    (void)state;

    buf_init(&text, TEXT_MAX);
    buf_add_text(&text, "{");
    for (int i = 0; i < 1000; i++)
        buf_add_format(&text, "%s%d:1", i ? "," : "", i);
    buf_add_text(&text, "}[999]");
    try_gives(text.text, "{\"int\": 1}");
    buf_clear(&text);
    buf_add_text(&text, "{");
    for (int i = 0; i < 1000; i++)
        buf_add_format(&text, "%s%d:1", i ? "," : "", i % 999);
    buf_add_text(&text, "}[0]");
    assert_stops(text.text, NULL, "steps");
    buf_clear(&text);
    buf_add_text(&text, "{\"m\": {\"map\": [");
    for (int i = 0; i < 1000; i++)
        buf_add_format(&text, "%s[{\"int\": %d}, {\"int\": 2}]", i ? ", " : "",
                       i);
    buf_add_text(&text, "]}}");
    try_gives_with("m[999]", text.text, "{\"int\": 2}");
    buf_done(&text);
}

static void test_length(void **state)
{
    struct buf rule;
    (void)state;

    buf_init(&rule, TEXT_MAX);
    repeat(&rule, "true", " ", RULE_BYTES_MAX - 4, "");
    try_gives(rule.text, "{\"bool\": true}");
    repeat(&rule, "true", " ", RULE_BYTES_MAX - 3, "");
    assert_stops(rule.text, NULL, "1:1: the rule is too long");
    assert_stops("'\xff'", NULL, "1:1: the rule holds what is no text");
    buf_done(&rule);
}

/* ---- The heap ----------------------------------------------------------- */

static int allocations;

static bool count_allocations(const char *name)
{
    allocations += strcmp(name, "mem.new") == 0;
    return false;
}

static bool value_of(void *owner, int index, const char *name,
                     struct rule_value *ret_value)
{
    static const struct rule_value papers[] = {
        { .kind = RULE_TEXT, .text = { "permit", 6 } },
        { .kind = RULE_TEXT, .text = { "contract", 8 } },
    };

    (void)owner;
    (void)index;
    *ret_value = strcmp(name, "papers") == 0 ? rule_list(papers, 2)
                 : strcmp(name, "age") == 0  ? rule_int(70)
                                             : rule_text("13800138000", 11);
    return true;
}

/* Runs it and returns how often memory was asked for. */
static int allocations_of(const char *text, struct rule_room *room)
{
    struct rule_source source = try_source(text);
    struct rule_host host = { .value = value_of, .today = TRY_TODAY };
    struct rule_program *program = NULL;
    struct problems problems;

    problems_init(&problems);
    assert_int_equal(rule_program_parse(&source, NULL, &problems, &program),
                     ERR_OK);
    allocations = 0;
    fault_set_judge(count_allocations);
    struct rule_value value = rule_program_run(program, &host, room);
    fault_set_judge(NULL);
    assert_int_not_equal(value.kind, RULE_ERROR);
    rule_program_free(program);
    problems_done(&problems);
    return allocations;
}

static void test_no_heap(void **state)
{
    static const char *const rules[] = {
        "age >= 16 && phone.startsWith('138')",
        "'permit' in papers || size(papers) > 3",
        "papers.filter(p, p.contains('t')).map(p, p + '!').join(', ')",
        "papers.all(i, p, i < 2 && p != '')",
        "phone.matches('^1[3-9]\\\\d{9}$') && mobile_ok(phone)",
        "{'a': [1, 2, age]}.a[2] == 70",
        "today() - duration('24h') < today()",
        "today().getHours('Asia/Shanghai') == 8",
        "today().getHours('+08:00') == 8",
        "years_before('2024-02-29', 1) == '2023-02-28'",
        "string(age) + 'x'",
        "id_number_ok(phone) ? 'yes' : 'no'",
    };
    struct rule_room room;
    (void)state;

    rule_room_init(&room);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        int count = allocations_of(rules[i], &room);

        if (count || room.heap_count)
            fail_msg("%s asks for memory %d times", rules[i], count);
        rule_room_clear(&room);
    }
    rule_room_done(&room);
}

/* More than the room holds is on the heap, and gone when it is cleared; so are
 * the bytes in the room. */
static void test_heap_and_wipe(void **state)
{
    struct buf rule;
    struct rule_room room;
    (void)state;

    buf_init(&rule, TEXT_MAX);
    rule_room_init(&room);
    repeat(&rule, "[phone", ", phone + phone", 100, "].join() != ''");
    assert_true(allocations_of(rule.text, &room) > 0);
    assert_true(room.heap_count > 0);
    rule_room_clear(&room);
    assert_int_equal(room.heap_count, 0);
    for (size_t i = 0; i < sizeof room.first; i++)
        assert_int_equal(room.first[i], 0);
    rule_room_done(&room);
    buf_done(&rule);
}

static void test_room_has_an_end(void **state)
{
    struct rule_room room;
    (void)state;

    rule_room_init(&room);
    assert_non_null(rule_room_take(&room, 0));
    assert_null(rule_room_take(&room, RULE_ROOM_MAX + 1));
    assert_null(rule_room_take(&room, SIZE_MAX));
    assert_non_null(rule_room_take(&room, RULE_ROOM_MAX));
    assert_null(rule_room_take(&room, RULE_ROOM_MAX));
    assert_non_null(rule_room_take(&room, 1));
    rule_room_done(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_texts_and_lists_that_grow),
        cmocka_unit_test(test_depth_of_rules),
        cmocka_unit_test(test_height_of_rules),
        cmocka_unit_test(test_depth_of_values),
        cmocka_unit_test(test_costly_pattern),
        cmocka_unit_test(test_large_maps),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_no_heap),
        cmocka_unit_test(test_heap_and_wipe),
        cmocka_unit_test(test_room_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
