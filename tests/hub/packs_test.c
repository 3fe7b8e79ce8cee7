/* Packs that differ: nobody loses a case by it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/rules_bench.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/office.h"

/* The item as another pack has it. */
static void put_other(struct direct *direct, const char *id,
                      const char *item_id, int version, const char *hash)
{
    struct item other = *pack_find(rules_pack, "residence-permit");
    struct request_line line = { "PUT", direct_path(id), NULL, 0 };
    const struct forged forged = { .item = &other,
                                   .answers = rules_permit,
                                   .birth = FIFTEEN,
                                   .today_ms = DIRECT_START_MS,
                                   .sent_ms = DIRECT_START_MS };
    struct buf bytes;

    other.id = item_id;
    other.version = version;
    if (hash)
        snprintf(other.hash, sizeof other.hash, "%s", hash);
    forged_envelope(&forged, id, direct->machine, hub_office_key(direct->hub),
                    &bytes);
    line.body = bytes.text;
    line.body_len = bytes.len;
    assert_int_equal(direct_send_as(direct, direct->machine, &line), 201);
    buf_done(&bytes);
}

/* Nobody loses a case because packs differ; somebody of the staff is told, until
 * the office has said something of it. */
static void test_other_packs(void **state)
{
    static const char zeros[] = "00000000000000000000000000000000"
                                "00000000000000000000000000000000";
    struct direct *direct = *state;
    char folder[128], number[256], expected[1024];
    struct office_order order = {
        .what = OFFICE_CASE, .name = number, .state = "accepted", .text = ""
    };
    struct buf lines;

    put_other(direct, rules_id(0), "fishing-licence", 7, NULL);
    put_other(direct, rules_id(1), "residence-permit", 99, NULL);
    int version = pack_find(rules_pack, "residence-permit")->version;
    put_other(direct, rules_id(2), "residence-permit", version, zeros);
    direct_text_of(direct, "case_number", number);
    rules_look(direct, &lines);
    snprintf(expected, sizeof expected,
             ZEROS
             "20261124000003 LOOK, receipt 310063270014, "
             "residence-permit version %d, came 2026-11-24 14:03:05, "
             "other-content: made by the same version of its item, but with "
             "another content\n" ZEROS
             "20261124000002 LOOK, receipt 310063270014, residence-permit "
             "version 99, came 2026-11-24 14:03:05, other-version: made by a "
             "version of its item that is not here\n" ZEROS
             "20261124000001 LOOK, receipt 310063270014, fishing-licence "
             "version 7, came 2026-11-24 14:03:05, unknown-item: its item is "
             "in no pack of this hub\n",
             version);
    assert_string_equal(lines.text, expected);
    buf_done(&lines);

    snprintf(folder, sizeof folder, "%s/hub", direct->folder);
    assert_int_equal(office_give(folder, &order), ERR_OK);
    rules_look(direct, &lines);
    assert_null(strstr(lines.text, "other-content"));
    assert_non_null(strstr(lines.text, "other-version"));
    buf_done(&lines);
    assert_int_equal(rules_count(direct, ""), 3);
}

/* ---- Older packs and overlays ---- */

static void copy(const char *from, const char *to)
{
    char *text = NULL;
    size_t len = 0;

    assert_int_equal(file_read(from, 1024 * 1024, &text, &len), ERR_OK);
    assert_int_equal(file_replace(to, text, len, 0600), ERR_OK);
    mem_free(text);
}

static void make_folder(const char *folder, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s%s", folder, name);
    assert_int_equal(file_make_folder(path, 0700), ERR_OK);
}

static void copy_pack(const char *to)
{
    static const char *const files[] = { "residence-permit.yaml",
                                         "lists/counties.tsv",
                                         "lists/townships.tsv" };
    char from[128], path[256];

    make_folder(to, "");
    make_folder(to, "/lists");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(from, sizeof from, "screens/items/%s", files[i]);
        snprintf(path, sizeof path, "%s/%s", to, files[i]);
        copy(from, path);
    }
}

static void write_in(const char *folder, const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_replace(path, text, strlen(text), 0600), ERR_OK);
}

/* A newer version of the item: work needs no proof any more. */
static void make_newer(const char *folder)
{
    static const char was[] = "when: works || studies\n";
    static const char version[] = "\nversion: ";
    char path[256], *text = NULL, *at;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/residence-permit.yaml", folder);
    assert_int_equal(file_read(path, 1024 * 1024, &text, &len), ERR_OK);
    at = strstr(text, was);
    assert_non_null(at);
    memcpy(at, "when: studies         \n", sizeof was - 1);
    at = strstr(text, version);
    assert_non_null(at);
    at[sizeof version - 1]++;
    write_in(folder, "residence-permit.yaml", text);
    mem_free(text);
}

