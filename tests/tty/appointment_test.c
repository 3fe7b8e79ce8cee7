/* A place in time, through the whole program by ten keys: chosen and held, lost
 * to another at the last second, held too long, asked for without a network,
 * left behind by who walks away, booked once, and cancelled under 查进度. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/i18n.h"
#include "tests/tty/heard.h"
#include "tests/tty/kept.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/rival.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum {
    PATIENCE_MS = 30000,
    BODY_BYTES = 64 * 1024,
    KEY_BYTES = 160,
    DAY_ID_BYTES = 64,
    ROUNDS = 16,
    ROUND_S = 40 /* ten minutes and more in all */
};

static char folder[WORLD_PATH], share[WORLD_PATH], settings[WORLD_PATH];

/* One place a slot, so that whoever is quicker has it. */
static const char calendar[] =
    "item\tplace\thours\tminutes\tplaces\tdays\n"
    "appointment\t*\t09:00-12:00,14:30-17:00\t30\t1\t30\n";

/* The items of the hall, and tests/tty/appointment.yaml beside them. */
static int make_world(void **state)
{
    char real[WORLD_PATH], items[WORLD_PATH], slots[WORLD_PATH];
    char text[2 * WORLD_PATH];
    static struct world_said said;

    (void)state;
    world_folder(folder);
    world_join(share, folder, "shared");
    world_join(settings, folder, "settings.yaml");
    world_join(items, share, "items");
    world_join(slots, items, "lists/slots.tsv");
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    const char *const add[] = { "/bin/cp", "tests/tty/appointment.yaml", items,
                                NULL };
    world_run(add, &said);
    world_write(slots, calendar, 0600);
    snprintf(text, sizeof text, "share_folder: %s\n", share);
    world_write(settings, text, 0600);
    rival_install(folder);
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

static bool is_chinese(struct drive *drive)
{
    return !is_english(drive);
}

/* kept: the state folder, which stays; NULL: one of its own. */
static struct drive *start_in(const char *kept, int rows, int cols,
                              enum language language)
{
    char program[WORLD_PATH];

    world_join(program, folder, "kiosk");
    const struct drive_options options = { .rows = rows,
                                           .cols = cols,
                                           .folder = kept,
                                           .program = program,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (language == LANGUAGE_EN) {
        drive_press(drive, HAND_TOUCH, "footer.language");
        drive_wait_until(drive, is_english, "English");
    }
    return drive;
}

static struct drive *start(int rows, int cols, enum language language)
{
    return start_in(NULL, rows, cols, language);
}

/* ---- At the machine ----------------------------------------------------------- */

/* The day after the first that is offered: of the first, which may be today, the
 * last hour may be over before the test is. */
static void a_day(struct drive *drive, char day[DAY_ID_BYTES])
{
    const json_t *elements = json_object_get(drive_page(drive), "elements");
    int days = 0;

    for (size_t i = 0; days < 2 && i < json_array_size(elements); i++) {
        const char *id = json_string_value(
            json_object_get(json_array_get(elements, i), "id"));

        if (id && strncmp(id, "day.", 4) == 0 && ++days == 2)
            snprintf(day, DAY_ID_BYTES, "%s", id);
    }
    assert_int_equal(days, 2);
}

static bool has_days(struct drive *drive)
{
    const json_t *elements = json_object_get(drive_page(drive), "elements");

    for (size_t i = 0; i < json_array_size(elements); i++) {
        const char *id = json_string_value(
            json_object_get(json_array_get(elements, i), "id"));

        if (id && strncmp(id, "day.", 4) == 0)
            return true;
    }
    return false;
}

static void to_days(struct drive *drive, const char *place)
{
    char option[32];

    drive_press(drive, HAND_KEYS, "item.appointment");
    drive_wait(drive, "choice", "place");
    snprintf(option, sizeof option, "option.%s", place);
    drive_press(drive, HAND_KEYS, option);
    drive_wait(drive, "slot", "visit");
    drive_wait_until(drive, has_days, "days");
}

static bool has_times(struct drive *drive)
{
    const json_t *elements = json_object_get(drive_page(drive), "elements");

    for (size_t i = 0; i < json_array_size(elements); i++) {
        const char *id = json_string_value(
            json_object_get(json_array_get(elements, i), "id"));

        if (id && strncmp(id, "time.", 5) == 0)
            return true;
    }
    return false;
}

static void choose(struct drive *drive, const char *place, char key[KEY_BYTES])
{
    char day[DAY_ID_BYTES];

    a_day(drive, day);
    snprintf(key, KEY_BYTES, "appointment/%s 16:30-17:00 %s", day + 4, place);
    drive_press(drive, HAND_KEYS, day);
    drive_wait_until(drive, has_times, "times");
    drive_press(drive, HAND_KEYS, "time.16:30");
    drive_wait_element(drive, "slot.until");
}

/* From the held time to the page that reads all back. */
static void to_review(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "field", "phone");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "ways", NULL);
    drive_press(drive, HAND_KEYS, "way");
    drive_wait(drive, "review", NULL);
}

