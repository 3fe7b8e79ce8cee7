/* The hub without sockets: a person's cases, and guessing at codes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/flow/receipt.h"
#include "kiosk/hub/case_body.h"
#include "tests/hub/direct.h"

#define BY_NUMBER "{\"number\": \"" DIRECT_NUMBER "\"}"

static int find(struct direct *direct, const char *json)
{
    return direct_post(direct, "/v1/cases/find", json);
}

static int find_code_as(struct direct *direct, const struct key *key,
                        const char *receipt, const char *code)
{
    char json[96];

    snprintf(json, sizeof(json), "{\"receipt\": \"%s\", \"code\": \"%s\"}",
             receipt, code);
    return direct_post_as(direct, key, "/v1/cases/find", json);
}

static int find_code(struct direct *direct, const char *receipt,
                     const char *code)
{
    return find_code_as(direct, direct->machine, receipt, code);
}

static json_t *answered(const struct direct *direct)
{
    const struct buf *body = &direct->response.body;
    json_t *root = json_loadb(body->text, body->len, 0, NULL);

    assert_true(json_is_object(root));
    return root;
}

static size_t count_found(const struct direct *direct)
{
    json_t *root = answered(direct);
    size_t count = json_array_size(json_object_get(root, "cases"));

    json_decref(root);
    return count;
}

/* The member of the case at that place; 0: the newest. */
static void found_text(const struct direct *direct, size_t at, const char *name,
                       char text[256])
{
    json_t *root = answered(direct);
    json_t *one = json_array_get(json_object_get(root, "cases"), at);
    const char *value = json_string_value(json_object_get(one, name));

    snprintf(text, 256, "%s", value == NULL ? "" : value);
    json_decref(root);
}

static int64_t found_number(const struct direct *direct, const char *name)
{
    json_t *root = answered(direct);
    json_t *one = json_array_get(json_object_get(root, "cases"), 0);
    int64_t value = json_integer_value(json_object_get(one, name));

    json_decref(root);
    return value;
}

/* A case of the card's, with the nth receipt number. */
static void put_case(struct direct *direct, struct sample *sample,
                     const char *number)
{
    direct_sample(direct, sample);
    sample->card_number = number;
    assert_int_equal(direct_put(direct, sample), 201);
}

static void finds_by_the_card(void **state)
{
    static const char *const said[] = { "ground", "housing", "phone",
                                        "13812345678", NULL };
    struct direct *direct = *state;
    struct sample mine, other, later;
    char text[256];

    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_string_equal(direct->response.body.text, "{\"cases\":[]}");
    direct_sample(direct, &mine);
    mine.card_number = DIRECT_NUMBER;
    mine.answers = said;
    mine.item = "residence-permit";
    mine.spouse_number = DIRECT_NUMBER_2;
    assert_int_equal(direct_put(direct, &mine), 201);
    put_case(direct, &other, DIRECT_NUMBER_2);
    clock_shift(MINUTE_MS);
    put_case(direct, &later, DIRECT_NUMBER);

    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 2);
    found_text(direct, 0, "id", text);
    assert_string_equal(text, later.id);
    found_text(direct, 1, "id", text);
    assert_string_equal(text, mine.id);
    found_text(direct, 1, "item", text);
    assert_string_equal(text, "residence-permit");
    found_text(direct, 1, "receipt", text);
    assert_string_equal(text, mine.receipt);
    found_text(direct, 1, "code", text);
    assert_string_equal(text, mine.lookup_code);
    found_text(direct, 1, "address", text);
    assert_string_equal(text, mine.address);
    found_text(direct, 1, "state", text);
    assert_string_equal(text, "delivered");
    found_text(direct, 1, "text", text);
    assert_string_equal(text, "");
    found_text(direct, 1, "assurance", text);
    assert_string_equal(text, "card");
    assert_true(direct_says(direct, "\"zh_CN\":\"反映<问题>\""));
    assert_true(direct_says(direct, "\"zh_CN\":\"市民热线\""));
    found_text(direct, 1, "case_number", text);
    assert_string_equal(text, ZEROS "20261124000001");
    assert_int_equal(found_number(direct, "sent"), DIRECT_START_MS + MINUTE_MS);
    assert_int_equal(found_number(direct, "changed"),
                     DIRECT_START_MS + MINUTE_MS);
    assert_true(direct_says(direct, "\"ground\":\"housing\""));
    assert_true(direct_says(direct, "\"is_hour_only\":false"));
    /* Nothing that the card says itself. */
    assert_false(direct_says(direct, "card_"));
    assert_false(direct_says(direct, DIRECT_NUMBER));
    /* Nor what another person's does: who asks is not they. */
    assert_false(direct_says(direct, "spouse_"));
    assert_false(direct_says(direct, DIRECT_NUMBER_2));

    /* As readers and people write it. */
    assert_int_equal(find(direct, "{\"number\": \"411303 19900307 0017\"}"),
                     200);
    assert_int_equal(count_found(direct), 2);
    assert_int_equal(find(direct, "{\"number\": \"41130319900307001X\"}"), 200);
    assert_int_equal(count_found(direct), 0);
    /* Any enrolled machine: people come back to another one. */
    direct_enrol(direct, direct->stranger);
    assert_int_equal(
        direct_post_as(direct, direct->stranger, "/v1/cases/find", BY_NUMBER),
        200);
    assert_int_equal(count_found(direct), 2);
}

