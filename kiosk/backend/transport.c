#include "kiosk/backend/transport.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "kiosk/base/mem.h"

enum { CONNECTIONS_MAX = 4, URL_BYTES_MAX = 512 };

/* A descriptor that libcurl wants watched. */
struct curl_watch {
    struct transport *transport;
    struct curl_watch *next; /* transport.watches */
    struct watch *watch;
    curl_socket_t fd;
};

struct exchange {
    struct transport *transport;
    struct exchange *next; /* transport.running, then transport.ended */
    CURL *easy;
    struct curl_slist *headers;
    struct buf answer;
    exchange_fn on_end;
    void *owner;
    enum err err;
    int status;
};

/* An exchange is in exactly one of the two lists; ended ones wait for the
 * deliver timer, so that on_end never comes from inside a call of ours. */
struct transport {
    struct loop *loop;
    char *ca;
    int64_t answer_max_ms;
    bool is_up;
    CURLM *multi; /* NULL until the first exchange, and while offline */
    struct timer *timer;
    struct timer *deliver;
    struct curl_watch *watches;
    struct exchange *running;
    struct exchange *ended;
};

static const struct transport_carrier *carrier; /* NULL: libcurl */

static void unlink_exchange(struct exchange **list, struct exchange *exchange)
{
    while (*list != NULL && *list != exchange)
        list = &(*list)->next;
    assert(*list == exchange);
    *list = exchange->next;
    exchange->next = NULL;
}

static void free_exchange(struct exchange *exchange)
{
    curl_slist_free_all(exchange->headers);
    buf_done(&exchange->answer);
    mem_free(exchange);
}

/* The handle goes at once, the answer waits for its delivery at the end of the
 * list, so that answers come in the order in which they ended. */
static void end_exchange(struct exchange *exchange, enum err err, int status)
{
    struct transport *transport = exchange->transport;
    struct exchange **last = &transport->ended;

    if (exchange->easy != NULL) {
        curl_multi_remove_handle(transport->multi, exchange->easy);
        curl_easy_cleanup(exchange->easy);
        exchange->easy = NULL;
    }
    unlink_exchange(&transport->running, exchange);
    exchange->err = err;
    exchange->status = status;
    while (*last != NULL)
        last = &(*last)->next;
    *last = exchange;
    timer_start(transport->deliver, 0);
}

/* One a turn: after on_end nothing of ours is touched, so it may free the
 * client. */
static void on_deliver(void *owner)
{
    struct transport *transport = owner;
    struct exchange *exchange = transport->ended;

    if (exchange == NULL)
        return;
    transport->ended = exchange->next;
    if (transport->ended != NULL)
        timer_start(transport->deliver, 0);
    exchange->on_end(exchange->owner, exchange->err, exchange->status,
                     &exchange->answer);
    free_exchange(exchange);
}

static enum err err_of(CURLcode code)
{
    switch ((int)code) {
    case CURLE_OK:
        return ERR_OK;
    case CURLE_OPERATION_TIMEDOUT:
        return ERR_TIMEOUT;
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_FAILED_INIT:
        return ERR_OFFLINE;
    default:
        return ERR_BAD_ANSWER;
    }
}

/* After every call into libcurl, whatever its running count says: the last
 * transfer that timed out is otherwise never heard of. */
static void read_ended(struct transport *transport)
{
    CURLMsg *message;
    int left;

    for (;;) {
        struct exchange *exchange = NULL;
        CURLcode code;
        long status = 0;

        message = curl_multi_info_read(transport->multi, &left);
        if (message == NULL)
            return;
        if (message->msg != CURLMSG_DONE)
            continue;
        /* The message dies with its handle. */
        code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE,
                          &status);
        end_exchange(exchange, err_of(code), (int)status);
    }
}

/* Our clock may have been moved ahead of curl's: then nothing was due yet, and
 * curl, whose wish has not changed, does not utter it again. */
static void wait_on(struct transport *transport)
{
    long wait_ms = -1;

    if (curl_multi_timeout(transport->multi, &wait_ms) || wait_ms < 0)
        return;
    timer_start(transport->timer, wait_ms > 0 ? wait_ms : 1);
}

static void on_timer(void *owner)
{
    struct transport *transport = owner;
    int running;

    if (transport->multi == NULL)
        return;
    curl_multi_socket_action(transport->multi, CURL_SOCKET_TIMEOUT, 0,
                             &running);
    wait_on(transport);
    read_ended(transport);
}

