/* The store: settings, upgrades, files that are not ours, and every single
 * write, sync and truncation failing in turn. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/store.h"
#include "kiosk/store/vfs.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 128, FILE_MAX = 4 * 1024 * 1024 };

static const char *const upgrades[] = {
    "CREATE TABLE things (name TEXT PRIMARY KEY, value BLOB);",
    "ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7;"
    "CREATE TABLE more (id INTEGER PRIMARY KEY);",
};
static const struct store_schema schema_1 = { upgrades, 1 };
static const struct store_schema schema_2 = { upgrades, 2 };

struct place {
    char folder[64];
    char path[PATH_BYTES];
    char wal[PATH_BYTES];
};

static int set_up(void **state)
{
    static struct place place;

    if (file_make_temporary(place.folder, sizeof place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/test.sqlite", place.folder);
    snprintf(place.wal, sizeof place.wal, "%s/test.sqlite-wal", place.folder);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    vfs_plan_end();
    return file_remove_tree(place->folder) == ERR_OK ? 0 : -1;
}

static struct store *open_store(const struct place *place,
                                const struct store_schema *schema)
{
    struct store *store = NULL;
    assert_int_equal(store_open(place->path, schema, NULL, &store), ERR_OK);
    return store;
}

static enum err try_put(struct store *store, const char *name,
                        const void *bytes, size_t len)
{
    struct sqlite3_stmt *put = store_prepare(
        store, "INSERT INTO things (name, value) VALUES (?1, ?2)");

    store_bind_text(put, 1, name);
    store_bind_bytes(put, 2, bytes, len);
    return store_run(put);
}

/* One transaction, as the writer does it. */
static enum err try_commit(struct store *store, const char *name,
                           const void *bytes, size_t len)
{
    enum err err = store_begin(store);
    if (!err)
        err = try_put(store, name, bytes, len);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    assert_false(store_is_in_transaction(store));
    return err;
}

static int64_t read_number(struct store *store, const char *sql)
{
    bool is_row = false;
    struct sqlite3_stmt *row = store_prepare(store, sql);

    assert_int_equal(store_step(row, &is_row), ERR_OK);
    assert_true(is_row);
    int64_t number = store_column_int(row, 0);
    store_reset(row);
    return number;
}

static void assert_text(struct store *store, const char *sql, const char *text)
{
    bool is_row = false;
    struct sqlite3_stmt *row = store_prepare(store, sql);

    assert_int_equal(store_step(row, &is_row), ERR_OK);
    assert_true(is_row);
    assert_string_equal(store_column_text(row, 0), text);
    store_reset(row);
}

static bool has(struct store *store, const char *name)
{
    bool is_row = false;
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT 1 FROM things WHERE name = ?1");

    store_bind_text(row, 1, name);
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    store_reset(row);
    return is_row;
}

static int64_t size_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (int64_t)about.st_size : -1;
}

struct content {
    char *text;
    size_t len;
};

static struct content content_of(const char *path)
{
    struct content content = { NULL, 0 };
    assert_int_equal(file_read(path, FILE_MAX, &content.text, &content.len),
                     ERR_OK);
    return content;
}

static void count_name(void *owner, const char *name)
{
    int *count = owner;
    (void)name;
    (*count)++;
}

/* Opening fails with err, and leaves exactly this file behind. */
static void refuse(const struct place *place, const struct store_schema *schema,
                   enum err wanted)
{
    struct store *store = NULL;
    int from = -5;
    int files = 0;
    struct content before = content_of(place->path);

    assert_int_equal(store_open(place->path, schema, &from, &store), wanted);
    assert_null(store);
    assert_int_equal(from, -5);
    struct content after = content_of(place->path);
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.text, after.text, before.len);
    assert_int_equal(file_list(place->folder, "", count_name, &files), ERR_OK);
    assert_int_equal(files, 1);
    mem_free(before.text);
    mem_free(after.text);
}

/* ---- Opening -------------------------------------------------------------- */