static void finds_no_anonymous_case_by_the_card(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    sample.card_number = DIRECT_NUMBER;
    sample.is_anonymous = true;
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 0);
    assert_int_equal(find_code(direct, sample.receipt, sample.lookup_code),
                     200);
    assert_int_equal(count_found(direct), 1);
    assert_true(direct_says(direct, "\"is_hour_only\":true"));
    assert_int_equal(found_number(direct, "sent") % (60 * MINUTE_MS), 0);
    assert_int_equal(found_number(direct, "changed") % (60 * MINUTE_MS), 0);
}

/* Nor where a terminal put a number into it against the rules. */
static void marks_no_case_by_the_hour(void **state)
{
    struct direct *direct = *state;
    struct envelope envelope = { .item = "hotline-12345",
                                 .time = "2026-11-24T14:03:05+08:00" };
    unsigned char mark[CRYPTO_DIGEST_BYTES];
    json_t *root = json_pack("{s:{s:{s:s}}}", "answers", "card_number", "value",
                             DIRECT_NUMBER);
    bool has = false;

    assert_int_equal(case_person(direct->hub, &envelope, root, &has, mark),
                     ERR_OK);
    assert_true(has);
    snprintf(envelope.time, sizeof(envelope.time), "2026-11-24T14");
    assert_int_equal(case_person(direct->hub, &envelope, root, &has, mark),
                     ERR_OK);
    assert_false(has);
    json_decref(root);
}

static void lists_at_most_78(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    char text[256];

    for (int i = 0; i < 80; i++) {
        clock_shift(1000);
        put_case(direct, &sample, DIRECT_NUMBER);
    }
    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 78);
    found_text(direct, 0, "id", text);
    assert_string_equal(text, sample.id);
}

static void finds_by_receipt_and_code(void **state)
{
    struct direct *direct = *state;
    struct sample sample, same;
    char text[256];

    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    /* Ten years later the number comes again. */
    direct_sample(direct, &same);
    same.lookup_code = "0815";
    assert_int_equal(direct_put(direct, &same), 201);
    assert_int_equal(find_code(direct, sample.receipt, "4711"), 200);
    assert_int_equal(count_found(direct), 1);
    found_text(direct, 0, "id", text);
    assert_string_equal(text, sample.id);
    assert_int_equal(find_code(direct, sample.receipt, "0815"), 200);
    found_text(direct, 0, "id", text);
    assert_string_equal(text, same.id);
}