static int on_curl_timer(CURLM *multi, long wait_ms, void *owner)
{
    struct transport *transport = owner;

    (void)multi;
    if (wait_ms < 0)
        timer_stop(transport->timer);
    else
        timer_start(transport->timer, wait_ms);
    return 0;
}

/* An error alone is still passed on: libcurl finds out what it is. */
static void on_ready(void *owner, int events)
{
    struct curl_watch *entry = owner;
    struct transport *transport = entry->transport;
    int flags = 0, running;

    if ((events & LOOP_READ) != 0)
        flags |= CURL_CSELECT_IN;
    if ((events & LOOP_WRITE) != 0)
        flags |= CURL_CSELECT_OUT;
    if ((events & LOOP_ERROR) != 0)
        flags |= CURL_CSELECT_ERR;
    curl_multi_socket_action(transport->multi, entry->fd, flags, &running);
    read_ended(transport);
}

static void drop_watch(struct transport *transport, struct curl_watch *entry)
{
    struct curl_watch **at = &transport->watches;

    while (*at != NULL && *at != entry)
        at = &(*at)->next;
    assert(*at == entry);
    *at = entry->next;
    watch_free(entry->watch);
    mem_free(entry);
}

static struct curl_watch *add_watch(struct transport *transport,
                                    curl_socket_t fd)
{
    struct curl_watch *entry = mem_new(sizeof(*entry));

    entry->transport = transport;
    entry->fd = fd;
    entry->watch =
        watch_new(transport->loop, "backend.socket", fd, on_ready, entry);
    entry->next = transport->watches;
    transport->watches = entry;
    return entry;
}

static int on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *owner,
                          void *socket_owner)
{
    struct transport *transport = owner;
    struct curl_watch *entry = socket_owner;
    int events = 0;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (entry != NULL)
            drop_watch(transport, entry);
        return 0;
    }
    if (entry == NULL) {
        entry = add_watch(transport, fd);
        curl_multi_assign(transport->multi, fd, entry);
    }
    if ((what & CURL_POLL_IN) != 0)
        events |= LOOP_READ;
    if ((what & CURL_POLL_OUT) != 0)
        events |= LOOP_WRITE;
    watch_set(entry->watch, events);
    return 0;
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

static bool is_plain(const char *url)
{
    return strncmp(url, "http:", 5) == 0;
}

/* The last word on where bytes go: a name that looked like loopback may have
 * been resolved to another machine. */
static curl_socket_t on_open_socket(void *owner, curlsocktype purpose,
                                    struct curl_sockaddr *address)
{
    struct exchange *exchange = owner;
    char *url = NULL;

    (void)purpose;
    curl_easy_getinfo(exchange->easy, CURLINFO_EFFECTIVE_URL, &url);
    if (!exchange->transport->is_up || url == NULL ||
        (is_plain(url) && !is_loopback(&address->addr)))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

/* Too much: what is returned differs from what came, and libcurl gives up. */
static size_t on_answer(char *bytes, size_t size, size_t count, void *owner)
{
    struct exchange *exchange = owner;

    buf_add(&exchange->answer, bytes, size * count);
    return exchange->answer.is_cut ? 0 : size * count;
}

static void set_multi(struct transport *transport)
{
    CURLM *multi = transport->multi;

    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, transport);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, transport);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
}

/* The one place where handles get their options; `make lint` sees to it. */
static void set_easy(struct exchange *exchange,
                     const struct exchange_settings *settings)
{
    const struct transport *transport = exchange->transport;
    CURL *easy = exchange->easy;
    const char *protocol = is_plain(settings->url) ? "http" : "https";

    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt(easy, CURLOPT_URL, settings->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocol);
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* Giving up must not wait, on the loop, for a silent name server. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)transport->answer_max_ms);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (transport->ca != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, transport->ca);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                     (curl_off_t)TRANSPORT_ANSWER_MAX);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
    if (settings->body != NULL) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, settings->body);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)settings->body_len);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, settings->method);
}

