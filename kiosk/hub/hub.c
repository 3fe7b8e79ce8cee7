#include "kiosk/hub/hub.h"

#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/case_body.h"
#include "kiosk/hub/checks.h"
#include "kiosk/hub/enrolment.h"
#include "kiosk/hub/hub_parts.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/hub/issuer.h"
#include "kiosk/hub/office.h"
#include "kiosk/hub/office_list.h"
#include "kiosk/hub/people.h"
#include "kiosk/hub/sender.h"
#include "kiosk/hub/slots.h"

enum { PATH_BYTES_MAX = 4096 };

static void join_path(struct buf *path, const char *folder, const char *name)
{
    buf_init(path, PATH_BYTES_MAX);
    buf_add_text(path, folder);
    buf_add_char(path, '/');
    buf_add_text(path, name);
}

static enum err open_key(const char *state, struct key **ret_key)
{
    struct buf path;
    enum err err;

    join_path(&path, state, "office.key");
    err = key_open(path.text, KEY_OPEN, true, ret_key);
    buf_done(&path);
    return err;
}

static enum err open_index_key(const char *state, struct key **ret_key)
{
    struct buf path;
    enum err err;

    join_path(&path, state, "index.key");
    err = key_open(path.text, KEY_MAC, true, ret_key);
    buf_done(&path);
    return err;
}

static enum err open_store(const char *state, struct store **ret_store)
{
    struct buf path;
    enum err err;

    join_path(&path, state, "hub.sqlite");
    err = store_open(path.text, &hub_schema, NULL, ret_store);
    buf_done(&path);
    return err;
}

enum err hub_open(const struct hub_settings *settings, struct hub **ret_hub)
{
    struct hub *hub = mem_new(sizeof(*hub));
    enum err err;

    hub->state = mem_copy_text(settings->state);
    hub->is_demo = settings->is_demo;
    hub->follows_clock = settings->follows_clock;
    hub->public_url = mem_copy_text("");
    hub->are_lists_old = true;
    hub->replay = replay_new();
    hub->checks = checks_new();
    hub->issuer = issuer_new();
    hub->items = settings->items;
    hub_public_init(hub);
    err = enrolment_make_folders(hub->state);
    if (!err)
        err = office_make_folder(hub->state);
    if (!err)
        err = open_key(hub->state, &hub->office_key);
    if (!err)
        err = open_index_key(hub->state, &hub->index_key);
    if (!err)
        err = people_open(hub->state, hub->is_demo, &hub->people);
    if (!err && settings->codes != NULL)
        err = sender_open(settings->codes, &hub->sender);
    if (!err)
        err = open_store(hub->state, &hub->store);
    if (!err)
        err = case_index_all(hub);
    if (err) {
        hub_close(hub);
        return err;
    }
    key_fingerprint(key_public(hub->office_key), hub->office_key_id);
    *ret_hub = hub;
    return ERR_OK;
}

void hub_close(struct hub *hub)
{
    if (hub == NULL)
        return;
    if (hub->store != NULL)
        store_close(hub->store);
    if (hub->office_key != NULL)
        key_close(hub->office_key);
    if (hub->index_key != NULL)
        key_close(hub->index_key);
    people_close(hub->people);
    sender_close(hub->sender);
    issuer_free(hub->issuer);
    checks_free(hub->checks);
    replay_free(hub->replay);
    mem_free(hub->public_url);
    mem_free(hub->state);
    mem_free(hub);
}

const unsigned char *hub_office_key(const struct hub *hub)
{
    return key_public(hub->office_key);
}

void hub_set_public_url(struct hub *hub, const char *url)
{
    mem_free(hub->public_url);
    hub->public_url = mem_copy_text(url);
}

void hub_set_drawer(struct hub *hub, const struct hub_drawer *drawer)
{
    issuer_set_drawer(hub->issuer, drawer);
}

void hub_tidy(struct hub *hub)
{
    issuer_tidy(hub->issuer);
    office_take_in(hub);
    office_list_write(hub);
}

enum err hub_enrol(const char *state, const char *fingerprint)
{
    return enrolment_add(state, fingerprint, NULL);
}

/* In the demonstration whoever is not known yet is let in. */
static enum enrolment enrolment_here(const struct hub *hub,
                                     const char *fingerprint)
{
    enum enrolment known = enrolment_of(hub->state, fingerprint);

    if (known == ENROLMENT_NONE && hub->is_demo &&
        hub_enrol(hub->state, fingerprint) == ERR_OK)
        known = ENROLMENT_GOOD;
    return known;
}

