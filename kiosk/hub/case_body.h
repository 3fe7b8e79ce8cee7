/* What is inside a case's sealed envelope, as far as the hub looks at it. */
#pragma once

#include "kiosk/flow/envelope.h"
#include "kiosk/hub/hub_parts.h"

/* The item of a citizen's word on a case: kept like any case, listed nowhere. */
#define RATING_ITEM "rating"

/* Opens what a machine sent.  ret_envelope's pointers are into bytes; the
 * caller gives the root back (it is an object).  ERR_REFUSED: it does not
 * open. */
MUST_CHECK enum err case_body_open(const struct hub *hub, const char *machine,
                                   const void *bytes, size_t len,
                                   struct envelope *ret_envelope,
                                   json_t **ret_root);
/* Only the hour of a case without a name is kept. */
bool case_is_hour_only(const struct envelope *envelope);
/* The moment it was sent, as the envelope tells it; else_ms when it does not.
 */
int64_t case_sent_ms(const struct envelope *envelope, int64_t else_ms);
/* Whether the code is the case's 查询码. */
bool case_code_matches(const json_t *root, const char *code);
/* An answer's value, or NULL. */
const char *case_answer(const json_t *root, const char *name);
/* The mark of whose case it is; false: of nobody who could be found by a
 * number. */
MUST_CHECK enum err case_person(const struct hub *hub,
                                const struct envelope *envelope,
                                const json_t *root, bool *ret_has,
                                unsigned char mark[CRYPTO_DIGEST_BYTES]);
/* A rating says about what, of which item, and how good it was. */
bool case_is_rating_ok(const json_t *root);

/* At hub_open: cases of before the index existed, or of another key, are opened
 * and indexed.  What does not open is found by no number. */
MUST_CHECK enum err case_index_all(struct hub *hub);