static bool open_multi(struct transport *transport)
{
    static bool is_ready;

    if (!is_ready && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return false;
    is_ready = true;
    if (transport->multi == NULL) {
        transport->multi = curl_multi_init();
        if (transport->multi != NULL)
            set_multi(transport);
    }
    return transport->multi != NULL;
}

static bool start_exchange(struct exchange *exchange,
                           const struct exchange_settings *settings)
{
    struct transport *transport = exchange->transport;
    struct curl_slist *longer;

    if (!transport->is_up || settings->url == NULL)
        return false;
    if (carrier != NULL) {
        carrier->begin(carrier->owner, exchange, settings,
                       transport->answer_max_ms);
        return true;
    }
    if (!open_multi(transport))
        return false;
    for (size_t i = 0; i < settings->header_count; i++) {
        longer = curl_slist_append(exchange->headers, settings->headers[i]);
        if (longer == NULL)
            return false;
        exchange->headers = longer;
    }
    exchange->easy = curl_easy_init();
    if (exchange->easy == NULL)
        return false;
    set_easy(exchange, settings);
    if (curl_multi_add_handle(transport->multi, exchange->easy) == CURLM_OK)
        return true;
    curl_easy_cleanup(exchange->easy);
    exchange->easy = NULL;
    return false;
}

void transport_begin(struct transport *transport,
                     const struct exchange_settings *settings,
                     exchange_fn on_end, void *owner)
{
    struct exchange *exchange = mem_new(sizeof(*exchange));

    exchange->transport = transport;
    exchange->on_end = on_end;
    exchange->owner = owner;
    buf_init(&exchange->answer, TRANSPORT_ANSWER_MAX);
    exchange->next = transport->running;
    transport->running = exchange;
    if (!start_exchange(exchange, settings))
        end_exchange(exchange, ERR_OFFLINE, 0);
}

void transport_carry(const struct transport_carrier *other)
{
    carrier = other;
}

void transport_carried(struct exchange *exchange, enum err err, int status,
                       const void *answer, size_t len)
{
    buf_add(&exchange->answer, answer, len);
    end_exchange(exchange, err, status);
}

/* Also those kept open for later: the next exchange connects anew. */
static void close_connections(struct transport *transport)
{
    while (transport->running != NULL) {
        if (carrier != NULL)
            carrier->give_up(carrier->owner, transport->running);
        end_exchange(transport->running, ERR_OFFLINE, 0);
    }
    if (transport->multi != NULL)
        curl_multi_cleanup(transport->multi);
    transport->multi = NULL;
    while (transport->watches != NULL)
        drop_watch(transport, transport->watches);
    timer_stop(transport->timer);
}

void transport_set_network(struct transport *transport, bool is_up)
{
    transport->is_up = is_up;
    if (!is_up)
        close_connections(transport);
}

struct transport *transport_new(struct loop *loop, const char *ca,
                                int64_t answer_max_ms)
{
    struct transport *transport = mem_new(sizeof(*transport));

    transport->loop = loop;
    transport->ca = ca == NULL ? NULL : mem_copy_text(ca);
    transport->answer_max_ms = answer_max_ms;
    transport->is_up = true;
    transport->timer = timer_new(loop, "backend.curl", on_timer, transport);
    transport->deliver =
        timer_new(loop, "backend.deliver", on_deliver, transport);
    return transport;
}

void transport_free(struct transport *transport)
{
    struct exchange *exchange;

    if (transport == NULL)
        return;
    close_connections(transport);
    while (transport->ended != NULL) {
        exchange = transport->ended;
        transport->ended = exchange->next;
        free_exchange(exchange);
    }
    timer_free(transport->timer);
    timer_free(transport->deliver);
    mem_free(transport->ca);
    mem_free(transport);
}

static bool is_loopback_name(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 &&
            strspn(host, "0123456789.") == strlen(host));
}

/* Nothing but scheme, host and port may stand in it. */
static bool has_part(CURLU *parts, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(parts, part, &text, 0) == CURLUE_OK &&
               !(part == CURLUPART_PATH && strcmp(text, "/") == 0);

    curl_free(text);
    return has;
}

static bool join_base(CURLU *parts, struct buf *base)
{
    char *scheme = NULL, *host = NULL, *port = NULL;
    bool is_good =
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) ==
            CURLUE_OK &&
        (strcmp(scheme, "https") == 0 ||
         (strcmp(scheme, "http") == 0 && is_loopback_name(host)));

    if (is_good) {
        buf_clear(base);
        buf_add_format(base, "%s://%s:%s", scheme, host, port);
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    return is_good && !base->is_cut;
}

bool transport_check_url(const char *url, struct buf *ret_base)
{
    CURLU *parts;
    bool is_good;

    if (strlen(url) > URL_BYTES_MAX)
        return false;
    parts = curl_url();
    is_good = parts != NULL &&
              curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
              !has_part(parts, CURLUPART_PATH) &&
              !has_part(parts, CURLUPART_QUERY) &&
              !has_part(parts, CURLUPART_FRAGMENT) &&
              !has_part(parts, CURLUPART_USER) && join_base(parts, ret_base);
    curl_url_cleanup(parts);
    return is_good;
}
