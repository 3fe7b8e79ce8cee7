/* HPKE (RFC 9180), base mode, one message: DHKEM(X25519, HKDF-SHA256) with
 * identifier 0x0020, HKDF-SHA256 0x0001, AES-128-GCM 0x0001.
 *
 * Every output here has at most 32 bytes, so HKDF-Expand is one block.  Names
 * are the RFC's where it has them (section 4.1: DHKEM, section 5.1: the key
 * schedule). */
#include "kiosk/crypto/seal.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/key.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

enum {
    AEAD_KEY_BYTES = 16,
    AEAD_NONCE_BYTES = 12,
    HASH_BYTES = 32,
    INFO_MAX = 256,
    LABELED_MAX = 512
};

/* A label goes into the hash together with the suite it is used in. */
static const unsigned char suite_kem[] = { 'K', 'E', 'M', 0x00, 0x20 };
static const unsigned char suite_hpke[] = { 'H',  'P',  'K',  'E',  0x00,
                                            0x20, 0x00, 0x01, 0x00, 0x01 };

struct suite {
    const unsigned char *id;
    size_t len;
};

static const struct suite kem = { suite_kem, sizeof suite_kem };
static const struct suite hpke = { suite_hpke, sizeof suite_hpke };

struct aead {
    unsigned char key[AEAD_KEY_BYTES];
    unsigned char nonce[AEAD_NONCE_BYTES];
};

struct bytes {
    const void *at;
    size_t len;
};

struct room {
    unsigned char *at;
    size_t len;
};

static OSSL_PARAM octets(const char *name, struct bytes bytes)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)bytes.at, bytes.len);
}

static enum err hkdf(int mode, struct bytes key, OSSL_PARAM extra,
                     unsigned char *out, size_t out_len)
{
    char sha256[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256, 0),
        octets(OSSL_KDF_PARAM_KEY, key),
        extra,
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *method = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *work = method ? EVP_KDF_CTX_new(method) : NULL;
    bool is_good = work && EVP_KDF_derive(work, out, out_len, params) == 1;

    EVP_KDF_CTX_free(work);
    EVP_KDF_free(method);
    return is_good ? ERR_OK : ERR_CRYPTO;
}

/* LabeledExtract(salt, label, ikm), the salt of zero or 32 bytes. */
static enum err labeled_extract(const struct suite *suite, struct bytes salt,
                                const char *label, struct bytes ikm,
                                unsigned char prk[HASH_BYTES])
{
    static const unsigned char no_salt[HASH_BYTES];
    struct buf text;

    buf_init(&text, LABELED_MAX);
    buf_add_text(&text, "HPKE-v1");
    buf_add(&text, suite->id, suite->len);
    buf_add_text(&text, label);
    buf_add(&text, ikm.at, ikm.len);
    /* An empty salt stands for a whole block of zeros (RFC 5869, 2.2). */
    if (salt.len == 0)
        salt = (struct bytes){ no_salt, sizeof no_salt };
    enum err err =
        text.is_cut ? ERR_TOO_BIG
                    : hkdf(EVP_KDF_HKDF_MODE_EXTRACT_ONLY,
                           (struct bytes){ text.text, text.len },
                           octets(OSSL_KDF_PARAM_SALT, salt), prk, HASH_BYTES);
    buf_done(&text);
    return err;
}

/* LabeledExpand(prk, label, info, out_len). */
static enum err labeled_expand(const struct suite *suite,
                               const unsigned char prk[HASH_BYTES],
                               const char *label, struct bytes info,
                               struct room out)
{
    struct buf text;

    buf_init(&text, LABELED_MAX);
    buf_add_char(&text, (char)(out.len >> 8));
    buf_add_char(&text, (char)(out.len & 0xff));
    buf_add_text(&text, "HPKE-v1");
    buf_add(&text, suite->id, suite->len);
    buf_add_text(&text, label);
    buf_add(&text, info.at, info.len);
    enum err err = text.is_cut
                       ? ERR_TOO_BIG
                       : hkdf(EVP_KDF_HKDF_MODE_EXPAND_ONLY,
                              (struct bytes){ prk, HASH_BYTES },
                              octets(OSSL_KDF_PARAM_INFO,
                                     (struct bytes){ text.text, text.len }),
                              out.at, out.len);
    buf_done(&text);
    return err;
}

/* The X25519 secret of two keys; OpenSSL refuses the all-zero result that a
 * key of small order gives. */
