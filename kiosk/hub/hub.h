/* The hub without its sockets: a request goes in, a response comes out.
 *
 * hub_handle() knows nothing of libmicrohttpd, reads time by clock.h and chance
 * by chance.h only, and keeps what it promised in its store before it answers;
 * so tests and the simulator call it directly.  Used by serve.c and main.c. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/crypto/crypto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HUB_BODY_MAX = 1024 * 1024,     /* of a machine's request */
    HUB_FORM_MAX = 4096,            /* of a phone's */
    HUB_RESPONSE_MAX = 1536 * 1024, /* what a terminal takes as well */
    HUB_RESPONSE_HEADERS = 8
};

enum hub_listener {
    HUB_TERMINALS, /* signed requests of enrolled machines */
    HUB_PUBLIC     /* phones */
};

struct hub_request {
    enum hub_listener listener;
    const char *method;
    const char *path; /* without the part after ? */
    const void *body;
    size_t body_len;
    bool is_too_big; /* the body went past its limit and was dropped */
    /* A header's or a ?name=value's value, or NULL. */
    const char *(*header)(void *owner, const char *name);
    const char *(*argument)(void *owner, const char *name);
    void *owner;
};

struct hub_header {
    const char *name;
    const char *value; /* lives as long as the hub */
};

struct hub_response {
    int status;
    struct hub_header headers[HUB_RESPONSE_HEADERS];
    size_t header_count;
    struct buf body;
};

struct hub;
struct hub_items;

struct hub_settings {
    const char *state;  /* folder; made when it is not there */
    bool is_demo;       /* unknown machines are enrolled by themselves, and
                          every valid ID number is somebody's (people.h) */
    bool follows_clock; /* moves its clock on to a terminal's that is ahead:
                           a demo's lines move only the terminal's */
    const struct hub_items *items; /* borrowed, outlives the hub; NULL: none,
                                      and every case is marked */
    const char *codes; /* folder that codes are written to, for want of a
                          telephone (sender.h); NULL: none can be sent */
};

/* Opens (or makes) the office's key and the store. */
MUST_CHECK enum err hub_open(const struct hub_settings *settings,
                             struct hub **ret_hub);
void hub_close(struct hub *hub);

/* Where phones reach this hub, without a slash at the end: stands in the codes
 * of certificates.  "" until it is said. */
void hub_set_public_url(struct hub *hub, const char *url);

/* Who draws certificates: asked for one, it answers by hub_drawn(), at once or
 * later, and once.  request is what kiosk-draw takes, one line.  After an error
 * nothing is answered. */
struct hub_drawer {
    enum err (*draw)(void *owner, uint32_t job, const char *request,
                     size_t len);
    void *owner;
};
/* Without one no certificate is issued. */
void hub_set_drawer(struct hub *hub, const struct hub_drawer *drawer);
/* pdf NULL: it could not be drawn.  A job that nobody waits for any more is
 * dropped. */
void hub_drawn(struct hub *hub, uint32_t job, const void *pdf, size_t len,
               int pages);

/* What is due by itself: papers kept long enough go, files of staff's commands
 * are taken in, lists are written for them.  main does it each second; each
 * request does the first two. */
void hub_tidy(struct hub *hub);

/* X25519; borrowed until hub_close. */
const unsigned char *hub_office_key(const struct hub *hub);

/* Always answers; the response is the caller's to end. */
void hub_handle(struct hub *hub, const struct hub_request *request,
                struct hub_response *ret_response);
void hub_response_done(struct hub_response *response);

/* This machine may send; works beside a running hub.  ERR_BAD_INPUT: not 64 hex
 * digits.  enrolment.h has the rest: replaced and revoked keys. */
MUST_CHECK enum err hub_enrol(const char *state, const char *fingerprint);

/* The key of a machine's journal, for `kiosk journal verify --key`: opens what
 * stands in file, DIR/journal/FINGERPRINT.key or an export's journal.key.
 * ERR_NOT_FOUND, ERR_BAD_INPUT; ERR_REFUSED: sealed to another office. */
MUST_CHECK enum err hub_journal_key(const char *state, const char *file,
                                    struct buf *text);
/* A line for each machine: fingerprint, number and hash of the newest record
 * noted as `kiosk journal verify --anchor` takes them, and "differs" where it
 * tells of another journal.  ERR_EXISTS: the hub runs. */
MUST_CHECK enum err hub_journal_heads(const char *state, struct buf *text);
/* With its next heartbeat the journal of this machine that is told is noted
 * instead of the one known; works beside a running hub.  ERR_BAD_INPUT. */
MUST_CHECK enum err hub_journal_accept(const char *state,
                                       const char *fingerprint);
