/* README.md has the layout, case by case. */
#include "kiosk/store/outbox_file.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/inside.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    MAGIC_BYTES = 8,
    KEY_AT = MAGIC_BYTES,
    COUNT_AT = KEY_AT + CRYPTO_PUBLIC_BYTES,
    HEAD_BYTES = COUNT_AT + 4,
    ID_BYTES = CASE_ID_HEX - 1,
    LENGTH_AT = ID_BYTES + RECEIPT_BYTES, /* in a case */
    BYTES_AT = LENGTH_AT + 4,
    CASES_MAX = 1000000
};

static const char magic[MAGIC_BYTES + 1] = "KIOSKOB1";

static void put_number(unsigned char bytes[4], uint32_t number)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(number >> (24 - 8 * i));
}

static uint32_t get_number(const unsigned char bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The end proves the head and that no case is missing: its digest is of the
 * head and of each case's digest, so nobody needs the whole file in memory. */
struct ending {
    struct buf proof;
};

static void ending_init(struct ending *ending, const void *head)
{
    buf_init(&ending->proof, HEAD_BYTES + (size_t)CASES_MAX * 32);
    buf_add(&ending->proof, head, HEAD_BYTES);
}

static void ending_add(struct ending *ending,
                       const unsigned char digest[CRYPTO_DIGEST_BYTES])
{
    buf_add(&ending->proof, digest, CRYPTO_DIGEST_BYTES);
}

static void ending_done(struct ending *ending,
                        unsigned char digest[CRYPTO_DIGEST_BYTES])
{
    digest_of(ending->proof.text, ending->proof.len, digest);
    buf_done(&ending->proof);
}

/* ---- Writing ---- */

struct outbox_export {
    struct store *store;
    int64_t count;
    const unsigned char *machine_key;
    void (*on_damaged)(void *owner, const char *id);
    void *owner;
    bool has_store_failed;
};

static enum err read_count(struct store *store, const char *sql,
                           int64_t *ret_count)
{
    bool is_row = false;
    struct sqlite3_stmt *row = store_prepare(store, sql);

    enum err err = store_step(row, &is_row);
    *ret_count = !err && is_row ? store_column_int(row, 0) : 0;
    store_reset(row);
    return err;
}

/* A store that was begun and never finished has no tables, and no cases. */
static enum err count_cases(struct outbox_export *export)
{
    int64_t tables = 0;

    enum err err = read_count(export->store,
                              "SELECT count(*) FROM sqlite_schema "
                              "WHERE type = 'table' AND name = 'cases'",
                              &tables);
    if (!err && tables)
        err = read_count(export->store,
                         "SELECT count(*) FROM cases "
                         "WHERE state IN ('waiting', 'conflict')",
                         &export->count);
    if (!err && export->count > CASES_MAX)
        err = ERR_TOO_BIG;
    return err;
}

enum err outbox_export_begin(const char *store_path,
                             struct outbox_export **ret_export)
{
    struct outbox_export *export = mem_new(sizeof *export);

    enum err err =
        store_open_to_read(store_path, &terminal_schema, &export->store);
    if (!err)
        err = count_cases(export);
    if (err) {
        outbox_export_end(export);
        return err;
    }
    *ret_export = export;
    return ERR_OK;
}

void outbox_export_end(struct outbox_export *export)
{
    if (!export)
        return;
    if (export->store)
        store_close(export->store);
    mem_free(export);
}

int64_t outbox_export_count(const struct outbox_export *export)
{
    return export->count;
}

bool outbox_export_store_failed(const struct outbox_export *export)
{
    return export->has_store_failed;
}

static enum err check_row(struct outbox_export *export,
                          struct sqlite3_stmt *row)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    const char *id = store_column_text(row, 0);
    const char *receipt = store_column_text(row, 1);
    size_t len = 0, kept_len = 0;
    const void *bytes = store_column_bytes(row, 2, &len);
    const void *kept = store_column_bytes(row, 3, &kept_len);

    if (!id || strlen(id) != ID_BYTES || !receipt ||
        strlen(receipt) >= RECEIPT_BYTES || len > OUTBOX_FILE_CASE_MAX)
        return ERR_CORRUPT;
    digest_of(bytes, len, digest);
    bool is_whole =
        kept_len == sizeof digest && memcmp(kept, digest, sizeof digest) == 0;
    if (!is_whole && export->on_damaged)
        export->on_damaged(export->owner, id);
    return ERR_OK;
}

static enum err put_row(int fd, struct sqlite3_stmt *row, struct ending *ending)
{
    unsigned char head[BYTES_AT] = { 0 }, digest[CRYPTO_DIGEST_BYTES];
    const char *receipt = store_column_text(row, 1);
    size_t len = 0;
    const void *bytes = store_column_bytes(row, 2, &len);

    memcpy(head, store_column_text(row, 0), ID_BYTES);
    memcpy(head + ID_BYTES, receipt, strlen(receipt));
    put_number(head + LENGTH_AT, (uint32_t)len);
    digest_of_two(head, sizeof head, bytes, len, digest);
    ending_add(ending, digest);
    enum err err = file_put(fd, head, sizeof head);
    if (!err)
        err = file_put(fd, bytes, len);
    if (!err)
        err = file_put(fd, digest, sizeof digest);
    return err;
}

