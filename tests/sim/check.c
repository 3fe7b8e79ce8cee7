/* The checker: what was promised is at the hub once and opens; nothing else is
 * there; the journal verifies; nothing of any citizen stands on a disk. */
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/slot.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/store/terminal.h"
#include "tests/sim/cashier.h"
#include "tests/sim/stage.h"
#include "tests/sim/world_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- At the hub --------------------------------------------------------- */

struct found {
    char id[CASE_ID_HEX];
    unsigned citizen; /* whose marks are in it */
    bool is_rating;   /* what somebody thinks of a matter, not one itself */
    bool has_marks;
};

struct office {
    struct world *world;
    struct store *store;
    struct key *key;
    struct found *cases;
    size_t count;
};

enum { MARK_DIGITS = 6 }; /* "%06u", see citizen.c */

/* Whose data it is: the number after the mark, the same wherever it stands. */
static void read_marks(struct world *world, const char *body,
                       struct found *found)
{
    const char *at = body;

    while ((at = strstr(at, MARK_TEXT))) {
        at += strlen(MARK_TEXT);
        char *end;
        unsigned long index = strtoul(at, &end, 10);
        if (end - at != MARK_DIGITS)
            continue; /* the name, or a text of which the end was deleted */
        if (found->has_marks && found->citizen != index)
            world_fail(world, "a case mixes two people", found->id);
        found->citizen = (unsigned)index;
        found->has_marks = true;
    }
}

static void open_case(struct office *office, const void *bytes, size_t len,
                      struct found *found)
{
    struct world *world = office->world;
    unsigned char machine[CRYPTO_PUBLIC_BYTES];
    struct envelope envelope;
    struct buf body;

    buf_init(&body, ENVELOPE_BODY_MAX);
    enum err err = envelope_read(bytes, len, &envelope);
    if (!err)
        err = hub_store_machine_key(office->store, envelope.machine, machine);
    if (!err)
        err = envelope_open(&envelope, machine, office->key, &body);
    if (err)
        world_fail(world, "a case at the hub does not open", found->id);
    else if (strcmp(envelope.case_id, found->id) != 0)
        world_fail(world, "a case stands under another's id", found->id);
    else
        read_marks(world, body.text, found);
    found->is_rating = !err && strcmp(envelope.item, "rating") == 0;
    buf_done(&body);
}

static void read_cases(struct office *office)
{
    struct sqlite3_stmt *row = store_prepare(
        office->store, "SELECT id, envelope FROM cases ORDER BY id");
    bool is_row = false;
    size_t room = 0;

    while (!store_step(row, &is_row) && is_row) {
        size_t len;
        const void *bytes = store_column_bytes(row, 1, &len);
        if (office->count == room) {
            size_t more = room ? 2 * room : 64;
            office->cases =
                mem_resize(office->cases, room * sizeof *office->cases,
                           more * sizeof *office->cases);
            room = more;
        }
        struct found *found = &office->cases[office->count++];
        *found = (struct found){ 0 };
        snprintf(found->id, sizeof found->id, "%s", store_column_text(row, 0));
        world_hash(office->world, found->id, sizeof found->id);
        world_hash(office->world, bytes, len);
        open_case(office, bytes, len, found);
    }
    store_reset(row);
}

static const struct found *find(const struct office *office, const char *id)
{
    for (size_t i = 0; i < office->count; i++)
        if (strcmp(office->cases[i].id, id) == 0)
            return &office->cases[i];
    return NULL;
}

static void check_promises(const struct office *office)
{
    struct world *world = office->world;

    for (size_t i = 0; i < world->record_count; i++) {
        const struct record *record = &world->records[i];
        const struct found *found = find(office, record->id);
        world->counts->sent++;
        world->counts->promised += record->is_safe || record->is_delivered;
        world->counts->delivered += record->is_delivered;
        if (!found && (record->is_safe || record->is_delivered))
            world_fail(world,
                       record->is_delivered
                           ? "a case that was 已送达 is lost"
                           : "a case that was 已存本机 is lost",
                       record->id);
        if (found && record->is_not_stored && !record->is_safe)
            world_fail(world, "a case that was said not to be kept was sent",
                       record->id);
        if (found && found->has_marks && found->citizen != record->citizen)
            world_fail(world, "a case holds another person's data", record->id);
    }
}

static bool was_sent(const struct world *world, const char *id)
{
    for (size_t i = 0; i < world->record_count; i++)
        if (strcmp(world->records[i].id, id) == 0)
            return true;
    return false;
}

/* The terminal's numbers begin at 1 and have no gaps. */
static void check_numbers(const struct office *office)
{
    struct sqlite3_stmt *row = store_prepare(
        office->store, "SELECT count(DISTINCT number), max(number), "
                       "count(DISTINCT receipt), count(*) FROM cases");
    bool is_row = false;

    if (!store_step(row, &is_row) && is_row) {
        int64_t count = store_column_int(row, 3);
        if (store_column_int(row, 0) != count)
            world_fail(office->world, "a number was given twice", "");
        if (store_column_int(row, 1) != count && count > 0)
            world_fail(office->world, "a number is missing", "");
        if (store_column_int(row, 2) != count)
            world_fail(office->world, "a receipt number was given twice", "");
    }
    store_reset(row);
}

static void check_strangers(const struct office *office)
{
    for (size_t i = 0; i < office->count; i++)
        if (!office->cases[i].is_rating &&
            !was_sent(office->world, office->cases[i].id))
            world_fail(office->world, "a case that nobody sent is at the hub",
                       office->cases[i].id);
}

