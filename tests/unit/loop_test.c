#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/loop.h"

enum { WALL = 1, TURNS_MAX = 500, TURN_MS = 20 };

/* Letters of what was called, in order. */
struct log {
    char text[64];
    size_t len;
    struct loop *loop;
    struct timer *timer, *other;
    struct watch *watch;
    int events, fd;
};

static void note(struct log *log, char c)
{
    assert_true(log->len < sizeof log->text - 1);
    log->text[log->len++] = c;
}

static void on_a(void *owner)
{
    note(owner, 'a');
}

static void on_b(void *owner)
{
    note(owner, 'b');
}

static void on_c(void *owner)
{
    note(owner, 'c');
}

static void on_turn(void *owner)
{
    note(owner, '.');
}

static int pretend(void **state)
{
    static struct log log;
    memset(&log, 0, sizeof log);
    clock_pretend(1000, WALL);
    log.loop = loop_new_pretend();
    *state = &log;
    return 0;
}

static int pretend_end(void **state)
{
    struct log *log = *state;
    loop_free(log->loop);
    clock_pretend_end();
    return 0;
}

static void timers_fire_in_order_of_due_time(void **state)
{
    struct log *log = *state;
    struct timer *a = timer_new(log->loop, "a", on_a, log);
    struct timer *b = timer_new(log->loop, "b", on_b, log);
    struct timer *c = timer_new(log->loop, "c", on_c, log);
    timer_start(c, 200);
    timer_start(b, 100);
    timer_start(a, 100);
    assert_true(timer_is_running(a));
    clock_shift(99);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "");
    clock_shift(1);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "ba");
    assert_false(timer_is_running(a));
    timer_start(a, 1000);
    timer_start(a, 50); /* starts anew */
    clock_shift(500);
    loop_fire_due(log->loop);
    assert_string_equal(log->text, "baac");
    timer_start(a, -5);
    timer_stop(a);
    timer_stop(a);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "baac");
    timer_free(a);
    timer_free(b);
    timer_free(c);
    timer_free(NULL);
}

static void restart_itself(void *owner)
{
    struct log *log = owner;
    note(log, 'r');
    timer_start(log->timer, 0);
}

static void a_timer_cannot_hold_the_loop(void **state)
{
    struct log *log = *state;
    log->timer = timer_new(log->loop, "again", restart_itself, log);
    timer_start(log->timer, 0);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "r");
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "rr");
    timer_free(log->timer);
}

static void free_both(void *owner)
{
    struct log *log = owner;
    note(log, 'f');
    timer_free(log->timer);
    timer_free(log->other);
}

static void freed_timers_stay_silent(void **state)
{
    struct log *log = *state;
    log->timer = timer_new(log->loop, "one", free_both, log);
    log->other = timer_new(log->loop, "two", free_both, log);
    timer_start(log->timer, 10);
    timer_start(log->other, 10);
    clock_shift(10);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "f");
    assert_int_equal(loop_open_count(log->loop), 0);
}

static void post_more(void *owner)
{
    struct log *log = owner;
    note(log, 'p');
    loop_post(log->loop, on_a, log);
}

static void posts_run_once_in_order(void **state)
{
    struct log *log = *state;
    loop_on_turn(log->loop, on_turn, log);
    loop_post(log->loop, post_more, log);
    loop_post(log->loop, on_b, log);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "pb.");
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "pb.a.");
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "pb.a..");
    loop_post(log->loop, on_b, log); /* dropped by loop_free, not leaked */
}

static void pretended_work_runs_inline(void **state)
{
    struct log *log = *state;
    loop_work(log->loop, on_a, on_b, log);
    assert_string_equal(log->text, "a");
    assert_int_equal(loop_open_count(log->loop), 1);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "ab");
    assert_int_equal(loop_open_count(log->loop), 0);
}

static int real(void **state)
{
    static struct log log;
    memset(&log, 0, sizeof log);
    log.loop = loop_new();
    *state = &log;
    return 0;
}

static int real_end(void **state)
{
    struct log *log = *state;
    loop_free(log->loop);
    return 0;
}

