/* What the hub may keep of a person's number, of a code, of a receipt that was
 * guessed at: a MAC under DIR/index.key, a key that never leaves the hub.
 * Without it nobody can try out numbers, and whoever loses it loses only the
 * index, which hub_open() then makes anew out of the envelopes. */
#pragma once

#include "kiosk/hub/hub_parts.h"

/* What is marked; the same text marked for another purpose is another mark. */
enum mark_purpose {
    MARK_PERSON,      /* an ID number: spaces and small letters do no harm */
    MARK_RECEIPT,     /* a receipt number, for counting guesses */
    MARK_MACHINE,     /* a fingerprint, for the same */
    MARK_CERTIFICATE, /* a certificate's number, for the same */
    MARK_KEY,         /* nothing: tells whether the key is still the same */
    MARK_PURPOSE_COUNT
};

MUST_CHECK enum err mark_make(const struct hub *hub, enum mark_purpose purpose,
                              const char *text,
                              unsigned char mark[CRYPTO_DIGEST_BYTES]);

/* A text of ours for the hub's eyes only, sealed to the office: words of the
 * office to a citizen, a certificate's code.  about: what it belongs to; sealed to one
 * it opens for no other.  ERR_TOO_BIG past MARK_TEXT_MAX bytes. */
enum { MARK_TEXT_MAX = 2048, MARK_SEALED_MAX = MARK_TEXT_MAX + 64 };
MUST_CHECK enum err
text_seal(const unsigned char office_key[CRYPTO_PUBLIC_BYTES],
          const char *about, const char *text, struct buf *sealed);
/* No bytes at all are the empty text. */
MUST_CHECK enum err text_unseal(const struct key *office_key, const char *about,
                                const void *sealed, size_t len,
                                struct buf *text);
