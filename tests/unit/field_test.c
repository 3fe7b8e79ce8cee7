/* Each type of field: what is taken, and kept as what; what is said of every
 * mistake; how it reads, and what of it others see. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "kiosk/flow/field.h"
#include "kiosk/flow/walk.h"

static struct step step_of(enum field_type type)
{
    return (struct step){ .screen = "field",
                          .type = type,
                          .max_chars = field_kind(type)->chars };
}

static void takes_with(const struct step *step, const char *given,
                       const char *kept)
{
    const char *said = NULL;
    struct buf value;

    buf_init(&value, 256);
    if (walk_accept(step, given, &value, &said) != ERR_OK)
        fail_msg("\"%s\" is refused: %s", given, said);
    assert_string_equal(value.text, kept);
    assert_null(said);
    buf_done(&value);
}

static void takes(enum field_type type, const char *given, const char *kept)
{
    struct step step = step_of(type);

    takes_with(&step, given, kept);
}

/* The whole of what is expected, its limits filled in. */
static void refuses_with(const struct step *step, const char *given,
                         const char *expected)
{
    const char *said = NULL;
    struct buf value, words;

    buf_init(&value, 256);
    buf_init(&words, 512);
    if (walk_accept(step, given, &value, &said) != ERR_BAD_INPUT)
        fail_msg("\"%s\" is taken as %s", given, value.text);
    assert_int_equal(value.len, 0);
    walk_expected(step, said, LANGUAGE_EN, &words);
    assert_string_equal(words.text, expected);
    buf_done(&words);
    buf_done(&value);
}

static void refuses(enum field_type type, const char *given,
                    const char *expected)
{
    struct step step = step_of(type);

    refuses_with(&step, given, expected);
}

static void shows(enum field_type type, const char *value, const char *en,
                  const char *masked)
{
    struct step step = step_of(type);
    struct buf words;

    buf_init(&words, 256);
    field_show(&step, value, LANGUAGE_EN, &words);
    assert_string_equal(words.text, en);
    buf_clear(&words);
    field_show_masked(&step, value, LANGUAGE_EN, &words);
    assert_string_equal(words.text, masked);
    buf_done(&words);
}

static void stands(const struct step *step, const char *value,
                   const char *typed)
{
    struct buf words;

    buf_init(&words, 256);
    field_typed(step, value, &words);
    assert_string_equal(words.text, typed);
    takes_with(step, words.text, value);
    buf_done(&words);
}

/* ---- The table ------------------------------------------------------------ */

/* Its samples are kept as they stand, by every type that is typed; and go
 * through the field again as they stood in it. */
static void test_samples(void **state)
{
    (void)state;
    for (int i = 0; i < FIELD_TYPE_COUNT; i++) {
        const struct field_kind *kind = field_kind((enum field_type)i);
        struct step step = step_of((enum field_type)i);

        assert_non_null(kind->name);
        if (kind->pad == FIELD_PAD_NONE)
            continue;
        if (kind->pad == FIELD_PAD_TEXT)
            step.max_chars = 60;
        takes_with(&step, kind->sample, kind->sample);
        assert_true(field_is_value(&step, kind->sample));
        stands(&step, kind->sample,
               i == FIELD_TYPE_DATE    ? "20260105"
               : i == FIELD_TYPE_MONTH ? "202601"
               : i == FIELD_TYPE_MONEY ? "100"
                                       : kind->sample);
    }
}

/* ---- Digits --------------------------------------------------------------- */

static void test_id_number(void **state)
{
    (void)state;
    takes(FIELD_TYPE_ID_NUMBER, "411303199003070017", "411303199003070017");
    takes(FIELD_TYPE_ID_NUMBER, "411303 19900307 005x", "41130319900307005X");
    takes(FIELD_TYPE_ID_NUMBER, "４１1303-19900307005", "41130319900307005X");
    refuses(FIELD_TYPE_ID_NUMBER, "", "type all 18 characters of the number");
    refuses(FIELD_TYPE_ID_NUMBER, "411303900307001",
            "numbers of 15 digits are no longer valid, type the 18 characters "
            "on the card of today");
    refuses(FIELD_TYPE_ID_NUMBER, "41130319900307001",
            "it has 18 characters, count them again");
    refuses(FIELD_TYPE_ID_NUMBER, "4113031990030700177",
            "it has 18 characters, count them again");
    refuses(FIELD_TYPE_ID_NUMBER, "41130319900307X017",
            "it has 17 digits, then a digit or X");
    refuses(FIELD_TYPE_ID_NUMBER, "411303199002300017",
            "the seventh to fourteenth digits are the date of birth, compare "
            "them with the card");
    refuses(FIELD_TYPE_ID_NUMBER, "411303199003070018",
            "one of its digits is not as on the card, compare them one by "
            "one");
    shows(FIELD_TYPE_ID_NUMBER, "41130319900307005X", "411303 19900307 005X",
          "411***********005X");
}

