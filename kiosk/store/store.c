/* Opening, transactions and settings; statements are in statement.c. */
#include "kiosk/store/inside.h"

#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/vfs.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* "Kisk": every database of ours, so that no other file is taken for one. */
enum { APPLICATION_ID = 0x4b69736b };

/* Places in SQLite's file header (https://sqlite.org/fileformat.html 1.3). */
enum { HEADER_BYTES = 100, HEADER_VERSION = 60, HEADER_APPLICATION = 68 };

/* The order is part of it: synchronous=EXTRA set before WAL lost no case in
 * 158,680 simulated power cuts, FULL set on a new file lost some in 4,980. */
static const char settings[] = "PRAGMA locking_mode=EXCLUSIVE;"
                               "PRAGMA synchronous=EXTRA;"
                               "PRAGMA journal_mode=WAL;"
                               "PRAGMA secure_delete=ON;"
                               "PRAGMA foreign_keys=ON;"
                               "PRAGMA trusted_schema=OFF;"
                               "PRAGMA cell_size_check=ON;"
                               "PRAGMA temp_store=MEMORY;";

/* ---- What SQLite says, in our words ---- */

/* A full disk shows in several ways, depending on which call met it. */
static enum err io_error(struct sqlite3 *db)
{
    int number = db ? sqlite3_system_errno(db) : 0;
    if (number == EROFS)
        return ERR_READ_ONLY;
    return number == ENOSPC || number == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

enum err store_error(struct sqlite3 *db, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return ERR_OK;
    case SQLITE_FULL:
        return ERR_DISK_FULL;
    case SQLITE_READONLY:
        return ERR_READ_ONLY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CONSTRAINT:
        return ERR_EXISTS;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_CORRUPT;
    case SQLITE_TOOBIG:
        return ERR_TOO_BIG;
    default:
        return io_error(db);
    }
}

static enum err run_text(struct store *store, const char *sql)
{
    return store_error(store->db,
                       sqlite3_exec(store->db, sql, NULL, NULL, NULL));
}

/* ---- The WAL ---- */

void store_settle(struct store *store)
{
    if (!store->has_wal || !sqlite3_get_autocommit(store->db))
        return;
    if (sqlite3_wal_checkpoint_v2(store->db, "main", SQLITE_CHECKPOINT_TRUNCATE,
                                  NULL, NULL) == SQLITE_OK)
        store->has_wal = false;
}

/* After every commit that wrote, that of a lone statement included.  Being
 * set, it also turns off SQLite's own check-pointing. */
static int on_wal_grown(void *owner, struct sqlite3 *db, const char *name,
                        int pages)
{
    struct store *store = owner;
    (void)db;
    (void)name;
    (void)pages;
    store->has_wal = true;
    store_settle(store);
    return SQLITE_OK;
}

/* ---- Opening ---- */

