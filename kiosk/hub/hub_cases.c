/* Cases and heartbeats: what machines send. */
#include "kiosk/hub/hub_parts.h"

#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/enrolment.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/hub/take.h"

enum { HEARTBEAT_MAX = 16 * 1024 };

static void answer_case(struct hub_response *response, int status,
                        const struct hub_case *found)
{
    response_json(response, status, "id", found->id, "state", found->state,
                  "case_number", found->case_number, NULL);
}

/* Names are the item's own words; nothing of the case is repeated. */
static void answer_refusal(struct hub_response *response,
                           const struct hub_outcome *outcome)
{
    const struct judgement *judgement = &outcome->judgement;
    json_t *members;

    if (outcome->problem != PROBLEM_rules) {
        response_problem(response, outcome->problem);
        return;
    }
    members = json_pack("{s:s, s:s}", "code", judge_code_name(judgement->code),
                        "name", judgement->name);
    if (judgement->stop[0] != '\0')
        json_object_set_new(members, "stop", json_string(judgement->stop));
    response_problem_with(response, PROBLEM_rules, members);
}

void hub_cases_put(struct hub *hub, const struct hub_request *request,
                   const struct request_sender *sender, const char *id,
                   struct hub_response *response)
{
    const struct hub_offer offer = {
        .machine = sender->machine,
        .public_key = sender->public_key,
        .id = id,
        .bytes = request->body,
        .len = request->body_len,
    };
    struct hub_outcome outcome = hub_case_take(hub, &offer);

    switch (outcome.taken) {
    case HUB_CREATED:
        answer_case(response, 201, &outcome.found);
        break;
    case HUB_EXISTS:
        answer_case(response, 200, &outcome.found);
        break;
    case HUB_REFUSED:
        answer_refusal(response, &outcome);
        break;
    case HUB_FAILED:
        response_store_failed(response, outcome.err);
        break;
    }
}

void hub_cases_get(struct hub *hub, const struct request_sender *sender,
                   const char *id, struct hub_response *response)
{
    struct hub_case found;
    enum err err = hub_store_find(hub->store, id, &found);

    /* Another machine's case is as unknown as one that never was. */
    if (!err && !hub_is_same_machine(hub, sender->machine, found.machine))
        err = ERR_NOT_FOUND;
    if (!err)
        answer_case(response, 200, &found);
    else if (err == ERR_NOT_FOUND)
        response_problem(response, PROBLEM_case_unknown);
    else
        response_store_failed(response, err);
}

static enum help help_of(json_t *root)
{
    const json_t *wanted = json_object_get(root, "help_wanted");

    if (!json_is_boolean(wanted))
        return HELP_UNSAID;
    return json_is_true(wanted) ? HELP_WANTED : HELP_OVER;
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
        .help = help_of(root),
    };
    struct hub_call call = { 0 };
    enum err err = hub_store_journal(hub->store, sender->machine, &journal);

    if (!err) {
        hub_journal_take(hub, sender, root, &journal);
        err = hub_store_heartbeat(hub->store, &beat, &call);
    }
    if (err)
        response_store_failed(response, err);
    else
        response_heartbeat(response, beat.wall_ms, &journal.head,
                           call.state == CALL_ANSWERED);
    hub->are_lists_old = true;
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
    if (!may_follow(hub, sender,
                    json_string_value(json_object_get(root, "replaces")))) {
        response_problem(response, PROBLEM_machine);
        json_decref(root);
        return;
    }
    buf_init(&health, HEARTBEAT_MAX);
    buf_add(&health, request->body, request->body_len);
    take_heartbeat(hub, sender, root, health.text, response);
    buf_done(&health);
    json_decref(root);
}
