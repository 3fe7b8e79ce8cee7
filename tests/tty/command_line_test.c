/* Options, settings and items with mistakes: exact exit codes, and one
 * sentence that says where and what was expected. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOTLINE "screens/items/hotline-12345.yaml"

enum { WORDS_MAX = 8 };

static char kiosk[WORLD_PATH], hub[WORLD_PATH], folder[WORLD_PATH];
static struct world_said said;

static int start(void **state)
{
    (void)state;
    world_program(kiosk, "kiosk");
    world_program(hub, "kiosk-hub");
    world_folder(folder);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static void run(const char *program, const char *const *words)
{
    const char *argv[WORDS_MAX + 2] = { program };
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        argv[i + 1] = words[i];
    world_run(argv, &said);
}

struct order {
    const char *words[WORDS_MAX];
    int code;
    const char *out, *err; /* what must stand there; NULL: nothing at all */
};

static void check_orders(const char *program, const struct order *orders,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct order *order = &orders[i];
        run(program, order->words);
        bool is_right =
            said.code == order->code &&
            (order->out ? strstr(said.out, order->out) != NULL : !*said.out) &&
            (order->err ? strstr(said.err, order->err) != NULL : !*said.err);
        if (!is_right)
            fail_msg("%s %s …: exit code %d\n%s%s", program,
                     order->words[0] ? order->words[0] : "", said.code,
                     said.out, said.err);
    }
}

