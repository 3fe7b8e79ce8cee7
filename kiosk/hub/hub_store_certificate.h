/* What a certificate can be verified by.  Its code and the masked name, which is
 * all that is kept of the person, are one sealed text. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/store/store.h"

enum { CERTIFICATE_NUMBER_BYTES = 24, CERTIFICATE_CODE_CHARS = 8 };

struct certificate_record {
    char number[CERTIFICATE_NUMBER_BYTES];
    char kind[32];
    char state[16]; /* valid, withdrawn */
    char issued[9];
    char valid_until[9];
    unsigned char sha256[CRYPTO_DIGEST_BYTES];
};

/* The next number of this day, "SI20261126000001"; durable, so that none is
 * given twice. */
MUST_CHECK enum err
hub_store_certificate_number(struct store *store, int64_t wall_ms,
                             char number[CERTIFICATE_NUMBER_BYTES]);
MUST_CHECK enum err
hub_store_certificate_add(struct store *store,
                          const struct certificate_record *record,
                          const struct buf *sealed, const char *address);
/* sealed gets the sealed text.  ERR_NOT_FOUND. */
MUST_CHECK enum err
hub_store_certificate_find(struct store *store, const char *number,
                           struct certificate_record *ret_record,
                           struct buf *sealed);
MUST_CHECK enum err
hub_store_certificate_find_address(struct store *store, const char *address,
                                   struct certificate_record *ret_record,
                                   struct buf *sealed);
/* ERR_NOT_FOUND. */
MUST_CHECK enum err hub_store_certificate_withdraw(struct store *store,
                                                   const char *number);
