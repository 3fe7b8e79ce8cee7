/* The hub without sockets: every answer it can give to machines. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/store/vfs.h"
#include "tests/hub/direct.h"

static void takes_a_case_once(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    struct buf bytes;
    const char *path;

    direct_sample(direct, &sample);
    sample_envelope(&sample, &bytes);
    path = direct_path(sample.id);
    assert_int_equal(direct_send(direct, "PUT", path, bytes.text, bytes.len),
                     201);
    assert_true(direct_says(direct, "\"state\":\"delivered\""));
    assert_true(
        direct_says(direct, "\"case_number\":\"" ZEROS "20261124000001\""));
    assert_int_equal(direct_send(direct, "PUT", path, bytes.text, bytes.len),
                     200);
    assert_true(direct_says(direct, ZEROS "20261124000001"));

    assert_int_equal(
        direct_send(direct, "PUT", path, bytes.text, bytes.len - 1), 409);
    direct_assert_problem(direct, 409, "conflict");
    assert_int_equal(direct_put(direct, &sample),
                     409); /* sealed anew: other bytes */
    assert_int_equal(direct_send(direct, "PUT", path, "garbage", 7), 409);
    assert_int_equal(direct_send(direct, "PUT", path, bytes.text, bytes.len),
                     200);
    buf_done(&bytes);
}

static void numbers_cases_by_day(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    for (int i = 1; i <= 3; i++) {
        char number[64];

        direct_sample(direct, &sample);
        assert_int_equal(direct_put(direct, &sample), 201);
        snprintf(number, sizeof(number), ZEROS "2026112400000%d", i);
        assert_true(direct_says(direct, number));
    }
    clock_shift(10 * 60 * MINUTE_MS); /* past midnight in China */
    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_true(direct_says(direct, ZEROS "20261125000001"));
}

static void takes_the_millionth_of_a_day(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sql(direct,
               "INSERT INTO days (day, last) VALUES ('20261124', 999998)",
               NULL);
    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_true(direct_says(direct, ZEROS "20261124999999"));
    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_true(direct_says(direct, ZEROS "20261125000001"));
}

static void keeps_cases_over_a_restart(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    struct buf bytes;

    direct_sample(direct, &sample);
    sample_envelope(&sample, &bytes);
    assert_int_equal(direct_send(direct, "PUT", direct_path(sample.id),
                                 bytes.text, bytes.len),
                     201);
    direct_reopen(direct);
    assert_int_equal(direct_send(direct, "PUT", direct_path(sample.id),
                                 bytes.text, bytes.len),
                     200);
    assert_true(direct_says(direct, ZEROS "20261124000001"));
    buf_done(&bytes);
}

/* One case, with one operation of the disk failing; the answer's status. */
static int put_on_a_bad_disk(struct direct *direct, const struct sample *sample,
                             enum vfs_operation operation, uint64_t after)
{
    const struct vfs_plan plan = { .operation = operation,
                                   .failure = VFS_FAIL_FULL,
                                   .after = after,
                                   .times = 1 };
    int status;

    vfs_plan_fail(&plan);
    status = direct_put(direct, sample);
    vfs_plan_end();
    return status;
}

/* At whatever moment the disk is full: no, to be tried again, and then it is
 * the first time; or yes, and then it is there. */
static void says_when_it_cannot_store(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    int refused = 0;

    for (int operation = VFS_WRITE; operation <= VFS_SYNC; operation++) {
        for (uint64_t after = 0; after < 20; after++) {
            int status;

            direct_sample(direct, &sample);
            status = put_on_a_bad_disk(direct, &sample,
                                       (enum vfs_operation)operation, after);
            if (status != 201) {
                direct_assert_problem(direct, 503, "store");
                assert_string_equal(direct_header(direct, "Retry-After"), "30");
                refused++;
                direct_send(direct, "GET", direct_path(sample.id), "", 0);
                direct_assert_problem(direct, 404, "case-unknown");
                assert_int_equal(direct_put(direct, &sample), 201);
            }
            direct_reopen(direct);
            direct_send(direct, "GET", direct_path(sample.id), "", 0);
            assert_int_equal(direct->response.status, 200);
        }
    }
    assert_true(refused > 5);
    assert_true(direct_says(direct, ZEROS "20261124000040")); /* without gaps */
}

