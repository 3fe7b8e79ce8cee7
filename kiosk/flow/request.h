/* How a machine signs a request to the hub, and how the hub checks it.
 *
 * Both ends use this one canonical text, signed with the machine's Ed25519 key:
 *
 *   kiosk-request 1 \n METHOD \n PATH \n REQUEST \n TIME \n SHA256-OF-BODY \n
 *
 * (no spaces; the last two as decimal milliseconds since 1970 and as hex).  The
 * proof travels in five headers, named by request_header_names. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/crypto/crypto.h"

#include <stddef.h>
#include <stdint.h>

enum {
    REQUEST_ID_CHARS = 32,
    REQUEST_TEXT_MAX = 1024,  /* of what is signed */
    REQUEST_PROOF_BYTES = 96, /* the longest is the signature: 88 */
    REQUEST_WINDOW_MS = 300 * 1000
};

enum request_header {
    REQUEST_MACHINE,   /* fingerprint of the machine's key */
    REQUEST_KEY,       /* that key, base64 */
    REQUEST_TIME,      /* milliseconds since 1970, decimal */
    REQUEST_ID,        /* 128 random bits, hex; new for every try */
    REQUEST_SIGNATURE, /* base64 */
    REQUEST_HEADER_COUNT
};

/* "Kiosk-Machine", … in the order of the enum. */
extern const char *const request_header_names[REQUEST_HEADER_COUNT];

/* What is signed.  Nothing is copied. */
struct request_line {
    const char *method;
    const char *path;
    const void *body;
    size_t body_len;
};

/* The five headers' values. */
struct request_proof {
    char values[REQUEST_HEADER_COUNT][REQUEST_PROOF_BYTES];
};

/* All but the signature; text gets the bytes that are to be signed. */
MUST_CHECK enum err request_prepare(const unsigned char *public_key,
                                    const struct request_line *line,
                                    int64_t wall_ms,
                                    struct request_proof *ret_proof,
                                    struct buf *text);
void request_finish(struct request_proof *proof,
                    const unsigned char signature[CRYPTO_SIGNATURE_BYTES]);
/* Both, by a key that is here. */
MUST_CHECK enum err request_sign(const struct key *machine_key,
                                 const struct request_line *line,
                                 int64_t wall_ms,
                                 struct request_proof *ret_proof);

enum request_fault {
    REQUEST_OK,
    REQUEST_MALFORMED, /* a header is missing or is not what it should be */
    REQUEST_FORGED,    /* the key is not the machine's, or it did not sign */
    REQUEST_UNTIMELY   /* rightly signed, but too long ago or too early */
};

/* What is known of the sender once the answer is REQUEST_OK or
 * REQUEST_UNTIMELY. */
struct request_sender {
    char machine[CRYPTO_HEX_DIGEST];
    unsigned char public_key[CRYPTO_PUBLIC_BYTES];
    unsigned char id[REQUEST_ID_CHARS / 2];
    int64_t wall_ms;
};

/* values: the headers as they came, NULL for one that did not come. */
enum request_fault request_check(const char *const values[REQUEST_HEADER_COUNT],
                                 const struct request_line *line,
                                 int64_t now_wall_ms,
                                 struct request_sender *ret_sender);