static void test_kiosk_options(void **state)
{
    static const struct order orders[] = {
        { { NULL }, 2, NULL, "--demo or --settings FILE is needed" },
        { { "--nonsense" }, 2, NULL, "unknown option: --nonsense" },
        { { "nonsense" }, 2, NULL, "unknown command: nonsense" },
        { { "--example-settings", "extra" },
          2,
          NULL,
          "nothing else goes with it: --example-settings" },
        { { "--demo", "--version" }, 2, NULL, "goes with it: --version" },
        { { "--settings" }, 2, NULL, "a value must follow: --settings" },
        { { "--report", "3" }, 2, NULL, "go with --demo only" },
        { { "--state", "/tmp/x" }, 2, NULL, "go with --demo only" },
        { { "--demo", "--report", "x" }, 2, NULL, "open descriptor: x" },
        { { "--demo", "--report", "-1" }, 2, NULL, "open descriptor: -1" },
        { { "--demo", "--report", "99" }, 2, NULL, "is not open" },
        { { "--demo", "--report", "99999999999" }, 2, NULL, "descriptor" },
        { { "--demo" }, 2, NULL, "a terminal is needed" },
        { { "--settings", "/nowhere.yaml" }, 2, NULL, "/nowhere.yaml" },
        { { "--demo", "--settings", "/tmp" }, 2, NULL, "/tmp" },
        { { "--help" }, 0, "kiosk --demo", NULL },
        { { "--version" }, 0, "kiosk 0", NULL },
        { { "--help-settings" }, 0, "share_folder", NULL },
        { { "--example-settings" }, 0, "#hub_url", NULL },
        { { "check" },
          0,
          "no mistakes\nplan areas: T3 (9 items), T4 (2 items), T6 (1 item)\n",
          NULL },
        { { "check", "/nowhere" },
          1,
          NULL,
          "/nowhere:1:1: error: there is no such file or folder: expected an "
          "item's file, NAME.yaml, or a folder of items\n1 error, 0 "
          "warnings\n" },
        { { "check", "screens/items/hotline-12345.yaml" },
          0,
          "1 item, 4 tests, no mistakes\n",
          NULL },
        { { "eval" }, 2, NULL, "a rule is expected" },
        { { "eval", "1 + 2" }, 0, "{\"int\": 3}\n", NULL },
        { { "eval", "-1" }, 0, "{\"int\": -1}\n", NULL },
        { { "eval", "1 +" }, 1, NULL, "rule:1:4: error: expected a name" },
        { { "eval", "1 / 0" }, 1, NULL, "rule:1:3: error: division by zero" },
        { { "eval", "1", "2" }, 2, NULL, "only one rule is expected" },
        { { "eval", "1", "--vars" }, 2, NULL, "a value must follow" },
        { { "eval", "1", "--vars", "/nowhere" }, 1, NULL, "/nowhere" },
        { { "eval", "1", "--today", "soon" }, 2, NULL, "a date such as" },
        { { "eval", "--today", "2024-02-29", "today()" },
          0,
          "{\"timestamp\": \"2024-02-29T00:00:00Z\"}\n",
          NULL },
        { { "eval", "division_name('411303')" }, 0, "卧龙区", NULL },
        { { "eval", "division_name('000000')" }, 1, NULL, "1:1" },
        { { "check", "screens/items/hotline-12345.yaml",
            "screens/items/case-progress.yaml" },
          0,
          "2 items, 6 tests, no mistakes\n",
          NULL },
        { { "check", "screens/items" }, 0, "12 items, ", NULL },
        { { "check", "screens/items/" }, 0, "12 items, ", NULL },
        { { "check", "/nowhere.yaml" },
          1,
          NULL,
          "/nowhere.yaml:1:1: error: there is no such file: expected an item "
          "here\n1 error, 0 warnings\n" },
        { { "check", "screens/items/README.md" },
          1,
          NULL,
          "README.md:1:1: error: expected an item's file, NAME.yaml\n" },
        { { "check", "--all" }, 2, NULL, "files or folders are expected" },
        { { "item-schema" }, 0, "\"$schema\"", NULL },
        { { "item-schema", "x" }, 2, NULL, "nothing else goes with it" },
        { { "item-keys" }, 0, "### Keys of a step", NULL },
        { { "draw-paths" }, 2, NULL, "an item's file is expected" },
        { { "draw-paths", "/nowhere.yaml" }, 1, NULL, "no such file" },
        { { "draw-paths", "screens/items/hotline-12345.yaml", "--png" },
          2,
          NULL,
          "only --svg goes with draw-paths FILE" },
        { { "draw-paths", "screens/items/hotline-12345.yaml" },
          0,
          "-> 10 disclose        leaves_phone\n",
          NULL },
        { { "draw-paths", "screens/items/hotline-12345.yaml", "--svg" },
          0,
          "<svg xmlns=",
          NULL },
        { { "print-form", "screens/items/hotline-12345.yaml" },
          2,
          NULL,
          "the PDF to write is expected" },
        { { "print-form", "screens/items/hotline-12345.yaml", "/nowhere/x" },
          1,
          NULL,
          "/nowhere/x: it is not written" },
        { { "print-slip", "screens/items/hotline-12345.yaml" },
          2,
          NULL,
          "an item's file and the PDF to write are expected" },
        { { "print-slip", "screens/items/hotline-12345.yaml", "/nowhere/x" },
          1,
          NULL,
          "/nowhere/x: it is not written" },
        { { "print-slip", "screens/items/hotline-12345.yaml", "x", "--paper" },
          2,
          NULL,
          "a word is expected after it" },
        { { "print-slip", "screens/items/hotline-12345.yaml", "x", "--paper",
            "a5" },
          2,
          NULL,
          "expected 58mm, 80mm or a4" },
        { { "print-slip", "screens/items/hotline-12345.yaml", "x", "--language",
            "de" },
          2,
          NULL,
          "expected zh_CN or en" },
        { { "print-slip", "screens/items/hotline-12345.yaml", "x", "--test",
            "x" },
          1,
          NULL,
          "it has no test \"x\"" },
        { { "print-slip", "screens/items/residence-permit.yaml", "x", "--test",
            "a child on the day before its 16th birthday" },
          1,
          NULL,
          "ends at \"card\", where nothing was sent, so there is no slip" },
        { { "print-slip", "screens/items/hotline-12345.yaml", "x", "--what",
            "x" },
          2,
          NULL,
          "only --paper, --language and --test go with print-slip" },
        { { "print-slip", "screens/items/si-insured-proof.yaml", "x" },
          1,
          NULL,
          "nothing is sent here, so there is no slip" },
        { { "print-slip", "/nowhere.yaml", "x" },
          1,
          NULL,
          "/nowhere.yaml:1:1" },
        { { "new-item" }, 2, NULL, "one name is expected" },
        { { "pack" }, 2, NULL, "a folder of items and the file to write" },
        { { "pack", "screens/items" }, 2, NULL, "the file to write" },
        { { "pack", "screens/items", "x" }, 2, NULL, "--version N is needed" },
        { { "pack", "screens/items", "x", "--version", "0" },
          2,
          NULL,
          "a whole number from 1 to 1000000" },
        { { "pack", "screens/items", "x", "--version" },
          2,
          NULL,
          "a whole number from 1" },
        { { "pack", "screens/items", "x", "--division", "4113" },
          2,
          NULL,
          "--division takes six digits" },
        { { "pack", "screens/items", "x", "--all" },
          2,
          NULL,
          "only --version N and --division CODE go with pack" },
        { { "pack", "/nowhere", "x", "--version", "1" },
          1,
          NULL,
          "/nowhere: a folder of items is expected" },
        { { "pack", "screens/items", "/nowhere/x", "--version", "1",
            "--division", "411303" },
          1,
          "no mistakes",
          "/nowhere/x: " },
        { { "activate" }, 2, NULL, "the file of a pack is expected" },
        { { "activate", "--settings" }, 2, NULL, "the file of a pack" },
        { { "activate", "x" }, 2, NULL, "--settings FILE is expected" },
        { { "activate", "x", "--settings", "/nowhere.yaml" },
          2,
          NULL,
          "/nowhere.yaml" },
        { { "preview" }, 2, NULL, "an item's file is expected" },
        { { "preview", "--state", "x" }, 2, NULL, "file is expected" },
        { { "preview", "/nowhere.yaml" },
          1,
          NULL,
          "nowhere.yaml:1:1: error: there is no such file: expected an item "
          "here\nkiosk: /nowhere.yaml: there is no good version to show yet" },
        { { "preview", "screens/items" },
          1,
          NULL,
          "items:1:1: error: expected an item's file, NAME.yaml\n" },
        { { "preview", HOTLINE }, 2, NULL, "a terminal is needed" },
        { { "preview", HOTLINE, "--demo" }, 2, NULL, "unknown option: --demo" },
        { { "preview", HOTLINE, "x" }, 2, NULL, "unexpected word: x" },
        { { "preview", HOTLINE, "--state" }, 2, NULL, "a value must follow" },
        { { "preview", HOTLINE, "--report", "99" }, 2, NULL, "is not open" },
        { { "preview", HOTLINE, "--settings", "/nowhere.yaml" },
          2,
          NULL,
          "/nowhere.yaml" },
        { { "--demo", "x" }, 2, NULL, "unexpected word: x" },
        { { "new-item", "Odd Name" }, 1, NULL, "expected a name of at most" },
        { { "fingerprint", "/nowhere.yaml" }, 2, NULL, "/nowhere.yaml" },
        { { "fingerprint" }, 2, NULL, "the settings file is expected" },
        { { "fingerprint", "--settings" }, 2, NULL, "a value must follow" },
        { { "setup", "--settings" }, 2, NULL, "a value must follow" },
        { { "key" }, 2, NULL, "after key, replace is expected, not: nothing" },
        { { "store", "old" }, 2, NULL, "after store, new is expected" },
        { { "probe", "--record", "/nowhere/x" },
          4,
          NULL,
          "/nowhere/x: this file cannot be written" },
        { { "outbox" }, 2, NULL, "export is expected" },
        { { "outbox", "import", "x" }, 2, NULL, "export is expected" },
        { { "outbox", "export" }, 2, NULL, "the file to write is expected" },
        { { "outbox", "export", "--settings" }, 2, NULL, "file to write" },
        { { "outbox", "export", "x", "y" }, 2, NULL, "may follow, not: y" },
        { { "outbox", "export", "x", "--settings", "/nowhere.yaml" },
          2,
          NULL,
          "/nowhere.yaml" },
    };
    (void)state;
    check_orders(kiosk, orders, sizeof orders / sizeof *orders);
}

