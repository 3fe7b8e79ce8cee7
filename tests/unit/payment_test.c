/* What is paid, as an answer: its form, its amount, how it reads; what the office
 * says of a payment. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/computed.h"
#include "kiosk/flow/payment.h"
#include "kiosk/office.h"

#include <string.h>

#define TOKEN   "0123456789abcdef0123456789abcdef"
#define RECEIPT "2026112412345678"
#define RECORD  "a-1|2026-10-03|路‖Road|停‖Parking|150.05|open"

static struct pack *pack;
static const struct item *item;
static const struct step *step;

static int load(void **state)
{
    struct problems problems;

    (void)state;
    problems_init(&problems);
    enum err err = pack_load_one("tests/tty/fine.yaml", &problems, &pack);
    problems_done(&problems);
    if (err)
        return -1;
    item = pack_item(pack, 0);
    for (size_t i = 0; i < item->step_count; i++)
        if (payment_is_step(&item->steps[i]))
            step = &item->steps[i];
    return step ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static void set(struct answers *answers, const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_SHARED), ERR_OK);
}

static void test_amount(void **state)
{
    struct answers *answers = answers_new();
    struct buf text;

    (void)state;
    buf_init(&text, 256);
    assert_int_equal(payment_fen(step, answers), -1);
    set(answers, "decision", RECORD);
    assert_int_equal(computed_settle(item, answers), ERR_OK);
    assert_int_equal(payment_fen(step, answers), 15005);
    payment_about(step, answers, &text);
    assert_string_equal(text.text, "a-1");
    buf_clear(&text);
    payment_line(step, answers, TOKEN, RECEIPT, &text);
    assert_string_equal(text.text, TOKEN " " RECEIPT " 150.05");
    assert_true(payment_is_ok(step, answers, text.text));
    buf_done(&text);
    answers_free(answers);
}

static void test_form(void **state)
{
    static const char *const bad[] = {
        "",
        "paid",
        TOKEN,
        TOKEN " " RECEIPT,
        TOKEN " " RECEIPT " 150.04",
        TOKEN " " RECEIPT " 150.5",
        TOKEN " " RECEIPT " 150.05 ",
        TOKEN " " RECEIPT " -150.05",
        TOKEN "0 " RECEIPT " 150.05",
        "0123456789ABCDEF0123456789abcdef " RECEIPT " 150.05",
        TOKEN " 12a4 150.05",
        TOKEN "  150.05",
    };
    struct answers *answers = answers_new();

    (void)state;
    set(answers, "decision", RECORD);
    assert_int_equal(computed_settle(item, answers), ERR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (payment_is_ok(step, answers, bad[i]))
            fail_msg("taken: %s", bad[i]);
    answers_free(answers);
}

/* Another record is another debt: what was paid falls away from the answers. */
static void test_falls_away(void **state)
{
    struct answers *answers = answers_new();
    struct buf text;

    (void)state;
    buf_init(&text, 256);
    set(answers, "decision", RECORD);
    set(answers, "paying", TOKEN " " RECEIPT " 150.05");
    assert_int_equal(walk_drop(item, answers), 0);
    walk_text(item, step, answers, LANGUAGE_EN, &text);
    assert_string_equal(text.text, "150.05 yuan, receipt " RECEIPT);
    set(answers, "decision", "b|2026-10-03|x|y|50.00|open");
    assert_int_equal(walk_drop(item, answers), 1);
    assert_null(answers_get(answers, "paying"));
    buf_done(&text);
    answers_free(answers);
}

static enum err takes(struct office *office, const char *said)
{
    return office_take_payment(office, said, strlen(said));
}

static enum err hears(struct office *office, const char *said)
{
    return office_take_paid(office, said, strlen(said));
}

/* What was paid for can be changed no more; what comes behind it can. */
static void test_settles(void **state)
{
    struct answers *answers = answers_new();
    (void)state;
    assert_false(payment_settles(item, answers, &item->steps[0]));
    set(answers, step->answer, "x");
    assert_true(payment_settles(item, answers, &item->steps[0]));
    assert_true(payment_settles(item, answers, step));
    assert_false(payment_settles(item, answers, step + 1));
    answers_free(answers);
}

static void test_office(void **state)
{
    struct office *office = office_new();

    (void)state;
    assert_null(office_payment(office));
    assert_int_equal(takes(office, "{}"), ERR_BAD_ANSWER);
    assert_int_equal(takes(office,
                           "{\"payment\":\"" TOKEN "\",\"qr\":\"a b c d "
                           "e f\",\"until\":5}"),
                     ERR_BAD_ANSWER);
    assert_int_equal(takes(office, "{\"payment\":\"" TOKEN "\",\"qr\":"
                                   "\"https://x/y\"}"),
                     ERR_BAD_ANSWER);
    assert_int_equal(takes(office, "{\"payment\":\"" TOKEN "\",\"qr\":"
                                   "\"https://x/y\",\"until\":5}"),
                     ERR_OK);
    assert_int_equal(office_payment(office)->state, OFFICE_WAITING);
    assert_int_equal(hears(office, "{\"state\":\"given\"}"), ERR_BAD_ANSWER);
    assert_int_equal(hears(office, "{\"state\":\"paid\"}"), ERR_BAD_ANSWER);
    assert_int_equal(hears(office, "{\"state\":\"paid\",\"receipt\":\"x 1\"}"),
                     ERR_BAD_ANSWER);
    assert_int_equal(office_payment(office)->state, OFFICE_WAITING);
    assert_int_equal(hears(office, "{\"state\":\"refunding\"}"), ERR_OK);
    assert_int_equal(office_payment(office)->state, OFFICE_REFUNDING);
    assert_int_equal(
        hears(office, "{\"state\":\"paid\",\"receipt\":\"" RECEIPT "\"}"),
        ERR_OK);
    assert_string_equal(office_payment(office)->receipt, RECEIPT);
    office_wipe(office);
    assert_null(office_payment(office));
    office_free(office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amount),     cmocka_unit_test(test_form),
        cmocka_unit_test(test_falls_away), cmocka_unit_test(test_settles),
        cmocka_unit_test(test_office),
    };

    return cmocka_run_group_tests_name("payments", tests, load, unload);
}
