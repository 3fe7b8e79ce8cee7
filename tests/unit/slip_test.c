/* A slip holds what it must, for every item that sends, as first print and as
 * reprint; what its paper says stands in the envelope for a phone, too, word by
 * word. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope_body.h"
#include "kiosk/papers_slip.h"
#include "kiosk/slip.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALL_MS INT64_C(1795420800000)

static struct pack *pack;
static struct settings settings;

static int load(void **state)
{
    const char *build = getenv("KIOSK_BUILD");
    struct problems problems;
    char path[256];

    (void)state;
    snprintf(path, sizeof path, "%s/share/locales", build ? build : "build");
    if (i18n_open(path))
        return -1;
    settings_init(&settings);
    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    settings_done(&settings);
    i18n_close();
    return 0;
}

/* ---- A case ------------------------------------------------------------ */

static const char *const permit[][2] = {
    { "registered", "yes" },     { "county", "411303" },
    { "township", "411303005" }, { "ground", "work" },
    { "home_proof", "lease" },   { "ground_proof", "contract" },
};
static const char *const hotline[][2] = {
    { "kind", "complaint" },
    { "topic", "utilities" },
    { "contact_by", "phone" },
    { "phone", "13800001111" },
};

static struct answers *answer(const char *const pairs[][2], size_t count)
{
    struct answers *answers = answers_new();

    for (size_t i = 0; i < count; i++)
        assert_int_equal(
            answers_set(answers, pairs[i][0], pairs[i][1], SOURCE_CITIZEN),
            ERR_OK);
    assert_int_equal(answers_set(answers, "street", "later", SOURCE_LATER),
                     ERR_OK);
    return answers;
}

static struct session_case made_of(enum case_state state, int copies)
{
    struct session_case made = { .state = state,
                                 .wall_ms = WALL_MS,
                                 .copies = copies };

    snprintf(made.receipt, sizeof made.receipt, "123456789012");
    snprintf(made.lookup_code, sizeof made.lookup_code, "4711");
    if (state == CASE_DELIVERED)
        snprintf(made.number, sizeof made.number, "45-CHARACTERS-OF-IT");
    return made;
}

static json_t *compose(const struct item *item, const struct answers *answers,
                       const struct session_case *made, enum language language)
{
    const struct slip_facts facts = { .made = made,
                                      .item = item,
                                      .answers = answers,
                                      .language = language,
                                      .settings = &settings,
                                      .progress_url = "http://hall/p/x",
                                      .is_demo = true };
    struct buf text;

    buf_init(&text, 64 * 1024);
    slip_compose(&facts, &text);
    json_t *request = json_loadb(text.text, text.len, 0, NULL);
    assert_non_null(request);
    buf_done(&text);
    json_t *slip = json_incref(json_object_get(request, "slip"));
    json_decref(request);
    return slip;
}

/* ---- What stands there --------------------------------------------------- */

