/* What the office says is looked through before it is kept: good answers are
 * read, each hostile one is refused and leaves nothing behind. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/office.h"

#include <stdio.h>
#include <string.h>

#define TOKEN "00112233445566778899aabbccddeeff"
#define WORDS "{\"zh_CN\":\"词\",\"en\":\"word\"}"

static int set_up(void **state)
{
    clock_pretend(1000, INT64_C(1795478400000));
    *state = office_new();
    return 0;
}

static int tear_down(void **state)
{
    office_free(*state);
    clock_pretend_end();
    return 0;
}

static void test_check(void **state)
{
    struct office *office = *state;
    static const char good[] =
        "{\"check\":\"" TOKEN "\",\"phone\":\"138****5678\",\"hub_time\":5000,"
        "\"again\":65000,\"tries\":5}";

    assert_int_equal(office_take_check(office, good, strlen(good)), ERR_OK);
    assert_string_equal(office_check(office), TOKEN);
    assert_string_equal(office_phone(office), "138****5678");
    assert_int_equal(office_code_pause_ms(office), 60000);
    clock_shift(59000);
    assert_int_equal(office_code_pause_ms(office), 1000);
    clock_shift(5000);
    assert_int_equal(office_code_pause_ms(office), 0);
    assert_false(office_is_good(office));
    office_set_good(office);
    assert_true(office_is_good(office));
    office_wipe(office);
    assert_string_equal(office_check(office), "");
    assert_false(office_is_good(office));
}

static void test_bad_checks(void **state)
{
    struct office *office = *state;
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"check\":7}",
        "{\"check\":\"short\"}",
        "{\"check\":\"" TOKEN "ff\"}",
        "{\"check\":\"" TOKEN "\",\"check\":\"" TOKEN "\"}",
        "{\"check\":\"" TOKEN "\",\"phone\":\"<b>138</b>\"}",
        "{\"check\":\"" TOKEN "\",\"phone\":\"138138138138138138138138138\"}",
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(office_take_check(office, bad[i], strlen(bad[i])),
                         ERR_BAD_ANSWER);
        assert_string_equal(office_check(office), "");
    }
}

static void test_refusal(void **state)
{
    struct office *office = *state;
    static const char said[] = "{\"left\":3,\"again\":9000,\"hub_time\":1000}";

    office_take_refusal(office, "code-wrong", said, strlen(said));
    assert_string_equal(office_problem(office), "code-wrong");
    assert_int_equal(office_tries_left(office), 3);
    assert_int_equal(office_pause_ms(office), 8000);
    office_forget_refusal(office);
    assert_string_equal(office_problem(office), "");
    /* A pause of a century is a quarter of an hour, nonsense is none. */
    office_take_refusal(office, "slow-down",
                        "{\"again\":9007199254740991,\"hub_time\":1}",
                        strlen("{\"again\":9007199254740991,\"hub_time\":1}"));
    assert_int_equal(office_pause_ms(office), 15 * 60 * 1000);
    office_take_refusal(office, "slow-down", "<html>", 6);
    assert_int_equal(office_pause_ms(office), 0);
    assert_int_equal(office_tries_left(office), 0);
}

static void test_offer(void **state)
{
    struct office *office = *state;
    static const char question[] =
        "{\"question\":{\"id\":\"year\",\"ask\":" WORDS ",\"options\":["
        "{\"value\":\"2025\",\"text\":" WORDS "},"
        "{\"value\":\"all\",\"text\":" WORDS "}]}}";
    static const char facts[] =
        "{\"facts\":[{\"label\":" WORDS ",\"text\":" WORDS
        ",\"mask\":\"name\"},{\"label\":" WORDS ",\"text\":" WORDS
        "}],\"copies_max\":9}";
    const char *value, *text, *label, *mask;

    assert_int_equal(office_take_offer(office, question, strlen(question)),
                     ERR_OK);
    assert_true(office_has_question(office));
    assert_string_equal(office_question(office), "year");
    assert_string_equal(office_ask(office, LANGUAGE_EN), "word");
    assert_int_equal(office_option_count(office), 2);
    office_option(office, 1, LANGUAGE_ZH_CN, &value, &text);
    assert_string_equal(value, "all");
    assert_string_equal(text, "词");

    assert_int_equal(office_take_offer(office, facts, strlen(facts)), ERR_OK);
    assert_false(office_has_question(office));
    assert_int_equal(office_fact_count(office), 2);
    office_fact(office, 0, LANGUAGE_EN, &label, &text, &mask);
    assert_string_equal(mask, "name");
    office_fact(office, 1, LANGUAGE_EN, &label, &text, &mask);
    assert_null(mask);
    assert_int_equal(office_copies_max(office), 1); /* nine are not ours */
}