/* Names and values of a rule, from a file. */
static void test_eval_vars(void **state)
{
    static const struct {
        const char *vars, *rule;
        int code;
        const char *out, *err;
    } rows[] = {
        { "{\"a\": {\"int\": 16}, \"b.c\": {\"string\": \"x\"}}",
          "a >= 16 && b.c == 'x'", 0, "{\"bool\": true}\n", "" },
        { "{\"t\": {\"timestamp\": \"2026-11-26T00:00:00Z\"}}",
          "t + duration('1.5s')", 0,
          "{\"timestamp\": \"2026-11-26T00:00:01.5Z\"}\n", "" },
        { "{\"d\": {\"duration\": \"1h\"}}", "d - duration('1ms')", 0,
          "{\"duration\": \"3599.999s\"}\n", "" },
        { "{\"m\": {\"map\": [[{\"string\": \"k\"}, {\"list\": []}]]}}", "m.k",
          0, "{\"list\": []}\n", "" },
        { "{\"s\": {\"string\": \"\\u0000\"}}", "s + s", 0,
          "{\"string\": \"\\u0000\\u0000\"}\n", "" },
        { "{}", "a", 1, "", "rule:1:1: error: there is no such name" },
        { "{\"a\": 1}", "2", 1, "", "the value of \"a\"" },
        { "{\"a\": {\"int\": \"1\"}}", "2", 1, "", "the value of \"a\"" },
        { "{\"a\": {\"map\": [[{\"null\": null}, {\"int\": 1}]]}}", "2", 1, "",
          "the value of \"a\"" },
        { "[1]", "2", 1, "", ":1:1: expected one JSON object" },
        { "{\n  \"a\": }", "2", 1, "", ":2:" },
    };
    char path[WORLD_PATH];
    (void)state;

    world_join(path, folder, "vars.json");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        world_write(path, rows[i].vars, 0600);
        run(kiosk,
            (const char *[]){ "eval", rows[i].rule, "--vars", path, NULL });
        if (said.code != rows[i].code || !strstr(said.out, rows[i].out) ||
            !strstr(said.err, rows[i].err))
            fail_msg("%s with %s: exit code %d\n%s%s", rows[i].rule,
                     rows[i].vars, said.code, said.out, said.err);
    }
    world_remove(path);
}