static const char *text_of(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_t *find_fact(json_t *slip, const char *label, const char *value)
{
    size_t i;
    json_t *block;

    json_array_foreach(json_object_get(slip, "blocks"), i, block)
    {
        bool is_it = strcmp(text_of(block, "label"), label) == 0;
        if (is_it && (!value || strcmp(text_of(block, "value"), value) == 0))
            return block;
    }
    return NULL;
}

static void has_fact(json_t *slip, const char *label, const char *value)
{
    if (!find_fact(slip, label, value))
        fail_msg("the slip lacks %s %s", label, value ? value : "");
}

static void has_block(json_t *slip, const char *kind, const char *words)
{
    size_t i;
    json_t *block;

    json_array_foreach(json_object_get(slip, "blocks"), i, block)
    {
        if (strcmp(text_of(block, "kind"), kind) == 0 &&
            strstr(text_of(block, "text"), words))
            return;
    }
    fail_msg("the slip lacks %s", words);
}

/* items.md 6, word by word. */
static void check_slip(const struct item *item, const struct answers *answers,
                       enum case_state state, int copies)
{
    struct session_case made = made_of(state, copies);
    json_t *slip = compose(item, answers, &made, LANGUAGE_ZH_CN);
    char contact[512], copy[64];

    assert_string_equal(text_of(slip, "title"), state == CASE_DELIVERED
                                                    ? "收件回执"
                                                    : "暂存凭条（尚未送达）");
    assert_string_equal(text_of(slip, "demo"), "演示样张　无效");
    assert_non_null(strstr(text_of(slip, "footer"),
                           "本回执只证明收到了申请，不代表已经受理。"));
    has_block(slip, "text", item->title.in[LANGUAGE_ZH_CN]);
    has_fact(slip, "回执号", "1234 5678 9012");
    assert_true(json_is_true(
        json_object_get(find_fact(slip, "回执号", NULL), "large")));
    has_fact(slip, "查询码", "4711");
    has_fact(slip, "状态",
             state == CASE_DELIVERED ? "已送达，尚未受理"
                                     : "已存本机，尚未送达");
    has_fact(slip, "下一步", NULL);
    snprintf(contact, sizeof contact, "请联系%s，报回执号。",
             item->contact.in[LANGUAGE_ZH_CN]);
    has_fact(slip, "咨询、更正或撤回", contact);
    has_fact(slip, "投诉", "请拨打 12345");
    has_fact(slip, "提交时间", NULL);
    has_fact(slip, "终端", NULL);
    snprintf(copy, sizeof copy, "补打第 %d 次", copies);
    has_fact(slip, "打印", copies == 1 ? "首次打印" : copy);
    if (state == CASE_DELIVERED)
        has_block(slip, "small", made.number);
    has_block(slip, "qr", "演示二维码不能用手机打开");
    json_decref(slip);
}

static void check_all(const char *id, const char *const pairs[][2],
                      size_t count)
{
    const struct item *item = pack_find(pack, id);
    struct answers *answers = answer(pairs, count);

    assert_non_null(item);
    check_slip(item, answers, CASE_SAVED, 1);
    check_slip(item, answers, CASE_DELIVERED, 1);
    check_slip(item, answers, CASE_DELIVERED, 2);
    answers_free(answers);
}

static void test_slips_of_items(void **state)
{
    (void)state;
    check_all("residence-permit", permit, sizeof permit / sizeof *permit);
    check_all("hotline-12345", hotline, sizeof hotline / sizeof *hotline);
}

/* What a time was chosen in waits for nobody. */
static void test_booked_time(void **state)
{
    static const char *const pairs[][2] = {
        { "registry", "411303" },
        { "visit", "2026-12-01 09:00-09:30 411303" },
    };
    struct answers *answers = answer(pairs, sizeof pairs / sizeof *pairs);
    struct session_case made = made_of(CASE_DELIVERED, 1);
    json_t *slip = compose(pack_find(pack, "marriage-appoint"), answers, &made,
                           LANGUAGE_ZH_CN);

    (void)state;
    has_fact(slip, "状态", "已送达，时间已经约好");
    assert_non_null(strstr(text_of(slip, "footer"), "不代表事情已经办好。"));
    json_decref(slip);
    answers_free(answers);
}

/* Nor what was paid for at once, unless nothing was. */
static void test_paid(void **state)
{
    static const char *const pairs[][2] = {
        { "paying",
          "00000000000000000000000000000000 0000000000000000 150.00" },
    };
    struct answers *answers = answer(pairs, 1), *unpaid = answers_new();
    struct session_case made = made_of(CASE_DELIVERED, 1);
    const struct item *item = pack_find(pack, "traffic-fine");
    json_t *slip = compose(item, answers, &made, LANGUAGE_ZH_CN);
    (void)state;

    has_fact(slip, "状态", "已送达，款已缴清");
    assert_non_null(strstr(text_of(slip, "footer"), "本回执证明款已收到"));
    json_decref(slip);
    slip = compose(item, unpaid, &made, LANGUAGE_ZH_CN);
    has_fact(slip, "状态", "已送达，尚未受理");
    json_decref(slip);
    answers_free(answers);
    answers_free(unpaid);
}

/* The papers that this person still needs and no others; the time limit from
 * the day of acceptance. */
static void test_papers_of_this_person(void **state)
{
    struct answers *answers = answer(permit, sizeof permit / sizeof *permit);
    struct session_case made = made_of(CASE_DELIVERED, 1);
    json_t *slip = compose(pack_find(pack, "residence-permit"), answers, &made,
                           LANGUAGE_EN);

    (void)state;
    has_fact(slip, "要带的材料", "本人居民身份证");
    has_fact(slip, "要带的材料", "租赁合同");
    has_fact(slip, "要带的材料", "劳动合同");
    assert_null(find_fact(slip, "要带的材料", "营业执照"));
    has_fact(slip, "到派出所再补", NULL);
    assert_non_null(strstr(text_of(find_fact(slip, "办理期限", NULL), "value"),
                           "自受理之日起 15 日内"));
    /* In a session that is not in Chinese, both. */
    has_fact(slip, "Papers to take", "Lease");
    has_fact(slip, "To complain about the service", "Call 12345");
    json_decref(slip);
    answers_free(answers);
}

/* ---- The phone ------------------------------------------------------------ */

static json_t *make_body(const struct item *item, const struct answers *answers)
{
    const struct envelope_input input = {
        .item = item,
        .answers = answers,
        .receipt = "123456789012",
        .lookup_code = "4711",
        .address = "0123456789012345678901",
        .language = LANGUAGE_EN,
        .terminal = { .in = { "演示大厅 1号机", "Hall, machine 1" } },
        .wall_ms = WALL_MS,
    };
    struct buf text;

    buf_init(&text, ENVELOPE_BODY_MAX);
    assert_int_equal(envelope_body(&input, &text), ERR_OK);
    json_t *body = json_loadb(text.text, text.len, 0, NULL);
    buf_done(&text);
    assert_non_null(body);
    return body;
}

static void test_phone_says_what_paper_says(void **state)
{
    const struct item *item = pack_find(pack, "residence-permit");
    struct answers *answers = answer(permit, sizeof permit / sizeof *permit);
    struct session_case made = made_of(CASE_SAVED, 1);
    json_t *slip = compose(item, answers, &made, LANGUAGE_EN);
    json_t *body = make_body(item, answers), *row;
    size_t i, count = json_array_size(json_object_get(body, "slip"));

    (void)state;
    assert_true(count > 8);
    json_array_foreach(json_object_get(body, "slip"), i, row)
    {
        json_t *label = json_object_get(row, "label");
        json_t *text = json_object_get(row, "text");
        if (i + 1 == count) /* the terminal, as it was given here */
            assert_string_equal(text_of(text, "zh_CN"), "演示大厅 1号机");
        has_fact(slip, text_of(label, "zh_CN"),
                 i + 1 < count ? text_of(text, "zh_CN") : NULL);
        has_fact(slip, text_of(label, "en"),
                 i + 1 < count ? text_of(text, "en") : NULL);
    }
    json_decref(body);
    json_decref(slip);
    answers_free(answers);
}

/* ---- What an item says of its own slip ------------------------------------- */

static const char *const race[][2] = {
    { "course", "long" },       { "phone", "13900002222" },
    { "paid", "120.00" },       { "runners_1_name", "甲乙" },
    { "runners_1_laps", "25" }, { "runners_2_name", "丙" },
    { "runners_2_laps", "5" },
};

static json_t *compose_race(const char *paper, const struct session_case *made,
                            enum language language)
{
    struct problems problems;
    struct pack *own = NULL;
    char *kept = settings.paper;
    struct answers *answers = answer(race, sizeof race / sizeof *race);

    problems_init(&problems);
    assert_int_equal(
        pack_load_one("tests/tty/slip-of-all.yaml", &problems, &own), ERR_OK);
    settings.paper = (char *)paper;
    json_t *slip = compose(pack_item(own, 0), answers, made, language);
    settings.paper = kept;
    problems_done(&problems);
    pack_free(own);
    answers_free(answers);
    return slip;
}

/* "fact text table …": the kinds of all blocks. */
static void kinds_of(json_t *slip, struct buf *out)
{
    json_t *block;
    size_t i;

    json_array_foreach(json_object_get(slip, "blocks"), i, block)
        buf_add_format(out, "%s ", text_of(block, "kind"));
}

static size_t count_kind(json_t *slip, const char *kind)
{
    json_t *block;
    size_t i, count = 0;

    json_array_foreach(json_object_get(slip, "blocks"), i, block) count +=
        strcmp(text_of(block, "kind"), kind) == 0;
    return count;
}

/* Title, numbers and state before it, whom to ask, terminal, time, print and
 * meaning behind it, whatever it says. */
static void test_own_slip(void **state)
{
    struct session_case made = made_of(CASE_DELIVERED, 1);
    json_t *slip = compose_race("80mm", &made, LANGUAGE_ZH_CN);
    struct buf kinds;

    (void)state;
    buf_init(&kinds, 1024);
    kinds_of(slip, &kinds);
    assert_string_equal(kinds.text,
                        "text fact fact fact rule " /* what every slip has */
                        "qr fact fact fact fact rule text table table qr "
                        "fact fact rule fact fact fact small ");
    has_fact(slip, "回执号", "1234 5678 9012");
    has_fact(slip, "状态", "已送达，尚未受理");
    has_fact(slip, "下一步", "请到某局窗口领号码布。");
    has_fact(slip, "项目", "十公里");
    has_block(slip, "text", "报名费120 元已收，凭本单入场。");
    has_fact(slip, "咨询、更正或撤回", NULL);
    has_fact(slip, "投诉", "请拨打 12345");
    has_fact(slip, "打印", "首次打印");
    assert_non_null(strstr(text_of(slip, "footer"), "不代表已经受理。"));
    buf_done(&kinds);
    json_decref(slip);
}

static void has_table(json_t *slip, const char *dumped)
{
    json_t *block;
    size_t i;

    json_array_foreach(json_object_get(slip, "blocks"), i, block)
    {
        char *text = json_dumps(block, JSON_COMPACT | JSON_SORT_KEYS);
        bool is_it = strcmp(text, dumped) == 0;

        free(text);
        if (is_it)
            return;
    }
    fail_msg("the slip lacks %s", dumped);
}

/* Both languages, Chinese first, tables too; each code once, with the words of
 * both under it. */
static void test_own_slip_in_both(void **state)
{
    struct session_case made = made_of(CASE_DELIVERED, 1);
    json_t *slip = compose_race("80mm", &made, LANGUAGE_EN);

    (void)state;
    has_table(slip, "{\"fold\":true,\"head\":[\"姓名\",\"圈数\"],\"kind\":"
                    "\"table\",\"rows\":[[\"甲乙\",\"25\"],[\"丙\",\"5\"]]}");
    has_table(slip, "{\"fold\":true,\"head\":[\"Name\",\"Laps\"],\"kind\":"
                    "\"table\",\"rows\":[[\"甲乙\",\"25\"],[\"丙\",\"5\"]]}");
    assert_int_equal(count_kind(slip, "table"), 4);
    assert_int_equal(count_kind(slip, "qr"), 2);
    has_block(slip, "qr", "窗口扫这个码。\nThe counter scans this code.");
    has_block(slip, "text", "The fee of 120 yuan was paid");
    assert_string_equal(text_of(slip, "demo"),
                        "演示样张　无效　Demonstration, not valid");
    json_decref(slip);
}

static void test_own_slip_by_paper(void **state)
{
    struct session_case made = made_of(CASE_DELIVERED, 1);
    json_t *narrow = compose_race("58mm", &made, LANGUAGE_ZH_CN);
    json_t *wide = compose_race("A4", &made, LANGUAGE_ZH_CN);

    (void)state;
    has_block(wide, "text", "请沿线剪下");
    assert_int_equal(count_kind(wide, "text"), 3);
    assert_int_equal(count_kind(narrow, "text"), 2);
    json_decref(narrow);
    json_decref(wide);
}

/* What was to be done at first is no more; whom to ask stays. */
static void test_own_slip_when_begun(void **state)
{
    struct session_case made = made_of(CASE_DELIVERED, 1);

    (void)state;
    snprintf(made.said, sizeof made.said, "accepted");
    json_t *slip = compose_race("80mm", &made, LANGUAGE_EN);
    assert_int_equal(count_kind(slip, "table"), 0);
    assert_int_equal(count_kind(slip, "qr"), 1);
    has_fact(slip, "投诉", "请拨打 12345");
    assert_null(find_fact(slip, "项目", NULL));
    assert_null(strstr(text_of(slip, "footer"), "受理"));
    json_decref(slip);
}

/* Who has a place in time still has to be there, accepted or not. */
static void test_appointment_when_begun(void **state)
{
    struct session_case made = made_of(CASE_DELIVERED, 1);
    struct answers *answers = answers_new();
    struct problems problems;
    struct pack *own = NULL;
    (void)state;

    problems_init(&problems);
    assert_int_equal(
        pack_load_one("tests/tty/appointment.yaml", &problems, &own), ERR_OK);
    problems_done(&problems);
    assert_int_equal(answers_set(answers, "place", "north", SOURCE_CITIZEN),
                     ERR_OK);
    assert_int_equal(answers_set(answers, "visit",
                                 "2026-12-01 09:00-09:30 north",
                                 SOURCE_CITIZEN),
                     ERR_OK);
    snprintf(made.said, sizeof made.said, "accepted");
    json_t *slip = compose(pack_item(own, 0), answers, &made, LANGUAGE_EN);
    assert_non_null(
        strstr(text_of(find_fact(slip, "Appointment", NULL), "value"),
               "09:00 to 09:30"));
    has_fact(slip, "下一步", "请按预约的时间到场。");
    json_decref(slip);
    snprintf(made.said, sizeof made.said, "withdrawn");
    slip = compose(pack_item(own, 0), answers, &made, LANGUAGE_EN);
    assert_null(find_fact(slip, "Appointment", NULL));
    json_decref(slip);
    answers_free(answers);
    pack_free(own);
}

/* ---- Two languages on every slip -------------------------------------------- */

static void test_code_in_both(void **state)
{
    struct answers *answers = answer(permit, sizeof permit / sizeof *permit);
    struct session_case made = made_of(CASE_SAVED, 1);
    json_t *slip = compose(pack_find(pack, "residence-permit"), answers, &made,
                           LANGUAGE_EN);

    (void)state;
    assert_int_equal(count_kind(slip, "qr"), 1);
    has_block(slip, "qr",
              "演示二维码不能用手机打开。\nDemonstration: a phone cannot open "
              "this QR code.");
    assert_string_equal(text_of(slip, "title"), "暂存凭条（尚未送达）");
    assert_string_equal(text_of(slip, "subtitle"),
                        "Slip of safe-keeping (not yet delivered)");
    json_decref(slip);
    answers_free(answers);
}

static void copy_into(const char *folder, const char *from, const char *name)
{
    char path[256], *text = NULL;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_read(from, 1024 * 1024, &text, &len), ERR_OK);
    assert_int_equal(file_replace(path, text, len, 0600), ERR_OK);
    mem_free(text);
}

