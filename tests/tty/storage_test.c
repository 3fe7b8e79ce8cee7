/* What the machine keeps cannot be used, or its disk is full, or its clock
 * jumps: people are told, nothing is lost, and it heals by itself. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENCE_MS = 240000, DISK_BYTES = 64 * 1024 * 1024 };

/* Whether it can be used or not. */
static struct drive *start_alone(const char *folder)
{
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .folder = folder };
    return drive_start(&options);
}

static struct drive *start(const char *folder)
{
    struct drive *drive = start_alone(folder);
    person_awaits_hub(drive);
    return drive;
}

/* The clock's, "14:02", or the one before: it may have turned since. */
static bool says_this_minute(const char *text, const char *clock)
{
    enum { HOUR = 60, DAY = 24 * HOUR };
    char before[8];
    char *colon;
    long hours = strtol(clock, &colon, 10);

    assert_int_equal(*colon, ':');
    int at = (int)(hours * HOUR + strtol(colon + 1, NULL, 10) + DAY - 1) % DAY;
    snprintf(before, sizeof before, "%02d:%02d", at / HOUR, at % HOUR);
    return strstr(text, clock) || strstr(text, before);
}

static void is_out_since(struct drive *drive, bool is_now)
{
    drive_wait_element(drive, "machine.out");
    const char *text = drive_text(drive, "machine.out");
    assert_non_null(strstr(text, "暂停服务"));
    if (is_now && !says_this_minute(text, drive_text(drive, "header.clock")))
        fail_msg("at %s it says: %s", drive_text(drive, "header.clock"), text);
    assert_non_null(strstr(text, "12345"));
    assert_true(*drive_text(drive, "machine.why"));
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "1#\r", 3);
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    assert_string_equal(drive_screen(drive), "attract");
}

/* The page says since when (now), where to go and why, and nobody can begin. */
static void is_out_of_service(struct drive *drive)
{
    is_out_since(drive, true);
}

/* ---- A store that is not ours to use ----------------------------------- */

static void copy_into(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Where a file of SQLite's keeps its user version, in four bytes. */
enum { VERSION_AT = 60 };

static void test_newer_store(void **state)
{
    char folder[WORLD_PATH], path[WORLD_PATH];
    size_t len = 0, after_len = 0;
    (void)state;

    world_folder(folder);
    struct drive *drive = start(folder);
    assert_true(drive_sim(drive, "network down"));
    person_report(drive, "等等");
    person_sees(drive, "state.saved");
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);

    world_join(path, folder, "kiosk.sqlite");
    char *before = world_read(path, &len);
    assert_in_range(len, 4096, 100000000);
    char version = before[VERSION_AT + 3];
    before[VERSION_AT + 3] = 99;
    copy_into(path, before, len);
    drive = start_alone(folder);
    is_out_of_service(drive);
    assert_int_equal(drive_end(drive), 0);
    char *after = world_read(path, &after_len);
    assert_int_equal(after_len, len);
    assert_memory_equal(after, before, len);
    mem_free(after);

    /* The right program again: the case that waited goes out. */
    before[VERSION_AT + 3] = version;
    copy_into(path, before, len);
    mem_free(before);
    drive = start(folder);
    person_report(drive, "又来");
    person_comes_to(drive, "state.delivered");
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

static void test_foreign_files(void **state)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        { "kiosk.sqlite", "this is somebody's diary, not a database; it is "
                          "long enough to look like something" },
        { "machine.key", "no key" },
    };
    char folder[WORLD_PATH], path[WORLD_PATH];
    size_t len;
    (void)state;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        world_folder(folder);
        world_join(path, folder, files[i].name);
        world_write(path, files[i].text, 0600);
        struct drive *drive = start_alone(folder);
        is_out_of_service(drive);
        assert_int_equal(drive_end(drive), 0);
        char *after = world_read(path, &len);
        assert_string_equal(after, files[i].text);
        mem_free(after);
        world_remove(folder);
    }
}

/* ---- Something of it is lost, or another's ------------------------------ */

/* Makes the state of another machine, and gives its store to this one. */
static void take_anothers_store(const char *folder)
{
    char other[WORLD_PATH], from[WORLD_PATH], to[WORLD_PATH];

    world_folder(other);
    struct drive *drive = start(other);
    assert_int_equal(drive_end(drive), 0);
    world_join(from, other, "kiosk.sqlite");
    world_join(to, folder, "kiosk.sqlite");
    assert_int_equal(rename(from, to), 0);
    world_remove(other);
}

static void lose_store(const char *folder)
{
    char path[WORLD_PATH];
    world_join(path, folder, "kiosk.sqlite");
    assert_int_equal(unlink(path), 0);
}

