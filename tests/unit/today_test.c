/* What a day was, counted from cases and journal. */
#include "tests/unit/outbox_place.h"

#include "kiosk/base/clock.h"

#include <string.h>

#define MIDNIGHT_MS (NOW_MS - INT64_C(3) * 3600 * 1000)

struct counted {
    int count;
    enum err err;
    struct terminal_today today;
};

static void on_counted(void *owner, enum err err,
                       const struct terminal_today *today)
{
    struct counted *counted = owner;
    counted->count++;
    counted->err = err;
    if (today)
        counted->today = *today;
}

static struct terminal_today count(struct place *place)
{
    struct counted counted = { 0 };

    terminal_count_today(place->store, MIDNIGHT_MS, on_counted, &counted);
    for (int i = 0; i < 1000 && counted.count == 0; i++)
        loop_turn(place->loop, 100);
    assert_int_equal(counted.count, 1);
    assert_int_equal(counted.err, ERR_OK);
    return counted.today;
}

static void record(struct place *place, int64_t wall_ms, const char *name,
                   const char *fields)
{
    struct answer answer = { 0 };
    struct event_record_of event = {
        .is_journal = true, .name = name, .fields = fields, .wall_ms = wall_ms
    };

    journal_append(place->store, &event, answer_head, &answer);
    place_wait(place, &answer, 1);
    assert_int_equal(answer.err, ERR_OK);
}

#define DONE "{\"ending\":\"done\",\"state\":\"finished\",\"number\":1}"
#define IDLE "{\"ending\":\"idle\",\"state\":\"abandoned\",\"number\":2}"

/* Yesterday's are not counted, nor what is no session; a session is known by
 * its full hour, and midnight is one. */
static void test_sessions_of_today(void **state)
{
    struct place *place = *state;

    place_open(place);
    assert_int_equal(count(place).begun, 0);
    record(place, MIDNIGHT_MS - 1, "SESSION_BEGUN", "{\"number\":1}");
    record(place, MIDNIGHT_MS - 1, "SESSION_ENDED", DONE);
    record(place, MIDNIGHT_MS, "SESSION_BEGUN", "{\"number\":1}");
    record(place, MIDNIGHT_MS + 5, "STAFF_BEGUN", "{}");
    record(place, MIDNIGHT_MS, "SESSION_ENDED", DONE);
    record(place, MIDNIGHT_MS, "SESSION_BEGUN", "{\"number\":2}");
    record(place, NOW_MS, "SESSION_ENDED", IDLE);
    record(place, NOW_MS, "SESSION_BEGUN", "{\"number\":3}");
    struct terminal_today today = count(place);
    assert_int_equal(today.begun, 3);
    assert_int_equal(today.finished, 1);
    assert_int_equal(today.abandoned, 1);
}

static void test_cases_that_wait(void **state)
{
    struct place *place = *state;

    place_open(place);
    assert_int_equal(count(place).oldest_wall_ms, 0);
    for (int64_t number = 1; number <= 3; number++)
        assert_int_equal(place_put_number(place, number), ERR_OK);
    assert_int_equal(place_conflict(place, 1), ERR_OK);
    struct terminal_today today = count(place);
    assert_int_equal(today.waiting, 2);
    assert_int_equal(today.conflicts, 1);
    struct outbox_case second = place_case(2, "", 0);
    assert_int_equal(today.oldest_wall_ms, second.wall_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sessions_of_today, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_cases_that_wait, place_set_up,
                                        place_tear_down),
    };
    return cmocka_run_group_tests_name("today", tests, NULL, NULL);
}
