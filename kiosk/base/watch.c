/* Descriptors and signals of a loop; the loop itself and its timers are in
 * loop.c. */
#include "kiosk/base/loop.h"

#include <assert.h>

#include <uv.h>

#include "kiosk/base/mem.h"

enum { WATCH_MAGIC = 0x77617463, SIGNAL_MAGIC = 0x7369676e };

struct watch {
    int magic;
    struct loop *loop;
    const char *name;
    uv_poll_t poll;
    watch_fn on_ready;
    void *owner;
    int events;
};

struct signal_watch {
    int magic;
    struct loop *loop;
    uv_signal_t handle;
    signal_fn on_signal;
    void *owner;
};

static void on_poll(uv_poll_t *poll, int status, int uv_events)
{
    struct watch *watch = poll->data;
    assert(watch->magic == WATCH_MAGIC);
    int events = 0;
    if (status < 0) {
        /* libuv has stopped polling; watch_set() begins again. */
        watch->events = 0;
        events = LOOP_ERROR;
    }
    if (uv_events & UV_READABLE)
        events |= LOOP_READ;
    if (uv_events & UV_WRITABLE)
        events |= LOOP_WRITE;
    watch->on_ready(watch->owner, events);
}

struct watch *watch_new(struct loop *loop, const char *name, int fd,
                        watch_fn on_ready, void *owner)
{
    struct watch *watch = mem_new(sizeof *watch);
    *watch = (struct watch){ .magic = WATCH_MAGIC,
                             .loop = loop,
                             .name = name,
                             .on_ready = on_ready,
                             .owner = owner };
    int status = uv_poll_init(loop_uv(loop), &watch->poll, fd);
    /* Two watches on one descriptor are a bug of ours. */
    assert(status != UV_EEXIST);
    if (status < 0) {
        mem_free(watch);
        return NULL;
    }
    watch->poll.data = watch;
    loop_account(loop, name, +1);
    return watch;
}

void watch_set(struct watch *watch, int events)
{
    assert(watch->magic == WATCH_MAGIC);
    assert((events & ~(LOOP_READ | LOOP_WRITE)) == 0);
    if (events == watch->events)
        return;
    watch->events = events;
    if (events == 0) {
        uv_poll_stop(&watch->poll);
        return;
    }
    int uv_events = (events & LOOP_READ ? UV_READABLE : 0) |
                    (events & LOOP_WRITE ? UV_WRITABLE : 0);
    int status = uv_poll_start(&watch->poll, uv_events, on_poll);
    assert(status == 0);
    (void)status;
}

static void on_closed(uv_handle_t *handle)
{
    mem_free(handle->data);
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    assert(watch->magic == WATCH_MAGIC);
    watch->magic = 0;
    loop_account(watch->loop, watch->name, -1);
    uv_close((uv_handle_t *)&watch->poll, on_closed);
}

static void on_uv_signal(uv_signal_t *handle, int number)
{
    struct signal_watch *watch = handle->data;
    assert(watch->magic == SIGNAL_MAGIC);
    watch->on_signal(watch->owner, number);
}

struct signal_watch *signal_new(struct loop *loop, int number,
                                signal_fn on_signal, void *owner)
{
    struct signal_watch *watch = mem_new(sizeof *watch);
    *watch = (struct signal_watch){ .magic = SIGNAL_MAGIC,
                                    .loop = loop,
                                    .on_signal = on_signal,
                                    .owner = owner };
    int status = uv_signal_init(loop_uv(loop), &watch->handle);
    watch->handle.data = watch;
    if (status == 0)
        status = uv_signal_start(&watch->handle, on_uv_signal, number);
    assert(status == 0);
    loop_account(loop, "signal", +1);
    return watch;
}

void signal_free(struct signal_watch *watch)
{
    if (!watch)
        return;
    assert(watch->magic == SIGNAL_MAGIC);
    watch->magic = 0;
    loop_account(watch->loop, "signal", -1);
    uv_close((uv_handle_t *)&watch->handle, on_closed);
}