/* As many as were counted: nobody else has the store. */
static enum err put_rows(struct outbox_export *export, int fd,
                         struct ending *ending)
{
    int64_t count = 0;
    bool is_row = false;
    struct sqlite3_stmt *row = store_prepare(
        export->store, "SELECT id, receipt, bytes, digest FROM cases "
                       "WHERE state IN ('waiting', 'conflict') "
                       "ORDER BY number");
    enum err err, put = ERR_OK;

    for (;;) {
        err = store_step(row, &is_row);
        if (err || !is_row)
            break;
        err = check_row(export, row);
        if (err)
            break;
        put = put_row(fd, row, ending);
        if (put)
            break;
        count++;
    }
    store_reset(row);
    if (!err && !put && count != export->count)
        err = ERR_CORRUPT;
    export->has_store_failed = err != ERR_OK;
    return err ? err : put;
}

static enum err fill(void *owner, int fd)
{
    struct outbox_export *export = owner;
    unsigned char head[HEAD_BYTES] = { 0 }, digest[CRYPTO_DIGEST_BYTES];
    struct ending ending;

    memcpy(head, magic, MAGIC_BYTES);
    if (export->machine_key)
        memcpy(head + KEY_AT, export->machine_key, CRYPTO_PUBLIC_BYTES);
    put_number(head + COUNT_AT, (uint32_t) export->count);
    ending_init(&ending, head);
    enum err err = file_put(fd, head, sizeof head);
    if (!err)
        err = put_rows(export, fd, &ending);
    ending_done(&ending, digest);
    if (!err)
        err = file_put(fd, digest, sizeof digest);
    return err;
}

enum err outbox_export_write(struct outbox_export *export, const char *path,
                             const unsigned char *machine_key,
                             void (*on_damaged)(void *owner, const char *id),
                             void *owner)
{
    export->machine_key = machine_key;
    export->on_damaged = on_damaged;
    export->owner = owner;
    export->has_store_failed = false;
    return file_create(path, 0600, fill, export);
}

/* ---- Reading ---- */

const char *outbox_flaw_text(enum outbox_flaw flaw)
{
    static const char *const texts[] = {
#define X(name, text) text,
        OUTBOX_FLAW_TABLE(X)
#undef X
    };
    assert(flaw < OUTBOX_FLAW_COUNT);
    return texts[flaw];
}

bool outbox_file_next(const struct outbox_file *file, size_t *at,
                      struct outbox_file_case *ret_case)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    size_t begin = *at ? *at : HEAD_BYTES;

    /* Differences, so that no length from the file can overflow. */
    if (begin > file->len || file->len - begin < BYTES_AT + sizeof digest)
        return false;
    const unsigned char *head = file->bytes + begin;
    size_t len = get_number(head + LENGTH_AT);
    if (len > OUTBOX_FILE_CASE_MAX ||
        file->len - begin - BYTES_AT - sizeof digest < len)
        return false;
    *ret_case =
        (struct outbox_file_case){ .bytes = head + BYTES_AT, .len = len };
    memcpy(ret_case->id, head, ID_BYTES);
    memcpy(ret_case->receipt, head + ID_BYTES, RECEIPT_BYTES - 1);
    digest_of(head, BYTES_AT + len, digest);
    ret_case->is_whole =
        memcmp(digest, head + BYTES_AT + len, sizeof digest) == 0;
    *at = begin + BYTES_AT + len + sizeof digest;
    return true;
}

static void note(struct outbox_file *file, enum outbox_flaw flaw,
                 uint32_t flawed_case)
{
    if (file->flaw)
        return;
    file->flaw = flaw;
    file->flawed_case = flawed_case;
}

/* Walks over the cases; *ret_at: where the end should stand, 0: nowhere. */
static void read_cases(struct outbox_file *file, struct ending *ending,
                       size_t *ret_at)
{
    struct outbox_file_case entry;
    size_t at = HEAD_BYTES;

    *ret_at = 0;
    for (uint32_t i = 1; i <= file->count; i++) {
        if (!outbox_file_next(file, &at, &entry)) {
            note(file, OUTBOX_FLAW_CUT, i);
            return;
        }
        if (!entry.is_whole)
            note(file, OUTBOX_FLAW_CASE, i);
        ending_add(ending, file->bytes + at - CRYPTO_DIGEST_BYTES);
    }
    *ret_at = at;
}

void outbox_file_read(const void *bytes, size_t len,
                      struct outbox_file *ret_file)
{
    static const unsigned char no_key[CRYPTO_PUBLIC_BYTES];
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    struct ending ending;
    size_t at = 0;

    *ret_file = (struct outbox_file){ .bytes = bytes, .len = len };
    if (len < HEAD_BYTES || memcmp(bytes, magic, MAGIC_BYTES) != 0) {
        ret_file->len = 0;
        note(ret_file, OUTBOX_FLAW_FOREIGN, 0);
        return;
    }
    const unsigned char *key = ret_file->bytes + KEY_AT;
    if (memcmp(key, no_key, sizeof no_key) != 0)
        ret_file->machine_key = key;
    ret_file->count = get_number(ret_file->bytes + COUNT_AT);
    ending_init(&ending, bytes);
    read_cases(ret_file, &ending, &at);
    ending_done(&ending, digest);
    if (!at)
        return;
    if (len - at < sizeof digest ||
        memcmp(ret_file->bytes + at, digest, sizeof digest) != 0)
        note(ret_file, OUTBOX_FLAW_END, 0);
    else if (len - at > sizeof digest)
        note(ret_file, OUTBOX_FLAW_MORE, 0);
}