/* item: what stands for ?1, or NULL. */
static int64_t number_of_item(const struct office *office, const char *sql,
                              const char *item)
{
    struct sqlite3_stmt *row = store_prepare(office->store, sql);
    bool is_row = false;
    int64_t number = -1;

    if (item)
        store_bind_text(row, 1, item);
    if (!store_step(row, &is_row) && is_row)
        number = store_column_int(row, 0);
    store_reset(row);
    return number;
}

static int64_t number_of(const struct office *office, const char *sql)
{
    return number_of_item(office, sql, NULL);
}

static bool has_slot(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (slot_is(&item->steps[i]))
            return true;
    return false;
}

/* Each says what became of the place in time that it asked for. */
static void check_slot_cases(const struct office *office, const char *item)
{
    if (number_of_item(office,
                       "SELECT count(*) FROM cases c LEFT JOIN slots s ON"
                       " s.case_id = c.id WHERE c.item = ?1 AND"
                       " (s.state IS NULL OR NOT ((s.state = 'booked' AND"
                       " c.state = 'delivered') OR (s.state = 'lost' AND"
                       " c.state = 'correction') OR (s.state = 'cancelled' AND"
                       " c.state = 'withdrawn')))",
                       item) != 0)
        world_fail(office->world, "a case does not say what became of its slot",
                   item);
}

/* A place in time (stage.c: one each) is booked once at most, and every case
 * that asked for one has it or is told that it has not. */
static void check_slots(const struct office *office)
{
    if (number_of(office, "SELECT count(*) FROM (SELECT slot FROM slots WHERE"
                          " state = 'booked' GROUP BY slot HAVING"
                          " count(*) > 1)") != 0)
        world_fail(office->world, "a place in time was given twice", "");
    for (size_t i = 0; i < pack_count(stage.pack); i++)
        if (has_slot(pack_item(stage.pack, i)))
            check_slot_cases(office, pack_item(stage.pack, i)->id);
    office->world->counts->booked += (uint64_t)number_of(
        office, "SELECT count(*) FROM slots WHERE state = 'booked'");
}

/* Money that was paid is there once, as what it paid or as what is given back,
 * and nothing is there that nobody paid; no record is paid twice. */
static void check_payments(const struct office *office)
{
    const struct cashier *cashier = office->world->cashier;
    struct sqlite3_stmt *row = store_prepare(
        office->store, "SELECT count(*) FROM takings WHERE token || ':' || id"
                       " = ?1");
    bool is_row = false;

    for (size_t i = 0; i < cashier_count(cashier); i++) {
        store_bind_text(row, 1, cashier_taking(cashier, i));
        if (store_step(row, &is_row) || !is_row ||
            store_column_int(row, 0) != 1)
            world_fail(office->world, "money that was paid is not at the hub",
                       cashier_taking(cashier, i));
        store_reset(row);
    }
    if (number_of(office, "SELECT count(*) FROM takings") !=
        (int64_t)cashier_count(cashier))
        world_fail(office->world, "there is money that nobody paid", "");
    if (number_of(office,
                  "SELECT count(*) FROM (SELECT p.about FROM payments p JOIN"
                  " takings t USING (token) WHERE NOT t.is_back AND"
                  " p.about != '' GROUP BY p.about HAVING count(*) > 1)") != 0)
        world_fail(office->world, "a record was paid twice", "");
    office->world->counts->paid += (uint64_t)number_of(
        office, "SELECT count(*) FROM takings WHERE NOT is_back");
}

static void count_items(const struct office *office)
{
    for (size_t i = 0; world_item(i); i++)
        office->world->counts->of_item[i] += (uint64_t)number_of_item(
            office, "SELECT count(*) FROM cases WHERE item = ?1",
            world_item(i));
}

static void check_hub(struct world *world)
{
    struct office office = { .world = world };
    char path[160];

    hub_close(world->hub);
    world->hub = NULL;
    net_set_hub(world->net, NULL);
    snprintf(path, sizeof path, "%s/office.key", world_hub_folder());
    enum err err = key_open(path, KEY_OPEN, false, &office.key);
    if (!err)
        err = store_open(world_hub_store(), &hub_schema, NULL, &office.store);
    if (err) {
        world_fail(world, "the hub's store cannot be read", err_name(err));
    } else {
        read_cases(&office);
        check_promises(&office);
        check_strangers(&office);
        check_numbers(&office);
        check_slots(&office);
        check_payments(&office);
        count_items(&office);
    }
    store_close(office.store);
    key_close(office.key);
    mem_free(office.cases);
}

/* ---- At the terminal ---------------------------------------------------- */

static void check_journal(struct world *world)
{
    int64_t rows = 0, bad = 0;

    enum err err = journal_verify(world_terminal_store(), &rows, &bad);
    if (err || bad != 0)
        world_fail(world, "the journal does not verify", err_name(err));
    world_hash(world, &rows, sizeof rows);
}

static void check_left(struct world *world)
{
    static const char *const marks[] = { MARK_TEXT, MARK_PHONE, MARK_NUMBER };

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (disk_holds(world->disk, marks[i], strlen(marks[i])))
            world_fail(world, "the terminal's disk holds a person's data",
                       marks[i]);
        if (disk_holds(world->hub_disk, marks[i], strlen(marks[i])))
            world_fail(world, "the hub's disk holds a person's data in clear",
                       marks[i]);
    }
}

void world_check(struct world *world)
{
    world_stop_terminal(world);
    check_hub(world);
    check_journal(world);
    check_left(world);
}
