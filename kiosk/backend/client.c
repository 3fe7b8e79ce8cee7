#include "kiosk/backend/client.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/backend/answer.h"
#include "kiosk/backend/transport.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/request.h"

enum { BASE_BYTES_MAX = 600, PATH_BYTES = 96, SAME_TIME_MS = 2000 };

typedef void (*done_fn)(void *owner, const struct client_answer *answer);

struct client {
    struct transport *transport;
    struct signer *signer;
    struct buf base; /* "https://hub.example:8443"; empty: nowhere */
    /* Hub's time minus ours, once it refused one of ours: requests are signed
     * with the hub's time from then on. */
    int64_t clock_off_ms;
    struct call *calls;
};

/* One question to the hub, over one exchange or two. */
struct call {
    struct client *client;
    struct call *next; /* client.calls */
    enum answer_kind kind;
    const char *method;
    char path[PATH_BYTES];
    const void *body;
    size_t body_len;
    char *own_body; /* NULL: body is the caller's */
    bool has_signed_again;
    int64_t asked_ms;           /* wall clock, of the exchange under way */
    struct request_proof proof; /* of the request that is being signed */
    enum err unsigned_err;      /* why it could not be signed */
    done_fn done;
    void *owner;
};

static void free_call(struct call *call)
{
    mem_free(call->own_body);
    mem_free(call);
}

/* Its own client forgets the call before done is told, so done may free the
 * client. */
static void end_call(struct call *call, const struct client_answer *answer)
{
    struct call **at = &call->client->calls;

    while (*at != call)
        at = &(*at)->next;
    *at = call->next;
    call->done(call->owner, answer);
    free_call(call);
}

static void add_header(struct exchange_settings *settings, const char *name,
                       const char *value)
{
    snprintf(settings->headers[settings->header_count], TRANSPORT_HEADER_BYTES,
             "%s: %s", name, value);
    settings->header_count++;
}

static void on_exchange(void *owner, enum err err, int status,
                        const struct buf *text);

static void set_headers(const struct call *call,
                        const struct request_proof *proof,
                        struct exchange_settings *settings)
{
    for (int i = 0; i < REQUEST_HEADER_COUNT; i++)
        add_header(settings, request_header_names[i], proof->values[i]);
    add_header(settings, "Content-Type",
               call->kind == ANSWER_SENT ? "application/octet-stream"
                                         : "application/json");
    add_header(settings, "Accept",
               call->kind == ANSWER_FILE ? "application/pdf"
                                         : "application/json");
    /* Without it libcurl waits for a go-ahead before a large body. */
    add_header(settings, "Expect", "");
}

/* Without a place to go or a signature there is no URL, and the call ends as
 * any other that finds nobody. */
static void transfer(struct call *call, bool is_signed)
{
    struct client *client = call->client;
    struct exchange_settings settings = { .method = call->method,
                                          .body = call->body,
                                          .body_len = call->body_len };
    struct buf url;

    buf_init(&url, BASE_BYTES_MAX + PATH_BYTES);
    if (is_signed) {
        set_headers(call, &call->proof, &settings);
        buf_add(&url, client->base.text, client->base.len);
        buf_add_text(&url, call->path);
        settings.url = url.text;
    }
    transport_begin(client->transport, &settings, on_exchange, call);
    buf_done(&url);
}

/* The hub may have been forgotten while it was being signed. */
static void on_signed(void *owner, enum err err, const unsigned char *signature)
{
    struct call *call = owner;

    call->unsigned_err = err;
    if (!err)
        request_finish(&call->proof, signature);
    transfer(call, !err && call->client->base.len != 0);
}

static void begin_exchange(struct call *call)
{
    struct client *client = call->client;
    const unsigned char *public_key = signer_public(client->signer);
    const struct request_line line = { call->method, call->path, call->body,
                                       call->body_len };
    struct buf text;

    call->asked_ms = clock_wall_ms();
    call->unsigned_err = public_key ? ERR_OK : ERR_CHILD;
    buf_init(&text, REQUEST_TEXT_MAX);
    if (client->base.len == 0 || !public_key ||
        request_prepare(public_key, &line,
                        clock_wall_ms() + client->clock_off_ms, &call->proof,
                        &text))
        transfer(call, false);
    else
        signer_ask(client->signer, text.text, text.len, on_signed, call);
    buf_done(&text);
}

/* Hub's time minus ours.  The hub looked at its clock somewhere between our
 * asking and our hearing, so what lies between them is no difference. */
static int64_t clock_off(const struct call *call, int64_t hub_ms)
{
    int64_t now_ms = clock_wall_ms();
    int64_t off_ms = hub_ms < call->asked_ms ? hub_ms - call->asked_ms
                     : hub_ms > now_ms       ? hub_ms - now_ms
                                             : 0;

    return off_ms > -SAME_TIME_MS && off_ms < SAME_TIME_MS ? 0 : off_ms;
}