static void tells_an_unknown_receipt_like_a_wrong_code(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    struct buf wrong;

    direct_enrol(direct, direct->stranger);
    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(find_code(direct, sample.receipt, "0000"), 403);
    direct_assert_problem(direct, 403, "code-wrong");
    assert_int_equal(direct_number_of(direct, "left"), 4);
    buf_init(&wrong, 4096);
    buf_add_text(&wrong, direct->response.body.text);
    assert_int_equal(
        find_code_as(direct, direct->stranger, "310063270022", "0000"), 403);
    assert_string_equal(direct->response.body.text, wrong.text);
    buf_done(&wrong);
}

/* Waits as long as the hub says, and tries again. */
static void wait_as_told(struct direct *direct)
{
    int64_t again_ms = direct_number_of(direct, "again");

    direct_assert_problem(direct, 429, "slow-down");
    assert_int_equal(direct_number_of(direct, "hub_time"), clock_wall_ms());
    assert_true(again_ms > clock_wall_ms());
    clock_shift(again_ms - clock_wall_ms());
}

static void stops_guessing_at_a_receipt(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    for (int left = 4; left > 0; left--) {
        if (find_code(direct, sample.receipt, "0000") == 429) {
            wait_as_told(direct);
            assert_int_equal(find_code(direct, sample.receipt, "0000"), 403);
        }
        assert_int_equal(direct_number_of(direct, "left"), left);
        direct_reopen(direct); /* forgets nothing */
    }
    assert_int_equal(find_code(direct, sample.receipt, "0000"), 429);
    wait_as_told(direct);
    assert_int_equal(find_code(direct, sample.receipt, "0000"), 429);
    assert_int_equal(direct_number_of(direct, "again"),
                     DIRECT_START_MS + 60 * MINUTE_MS);
    assert_int_equal(find_code(direct, sample.receipt, "4711"), 429);
    wait_as_told(direct);
    assert_int_equal(find_code(direct, sample.receipt, "4711"), 200);
    /* The count begins anew, and counts. */
    for (int left = 4; left > 2; left--) {
        assert_int_equal(find_code(direct, sample.receipt, "0000"), 403);
        assert_int_equal(direct_number_of(direct, "left"), left);
    }
}

/* Two scripts that take turns, each on a machine of its own, have five tries
 * together and not ten. */
static void two_machines_share_the_tries(void **state)
{
    struct direct *direct = *state;
    const struct key *machines[] = { direct->machine, direct->stranger };
    struct sample sample;
    int wrong = 0;

    direct_enrol(direct, direct->stranger);
    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    for (int i = 0; i < 20; i++) {
        int status =
            find_code_as(direct, machines[i % 2], sample.receipt, "0000");

        wrong += status == 403;
        assert_true(status == 403 || status == 429);
        clock_shift(2000);
    }
    assert_int_equal(wrong, 4); /* and the fifth said 429 */
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            find_code_as(direct, machines[i], sample.receipt, "4711"), 429);
}

/* One machine that tries receipt after receipt. */
static void a_machine_is_slowed(void **state)
{
    static const int64_t pauses[] = { 0,  0,   2,   4,   8,   16, 32,
                                      64, 128, 256, 512, 900, 900 };
    struct direct *direct = *state;
    struct receipt_count count = { "20261123", 1 };
    char receipt[RECEIPT_DIGITS + 1];

    for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
        count.sequence++;
        receipt_make("3100", &count, receipt);
        assert_int_equal(find_code(direct, receipt, "0000"), 403);
        if (pauses[i] == 0)
            continue;
        clock_shift(pauses[i] * 1000 - 1);
        assert_int_equal(find_code(direct, receipt, "0000"), 429);
        assert_int_equal(direct_number_of(direct, "again"),
                         clock_wall_ms() + 1);
        clock_shift(1);
    }
}

