/* Root on the terminal cannot open a sent case: with every file of the state
 * folder, every key, the memory of the program that made it and its own code,
 * an attacker finds nothing that opens the envelope.  The same attack, given the
 * office's key file among the rest, opens it at once.
 *
 * What is tried of each place in all these bytes: 32 bytes as the office's
 * private key, as the ephemeral one that sealed it, and 28 bytes as the AEAD's
 * key and nonce; bytes as they are, and what base64 in them says. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/seal.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/envelope_body.h"
#include "kiosk/store/inside.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY_BYTES = 32,
    BASE64_KEY = 44,
    AEAD_BYTES = 28,
    /* Chance alone has fewer different bytes in 32 once in ten million times,
     * text, pointers and zeros nearly always. */
    KEY_DIFFERENT = 24,
    AEAD_DIFFERENT = 21,
    MEMORY_MAX = 256 * 1024 * 1024
};

#define MARK "请把这句话找出来"

/* ---- The attack -------------------------------------------------------- */

struct attack {
    struct envelope envelope;
    unsigned char office[CRYPTO_PUBLIC_BYTES];
    unsigned char machine[CRYPTO_PUBLIC_BYTES];
    size_t tried;
    int found;
    unsigned char key[KEY_BYTES]; /* that opens it */
};

static int count_different(const unsigned char *bytes, size_t len)
{
    unsigned char seen[32] = { 0 };
    int count = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char bit = (unsigned char)(1u << (bytes[i] & 7));
        count += !(seen[bytes[i] >> 3] & bit);
        seen[bytes[i] >> 3] |= bit;
    }
    return count;
}

/* As a private key: its public half is the office's, or that of the one-time
 * key in the envelope. */
static void try_private(struct attack *attack, const unsigned char *bytes)
{
    unsigned char public_half[CRYPTO_PUBLIC_BYTES];
    size_t len = sizeof public_half;
    EVP_PKEY *key =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, bytes, KEY_BYTES);

    attack->tried++;
    assert_non_null(key);
    assert_int_equal(EVP_PKEY_get_raw_public_key(key, public_half, &len), 1);
    EVP_PKEY_free(key);
    if (memcmp(public_half, attack->office, sizeof public_half) != 0 &&
        memcmp(public_half, attack->envelope.enc, sizeof public_half) != 0)
        return;
    attack->found++;
    memcpy(attack->key, bytes, KEY_BYTES);
}

/* As the AEAD's own key and nonce, one behind the other. */
static void try_aead(struct attack *attack, const unsigned char *bytes)
{
    const struct envelope *envelope = &attack->envelope;
    size_t len = envelope->sealed_len - CRYPTO_TAG_BYTES;
    static unsigned char plain[ENVELOPE_BODY_MAX];
    static EVP_CIPHER_CTX *work;
    int out = 0;

    if (!work)
        work = EVP_CIPHER_CTX_new();
    attack->tried++;
    bool is_open =
        EVP_DecryptInit_ex(work, EVP_aes_128_gcm(), NULL, bytes, bytes + 16) ==
            1 &&
        EVP_DecryptUpdate(work, NULL, &out, envelope->bytes,
                          (int)(envelope->enc - envelope->bytes)) == 1 &&
        EVP_DecryptUpdate(work, plain, &out, envelope->sealed, (int)len) == 1 &&
        EVP_CIPHER_CTX_ctrl(work, EVP_CTRL_GCM_SET_TAG, CRYPTO_TAG_BYTES,
                            (void *)(uintptr_t)(envelope->sealed + len)) == 1 &&
        EVP_DecryptFinal_ex(work, plain, &out) == 1;
    attack->found += is_open;
}

static bool is_base64(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '/';
}

static void try_base64(struct attack *attack, const unsigned char *bytes)
{
    unsigned char key[KEY_BYTES];
    size_t len = 0;

    if (bytes[BASE64_KEY - 1] != '=')
        return;
    for (int i = 0; i < BASE64_KEY - 1; i++)
        if (!is_base64(bytes[i]))
            return;
    if (!base64_decode((const char *)bytes, BASE64_KEY, key, sizeof key,
                       &len) &&
        len == sizeof key)
        try_private(attack, key);
}

static size_t continuation(unsigned char c)
{
    return (c & 0x80) == 0x00   ? 0
           : (c & 0xe0) == 0xc0 ? 1
           : (c & 0xf0) == 0xe0 ? 2
           : (c & 0xf8) == 0xf0 ? 3
                                : SIZE_MAX;
}

/* Words of the items and pages fill much of the memory, and have as many
 * different bytes as a key; but not one key in a hundred million is UTF-8. */
static bool is_inside_text(const unsigned char *bytes, size_t len)
{
    size_t i = 0;

    while (i < 3 && (bytes[i] & 0xc0) == 0x80)
        i++;
    while (i < len) {
        size_t more = continuation(bytes[i++]);
        if (more == SIZE_MAX)
            return false;
        for (; more > 0 && i < len; more--)
            if ((bytes[i++] & 0xc0) != 0x80)
                return false;
    }
    return true;
}

