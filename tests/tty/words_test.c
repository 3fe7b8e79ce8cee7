/* What pages say is true, and the same as what was said elsewhere: what the
 * slip tells somebody to do, whom to ask, what was and was not done. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *wanted;

enum { LOOKS_MOST = 4000 }; /* the office needs a moment, of real time */

static struct drive *start(void)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static void press(struct drive *drive, const char *screen, const char *id)
{
    drive_wait(drive, screen, NULL);
    drive_press(drive, HAND_KEYS, id);
}

static void says(struct drive *drive, const char *id, const char *words)
{
    drive_see(drive, id);
    if (!strstr(drive_text(drive, id), words) &&
        !strstr(drive_value(drive, id), words))
        fail_msg("%s says: %s %s", id, drive_text(drive, id),
                 drive_value(drive, id));
    drive_check_painted(drive);
}

static json_int_t left; /* the page that was left */

static bool is_another(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page")) !=
           left;
}

/* ---- A case under way ---------------------------------------------------- */

/* An application that was delivered; its person is still at the machine. */
static struct drive *applied(void)
{
    struct drive *drive = start();

    person_apply(drive);
    person_sees(drive, "state.delivered");
    person_leave(drive);
    return drive;
}

static void to_case(struct drive *drive)
{
    press(drive, "attract", "attract.begin");
    press(drive, "home", "item.case-progress");
    press(drive, "choice", "option.card");
    drive_wait(drive, "card", "card");
    person_lay(drive, PERSON_CARD);
    press(drive, "take back", "footer.go");
    drive_wait_element(drive, "case.0");
    drive_press(drive, HAND_KEYS, "case.0");
    drive_wait(drive, "progress", "cases");
}

/* Until the police station has begun: the same as on the slip. */
static void test_delivered_says_come(void **state)
{
    struct drive *drive = applied();
    (void)state;

    to_case(drive);
    says(drive, "line.next", "请带下面的原件，到卧龙区");
    says(drive, "line.paper_lease", "租赁合同");
    says(drive, "line.limit", "自受理之日起");
    says(drive, "line.contact", "12345");
    says(drive, "line.complain", "12345");
    assert_int_equal(drive_end(drive), 0);
}

/* The list is asked for anew until the office has done it. */
static void look_again(struct drive *drive)
{
    press(drive, "progress", "footer.back");
    press(drive, "choice", "option.card");
    drive_wait_element(drive, "case.0");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "option.card");
    drive_press(drive, HAND_KEYS, "option.card");
    drive_wait_element(drive, "case.0");
    drive_press(drive, HAND_KEYS, "case.0");
    drive_wait(drive, "progress", "cases");
}

static void to_state(struct drive *drive, const char *words)
{
    for (int i = 0; i < LOOKS_MOST; i++) {
        if (strstr(drive_text(drive, "case.state"), words))
            return;
        look_again(drive);
    }
    fail_msg("the case never came to %s", words);
}

/* What the office is told to do, it does, in that order, wherever the clock is
 * moved to before it is done. */
static void test_office_and_the_clock(void **state)
{
    struct drive *drive = applied();
    (void)state;

    assert_true(drive_sim(drive, "case accepted"));
    assert_true(drive_sim(drive, "case correct"));
    assert_true(drive_sim(drive, "clock +30s"));
    to_case(drive);
    to_state(drive, "补正");
    assert_int_equal(drive_end(drive), 0);
}

/* Without a word of the office's nothing "above" says what to do; and a slip
 * that does not come out makes nothing done that waits for a paper. */