static void test_bad_offers(void **state)
{
    struct office *office = *state;
    static const char *const bad[] = {
        "{}",
        "{\"facts\":[]}",
        "{\"facts\":[7]}",
        "{\"facts\":[{\"label\":" WORDS "}]}",
        "{\"facts\":[{\"label\":" WORDS ",\"text\":{\"en\":\"x\"}}]}",
        "{\"facts\":[{\"label\":" WORDS ",\"text\":{\"en\":\"x\","
        "\"zh_CN\":\"\\u001b[2J\"}}]}",
        "{\"question\":{\"id\":\"a b\",\"ask\":" WORDS ",\"options\":["
        "{\"value\":\"a\",\"text\":" WORDS "},"
        "{\"value\":\"b\",\"text\":" WORDS "}]}}",
        "{\"question\":{\"id\":\"a\",\"ask\":" WORDS ",\"options\":["
        "{\"value\":\"a\",\"text\":" WORDS "}]}}",
        "{\"question\":{\"id\":\"a\",\"ask\":" WORDS ",\"options\":7}}",
    };
    struct buf many;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(office_take_offer(office, bad[i], strlen(bad[i])),
                         ERR_BAD_ANSWER);
    buf_init(&many, 1024 * 1024);
    buf_add_text(&many, "{\"facts\":[");
    for (int i = 0; i < 1000; i++)
        buf_add_format(&many, "%s{\"label\":" WORDS ",\"text\":" WORDS "}",
                       i ? "," : "");
    buf_add_text(&many, "]}");
    assert_int_equal(office_take_offer(office, many.text, many.len),
                     ERR_BAD_ANSWER);
    buf_done(&many);
    assert_int_equal(office_fact_count(office), 0);
}

static void test_chosen(void **state)
{
    struct office *office = *state;
    const char *question, *value;

    assert_false(office_unchoose(office));
    office_choose(office, "scheme", "employee");
    office_choose(office, "year", "2025");
    assert_int_equal(office_chosen_count(office), 2);
    assert_null(office_chosen_before(office, "year"));
    assert_true(office_unchoose(office));
    assert_int_equal(office_chosen_count(office), 1);
    assert_string_equal(office_chosen_before(office, "year"), "2025");
    assert_null(office_chosen_before(office, "scheme"));
    office_chosen(office, 0, &question, &value);
    assert_string_equal(question, "scheme");
    assert_string_equal(value, "employee");
}

#define PDF "%PDF-1.4"

static void certificate(struct buf *said, const char *hash, long bytes,
                        const char *path, const char *date)
{
    buf_clear(said);
    buf_add_format(said,
                   "{\"number\":\"SI1\",\"code\":\"ABCD2345\",\"pages\":1,"
                   "\"valid_until\":\"%s\",\"bytes\":%ld,\"sha256\":\"%s\","
                   "\"title\":" WORDS ",\"url\":\"http://hub/v/x\","
                   "\"pdf\":\"%s\"}",
                   date, bytes, hash, path);
}

