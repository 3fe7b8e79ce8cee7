/* YAML: what the tree holds, what is refused and where. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/yaml.h"

static struct yaml *parsed(const char *text)
{
    struct problems problems;
    struct yaml *root = NULL;

    problems_init(&problems);
    enum err err = yaml_parse("f.yaml", text, strlen(text), &problems, &root);
    if (err)
        print_message("%s", problems.text.text);
    assert_int_equal(err, ERR_OK);
    assert_int_equal(problems.count, 0);
    problems_done(&problems);
    return root;
}

static void assert_at(const struct yaml *node, int line, int column,
                      int text_column)
{
    assert_non_null(node);
    assert_int_equal(node->line, line);
    assert_int_equal(node->column, column);
    assert_int_equal(node->text_column, text_column);
}

static void test_tree(void **state)
{
    struct yaml *root = parsed("# a comment\n"
                               "id: residence-permit\n"
                               "title: {zh_CN: 居住证, en: \"Permit\"}\n"
                               "steps:\n"
                               "  - one\n"
                               "  - 'two'\n"
                               "empty: []\n"
                               "nothing:\n");

    (void)state;
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 5);
    assert_string_equal(root->keys[0]->text, "id");
    assert_string_equal(yaml_get(root, "id")->text, "residence-permit");
    const struct yaml *title = yaml_get(root, "title");
    assert_int_equal(title->kind, YAML_MAP);
    assert_string_equal(yaml_get(title, "zh_CN")->text, "居住证");
    assert_true(yaml_get(title, "zh_CN")->is_plain);
    assert_false(yaml_get(title, "en")->is_plain);
    const struct yaml *steps = yaml_get(root, "steps");
    assert_int_equal(steps->kind, YAML_LIST);
    assert_int_equal(steps->count, 2);
    assert_string_equal(steps->items[1]->text, "two");
    assert_int_equal(yaml_get(root, "empty")->count, 0);
    assert_string_equal(yaml_get(root, "nothing")->text, "");
    assert_null(yaml_get(root, "none"));
    assert_null(yaml_get(steps, "id"));
    assert_null(yaml_get(NULL, "id"));
    yaml_tree_free(root);
    yaml_tree_free(NULL);
}

static void test_places(void **state)
{
    struct yaml *root = parsed("a: plain\n"
                               "b: 'quoted'\n"
                               "c: \"es\\u0063aped\"\n"
                               "d: over\n"
                               "  two lines\n"
                               "e: |\n"
                               "  block\n"
                               "中文: 居住证\n"
                               "g: [1, 2]\n");

    (void)state;
    assert_at(yaml_get(root, "a"), 1, 4, 4);
    assert_at(yaml_get(root, "b"), 2, 4, 5);
    assert_at(yaml_get(root, "c"), 3, 4, 0); /* not as it is in the file */
    assert_at(yaml_get(root, "d"), 4, 4, 0);
    assert_string_equal(yaml_get(root, "d")->text, "over two lines");
    assert_at(yaml_get(root, "e"), 6, 4, 0);
    /* Characters, not bytes. */
    assert_at(yaml_get(root, "中文"), 8, 5, 5);
    assert_at(yaml_get(root, "g"), 9, 4, 0);
    assert_at(yaml_get(root, "g")->items[1], 9, 8, 8);
    yaml_tree_free(root);
}

static void test_nothing_is_an_empty_map(void **state)
{
    static const char *const texts[] = { "", "# only this\n", "\n\n" };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct yaml *root = parsed(texts[i]);

        assert_int_equal(root->kind, YAML_MAP);
        assert_int_equal(root->count, 0);
        assert_at(root, 1, 1, 0);
        yaml_tree_free(root);
    }
}

static void assert_refused_bytes(const char *text, size_t len, const char *line)
{
    struct problems problems;
    struct yaml *root = NULL;

    problems_init(&problems);
    assert_int_not_equal(yaml_parse("f.yaml", text, len, &problems, &root),
                         ERR_OK);
    assert_null(root);
    assert_string_equal(problems.text.text, line);
    problems_done(&problems);
}

static void assert_refused(const char *text, const char *line)
{
    assert_refused_bytes(text, strlen(text), line);
}

