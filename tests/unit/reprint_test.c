/* What a slip says of a case that was sent here, and of one that was found and
 * is printed again: how far it has come by now, and what is to be done then. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "kiosk/slip.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLIP_BYTES = 65536 };

struct printed {
    struct pack *pack;
    struct settings settings;
    struct answers *answers;
    struct session_case made;
    const char *office_text;
    json_t *request;
};

static int set_up(void **state)
{
    struct printed *paper = mem_new(sizeof *paper);
    const char *build = getenv("KIOSK_BUILD");
    struct problems problems;
    char path[256];

    snprintf(path, sizeof path, "%s/share/locales", build ? build : "build");
    problems_init(&problems);
    if (i18n_open(path) || pack_load("screens/items", &problems, &paper->pack))
        return -1;
    problems_done(&problems);
    settings_init(&paper->settings);
    paper->answers = answers_new();
    if (answers_set(paper->answers, "home_proof", "lease", SOURCE_CITIZEN) ||
        answers_set(paper->answers, "street", "later", SOURCE_LATER))
        return -1;
    paper->made = (struct session_case){ .state = CASE_DELIVERED,
                                         .receipt = "310063270014",
                                         .lookup_code = "4711",
                                         .wall_ms = 1795500185000,
                                         .copies = 1 };
    paper->office_text = "";
    *state = paper;
    return 0;
}

static int tear_down(void **state)
{
    struct printed *paper = *state;

    json_decref(paper->request);
    answers_free(paper->answers);
    settings_done(&paper->settings);
    pack_free(paper->pack);
    mem_free(paper);
    i18n_close();
    return 0;
}

static void print(struct printed *paper)
{
    const struct slip_facts facts = {
        .made = &paper->made,
        .office_text = paper->office_text,
        .item = pack_find(paper->pack, "residence-permit"),
        .answers = paper->answers,
        .language = LANGUAGE_ZH_CN,
        .settings = &paper->settings,
        .progress_url = "",
    };
    struct buf slip;

    buf_init(&slip, SLIP_BYTES);
    slip_compose(&facts, &slip);
    json_decref(paper->request);
    paper->request = json_loads(slip.text, 0, NULL);
    assert_non_null(paper->request);
    buf_done(&slip);
}

/* The value of the n-th fact with this label, or NULL. */
static const char *fact(const struct printed *paper, const char *label, int n)
{
    json_t *blocks =
        json_object_get(json_object_get(paper->request, "slip"), "blocks");
    json_t *block;
    size_t at;

    json_array_foreach(blocks, at, block)
    {
        const char *is = json_string_value(json_object_get(block, "label"));
        if (is && strcmp(is, label) == 0 && n-- == 0)
            return json_string_value(json_object_get(block, "value"));
    }
    return NULL;
}

static void assert_fact(const struct printed *paper, const char *label,
                        const char *value)
{
    if (!fact(paper, label, 0))
        fail_msg("no %s", label);
    assert_string_equal(fact(paper, label, 0), value);
}

static void find(struct printed *paper, const char *said, const char *text)
{
    snprintf(paper->made.said, sizeof paper->made.said, "%s", said);
    memset(&paper->made.head, 0, sizeof paper->made.head);
    paper->office_text = text;
    print(paper);
}

static void test_sent_here(void **state)
{
    struct printed *paper = *state;

    paper->made.head.number = 12;
    paper->made.head.hash[0] = 0xAB;
    print(paper);
    assert_fact(paper, "打印", "首次打印");
    assert_fact(paper, "状态", "已送达，尚未受理");
    assert_fact(paper, "日志", "12 AB00000000000000");
    assert_string_equal(fact(paper, "要带的材料", 2), "租赁合同");
    paper->made.copies = 2;
    print(paper);
    assert_fact(paper, "打印", "补打第 2 次");
}

/* Whom to ask stands there once. */
static void test_contact_once(void **state)
{
    struct printed *paper = *state;

    print(paper);
    assert_fact(paper, "咨询、更正或撤回",
                "请联系居住地所属派出所，或拨打 12345 咨询，报回执号。");
    assert_null(fact(paper, "要更正、撤回或咨询", 0));
}

/* Nobody here knows how often it was printed, or its journal's record. */
static void test_found(void **state)
{
    struct printed *paper = *state;

    find(paper, "delivered", "");
    assert_fact(paper, "打印", "补打");
    assert_null(fact(paper, "日志", 0));
    assert_string_equal(fact(paper, "要带的材料", 2), "租赁合同");
    assert_non_null(fact(paper, "下一步", 0));
    assert_non_null(fact(paper, "到派出所再补", 0));
}

/* What was to be done at first is no more; what the office says is. */
static void test_correction(void **state)
{
    struct printed *paper = *state;

    find(paper, "correction", "请带房产证原件。");
    assert_fact(paper, "单位答复", "请带房产证原件。");
    assert_fact(paper, "下一步", "请按上面说的补正，到下面的单位办理。");
    assert_null(fact(paper, "要带的材料", 0));
    assert_non_null(fact(paper, "咨询、更正或撤回", 0));
    find(paper, "correction", "");
    assert_null(fact(paper, "单位答复", 0));
    assert_fact(paper, "下一步", "请向下面的单位问清要补什么。");
    find(paper, "finished", "");
    assert_fact(paper, "下一步", "已经办结，您不用再做什么。");
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_sent_here),
        TEST(test_contact_once),
        TEST(test_found),
        TEST(test_correction),
    };
    return cmocka_run_group_tests_name("reprint", tests, NULL, NULL);
}
