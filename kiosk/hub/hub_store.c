#include "kiosk/hub/hub_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"

enum { HOUR_MS = 60 * 60 * 1000, DAY_MS = 24 * HOUR_MS, SEQUENCE_MAX = 999999 };

/* An item without a verified implementation code (实施编码) has zeros in its
 * place: a code is never invented. */
static const char no_item_code[] = "0000000000000000000000000000000";
_Static_assert(sizeof(no_item_code) - 1 + 8 + 6 == CASE_NUMBER_CHARS,
               "31 of the item's code, 8 of the day, 6 of the sequence");

static const char *const upgrades[] = {
    "CREATE TABLE machines ("
    " machine TEXT PRIMARY KEY, public_key BLOB NOT NULL,"
    " health TEXT NOT NULL DEFAULT '', seen_ms INTEGER NOT NULL);"
    "CREATE TABLE cases ("
    " id TEXT PRIMARY KEY, machine TEXT NOT NULL, receipt TEXT NOT NULL,"
    " item TEXT NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL,"
    " envelope BLOB NOT NULL, digest BLOB NOT NULL, state TEXT NOT NULL,"
    " case_number TEXT NOT NULL UNIQUE, received_ms INTEGER NOT NULL,"
    " address_hash BLOB);"
    "CREATE INDEX cases_by_address ON cases (address_hash);"
    "CREATE TABLE days (day TEXT PRIMARY KEY, last INTEGER NOT NULL);"
    "CREATE TABLE lookups (address_hash BLOB PRIMARY KEY,"
    " wrong INTEGER NOT NULL, since_ms INTEGER NOT NULL);",
    /* What heartbeats tell of the machines' journals. */
    "ALTER TABLE machines ADD COLUMN journal_number INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE machines ADD COLUMN journal_hash BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE machines ADD COLUMN journal_told_ms INTEGER NOT NULL"
    " DEFAULT 0;"
    "ALTER TABLE machines ADD COLUMN journal_differs INTEGER NOT NULL"
    " DEFAULT 0;",
    /* Whose a case is (hub_index.c), what the office said of it, who called,
     * and certificates. */
    "ALTER TABLE cases ADD COLUMN person BLOB;"
    "ALTER TABLE cases ADD COLUMN is_indexed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE cases ADD COLUMN changed_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE cases ADD COLUMN words BLOB NOT NULL DEFAULT x'';"
    "CREATE INDEX cases_by_person ON cases (person, received_ms);"
    "CREATE INDEX cases_by_receipt ON cases (receipt);"
    "CREATE INDEX cases_to_index ON cases (is_indexed) WHERE is_indexed = 0;"
    "CREATE TABLE marks (name TEXT PRIMARY KEY, mark BLOB NOT NULL);"
    "ALTER TABLE lookups ADD COLUMN last_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE machines ADD COLUMN call_number INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE machines ADD COLUMN call_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE machines ADD COLUMN call_state INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE certificates ("
    " number TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL,"
    " sealed BLOB NOT NULL, sha256 BLOB NOT NULL,"
    " issued TEXT NOT NULL, valid_until TEXT NOT NULL,"
    " address_hash BLOB NOT NULL);"
    "CREATE INDEX certificates_by_address ON certificates (address_hash);",
    /* Why somebody should look at a case that was taken. */
    ("ALTER TABLE cases ADD COLUMN mark TEXT NOT NULL DEFAULT '';"
     "CREATE INDEX cases_to_look_at ON cases (received_ms) WHERE mark != '';"),
    /* Places in time, held or booked: hub_store_slots.c. */
    "CREATE TABLE slots ("
    " token TEXT PRIMARY KEY, machine TEXT NOT NULL, request TEXT NOT NULL,"
    " slot TEXT NOT NULL, until_ms INTEGER NOT NULL, state TEXT NOT NULL,"
    " case_id TEXT UNIQUE);"
    "CREATE INDEX slots_by_slot ON slots (slot);",
    /* What is to be paid, and the money that came (payments.c). */
    ("CREATE TABLE payments ("
     " token TEXT PRIMARY KEY, machine TEXT NOT NULL, request TEXT NOT NULL,"
     " item TEXT NOT NULL, about TEXT NOT NULL, fen INTEGER NOT NULL,"
     " made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,"
     " UNIQUE (machine, request));"
     "CREATE INDEX payments_by_about ON payments (about);"
     "CREATE TABLE takings ("
     " id TEXT PRIMARY KEY, token TEXT NOT NULL, taken_ms INTEGER NOT NULL,"
     " receipt TEXT NOT NULL, is_back INTEGER NOT NULL);"
     "CREATE INDEX takings_by_token ON takings (token);"
     "CREATE UNIQUE INDEX paid_once ON takings (token) WHERE NOT is_back;"),
};