static void test_settings(void **state)
{
    const struct place *place = *state;
    struct stat about;
    int from = -1;
    struct store *store = NULL;

    assert_int_equal(store_open(place->path, &schema_2, &from, &store), ERR_OK);
    assert_int_equal(from, 0);
    assert_text(store, "PRAGMA locking_mode", "exclusive");
    assert_text(store, "PRAGMA journal_mode", "wal");
    assert_int_equal(read_number(store, "PRAGMA synchronous"), 3);
    assert_int_equal(read_number(store, "PRAGMA secure_delete"), 1);
    assert_int_equal(read_number(store, "PRAGMA foreign_keys"), 1);
    assert_int_equal(read_number(store, "PRAGMA trusted_schema"), 0);
    assert_int_equal(read_number(store, "PRAGMA cell_size_check"), 1);
    assert_int_equal(read_number(store, "PRAGMA temp_store"), 2);
    assert_int_equal(read_number(store, "PRAGMA user_version"), 2);
    assert_int_equal(stat(place->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(place->wal, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    store_close(store);
    store_close(NULL);
}

static void test_upgrade(void **state)
{
    const struct place *place = *state;
    int from = -1;
    struct store *store = open_store(place, &schema_1);

    assert_int_equal(try_commit(store, "old", "x", 1), ERR_OK);
    store_close(store);
    assert_int_equal(store_open(place->path, &schema_2, &from, &store), ERR_OK);
    assert_int_equal(from, 1);
    assert_int_equal(
        read_number(store, "SELECT size FROM things WHERE name = 'old'"), 7);
    assert_int_equal(size_of(place->wal), 0);
    store_close(store);
    assert_int_equal(store_open(place->path, &schema_2, &from, &store), ERR_OK);
    assert_int_equal(from, 2);
    store_close(store);
}

static void test_upgrade_fails(void **state)
{
    static const char *const bad[] = {
        "CREATE TABLE things (name TEXT PRIMARY KEY, value BLOB);",
        "CREATE TABLE another (id INTEGER PRIMARY KEY);"
        "ALTER TABLE nowhere ADD COLUMN size INTEGER;",
    };
    static const struct store_schema schema = { bad, 2 };
    const struct place *place = *state;
    struct store *store = open_store(place, &schema_1);

    assert_int_equal(try_commit(store, "old", "x", 1), ERR_OK);
    store_close(store);
    refuse(place, &schema, ERR_CORRUPT);
    store = open_store(place, &schema_1);
    assert_true(has(store, "old"));
    assert_int_equal(read_number(store, "SELECT count(*) FROM sqlite_schema "
                                        "WHERE name = 'another'"),
                     0);
    store_close(store);
}

/* Whichever write of an upgrade fails, the store is of one version or the
 * other, and whole. */
static void test_upgrade_full_disk(void **state)
{
    const struct place *place = *state;
    bool was_refused = false;
    enum err err = ERR_DISK_FULL;

    for (uint64_t n = 0; err; n++) {
        struct store *store = open_store(place, &schema_1);
        assert_int_equal(try_commit(store, "old", "x", 1), ERR_OK);
        store_close(store);
        vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, n, -1 });
        err = store_open(place->path, &schema_2, NULL, &store);
        if (err) {
            assert_int_equal(err, ERR_DISK_FULL);
            was_refused = true;
            vfs_plan_end();
            store = open_store(place, &schema_1);
        }
        assert_true(has(store, "old"));
        vfs_plan_end();
        store_close(store);
        assert_int_equal(file_remove(place->path), ERR_OK);
    }
    assert_true(was_refused);
}

static void test_too_new(void **state)
{
    const struct place *place = *state;
    store_close(open_store(place, &schema_2));
    refuse(place, &schema_1, ERR_TOO_NEW);
}

static void test_not_ours(void **state)
{
    const struct place *place = *state;
    char noise[5000];

    memset(noise, '#', sizeof noise);
    assert_int_equal(file_replace(place->path, noise, sizeof noise, 0600),
                     ERR_OK);
    refuse(place, &schema_2, ERR_CORRUPT);
    assert_int_equal(file_replace(place->path, "SQLite format 3", 16, 0600),
                     ERR_OK);
    refuse(place, &schema_2, ERR_CORRUPT);
    assert_int_equal(file_remove(place->path), ERR_OK);

    /* Another program's database: only its application id differs. */
    store_close(open_store(place, &schema_2));
    struct content ours = content_of(place->path);
    ours.text[71] ^= 1;
    assert_int_equal(file_replace(place->path, ours.text, ours.len, 0600),
                     ERR_OK);
    refuse(place, &schema_2, ERR_CORRUPT);
    /* No marks at all, but tables. */
    memset(ours.text + 60, 0, 4);
    memset(ours.text + 68, 0, 4);
    assert_int_equal(file_replace(place->path, ours.text, ours.len, 0600),
                     ERR_OK);
    static const char *const other[] = { "CREATE TABLE unrelated (x);" };
    static const struct store_schema schema = { other, 1 };
    struct store *store = NULL;
    assert_int_equal(store_open(place->path, &schema, NULL, &store),
                     ERR_CORRUPT);
    struct content after = content_of(place->path);
    assert_int_equal(after.len, ours.len);
    assert_memory_equal(after.text, ours.text, ours.len);
    mem_free(ours.text);
    mem_free(after.text);
}

/* An empty file is what a power cut may leave of a new store. */
static void test_empty_file(void **state)
{
    const struct place *place = *state;
    int from = -1;
    struct store *store = NULL;

    assert_int_equal(file_replace(place->path, "", 0, 0600), ERR_OK);
    assert_int_equal(store_open(place->path, &schema_2, &from, &store), ERR_OK);
    assert_int_equal(from, 0);
    assert_int_equal(try_commit(store, "new", "x", 1), ERR_OK);
    store_close(store);
}

/* Damaged pages are found before an upgrade may build on them. */
static void test_damaged_pages(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place, &schema_1);
    unsigned char big[20000] = { 1 };

    assert_int_equal(try_commit(store, "big", big, sizeof big), ERR_OK);
    store_close(store);
    struct content file = content_of(place->path);
    assert_true(file.len > 3 * 4096);
    memset(file.text + 4096, 0x55, 200);
    assert_int_equal(file_replace(place->path, file.text, file.len, 0600),
                     ERR_OK);
    mem_free(file.text);
    struct store *none = NULL;
    struct content before = content_of(place->path);
    assert_int_equal(store_open(place->path, &schema_2, NULL, &none),
                     ERR_CORRUPT);
    struct content after = content_of(place->path);
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.text, after.text, before.len);
    mem_free(before.text);
    mem_free(after.text);
}

