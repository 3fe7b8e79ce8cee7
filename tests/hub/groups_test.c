/* Cases of questions that are several pages, put to the hub: honest ones are
 * taken, forty entries, too; what the terminal would not have let through is
 * named. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/hub/rules_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 192, ENTRIES = ITEM_ENTRIES_MAX, ANSWER_BYTES = 64 };

#define NUMBER_1 "999999198808200019"

static char folder[64];

static const char *const files[] = { "many-pages.yaml", "lists/counties.tsv",
                                     "lists/townships.tsv",
                                     "lists/holidays.tsv" };

static void copy(const char *from, const char *name)
{
    char path[PATH_BYTES];
    char *text = NULL;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/%s", from, name);
    assert_int_equal(file_read(path, 1024 * 1024, &text, &len), ERR_OK);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_replace(path, text, len, 0600), ERR_OK);
    mem_free(text);
}

static int set_up(void **state)
{
    struct direct *direct;
    struct problems problems;
    char path[PATH_BYTES];

    snprintf(folder, sizeof folder, "/tmp/kiosk-groups-XXXXXX");
    if (!mkdtemp(folder) || direct_set_up(state))
        return -1;
    snprintf(path, sizeof path, "%s/lists", folder);
    if (mkdir(path, 0700))
        return -1;
    copy("tests/tty", files[0]);
    for (size_t i = 1; i < sizeof files / sizeof *files; i++)
        copy("screens/items", files[i]);
    direct = *state;
    direct->items = folder;
    direct_reopen(direct);
    problems_init(&problems);
    enum err err = pack_load(folder, &problems, &rules_pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int tear_down(void **state)
{
    char path[PATH_BYTES];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/lists", folder);
    rmdir(path);
    rmdir(folder);
    return rules_tear_down(state);
}

/* Grown-up children: no page asks of their school, nor for the register. */
static const char *const honest[] = {
    "work_from=2020-01",          "work_to=2020-02",
    "home_county=411303",         "home_township=411303002",
    "home_street=某某路3号",      "spouse_name=某某",
    "spouse_number=" NUMBER_1,    "spouse_phone=later",
    "children_any=yes",           "children_1_name=大某",
    "children_1_born=1990-01-05", "children_1_more=yes",
    "children_2_name=小某",       "children_2_born=1992-01-05",
    "children_2_more=no",         NULL
};

static void test_honest(void **state)
{
    static const struct rules_row rows[] = {
        { .item = "many-pages", .honest = honest },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "work_to=later" } },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "work_to=2020-01" } },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "children_2_born=2020-01-05", "children_2_school=yes",
                       "papers=no" } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rules_put(*state, &rows[i], rules_id(i)) != 201)
            fail_msg("%zu: %s", i,
                     ((struct direct *)*state)->response.body.text);
}

static void test_forged(void **state)
{
    static const struct rules_row rows[] = {
        /* An end before its beginning. */
        { .item = "many-pages",
          .honest = honest,
          .changes = { "work_to=2019-12" },
          .code = "not-accepted",
          .name = "work_to" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "work_from=later" },
          .code = "not-offered",
          .name = "work_from" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "home_township=411381001" },
          .code = "not-offered",
          .name = "home_township" },
        /* Entries that nobody asked for, and some that were left out. */
        { .item = "many-pages",
          .honest = honest,
          .changes = { "children_1_more=no" },
          .code = "not-asked",
          .name = "children_2_name" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "children_any=no" },
          .code = "not-asked",
          .name = "children_1_name" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "children_2_more=yes" },
          .code = "missing",
          .name = "children_3_name" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "-children_1_name" },
          .code = "missing",
          .name = "children_1_name" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "-children_2_more" },
          .code = "missing",
          .name = "children_2_more" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "children_2_more=perhaps" },
          .code = "not-offered",
          .name = "children_2_more" },
        /* Two, of whom one is a child: the register is asked for. */
        { .item = "many-pages",
          .honest = honest,
          .changes = { "children_2_born=2020-01-05", "children_2_school=yes" },
          .code = "missing",
          .name = "papers" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "papers=yes" },
          .code = "not-asked",
          .name = "papers" },
        { .item = "many-pages",
          .honest = honest,
          .changes = { "children_1_school=yes" },
          .code = "not-asked",
          .name = "children_1_school" },
    };
    struct direct *direct = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[256], name[256];
        int status = rules_put(direct, &rows[i], rules_id(100 + i));

        direct_text_of(direct, "code", code);
        direct_text_of(direct, "name", name);
        if (status != 422 || strcmp(code, rows[i].code) != 0 ||
            strcmp(name, rows[i].name) != 0)
            fail_msg("%zu: %d %s %s", i, status, code, name);
    }
}

/* ---- Forty ------------------------------------------------------------------ */

static char texts[ENTRIES * 3][ANSWER_BYTES];
static const char *many[ENTRIES * 3 + 16];

static void add(size_t *count, int entry, const char *part, const char *value)
{
    char *text = texts[*count - 9];

    snprintf(text, ANSWER_BYTES, "children_%d_%s=%s", entry, part, value);
    many[(*count)++] = text;
}

static void make_many(void)
{
    size_t count = 9;

    memcpy(many, honest, count * sizeof *many);
    for (int i = 1; i <= ENTRIES; i++) {
        add(&count, i, "name", "某某某某");
        add(&count, i, "born", "1990-01-05");
        add(&count, i, "more", i < ENTRIES ? "yes" : "no");
    }
    many[count] = NULL;
}

static void test_forty(void **state)
{
    const struct rules_row all = { .item = "many-pages", .honest = many };
    const struct rules_row more = { .item = "many-pages",
                                    .honest = many,
                                    .changes = { "children_40_more=yes" } };
    struct direct *direct = *state;

    make_many();
    if (rules_put(direct, &all, rules_id(200)) != 201)
        fail_msg("%s", direct->response.body.text);
    assert_int_equal(rules_put(direct, &more, rules_id(201)), 422);
    assert_non_null(strstr(direct->response.body.text, "children_40_more"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_honest),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_forty),
    };

    return cmocka_run_group_tests_name("hub groups", tests, set_up, tear_down);
}
