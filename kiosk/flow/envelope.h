/* A case as bytes: what is stored is what is signed is what is sent.
 *
 *   1 byte    suite (1)
 *   4 bytes   length of the header, big-endian (at most 4 KiB)
 *   header    JSON, not secret: case, machine, number, receipt, item, version,
 *             item_hash, notice_version, notice_hash, assurance, time, suite,
 *             office_key, digest
 *   32 bytes  HPKE encapsulated key
 *   4 bytes   length of the sealed body, big-endian (at most 256 KiB)
 *   body      sealed to the office's key; aad: all bytes before "32 bytes"
 *   64 bytes  Ed25519 signature of the machine over all bytes before it
 *
 * The body's JSON holds the answers with their sources, the day of the session
 * (today: what rules were asked by), what the citizen was told (slip: for the phone), the 查询码 and the address of
 * the progress page; 128 random bits in it make the digest (of the
 * body before sealing) useless for guessing. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/walk.h"

#include <stdint.h>

enum {
    ENVELOPE_SUITE = 1,
    ENVELOPE_HEADER_MAX = 4096,
    ENVELOPE_BODY_MAX = 256 * 1024,
    ENVELOPE_MAX =
        1 + 4 + ENVELOPE_HEADER_MAX + 32 + 4 + ENVELOPE_BODY_MAX + 16 + 64,
    CASE_ID_CHARS = 32,
    ADDRESS_CHARS = 22, /* 128 bits in base64url */
    LOOKUP_DIGITS = 4
};

struct envelope_input {
    const struct item *item;
    const struct answers *answers;
    const char *case_id; /* 32 hex digits */
    int64_t number;
    const char *receipt;
    const char *lookup_code; /* four digits */
    const char *address;     /* 22 characters */
    const char *assurance;   /* none, typed, card … */
    const char *hold; /* by which the hub holds the slot that was chosen; NULL:
                         by none */
    enum language language;
    struct words terminal; /* which one, for the slip on a phone; or NULLs */
    int64_t wall_ms;
    const struct key *machine_key;       /* envelope_make() only */
    const unsigned char *machine_public; /* envelope_prepare() only */
    const unsigned char *office_key;
};

/* What people call a field of the card: a msgid, or the name itself. */
const char *envelope_card_label(const char *field);

/* All but the signature: these bytes are what the machine's key signs, which
 * may take a while where the key is not in this process.  out is bounded by
 * ENVELOPE_MAX. */
MUST_CHECK enum err envelope_prepare(const struct envelope_input *input,
                                     struct buf *out);
/* Makes what envelope_prepare() made whole. */
void envelope_finish(struct buf *out,
                     const unsigned char signature[CRYPTO_SIGNATURE_BYTES]);
/* Both, by a key that is here: out gets the whole envelope. */
MUST_CHECK enum err envelope_make(const struct envelope_input *input,
                                  struct buf *out);

/* Views into the bytes given, and what the header says. */
struct envelope {
    const unsigned char *bytes;
    size_t len;
    const unsigned char *header;
    size_t header_len;
    const unsigned char *enc;
    const unsigned char *sealed;
    size_t sealed_len;
    const unsigned char *signature;
    char case_id[CASE_ID_CHARS + 1];
    char machine[65];
    char receipt[16];
    char item[64];
    char item_hash[65]; /* by which item it was made: item_hash.h */
    char time[32];
    char assurance[24];
    char office_key[65]; /* fingerprint */
    char digest[65];
    int64_t number;
    int version;
};

/* Structure and header only; nothing is trusted before envelope_open.
 * ERR_BAD_INPUT. */
MUST_CHECK enum err envelope_read(const void *bytes, size_t len,
                                  struct envelope *ret_envelope);
/* Signature, seal and digest; body gets the JSON text.  ERR_REFUSED. */
MUST_CHECK enum err
envelope_open(const struct envelope *envelope,
              const unsigned char machine_public[CRYPTO_PUBLIC_BYTES],
              const struct key *office_key, struct buf *body);

/* The anonymous kind of case tells only the hour. */
bool envelope_is_anonymous(const struct item *item,
                           const struct answers *answers);

/* The msgid for a field of the card. */
const char *envelope_card_label(const char *field);
/* The same in words, of whose card step it is: "Name of your spouse". */
void envelope_person_label(const struct step *step, const char *field,
                           enum language language, struct buf *out);
