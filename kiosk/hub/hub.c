#include "kiosk/hub/hub.h"

#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
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

static enum err make_folders(const char *state)
{
    struct buf path;
    enum err err;

    join_path(&path, state, "enrol");
    err = file_make_folder(path.text, 0700);
    buf_done(&path);
    if (err)
        return err;
    join_path(&path, state, "journal");
    err = file_make_folder(path.text, 0700);
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
    err = make_folders(hub->state);
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

static bool is_fingerprint(const char *text)
{
    return strlen(text) == CRYPTO_HEX_DIGEST - 1 &&
           strspn(text, "0123456789abcdef") == CRYPTO_HEX_DIGEST - 1;
}

/* DIR/enrol/FINGERPRINT: that the file is there is all it says.  A file,
 * because the running hub holds its database locked. */
static void enrol_path(struct buf *path, const char *state,
                       const char *fingerprint)
{
    join_path(path, state, "enrol/");
    buf_add_text(path, fingerprint);
}

enum err hub_enrol(const char *state, const char *fingerprint)
{
    struct buf path;
    enum err err;

    if (!is_fingerprint(fingerprint))
        return ERR_BAD_INPUT;
    err = make_folders(state);
    if (err)
        return err;
    enrol_path(&path, state, fingerprint);
    err = file_replace(path.text, "", 0, 0600);
    buf_done(&path);
    return err;
}

bool hub_is_enrolled(const struct hub *hub, const char *fingerprint)
{
    struct buf path;
    bool is_there;

    enrol_path(&path, hub->state, fingerprint);
    is_there = file_exists(path.text);
    buf_done(&path);
    if (!is_there && hub->is_demo)
        is_there = hub_enrol(hub->state, fingerprint) == ERR_OK;
    return is_there;
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
    else if (!hub_is_enrolled(hub, sender->machine))
        response_problem(response, PROBLEM_machine);
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
