/* What a terminal keeps is sick, at its start or while it runs: it says so with
 * one event, makes nothing anew, and is well again within a minute of being
 * mended, without a restart.  delivery alone, on a pretended clock; that each of
 * these is a page is for storage_test. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivery.h"
#include "kiosk/kept.h"
#include "kiosk/store/terminal.h"
#include "tests/tty/world.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURNS = 3000, NOW_MS = 1000000, DISK_BYTES = 64 * 1024 * 1024 };

#define WALL_MS INT64_C(1795420800000)

static char root[WORLD_PATH], folder[WORLD_PATH];
static int64_t passed_ms;
static struct loop *loop;
static struct settings settings;
static struct delivery *delivery;
static char events[16384];

/* ---- The terminal ------------------------------------------------------ */

static void on_event(void *owner, const struct event_record_of *event)
{
    size_t len = strlen(events);
    (void)owner;
    snprintf(events + len, sizeof events - len, "%s %s\n", event->name,
             event->fields);
}

static int count_events(const char *words)
{
    int count = 0;
    for (const char *at = events; (at = strstr(at, words)); at++)
        count++;
    return count;
}

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    (void)owner;
    (void)case_id;
    (void)state;
    (void)err;
    (void)case_number;
    (void)head;
}

static void on_health(void *owner)
{
    (void)owner;
}

static void pass(int64_t ms)
{
    passed_ms += ms;
    clock_pretend(NOW_MS + passed_ms, WALL_MS + passed_ms);
}

/* Turns until it is (or is not) hindered by that. */
static void becomes(enum err err)
{
    for (int i = 0; i < TURNS; i++) {
        loop_turn(loop, 0);
        if (delivery_has_answered(delivery) &&
            delivery_hindrance(delivery) == err)
            return;
        (void)poll(NULL, 0, 1); /* the store's thread is at work */
    }
    fail_msg("it is hindered by %s, not by %s; %s",
             err_name(delivery_hindrance(delivery)), err_name(err), events);
}

/* The key of nobody: what is sealed to it is never opened here. */
static const char office_key[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

static void start(void)
{
    static const struct delivery_events told = { on_case, on_health, NULL };

    events[0] = '\0';
    delivery = delivery_new(loop, &settings, folder, &told, NULL);
    assert_int_equal(delivery_set_office(delivery, "", office_key, ""), ERR_OK);
}

static void stop(void)
{
    delivery_free(delivery);
    delivery = NULL;
}

static int set_up(void **state)
{
    (void)state;
    world_folder(root);
    world_state(root);
    world_join(folder, root, "state");
    passed_ms = 0;
    pass(0);
    loop = loop_new_pretend();
    settings_init(&settings);
    settings.reserve_mib = 1;
    event_set_sink(on_event, NULL);
    start();
    becomes(ERR_OK);
    assert_int_equal(count_events("STORE_BEGUN"), 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stop();
    settings_done(&settings);
    loop_free(loop);
    clock_pretend_end();
    event_set_sink(NULL, NULL);
    world_remove(root);
    return 0;
}

/* ---- Sicknesses: made, and mended -------------------------------------- */

static void path_of(enum kept_file file, char path[KEPT_PATH_BYTES])
{
    kept_path(folder, file, path);
}

static void away(const char *path)
{
    char to[WORLD_PATH + 8];
    snprintf(to, sizeof to, "%s.away", path);
    assert_int_equal(rename(path, to), 0);
}

static void back(const char *path)
{
    char from[WORLD_PATH + 8];
    snprintf(from, sizeof from, "%s.away", path);
    assert_int_equal(rename(from, path), 0);
}

static void lose_folder(void)
{
    away(folder);
}

static void find_folder(void)
{
    back(folder);
}

static void lose_store(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_STORE, path);
    away(path);
}

static void find_store(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_STORE, path);
    assert_int_not_equal(access(path, F_OK), 0); /* none was made meanwhile */
    back(path);
}

static void lose_key(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_KEY, path);
    away(path);
}

static void find_key(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_KEY, path);
    assert_int_not_equal(access(path, F_OK), 0);
    back(path);
}

static void expose_key(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_KEY, path);
    assert_int_equal(chmod(path, 0644), 0);
}

static void cover_key(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_KEY, path);
    assert_int_equal(chmod(path, 0600), 0);
}

static void damage_key(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_KEY, path);
    away(path);
    world_write(path, "kiosk-key 1 sign\nAAAA\n", 0600);
}

static void mend_key(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_KEY, path);
    back(path);
}

/* Another machine's, whole and well. */
static void exchange_store(void)
{
    static const char other[] =
        "00000000000000000000000000000000000000000000000000000000000000aa";
    struct terminal_glance none = { 0 };
    char path[KEPT_PATH_BYTES];

    path_of(KEPT_STORE, path);
    away(path);
    assert_int_equal(terminal_store_begin(path, &none), ERR_OK);
    assert_int_equal(terminal_store_rebind(path, other), ERR_OK);
}

static void exchange_back(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_STORE, path);
    assert_int_equal(unlink(path), 0);
    back(path);
}

