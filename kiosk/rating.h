/* 好差评: what a person thinks of a matter that is done.  It is a case of its
 * own, sealed and delivered through the outbox like any other, under the item
 * "rating"; nobody waits for it.  A rating that cannot be taken now is dropped:
 * it is voluntary, and never in the way. */
#pragma once

#include "kiosk/delivery.h"
#include "kiosk/session.h"

#include <stdbool.h>

enum rating_score {
    RATING_VERY_GOOD,
    RATING_GOOD,
    RATING_FAIR,
    RATING_BAD,
    RATING_VERY_BAD,
    RATING_COUNT
};

/* Msgids, from the best on. */
const char *rating_score_words(enum rating_score score);
/* A bad one asks why, by the official list for it. */
bool rating_asks_reason(enum rating_score score);
size_t rating_reason_count(enum rating_score score);
/* code: as the evaluation platform knows it. */
void rating_reason(enum rating_score score, size_t at, const char **ret_code,
                   const char **ret_words);

/* Identified persons rate items that have an implementation code; in the
 * demonstration any item that wants to know the person. */
bool rating_is_wanted(const struct item *item, const struct session *session,
                      bool is_demo);
/* about: the case's or the certificate's number.  reason: a code, or "". */
void rating_send(struct delivery *delivery, struct session *session,
                 const char *about, enum rating_score score,
                 const char *reason);
