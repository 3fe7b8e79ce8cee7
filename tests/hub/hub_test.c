/* The hub without sockets: every answer it can give to machines and phones. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/request.h"
#include "kiosk/hub/hub.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/store/vfs.h"
#include "tests/hub/sample.h"

/* 2026-11-24 14:03:05 in China. */
enum { MINUTE_MS = 60 * 1000 };
static const int64_t start_ms = 1795500185000;

struct bench {
    char folder[64];
    bool is_demo;
    struct hub *hub;
    struct key *machine;
    struct key *stranger;
    struct hub_response response; /* the last one */
    bool has_response;
    struct request_proof proof; /* of the last request */
    /* Of the next request: */
    int64_t sign_off_ms;
    const char *language;
    const char *lang;
};

static struct key *make_key(const struct bench *bench, const char *name)
{
    char path[128];
    struct key *key;

    snprintf(path, sizeof(path), "%s/%s", bench->folder, name);
    assert_int_equal(key_open(path, KEY_SIGN, true, &key), ERR_OK);
    return key;
}

static void open_hub(struct bench *bench)
{
    char state[128];
    struct hub_settings settings = { .state = state,
                                     .is_demo = bench->is_demo };

    snprintf(state, sizeof(state), "%s/hub", bench->folder);
    assert_int_equal(hub_open(&settings, &bench->hub), ERR_OK);
}

static void reopen_hub(struct bench *bench)
{
    hub_close(bench->hub);
    open_hub(bench);
}

static void enrol(struct bench *bench, const struct key *machine)
{
    char state[128], fingerprint[CRYPTO_HEX_DIGEST];

    snprintf(state, sizeof(state), "%s/hub", bench->folder);
    key_fingerprint(key_public(machine), fingerprint);
    assert_int_equal(hub_enrol(state, fingerprint), ERR_OK);
}

static int set_up(void **state)
{
    struct bench *bench = mem_new(sizeof(*bench));

    clock_pretend(1000, start_ms);
    chance_seed(3);
    assert_int_equal(file_make_temporary(bench->folder, sizeof(bench->folder)),
                     ERR_OK);
    bench->machine = make_key(bench, "machine.key");
    bench->stranger = make_key(bench, "stranger.key");
    open_hub(bench);
    enrol(bench, bench->machine);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    if (bench->has_response)
        hub_response_done(&bench->response);
    hub_close(bench->hub);
    key_close(bench->machine);
    key_close(bench->stranger);
    assert_int_equal(file_remove_tree(bench->folder), ERR_OK);
    mem_free(bench);
    clock_pretend_end();
    chance_seed_end();
    return 0;
}

static const char *header(void *owner, const char *name)
{
    struct bench *bench = owner;

    for (int i = 0; i < REQUEST_HEADER_COUNT; i++) {
        if (strcasecmp(name, request_header_names[i]) == 0)
            return bench->proof.values[i][0] == '\0' ? NULL
                                                     : bench->proof.values[i];
    }
    return strcasecmp(name, "Accept-Language") == 0 ? bench->language : NULL;
}

static const char *argument(void *owner, const char *name)
{
    struct bench *bench = owner;

    return strcmp(name, "lang") == 0 ? bench->lang : NULL;
}

/* Hands over what stands in bench->proof; the answer's status. */
static int hand_over(struct bench *bench, const struct hub_request *about)
{
    struct hub_request request = *about;

    request.header = header;
    request.argument = argument;
    request.owner = bench;
    if (bench->has_response)
        hub_response_done(&bench->response);
    hub_handle(bench->hub, &request, &bench->response);
    bench->has_response = true;
    return bench->response.status;
}

static int send_as(struct bench *bench, const struct key *key,
                   const struct request_line *line)
{
    const struct hub_request request = {
        .listener = HUB_TERMINALS,
        .method = line->method,
        .path = line->path,
        .body = line->body,
        .body_len = line->body_len,
    };

    assert_int_equal(request_sign(key, line,
                                  clock_wall_ms() + bench->sign_off_ms,
                                  &bench->proof),
                     ERR_OK);
    return hand_over(bench, &request);
}