const struct store_schema hub_schema = {
    .upgrades = upgrades,
    .count = sizeof(upgrades) / sizeof(upgrades[0]),
};

/* Columns are ours, but the file is outside: what does not fit is damage. */
static bool take_text(char *to, size_t size, const char *from)
{
    size_t len = from == NULL ? size : strlen(from);

    if (len >= size)
        return false;
    memcpy(to, from, len + 1);
    return true;
}

#define CASE_COLUMNS "id, machine, state, case_number, digest"

enum err hub_store_read_case(struct sqlite3_stmt *row,
                             struct hub_case *ret_case)
{
    struct hub_case found;
    size_t len;
    const void *digest = store_column_bytes(row, 4, &len);

    if (!take_text(found.id, sizeof(found.id), store_column_text(row, 0)) ||
        !take_text(found.machine, sizeof(found.machine),
                   store_column_text(row, 1)) ||
        !take_text(found.state, sizeof(found.state),
                   store_column_text(row, 2)) ||
        !take_text(found.case_number, sizeof(found.case_number),
                   store_column_text(row, 3)) ||
        len != sizeof(found.digest))
        return ERR_CORRUPT;
    memcpy(found.digest, digest, sizeof(found.digest));
    *ret_case = found;
    return ERR_OK;
}

enum err hub_store_find(struct store *store, const char *id,
                        struct hub_case *ret_case)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT " CASE_COLUMNS " FROM cases WHERE id = ?1");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, id);
    err = store_step(row, &is_row);
    if (!err)
        err = is_row ? hub_store_read_case(row, ret_case) : ERR_NOT_FOUND;
    store_reset(row);
    return err;
}

static void hash_address(const char *address,
                         unsigned char hash[CRYPTO_DIGEST_BYTES])
{
    digest_of(address, strlen(address), hash);
}

enum err hub_store_find_address(struct store *store, const char *address,
                                struct hub_case *ret_case, struct buf *envelope)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT " CASE_COLUMNS ", envelope FROM cases"
                             " WHERE address_hash = ?1"
                             " ORDER BY received_ms LIMIT 1");
    unsigned char hash[CRYPTO_DIGEST_BYTES];
    const void *bytes;
    size_t len;
    bool is_row;
    enum err err;

    hash_address(address, hash);
    store_bind_bytes(row, 1, hash, sizeof(hash));
    err = store_step(row, &is_row);
    if (!err)
        err = is_row ? hub_store_read_case(row, ret_case) : ERR_NOT_FOUND;
    if (!err) {
        bytes = store_column_bytes(row, 5, &len);
        buf_add(envelope, bytes, len);
    }
    store_reset(row);
    return err;
}

enum err hub_store_next_of(struct store *store, const char *series,
                           int64_t *ret_number)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "INSERT INTO days (day, last) VALUES (?1, 1)"
                             " ON CONFLICT (day) DO UPDATE SET last = last + 1"
                             " WHERE last < ?2 RETURNING last");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, series);
    store_bind_int(row, 2, SEQUENCE_MAX);
    err = store_step(row, &is_row);
    if (!err)
        *ret_number = is_row ? store_column_int(row, 0) : 0;
    store_reset(row);
    return err;
}

/* Item code, day, sequence.  The millionth case of a day takes the next day's
 * number, because a case is always taken. */
static enum err make_case_number(struct store *store, int64_t wall_ms,
                                 char number[CASE_NUMBER_CHARS + 1])
{
    int64_t sequence = 0;
    char day[16];
    enum err err;

    do {
        struct clock_fields now = clock_split(wall_ms);

        snprintf(day, sizeof(day), "%04u%02u%02u", (unsigned)now.year % 10000u,
                 (unsigned)now.month % 100u, (unsigned)now.day % 100u);
        err = hub_store_next_of(store, day, &sequence);
        wall_ms += DAY_MS;
    } while (!err && sequence == 0);
    if (err)
        return err;
    snprintf(number, CASE_NUMBER_CHARS + 1, "%s%.8s%06u", no_item_code, day,
             (unsigned)sequence % (SEQUENCE_MAX + 1u));
    return ERR_OK;
}