static void knows_only_enrolled_machines(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    sample_init(&sample, direct->stranger, hub_office_key(direct->hub));
    assert_int_equal(direct_put(direct, &sample), 403);
    direct_assert_problem(direct, 403, "machine");
    direct_enrol(direct, direct->stranger); /* while the hub runs */
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(hub_enrol(direct->folder, "../../etc/passwd"),
                     ERR_BAD_INPUT);
    assert_int_equal(hub_enrol(direct->folder, ""), ERR_BAD_INPUT);
}

static void enrols_by_itself_in_the_demo_only(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct->is_demo = true;
    direct_reopen(direct);
    sample_init(&sample, direct->stranger, hub_office_key(direct->hub));
    assert_int_equal(direct_put(direct, &sample), 201);
}

static void checks_every_signature(void **state)
{
    static const char path[] = "/v1/heartbeats";
    struct direct *direct = *state;
    struct hub_request request = {
        .listener = HUB_TERMINALS,
        .method = "POST",
        .path = path,
        .body = "{}",
        .body_len = 2,
    };
    const struct request_line line = { "POST", path, "{}", 2 };
    struct request_proof good;
    char fingerprint[CRYPTO_HEX_DIGEST];

    assert_int_equal(
        request_sign(direct->machine, &line, DIRECT_START_MS, &good), ERR_OK);
    direct->proof = good;
    request.body = "[]";
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "signature");
    request.body = "{}";
    request.path = "/v1/heartbeat";
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "signature");
    request.path = path;
    request.method = "PUT";
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "signature");
    request.method = "POST";

    /* Another machine's name over one's own key. */
    key_fingerprint(key_public(direct->stranger), fingerprint);
    memcpy(direct->proof.values[REQUEST_MACHINE], fingerprint,
           sizeof(fingerprint));
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "signature");

    for (int i = 0; i < REQUEST_HEADER_COUNT; i++) {
        direct->proof = good;
        direct->proof.values[i][0] = '\0'; /* absent */
        direct_hand_over(direct, &request);
        direct_assert_problem(direct, 400, "headers");
        direct->proof = good;
        direct->proof.values[i][0] = '?';
        direct_hand_over(direct, &request);
        direct_assert_problem(direct, 400, "headers");
    }
    direct->proof = good;
    direct->proof.values[REQUEST_TIME][12] ^= 1;
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "signature");

    direct->proof = good;
    assert_int_equal(direct_hand_over(direct, &request), 200);
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "replay");
}

static void says_what_time_it_is(void **state)
{
    struct direct *direct = *state;

    direct->sign_off_ms = REQUEST_WINDOW_MS;
    assert_int_equal(direct_send(direct, "POST", "/v1/heartbeats", "{}", 2),
                     200);
    direct->sign_off_ms = -REQUEST_WINDOW_MS;
    assert_int_equal(direct_send(direct, "POST", "/v1/heartbeats", "{}", 2),
                     200);
    direct->sign_off_ms = REQUEST_WINDOW_MS + 1;
    direct_send(direct, "POST", "/v1/heartbeats", "{}", 2);
    direct_assert_problem(direct, 401, "time");
    assert_true(direct_says(direct, "\"hub_time\":1795500185000"));
    direct->sign_off_ms = -REQUEST_WINDOW_MS - 1;
    direct_send(direct, "POST", "/v1/heartbeats", "{}", 2);
    direct_assert_problem(direct, 401, "time");
    /* A clock that lost its battery is still told. */
    direct->sign_off_ms = -DIRECT_START_MS;
    direct_send(direct, "POST", "/v1/heartbeats", "{}", 2);
    direct_assert_problem(direct, 401, "time");
}