static void test_opened_twice(void **state)
{
    const struct place *place = *state;
    struct store *first = open_store(place, &schema_2);
    struct store *second = NULL;

    assert_int_equal(store_open(place->path, &schema_2, NULL, &second),
                     ERR_EXISTS);
    assert_int_equal(store_open_to_read(place->path, &schema_2, &second),
                     ERR_EXISTS);
    assert_null(second);
    /* Looking did not cost the first one its lock or its work. */
    assert_int_equal(try_commit(first, "mine", "x", 1), ERR_OK);
    assert_int_equal(store_open(place->path, &schema_2, NULL, &second),
                     ERR_EXISTS);
    store_close(first);
    second = open_store(place, &schema_2);
    assert_true(has(second, "mine"));
    store_close(second);
}

static void test_no_folder(void **state)
{
    const struct place *place = *state;
    char path[PATH_BYTES + 16];
    struct store *store = NULL;

    snprintf(path, sizeof path, "%s/none/test.sqlite", place->folder);
    assert_int_equal(store_open(path, &schema_2, NULL, &store), ERR_IO);
    assert_null(store);
}

static void test_open_to_read(void **state)
{
    const struct place *place = *state;
    struct store *store = NULL;

    assert_int_equal(store_open_to_read(place->path, &schema_2, &store),
                     ERR_NOT_FOUND);
    assert_int_equal(size_of(place->path), -1);
    store = open_store(place, &schema_1);
    assert_int_equal(try_commit(store, "old", "x", 1), ERR_OK);
    store_close(store);
    struct content before = content_of(place->path);
    assert_int_equal(store_open_to_read(place->path, &schema_2, &store),
                     ERR_OK);
    assert_int_equal(read_number(store, "PRAGMA user_version"), 1);
    assert_true(has(store, "old"));
    assert_int_not_equal(try_put(store, "new", "x", 1), ERR_OK);
    store_close(store);
    struct content after = content_of(place->path);
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.text, after.text, before.len);
    mem_free(before.text);
    mem_free(after.text);
}

static void copy_file(const char *from, const char *to)
{
    struct content content = content_of(from);
    assert_int_equal(file_replace(to, content.text, content.len, 0600), ERR_OK);
    mem_free(content.text);
}

