/* Who called for a person, and what the hub knows of the machines. */
#pragma once

#include "kiosk/crypto/crypto.h"
#include "kiosk/store/store.h"

/* What a heartbeat says of help. */
enum help { HELP_UNSAID, HELP_WANTED, HELP_OVER };

struct hub_call {
    int64_t number; /* 0: nobody ever called from there */
    int64_t since_ms;
    enum { CALL_NONE, CALL_WAITING, CALL_ANSWERED } state;
};

/* Within the heartbeat's transaction; a new call gets the next number. */
MUST_CHECK enum err hub_store_call_note(struct store *store,
                                        const char *machine, enum help help,
                                        int64_t wall_ms,
                                        struct hub_call *ret_call);
/* Somebody comes; it stands until the call is over.  ERR_NOT_FOUND: there is no
 * such call now. */
MUST_CHECK enum err hub_store_call_answer(struct store *store, int64_t number);

/* A machine, valid during the call that shows it. */
struct known_machine {
    const char *machine;
    const char *health; /* the last heartbeat's JSON, or "" */
    int64_t seen_ms;
    struct hub_call call;
};
MUST_CHECK enum err hub_store_machines(
    struct store *store,
    void (*on_machine)(void *owner, const struct known_machine *machine),
    void *owner);
