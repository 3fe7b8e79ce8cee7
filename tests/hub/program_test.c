/* The real kiosk-hub as a program: a certificate over HTTP, drawn by the real
 * kiosk-draw beside it, its page for phones, and the office's commands beside
 * the running hub. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/backend/transport.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/hub/direct.h"
#include "tests/hub/forged.h"
#include "tests/hub/wire.h"

/* An exchange, and what came of it. */
struct told {
    bool has_come;
    enum err err;
    int status;
    struct buf body;
};

static struct transport *transport;
static struct told told;

static int program_set_up(void **state)
{
    int status = wire_set_up(state);
    struct wire *wire = *state;

    transport = transport_new(wire->loop, NULL, PATIENCE_MS);
    buf_init(&told.body, TRANSPORT_ANSWER_MAX);
    return status;
}

static int program_tear_down(void **state)
{
    transport_free(transport);
    buf_done(&told.body);
    return wire_tear_down(state);
}

static void on_told(void *owner, enum err err, int status,
                    const struct buf *text)
{
    struct told *to = owner;

    to->has_come = true;
    to->err = err;
    to->status = status;
    buf_clear(&to->body);
    if (text != NULL)
        buf_add(&to->body, text->text, text->len);
}

static void exchange(struct wire *wire,
                     const struct exchange_settings *settings)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    told.has_come = false;
    transport_begin(transport, settings, on_told, &told);
    while (!told.has_come) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(wire->loop, 100);
    }
    assert_int_equal(told.err, ERR_OK);
}

/* Signed as a machine's. */
static int ask(struct wire *wire, const char *method, const char *path,
               const char *json)
{
    const struct request_line line = { method, path, json, strlen(json) };
    struct exchange_settings settings = {
        .method = method,
        .body = json[0] == '\0' ? NULL : json,
        .body_len = strlen(json),
        .header_count = REQUEST_HEADER_COUNT,
    };
    struct request_proof proof;
    char url[256];

    snprintf(url, sizeof(url), "%s%s", wire->hub.terminals, path);
    settings.url = url;
    assert_int_equal(
        request_sign(wire->machine, &line, clock_wall_ms(), &proof), ERR_OK);
    for (int i = 0; i < REQUEST_HEADER_COUNT; i++)
        snprintf(settings.headers[i], TRANSPORT_HEADER_BYTES, "%s: %s",
                 request_header_names[i], proof.values[i]);
    exchange(wire, &settings);
    return told.status;
}

static void text_of(const char *name, char text[256])
{
    json_t *root = json_loadb(told.body.text, told.body.len, 0, NULL);
    const char *value = json_string_value(json_object_get(root, name));

    assert_non_null(value);
    snprintf(text, 256, "%s", value);
    json_decref(root);
}

static void start(struct wire *wire)
{
    static char codes[128];
    const char *const extra[5] = { "--demo", "--codes", codes };

    snprintf(codes, sizeof(codes), "%s/codes", wire->folder);
    wire_start_hub(wire, "127.0.0.1:0", extra);
}

/* Confirms the person by the code that was sent. */
static void confirm(struct wire *wire, char check[256])
{
    char path[160], code[256], json[64], *letter = NULL;
    size_t len = 0;

    assert_int_equal(ask(wire, "POST", "/v1/checks",
                         "{\"number\": \"" DIRECT_NUMBER
                         "\", \"way\": \"code\", \"name\": \"测试人\"}"),
                     201);
    text_of("check", check);
    snprintf(path, sizeof(path), "%s/codes/1.json", wire->folder);
    assert_int_equal(file_read(path, 256, &letter, &len), ERR_OK);
    buf_clear(&told.body);
    buf_add(&told.body, letter, len);
    mem_free(letter);
    text_of("code", code);
    snprintf(path, sizeof(path), "/v1/checks/%.32s", check);
    snprintf(json, sizeof(json), "{\"code\": \"%.6s\"}", code);
    assert_int_equal(ask(wire, "POST", path, json), 200);
}

static void issues_a_certificate(void **state)
{
    struct wire *wire = *state;
    char check[256], json[320], url[256], path[256], sha256[256];
    char hash[CRYPTO_HEX_DIGEST];
    struct exchange_settings look = { .method = "GET", .url = url };
    int status;

    start(wire);
    confirm(wire, check);
    snprintf(json, sizeof(json),
             "{\"check\": \"%.32s\", \"kind\": \"si-insured-proof\","
             " \"request\": \"00112233445566778899aabbccddeeff\","
             " \"chosen\": {\"scheme\": \"employee\", \"year\": \"all\"}}",
             check);
    status = ask(wire, "POST", "/v1/certificates", json);
    assert_int_equal(status, 202);
    while (status == 202)
        status = ask(wire, "POST", "/v1/certificates", json);
    assert_int_equal(status, 200);
    text_of("url", url);
    text_of("pdf", path);
    text_of("sha256", sha256);
    assert_int_equal(ask(wire, "GET", path, ""), 200);
    assert_memory_equal(told.body.text, "%PDF-1.4", 8);
    digest_hex(told.body.text, told.body.len, hash);
    assert_string_equal(hash, sha256);
    /* The code on it leads to where this hub tells that it is genuine. */
    exchange(wire, &look);
    assert_int_equal(told.status, 200);
    assert_non_null(strstr(told.body.text, "真的，有效"));
    assert_non_null(strstr(told.body.text, "测*人"));
}

static int command(struct wire *wire, const char *const words[4])
{
    const char *argv[8] = { wire_hub_program() };
    int count = 1;

    for (int i = 0; i < 4 && words[i] != NULL; i++)
        argv[count++] = words[i];
    argv[count++] = "--state";
    argv[count] = wire->state;
    return wire_run(wire, argv);
}

