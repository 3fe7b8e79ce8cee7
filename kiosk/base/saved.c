#include "kiosk/base/saved.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "kiosk/base/mem.h"

enum {
    MAGIC = 0x73617665,
    EVENT_BYTES = 8192,
    /* IN_CREATE counts of folders only: a new file is not written yet. */
    WATCHED = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
              IN_CREATE | IN_MOVE_SELF | IN_ONLYDIR
};

struct saved {
    int magic;
    int fd;
    struct watch *watch;
    saved_fn on_saved;
    void *owner;
};

static void tell(struct saved *saved, const struct inotify_event *event)
{
    /* It would be watched on at its new place; the kernel says IN_IGNORED when
     * it is not any more. */
    if (event->mask & IN_MOVE_SELF)
        (void)inotify_rm_watch(saved->fd, event->wd);
    else if (event->mask & (IN_IGNORED | IN_Q_OVERFLOW))
        saved->on_saved(saved->owner, "");
    else if (event->len > 0 &&
             (!(event->mask & IN_CREATE) || event->mask & IN_ISDIR))
        saved->on_saved(saved->owner, event->name);
}

static void on_events(void *owner, int events)
{
    struct saved *saved = owner;
    _Alignas(struct inotify_event) char bytes[EVENT_BYTES];

    (void)events;
    assert(saved->magic == MAGIC);
    ssize_t len = read(saved->fd, bytes, sizeof bytes);
    for (ssize_t at = 0; at < len;) {
        const struct inotify_event *event = (const void *)(bytes + at);
        at += (ssize_t)(sizeof *event + event->len);
        tell(saved, event);
    }
}

enum err saved_new(struct loop *loop, saved_fn on_saved, void *owner,
                   struct saved **ret_saved)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    if (fd < 0)
        return ERR_IO;
    struct saved *saved = mem_new(sizeof *saved);
    *saved = (struct saved){
        .magic = MAGIC, .fd = fd, .on_saved = on_saved, .owner = owner
    };
    saved->watch = watch_new(loop, "saved files", fd, on_events, saved);
    if (!saved->watch) {
        saved_free(saved);
        return ERR_IO;
    }
    watch_set(saved->watch, LOOP_READ);
    *ret_saved = saved;
    return ERR_OK;
}

enum err saved_add(struct saved *saved, const char *folder)
{
    assert(saved->magic == MAGIC);
    if (inotify_add_watch(saved->fd, folder, WATCHED) >= 0)
        return ERR_OK;
    return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
}

void saved_free(struct saved *saved)
{
    if (!saved)
        return;
    watch_free(saved->watch);
    close(saved->fd);
    mem_free(saved);
}
