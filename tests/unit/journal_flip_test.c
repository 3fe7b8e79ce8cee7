/* Nothing of a journal can be changed unseen: every single bit of every record,
 * as a row, as a line and as a page of the database; and every record that is
 * taken out, put elsewhere, put twice or cut off. */
#include "tests/unit/journal_place.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RECORDS = 200, BITS = 8 };

static const struct journal_check_settings plain;

/* Every bit; a seventh where each step is watched by a sanitizer: seven and
 * eight have no divisor in common, so no place in a byte is left out. */
static size_t every(void)
{
    return mem_is_checked() ? 7 : 1;
}

/* ---- A record, as it is checked ---- */

/* Copies of all records, so that one can be changed and the others not. */
struct copy {
    struct journal_record record;
    char name[JOURNAL_NAME_BYTES];
    char fields[128];
};

static void read_rows(struct journal_place *place, struct copy *copies)
{
    bool is_row = true;
    size_t len = 0;
    int at = 0;

    journal_place_open(place);
    struct sqlite3_stmt *rows = store_prepare(
        place->store, "SELECT number, wall_ms, epoch, step, name, fields, "
                      "code, hash FROM journal ORDER BY number");
    while (store_step(rows, &is_row) == ERR_OK && is_row) {
        struct copy *copy = &copies[at++];
        struct journal_record *record = &copy->record;
        record->number = store_column_int(rows, 0);
        record->wall_ms = store_column_int(rows, 1);
        record->epoch = store_column_int(rows, 2);
        record->step = store_column_int(rows, 3);
        record->has_code = true;
        snprintf(copy->name, sizeof copy->name, "%s",
                 store_column_text(rows, 4));
        snprintf(copy->fields, sizeof copy->fields, "%s",
                 store_column_text(rows, 5));
        memcpy(record->code, store_column_bytes(rows, 6, &len), 32);
        memcpy(record->hash, store_column_bytes(rows, 7, &len), 32);
        record->name = copy->name;
        record->fields = copy->fields;
    }
    assert_int_equal(at, RECORDS);
    journal_place_close(place);
}

/* Every bit of bytes, one after the other; none may pass. */
static int flip_each(const struct journal_check *before, struct copy *copy,
                     void *bytes, size_t len)
{
    unsigned char *at = bytes;
    int flips = 0;

    for (size_t bit = 0; bit < len * BITS; bit += every()) {
        struct journal_check check = *before;
        at[bit / BITS] ^= (unsigned char)(1u << bit % BITS);
        bool passed = journal_check_record(&check, &copy->record);
        at[bit / BITS] ^= (unsigned char)(1u << bit % BITS);
        if (passed)
            fail_msg("record %" PRId64 ": a flipped bit passed",
                     copy->record.number);
        flips++;
    }
    return flips;
}

/* All that a row holds.  Without anchors and without the key: the hash alone
 * finds them. */
static void test_every_bit_of_every_row(void **state)
{
    struct journal_place *place = *state;
    static struct copy copies[RECORDS];
    static const struct journal_head nothing;
    struct journal_check check;
    int flips = 0;

    journal_place_add(place, RECORDS);
    read_rows(place, copies);
    journal_check_init(&check, &plain, &nothing);
    for (int i = 0; i < RECORDS; i++) {
        struct copy *copy = &copies[i];
        struct journal_record *record = &copy->record;
        struct journal_check before = check;
        flips += flip_each(&before, copy, &record->number, 8);
        flips += flip_each(&before, copy, &record->wall_ms, 8);
        flips += flip_each(&before, copy, &record->epoch, 8);
        flips += flip_each(&before, copy, &record->step, 8);
        flips += flip_each(&before, copy, copy->name, strlen(copy->name));
        flips += flip_each(&before, copy, copy->fields, strlen(copy->fields));
        flips += flip_each(&before, copy, record->code, 32);
        flips += flip_each(&before, copy, record->hash, 32);
        assert_true(journal_check_record(&check, record));
    }
    print_message("%d flips of %d rows, none passed\n", flips, RECORDS);
    journal_check_done(&check);
}