static void the_office_works_beside_it(void **state)
{
    static const char help[] = "{\"help_wanted\": true}";
    struct wire *wire = *state;
    struct sample sample;
    struct buf bytes;

    start(wire);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, wire->machine, wire->hub.office_key);
    sample_envelope(&sample, &bytes);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), ERR_OK);
    buf_done(&bytes);
    assert_int_equal(
        command(wire, (const char *const[4]){ "case", sample.id, "correct",
                                              "请补材料" }),
        0);
    assert_int_equal(wire_ask(wire, sample.id), ERR_OK);
    assert_string_equal(wire->heard.state, "correction");

    assert_int_equal(ask(wire, "POST", "/v1/heartbeats", help), 200);
    assert_int_equal(
        command(wire, (const char *const[4]){ "calls", "--answer", "1" }), 0);
    assert_int_equal(ask(wire, "POST", "/v1/heartbeats", help), 200);
    assert_non_null(strstr(told.body.text, "\"coming\":true"));
    assert_int_equal(command(wire, (const char *const[4]){ "calls" }), 0);
    assert_int_equal(command(wire, (const char *const[4]){ "terminals" }), 0);
    assert_int_equal(command(wire, (const char *const[4]){ "certificate", "SI1",
                                                           "withdrawn" }),
                     0);
}

/* What a person answered in a pack where work needs no proof and a child may
 * apply; it names the item, version and hash of the hub's own. */
static void send_forged(struct wire *wire, const struct item *item,
                        const char *proof, const char *birth, const char *id,
                        enum err expected)
{
    const char *const answers[] = {
        "registered=yes", "county=411303",      "township=411303002",
        "street=later",   "ground=work",        "home_proof=lease",
        "phone=later",    "declaration=signed", NULL
    };
    const char *given[10];
    struct sample sample;
    struct forged forged = { .item = item,
                             .answers = given,
                             .birth = birth,
                             .today_ms = clock_wall_ms(),
                             .sent_ms = clock_wall_ms() };
    struct buf bytes;

    memcpy(given, answers, sizeof(answers));
    given[7] = proof;
    given[8] = NULL;
    sample_init(&sample, wire->machine, wire->hub.office_key);
    snprintf(sample.id, sizeof(sample.id), "%s", id);
    forged_envelope(&forged, id, wire->machine, wire->hub.office_key, &bytes);
    assert_int_equal(wire_send_bytes(wire, &sample, &bytes), expected);
    buf_done(&bytes);
}

/* Within a second the hub tells of it. */
static void comes_to_look(struct wire *wire, const char *text)
{
    const char *argv[] = { wire_hub_program(), "look", "--state", wire->state,
                           NULL };
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    char line[512] = "";

    while (strstr(line, text) == NULL) {
        if (clock_monotonic_ms() > until_ms)
            fail_msg("it never said: %s", text);
        loop_turn(wire->loop, 100);
        assert_int_equal(wire_run_heard(wire, argv, line), 0);
    }
}

/* A tampered terminal is refused; nothing is lost by it, and what cannot be
 * judged is in the office's list. */
static void refuses_what_was_tampered_with(void **state)
{
    static const char *const items[5] = { "--demo", "--items",
                                          "screens/items" };
    static const char ids[][CASE_ID_CHARS + 1] = {
        "00000000000000000000000000000001", "00000000000000000000000000000002",
        "00000000000000000000000000000003", "00000000000000000000000000000004"
    };
    struct wire *wire = *state;
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    assert_int_equal(pack_load("screens/items", &problems, &pack), ERR_OK);
    problems_done(&problems);
    struct item item = *pack_find(pack, "residence-permit");
    wire_start_hub(wire, "127.0.0.1:0", items);
    wire_new_client(wire, wire->hub.terminals, NULL, ANSWER_MAX_MS);

    send_forged(wire, &item, NULL, "19900101", ids[0], ERR_RULES);
    assert_int_equal(wire_ask(wire, ids[0]), ERR_NOT_FOUND);
    send_forged(wire, &item, "ground_proof=contract", "20200101", ids[1],
                ERR_RULES);
    send_forged(wire, &item, "ground_proof=contract", "19900101", ids[2],
                ERR_OK);
    assert_int_equal(wire_ask(wire, ids[2]), ERR_OK);
    /* One that says which pack it has. */
    item.hash[0] = item.hash[0] == '0' ? '1' : '0';
    send_forged(wire, &item, NULL, "20200101", ids[3], ERR_OK);
    comes_to_look(wire, "other-content: made by the same version of its item");
    pack_free(pack);
}

static void says_what_no_command_is(void **state)
{
    static const char *const bad[][4] = {
        { "case" },
        { "case", "1" },
        { "case", "1", "delivered" },
        { "calls", "--answer", "x" },
        { "calls", "now" },
        { "terminals", "all" },
        { "look", "here" },
        { "certificate", "SI1" },
        { "certificate", "SI1", "valid" },
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(command(wire, bad[i]), 2);
    assert_int_equal(wire_run(wire, (const char *const[]){ wire_hub_program(),
                                                           "calls", NULL }),
                     2);
    /* Where no hub ever was. */
    assert_int_equal(command(wire, (const char *const[4]){ "terminals" }), 1);
    assert_int_equal(
        command(wire, (const char *const[4]){ "case", "1", "accepted" }), 1);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, program_set_up, program_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(issues_a_certificate),
        TEST(the_office_works_beside_it),
        TEST(refuses_what_was_tampered_with),
        TEST(says_what_no_command_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
