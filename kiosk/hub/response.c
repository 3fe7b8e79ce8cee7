#include "kiosk/hub/hub_parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/event.h"

static const struct {
    const char *name;
    int status;
    const char *title;
    const char *detail;
} problems[PROBLEM_COUNT] = {
#define X(name, status, title, detail)                                         \
    [PROBLEM_##name] = { #name, status, title, detail },
    PROBLEM_TABLE(X)
#undef X
};

void response_header(struct hub_response *response, const char *name,
                     const char *value)
{
    assert(response->header_count < HUB_RESPONSE_HEADERS);
    response->headers[response->header_count].name = name;
    response->headers[response->header_count].value = value;
    response->header_count++;
}

static int add_piece(const char *bytes, size_t len, void *body)
{
    buf_add(body, bytes, len);
    return 0;
}

static void set_json(struct hub_response *response, int status,
                     const char *type, json_t *object)
{
    response->status = status;
    response_header(response, "Content-Type", type);
    response_header(response, "Cache-Control", "no-store");
    buf_clear(&response->body);
    if (json_dump_callback(object, add_piece, &response->body, JSON_COMPACT))
        buf_add_text(&response->body, "{}");
    json_decref(object);
}

static json_t *problem_object(enum problem problem)
{
    char type[64] = "/problems/";
    size_t len = strlen(type);

    for (const char *c = problems[problem].name; *c != '\0'; c++)
        type[len++] = *c == '_' ? '-' : *c;
    type[len] = '\0';
    return json_pack(
        "{s:s, s:s, s:i, s:s}", "type", type, "title", problems[problem].title,
        "status", problems[problem].status, "detail", problems[problem].detail);
}

const char *problem_title(enum problem problem)
{
    return problems[problem].title;
}

void response_problem_with(struct hub_response *response, enum problem problem,
                           json_t *members)
{
    json_t *object = problem_object(problem);

    json_object_update(object, members);
    json_decref(members);
    set_json(response, problems[problem].status, "application/problem+json",
             object);
    if (problems[problem].status == 503)
        response_header(response, "Retry-After", "30");
}

void response_problem(struct hub_response *response, enum problem problem)
{
    response_problem_with(response, problem, json_object());
}

void response_slow_down(struct hub_response *response, int64_t hub_ms,
                        int64_t again_ms)
{
    response_problem_with(response, PROBLEM_slow_down,
                          json_pack("{s:I, s:I}", "hub_time",
                                    (json_int_t)hub_ms, "again",
                                    (json_int_t)again_ms));
}

void response_store_failed(struct hub_response *response, enum err err)
{
    event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
    response_problem(response, PROBLEM_store);
}

void response_problem_time(struct hub_response *response, int64_t hub_ms)
{
    response_problem_with(response, PROBLEM_time,
                          json_pack("{s:I}", "hub_time", (json_int_t)hub_ms));
}

void response_object(struct hub_response *response, int status, json_t *object)
{
    set_json(response, status, "application/json", object);
}

void response_json(struct hub_response *response, int status, const char *name,
                   ...)
{
    json_t *object = json_object();
    const char *value;
    va_list pairs;

    va_start(pairs, name);
    while (name != NULL) {
        value = va_arg(pairs, const char *);
        json_object_set_new(object, name, json_string(value));
        name = va_arg(pairs, const char *);
    }
    va_end(pairs);
    set_json(response, status, "application/json", object);
}

void response_heartbeat(struct hub_response *response, int64_t hub_ms,
                        const struct journal_head *journal, bool is_coming)
{
    json_t *object = json_pack("{s:I}", "time", (json_int_t)hub_ms);
    struct buf hex;

    if (journal->number > 0) {
        buf_init(&hex, CRYPTO_HEX_DIGEST);
        buf_add_hex(&hex, journal->hash, sizeof(journal->hash));
        json_object_set_new(object, "journal",
                            json_pack("{s:I, s:s}", "number",
                                      (json_int_t)journal->number, "hash",
                                      hex.text));
        buf_done(&hex);
    }
    if (is_coming)
        json_object_set_new(object, "coming", json_true());
    set_json(response, 200, "application/json", object);
}
