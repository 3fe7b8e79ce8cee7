#include "kiosk/base/loop.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <uv.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"

enum {
    LOOP_MAGIC = 0x6c6f6f70,
    TIMER_MAGIC = 0x74696d65,
    WORK_MAGIC = 0x776f726b
};

/* What is open, by name: each name stands once, with how many there are. */
struct account {
    const char *name;
    int open;
};

/* A function that waits for the loop's thread. */
struct post {
    struct post *next;
    loop_fn fn;
    void *owner;
};

/* The running timers are one list, sorted by due_ms, and by the order of their
 * starts (number) where that is equal.  A terminal has a dozen of them, so a
 * list is quick enough.  libuv sees one timer only, the alarm, which is set
 * for the first of ours just before each wait: that way a shifted clock moves
 * all of them. */
struct loop {
    int magic;
    bool is_pretend;
    bool is_stopped;
    uv_loop_t uv;
    uv_async_t wake; /* by loop_post of other threads */
    uv_timer_t alarm;
    uv_prepare_t prepare;
    bool has_rung; /* the alarm, in this turn */
    struct timer *first;
    uint64_t started_count; /* timers, ever */
    loop_fn on_turn;
    void *on_turn_owner;
    loop_fn on_beat;
    void *on_beat_owner;
    struct account *accounts;
    size_t account_count;
    pthread_t thread; /* that made the loop, and alone may turn it */
    pthread_mutex_t lock;
    struct post *posts; /* under lock: oldest first */
    struct post **last_post;
};

struct timer {
    int magic;
    struct loop *loop;
    const char *name;
    timer_fn on_due;
    void *owner;
    bool is_running;
    int64_t due_ms;
    uint64_t number;
    struct timer *before, *after; /* loop.first */
};

struct work {
    int magic;
    uv_work_t request;
    struct loop *loop;
    loop_fn work, done;
    void *owner;
};

/* The callbacks run later in the same turn: they exist to end the wait. */
static void on_wake(uv_async_t *wake)
{
    (void)wake;
}

static void on_alarm(uv_timer_t *alarm)
{
    struct loop *loop = alarm->data;
    loop->has_rung = true;
}

/* libuv fires timers before it waits, too.  Where the alarm rings there (the
 * processor was another's for so long), nothing would end the wait. */
static void before_wait(uv_prepare_t *prepare)
{
    struct loop *loop = prepare->data;
    if (loop->has_rung)
        uv_async_send(&loop->wake);
}

static void must_succeed(int status)
{
    if (status < 0)
        fprintf(stderr, "libuv: %s\n", uv_strerror(status));
    assert(status >= 0);
}

struct loop *loop_new(void)
{
    struct loop *loop = mem_new(sizeof *loop);
    loop->magic = LOOP_MAGIC;
    loop->last_post = &loop->posts;
    loop->thread = pthread_self();
    must_succeed(-pthread_mutex_init(&loop->lock, NULL));
    must_succeed(uv_loop_init(&loop->uv));
    must_succeed(uv_async_init(&loop->uv, &loop->wake, on_wake));
    must_succeed(uv_timer_init(&loop->uv, &loop->alarm));
    must_succeed(uv_prepare_init(&loop->uv, &loop->prepare));
    must_succeed(uv_prepare_start(&loop->prepare, before_wait));
    loop->alarm.data = loop->prepare.data = loop;
    return loop;
}

struct loop *loop_new_pretend(void)
{
    struct loop *loop = loop_new();
    loop->is_pretend = true;
    return loop;
}

bool loop_is_pretend(const struct loop *loop)
{
    return loop->is_pretend;
}

int64_t loop_next_ms(const struct loop *loop)
{
    return loop->first ? loop->first->due_ms : -1;
}

static void assert_nothing_open(const struct loop *loop)
{
    for (size_t i = 0; i < loop->account_count; i++)
        if (loop->accounts[i].open)
            fprintf(stderr, "still open at the loop's end: %s (%d)\n",
                    loop->accounts[i].name, loop->accounts[i].open);
    assert(loop_open_count(loop) == 0);
}

/* Functions that were posted and never ran are dropped: whom they concern is
 * gone already. */
