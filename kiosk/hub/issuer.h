/* Certificates that are being made, and finished ones for as long as a terminal
 * may fetch them: in memory only, at most fifteen minutes, bounded in number
 * and bytes.  What they can be verified by is kept in the store.
 *
 * A certificate belongs to the machine that asked for it, and to the request
 * that it named: the same request again is the same certificate. */
#pragma once

#include "kiosk/hub/checks.h"
#include "kiosk/hub/hub_store_certificate.h"
#include "kiosk/hub/proof.h"

enum {
    CERTIFICATE_BYTES_MAX = 1536 * 1024, /* what a terminal takes */
    CERTIFICATE_KEPT_MS = 15 * 60 * 1000
};

enum making {
    MAKING_NOTHING, /* a free place */
    MAKING_DRAWING,
    MAKING_DONE,
    MAKING_FAILED
};

struct certificate {
    enum making making;
    uint32_t job;
    char machine[CRYPTO_HEX_DIGEST];
    char request[TOKEN_CHARS + 1];
    char token[TOKEN_CHARS + 1];
    char number[CERTIFICATE_NUMBER_BYTES];
    char code[CERTIFICATE_CODE_CHARS + 1];
    char address[ADDRESS_CHARS + 1];
    char name[CARD_TEXT_BYTES]; /* masked */
    char issued[9], valid_until[9];
    char sha256[CRYPTO_HEX_DIGEST];
    int pages;
    char *pdf;
    size_t pdf_len;
    int64_t until_ms;
};

struct issuer;

struct issuer *issuer_new(void);
void issuer_free(struct issuer *issuer);
void issuer_set_drawer(struct issuer *issuer, const struct hub_drawer *drawer);

/* Drops what was kept long enough. */
void issuer_tidy(struct issuer *issuer);
/* NULL: nothing was asked for by this machine with this request.  Borrowed
 * until the next issuer_* call. */
struct certificate *issuer_find(struct issuer *issuer, const char *machine,
                                const char *request);
/* Only one that is done, by the token that was told. */
const struct certificate *issuer_fetch(struct issuer *issuer,
                                       const char *machine, const char *token);
void issuer_drop(struct issuer *issuer, struct certificate *certificate);

/* What to make. */
struct issue {
    const char *machine;
    const char *request;
    const struct person *person;
    const struct proof_choice *choice;
};
/* Begins to make it; it may be done when this returns.  ERR_CHILD: nobody draws
 * it; else the store's errors. */
MUST_CHECK enum err issuer_begin(struct hub *hub, const struct issue *issue,
                                 struct certificate **ret_certificate);

/* What the store keeps sealed of a certificate. */
MUST_CHECK enum err certificate_unseal(const struct hub *hub,
                                       const char *number,
                                       const struct buf *sealed,
                                       char code[CERTIFICATE_CODE_CHARS + 1],
                                       struct buf *name);