static void send(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "result", NULL);
    person_comes_to(drive, "result.state");
}

/* Longer than a time is held, of somebody who is awake all the while. */
static void pass_time(struct drive *drive)
{
    char line[32];

    snprintf(line, sizeof line, "clock +%ds", ROUND_S);
    for (int i = 0; i < ROUNDS; i++) {
        assert_true(drive_sim(drive, line));
        drive_press(drive, HAND_TOUCH, "footer.language");
        drive_wait_until(drive, is_english, "English");
        drive_press(drive, HAND_TOUCH, "footer.language");
        drive_wait_until(drive, is_chinese, "Chinese");
    }
}

/* ---- At the hub ------------------------------------------------------------------ */

static bool offers(const char *place, const char *key)
{
    static char body[BODY_BYTES];
    char json[96];

    snprintf(json, sizeof json, "{\"item\":\"appointment\",\"place\":\"%s\"}",
             place);
    assert_int_equal(
        rival_ask(folder, "POST", "/v1/slots/find", json, body, sizeof body),
        200);
    return strstr(body, key) != NULL;
}

static int take_away(const char *key)
{
    char json[256], body[1024];

    snprintf(json, sizeof json,
             "{\"slot\":\"%s\",\"request\":\"0123456789abcdef0123456789abcdef\""
             "}",
             key);
    return rival_ask(folder, "POST", "/v1/slots/hold", json, body, sizeof body);
}

/* Letting go is told while nobody waits for it. */
static void is_free_again(struct drive *drive, const char *place,
                          const char *key)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!offers(place, key)) {
        assert_true(clock_monotonic_ms() < end_ms);
        assert_true(drive_sim(drive, "clock +0s"));
    }
}

/* ---- Tests ------------------------------------------------------------------------ */

