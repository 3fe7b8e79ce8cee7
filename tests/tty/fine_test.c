/* A record chosen from those that the office has, through the whole program by
 * ten keys: none, one and several; looked at again; the office away; to the
 * hub, which looks at what was chosen again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/payments.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

/* The demonstration's hub knows by the sequence who has how many. */
#define HAS_ONE                                                                \
    "card resident name=某某 number=411303199003070017 valid_to=long-term"
#define HAS_SEVERAL                                                            \
    "card resident name=某某 number=411303199003070025 valid_to=long-term"
#define HAS_NONE                                                               \
    "card resident name=某某 number=411303199003070033 valid_to=long-term"

static char folder[WORLD_PATH], settings[WORLD_PATH];

static int make_item(void **state)
{
    static const char item[] = "tests/tty/fine.yaml";
    char real[WORLD_PATH], share[WORLD_PATH], path[WORLD_PATH];
    char text[2 * WORLD_PATH];
    static struct world_said said;

    (void)state;
    world_folder(folder);
    world_join(share, folder, "share");
    world_join(settings, folder, "settings.yaml");
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    world_join(path, share, "items");
    const char *const add[] = { "/bin/cp", item, path, NULL };
    world_run(add, &said);
    snprintf(text, sizeof text, "share_folder: %s\n", share);
    world_write(settings, text, 0600);
    return said.code;
}

static int remove_item(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

struct way {
    bool is_english;
    int rows, cols;
};

static const struct way ways[] = {
    { true, 15, 40 }, { false, 15, 40 }, { true, 32, 100 }, { false, 32, 100 }
};

static const char *words(const struct way *way, const char *zh, const char *en)
{
    return way->is_english ? en : zh;
}

static void says(struct drive *drive, const char *element, const char *text)
{
    drive_see(drive, element);
    if (!strstr(drive_text(drive, element), text))
        fail_msg("%s: %s", element, drive_text(drive, element));
}

static struct drive *start(const struct way *way)
{
    const struct drive_options options = { .rows = way->rows,
                                           .cols = way->cols,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    person_awaits_hub(drive);
    return drive;
}

/* From the attract page to "take back your card". */
static void lay(struct drive *drive, const struct way *way, const char *card)
{
    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (way->is_english) {
        drive_press(drive, HAND_KEYS, "footer.help");
        drive_wait(drive, "help", NULL);
        drive_press(drive, HAND_KEYS, "language");
        drive_wait(drive, "home", NULL);
    }
    drive_press(drive, HAND_KEYS, "item.fine");
    drive_wait(drive, "card", "card");
    person_lay(drive, card);
    drive_wait(drive, "take back", "card");
}

static bool is_past_rows(struct drive *drive)
{
    return strcmp(drive_step(drive), "paying") == 0 ||
           strcmp(drive_step(drive), "large") == 0;
}

/* The page asks again by itself, and believes the office only. */
static bool is_paid(struct drive *drive)
{
    assert_true(drive_sim(drive, "clock +4s"));
    return strcmp(drive_screen(drive), "review") == 0;
}

static void pay(struct drive *drive)
{
    assert_true(drive_sim(drive, "cashier pay"));
    drive_wait_until(drive, is_paid, "the review, once it is paid");
}

/* From "take back your card" to the page on which the first row is paid. */
static void to_payment(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "record.0");
    drive_press(drive, HAND_KEYS, "record.0");
    drive_wait_until(drive, is_past_rows, "the question or the payment");
    if (strcmp(drive_step(drive), "large") == 0)
        drive_press(drive, HAND_KEYS, "option.no");
    drive_wait(drive, "payment", "paying");
    drive_wait_element(drive, "payment.wait");
}

/* Whoever looks back sees that it is paid, is not asked to pay, not sent on, and
 * comes no further back: it can be changed no more. */
static void look_back(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "payment", "paying");
    drive_wait_element(drive, "payment.paid");
    assert_true(drive_sim(drive, "clock +10s"));
    drive_see(drive, "payment.paid");
    assert_null(drive_element(drive, "payment.wait"));
    assert_null(drive_element(drive, "qr"));
    assert_null(drive_element(drive, "footer.back"));
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", "review");
}

