/* The real client against the real kiosk-hub, and against a rude one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/backend/client.h"
#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub.h"
#include "tests/hub/rude.h"
#include "tests/hub/sample.h"

enum {
    PATIENCE_MS = 30 * 1000, /* past it a test gives up */
    ANSWER_MAX_MS = 20 * 1000,
    SHORT_MS = 200,
    HOUR_MS = 60 * 60 * 1000
};

/* A program of ours, while it runs. */
struct process {
    struct child *child;
    bool has_ended;
    int status;
    char line[512];      /* the first it said */
    char terminals[128]; /* of a hub */
    char key_text[64];
    unsigned char office_key[CRYPTO_PUBLIC_BYTES];
};

struct heard {
    int count;
    enum err err;
    bool is_new;
    char case_number[64];
    char state[64];
    int64_t clock_off_ms;
    struct client *to_free; /* in the middle of done */
};

/* A case under way beside others. */
enum { AT_ONCE = 6 };
struct sent {
    struct sample sample;
    struct buf bytes;
    struct heard heard;
};

struct bench {
    char folder[64];
    char state[80];
    struct loop *loop;
    struct key *machine;
    struct process hub;
    struct client *client;
    struct rude *rude;
    struct heard heard;
};

/* ---- Processes ------------------------------------------------------------ */

static void on_line(void *owner, const char *line, size_t len)
{
    struct process *process = owner;

    if (process->line[0] == '\0' && len < sizeof(process->line)) {
        memcpy(process->line, line, len);
        process->line[len] = '\0';
    }
}

static void on_end(void *owner, enum err err, int status)
{
    struct process *process = owner;

    (void)err;
    process->has_ended = true;
    process->status = status;
}

static void start(struct bench *bench, struct process *process,
                  const char *const *argv)
{
    static const struct child_profile profile = { .name = "tested",
                                                  .line_max_bytes = 4096 };
    static const struct child_events events = { on_line, on_end };

    memset(process, 0, sizeof(*process));
    assert_int_equal(child_run(bench->loop, &profile, argv, &events, process,
                               &process->child),
                     ERR_OK);
}

static void wait_for_end(struct bench *bench, struct process *process)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!process->has_ended) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(bench->loop, 100);
    }
    child_free(process->child);
    process->child = NULL;
}

static int run_program(struct bench *bench, const char *const *argv)
{
    struct process process;

    start(bench, &process, argv);
    wait_for_end(bench, &process);
    return process.status;
}

static const char *hub_program(void)
{
    static char path[512];
    char folder[400];

    assert_int_equal(file_program_folder(folder, sizeof(folder)), ERR_OK);
    snprintf(path, sizeof(path), "%s/../../kiosk-hub", folder);
    return path;
}

static void read_hub_line(struct process *hub)
{
    json_t *line = json_loads(hub->line, 0, NULL);
    const char *terminals =
        json_string_value(json_object_get(line, "terminals"));
    const char *key = json_string_value(json_object_get(line, "office_key"));
    const char *key_id =
        json_string_value(json_object_get(line, "office_key_id"));
    char fingerprint[CRYPTO_HEX_DIGEST];
    size_t len;

    assert_non_null(terminals);
    assert_non_null(json_string_value(json_object_get(line, "public")));
    assert_non_null(key);
    assert_non_null(key_id);
    snprintf(hub->terminals, sizeof(hub->terminals), "%s", terminals);
    assert_int_equal(base64_decode(key, strlen(key), hub->office_key,
                                   sizeof(hub->office_key), &len),
                     ERR_OK);
    assert_int_equal(len, sizeof(hub->office_key));
    key_fingerprint(hub->office_key, fingerprint);
    assert_string_equal(fingerprint, key_id);
    json_decref(line);
}

/* where: HOST:PORT; extra: up to five more arguments. */
static void start_hub(struct bench *bench, const char *where,
                      const char *const extra[5])
{
    const char *argv[16] = { hub_program(), "--state",    bench->state,
                             "--terminals", where,        "--public",
                             "127.0.0.1:0", "--until-eof" };
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    for (int i = 0; extra != NULL && i < 5 && extra[i] != NULL; i++)
        argv[8 + i] = extra[i];
    start(bench, &bench->hub, argv);
    while (bench->hub.line[0] == '\0') {
        assert_false(bench->hub.has_ended);
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(bench->loop, 100);
    }
    read_hub_line(&bench->hub);
}

