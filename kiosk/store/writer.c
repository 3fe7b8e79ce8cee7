#include "kiosk/store/writer.h"

#include "kiosk/base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>

enum { MAGIC = 0x77726974 };

/* Jobs, oldest first; last points at where the next one is hung. */
struct list {
    struct writer_job *first;
    struct writer_job **last;
};

struct writer {
    int magic;
    uintptr_t ticket; /* what the loop is given instead of a pointer */
    struct loop *loop;
    char *path;
    const struct store_schema *schema;
    void (*on_open)(void *owner, enum err err, int upgraded_from);
    void *owner;

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    /* Under lock: */
    struct list queue;    /* the loop's to the thread */
    struct list finished; /* the thread's to the loop */
    bool is_posted;       /* a call of on_finished is on its way */
    bool is_work_posted;  /* pretended: a call of on_work is on its way */
    struct timer *slow;   /* pretended: until it comes */
    bool is_opened;       /* the thread has tried */
    bool is_closing;

    /* The thread's, and writer_free's once that has ended: */
    struct store *store; /* NULL when it could not be opened */
    enum err open_err;
    int upgraded_from;

    /* The loop's: */
    struct list answering;
    bool is_answering;
    bool is_open_told;
    struct writer *next; /* writers */
};

/* A posted call cannot be taken back, and may come when its writer is gone: so
 * it carries a ticket, looked up here.  Only loops' threads look, but there
 * may be several loops. */
static pthread_mutex_t writers_lock = PTHREAD_MUTEX_INITIALIZER;
static struct writer *writers;
static uintptr_t last_ticket;

static void writers_add(struct writer *writer)
{
    pthread_mutex_lock(&writers_lock);
    writer->ticket = ++last_ticket;
    writer->next = writers;
    writers = writer;
    pthread_mutex_unlock(&writers_lock);
}

static void writers_remove(const struct writer *writer)
{
    pthread_mutex_lock(&writers_lock);
    struct writer **at = &writers;
    while (*at != writer)
        at = &(*at)->next;
    *at = writer->next;
    pthread_mutex_unlock(&writers_lock);
}

static struct writer *writers_find(uintptr_t ticket)
{
    pthread_mutex_lock(&writers_lock);
    struct writer *writer = writers;
    while (writer && writer->ticket != ticket)
        writer = writer->next;
    pthread_mutex_unlock(&writers_lock);
    return writer;
}

/* ---- Lists ---- */

static void list_init(struct list *list)
{
    list->first = NULL;
    list->last = &list->first;
}

static void list_add(struct list *list, struct writer_job *job)
{
    job->next = NULL;
    *list->last = job;
    list->last = &job->next;
}

static struct writer_job *list_pop(struct list *list)
{
    struct writer_job *job = list->first;

    if (!job)
        return NULL;
    list->first = job->next;
    if (!list->first)
        list->last = &list->first;
    job->next = NULL;
    return job;
}

/* All of from goes to the end of to. */
static void list_move(struct list *to, struct list *from)
{
    if (!from->first)
        return;
    *to->last = from->first;
    to->last = from->last;
    list_init(from);
}

/* A pretended loop has no threads beside it: the work is posted to it. */
static void on_work(void *owner);
static int64_t pretended_ms;

void writer_pretend_ms(int64_t ms)
{
    pretended_ms = ms;
}

static void on_slow(void *owner)
{
    const struct writer *writer = owner;
    assert(writer->magic == MAGIC);
    on_work((void *)writer->ticket);
}

static void wake(struct writer *writer)
{
    if (!loop_is_pretend(writer->loop)) {
        pthread_cond_signal(&writer->wake);
        return;
    }
    if (writer->is_work_posted || writer->is_closing)
        return; /* closing: writer_free does what is left */
    writer->is_work_posted = true;
    if (pretended_ms > 0)
        timer_start(writer->slow, pretended_ms);
    else
        loop_post(writer->loop, on_work, (void *)writer->ticket);
}

/* ---- Running jobs ---- */