static int send_one(struct bench *bench, const char *method, const char *path,
                    const void *body, size_t len)
{
    const struct request_line line = { method, path, body, len };

    return send_as(bench, bench->machine, &line);
}

static const char *case_path(const char *id)
{
    static char path[64];

    snprintf(path, sizeof(path), "/v1/cases/%s", id);
    return path;
}

static int put(struct bench *bench, const struct sample *sample)
{
    struct request_line line = { "PUT", case_path(sample->id), NULL, 0 };
    struct buf bytes;
    int status;

    sample_envelope(sample, &bytes);
    line.body = bytes.text;
    line.body_len = bytes.len;
    status = send_as(bench, sample->machine_key, &line);
    buf_done(&bytes);
    return status;
}

static void make_sample(struct bench *bench, struct sample *sample)
{
    sample_init(sample, bench->machine, hub_office_key(bench->hub));
}

static bool says(const struct bench *bench, const char *text)
{
    return strstr(bench->response.body.text, text) != NULL;
}

static const char *header_of(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->response.header_count; i++) {
        if (strcmp(bench->response.headers[i].name, name) == 0)
            return bench->response.headers[i].value;
    }
    return "";
}

static void assert_problem(const struct bench *bench, int status,
                           const char *name)
{
    char type[64];

    snprintf(type, sizeof(type), "\"type\":\"/problems/%s\"", name);
    assert_int_equal(bench->response.status, status);
    assert_string_equal(header_of(bench, "Content-Type"),
                        "application/problem+json");
    assert_true(says(bench, type));
}

#define ZEROS "0000000000000000000000000000000"

static void takes_a_case_once(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    struct buf bytes;
    const char *path;

    make_sample(bench, &sample);
    sample_envelope(&sample, &bytes);
    path = case_path(sample.id);
    assert_int_equal(send_one(bench, "PUT", path, bytes.text, bytes.len), 201);
    assert_true(says(bench, "\"state\":\"delivered\""));
    assert_true(says(bench, "\"case_number\":\"" ZEROS "20261124000001\""));
    assert_int_equal(send_one(bench, "PUT", path, bytes.text, bytes.len), 200);
    assert_true(says(bench, ZEROS "20261124000001"));

    assert_int_equal(send_one(bench, "PUT", path, bytes.text, bytes.len - 1),
                     409);
    assert_problem(bench, 409, "conflict");
    assert_int_equal(put(bench, &sample), 409); /* sealed anew: other bytes */
    assert_int_equal(send_one(bench, "PUT", path, "garbage", 7), 409);
    assert_int_equal(send_one(bench, "PUT", path, bytes.text, bytes.len), 200);
    buf_done(&bytes);
}

static void numbers_cases_by_day(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    for (int i = 1; i <= 3; i++) {
        char number[64];

        make_sample(bench, &sample);
        assert_int_equal(put(bench, &sample), 201);
        snprintf(number, sizeof(number), ZEROS "2026112400000%d", i);
        assert_true(says(bench, number));
    }
    clock_shift(10 * 60 * MINUTE_MS); /* past midnight in China */
    make_sample(bench, &sample);
    assert_int_equal(put(bench, &sample), 201);
    assert_true(says(bench, ZEROS "20261125000001"));
}

static void run_sql(struct bench *bench, const char *sql, int64_t *ret_number)
{
    char path[128];
    struct store *store;
    bool is_row;

    hub_close(bench->hub);
    snprintf(path, sizeof(path), "%s/hub/hub.sqlite", bench->folder);
    assert_int_equal(store_open(path, &hub_schema, NULL, &store), ERR_OK);
    assert_int_equal(store_begin(store), ERR_OK);
    struct sqlite3_stmt *row = store_prepare(store, sql);
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    if (is_row && ret_number != NULL)
        *ret_number = store_column_int(row, 0);
    store_reset(row);
    assert_int_equal(store_commit(store), ERR_OK);
    store_close(store);
    open_hub(bench);
}