static void test_date(void **state)
{
    static const char eight[] = "8 digits, four of the year, two of the month, "
                                "two of the day, such as 20260105";
    struct step step = step_of(FIELD_TYPE_DATE);

    (void)state;
    takes(FIELD_TYPE_DATE, "20240229", "2024-02-29");
    takes(FIELD_TYPE_DATE, "2026-01-05", "2026-01-05");
    takes(FIELD_TYPE_DATE, "19000101", "1900-01-01");
    takes(FIELD_TYPE_DATE, "20991231", "2099-12-31");
    refuses(FIELD_TYPE_DATE, "18991231", "from 1900-01-01 to 2099-12-31");
    refuses(FIELD_TYPE_DATE, "21000101", "from 1900-01-01 to 2099-12-31");
    refuses(FIELD_TYPE_DATE, "2026105", eight);
    refuses(FIELD_TYPE_DATE, "202601050", eight);
    refuses(FIELD_TYPE_DATE, "20250229",
            "a day that is in the calendar, compare month and day");
    refuses(FIELD_TYPE_DATE, "20261301",
            "a day that is in the calendar, compare month and day");
    step.check.min = "2026-01-02";
    step.check.max = "2026-03-01";
    takes_with(&step, "20260102", "2026-01-02");
    takes_with(&step, "20260301", "2026-03-01");
    refuses_with(&step, "20260101", "from 2026-01-02 to 2026-03-01");
    refuses_with(&step, "20260302", "from 2026-01-02 to 2026-03-01");
    shows(FIELD_TYPE_DATE, "2026-01-05", "2026-01-05", "2026-01-05");
}

static void test_month(void **state)
{
    static const char six[] = "6 digits, four of the year, two of the month, "
                              "such as 202601";

    (void)state;
    takes(FIELD_TYPE_MONTH, "202612", "2026-12");
    takes(FIELD_TYPE_MONTH, "190001", "1900-01");
    refuses(FIELD_TYPE_MONTH, "202600",
            "a month from 01 to 12 behind the year");
    refuses(FIELD_TYPE_MONTH, "202613",
            "a month from 01 to 12 behind the year");
    refuses(FIELD_TYPE_MONTH, "20261", six);
    refuses(FIELD_TYPE_MONTH, "2026011", six);
    refuses(FIELD_TYPE_MONTH, "210001", "from 1900-01 to 2099-12");
    shows(FIELD_TYPE_MONTH, "2026-01", "2026-01", "2026-01");
}

static void test_number(void **state)
{
    struct step step = step_of(FIELD_TYPE_NUMBER);

    (void)state;
    takes(FIELD_TYPE_NUMBER, "0", "0");
    takes(FIELD_TYPE_NUMBER, "007", "7");
    takes(FIELD_TYPE_NUMBER, "999999999999", "999999999999");
    refuses(FIELD_TYPE_NUMBER, "1000000000000",
            "a whole number in digits, at most 12 of them");
    refuses(FIELD_TYPE_NUMBER, "3.5",
            "a whole number in digits, at most 12 of them");
    step.check.min = "1";
    refuses_with(&step, "0", "at least 1");
    takes_with(&step, "1", "1");
    step.check.max = "1200";
    refuses_with(&step, "1201", "from 1 to 1,200");
    step.check.min = NULL;
    refuses_with(&step, "1201", "at most 1,200");
    shows(FIELD_TYPE_NUMBER, "1234567", "1,234,567", "1,234,567");
}

static void test_money(void **state)
{
    static const char whole[] = "an amount in whole yuan, in digits only";
    struct step step = step_of(FIELD_TYPE_MONEY);

    (void)state;
    takes_with(&step, "1250", "1250.00");
    takes_with(&step, "012", "12.00");
    takes_with(&step, "12.0", "12.00");
    refuses_with(&step, "12.5", whole);
    refuses_with(&step, "1.2.5", whole);
    refuses_with(&step, "1000000000000", whole);
    stands(&step, "1250.00", "1250");
    step.check.with_fen = true;
    takes_with(&step, "1250", "12.50");
    takes_with(&step, "5", "0.05");
    takes_with(&step, "0", "0.00");
    takes_with(&step, "12.5", "12.50");
    takes_with(&step, "12.05", "12.05");
    refuses_with(&step, "12.505",
                 "an amount in digits, the last two of them fen, such as 1250 "
                 "for 12.50 yuan");
    refuses_with(&step, ".5",
                 "an amount in digits, the last two of them fen, such as 1250 "
                 "for 12.50 yuan");
    stands(&step, "12.05", "1205");
    stands(&step, "0.05", "05");
    step.check.max = "100.00";
    takes_with(&step, "10000", "100.00");
    refuses_with(&step, "10001", "at most 100.00 yuan");
    shows(FIELD_TYPE_MONEY, "1250000.00", "1,250,000 yuan", "1,250,000 yuan");
}

