#include "kiosk/hub/hub_store_slots.h"

#include <string.h>

#include "kiosk/hub/ask.h"

_Static_assert(SLOT_TOKEN_BYTES == TOKEN_CHARS + 1, "a token of ask.h's");

/* A hold is 'held' with a time until when; of a case 'booked', 'lost' or
 * 'cancelled'. */

static enum err count_but(struct store *store, const char *key,
                          const char *token, int64_t now_ms, int64_t *ret_count)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT count(*) FROM slots WHERE slot = ?1 AND token != ?2 AND"
               " (state = 'booked' OR (state = 'held' AND until_ms > ?3))");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, key);
    store_bind_text(row, 2, token);
    store_bind_int(row, 3, now_ms);
    err = store_step(row, &is_row);
    if (!err)
        *ret_count = is_row ? store_column_int(row, 0) : 0;
    store_reset(row);
    return err;
}

enum err hub_store_slot_count(struct store *store, const char *key,
                              int64_t now_ms, int64_t *ret_count)
{
    return count_but(store, key, "", now_ms, ret_count);
}

/* ---- Holding ------------------------------------------------------------------ */

/* Those whose time is over tell nothing any more. */
static enum err tidy(struct store *store, int64_t now_ms)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "DELETE FROM slots WHERE state = 'held' AND until_ms <= ?1");

    store_bind_int(row, 1, now_ms);
    return store_run(row);
}

/* ERR_NOT_FOUND. */
static enum err find_request(struct store *store, const char *machine,
                             const char *request, const char *key,
                             struct slot_hold *hold)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT token, until_ms FROM slots WHERE machine = ?1 AND"
               " request = ?2 AND slot = ?3 AND state = 'held'");
    const char *token;
    bool is_row;
    enum err err;

    store_bind_text(row, 1, machine);
    store_bind_text(row, 2, request);
    store_bind_text(row, 3, key);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    token = err ? NULL : store_column_text(row, 0);
    if (!err && (token == NULL || strlen(token) != TOKEN_CHARS))
        err = ERR_CORRUPT;
    if (!err) {
        memcpy(hold->token, token, TOKEN_CHARS + 1);
        hold->until_ms = store_column_int(row, 1);
    }
    store_reset(row);
    return err;
}

static enum err insert(struct store *store, const char *token,
                       const char *machine, const char *request,
                       const char *key, int64_t until_ms)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO slots (token, machine, request, slot, until_ms,"
               " state) VALUES (?1, ?2, ?3, ?4, ?5, 'held')");

    store_bind_text(row, 1, token);
    store_bind_text(row, 2, machine);
    store_bind_text(row, 3, request);
    store_bind_text(row, 4, key);
    store_bind_int(row, 5, until_ms);
    return store_run(row);
}

static enum err hold(struct store *store, const char *machine,
                     const char *request, const char *key, int places,
                     int64_t now_ms, struct slot_hold *made)
{
    int64_t count = 0;
    enum err err = tidy(store, now_ms);

    if (!err)
        err = find_request(store, machine, request, key, made);
    if (err != ERR_NOT_FOUND)
        return err;
    err = hub_store_slot_count(store, key, now_ms, &count);
    if (!err && count >= places)
        err = ERR_EXISTS;
    if (err)
        return err;
    token_make(made->token);
    made->until_ms = now_ms + SLOT_HOLD_MS;
    return insert(store, made->token, machine, request, key, made->until_ms);
}

static enum err end_transaction(struct store *store, enum err err)
{
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

enum err hub_store_slot_hold(struct store *store, const char *machine,
                             const char *request, const char *key, int places,
                             int64_t now_ms, struct slot_hold *ret_hold)
{
    struct slot_hold made;
    enum err err = store_begin(store);

    if (err)
        return err;
    err = hold(store, machine, request, key, places, now_ms, &made);
    err = end_transaction(store, err);
    if (!err)
        *ret_hold = made;
    return err;
}

enum err hub_store_slot_let_go(struct store *store, const char *token)
{
    struct sqlite3_stmt *row;
    enum err err = store_begin(store);

    if (err)
        return err;
    row = store_prepare(
        store, "DELETE FROM slots WHERE token = ?1 AND state = 'held'");
    store_bind_text(row, 1, token);
    return end_transaction(store, store_run(row));
}

/* ---- Booking ------------------------------------------------------------------ */

/* The hold that a case brings is for this very slot, and no case has it. */
enum err hub_store_slot_is_held(struct store *store,
                                const struct slot_wish *wish, bool *ret_is)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT 1 FROM slots WHERE token = ?1 AND slot = ?2 AND"
               " state = 'held' AND until_ms > ?3");
    enum err err;

    store_bind_text(row, 1, wish->hold);
    store_bind_text(row, 2, wish->key);
    store_bind_int(row, 3, wish->now_ms);
    err = store_step(row, ret_is);
    store_reset(row);
    return err;
}

static enum err forget_hold(struct store *store, const struct slot_wish *wish)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "DELETE FROM slots WHERE token = ?1 AND slot = ?2 AND"
               " state = 'held'");

    store_bind_text(row, 1, wish->hold);
    store_bind_text(row, 2, wish->key);
    return store_run(row);
}

/* The case's own row: its id stands in the place of token and request. */
static enum err note(struct store *store, const char *case_id,
                     const struct slot_wish *wish, bool is_booked)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO slots (token, machine, request, slot, until_ms,"
               " state, case_id) VALUES (?1, '', ?1, ?2, 0, ?3, ?1)");

    store_bind_text(row, 1, case_id);
    store_bind_text(row, 2, wish->key);
    store_bind_text(row, 3, is_booked ? "booked" : "lost");
    return store_run(row);
}

enum err hub_store_slot_book(struct store *store, const char *case_id,
                             const struct slot_wish *wish, bool *ret_booked)
{
    bool is_booked = false;
    int64_t count = 0;
    enum err err = hub_store_slot_is_held(store, wish, &is_booked);

    /* Who held it has a place, whatever the calendar says by now. */
    if (!err && !is_booked && wish->places > 0) {
        err = hub_store_slot_count(store, wish->key, wish->now_ms, &count);
        is_booked = count < wish->places;
    }
    if (!err)
        err = forget_hold(store, wish);
    if (!err)
        err = note(store, case_id, wish, is_booked);
    if (!err)
        *ret_booked = is_booked;
    return err;
}

enum err hub_store_slot_of(struct store *store, const char *case_id,
                           char state[SLOT_STATE_BYTES], struct buf *key)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT state, slot FROM slots WHERE case_id = ?1");
    const char *text;
    bool is_row;
    enum err err;

    store_bind_text(row, 1, case_id);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    text = err ? NULL : store_column_text(row, 0);
    if (!err && (text == NULL || strlen(text) >= SLOT_STATE_BYTES))
        err = ERR_CORRUPT;
    if (!err) {
        memcpy(state, text, strlen(text) + 1);
        buf_add_text(key, store_column_text(row, 1));
    }
    store_reset(row);
    return err;
}

enum err hub_store_slot_free(struct store *store, const char *case_id)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "UPDATE slots SET state = 'cancelled' WHERE"
                             " case_id = ?1 AND state = 'booked'");

    store_bind_text(row, 1, case_id);
    return store_run(row);
}