static void takes_the_millionth_of_a_day(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    run_sql(bench, "INSERT INTO days (day, last) VALUES ('20261124', 999998)",
            NULL);
    make_sample(bench, &sample);
    assert_int_equal(put(bench, &sample), 201);
    assert_true(says(bench, ZEROS "20261124999999"));
    make_sample(bench, &sample);
    assert_int_equal(put(bench, &sample), 201);
    assert_true(says(bench, ZEROS "20261125000001"));
}

static void keeps_cases_over_a_restart(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    struct buf bytes;

    make_sample(bench, &sample);
    sample_envelope(&sample, &bytes);
    assert_int_equal(
        send_one(bench, "PUT", case_path(sample.id), bytes.text, bytes.len),
        201);
    reopen_hub(bench);
    assert_int_equal(
        send_one(bench, "PUT", case_path(sample.id), bytes.text, bytes.len),
        200);
    assert_true(says(bench, ZEROS "20261124000001"));
    buf_done(&bytes);
}

/* One case, with one operation of the disk failing; the answer's status. */
static int put_on_a_bad_disk(struct bench *bench, const struct sample *sample,
                             enum vfs_operation operation, uint64_t after)
{
    const struct vfs_plan plan = { .operation = operation,
                                   .failure = VFS_FAIL_FULL,
                                   .after = after,
                                   .times = 1 };
    int status;

    vfs_plan_fail(&plan);
    status = put(bench, sample);
    vfs_plan_end();
    return status;
}

/* At whatever moment the disk is full: no, to be tried again, and then it is
 * the first time; or yes, and then it is there. */
static void says_when_it_cannot_store(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    int refused = 0;

    for (int operation = VFS_WRITE; operation <= VFS_SYNC; operation++) {
        for (uint64_t after = 0; after < 20; after++) {
            int status;

            make_sample(bench, &sample);
            status = put_on_a_bad_disk(bench, &sample,
                                       (enum vfs_operation)operation, after);
            if (status != 201) {
                assert_problem(bench, 503, "store");
                assert_string_equal(header_of(bench, "Retry-After"), "30");
                refused++;
                send_one(bench, "GET", case_path(sample.id), "", 0);
                assert_problem(bench, 404, "case-unknown");
                assert_int_equal(put(bench, &sample), 201);
            }
            reopen_hub(bench);
            send_one(bench, "GET", case_path(sample.id), "", 0);
            assert_int_equal(bench->response.status, 200);
        }
    }
    assert_true(refused > 5);
    assert_true(says(bench, ZEROS "20261124000040")); /* without gaps */
}

static void knows_only_enrolled_machines(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    sample_init(&sample, bench->stranger, hub_office_key(bench->hub));
    assert_int_equal(put(bench, &sample), 403);
    assert_problem(bench, 403, "machine");
    enrol(bench, bench->stranger); /* while the hub runs */
    assert_int_equal(put(bench, &sample), 201);
    assert_int_equal(hub_enrol(bench->folder, "../../etc/passwd"),
                     ERR_BAD_INPUT);
    assert_int_equal(hub_enrol(bench->folder, ""), ERR_BAD_INPUT);
}

static void enrols_by_itself_in_the_demo_only(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    bench->is_demo = true;
    reopen_hub(bench);
    sample_init(&sample, bench->stranger, hub_office_key(bench->hub));
    assert_int_equal(put(bench, &sample), 201);
}

