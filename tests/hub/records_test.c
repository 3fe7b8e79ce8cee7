/* The hub without sockets: records of other offices, and what it makes of a case
 * that took something from them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/flow/card.h"
#include "kiosk/flow/shared.h"
#include "tests/hub/rules_bench.h"

#define RECORDS "/v1/records"

static int set_up(void **state)
{
    int status = direct_set_up(state);
    struct direct *direct = *state;

    direct->is_demo = true;
    direct_reopen(direct);
    return status;
}

/* Somebody made up with this sequence, whose birthday is that many days after
 * the first of January. */
static const char *number_of(const char *sequence, unsigned nth)
{
    static char number[24];

    snprintf(number, sizeof(number), "411303%u%02u%02u%s0", 1950 + nth % 40,
             1 + nth / 28 % 12, 1 + nth % 28, sequence);
    number[17] = id_number_check_character(number);
    return number;
}

static int ask(struct direct *direct, const char *number, const char *kinds)
{
    char json[256];

    snprintf(json, sizeof(json), "{\"number\": \"%s\", \"kinds\": %s}", number,
             kinds);
    return direct_post(direct, RECORDS, json);
}

/* The caller's to give back. */
static json_t *records_of(struct direct *direct)
{
    json_t *said = json_loadb(direct->response.body.text,
                              direct->response.body.len, 0, NULL);
    json_t *records = json_incref(json_object_get(said, "records"));

    assert_true(json_is_array(records));
    json_decref(said);
    return records;
}

/* Each in the form that the terminal takes; all fields that the table has, but
 * those that the demonstration does not know. */
static void look_through(const json_t *record)
{
    const char *name = json_string_value(json_object_get(record, "kind"));
    const char *day = json_string_value(json_object_get(record, "as_of"));
    const struct shared_kind *kind = shared_kind_find(name);
    const json_t *fields = json_object_get(record, "fields");

    assert_non_null(kind);
    assert_true(shared_is_day(day));
    for (size_t i = 0; kind->fields[i].name != NULL; i++) {
        const char *field = kind->fields[i].name;
        const char *value = json_string_value(json_object_get(fields, field));

        if (value == NULL && strcmp(name, "person") == 0 &&
            strcmp(field, "name") == 0)
            continue;
        if (value == NULL || !shared_is_value(&kind->fields[i], value))
            fail_msg("%s of %s: %s", field, name, value ? value : "nothing");
    }
}

static void test_records(void **state)
{
    static const char all[] =
        "[\"person\",\"household\",\"insurance\",\"vehicle\",\"enterprise\"]";
    struct direct *direct = *state;
    unsigned count[SHARED_KINDS] = { 0 };
    enum { PEOPLE = 200 };

    for (unsigned i = 0; i < PEOPLE; i++) {
        assert_int_equal(ask(direct, number_of("123", i), all), 200);
        json_t *records = records_of(direct);
        for (size_t j = 0; j < json_array_size(records); j++) {
            const json_t *record = json_array_get(records, j);
            const char *kind =
                json_string_value(json_object_get(record, "kind"));

            look_through(record);
            count[shared_kind_find(kind) - shared_kinds]++;
        }
        json_decref(records);
    }
    /* Some have only some. */
    assert_int_equal(count[0], PEOPLE);
    assert_int_equal(count[1], PEOPLE);
    for (size_t i = 2; i < SHARED_KINDS; i++)
        assert_true(count[i] > 0 && count[i] < PEOPLE);
}

/* The same each time, and after the hub was started again. */
static void test_same_again(void **state)
{
    struct direct *direct = *state;
    char first[1024];

    assert_int_equal(
        ask(direct, DIRECT_NUMBER, "[\"household\",\"insurance\"]"), 200);
    snprintf(first, sizeof(first), "%s", direct->response.body.text);
    direct_reopen(direct);
    assert_int_equal(
        ask(direct, DIRECT_NUMBER, "[\"household\",\"insurance\"]"), 200);
    assert_string_equal(direct->response.body.text, first);
    assert_int_equal(
        ask(direct, DIRECT_NUMBER_2, "[\"household\",\"insurance\"]"), 200);
    assert_string_not_equal(direct->response.body.text, first);
    /* Nothing that was not asked for. */
    assert_false(direct_says(direct, "\"person\""));
}

static void test_refused(void **state)
{
    struct direct *direct = *state;

    assert_int_equal(ask(direct, DIRECT_NUMBER, "[\"houses\"]"), 422);
    direct_assert_problem(direct, 422, "kinds");
    assert_int_equal(ask(direct, DIRECT_NUMBER, "[]"), 422);
    assert_int_equal(ask(direct, DIRECT_NUMBER, "\"household\""), 422);
    assert_int_equal(ask(direct, DIRECT_NUMBER, "[1]"), 422);
    assert_int_equal(
        ask(direct, DIRECT_NUMBER, "[\"household\",\"household\"]"), 422);
    assert_int_equal(direct_post(direct, RECORDS, "{\"kinds\":[\"person\"]}"),
                     400);
    direct_assert_problem(direct, 400, "fields");
    assert_int_equal(direct_post(direct, RECORDS, "[]"), 400);
    direct_assert_problem(direct, 400, "json");
    assert_int_equal(direct_send(direct, "GET", RECORDS, NULL, 0), 405);
    /* Whose number it cannot be. */
    assert_int_equal(ask(direct, "411303199003070018", "[\"person\"]"), 404);
    direct_assert_problem(direct, 404, "person-unknown");
    assert_int_equal(direct_post_as(direct, direct->stranger, RECORDS,
                                    "{\"number\":\"" DIRECT_NUMBER
                                    "\",\"kinds\":[\"person\"]}"),
                     200); /* the demonstration lets whoever asks in */
}

static void test_sequences(void **state)
{
    struct direct *direct = *state;

    assert_int_equal(ask(direct, number_of("000", 1), "[\"household\"]"), 404);
    direct_assert_problem(direct, 404, "person-unknown");
    assert_int_equal(ask(direct, number_of("998", 1), "[\"household\"]"), 503);
    direct_assert_problem(direct, 503, "records");
    assert_string_equal(direct_header(direct, "Retry-After"), "30");
    assert_int_equal(ask(direct, number_of("999", 1), "[\"person\"]"), 200);
    assert_true(direct_says(direct, "\"name\""));
}

/* Not the demonstration: nobody is on record. */
static void test_no_demo(void **state)
{
    struct direct *direct = *state;

    direct->is_demo = false;
    direct_reopen(direct);
    assert_int_equal(ask(direct, DIRECT_NUMBER, "[\"household\"]"), 404);
    direct_assert_problem(direct, 404, "person-unknown");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, set_up, direct_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_records),   TEST(test_same_again), TEST(test_refused),
        TEST(test_sequences), TEST(test_no_demo),
    };

    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
