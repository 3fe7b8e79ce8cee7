#include "tests/tty/kept.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/store/outbox_file.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 60000, FILE_MAX = 64 * 1024 * 1024 };

bool kept_holds(const struct kept *kept, const char *id)
{
    for (size_t i = 0; i < kept->count; i++)
        if (strcmp(kept->ids[i], id) == 0)
            return true;
    return false;
}

static void add(struct kept *kept, const char *id)
{
    assert_true(kept->count < KEPT_MAX);
    assert_false(kept_holds(kept, id));
    snprintf(kept->ids[kept->count++], CASE_ID_HEX, "%s", id);
}

static void verify_journal(const char *path)
{
    int64_t rows, bad_row;

    assert_int_equal(journal_verify(path, &rows, &bad_row), ERR_OK);
    assert_int_equal(bad_row, 0);
}

static void read_file(const char *path, struct kept *waiting)
{
    struct outbox_file file;
    struct outbox_file_case entry;
    size_t len, at = 0;
    char *bytes = NULL;

    assert_int_equal(file_read(path, FILE_MAX, &bytes, &len), ERR_OK);
    outbox_file_read(bytes, len, &file);
    assert_int_equal(file.flaw, OUTBOX_FLAW_NONE);
    while (waiting->count < file.count && outbox_file_next(&file, &at, &entry))
        add(waiting, entry.id);
    mem_free(bytes);
}

/* A program that was just killed may hold its store a moment longer. */
void kept_read_outbox(const char *state_folder, struct kept *ret_waiting)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    char path[WORLD_PATH], out[WORLD_PATH];
    struct outbox_export *export = NULL;

    ret_waiting->count = 0;
    world_join(path, state_folder, "kiosk.sqlite");
    world_join(out, state_folder, "waiting");
    enum err err = outbox_export_begin(path, &export);
    while (err == ERR_EXISTS && clock_monotonic_ms() < end_ms)
        err = outbox_export_begin(path, &export);
    if (err == ERR_NOT_FOUND)
        return;
    assert_int_equal(err, ERR_OK);
    bool has_cases = outbox_export_count(export) > 0;
    if (has_cases)
        assert_int_equal(outbox_export_write(export, out, NULL, NULL, NULL),
                         ERR_OK);
    outbox_export_end(export);
    if (!has_cases)
        return; /* perhaps not even tables */
    read_file(out, ret_waiting);
    assert_int_equal(file_remove(out), ERR_OK);
    verify_journal(path);
}

/* The hub ends when it finds its parent gone. */
void kept_read_hub(const char *state_folder, struct kept *ret_arrived)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    char path[WORLD_PATH];
    struct store *store = NULL;
    bool is_row = false;

    ret_arrived->count = 0;
    world_join(path, state_folder, "hub/hub.sqlite");
    enum err err = store_open_to_read(path, &hub_schema, &store);
    while (err == ERR_EXISTS && clock_monotonic_ms() < end_ms)
        err = store_open_to_read(path, &hub_schema, &store);
    if (err == ERR_NOT_FOUND)
        return;
    assert_int_equal(err, ERR_OK);
    /* One that was ended while it was being made has no tables yet. */
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT 1 FROM sqlite_schema WHERE name = 'cases'");
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    store_reset(row);
    if (is_row)
        row = store_prepare(store, "SELECT id FROM cases");
    while (is_row && !store_step(row, &is_row) && is_row)
        add(ret_arrived, store_column_text(row, 0));
    store_reset(row);
    store_close(store);
}

bool kept_has_arrived(const char *state_folder, const char *id)
{
    char path[WORLD_PATH], where[WORLD_PATH];

    world_join(path, state_folder, "hub");
    return world_holds(path, id, "", where);
}