static void test_chosen_and_cancelled(void **state)
{
    struct drive *drive = start(32, 100, LANGUAGE_ZH_CN);
    char key[KEY_BYTES], receipt[32], code[8];

    (void)state;
    to_days(drive, "north");
    choose(drive, "north", key);
    drive_check_painted(drive);
    assert_false(offers("north", key));
    assert_int_equal(take_away(key), 409);
    to_review(drive);
    drive_see(drive, "review.means");
    assert_non_null(
        strstr(drive_text(drive, "review.means"), "送达以后，时间就约好了"));
    send(drive);
    person_sees(drive, "state.delivered");
    assert_non_null(
        strstr(drive_text(drive, "state.delivered"), "时间已经约好"));
    assert_null(strstr(drive_text(drive, "state.delivered"), "等待受理"));
    drive_see(drive, "line.come");
    assert_non_null(
        strstr(drive_value(drive, "line.come"), "16:30到17:00，北区窗口"));
    drive_see(drive, "receipt.number");
    snprintf(receipt, sizeof receipt, "%s",
             drive_value(drive, "receipt.number"));
    snprintf(code, sizeof code, "%s", drive_value(drive, "receipt.code"));
    person_leave(drive);
    /* Booked: nobody let it go. */
    assert_false(offers("north", key));

    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "item.case-progress");
    drive_wait(drive, "choice", "how");
    drive_press(drive, HAND_KEYS, "option.receipt");
    drive_wait(drive, "field", "receipt");
    char digits[16];
    size_t len = 0;
    for (const char *at = receipt; *at && len + 1 < sizeof digits; at++)
        if (*at != ' ')
            digits[len++] = *at;
    digits[len] = '\0';
    drive_type(drive, HAND_KEYS, digits);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "field", "lookup");
    drive_type(drive, HAND_KEYS, code);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "progress", "cases");
    drive_see(drive, "case.booking");
    assert_non_null(strstr(drive_value(drive, "case.booking"), "北区窗口"));

    /* Two presses, and the first can be taken back. */
    drive_press(drive, HAND_KEYS, "cancel");
    drive_wait(drive, "cancel", NULL);
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "keep");
    drive_wait(drive, "progress", NULL);
    assert_false(offers("north", key));
    drive_press(drive, HAND_KEYS, "cancel");
    drive_wait(drive, "cancel", NULL);
    drive_press(drive, HAND_KEYS, "cancel-now");
    drive_wait_element(drive, "cancel.done");
    assert_true(offers("north", key));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "progress", NULL);
    assert_null(drive_element(drive, "cancel"));
    assert_string_equal(drive_text(drive, "case.state"), "已撤回");
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

