/* The real client against the real kiosk-hub. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/hub/hub.h"
#include "tests/hub/wire.h"

/* A case under way beside others. */
enum { AT_ONCE = 6 };
struct sent {
    struct sample sample;
    struct buf bytes;
    struct heard heard;
};

static void delivers_a_case_once(void **state)
{
    struct wire *wire = *state;
    struct sample sample;
    struct buf bytes;
    char number[64];

    wire_start_demo_hub(wire);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, wire->machine, wire->hub.office_key);
    sample_envelope(&sample, &bytes);
    assert_int_equal(wire_ask(wire, sample.id), ERR_NOT_FOUND);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_OK);
    assert_true(wire->heard.is_new);
    assert_string_equal(wire->heard.state, "delivered");
    assert_int_equal(strlen(wire->heard.case_number), 45);
    memcpy(number, wire->heard.case_number, sizeof(number));
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_OK);
    assert_false(wire->heard.is_new);
    assert_string_equal(wire->heard.case_number, number);
    assert_int_equal(wire_ask(wire, sample.id), ERR_OK);
    assert_string_equal(wire->heard.case_number, number);
    assert_int_equal(wire_send(wire, &sample), ERR_CONFLICT);

    bytes.text[bytes.len - 1] ^= 1;
    sample_init(&sample, wire->machine, wire->hub.office_key);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_REFUSED);
    buf_done(&bytes);
    assert_int_equal(wire_beat(wire), ERR_OK);
    assert_int_equal(wire->heard.clock_off_ms, 0);
}

static void answers_bodies_at_the_limit(void **state)
{
    struct wire *wire = *state;
    struct sample sample;
    struct buf bytes;

    wire_start_demo_hub(wire);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, wire->machine, wire->hub.office_key);
    buf_init(&bytes, 3 * HUB_BODY_MAX);
    for (int i = 0; i < HUB_BODY_MAX; i++)
        buf_add_char(&bytes, 'x');
    /* Just within the limit of a body, and just past it. */
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_REFUSED);
    buf_add_char(&bytes, 'x');
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_REFUSED);
    buf_done(&bytes);
    assert_int_equal(wire_send(wire, &sample), ERR_OK);
}

/* Sends all at once and kills the hub as soon as it has taken one. */
static void kill_in_the_middle(struct wire *wire, struct sent sent[AT_ONCE])
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    int taken = 0;

    for (int i = 0; i < AT_ONCE; i++) {
        sample_init(&sent[i].sample, wire->machine, wire->hub.office_key);
        sample_envelope(&sent[i].sample, &sent[i].bytes);
        memset(&sent[i].heard, 0, sizeof(sent[i].heard));
        transport_send(wire->client, sent[i].sample.id, sent[i].bytes.text,
                       sent[i].bytes.len, wire_on_done, &sent[i].heard);
    }
    while (taken == 0) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(wire->loop, 100);
        for (int i = 0; i < AT_ONCE; i++)
            taken += sent[i].heard.count == 1 && sent[i].heard.err == ERR_OK;
    }
    wire_kill_hub(wire);
    for (int i = 0; i < AT_ONCE; i++) {
        while (sent[i].heard.count == 0) {
            assert_true(clock_monotonic_ms() < until_ms);
            loop_turn(wire->loop, 100);
        }
    }
}

/* What it said yes to is there, with its number; the rest is taken now. */
static void a_killed_hub_loses_nothing(void **state)
{
    struct wire *wire = *state;
    struct sent sent[AT_ONCE];

    wire_start_demo_hub(wire);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    for (int round = 0; round < 4; round++) {
        kill_in_the_middle(wire, sent);
        wire_start_demo_hub(wire);
        client_set_url(wire->client, wire->hub.terminals);
        for (int i = 0; i < AT_ONCE; i++) {
            const struct heard before = sent[i].heard;

            assert_int_equal(
                wire_send_bytes(wire, &sent[i].sample, &sent[i].bytes), ERR_OK);
            if (before.err == ERR_OK) {
                assert_false(wire->heard.is_new);
                assert_string_equal(wire->heard.case_number,
                                    before.case_number);
            }
            buf_done(&sent[i].bytes);
        }
    }
}

/* The hub dies with a connection kept open, and comes back in its place. */
static void a_hub_may_come_back(void **state)
{
    struct wire *wire = *state;
    struct sample sample;
    char where[128];

    wire_start_demo_hub(wire);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    snprintf(where, sizeof(where), "%s",
             wire->hub.terminals + strlen("http://"));
    assert_int_equal(wire_beat(wire), ERR_OK);
    wire_kill_hub(wire);
    assert_int_equal(wire_beat(wire), ERR_OFFLINE);
    wire_start_hub(wire, where, (const char *const[5]){ "--demo" });
    sample_init(&sample, wire->machine, wire->hub.office_key);
    assert_int_equal(wire_send(wire, &sample), ERR_OK);
}