static void test_refused_features(void **state)
{
    (void)state;
    assert_refused("a: &x 1\n",
                   "f.yaml:1:4: error: anchors (&name) are not used "
                   "here: expected the value itself\n");
    assert_refused("a: &x [1]\n",
                   "f.yaml:1:4: error: anchors (&name) are not used "
                   "here: expected the value itself\n");
    assert_refused("&x {a: 1}\n",
                   "f.yaml:1:1: error: anchors (&name) are not used "
                   "here: expected the value itself\n");
    assert_refused(
        "a: *x\n",
        "f.yaml:1:4: error: aliases (*name) are not used here: expected "
        "the value itself, in quotes when it begins with *\n");
    assert_refused(
        "a: !!str 1\n",
        "f.yaml:1:4: error: tags (!name) are not used here: expected the "
        "value itself, in quotes when it begins with !\n");
    assert_refused(
        "a: !x\n  b: 1\n",
        "f.yaml:1:4: error: tags (!name) are not used here: expected the "
        "value itself, in quotes when it begins with !\n");
    assert_refused(
        "a: 1\n<<: {b: 2}\n",
        "f.yaml:2:1: error: merge keys are not used here: expected the "
        "keys themselves\n");
    assert_refused("[a]: 1\n",
                   "f.yaml:1:1: error: a list or map cannot be a key: "
                   "expected \"name:\"\n");
    assert_refused(
        "a: 1\n---\nb: 2\n",
        "f.yaml:2:1: error: a second document begins here: expected one "
        "only\n");
    assert_refused(
        "a: \"x\\0y\"\n",
        "f.yaml:1:4: error: \\0 in a text: expected characters only\n");
}

static void test_duplicate_keys(void **state)
{
    (void)state;
    assert_refused(
        "a: 1\nb: 2\n'a': 3\n",
        "f.yaml:3:1: error: \"a\" stands here a second time (first in "
        "line 1): expected each key once\n");
    assert_refused(
        "x: {b: 1, a: 1, b: 2, b: 3}\n",
        "f.yaml:1:17: error: \"b\" stands here a second time (first in "
        "line 1): expected each key once\n"
        "f.yaml:1:23: error: \"b\" stands here a second time (first in "
        "line 1): expected each key once\n");
}

static void test_refused_bytes(void **state)
{
    (void)state;
    assert_refused("\xef\xbb\xbf"
                   "a: 1\n",
                   "f.yaml:1:1: error: the file begins with a byte-order mark: "
                   "expected UTF-8 without one\n");
    assert_refused_bytes(
        "\xff\xfe"
        "a\0",
        4, "f.yaml:1:1: error: the file is UTF-16: expected UTF-8\n");
    assert_refused(
        "a: 1\n中: \xff\n",
        "f.yaml:2:4: error: a byte that is not UTF-8: expected UTF-8\n");
    assert_refused(
        "a: 1\n中: \xed\xa0\x80\n",
        "f.yaml:2:4: error: a byte that is not UTF-8: expected UTF-8\n");
    assert_refused(
        "a: 1\n中: x\x1by\n",
        "f.yaml:2:5: error: a control character: expected readable text "
        "only\n");
    assert_refused_bytes(
        "a: \0b\n", 6,
        "f.yaml:1:4: error: a control character: expected readable "
        "text only\n");
}

static void test_syntax(void **state)
{
    (void)state;
    assert_refused(
        "a: b: c\n",
        "f.yaml:1:5: error: a second \":\" in one line: expected quotes "
        "around a text that holds \": \", or a key indented like "
        "its neighbours\n");
    assert_refused(
        "a: 1\n  b: 2\n",
        "f.yaml:2:4: error: a second \":\" in one line: expected quotes "
        "around a text that holds \": \", or a key indented like "
        "its neighbours\n");
    assert_refused(
        "a:\n\tb: 1\n",
        "f.yaml:2:1: error: expected spaces instead of a tab, or quotes "
        "around a text that begins with @, ` or %\n");
    assert_refused(
        "a: 'open\n",
        "f.yaml:2:1: error: the file ends inside a quoted text: expected "
        "the closing quote\n");
    assert_refused(
        "a: [1, 2\nb: 3\n",
        "f.yaml:2:2: error: expected \",\" or \"]\": a list is open\n");
    assert_refused(
        "a: 1\nb\n",
        "f.yaml:3:1: error: expected \":\" after the key in this line or "
        "the one before\n");
    assert_refused(
        "a: {b: 1, c: d, e f: g: h}\n",
        "f.yaml:1:23: error: expected \",\" or \"}\": a map is open; "
        "between { and } a text that holds , or : stands in "
        "quotes\n");
    assert_refused("a: 1\n顺序： 9\nb: 2\n",
                   "f.yaml:2:1: error: \"：\" is no colon of YAML: expected "
                   "\": \" behind the key, half width and with a space\n");
    assert_refused("a: \"\\q\"\n",
                   "f.yaml:1:5: error: an unknown \\ escape: expected 'single "
                   "quotes', or \\\\ for one \\\n");
}