static void checks_every_signature(void **state)
{
    static const char path[] = "/v1/heartbeats";
    struct bench *bench = *state;
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

    assert_int_equal(request_sign(bench->machine, &line, start_ms, &good),
                     ERR_OK);
    bench->proof = good;
    request.body = "[]";
    hand_over(bench, &request);
    assert_problem(bench, 401, "signature");
    request.body = "{}";
    request.path = "/v1/heartbeat";
    hand_over(bench, &request);
    assert_problem(bench, 401, "signature");
    request.path = path;
    request.method = "PUT";
    hand_over(bench, &request);
    assert_problem(bench, 401, "signature");
    request.method = "POST";

    /* Another machine's name over one's own key. */
    key_fingerprint(key_public(bench->stranger), fingerprint);
    memcpy(bench->proof.values[REQUEST_MACHINE], fingerprint,
           sizeof(fingerprint));
    hand_over(bench, &request);
    assert_problem(bench, 401, "signature");

    for (int i = 0; i < REQUEST_HEADER_COUNT; i++) {
        bench->proof = good;
        bench->proof.values[i][0] = '\0'; /* absent */
        hand_over(bench, &request);
        assert_problem(bench, 400, "headers");
        bench->proof = good;
        bench->proof.values[i][0] = '?';
        hand_over(bench, &request);
        assert_problem(bench, 400, "headers");
    }
    bench->proof = good;
    bench->proof.values[REQUEST_TIME][12] ^= 1;
    hand_over(bench, &request);
    assert_problem(bench, 401, "signature");

    bench->proof = good;
    assert_int_equal(hand_over(bench, &request), 200);
    hand_over(bench, &request);
    assert_problem(bench, 401, "replay");
}

static void says_what_time_it_is(void **state)
{
    struct bench *bench = *state;

    bench->sign_off_ms = REQUEST_WINDOW_MS;
    assert_int_equal(send_one(bench, "POST", "/v1/heartbeats", "{}", 2), 200);
    bench->sign_off_ms = -REQUEST_WINDOW_MS;
    assert_int_equal(send_one(bench, "POST", "/v1/heartbeats", "{}", 2), 200);
    bench->sign_off_ms = REQUEST_WINDOW_MS + 1;
    send_one(bench, "POST", "/v1/heartbeats", "{}", 2);
    assert_problem(bench, 401, "time");
    assert_true(says(bench, "\"hub_time\":1795500185000"));
    bench->sign_off_ms = -REQUEST_WINDOW_MS - 1;
    send_one(bench, "POST", "/v1/heartbeats", "{}", 2);
    assert_problem(bench, 401, "time");
    /* A clock that lost its battery is still told. */
    bench->sign_off_ms = -start_ms;
    send_one(bench, "POST", "/v1/heartbeats", "{}", 2);
    assert_problem(bench, 401, "time");
}

/* Recorded and played again, after much else was said. */
static void refuses_replays(void **state)
{
    struct bench *bench = *state;
    const struct hub_request request = {
        .listener = HUB_TERMINALS,
        .method = "POST",
        .path = "/v1/heartbeats",
        .body = "{}",
        .body_len = 2,
    };
    struct request_proof first;

    assert_int_equal(send_one(bench, "POST", "/v1/heartbeats", "{}", 2), 200);
    first = bench->proof;
    for (int i = 0; i < 50; i++)
        assert_int_equal(send_one(bench, "POST", "/v1/heartbeats", "{}", 2),
                         200);
    bench->proof = first;
    hand_over(bench, &request);
    assert_problem(bench, 401, "replay");
    clock_shift(REQUEST_WINDOW_MS);
    hand_over(bench, &request);
    assert_problem(bench, 401, "replay");
    clock_shift(1);
    hand_over(bench, &request);
    assert_problem(bench, 401, "time");
}

static void refuses_what_is_no_case(void **state)
{
    struct bench *bench = *state;
    struct sample sample, other;
    struct buf bytes;

    make_sample(bench, &sample);
    make_sample(bench, &other);
    sample_envelope(&sample, &bytes);

    send_one(bench, "PUT", case_path(sample.id), "", 0);
    assert_problem(bench, 400, "envelope");
    send_one(bench, "PUT", case_path("xyz"), bytes.text, bytes.len);
    assert_problem(bench, 400, "case-id");
    send_one(bench, "PUT", case_path(other.id), bytes.text, bytes.len);
    assert_problem(bench, 422, "other-case");
    enrol(bench, bench->stranger);
    send_as(bench, bench->stranger,
            &(struct request_line){ "PUT", case_path(sample.id), bytes.text,
                                    bytes.len });
    assert_problem(bench, 422, "other-machine");

    bytes.text[bytes.len - 1] ^= 1; /* the signature's */
    send_one(bench, "PUT", case_path(sample.id), bytes.text, bytes.len);
    assert_problem(bench, 422, "seal");
    bytes.text[bytes.len - 1] ^= 1;
    bytes.text[bytes.len - 100] ^= 1; /* the sealed body's */
    send_one(bench, "PUT", case_path(sample.id), bytes.text, bytes.len);
    assert_problem(bench, 422, "seal");
    bytes.text[bytes.len - 100] ^= 1;
    assert_int_equal(
        send_one(bench, "PUT", case_path(sample.id), bytes.text, bytes.len),
        201);
    buf_done(&bytes);

    other.office_key = key_public(bench->stranger);
    assert_int_equal(put(bench, &other), 422);
    assert_problem(bench, 422, "office-key");
}

