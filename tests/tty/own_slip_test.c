/* A slip that its item lays out, through the whole program: what stands on the
 * result page stands on the paper, whichever paper there is. */
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

static char folder[WORLD_PATH], share[WORLD_PATH];

static int make_world(void **state)
{
    char real[WORLD_PATH], items[WORLD_PATH];
    static struct world_said said;

    (void)state;
    world_folder(folder);
    world_join(share, folder, "share");
    world_join(items, share, "items");
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    const char *const add[] = { "/bin/cp", "tests/tty/slip-of-all.yaml", items,
                                NULL };
    world_run(add, &said);
    return said.code;
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

static struct drive *start(int rows, int cols, const char *paper,
                           enum language language)
{
    char settings[WORLD_PATH], text[2 * WORLD_PATH];
    const struct drive_options options = { .rows = rows,
                                           .cols = cols,
                                           .settings = settings };
    struct drive *drive;

    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text, "share_folder: %s\npaper: %s\n", share, paper);
    world_write(settings, text, 0600);
    drive = drive_start(&options);
    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (language == LANGUAGE_EN) {
        drive_press(drive, HAND_TOUCH, "footer.language");
        drive_wait_until(drive, is_english, "English");
    }
    return drive;
}

/* Typed, and seen to be right. */
static void type_in(struct drive *drive, enum drive_hand hand, const char *step,
                    const char *digits)
{
    drive_wait(drive, "field", step);
    drive_type(drive, hand, digits);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, hand, "footer.go");
}

static void write_name(struct drive *drive, enum drive_hand hand,
                       const char *step, const char *text)
{
    const struct scene scene = { "field", step, DEED_WRITE, text };

    play(drive, hand, &scene, 1);
}

static void enter(struct drive *drive, enum drive_hand hand)
{
    static const struct scene begin[] = {
        { "home", NULL, DEED_PRESS, "item.slip-of-all" },
        { "choice", "course", DEED_PRESS, "option.long" },
    };
    static const struct scene send[] = {
        { "review", NULL, DEED_PRESS, "footer.go" },
        { "result", NULL, DEED_WAIT, "" },
    };

    play(drive, hand, begin, sizeof begin / sizeof *begin);
    type_in(drive, hand, "phone", "13911112222");
    type_in(drive, hand, "fee", "120");
    write_name(drive, hand, "runners_1_name", "甲乙");
    type_in(drive, hand, "runners_1_laps", "25");
    write_name(drive, hand, "runners_2_name", "丙");
    if (hand == HAND_KEYBOARD)
        type_in(drive, hand, "runners_2_laps", "5");
    play(drive, hand, send, sizeof send / sizeof *send);
    person_sees(drive, "state.delivered");
}

static void sees(struct drive *drive, const char *id, const char *label,
                 const char *value)
{
    drive_see(drive, id);
    assert_string_equal(drive_text(drive, id), label);
    assert_string_equal(drive_value(drive, id), value);
}

static void print(struct drive *drive, enum drive_hand hand)
{
    drive_see(drive, "footer.go");
    while (strcmp(drive_text(drive, "footer.go"), "打印回执") != 0 &&
           strcmp(drive_text(drive, "footer.go"), "Print the receipt") != 0 &&
           strcmp(drive_text(drive, "footer.go"), "打印") != 0 &&
           strcmp(drive_text(drive, "footer.go"), "Print") != 0)
        drive_press(drive, hand, "footer.go");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
}

static void test_wide(void **state)
{
    struct drive *drive = start(32, 100, "80mm", LANGUAGE_ZH_CN);

    (void)state;
    enter(drive, HAND_KEYBOARD);
    sees(drive, "line.next", "下一步", "请到某局窗口领号码布。");
    sees(drive, "line.fact.course", "项目", "十公里");
    sees(drive, "line.table.runners.1", "甲乙", "圈数：25");
    sees(drive, "line.table.runners.2", "丙", "圈数：5");
    sees(drive, "line.table.9.2", "体检证明", "在哪里用：领号码布时，份数：2");
    drive_see(drive, "line.text.7");
    assert_string_equal(drive_text(drive, "line.text.7"),
                        "报名费120 元已收，凭本单入场。");
    sees(drive, "line.qr.10", "窗口扫这个码。", "RACE1;long;25");
    print(drive, HAND_KEYBOARD);
    assert_true(play_paper_says(drive, "报名费120 元已收"));
    assert_true(play_paper_says(drive, "体检证明"));
    assert_true(play_paper_says(drive, "窗口扫这个码。"));
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

/* Who takes the ways round has them on the slip; both languages on paper. */
static void narrow(const char *paper, enum drive_hand hand)
{
    struct drive *drive = start(15, 40, paper, LANGUAGE_EN);

    enter(drive, hand);
    sees(drive, "line.table.runners.1", "I will say it at the counter",
         "Laps: 25");
    sees(drive, "line.table.9.1", "This slip",
         "Where it is used: At the entrance, Copies: 1");
    print(drive, hand);
    assert_true(play_paper_says(drive, "体检证明"));
    assert_true(play_paper_says(drive, "Medical"));
    assert_true(play_paper_says(drive, "The counter scans"));
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

static void test_narrow_keys(void **state)
{
    (void)state;
    narrow("58mm", HAND_KEYS);
}

static void test_sheet_touch(void **state)
{
    (void)state;
    narrow("A4", HAND_TOUCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_narrow_keys),
        cmocka_unit_test(test_sheet_touch),
    };

    return cmocka_run_group_tests_name("own slip", tests, make_world,
                                       remove_world);
}
