/* Payments at the hub without sockets: asked for, paid, paid late and twice,
 * after whoever asked is gone; whatever comes pays one debt once or is to be
 * given back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/direct.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/flow/payment.h"
#include "kiosk/hub/office.h"
#include "kiosk/hub/office_list.h"
#include "kiosk/hub/payments.h"

#define REQUEST_1 "0000000000000000000000000000000a"
#define REQUEST_2 "0000000000000000000000000000000b"
#define DEBT      "4113020000000001"

enum { TOKEN_BYTES_ALL = PAYMENT_TOKEN_CHARS + 1, LATE_MS = 16 * 60 * 1000 };

static int begin(struct direct *direct, const char *request, const char *about,
                 int fen)
{
    char json[256];

    snprintf(json, sizeof(json),
             "{\"request\": \"%s\", \"item\": \"fine\", \"about\": \"%s\","
             " \"fen\": %d}",
             request, about, fen);
    return direct_post(direct, "/v1/payments", json);
}

static void begun(struct direct *direct, const char *request, const char *about,
                  char token[TOKEN_BYTES_ALL])
{
    char text[256];

    assert_int_equal(begin(direct, request, about, 20000), 201);
    direct_text_of(direct, "payment", text);
    assert_int_equal(strlen(text), PAYMENT_TOKEN_CHARS);
    snprintf(token, TOKEN_BYTES_ALL, "%.32s", text);
}

static void stands(struct direct *direct, const char *token, const char *state)
{
    char path[128], text[256];

    snprintf(path, sizeof(path), "/v1/payments/%s", token);
    assert_int_equal(direct_send(direct, "GET", path, NULL, 0), 200);
    direct_text_of(direct, "state", text);
    assert_string_equal(text, state);
    direct_text_of(direct, "receipt", text);
    assert_int_equal(*text != '\0', strcmp(state, "paid") == 0);
}

/* The nth taking. */
static enum err take(struct direct *direct, const char *token, unsigned n)
{
    char name[128];

    snprintf(name, sizeof(name), "%s:%016x", token, n);
    return payments_take(direct->hub, name);
}

static int64_t count(struct direct *direct, const char *sql)
{
    int64_t number = -1;

    direct_sql(direct, sql, &number);
    return number;
}

#define PAID "SELECT count(*) FROM takings WHERE NOT is_back"
#define BACK "SELECT count(*) FROM takings WHERE is_back"

/* ---- One after the other --------------------------------------------------- */

static void is_paid_in_time(void **state)
{
    struct direct *direct = *state;
    char token[TOKEN_BYTES_ALL], again[TOKEN_BYTES_ALL];

    begun(direct, REQUEST_1, DEBT, token);
    assert_true(direct_says(direct, "https://hub.test/pay/"));
    begun(direct, REQUEST_1, DEBT, again);
    assert_string_equal(token, again);
    stands(direct, token, "waiting");
    assert_int_equal(take(direct, token, 1), ERR_OK);
    stands(direct, token, "paid");
    direct_reopen(direct);
    stands(direct, token, "paid");
    assert_int_equal(count(direct, PAID), 1);
    assert_int_equal(count(direct, BACK), 0);
}

/* Another session, later: the same debt is paid, with its receipt. */
static void is_paid_after_the_session(void **state)
{
    struct direct *direct = *state;
    char token[TOKEN_BYTES_ALL], again[TOKEN_BYTES_ALL];

    begun(direct, REQUEST_1, DEBT, token);
    assert_int_equal(take(direct, token, 1), ERR_OK);
    clock_shift(3 * (int64_t)LATE_MS);
    begun(direct, REQUEST_2, DEBT, again);
    assert_string_equal(token, again);
    stands(direct, again, "paid");
}

static void late_is_given_back(void **state)
{
    struct direct *direct = *state;
    char token[TOKEN_BYTES_ALL], again[TOKEN_BYTES_ALL];

    begun(direct, REQUEST_1, DEBT, token);
    clock_shift(LATE_MS);
    stands(direct, token, "expired");
    assert_int_equal(take(direct, token, 1), ERR_OK);
    stands(direct, token, "refunding");
    /* The debt stands, and can be paid by another code. */
    begun(direct, REQUEST_2, DEBT, again);
    assert_string_not_equal(token, again);
    assert_int_equal(take(direct, again, 2), ERR_OK);
    stands(direct, again, "paid");
    stands(direct, token, "refunding");
    assert_int_equal(count(direct, PAID), 1);
    assert_int_equal(count(direct, BACK), 1);
}

static void twice_is_given_back(void **state)
{
    struct direct *direct = *state;
    char token[TOKEN_BYTES_ALL];

    begun(direct, REQUEST_1, DEBT, token);
    assert_int_equal(take(direct, token, 1), ERR_OK);
    assert_int_equal(take(direct, token, 2), ERR_OK);
    stands(direct, token, "paid");
    assert_int_equal(count(direct, PAID), 1);
    assert_int_equal(count(direct, BACK), 1);
    /* The same taking told again is one. */
    assert_int_equal(take(direct, token, 2), ERR_OK);
    assert_int_equal(count(direct, BACK), 1);
}

