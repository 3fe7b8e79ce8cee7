/* What the files of the hub share: the hub's insides, and how they answer.
 * Nobody outside kiosk/hub includes this. */
#pragma once

#include <jansson.h>

#include "kiosk/flow/request.h"
#include "kiosk/hub/hub.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/hub/replay.h"
#include "kiosk/store/store.h"

struct hub {
    char *state;
    bool is_demo;
    bool follows_clock;
    struct store *store;
    struct key *office_key;
    char office_key_id[CRYPTO_HEX_DIGEST];
    struct key *index_key; /* see mark.h */
    struct replay *replay;
    struct people *people;
    struct checks *checks;
    struct sender *sender; /* NULL: no code can be sent */
    struct issuer *issuer;
    const struct hub_items *items; /* or NULL */
    char *public_url;
    enum err order_failure; /* why orders are not taken in for now */
    int64_t order_again_ms; /* until then, by the monotonic clock */
    bool are_lists_old;     /* something changed that they tell of */
    int64_t lists_ms;       /* when they were written last */
    char page_policy[192];  /* Content-Security-Policy of the phone pages */
};

/* Every way to say no to a machine: name, status, title, what to do.  The type
 * of a problem is "/problems/" and its name with "-" for "_". */
#define PROBLEM_TABLE(X)                                                       \
    X(headers, 400, "The signing headers are missing or malformed",            \
      "Send all five headers that the API names.")                             \
    X(signature, 401, "The signature does not match",                          \
      "Sign method, path, id, time and body with the key that is sent.")       \
    X(time, 401, "The request's time is too far from the hub's",               \
      "Sign again with hub_time.")                                             \
    X(replay, 401, "This request was already made",                            \
      "Sign again with a new request id.")                                     \
    X(machine, 403, "This machine is not enrolled",                            \
      "Run kiosk-hub enrol with its fingerprint, then try again.")             \
    X(revoked, 403, "This machine's key was revoked",                          \
      "Replace it: kiosk key replace, then kiosk-hub enrol NEW --replaces.")   \
    X(replaced, 403, "This machine's key was replaced",                        \
      "Its successor has spoken already; sign with that one.")                 \
    X(path, 404, "There is nothing here", "The API names every path.")         \
    X(case_unknown, 404, "No such case of this machine",                       \
      "It was not delivered, or by another machine.")                          \
    X(person_unknown, 404, "There is no record of this person",                \
      "Another way must be found; nothing was sent.")                          \
    X(no_phone, 404, "No telephone is on file that a code could be sent to",   \
      "A member of staff can confirm the person.")                             \
    X(check_unknown, 404, "No such check of this machine",                     \
      "It is over, was never confirmed, or the hub was started again.")        \
    X(record_unknown, 404, "This person has no such record",                   \
      "Nothing was issued.")                                                   \
    X(kind_unknown, 404, "No such kind of certificate",                        \
      "The API names those that are issued.")                                  \
    X(slot_unknown, 404, "There is no such place in time",                     \
      "It was never offered, or has begun; ask which are free.")               \
    X(list_unknown, 404, "No such kind of list",                               \
      "The API names those that there are.")                                   \
    X(payment_unknown, 404, "No such payment",                                 \
      "Nothing was asked for by this name.")                                   \
    X(amount, 409, "Another amount is to be paid for this",                    \
      "Look at the record again: it changed, or is being paid.")               \
    X(certificate_unknown, 404, "No such certificate of this machine",         \
      "It is kept for 15 minutes; issue it again.")                            \
    X(method, 405, "This method is not for this path",                         \
      "The header Allow names those that are.")                                \
    X(conflict, 409, "Another case has this id",                               \
      "Nothing was changed; staff must look at both.")                         \
    X(slot_taken, 409, "Others have taken it", "Ask which are free still.")    \
    X(not_booked, 409, "This case has no booking",                             \
      "It never had one, or its place was lost.")                              \
    X(revoked_key, 409, "The envelope was signed by a revoked key",            \
      "It cannot be believed; staff must look at it.")                         \
    X(too_big, 413, "The body is too big",                                     \
      "A body is at most 1 MiB, that of a heartbeat 16 KiB.")                  \
    X(case_id, 400, "The case id is malformed",                                \
      "It is 32 hex digits in lower case.")                                    \
    X(envelope, 400, "The envelope cannot be read",                            \
      "Its lengths or its header are not right.")                              \
    X(json, 400, "The body is not a JSON object",                              \
      "The bodies of these requests are one JSON object each.")                \
    X(fields, 400, "A member of the body is missing or malformed",             \
      "The API names the members that this path takes.")                       \
    X(code_wrong, 403, "The code is wrong",                                    \
      "The member left tells how often "                                       \
      "it may still be tried.")                                                \
    X(code_spent, 410, "The code was wrong five times",                        \
      "Another one must be asked for.")                                        \
    X(code_expired, 410, "The code is too old",                                \
      "Another one must be asked for.")                                        \
    X(slow_down, 429, "This was tried too often",                              \
      "The member again tells when it may be tried again.")                    \
    X(chosen, 422, "Not every question is answered",                           \
      "Ask for an offer: it asks them one by one.")                            \
    X(kinds, 422, "There are no records of that kind",                         \
      "The API names those that there are.")                                   \
    X(records, 503, "The records cannot be had now",                           \
      "Go on without them, or try again later.")                               \
    X(sender, 503, "The code cannot be sent now",                              \
      "Try again later, or let a member of staff confirm the person.")         \
    X(issuer, 503, "The certificate cannot be made now",                       \
      "Try again later; nothing was issued.")                                  \
    X(other_case, 422, "The envelope is of another case",                      \
      "Its header names another id than the path.")                            \
    X(other_machine, 422, "The envelope is of another machine",                \
      "Its header names another machine than the request.")                    \
    X(signer, 422, "The key that signed the envelope is not known",            \
      "It was replaced before its machine ever spoke to this hub.")            \
    X(office_key, 422, "The envelope is sealed to an unknown key",             \
      "Seal to the office key of this hub.")                                   \
    X(seal, 422, "The envelope is broken",                                     \
      "Its signature, its seal or its digest does not hold.")                  \
    X(content, 422, "The envelope holds no JSON object",                       \
      "It could be opened, but not understood.")                               \
    X(rules, 422, "The item's rules do not let this through",                  \
      "The members code and name tell what, and at which step or answer.")     \
    X(store, 503, "The hub cannot store anything now",                         \
      "Try again later; nothing was taken.")