void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    assert_nothing_open(loop);
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_close((uv_handle_t *)&loop->alarm, NULL);
    uv_close((uv_handle_t *)&loop->prepare, NULL);
    /* Ends when all handles are closed and killed children were buried. */
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    must_succeed(uv_loop_close(&loop->uv));
    while (loop->posts) {
        struct post *post = loop->posts;
        loop->posts = post->next;
        mem_free(post);
    }
    pthread_mutex_destroy(&loop->lock);
    mem_free(loop->accounts);
    mem_free(loop);
}

bool loop_has_posts(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    bool has = loop->posts != NULL;
    pthread_mutex_unlock(&loop->lock);
    return has;
}

/* Runs those that wait now; what they post runs in the next turn. */
static void run_posts(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    struct post *post = loop->posts;
    loop->posts = NULL;
    loop->last_post = &loop->posts;
    pthread_mutex_unlock(&loop->lock);
    while (post) {
        struct post *next = post->next;
        post->fn(post->owner);
        mem_free(post);
        post = next;
    }
}

/* How long this turn may wait; -1: until something happens. */
static int64_t wait_of_turn(struct loop *loop, int64_t wait_ms)
{
    if (loop->is_pretend || loop->is_stopped || loop_has_posts(loop))
        return 0;
    if (!loop->first)
        return wait_ms;
    int64_t left = loop->first->due_ms - clock_monotonic_ms();
    if (left < 0)
        left = 0;
    return wait_ms < 0 || left < wait_ms ? left : wait_ms;
}

/* As another program that has the processor does. */
static void spend(int64_t ms)
{
    int64_t end_ms = clock_monotonic_ms() + ms + 1;
    while (clock_monotonic_ms() <= end_ms)
        continue;
}