/* A power cut between the commit and the truncation leaves a WAL: one who only
 * looks sees what is in it and leaves it there; opening takes it in. */
static void test_left_wal(void **state)
{
    const struct place *place = *state;
    struct place cut = *place;
    struct store *store = open_store(place, &schema_2);

    snprintf(cut.path, sizeof cut.path, "%s/cut.sqlite", place->folder);
    snprintf(cut.wal, sizeof cut.wal, "%s/cut.sqlite-wal", place->folder);
    /* The page itself cannot be written; the WAL was. */
    vfs_plan_fail(&(struct vfs_plan){ VFS_SYNC, VFS_FAIL_IO, 2, -1 });
    assert_int_equal(try_commit(store, "left", "x", 1), ERR_OK);
    vfs_plan_end();
    assert_true(size_of(place->wal) > 0);
    copy_file(place->path, cut.path);
    copy_file(place->wal, cut.wal);
    store_close(store);

    for (int i = 0; i < 2; i++) {
        struct content before = content_of(cut.wal);
        assert_int_equal(store_open_to_read(cut.path, &schema_2, &store),
                         ERR_OK);
        assert_true(has(store, "left"));
        store_close(store);
        struct content after = content_of(cut.wal);
        assert_int_equal(before.len, after.len);
        assert_memory_equal(before.text, after.text, before.len);
        mem_free(before.text);
        mem_free(after.text);
    }
    store = open_store(&cut, &schema_2);
    assert_int_equal(size_of(cut.wal), 0);
    assert_true(has(store, "left"));
    store_close(store);
}

/* ---- Statements ------------------------------------------------------------- */

static void test_values(void **state)
{
    struct store *store = open_store(*state, &schema_2);
    static const char insert[] =
        "INSERT INTO things (name, value, size) VALUES (?1, ?2, ?3)";
    static const char select[] =
        "SELECT name, value, size, NULL FROM things WHERE name = ?1";
    bool is_row = false;
    size_t len = 9;
    char name[] = "n\xc3\xa4me";

    struct sqlite3_stmt *put = store_prepare(store, insert);
    store_bind_text(put, 1, name);
    store_bind_bytes(put, 2, "a\0b", 3);
    store_bind_int(put, 3, INT64_MIN);
    memset(name, '?', sizeof name - 1); /* values are copied */
    assert_int_equal(store_run(put), ERR_OK);
    assert_ptr_equal(store_prepare(store, insert), put);
    store_bind_text(put, 1, "empty");
    store_bind_bytes(put, 2, NULL, 0);
    store_bind_int(put, 3, 0);
    assert_int_equal(store_run(put), ERR_OK);
    /* Nothing of the row before is left bound. */
    put = store_prepare(store, insert);
    store_bind_text(put, 1, "unbound");
    assert_int_equal(store_run(put), ERR_EXISTS);

    struct sqlite3_stmt *get = store_prepare(store, select);
    store_bind_text(get, 1, "n\xc3\xa4me");
    assert_int_equal(store_step(get, &is_row), ERR_OK);
    assert_true(is_row);
    assert_string_equal(store_column_text(get, 0), "n\xc3\xa4me");
    assert_memory_equal(store_column_bytes(get, 1, &len), "a\0b", 3);
    assert_int_equal(len, 3);
    assert_true(store_column_int(get, 2) == INT64_MIN);
    assert_null(store_column_text(get, 3));
    assert_int_equal(store_step(get, &is_row), ERR_OK);
    assert_false(is_row);
    store_reset(get);
    assert_int_equal(read_number(store, "SELECT length(value) IS 0 FROM things "
                                        "WHERE name = 'empty'"),
                     1);
    store_close(store);
}

static void test_constraint(void **state)
{
    struct store *store = open_store(*state, &schema_2);

    assert_int_equal(try_commit(store, "one", "x", 1), ERR_OK);
    assert_int_equal(try_commit(store, "one", "y", 1), ERR_EXISTS);
    assert_int_equal(try_commit(store, "two", "y", 1), ERR_OK);
    store_close(store);
}

/* ---- Commits ------------------------------------------------------------------ */