enum problem {
#define X(name, status, title, detail) PROBLEM_##name,
    PROBLEM_TABLE(X)
#undef X
        PROBLEM_COUNT
};

/* Why the machine with this fingerprint may not send; PROBLEM_COUNT: it may.
 * The demo's hub enrols who asks. */
enum problem hub_enrolment_problem(const struct hub *hub,
                                   const char *fingerprint);

/* Who signed the request; its time is in the window and it is no replay. */
void hub_cases_put(struct hub *hub, const struct hub_request *request,
                   const struct request_sender *sender, const char *id,
                   struct hub_response *response);
void hub_cases_get(struct hub *hub, const struct request_sender *sender,
                   const char *id, struct hub_response *response);
void hub_heartbeat(struct hub *hub, const struct hub_request *request,
                   const struct request_sender *sender,
                   struct hub_response *response);

/* Takes what a heartbeat says of the machine's journal into what is noted of
 * it; records an event when they contradict each other. */
void hub_journal_take(const struct hub *hub,
                      const struct request_sender *sender, json_t *health,
                      struct hub_journal *journal);

/* Everything of the public listener. */
void hub_public(struct hub *hub, const struct hub_request *request,
                struct hub_response *response);
/* What every page is sent with. */
void hub_public_headers(const struct hub *hub, int status,
                        struct hub_response *response);
/* Writes hub->page_policy. */
void hub_public_init(struct hub *hub);

/* What machines ask beside cases; each is of one file. */
void hub_cases_find(struct hub *hub, const struct hub_request *request,
                    const struct request_sender *sender,
                    struct hub_response *response);
void hub_checks_begin(struct hub *hub, const struct hub_request *request,
                      const struct request_sender *sender,
                      struct hub_response *response);
void hub_checks_answer(struct hub *hub, const struct hub_request *request,
                       const struct request_sender *sender, const char *token,
                       struct hub_response *response);
void hub_records_find(struct hub *hub, const struct hub_request *request,
                      struct hub_response *response);
void hub_certificates_offer(struct hub *hub, const struct hub_request *request,
                            const struct request_sender *sender,
                            struct hub_response *response);
void hub_certificates_issue(struct hub *hub, const struct hub_request *request,
                            const struct request_sender *sender,
                            struct hub_response *response);
void hub_certificates_fetch(struct hub *hub,
                            const struct request_sender *sender,
                            const char *token, struct hub_response *response);

void hub_slots_find(struct hub *hub, const struct hub_request *request,
                    struct hub_response *response);
void hub_slots_hold(struct hub *hub, const struct hub_request *request,
                    const struct request_sender *sender,
                    struct hub_response *response);
void hub_slots_let_go(struct hub *hub, const char *token,
                      struct hub_response *response);
/* Whoever asks may look this case up: hub_cases_cancel() has seen to it. */
void hub_slots_cancel(struct hub *hub, const char *id,
                      struct hub_response *response);
/* path: "ID/cancel"; the body as that of hub_cases_find(). */
void hub_cases_cancel(struct hub *hub, const struct hub_request *request,
                      const struct request_sender *sender, const char *path,
                      struct hub_response *response);

/* payments.c */
void hub_payments_begin(struct hub *hub, const struct hub_request *request,
                        const struct request_sender *sender,
                        struct hub_response *response);
void hub_payments_get(struct hub *hub, const char *token,
                      struct hub_response *response);

/* lists.c */
void hub_lists(struct hub *hub, const struct hub_request *request,
               struct hub_response *response);

/* Sets status, type and body (application/problem+json). */
void response_problem(struct hub_response *response, enum problem problem);
/* With more members, which it takes. */
void response_problem_with(struct hub_response *response, enum problem problem,
                           json_t *members);
/* slow-down: what time it is here, and when to try again. */
void response_slow_down(struct hub_response *response, int64_t hub_ms,
                        int64_t again_ms);
/* Takes the object. */
void response_object(struct hub_response *response, int status, json_t *object);
/* "The envelope is broken". */
const char *problem_title(enum problem problem);
/* 503, to be tried again; and the event for whoever must come. */
void response_store_failed(struct hub_response *response, enum err err);
/* The time problem also says what time it is here. */
void response_problem_time(struct hub_response *response, int64_t hub_ms);
/* Pairs of texts, ended by NULL. */
void response_json(struct hub_response *response, int status, const char *name,
                   ...);
/* 200 {"time": …, "journal": …, "coming": true}; the journal only when one is
 * noted, the last only when somebody comes. */
void response_heartbeat(struct hub_response *response, int64_t hub_ms,
                        const struct journal_head *journal, bool is_coming);
void response_header(struct hub_response *response, const char *name,
                     const char *value);
