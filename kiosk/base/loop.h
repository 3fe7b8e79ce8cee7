/* The only door to waiting: one loop over libuv.
 *
 * Every callback runs on the loop's thread, does bounded work and returns.
 * After watch_free, timer_free or signal_free the callback is never called
 * again, also when freed from inside a callback of the same turn.  loop_free
 * asserts that nothing is still registered, and names what is.
 *
 * Timers run on clock_monotonic_ms(), so a shifted or pretended clock moves
 * them too.  A pretended loop (loop_new_pretend) never sleeps: loop_turn() runs
 * what is due, work runs inline. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct watch;
struct timer;
struct signal_watch;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_ERROR = 4 };

typedef void (*watch_fn)(void *owner, int events);
typedef void (*timer_fn)(void *owner);
typedef void (*loop_fn)(void *owner);
typedef void (*signal_fn)(void *owner, int number);

struct loop *loop_new(void);
struct loop *loop_new_pretend(void);
void loop_free(struct loop *loop);
bool loop_is_pretend(const struct loop *loop);
/* When the next timer is due, on clock_monotonic_ms(); -1: none runs.  Whether
 * something was posted that the next turn does. */
int64_t loop_next_ms(const struct loop *loop);
bool loop_has_posts(struct loop *loop);

/* Runs until loop_stop().  After each turn's callbacks on_turn is called once:
 * there the app drains its queue and paints. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
void loop_on_turn(struct loop *loop, loop_fn on_turn, void *owner);
/* Called after that, at the very end of each turn: for notify.c. */
void loop_on_beat(struct loop *loop, loop_fn on_beat, void *owner);

/* One turn without waiting longer than wait_ms (tests and benches). */
void loop_turn(struct loop *loop, int wait_ms);

/* Fires timers that are due by now (after clock_shift). */
void loop_fire_due(struct loop *loop);

/* fd stays the caller's, who frees the watch before closing it; it becomes
 * non-blocking.  NULL when the kernel cannot poll it (a regular file).  One
 * watch per descriptor.  After LOOP_ERROR the watch is paused until the next
 * watch_set.  Names are string literals, for the account at exit. */
struct watch *watch_new(struct loop *loop, const char *name, int fd,
                        watch_fn on_ready, void *owner);
void watch_set(struct watch *watch, int events); /* 0: pause */
void watch_free(struct watch *watch);

struct timer *timer_new(struct loop *loop, const char *name, timer_fn on_due,
                        void *owner);
void timer_start(struct timer *timer, int64_t after_ms); /* restarts */
void timer_stop(struct timer *timer);
bool timer_is_running(const struct timer *timer);
void timer_free(struct timer *timer);

struct signal_watch *signal_new(struct loop *loop, int number,
                                signal_fn on_signal, void *owner);
void signal_free(struct signal_watch *watch);

/* The one call that other threads may make: run fn on the loop's thread.
 * What is still waiting at loop_free never runs. */
void loop_post(struct loop *loop, loop_fn fn, void *owner);

/* Short work on libuv's pool; done runs on the loop afterwards. */
void loop_work(struct loop *loop, loop_fn work, loop_fn done, void *owner);

/* Watches, timers, signals, children and work in flight. */
size_t loop_open_count(const struct loop *loop);

/* For child.c only: the libuv loop, and keeping the account. */
void *loop_uv(struct loop *loop);
void loop_account(struct loop *loop, const char *name, int change);
