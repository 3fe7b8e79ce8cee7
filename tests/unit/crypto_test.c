/* Keys and what they do: published vectors first, then what a hand or a bad
 * disk may do to a key file or a sealed body. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/crypto/seal.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 128 };

struct place {
    char folder[64];
    char path[PATH_BYTES];
};

static int set_up(void **state)
{
    static struct place place;

    if (file_make_temporary(place.folder, sizeof place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/test.key", place.folder);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    return file_remove_tree(place->folder) == ERR_OK ? 0 : -1;
}

/* A key file with these private bytes in hex. */
static void write_key(const struct place *place, const char *kind,
                      const char *hex, int mode)
{
    unsigned char bytes[32];
    struct buf text;

    assert_int_equal(hex_decode(hex, bytes, sizeof bytes), ERR_OK);
    buf_init(&text, 256);
    buf_add_format(&text, "kiosk-key 1 %s\n", kind);
    buf_add_base64(&text, bytes, sizeof bytes);
    buf_add_char(&text, '\n');
    assert_int_equal(file_replace(place->path, text.text, text.len, mode),
                     ERR_OK);
    buf_done(&text);
}

static struct key *open_key(const struct place *place, enum key_kind kind)
{
    struct key *key = NULL;
    assert_int_equal(key_open(place->path, kind, true, &key), ERR_OK);
    return key;
}

static void assert_hex(const void *bytes, size_t len, const char *hex)
{
    struct buf text;

    buf_init(&text, 1024);
    buf_add_hex(&text, bytes, len);
    assert_string_equal(text.text, hex);
    buf_done(&text);
}

/* ---- Published vectors -------------------------------------------------- */

static const char rfc9180_public[] = "3948cfe0ad1ddb695d780e59077195da"
                                     "6c56506b027329794ab02bca80815c4d";
static const char rfc9180_private[] = "4612c550263fc8ad58375df3f557aac5"
                                      "31d26850903e55a9f23f21d8534e8ac8";
static const char rfc9180_ephemeral[] = "52c4a758a802cd8b936eceea31443279"
                                        "8d5baf2d7e9235dc084ab1b9cfa2f736";
static const char rfc9180_enc[] = "37fda3567bdbd628e88668c3c8d7e97d"
                                  "1d1253b6d4ea6d44c150f741f1bf4431";
static const char rfc9180_sealed[] = "f938558b5d72f1a23810b4be2ab4f843"
                                     "31acc02fc97babc53a52ae8218a355a9"
                                     "6d8770ac83d07bea87e13c512a";
static const char rfc9180_info[] = "Ode on a Grecian Urn";
static const char rfc9180_plain[] = "Beauty is truth, truth beauty";
static const char rfc9180_aad[] = "Count-0";

enum { RFC9180_LEN = sizeof rfc9180_plain - 1 };

/* RFC 9180, A.1.1: base mode, the first message. */
static void test_seal_vector(void **state)
{
    (void)state;
    unsigned char public_key[32];
    unsigned char ephemeral[32];
    unsigned char enc[CRYPTO_ENC_BYTES];
    unsigned char sealed[RFC9180_LEN + CRYPTO_TAG_BYTES];
    struct seal_input input = { rfc9180_info, rfc9180_aad, strlen(rfc9180_aad),
                                rfc9180_plain, RFC9180_LEN };

    assert_int_equal(hex_decode(rfc9180_public, public_key, 32), ERR_OK);
    assert_int_equal(hex_decode(rfc9180_ephemeral, ephemeral, 32), ERR_OK);
    assert_int_equal(
        seal_with_ephemeral(public_key, ephemeral, &input, enc, sealed),
        ERR_OK);
    assert_hex(enc, sizeof enc, rfc9180_enc);
    assert_hex(sealed, sizeof sealed, rfc9180_sealed);
}

static void test_open_vector(void **state)
{
    unsigned char enc[CRYPTO_ENC_BYTES];
    unsigned char sealed[RFC9180_LEN + CRYPTO_TAG_BYTES];
    unsigned char plain[RFC9180_LEN];

    write_key(*state, "open", rfc9180_private, 0600);
    struct key *key = open_key(*state, KEY_OPEN);
    assert_hex(key_public(key), 32, rfc9180_public);
    assert_int_equal(hex_decode(rfc9180_enc, enc, sizeof enc), ERR_OK);
    assert_int_equal(hex_decode(rfc9180_sealed, sealed, sizeof sealed), ERR_OK);
    assert_int_equal(seal_open(key, rfc9180_info, enc, rfc9180_aad,
                               strlen(rfc9180_aad), sealed, sizeof sealed,
                               plain),
                     ERR_OK);
    assert_memory_equal(plain, rfc9180_plain, sizeof plain);
    key_close(key);
}

