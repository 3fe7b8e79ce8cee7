#include "kiosk/hub/hub_store_guess.h"

#include <string.h>

enum err hub_store_guesses(struct store *store, const struct guess_key *key,
                           int64_t wall_ms, struct guesses *ret_guesses)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT wrong, since_ms, last_ms FROM lookups"
                             " WHERE address_hash = ?1"
                             " AND abs(since_ms - ?2) < ?3");
    bool is_row;
    enum err err;

    store_bind_bytes(row, 1, key->bytes, sizeof(key->bytes));
    store_bind_int(row, 2, wall_ms);
    store_bind_int(row, 3, GUESSES_WINDOW_MS);
    err = store_step(row, &is_row);
    if (!err) {
        memset(ret_guesses, 0, sizeof(*ret_guesses));
        if (is_row) {
            ret_guesses->wrong = (int)store_column_int(row, 0);
            ret_guesses->since_ms = store_column_int(row, 1);
            ret_guesses->last_ms = store_column_int(row, 2);
        }
    }
    store_reset(row);
    return err;
}

/* What nobody guesses at any more, so that guessing at a million receipts does
 * not fill the disk. */
static enum err forget_old(struct store *store, int64_t wall_ms)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "DELETE FROM lookups WHERE abs(since_ms - ?1) >= ?2");

    store_bind_int(row, 1, wall_ms);
    store_bind_int(row, 2, GUESSES_WINDOW_MS);
    return store_run(row);
}

/* An hour after the first wrong one the count begins anew; also when the clock
 * went back by more, or a page would stay shut for as long as it jumped. */
static enum err add_wrong(struct store *store, const struct guess_key *key,
                          int64_t wall_ms)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO lookups (address_hash, wrong, since_ms, last_ms)"
               " VALUES (?1, 1, ?2, ?2) ON CONFLICT (address_hash)"
               " DO UPDATE SET wrong = wrong + 1, last_ms = ?2");

    store_bind_bytes(row, 1, key->bytes, sizeof(key->bytes));
    store_bind_int(row, 2, wall_ms);
    return store_run(row);
}

enum err hub_store_guess_wrong(struct store *store,
                               const struct guess_key *keys, size_t count,
                               int64_t wall_ms)
{
    enum err err = store_begin(store);

    if (err)
        return err;
    err = forget_old(store, wall_ms);
    for (size_t i = 0; !err && i < count; i++)
        err = add_wrong(store, &keys[i], wall_ms);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}