static enum err diffie_hellman(EVP_PKEY *ours, EVP_PKEY *theirs,
                               unsigned char dh[32])
{
    size_t len = 32;
    EVP_PKEY_CTX *work = EVP_PKEY_CTX_new(ours, NULL);
    bool is_good = work && EVP_PKEY_derive_init(work) == 1 &&
                   EVP_PKEY_derive_set_peer(work, theirs) == 1 &&
                   EVP_PKEY_derive(work, dh, &len) == 1 && len == 32;

    EVP_PKEY_CTX_free(work);
    return is_good ? ERR_OK : ERR_CRYPTO;
}

/* ExtractAndExpand: from the X25519 secret to the KEM's shared secret, bound
 * to both public keys. */
static enum err shared_secret(const unsigned char dh[32],
                              const unsigned char enc[CRYPTO_ENC_BYTES],
                              const unsigned char to[CRYPTO_PUBLIC_BYTES],
                              unsigned char shared[HASH_BYTES])
{
    unsigned char context[CRYPTO_ENC_BYTES + CRYPTO_PUBLIC_BYTES];
    unsigned char prk[HASH_BYTES];

    memcpy(context, enc, CRYPTO_ENC_BYTES);
    memcpy(context + CRYPTO_ENC_BYTES, to, CRYPTO_PUBLIC_BYTES);
    enum err err = labeled_extract(&kem, (struct bytes){ NULL, 0 }, "eae_prk",
                                   (struct bytes){ dh, 32 }, prk);
    if (!err)
        err = labeled_expand(&kem, prk, "shared_secret",
                             (struct bytes){ context, sizeof context },
                             (struct room){ shared, HASH_BYTES });
    mem_wipe(prk, sizeof prk);
    return err;
}

/* context = mode_base || psk_id_hash || info_hash (section 5.1). */
static enum err
schedule_context(const char *info,
                 unsigned char context[1 + HASH_BYTES + HASH_BYTES])
{
    struct bytes none = { "", 0 };
    size_t info_len = strlen(info);

    if (info_len > INFO_MAX)
        return ERR_TOO_BIG;
    context[0] = 0;
    enum err err =
        labeled_extract(&hpke, none, "psk_id_hash", none, context + 1);
    if (!err)
        err = labeled_extract(&hpke, none, "info_hash",
                              (struct bytes){ info, info_len },
                              context + 1 + HASH_BYTES);
    return err;
}

static enum err key_schedule(const unsigned char shared[HASH_BYTES],
                             const char *info, struct aead *aead)
{
    unsigned char context[1 + HASH_BYTES + HASH_BYTES];
    unsigned char secret[HASH_BYTES];
    struct bytes all = { context, sizeof context };

    enum err err = schedule_context(info, context);
    if (!err)
        err = labeled_extract(&hpke, (struct bytes){ shared, HASH_BYTES },
                              "secret", (struct bytes){ "", 0 }, secret);
    if (!err)
        err = labeled_expand(&hpke, secret, "key", all,
                             (struct room){ aead->key, AEAD_KEY_BYTES });
    if (!err)
        err = labeled_expand(&hpke, secret, "base_nonce", all,
                             (struct room){ aead->nonce, AEAD_NONCE_BYTES });
    mem_wipe(secret, sizeof secret);
    return err;
}

/* Both ends: from the X25519 secret's parties to the key of the cipher. */
static enum err aead_agree(EVP_PKEY *ours, EVP_PKEY *theirs,
                           const unsigned char enc[CRYPTO_ENC_BYTES],
                           const unsigned char to[CRYPTO_PUBLIC_BYTES],
                           const char *info, struct aead *aead)
{
    unsigned char dh[32];
    unsigned char shared[HASH_BYTES];

    enum err err = diffie_hellman(ours, theirs, dh);
    if (!err)
        err = shared_secret(dh, enc, to, shared);
    if (!err)
        err = key_schedule(shared, info, aead);
    mem_wipe(dh, sizeof dh);
    mem_wipe(shared, sizeof shared);
    return err;
}

static enum err aead_seal(const struct aead *aead,
                          const struct seal_input *input, unsigned char *sealed)
{
    int len = 0;
    int end = 0;
    int aad_len = 0;
    EVP_CIPHER_CTX *work = EVP_CIPHER_CTX_new();
    bool is_good =
        work &&
        EVP_EncryptInit_ex(work, EVP_aes_128_gcm(), NULL, aead->key,
                           aead->nonce) == 1 &&
        EVP_EncryptUpdate(work, NULL, &aad_len, input->aad,
                          (int)input->aad_len) == 1 &&
        EVP_EncryptUpdate(work, sealed, &len, input->plain, (int)input->len) ==
            1 &&
        EVP_EncryptFinal_ex(work, sealed + len, &end) == 1 &&
        EVP_CIPHER_CTX_ctrl(work, EVP_CTRL_AEAD_GET_TAG, CRYPTO_TAG_BYTES,
                            sealed + input->len) == 1;

    EVP_CIPHER_CTX_free(work);
    return is_good ? ERR_OK : ERR_CRYPTO;
}

