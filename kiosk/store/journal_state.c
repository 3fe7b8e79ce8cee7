/* The one row beside the records: where they begin and where they end, and the
 * key as it stands now.  It is written in the transaction of each record, so a
 * power cut leaves both or neither: the key that is kept is always the one for
 * the next record. */
#include "kiosk/store/inside.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/mem.h"

#include <inttypes.h>
#include <string.h>

/* For the seal: what it is for, and the form of what is inside. */
static const char purpose[] = "kiosk journal key 1";
static const char key_first_line[] = "kiosk-journal-key 1\n";
enum {
    NUMBER_BYTES = 8,
    INSIDE_BYTES = NUMBER_BYTES + RATCHET_BYTES,
    PACKAGE_BYTES = CRYPTO_ENC_BYTES + INSIDE_BYTES + CRYPTO_TAG_BYTES
};
_Static_assert(JOURNAL_SEALED_BYTES == (PACKAGE_BYTES + 2) / 3 * 4 + 1,
               "base64 of the package, and its NUL");

/* ---- Reading and writing the row ---- */

/* Of all of it: a flipped bit in the key would make every later record look
 * forged, and nobody here would notice. */
static void digest_state(const struct journal_state *state,
                         unsigned char digest[CRYPTO_DIGEST_BYTES])
{
    struct buf text;

    buf_init(&text, 512);
    buf_add_format(&text,
                   "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
                   " %" PRId64 " ",
                   state->start.number, state->end_number, state->key_number,
                   state->stepped_ms, state->ratchet.epoch,
                   state->ratchet.step);
    buf_add(&text, state->start.hash, sizeof state->start.hash);
    buf_add(&text, state->end_code, sizeof state->end_code);
    buf_add(&text, state->ratchet.now, sizeof state->ratchet.now);
    buf_add(&text, state->ratchet.next, sizeof state->ratchet.next);
    digest_of(text.text, text.len, digest);
    buf_done(&text);
}

static bool take_bytes(struct sqlite3_stmt *row, int at, unsigned char *to,
                       size_t size)
{
    size_t len = 0;
    const void *bytes = store_column_bytes(row, at, &len);

    if (len != size)
        return false;
    memcpy(to, bytes, size);
    return true;
}

static bool take_state(struct sqlite3_stmt *row, struct journal_state *state)
{
    unsigned char kept[CRYPTO_DIGEST_BYTES];
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    static const unsigned char zeros[CRYPTO_DIGEST_BYTES];
    struct ratchet *ratchet = &state->ratchet;
    size_t digest_len = 0;

    state->start.number = store_column_int(row, 0);
    state->end_number = store_column_int(row, 2);
    state->key_number = store_column_int(row, 4);
    if (!take_bytes(row, 1, state->start.hash, sizeof state->start.hash))
        return false;
    if (state->key_number == 0) { /* as the upgrade to version 3 left it */
        (void)store_column_bytes(row, 10, &digest_len);
        return digest_len == 0 && state->start.number == 0 &&
               memcmp(state->start.hash, zeros, sizeof zeros) == 0;
    }
    state->stepped_ms = store_column_int(row, 5);
    ratchet->epoch = store_column_int(row, 6);
    ratchet->step = store_column_int(row, 7);
    if (!take_bytes(row, 3, state->end_code, sizeof state->end_code) ||
        !take_bytes(row, 8, ratchet->now, sizeof ratchet->now) ||
        !take_bytes(row, 9, ratchet->next, sizeof ratchet->next) ||
        !take_bytes(row, 10, kept, sizeof kept))
        return false;
    digest_state(state, digest);
    return memcmp(kept, digest, sizeof kept) == 0;
}

enum err journal_read_state(struct store *store,
                            struct journal_state *ret_state)
{
    struct journal_state state = { 0 };
    bool is_row = false;
    struct sqlite3_stmt *row = store_try_prepare(
        store, "SELECT start_number, start_hash, end_number, end_code, "
               "key_number, stepped_ms, epoch, step, now_key, next_key, digest "
               "FROM journal_state");