static void try_all(struct attack *attack, const unsigned char *bytes,
                    size_t len)
{
    for (size_t i = 0; i + AEAD_BYTES <= len; i++) {
        if (i + BASE64_KEY <= len)
            try_base64(attack, bytes + i);
        if (is_inside_text(bytes + i, AEAD_BYTES))
            continue;
        if (count_different(bytes + i, AEAD_BYTES) >= AEAD_DIFFERENT)
            try_aead(attack, bytes + i);
        if (i + KEY_BYTES <= len &&
            count_different(bytes + i, KEY_BYTES) >= KEY_DIFFERENT)
            try_private(attack, bytes + i);
    }
}

static void try_file(struct attack *attack, const char *path)
{
    size_t len = 0;
    char *bytes = world_read(path, &len);

    assert_non_null(bytes);
    try_all(attack, (const unsigned char *)bytes, len);
    mem_free(bytes);
}

/* Every file of the folder and below; not what is the office's (hub) or was
 * given to the citizen (paper); not the reserve, which is zeros. */
static void try_files(struct attack *attack, const char *folder)
{
    DIR *open_folder = opendir(folder);
    char path[WORLD_PATH];
    struct stat about;

    assert_non_null(open_folder);
    for (struct dirent *entry; (entry = readdir(open_folder));) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "hub") == 0 ||
            strcmp(entry->d_name, "paper") == 0 ||
            strcmp(entry->d_name, "reserve") == 0)
            continue;
        world_join(path, folder, entry->d_name);
        assert_int_equal(lstat(path, &about), 0);
        if (S_ISDIR(about.st_mode))
            try_files(attack, path);
        else if (S_ISREG(about.st_mode))
            try_file(attack, path);
    }
    closedir(open_folder);
}

/* ---- The memory -------------------------------------------------------- */

/* All that the process could have written; libraries' own bytes are the same
 * everywhere.  NULL where even root may not look. */
static unsigned char *dump(pid_t pid, size_t *ret_len)
{
    char path[64], line[512];
    unsigned char *bytes = mem_new(MEMORY_MAX);
    size_t len = 0;

    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    if (memory < 0 || !maps) {
        mem_free(bytes);
        return NULL;
    }
    while (fgets(line, sizeof line, maps)) {
        unsigned long from = 0, to = 0;
        char rights[8] = "";
        char *rest = NULL;
        from = strtoul(line, &rest, 16);
        to = strtoul(rest + 1, &rest, 16);
        snprintf(rights, sizeof rights, "%.4s", rest + 1);
        if (strncmp(rights, "rw", 2) != 0)
            continue;
        for (; from < to && len + 4096 <= MEMORY_MAX; from += 4096)
            if (pread(memory, bytes + len, 4096, (off_t)from) == 4096)
                len += 4096;
    }
    fclose(maps);
    close(memory);
    *ret_len = len;
    return bytes;
}

/* ---- The case ---------------------------------------------------------- */

static unsigned char *take_envelope(const char *folder, size_t *ret_len)
{
    char path[WORLD_PATH];
    struct store *store = NULL;
    bool is_row = false;

    world_join(path, folder, "kiosk.sqlite");
    assert_int_equal(store_open_to_read(path, &terminal_schema, &store),
                     ERR_OK);
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT bytes FROM cases WHERE state = 'waiting'");
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    assert_true(is_row);
    const void *bytes = store_column_bytes(row, 0, ret_len);
    unsigned char *copy = (unsigned char *)mem_copy_bytes(bytes, *ret_len);
    store_reset(row);
    store_close(store);
    return copy;
}

static void public_of(const char *folder, const char *name, enum key_kind kind,
                      unsigned char public_half[CRYPTO_PUBLIC_BYTES])
{
    char path[WORLD_PATH];
    struct key *key = NULL;

    world_join(path, folder, name);
    assert_int_equal(key_open(path, kind, false, &key), ERR_OK);
    memcpy(public_half, key_public(key), CRYPTO_PUBLIC_BYTES);
    key_close(key);
}

/* The whole way, by the product's own code: what it says is what was said. */
static void opens(const struct attack *attack, const char *folder)
{
    char path[WORLD_PATH];
    struct key *key = NULL;
    struct buf body, text;

    world_join(path, folder, "stolen.key");
    buf_init(&text, 128);
    buf_add_text(&text, "kiosk-key 1 open\n");
    buf_add_base64(&text, attack->key, KEY_BYTES);
    buf_add_char(&text, '\n');
    world_write(path, text.text, 0600);
    assert_int_equal(key_open(path, KEY_OPEN, false, &key), ERR_OK);
    buf_init(&body, ENVELOPE_BODY_MAX);
    assert_int_equal(
        envelope_open(&attack->envelope, attack->machine, key, &body), ERR_OK);
    assert_non_null(strstr(body.text, MARK));
    buf_done(&body);
    buf_done(&text);
    key_close(key);
}

