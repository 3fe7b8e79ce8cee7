/* From "send" to "confirmed": every submission goes through here, online or
 * not.  The envelope is made once, stored durably, and only then is anybody
 * told that it is safe; sending goes on in the background, one case at a time,
 * with growing pauses, until the hub says created or exists.  It also reports
 * the machine's health to the hub and so knows whether it can be reached. */
#pragma once

#include "kiosk/backend/client.h"
#include "kiosk/base/buf.h"
#include "kiosk/session.h"
#include "kiosk/settings.h"
#include "kiosk/store/terminal.h"

#include <stdbool.h>
#include <stdint.h>

struct delivery;

struct delivery_events {
    /* The session's own case changed, or another case did (id tells). */
    void (*on_case)(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head);
    /* Store opened or failed, hub reached or lost, cases waiting. */
    void (*on_health)(void *owner);
    /* What a report of health says beside the delivery's own: members of a JSON
     * object, each after a comma.  NULL: nothing. */
    void (*add_health)(void *owner, struct buf *members);
};

struct delivery *delivery_new(struct loop *loop,
                              const struct settings *settings,
                              const char *state_folder,
                              const struct delivery_events *events,
                              void *owner);
/* Waits for what is being written. */
void delivery_free(struct delivery *delivery);

/* The office: where it is, the key to seal to, where phones look.  Learned
 * from the demo's hub or from settings; remembered for the next start. */
MUST_CHECK enum err delivery_set_office(struct delivery *delivery,
                                        const char *url,
                                        const char *office_key_base64,
                                        const char *public_url);
void delivery_set_network(struct delivery *delivery, bool is_up);

/* The case is made from the session: identifiers are set in
 * session->submitted, state CASE_STORING; on_case tells the rest. */
void delivery_submit(struct delivery *delivery, struct session *session);
/* The session ends: a case that is not yet being stored is forgotten. */
void delivery_give_up(struct delivery *delivery);
/* The case of this id is on its way into the store. */
bool delivery_is_storing(const struct delivery *delivery, const char *case_id);
/* The call for help that stands. */
void delivery_tell(const struct delivery *delivery, struct held *held);

/* Somebody waits for the hub's answer (client_ask).  False: there is no way to
 * ask now, and done is not called; nor is it when the hub's address changes
 * meanwhile: who asks has a limit of their own. */
bool delivery_ask(struct delivery *delivery, const char *path, const char *body,
                  void (*done)(void *owner, const struct client_answer *answer),
                  void *owner);

/* What was asked for is given back; nobody waits for the answer, and a hub that
 * cannot be reached is not told. */
void delivery_take_back(struct delivery *delivery, const char *path);
/* What the hub said of the case that was delivered last, as it names states. */
const char *delivery_said(const struct delivery *delivery);

/* A citizen asks for help: the hub is told at once, and asked every few seconds
 * whether somebody comes, until the session ends. */
void delivery_call_help(struct delivery *delivery);
/* Nobody asks any more. */
void delivery_end_help(struct delivery *delivery);

/* The hub has heard the last call. */
bool delivery_was_called(const struct delivery *delivery);
/* … and somebody of the staff has answered it. */
bool delivery_is_help_coming(const struct delivery *delivery);

/* Why no case can be taken now (store, keys, disk), or ERR_OK. */
enum err delivery_hindrance(const struct delivery *delivery);
/* The store has been opened, or has said why not. */
bool delivery_has_answered(const struct delivery *delivery);
bool delivery_is_online(const struct delivery *delivery);
/* Asked at least once since the start. */
bool delivery_was_looked_for(const struct delivery *delivery);
int64_t delivery_waiting(const struct delivery *delivery);
/* Wall time since which it is (not) reached; 0: not known yet. */
int64_t delivery_online_since_ms(const struct delivery *delivery);
/* The hub's clock minus ours, as it said last; false: it has not yet. */
bool delivery_clock_off(const struct delivery *delivery, int64_t *ret_off_ms);
/* What the day was so far, as the store said last.  It is asked anew by itself
 * when it is opened; on_health tells of a change. */
const struct terminal_today *delivery_today(const struct delivery *delivery);
void delivery_ask_today(struct delivery *delivery);
/* The hub is told of the machine's health now. */
void delivery_report_health(struct delivery *delivery);
/* "" when unknown. */
const char *delivery_public_url(const struct delivery *delivery);
/* For event_record's sink: journals the event once the store is open. */
void delivery_journal(struct delivery *delivery,
                      const struct event_record_of *event);