/* A row is chosen, paid, and sent with what the office said of it. */
static void choose_and_send(struct drive *drive, const char *row)
{
    char shown[512];

    drive_see(drive, row);
    snprintf(shown, sizeof shown, "%s", drive_text(drive, row));
    drive_press(drive, HAND_KEYS, row);
    drive_wait_until(drive, is_past_rows, "the question or the payment");
    if (strcmp(drive_step(drive), "large") == 0)
        drive_press(drive, HAND_KEYS, "option.no");
    drive_wait(drive, "payment", "paying");
    drive_wait_element(drive, "payment.wait");
    pay(drive);
    drive_wait(drive, "review", "review");
    drive_see(drive, "computed.decision_what");
    assert_non_null(
        strstr(shown, drive_value(drive, "computed.decision_what")));
    drive_see(drive, "computed.decision_fen");
    assert_non_null(strstr(shown, drive_value(drive, "computed.decision_fen")));
    look_back(drive);
    drive_see(drive, "review.means");
    assert_null(strstr(drive_text(drive, "review.means"), "受理"));
    drive_press(drive, HAND_KEYS, "footer.go");
    person_sees(drive, "state.delivered");
    assert_null(strstr(drive_text(drive, "state.delivered"), "受理"));
}

static void test_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct drive *drive = start(&ways[i]);

        lay(drive, &ways[i], HAS_ONE);
        drive_press(drive, HAND_KEYS, "footer.go");
        drive_wait(drive, "choice", "decision");
        drive_wait_element(drive, "record.0");
        drive_check_painted(drive);
        says(drive, "record.0", words(&ways[i], "未缴", "not paid yet"));
        says(drive, "record.day", words(&ways[i], "查到的情况", "knew on"));
        assert_null(drive_element(drive, "record.1"));
        choose_and_send(drive, "record.0");
        says(drive, "state.delivered",
             words(&ways[i], "款已缴清", "What you paid for is settled"));
        says(drive, "receipt.meaning",
             words(&ways[i], "本回执证明款已收到", "payment was received"));
        assert_int_equal(drive_end(drive), 0);
    }
}

static void test_several(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct drive *drive = start(&ways[i]);

        lay(drive, &ways[i], HAS_SEVERAL);
        drive_press(drive, HAND_KEYS, "footer.go");
        drive_wait(drive, "choice", "decision");
        drive_wait_element(drive, "record.0");
        choose_and_send(drive, "record.1");
        assert_int_equal(drive_end(drive), 0);
    }
}

/* The item ends well; who goes back sees why, and can go on again. */
static void test_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct drive *drive = start(&ways[i]);

        lay(drive, &ways[i], HAS_NONE);
        drive_press(drive, HAND_KEYS, "footer.go");
        drive_wait_element(drive, "closing.contact");
        drive_press(drive, HAND_KEYS, "footer.back");
        drive_wait_element(drive, "record.none");
        drive_check_painted(drive);
        drive_press(drive, HAND_KEYS, "footer.go");
        drive_wait_element(drive, "closing.contact");
        assert_int_equal(drive_end(drive), 0);
    }
}

/* Nothing is claimed of what nobody could ask; and it can be tried again. */
static void test_away(void **state)
{
    const struct way *way = &ways[1];
    struct drive *drive = start(way);

    (void)state;
    lay(drive, way, HAS_ONE);
    assert_true(drive_sim(drive, "network down"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "stop", "decision");
    drive_wait_element(drive, "service.away");
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "network up"));
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "record.0");
    assert_int_equal(drive_end(drive), 0);
}

