#include "kiosk/hub/serve.h"

#include <assert.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "kiosk/base/mem.h"

enum {
    /* Each may hold a body of HUB_BODY_MAX before its signature can be
     * checked, so this also bounds the memory. */
    TERMINALS_MAX = 128,
    PHONES_MAX = 512,
    PHONES_PER_ADDRESS_MAX = 64,
    BACKLOG = 128,
    CONNECTION_MEMORY_BYTES = 32 * 1024, /* also the limit of the headers */
    IDLE_SECONDS = 30,
    /* A body past its limit is read and dropped up to here, so that the sender
     * can read the answer; past this the connection is cut. */
    DROPPED_BYTES_MAX = 8 * 1024 * 1024
};

struct serve {
    struct hub *hub;
    enum hub_listener listener;
    struct MHD_Daemon *daemon;
    struct watch *watch;
    struct timer *timer;
    uint16_t port;
};

/* One request under way, from its headers to its answer. */
struct arriving {
    struct buf body;
    size_t dropped_bytes;
};

static const char *look_up_header(void *owner, const char *name)
{
    return MHD_lookup_connection_value(owner, MHD_HEADER_KIND, name);
}

static const char *look_up_argument(void *owner, const char *name)
{
    return MHD_lookup_connection_value(owner, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result send_response(struct MHD_Connection *connection,
                                     const struct hub_response *response)
{
    struct MHD_Response *reply = MHD_create_response_from_buffer(
        response->body.len, response->body.text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_YES;

    if (reply == NULL)
        return MHD_NO;
    for (size_t i = 0; i < response->header_count && result == MHD_YES; i++)
        result = MHD_add_response_header(reply, response->headers[i].name,
                                         response->headers[i].value);
    if (result == MHD_YES)
        result =
            MHD_queue_response(connection, (unsigned)response->status, reply);
    MHD_destroy_response(reply);
    return result;
}

static struct arriving *begin_request(const struct serve *serve)
{
    struct arriving *arriving = mem_new(sizeof(*arriving));

    buf_init(&arriving->body,
             serve->listener == HUB_PUBLIC ? HUB_FORM_MAX : HUB_BODY_MAX);
    return arriving;
}

static enum MHD_Result take_body(struct arriving *arriving, const char *bytes,
                                 size_t len)
{
    if (!arriving->body.is_cut)
        buf_add(&arriving->body, bytes, len);
    else
        arriving->dropped_bytes += len;
    return arriving->dropped_bytes > DROPPED_BYTES_MAX ? MHD_NO : MHD_YES;
}

/* Comes first with the headers, then with each piece of the body, then without
 * a piece when all is there. */
static enum MHD_Result on_request(void *owner,
                                  struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *bytes,
                                  size_t *len, void **state)
{
    struct serve *serve = owner;
    struct arriving *arriving = *state;
    struct hub_request request;
    struct hub_response response;
    enum MHD_Result result;

    (void)version;
    if (arriving == NULL) {
        *state = begin_request(serve);
        return MHD_YES;
    }
    if (*len != 0) {
        result = take_body(arriving, bytes, *len);
        *len = 0;
        return result;
    }
    request = (struct hub_request){
        .listener = serve->listener,
        .method = method,
        .path = path,
        .body = arriving->body.text,
        .body_len = arriving->body.len,
        .is_too_big = arriving->body.is_cut,
        .header = look_up_header,
        .argument = look_up_argument,
        .owner = connection,
    };
    hub_handle(serve->hub, &request, &response);
    result = send_response(connection, &response);
    hub_response_done(&response);
    return result;
}

static void on_request_end(void *owner, struct MHD_Connection *connection,
                           void **state, enum MHD_RequestTerminationCode why)
{
    struct arriving *arriving = *state;

    (void)owner;
    (void)connection;
    (void)why;
    if (arriving == NULL)
        return;
    buf_done(&arriving->body);
    mem_free(arriving);
    *state = NULL;
}

static void set_timer(struct serve *serve)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;

    if (MHD_get_timeout(serve->daemon, &wait_ms) == MHD_YES)
        timer_start(serve->timer,
                    wait_ms > INT32_MAX ? INT32_MAX : (int64_t)wait_ms);
    else
        timer_stop(serve->timer);
}

static void run_daemon(struct serve *serve)
{
    (void)MHD_run(serve->daemon);
    set_timer(serve);
}

static void on_ready(void *owner, int events)
{
    (void)events;
    run_daemon(owner);
}

static void on_due(void *owner)
{
    run_daemon(owner);
}

static bool is_loopback(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof(v4));
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&v6, address, sizeof(v6));
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

static enum err find_address(const struct serve_settings *settings,
                             struct sockaddr_storage *ret_address)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE };
    struct addrinfo *found;
    enum err err = ERR_OK;

    if (getaddrinfo(settings->host, NULL, &hints, &found) != 0)
        return ERR_BAD_INPUT;
    assert(found->ai_addrlen <= sizeof(*ret_address));
    if (settings->cert == NULL && !is_loopback(found->ai_addr))
        err = ERR_REFUSED;
    else
        memcpy(ret_address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (err)
        return err;
    if (ret_address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)ret_address)->sin6_port = htons(settings->port);
    else
        ((struct sockaddr_in *)ret_address)->sin_port = htons(settings->port);
    return ERR_OK;
}