/* Warnings stop nobody; overlays and their tests are looked at, too. */
static void test_check_folder(void **state)
{
    char items[WORLD_PATH], path[WORLD_PATH], bad[WORLD_PATH];
    char expected[4 * WORLD_PATH];

    (void)state;
    world_join(items, folder, "items");
    const char *const copy[] = { "/bin/cp", "-r", "screens/items", items,
                                 NULL };
    world_run(copy, &said);
    assert_int_equal(said.code, 0);
    world_join(path, items, "overlays/411381");
    const char *const make[] = { "/bin/mkdir", "-p", path, NULL };
    world_run(make, &said);
    world_join(path, items, "overlays/411381/case-progress.yaml");
    world_write(path,
                "over: case-progress\n"
                "summary: {zh_CN: card, en: card}\n"
                "tests:\n"
                "  - {name: x, pages: [how]}\n",
                0600);
    run(kiosk, (const char *[]){ "check", items, NULL });
    snprintf(expected, sizeof expected,
             "%s:2:18: warning: no Chinese in the Chinese text: expected a "
             "translation\n"
             "%s:4:23: error: test \"x\": the page \"how\" comes, but the "
             "test "
             "does not answer it: expected \"how\" among its answers\n"
             "1 error, 1 warning\n",
             path, path);
    assert_int_equal(said.code, 1);
    assert_string_equal(said.err, expected);
    /* Another item that is bad hides nothing of this. */
    world_join(bad, items, "bad.yaml");
    world_write(bad, "id: bad\n", 0600);
    run(kiosk, (const char *[]){ "check", items, NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "bad.yaml:1:1: error: the item lacks"));
    assert_non_null(strstr(said.err, "error: test \"x\": the page \"how\""));
    world_remove(bad);
    world_write(path,
                "over: case-progress\n"
                "summary: {zh_CN: card, en: card}\n",
                0600);
    run(kiosk, (const char *[]){ "check", path, NULL });
    assert_int_equal(said.code, 0);
    assert_string_equal(said.out, "1 item, 2 tests, 1 warning\n");
    world_join(path, items, "overlays/411381/hotline-12345.yaml");
    world_write(path,
                "over: hotline-12345\nsteps:\n  - id: guide\n    lines:\n"
                "      - {id: fee, unverified: true}\n"
                "  - id: kind\n    basis: {text: {zh_CN: 《某法》, en: Law}, "
                "unverified: true}\n"
                /* the item's own say that the fee can be read */
                "tests:\n"
                "  - name: x\n"
                "    answers: {kind: report, topic: waste, county: later,\n"
                "              description: 某事, contact_by: anonymous}\n"
                "    pages: [guide, kind, topic, county, description,\n"
                "            contact_by, review, send, result]\n",
                0600);
    run(kiosk, (const char *[]){ "check", path, NULL });
    assert_int_equal(said.code, 0);
    assert_string_equal(said.out,
                        "1 item, 1 test, 2 lines not verified and shown to no "
                        "citizen, no mistakes\n");
    world_remove(items);
}