static void lose_key(const char *folder)
{
    char path[WORLD_PATH];
    world_join(path, folder, "machine.key");
    assert_int_equal(unlink(path), 0);
}

static void expose_key(const char *folder)
{
    char path[WORLD_PATH];
    world_join(path, folder, "machine.key");
    assert_int_equal(chmod(path, 0640), 0);
}

/* In SQLite's account of its second page. */
static void flip_a_bit(const char *folder)
{
    char path[WORLD_PATH];
    size_t len = 0;
    world_join(path, folder, "kiosk.sqlite");
    char *bytes = world_read(path, &len);
    bytes[4096 + 3] ^= 0x20;
    copy_into(path, bytes, len);
    mem_free(bytes);
}

/* Each is a page that says what it is and what staff can do, and nothing is
 * made in the place of what was lost. */
static void test_lost_and_strange(void **state)
{
    static const struct {
        void (*happen)(const char *folder);
        const char *words;
        bool has_store, has_key;
    } ills[] = {
        { lose_store, "kiosk store new", false, true },
        { lose_key, "kiosk key replace", true, false },
        { take_anothers_store, "别的机器", true, true },
        { expose_key, "密钥", true, true },
        { flip_a_bit, "有损坏", true, true },
    };
    char folder[WORLD_PATH], path[WORLD_PATH];
    (void)state;

    for (size_t i = 0; i < sizeof ills / sizeof *ills; i++) {
        world_folder(folder);
        struct drive *drive = start(folder);
        assert_int_equal(drive_end(drive), 0);
        ills[i].happen(folder);
        drive = start_alone(folder);
        is_out_of_service(drive);
        if (!strstr(drive_text(drive, "machine.why"), ills[i].words))
            fail_msg("%s: %s", ills[i].words, drive_text(drive, "machine.why"));
        assert_int_equal(drive_end(drive), 0);
        world_join(path, folder, "kiosk.sqlite");
        assert_int_equal(access(path, F_OK) == 0, ills[i].has_store);
        world_join(path, folder, "machine.key");
        assert_int_equal(access(path, F_OK) == 0, ills[i].has_key);
        world_remove(folder);
    }
}

/* What staff are told to do helps. */
static void test_store_new(void **state)
{
    char folder[WORLD_PATH], program[WORLD_PATH], settings[WORLD_PATH];
    char text[2 * WORLD_PATH];
    struct world_said *said = mem_new(sizeof *said);
    (void)state;

    world_folder(folder);
    world_program(program, "kiosk");
    struct drive *drive = start(folder);
    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text, "state_folder: \"%s\"\n", folder);
    world_write(settings, text, 0600);
    const char *const argv[] = { program,      "store",  "new",
                                 "--settings", settings, NULL };
    world_run(argv, said);
    assert_int_equal(said->code, 1); /* while it runs: no */
    assert_non_null(strstr(said->err, "stop it first"));
    assert_int_equal(drive_end(drive), 0);
    lose_store(folder);
    world_run(argv, said);
    assert_int_equal(said->code, 0);
    assert_non_null(strstr(said->err, "nothing of a store")); /* it is lost */
    drive = start(folder);
    person_report(drive, "重新开始");
    person_comes_to(drive, "state.delivered");
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
    mem_free(said);
    world_remove(folder);
}

/* ---- A full disk ------------------------------------------------------- */

static void remove_ballast(const char *disk)
{
    char path[WORLD_PATH];
    world_join(path, disk, "ballast");
    assert_int_equal(unlink(path), 0);
}

static void is_not_stored(struct drive *drive)
{
    drive_wait(drive, "stop", "send");
    drive_wait_element(drive, "stop.not-stored");
    assert_true(*drive_text(drive, "stop.why"));
    assert_true(*drive_text(drive, "stop.done"));
    drive_check_painted(drive);
}

static void to_review(struct drive *drive)
{
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    person_to_street(drive);
    assert_true(drive_sim(drive, "card lift"));
    person_to_review(drive);
}

static void send(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", "declare");
    drive_press(drive, HAND_KEYS, "footer.go");
}

static bool has_reserve(struct drive *drive)
{
    char path[WORLD_PATH];
    world_join(path, drive_folder(drive), "reserve");
    bool has = access(path, F_OK) == 0;
    if (!has) /* it is being taken: time for that */
        assert_true(drive_sim(drive, "clock +0s"));
    return has;
}

static void print_slip(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    drive_press(drive, HAND_KEYS, "yes");
    person_to_bye(drive);
}

/* Who is in the middle ends it, slip and all, by the room in reserve; then no
 * new case is taken until there is room for one more reserve. */
