/* The staff's PIN: how attempts are counted over restarts, pulled plugs and
 * moved clocks; and that being out of service stays. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/kept.h"
#include "kiosk/staff.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIN       "830274"
#define WRONG     "830275"
#define OTHER_PIN "941586"
#define START_MS  INT64_C(50000000)
#define WALL_MS   INT64_C(1795420800000)

enum { SECOND_MS = 1000, FIVE = 5 };

static char folder[64];
static int64_t monotonic_ms, wall_ms;

static void pass(int64_t ms)
{
    monotonic_ms += ms;
    wall_ms += ms;
    clock_pretend(monotonic_ms, wall_ms);
}

static void write_bytes(enum kept_file file, const char *bytes, size_t len)
{
    char path[KEPT_PATH_BYTES];

    kept_path(folder, file, path);
    assert_int_equal(file_replace(path, bytes, len, 0600), ERR_OK);
}

static void write_file(enum kept_file file, const char *text)
{
    write_bytes(file, text, strlen(text));
}

static char *read_bytes(enum kept_file file, size_t *ret_len)
{
    char path[KEPT_PATH_BYTES], *bytes = NULL;

    kept_path(folder, file, path);
    assert_int_equal(file_read(path, 4096, &bytes, ret_len), ERR_OK);
    return bytes;
}

/* scrypt is slow by design: the PIN is made once, each test has a copy. */
static char *pin_bytes, *key_bytes;
static size_t pin_len, key_len;

static int make_pin(void **state)
{
    (void)state;
    if (file_make_temporary(folder, sizeof folder) ||
        staff_set_pin(folder, PIN))
        return -1;
    pin_bytes = read_bytes(KEPT_STAFF_PIN, &pin_len);
    key_bytes = read_bytes(KEPT_STAFF_KEY, &key_len);
    return file_remove_tree(folder) ? -1 : 0;
}

static int forget_pin(void **state)
{
    (void)state;
    mem_free(pin_bytes);
    mem_free(key_bytes);
    return 0;
}

static int staff_set_up(void **state)
{
    (void)state;
    monotonic_ms = START_MS;
    wall_ms = WALL_MS;
    pass(0);
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    write_bytes(KEPT_STAFF_PIN, pin_bytes, pin_len);
    write_bytes(KEPT_STAFF_KEY, key_bytes, key_len);
    return 0;
}

static int staff_tear_down(void **state)
{
    (void)state;
    fault_plan("staff.compare", 0);
    fault_plan("file.replace", 0);
    clock_pretend_end();
    return file_remove_tree(folder) ? -1 : 0;
}

static enum err attempt(const char *pin, struct staff_tries *tries)
{
    return staff_try(folder, pin, tries);
}

static void fails(int times)
{
    struct staff_tries tries;

    for (int i = 0; i < times; i++)
        assert_int_equal(attempt(WRONG, &tries), ERR_REFUSED);
}

static void waits(int64_t seconds)
{
    struct staff_tries tries;

    assert_int_equal(attempt(PIN, &tries), ERR_CANCELLED);
    assert_int_equal(staff_left_ms(&tries), seconds * SECOND_MS);
}

/* What so many failures just now leave behind. */
static void has_failed(int times)
{
    char text[64];

    snprintf(text, sizeof text, "kiosk-tries 1 %d %lld\n", times,
             (long long)clock_monotonic_ms());
    write_file(KEPT_STAFF_TRIES, text);
}

/* ---- Which may be one ---- */

static void test_weak_pins_are_refused(void **state)
{
    static const char *const weak[] = {
        "",          "12345",    "1234567890123", "12345a", "123456",
        "654321",    "000000",   "111111111",     "121212", "123123",
        "987654321", "78901234", "12341234",      "112233", "１２３４５６",
        "147258369", "520131",
    };
    static const char *const good[] = { "830274", "998877665544", "4802131" };
    (void)state;

    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        if (!staff_pin_mistake(weak[i]))
            fail_msg("%s was taken", weak[i]);
        assert_int_equal(staff_set_pin(folder, weak[i]), ERR_BAD_INPUT);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_null(staff_pin_mistake(good[i]));
}

