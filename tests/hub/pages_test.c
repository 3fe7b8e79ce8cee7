/* The hub without sockets: what phones see. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "tests/hub/direct.h"

static void shows_the_state_only(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    assert_int_equal(direct_visit(direct, "GET", sample.address, ""), 404);
    assert_true(direct_says(direct, "还没有送达，或地址不对"));
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(direct_visit(direct, "GET", sample.address, ""), 200);
    assert_true(direct_says(direct, "lang=\"zh-CN\""));
    assert_true(direct_says(direct, "已送达"));
    assert_true(
        direct_says(direct, "本回执只证明收到了申请，不代表已经受理。"));
    assert_true(direct_says(direct, "href=\"?lang=en\""));
    assert_true(direct_says(direct, "width=device-width"));
    assert_false(direct_says(direct, "反映"));
    assert_false(direct_says(direct, sample.receipt));
    assert_false(direct_says(direct, "3100 6327"));
    assert_false(direct_says(direct, sample.lookup_code));
    assert_false(direct_says(direct, ZEROS));
    assert_string_equal(direct_header(direct, "Cache-Control"), "no-store");
    assert_string_equal(direct_header(direct, "Set-Cookie"), "");
    assert_non_null(strstr(direct_header(direct, "Content-Security-Policy"),
                           "default-src 'none'; style-src 'sha256-"));
    assert_string_equal(direct_header(direct, "Referrer-Policy"),
                        "no-referrer");

    assert_int_equal(direct_visit(direct, "GET", "short", ""), 404);
    assert_int_equal(direct_visit(direct, "GET", "../../../../etc/passwd", ""),
                     404);
    sample.address[3] ^= 1;
    assert_int_equal(direct_visit(direct, "GET", sample.address, ""), 404);
}

static void speaks_the_phones_language(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    direct->language = "fr-FR,en-GB;q=0.8,zh;q=0.5";
    assert_int_equal(direct_visit(direct, "GET", sample.address, ""), 200);
    assert_true(direct_says(direct, "lang=\"en\""));
    assert_true(direct_says(direct, "Delivered"));
    assert_true(direct_says(direct, "not that it was accepted"));
    direct->lang = "zh";
    assert_int_equal(direct_visit(direct, "GET", sample.address, ""), 200);
    assert_true(direct_says(direct, "已送达"));
    direct->lang = NULL;
    direct->language = "fr";
    assert_int_equal(direct_visit(direct, "GET", sample.address, ""), 200);
    assert_true(direct_says(direct, "已送达"));
    direct->lang = "en";
    assert_int_equal(direct_visit(direct, "GET", "nowhere", ""), 404);
    assert_true(direct_says(direct, "Not delivered yet, or a wrong address"));
}

static void shows_details_for_the_code(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_true(direct_says(direct, "反映&lt;问题&gt;"));
    assert_true(direct_says(direct, "市民热线"));
    assert_true(direct_says(direct, ZEROS "20261124000001"));
    assert_true(direct_says(direct, "2026年11月24日 14:03"));
    assert_true(direct_says(direct, "下一步"));
    /* What the slip says, as on its paper. */
    assert_true(direct_says(direct, "回执上写的"));
    assert_true(direct_says(direct, "热线&lt;12345&gt;"));
    assert_true(direct_says(direct, "演示大厅 7号机"));
    assert_false(direct_says(direct, "4711"));
    direct->lang = "en";
    /* As people type: spaces, full-width digits. */
    assert_int_equal(direct_visit(direct, "POST", sample.address,
                                  "code=+%EF%BC%947+1%EF%BC%91"),
                     200);
    assert_true(direct_says(direct, "A &quot;problem&quot; &amp; more"));
    assert_true(direct_says(direct, "2026-11-24 14:03"));
}

/* Until the office has begun, the phone says what the slip says. */
static void says_what_the_slip_says(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_true(direct_says(direct, "请带&lt;原件&gt;到市民热线。"));
    assert_false(direct_says(direct, "等待办理单位受理"));
    assert_true(direct_says(direct, "热线&lt;12345&gt;"));
    assert_true(direct_says(direct, "12345")); /* and how to complain */
    assert_true(direct_says(direct, "演示大厅 7号机"));
    direct_sql(direct, "UPDATE cases SET state = 'correction'", NULL);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_false(direct_says(direct, "请带&lt;原件&gt;"));
    assert_true(direct_says(direct, "问清要补什么"));
    assert_true(direct_says(direct, "热线&lt;12345&gt;"));
}

