/* That each change is the one it says, and leaves YAML behind. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "tests/mutate/change.h"
#include "tests/mutate/vary.h"

enum { TEXT_BYTES = 256 * 1024 };

/* ---- Edits -------------------------------------------------------------- */

static const char yaml[] = "title: {zh_CN: 小事, en: Small}\n"
                           "steps:\n"
                           "  - id: first   # a comment\n"
                           "    screen: choice\n"
                           "    when: age >= 18 && kind == \"b\"\n"
                           "\n"
                           "  - id: second\n"
                           "    when: '!(kind == \"a\")'\n"
                           "    stops:\n"
                           "      - {id: only, when: \"kind == \\\"c\\\"\"}\n"
                           "  - {id: third, screen: send}\n";

/* Finds a node by "steps.1.when": keys, and places from 0. */
static const struct node *node_at(const struct tree *tree, const char *path)
{
    const struct node *node = tree_root(tree);
    char word[32];

    while (*path) {
        size_t len = strcspn(path, ".");

        snprintf(word, sizeof word, "%.*s", (int)len, path);
        node = node->kind == NODE_LIST ? node->items[word[0] - '0']
                                       : node_get(node, word);
        assert_non_null(node);
        path += len + (path[len] == '.');
    }
    return node;
}

static void assert_edit(struct edit edit, const char *from, const char *to)
{
    size_t len = 0;
    char *made = edit_apply(&edit, yaml, strlen(yaml), &len);
    struct buf expected;
    const char *at = strstr(yaml, from);

    assert_non_null(at);
    buf_init(&expected, TEXT_BYTES);
    buf_add(&expected, yaml, (size_t)(at - yaml));
    buf_add_text(&expected, to);
    buf_add_text(&expected, at + strlen(from));
    assert_string_equal(made, expected.text);
    assert_int_equal(len, expected.len);
    struct tree *again = tree_read(made, len);
    assert_non_null(again); /* it is YAML still */
    tree_free(again);
    buf_done(&expected);
    edit_done(&edit);
    mem_free(made);
}

static void test_what_is_left_out_leaves_no_trace(void **state)
{
    static const struct {
        const char *path, *from, *to;
    } rows[] = {
        { "title.zh_CN", "zh_CN: 小事, ", "" },
        { "title.en", ", en: Small", "" },
        { "steps.0.id", "id: first   # a comment\n    ", "" },
        { "steps.0.screen", "screen: choice\n    ", "" },
        { "steps.0.when", "\n    when: age >= 18 && kind == \"b\"", "" },
        { "steps.0",
          "- id: first   # a comment\n    screen: choice\n"
          "    when: age >= 18 && kind == \"b\"\n\n  ",
          "" },
        { "steps.2", "\n  - {id: third, screen: send}", "" },
        /* the only entry, with the list that had it */
        { "steps.1.stops.0",
          "\n    stops:\n      - {id: only, when: \"kind == \\\"c\\\"\"}", "" },
        { "steps.1.stops.0.id", "id: only, ", "" },
    };
    struct tree *tree = tree_read(yaml, strlen(yaml));

    (void)state;
    assert_non_null(tree);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_edit(edit_remove(tree, node_at(tree, rows[i].path)),
                    rows[i].from, rows[i].to);
    tree_free(tree);
}

static void test_an_opposite_is_quoted_as_it_must_be(void **state)
{
    struct tree *tree = tree_read(yaml, strlen(yaml));

    (void)state;
    assert_edit(edit_negate(tree, node_at(tree, "steps.0.when")),
                "age >= 18 && kind == \"b\"",
                "'!(age >= 18 && kind == \"b\")'");
    assert_edit(edit_negate(tree, node_at(tree, "steps.1.when")),
                "!(kind == \"a\")", "!(!(kind == \"a\"))");
    assert_edit(edit_negate(tree, node_at(tree, "steps.1.stops.0.when")),
                "kind == \\\"c\\\"", "!(kind == \\\"c\\\")");
    tree_free(tree);
}

static void test_two_neighbours_change_places(void **state)
{
    struct tree *tree = tree_read(yaml, strlen(yaml));

    (void)state;
    assert_edit(
        edit_swap(tree, node_at(tree, "steps.1"), node_at(tree, "steps.2")),
        "id: second\n    when: '!(kind == \"a\")'\n    stops:\n"
        "      - {id: only, when: \"kind == \\\"c\\\"\"}\n"
        "  - {id: third, screen: send}",
        "{id: third, screen: send}\n  - id: second\n"
        "    when: '!(kind == \"a\")'\n    stops:\n"
        "      - {id: only, when: \"kind == \\\"c\\\"\"}");
    tree_free(tree);
}

/* ---- Words -------------------------------------------------------------- */

static void assert_misspelt(const char *word, const char *expected)
{
    struct buf out;

    buf_init(&out, TEXT_BYTES);
    vary_misspell(word, strlen(word), &out);
    assert_string_equal(out.text, expected);
    buf_done(&out);
}

