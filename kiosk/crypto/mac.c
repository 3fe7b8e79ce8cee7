/* Digests and message authentication codes. */
#include "kiosk/crypto/key.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <stdatomic.h>
#include <string.h>

enum { BLOCK_BYTES = 64 }; /* of SHA-256, as HMAC counts */

/* EVP_sha256() is a name only: OpenSSL looks up what stands behind it at each
 * use, which takes longer than the hash of something short. */
static const EVP_MD *sha256(void)
{
    static _Atomic(EVP_MD *) found;
    EVP_MD *method = found;

    if (method)
        return method;
    method = EVP_MD_fetch(NULL, "SHA256", NULL);
    assert(method);
    EVP_MD *other = NULL;
    if (!atomic_compare_exchange_strong(&found, &other, method)) {
        EVP_MD_free(method); /* another thread was first */
        return other;
    }
    return method;
}

void digest_of(const void *bytes, size_t len,
               unsigned char digest[CRYPTO_DIGEST_BYTES])
{
    digest_of_two(bytes, len, NULL, 0, digest);
}

/* Hashing fails only when memory runs out, and small allocations of ours
 * abort then. */
void digest_of_two(const void *first, size_t first_len, const void *second,
                   size_t second_len, unsigned char digest[CRYPTO_DIGEST_BYTES])
{
    EVP_MD_CTX *work = EVP_MD_CTX_new();
    unsigned len = 0;

    assert(work);
    int good = EVP_DigestInit_ex(work, sha256(), NULL) == 1;
    good &= EVP_DigestUpdate(work, first, first_len) == 1;
    good &= EVP_DigestUpdate(work, second, second_len) == 1;
    good &= EVP_DigestFinal_ex(work, digest, &len) == 1;
    EVP_MD_CTX_free(work);
    assert(good && len == CRYPTO_DIGEST_BYTES);
}

void digest_hex(const void *bytes, size_t len, char hex[CRYPTO_HEX_DIGEST])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    digest_of(bytes, len, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
}

/* The hash of a block and of what follows it. */
static void digest_behind(EVP_MD_CTX *work,
                          const unsigned char block[BLOCK_BYTES],
                          const void *bytes, size_t len,
                          unsigned char digest[CRYPTO_DIGEST_BYTES])
{
    unsigned made = 0;
    int good = EVP_DigestInit_ex(work, sha256(), NULL) == 1;

    good &= EVP_DigestUpdate(work, block, BLOCK_BYTES) == 1;
    good &= EVP_DigestUpdate(work, bytes, len) == 1;
    good &= EVP_DigestFinal_ex(work, digest, &made) == 1;
    assert(good && made == CRYPTO_DIGEST_BYTES);
}

/* RFC 2104 over EVP: HMAC() of OpenSSL looks up both methods at each call, and
 * a journal's record needs four codes. */
void mac_under(const unsigned char key[CRYPTO_DIGEST_BYTES], const void *bytes,
               size_t len, unsigned char code[CRYPTO_DIGEST_BYTES])
{
    enum { INNER = 0x36, OUTER = 0x5c };
    unsigned char block[BLOCK_BYTES] = { 0 }, digest[CRYPTO_DIGEST_BYTES];
    EVP_MD_CTX *work = EVP_MD_CTX_new();

    assert(work);
    memcpy(block, key, CRYPTO_DIGEST_BYTES);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= INNER;
    digest_behind(work, block, bytes, len, digest);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= INNER ^ OUTER;
    digest_behind(work, block, digest, sizeof digest, code);
    EVP_MD_CTX_free(work);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(digest, sizeof digest);
}

enum err mac(const struct key *key, const void *bytes, size_t len,
             unsigned char code[CRYPTO_DIGEST_BYTES])
{
    unsigned char made[CRYPTO_DIGEST_BYTES];
    size_t made_len = sizeof made;
    EVP_PKEY *inside = key_inside(key, KEY_MAC);
    EVP_MD_CTX *work = EVP_MD_CTX_new();

    bool is_good =
        work &&
        EVP_DigestSignInit(work, NULL, EVP_sha256(), NULL, inside) == 1 &&
        EVP_DigestSign(work, made, &made_len, bytes, len) == 1 &&
        made_len == sizeof made;
    EVP_MD_CTX_free(work);
    if (!is_good)
        return ERR_CRYPTO;
    memcpy(code, made, sizeof made);
    OPENSSL_cleanse(made, sizeof made);
    return ERR_OK;
}

bool mac_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}
