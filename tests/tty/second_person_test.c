/* A second person with a card of their own, through the whole program to the
 * hub: whose card is asked for, who is refused, what is changed, what is kept
 * and what is not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/i18n.h"
#include "tests/tty/drive.h"
#include "tests/tty/heard.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

#define CARD(name, number)                                                     \
    "card resident name=" name " number=" number " valid_to=long-term"
#define SPOUSE_NAME   "闻人㑇彤"
#define SPOUSE_NUMBER "410103199001010027"
#define SPOUSE        CARD(SPOUSE_NAME, SPOUSE_NUMBER)
#define CHILD_NAME    "欧阳㼆晓"
#define CHILD_NUMBER  "410103201803070048"
#define CHILD         CARD(CHILD_NAME, CHILD_NUMBER)
#define THIRD_NUMBER  "410103194506070014"
#define THIRD         CARD("公冶㑇旁", THIRD_NUMBER)

static char folder[WORLD_PATH], share[WORLD_PATH], settings[WORLD_PATH];

/* The items of the hall, and tests/tty/family-move.yaml beside them. */
static int make_family_world(void **state)
{
    char real[WORLD_PATH], items[WORLD_PATH], text[2 * WORLD_PATH];
    static struct world_said said;

    (void)state;
    world_folder(folder);
    world_join(share, folder, "share");
    world_join(settings, folder, "settings.yaml");
    world_join(items, share, "items");
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    const char *const add[] = { "/bin/cp", "tests/tty/family-move.yaml", items,
                                NULL };
    world_run(add, &said);
    snprintf(text, sizeof text, "share_folder: %s\n", share);
    world_write(settings, text, 0600);
    return said.code;
}

static int remove_family_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static bool is_in_english(struct drive *drive)
{
    const char *language =
        json_string_value(json_object_get(drive_page(drive), "language"));
    return language && strcmp(language, "en") == 0;
}

/* To the page that asks for the main person's card. */
static struct drive *start_family(int rows, int cols, enum language language)
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
        drive_wait_until(drive, is_in_english, "English");
    }
    drive_press(drive, HAND_KEYS, "item.family-move");
    drive_wait(drive, "card", "card");
    return drive;
}

/* A card that is taken, and taken back. */
static void lay_and_take_back(struct drive *drive, const char *line,
                              const char *step)
{
    drive_wait(drive, "card", step);
    person_lay(drive, line);
    drive_wait(drive, "take back", step);
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "footer.go");
}

static struct drive *to_spouse(int rows, int cols, enum language language)
{
    struct drive *drive = start_family(rows, cols, language);

    lay_and_take_back(drive, PERSON_CARD, "card");
    drive_wait(drive, "card", "spouse");
    return drive;
}

static void choose(struct drive *drive, const char *step, const char *option)
{
    drive_wait(drive, "choice", step);
    drive_press(drive, HAND_KEYS, option);
}

static void says_in(struct drive *drive, const char *id, const char *words)
{
    drive_wait_element(drive, id);
    if (!strstr(drive_text(drive, id), words))
        fail_msg("%s says: %s", id, drive_text(drive, id));
}

static void stops_with(struct drive *drive, const char *line, const char *id)
{
    person_lay(drive, line);
    drive_wait(drive, "stop", NULL);
    drive_see(drive, id);
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "card lift"));
}

static void send_family(struct drive *drive)
{
    drive_wait(drive, "review", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "result", NULL);
    person_sees(drive, "state.delivered");
}

/* ---- The way there --------------------------------------------------------- */

static void walk_family(int rows, int cols, enum language language)
{
    bool is_zh = language == LANGUAGE_ZH_CN;
    struct drive *drive = to_spouse(rows, cols, language);
    size_t mark = drive_mark(drive);

    says_in(drive, "card.whose",
            is_zh ? "请放配偶的身份证" : "the ID card of your spouse");
    says_in(drive, "card.ask",
            is_zh ? "请把配偶的身份证平放在读卡区，不要移动。"
                  : "Lay the ID card of your spouse flat");
    says_in(drive, "notice.short",
            is_zh ? "请配偶看" : "For your spouse to read");
    drive_check_painted(drive);
    lay_and_take_back(drive, SPOUSE, "spouse");
    choose(drive, "who", "option.child");
    drive_wait(drive, "card", "child_card");
    /* A child need not read: whoever brings the card is told. */
    says_in(drive, "notice.short",
            is_zh ? "，读取孩子身份证上的"
                  : "this machine reads from the card of your child: ");
    lay_and_take_back(drive, CHILD, "child_card");
    choose(drive, "school", "option.here");
    drive_wait(drive, "review", NULL);
    drive_see(drive, "change.spouse");
    assert_string_equal(drive_value(drive, "change.spouse"), "闻**彤");
    drive_see(drive, "of.spouse_number");
    assert_string_equal(drive_value(drive, "of.spouse_number"),
                        "410***********0027");
    drive_see(drive, "change.child_card");
    assert_false(drive_said(drive, mark, SPOUSE_NUMBER));
    assert_false(drive_said(drive, mark, CHILD_NAME));
    send_family(drive);
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

static void test_family(void **state)
{
    (void)state;
    walk_family(32, 100, LANGUAGE_ZH_CN);
}

static void test_family_small(void **state)
{
    (void)state;
    walk_family(15, 40, LANGUAGE_ZH_CN);
}

static void test_family_en(void **state)
{
    (void)state;
    walk_family(32, 100, LANGUAGE_EN);
}

static void test_family_small_en(void **state)
{
    (void)state;
    walk_family(15, 40, LANGUAGE_EN);
}

/* ---- Who is refused -------------------------------------------------------- */

/* Back to the page on which the card lies down. */
static void again(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "card", "spouse");
}