/* The shop's sign, with the holidays that it needs beside it. */
static struct pack *load_sign(char folder[64])
{
    struct problems problems;
    struct pack *own = NULL;
    char path[256];

    assert_int_equal(file_make_temporary(folder, 64), ERR_OK);
    snprintf(path, sizeof path, "%s/lists", folder);
    assert_int_equal(file_make_folder(path, 0700), ERR_OK);
    copy_into(folder, "screens/items/lists/holidays.tsv", "lists/holidays.tsv");
    copy_into(folder, "tests/tty/shop-sign.yaml", "shop-sign.yaml");
    snprintf(path, sizeof path, "%s/shop-sign.yaml", folder);
    problems_init(&problems);
    assert_int_equal(pack_load_one(path, &problems, &own), ERR_OK);
    problems_done(&problems);
    return own;
}

static void test_papers_in_both(void **state)
{
    char folder[64];
    struct pack *own = load_sign(folder);
    struct answers *answers = answers_new();
    struct buf text;

    (void)state;
    assert_int_equal(answers_set(answers, "sketch", "missing", SOURCE_CITIZEN),
                     ERR_OK);
    const struct papers_slip facts = { .item = pack_item(own, 0),
                                       .answers = answers,
                                       .language = LANGUAGE_EN,
                                       .settings = &settings,
                                       .wall_ms = WALL_MS,
                                       .is_demo = true };
    buf_init(&text, 64 * 1024);
    papers_slip_compose(&facts, &text);
    json_t *request = json_loadb(text.text, text.len, 0, NULL);
    json_t *slip = json_object_get(request, "slip");
    has_fact(slip, "招牌草图", NULL);
    has_fact(slip, "Sketch", "needed to begin");
    has_block(slip, "small", "手画的也可以");
    has_block(slip, "small", "Drawn by hand will do");
    assert_non_null(strstr(text_of(slip, "footer"), "不是收件回执"));
    assert_non_null(strstr(text_of(slip, "footer"), "not a receipt"));
    assert_string_equal(text_of(slip, "demo"),
                        "演示样张　无效　Demonstration, not valid");
    json_decref(request);
    buf_done(&text);
    pack_free(own);
    answers_free(answers);
    assert_int_equal(file_remove_tree(folder), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_slip),
        cmocka_unit_test(test_own_slip_in_both),
        cmocka_unit_test(test_own_slip_by_paper),
        cmocka_unit_test(test_own_slip_when_begun),
        cmocka_unit_test(test_appointment_when_begun),
        cmocka_unit_test(test_code_in_both),
        cmocka_unit_test(test_papers_in_both),
        cmocka_unit_test(test_slips_of_items),
        cmocka_unit_test(test_booked_time),
        cmocka_unit_test(test_paid),
        cmocka_unit_test(test_papers_of_this_person),
        cmocka_unit_test(test_phone_says_what_paper_says),
    };
    return cmocka_run_group_tests_name("slip", tests, load, unload);
}
