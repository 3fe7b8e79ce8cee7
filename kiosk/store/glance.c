/* What staff's commands do with a terminal's store that nobody has open. */
#include "kiosk/store/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum err count_unsent(struct store *store, int64_t *ret_count)
{
    bool is_row = false;
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT count(*) FROM cases WHERE state <> 'confirmed'");

    enum err err = store_step(row, &is_row);
    if (!err && is_row)
        *ret_count = store_column_int(row, 0);
    store_reset(row);
    return err;
}

enum err terminal_store_look(const char *path,
                             struct terminal_glance *ret_glance)
{
    struct terminal_glance glance = { 0 };
    struct terminal_state state;
    struct store *store = NULL;

    enum err err = store_open_to_read(path, &terminal_schema, &store);
    if (err)
        return err;
    err = store_check_pages(store);
    if (!err)
        err = binding_read(store, glance.machines);
    if (!err)
        err = count_unsent(store, &glance.waiting);
    if (!err)
        err = outbox_read_state(store, &state);
    store_close(store);
    if (err)
        return err;
    glance.last_number = state.next_number - 1;
    glance.receipt_sequence = state.receipt_sequence;
    memcpy(glance.receipt_day, state.receipt_day, sizeof glance.receipt_day);
    *ret_glance = glance;
    return ERR_OK;
}

/* One transaction of a few rows. */
static enum err write_alone(const char *path,
                            enum err (*rows)(struct store *store,
                                             const void *what),
                            const void *what)
{
    struct store *store = NULL;

    enum err err = store_open(path, &terminal_schema, NULL, &store);
    if (err)
        return err;
    err = store_begin(store);
    if (!err)
        err = rows(store, what);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    store_close(store);
    return err;
}

static enum err rebind_rows(struct store *store, const void *machines)
{
    return binding_write(store, machines);
}

enum err terminal_store_rebind(const char *path, const char *machines)
{
    return write_alone(path, rebind_rows, machines);
}

static enum err remember_row(struct store *store, const char *name,
                             const char *value)
{
    struct sqlite3_stmt *put =
        store_prepare(store, "INSERT OR REPLACE INTO remembered (name, value) "
                             "VALUES (?1, ?2)");

    store_bind_text(put, 1, name);
    store_bind_text(put, 2, value);
    return store_run(put);
}

static enum err number_rows(struct store *store, const void *what)
{
    const struct terminal_glance *after = what;
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, after->last_number);
    enum err err = remember_row(store, "outbox.last_number", text);
    snprintf(text, sizeof text, "%.8s%d", after->receipt_day,
             after->receipt_sequence);
    if (!err && strlen(after->receipt_day) == 8)
        err = remember_row(store, "outbox.receipt", text);
    return err;
}

enum err terminal_store_begin(const char *path,
                              const struct terminal_glance *after)
{
    return write_alone(path, number_rows, after);
}