static void start_demo_hub(struct bench *bench)
{
    static const char *const demo[5] = { "--demo" };

    start_hub(bench, "127.0.0.1:0", demo);
}

static void kill_hub(struct bench *bench)
{
    child_kill(bench->hub.child); /* SIGKILL */
    wait_for_end(bench, &bench->hub);
}

/* ---- Set-up --------------------------------------------------------------- */

static void on_done(void *owner, const struct client_answer *answer)
{
    struct heard *heard = owner;

    heard->count++;
    heard->err = answer->err;
    heard->is_new = answer->is_new;
    heard->clock_off_ms = answer->clock_off_ms;
    snprintf(heard->case_number, sizeof(heard->case_number), "%s",
             answer->case_number);
    snprintf(heard->state, sizeof(heard->state), "%s", answer->state);
    if (heard->to_free != NULL)
        client_free(heard->to_free);
}

static void new_client(struct bench *bench, const char *url, const char *ca,
                       int64_t answer_max_ms)
{
    const struct client_settings settings = {
        .url = url,
        .ca = ca,
        .machine_key = bench->machine,
        .answer_max_ms = answer_max_ms,
    };

    client_free(bench->client);
    bench->client = client_new(bench->loop, &settings);
}

static int set_up(void **state)
{
    struct bench *bench = mem_new(sizeof(*bench));
    char path[128];

    assert_int_equal(file_make_temporary(bench->folder, sizeof(bench->folder)),
                     ERR_OK);
    snprintf(bench->state, sizeof(bench->state), "%s/hub", bench->folder);
    snprintf(path, sizeof(path), "%s/machine.key", bench->folder);
    assert_int_equal(key_open(path, KEY_SIGN, true, &bench->machine), ERR_OK);
    bench->loop = loop_new();
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    client_free(bench->client);
    rude_free(bench->rude);
    child_free(bench->hub.child);
    loop_free(bench->loop); /* finds what was left open */
    key_close(bench->machine);
    assert_int_equal(file_remove_tree(bench->folder), ERR_OK);
    mem_free(bench);
    return 0;
}

static enum err wait_for_answer(struct bench *bench)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    assert_int_equal(bench->heard.count, 0); /* never inside the call */
    while (bench->heard.count == 0) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(bench->loop, 100);
    }
    assert_int_equal(bench->heard.count, 1);
    return bench->heard.err;
}

static enum err send_bytes(struct bench *bench, const struct sample *sample,
                           const struct buf *bytes)
{
    memset(&bench->heard, 0, sizeof(bench->heard));
    transport_send(bench->client, sample->id, bytes->text, bytes->len, on_done,
                   &bench->heard);
    return wait_for_answer(bench);
}

static enum err send_sample(struct bench *bench, const struct sample *sample)
{
    struct buf bytes;
    enum err err;

    sample_envelope(sample, &bytes);
    err = send_bytes(bench, sample, &bytes);
    buf_done(&bytes);
    return err;
}

static enum err ask(struct bench *bench, const char *id)
{
    memset(&bench->heard, 0, sizeof(bench->heard));
    client_ask_case(bench->client, id, on_done, &bench->heard);
    return wait_for_answer(bench);
}

static enum err beat(struct bench *bench)
{
    memset(&bench->heard, 0, sizeof(bench->heard));
    client_heartbeat(bench->client, "{\"help_wanted\":false}", on_done,
                     &bench->heard);
    return wait_for_answer(bench);
}

/* ---- The real hub --------------------------------------------------------- */

static void delivers_a_case_once(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    struct buf bytes;
    char number[64];

    start_demo_hub(bench);
    new_client(bench, bench->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, bench->machine, bench->hub.office_key);
    sample_envelope(&sample, &bytes);
    assert_int_equal(ask(bench, sample.id), ERR_NOT_FOUND);
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_OK);
    assert_true(bench->heard.is_new);
    assert_string_equal(bench->heard.state, "delivered");
    assert_int_equal(strlen(bench->heard.case_number), 45);
    memcpy(number, bench->heard.case_number, sizeof(number));
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_OK);
    assert_false(bench->heard.is_new);
    assert_string_equal(bench->heard.case_number, number);
    assert_int_equal(ask(bench, sample.id), ERR_OK);
    assert_string_equal(bench->heard.case_number, number);
    assert_int_equal(send_sample(bench, &sample), ERR_CONFLICT);

    bytes.text[bytes.len - 1] ^= 1;
    sample_init(&sample, bench->machine, bench->hub.office_key);
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_REFUSED);
    buf_done(&bytes);
    assert_int_equal(beat(bench), ERR_OK);
    assert_int_equal(bench->heard.clock_off_ms, 0);
}