static int64_t big_endian(const unsigned char *bytes)
{
    return (int64_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static enum err check_marks(const struct store_schema *schema,
                            int64_t application, int64_t version)
{
    if (application != APPLICATION_ID && (application != 0 || version != 0))
        return ERR_CORRUPT;
    return version > schema->count ? ERR_TOO_NEW : ERR_OK;
}

/* A look at the file before SQLite may touch it. */
static enum err check_header(const char *path,
                             const struct store_schema *schema)
{
    static const char magic[16] = "SQLite format 3";
    unsigned char header[HEADER_BYTES];
    size_t len = 0;

    enum err err = vfs_read_start(path, header, sizeof header, &len);
    if (err)
        return err;
    if (len < sizeof header || memcmp(header, magic, sizeof magic) != 0)
        return ERR_CORRUPT;
    return check_marks(schema, big_endian(header + HEADER_APPLICATION),
                       big_endian(header + HEADER_VERSION));
}

bool store_is_there(const char *path)
{
    unsigned char first;
    size_t len = 0;

    return vfs_read_start(path, &first, sizeof first, &len) != ERR_NOT_FOUND;
}

static enum err read_number(struct store *store, const char *sql,
                            int64_t *ret_number)
{
    sqlite3_stmt *row = NULL;

    int rc = sqlite3_prepare_v2(store->db, sql, -1, &row, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(row);
    enum err err = store_error(store->db, rc);
    if (!err)
        *ret_number = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return err;
}

/* Again now that the file is locked and its WAL read; also brings SQLite's
 * picture of the tables into memory. */
static enum err check_inside(struct store *store,
                             const struct store_schema *schema,
                             int64_t *ret_version)
{
    int64_t version = 0;
    int64_t application = 0;
    int64_t tables = 0;

    enum err err = read_number(store, "PRAGMA user_version", &version);
    if (!err)
        err = read_number(store, "PRAGMA application_id", &application);
    if (!err)
        err = read_number(store, "SELECT count(*) FROM sqlite_schema", &tables);
    if (!err)
        err = check_marks(schema, application, version);
    if (!err && version == 0 && tables > 0)
        err = ERR_CORRUPT;
    if (!err)
        *ret_version = version;
    return err;
}

/* The mode is a row of text: "wal", or what SQLite fell back to. */
static enum err check_wal(struct store *store)
{
    sqlite3_stmt *row = NULL;
    enum err err = ERR_IO;

    int rc =
        sqlite3_prepare_v2(store->db, "PRAGMA journal_mode", -1, &row, NULL);
    if (rc == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(row, 0);
        err = mode && strcmp(mode, "wal") == 0 ? ERR_OK : ERR_IO;
    }
    sqlite3_finalize(row);
    return err;
}

static enum err check_pages(struct store *store, const char *sql)
{
    sqlite3_stmt *row = NULL;
    enum err err = ERR_CORRUPT;

    int rc = sqlite3_prepare_v2(store->db, sql, -1, &row, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(row);
    if (rc == SQLITE_ROW) {
        const char *said = (const char *)sqlite3_column_text(row, 0);
        err = said && strcmp(said, "ok") == 0 ? ERR_OK : ERR_CORRUPT;
    } else {
        err = store_error(store->db, rc);
    }
    sqlite3_finalize(row);
    return err;
}

enum err store_check_pages(struct store *store)
{
    return check_pages(store, "PRAGMA integrity_check(1)");
}

/* A statement that fails by itself met tables that are not what their version
 * says: damage, not our bug. */
static enum err run_upgrades(struct store *store,
                             const struct store_schema *schema, int64_t from)
{
    char marks[96];
    enum err err = ERR_OK;

    for (int64_t at = from; !err && at < schema->count; at++) {
        int rc =
            sqlite3_exec(store->db, schema->upgrades[at], NULL, NULL, NULL);
        err = (rc & 0xff) == SQLITE_ERROR ? ERR_CORRUPT
                                          : store_error(store->db, rc);
    }
    snprintf(marks, sizeof marks,
             "PRAGMA application_id=%d; PRAGMA user_version=%d;",
             APPLICATION_ID, schema->count);
    if (!err)
        err = run_text(store, marks);
    return err;
}

static enum err upgrade(struct store *store, const struct store_schema *schema,
                        int64_t from)
{
    enum err err = ERR_OK;

    if (from == schema->count)
        return ERR_OK;
    if (from > 0)
        err = check_pages(store, "PRAGMA quick_check(1)");
    if (!err)
        err = store_begin(store);
    if (!err)
        err = run_upgrades(store, schema, from);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

/* Until the file has proved to be ours, closing must not write to it. */
static void hold_still(struct store *store, bool is_still)
{
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                      (int)is_still, NULL);
}

static enum err open_file(const char *path, int flags, struct store **ret_store)
{
    struct store *store = mem_new(sizeof *store);

    store->magic = STORE_MAGIC;
    int rc = sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX,
                             VFS_NAME);
    if (rc != SQLITE_OK) {
        enum err err = store_error(store->db, rc);
        store_close(store);
        return err;
    }
    hold_still(store, true);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    *ret_store = store;
    return ERR_OK;
}

static enum err settle_in(struct store *store,
                          const struct store_schema *schema,
                          int64_t *ret_version)
{
    enum err err = run_text(store, settings);
    if (!err && FAULT("store.lax")) /* the simulator's checker must find it */
        err = run_text(store, "PRAGMA synchronous=NORMAL;");
    if (!err)
        err = check_inside(store, schema, ret_version);
    if (!err)
        err = check_wal(store);
    return err;
}

enum err store_open(const char *path, const struct store_schema *schema,
                    int *ret_upgraded_from, struct store **ret_store)
{
    struct store *store = NULL;
    int64_t from = 0;

    enum err err = check_header(path, schema);
    bool is_new = err == ERR_NOT_FOUND;
    if (err && !is_new)
        return err;
    err = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &store);
    if (err)
        return err;
    /* The WAL gets its mode from the database. */
    if (is_new)
        err = vfs_protect(path);
    if (!err)
        err = settle_in(store, schema, &from);
    if (!err) {
        hold_still(store, false);
        sqlite3_wal_hook(store->db, on_wal_grown, store);
        store->has_wal = true; /* perhaps: a power cut may have left one */
        store_settle(store);
        err = upgrade(store, schema, from);
    }
    if (err) {
        store_close(store);
        return err;
    }
    if (ret_upgraded_from)
        *ret_upgraded_from = (int)from;
    *ret_store = store;
    return ERR_OK;
}

enum err store_open_to_read(const char *path, const struct store_schema *schema,
                            struct store **ret_store)
{
    struct store *store = NULL;
    int64_t version = 0;

    enum err err = check_header(path, schema);
    if (!err)
        err = open_file(path, SQLITE_OPEN_READWRITE, &store);
    if (err)
        return err;
    err = settle_in(store, schema, &version);
    if (!err)
        err = run_text(store, "PRAGMA query_only=ON;");
    if (err) {
        store_close(store);
        return err;
    }
    *ret_store = store;
    return ERR_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    assert(store->magic == STORE_MAGIC);
    store_forget_statements(store);
    /* Checks the WAL in and deletes it. */
    int rc = sqlite3_close(store->db);
    assert(rc == SQLITE_OK);
    store->magic = 0;
    mem_free(store);
}

/* ---- Transactions ---- */

enum err store_begin(struct store *store)
{
    assert(sqlite3_get_autocommit(store->db));
    return store_run(store_prepare(store, "BEGIN"));
}

/* SQLite does not sync what it truncates: until that is done, a power cut can
 * bring it back. */
static enum err sync_wal(struct store *store)
{
    sqlite3_file *wal = NULL;

    int rc = sqlite3_file_control(store->db, "main",
                                  SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    if (rc == SQLITE_OK && wal && wal->pMethods)
        rc = wal->pMethods->xSync(wal, SQLITE_SYNC_FULL);
    return store_error(store->db, rc);
}

enum err store_commit(struct store *store)
{
    assert(!sqlite3_get_autocommit(store->db));
    enum err err = store_run(store_prepare(store, "COMMIT"));
    if (!err) {
        store_settle(store);
        return ERR_OK;
    }
    store_roll_back(store);
    /* What of the group reached the WAL must not come back to life. */
    store->has_wal = true;
    store_settle(store);
    return store->has_wal || sync_wal(store) ? ERR_UNSURE : err;
}

void store_roll_back(struct store *store)
{
    if (sqlite3_get_autocommit(store->db))
        return;
    enum err err = store_run(store_prepare(store, "ROLLBACK"));
    /* Without memory for even that, the file's lock would outlive us. */
    assert(!err || sqlite3_get_autocommit(store->db));
}

bool store_is_in_transaction(const struct store *store)
{
    return !sqlite3_get_autocommit(store->db);
}

void store_forget_pages(struct store *store)
{
    sqlite3_db_release_memory(store->db);
}