static void test_certificate(void **state)
{
    struct office *office = *state;
    static const char path[] = "/v1/certificates/" TOKEN;
    char hash[CRYPTO_HEX_DIGEST];
    struct buf said;
    size_t len;

    buf_init(&said, 4096);
    digest_hex(PDF, strlen(PDF), hash);
    certificate(&said, hash, strlen(PDF), path, "20270526");
    assert_int_equal(office_take_certificate(office, said.text, said.len),
                     ERR_OK);
    assert_string_equal(office_certificate(office)->number, "SI1");
    /* Neither a bit nor a byte may be otherwise. */
    assert_int_equal(office_take_pdf(office, "%PDF-1.5", 8), ERR_CORRUPT);
    assert_int_equal(office_take_pdf(office, "%PDF-1.4\n", 9), ERR_CORRUPT);
    assert_int_equal(office_take_pdf(office, "<html>!!", 8), ERR_CORRUPT);
    assert_null(office_pdf(office, &len));
    assert_int_equal(office_take_pdf(office, PDF, strlen(PDF)), ERR_OK);
    assert_memory_equal(office_pdf(office, &len), PDF, strlen(PDF));
    assert_int_equal(len, strlen(PDF));
    office_drop_pdf(office);
    assert_null(office_pdf(office, &len));

    certificate(&said, hash, 50 * 1024 * 1024, path, "20270526");
    assert_int_equal(office_take_certificate(office, said.text, said.len),
                     ERR_TOO_BIG);
    certificate(&said, hash, 8, "/v1/cases/" TOKEN, "20270526");
    assert_int_equal(office_take_certificate(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    certificate(&said, hash, 8, path, "20271326");
    assert_int_equal(office_take_certificate(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    certificate(&said, "00", 8, path, "20270526");
    assert_int_equal(office_take_certificate(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    buf_done(&said);
}

#define GOOD_RECEIPT "310063270015"

static void found(struct buf *said, const char *receipt, const char *state,
                  const char *answers)
{
    buf_clear(said);
    buf_add_format(said,
                   "{\"cases\":[{\"id\":\"" TOKEN "\",\"item\":\"some-item\","
                   "\"receipt\":\"%s\",\"code\":\"4821\",\"address\":\"abc\","
                   "\"case_number\":\"0001\",\"state\":\"%s\",\"sent\":5,"
                   "\"changed\":6,\"text\":\"\",\"is_hour_only\":false,"
                   "\"assurance\":\"card\",\"answers\":%s}]}",
                   receipt, state, answers);
}

static void test_cases(void **state)
{
    struct office *office = *state;
    struct answers *answers = answers_new();
    struct office_case at;
    struct buf said;

    buf_init(&said, 4096);
    found(&said, GOOD_RECEIPT, "accepted",
          "{\"street\":\"later\",\"ground\":\"work\"}");
    assert_int_equal(office_take_cases(office, said.text, said.len), ERR_OK);
    assert_int_equal(office_case_count(office), 1);
    office_case(office, 0, &at);
    assert_string_equal(at.state, "accepted");
    assert_string_equal(at.code, "4821");
    assert_int_equal(office_case_answers(office, 0, answers), ERR_OK);
    assert_string_equal(answers_get(answers, "ground"), "work");
    assert_int_equal(answers_source(answers, "street"), SOURCE_LATER);
    office_forget_cases(office);
    assert_int_equal(office_case_count(office), 0);

    found(&said, GOOD_RECEIPT, "nonsense", "{}");
    assert_int_equal(office_take_cases(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    found(&said, "310063270016", "accepted", "{}"); /* its check digit */
    assert_int_equal(office_take_cases(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    found(&said, GOOD_RECEIPT, "accepted", "{\"x\":7}");
    assert_int_equal(office_take_cases(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    assert_int_equal(office_take_cases(office, "{}", 2), ERR_BAD_ANSWER);
    assert_int_equal(office_take_cases(office, "{\"cases\":[]}", 12), ERR_OK);
    assert_int_equal(office_case_count(office), 0);
    buf_done(&said);
    answers_free(answers);
}

#define RECORD(kind, day, fields)                                              \
    "{\"kind\":\"" kind "\",\"as_of\":\"" day "\",\"fields\":" fields "}"
#define RECORDS(list) "{\"records\":[" list "]}"
#define ADDRESS       "{\"address\":\"某路3号\"}"

static void test_records(void **state)
{
    struct office *office = *state;
    struct shared_record records[SHARED_KINDS];
    static const char good[] = RECORDS(
        RECORD("household", "2025-11-20",
               "{\"address\":\"某路3号\",\"floor\":7}") "," RECORD("person",
                                                                   "2025-11-21",
                                                                   "{}"));

    office_records(office, records);
    assert_null(records[0].day);
    assert_int_equal(office_take_records(office, good, strlen(good)), ERR_OK);
    office_records(office, records);
    assert_string_equal(records[0].day, "2025-11-21");
    assert_null(records[0].values[0]);
    assert_string_equal(records[1].day, "2025-11-20");
    assert_string_equal(records[1].values[0], "某路3号");
    assert_null(records[1].values[1]);
    assert_null(records[2].day);
    office_drop_records(office);
    office_records(office, records);
    assert_null(records[1].day);
    assert_int_equal(office_take_records(office, "{\"records\":[]}", 14),
                     ERR_OK);
}

static void test_bad_records(void **state)
{
    struct office *office = *state;
    struct shared_record records[SHARED_KINDS];
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"records\":{}}",
        RECORDS("7"),
        RECORDS("{}"),
        RECORDS(RECORD("houses", "2025-11-20", "{}")),
        RECORDS(RECORD("household", "2025-02-29", "{}")),
        RECORDS(RECORD("household", "", "{}")),
        RECORDS(RECORD("household", "2025-11-20", "[]")),
        RECORDS("{\"kind\":\"household\",\"fields\":{}}"),
        RECORDS("{\"kind\":\"household\",\"as_of\":\"2025-11-20\"}"),
        RECORDS(RECORD("household", "2025-11-20", "{\"address\":7}")),
        RECORDS(RECORD("household", "2025-11-20", "{\"address\":\"\"}")),
        RECORDS(RECORD("household", "2025-11-20", "{\"address\":\"a\\nb\"}")),
        RECORDS(RECORD("household", "2025-11-20", "{\"type\":\"tent\"}")),
        RECORDS(RECORD("household", "2025-11-20",
                       ADDRESS) "," RECORD("household", "2025-11-20", ADDRESS)),
        RECORDS(
            RECORD("person", "2025-11-20", "{\"birth\":\"1990\"}") "," RECORD(
                "household", "2025-11-20", ADDRESS)),
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (!office_take_records(office, bad[i], strlen(bad[i])))
            fail_msg("%s", bad[i]);
        office_records(office, records);
        for (size_t j = 0; j < SHARED_KINDS; j++)
            assert_null(records[j].day);
    }
}

/* With a booking beside its answers; "": without one. */
static enum err take_booked(struct office *office, const char *booking)
{
    struct buf said, answers;

    buf_init(&said, 4096);
    buf_init(&answers, 512);
    buf_add_format(&answers, "{}%s%s", *booking ? ",\"booking\":" : "",
                   booking);
    found(&said, GOOD_RECEIPT, "delivered", answers.text);
    enum err err = office_take_cases(office, said.text, said.len);
    buf_done(&answers);
    buf_done(&said);
    return err;
}

/* What a machine without the item says of it. */
static void test_words_of_a_case(void **state)
{
#define PLACE "\"slot\":\"2026-12-01 09:00-09:30 n\",\"state\":\"booked\""
    static const char good[] =
        "{" PLACE ",\"text\":" WORDS "},\"title\":" WORDS ",\"unit\":" WORDS;
    static const char *const bad[] = {
        "{" PLACE ",\"text\":\"北区\"}",
        "{" PLACE ",\"text\":{\"zh_CN\":\"北\\u0007\",\"en\":\"North\"}}",
        "{" PLACE "},\"title\":7",
        "{" PLACE "},\"unit\":{\"en\":\"Hall\"}",
    };
    struct office *office = *state;
    struct office_case at;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(take_booked(office, bad[i]), ERR_BAD_ANSWER);
    assert_int_equal(take_booked(office, good), ERR_OK);
    office_case(office, 0, &at);
    assert_string_equal(at.title[LANGUAGE_ZH_CN], "词");
    assert_string_equal(at.unit[LANGUAGE_EN], "word");
    assert_string_equal(at.booked[LANGUAGE_EN], "word");
    assert_int_equal(take_booked(office, ""), ERR_OK);
    office_case(office, 0, &at);
    assert_string_equal(at.title[LANGUAGE_EN], "");
    assert_string_equal(at.booked[LANGUAGE_EN], "");
#undef PLACE
}

/* Whose time others had is told that, whatever else the office says; it is a
 * state of ours, and none that an office may say. */
static void test_lost_booking(void **state)
{
    static const char lost[] =
        "{\"slot\":\"2026-12-01 09:00-09:30 north\",\"state\":\"lost\"}";
    struct office *office = *state;
    struct office_case at;
    struct buf said, answers;

    buf_init(&said, 4096);
    buf_init(&answers, 512);
    buf_add_format(&answers, "{},\"booking\":%s", lost);
    found(&said, GOOD_RECEIPT, "correction", answers.text);
    assert_int_equal(office_take_cases(office, said.text, said.len), ERR_OK);
    office_case(office, 0, &at);
    assert_string_equal(at.state, OFFICE_SLOT_LOST);
    found(&said, GOOD_RECEIPT, "finished", answers.text);
    assert_int_equal(office_take_cases(office, said.text, said.len), ERR_OK);
    office_case(office, 0, &at);
    assert_string_equal(at.state, "finished");
    found(&said, GOOD_RECEIPT, OFFICE_SLOT_LOST, "{}");
    assert_int_equal(office_take_cases(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    buf_done(&answers);
    buf_done(&said);
}

#define SLOT "\"slot\":\"2026-12-01 09:00-09:30 north\""

static void test_booking(void **state)
{
    static const char good[] = "{" SLOT ",\"state\":\"booked\"}";
    static const char *const bad[] = {
        "{}",
        "7",
        "{" SLOT "}",
        "{" SLOT ",\"state\":\"perhaps\"}",
        "{\"slot\":\"tomorrow\",\"state\":\"booked\"}",
        "{\"state\":\"booked\"}",
    };
    static const char said[] = "{\"id\":\"" TOKEN "\",\"state\":\"withdrawn\"}";
    static const char other[] = "{\"id\":\"ff112233445566778899aabbccddeeff\"}";
    struct office *office = *state;
    struct office_case at;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(take_booked(office, bad[i]), ERR_BAD_ANSWER);
    assert_int_equal(take_booked(office, ""), ERR_OK);
    office_case(office, 0, &at);
    assert_string_equal(at.booking, "");
    assert_int_equal(office_take_cancelled(office, said, strlen(said)),
                     ERR_BAD_ANSWER);
    assert_int_equal(take_booked(office, good), ERR_OK);
    office_case(office, 0, &at);
    assert_string_equal(at.booking, "booked");
    assert_string_equal(at.slot, "2026-12-01 09:00-09:30 north");
    assert_int_equal(office_take_cancelled(office, other, strlen(other)),
                     ERR_BAD_ANSWER);
    assert_int_equal(office_take_cancelled(office, said, strlen(said)), ERR_OK);
    office_case(office, 0, &at);
    assert_string_equal(at.booking, "cancelled");
    assert_string_equal(at.state, "withdrawn");
    assert_string_equal(at.state, "withdrawn");
}

static void rows(struct buf *said, const char *row)
{
    buf_clear(said);
    buf_add_format(said, "{\"rows\":[%s]}", row);
}

static void test_rows(void **state)
{
    static const char *const bad[] = {
        "{\"id\":7,\"as_of\":\"2026-11-20\",\"fields\":{}}",
        "{\"id\":\"a\",\"as_of\":\"2026-02-30\",\"fields\":{}}",
        "{\"id\":\"a\",\"fields\":{}}",
        "{\"id\":\"a\",\"as_of\":\"2026-11-20\",\"fields\":[]}",
        "7",
    };
    struct office *office = *state;
    struct buf said;

    buf_init(&said, 4096);
    rows(&said, "{\"id\":\"a\",\"as_of\":\"2026-11-20\",\"fields\":{}}");
    assert_int_equal(office_take_rows(office, said.text, said.len), ERR_OK);
    assert_int_equal(office_row_count(office), 1);
    assert_string_equal(office_row_day(office, 0), "20261120");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rows(&said, bad[i]);
        assert_int_equal(office_take_rows(office, said.text, said.len),
                         ERR_BAD_ANSWER);
    }
    assert_int_equal(office_row_count(office), 1);
    buf_clear(&said);
    buf_add_text(&said, "{\"rows\":[");
    for (int i = 0; i <= OFFICE_ROWS_MAX; i++)
        buf_add_format(&said,
                       "%s{\"id\":\"a\",\"as_of\":\"2026-11-20\","
                       "\"fields\":{}}",
                       i > 0 ? "," : "");
    buf_add_text(&said, "]}");
    assert_int_equal(office_take_rows(office, said.text, said.len),
                     ERR_BAD_ANSWER);
    office_wipe(office);
    assert_int_equal(office_row_count(office), 0);
    buf_done(&said);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_check),           TEST(test_bad_checks),   TEST(test_refusal),
        TEST(test_offer),           TEST(test_bad_offers),   TEST(test_chosen),
        TEST(test_certificate),     TEST(test_cases),        TEST(test_booking),
        TEST(test_words_of_a_case), TEST(test_lost_booking), TEST(test_rows),
        TEST(test_records),         TEST(test_bad_records),
    };
    return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
