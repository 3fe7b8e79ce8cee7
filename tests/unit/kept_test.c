/* What a state folder holds, and whose store it is: what was lost is never made
 * anew by itself. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"
#include "kiosk/commands.h"
#include "kiosk/kept.h"
#include "tests/unit/outbox_place.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST "1111111111111111111111111111111111111111111111111111111111111111"
#define SECOND                                                                 \
    "2222222222222222222222222222222222222222222222222222222222222222"

/* ---- What is there ----------------------------------------------------- */

static void make(const struct place *place, enum kept_file file)
{
    char path[KEPT_PATH_BYTES];
    struct key *key = NULL;
    struct terminal_glance none = { 0 };

    kept_path(place->folder, file, path);
    if (file == KEPT_STORE) {
        assert_int_equal(terminal_store_begin(path, &none), ERR_OK);
        return;
    }
    assert_int_equal(key_open(path, KEY_SIGN, true, &key), ERR_OK);
    key_close(key);
}

static void drop(const struct place *place, enum kept_file file)
{
    char path[KEPT_PATH_BYTES];
    kept_path(place->folder, file, path);
    assert_int_equal(unlink(path), 0);
}

static void says(const struct place *place, enum err err, bool is_new)
{
    bool said = !is_new;
    assert_int_equal(kept_check(place->folder, true, &said), err);
    if (!err)
        assert_int_equal(said, is_new);
}

static void test_nothing_is_made_anew(void **state)
{
    struct place *place = *state;
    char gone[PATH_BYTES];
    bool is_new;

    snprintf(gone, sizeof gone, "%s/gone", place->folder);
    assert_int_equal(kept_check(gone, true, &is_new), ERR_FOLDER_LOST);

    says(place, ERR_OK, true);
    assert_int_equal(kept_begin(place->folder), ERR_OK);
    says(place, ERR_OK, true); /* a power cut here: begun once more */
    make(place, KEPT_KEY);
    says(place, ERR_OK, true);
    make(place, KEPT_STORE);
    says(place, ERR_OK, true);
    assert_int_equal(kept_settle(place->folder), ERR_OK);
    says(place, ERR_OK, false);

    drop(place, KEPT_STORE);
    says(place, ERR_STORE_LOST, false);
    assert_int_equal(kept_begin(place->folder), ERR_OK); /* staff's command */
    says(place, ERR_OK, true);
    make(place, KEPT_STORE);
    assert_int_equal(kept_settle(place->folder), ERR_OK);
    drop(place, KEPT_KEY);
    says(place, ERR_KEY_LOST, false);
    assert_int_equal(kept_check(place->folder, false, &is_new), ERR_OK);
    drop(place, KEPT_STORE);
    says(place, ERR_STORE_LOST, false); /* the mark still knows better */
    drop(place, KEPT_MARK);
    says(place, ERR_OK, true);
}

/* A machine of before there was a mark. */
static void test_old_machine(void **state)
{
    struct place *place = *state;

    make(place, KEPT_KEY);
    says(place, ERR_STORE_LOST, false);
    make(place, KEPT_STORE);
    says(place, ERR_OK, false);
    assert_int_equal(kept_settle(place->folder), ERR_OK);
    drop(place, KEPT_KEY);
    says(place, ERR_KEY_LOST, false);
}

/* ---- Whose it is ------------------------------------------------------- */

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    if (state)
        answer->state = *state;
}

static enum err open_as(struct place *place, const char *machines)
{
    struct answer answer = { 0 };

    terminal_store_free(place->store);
    place->store = terminal_store_new_of(place->loop, place->path, machines,
                                         on_open, &answer);
    place_wait(place, &answer, 1);
    return answer.err;
}

static enum err bind(struct place *place, const char *machines)
{
    struct answer answer = { 0 };

    terminal_store_bind(place->store, machines, answer_plain, &answer);
    place_wait(place, &answer, 1);
    return answer.err;
}

static void test_store_of_another_machine(void **state)
{
    struct place *place = *state;
    struct terminal_glance glance;

    assert_int_equal(open_as(place, FIRST), ERR_OK);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    assert_int_equal(open_as(place, SECOND), ERR_OTHER_STORE);
    assert_int_equal(open_as(place, SECOND " "), ERR_OTHER_STORE);
    assert_int_equal(open_as(place, FIRST), ERR_OK);
    place_assert_counts(place, 1, 0);

    /* While a key is being replaced it is both's, then the new one's. */
    assert_int_equal(bind(place, FIRST " " SECOND), ERR_OK);
    assert_int_equal(open_as(place, SECOND), ERR_OK);
    assert_int_equal(open_as(place, FIRST), ERR_OK);
    assert_int_equal(bind(place, SECOND), ERR_OK);
    assert_int_equal(open_as(place, FIRST), ERR_OTHER_STORE);
    /* A provider names the key before its own. */
    assert_int_equal(open_as(place, FIRST " " SECOND), ERR_OK);

    terminal_store_free(place->store);
    place->store = NULL;
    assert_int_equal(terminal_store_look(place->path, &glance), ERR_OK);
    assert_string_equal(glance.machines, SECOND);
    assert_int_equal(glance.waiting, 1);
    assert_int_equal(glance.last_number, 1);
}

/* Every byte of the file but those of no account: none changes what is read
 * without being found by the opening or by the case's own digest. */
