/* The hub's sockets: libmicrohttpd, driven by our loop through its epoll
 * descriptor and one timer.  The only file that knows libmicrohttpd; it does
 * nothing with a request but hand it to hub_handle(). */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"
#include "kiosk/hub/hub.h"

#include <stdint.h>

struct serve;

struct serve_settings {
    enum hub_listener listener;
    const char *host; /* a name or address; a name is looked up now */
    uint16_t port;    /* 0: any free one */
    const char *cert; /* PEM texts, or NULL: plain HTTP, on loopback only */
    const char *key;
};

/* ERR_BAD_INPUT: the host is unknown; ERR_REFUSED: plain HTTP on an address
 * that is not loopback; ERR_IO: the port cannot be had (it is in use);
 * ERR_CRYPTO: certificate or key is no good, or there is no TLS. */
MUST_CHECK enum err serve_open(struct loop *loop, struct hub *hub,
                               const struct serve_settings *settings,
                               struct serve **ret_serve);
void serve_close(struct serve *serve);
uint16_t serve_port(const struct serve *serve);