static void test_correction_without_words(void **state)
{
    struct drive *drive = applied();
    (void)state;

    assert_true(drive_sim(drive, "case correct"));
    to_case(drive);
    to_state(drive, "补正");
    says(drive, "case.next", "请向下面的单位问清要补什么");
    assert_null(drive_element(drive, "line.next"));
    assert_true(drive_sim(drive, "printer die 1"));
    drive_press(drive, HAND_KEYS, "reprint");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +9s"));
    drive_wait(drive, "paper", NULL);
    assert_string_equal(drive_text(drive, "print.failed"),
                        "没有打印成功，您的办件不受影响。");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Help on pages that are written on ------------------------------------ */

/* 0 writes there; by # and 0 the help page is reached all the same, with ten
 * keys alone. */
static void asks_help(struct drive *drive)
{
    press(drive, "field", "footer.go");
    press(drive, "ways", "footer.help");
    drive_wait(drive, "help", NULL);
    drive_press(drive, HAND_KEYS, "contrast");
    press(drive, "ways", "footer.back");
    drive_wait(drive, "field", NULL);
}

static void test_help_where_keys_write(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_description(drive);
    asks_help(drive);
    drive_press(drive, HAND_TOUCH, "footer.end");
    press(drive, "stop", "end");
    press(drive, "attract", "attract.begin");
    press(drive, "home", "item.si-insured-proof");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "card", NULL);
    person_lay(drive, PERSON_CARD);
    press(drive, "take back", "footer.go");
    press(drive, "check", "code");
    drive_wait(drive, "field", "check");
    asks_help(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Answers that were not sent ------------------------------------------ */

static void back_home(struct drive *drive)
{
    for (int i = 0; strcmp(drive_screen(drive), "home") != 0; i++) {
        json_int_t page =
            json_integer_value(json_object_get(drive_page(drive), "page"));
        assert_true(i < 20);
        drive_press(drive, HAND_KEYS, "footer.back");
        left = page;
        drive_wait_until(drive, is_another, "the page before");
    }
}

/* Another tile asks before it takes what was entered for the first. */
static void test_another_tile_asks(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_description(drive);
    back_home(drive);
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait(drive, "stop", NULL);
    says(drive, "end.confirm", "全部清除");
    says(drive, "change", "居住证申领");
    drive_press(drive, HAND_KEYS, "stay");
    drive_wait(drive, "guide", "guide");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "choice", "kind");
    assert_true(json_is_true(
        json_object_get(drive_element(drive, "option.complaint"), "chosen")));
    back_home(drive);
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait_element(drive, "end.confirm");
    drive_press(drive, HAND_KEYS, "change");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "choice", "registered");
    back_home(drive); /* nothing was answered here: nothing to lose */
    drive_press(drive, HAND_KEYS, "item.hotline-12345");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "choice", "kind");
    assert_false(json_is_true(
        json_object_get(drive_element(drive, "option.complaint"), "chosen")));
    assert_int_equal(drive_end(drive), 0);
}

/* So do the ends on a stop page and under the cover. */
static void test_every_end_asks(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_description(drive);
    drive_press(drive, HAND_TOUCH, "footer.cover");
    drive_wait_element(drive, "cover.title");
    drive_press(drive, HAND_KEYS, "cover.go");
    drive_wait_element(drive, "cover.ask");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait_element(drive, "end.confirm");
    assert_null(drive_element(drive, "header.item")); /* it stays covered */
    drive_press(drive, HAND_KEYS, "end");
    press(drive, "attract", "attract.begin");
    press(drive, "home", "item.residence-permit");
    press(drive, "guide", "footer.go");
    press(drive, "choice", "option.no");
    drive_wait(drive, "stop", NULL);
    assert_non_null(
        drive_element(drive, "other-item"));    /* two told in words, */
    assert_null(drive_element(drive, "staff")); /* and this one: three in all */
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait_element(drive, "end.confirm");
    drive_press(drive, HAND_KEYS, "stay");
    drive_wait_element(drive, "stop.here");
    drive_press(drive, HAND_KEYS, "footer.back");
    press(drive, "choice", "option.yes");
    drive_wait(drive, "card", "card");
    person_lay(drive, "card resident valid_to=20200229");
    drive_wait_element(drive, "card.expired");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "end");
    drive_wait_element(drive, "end.confirm");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- What does not work ----------------------------------------------------- */

static bool has_trouble(struct drive *drive)
{
    return drive_element(drive, "header.trouble") &&
           strstr(drive_text(drive, "header.trouble"), wanted);
}

static void breaks(struct drive *drive, const char *line, const char *header)
{
    assert_true(drive_sim(drive, line));
    wanted = header;
    drive_wait_until(drive, has_trouble, header);
}

/* A tile that is off says what else there is; a guide why, of the printer that
 * its item needs, and speaks of a receipt only where there is one. */
static void test_no_paper_and_what_else(void **state)
{
    struct drive *drive = start();
    const char *note;
    (void)state;

    press(drive, "attract", "attract.begin");
    drive_wait(drive, "home", NULL);
    breaks(drive, "paper out", "缺纸");
    drive_see(drive, "item.si-insured-proof");
    note = json_string_value(
        json_object_get(drive_element(drive, "item.si-insured-proof"), "note"));
    assert_non_null(strstr(note, "窗口办理"));
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait(drive, "guide", NULL);
    says(drive, "guide.printer", "打印机没有纸");
    says(drive, "guide.receipt", "屏幕");
    assert_int_equal(drive_end(drive), 0);
}

