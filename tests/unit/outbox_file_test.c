/* The file of waiting cases: what is in it, that nothing of the outbox changes
 * by writing it, and that no cut and no flipped bit goes unseen. */
#include "tests/unit/outbox_place.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/outbox_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { CASES = 4, HEAD = 44, BEFORE_BYTES = 52 };

static const unsigned char machine[CRYPTO_PUBLIC_BYTES] = "a machine's key";

static const char *file_path(const struct place *place)
{
    static char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/cases", place->folder);
    return path;
}

/* 1 waits, 2 is confirmed, 3 is a conflict, 4 is in a pause. */
static void fill(struct place *place)
{
    place_open(place);
    for (int number = 1; number <= CASES; number++)
        assert_int_equal(place_put_number(place, number), ERR_OK);
    assert_int_equal(place_confirm(place, 2, "A2"), ERR_OK);
    assert_int_equal(place_conflict(place, 3), ERR_OK);
    assert_int_equal(place_retry(place, 4, NOW_MS + 60000), ERR_OK);
    terminal_store_free(place->store);
    place->store = NULL;
}

static enum err export(struct place *place, int64_t *ret_count) {
    struct outbox_export *export = NULL;

    enum err err = outbox_export_begin(place->path, &export);
    if (err) return err;
    *ret_count = outbox_export_count(export);
    err = outbox_export_write(export, file_path(place), machine, NULL, NULL);
    assert_false(outbox_export_store_failed(export));
    outbox_export_end(export);
    return err;
}

static char *read_file(const struct place *place, size_t *ret_len)
{
    char *bytes = NULL;
    assert_int_equal(file_read(file_path(place), FILE_MAX, &bytes, ret_len),
                     ERR_OK);
    return bytes;
}

/* Filled, written, read back. */
static char *make_file(struct place *place, size_t *ret_len)
{
    int64_t count = 0;

    fill(place);
    assert_int_equal(export(place, &count), ERR_OK);
    assert_int_equal(count, CASES - 1);
    return read_file(place, ret_len);
}