/* One bit, in SQLite's account of its second page. */
static void flip(void)
{
    char path[KEPT_PATH_BYTES];
    path_of(KEPT_STORE, path);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 4096 + 3, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, 4096 + 3, SEEK_SET), 0);
    assert_int_not_equal(fputc(byte ^ 0x20, file), EOF);
    assert_int_equal(fclose(file), 0);
}

struct sickness {
    const char *name;
    void (*make)(void);
    void (*mend)(void);
    enum err err;
    const char *event;
};

static const struct sickness sicknesses[] = {
    { "no folder", lose_folder, find_folder, ERR_FOLDER_LOST,
      "STORE_FAILED {\"err\":\"FOLDER_LOST\"}" },
    { "no store", lose_store, find_store, ERR_STORE_LOST,
      "STORE_FAILED {\"err\":\"STORE_LOST\"}" },
    { "no key", lose_key, find_key, ERR_KEY_LOST,
      "STORE_FAILED {\"err\":\"KEY_LOST\"}" },
    { "exposed key", expose_key, cover_key, ERR_KEY_EXPOSED,
      "KEY_REFUSED {\"state\":\"rights\",\"err\":\"KEY_EXPOSED\"}" },
    { "damaged key", damage_key, mend_key, ERR_CORRUPT,
      "STORE_FAILED {\"err\":\"CORRUPT\"}" },
    { "another's store", exchange_store, exchange_back, ERR_OTHER_STORE,
      "STORE_FAILED {\"err\":\"OTHER_STORE\"}" },
    { "flipped bit", flip, flip, ERR_CORRUPT,
      "STORE_FAILED {\"err\":\"CORRUPT\"}" },
};

enum { SICKNESSES = sizeof sicknesses / sizeof *sicknesses };

static void test_at_the_start(void **state)
{
    (void)state;
    for (size_t i = 0; i < SICKNESSES; i++) {
        const struct sickness *sick = &sicknesses[i];
        stop();
        sick->make();
        start();
        becomes(sick->err);
        pass(60000); /* looked at again, said once */
        becomes(sick->err);
        loop_turn(loop, 0);
        if (count_events(sick->event) != 1)
            fail_msg("%s: %s", sick->name, events);
        assert_int_equal(count_events("STORE_BEGUN"), 0);
        sick->mend();
        pass(60000);
        becomes(ERR_OK);
        assert_int_equal(count_events("STORE_MENDED"), 1);
    }
}

/* What is gone while it runs; the open store goes on sending meanwhile. */
static void test_while_it_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct sickness *sick = &sicknesses[i];
        events[0] = '\0';
        sick->make();
        pass(60000);
        becomes(sick->err);
        if (count_events(sick->event) != 1)
            fail_msg("%s: %s", sick->name, events);
        sick->mend();
        pass(60000);
        becomes(ERR_OK);
        assert_int_equal(count_events("STORE_BEGUN"), 0);
    }
}

/* ---- Disks ------------------------------------------------------------- */

/* The state's folder moves to a disk of its own. */
static void to_disk(char disk[WORLD_PATH])
{
    const char *why = NULL;

    if (!world_small_disk(disk, DISK_BYTES, &why)) {
        print_message("skipped: a disk of its own: %s\n", why);
        skip();
    }
    stop();
    world_state(disk);
    world_join(folder, disk, "state");
    start();
    becomes(ERR_OK);
}

static void test_read_only_disk(void **state)
{
    char disk[WORLD_PATH];
    (void)state;

    to_disk(disk);
    stop();
    assert_int_equal(mount(NULL, disk, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
    start();
    becomes(ERR_READ_ONLY);
    assert_int_equal(count_events("STORE_FAILED {\"err\":\"READ_ONLY\"}"), 1);
    assert_int_equal(mount(NULL, disk, NULL, MS_REMOUNT, NULL), 0);
    pass(60000);
    becomes(ERR_OK);
    stop();
    world_remove_disk(disk);
    start();
}

static bool has_reserve(void)
{
    char path[KEPT_PATH_BYTES];
    struct stat about;
    path_of(KEPT_RESERVE, path);
    return stat(path, &about) == 0 && about.st_size == settings.reserve_mib
                                                           << 20;
}

/* A disk that is full before the program starts: the reserve opens the store,
 * and no new case is taken before there is room for both again. */
static void test_full_at_the_start(void **state)
{
    char disk[WORLD_PATH], ballast[WORLD_PATH];
    (void)state;

    settings.reserve_mib = 16;
    to_disk(disk);
    for (int i = 0; i < TURNS && !has_reserve(); i++)
        loop_turn(loop, 1);
    assert_true(has_reserve());
    stop();
    world_fill_disk(disk);
    start();
    becomes(ERR_DISK_FULL);
    pass(60000);
    becomes(ERR_DISK_FULL);
    world_join(ballast, disk, "ballast");
    assert_int_equal(unlink(ballast), 0);
    pass(60000);
    becomes(ERR_OK);
    assert_true(has_reserve());
    stop();
    world_remove_disk(disk);
    start();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_at_the_start),
        TEST(test_while_it_runs),
        TEST(test_read_only_disk),
        TEST(test_full_at_the_start),
    };
    return cmocka_run_group_tests_name("sick", tests, NULL, NULL);
}