static void test_wal_is_empty(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place, &schema_2);
    struct vfs_counts before = vfs_count();

    assert_int_equal(try_commit(store, "one", "x", 1), ERR_OK);
    assert_int_equal(size_of(place->wal), 0);
    struct vfs_counts after = vfs_count();
    assert_true(after.done[VFS_WRITE] > before.done[VFS_WRITE]);
    assert_true(after.done[VFS_SYNC] >= before.done[VFS_SYNC] + 3);
    /* A lone statement is a transaction, too. */
    assert_int_equal(try_put(store, "two", "x", 1), ERR_OK);
    assert_int_equal(size_of(place->wal), 0);
    /* What only reads costs nothing. */
    before = vfs_count();
    assert_int_equal(store_begin(store), ERR_OK);
    assert_true(has(store, "two"));
    assert_int_equal(store_commit(store), ERR_OK);
    after = vfs_count();
    assert_memory_equal(&before, &after, sizeof before);
    store_close(store);
    assert_int_equal(size_of(place->wal), -1);
}

static void test_roll_back(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place, &schema_2);

    assert_int_equal(store_begin(store), ERR_OK);
    assert_true(store_is_in_transaction(store));
    assert_int_equal(try_put(store, "one", "x", 1), ERR_OK);
    store_roll_back(store);
    assert_false(has(store, "one"));
    store_roll_back(store);
    store_close(store);
    store = open_store(place, &schema_2);
    assert_false(has(store, "one"));
    store_close(store);
}

/* What is on the disk at this moment, opened as after a power cut. */
static bool has_after_cut(const struct place *place, const char *name)
{
    struct place cut;
    char *text;
    size_t len;

    assert_int_equal(file_make_temporary(cut.folder, sizeof cut.folder),
                     ERR_OK);
    snprintf(cut.path, sizeof cut.path, "%s/test.sqlite", cut.folder);
    snprintf(cut.wal, sizeof cut.wal, "%s/test.sqlite-wal", cut.folder);
    assert_int_equal(file_read(place->path, FILE_MAX, &text, &len), ERR_OK);
    assert_int_equal(file_replace(cut.path, text, len, 0600), ERR_OK);
    mem_free(text);
    if (file_read(place->wal, FILE_MAX, &text, &len) == ERR_OK) {
        assert_int_equal(file_replace(cut.wal, text, len, 0600), ERR_OK);
        mem_free(text);
    }
    struct store *store = open_store(&cut, &schema_2);
    bool is_there = has(store, name);
    assert_text(store, "PRAGMA integrity_check", "ok");
    assert_int_equal(size_of(cut.wal) > 0, 0);
    store_close(store);
    assert_int_equal(file_remove_tree(cut.folder), ERR_OK);
    return is_there;
}

static void test_cut(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place, &schema_2);

    assert_int_equal(try_commit(store, "one", "x", 1), ERR_OK);
    assert_true(has_after_cut(place, "one"));
    assert_int_equal(store_begin(store), ERR_OK);
    assert_int_equal(try_put(store, "two", "x", 1), ERR_OK);
    assert_false(has_after_cut(place, "two"));
    assert_int_equal(store_commit(store), ERR_OK);
    assert_true(has_after_cut(place, "two"));
    store_close(store);
}

/* The promise, with failure at every single step: what was answered ERR_OK is
 * there, what was answered with an error is not: now, after a power cut, and
 * after closing; and the next transaction goes well. */
static void fail_each(const struct place *place, enum vfs_operation operation,
                      enum vfs_failure failure, int times)
{
    static unsigned char big[30000];
    struct store *store = open_store(place, &schema_2);
    bool was_hit = true;
    int refused = 0;
    static int number;

    memset(big, 0x5a, sizeof big);
    for (uint64_t n = 0; was_hit; n++) {
        char name[32];
        char next[32];
        snprintf(name, sizeof name, "%d", number++);
        snprintf(next, sizeof next, "%d", number++);

        uint64_t before = vfs_count().failed;
        vfs_plan_fail(&(struct vfs_plan){ operation, failure, n, times });
        enum err err = try_commit(store, name, big, sizeof big);
        was_hit = vfs_count().failed > before;
        vfs_plan_end();
        refused += err != ERR_OK;
        if (err && failure == VFS_FAIL_FULL)
            assert_int_equal(err, ERR_DISK_FULL);
        else if (err != ERR_UNSURE || operation != VFS_SYNC || times == 1)
            assert_int_equal(err, err ? ERR_IO : ERR_OK);
        if (!was_hit)
            assert_int_equal(err, ERR_OK);
        assert_int_equal(has(store, name), err == ERR_OK);
        assert_int_equal(has_after_cut(place, name), err == ERR_OK);
        assert_int_equal(try_commit(store, next, "x", 1), ERR_OK);
        assert_int_equal(size_of(place->wal), 0);
        store_close(store);
        store = open_store(place, &schema_2);
        assert_int_equal(has(store, name), err == ERR_OK);
        assert_true(has(store, next));
        assert_text(store, "PRAGMA integrity_check", "ok");
    }
    /* Truncating is only the tidying up after the promise was kept. */
    assert_int_equal(refused > 0, operation != VFS_TRUNCATE);
    store_close(store);
}

