#include "kiosk/hub/hub_store_calls.h"

#include "kiosk/hub/hub_store.h"

static void read_call(struct sqlite3_stmt *row, int at, struct hub_call *call)
{
    int64_t state = store_column_int(row, at + 2);

    call->number = store_column_int(row, at);
    call->since_ms = store_column_int(row, at + 1);
    call->state = state == CALL_WAITING    ? CALL_WAITING
                  : state == CALL_ANSWERED ? CALL_ANSWERED
                                           : CALL_NONE;
}

static enum err find_call(struct store *store, const char *machine,
                          struct hub_call *ret_call)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT call_number, call_ms, call_state FROM machines"
               " WHERE machine = ?1");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, machine);
    err = store_step(row, &is_row);
    *ret_call = (struct hub_call){ 0 };
    if (!err && is_row)
        read_call(row, 0, ret_call);
    store_reset(row);
    return err;
}

static enum err set_call(struct store *store, const char *machine,
                         const struct hub_call *call)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "UPDATE machines SET call_number = ?2,"
                             " call_ms = ?3, call_state = ?4"
                             " WHERE machine = ?1");

    store_bind_text(row, 1, machine);
    store_bind_int(row, 2, call->number);
    store_bind_int(row, 3, call->since_ms);
    store_bind_int(row, 4, call->state);
    return store_run(row);
}

enum err hub_store_call_note(struct store *store, const char *machine,
                             enum help help, int64_t wall_ms,
                             struct hub_call *ret_call)
{
    enum err err = find_call(store, machine, ret_call);

    if (err)
        return err;
    if (help == HELP_WANTED && ret_call->state == CALL_NONE) {
        ret_call->state = CALL_WAITING;
        ret_call->since_ms = wall_ms;
        err = hub_store_next_of(store, "calls", &ret_call->number);
    } else if (help == HELP_OVER && ret_call->state != CALL_NONE) {
        ret_call->state = CALL_NONE;
    } else {
        return ERR_OK;
    }
    return err ? err : set_call(store, machine, ret_call);
}

static enum err set_answered(struct store *store, int64_t number)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "UPDATE machines SET call_state = ?2"
                             " WHERE call_number = ?1 AND call_state != ?3"
                             " RETURNING 1");
    bool is_row;
    enum err err;

    store_bind_int(row, 1, number);
    store_bind_int(row, 2, CALL_ANSWERED);
    store_bind_int(row, 3, CALL_NONE);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    store_reset(row);
    return err;
}

enum err hub_store_call_answer(struct store *store, int64_t number)
{
    enum err err = store_begin(store);

    if (err)
        return err;
    err = set_answered(store, number);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

enum err hub_store_machines(
    struct store *store,
    void (*on_machine)(void *owner, const struct known_machine *machine),
    void *owner)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT machine, health, seen_ms, call_number, call_ms,"
               " call_state FROM machines ORDER BY machine");
    struct known_machine machine;
    bool is_row = false;
    enum err err = store_step(row, &is_row);

    while (!err && is_row) {
        machine.machine = store_column_text(row, 0);
        machine.health = store_column_text(row, 1);
        machine.seen_ms = store_column_int(row, 2);
        read_call(row, 3, &machine.call);
        if (machine.machine != NULL && machine.health != NULL)
            on_machine(owner, &machine);
        err = store_step(row, &is_row);
    }
    store_reset(row);
    return err;
}
