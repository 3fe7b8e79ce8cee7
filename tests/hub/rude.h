/* A hub that misbehaves, over plain sockets on loopback: each manner is one
 * thing that networks, proxies and broken servers do to a client.
 *
 * It lives on our loop, so a test holds both ends in one thread; a program of
 * its own needs only a main around rude_new() and loop_run(). */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"

#include <stdint.h>

/* manner, its name on a command line */
#define RUDE_TABLE(X)                                                          \
    X(YES, "yes")               /* 201 or 200, as a hub would */               \
    X(COMING, "coming")         /* yes, and staff are on their way */          \
    X(NO, "no")                 /* 422, as a hub would */                      \
    X(ERROR, "500")             /* 500 with a sentence */                      \
    X(HTML, "html")             /* 200 with a page, as a portal does */        \
    X(HTML_NO, "html-403")      /* 403 with a page, as a proxy does */         \
    X(JSON_NO, "json-403")      /* 403 in somebody else's JSON */              \
    X(ELSEWHERE, "redirect")    /* 302 to another place */                     \
    X(EMPTY_JSON, "empty-json") /* 200 {} */                                   \
    X(HALF, "half")             /* half of a good answer, then the end */      \
    X(BIG, "big")               /* a good answer, but of 2 MiB */              \
    X(BIG_CHUNKS, "big-chunks") /* the same, without saying how long it is */  \
    X(GARBAGE, "garbage")       /* bytes that are no HTTP */                   \
    X(NOTHING, "nothing")       /* takes the request and hangs up */           \
    X(SILENT, "silent")         /* takes the request and keeps quiet */        \
    X(LATE, "late")             /* 201, but only after late_ms */              \
    X(RESET, "reset")           /* cuts the connection hard */                 \
    X(RULES, "rules")           /* 422: the item's rules */                    \
    X(REFUSE, "refuse")         /* nobody listens */

enum rude_manner {
#define X(id, name) RUDE_##id,
    RUDE_TABLE(X)
#undef X
        RUDE_MANNER_COUNT
};

const char *rude_manner_name(enum rude_manner manner);
MUST_CHECK enum err rude_manner_find(const char *name,
                                     enum rude_manner *ret_manner);

struct rude;

/* port 0: any free one.  ERR_IO. */
MUST_CHECK enum err rude_new(struct loop *loop, uint16_t port,
                             enum rude_manner manner, int64_t late_ms,
                             struct rude **ret_rude);
void rude_free(struct rude *rude);
uint16_t rude_port(const struct rude *rude);
/* For requests that come from now on; open connections are cut. */
MUST_CHECK enum err rude_set_manner(struct rude *rude, enum rude_manner manner);
/* Whole requests taken so far. */
int rude_request_count(const struct rude *rude);
