/* Who has which place in time: held for ten minutes, or booked by a case.  A row
 * tells of no person: a slot's name, a token, and the case's id. */
#pragma once

#include "kiosk/flow/envelope.h"
#include "kiosk/base/buf.h"
#include "kiosk/store/store.h"

#include <stdint.h>

enum {
    SLOT_HOLD_MS = 10 * 60 * 1000,
    SLOT_STATE_BYTES = 16,
    SLOT_TOKEN_BYTES = 33 /* ask.h makes them */
};

/* How many are booked or held now. */
MUST_CHECK enum err hub_store_slot_count(struct store *store, const char *key,
                                         int64_t now_ms, int64_t *ret_count);

struct slot_hold {
    char token[SLOT_TOKEN_BYTES];
    int64_t until_ms;
};
/* The same request of the same machine is the same hold, taken anew where its
 * time was over and there is room still.  ERR_EXISTS: others have all places. */
MUST_CHECK enum err hub_store_slot_hold(struct store *store,
                                        const char *machine,
                                        const char *request, const char *key,
                                        int places, int64_t now_ms,
                                        struct slot_hold *ret_hold);
/* Of a token that holds nothing (any more) nothing is changed. */
MUST_CHECK enum err hub_store_slot_let_go(struct store *store,
                                          const char *token);

/* What a case asks for. */
struct slot_wish {
    const char *key;
    const char *hold; /* its token, or "" */
    int places;       /* 0: nobody may have it any more */
    int64_t now_ms;
};
/* By a hold that is good still, for this very slot. */
MUST_CHECK enum err hub_store_slot_is_held(struct store *store,
                                           const struct slot_wish *wish,
                                           bool *ret_is);
/* Within the caller's transaction.  *ret_booked false: it is lost, and that is
 * noted. */
MUST_CHECK enum err hub_store_slot_book(struct store *store,
                                        const char *case_id,
                                        const struct slot_wish *wish,
                                        bool *ret_booked);

/* What became of a case's: booked, lost or cancelled, and its name;
 * ERR_NOT_FOUND: it asked for none. */
MUST_CHECK enum err hub_store_slot_of(struct store *store, const char *case_id,
                                      char state[SLOT_STATE_BYTES],
                                      struct buf *key);
/* A booked one is free again; within the caller's transaction. */
MUST_CHECK enum err hub_store_slot_free(struct store *store,
                                        const char *case_id);
