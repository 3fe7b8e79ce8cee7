#include "kiosk/hub/hub_store_certificate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/hub/hub_store.h"

#define RECORD_COLUMNS                                                         \
    "number, kind, state, issued, valid_until, sha256, sealed"

static enum err end_transaction(struct store *store, enum err err)
{
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

enum err hub_store_certificate_number(struct store *store, int64_t wall_ms,
                                      char number[CERTIFICATE_NUMBER_BYTES])
{
    struct clock_fields now = clock_split(wall_ms);
    int64_t sequence = 0;
    char series[16];
    enum err err = store_begin(store);

    if (err)
        return err;
    snprintf(series, sizeof(series), "SI%04u%02u%02u",
             (unsigned)now.year % 10000u, (unsigned)now.month % 100u,
             (unsigned)now.day % 100u);
    err = hub_store_next_of(store, series, &sequence);
    if (!err && sequence == 0)
        err = ERR_TOO_BIG; /* a million papers a day */
    err = end_transaction(store, err);
    if (!err)
        snprintf(number, CERTIFICATE_NUMBER_BYTES, "%.10s%06u", series,
                 (unsigned)sequence % 1000000u);
    return err;
}

static void hash_address(const char *address,
                         unsigned char hash[CRYPTO_DIGEST_BYTES])
{
    digest_of(address, strlen(address), hash);
}

enum err hub_store_certificate_add(struct store *store,
                                   const struct certificate_record *record,
                                   const struct buf *sealed,
                                   const char *address)
{
    unsigned char hash[CRYPTO_DIGEST_BYTES];
    struct sqlite3_stmt *row;
    enum err err = store_begin(store);

    if (err)
        return err;
    hash_address(address, hash);
    row = store_prepare(store, "INSERT INTO certificates (" RECORD_COLUMNS
                               ", address_hash) VALUES"
                               " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    store_bind_text(row, 1, record->number);
    store_bind_text(row, 2, record->kind);
    store_bind_text(row, 3, record->state);
    store_bind_text(row, 4, record->issued);
    store_bind_text(row, 5, record->valid_until);
    store_bind_bytes(row, 6, record->sha256, sizeof(record->sha256));
    store_bind_bytes(row, 7, sealed->text, sealed->len);
    store_bind_bytes(row, 8, hash, sizeof(hash));
    return end_transaction(store, store_run(row));
}

static bool take_text(char *to, size_t size, const char *from)
{
    size_t len = from == NULL ? size : strlen(from);

    if (len >= size)
        return false;
    memcpy(to, from, len + 1);
    return true;
}

static bool take_digest(struct sqlite3_stmt *row, int at,
                        unsigned char digest[CRYPTO_DIGEST_BYTES])
{
    size_t len;
    const void *bytes = store_column_bytes(row, at, &len);

    if (len != CRYPTO_DIGEST_BYTES)
        return false;
    memcpy(digest, bytes, len);
    return true;
}

static enum err read_record(struct sqlite3_stmt *row,
                            struct certificate_record *record,
                            struct buf *sealed)
{
    const void *bytes;
    size_t len;

    if (!take_text(record->number, sizeof(record->number),
                   store_column_text(row, 0)) ||
        !take_text(record->kind, sizeof(record->kind),
                   store_column_text(row, 1)) ||
        !take_text(record->state, sizeof(record->state),
                   store_column_text(row, 2)) ||
        !take_text(record->issued, sizeof(record->issued),
                   store_column_text(row, 3)) ||
        !take_text(record->valid_until, sizeof(record->valid_until),
                   store_column_text(row, 4)) ||
        !take_digest(row, 5, record->sha256))
        return ERR_CORRUPT;
    bytes = store_column_bytes(row, 6, &len);
    buf_add(sealed, bytes, len);
    return ERR_OK;
}

static enum err find_one(struct sqlite3_stmt *row,
                         struct certificate_record *ret_record,
                         struct buf *sealed)
{
    bool is_row;
    enum err err = store_step(row, &is_row);

    if (!err)
        err = is_row ? read_record(row, ret_record, sealed) : ERR_NOT_FOUND;
    store_reset(row);
    return err;
}

enum err hub_store_certificate_find(struct store *store, const char *number,
                                    struct certificate_record *ret_record,
                                    struct buf *sealed)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT " RECORD_COLUMNS " FROM certificates"
                             " WHERE number = ?1");

    store_bind_text(row, 1, number);
    return find_one(row, ret_record, sealed);
}

enum err
hub_store_certificate_find_address(struct store *store, const char *address,
                                   struct certificate_record *ret_record,
                                   struct buf *sealed)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT " RECORD_COLUMNS " FROM certificates"
                             " WHERE address_hash = ?1");
    unsigned char hash[CRYPTO_DIGEST_BYTES];

    hash_address(address, hash);
    store_bind_bytes(row, 1, hash, sizeof(hash));
    return find_one(row, ret_record, sealed);
}

static enum err set_withdrawn(struct store *store, const char *number)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "UPDATE certificates SET state = 'withdrawn'"
                             " WHERE number = ?1 RETURNING 1");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, number);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    store_reset(row);
    return err;
}

enum err hub_store_certificate_withdraw(struct store *store, const char *number)
{
    enum err err = store_begin(store);

    if (err)
        return err;
    return end_transaction(store, set_withdrawn(store, number));
}