static void turn_until(struct log *log, size_t len)
{
    for (int i = 0; i < TURNS_MAX && log->len < len; i++)
        loop_turn(log->loop, TURN_MS);
}

static void on_ready(void *owner, int events)
{
    struct log *log = owner;
    char byte;
    note(log, 'w');
    log->events = events;
    if (events & LOOP_READ && read(log->fd, &byte, 1) == 0)
        watch_set(log->watch, 0);
}

static void watches_tell_what_is_ready(void **state)
{
    struct log *log = *state;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    log->fd = pair[0];
    log->watch = watch_new(log->loop, "pair", pair[0], on_ready, log);
    assert_non_null(log->watch);
    watch_set(log->watch, LOOP_READ);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "");
    assert_int_equal(write(pair[1], "x", 1), 1);
    turn_until(log, 1);
    assert_int_equal(log->events, LOOP_READ);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "w");
    watch_set(log->watch, LOOP_WRITE);
    turn_until(log, 2);
    assert_int_equal(log->events, LOOP_WRITE);
    watch_set(log->watch, 0);
    assert_int_equal(write(pair[1], "x", 1), 1);
    loop_turn(log->loop, 0);
    assert_int_equal(log->len, 2);
    watch_set(log->watch, LOOP_READ | LOOP_WRITE);
    turn_until(log, 3);
    assert_int_equal(log->events, LOOP_READ | LOOP_WRITE);
    watch_free(log->watch);
    watch_free(NULL);
    close(pair[0]);
    close(pair[1]);
}

/* A pipe whose reader has gone: an error, and no busy loop afterwards. */
static void errors_are_told_and_pause(void **state)
{
    struct log *log = *state;
    int pair[2];
    assert_int_equal(pipe(pair), 0);
    log->watch = watch_new(log->loop, "pipe", pair[1], on_ready, log);
    close(pair[0]);
    watch_set(log->watch, LOOP_WRITE);
    turn_until(log, 1);
    assert_int_equal(log->events, LOOP_ERROR);
    loop_turn(log->loop, 0);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "w");
    watch_set(log->watch, LOOP_WRITE);
    turn_until(log, 2);
    assert_string_equal(log->text, "ww");
    watch_free(log->watch);
    close(pair[1]);
}

static void what_cannot_be_polled_is_refused(void **state)
{
    struct log *log = *state;
    char path[64], file[80];
    int fd = -1;
    assert_int_equal(file_make_temporary(path, sizeof path), ERR_OK);
    snprintf(file, sizeof file, "%s/file", path);
    assert_int_equal(file_lock(file, &fd), ERR_OK);
    assert_null(watch_new(log->loop, "file", fd, on_ready, log));
    assert_int_equal(loop_open_count(log->loop), 0);
    close(fd);
    assert_int_equal(file_remove_tree(path), ERR_OK);
}

static struct watch *two[2];

static void free_two(void *owner, int events)
{
    (void)events;
    note(owner, 'w');
    watch_free(two[0]);
    watch_free(two[1]);
}

/* Both are ready in the same turn; the first frees both, and a new watch on
 * the same descriptor works at once. */
static void freed_watches_stay_silent(void **state)
{
    struct log *log = *state;
    int one[2], other[2];
    assert_int_equal(pipe(one), 0);
    assert_int_equal(pipe(other), 0);
    two[0] = watch_new(log->loop, "one", one[0], free_two, log);
    two[1] = watch_new(log->loop, "two", other[0], free_two, log);
    watch_set(two[0], LOOP_READ);
    watch_set(two[1], LOOP_READ);
    assert_int_equal(write(one[1], "x", 1), 1);
    assert_int_equal(write(other[1], "x", 1), 1);
    turn_until(log, 1);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "w");
    assert_int_equal(loop_open_count(log->loop), 0);
    log->fd = one[0];
    log->watch = watch_new(log->loop, "again", one[0], on_ready, log);
    watch_set(log->watch, LOOP_READ);
    turn_until(log, 2);
    assert_string_equal(log->text, "ww");
    watch_free(log->watch);
    for (int i = 0; i < 2; i++) {
        close(one[i]);
        close(other[i]);
    }
}