/* ERR_REFUSED and a wiped plain when the tag does not match. */
static enum err aead_open(const struct aead *aead, struct bytes aad,
                          struct bytes sealed, unsigned char *plain)
{
    size_t plain_len = sealed.len - CRYPTO_TAG_BYTES;
    unsigned char tag[CRYPTO_TAG_BYTES];
    const unsigned char *from = sealed.at;
    int len = 0;
    int end = 0;
    int aad_len = 0;
    EVP_CIPHER_CTX *work = EVP_CIPHER_CTX_new();

    memcpy(tag, from + plain_len, sizeof tag);
    bool is_set_up =
        work &&
        EVP_DecryptInit_ex(work, EVP_aes_128_gcm(), NULL, aead->key,
                           aead->nonce) == 1 &&
        EVP_DecryptUpdate(work, NULL, &aad_len, aad.at, (int)aad.len) == 1 &&
        EVP_DecryptUpdate(work, plain, &len, from, (int)plain_len) == 1 &&
        EVP_CIPHER_CTX_ctrl(work, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) == 1;
    enum err err = ERR_CRYPTO;
    if (is_set_up)
        err = EVP_DecryptFinal_ex(work, plain + len, &end) == 1 ? ERR_OK
                                                                : ERR_REFUSED;
    EVP_CIPHER_CTX_free(work);
    if (err)
        mem_wipe(plain, plain_len);
    return err;
}

static EVP_PKEY *public_inside(const unsigned char bytes[CRYPTO_PUBLIC_BYTES])
{
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, bytes,
                                       CRYPTO_PUBLIC_BYTES);
}

static bool is_too_long(size_t aad_len, size_t len)
{
    return aad_len > INT_MAX || len > INT_MAX - CRYPTO_TAG_BYTES;
}

enum err
seal_with_ephemeral(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                    const unsigned char ephemeral[32],
                    const struct seal_input *input,
                    unsigned char enc[CRYPTO_ENC_BYTES], unsigned char *sealed)
{
    unsigned char made[CRYPTO_ENC_BYTES];
    size_t made_len = sizeof made;
    struct aead aead;
    enum err err = ERR_CRYPTO;

    if (is_too_long(input->aad_len, input->len))
        return ERR_TOO_BIG;
    EVP_PKEY *ours =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, ephemeral, 32);
    EVP_PKEY *theirs = public_inside(public_key);
    if (ours && theirs &&
        EVP_PKEY_get_raw_public_key(ours, made, &made_len) == 1 &&
        made_len == sizeof made)
        err = aead_agree(ours, theirs, made, public_key, input->info, &aead);
    if (!err)
        err = aead_seal(&aead, input, sealed);
    if (!err)
        memcpy(enc, made, sizeof made);
    mem_wipe(&aead, sizeof aead);
    EVP_PKEY_free(ours);
    EVP_PKEY_free(theirs);
    return err;
}

enum err seal_to(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                 const char *info, const void *aad, size_t aad_len,
                 const void *plain, size_t len,
                 unsigned char enc[CRYPTO_ENC_BYTES], unsigned char *sealed)
{
    unsigned char ephemeral[32];
    struct seal_input input = { info, aad, aad_len, plain, len };

    chance_bytes(ephemeral, sizeof ephemeral);
    enum err err =
        seal_with_ephemeral(public_key, ephemeral, &input, enc, sealed);
    mem_wipe(ephemeral, sizeof ephemeral);
    return err;
}

enum err seal_open(const struct key *key, const char *info,
                   const unsigned char enc[CRYPTO_ENC_BYTES], const void *aad,
                   size_t aad_len, const unsigned char *sealed, size_t len,
                   unsigned char *plain)
{
    struct aead aead;

    if (is_too_long(aad_len, len))
        return ERR_TOO_BIG;
    if (len < CRYPTO_TAG_BYTES)
        return ERR_REFUSED;
    EVP_PKEY *ours = key_inside(key, KEY_OPEN);
    EVP_PKEY *theirs = public_inside(enc);
    /* An encapsulated key that X25519 rejects came from outside: refused. */
    enum err err = theirs && aead_agree(ours, theirs, enc, key_public(key),
                                        info, &aead) == ERR_OK
                       ? ERR_OK
                       : ERR_REFUSED;
    if (!err)
        err = aead_open(&aead, (struct bytes){ aad, aad_len },
                        (struct bytes){ sealed, len }, plain);
    mem_wipe(&aead, sizeof aead);
    EVP_PKEY_free(theirs);
    return err;
}
