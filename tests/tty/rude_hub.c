#include "tests/tty/rude_hub.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "tests/hub/rude.h"
#include "tests/tty/sample_office.h"
#include "tests/tty/world.h"

enum { REQUEST_MAX = 4 * 1024 * 1024, PATIENCE_MS = 240000 };

enum relayed {
    SWALLOW,
    RELAY,
    FLIPPED,
    NO_PDF,
    HUGE_PDF,
    SAMPLE,
    RELAYED_COUNT
};
static const char *const relayed_names[RELAYED_COUNT] = { "swallow", "relay",
                                                          "flipped", "no-pdf",
                                                          "huge",    "sample" };

/* ---- The hub ----------------------------------------------------------- */

static struct {
    struct loop *loop;
    struct child *real;
    struct rude *rude; /* NULL while it swallows */
    struct watch *input, *orders, *door;
    const char *order_path;
    int order_fd, door_fd;
    enum relayed relayed;
    uint16_t port, real_port;
} hub = { .order_fd = -1, .door_fd = -1 };

static int connect_to_real(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(hub.real_port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Headers and what they say follows; both ends write Content-Length. */
static bool take_message(int fd, struct buf *message)
{
    static const char length[] = "\nContent-Length:";
    char bytes[16384];

    for (;;) {
        const char *end = strstr(message->text, "\r\n\r\n");
        size_t body = 0;
        for (const char *at = message->text; end && at < end; at++)
            if (strncasecmp(at, length, strlen(length)) == 0)
                body = strtoul(at + strlen(length), NULL, 10);
        if (end && message->len >= (size_t)(end - message->text) + 4 + body)
            return true;
        ssize_t got = recv(fd, bytes, sizeof bytes, 0);
        if (got <= 0 || message->is_cut)
            return false;
        buf_add(message, bytes, (size_t)got);
    }
}

static bool asks(const struct buf *request, const char *line)
{
    return strncmp(request->text, line, strlen(line)) == 0;
}

/* The body's text with another number after "bytes":, and the headers' length
 * of it. */
static void say_huge(struct buf *answer)
{
    static const char bytes[] = "\"bytes\":";
    const char *body = strstr(answer->text, "\r\n\r\n") + 4;
    const char *at = strstr(body, bytes);
    struct buf other, whole;

    if (!at)
        return;
    at += strlen(bytes);
    buf_init(&other, REQUEST_MAX);
    buf_init(&whole, REQUEST_MAX);
    buf_add(&other, body, (size_t)(at - body));
    buf_add_text(&other, "52428800");
    buf_add_text(&other, at + strspn(at, "0123456789"));
    buf_add_format(&whole,
                   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                   "Content-Length: %zu\r\n\r\n",
                   other.len);
    buf_add(&whole, other.text, other.len);
    buf_clear(answer);
    buf_add(answer, whole.text, whole.len);
    buf_done(&other);
    buf_done(&whole);
}

static void alter(const struct buf *request, struct buf *answer)
{
    bool is_file = asks(request, "GET /v1/certificates/");
    char *body = strstr(answer->text, "\r\n\r\n");

    if (!body)
        return;
    if (hub.relayed == FLIPPED && is_file)
        answer->text[answer->len - 20] ^= 1;
    else if (hub.relayed == NO_PDF && is_file)
        memcpy(body + 4, "<html", 5);
    else if (hub.relayed == HUGE_PDF && asks(request, "POST /v1/certificates "))
        say_huge(answer);
    else if (hub.relayed == SAMPLE && asks(request, "POST /v1/heartbeats "))
        sample_office_comes(answer);
    else if (hub.relayed == SAMPLE && asks(request, "POST /v1/checks"))
        sample_office_hides_phone(answer);
}

/* The door shuts after each answer, and says so: who came again through it at
 * once would find it shut. */
static void say_close(struct buf *answer)
{
    const char *headers = strstr(answer->text, "\r\n");
    struct buf said;

    if (!headers)
        return;
    buf_init(&said, REQUEST_MAX);
    buf_add(&said, answer->text, (size_t)(headers - answer->text));
    buf_add_text(&said, "\r\nConnection: close");
    buf_add(&said, headers, answer->len - (size_t)(headers - answer->text));
    buf_clear(answer);
    buf_add(answer, said.text, said.len);
    buf_done(&said);
}

/* It may wait as long as it likes: nothing else is its business. */
static void on_swallow(void *owner, int events)
{
    struct buf request, answer;
    int guest = accept(hub.door_fd, NULL, NULL);
    int real = connect_to_real();

    (void)owner;
    (void)events;
    buf_init(&request, REQUEST_MAX);
    buf_init(&answer, REQUEST_MAX);
    bool is_whole = guest >= 0 && take_message(guest, &request);
    bool is_answered = is_whole && hub.relayed == SAMPLE &&
                       sample_office_answers(&request, &answer);
    if (is_whole && !is_answered && real >= 0 &&
        send(real, request.text, request.len, MSG_NOSIGNAL) > 0)
        (void)take_message(real, &answer);
    if (answer.len > 0 && hub.relayed != SWALLOW) {
        alter(&request, &answer);
        say_close(&answer);
        (void)send(guest, answer.text, answer.len, MSG_NOSIGNAL);
    }
    if (guest >= 0)
        close(guest);
    if (real >= 0)
        close(real);
    buf_done(&request);
    buf_done(&answer);
}

static bool open_swallow(void)
{
    static const int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(hub.port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    hub.door_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (hub.door_fd < 0 ||
        setsockopt(hub.door_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(hub.door_fd, (struct sockaddr *)&address, sizeof address) ||
        listen(hub.door_fd, 16))
        return false;
    hub.door = watch_new(hub.loop, "swallow", hub.door_fd, on_swallow, NULL);
    watch_set(hub.door, LOOP_READ);
    return true;
}

static void close_swallow(void)
{
    watch_free(hub.door);
    hub.door = NULL;
    if (hub.door_fd >= 0)
        close(hub.door_fd);
    hub.door_fd = -1;
}

static bool behave(const char *name)
{
    enum rude_manner manner = RUDE_REFUSE;

    close_swallow();
    for (int i = 0; i < RELAYED_COUNT; i++) {
        if (strcmp(name, relayed_names[i]) != 0)
            continue;
        hub.relayed = (enum relayed)i;
        rude_free(hub.rude);
        hub.rude = NULL;
        return open_swallow();
    }
    if (rude_manner_find(name, &manner))
        return false;
    if (hub.rude)
        return rude_set_manner(hub.rude, manner) == ERR_OK;
    return rude_new(hub.loop, hub.port, manner, 0, &hub.rude) == ERR_OK;
}

/* An order is a manner's name and a newline; it is carried out before the
 * answer. */
static void on_order(void *owner, int events)
{
    char name[64] = "";
    int fd = accept(hub.order_fd, NULL, NULL);

    (void)owner;
    (void)events;
    ssize_t len = recv(fd, name, sizeof name - 1, 0);
    name[len > 0 ? strcspn(name, "\n") : 0] = '\0';
    if (behave(name))
        (void)send(fd, "ok\n", 3, MSG_NOSIGNAL);
    close(fd);
}

static int order_socket(struct sockaddr_un *address, const char *path)
{
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    size_t len = strlen(path);
    if (len >= sizeof address->sun_path)
        return -1;
    memcpy(address->sun_path, path, len);
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static bool take_orders(void)
{
    struct sockaddr_un address;

    hub.order_fd = order_socket(&address, hub.order_path);
    unlink(hub.order_path);
    if (bind(hub.order_fd, (struct sockaddr *)&address, sizeof address) ||
        listen(hub.order_fd, 4))
        return false;
    hub.orders = watch_new(hub.loop, "orders", hub.order_fd, on_order, NULL);
    watch_set(hub.orders, LOOP_READ);
    return true;
}

/* The real hub's line, with our own door for terminals. */
static void on_real_line(void *owner, const char *line, size_t len)
{
    json_t *told = json_loadb(line, len, 0, NULL);
    const char *terminals =
        json_string_value(json_object_get(told, "terminals"));
    char url[64];

    (void)owner;
    if (hub.rude || !terminals)
        return;
    hub.real_port = (uint16_t)strtoul(strrchr(terminals, ':') + 1, NULL, 10);
    if (rude_new(hub.loop, 0, RUDE_REFUSE, 0, &hub.rude) || !take_orders()) {
        loop_stop(hub.loop);
        return;
    }
    hub.port = rude_port(hub.rude);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", hub.port);
    json_object_set_new(told, "terminals", json_string(url));
    json_dumpf(told, stdout, JSON_COMPACT);
    printf("\n");
    fflush(stdout);
    json_decref(told);
}

static void on_real_end(void *owner, enum err err, int status)
{
    (void)owner;
    (void)err;
    (void)status;
    loop_stop(hub.loop);
}

static void on_input(void *owner, int events)
{
    char dropped[64];
    (void)owner;
    (void)events;
    if (read(STDIN_FILENO, dropped, sizeof dropped) <= 0)
        loop_stop(hub.loop);
}

/* kiosk-hub --rude ORDERS REAL-HUB its arguments … */
int rude_hub_main(int argc, char **argv)
{
    static const struct child_profile profile = { .name = "real hub",
                                                  .line_max_bytes = 4096 };
    static const struct child_events events = { on_real_line, on_real_end };

    if (argc < 4 || strcmp(argv[1], "--rude") != 0)
        return -1;
    hub.order_path = argv[2];
    hub.loop = loop_new();
    hub.input = watch_new(hub.loop, "input", STDIN_FILENO, on_input, NULL);
    watch_set(hub.input, LOOP_READ);
    if (child_run(hub.loop, &profile, (const char *const *)argv + 3, &events,
                  NULL, &hub.real) == ERR_OK)
        loop_run(hub.loop);
    close_swallow();
    watch_free(hub.input);
    watch_free(hub.orders);
    rude_free(hub.rude);
    child_free(hub.real);
    loop_free(hub.loop);
    return 0;
}

/* ---- The test's side --------------------------------------------------- */

void rude_hub_install(const char *folder)
{
    char real[WORLD_PATH], self[WORLD_PATH] = "", script[4 * WORLD_PATH];

    world_program(real, "kiosk-hub");
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    snprintf(script, sizeof script,
             "#!/bin/sh\n"
             "[ -e '%s/mended' ] && exec '%s' \"$@\"\n"
             "exec '%s' --rude '%s/orders' '%s' \"$@\"\n",
             folder, real, self, folder, real);
    world_install(folder, script);
}

/* False while the hub is not there (yet). */
static bool order(const char *folder, const char *manner)
{
    char path[WORLD_PATH], answer[8] = "";
    struct sockaddr_un address;

    world_join(path, folder, "orders");
    int fd = order_socket(&address, path);
    assert_true(fd >= 0);
    bool is_there =
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (is_there) {
        assert_true(send(fd, manner, strlen(manner), MSG_NOSIGNAL) > 0);
        ssize_t len = recv(fd, answer, sizeof answer - 1, 0);
        if (len != 3)
            fail_msg("the rude hub does not know how to be %s", manner);
    }
    close(fd);
    return is_there;
}

void rude_hub_be(const char *folder, struct drive *drive, const char *manner)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!order(folder, manner)) {
        assert_true(clock_monotonic_ms() < end_ms);
        assert_true(drive_sim(drive, "clock +0s"));
    }
}

void rude_hub_mend(const char *folder, struct drive *drive)
{
    char path[WORLD_PATH], self[WORLD_PATH] = "";

    world_join(path, folder, "mended");
    world_write(path, "", 0600);
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    pid_t hub_pid = world_child(drive_pid(drive), strrchr(self, '/') + 1);
    assert_true(hub_pid > 0);
    assert_int_equal(kill(hub_pid, SIGKILL), 0);
}