static void asks_for_all_it_needs(void **state)
{
    static const char *const bad[] = {
        "{}",
        "{\"number\": 4}",
        "{\"number\": \"\"}",
        "{\"number\": \"4\\n1\"}",
        "{\"receipt\": \"310063270014\"}",
        "{\"receipt\": \"310063270014\", \"code\": 4711}",
        "{\"receipt\": \"310063270014\", \"code\": \"471\"}",
        "{\"receipt\": \"31006327001x\", \"code\": \"4711\"}",
        "{\"receipt\": \"3100\", \"code\": \"4711\"}",
        "{\"code\": \"4711\"}",
        "{\"number\": \"" DIRECT_NUMBER "\", \"code\": \"4711\"}",
    };
    struct direct *direct = *state;
    struct buf big;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(find(direct, bad[i]), 400);
        direct_assert_problem(direct, 400, "fields");
    }
    assert_int_equal(find(direct, "{\"number\": "), 400);
    direct_assert_problem(direct, 400, "json");
    buf_init(&big, 64 * 1024);
    buf_add_text(&big, "{\"number\": \"");
    for (int i = 0; i < 16 * 1024; i++)
        buf_add_char(&big, '1');
    buf_add_text(&big, "\"}");
    assert_int_equal(find(direct, big.text), 413);
    buf_done(&big);
    assert_int_equal(direct_send(direct, "GET", "/v1/cases/find", "", 0), 405);
    assert_string_equal(direct_header(direct, "Allow"), "POST");
}

static void put_rating(struct direct *direct, const char *const *answers,
                       int status)
{
    struct sample sample;

    direct_sample(direct, &sample);
    sample.item = "rating";
    sample.card_number = DIRECT_NUMBER;
    sample.answers = answers;
    assert_int_equal(direct_put(direct, &sample), status);
    if (status == 422)
        direct_assert_problem(direct, 422, "content");
}

static void keeps_ratings_and_lists_none(void **state)
{
    static const char *const good[] = { "about",   "SI20261124000001",
                                        "item",    "si-insured-proof",
                                        "score",   "very-bad",
                                        "reasons", "等得太久",
                                        NULL };
    static const char *const score[] = { "about", "SI1",   "item", "x",
                                         "score", "great", NULL };
    static const char *const about[] = { "item", "x", "score", "good", NULL };
    static const char *const item[] = { "about", "SI1", "score", "good",
                                        "item",  "a b", NULL };
    struct direct *direct = *state;
    struct sample sample;
    int64_t count = 0;

    put_rating(direct, good, 201);
    assert_true(direct_says(direct, ZEROS "20261124000001"));
    put_rating(direct, score, 422);
    put_rating(direct, about, 422);
    put_rating(direct, item, 422);
    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 0);
    direct_sample(direct, &sample);
    assert_int_equal(find_code(direct, sample.receipt, sample.lookup_code),
                     403);
    direct_sql(direct,
               "SELECT count(*) FROM cases WHERE item = 'rating' AND person IS"
               " NULL AND address_hash IS NULL",
               &count);
    assert_int_equal(count, 1);
}

/* A hub of before this: its cases have no index. */
static void indexes_old_cases(void **state)
{
    struct direct *direct = *state;
    struct sample mine, other, hidden;
    int64_t count = 0;

    put_case(direct, &mine, DIRECT_NUMBER);
    put_case(direct, &other, NULL);
    direct_sample(direct, &hidden);
    hidden.card_number = DIRECT_NUMBER;
    hidden.is_anonymous = true;
    assert_int_equal(direct_put(direct, &hidden), 201);
    direct_sql(direct, "UPDATE cases SET person = NULL, is_indexed = 0", NULL);
    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 1);
    /* One that does not open any more is no reason not to start. */
    direct_sql(direct,
               "UPDATE cases SET person = NULL, is_indexed = 0,"
               " envelope = x'0102'",
               NULL);
    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 0);
    direct_sql(direct, "SELECT count(*) FROM cases WHERE is_indexed = 0",
               &count);
    assert_int_equal(count, 0);
}