static void check(struct store *store, struct writer_job *job)
{
    if (job->err || !job->check)
        return;
    job->err = job->check(store, job);
    assert(!store_is_in_transaction(store));
}

static enum err run_in_transaction(struct store *store, struct writer_job *job)
{
    enum err err = store_begin(store);
    if (err)
        return err;
    err = job->run(store, job);
    if (!err && !store_is_in_transaction(store))
        err = ERR_IO;
    if (err) {
        store_roll_back(store);
        return err;
    }
    return store_commit(store);
}

static void run_alone(struct store *store, struct writer_job *job)
{
    job->err = run_in_transaction(store, job);
    store_forget_pages(store);
    check(store, job);
}

/* A job that fails is undone and answered with its error; the group lives on.
 * An error from here means that the whole group's transaction is lost. */
static enum err run_in_savepoint(struct store *store, struct writer_job *job)
{
    enum err err = store_run(store_prepare(store, "SAVEPOINT job"));
    if (err)
        return err;
    job->err = job->run(store, job);
    if (job->err && store_is_in_transaction(store))
        err = store_run(store_prepare(store, "ROLLBACK TO job"));
    /* Some failures (a full disk) end the transaction all by themselves. */
    if (!err && store_is_in_transaction(store))
        err = store_run(store_prepare(store, "RELEASE job"));
    if (!err && !store_is_in_transaction(store))
        err = ERR_IO;
    return err;
}

static enum err run_together(struct store *store, const struct list *group)
{
    enum err err = store_begin(store);
    for (struct writer_job *job = group->first; !err && job; job = job->next)
        err = run_in_savepoint(store, job);
    if (err) {
        store_roll_back(store);
        return err;
    }
    return store_commit(store);
}

static void run_group(struct writer *writer, const struct list *group)
{
    struct store *store = writer->store;
    struct writer_job *job = group->first;

    if (!store) {
        for (; job; job = job->next)
            job->err = writer->open_err;
        return;
    }
    enum err err = job->next ? run_together(store, group) : ERR_OK;
    bool is_alone = !job->next || err;
    store_forget_pages(store);
    for (; job; job = job->next) {
        if (is_alone)
            run_alone(store, job);
        else
            check(store, job);
        /* What the group left may be what comes back. */
        if (job->err && err == ERR_UNSURE)
            job->err = ERR_UNSURE;
    }
}

/* ---- Answering ---- */

/* Those who are answered often ask for the next thing at once.  The thread is
 * woken when all have, so that it is one group again, not a first job alone and
 * then the others: that would be two commits for one. */
static void answer_all(struct writer *writer)
{
    uintptr_t ticket = writer->ticket;

    writer->is_answering = true;
    for (;;) {
        struct writer_job *job = list_pop(&writer->answering);
        if (!job)
            break;
        job->done(job, job->err);
        /* Any answer may free the writer, who then answers the rest. */
        if (!writers_find(ticket))
            return;
    }
    writer->is_answering = false;
    pthread_mutex_lock(&writer->lock);
    if (writer->queue.first)
        wake(writer);
    pthread_mutex_unlock(&writer->lock);
}

static void on_finished(void *owner)
{
    uintptr_t ticket = (uintptr_t)owner;
    struct writer *writer = writers_find(ticket);

    if (!writer)
        return;
    assert(writer->magic == MAGIC);
    pthread_mutex_lock(&writer->lock);
    writer->is_posted = false;
    list_move(&writer->answering, &writer->finished);
    bool is_to_be_told = writer->is_opened && !writer->is_open_told;
    pthread_mutex_unlock(&writer->lock);

    if (is_to_be_told) {
        writer->is_open_told = true;
        writer->on_open(writer->owner, writer->open_err, writer->upgraded_from);
    }
    if (writers_find(ticket))
        answer_all(writer);
}

