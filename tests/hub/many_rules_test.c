/* A choice of many, judged by the hub: what the terminal would not have let
 * through is refused by name, what it would have is taken.  Parts of a long
 * matter are judged by their answers, in whatever order they were given. */
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

static const char *const shop[] = {
    "rented=yes",  "trades=food,goods",    "papers=lease,photo",
    "health=none", "places=411302,411303", "copies=no",
    NULL
};
static const char *const in_parts[] = {
    "food=packed",  "sign=yes",  "owner=self", "area=40",
    "place=street", "kind=food", NULL
};

#define NOBODY                                                                 \
    {                                                                          \
        .birth = NULL                                                          \
    }
#define SHOP  "many", shop
#define PARTS "parts", in_parts

static const struct rules_row rows[] = {
    /* Not a set that the page can give. */
    { SHOP, { "-papers" }, NOBODY, 0, 0, "missing", "papers", NULL },
    { SHOP, { "trades=" }, NOBODY, 0, 0, "not-offered", "trades", NULL },
    { SHOP,
      { "trades=food,goods,repair,hair" },
      NOBODY,
      0,
      0,
      "not-offered",
      "trades",
      NULL },
    { SHOP,
      { "trades=goods,food" },
      NOBODY,
      0,
      0,
      "not-offered",
      "trades",
      NULL },
    { SHOP, { "trades=foods" }, NOBODY, 0, 0, "not-offered", "trades", NULL },
    { SHOP,
      { "papers=lease,photo,lease" },
      NOBODY,
      0,
      0,
      "not-offered",
      "papers",
      NULL },
    { SHOP, { "papers=later" }, NOBODY, 0, 0, "not-offered", "papers", NULL },
    { SHOP,
      { "health=liver,none" },
      NOBODY,
      0,
      0,
      "not-offered",
      "health",
      NULL },
    /* What falls away with another answer. */
    { SHOP, { "rented=no" }, NOBODY, 0, 0, "not-offered", "papers", NULL },
    { SHOP, { "trades=goods" }, NOBODY, 0, 0, "not-asked", "health", NULL },
    { SHOP,
      { "papers=lease,photo,plan" },
      NOBODY,
      0,
      0,
      "not-asked",
      "copies",
      NULL },
    { SHOP,
      { "trades=food,hair" },
      NOBODY,
      0,
      0,
      "stop",
      "trades",
      "too_much" },
    { PARTS, { "-owner" }, NOBODY, 0, 0, "missing", "owner", NULL },
    { PARTS, { "place=market" }, NOBODY, 0, 0, "not-asked", "sign", NULL },
    { PARTS,
      { "place=market", "-sign", "food=cooked" },
      NOBODY,
      0,
      0,
      "stop",
      "food",
      "no_kitchen" },
};

/* Papers that are promised by a day: a promise is what the terminal would have
 * asked for, its day (the fifth working day from 2026-11-24) and its papers. */
static const char *const sign[] = { "kind=rented",
                                    "sketch=brought",
                                    "lease=follows",
                                    "photo=follows",
                                    "papers=2026-12-01 lease photo",
                                    NULL };
#define SIGN "shop-sign", sign

static const struct rules_row promises[] = {
    { SIGN,
      { "papers=2026-12-31 lease photo" },
      NOBODY,
      0,
      0,
      "not-offered",
      "papers",
      NULL },
    { SIGN,
      { "papers=2026-12-01 lease" },
      NOBODY,
      0,
      0,
      "not-offered",
      "papers",
      NULL },
    { SIGN, { "papers=" }, NOBODY, 0, 0, "not-offered", "papers", NULL },
    { SIGN, { "papers=later" }, NOBODY, 0, 0, "not-offered", "papers", NULL },
    { SIGN, { "-papers" }, NOBODY, 0, 0, "missing", "papers", NULL },
    { SIGN, { "photo=brought" }, NOBODY, 0, 0, "not-offered", "papers", NULL },
    { SIGN,
      { "lease=brought", "photo=brought" },
      NOBODY,
      0,
      0,
      "not-asked",
      "papers",
      NULL },
    { SIGN,
      { "sketch=missing" },
      NOBODY,
      0,
      0,
      "stop",
      "papers",
      "papers_missing" },
};

static char folder[128];

static int copy(const char *from, const char *into, const char *name)
{
    char path[256], *text = NULL;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/%s", folder, into);
    if (file_make_folder(path, 0700) ||
        file_read(from, 1024 * 1024, &text, &len))
        return -1;
    snprintf(path, sizeof path, "%s/%s/%s", folder, into, name);
    enum err err = file_replace(path, text, len, 0600);
    mem_free(text);
    return err ? -1 : 0;
}