/* RFC 8032, 7.1, test 3. */
static void test_sign_vector(void **state)
{
    static const unsigned char message[] = { 0xaf, 0x82 };
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];

    write_key(*state, "sign",
              "c5aa8df43f9f837bedb7442f31dcb7b1"
              "66d38535076f094b85ce3a2e0b4458f7",
              0600);
    struct key *key = open_key(*state, KEY_SIGN);
    assert_hex(key_public(key), 32,
               "fc51cd8e6218a1a38da47ed00230f058"
               "0816ed13ba3303ac5deb911548908025");
    assert_int_equal(key_sign(key, message, sizeof message, signature), ERR_OK);
    assert_hex(signature, sizeof signature,
               "6291d657deec24024827e69c3abe01a3"
               "0ce548a284743a445e3680d7db5ac3ac"
               "18ff9b538d16f290ae67f760984dc659"
               "4a7c15e9716ed28dc027beceea1ec40a");
    key_close(key);
}

/* RFC 4231 has no 32-byte key, so this one is RFC 4231's second case with its
 * key "Jefe" followed by the zeros that HMAC itself would add. */
static void test_mac_vector(void **state)
{
    static const char text[] = "what do ya want for nothing?";
    unsigned char code[CRYPTO_DIGEST_BYTES];

    write_key(*state, "mac",
              "4a656665000000000000000000000000"
              "00000000000000000000000000000000",
              0600);
    struct key *key = open_key(*state, KEY_MAC);
    assert_int_equal(mac(key, text, strlen(text), code), ERR_OK);
    assert_hex(code, sizeof code,
               "5bdcc146bf60754e6a042426089575c7"
               "5a003f089d2739839dec58b964ec3843");
    key_close(key);
}

static void test_digest_vector(void **state)
{
    (void)state;
    static const char abc[] = "ba7816bf8f01cfea414140de5dae2223"
                              "b00361a396177a9cb410ff61f20015ad";
    char hex[CRYPTO_HEX_DIGEST];
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    digest_hex("abc", 3, hex);
    assert_string_equal(hex, abc);
    digest_of_two("a", 1, "bc", 2, digest);
    assert_hex(digest, sizeof digest, abc);
    digest_of(NULL, 0, digest);
    assert_hex(digest, sizeof digest,
               "e3b0c44298fc1c149afbf4c8996fb924"
               "27ae41e4649b934ca495991b7852b855");
}

/* ---- Sealing ------------------------------------------------------------- */

static void test_seal_round(void **state)
{
    static const size_t lengths[] = { 0, 1, 15, 16, 17, 100000 };
    struct key *key = open_key(*state, KEY_OPEN);

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t len = lengths[i];
        unsigned char enc[CRYPTO_ENC_BYTES];
        unsigned char *plain = mem_new(len + 1);
        unsigned char *sealed = mem_new(len + CRYPTO_TAG_BYTES);
        unsigned char *opened = mem_new(len + 1);

        chance_bytes(plain, len);
        assert_int_equal(
            seal_to(key_public(key), "test", "", 0, plain, len, enc, sealed),
            ERR_OK);
        assert_int_equal(seal_open(key, "test", enc, NULL, 0, sealed,
                                   len + CRYPTO_TAG_BYTES, opened),
                         ERR_OK);
        assert_memory_equal(plain, opened, len + 1);
        mem_free(plain);
        mem_free(sealed);
        mem_free(opened);
    }
    key_close(key);
}

struct sealed_case {
    unsigned char enc[CRYPTO_ENC_BYTES];
    unsigned char sealed[4 + CRYPTO_TAG_BYTES];
    char info[5];
    char aad[4];
};

static enum err open_case(const struct key *key, const struct sealed_case *one)
{
    unsigned char plain[4] = { 1, 2, 3, 4 };
    static const unsigned char nothing[4];

    enum err err = seal_open(key, one->info, one->enc, one->aad, 3, one->sealed,
                             sizeof one->sealed, plain);
    if (err == ERR_OK)
        assert_memory_equal(plain, "body", 4);
    else
        assert_true(memcmp(plain, nothing, 4) == 0 || plain[0] == 1);
    return err;
}