static void test_depth_and_size(void **state)
{
    char text[128] = "";

    (void)state;
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    struct yaml *root = parsed(text);
    yaml_tree_free(root);
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    assert_refused(text,
                   "f.yaml:1:33: error: nested more than 32 deep: expected a "
                   "simpler file\n");
    size_t len = 1024 * 1024 + 1;
    char *big = mem_new(len + 1);
    memset(big, '#', len);
    assert_refused_bytes(big, len,
                         "f.yaml:1:1: error: the file is too long: "
                         "expected at most 1 MiB\n");
    big[len - 1] = '\0';
    root = parsed(big);
    yaml_tree_free(root);
    mem_free(big);
}

/* A map of very many keys: each is compared with few others. */
static void test_many_keys(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 1024 * 1024);
    for (int i = 0; i < 60000; i++)
        buf_add_format(&text, "k%d: v\n", i);
    struct yaml *root = parsed(text.text);
    assert_int_equal(root->count, 60000);
    assert_string_equal(root->keys[59999]->text, "k59999");
    yaml_tree_free(root);
    buf_done(&text);
}

static void test_read(void **state)
{
    char folder[64], path[128], expected[256];
    struct problems problems;
    struct yaml *root = NULL;

    (void)state;
    problems_init(&problems);
    assert_int_equal(file_make_temporary(folder, sizeof folder), ERR_OK);
    snprintf(path, sizeof path, "%s/a.yaml", folder);
    assert_int_equal(yaml_read(path, &problems, &root), ERR_NOT_FOUND);
    snprintf(expected, sizeof expected,
             "%s:1:1: error: there is no such file: expected one here\n", path);
    assert_string_equal(problems.text.text, expected);
    assert_int_equal(file_replace(path, "a: 1\n", 5, 0600), ERR_OK);
    assert_int_equal(yaml_read(path, &problems, &root), ERR_OK);
    assert_string_equal(yaml_get(root, "a")->text, "1");
    yaml_tree_free(root);
    assert_int_equal(file_remove_tree(folder), ERR_OK);
    problems_done(&problems);
}

static void test_problems(void **state)
{
    struct problems problems;

    (void)state;
    problems_init(&problems);
    /* One finding is one line, whatever is quoted in it. */
    problems_add(&problems, "f", 1, 2, "unknown \"%s\"", "a\nb\x1b[31m");
    assert_string_equal(problems.text.text,
                        "f:1:2: error: unknown \"a b [31m\"\n");
    problems_add(&problems, "f", 1, 2, "unknown \"%s\"", "a\nb\x1b[31m");
    assert_int_equal(problems.count, 1); /* told once */
    for (int i = 0; i < 100000; i++)
        problems_add(&problems, "f", i, 2, "many");
    assert_int_equal(problems.count, 100001);
    assert_true(problems.text.is_cut);
    problems_done(&problems);
}

/* A warning refuses nothing; what is read is in the order of the files. */
static void test_problems_in_order(void **state)
{
    struct problems problems;
    struct buf text;

    (void)state;
    problems_init(&problems);
    buf_init(&text, 4096);
    problems_add(&problems, "b", 9, 1, "third");
    problems_warn(&problems, "a", 1, 1, "fourth %d", 4);
    problems_warn(&problems, "b", 2, 8, "second");
    problems_add(&problems, "b", 2, 3, "first");
    problems_add(&problems, "b", 9, 1, "after the third");
    assert_int_equal(problems.count, 3);
    assert_int_equal(problems.warnings, 2);
    problems_in_order(&problems, &text);
    assert_string_equal(text.text, "b:2:3: error: first\n"
                                   "b:2:8: warning: second\n"
                                   "b:9:1: error: third\n"
                                   "b:9:1: error: after the third\n"
                                   "a:1:1: warning: fourth 4\n");
    buf_done(&text);
    problems_done(&problems);
}