/* A township more. */
static void add_row(const char *folder)
{
    char path[256], *text = NULL;
    struct buf longer;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/lists/townships.tsv", folder);
    assert_int_equal(file_read(path, 1024 * 1024, &text, &len), ERR_OK);
    buf_init(&longer, 2 * 1024 * 1024);
    buf_add(&longer, text, len);
    buf_add_text(&longer, "411303999\t411303\t某镇\tTown\n");
    write_in(folder, "lists/townships.tsv", longer.text);
    buf_done(&longer);
    mem_free(text);
}

static void load_into(const char *folder, const char *division)
{
    struct problems problems;

    pack_free(rules_pack);
    rules_pack = NULL;
    problems_init(&problems);
    if (pack_load_for(folder, division, &problems, &rules_pack))
        fail_msg("%s", problems.text.text);
    problems_done(&problems);
}

/* A terminal that was offline while the pack changed is judged by the old one,
 * one that has the new one by the new. */
static void test_older_pack(void **state)
{
    static const struct rules_row with = { PERMIT, { NULL }, ADULT, 0,
                                           0,      NULL,     NULL,  NULL };
    static const struct rules_row without = {
        PERMIT, { "-ground_proof" }, ADULT, 0, 0, NULL, NULL, NULL
    };
    struct direct *direct = *state;
    char items[128], older[160];
    struct buf lines;

    snprintf(items, sizeof items, "%s/items", direct->folder);
    snprintf(older, sizeof older, "%s/older/2026-10", items);
    copy_pack(items);
    make_newer(items);
    make_folder(items, "/older");
    copy_pack(older);
    direct->items = items;
    direct_reopen(direct);

    load_into(older, "");
    assert_int_equal(rules_put(direct, &with, rules_id(0)), 201);
    assert_int_equal(rules_put(direct, &without, rules_id(1)), 422);
    assert_true(direct_says(direct, "\"code\":\"missing\""));
    load_into(items, "");
    assert_int_equal(rules_put(direct, &without, rules_id(2)), 201);
    assert_int_equal(rules_put(direct, &with, rules_id(3)), 422);
    assert_true(direct_says(direct, "\"code\":\"not-asked\""));
    rules_look(direct, &lines);
    assert_string_equal(lines.text, "");
    buf_done(&lines);
    direct->items = NULL;
}

/* A county's own text makes another hash, and the hub has that, too; a list
 * that somebody changed makes one that it has not. */
static void test_overlays_and_lists(void **state)
{
    static const struct rules_row row = { PERMIT, { NULL }, ADULT, 0,
                                          0,      NULL,     NULL,  NULL };
    struct direct *direct = *state;
    char items[128], over[256], hash[65];

    snprintf(items, sizeof items, "%s/items", direct->folder);
    snprintf(over, sizeof over, "%s/overlays/411381", items);
    copy_pack(items);
    load_into(items, "");
    snprintf(hash, sizeof hash, "%s", pack_item(rules_pack, 0)->hash);
    make_folder(items, "/overlays");
    make_folder(over, "");
    write_in(over, "residence-permit.yaml",
             "over: residence-permit\n"
             "contact: {zh_CN: 某派出所, en: That police station}\n");
    direct->items = items;
    direct_reopen(direct);

    load_into(items, "411302");
    assert_string_equal(pack_item(rules_pack, 0)->hash, hash);
    rules_assert_marked(direct, &row, rules_id(0), "");
    load_into(items, "411381");
    assert_string_not_equal(pack_item(rules_pack, 0)->hash, hash);
    rules_assert_marked(direct, &row, rules_id(1), "");
    add_row(items);
    load_into(items, "");
    rules_assert_marked(direct, &row, rules_id(2), "other-content");
    direct->items = NULL;
}

static const struct rules_row honest = { PERMIT, { NULL }, ADULT, 0,
                                         0,      NULL,     NULL,  NULL };

/* A pack that cannot be read is told; cases are taken all the same. */
struct told {
    char lines[512];
};

static void on_problems(void *owner, const char *lines)
{
    struct told *told = owner;

    snprintf(told->lines, sizeof told->lines, "%.400s", lines);
}

static void test_broken_pack(void **state)
{
    struct direct *direct = *state;
    struct told told = { "" };
    const struct hub_items_told told_to = { on_problems, &told };
    char items[128];
    struct hub_items *read;

    snprintf(items, sizeof items, "%s/items", direct->folder);
    copy_pack(items);
    write_in(items, "bad.yaml", "id: bad\n");
    read = hub_items_open(items, &told_to);
    assert_int_equal(hub_items_count(read), 0);
    assert_non_null(strstr(told.lines, "/items/bad.yaml:1:1: error: "));
    hub_items_close(read);
    read = hub_items_open(NULL, &told_to);
    assert_int_equal(hub_items_count(read), 0);
    hub_items_close(read);
    direct->items = items;
    direct_reopen(direct);
    rules_assert_marked(direct, &honest, rules_id(0), "unknown-item");
    direct->items = NULL;
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rules_set_up, rules_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_other_packs),
        TEST(test_older_pack),
        TEST(test_overlays_and_lists),
        TEST(test_broken_pack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