static void answers_bodies_at_the_limit(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    struct buf bytes;

    start_demo_hub(bench);
    new_client(bench, bench->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, bench->machine, bench->hub.office_key);
    buf_init(&bytes, 3 * HUB_BODY_MAX);
    for (int i = 0; i < HUB_BODY_MAX; i++)
        buf_add_char(&bytes, 'x');
    /* Just within the limit of a body, and just past it. */
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_REFUSED);
    buf_add_char(&bytes, 'x');
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_REFUSED);
    buf_done(&bytes);
    assert_int_equal(send_sample(bench, &sample), ERR_OK);
}

/* Sends all at once and kills the hub as soon as it has taken one. */
static void kill_in_the_middle(struct bench *bench, struct sent sent[AT_ONCE])
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    int taken = 0;

    for (int i = 0; i < AT_ONCE; i++) {
        sample_init(&sent[i].sample, bench->machine, bench->hub.office_key);
        sample_envelope(&sent[i].sample, &sent[i].bytes);
        memset(&sent[i].heard, 0, sizeof(sent[i].heard));
        transport_send(bench->client, sent[i].sample.id, sent[i].bytes.text,
                       sent[i].bytes.len, on_done, &sent[i].heard);
    }
    while (taken == 0) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(bench->loop, 100);
        for (int i = 0; i < AT_ONCE; i++)
            taken += sent[i].heard.count == 1 && sent[i].heard.err == ERR_OK;
    }
    kill_hub(bench);
    for (int i = 0; i < AT_ONCE; i++) {
        while (sent[i].heard.count == 0) {
            assert_true(clock_monotonic_ms() < until_ms);
            loop_turn(bench->loop, 100);
        }
    }
}

/* What it said yes to is there, with its number; the rest is taken now. */
static void a_killed_hub_loses_nothing(void **state)
{
    struct bench *bench = *state;
    struct sent sent[AT_ONCE];

    start_demo_hub(bench);
    new_client(bench, bench->hub.terminals, NULL, ANSWER_MAX_MS);
    for (int round = 0; round < 4; round++) {
        kill_in_the_middle(bench, sent);
        start_demo_hub(bench);
        client_set_url(bench->client, bench->hub.terminals);
        for (int i = 0; i < AT_ONCE; i++) {
            const struct heard before = sent[i].heard;

            assert_int_equal(send_bytes(bench, &sent[i].sample, &sent[i].bytes),
                             ERR_OK);
            if (before.err == ERR_OK) {
                assert_false(bench->heard.is_new);
                assert_string_equal(bench->heard.case_number,
                                    before.case_number);
            }
            buf_done(&sent[i].bytes);
        }
    }
}

/* The hub dies with a connection kept open, and comes back in its place. */
static void a_hub_may_come_back(void **state)
{
    struct bench *bench = *state;
    struct sample sample;
    char where[128];

    start_demo_hub(bench);
    new_client(bench, bench->hub.terminals, NULL, ANSWER_MAX_MS);
    snprintf(where, sizeof(where), "%s",
             bench->hub.terminals + strlen("http://"));
    assert_int_equal(beat(bench), ERR_OK);
    kill_hub(bench);
    assert_int_equal(beat(bench), ERR_OFFLINE);
    start_hub(bench, where, (const char *const[5]){ "--demo" });
    sample_init(&sample, bench->machine, bench->hub.office_key);
    assert_int_equal(send_sample(bench, &sample), ERR_OK);
}