/* Each shipped item has a paper form. */
static void test_print_form(void **state)
{
    static const char *const items[] = { "hotline-12345", "residence-permit",
                                         "si-insured-proof", "case-progress" };
    char item[WORLD_PATH], pdf[WORLD_PATH], begins[8] = "";

    (void)state;
    world_join(pdf, folder, "form.pdf");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        snprintf(item, sizeof item, "screens/items/%s.yaml", items[i]);
        run(kiosk, (const char *[]){ "print-form", item, pdf, NULL });
        if (said.code || *said.err)
            fail_msg("%s: exit code %d: %s", item, said.code, said.err);
        FILE *file = fopen(pdf, "r");
        assert_non_null(file);
        assert_int_equal(fread(begins, 1, 5, file), 5);
        assert_string_equal(begins, "%PDF-");
        assert_int_equal(fclose(file), 0);
        world_remove(pdf);
    }
}

/* Each item that sends has a slip, on every paper, in both languages. */
static void test_print_slip(void **state)
{
    static const char *const items[] = { "screens/items/hotline-12345.yaml",
                                         "screens/items/residence-permit.yaml",
                                         "tests/tty/slip-of-all.yaml" };
    static const char *const papers[] = { "58mm", "80mm", "a4" };
    static const char *const languages[] = { "zh_CN", "en" };
    char pdf[WORLD_PATH], begins[8] = "";

    (void)state;
    world_join(pdf, folder, "slip.pdf");
    for (size_t i = 0; i < 3 * 3 * 2; i++) {
        const char *item = items[i / 6];

        run(kiosk,
            (const char *[]){ "print-slip", item, pdf, "--paper", papers[i % 3],
                              "--language", languages[i / 3 % 2], NULL });
        if (said.code || *said.err)
            fail_msg("%s: exit code %d: %s", item, said.code, said.err);
        FILE *file = fopen(pdf, "r");
        assert_non_null(file);
        assert_int_equal(fread(begins, 1, 5, file), 5);
        assert_string_equal(begins, "%PDF-");
        assert_int_equal(fclose(file), 0);
        world_remove(pdf);
    }
}

/* With the answers of the test that is named. */
static void test_print_slip_of_a_test(void **state)
{
    char pdf[WORLD_PATH];

    (void)state;
    if (access("/usr/bin/pdftotext", X_OK)) {
        printf("skipped: /usr/bin/pdftotext is not installed\n");
        skip();
    }
    world_join(pdf, folder, "slip.pdf");
    run(kiosk, (const char *[]){ "print-slip", "tests/tty/slip-of-all.yaml",
                                 pdf, "--test", "two run far", NULL });
    assert_int_equal(said.code, 0);
    const char *const read[] = { "/usr/bin/pdftotext", pdf, "-", NULL };
    world_run(read, &said);
    assert_non_null(strstr(said.out, "十公里"));
    assert_non_null(strstr(said.out, "丙"));
    assert_non_null(strstr(said.out, "演示样张"));
    world_remove(pdf);
}

/* What new-item writes passes the check; what was answered wrongly is told. */
static void test_new_item(void **state)
{
    static const char *const answers[] = {
        "失物登记\nLost "
        "property\n某局\nBureau\nno\n在哪里丢的？\nWhere was "
        "it?\n大厅\nIn the hall\n公交车\nOn a bus\n",
        "失物登记\nLost "
        "property\n某局\nBureau\nperhaps\nyes\n在哪里丢的？\n"
        "Where was it?\n大厅\nIt's the hall\n\n公交车\nOn a bus\n",
        "失物,登记\nLost "
        "property\n某局\nBureau\nno\n在哪里丢的？\nWhere was "
        "it?\n大厅\nIn the hall\n公交车\nOn a bus\n",
        "失物登记\n",
    };
    static const int codes[] = { 0, 0, 1, 1 };
    char path[WORLD_PATH], input[WORLD_PATH], line[4 * WORLD_PATH];

    (void)state;
    world_join(path, folder, "lost-property.yaml");
    world_join(input, folder, "answers");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        world_write(input, answers[i], 0600);
        snprintf(line, sizeof line, "%s new-item %s <%s", kiosk, path, input);
        const char *const words[] = { "/bin/sh", "-c", line, NULL };
        world_run(words, &said);
        assert_int_equal(said.code, codes[i]);
        if (i < 2)
            assert_non_null(strstr(said.out, "1 item, 1 test, no mistakes\n"));
        if (i == 2)
            assert_non_null(strstr(said.err, "\",\" is half width beside"));
        if (i == 3)
            assert_non_null(strstr(said.err, "nothing was written"));
        /* It is never written over. */
        if (i < 3) {
            world_run(words, &said);
            assert_int_equal(said.code, 1);
            assert_non_null(strstr(said.err, "this file is there already"));
            world_remove(path);
        }
    }
}