static void on_exchange(void *owner, enum err err, int status,
                        const struct buf *text)
{
    struct call *call = owner;
    struct client *client = call->client;
    struct answer answer = { .err = call->unsigned_err ? call->unsigned_err
                                                       : err };
    struct client_answer told;

    if (!err)
        answer_read(call->kind, status, text->text, text->len, &answer);
    if (answer.is_untimely && !call->has_signed_again) {
        call->has_signed_again = true;
        client->clock_off_ms = answer.hub_ms - clock_wall_ms();
        begin_exchange(call);
        return;
    }
    told = (struct client_answer){
        .err = answer.err,
        .is_new = answer.is_new,
        .is_revoked = answer.is_revoked,
        .is_coming = answer.is_coming,
        .case_number = answer.case_number,
        .state = answer.state,
        .step = answer.step,
        .journal = answer.journal,
        .status = status,
        .problem = answer.problem,
        .body = err ? "" : text->text,
        .body_len = err ? 0 : text->len,
        .clock_off_ms = answer.hub_ms != 0 ? clock_off(call, answer.hub_ms)
                                           : client->clock_off_ms,
    };
    end_call(call, &told);
}

static struct call *begin_call(struct client *client, enum answer_kind kind,
                               const char *method, done_fn done, void *owner)
{
    struct call *call = mem_new(sizeof(*call));

    call->client = client;
    call->kind = kind;
    call->method = method;
    call->done = done;
    call->owner = owner;
    call->next = client->calls;
    client->calls = call;
    return call;
}

static void set_case_path(struct call *call, const char *case_id)
{
    snprintf(call->path, sizeof(call->path), "/v1/cases/%s", case_id);
}

void transport_send(struct client *client, const char *case_id,
                    const void *bytes, size_t len, done_fn done, void *owner)
{
    struct call *call = begin_call(client, ANSWER_SENT, "PUT", done, owner);

    set_case_path(call, case_id);
    call->body = bytes;
    call->body_len = len;
    begin_exchange(call);
}

void client_ask_case(struct client *client, const char *case_id, done_fn done,
                     void *owner)
{
    struct call *call = begin_call(client, ANSWER_ASKED, "GET", done, owner);

    set_case_path(call, case_id);
    begin_exchange(call);
}

void client_heartbeat(struct client *client, const char *body, done_fn done,
                      void *owner)
{
    struct call *call =
        begin_call(client, ANSWER_HEARTBEAT, "POST", done, owner);

    snprintf(call->path, sizeof(call->path), "/v1/heartbeats");
    call->own_body = mem_copy_text(body);
    call->body = call->own_body;
    call->body_len = strlen(body);
    begin_exchange(call);
}

void client_ask(struct client *client, const char *path, const char *body,
                done_fn done, void *owner)
{
    struct call *call = begin_call(client, body ? ANSWER_SAID : ANSWER_FILE,
                                   body ? "POST" : "GET", done, owner);

    snprintf(call->path, sizeof(call->path), "%s", path);
    if (body) {
        call->own_body = mem_copy_text(body);
        call->body = call->own_body;
        call->body_len = strlen(body);
    }
    begin_exchange(call);
}

void client_take_back(struct client *client, const char *path, done_fn done,
                      void *owner)
{
    struct call *call = begin_call(client, ANSWER_SAID, "DELETE", done, owner);

    snprintf(call->path, sizeof(call->path), "%s", path);
    begin_exchange(call);
}

void client_set_url(struct client *client, const char *url)
{
    buf_clear(&client->base);
    if (url != NULL && !transport_check_url(url, &client->base))
        buf_clear(&client->base);
}

void client_set_signer(struct client *client, struct signer *signer)
{
    client->signer = signer;
}

void client_set_network(struct client *client, bool is_up)
{
    transport_set_network(client->transport, is_up);
}

struct client *client_new(struct loop *loop,
                          const struct client_settings *settings)
{
    struct client *client = mem_new(sizeof(*client));

    client->transport =
        transport_new(loop, settings->ca, settings->answer_max_ms);
    client->signer = settings->signer;
    buf_init(&client->base, BASE_BYTES_MAX);
    client_set_url(client, settings->url);
    return client;
}

void client_free(struct client *client)
{
    if (client == NULL)
        return;
    transport_free(client->transport);
    while (client->calls != NULL) {
        struct call *call = client->calls;

        client->calls = call->next;
        signer_forget(client->signer, call);
        free_call(call);
    }
    buf_done(&client->base);
    mem_free(client);
}
