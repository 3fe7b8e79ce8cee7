/* Cases and heartbeats: what machines send. */
#include "kiosk/hub/hub_parts.h"

#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/hub/hub_store.h"

enum { HEARTBEAT_MAX = 16 * 1024 };

static bool is_case_id(const char *id)
{
    return strlen(id) == CASE_ID_CHARS &&
           strspn(id, "0123456789abcdef") == CASE_ID_CHARS;
}

static void answer_case(struct hub_response *response, int status,
                        const struct hub_case *found)
{
    response_json(response, status, "id", found->id, "state", found->state,
                  "case_number", found->case_number, NULL);
}

/* The same id: the same bytes are the same case, whoever asks twice; anything
 * else waits for staff. */
static void answer_existing(const struct hub_request *request,
                            const struct request_sender *sender,
                            const struct hub_case *found,
                            struct hub_response *response)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    digest_of(request->body, request->body_len, digest);
    if (memcmp(digest, found->digest, sizeof(digest)) == 0 &&
        strcmp(sender->machine, found->machine) == 0)
        answer_case(response, 200, found);
    else
        response_problem(response, PROBLEM_conflict);
}

/* The progress page's address out of the opened body; "" when it has none that
 * is well formed, for a case is taken also without a page. */
static bool take_address(const struct buf *body,
                         char address[ADDRESS_CHARS + 1])
{
    json_t *root = json_loadb(body->text, body->len, 0, NULL);
    const char *text = json_string_value(json_object_get(root, "address"));
    bool is_object = json_is_object(root);

    address[0] = '\0';
    if (text != NULL && strlen(text) == ADDRESS_CHARS)
        memcpy(address, text, ADDRESS_CHARS + 1);
    json_decref(root);
    return is_object;
}

/* False: the response says what is wrong with the envelope. */
static bool check_envelope(struct hub *hub, const struct request_sender *sender,
                           const char *id, const struct envelope *envelope,
                           struct hub_response *response)
{
    if (strcmp(envelope->case_id, id) != 0)
        response_problem(response, PROBLEM_other_case);
    else if (strcmp(envelope->machine, sender->machine) != 0)
        response_problem(response, PROBLEM_other_machine);
    else if (strcmp(envelope->office_key, hub->office_key_id) != 0)
        response_problem(response, PROBLEM_office_key);
    else
        return true;
    return false;
}

static void store_case(struct hub *hub, const struct request_sender *sender,
                       const struct envelope *envelope,
                       struct hub_response *response)
{
    char address[ADDRESS_CHARS + 1];
    struct hub_new_case entry = {
        .envelope = envelope,
        .public_key = sender->public_key,
        .address = address,
        .wall_ms = clock_wall_ms(),
    };
    struct hub_case made;
    struct buf body;
    bool is_object;
    enum err err;

    buf_init(&body, ENVELOPE_BODY_MAX);
    err = envelope_open(envelope, sender->public_key, hub->office_key, &body);
    is_object = !err && take_address(&body, address);
    buf_done(&body);
    if (err) {
        response_problem(response, PROBLEM_seal);
        return;
    }
    if (!is_object) {
        response_problem(response, PROBLEM_content);
        return;
    }
    err = hub_store_add(hub->store, &entry, &made);
    if (err)
        response_store_failed(response, err);
    else
        answer_case(response, 201, &made);
    mem_wipe(address, sizeof(address));
}

void hub_cases_put(struct hub *hub, const struct hub_request *request,
                   const struct request_sender *sender, const char *id,
                   struct hub_response *response)
{
    struct envelope envelope;
    struct hub_case found;
    enum err err;

    if (!is_case_id(id)) {
        response_problem(response, PROBLEM_case_id);
        return;
    }
    err = hub_store_find(hub->store, id, &found);
    if (!err)
        answer_existing(request, sender, &found, response);
    else if (err != ERR_NOT_FOUND)
        response_store_failed(response, err);
    else if (envelope_read(request->body, request->body_len, &envelope))
        response_problem(response, PROBLEM_envelope);
    else if (check_envelope(hub, sender, id, &envelope, response))
        store_case(hub, sender, &envelope, response);
}

void hub_cases_get(struct hub *hub, const struct request_sender *sender,
                   const char *id, struct hub_response *response)
{
    struct hub_case found;
    enum err err = ERR_NOT_FOUND;

    if (is_case_id(id))
        err = hub_store_find(hub->store, id, &found);
    /* Another machine's case is as unknown as one that never was. */
    if (!err && strcmp(found.machine, sender->machine) != 0)
        err = ERR_NOT_FOUND;
    if (!err)
        answer_case(response, 200, &found);
    else if (err == ERR_NOT_FOUND)
        response_problem(response, PROBLEM_case_unknown);
    else
        response_store_failed(response, err);
}

/* What is noted of the journal, and the heartbeat, in one transaction. */
static void take_heartbeat(struct hub *hub, const struct request_sender *sender,
                           json_t *root, const char *health,
                           struct hub_response *response)
{
    struct hub_journal journal = { 0 };
    struct hub_heartbeat beat = {
        .machine = sender->machine,
        .public_key = sender->public_key,
        .health = health,
        .wall_ms = clock_wall_ms(),
        .journal = &journal,
    };
    enum err err = hub_store_journal(hub->store, sender->machine, &journal);

    if (!err) {
        hub_journal_take(hub, sender, root, &journal);
        err = hub_store_heartbeat(hub->store, &beat);
    }
    if (err)
        response_store_failed(response, err);
    else
        response_heartbeat(response, beat.wall_ms, &journal.head);
}

void hub_heartbeat(struct hub *hub, const struct hub_request *request,
                   const struct request_sender *sender,
                   struct hub_response *response)
{
    struct buf health;
    json_t *root;

    if (request->body_len > HEARTBEAT_MAX) {
        response_problem(response, PROBLEM_too_big);
        return;
    }
    root = json_loadb(request->body, request->body_len, JSON_REJECT_DUPLICATES,
                      NULL);
    if (!json_is_object(root)) {
        response_problem(response, PROBLEM_json);
        json_decref(root);
        return;
    }
    buf_init(&health, HEARTBEAT_MAX);
    buf_add(&health, request->body, request->body_len);
    take_heartbeat(hub, sender, root, health.text, response);
    buf_done(&health);
    json_decref(root);
}