/* At most one call is on its way at a time. */
static void tell_loop(struct writer *writer, struct list *group)
{
    pthread_mutex_lock(&writer->lock);
    list_move(&writer->finished, group);
    bool is_needed = !writer->is_posted && !writer->is_closing;
    if (is_needed)
        writer->is_posted = true;
    pthread_mutex_unlock(&writer->lock);
    if (is_needed)
        loop_post(writer->loop, on_finished, (void *)writer->ticket);
}

/* ---- The thread ---- */

static void open_store(struct writer *writer)
{
    struct list none;

    writer->open_err = store_open(writer->path, writer->schema,
                                  &writer->upgraded_from, &writer->store);
    pthread_mutex_lock(&writer->lock);
    writer->is_opened = true;
    pthread_mutex_unlock(&writer->lock);
    list_init(&none);
    tell_loop(writer, &none);
}

/* False when there is nothing left and nothing will come. */
static bool take_group(struct writer *writer, struct list *group)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->queue.first && !writer->is_closing)
        pthread_cond_wait(&writer->wake, &writer->lock);
    list_move(group, &writer->queue);
    pthread_mutex_unlock(&writer->lock);
    return group->first != NULL;
}

static void *run_thread(void *owner)
{
    struct writer *writer = owner;
    struct list group;

    open_store(writer);
    list_init(&group);
    while (take_group(writer, &group)) {
        run_group(writer, &group);
        tell_loop(writer, &group);
    }
    return NULL;
}

/* One round of what the thread does. */
static void on_work(void *owner)
{
    struct writer *writer = writers_find((uintptr_t)owner);
    struct list group;

    if (!writer)
        return;
    writer->is_work_posted = false;
    if (!writer->is_opened)
        open_store(writer);
    list_init(&group);
    list_move(&group, &writer->queue);
    if (!group.first)
        return;
    run_group(writer, &group);
    tell_loop(writer, &group);
}

/* Signals are the loop's. */
static void start_thread(struct writer *writer)
{
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&writer->thread, NULL, run_thread, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert(rc == 0);
}

struct writer *writer_new(
    struct loop *loop, const char *path, const struct store_schema *schema,
    void (*on_open)(void *owner, enum err err, int upgraded_from), void *owner)
{
    struct writer *writer = mem_new(sizeof *writer);

    writer->magic = MAGIC;
    writer->loop = loop;
    writer->path = mem_copy_text(path);
    writer->schema = schema;
    writer->on_open = on_open;
    writer->owner = owner;
    list_init(&writer->queue);
    list_init(&writer->finished);
    list_init(&writer->answering);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->wake, NULL);
    writers_add(writer);
    if (loop_is_pretend(loop)) {
        writer->slow = timer_new(loop, "store", on_slow, writer);
        wake(writer);
    } else {
        start_thread(writer);
    }
    return writer;
}

/* The thread has ended: its work and the loop's are both done here. */
static void finish(struct writer *writer)
{
    struct list group;

    list_move(&writer->answering, &writer->finished);
    for (;;) {
        struct writer_job *job = list_pop(&writer->answering);
        if (job) {
            job->done(job, job->err);
            continue;
        }
        if (!writer->queue.first)
            return;
        list_init(&group);
        list_move(&group, &writer->queue);
        run_group(writer, &group);
        list_move(&writer->answering, &group);
    }
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    assert(writer->magic == MAGIC);
    pthread_mutex_lock(&writer->lock);
    writer->is_closing = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    if (!loop_is_pretend(writer->loop))
        pthread_join(writer->thread, NULL);
    else if (!writer->is_opened)
        open_store(writer);
    timer_free(writer->slow);
    writer->slow = NULL;
    writers_remove(writer);
    finish(writer);
    store_close(writer->store);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    mem_free(writer->path);
    writer->magic = 0;
    mem_free(writer);
}

void writer_add(struct writer *writer, struct writer_job *job)
{
    assert(writer->magic == MAGIC);
    pthread_mutex_lock(&writer->lock);
    list_add(&writer->queue, job);
    if (!writer->is_answering)
        wake(writer);
    pthread_mutex_unlock(&writer->lock);
}
