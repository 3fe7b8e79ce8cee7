/* Papers, through the whole program: what may follow is promised by a day and
 * stands on the receipt; what is missing is told all at once, and printed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/i18n.h"
#include "tests/tty/drive.h"
#include "tests/tty/heard.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

static char folder[WORLD_PATH], settings[WORLD_PATH];

/* The items of the hall, and tests/tty/shop-sign.yaml beside them. */
static int make_world(void **state)
{
    static const char *const items[] = { "shop-sign.yaml", NULL };

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

static bool is_english(struct drive *drive)
{
    const char *language =
        json_string_value(json_object_get(drive_page(drive), "language"));
    return language && strcmp(language, "en") == 0;
}

static struct drive *start(int rows, int cols, enum language language)
{
    const struct drive_options options = { .rows = rows,
                                           .cols = cols,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (language == LANGUAGE_EN) {
        drive_press(drive, HAND_TOUCH, "footer.language");
        drive_wait_until(drive, is_english, "English");
    }
    drive_press(drive, HAND_KEYS, "item.shop-sign");
    return drive;
}

static void answer(struct drive *drive, enum drive_hand hand, const char *step,
                   const char *value)
{
    char id[64];

    drive_wait(drive, "choice", step);
    snprintf(id, sizeof id, "option.%s", value);
    drive_press(drive, hand, id);
}

static void answer_rented(struct drive *drive, enum drive_hand hand,
                          const char *sketch, const char *lease,
                          const char *photo)
{
    answer(drive, hand, "kind", "rented");
    answer(drive, hand, "sketch", sketch);
    answer(drive, hand, "lease", lease);
    answer(drive, hand, "photo", photo);
}

static void send(struct drive *drive, enum drive_hand hand)
{
    drive_wait(drive, "review", NULL);
    drive_see(drive, "change.papers");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "result", NULL);
    person_sees(drive, "state.delivered");
}

static void promise(int rows, int cols, enum drive_hand hand,
                    enum language language)
{
    struct drive *drive = start(rows, cols, language);

    answer_rented(drive, hand, "brought", "follows", "follows");
    drive_wait(drive, "materials", NULL);
    drive_check_painted(drive);
    drive_see(drive, "paper.lease");
    drive_see(drive, "paper.photo");
    assert_null(drive_element(drive, "paper.sketch"));
    drive_see(drive, "promise");
    drive_press(drive, hand, "promise");
    send(drive, hand);
    drive_see(drive, "line.papers");
    assert_non_null(strstr(drive_value(drive, "line.papers"),
                           language == LANGUAGE_EN ? "Lease, Photo"
                                                   : "租赁合同、店面照片"));
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

static void test_promise_keys(void **state)
{
    (void)state;
    promise(32, 100, HAND_KEYS, LANGUAGE_ZH_CN);
}

static void test_promise_keys_small_en(void **state)
{
    (void)state;
    promise(15, 40, HAND_KEYS, LANGUAGE_EN);
}

static void test_promise_touch(void **state)
{
    (void)state;
    promise(32, 100, HAND_TOUCH, LANGUAGE_EN);
}

static bool cannot_print(struct drive *drive)
{
    return drive_element(drive, "print") &&
           !json_object_get(drive_element(drive, "print"), "key");
}

static bool is_printed(struct drive *drive)
{
    return strcmp(drive_text(drive, "papers.list"), "清单打印好了，请取走。") ==
           0;
}

/* All that is missing, in one list; pressing twice prints once. */
static void test_missing_is_printed(void **state)
{
    struct drive *drive = start(32, 100, LANGUAGE_ZH_CN);

    (void)state;
    answer_rented(drive, HAND_KEYS, "missing", "follows", "missing");
    drive_wait(drive, "materials", NULL);
    drive_check_painted(drive);
    assert_non_null(drive_element(drive, "paper.sketch"));
    assert_non_null(drive_element(drive, "paper.lease"));
    assert_non_null(drive_element(drive, "paper.photo"));
    assert_null(drive_element(drive, "promise"));
    drive_press(drive, HAND_KEYS, "print");
    drive_wait_until(drive, cannot_print, "the list on its way");
    drive_bytes(drive, "1", 1);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait_until(drive, is_printed, "the list");
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), 1);
    assert_true(play_paper_says(drive, "招牌草图"));
    assert_true(play_paper_says(drive, "手画的也可以"));
    assert_true(play_paper_says(drive, "租赁合同"));
    assert_true(play_paper_says(drive, "不是收件回执"));
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

static void test_missing_without_printer(void **state)
{
    struct drive *drive = start(15, 40, LANGUAGE_EN);

    (void)state;
    answer_rented(drive, HAND_KEYS, "missing", "brought", "brought");
    drive_wait(drive, "materials", NULL);
    assert_true(drive_sim(drive, "paper out"));
    assert_true(drive_sim(drive, "clock +30s"));
    drive_wait_until(drive, cannot_print, "a printer without paper");
    drive_press(drive, HAND_KEYS, "other-item");
    drive_wait(drive, "home", NULL);
    assert_int_equal(drive_end(drive), 0);
}

/* A paper turns up after all: the promise for it is asked anew, or is none. */
static void test_changed_in_review(void **state)
{
    struct drive *drive = start(32, 100, LANGUAGE_ZH_CN);

    (void)state;
    answer_rented(drive, HAND_KEYS, "brought", "follows", "follows");
    drive_wait(drive, "materials", NULL);
    drive_press(drive, HAND_KEYS, "promise");
    drive_wait(drive, "review", NULL);
    drive_press(drive, HAND_KEYS, "change.lease");
    answer(drive, HAND_KEYS, "lease", "brought");
    drive_wait(drive, "materials", NULL);
    assert_null(drive_element(drive, "paper.lease"));
    assert_non_null(drive_element(drive, "paper.photo"));
    drive_press(drive, HAND_KEYS, "promise");
    drive_wait(drive, "review", NULL);
    drive_press(drive, HAND_KEYS, "change.photo");
    answer(drive, HAND_KEYS, "photo", "brought");
    drive_wait(drive, "review", NULL);
    assert_null(drive_element(drive, "change.papers"));
    drive_press(drive, HAND_KEYS, "change.sketch");
    answer(drive, HAND_KEYS, "sketch", "missing");
    drive_wait(drive, "materials", NULL);
    assert_null(drive_element(drive, "promise"));
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_promise_keys),
        cmocka_unit_test(test_promise_keys_small_en),
        cmocka_unit_test(test_promise_touch),
        cmocka_unit_test(test_missing_is_printed),
        cmocka_unit_test(test_missing_without_printer),
        cmocka_unit_test(test_changed_in_review),
    };

    return cmocka_run_group_tests_name("papers", tests, make_world,
                                       remove_world);
}
