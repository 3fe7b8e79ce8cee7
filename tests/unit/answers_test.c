/* Answers: replaced, bounded, wiped; what is kept of a card. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/walk.h"

static int set_up(void **state)
{
    *state = answers_new();
    return 0;
}

static int tear_down(void **state)
{
    answers_free(*state);
    /* Nothing of the citizen is left. */
    return secret_used_bytes() == 0 ? 0 : -1;
}

static void set(struct answers *answers, const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

static void test_set_get_forget(void **state)
{
    struct answers *answers = *state;

    assert_null(answers_get(answers, "phone"));
    assert_int_equal(answers_source(answers, "phone"), SOURCE_NONE);
    set(answers, "phone", "1");
    set(answers, "street", "某路");
    set(answers, "phone", "13812345678");
    assert_string_equal(answers_get(answers, "phone"), "13812345678");
    assert_int_equal(answers_source(answers, "phone"), SOURCE_CITIZEN);
    assert_int_equal(answers_set(answers, "phone", "later", SOURCE_LATER),
                     ERR_OK);
    assert_int_equal(answers_source(answers, "phone"), SOURCE_LATER);
    answers_forget(answers, "phone");
    answers_forget(answers, "phone");
    assert_null(answers_get(answers, "phone"));
    assert_string_equal(answers_get(answers, "street"), "某路");
    answers_wipe(answers);
    assert_null(answers_get(answers, "street"));
    assert_int_equal(secret_used_bytes(), 0);
}

static void test_values_are_secret(void **state)
{
    struct answers *answers = *state;
    size_t before = secret_used_bytes();

    set(answers, "name", "某某某某某某");
    assert_true(secret_used_bytes() > before);
}

static void test_bounds(void **state)
{
    struct answers *answers = *state;
    char *value = mem_new(4098);
    char name[64];

    memset(value, 'x', 4096);
    set(answers, "long", value);
    value[4096] = 'x';
    assert_int_equal(answers_set(answers, "long", value, SOURCE_CITIZEN),
                     ERR_TOO_BIG);
    assert_int_equal(strlen(answers_get(answers, "long")), 4096);
    mem_free(value);
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(answers_set(answers, name, "1", SOURCE_CITIZEN),
                     ERR_TOO_BIG);
    for (int i = 0; i < 95; i++) {
        snprintf(name, sizeof name, "n%d", i);
        set(answers, name, "1");
    }
    assert_int_equal(answers_set(answers, "more", "1", SOURCE_CITIZEN),
                     ERR_TOO_BIG);
    set(answers, "n5", "2");
    assert_string_equal(answers_get(answers, "n94"), "1");
}

static void test_full_arena(void **state)
{
    struct answers *answers = *state;
    void *rest[64];
    size_t count = 0;
    char value[2049];

    set(answers, "kept", "old");
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    for (size_t size = 512 * 1024; size >= 64; size /= 2) {
        void *taken;

        while (count < 64 && (taken = secret_new(size)))
            rest[count++] = taken;
    }
    assert_int_equal(answers_set(answers, "kept", value, SOURCE_CITIZEN),
                     ERR_TOO_BIG);
    assert_string_equal(answers_get(answers, "kept"), "old");
    while (count > 0)
        secret_free(rest[--count]);
    set(answers, "kept", value);
}

static void test_card(void **state)
{
    struct answers *answers = *state;
    const char *fields[] = { "name", "number", "ethnic", "english_name", NULL };
    const struct item item = { .card_fields = fields };
    struct card card = {
        .kind = CARD_RESIDENT,
        .name = "欧阳㼆昕",
        .sex = "male",
        .birth = "19560229",
        .ethnic = "03",
        .address = "某地",
        .number = "411302195602290011",
    };
    int64_t day = clock_of_date(2026, 2, 28);

    assert_int_equal(answers_take_card(answers, &item, &card, day), ERR_OK);
    assert_string_equal(answers_get(answers, "card_name"), "欧阳㼆昕");
    assert_string_equal(answers_get(answers, "card_number"),
                        "411302195602290011");
    assert_string_equal(answers_get(answers, "card_ethnic"), "03");
    assert_string_equal(answers_get(answers, "card_kind"), "resident");
    assert_string_equal(answers_get(answers, "age"), "69");
    assert_int_equal(answers_source(answers, "card_name"), SOURCE_CARD);
    /* Not asked for, or not on the card. */
    assert_null(answers_get(answers, "card_address"));
    assert_null(answers_get(answers, "card_sex"));
    assert_null(answers_get(answers, "card_birth"));
    assert_null(answers_get(answers, "card_english_name"));
}

/* Nothing of an earlier card stays beside the next one. */
static void test_second_card(void **state)
{
    struct answers *answers = *state;
    const char *fields[] = { "name", "english_name", NULL };
    const struct item item = { .card_fields = fields };
    struct card first = { .kind = CARD_FOREIGNER_2023,
                          .name = "甲",
                          .english_name = "A",
                          .birth = "19800101" };
    struct card second = { .kind = CARD_RESIDENT, .name = "乙" };
    int64_t day = clock_of_date(2026, 2, 28);

    set(answers, "phone", "13812345678");
    assert_int_equal(answers_take_card(answers, &item, &first, day), ERR_OK);
    assert_string_equal(answers_get(answers, "card_english_name"), "A");
    assert_string_equal(answers_get(answers, "card_kind"), "foreigner-2023");
    assert_int_equal(answers_take_card(answers, &item, &second, day), ERR_OK);
    assert_string_equal(answers_get(answers, "card_name"), "乙");
    assert_null(answers_get(answers, "card_english_name"));
    assert_null(answers_get(answers, "age"));
    assert_string_equal(answers_get(answers, "phone"), "13812345678");
}

static void test_source_names(void **state)
{
    (void)state;
    assert_string_equal(source_name(SOURCE_NONE), "none");
    assert_string_equal(source_name(SOURCE_CARD), "card");
    assert_string_equal(source_name(SOURCE_CITIZEN), "citizen");
    assert_string_equal(source_name(SOURCE_LATER), "later");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_set_get_forget), TEST(test_values_are_secret),
        TEST(test_bounds),         TEST(test_full_arena),
        TEST(test_card),           TEST(test_second_card),
        TEST(test_source_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