static int set_up(void **state)
{
    struct direct *direct;
    struct problems problems;

    if (file_make_temporary(folder, sizeof folder) ||
        copy("screens/items/lists/counties.tsv", "lists", "counties.tsv") ||
        copy("tests/tty/many.yaml", "", "many.yaml") ||
        copy("tests/tty/parts.yaml", "", "parts.yaml") ||
        copy("screens/items/lists/holidays.tsv", "lists", "holidays.tsv") ||
        copy("tests/tty/shop-sign.yaml", "", "shop-sign.yaml") ||
        direct_set_up(state))
        return -1;
    direct = *state;
    direct->items = folder;
    direct_reopen(direct);
    problems_init(&problems);
    enum err err = pack_load(folder, &problems, &rules_pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int tear_down(void **state)
{
    int failed = rules_tear_down(state);

    return file_remove_tree(folder) ? -1 : failed;
}

static void expect_refused(struct direct *direct, const struct rules_row *list,
                           size_t count)
{
    char code[256], name[256], stop[256];

    for (size_t i = 0; i < count; i++) {
        int status = rules_put(direct, &list[i], rules_id(i));

        direct_text_of(direct, "code", code);
        direct_text_of(direct, "name", name);
        direct_text_of(direct, "stop", stop);
        if (status != 422 || strcmp(code, list[i].code) != 0 ||
            strcmp(name, list[i].name) != 0 ||
            strcmp(stop, list[i].stop ? list[i].stop : "") != 0)
            fail_msg("row %zu (%s %s): %d %s %s %s", i, list[i].code,
                     list[i].name, status, code, name, stop);
    }
}

static void test_refused(void **state)
{
    expect_refused(*state, rows, sizeof rows / sizeof *rows);
}

static void test_forged_promises(void **state)
{
    expect_refused(*state, promises, sizeof promises / sizeof *promises);
}

static void test_taken(void **state)
{
    static const struct rules_row good[] = {
        { .item = "many", .honest = shop },
        { SHOP, { "papers=", "-copies" }, NOBODY, 0, 0, NULL, NULL, NULL },
        { SHOP, { "trades=later", "-health" }, NOBODY, 0, 0, NULL, NULL, NULL },
        { SHOP, { "health=liver,skin" }, NOBODY, 0, 0, NULL, NULL, NULL },
        { SHOP, { "places=" }, NOBODY, 0, 0, NULL, NULL, NULL },
        { .item = "parts", .honest = in_parts },
        { .item = "shop-sign", .honest = sign },
        { PARTS, { "kind=other", "-food" }, NOBODY, 0, 0, NULL, NULL, NULL },
    };
    struct direct *direct = *state;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(rules_put(direct, &good[i], rules_id(i)), 201);
}

/* ---- What is computed of the day --------------------------------------------- */

static const char dated[] =
    "id: dated\nversion: 1\norder: 9\ntheme: medical\n"
    "title: {zh_CN: 登记, en: Register}\n"
    "summary: {zh_CN: 登记, en: Register}\n"
    "bring: {zh_CN: 不用身份证, en: No ID card}\n"
    "authority: {zh_CN: 某局, en: the office}\n"
    "unit: {zh_CN: 某局窗口, en: the office's counter}\n"
    "contact: {zh_CN: 12345 热线, en: the 12345 hotline}\n"
    "needs: {network: wished, reader: no, printer: wished}\n"
    "assurance: none\nsteps:\n"
    "  - {id: asked_on, screen: computed, hidden: true, type: date,\n"
    "     value: today(), label: {zh_CN: 日子, en: Day}}\n"
    "  - {id: sure, screen: choice, type: yes_no,\n"
    "     ask: {zh_CN: 对吗？, en: Is it?}, label: {zh_CN: 对, en: So}}\n"
    "  - {id: review, screen: review}\n  - {id: send, screen: send}\n"
    "  - id: result\n    screen: result\n    lines:\n"
    "      - {id: next, label: {zh_CN: 下一步, en: Next},\n"
    "         text: {zh_CN: 等, en: Wait}}\n";
static const char *const on_its_day[] = { "asked_on=2026-11-24", "sure=yes",
                                          NULL };
#define DATED "dated", on_its_day

static int set_up_dated(void **state)
{
    char path[256];

    if (set_up(state))
        return -1;
    snprintf(path, sizeof path, "%s/dated.yaml", folder);
    if (file_replace(path, dated, sizeof dated - 1, 0600))
        return -1;
    pack_free(rules_pack);
    direct_reopen(*state);
    struct problems problems;
    problems_init(&problems);
    enum err err = pack_load(folder, &problems, &rules_pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

/* A clock that is wrong is nobody's fault: it was computed on the case's own day,
 * whatever day is asked about besides. */
static void test_wrong_clocks(void **state)
{
    static const struct rules_row good = { .item = "dated",
                                           .honest = on_its_day };
    static const struct rules_row ahead = {
        DATED, { "asked_on=2026-11-26" }, NOBODY, 2, 2, NULL, NULL, NULL
    };
    static const struct rules_row set_right = { DATED, { NULL }, NOBODY, 0,
                                                -9,    NULL,     NULL,   NULL };
    static const struct rules_row forged[] = {
        { DATED,
          { "asked_on=2026-11-23" },
          NOBODY,
          0,
          0,
          "computed",
          "asked_on",
          NULL },
        { DATED,
          { "asked_on=2026-11-24" },
          NOBODY,
          2,
          2,
          "computed",
          "asked_on",
          NULL },
        { DATED,
          { "asked_on=2026-11-15" },
          NOBODY,
          0,
          -9,
          "computed",
          "asked_on",
          NULL },
        { DATED, { "-asked_on" }, NOBODY, 0, 0, "computed", "asked_on", NULL },
    };
    struct direct *direct = *state;

    assert_int_equal(rules_put(direct, &good, rules_id(10)), 201);
    rules_assert_marked(direct, &ahead, rules_id(11), "ahead");
    rules_assert_marked(direct, &set_right, rules_id(12), "clock");
    expect_refused(direct, forged, sizeof forged / sizeof *forged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_wrong_clocks, set_up_dated,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forged_promises, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_taken, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