static void test_other_digits(void **state)
{
    static const char slip[] = "one of its digits is not as on the card, "
                               "compare them one by one";

    (void)state;
    takes(FIELD_TYPE_POSTCODE, "473 000", "473000");
    refuses(FIELD_TYPE_POSTCODE, "47300", "6 digits, such as 473000");
    refuses(FIELD_TYPE_POSTCODE, "4730000", "6 digits, such as 473000");
    takes(FIELD_TYPE_BANK_CARD, "6222 0200 0000 0007", "6222020000000007");
    takes(FIELD_TYPE_BANK_CARD, "6222020000000000000", "6222020000000000000");
    refuses(FIELD_TYPE_BANK_CARD, "622202000000000",
            "the 16 to 19 digits on the front of the card");
    refuses(FIELD_TYPE_BANK_CARD, "62220200000000000000",
            "the 16 to 19 digits on the front of the card");
    refuses(FIELD_TYPE_BANK_CARD, "6222020000000070", slip);
    refuses(FIELD_TYPE_BANK_CARD, "6222020000000008", slip);
    shows(FIELD_TYPE_BANK_CARD, "6222020000000000000",
          "6222 0200 0000 0000 000", "622************0000");
    refuses(FIELD_TYPE_RECEIPT, "310063270014",
            "12 digits, compare them with the slip");
    refuses(FIELD_TYPE_CODE, "482", "4 digits, as on the slip");
    refuses(FIELD_TYPE_MOBILE, "1381234567",
            "11 digits, the first of them a 1");
    shows(FIELD_TYPE_RECEIPT, "310063270015", "3100 6327 0015",
          "3100 6327 0015");
    shows(FIELD_TYPE_MOBILE, "13812345678", "138 1234 5678", "138 1234 5678");
}

/* ---- Letters -------------------------------------------------------------- */

static void test_credit_code(void **state)
{
    (void)state;
    takes(FIELD_TYPE_CREDIT_CODE, "91350100m000100y43", "91350100M000100Y43");
    takes(FIELD_TYPE_CREDIT_CODE, "91 350100 M0001 00Y43",
          "91350100M000100Y43");
    refuses(FIELD_TYPE_CREDIT_CODE, "91350100M000100Y4",
            "it has 18 characters, count them again");
    refuses(FIELD_TYPE_CREDIT_CODE, "91350100M000100Y433",
            "it has 18 characters, count them again");
    refuses(FIELD_TYPE_CREDIT_CODE, "91350100M0001O0Y43",
            "the letters I, O, S, V and Z are not in it, look whether they are "
            "1, 0, 5, U or 2");
    refuses(FIELD_TYPE_CREDIT_CODE, "91350100M000100Y44",
            "one of its characters is not as on the licence, compare them one "
            "by one");
    refuses(FIELD_TYPE_CREDIT_CODE, "91350100M000100@43",
            "it has digits and letters only");
    shows(FIELD_TYPE_CREDIT_CODE, "91350100M000100Y43", "91 350100 M0001 00Y43",
          "91 350100 M0001 00Y43");
}

