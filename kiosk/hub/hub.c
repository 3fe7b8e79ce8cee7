#include "kiosk/hub/hub.h"

#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/enrolment.h"
#include "kiosk/hub/hub_parts.h"
#include "kiosk/hub/hub_store.h"

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
    hub->replay = replay_new();
    hub_public_init(hub);
    err = enrolment_make_folders(hub->state);
    if (!err)
        err = open_key(hub->state, &hub->office_key);
    if (!err)
        err = open_store(hub->state, &hub->store);
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
    replay_free(hub->replay);
    mem_free(hub->state);
    mem_free(hub);
}

const unsigned char *hub_office_key(const struct hub *hub)
{
    return key_public(hub->office_key);
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
    else if (fault == REQUEST_UNTIMELY)
        response_problem_time(response, now_ms);
    else if (replay_was_seen(hub->replay, sender->id, now_ms,
                             sender->wall_ms + REQUEST_WINDOW_MS))
        response_problem(response, PROBLEM_replay);
    else
        return true;
    return false;
}

static void handle_case(struct hub *hub, const struct hub_request *request,
                        const struct request_sender *sender, const char *id,
                        struct hub_response *response)
{
    if (strcmp(request->method, "PUT") == 0) {
        hub_cases_put(hub, request, sender, id, response);
    } else if (strcmp(request->method, "GET") == 0) {
        hub_cases_get(hub, sender, id, response);
    } else {
        response_problem(response, PROBLEM_method);
        response_header(response, "Allow", "GET, PUT");
    }
}

static void hub_terminals(struct hub *hub, const struct hub_request *request,
                          struct hub_response *response)
{
    static const char cases[] = "/v1/cases/";
    const char *path = request->path;
    struct request_sender sender;

    if (request->is_too_big) {
        response_problem(response, PROBLEM_too_big);
        return;
    }
    if (!is_welcome(hub, request, &sender, response))
        return;
    if (strncmp(path, cases, strlen(cases)) == 0) {
        handle_case(hub, request, &sender, path + strlen(cases), response);
    } else if (strcmp(path, "/v1/heartbeats") != 0) {
        response_problem(response, PROBLEM_path);
    } else if (strcmp(request->method, "POST") == 0) {
        hub_heartbeat(hub, request, &sender, response);
    } else {
        response_problem(response, PROBLEM_method);
        response_header(response, "Allow", "POST");
    }
}

void hub_handle(struct hub *hub, const struct hub_request *request,
                struct hub_response *ret_response)
{
    ret_response->status = 0;
    ret_response->header_count = 0;
    buf_init(&ret_response->body, HUB_RESPONSE_MAX);
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
