/* What an item needs, against what works now and its own hours: it cannot be
 * begun, and says so where one would begin; who has begun goes on; what could
 * not be printed is not issued. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MINUTE_MS = 60000,
    LATE_HOUR = 21,
    NIGHT_S = 3 * 3600,
    UNTIL_BYTES = 24
};

static char folder[WORLD_PATH], share[WORLD_PATH], settings[WORLD_PATH];

static int make_world(void **state)
{
    (void)state;
    world_folder(folder);
    world_join(share, folder, "share");
    world_join(settings, folder, "settings.yaml");
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

/* ---- Hours of an item --------------------------------------------------- */

static void copy_share(void)
{
    static struct world_said said;
    char from[WORLD_PATH];

    world_program(from, "share");
    const char *const argv[] = { "/bin/cp", "-R", from, share, NULL };
    world_run(argv, &said);
}

/* The hotline is said to be open from midnight to that time. */
static void write_hours(const char *until)
{
    char path[WORLD_PATH], line[64], text[2 * WORLD_PATH];
    size_t len = 0;

    copy_share();
    world_join(path, share, "items/hotline-12345.yaml");
    char *item = world_read(path, &len);
    snprintf(line, sizeof line, "hours: \"00:00-%s\"\n", until);
    struct buf changed;
    buf_init(&changed, len + sizeof line);
    const char *at = strstr(item, "order: ");
    assert_non_null(at);
    buf_add(&changed, item, (size_t)(at - item));
    buf_add_text(&changed, line);
    buf_add_text(&changed, at);
    world_write(path, changed.text, 0600);
    buf_done(&changed);
    mem_free(item);
    snprintf(text, sizeof text, "share_folder: \"%s\"\n", share);
    world_write(settings, text, 0600);
}

