#include "tests/hub/rude.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"

enum {
    REQUEST_MAX = 4 * 1024 * 1024,
    BIG_BYTES = 2 * 1024 * 1024,
    BIG_PIECE_BYTES = 16384
};

struct guest {
    struct rude *rude;
    struct guest *next; /* rude.guests */
    int fd;
    struct watch *watch;
    struct timer *late;
    struct buf in;
    struct buf out;
    size_t sent;
    bool is_answering;
};

struct rude {
    struct loop *loop;
    enum rude_manner manner;
    int64_t late_ms;
    uint16_t port;
    int fd;
    struct watch *watch;
    struct guest *guests;
    int request_count;
};

static const char *const names[RUDE_MANNER_COUNT] = {
#define X(id, name) [RUDE_##id] = name,
    RUDE_TABLE(X)
#undef X
};

const char *rude_manner_name(enum rude_manner manner)
{
    return names[manner];
}

enum err rude_manner_find(const char *name, enum rude_manner *ret_manner)
{
    for (int i = 0; i < RUDE_MANNER_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_manner = (enum rude_manner)i;
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

static void part_with(struct guest *guest)
{
    struct guest **at = &guest->rude->guests;

    while (*at != guest)
        at = &(*at)->next;
    *at = guest->next;
    watch_free(guest->watch);
    timer_free(guest->late);
    close(guest->fd);
    buf_done(&guest->in);
    buf_done(&guest->out);
    mem_free(guest);
}

/* Headers and, by Content-Length, body: hanging up with unread bytes would
 * reset the connection, which is another manner. */
static bool is_whole(const struct buf *in)
{
    static const char length[] = "\nContent-Length:";
    const char *end = strstr(in->text, "\r\n\r\n");
    size_t body_len = 0;

    if (end == NULL)
        return false;
    for (const char *at = in->text; at < end; at++) {
        if (strncasecmp(at, length, strlen(length)) == 0)
            body_len = strtoul(at + strlen(length), NULL, 10);
    }
    return in->len >= (size_t)(end - in->text) + 4 + body_len;
}

static void add_answer(struct buf *out, const char *status, const char *type,
                       const char *body)
{
    buf_add_format(out,
                   "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                   "Location: http://127.0.0.1:1/\r\n\r\n%s",
                   status, type, strlen(body), body);
}

static const char yes[] = "{\"state\":\"delivered\",\"case_number\":"
                          "\"000000000000000000000000000000020261124000001\","
                          "\"time\":1795500000000}";

/* A heartbeat's, where somebody answered the call for help. */
static const char coming[] = "{\"time\":1795500000000,\"coming\":true}";

static const char *status_of(const struct buf *in)
{
    return strncmp(in->text, "PUT ", 4) == 0 ? "201 Created" : "200 OK";
}

/* White space after a good answer, so that only its length is wrong. */
static void add_big(const struct buf *in, struct buf *out, bool is_announced)
{
    char piece[BIG_PIECE_BYTES];

    memset(piece, ' ', sizeof(piece));
    memcpy(piece, yes, strlen(yes));
    buf_add_format(out, "HTTP/1.1 %s\r\n", status_of(in));
    if (is_announced)
        buf_add_format(out, "Content-Length: %d\r\n\r\n", (int)BIG_BYTES);
    else
        buf_add_text(out, "Transfer-Encoding: chunked\r\n\r\n");
    for (int at = 0; at < BIG_BYTES; at += BIG_PIECE_BYTES) {
        if (!is_announced)
            buf_add_format(out, "%x\r\n", (unsigned)BIG_PIECE_BYTES);
        buf_add(out, piece, sizeof(piece));
        if (!is_announced)
            buf_add_text(out, "\r\n");
        memset(piece, ' ', sizeof(piece));
    }
    if (!is_announced)
        buf_add_text(out, "0\r\n\r\n");
}

/* False: there is nothing to send. */
static bool compose(struct guest *guest)
{
    static const char garbage[] = "\x16\x03\x01\xff\xfe no HTTP at all\r\n";
    static const char page[] = "<!doctype html><title>Please log in</title>";
    struct buf *out = &guest->out;

    switch (guest->rude->manner) {
    case RUDE_YES:
    case RUDE_LATE:
        add_answer(out, status_of(&guest->in), "application/json", yes);
        return true;
    case RUDE_COMING:
        add_answer(out, status_of(&guest->in), "application/json", coming);
        return true;
    case RUDE_NO:
        add_answer(out, "422 Unprocessable", "application/problem+json",
                   "{\"type\":\"/problems/seal\",\"status\":422}");
        return true;
    case RUDE_RULES:
        add_answer(out, "422 Unprocessable", "application/problem+json",
                   "{\"type\":\"/problems/rules\",\"status\":422,"
                   "\"code\":\"missing\",\"name\":\"phone\"}");
        return true;
    case RUDE_ERROR:
        add_answer(out, "500 Internal Server Error", "text/plain", "Oops");
        return true;
    case RUDE_HTML:
        add_answer(out, "200 OK", "text/html", page);
        return true;
    case RUDE_HTML_NO:
        add_answer(out, "403 Forbidden", "text/html", page);
        return true;
    case RUDE_JSON_NO:
        add_answer(out, "403 Forbidden", "application/json",
                   "{\"type\":\"https://proxy.example/denied\"}");
        return true;
    case RUDE_ELSEWHERE:
        add_answer(out, "302 Found", "text/html", page);
        return true;
    case RUDE_EMPTY_JSON:
        add_answer(out, "200 OK", "application/json", "{}");
        return true;
    case RUDE_HALF:
        add_answer(out, status_of(&guest->in), "application/json", yes);
        out->len -= 40; /* what is announced stays whole */
        return true;
    case RUDE_BIG:
    case RUDE_BIG_CHUNKS:
        add_big(&guest->in, out, guest->rude->manner == RUDE_BIG);
        return true;
    case RUDE_GARBAGE:
        buf_add(out, garbage, sizeof(garbage) - 1);
        return true;
    case RUDE_NOTHING:
    case RUDE_SILENT:
    case RUDE_RESET:
    case RUDE_REFUSE:
    case RUDE_MANNER_COUNT:
        break;
    }
    return false;
}

static void send_some(struct guest *guest)
{
    ssize_t len =
        send(guest->fd, guest->out.text + guest->sent,
             guest->out.len - guest->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    bool is_full = len < 0 && errno == EAGAIN;

    if (len > 0)
        guest->sent += (size_t)len;
    if ((len <= 0 && !is_full) || guest->sent == guest->out.len)
        part_with(guest);
    else
        watch_set(guest->watch, LOOP_WRITE);
}

static void begin_answer(struct guest *guest)
{
    guest->is_answering = true;
    if (compose(guest))
        send_some(guest);
    else
        part_with(guest);
}

static void on_late(void *owner)
{
    begin_answer(owner);
}

static void answer(struct guest *guest)
{
    static const struct linger hard = { .l_onoff = 1, .l_linger = 0 };
    struct rude *rude = guest->rude;

    rude->request_count++;
    watch_set(guest->watch, 0);
    if (rude->manner == RUDE_SILENT)
        return;
    if (rude->manner == RUDE_LATE) {
        timer_start(guest->late, rude->late_ms);
        return;
    }
    if (rude->manner == RUDE_RESET)
        setsockopt(guest->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    begin_answer(guest);
}

static void on_guest(void *owner, int events)
{
    struct guest *guest = owner;
    char bytes[16384];
    ssize_t len;

    (void)events;
    if (guest->is_answering) {
        send_some(guest);
        return;
    }
    len = recv(guest->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (len <= 0) {
        part_with(guest);
        return;
    }
    buf_add(&guest->in, bytes, (size_t)len);
    if (is_whole(&guest->in))
        answer(guest);
}

static void on_knock(void *owner, int events)
{
    struct rude *rude = owner;
    struct guest *guest;
    int fd = accept(rude->fd, NULL, NULL);

    (void)events;
    if (fd < 0)
        return;
    guest = mem_new(sizeof(*guest));
    guest->rude = rude;
    guest->fd = fd;
    buf_init(&guest->in, REQUEST_MAX);
    buf_init(&guest->out, 2 * BIG_BYTES);
    guest->late = timer_new(rude->loop, "rude.late", on_late, guest);
    guest->watch = watch_new(rude->loop, "rude.guest", fd, on_guest, guest);
    guest->next = rude->guests;
    rude->guests = guest;
    watch_set(guest->watch, LOOP_READ);
}

static void shut_door(struct rude *rude)
{
    while (rude->guests != NULL)
        part_with(rude->guests);
    if (rude->watch != NULL)
        watch_free(rude->watch);
    rude->watch = NULL;
    if (rude->fd >= 0)
        close(rude->fd);
    rude->fd = -1;
}

/* Who refuses holds the port without listening, so that nobody else does. */
static enum err open_door(struct rude *rude)
{
    static const int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(rude->port) };
    socklen_t len = sizeof(address);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rude->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (rude->fd < 0 ||
        setsockopt(rude->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(rude->fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        getsockname(rude->fd, (struct sockaddr *)&address, &len) != 0)
        return ERR_IO;
    rude->port = ntohs(address.sin_port);
    if (rude->manner == RUDE_REFUSE)
        return ERR_OK;
    if (listen(rude->fd, 16) != 0)
        return ERR_IO;
    rude->watch = watch_new(rude->loop, "rude", rude->fd, on_knock, rude);
    watch_set(rude->watch, LOOP_READ);
    return ERR_OK;
}

enum err rude_new(struct loop *loop, uint16_t port, enum rude_manner manner,
                  int64_t late_ms, struct rude **ret_rude)
{
    struct rude *rude = mem_new(sizeof(*rude));
    enum err err;

    rude->loop = loop;
    rude->port = port;
    rude->manner = manner;
    rude->late_ms = late_ms;
    rude->fd = -1;
    err = open_door(rude);
    if (err) {
        rude_free(rude);
        return err;
    }
    *ret_rude = rude;
    return ERR_OK;
}

void rude_free(struct rude *rude)
{
    if (rude == NULL)
        return;
    shut_door(rude);
    mem_free(rude);
}

uint16_t rude_port(const struct rude *rude)
{
    return rude->port;
}

enum err rude_set_manner(struct rude *rude, enum rude_manner manner)
{
    shut_door(rude);
    rude->manner = manner;
    return open_door(rude);
}

int rude_request_count(const struct rude *rude)
{
    return rude->request_count;
}