/* Every beginning of an envelope, and a run of single changes: never a yes. */
static void takes_no_damaged_envelope(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    struct buf bytes;

    make_sample(bench, &sample);
    sample_envelope(&sample, &bytes);
    for (size_t len = 0; len < bytes.len; len += 7)
        assert_true(send_one(bench, "PUT", case_path(sample.id), bytes.text,
                             len) >= 400);
    for (size_t at = 0; at < bytes.len; at += 5) {
        bytes.text[at] ^= 0x20;
        assert_in_range(
            send_one(bench, "PUT", case_path(sample.id), bytes.text, bytes.len),
            400, 499);
        bytes.text[at] ^= 0x20;
    }
    buf_done(&bytes);
}

static void answers_other_requests(void **state)
{
    struct bench *bench = *state;
    struct hub_request request = { .listener = HUB_TERMINALS,
                                   .method = "PUT",
                                   .path = "/v1/cases/x",
                                   .body = "",
                                   .is_too_big = true };

    hand_over(bench, &request);
    assert_problem(bench, 413, "too-big");
    send_one(bench, "DELETE", "/v1/cases/x", "", 0);
    assert_problem(bench, 405, "method");
    assert_string_equal(header_of(bench, "Allow"), "GET, PUT");
    send_one(bench, "GET", "/v1/heartbeats", "", 0);
    assert_problem(bench, 405, "method");
    send_one(bench, "GET", "/v2/anything", "", 0);
    assert_problem(bench, 404, "path");
    request.is_too_big = false;
    memset(&bench->proof, 0, sizeof(bench->proof));
    hand_over(bench, &request);
    assert_problem(bench, 400, "headers");
}

static void tells_a_case_to_its_machine_only(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    make_sample(bench, &sample);
    assert_int_equal(put(bench, &sample), 201);
    assert_int_equal(send_one(bench, "GET", case_path(sample.id), "", 0), 200);
    assert_true(says(bench, sample.id));
    assert_true(says(bench, "\"state\":\"delivered\""));
    assert_true(says(bench, ZEROS "20261124000001"));
    enrol(bench, bench->stranger);
    send_as(bench, bench->stranger,
            &(struct request_line){ "GET", case_path(sample.id), "", 0 });
    assert_problem(bench, 404, "case-unknown");
    make_sample(bench, &sample);
    send_one(bench, "GET", case_path(sample.id), "", 0);
    assert_problem(bench, 404, "case-unknown");
}

static void keeps_the_last_heartbeat(void **state)
{
    static const char first[] = "{\"help_wanted\":true}";
    static const char last[] = "{\"help_wanted\":false}";
    struct bench *bench = *state;
    char path[128], fingerprint[CRYPTO_HEX_DIGEST];
    struct store *store;
    struct buf health;
    int64_t seen_ms;

    assert_int_equal(
        send_one(bench, "POST", "/v1/heartbeats", first, strlen(first)), 200);
    clock_shift(MINUTE_MS);
    assert_int_equal(
        send_one(bench, "POST", "/v1/heartbeats", last, strlen(last)), 200);
    assert_true(says(bench, "\"time\":1795500245000"));
    send_one(bench, "POST", "/v1/heartbeats", "[]", 2);
    assert_problem(bench, 400, "json");
    send_one(bench, "POST", "/v1/heartbeats", "{", 1);
    assert_problem(bench, 400, "json");
    send_one(bench, "POST", "/v1/heartbeats", "{}\0{}", 5);
    assert_problem(bench, 400, "json");

    hub_close(bench->hub);
    snprintf(path, sizeof(path), "%s/hub/hub.sqlite", bench->folder);
    assert_int_equal(store_open(path, &hub_schema, NULL, &store), ERR_OK);
    key_fingerprint(key_public(bench->machine), fingerprint);
    buf_init(&health, 1024);
    assert_int_equal(hub_store_health(store, fingerprint, &health, &seen_ms),
                     ERR_OK);
    assert_string_equal(health.text, last);
    assert_int_equal(seen_ms, start_ms + MINUTE_MS);
    buf_done(&health);
    store_close(store);
    open_hub(bench);
}

