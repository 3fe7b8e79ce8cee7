/* Taking a case, however it came: by wire from its machine, or in a file from
 * one that died.  All checks are here, so both ways have the same. */
#pragma once

#include "kiosk/hub/hub_parts.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/hub_store.h"

struct hub_offer {
    const char *machine;             /* fingerprint of who brings it */
    const unsigned char *public_key; /* and the key that it is of */
    const char *id;
    const void *bytes;
    size_t len;
    bool is_carried; /* in a file: the machine itself was not seen */
};

enum hub_taken {
    HUB_CREATED,
    HUB_EXISTS,  /* the same bytes of the same machine are here */
    HUB_REFUSED, /* problem says why */
    HUB_FAILED   /* err says why; to be tried again */
};

struct hub_outcome {
    enum hub_taken taken;
    enum problem problem;
    struct judgement judgement; /* of PROBLEM_rules */
    enum err err;
    struct hub_case found; /* created or existing */
};

/* A machine and those before it whose keys it replaced are one. */
bool hub_is_same_machine(const struct hub *hub, const char *sender,
                         const char *machine);
/* That the machine may send is checked as well. */
struct hub_outcome hub_case_take(struct hub *hub,
                                 const struct hub_offer *offer);