static void refuses_by_name(void **state)
{
    static const char *const bad[] = {
        "{}",
        "{\"request\": \"a\", \"item\": \"fine\", \"fen\": 5}",
        "{\"request\": \"" REQUEST_1 "\", \"item\": \"fine\", \"fen\": 0}",
        "{\"request\": \"" REQUEST_1 "\", \"item\": \"fine\", \"fen\": -5}",
        "{\"request\": \"" REQUEST_1 "\", \"item\": \"a b\", \"fen\": 5}",
        "{\"request\": \"" REQUEST_1 "\", \"item\": \"fine\", \"fen\": 5,"
        " \"about\": \"a|b\"}",
    };
    struct direct *direct = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        direct_post(direct, "/v1/payments", bad[i]);
        direct_assert_problem(direct, 400, "fields");
    }
    direct_send(direct, "GET", "/v1/payments/" REQUEST_1, NULL, 0);
    direct_assert_problem(direct, 404, "payment-unknown");
    assert_int_equal(begin(direct, REQUEST_1, DEBT, 20000), 201);
    begin(direct, REQUEST_2, DEBT, 10000);
    direct_assert_problem(direct, 409, "amount");
    assert_int_equal(take(direct, REQUEST_1, 1), ERR_NOT_FOUND);
    assert_int_equal(payments_take(direct->hub, "x"), ERR_BAD_INPUT);
}

/* What staff do beside the running hub, and what they see of it. */
static void the_cashier_and_the_list(void **state)
{
    struct direct *direct = *state;
    char token[TOKEN_BYTES_ALL], folder[128], name[128];
    struct office_order order = {
        .what = OFFICE_PAY, .name = name, .state = "", .text = ""
    };
    struct buf lines;

    begun(direct, REQUEST_1, DEBT, token);
    snprintf(folder, sizeof(folder), "%s/hub", direct->folder);
    for (unsigned i = 1; i <= 2; i++) {
        snprintf(name, sizeof(name), "%s:%016x", token, i);
        assert_int_equal(office_give(folder, &order), ERR_OK);
        office_take_in(direct->hub);
    }
    stands(direct, token, "paid");
    hub_tidy(direct->hub);
    buf_init(&lines, LIST_BYTES_MAX);
    assert_int_equal(office_list_payments(folder, &lines), ERR_OK);
    assert_non_null(strstr(lines.text, token));
    assert_non_null(strstr(lines.text, "200.00 yuan, fine " DEBT));
    assert_non_null(strstr(lines.text, "PAID, receipt "));
    assert_non_null(strstr(lines.text, "GIVE BACK 1 times"));
    buf_done(&lines);
}

/* ---- By chance ------------------------------------------------------------- */

/* Whatever is asked for, paid and repeated, in whatever order, with restarts
 * between: no debt is paid twice, and all money is accounted for. */
static void by_chance(void **state)
{
    enum { DEBTS = 4, TOKENS = 64, STEPS = 600 };
    struct direct *direct = *state;
    char tokens[TOKENS][TOKEN_BYTES_ALL], request[64], about[32];
    unsigned made = 0, taken = 0;

    for (unsigned i = 0; i < STEPS; i++) {
        uint32_t what = chance_below(20);

        if (what < 6 && made < TOKENS) {
            snprintf(request, sizeof(request), "%032x", i + 1);
            snprintf(about, sizeof(about), "41130200000000%02u",
                     (unsigned)chance_below(DEBTS));
            begun(direct, request, about, tokens[made++]);
        } else if (what < 16 && made > 0) {
            assert_int_equal(take(direct, tokens[chance_below(made)], ++taken),
                             ERR_OK);
        } else if (what < 19) {
            clock_shift((int64_t)chance_below(LATE_MS));
        } else {
            direct_reopen(direct);
        }
    }
    assert_true(taken > 100);
    assert_int_equal(count(direct, "SELECT count(*) FROM takings"), taken);
    assert_int_equal(count(direct,
                           "SELECT count(*) FROM (SELECT p.about FROM takings t"
                           " JOIN payments p ON p.token = t.token"
                           " WHERE NOT t.is_back GROUP BY p.about"
                           " HAVING count(*) > 1)"),
                     0);
    assert_in_range(count(direct, PAID), 1, DEBTS);
    assert_int_equal(count(direct, PAID) + count(direct, BACK), taken);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, direct_set_up, direct_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_paid_in_time),    TEST(is_paid_after_the_session),
        TEST(late_is_given_back), TEST(twice_is_given_back),
        TEST(refuses_by_name),    TEST(the_cashier_and_the_list),
        TEST(by_chance),
    };

    return cmocka_run_group_tests_name("payments", tests, NULL, NULL);
}