static void test_hub_options(void **state)
{
    static const struct order orders[] = {
        { { NULL }, 2, NULL, "--state DIR" },
        { { "--nonsense" }, 2, NULL, "--nonsense" },
        { { "--state" }, 2, NULL, "--state" },
        { { "--state", "/tmp/x" }, 2, NULL, "--terminals HOST:PORT" },
        { { "enrol", "abc", "--state", "/tmp" }, 2, NULL, "64 hex digits" },
        { { "import" }, 2, NULL, "a value is missing after import" },
        { { "import", "/tmp/x" }, 2, NULL, "--state DIR" },
        { { "import", "/nowhere", "--state", "/tmp" }, 1, NULL, "/nowhere" },
        { { "--state", "/tmp", "--salvage" }, 2, NULL, "goes with import" },
        { { "--help" }, 0, "--terminals", NULL },
    };
    (void)state;
    check_orders(hub, orders, sizeof orders / sizeof *orders);
}

/* "PATH:line:column: what", and the program did not begin. */
static void is_refused(const char *path, int line, const char *what)
{
    const char *where = strstr(said.err, path);
    char *rest = NULL;

    if (said.code != 2 || *said.out || !where)
        fail_msg("exit code %d: %s%s", said.code, said.out, said.err);
    where += strlen(path);
    bool is_right = *where == ':' && strtol(where + 1, &rest, 10) == line &&
                    *rest == ':' && strtol(rest + 1, &rest, 10) > 0 &&
                    strncmp(rest, ": ", 2) == 0 && rest[2] > ' ' &&
                    strstr(rest, what);
    if (!is_right)
        fail_msg("it says: %s", said.err);
}

static void test_settings_with_mistakes(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *what;
    } files[] = {
        { "idle_s: 120\nidel_warn_s: 30\n", 2, "idel_warn_s" },
        { "idle_s: soon\n", 1, "40" },
        { "idle_s: 5\n", 1, "40" },
        { "# hours\nlanguage: fr\n", 2, "zh_CN" },
        { "terminal: \"12\"\n", 1, "4" },
        { "hours: 25:00-26:00\n", 1, "HH:MM" },
        { "idle_s: 120\nidle_s: 130\n", 2, "idle_s" },
        { "- a list\n", 1, "" },
        { "idle_s: [1\n", 2, "" },
        { "place_zh: \"\xff\xfe\"\n", 1, "" },
        { "hub_url: http://example.org\n", 1, "https" },
        { "hub_ca: /nowhere.pem\n", 1, "read" },
        { "card_driver: card/sin\n", 1, "card/sim" },
    };
    char path[WORLD_PATH];
    (void)state;

    world_join(path, folder, "settings.yaml");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        world_write(path, files[i].text, 0600);
        run(kiosk, (const char *[]){ "--demo", "--settings", path, NULL });
        is_refused(path, files[i].line, files[i].what);
    }
}

/* What the program prints as an example is what it takes. */
static void test_example_settings(void **state)
{
    char path[WORLD_PATH];
    (void)state;

    world_join(path, folder, "settings.yaml");
    run(kiosk, (const char *[]){ "--example-settings", NULL });
    for (char *at = said.out; (at = strstr(at, "\n#")); at++)
        if (at[2] != ' ')
            at[1] = ' '; /* "#name: value" becomes " name: value" */
    world_write(path, said.out, 0600);
    run(kiosk, (const char *[]){ "--demo", "--settings", path, NULL });
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "a terminal is needed"));
}

