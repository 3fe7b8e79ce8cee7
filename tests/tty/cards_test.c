/* Cards that cannot be used so, cards that only look odd, and a reader that
 * goes away: what the person is told, and that the walk goes on. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "tests/tty/person.h"

#include <stdio.h>
#include <string.h>

static struct drive *start(void)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static void says(struct drive *drive, const char *id, const char *words)
{
    drive_wait_element(drive, id);
    if (!strstr(drive_text(drive, id), words))
        fail_msg("%s says: %s", id, drive_text(drive, id));
    drive_check_painted(drive);
}

/* A stop page has its four parts: what happened and why, what was not done,
 * the ways on. */
static void stops(struct drive *drive, const char *id, const char *words)
{
    drive_wait(drive, "stop", NULL);
    says(drive, id, words);
    assert_true(*drive_text(drive, "stop.done"));
    assert_non_null(drive_element(drive, "other-item"));
    assert_non_null(drive_element(drive, "footer.help"));
    assert_non_null(drive_element(drive, "footer.end"));
}

/* The end: nothing of this card may bind the next person. */
static void end_here(struct drive *drive)
{
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait_element(drive, "end.confirm"); /* an answer was not sent */
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
}

/* A card that is read well, and whose owner this item does not serve. */
static void is_not_served(struct drive *drive, const char *line,
                          const char *words)
{
    person_to_card(drive);
    person_lay(drive, line);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "footer.go");
    stops(drive, "stop.here", words);
    end_here(drive);
}

static void finish(struct drive *drive)
{
    person_lay(drive, PERSON_CARD);
    person_to_street(drive);
    person_to_review(drive);
    person_send(drive);
    person_sees(drive, "state.delivered");
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
}

static void test_expired(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    person_lay(drive, "card resident number=110101196003070011 "
                      "valid_to=20200229");
    stops(drive, "card.expired", "2020年02月29日");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "card", "card");
    finish(drive);
}

/* The card of somebody who is so old today. */
static const char *aged(int years)
{
    static char line[128];
    struct clock_fields today = clock_split(clock_wall_ms());

    snprintf(line, sizeof line,
             "card resident birth=%04d0101 valid_to=20991231",
             today.year - years);
    return line;
}

static void test_children(void **state)
{
    struct drive *drive = start();
    (void)state;

    is_not_served(drive, aged(13), "14");
    is_not_served(drive, aged(15), "16");
    person_to_card(drive);
    person_lay(drive, aged(16));
    person_to_street(drive);
    assert_int_equal(drive_end(drive), 0);
}

static void begins(struct drive *drive, const char *item)
{
    if (strcmp(drive_screen(drive), "attract") == 0)
        drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, item);
}

/* A page that items share: no item lets somebody so young through by saying
 * nothing. */
static void is_too_young(struct drive *drive, int years, const char *id)
{
    person_lay(drive, aged(years));
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "footer.go");
    stops(drive, id, "窗口");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
}

static void test_children_everywhere(void **state)
{
    static const struct {
        int years;
        const char *id;
    } young[] = { { 13, "card.child" }, { 15, "card.minor" } };
    struct drive *drive = start();
    (void)state;

    for (size_t i = 0; i < sizeof young / sizeof *young; i++) {
        begins(drive, "item.si-insured-proof");
        drive_wait(drive, "guide", "guide");
        drive_press(drive, HAND_KEYS, "footer.go");
        drive_wait(drive, "card", "card");
        is_too_young(drive, young[i].years, young[i].id);
        begins(drive, "item.case-progress");
        drive_wait(drive, "choice", "how");
        drive_press(drive, HAND_KEYS, "option.card");
        drive_wait(drive, "card", "card");
        is_too_young(drive, young[i].years, young[i].id);
    }
    assert_int_equal(drive_end(drive), 0);
}

static void test_other_permits(void **state)
{
    struct drive *drive = start();
    (void)state;

    is_not_served(drive, "card hmt", "港澳台");
    is_not_served(drive, "card foreigner-2017", "外国人");
    is_not_served(drive, "card foreigner-2023", "外国人");
    person_to_card(drive);
    finish(drive);
}

static void test_no_id_card(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    person_lay(drive, "card unknown");
    says(drive, "card.unknown", "身份证");
    assert_true(drive_sim(drive, "card lift"));
    person_lay(drive, "card two");
    says(drive, "card.two", "身份证");
    assert_true(drive_sim(drive, "card lift"));
    finish(drive);
}

static void test_lifted_too_early(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    assert_true(drive_sim(drive, PERSON_CARD));
    assert_true(drive_sim(drive, "card lift"));
    says(drive, "card.retry", "卡套");
    assert_string_equal(drive_screen(drive), "card");
    finish(drive);
}