/* ---- The exported form ---- */

static char *export(struct journal_place *place, int count, char *path,
                    size_t *ret_len)
{
    int64_t records = 0;
    char *text = NULL;

    assert_int_equal(journal_export(place->path, place->flat, &records),
                     ERR_OK);
    assert_int_equal(records, count);
    snprintf(path, JOURNAL_PATH_BYTES, "%.100s/journal-000000000001.jsonl",
             place->flat);
    assert_int_equal(file_read(path, JOURNAL_FILE_MAX, &text, ret_len), ERR_OK);
    return text;
}

/* Every bit of a line, newline included, against the record before it. */
static int flip_line(const struct journal_check *before, char *line, size_t len)
{
    char room[JOURNAL_LINE_BYTES];
    struct journal_record record;

    for (size_t bit = 0; bit < len * BITS; bit += every()) {
        struct journal_check check = *before;
        line[bit / BITS] ^= (char)(1u << bit % BITS);
        bool passed = journal_read_line(line, len, &record, room) &&
                      journal_check_record(&check, &record);
        line[bit / BITS] ^= (char)(1u << bit % BITS);
        if (passed)
            fail_msg("bit %zu of this line: %.*s", bit, (int)len, line);
    }
    return (int)(len * BITS);
}

static void test_every_bit_of_every_line(void **state)
{
    struct journal_place *place = *state;
    static const struct journal_head nothing;
    char path[JOURNAL_PATH_BYTES];
    char room[JOURNAL_LINE_BYTES];
    struct journal_record record;
    struct journal_check check;
    size_t len = 0;
    int flips = 0;
    int lines = 0;

    journal_place_add(place, RECORDS);
    char *text = export(place, RECORDS, path, &len);
    journal_check_init(&check, &plain, &nothing);
    char *at = strchr(text, '\n') + 1;
    for (; strncmp(at, "{\"n\":", 5) == 0; lines++) {
        size_t line_len = strcspn(at, "\n");
        flips += flip_line(&check, at, line_len);
        assert_true(journal_read_line(at, line_len, &record, room));
        assert_true(journal_check_record(&check, &record));
        at += line_len + 1;
    }
    assert_int_equal(lines, RECORDS);
    print_message("%d flips of %d lines, none passed\n", flips, lines);
    mem_free(text);
}

/* ---- Files as a whole ---- */

/* Without a sync, of which there would be tens of thousands. */
static void put_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "r+");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fflush(file), 0);
    assert_int_equal(ftruncate(fileno(file), (off_t)len), 0);
    assert_int_equal(fclose(file), 0);
}

static bool file_passes(const char *path, const char *bytes, size_t len,
                        struct journal_result *result)
{
    put_file(path, bytes, len);
    return journal_check_path(path, &plain, result) == ERR_OK &&
           !result->finding.fault;
}

/* First and last line are no records: each of their bits, through the file;
 * and of the rest every newline, and a bit of every 97th byte. */
static void test_bits_of_the_segment(void **state)
{
    enum { FEW = 30 };
    struct journal_place *place = *state;
    char path[JOURNAL_PATH_BYTES];
    struct journal_result result;
    size_t len = 0;
    int flips = 0;

    journal_place_add(place, FEW);
    char *text = export(place, FEW, path, &len);
    size_t first = strcspn(text, "\n");
    size_t last = (size_t)(strstr(text, "{\"end\":") - text);
    for (size_t bit = 0; bit < len * BITS; bit += every()) {
        size_t at = bit / BITS;
        if (at > first && at < last && text[at] != '\n' &&
            bit != at * BITS + at % BITS)
            continue;
        if (at > first && at < last && text[at] != '\n' && at % 97 != 0)
            continue;
        text[at] ^= (char)(1u << bit % BITS);
        bool passed = file_passes(path, text, len, &result);
        text[at] ^= (char)(1u << bit % BITS);
        if (passed)
            fail_msg("bit %zu of the segment passed", bit);
        flips++;
    }
    assert_true(file_passes(path, text, len, &result));
    assert_int_equal(result.records, FEW);
    print_message("%d flips of the file, none passed\n", flips);
    mem_free(text);
}