static void test_email(void **state)
{
    static const char mailbox[] = "before the @ letters, digits and signs such "
                                  "as . _ - only, as in name@example.com";
    static const char domain[] = "behind the @ a name with a point in it, such "
                                 "as name@example.com";

    (void)state;
    takes(FIELD_TYPE_EMAIL, " Wang-Er＠Example.COM", "Wang-Er@example.com");
    takes(FIELD_TYPE_EMAIL, "a.b+c_1@mail.gov.cn", "a.b+c_1@mail.gov.cn");
    takes(FIELD_TYPE_EMAIL, "1@1.cn", "1@1.cn");
    refuses(FIELD_TYPE_EMAIL, "name.example.com",
            "an address with one @ in it, such as name@example.com");
    refuses(FIELD_TYPE_EMAIL, "a@b@example.com",
            "an address with one @ in it, such as name@example.com");
    refuses(FIELD_TYPE_EMAIL, "@example.com", mailbox);
    refuses(FIELD_TYPE_EMAIL, ".a@example.com", mailbox);
    refuses(FIELD_TYPE_EMAIL, "a.@example.com", mailbox);
    refuses(FIELD_TYPE_EMAIL, "a..b@example.com", mailbox);
    refuses(FIELD_TYPE_EMAIL, "王@example.com", mailbox);
    refuses(FIELD_TYPE_EMAIL, "a@example", domain);
    refuses(FIELD_TYPE_EMAIL, "a@example..com", domain);
    refuses(FIELD_TYPE_EMAIL, "a@example.com.", domain);
    refuses(FIELD_TYPE_EMAIL, "a@-example.com", domain);
    refuses(FIELD_TYPE_EMAIL, "a@example.c", domain);
    refuses(FIELD_TYPE_EMAIL, "a@127.0.0.1", domain);
    shows(FIELD_TYPE_EMAIL, "wang@example.com", "wang@example.com",
          "w***@example.com");
}

static void test_plate(void **state)
{
    static const char energy[] = "of a new energy vehicle one letter and five "
                                 "digits stand last, compare them with the "
                                 "plate";
    static const char count[] = "it has 7 characters, of a new energy vehicle "
                                "8, count them again";

    (void)state;
    takes(FIELD_TYPE_PLATE, "豫r12345", "豫R12345");
    takes(FIELD_TYPE_PLATE, "豫R·8A6B7", "豫R8A6B7");
    takes(FIELD_TYPE_PLATE, "豫 R 1234 学", "豫R1234学");
    takes(FIELD_TYPE_PLATE, "粤Z1234港", "粤Z1234港");
    takes(FIELD_TYPE_PLATE, "豫RD12345", "豫RD12345");
    takes(FIELD_TYPE_PLATE, "豫RFA1234", "豫RFA1234");
    takes(FIELD_TYPE_PLATE, "豫R12345D", "豫R12345D");
    refuses(FIELD_TYPE_PLATE, "R12345",
            "its first character is that of the province, as on the plate");
    refuses(FIELD_TYPE_PLATE, "南R12345",
            "its first character is that of the province, as on the plate");
    refuses(FIELD_TYPE_PLATE, "豫112345",
            "a letter stands behind the province");
    refuses(FIELD_TYPE_PLATE, "豫R1234", count);
    refuses(FIELD_TYPE_PLATE, "豫RD123456", count);
    refuses(FIELD_TYPE_PLATE, "豫R1234O",
            "the letters I and O are not in it, type the digits 1 and 0");
    refuses(FIELD_TYPE_PLATE, "豫R1234豫",
            "digits and letters, compare them with the plate one by one");
    refuses(FIELD_TYPE_PLATE, "豫R学1234",
            "digits and letters, compare them with the plate one by one");
    refuses(FIELD_TYPE_PLATE, "豫R123456", energy);
    refuses(FIELD_TYPE_PLATE, "豫RX12345", energy);
    refuses(FIELD_TYPE_PLATE, "豫R12345M", energy);
    shows(FIELD_TYPE_PLATE, "豫RD12345", "豫R D12345", "豫R D12345");
}

/* ---- What is not in its notation ------------------------------------------ */

static void test_not_ours(void **state)
{
    static const char far[] = "9999999999999999999999999999999999999999999999"
                              "9999999999999999999999999999999999999999999999"
                              "9999999999999999999999999999999999999999999999";

    (void)state;
    shows(FIELD_TYPE_DATE, "某日", "某日", "某日");
    shows(FIELD_TYPE_PLATE, "R", "R", "R");
    shows(FIELD_TYPE_MONEY, "12", "12", "12");
    refuses(FIELD_TYPE_NUMBER, far,
            "a whole number in digits, at most 12 of them");
    refuses(FIELD_TYPE_BANK_CARD, far,
            "the 16 to 19 digits on the front of the card");
    refuses(FIELD_TYPE_EMAIL, far,
            "an address with one @ in it, such as name@example.com");
    refuses(FIELD_TYPE_PLATE, far,
            "its first character is that of the province, as on the plate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),      cmocka_unit_test(test_id_number),
        cmocka_unit_test(test_date),         cmocka_unit_test(test_month),
        cmocka_unit_test(test_number),       cmocka_unit_test(test_money),
        cmocka_unit_test(test_other_digits), cmocka_unit_test(test_credit_code),
        cmocka_unit_test(test_email),        cmocka_unit_test(test_plate),
        cmocka_unit_test(test_not_ours),
    };

    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