static void test_unknown_ethnic_group(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    person_lay(drive, PERSON_CARD " ethnic=77");
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "other");
    drive_wait(drive, "card", "card");
    finish(drive);
}

static bool is_shown(struct drive *drive)
{
    return !strstr(drive_value(drive, "card.name"), "*") &&
           *drive_value(drive, "card.name");
}

/* Lays the card down, asks for the name in full, and puts it back. */
static void shows_name(struct drive *drive, const char *name, const char *shown)
{
    char line[256];

    snprintf(line, sizeof line, "card resident name=%s valid_to=long-term",
             name);
    person_lay(drive, line);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "show");
    drive_wait_until(drive, is_shown, "the name in full");
    assert_string_equal(drive_value(drive, "card.name"), shown);
    assert_true(drive_sim(drive, "card lift"));
}

static void test_rare_names(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    shows_name(drive, "𠮷𪚥\xed\xa0\x80", "𠮷𪚥〓");
    drive_press(drive, HAND_KEYS, "other");
    drive_wait(drive, "card", "card");
    /* Seven of two units each and half of one: the card has no more room. */
    shows_name(drive, "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷〓");
    person_to_street(drive);
    person_to_review(drive);
    person_send(drive);
    person_sees(drive, "state.delivered");
    drive_press(drive, HAND_KEYS, "footer.go");
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), 1);
    assert_int_equal(drive_end(drive), 0);
}

/* A number typed for the first item; for the second, somebody else's card. */
static void test_another_person(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    drive_press(drive, HAND_KEYS, "without");
    drive_wait(drive, "ways", NULL);
    drive_press(drive, HAND_KEYS, "type");
    drive_wait(drive, "field", "card");
    drive_type(drive, HAND_KEYS, PERSON_NUMBER);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "county");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "card", "card");
    person_lay(drive, "card resident number=110101196003070011");
    stops(drive, "card.other", "不是刚才那位");
    end_here(drive);
    person_to_card(drive);
    finish(drive);
}

/* The reader fails while the person looks at what it read; another person's
 * card is noticed all the same. */
static void test_another_after_a_fault(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "reader unplug"));
    assert_true(drive_sim(drive, "reader plug"));
    assert_true(drive_sim(drive, "card lift"));
    person_lay(drive, "card resident number=110101196003070011");
    stops(drive, "card.other", "不是刚才那位");
    end_here(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* An expired card of somebody else does not make the first person forgotten. */
static void test_another_expired(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "reader unplug"));
    assert_true(drive_sim(drive, "reader plug"));
    assert_true(drive_sim(drive, "card lift"));
    person_lay(drive, "card resident number=110101196003070011 "
                      "valid_to=20200229");
    stops(drive, "card.other", "不是刚才那位");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "card", "card");
    person_lay(drive, "card resident number=110101196003070011");
    stops(drive, "card.other", "不是刚才那位");
    end_here(drive);
    assert_int_equal(drive_end(drive), 0);
}

static void test_reader_unplugged(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_card(drive);
    assert_true(drive_sim(drive, "reader unplug"));
    says(drive, "card.away", "自动");
    assert_true(*drive_text(drive, "header.trouble"));
    assert_true(drive_sim(drive, "reader plug"));
    drive_wait_element(drive, "card.ask");
    /* In the middle of a reading: it begins anew, nothing is pressed. */
    assert_true(drive_sim(drive, PERSON_CARD));
    assert_true(drive_sim(drive, "reader unplug"));
    drive_wait_element(drive, "card.away");
    assert_true(drive_sim(drive, "reader plug"));
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "other");
    drive_wait(drive, "card", "card");
    finish(drive);
}

static void test_laid_down_before(void **state)
{
    struct drive *drive = start();
    (void)state;

    assert_true(drive_sim(drive, PERSON_CARD));
    person_to_card(drive);
    assert_true(drive_sim(drive, "clock +5s"));
    person_to_street(drive);
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expired),
        cmocka_unit_test(test_children),
        cmocka_unit_test(test_children_everywhere),
        cmocka_unit_test(test_other_permits),
        cmocka_unit_test(test_no_id_card),
        cmocka_unit_test(test_lifted_too_early),
        cmocka_unit_test(test_unknown_ethnic_group),
        cmocka_unit_test(test_rare_names),
        cmocka_unit_test(test_another_person),
        cmocka_unit_test(test_another_after_a_fault),
        cmocka_unit_test(test_another_expired),
        cmocka_unit_test(test_reader_unplugged),
        cmocka_unit_test(test_laid_down_before),
    };
    return cmocka_run_group_tests_name("cards", tests, NULL, NULL);
}