/* Texts that stand by themselves, rows of a table, what a code holds. */
static void says_what_a_slip_of_its_own_says(void **state)
{
    struct slip_row row = {
        .cells = { .in = { { .in = { "租赁<合同>", "Lease" } },
                           { .in = { "1", "1" } } },
                   .count = 2 },
    };
    struct slip_part parts[] = {
        { .line = "next" },
        { .text = { .in = { "凭<本单>入场。", "Let me in." } } },
        { .columns = { .in = { { .in = { "材料", "Paper" } },
                               { .in = { "份数", "Copies" } } },
                       .count = 2 },
          .rows = &row,
          .row_count = 1 },
        { .qr = "K<7>", .label = { .in = { "窗口扫", "To scan" } } },
    };
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    sample.slip = parts;
    sample.slip_count = sizeof parts / sizeof *parts;
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_true(direct_says(direct, "请带&lt;原件&gt;到市民热线。"));
    assert_true(direct_says(direct, "</dd><dd>凭&lt;本单&gt;入场。</dd>"));
    assert_true(
        direct_says(direct, "<dt>租赁&lt;合同&gt;</dt><dd>份数：1</dd>"));
    assert_true(direct_says(direct, "<dt>窗口扫</dt><dd>K&lt;7&gt;</dd>"));
    assert_true(direct_says(direct, "热线&lt;12345&gt;"));
    direct_sql(direct, "UPDATE cases SET state = 'correction'", NULL);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_false(direct_says(direct, "凭&lt;本单&gt;入场"));
    assert_true(direct_says(direct, "热线&lt;12345&gt;"));
}

static void tells_only_the_hour_of_an_anonymous_case(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    int64_t received_ms = 0;

    direct_sample(direct, &sample);
    sample.is_anonymous = true;
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_true(direct_says(direct, "2026年11月24日 14时"));
    assert_false(direct_says(direct, "14:03"));
    direct_sql(direct, "SELECT received_ms FROM cases", &received_ms);
    assert_int_equal(received_ms % (60 * MINUTE_MS), 0);
    assert_in_range(DIRECT_START_MS - received_ms, 1, 60 * MINUTE_MS);
}

static void shuts_after_five_wrong_codes(void **state)
{
    struct direct *direct = *state;
    struct sample sample, other;

    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    direct_sample(direct, &other);
    assert_int_equal(direct_put(direct, &other), 201);
    /* What is no code counts for nothing. */
    for (int i = 0; i < 9; i++) {
        assert_int_equal(
            direct_visit(direct, "POST", sample.address, "code=12"), 400);
        assert_true(direct_says(direct, "查询码是四位数字"));
    }
    assert_int_equal(direct_visit(direct, "POST", sample.address, ""), 400);
    assert_int_equal(
        direct_visit(direct, "POST", sample.address, "code=%ff%00%"), 400);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            direct_visit(direct, "POST", sample.address, "code=0000"), 403);
        assert_true(direct_says(direct, "查询码不对"));
        direct_reopen(direct); /* forgets nothing */
    }
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=0000"),
                     429);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     429);
    assert_true(direct_says(direct, "输错次数太多"));
    assert_int_equal(direct_visit(direct, "GET", sample.address, ""), 200);
    assert_int_equal(direct_visit(direct, "POST", other.address, "code=4711"),
                     200);
    clock_shift(60 * MINUTE_MS);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=4711"),
                     200);
    assert_int_equal(direct_visit(direct, "POST", sample.address, "code=0000"),
                     403);
}

static void answers_other_visits(void **state)
{
    struct direct *direct = *state;
    struct hub_request request = {
        .listener = HUB_PUBLIC, .method = "GET", .path = "/", .body = ""
    };

    assert_int_equal(direct_hand_over(direct, &request), 200);
    assert_true(direct_says(direct, "二维码"));
    assert_true(direct_says(direct, "href=\"/v\""));
    request.path = "/favicon.ico";
    assert_int_equal(direct_hand_over(direct, &request), 404);
    request.path = "/v1/cases/00000000000000000000000000000000";
    assert_int_equal(direct_hand_over(direct, &request), 404);
    request.method = "PUT";
    assert_int_equal(direct_hand_over(direct, &request), 405);
    request.path = "/p/x";
    request.is_too_big = true;
    assert_int_equal(direct_hand_over(direct, &request), 413);
    assert_int_equal(direct_visit(direct, "HEAD", "x", ""), 404);
    assert_int_equal(direct_visit(direct, "POST", "x", "code=1234"), 404);
    assert_false(direct_says(direct, "演示"));
    direct->is_demo = true;
    direct_reopen(direct);
    assert_int_equal(direct_visit(direct, "GET", "x", ""), 404);
    assert_true(direct_says(direct, "演示"));
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, direct_set_up, direct_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(shows_the_state_only),
        TEST(speaks_the_phones_language),
        TEST(shows_details_for_the_code),
        TEST(says_what_the_slip_says),
        TEST(says_what_a_slip_of_its_own_says),
        TEST(tells_only_the_hour_of_an_anonymous_case),
        TEST(shuts_after_five_wrong_codes),
        TEST(answers_other_visits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
