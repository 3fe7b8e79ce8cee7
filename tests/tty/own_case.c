#include "tests/tty/own_case.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"
#include "kiosk/hub/hub_store.h"
#include "tests/tty/world.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 60000 };

/* ---- The hub's file -------------------------------------------------------- */

/* The hub may be dying still. */
static struct store *open_store(const char *state_folder)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    struct store *store = NULL;
    char path[WORLD_PATH];

    world_join(path, state_folder, "hub/hub.sqlite");
    enum err err = store_open_to_read(path, &hub_schema, &store);
    while (err == ERR_EXISTS && clock_monotonic_ms() < end_ms)
        err = store_open_to_read(path, &hub_schema, &store);
    assert_int_equal(err, ERR_OK);
    return store;
}

/* Which nobody need look at. */
static void read_envelope(struct store *store, const char *receipt,
                          struct buf *envelope)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT envelope, mark FROM cases WHERE receipt = ?");
    bool is_row = false;
    size_t len = 0;

    store_bind_text(row, 1, receipt);
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    if (!is_row)
        fail_msg("the hub has no case %s", receipt);
    const void *bytes = store_column_bytes(row, 0, &len);
    buf_add(envelope, bytes, len);
    assert_string_equal(store_column_text(row, 1), "");
    store_reset(row);
}

static json_t *open_body(const char *state_folder, struct store *store,
                         const struct buf *bytes, struct envelope *ret_envelope)
{
    unsigned char machine[CRYPTO_PUBLIC_BYTES];
    struct key *office = NULL;
    char path[WORLD_PATH];
    struct buf body;

    buf_init(&body, ENVELOPE_BODY_MAX);
    world_join(path, state_folder, "hub/office.key");
    assert_int_equal(key_open(path, KEY_OPEN, false, &office), ERR_OK);
    assert_int_equal(envelope_read(bytes->text, bytes->len, ret_envelope),
                     ERR_OK);
    assert_int_equal(
        hub_store_machine_key(store, ret_envelope->machine, machine), ERR_OK);
    assert_int_equal(envelope_open(ret_envelope, machine, office, &body),
                     ERR_OK);
    json_t *root = json_loadb(body.text, body.len, 0, NULL);
    assert_non_null(root);
    key_close(office);
    buf_done(&body);
    return root;
}

/* ---- What stands in it ------------------------------------------------------ */

static const char *value_in(const json_t *root, const char *name)
{
    return json_string_value(json_object_get(
        json_object_get(json_object_get(root, "answers"), name), "value"));
}

/* The step of a card that this is a part of, or NULL. */
static const struct step *card_of(const struct own_test *test, const char *name,
                                  const char **ret_field)
{
    static const struct step own = { .screen = "card" };

    *ret_field = name + strlen("card_");
    if (strncmp(name, "card_", 5) == 0)
        return &own;
    return person_of(test->item, name, ret_field);
}

/* The office is told the birthday, not how old that is; and nothing of who is
 * not named. */
static bool is_sent(const struct own_test *test, const char *name)
{
    const char *field;
    const struct step *card = card_of(test, name, &field);

    if (strcmp(name, "age") == 0 || strcmp(name, "assurance") == 0)
        return false;
    return !card || (strcmp(field, "age") != 0 &&
                     !envelope_is_anonymous(test->item, test->answers));
}

static void compare(const struct own_test *test, const json_t *root,
                    const char *name)
{
    const char *value = value_in(root, name), *field;
    const char *expected = answers_get(test->answers, name);
    const struct step *card = card_of(test, name, &field);
    char number[32];

    if (card && strcmp(field, "number") == 0) {
        own_test_number(test, card, number);
        expected = number;
    }
    if (card && strcmp(field, "name") == 0)
        expected = own_test_card_name(test);
    if (!value || strcmp(value, expected) != 0)
        fail_msg("%s, \"%s\": the hub has %s as %s, not as %s", test->item->id,
                 own_test_name(test), name, value ? value : "nothing",
                 expected);
}

static void compare_all(const struct own_test *test, json_t *root)
{
    const char *name;
    json_t *entry;
    size_t count = 0;

    for (size_t i = 0; i < answers_count(test->answers); i++) {
        name = answers_name(test->answers, i);
        if (!is_sent(test, name))
            continue;
        compare(test, root, name);
        count++;
    }
    json_object_foreach(json_object_get(root, "answers"), name, entry)
    {
        if (!answers_get(test->answers, name))
            fail_msg("%s, \"%s\": the hub has %s, too", test->item->id,
                     own_test_name(test), name);
    }
    assert_true(count > 0);
}

/* Other offices have on record what they have: then only the item is known. */
void own_case_check(const char *state_folder, const char *receipt,
                    const struct own_test *test)
{
    struct store *store = open_store(state_folder);
    struct envelope envelope;
    struct buf bytes;

    buf_init(&bytes, ENVELOPE_MAX);
    read_envelope(store, receipt, &bytes);
    json_t *root = open_body(state_folder, store, &bytes, &envelope);
    assert_string_equal(envelope.item, test->item->id);
    assert_string_equal(envelope.item_hash, test->item->hash);
    if (test->is_exact)
        compare_all(test, root);
    json_decref(root);
    buf_done(&bytes);
    store_close(store);
}
