/* A slip holds what it must, for every item that sends, as first print and as
 * reprint; what its paper says stands in the envelope for a phone, too, word by
 * word. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/envelope_body.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips_of_items),
        cmocka_unit_test(test_papers_of_this_person),
        cmocka_unit_test(test_phone_says_what_paper_says),
    };
    return cmocka_run_group_tests_name("slip", tests, load, unload);
}