/* wall_ms 0: it was not seen, only heard of. */
static enum err touch_machine(struct store *store, const char *machine,
                              const unsigned char *public_key, int64_t wall_ms)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO machines (machine, public_key, seen_ms)"
               " VALUES (?1, ?2, ?3)"
               " ON CONFLICT (machine) DO UPDATE SET"
               " seen_ms = iif(?3 = 0, seen_ms, ?3)");

    store_bind_text(row, 1, machine);
    store_bind_bytes(row, 2, public_key, CRYPTO_PUBLIC_BYTES);
    store_bind_int(row, 3, wall_ms);
    return store_run(row);
}

/* A case that tells only its hour came in at that hour, and no more is kept:
 * the moment of arrival would tell what the envelope leaves out. */
static int64_t received_ms(const struct hub_new_case *entry)
{
    bool is_hour_only =
        strlen(entry->envelope->time) == strlen("2026-11-23T14");

    return is_hour_only ? entry->wall_ms - entry->wall_ms % HOUR_MS
                        : entry->wall_ms;
}

static enum err insert_case(struct store *store,
                            const struct hub_new_case *entry,
                            const struct hub_case *made)
{
    const struct envelope *envelope = entry->envelope;
    unsigned char hash[CRYPTO_DIGEST_BYTES];
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO cases (id, machine, receipt, item, version, number,"
               " envelope, digest, state, case_number, received_ms,"
               " address_hash, person, is_indexed, mark) VALUES"
               " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1,"
               " ?14)");

    store_bind_text(row, 1, made->id);
    store_bind_text(row, 2, made->machine);
    store_bind_text(row, 3, envelope->receipt);
    store_bind_text(row, 4, envelope->item);
    store_bind_int(row, 5, envelope->version);
    store_bind_int(row, 6, envelope->number);
    store_bind_bytes(row, 7, envelope->bytes, envelope->len);
    store_bind_bytes(row, 8, made->digest, sizeof(made->digest));
    store_bind_text(row, 9, made->state);
    store_bind_text(row, 10, made->case_number);
    store_bind_int(row, 11, received_ms(entry));
    if (entry->address[0] == '\0') {
        store_bind_null(row, 12);
    } else {
        hash_address(entry->address, hash);
        store_bind_bytes(row, 12, hash, sizeof(hash));
    }
    if (entry->person == NULL)
        store_bind_null(row, 13);
    else
        store_bind_bytes(row, 13, entry->person, CRYPTO_DIGEST_BYTES);
    store_bind_text(row, 14, entry->mark);
    return store_run(row);
}

/* A case is always taken; that its place in time was lost is its state. */
static enum err set_slot_lost(struct store *store,
                              const struct hub_new_case *entry,
                              struct hub_case *made)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "UPDATE cases SET state = 'correction', words = ?2,"
               " changed_ms = ?3, mark = iif(mark = '', 'slot-lost', mark)"
               " WHERE id = ?1");

    memcpy(made->state, "correction", sizeof("correction"));
    store_bind_text(row, 1, made->id);
    store_bind_bytes(row, 2, entry->lost_words->text, entry->lost_words->len);
    store_bind_int(row, 3, received_ms(entry));
    return store_run(row);
}

static enum err book_slot(struct store *store, const struct hub_new_case *entry,
                          struct hub_case *made)
{
    bool is_booked = false;
    enum err err =
        hub_store_slot_book(store, made->id, entry->slot, &is_booked);

    if (!err && !is_booked)
        err = set_slot_lost(store, entry, made);
    return err;
}

enum err hub_store_add(struct store *store, const struct hub_new_case *entry,
                       struct hub_case *ret_case)
{
    const struct envelope *envelope = entry->envelope;
    struct hub_case made = { .state = "delivered" };
    enum err err;

    memcpy(made.id, envelope->case_id, sizeof(made.id));
    memcpy(made.machine, envelope->machine, sizeof(made.machine));
    digest_of(envelope->bytes, envelope->len, made.digest);

    err = store_begin(store);
    if (err)
        return err;
    err = touch_machine(store, made.machine, entry->public_key,
                        entry->is_carried ? 0 : entry->wall_ms);
    if (!err)
        err = make_case_number(store, entry->wall_ms, made.case_number);
    if (!err)
        err = insert_case(store, entry, &made);
    if (!err && entry->slot != NULL)
        err = book_slot(store, entry, &made);
    if (!err)
        err = store_commit(store);
    if (err) {
        store_roll_back(store);
        return err;
    }
    *ret_case = made;
    return ERR_OK;
}

