/* Cards: fields by name, expiry, age, ethnic groups; numbers typed by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/i18n.h"
#include "kiosk/flow/card.h"

static const struct card card = {
    .kind = CARD_FOREIGNER_2017,
    .name = "张三",
    .sex = "male",
    .ethnic = "03",
    .birth = "19560229",
    .address = "某路 5 号",
    .number = "11010519491231002X",
    .authority = "某局",
    .valid_from = "20110704",
    .valid_to = "20310704",
    .permit_number = "p",
    .issue_count = "1",
    .english_name = "ZHANG, SAN",
    .nationality = "CAN",
    .version = "v",
    .renewals = "00",
};

static void test_kinds(void **state)
{
    enum card_kind kind = CARD_KIND_COUNT;

    (void)state;
    for (int i = 0; i < CARD_KIND_COUNT; i++) {
        assert_int_equal(
            card_kind_find(card_kind_name((enum card_kind)i), &kind), ERR_OK);
        assert_int_equal(kind, i);
    }
    assert_int_equal(card_kind_find("passport", &kind), ERR_NOT_FOUND);
    assert_string_equal(card_kind_name(CARD_HMT), "hmt");
}

static void test_fields(void **state)
{
    size_t count = 0;

    (void)state;
    for (; card_field_names[count]; count++) {
        assert_non_null(card_field(&card, card_field_names[count]));
        assert_string_not_equal(card_field(&card, card_field_names[count]), "");
    }
    assert_int_equal(count, 16);
    assert_string_equal(card_field(&card, "kind"), "foreigner-2017");
    assert_string_equal(card_field(&card, "name"), "张三");
    assert_string_equal(card_field(&card, "valid_to"), "20310704");
    assert_string_equal(card_field(&card, "renewals"), "00");
    assert_null(card_field(&card, "nmae"));
    assert_null(card_field(&card, ""));
}

static bool is_expired(const char *valid_to, int year, int month, int day,
                       int hour)
{
    struct card other = card;

    snprintf(other.valid_to, sizeof other.valid_to, "%s", valid_to);
    return card_is_expired(&other, clock_of_date(year, month, day) +
                                       (int64_t)hour * 3600 * 1000);
}

static void test_expired(void **state)
{
    (void)state;
    assert_false(is_expired("20310704", 2031, 7, 3, 0));
    assert_false(is_expired("20310704", 2031, 7, 4, 0));
    assert_false(is_expired("20310704", 2031, 7, 4, 23)); /* its last hour */
    assert_true(is_expired("20310704", 2031, 7, 5, 0));
    assert_true(is_expired("19990101", 2026, 11, 23, 9));
    assert_false(is_expired("long-term", 2199, 1, 1, 0));
    /* Unreadable: nobody is sent away for it. */
    assert_false(is_expired("", 2026, 1, 1, 0));
    assert_false(is_expired("20260230", 2026, 11, 1, 0));
    assert_false(is_expired("2026〓101", 2026, 11, 1, 0));
}

static void test_age(void **state)
{
    struct card other = card;

    (void)state;
    assert_int_equal(card_age(&card, clock_of_date(2026, 2, 28)), 69);
    assert_int_equal(card_age(&card, clock_of_date(2026, 3, 1)), 70);
    memcpy(other.birth, "19560230", 9);
    assert_int_equal(card_age(&other, clock_of_date(2026, 3, 1)), -1);
}

static void test_ethnic(void **state)
{
    char code[16];

    (void)state;
    assert_string_equal(card_ethnic_text("01", LANGUAGE_ZH_CN), "汉族");
    assert_string_equal(card_ethnic_text("03", LANGUAGE_ZH_CN), "回族");
    assert_string_equal(card_ethnic_text("03", LANGUAGE_EN), "Hui");
    assert_string_equal(card_ethnic_text("46", LANGUAGE_ZH_CN), "德昂族");
    assert_string_equal(card_ethnic_text("56", LANGUAGE_EN), "Jino");
    assert_string_equal(card_ethnic_text("97", LANGUAGE_ZH_CN), "其他");
    /* Never guessed. */
    assert_string_equal(card_ethnic_text("57", LANGUAGE_ZH_CN), "57");
    assert_string_equal(card_ethnic_text("1", LANGUAGE_EN), "1");
    assert_string_equal(card_ethnic_text("", LANGUAGE_EN), "");
    for (int i = 1; i <= 56; i++) {
        snprintf(code, sizeof code, "%02d", i);
        assert_string_not_equal(card_ethnic_text(code, LANGUAGE_EN), code);
    }
}

static void test_number(void **state)
{
    (void)state;
    /* The example of GB 11643, and of the foreigners' cards of 2023. */
    assert_int_equal(id_number_check("11010519491231002X"), NUMBER_OK);
    assert_int_equal(id_number_check("11010519491231002x"), NUMBER_OK);
    assert_int_equal(id_number_check("440524188001010014"), NUMBER_OK);
    assert_int_equal(id_number_check("932682198501010017"), NUMBER_OK);
    assert_int_equal(id_number_check("911124198108030024"), NUMBER_OK);

    assert_int_equal(id_number_check(""), NUMBER_EMPTY);
    assert_int_equal(id_number_check("110105491231002"), NUMBER_FIFTEEN);
    assert_int_equal(id_number_check("1101054912310"), NUMBER_LENGTH);
    assert_int_equal(id_number_check("11010519491231002X0"), NUMBER_LENGTH);
    assert_int_equal(id_number_check("11010549123100X"), NUMBER_LENGTH);
    assert_int_equal(id_number_check("1101051949123100ZX"), NUMBER_CHARACTER);
    assert_int_equal(id_number_check("张10105194912310"), NUMBER_CHARACTER);
    assert_int_equal(id_number_check("1101051949123X0020"), NUMBER_CHARACTER);
    assert_int_equal(id_number_check("1101051949123100XX"), NUMBER_CHARACTER);
    assert_int_equal(id_number_check("110105194913310023"), NUMBER_DATE);
    assert_int_equal(id_number_check("110105194902300025"), NUMBER_DATE);
    assert_int_equal(id_number_check("110105194912310021"), NUMBER_CHECK);
    assert_int_equal(id_number_check("110105194912310020"), NUMBER_CHECK);
}

static void test_check_character(void **state)
{
    (void)state;
    assert_int_equal(id_number_check_character("11010519491231002"), 'X');
    assert_int_equal(id_number_check_character("44052418800101001"), '4');
    assert_int_equal(id_number_check_character("1101051949123100"), 0);
    assert_int_equal(id_number_check_character("1101051949123100X"), 0);
    assert_int_equal(id_number_check_character(""), 0);
}

static void test_mobile(void **state)
{
    (void)state;
    assert_true(mobile_is_ok("13812345678"));
    assert_true(mobile_is_ok("19912345678"));
    assert_false(mobile_is_ok("12812345678"));
    assert_false(mobile_is_ok("23812345678"));
    assert_false(mobile_is_ok("1381234567"));
    assert_false(mobile_is_ok("138123456789"));
    assert_false(mobile_is_ok("1381234567a"));
    assert_false(mobile_is_ok("1:812345678"));
    assert_false(mobile_is_ok(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),           cmocka_unit_test(test_fields),
        cmocka_unit_test(test_expired),         cmocka_unit_test(test_age),
        cmocka_unit_test(test_ethnic),          cmocka_unit_test(test_number),
        cmocka_unit_test(test_check_character), cmocka_unit_test(test_mobile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