/* Between the page and the press somebody else was quicker. */
static void test_lost_at_the_last_second(void **state)
{
    struct drive *drive = start(15, 40, LANGUAGE_EN);
    char key[KEY_BYTES];

    (void)state;
    to_days(drive, "north");
    char day[DAY_ID_BYTES];
    a_day(drive, day);
    snprintf(key, sizeof key, "appointment/%s 16:30-17:00 north", day + 4);
    drive_press(drive, HAND_KEYS, day);
    drive_wait_until(drive, has_times, "times");
    assert_int_equal(take_away(key), 200);
    drive_press(drive, HAND_KEYS, "time.16:30");
    drive_wait_element(drive, "slot.taken");
    drive_check_painted(drive);
    drive_wait_until(drive, has_days, "days");
    drive_press(drive, HAND_KEYS, day);
    drive_wait_until(drive, has_times, "times");
    drive_see(drive, "time.16:00");
    assert_null(drive_element(drive, "time.16:30"));
    drive_press(drive, HAND_KEYS, "time.16:00");
    drive_wait_element(drive, "slot.until");
    drive_check_painted(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* Another is chosen instead: the first is free at once. */
static void test_changed(void **state)
{
    struct drive *drive = start(32, 100, LANGUAGE_ZH_CN);
    char key[KEY_BYTES], south[KEY_BYTES];

    (void)state;
    to_days(drive, "north");
    choose(drive, "north", key);
    to_review(drive);
    drive_press(drive, HAND_KEYS, "change.visit");
    drive_wait_element(drive, "slot.until");
    drive_press(drive, HAND_KEYS, "another");
    drive_wait_until(drive, has_days, "days");
    is_free_again(drive, "north", key);
    choose(drive, "north", key);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", NULL);
    /* Another place: what was held in the first falls away. */
    drive_press(drive, HAND_KEYS, "change.place");
    drive_wait(drive, "choice", "place");
    drive_press(drive, HAND_KEYS, "option.south");
    drive_wait(drive, "change", NULL);
    drive_press(drive, HAND_KEYS, "change");
    drive_wait(drive, "slot", "visit");
    drive_wait_until(drive, has_days, "days");
    is_free_again(drive, "north", key);
    choose(drive, "south", south);
    assert_false(offers("south", south));
    assert_int_equal(drive_end(drive), 0);
}

/* Who is slow is asked again, and never told at the counter only. */
static void test_held_too_long(void **state)
{
    struct drive *drive = start(32, 100, LANGUAGE_ZH_CN);
    char key[KEY_BYTES];

    (void)state;
    to_days(drive, "north");
    choose(drive, "north", key);
    to_review(drive);
    pass_time(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "slot", "visit");
    drive_wait_element(drive, "slot.over");
    drive_check_painted(drive);
    choose(drive, "north", key);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", NULL);
    send(drive);
    person_sees(drive, "state.delivered");
    assert_false(offers("north", key));
    assert_int_equal(drive_end(drive), 0);
}

/* The hold was over, others have the place, and then the case comes: the page
 * says so. */
static void test_lost_on_the_way(void **state)
{
    struct drive *drive = start(32, 100, LANGUAGE_ZH_CN);
    char key[KEY_BYTES];

    (void)state;
    to_days(drive, "north");
    choose(drive, "north", key);
    to_review(drive);
    assert_true(drive_sim(drive, "network down"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "result", NULL);
    person_sees(drive, "state.saved");
    pass_time(drive);
    rival_ahead((int64_t)ROUNDS * ROUND_S *
                1000); /* so late it is at the other machine, too */
    assert_int_equal(take_away(key), 200);
    rival_ahead(0);
    assert_true(drive_sim(drive, "network up"));
    person_comes_to(drive, "state.lost");
    drive_check_painted(drive);
    assert_null(drive_element(drive, "line.come"));
    assert_int_equal(drive_end(drive), 0);
}

static void test_without_network(void **state)
{
    struct drive *drive = start(15, 40, LANGUAGE_ZH_CN);

    (void)state;
    drive_press(drive, HAND_KEYS, "item.appointment");
    drive_wait(drive, "choice", "place");
    assert_true(drive_sim(drive, "network down"));
    drive_press(drive, HAND_KEYS, "option.north");
    drive_wait(drive, "slot", "visit");
    drive_wait_element(drive, "slot.away");
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "network up"));
    drive_press(drive, HAND_KEYS, "again");
    drive_wait_until(drive, has_days, "days");
    assert_int_equal(drive_end(drive), 0);
}

/* Nobody says goodbye: the hold is gone all the same. */
static void test_walked_away(void **state)
{
    struct drive *drive = start(32, 100, LANGUAGE_ZH_CN);
    char key[KEY_BYTES];

    (void)state;
    to_days(drive, "south");
    choose(drive, "south", key);
    assert_false(offers("south", key));
    assert_true(drive_sim(drive, "clock +200s"));
    drive_wait(drive, "attract", NULL);
    is_free_again(drive, "south", key);
    assert_int_equal(drive_end(drive), 0);
}

/* An impatient hand: one time is held, one case is sent. */
static void test_pressed_twice(void **state)
{
    static struct kept kept;
    char key[KEY_BYTES], there[WORLD_PATH];

    (void)state;
    world_join(there, folder, "state");
    struct drive *drive = start_in(there, 32, 100, LANGUAGE_EN);
    drive_press_twice(drive, true);
    to_days(drive, "south");
    choose(drive, "south", key);
    to_review(drive);
    send(drive);
    person_sees(drive, "state.delivered");
    assert_false(offers("south", key));
    drive_press_twice(drive, false);
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
    kept_read_hub(there, &kept);
    assert_int_equal(kept.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chosen_and_cancelled),
        cmocka_unit_test(test_lost_at_the_last_second),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_held_too_long),
        cmocka_unit_test(test_lost_on_the_way),
        cmocka_unit_test(test_without_network),
        cmocka_unit_test(test_walked_away),
        cmocka_unit_test(test_pressed_twice),
    };

    return cmocka_run_group_tests_name("appointment", tests, make_world,
                                       remove_world);
}
