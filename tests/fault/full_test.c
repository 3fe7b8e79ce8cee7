/* The memory for what citizens say is full: whatever they give then, a page says
 * that it was not kept, and once there is room again they go on. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/fault/plan.h"
#include "tests/fault/planned.h"
#include "tests/tty/person.h"

#include <string.h>

static void is_told(struct drive *drive)
{
    drive_wait_element(drive, "stop.no-room");
    planned_heal();
    assert_non_null(drive_element(drive, "stop.why"));
    assert_non_null(drive_element(drive, "stop.done"));
    assert_non_null(drive_element(drive, "again"));
    assert_non_null(drive_element(drive, "staff"));
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "again");
}

/* A chosen answer, a card, a number, letters. */
static void test_each_answer(void **state)
{
    struct drive *drive = planned_start(32, 100);

    (void)state;
    person_to_card(drive);
    planned_fail("mem.secret", PLAN_FOR_EVER);
    person_lay(drive, PERSON_CARD);
    is_told(drive);
    drive_wait(drive, "card", "card");
    assert_true(drive_sim(drive, "card lift"));
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "county");
    planned_fail("mem.secret", PLAN_FOR_EVER);
    drive_press(drive, HAND_KEYS, "option.411303");
    is_told(drive);
    drive_wait(drive, "choice", "county");
    drive_press(drive, HAND_KEYS, "option.411303");
    drive_wait(drive, "choice", "township");
    drive_press(drive, HAND_KEYS, "option.411303005");
    drive_wait(drive, "field", "street");
    planned_fail("mem.secret", PLAN_FOR_EVER);
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "路", strlen("路"));
    is_told(drive);
    drive_wait(drive, "field", "street");
    person_to_review(drive);
    person_send(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* What was written and confirmed. */
static void test_number(void **state)
{
    struct drive *drive = planned_start(15, 40);

    (void)state;
    person_to_card(drive);
    drive_press(drive, HAND_KEYS, "without");
    drive_wait(drive, "ways", NULL);
    drive_press(drive, HAND_KEYS, "type");
    drive_wait(drive, "field", NULL);
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, PERSON_NUMBER, strlen(PERSON_NUMBER));
    drive_swallowed(drive);
    planned_fail("mem.secret", PLAN_FOR_EVER);
    drive_bytes(drive, "#", 1);
    is_told(drive);
    drive_wait(drive, "card", "card");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, planned_begin, planned_end)
    const struct CMUnitTest tests[] = {
        TEST(test_each_answer),
        TEST(test_number),
    };
    return cmocka_run_group_tests_name("full", tests, NULL, NULL);
}