enum problem hub_enrolment_problem(const struct hub *hub,
                                   const char *fingerprint)
{
    switch (enrolment_here(hub, fingerprint)) {
    case ENROLMENT_NONE:
        return PROBLEM_machine;
    case ENROLMENT_REPLACED:
        return PROBLEM_replaced;
    case ENROLMENT_REVOKED:
        return PROBLEM_revoked;
    case ENROLMENT_GOOD:
        break;
    }
    return PROBLEM_COUNT;
}

/* False: the response says why this machine may not send. */
static bool is_enrolled(struct hub *hub, const char *fingerprint,
                        struct hub_response *response)
{
    enum problem problem = hub_enrolment_problem(hub, fingerprint);
    enum err err;

    if (problem != PROBLEM_COUNT) {
        response_problem(response, problem);
        return false;
    }
    err = enrolment_settle(hub->state, fingerprint);
    if (err)
        response_store_failed(response, err);
    return !err;
}

/* Only forward, and only for what was rightly signed. */
static bool follow_clock(const struct hub *hub,
                         const struct request_sender *sender)
{
    int64_t ahead_ms = sender->wall_ms - clock_wall_ms();

    if (!hub->follows_clock || ahead_ms <= 0)
        return false;
    clock_shift(ahead_ms);
    return true;
}

/* True when the request may be served; else the response says why not. */
static bool is_welcome(struct hub *hub, const struct hub_request *request,
                       struct request_sender *sender,
                       struct hub_response *response)
{
    const char *values[REQUEST_HEADER_COUNT];
    const struct request_line line = {
        .method = request->method,
        .path = request->path,
        .body = request->body,
        .body_len = request->body_len,
    };
    int64_t now_ms = clock_wall_ms();
    enum request_fault fault;

    for (int i = 0; i < REQUEST_HEADER_COUNT; i++)
        values[i] = request->header(request->owner, request_header_names[i]);
    fault = request_check(values, &line, now_ms, sender);
    if (fault == REQUEST_MALFORMED)
        response_problem(response, PROBLEM_headers);
    else if (fault == REQUEST_FORGED)
        response_problem(response, PROBLEM_signature);
    else if (!is_enrolled(hub, sender->machine, response))
        return false;
    else if (!follow_clock(hub, sender) && fault == REQUEST_UNTIMELY)
        response_problem_time(response, now_ms);
    else if (replay_was_seen(hub->replay, sender->id, clock_wall_ms(),
                             sender->wall_ms + REQUEST_WINDOW_MS))
        response_problem(response, PROBLEM_replay);
    else
        return true;
    return false;
}

/* ---- Paths ---- */

/* A request that may be served, and what it wants. */
struct call {
    struct hub *hub;
    const struct hub_request *request;
    const struct request_sender *sender;
    struct hub_response *response;
};

static void put_case(const struct call *call, const char *id)
{
    hub_cases_put(call->hub, call->request, call->sender, id, call->response);
}

static void get_case(const struct call *call, const char *id)
{
    hub_cases_get(call->hub, call->sender, id, call->response);
}

static void find_cases(const struct call *call, const char *rest)
{
    (void)rest;
    hub_cases_find(call->hub, call->request, call->sender, call->response);
}

static void heartbeat(const struct call *call, const char *rest)
{
    (void)rest;
    hub_heartbeat(call->hub, call->request, call->sender, call->response);
}

static void begin_check(const struct call *call, const char *rest)
{
    (void)rest;
    hub_checks_begin(call->hub, call->request, call->sender, call->response);
}

static void answer_check(const struct call *call, const char *token)
{
    hub_checks_answer(call->hub, call->request, call->sender, token,
                      call->response);
}

static void find_records(const struct call *call, const char *rest)
{
    (void)rest;
    hub_records_find(call->hub, call->request, call->response);
}

static void offer_certificate(const struct call *call, const char *rest)
{
    (void)rest;
    hub_certificates_offer(call->hub, call->request, call->sender,
                           call->response);
}

static void issue_certificate(const struct call *call, const char *rest)
{
    (void)rest;
    hub_certificates_issue(call->hub, call->request, call->sender,
                           call->response);
}

static void fetch_certificate(const struct call *call, const char *token)
{
    hub_certificates_fetch(call->hub, call->sender, token, call->response);
}