/* What the hub before this one would have stored of a case. */
static void store_as_before(struct store *store, const struct direct *direct,
                            const struct sample *sample,
                            const struct buf *bytes)
{
    char fingerprint[CRYPTO_HEX_DIGEST];
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    struct sqlite3_stmt *row;

    key_fingerprint(key_public(direct->machine), fingerprint);
    digest_of(bytes->text, bytes->len, digest);
    assert_int_equal(store_begin(store), ERR_OK);
    row = store_prepare(store, "INSERT INTO machines (machine, public_key,"
                               " seen_ms) VALUES (?1, ?2, 1)");
    store_bind_text(row, 1, fingerprint);
    store_bind_bytes(row, 2, key_public(direct->machine), CRYPTO_PUBLIC_BYTES);
    assert_int_equal(store_run(row), ERR_OK);
    row = store_prepare(
        store, "INSERT INTO cases (id, machine, receipt, item, version, number,"
               " envelope, digest, state, case_number, received_ms) VALUES"
               " (?1, ?2, ?3, 'hotline-12345', 1, 1, ?4, ?5, 'delivered',"
               " 'N-1', 5)");
    store_bind_text(row, 1, sample->id);
    store_bind_text(row, 2, fingerprint);
    store_bind_text(row, 3, sample->receipt);
    store_bind_bytes(row, 4, bytes->text, bytes->len);
    store_bind_bytes(row, 5, digest, sizeof(digest));
    assert_int_equal(store_run(row), ERR_OK);
    row = store_prepare(store, "INSERT INTO lookups (address_hash, wrong,"
                               " since_ms) VALUES (x'01', 3, 1)");
    assert_int_equal(store_run(row), ERR_OK);
    assert_int_equal(store_commit(store), ERR_OK);
}

static void upgrades_a_hub_of_before(void **state)
{
    const struct store_schema before = { hub_schema.upgrades, 2 };
    struct direct *direct = *state;
    struct sample sample;
    struct store *store;
    struct buf bytes;
    char path[128], text[256];

    direct_sample(direct, &sample);
    sample.card_number = DIRECT_NUMBER;
    sample_envelope(&sample, &bytes);
    hub_close(direct->hub);
    snprintf(path, sizeof(path), "%s/hub/hub.sqlite", direct->folder);
    assert_int_equal(file_remove(path), ERR_OK);
    assert_int_equal(store_open(path, &before, NULL, &store), ERR_OK);
    store_as_before(store, direct, &sample, &bytes);
    store_close(store);
    direct_open(direct);
    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 1);
    found_text(direct, 0, "id", text);
    assert_string_equal(text, sample.id);
    assert_int_equal(find_code(direct, sample.receipt, "4711"), 200);
    assert_int_equal(direct_send(direct, "PUT", direct_path(sample.id),
                                 bytes.text, bytes.len),
                     200);
    buf_done(&bytes);
}

static void a_lost_index_key_is_made_anew(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    char path[128];

    for (int i = 0; i < 70; i++)
        put_case(direct, &sample, DIRECT_NUMBER);
    hub_close(direct->hub);
    snprintf(path, sizeof(path), "%s/hub/index.key", direct->folder);
    assert_int_equal(file_remove(path), ERR_OK);
    direct_open(direct);
    assert_int_equal(find(direct, BY_NUMBER), 200);
    assert_int_equal(count_found(direct), 70);
}

static void keeps_no_number_in_clear(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    int64_t count = -1;

    put_case(direct, &sample, DIRECT_NUMBER);
    direct_sql(direct, "SELECT count(*) FROM cases WHERE length(person) = 32",
               &count);
    assert_int_equal(count, 1);
    direct_sql(direct,
               "SELECT count(*) FROM cases WHERE instr(envelope, "
               "'" DIRECT_NUMBER "') OR instr(person, '" DIRECT_NUMBER "')",
               &count);
    assert_int_equal(count, 0);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, direct_set_up, direct_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(finds_by_the_card),
        TEST(finds_no_anonymous_case_by_the_card),
        TEST(marks_no_case_by_the_hour),
        TEST(lists_at_most_78),
        TEST(finds_by_receipt_and_code),
        TEST(tells_an_unknown_receipt_like_a_wrong_code),
        TEST(stops_guessing_at_a_receipt),
        TEST(two_machines_share_the_tries),
        TEST(a_machine_is_slowed),
        TEST(asks_for_all_it_needs),
        TEST(keeps_ratings_and_lists_none),
        TEST(indexes_old_cases),
        TEST(upgrades_a_hub_of_before),
        TEST(a_lost_index_key_is_made_anew),
        TEST(keeps_no_number_in_clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