/* ---- The phone pages ---------------------------------------------------- */

static int visit(struct bench *bench, const char *method, const char *address,
                 const char *body)
{
    char path[128];
    const struct hub_request request = {
        .listener = HUB_PUBLIC,
        .method = method,
        .path = path,
        .body = body,
        .body_len = strlen(body),
    };

    snprintf(path, sizeof(path), "/p/%s", address);
    return hand_over(bench, &request);
}

static void shows_the_state_only(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    make_sample(bench, &sample);
    assert_int_equal(visit(bench, "GET", sample.address, ""), 404);
    assert_true(says(bench, "还没有送达，或地址不对"));
    assert_int_equal(put(bench, &sample), 201);
    assert_int_equal(visit(bench, "GET", sample.address, ""), 200);
    assert_true(says(bench, "lang=\"zh-CN\""));
    assert_true(says(bench, "已送达"));
    assert_true(says(bench, "本回执只证明收到了申请，不代表已经受理。"));
    assert_true(says(bench, "href=\"?lang=en\""));
    assert_true(says(bench, "width=device-width"));
    assert_false(says(bench, "反映"));
    assert_false(says(bench, sample.receipt));
    assert_false(says(bench, "3100 6327"));
    assert_false(says(bench, sample.lookup_code));
    assert_false(says(bench, ZEROS));
    assert_string_equal(header_of(bench, "Cache-Control"), "no-store");
    assert_string_equal(header_of(bench, "Set-Cookie"), "");
    assert_non_null(strstr(header_of(bench, "Content-Security-Policy"),
                           "default-src 'none'; style-src 'sha256-"));
    assert_string_equal(header_of(bench, "Referrer-Policy"), "no-referrer");

    assert_int_equal(visit(bench, "GET", "short", ""), 404);
    assert_int_equal(visit(bench, "GET", "../../../../etc/passwd", ""), 404);
    sample.address[3] ^= 1;
    assert_int_equal(visit(bench, "GET", sample.address, ""), 404);
}

static void speaks_the_phones_language(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    make_sample(bench, &sample);
    assert_int_equal(put(bench, &sample), 201);
    bench->language = "fr-FR,en-GB;q=0.8,zh;q=0.5";
    assert_int_equal(visit(bench, "GET", sample.address, ""), 200);
    assert_true(says(bench, "lang=\"en\""));
    assert_true(says(bench, "Delivered"));
    assert_true(says(bench, "not that it was accepted"));
    bench->lang = "zh";
    assert_int_equal(visit(bench, "GET", sample.address, ""), 200);
    assert_true(says(bench, "已送达"));
    bench->lang = NULL;
    bench->language = "fr";
    assert_int_equal(visit(bench, "GET", sample.address, ""), 200);
    assert_true(says(bench, "已送达"));
    bench->lang = "en";
    assert_int_equal(visit(bench, "GET", "nowhere", ""), 404);
    assert_true(says(bench, "Not delivered yet, or a wrong address"));
}

static void shows_details_for_the_code(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    make_sample(bench, &sample);
    assert_int_equal(put(bench, &sample), 201);
    assert_int_equal(visit(bench, "POST", sample.address, "code=4711"), 200);
    assert_true(says(bench, "反映&lt;问题&gt;"));
    assert_true(says(bench, "市民热线"));
    assert_true(says(bench, ZEROS "20261124000001"));
    assert_true(says(bench, "2026年11月24日 14:03"));
    assert_true(says(bench, "下一步"));
    assert_false(says(bench, "4711"));
    bench->lang = "en";
    /* As people type: spaces, full-width digits. */
    assert_int_equal(
        visit(bench, "POST", sample.address, "code=+%EF%BC%947+1%EF%BC%91"),
        200);
    assert_true(says(bench, "A &quot;problem&quot; &amp; more"));
    assert_true(says(bench, "2026-11-24 14:03"));
}