static void test_flipped_bytes(void **state)
{
    struct place *place = *state;
    char *bytes = NULL;
    size_t len = 0;
    int found = 0;

    assert_int_equal(open_as(place, FIRST), ERR_OK);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    terminal_store_free(place->store);
    place->store = NULL;
    assert_int_equal(file_read(place->path, FILE_MAX, &bytes, &len), ERR_OK);
    for (size_t page = 0; page < len; page += 4096) {
        /* The head of each page, where SQLite keeps its own account. */
        bytes[page + (page ? 3 : 103)] ^= 0x40;
        assert_int_equal(file_replace(place->path, bytes, len, 0600), ERR_OK);
        enum err err = open_as(place, FIRST);
        terminal_store_free(place->store);
        place->store = NULL;
        found += err == ERR_CORRUPT;
        bytes[page + (page ? 3 : 103)] ^= 0x40;
    }
    assert_int_equal(found, len / 4096);
    assert_int_equal(file_replace(place->path, bytes, len, 0600), ERR_OK);
    assert_int_equal(open_as(place, FIRST), ERR_OK);
    place_assert_counts(place, 1, 0);
    mem_free(bytes);
}

/* ---- Beginning anew ---------------------------------------------------- */

static void fill(struct settings *settings, const struct place *place)
{
    settings_init(settings);
    mem_free(settings->state_folder);
    settings->state_folder = mem_copy_text(place->folder);
}

static void test_begin_anew(void **state)
{
    struct place *place = *state;
    struct settings settings;
    struct outbox_case entry = place_case(1, "a case", 6);

    fill(&settings, place);
    snprintf(entry.receipt_day, sizeof entry.receipt_day, "20261123");
    entry.receipt_sequence = 7;
    make(place, KEPT_KEY);
    snprintf(place->path, sizeof place->path, "%s/kiosk.sqlite", place->folder);
    assert_int_equal(open_as(place, FIRST), ERR_OK);
    assert_int_equal(place_put(place, &entry), ERR_OK);
    terminal_store_free(place->store);
    place->store = NULL;

    /* A case waits: not by mistake.  Then its numbers go on. */
    assert_int_not_equal(command_store_new(&settings, false), 0);
    says(place, ERR_OK, false);
    assert_int_equal(command_store_new(&settings, true), 0);
    says(place, ERR_OK, true);
    struct answer answer = { 0 };
    place->store = terminal_store_new_of(place->loop, place->path, FIRST,
                                         on_open, &answer);
    place_wait(place, &answer, 1);
    assert_int_equal(answer.err, ERR_OK);
    assert_int_equal(answer.state.next_number, 2);
    assert_string_equal(answer.state.receipt_day, "20261123");
    assert_int_equal(answer.state.receipt_sequence, 7);
    assert_int_equal(answer.state.waiting, 0);
    terminal_store_free(place->store);
    place->store = NULL;
    settings_done(&settings);
}

/* Nothing is known of what was given out today: the day's second half is used. */
static void test_begin_after_a_loss(void **state)
{
    struct place *place = *state;
    struct settings settings;
    struct answer answer = { 0 };

    fill(&settings, place);
    make(place, KEPT_KEY);
    assert_int_equal(kept_settle(place->folder), ERR_OK);
    says(place, ERR_STORE_LOST, false);
    assert_int_equal(command_store_new(&settings, false), 0);
    snprintf(place->path, sizeof place->path, "%s/kiosk.sqlite", place->folder);
    place->store = terminal_store_new_of(place->loop, place->path, FIRST,
                                         on_open, &answer);
    place_wait(place, &answer, 1);
    assert_int_equal(answer.state.receipt_sequence, 499);
    terminal_store_free(place->store);
    place->store = NULL;
    settings_done(&settings);
}

/* ---- The key that was lost --------------------------------------------- */

static void test_replace_a_lost_key(void **state)
{
    struct place *place = *state;
    struct settings settings;
    char path[KEPT_PATH_BYTES], hex[CRYPTO_HEX_DIGEST];
    struct key *key = NULL;

    fill(&settings, place);
    snprintf(place->path, sizeof place->path, "%s/kiosk.sqlite", place->folder);
    assert_int_equal(open_as(place, FIRST), ERR_OK);
    terminal_store_free(place->store);
    place->store = NULL;
    assert_int_equal(kept_settle(place->folder), ERR_OK);
    says(place, ERR_KEY_LOST, false);
    assert_int_equal(command_key_replace(&settings), 0);
    says(place, ERR_OK, false);
    kept_path(place->folder, KEPT_KEY, path);
    assert_int_equal(key_open(path, KEY_SIGN, false, &key), ERR_OK);
    key_fingerprint(key_public(key), hex);
    key_close(key);
    assert_int_equal(open_as(place, hex), ERR_OK);
    terminal_store_free(place->store);
    place->store = NULL;
    settings_done(&settings);
}

/* ---- The reserve ------------------------------------------------------- */

static void test_take_room(void **state)
{
    struct place *place = *state;
    char path[KEPT_PATH_BYTES];
    struct stat about;

    kept_path(place->folder, KEPT_RESERVE, path);
    assert_int_equal(file_take_room(path, 1 << 20), ERR_OK);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 1 << 20);
    assert_true(about.st_blocks * 512 >= 1 << 20); /* no hole */
    assert_int_equal(truncate(path, 5), 0);
    assert_int_equal(file_take_room(path, 1 << 20), ERR_OK);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 1 << 20);
    assert_int_equal(file_take_room(path, UINT64_C(1) << 60), ERR_DISK_FULL);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 1 << 20); /* what was there is there */
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_made_anew),
        TEST(test_old_machine),
        TEST(test_store_of_another_machine),
        TEST(test_flipped_bytes),
        TEST(test_begin_anew),
        TEST(test_begin_after_a_loss),
        TEST(test_replace_a_lost_key),
        TEST(test_take_room),
    };
    return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