static void test_refused(void **state)
{
    struct drive *drive = to_spouse(32, 100, LANGUAGE_ZH_CN);

    (void)state;
    stops_with(drive, PERSON_CARD, "card.same");
    drive_press(drive, HAND_KEYS, "again");
    drive_wait(drive, "card", "spouse");
    stops_with(drive,
               "card resident name=某 number=" THIRD_NUMBER
               " valid_to=20200229",
               "card.expired");
    again(drive);
    /* Their age is asked for at the take-back page's end. */
    person_lay(drive, CHILD);
    drive_wait(drive, "take back", "spouse");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "stop", NULL);
    drive_see(drive, "stop.here");
    again(drive);
    assert_true(drive_sim(drive, "card unknown"));
    assert_true(drive_sim(drive, "clock +5s"));
    says_in(drive, "card.unknown", "放上配偶的身份证");
    assert_true(drive_sim(drive, "card lift"));
    assert_true(drive_sim(drive, "card two"));
    assert_true(drive_sim(drive, "clock +5s"));
    says_in(drive, "card.two", "只放配偶的身份证");
    assert_true(drive_sim(drive, "card lift"));
    assert_true(drive_sim(drive, "reader unplug"));
    drive_wait_element(drive, "card.away");
    assert_true(drive_sim(drive, "reader plug"));
    drive_wait_element(drive, "card.ask");
    /* Somebody else's while this one's is looked at. */
    person_lay(drive, SPOUSE);
    drive_wait(drive, "take back", "spouse");
    assert_true(drive_sim(drive, "card lift"));
    stops_with(drive, THIRD, "card.other");
    again(drive);
    lay_and_take_back(drive, SPOUSE, "spouse");
    drive_wait(drive, "choice", "who");
    assert_int_equal(drive_end(drive), 0);
}

