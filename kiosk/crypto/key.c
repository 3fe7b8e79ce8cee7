/* Key files, and signing.  A key file is text, so that a person who finds one
 * knows what it is:
 *
 *     kiosk-key 1 sign
 *     <32 private bytes in base64>
 *
 * The bytes come from chance_bytes(), not from OpenSSL's own generator, so
 * that the simulator's seed decides them too. */
#include "kiosk/crypto/key.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <string.h>

enum { MAGIC = 0x6b657921, KEY_FILE_MAX = 256 };

static const struct {
    const char *first_line;
    int type;
} kinds[] = {
    [KEY_SIGN] = { "kiosk-key 1 sign\n", EVP_PKEY_ED25519 },
    [KEY_OPEN] = { "kiosk-key 1 open\n", EVP_PKEY_X25519 },
    [KEY_MAC] = { "kiosk-key 1 mac\n", EVP_PKEY_HMAC },
};

static enum err key_from_bytes(enum key_kind kind,
                               const unsigned char bytes[KEY_PRIVATE_BYTES],
                               struct key **ret_key)
{
    struct key *key = mem_new(sizeof *key);
    size_t len = sizeof key->public_bytes;

    key->magic = MAGIC;
    key->kind = kind;
    key->inside = EVP_PKEY_new_raw_private_key(kinds[kind].type, NULL, bytes,
                                               KEY_PRIVATE_BYTES);
    bool is_good = key->inside != NULL;
    if (is_good && kind != KEY_MAC)
        is_good = EVP_PKEY_get_raw_public_key(key->inside, key->public_bytes,
                                              &len) == 1 &&
                  len == sizeof key->public_bytes;
    if (!is_good) {
        key_close(key);
        return ERR_CRYPTO;
    }
    *ret_key = key;
    return ERR_OK;
}

/* Strict: one way of writing a key, so a damaged file never passes. */
static enum err parse_file(const char *text, size_t len, enum key_kind kind,
                           unsigned char bytes[KEY_PRIVATE_BYTES])
{
    const char *first = kinds[kind].first_line;
    size_t first_len = strlen(first);
    size_t got = 0;

    if (len <= first_len + 1 || memcmp(text, first, first_len) != 0 ||
        text[len - 1] != '\n')
        return ERR_CORRUPT;
    enum err err = base64_decode(text + first_len, len - first_len - 1, bytes,
                                 KEY_PRIVATE_BYTES, &got);
    if (err || got != KEY_PRIVATE_BYTES)
        return ERR_CORRUPT;
    return ERR_OK;
}

static enum err key_load(const char *path, enum key_kind kind,
                         struct key **ret_key)
{
    unsigned char bytes[KEY_PRIVATE_BYTES];
    char *text = NULL;
    size_t len = 0;

    enum file_fault fault;
    enum err err = file_read_own(path, KEY_FILE_MAX, &text, &len, &fault);
    if (err == ERR_TOO_BIG)
        return ERR_CORRUPT;
    if (err)
        return err;
    err = parse_file(text, len, kind, bytes);
    mem_wipe(text, len);
    mem_free(text);
    if (!err)
        err = key_from_bytes(kind, bytes, ret_key);
    mem_wipe(bytes, sizeof bytes);
    return err;
}

static enum err key_make(const char *path, enum key_kind kind)
{
    unsigned char bytes[KEY_PRIVATE_BYTES];
    struct buf text;

    chance_bytes(bytes, sizeof bytes);
    buf_init(&text, KEY_FILE_MAX);
    buf_add_text(&text, kinds[kind].first_line);
    buf_add_base64(&text, bytes, sizeof bytes);
    buf_add_char(&text, '\n');
    mem_wipe(bytes, sizeof bytes);
    enum err err = file_replace(path, text.text, text.len, 0600);
    buf_done(&text);
    return err;
}

const char *key_complaint(const char *path)
{
    enum file_fault fault = FILE_FAULT_NONE;
    char *text = NULL;
    size_t len = 0;

    enum err err = file_read_own(path, KEY_FILE_MAX, &text, &len, &fault);
    if (!err) {
        mem_wipe(text, len);
        mem_free(text);
    }
    return file_fault_name(fault);
}

enum err key_open(const char *path, enum key_kind kind, bool may_make,
                  struct key **ret_key)
{
    enum err err = key_load(path, kind, ret_key);
    if (err != ERR_NOT_FOUND || !may_make)
        return err;
    err = key_make(path, kind);
    if (err)
        return err;
    /* What is used is what the disk holds, from the first moment. */
    return key_load(path, kind, ret_key);
}

void key_close(struct key *key)
{
    if (!key)
        return;
    assert(key->magic == MAGIC);
    EVP_PKEY_free(key->inside);
    mem_wipe(key, sizeof *key);
    mem_free(key);
}

EVP_PKEY *key_inside(const struct key *key, enum key_kind kind)
{
    assert(key->magic == MAGIC && key->kind == kind);
    return key->inside;
}

const unsigned char *key_public(const struct key *key)
{
    assert(key->magic == MAGIC && key->kind != KEY_MAC);
    return key->public_bytes;
}

void key_fingerprint(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                     char hex[CRYPTO_HEX_DIGEST])
{
    digest_hex(public_key, CRYPTO_PUBLIC_BYTES, hex);
}

enum err key_sign(const struct key *key, const void *bytes, size_t len,
                  unsigned char signature[CRYPTO_SIGNATURE_BYTES])
{
    unsigned char made[CRYPTO_SIGNATURE_BYTES];
    size_t made_len = sizeof made;
    EVP_PKEY *inside = key_inside(key, KEY_SIGN);
    EVP_MD_CTX *work = EVP_MD_CTX_new();

    bool is_good = work &&
                   EVP_DigestSignInit(work, NULL, NULL, NULL, inside) == 1 &&
                   EVP_DigestSign(work, made, &made_len, bytes, len) == 1 &&
                   made_len == sizeof made;
    EVP_MD_CTX_free(work);
    if (!is_good)
        return ERR_CRYPTO;
    memcpy(signature, made, sizeof made);
    return ERR_OK;
}

enum err sign_check(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                    const void *bytes, size_t len,
                    const unsigned char signature[CRYPTO_SIGNATURE_BYTES])
{
    EVP_PKEY *inside = EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, NULL, public_key, CRYPTO_PUBLIC_BYTES);
    EVP_MD_CTX *work = EVP_MD_CTX_new();
    enum err err = ERR_CRYPTO;

    if (inside && work &&
        EVP_DigestVerifyInit(work, NULL, NULL, NULL, inside) == 1)
        err = EVP_DigestVerify(work, signature, CRYPTO_SIGNATURE_BYTES, bytes,
                               len) == 1
                  ? ERR_OK
                  : ERR_REFUSED;
    EVP_MD_CTX_free(work);
    EVP_PKEY_free(inside);
    return err;
}
