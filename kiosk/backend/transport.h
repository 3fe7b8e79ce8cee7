/* HTTP exchanges over libcurl's multi interface, driven by our loop.  The only
 * file pair that knows libcurl; it knows nothing of cases.  Used by client.c.
 *
 * libcurl is initialised by the first exchange, so that a terminal's start does
 * not pay for it. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TRANSPORT_ANSWER_MAX = 1536 * 1024,
    TRANSPORT_HEADERS_MAX = 8,
    TRANSPORT_HEADER_BYTES = 160
};

struct transport;
struct exchange;

struct exchange_settings {
    const char *method; /* a literal */
    const char *url;    /* NULL: nowhere, which ends in ERR_OFFLINE */
    const void *body;   /* stays the caller's until on_end; NULL: none */
    size_t body_len;
    char headers[TRANSPORT_HEADERS_MAX][TRANSPORT_HEADER_BYTES];
    size_t header_count;
};

/* err: ERR_OK when an answer came whole, whatever its status; ERR_OFFLINE,
 * ERR_TIMEOUT, ERR_BAD_ANSWER (broken off, over 1.5 MiB, TLS not in order).
 * text: the answer, valid during the call.  Never inside transport_begin. */
typedef void (*exchange_fn)(void *owner, enum err err, int status,
                            const struct buf *text);

struct transport *transport_new(struct loop *loop, const char *ca,
                                int64_t answer_max_ms);
/* Gives up what is under way, without its on_end. */
void transport_free(struct transport *transport);

/* False: new connections fail, and those open are cut (ERR_OFFLINE). */
void transport_set_network(struct transport *transport, bool is_up);

/* "https://hub.example:8443" of a URL with nothing after it; plain http for
 * loopback only.  False: anything else. */
bool transport_check_url(const char *url, struct buf *ret_base);

/* For the simulator: exchanges are carried by somebody else than libcurl, who
 * is handed each (settings are valid during the call) and calls
 * transport_carried() later, once, unless he was told to give it up. */
struct transport_carrier {
    void (*begin)(void *owner, struct exchange *exchange,
                  const struct exchange_settings *settings,
                  int64_t answer_max_ms);
    void (*give_up)(void *owner, struct exchange *exchange);
    void *owner;
};
/* NULL: libcurl again.  While nothing is under way. */
void transport_carry(const struct transport_carrier *carrier);
void transport_carried(struct exchange *exchange, enum err err, int status,
                       const void *answer, size_t len);

/* Ends by itself with on_end. */
void transport_begin(struct transport *transport,
                     const struct exchange_settings *settings,
                     exchange_fn on_end, void *owner);