/* Every single bit counts, of all that is given. */
static void test_seal_changed(void **state)
{
    struct key *key = open_key(*state, KEY_OPEN);
    struct sealed_case one = { .info = "case", .aad = "aad" };

    assert_int_equal(seal_to(key_public(key), one.info, one.aad, 3, "body", 4,
                             one.enc, one.sealed),
                     ERR_OK);
    assert_int_equal(open_case(key, &one), ERR_OK);
    size_t bits = (sizeof one.enc + sizeof one.sealed) * 8;
    for (size_t bit = 0; bit < bits; bit++) {
        /* The top bit of an X25519 key is masked by the KEM, but enc itself
         * is bound into the secret, so even that one counts. */
        struct sealed_case bad = one;
        ((unsigned char *)&bad)[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_int_equal(open_case(key, &bad), ERR_REFUSED);
    }
    struct sealed_case other = one;
    other.info[0] = 'b';
    assert_int_equal(open_case(key, &other), ERR_REFUSED);
    other = one;
    other.aad[2] = 'x';
    assert_int_equal(open_case(key, &other), ERR_REFUSED);
    memset(other.enc, 0, sizeof other.enc);
    assert_int_equal(open_case(key, &other), ERR_REFUSED);
    unsigned char plain[1];
    assert_int_equal(seal_open(key, "case", one.enc, "aad", 3, one.sealed,
                               CRYPTO_TAG_BYTES - 1, plain),
                     ERR_REFUSED);
    key_close(key);
}

static void test_seal_other_key(void **state)
{
    const struct place *place = *state;
    struct key *key = open_key(place, KEY_OPEN);
    struct sealed_case one = { .info = "case", .aad = "aad" };

    assert_int_equal(seal_to(key_public(key), one.info, one.aad, 3, "body", 4,
                             one.enc, one.sealed),
                     ERR_OK);
    key_close(key);
    assert_int_equal(file_remove(place->path), ERR_OK);
    key = open_key(place, KEY_OPEN);
    assert_int_equal(open_case(key, &one), ERR_REFUSED);
    key_close(key);
}

/* A public key of small order would make the secret known to everybody. */
static void test_seal_weak_key(void **state)
{
    (void)state;
    unsigned char enc[CRYPTO_ENC_BYTES] = { 7 };
    unsigned char weak[32] = { 0 };
    unsigned char sealed[4 + CRYPTO_TAG_BYTES];
    char info[300];

    assert_int_equal(seal_to(weak, "case", "", 0, "body", 4, enc, sealed),
                     ERR_CRYPTO);
    weak[0] = 1;
    assert_int_equal(seal_to(weak, "case", "", 0, "body", 4, enc, sealed),
                     ERR_CRYPTO);
    assert_int_equal(enc[0], 7);
    memset(info, 'i', sizeof info);
    info[sizeof info - 1] = '\0';
    weak[0] = 9;
    assert_int_equal(seal_to(weak, info, "", 0, "body", 4, enc, sealed),
                     ERR_TOO_BIG);
}

/* All chance comes through chance.h: the same seed, the same key and seal. */
static void test_seeded(void **state)
{
    const struct place *place = *state;
    unsigned char enc[2][CRYPTO_ENC_BYTES];
    unsigned char public_key[2][CRYPTO_PUBLIC_BYTES];
    unsigned char sealed[4 + CRYPTO_TAG_BYTES];

    for (int i = 0; i < 2; i++) {
        chance_seed(42);
        struct key *key = open_key(place, KEY_OPEN);
        memcpy(public_key[i], key_public(key), CRYPTO_PUBLIC_BYTES);
        assert_int_equal(
            seal_to(key_public(key), "case", "", 0, "body", 4, enc[i], sealed),
            ERR_OK);
        key_close(key);
        assert_int_equal(file_remove(place->path), ERR_OK);
    }
    chance_seed_end();
    assert_memory_equal(enc[0], enc[1], CRYPTO_ENC_BYTES);
    assert_memory_equal(public_key[0], public_key[1], CRYPTO_PUBLIC_BYTES);
    assert_memory_not_equal(enc[0], public_key[0], CRYPTO_PUBLIC_BYTES);
}

/* ---- Signing -------------------------------------------------------------- */

static void test_sign_check(void **state)
{
    struct key *key = open_key(*state, KEY_SIGN);
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    unsigned char other[CRYPTO_PUBLIC_BYTES];

    assert_int_equal(key_sign(key, "bytes", 5, signature), ERR_OK);
    assert_int_equal(sign_check(key_public(key), "bytes", 5, signature),
                     ERR_OK);
    assert_int_equal(sign_check(key_public(key), "bytez", 5, signature),
                     ERR_REFUSED);
    assert_int_equal(sign_check(key_public(key), "byte", 4, signature),
                     ERR_REFUSED);
    memcpy(other, key_public(key), sizeof other);
    other[3] ^= 1;
    assert_int_not_equal(sign_check(other, "bytes", 5, signature), ERR_OK);
    signature[63] ^= 1;
    assert_int_equal(sign_check(key_public(key), "bytes", 5, signature),
                     ERR_REFUSED);
    key_close(key);
}

/* ---- Key files ------------------------------------------------------------ */

static void test_key_kept(void **state)
{
    const struct place *place = *state;
    struct stat about;
    struct key *key = NULL;
    char first[CRYPTO_HEX_DIGEST];
    char second[CRYPTO_HEX_DIGEST];
    char digest[CRYPTO_HEX_DIGEST];

    assert_int_equal(key_open(place->path, KEY_SIGN, false, &key),
                     ERR_NOT_FOUND);
    assert_null(key);
    key = open_key(place, KEY_SIGN);
    key_fingerprint(key_public(key), first);
    digest_hex(key_public(key), 32, digest);
    assert_string_equal(first, digest);
    key_close(key);
    assert_int_equal(stat(place->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(key_open(place->path, KEY_SIGN, false, &key), ERR_OK);
    key_fingerprint(key_public(key), second);
    assert_string_equal(first, second);
    key_close(key);
    key_close(NULL);
}

/* Each damage is refused, and what is on the disk stays for whoever comes. */
static void refuse(const struct place *place, const char *text, size_t len,
                   int mode)
{
    enum err why = mode == 0600 ? ERR_CORRUPT : ERR_KEY_EXPOSED;
    struct key *key = NULL;
    char *after = NULL;
    size_t after_len = 0;

    assert_int_equal(file_replace(place->path, text, len, mode), ERR_OK);
    assert_int_equal(key_open(place->path, KEY_SIGN, true, &key), why);
    assert_null(key);
    assert_int_equal(file_read(place->path, 4096, &after, &after_len), ERR_OK);
    assert_int_equal(after_len, len);
    assert_memory_equal(after, text, len);
    mem_free(after);
}

#define GOOD_BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static void test_key_damaged(void **state)
{
    static const char good[] = "kiosk-key 1 sign\n" GOOD_BASE64 "\n";
    static const char *const bad[] = {
        "",
        "\n",
        "kiosk-key 1 sign\n",
        "kiosk-key 1 sign\n\n",
        "kiosk-key 1 open\n" GOOD_BASE64 "\n",
        "kiosk-key 2 sign\n" GOOD_BASE64 "\n",
        "kiosk-key 1 sign\n" GOOD_BASE64,
        "kiosk-key 1 sign\n" GOOD_BASE64 "x",
        "kiosk-key 1 sign\n" GOOD_BASE64 "\n\n",
        "kiosk-key 1 sign\n " GOOD_BASE64 "\n",
        "kiosk-key 1 sign\nAAEC\n",
        "kiosk-key 1 sign\n" GOOD_BASE64 GOOD_BASE64 "\n",
        "kiosk-key 1 sign\n*AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
    };
    const struct place *place = *state;
    char huge[300];
    char nul[sizeof good];
    struct key *key = NULL;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        refuse(place, bad[i], strlen(bad[i]), 0600);
    memset(huge, 'A', sizeof huge);
    refuse(place, huge, sizeof huge, 0600);
    memcpy(nul, good, sizeof nul);
    nul[20] = '\0';
    refuse(place, nul, sizeof nul - 1, 0600);
    /* Readable by others: somebody may have a copy. */
    refuse(place, good, strlen(good), 0640);
    refuse(place, good, strlen(good), 0604);
    assert_int_equal(file_replace(place->path, good, strlen(good), 0600),
                     ERR_OK);
    assert_int_equal(key_open(place->path, KEY_SIGN, true, &key), ERR_OK);
    key_close(key);
}

static void is_exposed(const char *path, const char *why)
{
    struct key *key = NULL;

    assert_int_equal(key_open(path, KEY_SIGN, true, &key), ERR_KEY_EXPOSED);
    assert_null(key);
    assert_string_equal(key_complaint(path), why);
}

/* A key that somebody else owns, gave another name, or could exchange. */
static void test_key_not_ours(void **state)
{
    const struct place *place = *state;
    char other[PATH_BYTES + 16];
    struct key *key = NULL;

    key = open_key(place, KEY_SIGN);
    key_close(key);
    assert_string_equal(key_complaint(place->path), "");
    assert_int_equal(chmod(place->path, 0700), 0);
    is_exposed(place->path, "rights");
    assert_int_equal(chmod(place->path, 0600), 0);

    snprintf(other, sizeof other, "%s/link", place->folder);
    assert_int_equal(symlink(place->path, other), 0);
    is_exposed(other, "kind");
    assert_int_equal(unlink(other), 0);
    assert_int_equal(link(place->path, other), 0);
    is_exposed(other, "kind");
    assert_int_equal(unlink(other), 0);
    assert_int_equal(mkfifo(other, 0600), 0);
    is_exposed(other, "kind");
    assert_int_equal(unlink(other), 0);

    if (geteuid() != 0) {
        print_message("skipped: a key of another user: only root gives files "
                      "away\n");
        return;
    }
    assert_int_equal(chown(place->path, 1, 1), 0);
    is_exposed(place->path, "owner");
    assert_int_equal(chown(place->path, 0, 0), 0);
    assert_int_equal(key_open(place->path, KEY_SIGN, false, &key), ERR_OK);
    key_close(key);
}

static void test_key_no_folder(void **state)
{
    const struct place *place = *state;
    char path[PATH_BYTES + 16];
    struct key *key = NULL;

    snprintf(path, sizeof path, "%s/none/test.key", place->folder);
    assert_int_not_equal(key_open(path, KEY_SIGN, true, &key), ERR_OK);
    assert_null(key);
}

/* ---- PIN ------------------------------------------------------------------- */

static void test_pin(void **state)
{
    const struct place *place = *state;
    struct key *key = open_key(place, KEY_MAC);
    char stored[PIN_STORED_BYTES];
    char again[PIN_STORED_BYTES];

    assert_int_equal(pin_make(key, "480213", stored), ERR_OK);
    assert_null(strstr(stored, "480213"));
    assert_int_equal(pin_check(key, "480213", stored), ERR_OK);
    assert_int_equal(pin_check(key, "480214", stored), ERR_REFUSED);
    assert_int_equal(pin_check(key, "48021", stored), ERR_REFUSED);
    /* A salt of its own each time. */
    assert_int_equal(pin_make(key, "480213", again), ERR_OK);
    assert_string_not_equal(stored, again);
    key_close(key);
    /* Stolen, it is of no use without the machine's key. */
    assert_int_equal(file_remove(place->path), ERR_OK);
    key = open_key(place, KEY_MAC);
    assert_int_equal(pin_check(key, "480213", stored), ERR_REFUSED);
    key_close(key);
}

static void test_pin_bad(void **state)
{
    struct key *key = open_key(*state, KEY_MAC);
    char stored[PIN_STORED_BYTES];
    char bad[PIN_STORED_BYTES + 8];
    char pin[66];

    assert_int_equal(pin_make(key, "", stored), ERR_BAD_INPUT);
    memset(pin, '1', sizeof pin);
    pin[65] = '\0';
    assert_int_equal(pin_make(key, pin, stored), ERR_TOO_BIG);
    assert_int_equal(pin_make(key, "1234", stored), ERR_OK);
    assert_int_equal(pin_check(key, "1234", ""), ERR_CORRUPT);
    snprintf(bad, sizeof bad, "%s", stored);
    bad[strlen(bad) - 1] = '\0';
    assert_int_equal(pin_check(key, "1234", bad), ERR_CORRUPT);
    snprintf(bad, sizeof bad, "%s=", stored);
    assert_int_equal(pin_check(key, "1234", bad), ERR_CORRUPT);
    snprintf(bad, sizeof bad, "%s", stored);
    bad[7] = '0';
    assert_int_equal(pin_check(key, "1234", bad), ERR_CORRUPT);
    snprintf(bad, sizeof bad, "%s", stored);
    bad[20] = '*';
    assert_int_equal(pin_check(key, "1234", bad), ERR_CORRUPT);
    key_close(key);
}

static void test_mac_equal(void **state)
{
    (void)state;
    assert_true(mac_equal("abc", "abc", 3));
    assert_false(mac_equal("abc", "abd", 3));
    assert_true(mac_equal("abc", "abd", 2));
    assert_true(mac_equal("", "", 0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_seal_vector),   TEST(test_open_vector),
        TEST(test_sign_vector),   TEST(test_mac_vector),
        TEST(test_digest_vector), TEST(test_seal_round),
        TEST(test_seal_changed),  TEST(test_seal_other_key),
        TEST(test_seal_weak_key), TEST(test_seeded),
        TEST(test_sign_check),    TEST(test_key_kept),
        TEST(test_key_damaged),   TEST(test_key_not_ours),
        TEST(test_key_no_folder), TEST(test_pin),
        TEST(test_pin_bad),       TEST(test_mac_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