static void is_enrolled_while_the_hub_runs(void **state)
{
    struct bench *bench = *state;
    char fingerprint[CRYPTO_HEX_DIGEST];
    struct sample sample;

    start_hub(bench, "127.0.0.1:0", NULL);
    new_client(bench, bench->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, bench->machine, bench->hub.office_key);
    /* To be tried again, for it may be enrolled any day. */
    assert_int_equal(send_sample(bench, &sample), ERR_BAD_ANSWER);
    key_fingerprint(key_public(bench->machine), fingerprint);
    const char *const argv[] = { hub_program(), "enrol",      fingerprint,
                                 "--state",     bench->state, NULL };
    assert_int_equal(run_program(bench, argv), 0);
    assert_int_equal(send_sample(bench, &sample), ERR_OK);
}

static void signs_again_with_the_hubs_time(void **state)
{
    struct bench *bench = *state;
    struct sample sample;

    start_demo_hub(bench);
    new_client(bench, bench->hub.terminals, NULL, ANSWER_MAX_MS);
    sample_init(&sample, bench->machine, bench->hub.office_key);
    clock_shift(24 * HOUR_MS);
    assert_int_equal(send_sample(bench, &sample), ERR_OK);
    assert_true(bench->heard.is_new);
    assert_in_range(-bench->heard.clock_off_ms, 24 * HOUR_MS - 60000,
                    24 * HOUR_MS + 60000);
    /* Kept: later requests are right at once, and it is still told. */
    assert_int_equal(beat(bench), ERR_OK);
    assert_in_range(-bench->heard.clock_off_ms, 24 * HOUR_MS - 60000,
                    24 * HOUR_MS + 60000);
    /* And given up when it does not hold any more. */
    clock_shift(24 * HOUR_MS);
    assert_int_equal(beat(bench), ERR_OK);
    assert_in_range(-bench->heard.clock_off_ms, 48 * HOUR_MS - 60000,
                    48 * HOUR_MS + 60000);
}

static void ends_with_its_parent(void **state)
{
    struct bench *bench = *state;

    start_demo_hub(bench);
    child_close_input(bench->hub.child);
    wait_for_end(bench, &bench->hub);
    assert_int_equal(bench->hub.status, 0);
}

static void two_hubs_do_not_share_a_state(void **state)
{
    struct bench *bench = *state;
    const char *const argv[] = { hub_program(), "--state",     bench->state,
                                 "--terminals", "127.0.0.1:0", "--public",
                                 "127.0.0.1:0", NULL };

    start_demo_hub(bench);
    assert_int_equal(run_program(bench, argv), 1);
}

static void says_how_it_is_used(void **state)
{
    struct bench *bench = *state;
    const char *const nothing[] = { hub_program(), NULL };
    const char *const plain[] = { hub_program(), "--state",   bench->state,
                                  "--terminals", "0.0.0.0:0", "--public",
                                  "127.0.0.1:0", NULL };
    const char *const half[] = { hub_program(), "--state", bench->state,
                                 "--terminals", "[::1]:0", "--public",
                                 "127.0.0.1:0", "--cert",  "x",
                                 NULL };
    const char *const wrong[] = { hub_program(), "enrol",      "me",
                                  "--state",     bench->state, NULL };
    const char *const help[] = { hub_program(), "--help", NULL };

    assert_int_equal(run_program(bench, nothing), 2);
    assert_int_equal(run_program(bench, plain), 2);
    assert_int_equal(run_program(bench, half), 2);
    assert_int_equal(run_program(bench, wrong), 2);
    assert_int_equal(run_program(bench, help), 0);
}

/* ---- TLS ------------------------------------------------------------------ */

struct authority {
    char ca[128], other_ca[128], cert[128], key[128];
};

static bool has_openssl(void)
{
    return file_exists("/usr/bin/openssl");
}

static void openssl(struct bench *bench, const char *const *arguments)
{
    const char *argv[32] = { "/usr/bin/openssl" };

    for (int i = 0; arguments[i] != NULL; i++)
        argv[i + 1] = arguments[i];
    assert_int_equal(run_program(bench, argv), 0);
}

static void make_ca(struct bench *bench, const char *ca, const char *key)
{
    const char *const arguments[] = {
        "req",    "-x509",    "-newkey",
        "ec",     "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-keyout",  key,
        "-out",   ca,         "-days",
        "2",      "-subj",    "/CN=Test CA",
        NULL
    };

    openssl(bench, arguments);
}

