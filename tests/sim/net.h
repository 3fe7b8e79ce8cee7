/* The way from the pretended terminal to the pretended hub: requests and
 * answers are delayed, lost, cut, doubled, and may arrive long after nobody
 * waits for them any more.  The hub is the real hub_handle(). */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/hub/hub.h"
#include "tests/sim/dice.h"

struct net;

struct net_events {
    /* Each PUT of a case as it leaves the terminal: its headers, its body. */
    void (*on_packet)(void *owner, const void *bytes, size_t len);
    /* The hub has worked (its disk may have died over it). */
    void (*on_hub)(void *owner);
};

/* dice stay the caller's.  Takes transport.h's place of libcurl until
 * net_free. */
struct net *net_new(struct loop *loop, struct dice *dice,
                    const struct net_events *events, void *owner);
void net_free(struct net *net);

/* NULL: it is down, and nobody answers. */
void net_set_hub(struct net *net, struct hub *hub);
/* In so many of a hundred exchanges something goes wrong; 0: none. */
void net_set_trouble(struct net *net, unsigned percent);
/* Nothing can be reached. */
void net_set_cut(struct net *net, bool is_cut);
/* The hub's clock is so far from the terminal's. */
void net_set_skew(struct net *net, int64_t ms);
/* The terminal has died: from now on it sends nothing, and hears nothing. */
void net_set_dumb(struct net *net, bool is_dumb);

struct net_counts {
    uint64_t exchanges, lost, late, doubled, cut, refused;
};
struct net_counts net_count(const struct net *net);