enum err hub_store_machine_key(struct store *store, const char *machine,
                               unsigned char public_key[CRYPTO_PUBLIC_BYTES])
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT public_key FROM machines WHERE machine = ?1");
    const void *bytes;
    size_t len;
    bool is_row;
    enum err err;

    store_bind_text(row, 1, machine);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    if (!err) {
        bytes = store_column_bytes(row, 0, &len);
        if (len == CRYPTO_PUBLIC_BYTES)
            memcpy(public_key, bytes, len);
        else
            err = ERR_CORRUPT;
    }
    store_reset(row);
    return err;
}

static enum err read_journal(struct sqlite3_stmt *row,
                             struct hub_journal *ret_journal)
{
    struct hub_journal journal = { 0 };
    size_t len;
    const void *hash = store_column_bytes(row, 1, &len);

    journal.head.number = store_column_int(row, 0);
    journal.told_ms = store_column_int(row, 2);
    journal.is_differing = store_column_int(row, 3) != 0;
    if (len == sizeof(journal.head.hash))
        memcpy(journal.head.hash, hash, len);
    else if (journal.head.number != 0)
        return ERR_CORRUPT;
    *ret_journal = journal;
    return ERR_OK;
}

enum err hub_store_journal(struct store *store, const char *machine,
                           struct hub_journal *ret_journal)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT journal_number, journal_hash, journal_told_ms,"
               " journal_differs FROM machines WHERE machine = ?1");
    bool is_row;
    enum err err;

    memset(ret_journal, 0, sizeof(*ret_journal));
    store_bind_text(row, 1, machine);
    err = store_step(row, &is_row);
    if (!err && is_row)
        err = read_journal(row, ret_journal);
    store_reset(row);
    return err;
}

/* A hub of before notes none, and is not upgraded by looking at it. */
enum err hub_store_journals(struct store *store, struct buf *text)
{
    struct sqlite3_stmt *row = store_try_prepare(
        store, "SELECT journal_number, journal_hash, journal_told_ms,"
               " journal_differs, machine FROM machines"
               " WHERE journal_number > 0 ORDER BY machine");
    struct hub_journal journal;
    bool is_row = false;
    enum err err = store_step(row, &is_row);

    while (!err && is_row) {
        err = read_journal(row, &journal);
        if (err)
            break;
        buf_add_format(text, "%.64s %" PRId64 ":", store_column_text(row, 4),
                       journal.head.number);
        buf_add_hex(text, journal.head.hash, sizeof(journal.head.hash));
        buf_add_text(text, journal.is_differing ? " differs\n" : "\n");
        err = store_step(row, &is_row);
    }
    store_reset(row);
    return err;
}

static enum err set_health(struct store *store,
                           const struct hub_heartbeat *beat)
{
    const struct hub_journal *journal = beat->journal;
    struct sqlite3_stmt *row = store_prepare(
        store, "UPDATE machines SET health = ?2, journal_number = ?3,"
               " journal_hash = ?4, journal_told_ms = ?5, journal_differs = ?6"
               " WHERE machine = ?1");

    store_bind_text(row, 1, beat->machine);
    store_bind_text(row, 2, beat->health);
    store_bind_int(row, 3, journal->head.number);
    store_bind_bytes(row, 4, journal->head.hash, sizeof(journal->head.hash));
    store_bind_int(row, 5, journal->told_ms);
    store_bind_int(row, 6, journal->is_differing);
    return store_run(row);
}

enum err hub_store_heartbeat(struct store *store,
                             const struct hub_heartbeat *beat,
                             struct hub_call *ret_call)
{
    enum err err = store_begin(store);

    if (err)
        return err;
    err = touch_machine(store, beat->machine, beat->public_key, beat->wall_ms);
    if (!err)
        err = set_health(store, beat);
    if (!err)
        err = hub_store_call_note(store, beat->machine, beat->help,
                                  beat->wall_ms, ret_call);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

enum err hub_store_health(struct store *store, const char *machine,
                          struct buf *health, int64_t *ret_ms)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT health, seen_ms FROM machines WHERE machine = ?1");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, machine);
    err = store_step(row, &is_row);
    if (!err && !is_row)
        err = ERR_NOT_FOUND;
    if (!err) {
        buf_add_text(health, store_column_text(row, 0));
        *ret_ms = store_column_int(row, 1);
    }
    store_reset(row);
    return err;
}
