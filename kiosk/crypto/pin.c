/* Staff PINs.  A PIN has few digits, so a stolen file would be guessed: scrypt
 * makes each guess slow, and the HMAC under the machine's key makes guessing
 * elsewhere impossible without that key.  Stored as
 *
 *     scrypt-15-8-1$<16 bytes of salt, base64>$<HMAC, base64> */
#include "kiosk/base/chance.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

enum { SALT_BYTES = 16, SALT_BASE64 = 24, CODE_BASE64 = 44, PIN_MAX = 64 };

static const char prefix[] = "scrypt-15-8-1$";

enum {
    PREFIX_LEN = sizeof prefix - 1,
    STORED_LEN = PREFIX_LEN + SALT_BASE64 + 1 + CODE_BASE64
};
_Static_assert((int)STORED_LEN < (int)PIN_STORED_BYTES, "a stored PIN fits");

static enum err pin_code(const struct key *key, const char *pin,
                         const unsigned char salt[SALT_BYTES],
                         unsigned char code[CRYPTO_DIGEST_BYTES])
{
    unsigned char slow[CRYPTO_DIGEST_BYTES];
    size_t len = strnlen(pin, PIN_MAX + 1);

    if (len == 0)
        return ERR_BAD_INPUT;
    if (len > PIN_MAX)
        return ERR_TOO_BIG;
    /* scrypt needs 128 * N * r = 32 MiB, a little more than OpenSSL's limit. */
    if (EVP_PBE_scrypt(pin, len, salt, SALT_BYTES, 1 << 15, 8, 1,
                       64 * 1024 * 1024, slow, sizeof slow) != 1)
        return ERR_CRYPTO;
    enum err err = mac(key, slow, sizeof slow, code);
    mem_wipe(slow, sizeof slow);
    return err;
}

enum err pin_make(const struct key *key, const char *pin,
                  char stored[PIN_STORED_BYTES])
{
    unsigned char salt[SALT_BYTES];
    unsigned char code[CRYPTO_DIGEST_BYTES];
    struct buf text;

    chance_bytes(salt, sizeof salt);
    enum err err = pin_code(key, pin, salt, code);
    if (err)
        return err;
    buf_init(&text, PIN_STORED_BYTES - 1);
    buf_add_text(&text, prefix);
    buf_add_base64(&text, salt, sizeof salt);
    buf_add_char(&text, '$');
    buf_add_base64(&text, code, sizeof code);
    snprintf(stored, PIN_STORED_BYTES, "%s", text.text);
    buf_done(&text);
    mem_wipe(code, sizeof code);
    return ERR_OK;
}

/* ERR_CORRUPT unless it is exactly what pin_make writes. */
static enum err pin_parse(const char *stored, unsigned char salt[SALT_BYTES],
                          unsigned char code[CRYPTO_DIGEST_BYTES])
{
    size_t salt_len = 0;
    size_t code_len = 0;

    if (strnlen(stored, PIN_STORED_BYTES) != STORED_LEN ||
        memcmp(stored, prefix, PREFIX_LEN) != 0 ||
        stored[PREFIX_LEN + SALT_BASE64] != '$')
        return ERR_CORRUPT;
    if (base64_decode(stored + PREFIX_LEN, SALT_BASE64, salt, SALT_BYTES,
                      &salt_len) ||
        base64_decode(stored + PREFIX_LEN + SALT_BASE64 + 1, CODE_BASE64, code,
                      CRYPTO_DIGEST_BYTES, &code_len))
        return ERR_CORRUPT;
    return salt_len == SALT_BYTES && code_len == CRYPTO_DIGEST_BYTES
               ? ERR_OK
               : ERR_CORRUPT;
}

enum err pin_check(const struct key *key, const char *pin, const char *stored)
{
    unsigned char salt[SALT_BYTES];
    unsigned char wanted[CRYPTO_DIGEST_BYTES];
    unsigned char code[CRYPTO_DIGEST_BYTES];

    enum err err = pin_parse(stored, salt, wanted);
    if (!err)
        err = pin_code(key, pin, salt, code);
    if (!err && !mac_equal(code, wanted, sizeof code))
        err = ERR_REFUSED;
    mem_wipe(code, sizeof code);
    mem_wipe(wanted, sizeof wanted);
    return err;
}
