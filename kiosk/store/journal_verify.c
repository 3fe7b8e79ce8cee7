/* Whether a journal is whole, and its flat copy: a store that nobody has open,
 * read row by row. */
#include "kiosk/store/inside.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/segment.h"

#include <string.h>

/* ---- Rows ---- */

/* The places of a row's columns. */
enum { NUMBER, WALL, NAME, FIELDS, HASH, EPOCH, STEP, CODE, IS_KIND };

/* Nothing may hide behind a NUL. */
static bool is_whole_text(struct sqlite3_stmt *rows, int at)
{
    const char *text = store_column_text(rows, at);
    size_t len = 0;

    (void)store_column_bytes(rows, at, &len);
    return text && strlen(text) == len;
}

static bool take_bytes(struct sqlite3_stmt *rows, int at, unsigned char *to,
                       size_t *ret_len)
{
    const void *bytes = store_column_bytes(rows, at, ret_len);

    if (*ret_len != CRYPTO_DIGEST_BYTES)
        return false;
    memcpy(to, bytes, CRYPTO_DIGEST_BYTES);
    return true;
}

/* False for what no record of ours looks like. */
static bool read_record(struct sqlite3_stmt *rows,
                        struct journal_record *record)
{
    size_t hash_len = 0;
    size_t code_len = 0;

    memset(record, 0, sizeof *record);
    record->number = store_column_int(rows, NUMBER);
    record->wall_ms = store_column_int(rows, WALL);
    bool has_hash = take_bytes(rows, HASH, record->hash, &hash_len);
    record->has_code = take_bytes(rows, CODE, record->code, &code_len);
    record->epoch = store_column_int(rows, EPOCH);
    record->step = store_column_int(rows, STEP);
    if (!store_column_int(rows, IS_KIND) || !is_whole_text(rows, NAME) ||
        !is_whole_text(rows, FIELDS))
        return false;
    record->name = store_column_text(rows, NAME);
    record->fields = store_column_text(rows, FIELDS);
    return has_hash && (record->has_code || code_len == 0);
}

/* ---- Before version 3 ---- */

static bool has_codes(struct store *store)
{
    bool is_row = false;
    struct sqlite3_stmt *column =
        store_try_prepare(store, "SELECT 1 FROM pragma_table_info('journal') "
                                 "WHERE name = 'code'");

    enum err err = store_step(column, &is_row);
    store_reset(column);
    return !err && is_row;
}

/* A flipped bit can make a NULL of a 0, which would be read as one: so what
 * kind of value each column holds is part of a record. */
#define KINDS                                                                  \
    "typeof(number) = 'integer' AND typeof(wall_ms) = 'integer' "              \
    "AND typeof(name) = 'text' AND typeof(fields) = 'text' "                   \
    "AND typeof(hash) = 'blob' "
#define KINDS_OF_CODES                                                         \
    "AND typeof(code) = iif(code IS NULL, 'null', 'blob') "                    \
    "AND typeof(epoch) = iif(code IS NULL, 'null', 'integer') "                \
    "AND typeof(step) = typeof(epoch) "

static struct sqlite3_stmt *prepare_rows(struct store *store, bool coded)
{
    return coded
               ? store_try_prepare(
                     store,
                     "SELECT number, wall_ms, name, fields, hash, epoch, step, "
                     "code, " KINDS KINDS_OF_CODES
                     "FROM journal ORDER BY number")
               : store_try_prepare(
                     store,
                     "SELECT number, wall_ms, name, fields, hash, -1, -1, "
                     "NULL, " KINDS "FROM journal ORDER BY number");
}

/* ---- A whole store ---- */

/* on_record for each row; record NULL for one that cannot be read as one. */
static enum err each_row(struct store *store, bool coded,
                         void (*on_record)(void *owner,
                                           const struct journal_record *record),
                         void *owner)
{
    struct journal_record record;
    bool is_row = false;
    struct sqlite3_stmt *rows = prepare_rows(store, coded);

    enum err err = store_step(rows, &is_row);
    while (!err && is_row) {
        bool is_good = read_record(rows, &record);
        on_record(owner, is_good ? &record : NULL);
        err = store_step(rows, &is_row);
    }
    store_reset(rows);
    return err;
}

static void on_checked(void *owner, const struct journal_record *record)
{
    struct journal_check *check = owner;

    if (record) {
        (void)journal_check_record(check, record);
        return;
    }
    check->records++;
    journal_check_find(check, check->head.number + 1, JOURNAL_FAULT_FORM);
}