/* Recorded and played again, after much else was said. */
static void refuses_replays(void **state)
{
    struct direct *direct = *state;
    const struct hub_request request = {
        .listener = HUB_TERMINALS,
        .method = "POST",
        .path = "/v1/heartbeats",
        .body = "{}",
        .body_len = 2,
    };
    struct request_proof first;

    assert_int_equal(direct_send(direct, "POST", "/v1/heartbeats", "{}", 2),
                     200);
    first = direct->proof;
    for (int i = 0; i < 50; i++)
        assert_int_equal(direct_send(direct, "POST", "/v1/heartbeats", "{}", 2),
                         200);
    direct->proof = first;
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "replay");
    clock_shift(REQUEST_WINDOW_MS);
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "replay");
    clock_shift(1);
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 401, "time");
}

static void refuses_what_is_no_case(void **state)
{
    struct direct *direct = *state;
    struct sample sample, other;
    struct buf bytes;

    direct_sample(direct, &sample);
    direct_sample(direct, &other);
    sample_envelope(&sample, &bytes);

    direct_send(direct, "PUT", direct_path(sample.id), "", 0);
    direct_assert_problem(direct, 400, "envelope");
    direct_send(direct, "PUT", direct_path("xyz"), bytes.text, bytes.len);
    direct_assert_problem(direct, 400, "case-id");
    direct_send(direct, "PUT", direct_path(other.id), bytes.text, bytes.len);
    direct_assert_problem(direct, 422, "other-case");
    direct_enrol(direct, direct->stranger);
    direct_send_as(direct, direct->stranger,
                   &(struct request_line){ "PUT", direct_path(sample.id),
                                           bytes.text, bytes.len });
    direct_assert_problem(direct, 422, "other-machine");

    bytes.text[bytes.len - 1] ^= 1; /* the signature's */
    direct_send(direct, "PUT", direct_path(sample.id), bytes.text, bytes.len);
    direct_assert_problem(direct, 422, "seal");
    bytes.text[bytes.len - 1] ^= 1;
    bytes.text[bytes.len - 100] ^= 1; /* the sealed body's */
    direct_send(direct, "PUT", direct_path(sample.id), bytes.text, bytes.len);
    direct_assert_problem(direct, 422, "seal");
    bytes.text[bytes.len - 100] ^= 1;
    assert_int_equal(direct_send(direct, "PUT", direct_path(sample.id),
                                 bytes.text, bytes.len),
                     201);
    buf_done(&bytes);

    other.office_key = key_public(direct->stranger);
    assert_int_equal(direct_put(direct, &other), 422);
    direct_assert_problem(direct, 422, "office-key");
}

/* Every beginning of an envelope, and a run of single changes: never a yes. */
static void takes_no_damaged_envelope(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    struct buf bytes;

    direct_sample(direct, &sample);
    sample_envelope(&sample, &bytes);
    for (size_t len = 0; len < bytes.len; len += 7)
        assert_true(direct_send(direct, "PUT", direct_path(sample.id),
                                bytes.text, len) >= 400);
    for (size_t at = 0; at < bytes.len; at += 5) {
        bytes.text[at] ^= 0x20;
        assert_in_range(direct_send(direct, "PUT", direct_path(sample.id),
                                    bytes.text, bytes.len),
                        400, 499);
        bytes.text[at] ^= 0x20;
    }
    buf_done(&bytes);
}