static void test_nothing_stored_is_the_pin(void **state)
{
    static const enum kept_file files[] = { KEPT_STAFF_PIN, KEPT_STAFF_KEY,
                                            KEPT_STAFF_TRIES };
    char path[KEPT_PATH_BYTES];
    (void)state;

    fails(1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *text = NULL;
        size_t len;
        kept_path(folder, files[i], path);
        assert_int_equal(file_read(path, 4096, &text, &len), ERR_OK);
        assert_null(strstr(text, PIN));
        assert_null(strstr(text, WRONG));
        mem_free(text);
    }
}

static void test_no_pin_no_folder(void **state)
{
    struct staff_tries tries;
    char nowhere[80];
    (void)state;

    snprintf(nowhere, sizeof nowhere, "%s/nowhere", folder);
    assert_false(staff_folder_has_pin(nowhere));
    assert_int_equal(staff_try(nowhere, PIN, &tries), ERR_NOT_FOUND);
    assert_int_equal(staff_set_pin(nowhere, PIN), ERR_FOLDER_LOST);
    assert_true(staff_folder_has_pin(folder));
}

/* ---- Counting ---- */

static void test_pauses_grow_and_the_right_one_ends_them(void **state)
{
    static const int64_t pauses[] = { 15, 30, 60, 120, 240, 480, 900, 900 };
    struct staff_tries tries;
    (void)state;

    fails(FIVE - 1);
    assert_int_equal(attempt(PIN, &tries), ERR_OK);
    fails(FIVE - 1);
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
        fails(1);
        waits(pauses[i]);
        pass(pauses[i] * SECOND_MS - 1);
        assert_int_equal(attempt(PIN, &tries), ERR_CANCELLED);
        pass(1);
    }
    assert_int_equal(attempt(PIN, &tries), ERR_OK);
    assert_int_equal(tries.failures, 0);
    fails(FIVE - 1); /* it begins anew */
}

static void test_the_wall_clock_shortens_nothing(void **state)
{
    (void)state;
    has_failed(FIVE);
    wall_ms += INT64_C(86400000) * 365;
    pass(0);
    waits(15);
    wall_ms -= INT64_C(86400000) * 3650;
    pass(0);
    waits(15);
    pass(5 * SECOND_MS);
    waits(10);
}

/* Every look is from the file, so each is as after a restart of the program. A
 * clock that says less than before is that of a machine started anew. */
static void test_a_restart_shortens_nothing(void **state)
{
    struct loop *loop = loop_new_pretend();
    (void)state;

    has_failed(FIVE);
    pass(5 * SECOND_MS);
    struct staff *staff = staff_new(loop, folder);
    assert_int_equal(staff_wait_ms(staff), 10 * SECOND_MS);
    assert_int_equal(staff_failures(staff), FIVE);
    staff_free(staff);

    monotonic_ms = 20 * SECOND_MS;
    pass(0);
    staff = staff_new(loop, folder);
    assert_int_equal(staff_wait_ms(staff), 15 * SECOND_MS);
    staff_free(staff);
    /* It was noted: a second restart does not begin it once more. */
    pass(10 * SECOND_MS);
    staff = staff_new(loop, folder);
    assert_int_equal(staff_wait_ms(staff), 5 * SECOND_MS);
    staff_free(staff);
    pass(5 * SECOND_MS);
    fails(1);
    waits(30);
    loop_free(loop);
}

/* A machine that was started anew and has run for longer than the one before
 * had: nobody can tell, and what the clocks are apart has passed at least. */
static void test_never_more_than_has_passed(void **state)
{
    (void)state;
    has_failed(FIVE);
    monotonic_ms += 3 * SECOND_MS; /* of which nobody was here for more */
    wall_ms += INT64_C(86400000);
    clock_pretend(monotonic_ms, wall_ms);
    waits(12);
}

static void test_damage_is_no_way_in(void **state)
{
    static const char *const bad[] = { "",
                                       "kiosk-tries 1",
                                       "kiosk-tries 1 x 0\n",
                                       "kiosk-tries 2 0 0\n",
                                       "kiosk-tries 1 0 0",
                                       "kiosk-tries 1 0\n",
                                       "kiosk-tries 1 -5 0\n" };
    (void)state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_file(KEPT_STAFF_TRIES, bad[i]);
        waits(15);
        pass(5 * SECOND_MS);
        waits(10); /* the pause was written down */
    }
    assert_int_equal(staff_forget_tries(folder), ERR_OK);
    write_file(KEPT_STAFF_PIN, "scrypt-15-8-1$");
    struct staff_tries tries;
    assert_int_equal(attempt(PIN, &tries), ERR_CORRUPT);
}