static void test_write_fails_once(void **state)
{
    fail_each(*state, VFS_WRITE, VFS_FAIL_IO, 1);
}

static void test_write_fails_for_ever(void **state)
{
    fail_each(*state, VFS_WRITE, VFS_FAIL_FULL, -1);
}

static void test_sync_fails_once(void **state)
{
    fail_each(*state, VFS_SYNC, VFS_FAIL_IO, 1);
}

static void test_sync_fails_for_ever(void **state)
{
    fail_each(*state, VFS_SYNC, VFS_FAIL_IO, -1);
}

static void test_truncate_fails(void **state)
{
    fail_each(*state, VFS_TRUNCATE, VFS_FAIL_IO, 1);
    fail_each(*state, VFS_TRUNCATE, VFS_FAIL_IO, -1);
}

/* A new store on a failing disk: an error, and the next start goes well. */
static void test_open_fails(void **state)
{
    const struct place *place = *state;
    enum err err = ERR_IO;

    for (uint64_t n = 0; err; n++) {
        struct store *store = NULL;
        vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, n, -1 });
        err = store_open(place->path, &schema_2, NULL, &store);
        vfs_plan_end();
        if (err) {
            assert_int_equal(err, ERR_DISK_FULL);
            assert_null(store);
            store = open_store(place, &schema_2);
        }
        assert_int_equal(try_commit(store, "x", "x", 1), ERR_OK);
        store_close(store);
        assert_int_equal(file_remove(place->path), ERR_OK);
        assert_true(n < 1000);
    }
}

/* Whether the file gives the value back, bit by bit. */
static bool gives(struct store *store, const unsigned char *bytes, size_t size)
{
    size_t len = 0;
    bool is_row = false;
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT value FROM things WHERE name = 'big'");

    enum err err = store_step(row, &is_row);
    const void *got = !err && is_row ? store_column_bytes(row, 0, &len) : NULL;
    bool is_same = len == size && memcmp(got, bytes, len) == 0;
    store_reset(row);
    return is_same;
}

/* SQLite's own pages hide what the disk did; forgotten, they do not. */
static void test_forget_pages(void **state)
{
    const struct place *place = *state;
    unsigned char big[20000];
    int hidden = 0;
    int found = 0;

    memset(big, 0x5a, sizeof big);
    for (uint64_t n = 0; n < 30; n++) {
        struct store *store = open_store(place, &schema_2);
        vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_GARBLED, n, 1 });
        enum err err = try_commit(store, "big", big, sizeof big);
        vfs_plan_end();
        hidden += err == ERR_OK && gives(store, big, sizeof big);
        store_forget_pages(store);
        found += err == ERR_OK && !gives(store, big, sizeof big);
        store_close(store);
        assert_int_equal(file_remove(place->path), ERR_OK);
    }
    assert_true(hidden > 20);
    assert_true(found > 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_settings),
        TEST(test_upgrade),
        TEST(test_upgrade_fails),
        TEST(test_upgrade_full_disk),
        TEST(test_too_new),
        TEST(test_not_ours),
        TEST(test_empty_file),
        TEST(test_damaged_pages),
        TEST(test_opened_twice),
        TEST(test_no_folder),
        TEST(test_open_to_read),
        TEST(test_left_wal),
        TEST(test_values),
        TEST(test_constraint),
        TEST(test_wal_is_empty),
        TEST(test_roll_back),
        TEST(test_cut),
        TEST(test_write_fails_once),
        TEST(test_write_fails_for_ever),
        TEST(test_sync_fails_once),
        TEST(test_sync_fails_for_ever),
        TEST(test_truncate_fails),
        TEST(test_open_fails),
        TEST(test_forget_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