static void assert_moved(const char *word, int by, const char *expected)
{
    struct buf out;

    buf_init(&out, TEXT_BYTES);
    assert_int_equal(vary_move(word, strlen(word), by, &out), *expected != 0);
    assert_string_equal(out.text, expected);
    buf_done(&out);
}

static void test_a_word_is_made_a_wrong_one(void **state)
{
    (void)state;
    assert_misspelt("phone", "phnoe");
    assert_misspelt("fee", "feee");
    assert_misspelt("no", "noo");
    assert_misspelt("a", "aa");
    assert_misspelt("aaaa", "aaaaa");
    assert_misspelt("户口本", "户本口");
    assert_moved("18", 1, "19");
    assert_moved("18", -1, "17");
    assert_moved("0", -1, "");
    assert_moved("50000.00", -1, "49999.00");
    assert_moved("2026-12-31", 1, "2027-01-01");
    assert_moved("2026-01", -1, "2025-12");
    assert_moved("yes", 1, "");
    assert_moved("", 1, "");
}

/* ---- Changes ------------------------------------------------------------ */

static void list_changes(const char *text, struct buf *out)
{
    struct tree *tree = tree_read(text, strlen(text));
    struct changes changes;

    assert_non_null(tree);
    changes_make(tree, &changes);
    for (size_t i = 0; i < changes.count; i++) {
        change_tell(&changes.list[i], "small", out);
        buf_add_char(out, '\n');
    }
    changes_done(&changes);
    tree_free(tree);
}

static void test_every_change_is_told_once(void **state)
{
    static const char item[] =
        "order: 2\n"
        "legal_time: {days: 15}\n"
        "conditions: {grown: age >= 18}\n"
        "steps:\n"
        "  - id: kind\n"
        "    when: \"!grown && who != \\\"x\\\" || who == \\\"x\\\"\"\n"
        "    required: false\n"
        "    hint: {zh_CN: '{fee}。', en: '{fee}.'}\n"
        "    options: [{value: b}]\n"
        "    basis: {unverified: true}\n" /* left out once, not twice */
        "  - {id: end, lines: [{id: a1}]}\n"
        "tests: [{name: x, today: 2026-01-01}]\n";
    struct buf told;

    (void)state;
    buf_init(&told, TEXT_BYTES);
    list_changes(item, &told);
    assert_string_equal(told.text,
                        "small: mark: legal_time: left out\n"
                        "small: bound: legal_time.days: 15 -> 16\n"
                        "small: bound: legal_time.days: 15 -> 14\n"
                        "small: part: conditions.grown: left out\n"
                        "small: name: conditions.grown: grown -> grwon\n"
                        "small: when: conditions.grown: its opposite\n"
                        "small: name: conditions.grown: age -> aeg\n"
                        "small: operator: conditions.grown: >= -> >\n"
                        "small: bound: conditions.grown: 18 -> 19\n"
                        "small: bound: conditions.grown: 18 -> 17\n"
                        "small: step: steps.kind: left out\n"
                        "small: order: steps.kind: behind end\n"
                        "small: name: steps.kind.id: kind -> kidn\n"
                        "small: when: steps.kind.when: left out\n"
                        "small: when: steps.kind.when: its opposite\n"
                        "small: operator: steps.kind.when: ! -> nothing\n"
                        "small: name: steps.kind.when: grown -> grwon\n"
                        "small: operator: steps.kind.when: && -> ||\n"
                        "small: name: steps.kind.when: who -> woh\n"
                        "small: operator: steps.kind.when: != -> ==\n"
                        "small: name: steps.kind.when: x -> xx\n"
                        "small: operator: steps.kind.when: || -> &&\n"
                        "small: name: steps.kind.when: who -> woh #2\n"
                        "small: operator: steps.kind.when: == -> !=\n"
                        "small: name: steps.kind.when: x -> xx #2\n"
                        "small: mark: steps.kind.required: left out\n"
                        "small: text: steps.kind.hint: left out\n"
                        "small: text: steps.kind.hint.zh_CN: left out\n"
                        "small: name: steps.kind.hint.zh_CN: fee -> feee\n"
                        "small: text: steps.kind.hint.en: left out\n"
                        "small: name: steps.kind.hint.en: fee -> feee\n"
                        "small: option: steps.kind.options.b: left out\n"
                        "small: name: steps.kind.options.b.value: b -> bb\n"
                        "small: mark: steps.kind.basis: left out\n"
                        "small: step: steps.end: left out\n"
                        "small: name: steps.end.id: end -> edn\n"
                        "small: part: steps.end.lines.a1: left out\n"
                        "small: name: steps.end.lines.a1.id: a1 -> a11\n");
    buf_done(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_left_out_leaves_no_trace),
        cmocka_unit_test(test_an_opposite_is_quoted_as_it_must_be),
        cmocka_unit_test(test_two_neighbours_change_places),
        cmocka_unit_test(test_a_word_is_made_a_wrong_one),
        cmocka_unit_test(test_every_change_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