static void test_a_lost_key_is_no_way_in(void **state)
{
    char path[KEPT_PATH_BYTES];
    struct staff_tries tries;
    (void)state;

    kept_path(folder, KEPT_STAFF_KEY, path);
    assert_int_equal(file_remove(path), ERR_OK);
    assert_int_equal(attempt(PIN, &tries), ERR_CORRUPT);
    /* Another PIN makes another key. */
    assert_int_equal(staff_set_pin(folder, PIN), ERR_OK);
    assert_int_equal(attempt(PIN, &tries), ERR_OK);
}

/* ---- Counted before it is compared ---- */

static void
test_an_attempt_is_used_up_by_a_failure_before_the_compare(void **state)
{
    struct staff_tries tries;
    (void)state;

    fault_plan("staff.compare", FIVE);
    for (int i = 0; i < FIVE; i++)
        assert_int_equal(attempt(PIN, &tries), ERR_IO);
    waits(15);
    pass(15 * SECOND_MS);
    assert_int_equal(attempt(PIN, &tries), ERR_OK);
}

static bool dies(const char *name)
{
    if (strcmp(name, "staff.compare") == 0)
        _exit(0);
    return false;
}

static void
test_an_attempt_is_used_up_by_a_kill_before_the_compare(void **state)
{
    (void)state;
    for (int i = 0; i < FIVE; i++) {
        int status = -1;
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct staff_tries tries;
            fault_set_judge(dies);
            _exit(attempt(PIN, &tries) == ERR_OK ? 1 : 2);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0); /* it died there and nowhere else */
    }
    waits(15);
}

static void test_what_cannot_be_counted_is_not_compared(void **state)
{
    struct staff_tries tries;
    (void)state;

    fault_plan("file.replace", 1);
    assert_int_equal(attempt(PIN, &tries), ERR_DISK_FULL);
    fault_plan("file.replace", 1);
    assert_int_equal(attempt(WRONG, &tries), ERR_DISK_FULL);
    assert_int_equal(attempt(PIN, &tries), ERR_OK);
}

static void test_another_pin_does_not_end_a_pause_by_itself(void **state)
{
    struct staff_tries tries;
    size_t len;
    (void)state;

    fails(FIVE);
    char *failed = read_bytes(KEPT_STAFF_TRIES, &len);
    has_failed(FIVE);
    char *same = read_bytes(KEPT_STAFF_TRIES, &len);
    assert_string_equal(failed, same); /* so the other tests may */
    mem_free(failed);
    mem_free(same);
    assert_int_equal(staff_set_pin(folder, "4802131"), ERR_OK);
    waits(15);
    assert_int_equal(staff_forget_tries(folder), ERR_OK);
    assert_int_equal(attempt(PIN, &tries), ERR_REFUSED);
    assert_int_equal(attempt("4802131", &tries), ERR_OK);
}

/* ---- In the terminal ---- */

struct told {
    int count;
    enum err err;
};

static void on_told(void *owner, enum err err)
{
    struct told *told = owner;
    told->count++;
    told->err = err;
}

static void await(struct loop *loop, const struct told *told, int count)
{
    for (int i = 0; i < 1000 && told->count < count; i++)
        loop_turn(loop, 100);
    assert_int_equal(told->count, count);
}

static void test_it_is_checked_on_another_thread(void **state)
{
    struct loop *loop = loop_new();
    struct staff *staff = staff_new(loop, folder);
    struct told told = { 0 };
    (void)state;

    assert_true(staff_check_pin(staff, WRONG, on_told, &told));
    assert_int_equal(told.count, 0);
    assert_true(staff_is_checking(staff));
    assert_false(staff_check_pin(staff, PIN, on_told, &told));
    await(loop, &told, 1);
    assert_int_equal(told.err, ERR_REFUSED);
    assert_int_equal(staff_failures(staff), 1);
    assert_true(staff_check_pin(staff, PIN, on_told, &told));
    await(loop, &told, 2);
    assert_int_equal(told.err, ERR_OK);
    assert_int_equal(staff_failures(staff), 0);
    /* One that is under way is waited for, and tells nobody. */
    assert_true(staff_check_pin(staff, WRONG, on_told, &told));
    staff_free(staff);
    assert_int_equal(told.count, 2);
    loop_free(loop);
}

