/* The real client against a hub that misbehaves. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "tests/hub/wire.h"

static void be_rude(struct wire *wire, enum rude_manner manner,
                    int64_t answer_max_ms)
{
    char url[64];

    if (wire->rude == NULL)
        assert_int_equal(
            rude_new(wire->loop, 0, manner, 3 * SHORT_MS, &wire->rude), ERR_OK);
    else
        assert_int_equal(rude_set_manner(wire->rude, manner), ERR_OK);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", rude_port(wire->rude));
    wire_new_client(wire, url, NULL, answer_max_ms);
}

static void bears_every_rudeness(void **state)
{
    static const struct {
        enum rude_manner manner;
        enum err err;
        int64_t answer_max_ms;
    } cases[] = {
        { RUDE_YES, ERR_OK, ANSWER_MAX_MS },
        { RUDE_NO, ERR_REFUSED, ANSWER_MAX_MS },
        { RUDE_RULES, ERR_RULES, ANSWER_MAX_MS },
        { RUDE_ERROR, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_HTML, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_HTML_NO, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_JSON_NO, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_ELSEWHERE, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_EMPTY_JSON, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_HALF, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_BIG, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_BIG_CHUNKS, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_GARBAGE, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_NOTHING, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_SILENT, ERR_TIMEOUT, SHORT_MS },
        { RUDE_LATE, ERR_TIMEOUT, SHORT_MS },
        { RUDE_RESET, ERR_BAD_ANSWER, ANSWER_MAX_MS },
        { RUDE_REFUSE, ERR_OFFLINE, ANSWER_MAX_MS },
        { RUDE_YES, ERR_OK, ANSWER_MAX_MS },
    };
    struct wire *wire = *state;
    unsigned char office_key[CRYPTO_PUBLIC_BYTES] = { 9 };
    struct sample sample;
    struct buf bytes;

    sample_init(&sample, wire->machine, office_key);
    sample_envelope(&sample, &bytes);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum err err;

        be_rude(wire, cases[i].manner, cases[i].answer_max_ms);
        err = wire_send_bytes(wire, &sample, &bytes);
        if (err != cases[i].err)
            fail_msg("%s: %s", rude_manner_name(cases[i].manner),
                     err_name(err));
        assert_true(err == ERR_OK || wire->heard.case_number[0] == '\0');
        assert_string_equal(wire->heard.step, err == ERR_RULES ? "phone" : "");
        err = wire_beat(wire);
        if ((err == ERR_OK) != (cases[i].err == ERR_OK))
            fail_msg("heartbeat, %s: %s", rude_manner_name(cases[i].manner),
                     err_name(err));
    }
    buf_done(&bytes);
}

/* After the limit the answer comes all the same, and nobody listens. */
static void drops_a_late_answer(void **state)
{
    struct wire *wire = *state;
    int64_t until_ms;

    be_rude(wire, RUDE_LATE, SHORT_MS);
    assert_int_equal(wire_beat(wire), ERR_TIMEOUT);
    until_ms = clock_monotonic_ms() + 4 * SHORT_MS;
    while (clock_monotonic_ms() < until_ms)
        loop_turn(wire->loop, 50);
    assert_int_equal(wire->heard.count, 1);
}

static void wait_for_request(struct wire *wire, int count)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (rude_request_count(wire->rude) < count) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(wire->loop, 100);
    }
}

static void cuts_the_line(void **state)
{
    struct wire *wire = *state;

    be_rude(wire, RUDE_YES, ANSWER_MAX_MS);
    assert_int_equal(wire_beat(wire), ERR_OK);
    client_set_network(wire->client, false);
    assert_int_equal(wire_beat(wire), ERR_OFFLINE);
    client_set_network(wire->client, true);
    assert_int_equal(wire_beat(wire), ERR_OK);

    /* In the middle of a request. */
    be_rude(wire, RUDE_SILENT, ANSWER_MAX_MS);
    memset(&wire->heard, 0, sizeof(wire->heard));
    client_heartbeat(wire->client, "{}", wire_on_done, &wire->heard);
    wait_for_request(wire, rude_request_count(wire->rude) + 1);
    client_set_network(wire->client, false);
    assert_int_equal(wire_wait_for_answer(wire), ERR_OFFLINE);
    client_set_network(wire->client, true);
    be_rude(wire, RUDE_YES, ANSWER_MAX_MS);
    assert_int_equal(wire_beat(wire), ERR_OK);
}

static void may_be_freed_at_any_moment(void **state)
{
    struct wire *wire = *state;
    char url[64];

    be_rude(wire, RUDE_SILENT, ANSWER_MAX_MS);
    for (int i = 0; i < 6; i++)
        client_heartbeat(wire->client, "{}", wire_on_done, &wire->heard);
    wait_for_request(wire, 1);
    client_free(wire->client);
    wire->client = NULL;
    loop_turn(wire->loop, 0);
    assert_int_equal(wire->heard.count, 0);

    /* In the middle of done, with others waiting to be told. */
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", rude_port(wire->rude));
    wire_new_client(wire, url, NULL, ANSWER_MAX_MS);
    for (int i = 0; i < 3; i++)
        client_heartbeat(wire->client, "{}", wire_on_done, &wire->heard);
    client_set_network(wire->client, false);
    wire->heard.to_free = wire->client;
    assert_int_equal(wire_wait_for_answer(wire), ERR_OFFLINE);
    wire->client = NULL;
    loop_turn(wire->loop, 0);
    assert_int_equal(wire->heard.count, 1);
}

static void goes_nowhere_else(void **state)
{
    static const char *const urls[] = {
        NULL,
        "",
        "nonsense",
        "http://192.0.2.1:80",
        "http://hub.example",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://user:word@127.0.0.1:1",
        "http://127.0.0.1.example:1",
        "http://127.0.0.1:1/path",
        "http://127.0.0.1:1/?query",
    };
    struct wire *wire = *state;
    char url[64];

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        wire_new_client(wire, urls[i], NULL, ANSWER_MAX_MS);
        assert_int_equal(wire_beat(wire), ERR_OFFLINE);
    }
    /* Learned late. */
    assert_int_equal(rude_new(wire->loop, 0, RUDE_YES, 0, &wire->rude), ERR_OK);
    snprintf(url, sizeof(url), "http://localhost:%u/", rude_port(wire->rude));
    client_set_url(wire->client, url);
    assert_int_equal(wire_beat(wire), ERR_OK);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, wire_set_up, wire_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(bears_every_rudeness), TEST(drops_a_late_answer),
        TEST(cuts_the_line),        TEST(may_be_freed_at_any_moment),
        TEST(goes_nowhere_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