static void tells_only_the_hour_of_an_anonymous_case(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    int64_t received_ms = 0;

    make_sample(bench, &sample);
    sample.is_anonymous = true;
    assert_int_equal(put(bench, &sample), 201);
    assert_int_equal(visit(bench, "POST", sample.address, "code=4711"), 200);
    assert_true(says(bench, "2026年11月24日 14时"));
    assert_false(says(bench, "14:03"));
    run_sql(bench, "SELECT received_ms FROM cases", &received_ms);
    assert_int_equal(received_ms % (60 * MINUTE_MS), 0);
    assert_in_range(start_ms - received_ms, 1, 60 * MINUTE_MS);
}

static void shuts_after_five_wrong_codes(void **state)
{
    struct bench *bench = *state;
    struct sample sample, other;

    make_sample(bench, &sample);
    assert_int_equal(put(bench, &sample), 201);
    make_sample(bench, &other);
    assert_int_equal(put(bench, &other), 201);
    /* What is no code counts for nothing. */
    for (int i = 0; i < 9; i++) {
        assert_int_equal(visit(bench, "POST", sample.address, "code=12"), 400);
        assert_true(says(bench, "查询码是四位数字"));
    }
    assert_int_equal(visit(bench, "POST", sample.address, ""), 400);
    assert_int_equal(visit(bench, "POST", sample.address, "code=%ff%00%"), 400);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(visit(bench, "POST", sample.address, "code=0000"),
                         403);
        assert_true(says(bench, "查询码不对"));
        reopen_hub(bench); /* forgets nothing */
    }
    assert_int_equal(visit(bench, "POST", sample.address, "code=4711"), 200);
    assert_int_equal(visit(bench, "POST", sample.address, "code=0000"), 429);
    assert_int_equal(visit(bench, "POST", sample.address, "code=4711"), 429);
    assert_true(says(bench, "输错次数太多"));
    assert_int_equal(visit(bench, "GET", sample.address, ""), 200);
    assert_int_equal(visit(bench, "POST", other.address, "code=4711"), 200);
    clock_shift(60 * MINUTE_MS);
    assert_int_equal(visit(bench, "POST", sample.address, "code=4711"), 200);
    assert_int_equal(visit(bench, "POST", sample.address, "code=0000"), 403);
}

static void answers_other_visits(void **state)
{
    struct bench *bench = *state;
    struct hub_request request = {
        .listener = HUB_PUBLIC, .method = "GET", .path = "/", .body = ""
    };

    assert_int_equal(hand_over(bench, &request), 200);
    assert_true(says(bench, "二维码"));
    request.path = "/favicon.ico";
    assert_int_equal(hand_over(bench, &request), 404);
    request.path = "/v1/cases/00000000000000000000000000000000";
    assert_int_equal(hand_over(bench, &request), 404);
    request.method = "PUT";
    assert_int_equal(hand_over(bench, &request), 405);
    request.path = "/p/x";
    request.is_too_big = true;
    assert_int_equal(hand_over(bench, &request), 413);
    assert_int_equal(visit(bench, "HEAD", "x", ""), 404);
    assert_int_equal(visit(bench, "POST", "x", "code=1234"), 404);
    assert_false(says(bench, "演示"));
    bench->is_demo = true;
    reopen_hub(bench);
    assert_int_equal(visit(bench, "GET", "x", ""), 404);
    assert_true(says(bench, "演示"));
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, set_up, tear_down)
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
        TEST(shows_the_state_only),
        TEST(speaks_the_phones_language),
        TEST(shows_details_for_the_code),
        TEST(tells_only_the_hour_of_an_anonymous_case),
        TEST(shuts_after_five_wrong_codes),
        TEST(answers_other_visits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