static void is_enrolled_while_the_hub_runs(void **state)
{
    struct wire *wire = *state;
    char fingerprint[CRYPTO_HEX_DIGEST];
    struct sample sample;

    wire_start_hub(wire, "127.0.0.1:0", NULL);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, wire->machine, wire->hub.office_key);
    /* To be tried again, for it may be enrolled any day. */
    assert_int_equal(wire_send(wire, &sample), ERR_BAD_ANSWER);
    key_fingerprint(key_public(wire->machine), fingerprint);
    const char *const argv[] = { wire_hub_program(), "enrol",     fingerprint,
                                 "--state",          wire->state, NULL };
    assert_int_equal(wire_run(wire, argv), 0);
    assert_int_equal(wire_send(wire, &sample), ERR_OK);
}

/* However long an answer travels: the hub's time lies between our asking and our
 * hearing, and that is no difference. */
static void a_slow_answer_is_no_difference(void **state)
{
    struct wire *wire = *state;

    wire_start_demo_hub(wire);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    assert_int_equal(wire_beat(wire), ERR_OK); /* its key is known now */
    memset(&wire->heard, 0, sizeof(wire->heard));
    client_heartbeat(wire->client, "{\"help_wanted\":false}", wire_on_done,
                     &wire->heard);
    clock_shift(30 * 1000);
    assert_int_equal(wire_wait_for_answer(wire), ERR_OK);
    assert_int_equal(wire->heard.clock_off_ms, 0);
    /* Those thirty seconds are one from now on. */
    assert_int_equal(wire_beat(wire), ERR_OK);
    assert_in_range(-wire->heard.clock_off_ms, 25 * 1000, 31 * 1000);
}

static void signs_again_with_the_hubs_time(void **state)
{
    struct wire *wire = *state;
    struct sample sample;

    wire_start_demo_hub(wire);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, wire->machine, wire->hub.office_key);
    clock_shift(24 * HOUR_MS);
    assert_int_equal(wire_send(wire, &sample), ERR_OK);
    assert_true(wire->heard.is_new);
    assert_in_range(-wire->heard.clock_off_ms, 24 * HOUR_MS - 60000,
                    24 * HOUR_MS + 60000);
    /* Kept: later requests are right at once, and it is still told. */
    assert_int_equal(wire_beat(wire), ERR_OK);
    assert_in_range(-wire->heard.clock_off_ms, 24 * HOUR_MS - 60000,
                    24 * HOUR_MS + 60000);
    /* And given up when it does not hold any more. */
    clock_shift(24 * HOUR_MS);
    assert_int_equal(wire_beat(wire), ERR_OK);
    assert_in_range(-wire->heard.clock_off_ms, 48 * HOUR_MS - 60000,
                    48 * HOUR_MS + 60000);
}

static void ends_with_its_parent(void **state)
{
    struct wire *wire = *state;

    wire_start_demo_hub(wire);
    child_close_input(wire->hub.child);
    wire_wait_for_end(wire, &wire->hub);
    assert_int_equal(wire->hub.status, 0);
}

static void two_hubs_do_not_share_a_state(void **state)
{
    struct wire *wire = *state;
    const char *const argv[] = { wire_hub_program(), "--state",     wire->state,
                                 "--terminals",      "127.0.0.1:0", "--public",
                                 "127.0.0.1:0",      "--until-eof", NULL };

    wire_start_demo_hub(wire);
    assert_int_equal(wire_run(wire, argv), 1);
}

static void says_how_it_is_used(void **state)
{
    struct wire *wire = *state;
    const char *const nothing[] = { wire_hub_program(), NULL };
    const char *const plain[] = {
        wire_hub_program(), "--state",     wire->state,
        "--terminals",      "0.0.0.0:0",   "--until-eof",
        "--public",         "127.0.0.1:0", NULL
    };
    const char *const half[] = { wire_hub_program(),
                                 "--state",
                                 wire->state,
                                 "--terminals",
                                 "[::1]:0",
                                 "--public",
                                 "127.0.0.1:0",
                                 "--cert",
                                 "x",
                                 NULL };
    const char *const wrong[] = { wire_hub_program(), "enrol",     "me",
                                  "--state",          wire->state, NULL };
    const char *const help[] = { wire_hub_program(), "--help", NULL };

    assert_int_equal(wire_run(wire, nothing), 2);
    assert_int_equal(wire_run(wire, plain), 2);
    assert_int_equal(wire_run(wire, half), 2);
    assert_int_equal(wire_run(wire, wrong), 2);
    assert_int_equal(wire_run(wire, help), 0);
}

