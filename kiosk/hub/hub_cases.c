/* Cases and heartbeats: what machines send. */
#include "kiosk/hub/hub_parts.h"

#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/hub/enrolment.h"
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

/* A machine and those before it whose keys it replaced are one. */
static bool is_same_machine(const struct hub *hub, const char *sender,
                            const char *machine)
{
    return strcmp(sender, machine) == 0 ||
           enrolment_follows(hub->state, sender, machine);
}

/* The same id: the same bytes are the same case, whoever asks twice; anything
 * else waits for staff. */
static void answer_existing(const struct hub *hub,
                            const struct hub_request *request,
                            const struct request_sender *sender,
                            const struct hub_case *found,
                            struct hub_response *response)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    digest_of(request->body, request->body_len, digest);
    if (memcmp(digest, found->digest, sizeof(digest)) == 0 &&
        is_same_machine(hub, sender->machine, found->machine))
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
    else if (!is_same_machine(hub, sender->machine, envelope->machine))
        response_problem(response, PROBLEM_other_machine);
    else if (enrolment_of(hub->state, envelope->machine) == ENROLMENT_REVOKED)
        response_problem(response, PROBLEM_revoked_key);
    else if (strcmp(envelope->office_key, hub->office_key_id) != 0)
        response_problem(response, PROBLEM_office_key);
    else
        return true;
    return false;
}

/* Whose signature the envelope bears: the sender's, or that of the key it
 * replaced, as that machine told it when it last spoke. */
static bool find_signer(struct hub *hub, const struct request_sender *sender,
                        const struct envelope *envelope,
                        unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                        struct hub_response *response)
{
    enum err err = ERR_OK;

    memcpy(public_key, sender->public_key, CRYPTO_PUBLIC_BYTES);
    if (strcmp(envelope->machine, sender->machine) != 0)
        err = hub_store_machine_key(hub->store, envelope->machine, public_key);
    if (err == ERR_NOT_FOUND)
        response_problem(response, PROBLEM_signer);
    else if (err)
        response_store_failed(response, err);
    return !err;
}

static void store_case(struct hub *hub, const struct request_sender *sender,
                       const struct envelope *envelope,
                       struct hub_response *response)
{
    unsigned char public_key[CRYPTO_PUBLIC_BYTES];
    char address[ADDRESS_CHARS + 1];
    struct hub_new_case entry = {
        .envelope = envelope,
        .public_key = public_key,
        .address = address,
        .wall_ms = clock_wall_ms(),
    };
    struct hub_case made;
    struct buf body;
    bool is_object;
    enum err err;

    if (!find_signer(hub, sender, envelope, public_key, response))
        return;
    buf_init(&body, ENVELOPE_BODY_MAX);
    err = envelope_open(envelope, public_key, hub->office_key, &body);
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
        answer_existing(hub, request, sender, &found, response);
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
    if (!err && !is_same_machine(hub, sender->machine, found.machine))
        err = ERR_NOT_FOUND;
    if (!err)
        answer_case(response, 200, &found);
    else if (err == ERR_NOT_FOUND)
        response_problem(response, PROBLEM_case_unknown);
    else
        response_store_failed(response, err);
}

/* A report of a key that is to follow another names that one ("replaces"): the
 * machine must not take it before the hub knows whose successor it is, or its
 * waiting cases would be nobody's. */
static bool may_follow(struct hub *hub, const struct request_sender *sender,
                       const char *before)
{
    if (before == NULL ||
        enrolment_follows(hub->state, sender->machine, before))
        return true;
    return hub->is_demo &&
           enrolment_add(hub->state, sender->machine, before) == ERR_OK;
}

void hub_heartbeat(struct hub *hub, const struct hub_request *request,
                   const struct request_sender *sender,
                   struct hub_response *response)
{
    int64_t now_ms = clock_wall_ms();
    struct buf health;
    json_t *root;
    bool is_object, is_follower;
    enum err err;

    if (request->body_len > HEARTBEAT_MAX) {
        response_problem(response, PROBLEM_too_big);
        return;
    }
    root = json_loadb(request->body, request->body_len, JSON_REJECT_DUPLICATES,
                      NULL);
    is_object = json_is_object(root);
    is_follower = may_follow(
        hub, sender, json_string_value(json_object_get(root, "replaces")));
    json_decref(root);
    if (!is_object || !is_follower) {
        response_problem(response, is_object ? PROBLEM_machine : PROBLEM_json);
        return;
    }
    buf_init(&health, HEARTBEAT_MAX);
    buf_add(&health, request->body, request->body_len);
    err = hub_store_heartbeat(hub->store, sender->machine, sender->public_key,
                              health.text, now_ms);
    buf_done(&health);
    if (err)
        response_store_failed(response, err);
    else
        response_time(response, now_ms);
}