    enum err err = store_step(row, &is_row);
    if (!err && (!is_row || !take_state(row, &state)))
        err = ERR_CORRUPT;
    store_reset(row);
    if (!err)
        *ret_state = state;
    mem_wipe(&state, sizeof state);
    return err;
}

enum err journal_write_state(struct store *store,
                             const struct journal_state *state)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    const struct ratchet *ratchet = &state->ratchet;
    struct sqlite3_stmt *row = store_prepare(
        store, "UPDATE journal_state SET start_number = ?1, start_hash = ?2, "
               "end_number = ?3, end_code = ?4, key_number = ?5, "
               "stepped_ms = ?6, epoch = ?7, step = ?8, now_key = ?9, "
               "next_key = ?10, digest = ?11");

    digest_state(state, digest);
    store_bind_int(row, 1, state->start.number);
    store_bind_bytes(row, 2, state->start.hash, sizeof state->start.hash);
    store_bind_int(row, 3, state->end_number);
    store_bind_bytes(row, 4, state->end_code, sizeof state->end_code);
    store_bind_int(row, 5, state->key_number);
    store_bind_int(row, 6, state->stepped_ms);
    store_bind_int(row, 7, ratchet->epoch);
    store_bind_int(row, 8, ratchet->step);
    store_bind_bytes(row, 9, ratchet->now, sizeof ratchet->now);
    store_bind_bytes(row, 10, ratchet->next, sizeof ratchet->next);
    store_bind_bytes(row, 11, digest, sizeof digest);
    return store_run(row);
}

/* ---- The first key ---- */

enum err journal_make_key(struct store *store, struct journal_state *state)
{
    unsigned char first[RATCHET_BYTES];

    if (state->key_number > 0)
        return ERR_OK;
    chance_bytes(first, sizeof first);
    ratchet_init(&state->ratchet, first);
    state->key_number = state->end_number + 1;
    struct sqlite3_stmt *keep =
        store_prepare(store, "UPDATE journal_state SET first_key = ?1");
    store_bind_bytes(keep, 1, first, sizeof first);
    enum err err = store_run(keep);
    mem_wipe(first, sizeof first);
    return err;
}

enum err journal_read_sealed(struct store *store,
                             char sealed[JOURNAL_SEALED_BYTES])
{
    bool is_row = false;
    size_t len = 0;
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT sealed_key FROM journal_state");

    enum err err = store_step(row, &is_row);
    sealed[0] = '\0';
    if (!err && is_row) {
        const void *package = store_column_bytes(row, 0, &len);
        struct buf text;
        buf_init(&text, JOURNAL_SEALED_BYTES);
        if (len == PACKAGE_BYTES) {
            buf_add_base64(&text, package, len);
            memcpy(sealed, text.text, JOURNAL_SEALED_BYTES);
        } else if (len != 0) {
            err = ERR_CORRUPT;
        }
        buf_done(&text);
    }
    store_reset(row);
    return err;
}

/* ---- Sealing it to the office ---- */

struct sealing {
    struct writer_job job;
    unsigned char office_key[CRYPTO_PUBLIC_BYTES];
    void (*done)(void *owner, enum err err);
    void *owner;
};

static void write_number(int64_t number, unsigned char bytes[NUMBER_BYTES])
{
    for (int i = 0; i < NUMBER_BYTES; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
}

static int64_t read_number(const unsigned char bytes[NUMBER_BYTES])
{
    uint64_t number = 0;

    for (int i = 0; i < NUMBER_BYTES; i++)
        number = number << 8 | bytes[i];
    return (int64_t)number;
}

/* ERR_NOT_FOUND when it was sealed before. */
static enum err read_first(struct store *store, int64_t number,
                           unsigned char inside[INSIDE_BYTES])
{
    bool is_row = false;
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT first_key FROM journal_state "
                             "WHERE first_key IS NOT NULL");

    write_number(number, inside);
    enum err err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    else if (!err && !take_bytes(row, 0, inside + NUMBER_BYTES, RATCHET_BYTES))
        err = ERR_CORRUPT;
    store_reset(row);
    return err;
}