/* Who walked away leaves nothing of what the office told to the next. */
static void test_walked_away(void **state)
{
    const struct way *way = &ways[3];
    struct drive *drive = start(way);
    char row[512];
    size_t mark;

    (void)state;
    lay(drive, way, HAS_ONE);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "record.0");
    snprintf(row, sizeof row, "%s", drive_text(drive, "record.0"));
    person_comes_to(drive, "attract.begin");
    mark = drive_mark(drive);
    lay(drive, way, HAS_NONE);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "closing.contact");
    assert_false(drive_said(drive, mark, row));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Payments that do not come as they should ------------------------------- */

static bool is_over(struct drive *drive)
{
    assert_true(drive_sim(drive, "clock +4s"));
    return drive_element(drive, "payment.expired") != NULL;
}

/* Who stays awake sees the code grow old. */
static void test_late(void **state)
{
    const struct way *way = &ways[2];
    struct drive *drive = start(way);

    (void)state;
    lay(drive, way, HAS_ONE);
    to_payment(drive);
    for (int i = 0; i < 4; i++) {
        assert_true(drive_sim(drive, "clock +250s"));
        drive_press(drive, HAND_KEYS, "footer.help");
        drive_wait(drive, "help", NULL);
        drive_press(drive, HAND_KEYS, "footer.back");
        drive_wait(drive, "payment", "paying");
    }
    drive_wait_until(drive, is_over, "that the code is too old");
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "cashier pay"));
    payments_say(drive, "GIVE BACK 1 times");
    drive_press(drive, HAND_KEYS, "anew");
    drive_wait_element(drive, "payment.wait");
    pay(drive);
    payments_say(drive, "PAID, receipt");
    assert_int_equal(drive_end(drive), 0);
}

static void test_after_the_session(void **state)
{
    const struct way *way = &ways[3];
    struct drive *drive = start(way);

    (void)state;
    lay(drive, way, HAS_ONE);
    to_payment(drive);
    person_comes_to(drive, "attract.begin"); /* walked away */
    assert_true(drive_sim(drive, "cashier pay"));
    payments_say(drive, "PAID, receipt");
    lay(drive, way, HAS_ONE);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "record.0");
    says(drive, "record.0", "已缴");
    drive_press(drive, HAND_KEYS, "record.0");
    drive_wait_element(drive, "closing.contact"); /* nothing is left to pay */
    assert_int_equal(drive_end(drive), 0);
}

static void test_twice(void **state)
{
    const struct way *way = &ways[1];
    struct drive *drive = start(way);

    (void)state;
    lay(drive, way, HAS_ONE);
    to_payment(drive);
    drive_check_painted(drive);
    pay(drive);
    /* What it was paid for can be changed no more. */
    assert_non_null(drive_element(drive, "change.decision"));
    assert_null(
        json_object_get(drive_element(drive, "change.decision"), "key"));
    assert_true(drive_sim(drive, "cashier pay"));
    payments_say(drive, "GIVE BACK 1 times");
    payments_say(drive, "PAID, receipt");
    drive_press(drive, HAND_KEYS, "footer.go");
    person_sees(drive, "state.delivered");
    assert_int_equal(drive_end(drive), 0);
}

/* The office is away in the middle: nothing is claimed, nothing is lost. */
static void test_away_in_the_middle(void **state)
{
    const struct way *way = &ways[0];
    struct drive *drive = start(way);

    (void)state;
    lay(drive, way, HAS_ONE);
    to_payment(drive);
    assert_true(drive_sim(drive, "network down"));
    assert_true(drive_sim(drive, "cashier pay"));
    assert_true(drive_sim(drive, "clock +4s"));
    drive_wait_element(drive, "payment.away");
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "network up"));
    drive_wait_until(drive, is_paid, "the review, once it is paid");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_away),
        cmocka_unit_test(test_walked_away),
        cmocka_unit_test(test_after_the_session),
        cmocka_unit_test(test_late),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_away_in_the_middle),
    };

    return cmocka_run_group_tests_name("fine", tests, make_item, remove_item);
}