/* Nobody waits for help of which nobody knows. */
static void test_help_cannot_be_told(void **state)
{
    struct drive *drive = start();
    (void)state;

    press(drive, "attract", "attract.begin");
    drive_wait(drive, "home", NULL);
    breaks(drive, "network down", "网络");
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait(drive, "help", NULL);
    drive_press(drive, HAND_KEYS, "staff");
    drive_wait_element(drive, "staff.number");
    says(drive, "staff.untold", "通知不到");
    assert_null(drive_element(drive, "staff.told"));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- The card, once more ------------------------------------------------------ */

/* Only the number was kept of it: the next matter needs more, and says so. */
static void test_card_once_more(void **state)
{
    struct drive *drive = applied();
    (void)state;

    to_case(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "bye", NULL);
    says(drive, "bye.person", "有的事还要再放一次身份证");
    drive_press(drive, HAND_KEYS, "again");
    press(drive, "home", "item.si-insured-proof");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "card", NULL);
    says(drive, "notice.short", "姓名、身份证号码");
    person_lay(drive, "card unknown");
    drive_wait_element(drive, "card.unknown");
    says(drive, "notice.short", "办完从本机清除");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Nine, and a way round ------------------------------------------------------ */

static const char nine[] =
    "id: nine\nversion: 1\norder: 1\n"
    "title: {zh_CN: 九, en: Nine}\nsummary: {zh_CN: 九, en: Nine}\n"
    "bring: {zh_CN: 不用, en: Nothing}\nauthority: {zh_CN: 局, en: Bureau}\n"
    "unit: {zh_CN: 处, en: Unit}\ncontact: {zh_CN: 处, en: Unit}\n"
    "needs: {network: wished, reader: no, printer: wished}\n"
    "assurance: none\nsteps:\n"
    "  - id: which\n    screen: choice\n    ask: {zh_CN: 哪个, en: Which}\n"
    "    label: {zh_CN: 哪个, en: Which}\n    way: {zh_CN: 不清楚, en: "
    "Unsure}\n"
    "    options:\n";

static void write_nine(const char *folder)
{
    char path[WORLD_PATH], text[4096], to[WORLD_PATH];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", nine);

    for (int i = 1; i <= 9; i++)
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "      - {value: v%d, text: {zh_CN: 第%d, en: "
                                "Number %d}}\n",
                                i, i, i);
    snprintf(text + len, sizeof text - len,
             "  - {id: review, screen: review}\n  - {id: send, screen: send}\n"
             "  - id: result\n    screen: result\n    lines:\n"
             "      - {id: next, label: {zh_CN: 下一步, en: Next}, text: "
             "{zh_CN: 等, en: Wait}}\n");
    world_join(path, folder, "items");
    assert_int_equal(mkdir(path, 0700), 0);
    world_join(to, path, "lists");
    assert_int_equal(mkdir(to, 0700), 0);
    world_join(to, path, "nine.yaml");
    world_write(to, text, 0600);
    world_join(path, folder, "locales");
    const char *build = getenv("KIOSK_BUILD");
    char own[WORLD_PATH];
    world_join(own, build ? build : "build", "share/locales");
    char *locales = realpath(own, NULL);
    assert_non_null(locales);
    assert_int_equal(symlink(locales, path), 0);
    free(locales);
}

/* With the way round it is ten: two digits for all, so that each is reached. */
static void test_way_beside_nine(void **state)
{
    char folder[WORLD_PATH], settings[WORLD_PATH], text[WORLD_PATH + 32];
    (void)state;

    world_folder(folder);
    write_nine(folder);
    snprintf(text, sizeof text, "share_folder: %s\n", folder);
    world_join(settings, folder, "settings.yaml");
    world_write(settings, text, 0600);
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .settings = settings };
    struct drive *drive = drive_start(&options);
    press(drive, "attract", "attract.begin");
    press(drive, "home", "item.nine");
    drive_wait(drive, "choice", "which");
    assert_string_equal(json_string_value(json_object_get(
                            drive_element(drive, "option.v1"), "key")),
                        "11");
    drive_press(drive, HAND_KEYS, "way");
    drive_wait(drive, "review", "review");
    assert_string_equal(drive_value(drive, "change.which"), "不清楚");
    says(drive, "review.means", "提交不代表已经受理");
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delivered_says_come),
        cmocka_unit_test(test_correction_without_words),
        cmocka_unit_test(test_office_and_the_clock),
        cmocka_unit_test(test_help_where_keys_write),
        cmocka_unit_test(test_another_tile_asks),
        cmocka_unit_test(test_every_end_asks),
        cmocka_unit_test(test_no_paper_and_what_else),
        cmocka_unit_test(test_help_cannot_be_told),
        cmocka_unit_test(test_card_once_more),
        cmocka_unit_test(test_way_beside_nine),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