/* Damage that reading the rows did not show. */
static enum err check_rest(struct store *store, struct journal_check *check,
                           const struct journal_state *state)
{
    if (state) {
        if (state->start.number != check->pruned)
            journal_check_find(check, check->pruned + 1, JOURNAL_FAULT_PRUNED);
        bool is_ended = check->head.number >= state->key_number;
        journal_check_end(check, state->end_number,
                          is_ended ? state->end_code : NULL);
        if (check->is_coded && state->key_number == 0)
            journal_check_find(check, check->head.number + 1,
                               JOURNAL_FAULT_STATE);
    }
    enum err err = store_check_pages(store);
    if (err == ERR_CORRUPT) {
        journal_check_find(check, check->head.number + 1, JOURNAL_FAULT_PAGES);
        err = ERR_OK;
    }
    return err;
}

/* A note that is damaged says nothing of where the records begin. */
static enum err check_store(struct store *store, struct journal_check *check,
                            const struct journal_check_settings *settings)
{
    struct journal_state state = { 0 };
    bool coded = has_codes(store);
    bool has_state = false;

    if (coded) {
        enum err err = journal_read_state(store, &state);
        if (err && err != ERR_CORRUPT)
            return err;
        has_state = !err;
    }
    journal_check_init(check, settings, &state.start);
    enum err err = each_row(store, coded, on_checked, check);
    if (!err && coded && !has_state)
        journal_check_find(check, check->head.number + 1, JOURNAL_FAULT_STATE);
    if (!err)
        err = check_rest(store, check, has_state ? &state : NULL);
    mem_wipe(&state, sizeof state);
    return err;
}

static enum err check_store_at(const char *path,
                               const struct journal_check_settings *settings,
                               struct journal_result *ret_result)
{
    struct store *store = NULL;
    struct journal_check check;

    enum err err = store_open_to_read(path, &terminal_schema, &store);
    if (err)
        return err;
    err = check_store(store, &check, settings);
    store_close(store);
    if (!err)
        journal_check_result(&check, ret_result);
    journal_check_done(&check);
    return err;
}

/* ---- Whatever stands there ---- */

enum err journal_check_path(const char *path,
                            const struct journal_check_settings *settings,
                            struct journal_result *ret_result)
{
    if (file_is_folder(path) || segment_is_one(path))
        return segment_check_path(path, settings, ret_result);
    return check_store_at(path, settings, ret_result);
}

enum err journal_verify(const char *path, int64_t *ret_rows,
                        int64_t *ret_bad_row)
{
    static const struct journal_check_settings plain;
    struct journal_result result;

    enum err err = check_store_at(path, &plain, &result);
    if (err)
        return err;
    *ret_rows = result.records;
    *ret_bad_row = result.finding.number;
    return ERR_OK;
}

/* ---- Export ---- */

struct exporting {
    struct segment_writer *writer;
    enum err err;
};

/* Bad records are written as they are: whoever verifies the copy finds them.
 * One that has no form is left out, and shows as missing. */
static void on_exported(void *owner, const struct journal_record *record)
{
    struct exporting *exporting = owner;

    if (record && !exporting->err)
        exporting->err = segment_write(exporting->writer, record);
}

static enum err export_rows(struct store *store, const char *folder,
                            int64_t *ret_records)
{
    struct journal_state state = { 0 };
    char sealed[JOURNAL_SEALED_BYTES] = "";
    bool coded = has_codes(store);
    struct exporting exporting = { 0 };
    enum err err = ERR_OK;

    if (coded)
        err = journal_read_state(store, &state);
    if (!err && coded)
        err = journal_read_sealed(store, sealed);
    if (!err)
        err = segment_writer_new(folder, &state.start, &exporting.writer);
    if (!err)
        err = each_row(store, coded, on_exported, &exporting);
    if (!err)
        err = exporting.err;
    struct segment_end end = {
        .number = coded ? state.end_number : 0,
        .code = state.key_number > 0 && state.end_number >= state.key_number
                    ? state.end_code
                    : NULL,
        .sealed = sealed,
    };
    if (!err)
        err = segment_writer_finish(exporting.writer, &end, ret_records);
    segment_writer_free(exporting.writer);
    mem_wipe(&state, sizeof state);
    return err;
}

enum err journal_export(const char *path, const char *folder,
                        int64_t *ret_records)
{
    struct store *store = NULL;

    enum err err = store_open_to_read(path, &terminal_schema, &store);
    if (err)
        return err;
    err = export_rows(store, folder, ret_records);
    store_close(store);
    return err;
}
