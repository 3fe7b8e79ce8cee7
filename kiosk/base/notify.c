#include "kiosk/base/notify.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

enum {
    NOTIFY_MAGIC = 0x6e746679,
    TURNS_PER_WATCHDOG = 5, /* two of them: a turn at least each 4 s of 10 */
    SAID_PER_WATCHDOG = 10
};

struct notify {
    int magic;
    struct loop *loop;
    struct timer *timer;
    int fd; /* -1: nobody listens */
    int64_t watchdog_ms;
    int64_t said_ms;
};

/* A manager that does not read must not stop the screen, and one that is gone
 * needs no answer: what cannot be sent at once is dropped. */
static void tell(struct notify *notify, const char *words)
{
    if (!notify || notify->fd < 0)
        return;
    assert(notify->magic == NOTIFY_MAGIC);
    ssize_t len =
        send(notify->fd, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)len;
}

static int connect_to(const char *address)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    size_t len = address ? strlen(address) : 0;

    if (len < 2 || len >= sizeof to.sun_path ||
        (*address != '/' && *address != '@'))
        return -1;
    memcpy(to.sun_path, address, len);
    if (*address == '@')
        to.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    if (connect(fd, (const struct sockaddr *)&to, size)) {
        close(fd);
        return -1;
    }
    return fd;
}

static void on_beat(void *owner)
{
    struct notify *notify = owner;
    int64_t now_ms = clock_monotonic_ms();

    assert(notify->magic == NOTIFY_MAGIC);
    if (now_ms - notify->said_ms < notify->watchdog_ms / SAID_PER_WATCHDOG)
        return;
    notify->said_ms = now_ms;
    tell(notify, "WATCHDOG=1");
}

static void on_timer(void *owner)
{
    struct notify *notify = owner;

    assert(notify->magic == NOTIFY_MAGIC);
    timer_start(notify->timer, notify->watchdog_ms * 2 / TURNS_PER_WATCHDOG);
}

struct notify *notify_new(struct loop *loop, const char *address,
                          int64_t watchdog_ms)
{
    struct notify *notify = mem_new(sizeof *notify);

    notify->magic = NOTIFY_MAGIC;
    notify->loop = loop;
    notify->fd = connect_to(address);
    notify->watchdog_ms = watchdog_ms;
    notify->said_ms = clock_monotonic_ms();
    if (notify->fd >= 0 && watchdog_ms > 0) {
        notify->timer = timer_new(loop, "watchdog", on_timer, notify);
        loop_on_beat(loop, on_beat, notify);
        on_timer(notify);
    }
    return notify;
}

void notify_free(struct notify *notify)
{
    if (!notify)
        return;
    if (notify->timer)
        loop_on_beat(notify->loop, NULL, NULL);
    timer_free(notify->timer);
    if (notify->fd >= 0)
        close(notify->fd);
    mem_free(notify);
}

void notify_ready(struct notify *notify)
{
    tell(notify, "READY=1");
}

void notify_stopping(struct notify *notify)
{
    tell(notify, "STOPPING=1");
}