/* Whatever a slow disk still writes, who types a PIN is not sent away. */
static void test_a_check_waits_for_what_is_written(void **state)
{
    struct loop *loop = loop_new();
    struct staff *staff = staff_new(loop, folder);
    struct told told = { 0 }, out = { 0 };
    (void)state;

    assert_true(staff_take_pin(staff, OTHER_PIN, on_told, &told));
    assert_true(staff_check_pin(staff, OTHER_PIN, on_told, &told));
    assert_true(staff_is_checking(staff));
    assert_false(staff_set_out(staff, true, on_told, &out));
    await(loop, &told, 2);
    assert_int_equal(told.err, ERR_OK);
    assert_false(staff_is_checking(staff));
    assert_true(staff_set_out(staff, true, on_told, &out));
    assert_true(staff_check_pin(staff, PIN, on_told, &told));
    await(loop, &told, 3);
    assert_int_equal(out.count, 1);
    assert_int_equal(told.err, ERR_REFUSED);
    assert_true(staff_out_since_ms(staff) != 0);
    /* What only waits is given up with the rest. */
    assert_true(staff_set_out(staff, false, on_told, &out));
    assert_true(staff_check_pin(staff, WRONG, on_told, &told));
    staff_free(staff);
    assert_int_equal(told.count, 3);
    loop_free(loop);
}

static void test_out_of_service_stays(void **state)
{
    struct loop *loop = loop_new_pretend();
    struct staff *staff = staff_new(loop, folder);
    struct told told = { 0 };
    (void)state;

    assert_int_equal(staff_out_since_ms(staff), 0);
    assert_true(staff_set_out(staff, true, on_told, &told));
    await(loop, &told, 1);
    assert_int_equal(staff_out_since_ms(staff), WALL_MS);
    staff_free(staff);
    pass(3600 * SECOND_MS);
    staff = staff_new(loop, folder);
    assert_int_equal(staff_out_since_ms(staff), WALL_MS);
    fault_plan("file.replace", 1);
    assert_true(staff_set_out(staff, false, on_told, &told));
    await(loop, &told, 2);
    assert_int_equal(told.err, ERR_DISK_FULL);
    assert_int_equal(staff_out_since_ms(staff), WALL_MS);
    assert_true(staff_set_out(staff, false, on_told, &told));
    await(loop, &told, 3);
    assert_int_equal(staff_out_since_ms(staff), 0);
    staff_free(staff);
    staff = staff_new(loop, folder);
    assert_int_equal(staff_out_since_ms(staff), 0);
    staff_free(staff);
    write_file(KEPT_STAFF_OUT, "kiosk-out 1 ");
    staff = staff_new(loop, folder);
    assert_int_equal(staff_out_since_ms(staff), wall_ms);
    staff_free(staff);
    loop_free(loop);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, staff_set_up, staff_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_weak_pins_are_refused),
        TEST(test_nothing_stored_is_the_pin),
        TEST(test_no_pin_no_folder),
        TEST(test_pauses_grow_and_the_right_one_ends_them),
        TEST(test_the_wall_clock_shortens_nothing),
        TEST(test_a_restart_shortens_nothing),
        TEST(test_never_more_than_has_passed),
        TEST(test_damage_is_no_way_in),
        TEST(test_a_lost_key_is_no_way_in),
        TEST(test_an_attempt_is_used_up_by_a_failure_before_the_compare),
        TEST(test_an_attempt_is_used_up_by_a_kill_before_the_compare),
        TEST(test_what_cannot_be_counted_is_not_compared),
        TEST(test_another_pin_does_not_end_a_pause_by_itself),
        TEST(test_it_is_checked_on_another_thread),
        TEST(test_a_check_waits_for_what_is_written),
        TEST(test_out_of_service_stays),
    };
    return cmocka_run_group_tests_name("staff", tests, make_pin, forget_pin);
}