static struct drive *start(int rows, int cols, const char *with)
{
    struct drive_options options = { .rows = rows,
                                     .cols = cols,
                                     .settings = with };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static bool is_off(struct drive *drive)
{
    json_t *tile = drive_element(drive, "item.hotline-12345");
    return tile && !json_object_get(tile, "key");
}

static bool is_on(struct drive *drive)
{
    return drive_element(drive, "item.hotline-12345") && !is_off(drive);
}

static void press(struct drive *drive, const char *id)
{
    drive_press(drive, HAND_KEYS, id);
}

static void to_home(struct drive *drive)
{
    press(drive, "attract.begin");
    drive_wait(drive, "home", NULL);
}

/* "HH:MM" half an hour from now; late in the evening the program's clock is
 * moved past midnight first, by so many seconds. */
static int half_an_hour_on(char until[UNTIL_BYTES])
{
    struct clock_fields now = clock_split(clock_wall_ms());
    int moved_s = now.hour >= LATE_HOUR ? NIGHT_S : 0;
    struct clock_fields then =
        clock_split(clock_wall_ms() + moved_s * 1000 + 30 * MINUTE_MS);

    snprintf(until, UNTIL_BYTES, "%02d:%02d", then.hour, then.minute);
    return moved_s;
}

static void pass_s(struct drive *drive, int seconds)
{
    char line[32];

    snprintf(line, sizeof line, "clock +%ds", seconds);
    if (seconds > 0)
        assert_true(drive_sim(drive, line));
}

/* Past the end, a little at a time; a key that means nothing keeps it awake. */
static void pass_the_end(struct drive *drive)
{
    for (int i = 0; i < 80; i++) {
        pass_s(drive, 24);
        drive_bytes(drive, "x", 1);
        drive_swallowed(drive);
    }
}

/* Open until its end; then off, with the hours and whom to ask; and open for
 * who had begun, until it is sent. */
static void test_hours_end_in_the_item(void **state)
{
    char until[UNTIL_BYTES];
    int moved_s = half_an_hour_on(until);

    (void)state;
    write_hours(until);
    struct drive *drive = start(32, 100, settings);
    pass_s(drive, moved_s);
    to_home(drive);
    drive_wait_until(drive, is_on, "the tile that is on");
    press(drive, "item.hotline-12345");
    drive_wait(drive, "guide", "guide");
    drive_see(drive, "guide.hours");
    press(drive, "footer.go");
    drive_wait(drive, "choice", "kind");
    pass_the_end(drive);
    drive_wait(drive, "choice", "kind");

    /* Also from the beginning, and from the home page. */
    press(drive, "footer.back");
    drive_wait(drive, "guide", "guide");
    assert_null(drive_element(drive, "guide.hinders"));
    press(drive, "footer.back");
    drive_wait(drive, "home", NULL);
    assert_true(is_on(drive));
    press(drive, "item.hotline-12345");
    drive_wait(drive, "guide", "guide");
    press(drive, "footer.go");
    drive_wait(drive, "choice", "kind");
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    assert_non_null(strstr(drive_value(drive, "attract.cannot"), "12345"));

    /* The next person cannot begin it. */
    to_home(drive);
    drive_wait_until(drive, is_off, "the tile that is off");
    const char *note = json_string_value(
        json_object_get(drive_element(drive, "item.hotline-12345"), "note"));
    if (note)
        assert_non_null(strstr(note, until));
    else
        drive_wait_painted(drive, until);
    drive_check_painted(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* Who stands at the guide when it ends is told there, and what else there is. */
static void test_hours_end_at_the_guide(void **state)
{
    char until[UNTIL_BYTES];
    int moved_s = half_an_hour_on(until);

    (void)state;
    write_hours(until);
    struct drive *drive = start(32, 100, settings);
    pass_s(drive, moved_s);
    to_home(drive);
    press(drive, "item.hotline-12345");
    drive_wait(drive, "guide", "guide");
    pass_the_end(drive);
    drive_wait_element(drive, "guide.hinders");
    assert_non_null(strstr(drive_text(drive, "guide.hinders"), until));
    assert_null(drive_element(drive, "footer.go"));
    assert_non_null(strstr(drive_text(drive, "guide.waits"), "12345"));
    drive_see(drive, "other-item");
    drive_see(drive, "staff");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Paper -------------------------------------------------------------- */

#define CITIZEN                                                                \
    "card resident name=测试人 number=411303199003070017 valid_to=long-term"

static json_int_t page_before;

static json_int_t page_of(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

static bool is_asked_or_shown(struct drive *drive)
{
    return page_of(drive) > page_before &&
           (strcmp(drive_screen(drive), "choice") == 0 ||
            strcmp(drive_screen(drive), "review") == 0);
}

static void to_preview(struct drive *drive)
{
    char code[8], id[64];

    to_home(drive);
    press(drive, "item.si-insured-proof");
    drive_wait(drive, "guide", NULL);
    press(drive, "footer.go");
    drive_wait(drive, "card", NULL);
    person_lay(drive, CITIZEN);
    drive_wait(drive, "take back", NULL);
    press(drive, "footer.go");
    drive_wait(drive, "check", NULL);
    press(drive, "code");
    drive_wait(drive, "field", "check");
    play_read_code(drive, code);
    drive_type(drive, HAND_KEYS, code);
    drive_wait_until(drive, is_asked_or_shown, "a question or the facts");
    while (strcmp(drive_screen(drive), "choice") == 0) {
        play_first_option(drive, id);
        page_before = page_of(drive);
        press(drive, id);
        drive_wait_until(drive, is_asked_or_shown, "a question or the facts");
    }
}

static void is_stopped(struct drive *drive, const char *id)
{
    drive_wait(drive, "stop", "proof");
    drive_wait_element(drive, id);
    assert_non_null(drive_element(drive, "stop.why"));
    assert_non_null(drive_element(drive, "stop.done"));
    assert_non_null(drive_element(drive, "staff"));
    drive_check_painted(drive);
}

/* The printer stops while the facts are looked at: nothing is issued; when it
 * works again, it goes on there. */
static void test_nothing_is_issued_without_a_printer(void **state)
{
    struct drive *drive = start(32, 100, NULL);

    (void)state;
    page_before = 0;
    to_preview(drive);
    assert_true(drive_sim(drive, "paper out"));
    press(drive, "copies.2");
    is_stopped(drive, "paper.none");
    assert_non_null(strstr(drive_text(drive, "paper.none"), "A4纸"));
    assert_true(drive_sim(drive, "paper in"));
    assert_true(drive_sim(drive, "cover open"));
    press(drive, "again");
    drive_wait(drive, "review", "proof");
    press(drive, "footer.go");
    is_stopped(drive, "stop.printer-away");
    assert_true(drive_sim(drive, "cover closed"));
    press(drive, "again");
    drive_wait(drive, "review", "proof");
    press(drive, "footer.go");
    drive_wait(drive, "printing", "proof");
    assert_true(drive_sim(drive, "clock +9s"));
    drive_wait(drive, "paper", "proof");
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), 1);
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_world, remove_world)
    const struct CMUnitTest tests[] = {
        TEST(test_hours_end_in_the_item),
        TEST(test_hours_end_at_the_guide),
        TEST(test_nothing_is_issued_without_a_printer),
    };
    return cmocka_run_group_tests_name("needs", tests, NULL, NULL);
}
