#include "tests/unit/outbox_place.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/vfs.h"

#include <stdio.h>
#include <string.h>

enum { TURNS_MAX = 1000 };

int place_set_up(void **state)
{
    static struct place place;

    memset(&place, 0, sizeof place);
    if (file_make_temporary(place.folder, sizeof place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/test.sqlite", place.folder);
    snprintf(place.wal, sizeof place.wal, "%s/test.sqlite-wal", place.folder);
    clock_pretend(1000, NOW_MS);
    place.loop = loop_new();
    *state = &place;
    return 0;
}

int place_tear_down(void **state)
{
    struct place *place = *state;

    vfs_plan_end();
    fault_plan("outbox.put", 0);
    terminal_store_free(place->store);
    loop_free(place->loop);
    clock_pretend_end();
    return file_remove_tree(place->folder) == ERR_OK ? 0 : -1;
}

/* ---- Asking and waiting ---- */

void place_wait(const struct place *place, const struct answer *answer,
                int count)
{
    for (int i = 0; i < TURNS_MAX && answer->count < count; i++)
        loop_turn(place->loop, 1000);
    assert_int_equal(answer->count, count);
}

static void answer_open(void *owner, enum err err,
                        const struct terminal_state *state)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    assert_int_equal(state == NULL, err != ERR_OK);
    if (state)
        answer->state = *state;
}

void answer_head(void *owner, enum err err, const struct journal_head *head)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    assert_int_equal(head == NULL, err != ERR_OK);
    if (head)
        answer->head = *head;
}

void answer_next(void *owner, enum err err, const struct outbox_case *entry,
                 int64_t tries)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    memset(&answer->entry, 0, sizeof answer->entry);
    if (entry) {
        answer->entry = *entry;
        snprintf(answer->bytes, sizeof answer->bytes, "%.*s", (int)entry->len,
                 (const char *)entry->bytes);
    }
    answer->tries = tries;
}

void answer_plain(void *owner, enum err err)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
}

void answer_count(void *owner, enum err err, int64_t waiting, int64_t conflicts)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    answer->waiting = waiting;
    answer->conflicts = conflicts;
}

enum err place_try_open(struct place *place)
{
    terminal_store_free(place->store);
    memset(&place->opened, 0, sizeof place->opened);
    place->store = terminal_store_new(place->loop, place->path, answer_open,
                                      &place->opened);
    place_wait(place, &place->opened, 1);
    return place->opened.err;
}

void place_open(struct place *place)
{
    assert_int_equal(place_try_open(place), ERR_OK);
}

struct outbox_case place_case(int64_t number, const char *bytes, size_t len)
{
    struct outbox_case entry = {
        .number = number,
        .receipt_sequence = (int)number + 100,
        .wall_ms = NOW_MS + number,
        .bytes = (const unsigned char *)bytes,
        .len = len,
    };
    snprintf(entry.id, sizeof entry.id, "%032x", (unsigned)number + 0xab000);
    snprintf(entry.receipt, sizeof entry.receipt, "00016327%04d", (int)number);
    snprintf(entry.receipt_day, sizeof entry.receipt_day, "20261123");
    snprintf(entry.item, sizeof entry.item, "residence-permit");
    return entry;
}

enum err place_put(struct place *place, const struct outbox_case *entry)
{
    struct answer answer = { 0 };
    outbox_put(place->store, entry, answer_head, &answer);
    place_wait(place, &answer, 1);
    return answer.err;
}

enum err place_put_number(struct place *place, int64_t number)
{
    char bytes[32];
    int len = snprintf(bytes, sizeof bytes, "sealed %d", (int)number);
    struct outbox_case entry = place_case(number, bytes, (size_t)len);
    return place_put(place, &entry);
}

/* The number of the next case to send; 0: none. */
int64_t place_next_number(struct place *place, struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    outbox_next(place->store, clock_wall_ms(), answer_next, answer);
    place_wait(place, answer, 1);
    assert_int_equal(answer->err, ERR_OK);
    return answer->entry.number;
}

const char *place_id_of(int64_t number)
{
    static struct outbox_case entry;
    entry = place_case(number, "", 0);
    return entry.id;
}

enum err place_confirm(struct place *place, int64_t number, const char *as)
{
    struct answer answer = { 0 };
    outbox_confirm(place->store, place_id_of(number), as, answer_plain,
                   &answer);
    place_wait(place, &answer, 1);
    return answer.err;
}

enum err place_retry(struct place *place, int64_t number, int64_t next_ms)
{
    struct answer answer = { 0 };
    outbox_retry(place->store, place_id_of(number), ERR_OFFLINE, next_ms,
                 answer_plain, &answer);
    place_wait(place, &answer, 1);
    return answer.err;
}

enum err place_conflict(struct place *place, int64_t number)
{
    struct answer answer = { 0 };
    outbox_conflict(place->store, place_id_of(number), ERR_CONFLICT,
                    answer_plain, &answer);
    place_wait(place, &answer, 1);
    return answer.err;
}

void place_assert_counts(struct place *place, int waiting, int conflicts)
{
    struct answer answer = { 0 };
    outbox_count(place->store, answer_count, &answer);
    place_wait(place, &answer, 1);
    assert_int_equal(answer.err, ERR_OK);
    assert_int_equal(answer.waiting, waiting);
    assert_int_equal(answer.conflicts, conflicts);
}

/* The journal is whole and has this many rows; the store is closed for it. */
void place_assert_journal(struct place *place, int rows)
{
    int64_t found = 0;
    int64_t bad = -1;

    terminal_store_free(place->store);
    place->store = NULL;
    assert_int_equal(journal_verify(place->path, &found, &bad), ERR_OK);
    assert_int_equal(bad, 0);
    assert_int_equal(found, rows);
}

/* By the store's own door, while no terminal has it open. */
void place_run_sql(struct place *place, const char *sql)
{
    struct store *store = NULL;

    terminal_store_free(place->store);
    place->store = NULL;
    assert_int_equal(store_open(place->path, &terminal_schema, NULL, &store),
                     ERR_OK);
    assert_int_equal(store_run(store_prepare(store, sql)), ERR_OK);
    store_close(store);
}

bool place_file_holds(const char *path, const char *text, size_t len)
{
    char *bytes = NULL;
    size_t size = 0;
    bool holds = false;

    if (file_read(path, FILE_MAX, &bytes, &size))
        return false;
    for (size_t i = 0; !holds && i + len <= size; i++)
        holds = memcmp(bytes + i, text, len) == 0;
    mem_free(bytes);
    return holds;
}
