#include "tests/unit/gate.h"

#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_entered; /* both under lock */
static bool is_open;
static struct writer_job gate;

static void set(bool *flag)
{
    pthread_mutex_lock(&lock);
    *flag = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void wait_until(const bool *flag)
{
    pthread_mutex_lock(&lock);
    while (!*flag)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static enum err gate_run(struct store *store, struct writer_job *job)
{
    (void)store;
    (void)job;
    set(&is_entered);
    wait_until(&is_open);
    return ERR_OK;
}

static void gate_done(struct writer_job *job, enum err err)
{
    (void)job;
    (void)err;
}

struct writer_job *gate_job(void)
{
    gate = (struct writer_job){ .run = gate_run, .done = gate_done };
    is_entered = false;
    is_open = false;
    return &gate;
}

void gate_wait_entered(void)
{
    wait_until(&is_entered);
}

void gate_open(void)
{
    set(&is_open);
}
