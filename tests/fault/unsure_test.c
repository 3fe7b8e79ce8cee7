/* What was sent and may be stored is not sent a second time in the session: not
 * by going back, not by choosing the matter again; and no page says of it that
 * nothing was sent.  The disk takes no syncs while it is stored, then is well
 * again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/fault/plan.h"
#include "tests/fault/planned.h"
#include "tests/tty/kept.h"
#include "tests/tty/person.h"

#include <string.h>

static void to_review(struct drive *drive)
{
    person_to_description(drive);
    drive_type(drive, HAND_KEYBOARD, "夜里停水");
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, HAND_KEYS, "option.anonymous");
    drive_wait(drive, "review", "review");
}

/* Every sync fails from now on. */
static void send_in_vain(struct drive *drive)
{
    planned_fail("vfs.sync", PLAN_FOR_EVER);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "stop.unsure");
    planned_heal();
}

static void test_not_sent_twice(void **state)
{
    static struct kept waiting, arrived;
    struct drive *drive = planned_start(32, 100);

    (void)state;
    to_review(drive);
    send_in_vain(drive);
    assert_null(drive_element(drive, "footer.back"));
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "*", 1);
    drive_swallowed(drive);
    drive_wait_element(drive, "stop.unsure");

    /* Another matter can be done, this one not again; and nobody says that it
     * was not sent. */
    drive_press(drive, HAND_KEYS, "other-item");
    drive_wait(drive, "home", NULL);
    drive_see(drive, "item.hotline-12345");
    assert_null(
        json_object_get(drive_element(drive, "item.hotline-12345"), "key"));
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait(drive, "guide", NULL);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "home", NULL);
    drive_see(drive, "item.hotline-12345");
    assert_null(
        json_object_get(drive_element(drive, "item.hotline-12345"), "key"));
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    assert_true(drive_sim(drive, "clock +120s"));
    assert_int_equal(drive_end(drive), 0);
    kept_read_outbox(planned_folder(), &waiting);
    kept_read_hub(planned_folder(), &arrived);
    assert_in_range(waiting.count + arrived.count, 0, 1);
}

/* The next person is not told what became of somebody else's. */
static void test_next_person_sends(void **state)
{
    struct drive *drive = planned_start(32, 100);

    (void)state;
    to_review(drive);
    send_in_vain(drive);
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
    assert_true(drive_sim(drive, "clock +120s"));
    drive_wait_element(drive, "attract.begin");
    to_review(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "result", NULL);
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, planned_begin, planned_end)
    const struct CMUnitTest tests[] = {
        TEST(test_not_sent_twice),
        TEST(test_next_person_sends),
    };
    return cmocka_run_group_tests_name("unsure", tests, NULL, NULL);
}
