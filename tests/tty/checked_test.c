/* Who the person is, was checked: that is no answer of theirs, so it is neither
 * read back nor changed.  Whose card it is to be, the item may say. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/drive.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <string.h>

static char folder[WORLD_PATH], settings[WORLD_PATH];

static int make_world(void **state)
{
    static const char *const items[] = { "checked.yaml", NULL };

    (void)state;
    world_folder(folder);
    world_items(folder, items, settings);
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static void test_check_is_no_answer(void **state)
{
    const struct drive_options options = { .rows = 32,
                                           .cols = 100,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);
    char code[8];

    (void)state;
    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "item.checked");
    drive_wait(drive, "card", "card");
    assert_string_equal(drive_text(drive, "card.title"), "请放老人的身份证");
    assert_string_equal(drive_text(drive, "hint"),
                        "代办的人，先不要放自己的。");
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "check", "check");
    drive_press(drive, HAND_KEYS, "code");
    drive_wait(drive, "field", "check");
    play_read_code(drive, code);
    drive_type(drive, HAND_KEYS, code);
    drive_wait(drive, "choice", "lives");
    drive_press(drive, HAND_KEYS, "option.yes");
    drive_wait(drive, "review", NULL);
    assert_null(drive_element(drive, "change.check"));
    assert_non_null(drive_element(drive, "change.lives"));
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "change.lives");
    drive_wait(drive, "choice", "lives");
    drive_press(drive, HAND_KEYS, "option.no");
    drive_wait(drive, "review", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "result", NULL);
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_check_is_no_answer, make_world,
                                        remove_world),
    };
    return cmocka_run_group_tests_name("checked", tests, NULL, NULL);
}
