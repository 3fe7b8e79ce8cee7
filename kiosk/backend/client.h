/* The terminal's side of the hub's API (README.md beside this): signed
 * requests over libcurl's multi interface.  One function sets up every handle:
 * https only (plain http on loopback only), no redirects, no proxy, pinned CA,
 * answers of at most 1.5 MiB, a time limit.
 *
 * client_send_case is the door DESIGN calls transport_send: what is stored is
 * what is signed is what is sent. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"
#include "kiosk/crypto/signer.h"
#include "kiosk/store/terminal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;

struct client_settings {
    const char *url;       /* "https://hub.example:8443" without a path */
    const char *ca;        /* file of CA certificates, or NULL: the system's */
    struct signer *signer; /* the machine's; outlives the client */
    int64_t answer_max_ms;
};

struct client *client_new(struct loop *loop,
                          const struct client_settings *settings);
/* Gives up what is under way; no callback comes any more. */
void client_free(struct client *client);

/* Where the hub is may be learned late (the demo) or change. NULL: nowhere, and
 * every request ends in ERR_OFFLINE. */
void client_set_url(struct client *client, const char *url);
/* Requests that begin from now on are signed by this one. */
void client_set_signer(struct client *client, struct signer *signer);
/* The demo's "network down": connections fail and those open are cut. */
void client_set_network(struct client *client, bool is_up);

struct client_answer {
    enum err err;    /* ERR_OK: created or exists; ERR_CONFLICT,
                     ERR_REFUSED, ERR_RULES (the hub will never take it), ERR_OFFLINE, ERR_TIMEOUT,
                     ERR_BAD_ANSWER (to be tried again; also while the machine
                     is not enrolled), ERR_CHILD and ERR_CRYPTO (it could not
                     be signed, so nobody was asked); ERR_NOT_FOUND: client_ask_case only */
    bool is_new;     /* created just now */
    bool is_revoked; /* the hub no longer accepts this machine's key */
    bool is_coming;  /* of a heartbeat: somebody of the staff answered the call
                        for help */
    const char *case_number; /* the office's, or "" */
    const char *step;        /* ERR_RULES: the item's step or answer, or "" */
    const char *state;       /* delivered, accepted, … as the hub names it */
    int64_t clock_off_ms;    /* hub's time minus ours, when it told us; 0
                             when they agree within two seconds */
    struct journal_head journal; /* of a heartbeat: the newest record that the
                                    hub has noted; number 0: not told */

    /* Of client_ask only: ERR_OK, or ERR_REFUSED with the problem's name.  The
     * body (a refusal's, too) is the caller's until done returns. */
    int status;
    const char *problem; /* "code-wrong", or "" */
    const char *body;
    size_t body_len;
};

/* bytes stay the caller's until done.  Done comes once, never inside this
 * call. A refusal for time is answered by signing again with the hub's time,
 * once. */
void transport_send(
    struct client *client, const char *case_id, const void *bytes, size_t len,
    void (*done)(void *owner, const struct client_answer *answer), void *owner);

/* GET of a case's state. */
void client_ask_case(struct client *client, const char *case_id,
                     void (*done)(void *owner,
                                  const struct client_answer *answer),
                     void *owner);
/* A question of somebody who waits for the answer: POST of a JSON object to
 * path (it is copied, and wiped when it is done), or GET of a file where body
 * is NULL. */
void client_ask(struct client *client, const char *path, const char *body,
                void (*done)(void *owner, const struct client_answer *answer),
                void *owner);
/* DELETE of what was asked for: nobody needs it any more. */
void client_take_back(struct client *client, const char *path,
                      void (*done)(void *owner,
                                   const struct client_answer *answer),
                      void *owner);
/* body: a JSON object of the machine's health. */
void client_heartbeat(struct client *client, const char *body,
                      void (*done)(void *owner,
                                   const struct client_answer *answer),
                      void *owner);
