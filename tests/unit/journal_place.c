#include "tests/unit/journal_place.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/vfs.h"

#include <stdio.h>
#include <string.h>

enum { TURNS_MAX = 1000 };

int journal_place_set_up(void **state)
{
    static struct journal_place place;
    char path[JOURNAL_PATH_BYTES];

    memset(&place, 0, sizeof place);
    if (file_make_temporary(place.folder, sizeof place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/kiosk.sqlite", place.folder);
    snprintf(place.flat, sizeof place.flat, "%s/flat", place.folder);
    snprintf(path, sizeof path, "%s/office.key", place.folder);
    place.wall_ms = JOURNAL_START_MS;
    clock_pretend(1000, JOURNAL_START_MS);
    chance_seed(7);
    *state = &place;
    return key_open(path, KEY_OPEN, true, &place.office) ? -1 : 0;
}

int journal_place_tear_down(void **state)
{
    struct journal_place *place = *state;

    vfs_plan_end();
    journal_place_close(place);
    key_close(place->office);
    chance_seed_end();
    clock_pretend_end();
    return file_remove_tree(place->folder) == ERR_OK ? 0 : -1;
}

void journal_place_open(struct journal_place *place)
{
    assert_int_equal(
        store_open(place->path, &terminal_schema, NULL, &place->store), ERR_OK);
}

void journal_place_close(struct journal_place *place)
{
    store_close(place->store);
    place->store = NULL;
}

void journal_place_add(struct journal_place *place, int count)
{
    static const char *const names[] = { "SESSION_BEGUN", "CASE_STORED",
                                         "SESSION_ENDED" };
    struct journal_head head;
    char fields[64];

    journal_place_open(place);
    assert_int_equal(store_begin(place->store), ERR_OK);
    for (int i = 0; i < count; i++) {
        struct journal_row row = { place->wall_ms, names[i % 3], fields };
        snprintf(fields, sizeof fields, "{\"number\":%d}", i);
        assert_int_equal(journal_add_row(place->store, &row, &head), ERR_OK);
        place->wall_ms += i % 7 == 0 ? 1000000 : 1234;
    }
    assert_int_equal(store_commit(place->store), ERR_OK);
    journal_place_close(place);
}

/* ---- The office's part ---- */

struct sealing {
    int count;
    struct journal_report report;
};

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    (void)owner;
    (void)state;
    assert_int_equal(err, ERR_OK);
}

static void on_report(void *owner, enum err err,
                      const struct journal_report *report)
{
    struct sealing *sealing = owner;

    assert_int_equal(err, ERR_OK);
    sealing->report = *report;
    sealing->count++;
}

void journal_place_seal(struct journal_place *place)
{
    static const struct journal_head nothing;
    struct sealing sealing = { 0 };
    struct loop *loop = loop_new();
    struct terminal_store *store =
        terminal_store_new(loop, place->path, on_open, NULL);
    struct buf text;

    journal_seal_key(store, key_public(place->office), NULL, NULL);
    journal_report(store, &nothing, on_report, &sealing);
    for (int i = 0; i < TURNS_MAX && !sealing.count; i++)
        loop_turn(loop, 1000);
    assert_int_equal(sealing.count, 1);
    terminal_store_free(store);
    loop_free(loop);
    buf_init(&text, 256);
    assert_int_equal(
        journal_key_open(place->office, sealing.report.sealed, &text), ERR_OK);
    assert_int_equal(journal_key_parse(text.text, text.len, &place->key),
                     ERR_OK);
    buf_done(&text);
}

/* ---- Looking ---- */

void journal_place_sql(struct journal_place *place, const char *sql)
{
    journal_place_open(place);
    assert_int_equal(store_run(store_prepare(place->store, sql)), ERR_OK);
    journal_place_close(place);
}

struct journal_result
journal_place_check(const struct journal_place *place, const char *path,
                    const struct journal_check_settings *settings)
{
    struct journal_result result;

    assert_int_equal(
        journal_check_path(path ? path : place->path, settings, &result),
        ERR_OK);
    return result;
}

int64_t journal_place_bad(const struct journal_place *place,
                          const struct journal_key *key)
{
    const struct journal_check_settings settings = { .key = key };

    return journal_place_check(place, NULL, &settings).finding.number;
}