static void answers_other_requests(void **state)
{
    struct direct *direct = *state;
    struct hub_request request = { .listener = HUB_TERMINALS,
                                   .method = "PUT",
                                   .path = "/v1/cases/x",
                                   .body = "",
                                   .is_too_big = true };

    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 413, "too-big");
    direct_send(direct, "DELETE", "/v1/cases/x", "", 0);
    direct_assert_problem(direct, 405, "method");
    assert_string_equal(direct_header(direct, "Allow"), "GET, POST, PUT");
    direct_send(direct, "GET", "/v1/heartbeats", "", 0);
    direct_assert_problem(direct, 405, "method");
    direct_send(direct, "GET", "/v2/anything", "", 0);
    direct_assert_problem(direct, 404, "path");
    request.is_too_big = false;
    memset(&direct->proof, 0, sizeof(direct->proof));
    direct_hand_over(direct, &request);
    direct_assert_problem(direct, 400, "headers");
}

static void tells_a_case_to_its_machine_only(void **state)
{
    struct direct *direct = *state;
    struct sample sample;

    direct_sample(direct, &sample);
    assert_int_equal(direct_put(direct, &sample), 201);
    assert_int_equal(direct_send(direct, "GET", direct_path(sample.id), "", 0),
                     200);
    assert_true(direct_says(direct, sample.id));
    assert_true(direct_says(direct, "\"state\":\"delivered\""));
    assert_true(direct_says(direct, ZEROS "20261124000001"));
    direct_enrol(direct, direct->stranger);
    direct_send_as(
        direct, direct->stranger,
        &(struct request_line){ "GET", direct_path(sample.id), "", 0 });
    direct_assert_problem(direct, 404, "case-unknown");
    direct_sample(direct, &sample);
    direct_send(direct, "GET", direct_path(sample.id), "", 0);
    direct_assert_problem(direct, 404, "case-unknown");
}

static void keeps_the_last_heartbeat(void **state)
{
    static const char first[] = "{\"help_wanted\":true}";
    static const char last[] = "{\"help_wanted\":false}";
    struct direct *direct = *state;
    char path[128], fingerprint[CRYPTO_HEX_DIGEST];
    struct store *store;
    struct buf health;
    int64_t seen_ms;

    assert_int_equal(
        direct_send(direct, "POST", "/v1/heartbeats", first, strlen(first)),
        200);
    clock_shift(MINUTE_MS);
    assert_int_equal(
        direct_send(direct, "POST", "/v1/heartbeats", last, strlen(last)), 200);
    assert_true(direct_says(direct, "\"time\":1795500245000"));
    direct_send(direct, "POST", "/v1/heartbeats", "[]", 2);
    direct_assert_problem(direct, 400, "json");
    direct_send(direct, "POST", "/v1/heartbeats", "{", 1);
    direct_assert_problem(direct, 400, "json");
    direct_send(direct, "POST", "/v1/heartbeats", "{}\0{}", 5);
    direct_assert_problem(direct, 400, "json");

    hub_close(direct->hub);
    snprintf(path, sizeof(path), "%s/hub/hub.sqlite", direct->folder);
    assert_int_equal(store_open(path, &hub_schema, NULL, &store), ERR_OK);
    key_fingerprint(key_public(direct->machine), fingerprint);
    buf_init(&health, 1024);
    assert_int_equal(hub_store_health(store, fingerprint, &health, &seen_ms),
                     ERR_OK);
    assert_string_equal(health.text, last);
    assert_int_equal(seen_ms, DIRECT_START_MS + MINUTE_MS);
    buf_done(&health);
    store_close(store);
    direct_open(direct);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, direct_set_up, direct_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(takes_a_case_once),
        TEST(numbers_cases_by_day),
        TEST(takes_the_millionth_of_a_day),
        TEST(keeps_cases_over_a_restart),
        TEST(says_when_it_cannot_store),
        TEST(knows_only_enrolled_machines),
        TEST(enrols_by_itself_in_the_demo_only),
        TEST(checks_every_signature),
        TEST(says_what_time_it_is),
        TEST(refuses_replays),
        TEST(refuses_what_is_no_case),
        TEST(takes_no_damaged_envelope),
        TEST(answers_other_requests),
        TEST(tells_a_case_to_its_machine_only),
        TEST(keeps_the_last_heartbeat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