static void turn(struct loop *loop, int64_t wait_ms)
{
    assert(loop->magic == LOOP_MAGIC);
    assert(pthread_equal(loop->thread, pthread_self()));
    loop->has_rung = false;
    wait_ms = wait_of_turn(loop, wait_ms);
    if (wait_ms > 0) {
        uv_update_time(&loop->uv);
        uv_timer_start(&loop->alarm, on_alarm, (uint64_t)wait_ms, 0);
    }
    if (FAULT("loop.preempted"))
        spend(wait_ms);
    uv_run(&loop->uv, wait_ms == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    uv_timer_stop(&loop->alarm);
    run_posts(loop);
    loop_fire_due(loop);
    if (loop->on_turn)
        loop->on_turn(loop->on_turn_owner);
    if (loop->on_beat)
        loop->on_beat(loop->on_beat_owner);
}

void loop_run(struct loop *loop)
{
    while (!loop->is_stopped)
        turn(loop, -1);
    loop->is_stopped = false;
}

void loop_stop(struct loop *loop)
{
    loop->is_stopped = true;
}

void loop_on_turn(struct loop *loop, loop_fn on_turn, void *owner)
{
    loop->on_turn = on_turn;
    loop->on_turn_owner = owner;
}

void loop_on_beat(struct loop *loop, loop_fn on_beat, void *owner)
{
    loop->on_beat = on_beat;
    loop->on_beat_owner = owner;
}

void loop_turn(struct loop *loop, int wait_ms)
{
    turn(loop, wait_ms < 0 ? 0 : wait_ms);
}

static void unlink_timer(struct timer *timer)
{
    if (timer->before)
        timer->before->after = timer->after;
    else
        timer->loop->first = timer->after;
    if (timer->after)
        timer->after->before = timer->before;
    timer->before = timer->after = NULL;
    timer->is_running = false;
}

/* A timer that is started by one that fires has its turn later, so that a
 * zero wait cannot keep the loop here for ever. */
void loop_fire_due(struct loop *loop)
{
    int64_t now_ms = clock_monotonic_ms();
    uint64_t started_before = loop->started_count;
    for (;;) {
        struct timer *timer = loop->first;
        if (!timer || timer->due_ms > now_ms || timer->number >= started_before)
            return;
        assert(timer->magic == TIMER_MAGIC);
        unlink_timer(timer);
        timer->on_due(timer->owner);
    }
}

struct timer *timer_new(struct loop *loop, const char *name, timer_fn on_due,
                        void *owner)
{
    struct timer *timer = mem_new(sizeof *timer);
    *timer = (struct timer){ .magic = TIMER_MAGIC,
                             .loop = loop,
                             .name = name,
                             .on_due = on_due,
                             .owner = owner };
    loop_account(loop, name, +1);
    return timer;
}

void timer_start(struct timer *timer, int64_t after_ms)
{
    assert(timer->magic == TIMER_MAGIC);
    timer_stop(timer);
    timer->due_ms = clock_monotonic_ms() + (after_ms > 0 ? after_ms : 0);
    timer->number = timer->loop->started_count++;
    timer->is_running = true;
    struct timer *before = NULL;
    struct timer *after = timer->loop->first;
    while (after && after->due_ms <= timer->due_ms) {
        before = after;
        after = after->after;
    }
    timer->before = before;
    timer->after = after;
    if (after)
        after->before = timer;
    if (before)
        before->after = timer;
    else
        timer->loop->first = timer;
}

void timer_stop(struct timer *timer)
{
    assert(timer->magic == TIMER_MAGIC);
    if (timer->is_running)
        unlink_timer(timer);
}

bool timer_is_running(const struct timer *timer)
{
    assert(timer->magic == TIMER_MAGIC);
    return timer->is_running;
}

void timer_free(struct timer *timer)
{
    if (!timer)
        return;
    timer_stop(timer);
    timer->magic = 0;
    loop_account(timer->loop, timer->name, -1);
    mem_free(timer);
}

void loop_post(struct loop *loop, loop_fn fn, void *owner)
{
    struct post *post = mem_new(sizeof *post);
    post->fn = fn;
    post->owner = owner;
    pthread_mutex_lock(&loop->lock);
    *loop->last_post = post;
    loop->last_post = &post->next;
    /* The loop's own thread looks before it waits; waking it as well would
     * cost a turn for nothing. */
    if (!pthread_equal(loop->thread, pthread_self()))
        uv_async_send(&loop->wake);
    pthread_mutex_unlock(&loop->lock);
}

static void end_work(struct work *work)
{
    loop_fn done = work->done;
    void *owner = work->owner;
    loop_account(work->loop, "work", -1);
    mem_free(work);
    if (done)
        done(owner);
}

static void on_work(uv_work_t *request)
{
    struct work *work = request->data;
    assert(work->magic == WORK_MAGIC);
    work->work(work->owner);
}

static void on_worked(uv_work_t *request, int status)
{
    struct work *work = request->data;
    assert(work->magic == WORK_MAGIC && status == 0);
    (void)status;
    end_work(work);
}

static void on_worked_inline(void *owner)
{
    struct work *work = owner;
    assert(work->magic == WORK_MAGIC);
    end_work(work);
}

void loop_work(struct loop *loop, loop_fn work, loop_fn done, void *owner)
{
    struct work *job = mem_new(sizeof *job);
    job->magic = WORK_MAGIC;
    job->loop = loop;
    job->work = work;
    job->done = done;
    job->owner = owner;
    job->request.data = job;
    loop_account(loop, "work", +1);
    if (loop->is_pretend) {
        work(owner);
        loop_post(loop, on_worked_inline, job);
    } else {
        must_succeed(
            uv_queue_work(&loop->uv, &job->request, on_work, on_worked));
    }
}

size_t loop_open_count(const struct loop *loop)
{
    size_t count = 0;
    for (size_t i = 0; i < loop->account_count; i++)
        count += (size_t)loop->accounts[i].open;
    return count;
}

void *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

static struct account *account_of(struct loop *loop, const char *name)
{
    for (size_t i = 0; i < loop->account_count; i++)
        if (strcmp(loop->accounts[i].name, name) == 0)
            return &loop->accounts[i];
    size_t old_bytes = loop->account_count * sizeof *loop->accounts;
    loop->accounts = mem_resize(loop->accounts, old_bytes,
                                old_bytes + sizeof *loop->accounts);
    struct account *account = &loop->accounts[loop->account_count++];
    account->name = name;
    return account;
}

void loop_account(struct loop *loop, const char *name, int change)
{
    struct account *account = account_of(loop, name);
    account->open += change;
    assert(account->open >= 0);
}