/* ---- TLS ------------------------------------------------------------------ */

struct authority {
    char ca[128], other_ca[128], cert[128], key[128];
};

static bool has_openssl(void)
{
    return file_exists("/usr/bin/openssl");
}

static void openssl(struct wire *wire, const char *const *arguments)
{
    const char *argv[32] = { "/usr/bin/openssl" };

    for (int i = 0; arguments[i] != NULL; i++)
        argv[i + 1] = arguments[i];
    assert_int_equal(wire_run(wire, argv), 0);
}

static void make_ca(struct wire *wire, const char *ca, const char *key)
{
    const char *const arguments[] = {
        "req",    "-x509",    "-newkey",
        "ec",     "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-keyout",  key,
        "-out",   ca,         "-days",
        "2",      "-subj",    "/CN=Test CA",
        NULL
    };

    openssl(wire, arguments);
}

static void make_authority(struct wire *wire, struct authority *made)
{
    static const char extension[] = "subjectAltName=IP:127.0.0.1\n";
    char ca_key[128], request[128], extra[128];

    snprintf(made->ca, sizeof(made->ca), "%s/ca.pem", wire->folder);
    snprintf(made->other_ca, sizeof(made->ca), "%s/ca2.pem", wire->folder);
    snprintf(made->cert, sizeof(made->cert), "%s/hub.pem", wire->folder);
    snprintf(made->key, sizeof(made->key), "%s/hub.key", wire->folder);
    snprintf(ca_key, sizeof(ca_key), "%s/ca.key", wire->folder);
    snprintf(request, sizeof(request), "%s/hub.csr", wire->folder);
    snprintf(extra, sizeof(extra), "%s/hub.ext", wire->folder);
    make_ca(wire, made->other_ca, ca_key);
    make_ca(wire, made->ca, ca_key);
    openssl(wire, (const char *const[]){ "req", "-new", "-newkey", "ec",
                                         "-pkeyopt", "ec_paramgen_curve:P-256",
                                         "-nodes", "-keyout", made->key, "-out",
                                         request, "-subj", "/CN=hub", NULL });
    assert_int_equal(file_replace(extra, extension, strlen(extension), 0600),
                     ERR_OK);
    openssl(wire, (const char *const[]){
                      "x509", "-req", "-in", request, "-CA", made->ca, "-CAkey",
                      ca_key, "-CAcreateserial", "-days", "2", "-extfile",
                      extra, "-out", made->cert, NULL });
}

static void walks_over_tls(void **state)
{
    struct wire *wire = *state;
    struct authority made;
    struct sample sample;
    struct buf bytes;
    char plain[128];

    if (!has_openssl()) {
        print_message("skipped: no /usr/bin/openssl to make a private CA\n");
        skip();
    }
    make_authority(wire, &made);
    wire_start_hub(wire, "127.0.0.1:0",
                   (const char *const[5]){ "--demo", "--cert", made.cert,
                                           "--key", made.key });
    assert_memory_equal(wire->hub.terminals, "https://", 8);
    sample_init(&sample, wire->machine, wire->hub.office_key);
    sample_envelope(&sample, &bytes);

    wire_new_client(wire, wire->hub.terminals, made.ca, ANSWER_MAX_MS);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_OK);
    assert_true(wire->heard.is_new);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_OK);
    assert_false(wire->heard.is_new);

    /* A hub that another CA vouches for is not our hub. */
    wire_new_client(wire, wire->hub.terminals, made.other_ca, ANSWER_MAX_MS);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_BAD_ANSWER);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_BAD_ANSWER);
    /* Nor one that speaks plainly on the same port. */
    snprintf(plain, sizeof(plain), "http%s",
             wire->hub.terminals + strlen("https"));
    wire_new_client(wire, plain, made.ca, ANSWER_MAX_MS);
    assert_int_not_equal(wire_send_bytes(wire, &sample, &bytes), ERR_OK);
    buf_done(&bytes);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, wire_set_up, wire_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(delivers_a_case_once),
        TEST(answers_bodies_at_the_limit),
        TEST(a_killed_hub_loses_nothing),
        TEST(a_hub_may_come_back),
        TEST(is_enrolled_while_the_hub_runs),
        TEST(a_slow_answer_is_no_difference),
        TEST(signs_again_with_the_hubs_time),
        TEST(ends_with_its_parent),
        TEST(two_hubs_do_not_share_a_state),
        TEST(says_how_it_is_used),
        TEST(walks_over_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