/* ---- Pages ---- */

/* What of the file belongs to the journal's tree, byte by byte, by SQLite's own
 * description (https://sqlite.org/fileformat2.html, 1.6). */
struct map {
    const unsigned char *file;
    size_t len;
    size_t page_size;
    bool *is_used;
};

static size_t two(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static size_t varint(const unsigned char *at, uint64_t *value)
{
    size_t len = 0;

    *value = 0;
    do
        *value = *value << 7 | (at[len] & 0x7f);
    while (at[len++] & 0x80);
    return len;
}

static void use(struct map *map, size_t from, size_t len)
{
    memset(map->is_used + from, 1, len);
}

/* One byte of a row is nobody's: the type of its first column, `number`.  That
 * is the row's key, which stands before the row; in the row a NULL stands for
 * it, and SQLite reads neither that nor its type. */
static void map_leaf_cell(struct map *map, size_t at)
{
    uint64_t payload, number;
    size_t len = varint(map->file + at, &payload);

    len += varint(map->file + at + len, &number);
    use(map, at, len + (size_t)payload);
    assert_int_equal(map->file[at + len + 1], 0);
    map->is_used[at + len + 1] = false;
}

/* Returns the page of the child. */
static size_t map_inner_cell(struct map *map, size_t at)
{
    const unsigned char *cell = map->file + at;
    uint64_t number;

    use(map, at, 4 + varint(cell + 4, &number));
    return two(cell) << 16 | two(cell + 2);
}

static void map_page(struct map *map, size_t page)
{
    size_t start = (page - 1) * map->page_size;
    const unsigned char *head = map->file + start;
    size_t cells = two(head + 3);
    size_t head_len = head[0] == 5 ? 12 : 8;

    assert_true(head[0] == 5 || head[0] == 13);
    use(map, start, head_len + cells * 2);
    for (size_t i = 0; i < cells; i++) {
        size_t at = start + two(head + head_len + i * 2);
        if (head[0] == 13)
            map_leaf_cell(map, at);
        else
            map_page(map, map_inner_cell(map, at));
    }
    if (head[0] == 5)
        map_page(map, two(head + 8) << 16 | two(head + 10));
}

static void map_journal(struct journal_place *place, struct map *map)
{
    bool is_row = false;

    journal_place_open(place);
    struct sqlite3_stmt *root = store_prepare(
        place->store,
        "SELECT rootpage FROM sqlite_schema WHERE name = 'journal'");
    assert_int_equal(store_step(root, &is_row), ERR_OK);
    size_t page = (size_t)store_column_int(root, 0);
    store_reset(root);
    journal_place_close(place);
    map->page_size = two(map->file + 16);
    map->is_used = mem_new(map->len);
    map_page(map, page);
}

/* What an untouched journal says; a flip that passes must say the same. */
static void assert_harmless(const struct journal_result *result,
                            const struct journal_result *good, size_t bit)
{
    if (result->records != good->records ||
        result->head.number != good->head.number ||
        memcmp(result->head.hash, good->head.hash, 32) != 0)
        fail_msg("bit %zu of the file changed the journal unseen", bit);
}

/* Every bit that belongs to the journal's tree is found; of the rest (free
 * room, other tables, SQLite's own notes) a sample, by seed: it is found, or
 * the journal that is read is the same to the last bit. */
static void flip_pages(struct journal_place *place, int records, size_t stride)
{
    struct journal_result good;
    struct journal_result result;
    struct map map = { 0 };
    char *bytes = NULL;
    int found = 0;
    int harmless = 0;

    journal_place_add(place, records);
    assert_int_equal(file_read(place->path, JOURNAL_FILE_MAX, &bytes, &map.len),
                     ERR_OK);
    map.file = (unsigned char *)bytes;
    map_journal(place, &map);
    assert_true(file_passes(place->path, bytes, map.len, &good));
    assert_int_equal(good.records, records);
    for (size_t bit = 0; bit < map.len * BITS; bit += every()) {
        bool is_used = map.is_used[bit / BITS];
        if (is_used ? bit % stride != 0 : bit % (stride * 149 + 2) != 0)
            continue;
        bytes[bit / BITS] ^= (char)(1u << bit % BITS);
        bool passed = file_passes(place->path, bytes, map.len, &result);
        bytes[bit / BITS] ^= (char)(1u << bit % BITS);
        if (passed && is_used)
            fail_msg("bit %zu, byte %zu of page %zu, belongs to the journal "
                     "and passed",
                     bit, bit / BITS % map.page_size,
                     bit / BITS / map.page_size + 1);
        if (passed)
            assert_harmless(&result, &good, bit);
        found += !passed;
        harmless += passed;
    }
    print_message("%d flips found, %d in bytes that no record uses\n", found,
                  harmless);
    mem_free(map.is_used);
    mem_free(bytes);
}

/* Few records, each bit; many records (with inner pages), a sample. */
static void test_every_bit_of_few_pages(void **state)
{
    flip_pages(*state, 6, 1);
}

static void test_bits_of_many_pages(void **state)
{
    flip_pages(*state, RECORDS, 311);
}

/* ---- Records as a whole ---- */

static void restore(struct journal_place *place, const char *bytes, size_t len)
{
    put_file(place->path, bytes, len);
}

/* Statements about record ?1, and where the first bad one is then. */
struct change {
    const char *sql[3];
    int64_t after; /* the bad record's number less ?1 */
};

static void one_change(struct journal_place *place, const struct change *change,
                       int64_t number)
{
    journal_place_open(place);
    for (int i = 0; i < 3 && change->sql[i]; i++) {
        struct sqlite3_stmt *statement =
            store_prepare(place->store, change->sql[i]);
        store_bind_int(statement, 1, number);
        assert_int_equal(store_run(statement), ERR_OK);
    }
    journal_place_close(place);
    int64_t bad = journal_place_bad(place, NULL);
    if (bad != number + change->after)
        fail_msg("%s, record %" PRId64 ": found %" PRId64, change->sql[0],
                 number, bad);
}

/* Each record of a journal of 24 taken out; everything from it on cut off; its
 * neighbour put in its place; and itself put in its neighbour's place. */
static void test_records_as_a_whole(void **state)
{
    static const struct change changes[] = {
        { { "DELETE FROM journal WHERE number = ?1" }, 0 },
        { { "DELETE FROM journal WHERE number >= ?1" }, 0 },
        { { "UPDATE journal SET number = -1 WHERE number = ?1",
            "UPDATE journal SET number = ?1 WHERE number = ?1 + 1",
            "UPDATE journal SET number = ?1 + 1 WHERE number = -1" },
          0 },
        { { "UPDATE journal SET (wall_ms, name, fields, hash, epoch, step, "
            "code) = (SELECT wall_ms, name, fields, hash, epoch, step, code "
            "FROM journal AS other WHERE other.number = ?1) "
            "WHERE number = ?1 + 1" },
          1 },
    };
    enum { FEW = 24, OF_LAST = 2 };
    struct journal_place *place = *state;
    char *bytes = NULL;
    size_t len = 0;

    journal_place_add(place, FEW);
    assert_int_equal(file_read(place->path, JOURNAL_FILE_MAX, &bytes, &len),
                     ERR_OK);
    for (int64_t number = 1; number <= FEW; number++)
        for (int i = 0; i < (number < FEW ? 4 : OF_LAST); i++) {
            restore(place, bytes, len);
            one_change(place, &changes[i], number);
        }
    mem_free(bytes);
}

/* Lines of the exported form, in the same four ways. */
static void test_lines_as_a_whole(void **state)
{
    struct journal_place *place = *state;
    char path[JOURNAL_PATH_BYTES];
    struct journal_result result;
    size_t len = 0;
    struct buf made;

    journal_place_add(place, RECORDS);
    char *text = export(place, RECORDS, path, &len);
    char *at = strchr(text, '\n') + 1;
    for (int number = 1; number <= RECORDS; number++) {
        char *next = strchr(at, '\n') + 1;
        char *after = strchr(next, '\n') + 1;
        for (int way = 0; way < 4; way++) {
            buf_init(&made, JOURNAL_FILE_MAX);
            buf_add(&made, text, (size_t)(at - text));
            if (way == 0) /* out */
                buf_add_text(&made, next);
            else if (way == 1) { /* twice */
                buf_add(&made, at, (size_t)(next - at));
                buf_add_text(&made, at);
            } else if (way == 2) { /* after its neighbour */
                buf_add(&made, next, (size_t)(after - next));
                buf_add(&made, at, (size_t)(next - at));
                buf_add_text(&made, after);
            } /* 3: cut */
            bool passed = file_passes(path, made.text, made.len, &result);
            int64_t wanted = way == 1 ? number + 1 : number;
            if (passed || result.finding.number != wanted)
                fail_msg("way %d, record %d: found %" PRId64, way, number,
                         passed ? 0 : result.finding.number);
            buf_done(&made);
        }
        at = next;
    }
    mem_free(text);
}

/* Whoever has the store for himself can cut it and write its end anew, so that
 * it is whole by itself: a head noted elsewhere says that it was cut. */
static void test_anchors_show_a_cut_tail(void **state)
{
    struct journal_place *place = *state;
    struct journal_result whole;
    struct journal_anchor anchor;
    char *shorter = NULL;
    size_t len = 0;

    journal_place_add(place, 40);
    assert_int_equal(file_read(place->path, JOURNAL_FILE_MAX, &shorter, &len),
                     ERR_OK);
    for (int more = 1; more <= 3; more++) {
        journal_place_add(place, 1);
        whole = journal_place_check(place, NULL, &plain);
        anchor = (struct journal_anchor){ .number = whole.head.number,
                                          .hash_len = 8 };
        memcpy(anchor.hash, whole.head.hash, 8);
        const struct journal_check_settings with = { .anchors = &anchor,
                                                     .anchor_count = 1 };
        assert_int_equal(journal_place_check(place, NULL, &with).finding.fault,
                         JOURNAL_WHOLE);
        char *longer = NULL;
        size_t longer_len = 0;
        assert_int_equal(
            file_read(place->path, JOURNAL_FILE_MAX, &longer, &longer_len),
            ERR_OK);
        restore(place, shorter, len);
        assert_int_equal(journal_place_bad(place, NULL), 0);
        struct journal_result cut = journal_place_check(place, NULL, &with);
        assert_int_equal(cut.finding.fault, JOURNAL_FAULT_CUT);
        assert_int_equal(cut.finding.number, 41);
        restore(place, longer, longer_len);
        mem_free(longer);
    }
    mem_free(shorter);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, journal_place_set_up,                \
                                    journal_place_tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_every_bit_of_every_row), TEST(test_every_bit_of_every_line),
        TEST(test_bits_of_the_segment),    TEST(test_every_bit_of_few_pages),
        TEST(test_bits_of_many_pages),     TEST(test_records_as_a_whole),
        TEST(test_lines_as_a_whole),       TEST(test_anchors_show_a_cut_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