static enum err keep_sealed(struct store *store, const unsigned char *package)
{
    struct sqlite3_stmt *keep = store_prepare(
        store, "UPDATE journal_state SET sealed_key = ?1, first_key = NULL");

    store_bind_bytes(keep, 1, package, PACKAGE_BYTES);
    return store_run(keep);
}

static enum err sealing_run(struct store *store, struct writer_job *job)
{
    const struct sealing *sealing = job->owner;
    unsigned char package[PACKAGE_BYTES];
    unsigned char inside[INSIDE_BYTES];
    struct journal_state state;

    enum err err = journal_read_state(store, &state);
    if (err)
        return err;
    if (state.key_number == 0) {
        err = journal_make_key(store, &state);
        if (!err)
            err = journal_write_state(store, &state);
    }
    if (!err)
        err = read_first(store, state.key_number, inside);
    mem_wipe(&state, sizeof state);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    err = seal_to(sealing->office_key, purpose, NULL, 0, inside, sizeof inside,
                  package, package + CRYPTO_ENC_BYTES);
    mem_wipe(inside, sizeof inside);
    return err ? err : keep_sealed(store, package);
}

static void sealing_done(struct writer_job *job, enum err err)
{
    struct sealing *sealing = job->owner;

    if (sealing->done)
        sealing->done(sealing->owner, err);
    mem_free(sealing);
}

void journal_seal_key(struct terminal_store *store,
                      const unsigned char office_key[CRYPTO_PUBLIC_BYTES],
                      void (*done)(void *owner, enum err err), void *owner)
{
    struct sealing *sealing = mem_new(sizeof *sealing);

    sealing->job.run = sealing_run;
    sealing->job.done = sealing_done;
    sealing->job.owner = sealing;
    memcpy(sealing->office_key, office_key, sizeof sealing->office_key);
    sealing->done = done;
    sealing->owner = owner;
    terminal_store_add(store, &sealing->job);
}

/* ---- The office's side ---- */

enum err journal_key_open(const struct key *office_key, const char *sealed,
                          struct buf *text)
{
    unsigned char package[PACKAGE_BYTES];
    unsigned char inside[INSIDE_BYTES];
    size_t len = 0;

    if (base64_decode(sealed, strlen(sealed), package, sizeof package, &len) ||
        len != sizeof package)
        return ERR_BAD_INPUT;
    enum err err = seal_open(office_key, purpose, package, NULL, 0,
                             package + CRYPTO_ENC_BYTES,
                             sizeof package - CRYPTO_ENC_BYTES, inside);
    if (err)
        return err;
    buf_add_format(text, "%s%" PRId64 "\n", key_first_line,
                   read_number(inside));
    buf_add_base64(text, inside + NUMBER_BYTES, RATCHET_BYTES);
    buf_add_char(text, '\n');
    mem_wipe(inside, sizeof inside);
    return ERR_OK;
}

enum err journal_key_parse(const char *text, size_t len,
                           struct journal_key *ret_key)
{
    size_t first_len = strlen(key_first_line);
    struct journal_key key = { 0 };
    size_t at = first_len;
    size_t got = 0;

    if (len <= first_len + 1 || memcmp(text, key_first_line, first_len) != 0 ||
        text[len - 1] != '\n')
        return ERR_BAD_INPUT;
    for (; at < len && text[at] >= '0' && text[at] <= '9' &&
           key.number < INT64_MAX / 10 - 1;
         at++)
        key.number = key.number * 10 + (text[at] - '0');
    if (key.number < 1 || text[at] != '\n')
        return ERR_BAD_INPUT;
    at++;
    if (at >= len ||
        base64_decode(text + at, len - at - 1, key.bytes, sizeof key.bytes,
                      &got) ||
        got != sizeof key.bytes)
        return ERR_BAD_INPUT;
    *ret_key = key;
    mem_wipe(&key, sizeof key);
    return ERR_OK;
}