static void on_signal(void *owner, int number)
{
    assert_int_equal(number, SIGUSR1);
    note(owner, 's');
}

static void signals_arrive_on_the_loop(void **state)
{
    struct log *log = *state;
    struct signal_watch *watch = signal_new(log->loop, SIGUSR1, on_signal, log);
    assert_int_equal(loop_open_count(log->loop), 1);
    assert_int_equal(raise(SIGUSR1), 0);
    assert_string_equal(log->text, "");
    turn_until(log, 1);
    assert_string_equal(log->text, "s");
    signal_free(watch);
    signal_free(NULL);
    assert_int_equal(loop_open_count(log->loop), 0);
}

/* On the pool's thread. */
static void post_from_elsewhere(void *owner)
{
    struct log *log = owner;
    loop_post(log->loop, on_a, log);
}

static void work_and_posts_of_other_threads_arrive(void **state)
{
    struct log *log = *state;
    loop_work(log->loop, post_from_elsewhere, on_b, log);
    assert_int_equal(loop_open_count(log->loop), 1);
    turn_until(log, 2);
    assert_int_equal(strspn(log->text, "ab"), 2);
    assert_int_not_equal(log->text[0], log->text[1]);
    assert_int_equal(loop_open_count(log->loop), 0);
}

static void stop(void *owner)
{
    struct log *log = owner;
    note(log, 's');
    loop_stop(log->loop);
}

/* Waiting for a timer is one turn, two at most: nothing else wakes it. */
static void waiting_does_not_wake_the_loop(void **state)
{
    struct log *log = *state;
    loop_on_turn(log->loop, on_turn, log);
    struct timer *stopper = timer_new(log->loop, "stop", stop, log);
    timer_start(stopper, 40);
    loop_run(log->loop);
    assert_in_range(log->len, 2, 3);
    assert_string_equal(log->text + log->len - 2, "s.");
    /* It can run again, and a post alone ends its wait. */
    loop_post(log->loop, stop, log);
    loop_run(log->loop);
    timer_free(stopper);
}

static void a_shifted_clock_moves_timers(void **state)
{
    struct log *log = *state;
    struct timer *timer = timer_new(log->loop, "hour", on_a, log);
    timer_start(timer, 3600 * 1000);
    loop_turn(log->loop, 0);
    assert_string_equal(log->text, "");
    clock_shift(3600 * 1000);
    loop_turn(log->loop, 10000);
    assert_string_equal(log->text, "a");
    timer_free(timer);
}

static void note_due(void *owner)
{
    *(bool *)owner = true;
}

/* Another program takes the processor away just before the wait, until the
 * timer is due: the wait must not go on for ever. */
static void test_due_before_the_wait(void **state)
{
    struct loop *loop = loop_new();
    bool is_due = false;
    struct timer *timer = timer_new(loop, "due", note_due, &is_due);
    (void)state;

    alarm(20); /* ends the test, if need be */
    fault_plan("loop.preempted", 1);
    timer_start(timer, 5);
    loop_turn(loop, 60000);
    alarm(0);
    assert_true(is_due);
    timer_free(timer);
    loop_free(loop);
}

#define TEST(name, kind) cmocka_unit_test_setup_teardown(name, kind, kind##_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due_before_the_wait),
        TEST(timers_fire_in_order_of_due_time, pretend),
        TEST(a_timer_cannot_hold_the_loop, pretend),
        TEST(freed_timers_stay_silent, pretend),
        TEST(posts_run_once_in_order, pretend),
        TEST(pretended_work_runs_inline, pretend),
        TEST(watches_tell_what_is_ready, real),
        TEST(errors_are_told_and_pause, real),
        TEST(what_cannot_be_polled_is_refused, real),
        TEST(freed_watches_stay_silent, real),
        TEST(signals_arrive_on_the_loop, real),
        TEST(work_and_posts_of_other_threads_arrive, real),
        TEST(waiting_does_not_wake_the_loop, real),
        TEST(a_shifted_clock_moves_timers, real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
