/* How many cases a second become durable with sixteen in flight, against a bare
 * loop of the same inserts: the same tables, the same bytes, the same settings,
 * sixteen to a commit, and a truncating checkpoint after each commit.  What the
 * outbox does beyond that (two hashes, savepoints, the journal's chain, reading
 * back what was written, a thread to and fro) is what the ratio shows.
 *
 * Both write into the build folder, which is on a real disk; each round of each
 * begins with a new file.  The bare loop opens by store_open(), so that the
 * settings cannot differ; the rest is plain SQLite.  What our VFS in between
 * costs was tried in two runs of 31 rounds, turn and turn about: without it 1.03
 * and 0.99 of the rate with it, which is nothing. */
#include "tests/bench/figure.h"
#include "tests/unit/outbox_place.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/file.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/vfs.h>

enum {
    IN_FLIGHT = 16,
    CASES = 160 * IN_FLIGHT, /* a round */
    ROUNDS = 9,
    CASE_BYTES = 3072,
    JOURNAL_FIELDS = 110 /* bytes, as CASE_STORED's are */
};

static const double TARGET = 0.5;

static char sealed[CASE_BYTES];

/* ---- The outbox -------------------------------------------------------- */

struct sender {
    struct place place;
    int64_t next, stored;
};

static void put_next(struct sender *sender);

static void on_stored(void *owner, enum err err,
                      const struct journal_head *head)
{
    struct sender *sender = owner;
    (void)head;
    assert_int_equal(err, ERR_OK);
    sender->stored++;
    put_next(sender);
}

static void put_next(struct sender *sender)
{
    if (sender->next > CASES)
        return;
    struct outbox_case entry =
        place_case(sender->next++, sealed, sizeof sealed);
    outbox_put(sender->place.store, &entry, on_stored, sender);
}

static double measure_outbox(const char *path)
{
    struct sender sender = { .next = 1 };
    struct place *place = &sender.place;

    snprintf(place->path, sizeof place->path, "%s", path);
    place->loop = loop_new();
    place_open(place);
    double begin_ms = figure_now_ms();
    for (int i = 0; i < IN_FLIGHT; i++)
        put_next(&sender);
    while (sender.stored < CASES)
        loop_turn(place->loop, 1000);
    double seconds = (figure_now_ms() - begin_ms) / 1000;
    terminal_store_free(place->store);
    loop_free(place->loop);
    return CASES / seconds;
}

/* ---- The bare loop ----------------------------------------------------- */

struct bare {
    sqlite3 *db;
    sqlite3_stmt *insert, *journal;
};

static void run(sqlite3_stmt *statement)
{
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    return statement;
}