/* The machine's key in the office's role, by the product's own code. */
static void machine_key_opens_nothing(const struct attack *attack,
                                      const char *folder)
{
    char path[WORLD_PATH];
    size_t len = 0;
    struct key *key = NULL;
    struct buf body;

    world_join(path, folder, "machine.key");
    char *text = world_read(path, &len);
    assert_non_null(text);
    memcpy(text, "kiosk-key 1 open", strlen("kiosk-key 1 open"));
    world_join(path, folder, "as-office.key");
    world_write(path, text, 0600);
    mem_free(text);
    assert_int_equal(key_open(path, KEY_OPEN, false, &key), ERR_OK);
    buf_init(&body, ENVELOPE_BODY_MAX);
    assert_int_equal(
        envelope_open(&attack->envelope, attack->machine, key, &body),
        ERR_REFUSED);
    /* Not even when nobody compares the names of keys. */
    unsigned char *plain = mem_new(attack->envelope.sealed_len);
    assert_int_equal(
        seal_open(key, ENVELOPE_INFO, attack->envelope.enc,
                  attack->envelope.bytes,
                  (size_t)(attack->envelope.enc - attack->envelope.bytes),
                  attack->envelope.sealed, attack->envelope.sealed_len, plain),
        ERR_REFUSED);
    mem_free(plain);
    buf_done(&body);
    key_close(key);
}

/* Until the demonstration has made its staff PIN: while it does, 32 MiB of what
 * scrypt works with look like so many keys. */
static void await_pin(struct drive *drive)
{
    static const char f12[] = "\033[24~";

    drive_bytes(drive, f12, sizeof f12 - 1);
    drive_wait_element(drive, "simulate.pin");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "attract", NULL);
}

static void test_root_cannot_open_it(void **state)
{
    char folder[WORLD_PATH], path[WORLD_PATH];
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct attack attack = { 0 };
    size_t len = 0, memory_len = 0;
    (void)state;

    world_folder(folder);
    options.folder = folder;
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    await_pin(drive);
    assert_true(drive_sim(drive, "network down"));
    person_report(drive, MARK);
    person_sees(drive, "state.saved");
    person_leave(drive);
    unsigned char *memory = dump(drive_pid(drive), &memory_len);
    assert_int_equal(drive_end(drive), 0);

    unsigned char *bytes = take_envelope(folder, &len);
    assert_int_equal(envelope_read(bytes, len, &attack.envelope), ERR_OK);
    public_of(folder, "machine.key", KEY_SIGN, attack.machine);
    public_of(folder, "hub/office.key", KEY_OPEN, attack.office);

    try_files(&attack, folder);
    assert_true(attack.tried > 1000);
    if (memory && !mem_is_checked()) /* a sanitizer's is many times larger */
        try_all(&attack, memory, memory_len);
    else
        print_message("the program's memory is left out here\n");
    assert_int_equal(attack.found, 0);
    machine_key_opens_nothing(&attack, folder);
    print_message("%zu things tried in vain, %zu bytes of memory\n",
                  attack.tried, memory_len);

    world_join(path, folder, "hub/office.key");
    try_file(&attack, path);
    assert_int_equal(attack.found, 1);
    opens(&attack, folder);
    mem_free(memory);
    mem_free(bytes);
    world_remove(folder);
}

/* The attack finds a one-time key that was left lying about. */
static void test_attack_finds_a_one_time_key(void **state)
{
    static const char text[] = "{\"description\":\"" MARK "\"}";
    unsigned char ephemeral[KEY_BYTES], office_private[KEY_BYTES];
    static unsigned char all[ENVELOPE_HEADER_MAX];
    struct attack attack = { 0 };
    size_t len = sizeof attack.office;
    (void)state;

    for (int i = 0; i < KEY_BYTES; i++) {
        ephemeral[i] = (unsigned char)(i * 7 + 3);
        office_private[i] = (unsigned char)(i * 11 + 5);
    }
    EVP_PKEY *office = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
                                                    office_private, KEY_BYTES);
    assert_int_equal(EVP_PKEY_get_raw_public_key(office, attack.office, &len),
                     1);
    EVP_PKEY_free(office);
    const struct seal_input input = { .info = "test",
                                      .aad = "header",
                                      .aad_len = 6,
                                      .plain = text,
                                      .len = sizeof text };
    memcpy(all, "header", 6);
    assert_int_equal(seal_with_ephemeral(attack.office, ephemeral, &input,
                                         all + 6, all + 6 + KEY_BYTES),
                     ERR_OK);
    attack.envelope.bytes = all;
    attack.envelope.enc = all + 6;
    attack.envelope.sealed = all + 6 + KEY_BYTES;
    attack.envelope.sealed_len = sizeof text + CRYPTO_TAG_BYTES;
    unsigned char memory[200] = { 0 };
    try_all(&attack, memory, sizeof memory);
    try_all(&attack, all, sizeof all);
    assert_int_equal(attack.found, 0);
    memcpy(memory + 101, ephemeral, KEY_BYTES);
    try_all(&attack, memory, sizeof memory);
    assert_int_equal(attack.found, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attack_finds_a_one_time_key),
        cmocka_unit_test(test_root_cannot_open_it),
    };
    return cmocka_run_group_tests_name("root", tests, NULL, NULL);
}