/* "Not my spouse's" forgets them, and nobody else. */
static void test_not_theirs(void **state)
{
    struct drive *drive = to_spouse(32, 100, LANGUAGE_ZH_CN);

    (void)state;
    person_lay(drive, THIRD);
    drive_wait(drive, "take back", "spouse");
    says_in(drive, "other", "这不是配偶的身份证");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "other");
    drive_wait(drive, "card", "spouse");
    assert_null(drive_element(drive, "card.known"));
    lay_and_take_back(drive, SPOUSE, "spouse");
    choose(drive, "who", "option.couple");
    drive_wait(drive, "review", NULL);
    assert_string_equal(drive_value(drive, "card_name"), "欧**昕");
    assert_string_equal(drive_value(drive, "change.spouse"), "闻**彤");
    send_family(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* An age that only a child has, where the step takes them; and a permit. */
static void test_permit_and_minor(void **state)
{
    struct drive *drive = to_spouse(32, 100, LANGUAGE_EN);

    (void)state;
    lay_and_take_back(drive,
                      "card hmt name=某某 number=810000199004010017 "
                      "birth=19900401 valid_to=20991231",
                      "spouse");
    choose(drive, "who", "option.child");
    stops_with(drive, "card hmt number=810000199004010017 valid_to=20991231",
               "card.same");
    drive_press(drive, HAND_KEYS, "again");
    lay_and_take_back(drive, CHILD, "child_card");
    choose(drive, "school", "option.here");
    send_family(drive);
    drive_see(drive, "line.permit");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Typed instead --------------------------------------------------------- */

static void type_number(struct drive *drive, const char *number)
{
    drive_press(drive, HAND_KEYS, "without");
    drive_wait_element(drive, "type");
    drive_press(drive, HAND_KEYS, "type");
    drive_wait_element(drive, "number");
    says_in(drive, "number.title", "配偶");
    drive_type(drive, HAND_KEYS, number);
}

static void confirm_number(struct drive *drive)
{
    drive_wait_element(drive, "confirm.value");
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
}

static void test_typed(void **state)
{
    struct drive *drive = to_spouse(32, 100, LANGUAGE_ZH_CN);

    (void)state;
    type_number(drive, PERSON_NUMBER);
    drive_wait(drive, "stop", NULL);
    drive_see(drive, "card.same");
    again(drive);
    type_number(drive, SPOUSE_NUMBER);
    confirm_number(drive);
    choose(drive, "who", "option.child");
    /* Nobody types a child's here. */
    drive_wait(drive, "card", "child_card");
    drive_press(drive, HAND_KEYS, "without");
    drive_wait_element(drive, "counter");
    assert_null(drive_element(drive, "type"));
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "card", "child_card");
    stops_with(drive, SPOUSE, "card.same");
    drive_press(drive, HAND_KEYS, "again");
    lay_and_take_back(drive, CHILD, "child_card");
    choose(drive, "school", "option.here");
    drive_wait(drive, "review", NULL);
    assert_string_equal(drive_value(drive, "change.spouse"),
                        "410***********0027");
    send_family(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Changed, and gone ------------------------------------------------------ */

/* Of a family of three to the review. */
static struct drive *to_review(void)
{
    struct drive *drive = to_spouse(32, 100, LANGUAGE_ZH_CN);

    lay_and_take_back(drive, SPOUSE, "spouse");
    choose(drive, "who", "option.child");
    lay_and_take_back(drive, CHILD, "child_card");
    choose(drive, "school", "option.here");
    drive_wait(drive, "review", NULL);
    return drive;
}

static void test_changed(void **state)
{
    struct drive *drive = to_review();

    (void)state;
    drive_press(drive, HAND_KEYS, "change.spouse");
    drive_wait(drive, "card", "spouse");
    says_in(drive, "card.known", "闻**彤");
    drive_press(drive, HAND_KEYS, "footer.back"); /* kept */
    drive_wait(drive, "review", NULL);
    assert_string_equal(drive_value(drive, "change.spouse"), "闻**彤");
    drive_press(drive, HAND_KEYS, "change.spouse");
    lay_and_take_back(drive, THIRD, "spouse");
    drive_wait(drive, "review", NULL);
    assert_string_equal(drive_value(drive, "change.spouse"), "公**旁");
    /* Without a child, the child is not kept: it is told before. */
    drive_press(drive, HAND_KEYS, "change.who");
    drive_wait(drive, "choice", "who");
    drive_press(drive, HAND_KEYS, "option.couple");
    drive_wait_element(drive, "falls.child_card");
    drive_check_painted(drive);
    says_in(drive, "falls.child_card", "孩子");
    drive_press(drive, HAND_KEYS, "change");
    drive_wait(drive, "review", NULL);
    assert_null(drive_element(drive, "change.child_card"));
    send_family(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* Another matter of the same person knows nobody else. */
static void test_another_matter(void **state)
{
    struct drive *drive = to_review();

    (void)state;
    send_family(drive);
    drive_press(drive, HAND_KEYS, "no-paper");
    person_to_bye(drive);
    size_t mark = drive_mark(drive);
    drive_press(drive, HAND_KEYS, "again");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "item.family-move");
    drive_wait(drive, "card", "spouse"); /* the own card is known */
    assert_null(drive_element(drive, "card.known"));
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "held");
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_gone(drive, "held");
    drive_see(drive, "card_number");
    assert_null(drive_element(drive, "held.spouse.number"));
    assert_false(drive_said(drive, mark, "闻"));
    assert_int_equal(drive_end(drive), 0);
}

/* What the machine holds names them, and what ends the session takes them. */
static void test_held_and_ended(void **state)
{
    struct drive *drive = to_review();

    (void)state;
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "held");
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_gone(drive, "held");
    drive_see(drive, "held.spouse.name");
    assert_string_equal(drive_value(drive, "held.spouse.name"), "闻**彤");
    drive_press(drive, HAND_KEYS, "erase");
    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "item.family-move");
    lay_and_take_back(drive, SPOUSE, "card"); /* anybody begins */
    drive_wait(drive, "card", "spouse");
    assert_null(drive_element(drive, "card.known"));
    assert_int_equal(drive_end(drive), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_family),
        cmocka_unit_test(test_family_small),
        cmocka_unit_test(test_family_en),
        cmocka_unit_test(test_family_small_en),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_not_theirs),
        cmocka_unit_test(test_permit_and_minor),
        cmocka_unit_test(test_typed),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_another_matter),
        cmocka_unit_test(test_held_and_ended),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("second person", tests,
                                       make_family_world, remove_family_world);
}