static void test_what_is_in_it(void **state)
{
    static const int64_t numbers[] = { 1, 3, 4 };
    struct place *place = *state;
    struct outbox_file file;
    struct outbox_file_case entry;
    struct stat about;
    size_t len, at = 0;
    char sealed[32];

    char *bytes = make_file(place, &len);
    outbox_file_read(bytes, len, &file);
    assert_int_equal(file.flaw, OUTBOX_FLAW_NONE);
    assert_int_equal(file.count, 3);
    assert_memory_equal(file.machine_key, machine, sizeof machine);
    for (size_t i = 0; i < 3; i++) {
        struct outbox_case put = place_case(numbers[i], "", 0);
        int sealed_len =
            snprintf(sealed, sizeof sealed, "sealed %d", (int)numbers[i]);
        assert_true(outbox_file_next(&file, &at, &entry));
        assert_true(entry.is_whole);
        assert_string_equal(entry.id, put.id);
        assert_string_equal(entry.receipt, put.receipt);
        assert_int_equal(entry.len, sealed_len);
        assert_memory_equal(entry.bytes, sealed, entry.len);
    }
    assert_int_equal(len, at + CRYPTO_DIGEST_BYTES);
    assert_int_equal(stat(file_path(place), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    mem_free(bytes);
}

/* The machine comes back to life: all is as before. */
static void test_the_outbox_stays(void **state)
{
    struct place *place = *state;
    struct answer answer;
    size_t len, before_len, after_len;
    char *before = NULL, *after = NULL;
    int64_t count = 0;

    fill(place);
    assert_int_equal(file_read(place->path, FILE_MAX, &before, &before_len),
                     ERR_OK);
    assert_int_equal(export(place, &count), ERR_OK);
    assert_int_equal(file_read(place->path, FILE_MAX, &after, &after_len),
                     ERR_OK);
    assert_int_equal(after_len, before_len);
    assert_memory_equal(after, before, before_len);
    mem_free(before);
    mem_free(after);
    mem_free(read_file(place, &len));
    place_open(place);
    place_assert_counts(place, 2, 1);
    assert_int_equal(place_next_number(place, &answer), 1);
}

static void test_never_overwrites(void **state)
{
    struct place *place = *state;
    int64_t count = 0;
    size_t len;

    fill(place);
    assert_int_equal(file_replace(file_path(place), "mine", 4, 0644), ERR_OK);
    assert_int_equal(export(place, &count), ERR_EXISTS);
    char *bytes = read_file(place, &len);
    assert_int_equal(len, 4);
    assert_memory_equal(bytes, "mine", 4);
    mem_free(bytes);
}

static void test_is_not_half_there(void **state)
{
    struct place *place = *state;
    struct outbox_export *export = NULL;
    char path[PATH_BYTES];

    fill(place);
    /* An id that is none: the store is not what it was. */
    place_run_sql(place, "UPDATE cases SET id = 'short' WHERE number = 4");
    assert_int_equal(outbox_export_begin(place->path, &export), ERR_OK);
    assert_int_equal(
        outbox_export_write(export, file_path(place), machine, NULL, NULL),
        ERR_CORRUPT);
    assert_true(outbox_export_store_failed(export));
    assert_false(file_exists(file_path(place)));
    snprintf(path, sizeof path, "%s/nowhere/cases", place->folder);
    assert_int_equal(outbox_export_write(export, path, machine, NULL, NULL),
                     ERR_NOT_FOUND);
    assert_false(outbox_export_store_failed(export));
    outbox_export_end(export);
}

static void on_damaged(void *owner, const char *id)
{
    assert_string_equal(id, place_id_of(3));
    ++*(int *)owner;
}

/* It is the hub that decides; nothing is left out here. */
static void test_damaged_case_is_told(void **state)
{
    struct place *place = *state;
    struct outbox_export *export = NULL;
    struct outbox_file file;
    int damaged = 0;
    size_t len;

    fill(place);
    place_run_sql(place, "UPDATE cases SET bytes = x'00' WHERE number = 3");
    assert_int_equal(outbox_export_begin(place->path, &export), ERR_OK);
    assert_int_equal(outbox_export_write(export, file_path(place), NULL,
                                         on_damaged, &damaged),
                     ERR_OK);
    outbox_export_end(export);
    assert_int_equal(damaged, 1);
    char *bytes = read_file(place, &len);
    outbox_file_read(bytes, len, &file);
    assert_int_equal(file.flaw, OUTBOX_FLAW_NONE);
    assert_int_equal(file.count, 3);
    assert_null(file.machine_key);
    mem_free(bytes);
}

static void test_stores_without_cases(void **state)
{
    struct place *place = *state;
    static const struct store_schema nothing = { NULL, 0 };
    struct outbox_export *export = NULL;
    struct store *store = NULL;

    assert_int_equal(outbox_export_begin(place->path, &export), ERR_NOT_FOUND);
    /* One whose making was cut short has no tables yet. */
    assert_int_equal(store_open(place->path, &nothing, NULL, &store), ERR_OK);
    assert_int_equal(outbox_export_begin(place->path, &export), ERR_EXISTS);
    store_close(store);
    assert_int_equal(outbox_export_begin(place->path, &export), ERR_OK);
    assert_int_equal(outbox_export_count(export), 0);
    outbox_export_end(export);
}

/* Copied exactly, so that a checker sees a step past the end. */
static enum outbox_flaw flaw_of(const char *bytes, size_t len,
                                struct outbox_file *file)
{
    struct outbox_file_case entry;
    size_t at = 0;
    char *copy = mem_new(len);

    memcpy(copy, bytes, len);
    outbox_file_read(copy, len, file);
    while (outbox_file_next(file, &at, &entry))
        assert_in_range(at, 1, len);
    file->bytes = NULL;
    mem_free(copy);
    return file->flaw;
}

static void test_every_cut_is_seen(void **state)
{
    struct place *place = *state;
    struct outbox_file file;
    size_t len;
    char *bytes = make_file(place, &len);

    for (size_t cut = 0; cut < len; cut++) {
        enum outbox_flaw flaw = flaw_of(bytes, cut, &file);
        enum outbox_flaw expected = cut < HEAD ? OUTBOX_FLAW_FOREIGN
                                    : cut < len - CRYPTO_DIGEST_BYTES
                                        ? OUTBOX_FLAW_CUT
                                        : OUTBOX_FLAW_END;
        assert_int_equal(flaw, expected);
    }
    bytes = mem_resize(bytes, len, len + 1);
    assert_int_equal(flaw_of(bytes, len + 1, &file), OUTBOX_FLAW_MORE);
    mem_free(bytes);
}

static void test_every_flipped_bit_is_seen(void **state)
{
    struct place *place = *state;
    struct outbox_file file;
    size_t len;
    char *bytes = make_file(place, &len);

    for (size_t bit = 0; bit < len * 8; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        assert_int_not_equal(flaw_of(bytes, len, &file), OUTBOX_FLAW_NONE);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    /* In the second case's bytes: it is named, and only it. */
    size_t second = HEAD + BEFORE_BYTES + strlen("sealed 1") + 32;
    bytes[second + BEFORE_BYTES] ^= 1;
    assert_int_equal(flaw_of(bytes, len, &file), OUTBOX_FLAW_CASE);
    assert_int_equal(file.flawed_case, 2);
    mem_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_in_it, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_the_outbox_stays, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_never_overwrites, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_is_not_half_there, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_damaged_case_is_told, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_stores_without_cases, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_every_cut_is_seen, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(test_every_flipped_bit_is_seen,
                                        place_set_up, place_tear_down),
    };
    return cmocka_run_group_tests_name("outbox_file", tests, NULL, NULL);
}