/* A socket of our own, because MHD_start_daemon does not say whether the port
 * or the certificate was at fault. */
static enum err listen_at(const struct sockaddr_storage *address, int *ret_fd)
{
    static const int on = 1;
    socklen_t len = address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                   : sizeof(struct sockaddr_in);
    int fd = socket(address->ss_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return ERR_IO;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, (const struct sockaddr *)address, len) != 0 ||
        listen(fd, BACKLOG) != 0) {
        close(fd);
        return ERR_IO;
    }
    *ret_fd = fd;
    return ERR_OK;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage address = { 0 };
    socklen_t len = sizeof(address);

    if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6
                     ? ((struct sockaddr_in6 *)&address)->sin6_port
                     : ((struct sockaddr_in *)&address)->sin_port);
}

static struct MHD_Daemon *
start_daemon(struct serve *serve, const struct serve_settings *settings, int fd)
{
    const struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)settings->cert },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)settings->key },
        { MHD_OPTION_HTTPS_PRIORITIES, 0,
          (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
        { MHD_OPTION_END, 0, NULL },
    };
    const struct MHD_OptionItem plain[] = { { MHD_OPTION_END, 0, NULL } };
    bool is_tls = settings->cert != NULL;
    bool is_public = settings->listener == HUB_PUBLIC;

    return MHD_start_daemon(
        MHD_USE_EPOLL | (is_tls ? MHD_USE_TLS : 0u), 0, NULL, NULL, on_request,
        serve, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED,
        on_request_end, NULL, MHD_OPTION_CONNECTION_LIMIT,
        is_public ? (unsigned)PHONES_MAX : (unsigned)TERMINALS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        is_public ? (unsigned)PHONES_PER_ADDRESS_MAX : 0u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, is_tls ? tls : plain,
        MHD_OPTION_END);
}

static void watch_daemon(struct serve *serve, struct loop *loop)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(serve->daemon, MHD_DAEMON_INFO_EPOLL_FD);

    serve->timer = timer_new(loop, "hub.serve", on_due, serve);
    serve->watch =
        watch_new(loop, "hub.serve", info->epoll_fd, on_ready, serve);
    watch_set(serve->watch, LOOP_READ);
    set_timer(serve);
}

enum err serve_open(struct loop *loop, struct hub *hub,
                    const struct serve_settings *settings,
                    struct serve **ret_serve)
{
    struct sockaddr_storage address = { 0 };
    struct serve *serve;
    int fd = -1;
    enum err err;

    if (settings->cert != NULL &&
        MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return ERR_CRYPTO;
    err = find_address(settings, &address);
    if (!err)
        err = listen_at(&address, &fd);
    if (err)
        return err;
    serve = mem_new(sizeof(*serve));
    serve->hub = hub;
    serve->listener = settings->listener;
    serve->port = port_of(fd);
    serve->daemon = start_daemon(serve, settings, fd);
    if (serve->daemon == NULL) {
        /* Whether MHD closed the socket depends on how far it came; the
         * program ends now, which closes it in any case. */
        mem_free(serve);
        return ERR_CRYPTO;
    }
    watch_daemon(serve, loop);
    *ret_serve = serve;
    return ERR_OK;
}

void serve_close(struct serve *serve)
{
    if (serve == NULL)
        return;
    watch_free(serve->watch);
    timer_free(serve->timer);
    MHD_stop_daemon(serve->daemon);
    mem_free(serve);
}

uint16_t serve_port(const struct serve *serve)
{
    return serve->port;
}