static void make_authority(struct bench *bench, struct authority *made)
{
    static const char extension[] = "subjectAltName=IP:127.0.0.1\n";
    char ca_key[128], request[128], extra[128];

    snprintf(made->ca, sizeof(made->ca), "%s/ca.pem", bench->folder);
    snprintf(made->other_ca, sizeof(made->ca), "%s/ca2.pem", bench->folder);
    snprintf(made->cert, sizeof(made->cert), "%s/hub.pem", bench->folder);
    snprintf(made->key, sizeof(made->key), "%s/hub.key", bench->folder);
    snprintf(ca_key, sizeof(ca_key), "%s/ca.key", bench->folder);
    snprintf(request, sizeof(request), "%s/hub.csr", bench->folder);
    snprintf(extra, sizeof(extra), "%s/hub.ext", bench->folder);
    make_ca(bench, made->other_ca, ca_key);
    make_ca(bench, made->ca, ca_key);
    openssl(bench, (const char *const[]){
                       "req", "-new", "-newkey", "ec", "-pkeyopt",
                       "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                       made->key, "-out", request, "-subj", "/CN=hub", NULL });
    assert_int_equal(file_replace(extra, extension, strlen(extension), 0600),
                     ERR_OK);
    openssl(bench, (const char *const[]){
                       "x509", "-req", "-in", request, "-CA", made->ca,
                       "-CAkey", ca_key, "-CAcreateserial", "-days", "2",
                       "-extfile", extra, "-out", made->cert, NULL });
}

static void walks_over_tls(void **state)
{
    struct bench *bench = *state;
    struct authority made;
    struct sample sample;
    struct buf bytes;
    char plain[128];

    if (!has_openssl()) {
        print_message("skipped: no /usr/bin/openssl to make a private CA\n");
        skip();
    }
    make_authority(bench, &made);
    start_hub(bench, "127.0.0.1:0",
              (const char *const[5]){ "--demo", "--cert", made.cert, "--key",
                                      made.key });
    assert_memory_equal(bench->hub.terminals, "https://", 8);
    sample_init(&sample, bench->machine, bench->hub.office_key);
    sample_envelope(&sample, &bytes);

    new_client(bench, bench->hub.terminals, made.ca, ANSWER_MAX_MS);
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_OK);
    assert_true(bench->heard.is_new);
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_OK);
    assert_false(bench->heard.is_new);

    /* A hub that another CA vouches for is not our hub. */
    new_client(bench, bench->hub.terminals, made.other_ca, ANSWER_MAX_MS);
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_BAD_ANSWER);
    new_client(bench, bench->hub.terminals, NULL, ANSWER_MAX_MS);
    assert_int_equal(send_bytes(bench, &sample, &bytes), ERR_BAD_ANSWER);
    /* Nor one that speaks plainly on the same port. */
    snprintf(plain, sizeof(plain), "http%s",
             bench->hub.terminals + strlen("https"));
    new_client(bench, plain, made.ca, ANSWER_MAX_MS);
    assert_int_not_equal(send_bytes(bench, &sample, &bytes), ERR_OK);
    buf_done(&bytes);
}

/* ---- The rude one --------------------------------------------------------- */

static void be_rude(struct bench *bench, enum rude_manner manner,
                    int64_t answer_max_ms)
{
    char url[64];

    if (bench->rude == NULL)
        assert_int_equal(
            rude_new(bench->loop, 0, manner, 3 * SHORT_MS, &bench->rude),
            ERR_OK);
    else
        assert_int_equal(rude_set_manner(bench->rude, manner), ERR_OK);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", rude_port(bench->rude));
    new_client(bench, url, NULL, answer_max_ms);
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
    struct bench *bench = *state;
    unsigned char office_key[CRYPTO_PUBLIC_BYTES] = { 9 };
    struct sample sample;
    struct buf bytes;

    sample_init(&sample, bench->machine, office_key);
    sample_envelope(&sample, &bytes);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum err err;

        be_rude(bench, cases[i].manner, cases[i].answer_max_ms);
        err = send_bytes(bench, &sample, &bytes);
        if (err != cases[i].err)
            fail_msg("%s: %s", rude_manner_name(cases[i].manner),
                     err_name(err));
        assert_true(err == ERR_OK || bench->heard.case_number[0] == '\0');
        err = beat(bench);
        if ((err == ERR_OK) != (cases[i].err == ERR_OK))
            fail_msg("heartbeat, %s: %s", rude_manner_name(cases[i].manner),
                     err_name(err));
    }
    buf_done(&bytes);
}