static void insert(const struct bare *bare, int64_t number)
{
    static char fields[JOURNAL_FIELDS];
    struct outbox_case entry = place_case(number, sealed, sizeof sealed);
    sqlite3_stmt *at = bare->insert;

    memset(fields, 'x', sizeof fields);
    sqlite3_bind_int64(at, 1, entry.number);
    sqlite3_bind_text(at, 2, entry.id, -1, SQLITE_STATIC);
    sqlite3_bind_text(at, 3, entry.receipt, -1, SQLITE_STATIC);
    sqlite3_bind_text(at, 4, entry.receipt_day, -1, SQLITE_STATIC);
    sqlite3_bind_int(at, 5, entry.receipt_sequence);
    sqlite3_bind_int64(at, 6, entry.wall_ms);
    sqlite3_bind_text(at, 7, entry.item, -1, SQLITE_STATIC);
    sqlite3_bind_blob(at, 8, sealed, CRYPTO_DIGEST_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(at, 9, entry.bytes, (int)entry.len, SQLITE_STATIC);
    run(at);
    at = bare->journal;
    sqlite3_bind_int64(at, 1, entry.number);
    sqlite3_bind_int64(at, 2, entry.wall_ms);
    sqlite3_bind_text(at, 3, "CASE_STORED", -1, SQLITE_STATIC);
    sqlite3_bind_text(at, 4, fields, sizeof fields, SQLITE_STATIC);
    sqlite3_bind_blob(at, 5, sealed, CRYPTO_DIGEST_BYTES, SQLITE_STATIC);
    run(at);
}

static void insert_all(const struct bare *bare)
{
    sqlite3_stmt *begin = prepare(bare->db, "BEGIN");
    sqlite3_stmt *commit = prepare(bare->db, "COMMIT");

    for (int64_t number = 1; number <= CASES;) {
        run(begin);
        for (int i = 0; i < IN_FLIGHT; i++)
            insert(bare, number++);
        run(commit);
        assert_int_equal(sqlite3_wal_checkpoint_v2(bare->db, "main",
                                                   SQLITE_CHECKPOINT_TRUNCATE,
                                                   NULL, NULL),
                         SQLITE_OK);
    }
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
}

static double measure_bare(const char *path)
{
    struct store *store = NULL;
    struct bare bare;

    assert_int_equal(store_open(path, &terminal_schema, NULL, &store), ERR_OK);
    bare.db = store->db;
    sqlite3_wal_hook(bare.db, NULL, NULL);
    sqlite3_wal_autocheckpoint(bare.db, 0);
    bare.insert = prepare(
        bare.db, "INSERT INTO cases (number, id, receipt, receipt_day, "
                 "receipt_sequence, stored_ms, item, state, digest, bytes) "
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?8, ?9)");
    bare.journal = prepare(
        bare.db, "INSERT INTO journal (number, wall_ms, name, fields, hash) "
                 "VALUES (?1, ?2, ?3, ?4, ?5)");
    double begin_ms = figure_now_ms();
    insert_all(&bare);
    double seconds = (figure_now_ms() - begin_ms) / 1000;
    sqlite3_finalize(bare.insert);
    sqlite3_finalize(bare.journal);
    store_close(store);
    return CASES / seconds;
}

/* ---- Both -------------------------------------------------------------- */

static bool is_in_memory(const char *folder)
{
    enum { TMPFS = 0x01021994 };
    struct statfs about;
    return statfs(folder, &about) == 0 && about.f_type == TMPFS;
}

static void print(double *outbox, double *bare, double *ratios,
                  const char *folder)
{
    char note[160];
    double least = figure_part(ratios, ROUNDS, 0);
    double ratio = figure_median(ratios, ROUNDS);
    snprintf(note, sizeof note,
             "bare loop %.0f; ratio of a round at least %.2f; %d rounds%s",
             figure_median(bare, ROUNDS), least, (int)ROUNDS,
             is_in_memory(folder) ? "; NOT ON A DISK" : "");
    figure_print("outbox-durable", figure_median(outbox, ROUNDS), "cases/s",
                 ratio, "at least 0.5 x bare", ratio >= TARGET, note);
}

int main(void)
{
    static double outbox[ROUNDS], bare[ROUNDS], ratios[ROUNDS];
    char folder[64], path[PATH_BYTES];
    const char *build = getenv("KIOSK_BUILD");

    snprintf(folder, sizeof folder, "%.40s/outbox-XXXXXX",
             build ? build : "build");
    assert_non_null(mkdtemp(folder));
    chance_bytes(sealed, sizeof sealed);
    snprintf(path, sizeof path, "%s/outbox.sqlite", folder);
    for (int round = 0; round < ROUNDS; round++) {
        outbox[round] = measure_outbox(path);
        assert_int_equal(file_remove_tree(folder), ERR_OK);
        assert_int_equal(file_make_folder(folder, 0700), ERR_OK);
        bare[round] = measure_bare(path);
        assert_int_equal(file_remove_tree(folder), ERR_OK);
        assert_int_equal(file_make_folder(folder, 0700), ERR_OK);
        ratios[round] = outbox[round] / bare[round];
    }
    print(outbox, bare, ratios, folder);
    return file_remove_tree(folder) == ERR_OK ? 0 : 1;
}
