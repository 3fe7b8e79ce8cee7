/* The store's one thread: jobs are queued by the loop, run in order on the
 * thread, many in one transaction and one commit, and answered on the loop.
 *
 * A job answered ERR_OK is durable.  When the commit of a group fails, every
 * job of it is run again alone, so that one bad job spoils no other.  The
 * store is opened by the thread itself: starting never waits for the disk.
 * Beside a pretended loop there is no thread: the loop does its work. */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/store/store.h"

struct writer;

struct writer_job {
    /* On the thread, inside a transaction; may run twice (see above).  After
     * an error nothing of this job is kept. */
    enum err (*run)(struct store *store, struct writer_job *job);
    /* On the thread, after the commit, outside a transaction (it may open one
     * of its own); NULL: nothing to check.  What is read in it comes from the
     * file, not from SQLite's pages.  Its error is the job's answer. */
    enum err (*check)(struct store *store, struct writer_job *job);
    /* On the loop, once. */
    void (*done)(struct writer_job *job, enum err err);
    void *owner;
    struct writer_job *next; /* writer.queue, then writer.finished */
    enum err err;            /* the writer's */
};

/* Beside a pretended loop: so long each round of work takes (a slow disk). */
void writer_pretend_ms(int64_t ms);

/* on_open comes on the loop once the store is open (or not). */
struct writer *writer_new(
    struct loop *loop, const char *path, const struct store_schema *schema,
    void (*on_open)(void *owner, enum err err, int upgraded_from), void *owner);
/* Finishes what is queued, answers it (also what the answers queue), ends the
 * thread.  on_open does not come any more. */
void writer_free(struct writer *writer);

/* The job stays the caller's until done; jobs queued before the store is open
 * wait; when it could not be opened they are answered with that error. */
void writer_add(struct writer *writer, struct writer_job *job);