/* After the limit the answer comes all the same, and nobody listens. */
static void drops_a_late_answer(void **state)
{
    struct bench *bench = *state;
    int64_t until_ms;

    be_rude(bench, RUDE_LATE, SHORT_MS);
    assert_int_equal(beat(bench), ERR_TIMEOUT);
    until_ms = clock_monotonic_ms() + 4 * SHORT_MS;
    while (clock_monotonic_ms() < until_ms)
        loop_turn(bench->loop, 50);
    assert_int_equal(bench->heard.count, 1);
}

static void wait_for_request(struct bench *bench, int count)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (rude_request_count(bench->rude) < count) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(bench->loop, 100);
    }
}

static void cuts_the_line(void **state)
{
    struct bench *bench = *state;

    be_rude(bench, RUDE_YES, ANSWER_MAX_MS);
    assert_int_equal(beat(bench), ERR_OK);
    client_set_network(bench->client, false);
    assert_int_equal(beat(bench), ERR_OFFLINE);
    client_set_network(bench->client, true);
    assert_int_equal(beat(bench), ERR_OK);

    /* In the middle of a request. */
    be_rude(bench, RUDE_SILENT, ANSWER_MAX_MS);
    memset(&bench->heard, 0, sizeof(bench->heard));
    client_heartbeat(bench->client, "{}", on_done, &bench->heard);
    wait_for_request(bench, rude_request_count(bench->rude) + 1);
    client_set_network(bench->client, false);
    assert_int_equal(wait_for_answer(bench), ERR_OFFLINE);
    client_set_network(bench->client, true);
    be_rude(bench, RUDE_YES, ANSWER_MAX_MS);
    assert_int_equal(beat(bench), ERR_OK);
}

static void may_be_freed_at_any_moment(void **state)
{
    struct bench *bench = *state;
    char url[64];

    be_rude(bench, RUDE_SILENT, ANSWER_MAX_MS);
    for (int i = 0; i < 6; i++)
        client_heartbeat(bench->client, "{}", on_done, &bench->heard);
    wait_for_request(bench, 1);
    client_free(bench->client);
    bench->client = NULL;
    loop_turn(bench->loop, 0);
    assert_int_equal(bench->heard.count, 0);

    /* In the middle of done, with others waiting to be told. */
    snprintf(url, sizeof(url), "http://127.0.0.1:%u", rude_port(bench->rude));
    new_client(bench, url, NULL, ANSWER_MAX_MS);
    for (int i = 0; i < 3; i++)
        client_heartbeat(bench->client, "{}", on_done, &bench->heard);
    client_set_network(bench->client, false);
    bench->heard.to_free = bench->client;
    assert_int_equal(wait_for_answer(bench), ERR_OFFLINE);
    bench->client = NULL;
    loop_turn(bench->loop, 0);
    assert_int_equal(bench->heard.count, 1);
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
    struct bench *bench = *state;
    char url[64];

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        new_client(bench, urls[i], NULL, ANSWER_MAX_MS);
        assert_int_equal(beat(bench), ERR_OFFLINE);
    }
    /* Learned late. */
    assert_int_equal(rude_new(bench->loop, 0, RUDE_YES, 0, &bench->rude),
                     ERR_OK);
    snprintf(url, sizeof(url), "http://localhost:%u/", rude_port(bench->rude));
    client_set_url(bench->client, url);
    assert_int_equal(beat(bench), ERR_OK);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(delivers_a_case_once),
        TEST(answers_bodies_at_the_limit),
        TEST(a_killed_hub_loses_nothing),
        TEST(a_hub_may_come_back),
        TEST(is_enrolled_while_the_hub_runs),
        TEST(signs_again_with_the_hubs_time),
        TEST(ends_with_its_parent),
        TEST(two_hubs_do_not_share_a_state),
        TEST(says_how_it_is_used),
        TEST(walks_over_tls),
        TEST(bears_every_rudeness),
        TEST(drops_a_late_answer),
        TEST(cuts_the_line),
        TEST(may_be_freed_at_any_moment),
        TEST(goes_nowhere_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
