/* The one part of sealing that only its test may reach: RFC 9180's test
 * vectors name the ephemeral key, which in life comes from chance_bytes(). */
#pragma once

#include "kiosk/crypto/crypto.h"

/* What is sealed, and under which words. */
struct seal_input {
    const char *info;
    const void *aad;
    size_t aad_len;
    const void *plain;
    size_t len;
};

/* seal_to() with a given ephemeral private key: never use one twice. */
MUST_CHECK enum err
seal_with_ephemeral(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                    const unsigned char ephemeral[32],
                    const struct seal_input *input,
                    unsigned char enc[CRYPTO_ENC_BYTES], unsigned char *sealed);