/* A share folder of our own: the real one, with a changed item. */
static void share_with(const char *share, const char *item)
{
    char real[WORLD_PATH], path[WORLD_PATH];

    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    assert_int_equal(said.code, 0);
    world_join(path, share, "items/odd.yaml");
    world_write(path, item, 0600);
}

static void test_items_with_mistakes(void **state)
{
    static const char head[] =
        "id: odd\nversion: 1\norder: 9\n"
        "title: {zh_CN: 一, en: One}\nsummary: {zh_CN: 一, en: One}\n"
        "bring: {zh_CN: 一, en: One}\nauthority: {zh_CN: 一, en: One}\n"
        "unit: {zh_CN: 一, en: One}\ncontact: {zh_CN: 一, en: One}\n"
        "needs: {network: wished, reader: no, printer: no}\n";
    static const struct {
        const char *rest;
        int line;
        const char *what;
    } items[] = {
        { "stepps: []\n", 11, "stepps" },
        { "steps:\n  - id: a\n    screen: chioce\n", 13, "chioce" },
        { "steps:\n  - id: a\n    screen: choice\n    when: a ==\n", 14, "" },
        { "steps: [\n", 12, "" },
    };
    char share[WORLD_PATH], settings[WORLD_PATH], text[2048], line[1024];
    (void)state;

    world_join(share, folder, "share");
    world_join(settings, folder, "share.yaml");
    snprintf(line, sizeof line, "share_folder: %s\n", share);
    world_write(settings, line, 0600);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        snprintf(text, sizeof text, "%s%s", head, items[i].rest);
        share_with(share, text);
        run(kiosk, (const char *[]){ "--demo", "--settings", settings, NULL });
        is_refused("odd.yaml", items[i].line, items[i].what);
        world_remove(share);
    }
    run(kiosk, (const char *[]){ "--demo", "--settings", settings, NULL });
    assert_true(said.code == 1 || said.code == 2);
    assert_non_null(strstr(said.err, share));
}

/* A machine on which no kiosk has begun: what staff ask for says so. */
static void test_before_a_kiosk_has_begun(void **state)
{
    char settings[WORLD_PATH], text[WORLD_PATH * 2];

    (void)state;
    world_join(settings, folder, "fresh.yaml");
    snprintf(text, sizeof text, "state_folder: %s/fresh\n", folder);
    world_write(settings, text, 0600);
    run(kiosk, (const char *[]){ "fingerprint", settings, NULL });
    assert_int_equal(said.code, 0);
    assert_int_equal(strlen(said.out), 65);
    assert_int_equal(strstr(said.err, "runuser") != NULL, geteuid() == 0);
    run(kiosk,
        (const char *[]){ "key", "replace", "--settings", settings, NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "no kiosk has begun here yet"));
    run(kiosk,
        (const char *[]){ "store", "new", "--settings", settings, NULL });
    assert_int_equal(said.code, 0);
    assert_string_equal(said.out, ""); /* no folder */
    assert_non_null(strstr(said.err, "nothing of a store"));
}

/* Somebody else's file, and a file where the folder should be. */
static void test_unusable_state(void **state)
{
    char path[WORLD_PATH];
    (void)state;

    world_join(path, folder, "a-file");
    world_write(path, "not a folder", 0600);
    run(kiosk, (const char *[]){ "--demo", "--state", path, NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "state folder cannot be used"));
    run(hub, (const char *[]){ "--state", path, "--terminals", "127.0.0.1:0",
                               "--public", "127.0.0.1:0", NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kiosk_options),
        cmocka_unit_test(test_eval_vars),
        cmocka_unit_test(test_check_folder),
        cmocka_unit_test(test_print_form),
        cmocka_unit_test(test_print_slip),
        cmocka_unit_test(test_print_slip_of_a_test),
        cmocka_unit_test(test_new_item),
        cmocka_unit_test(test_hub_options),
        cmocka_unit_test(test_settings_with_mistakes),
        cmocka_unit_test(test_example_settings),
        cmocka_unit_test(test_items_with_mistakes),
        cmocka_unit_test(test_before_a_kiosk_has_begun),
        cmocka_unit_test(test_unusable_state),
    };
    return cmocka_run_group_tests_name("command line", tests, start, stop);
}