static void ends_what_was_begun(struct drive *drive, const char *disk)
{
    drive_wait_until(drive, has_reserve, "the reserve");
    to_review(drive);
    world_fill_disk(disk);
    send(drive);
    drive_wait(drive, "result", "result");
    person_comes_to(drive, "state.delivered");
    print_slip(drive);
    assert_true(drive_sim(drive, "clock +60s"));
    is_out_since(drive, false); /* since the reserve was used */
    remove_ballast(disk);
    assert_true(drive_sim(drive, "clock +60s"));
    drive_wait_until(drive, has_reserve, "the reserve once more");
    drive_wait_element(drive, "attract.begin");
}

/* Nothing is left, not even that: said on the page, and the answers stay. */
static void says_that_it_is_not_stored(struct drive *drive, const char *disk)
{
    char path[WORLD_PATH];

    to_review(drive);
    world_join(path, drive_folder(drive), "reserve");
    assert_int_equal(truncate(path, 0), 0);
    world_fill_disk(disk);
    send(drive);
    is_not_stored(drive);
    json_int_t page =
        json_integer_value(json_object_get(drive_page(drive), "page"));
    drive_press(drive, HAND_KEYS, "footer.back");
    while (json_integer_value(json_object_get(drive_page(drive), "page")) ==
           page)
        assert_true(drive_sim(drive, "clock +0s"));
    is_not_stored(drive);
    remove_ballast(disk);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "result", "result");
    person_comes_to(drive, "state.delivered");
    person_leave(drive);
}

static void test_full_disk(void **state)
{
    char disk[WORLD_PATH], folder[WORLD_PATH];
    const char *why = NULL;
    (void)state;

    if (!world_small_disk(disk, DISK_BYTES, &why)) {
        print_message("skipped: a full disk: %s\n", why);
        skip();
    }
    world_join(folder, disk, "state");
    struct drive *drive = start(folder);
    ends_what_was_begun(drive, disk);
    says_that_it_is_not_stored(drive, disk);

    /* And between two people. */
    world_fill_disk(disk);
    assert_true(drive_sim(drive, "clock +60s"));
    is_out_of_service(drive);
    remove_ballast(disk);
    assert_true(drive_sim(drive, "clock +60s"));
    drive_wait_element(drive, "attract.begin");
    person_report(drive, "好了");
    person_comes_to(drive, "state.delivered");
    assert_int_equal(drive_end(drive), 0);
    world_remove_disk(disk);
}

/* ---- The clock --------------------------------------------------------- */

/* Terminal 4, year 1, day of the year 3, sequence 3, check digit. */
static void has_day(const char *receipt, int64_t wall_ms, bool *ret_has)
{
    struct clock_fields day = clock_split(wall_ms);
    char expected[8];
    char digits[8] = { receipt[5], receipt[6], receipt[7], receipt[8] };

    snprintf(expected, sizeof expected, "%d%03d", day.year % 10,
             day.day_of_year);
    *ret_has |= strcmp(digits, expected) == 0;
}

static void test_clock_jumps_a_year(void **state)
{
    static const int64_t year_ms = INT64_C(31536000) * 1000;
    char folder[WORLD_PATH], receipt[16];
    bool is_right = false;
    (void)state;

    world_folder(folder);
    struct drive *drive = start(folder);
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    person_to_street(drive);
    assert_true(drive_sim(drive, "card lift"));
    assert_true(drive_sim(drive, "clock +31536000s"));
    person_comes_to(drive, "attract.begin");

    person_apply(drive);
    person_comes_to(drive, "state.delivered");
    snprintf(receipt, sizeof receipt, "%s",
             drive_value(drive, "receipt.number"));
    /* The walk moved the clock a little, perhaps past midnight. */
    has_day(receipt, clock_wall_ms() + year_ms, &is_right);
    has_day(receipt, clock_wall_ms() + year_ms + 600 * 1000, &is_right);
    if (!is_right)
        fail_msg("the wrong day: %s", receipt);
    person_leave(drive);

    /* Stored in that year, started again in this one: it goes out. */
    assert_true(drive_sim(drive, "network down"));
    person_report(drive, "明年");
    person_sees(drive, "state.saved");
    drive_kill(drive);
    drive = start(folder);
    person_report(drive, "今年");
    person_comes_to(drive, "state.delivered");
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newer_store),
        cmocka_unit_test(test_foreign_files),
        cmocka_unit_test(test_lost_and_strange),
        cmocka_unit_test(test_store_new),
        cmocka_unit_test(test_clock_jumps_a_year),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests_name("storage", tests, NULL, NULL);
}