static void find_slots(const struct call *call, const char *rest)
{
    (void)rest;
    hub_slots_find(call->hub, call->request, call->response);
}

static void hold_slot(const struct call *call, const char *rest)
{
    (void)rest;
    hub_slots_hold(call->hub, call->request, call->sender, call->response);
}

static void let_slot_go(const struct call *call, const char *token)
{
    hub_slots_let_go(call->hub, token, call->response);
}

static void cancel_case(const struct call *call, const char *rest)
{
    hub_cases_cancel(call->hub, call->request, call->sender, rest,
                     call->response);
}

static void list_records(const struct call *call, const char *rest)
{
    (void)rest;
    hub_lists(call->hub, call->request, call->response);
}

static void begin_payment(const struct call *call, const char *rest)
{
    (void)rest;
    hub_payments_begin(call->hub, call->request, call->sender, call->response);
}

static void get_payment(const struct call *call, const char *token)
{
    hub_payments_get(call->hub, token, call->response);
}

/* The first path that fits counts; one that ends in a slash fits whatever
 * follows it, and has more than one method one after the other. */
static const struct route {
    const char *path;
    const char *method;
    const char *allow;
    void (*serve)(const struct call *call, const char *rest);
} routes[] = {
    { "/v1/heartbeats", "POST", "POST", heartbeat },
    { "/v1/cases/find", "POST", "POST", find_cases },
    { "/v1/cases/", "PUT", "GET, POST, PUT", put_case },
    { "/v1/cases/", "GET", "GET, POST, PUT", get_case },
    { "/v1/cases/", "POST", "GET, POST, PUT", cancel_case },
    { "/v1/slots/find", "POST", "POST", find_slots },
    { "/v1/slots/hold", "POST", "POST", hold_slot },
    { "/v1/slots/hold/", "DELETE", "DELETE", let_slot_go },
    { "/v1/payments", "POST", "POST", begin_payment },
    { "/v1/payments/", "GET", "GET", get_payment },
    { "/v1/lists", "POST", "POST", list_records },
    { "/v1/checks", "POST", "POST", begin_check },
    { "/v1/checks/", "POST", "POST", answer_check },
    { "/v1/records", "POST", "POST", find_records },
    { "/v1/certificates", "POST", "POST", issue_certificate },
    { "/v1/certificates/offer", "POST", "POST", offer_certificate },
    { "/v1/certificates/", "GET", "GET", fetch_certificate },
};

/* What stands after the route's path, or NULL: it is another's. */
static const char *rest_of(const struct route *route, const char *path)
{
    size_t len = strlen(route->path);

    if (strncmp(path, route->path, len) != 0)
        return NULL;
    return route->path[len - 1] == '/' || path[len] == '\0' ? path + len : NULL;
}

static void serve_path(const struct call *call)
{
    const char *path = call->request->path;
    const struct route *found = NULL;

    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (rest_of(&routes[i], path) == NULL ||
            (found != NULL && strcmp(found->path, routes[i].path) != 0))
            continue;
        found = &routes[i];
        if (strcmp(call->request->method, found->method) == 0) {
            found->serve(call, rest_of(found, path));
            return;
        }
    }
    response_problem(call->response, found ? PROBLEM_method : PROBLEM_path);
    if (found != NULL)
        response_header(call->response, "Allow", found->allow);
}

static void hub_terminals(struct hub *hub, const struct hub_request *request,
                          struct hub_response *response)
{
    struct request_sender sender;
    const struct call call = {
        .hub = hub, .request = request, .sender = &sender, .response = response
    };

    if (request->is_too_big)
        response_problem(response, PROBLEM_too_big);
    else if (is_welcome(hub, request, &sender, response))
        serve_path(&call);
}

void hub_handle(struct hub *hub, const struct hub_request *request,
                struct hub_response *ret_response)
{
    ret_response->status = 0;
    ret_response->header_count = 0;
    buf_init(&ret_response->body, HUB_RESPONSE_MAX);
    issuer_tidy(hub->issuer);
    office_take_in(hub);
    switch (request->listener) {
    case HUB_TERMINALS:
        hub_terminals(hub, request, ret_response);
        break;
    case HUB_PUBLIC:
        hub_public(hub, request, ret_response);
        break;
    }
}

void hub_response_done(struct hub_response *response)
{
    buf_done(&response->body);
}