/* "and N more" tells what found no room. */
static void test_problems_without_room(void **state)
{
    enum { MANY = 100000 };
    struct problems problems;
    struct buf text;
    size_t told = 0;
    unsigned long more = 0;

    (void)state;
    problems_init(&problems);
    buf_init(&text, 4 * 1024 * 1024);
    for (int i = 0; i < MANY; i++)
        problems_warn(&problems, "f", i, 2, "many");
    problems_in_order(&problems, &text);
    for (const char *at = text.text; *at; at++) {
        told += *at == '\n';
        if (strncmp(at, "\nand ", 5) == 0)
            more = strtoul(at + 5, NULL, 10);
    }
    assert_int_equal(told - 1 + more, MANY);
    assert_true(more > 0);
    buf_done(&text);
    problems_done(&problems);
}

/* One run tells of all of them, and the rest of the tree is there. */
static void test_goes_on(void **state)
{
    static const char text[] = "a: &x 1\n"
                               "b: *x\n"
                               "c: !t [1, 2]\n"
                               "<<: {z: 1}\n"
                               "d: 4\n"
                               "a: 5\n";
    struct problems problems;
    struct yaml *root = NULL;

    (void)state;
    problems_init(&problems);
    assert_int_equal(
        yaml_parse_on("f.yaml", text, strlen(text), &problems, &root), ERR_OK);
    assert_string_equal(
        problems.text.text,
        "f.yaml:1:4: error: anchors (&name) are not used here: expected the "
        "value itself\n"
        "f.yaml:2:4: error: aliases (*name) are not used here: expected the "
        "value itself, in quotes when it begins with *\n"
        "f.yaml:3:4: error: tags (!name) are not used here: expected the value "
        "itself, in quotes when it begins with !\n"
        "f.yaml:4:1: error: merge keys are not used here: expected the keys "
        "themselves\n"
        "f.yaml:6:1: error: \"a\" stands here a second time (first in line "
        "1): expected each key once\n");
    assert_int_equal(root->count, 6);
    assert_true(yaml_get(root, "a")->is_bad);
    assert_true(yaml_get(root, "b")->is_bad);
    assert_int_equal(yaml_get(root, "c")->count, 2);
    assert_false(yaml_get(root, "c")->items[0]->is_bad);
    assert_true(root->keys[3]->is_bad);
    assert_false(yaml_get(root, "d")->is_bad);
    assert_true(root->keys[5]->is_bad);
    yaml_tree_free(root);
    problems_done(&problems);
}

static void test_nearest(void **state)
{
    static const char *const known[] = { "title", "summary", "steps", "id",
                                         "when" };

    (void)state;
    assert_string_equal(yaml_nearest("titel", known, 5), "title");
    assert_string_equal(yaml_nearest("tite", known, 5), "title");
    assert_string_equal(yaml_nearest("step", known, 5), "steps");
    assert_string_equal(yaml_nearest("sumary", known, 5), "summary");
    assert_string_equal(yaml_nearest("wenh", known, 5), "when");
    assert_string_equal(yaml_nearest("di", known, 5), "id");
    assert_null(yaml_nearest("colour", known, 5));
    assert_null(yaml_nearest("xy", known, 5));
    assert_null(yaml_nearest("", known, 5));
    assert_null(yaml_nearest("titleeee", known, 5));
    assert_null(yaml_nearest("wh", known, 5)); /* all of it would be new */
    assert_null(yaml_nearest("title", known, 0));
}

/* Each beginning of a file, and each with one byte changed, is read or refused
 * with words. */
static void test_every_beginning(void **state)
{
    static const char whole[] =
        "# c\nid: 'a'\nlist:\n  - {x: \"y\\n\", 中: [1]}"
        "\n  - |\n    text\n? k\n: v\n";
    static const char bytes[] = "&*!|>%@`'\"[]{}:,-?#\t\n \\\xff<";
    char text[sizeof whole];

    (void)state;
    for (size_t len = 1; len < sizeof whole; len++) {
        for (size_t change = 0; change < sizeof bytes; change++) {
            struct problems problems;
            struct yaml *root = NULL;

            memcpy(text, whole, len);
            text[len - 1] = bytes[change];
            problems_init(&problems);
            enum err err = yaml_parse("f", text, len, &problems, &root);
            assert_int_equal(err != ERR_OK, problems.count > 0);
            yaml_tree_free(root);
            problems_done(&problems);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_nothing_is_an_empty_map),
        cmocka_unit_test(test_refused_features),
        cmocka_unit_test(test_duplicate_keys),
        cmocka_unit_test(test_refused_bytes),
        cmocka_unit_test(test_syntax),
        cmocka_unit_test(test_depth_and_size),
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_problems_in_order),
        cmocka_unit_test(test_problems_without_room),
        cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_every_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
