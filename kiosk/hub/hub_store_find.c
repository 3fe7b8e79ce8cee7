#include "kiosk/hub/hub_store_find.h"

#include <string.h>

#define FOUND_COLUMNS                                                          \
    "id, machine, state, case_number, digest, item, receipt, received_ms,"     \
    " changed_ms, words, envelope"

static bool take_text(char *to, size_t size, const char *from)
{
    size_t len = from == NULL ? size : strlen(from);

    if (len >= size)
        return false;
    memcpy(to, from, len + 1);
    return true;
}

static enum err read_found(struct sqlite3_stmt *row, struct found_case *found)
{
    enum err err = hub_store_read_case(row, &found->what);

    if (err)
        return err;
    if (!take_text(found->item, sizeof(found->item),
                   store_column_text(row, 5)) ||
        !take_text(found->receipt, sizeof(found->receipt),
                   store_column_text(row, 6)))
        return ERR_CORRUPT;
    found->received_ms = store_column_int(row, 7);
    found->changed_ms = store_column_int(row, 8);
    found->words = store_column_bytes(row, 9, &found->words_len);
    found->envelope = store_column_bytes(row, 10, &found->envelope_len);
    return ERR_OK;
}

static enum err show_each(struct sqlite3_stmt *row, found_case_fn on_case,
                          void *owner)
{
    struct found_case found;
    bool is_row = false;
    enum err err = store_step(row, &is_row);

    while (!err && is_row) {
        err = read_found(row, &found);
        if (err || !on_case(owner, &found))
            break;
        err = store_step(row, &is_row);
    }
    store_reset(row);
    return err;
}

enum err hub_store_find_person(struct store *store,
                               const unsigned char person[CRYPTO_DIGEST_BYTES],
                               found_case_fn on_case, void *owner)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT " FOUND_COLUMNS " FROM cases"
                             " WHERE person = ?1 AND item != 'rating'"
                             " ORDER BY received_ms DESC, rowid DESC LIMIT ?2");

    store_bind_bytes(row, 1, person, CRYPTO_DIGEST_BYTES);
    store_bind_int(row, 2, FOUND_CASES_MAX);
    return show_each(row, on_case, owner);
}

enum err hub_store_find_receipt(struct store *store, const char *receipt,
                                found_case_fn on_case, void *owner)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT " FOUND_COLUMNS " FROM cases"
                             " WHERE receipt = ?1 AND item != 'rating'"
                             " ORDER BY received_ms DESC, rowid DESC LIMIT ?2");

    store_bind_text(row, 1, receipt);
    store_bind_int(row, 2, FOUND_CASES_MAX);
    return show_each(row, on_case, owner);
}

enum err hub_store_find_any(struct store *store, const char *name,
                            char ret_id[CASE_ID_CHARS + 1])
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT id FROM cases WHERE (id = ?1 OR case_number = ?1"
               " OR receipt = ?1) AND item != 'rating'"
               " ORDER BY received_ms DESC, rowid DESC LIMIT 1");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, name);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    if (!err &&
        !take_text(ret_id, CASE_ID_CHARS + 1, store_column_text(row, 0)))
        err = ERR_CORRUPT;
    store_reset(row);
    return err;
}

static enum err update_state(struct store *store, const char *id,
                             const char *state, const struct buf *words,
                             int64_t wall_ms)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "UPDATE cases SET state = ?2, words = ?3,"
                             " changed_ms = ?4 WHERE id = ?1 RETURNING 1");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, id);
    store_bind_text(row, 2, state);
    store_bind_bytes(row, 3, words->text, words->len);
    store_bind_int(row, 4, wall_ms);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    store_reset(row);
    return err;
}

enum err hub_store_set_state(struct store *store, const char *id,
                             const char *state, const struct buf *words,
                             int64_t wall_ms)
{
    enum err err = store_begin(store);

    if (err)
        return err;
    err = update_state(store, id, state, words, wall_ms);
    if (!err && strcmp(state, "withdrawn") == 0)
        err = hub_store_slot_free(store, id);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

enum err hub_store_words(struct store *store, const char *id, struct buf *words)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT words FROM cases WHERE id = ?1");
    const void *bytes;
    size_t len;
    bool is_row;
    enum err err;

    store_bind_text(row, 1, id);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    if (!err) {
        bytes = store_column_bytes(row, 0, &len);
        buf_add(words, bytes, len);
    }
    store_reset(row);
    return err;
}

/* ---- The index ---- */

static enum err is_index_of(struct store *store,
                            const unsigned char mark[CRYPTO_DIGEST_BYTES],
                            bool *ret_is)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT mark FROM marks WHERE name = 'index'");
    const void *bytes;
    size_t len;
    bool is_row;
    enum err err = store_step(row, &is_row);

    *ret_is = false;
    if (!err && is_row) {
        bytes = store_column_bytes(row, 0, &len);
        *ret_is = len == CRYPTO_DIGEST_BYTES && memcmp(bytes, mark, len) == 0;
    }
    store_reset(row);
    return err;
}

static enum err empty_index(struct store *store,
                            const unsigned char mark[CRYPTO_DIGEST_BYTES])
{
    struct sqlite3_stmt *row =
        store_prepare(store, "UPDATE cases SET person = NULL, is_indexed = 0");
    enum err err = store_run(row);

    if (err)
        return err;
    row = store_prepare(store, "INSERT OR REPLACE INTO marks (name, mark)"
                               " VALUES ('index', ?1)");
    store_bind_bytes(row, 1, mark, CRYPTO_DIGEST_BYTES);
    return store_run(row);
}

enum err hub_store_index_check(struct store *store,
                               const unsigned char mark[CRYPTO_DIGEST_BYTES])
{
    bool is_same = false;
    enum err err = is_index_of(store, mark, &is_same);

    if (err || is_same)
        return err;
    err = store_begin(store);
    if (err)
        return err;
    err = empty_index(store, mark);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

enum err hub_store_unindexed(struct store *store,
                             struct unindexed_case *ret_case,
                             struct buf *envelope)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT id, machine, envelope FROM cases"
                             " WHERE is_indexed = 0 LIMIT 1");
    const void *bytes;
    size_t len;
    bool is_row;
    enum err err = store_step(row, &is_row);

    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    if (!err && (!take_text(ret_case->id, sizeof(ret_case->id),
                            store_column_text(row, 0)) ||
                 !take_text(ret_case->machine, sizeof(ret_case->machine),
                            store_column_text(row, 1))))
        err = ERR_CORRUPT;
    if (!err) {
        bytes = store_column_bytes(row, 2, &len);
        buf_add(envelope, bytes, len);
    }
    store_reset(row);
    return err;
}

enum err hub_store_index(struct store *store, const char *id,
                         const unsigned char *person)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "UPDATE cases SET person = ?2, is_indexed = 1"
                             " WHERE id = ?1");

    store_bind_text(row, 1, id);
    if (person == NULL)
        store_bind_null(row, 2);
    else
        store_bind_bytes(row, 2, person, CRYPTO_DIGEST_BYTES);
    return store_run(row);
}
