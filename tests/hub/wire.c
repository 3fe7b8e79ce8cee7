#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/wire.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

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

static void start(struct wire *wire, struct process *process,
                  const char *const *argv)
{
    static const struct child_profile profile = { .name = "tested",
                                                  .line_max_bytes = 4096 };
    static const struct child_events events = { on_line, on_end };

    memset(process, 0, sizeof(*process));
    assert_int_equal(child_run(wire->loop, &profile, argv, &events, process,
                               &process->child),
                     ERR_OK);
}

void wire_wait_for_end(struct wire *wire, struct process *process)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!process->has_ended) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(wire->loop, 100);
    }
    child_free(process->child);
    process->child = NULL;
}

int wire_run_heard(struct wire *wire, const char *const *argv, char line[512])
{
    struct process process;

    start(wire, &process, argv);
    wire_wait_for_end(wire, &process);
    memcpy(line, process.line, sizeof(process.line));
    return process.status;
}

int wire_run(struct wire *wire, const char *const *argv)
{
    char line[512];

    return wire_run_heard(wire, argv, line);
}

const char *wire_hub_program(void)
{
    static char path[512];
    char folder[400];

    assert_int_equal(file_program_folder(folder, sizeof(folder)), ERR_OK);
    snprintf(path, sizeof(path), "%s/../../kiosk-hub", folder);
    return path;
}

static void read_hub_line(struct process *hub)
{
    json_t *said = json_loads(hub->line, 0, NULL);
    const char *terminals =
        json_string_value(json_object_get(said, "terminals"));
    const char *key = json_string_value(json_object_get(said, "office_key"));
    const char *key_id =
        json_string_value(json_object_get(said, "office_key_id"));
    char fingerprint[CRYPTO_HEX_DIGEST];
    size_t len;

    assert_non_null(terminals);
    assert_non_null(json_string_value(json_object_get(said, "public")));
    assert_non_null(key);
    assert_non_null(key_id);
    snprintf(hub->terminals, sizeof(hub->terminals), "%s", terminals);
    assert_int_equal(base64_decode(key, strlen(key), hub->office_key,
                                   sizeof(hub->office_key), &len),
                     ERR_OK);
    assert_int_equal(len, sizeof(hub->office_key));
    key_fingerprint(hub->office_key, fingerprint);
    assert_string_equal(fingerprint, key_id);
    json_decref(said);
}

/* where: HOST:PORT; extra: up to five more arguments. */
void wire_start_hub(struct wire *wire, const char *where,
                    const char *const extra[5])
{
    const char *argv[16] = { wire_hub_program(), "--state",    wire->state,
                             "--terminals",      where,        "--public",
                             "127.0.0.1:0",      "--until-eof" };
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    for (int i = 0; extra != NULL && i < 5 && extra[i] != NULL; i++)
        argv[8 + i] = extra[i];
    start(wire, &wire->hub, argv);
    while (wire->hub.line[0] == '\0') {
        assert_false(wire->hub.has_ended);
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(wire->loop, 100);
    }
    read_hub_line(&wire->hub);
}

void wire_start_demo_hub(struct wire *wire)
{
    static const char *const demo[5] = { "--demo" };

    wire_start_hub(wire, "127.0.0.1:0", demo);
}

void wire_kill_hub(struct wire *wire)
{
    child_kill(wire->hub.child); /* SIGKILL */
    wire_wait_for_end(wire, &wire->hub);
}

void wire_on_done(void *owner, const struct client_answer *answer)
{
    struct heard *heard = owner;

    heard->count++;
    heard->err = answer->err;
    heard->is_new = answer->is_new;
    heard->clock_off_ms = answer->clock_off_ms;
    snprintf(heard->case_number, sizeof(heard->case_number), "%s",
             answer->case_number);
    snprintf(heard->state, sizeof(heard->state), "%s", answer->state);
    snprintf(heard->step, sizeof(heard->step), "%s", answer->step);
    if (heard->to_free != NULL)
        client_free(heard->to_free);
}

void wire_new_client(struct wire *wire, const char *url, const char *ca,
                     int64_t answer_max_ms)
{
    const struct client_settings settings = {
        .url = url,
        .ca = ca,
        .signer = wire->signer,
        .answer_max_ms = answer_max_ms,
    };

    client_free(wire->client);
    wire->client = client_new(wire->loop, &settings);
}

int wire_set_up(void **state)
{
    struct wire *wire = mem_new(sizeof(*wire));
    char path[128];

    assert_int_equal(file_make_temporary(wire->folder, sizeof(wire->folder)),
                     ERR_OK);
    snprintf(wire->state, sizeof(wire->state), "%s/hub", wire->folder);
    snprintf(path, sizeof(path), "%s/machine.key", wire->folder);
    assert_int_equal(key_open(path, KEY_SIGN, true, &wire->machine), ERR_OK);
    wire->signer = signer_of_key(wire->machine);
    wire->loop = loop_new();
    *state = wire;
    return 0;
}

int wire_tear_down(void **state)
{
    struct wire *wire = *state;

    client_free(wire->client);
    rude_free(wire->rude);
    child_free(wire->hub.child);
    loop_free(wire->loop); /* finds what was left open */
    signer_free(wire->signer);
    assert_int_equal(file_remove_tree(wire->folder), ERR_OK);
    mem_free(wire);
    return 0;
}

enum err wire_wait_for_answer(struct wire *wire)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    assert_int_equal(wire->heard.count, 0); /* never inside the call */
    while (wire->heard.count == 0) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(wire->loop, 100);
    }
    assert_int_equal(wire->heard.count, 1);
    return wire->heard.err;
}

enum err wire_send_bytes(struct wire *wire, const struct sample *sample,
                         const struct buf *bytes)
{
    memset(&wire->heard, 0, sizeof(wire->heard));
    transport_send(wire->client, sample->id, bytes->text, bytes->len,
                   wire_on_done, &wire->heard);
    return wire_wait_for_answer(wire);
}

enum err wire_send(struct wire *wire, const struct sample *sample)
{
    struct buf bytes;
    enum err err;

    sample_envelope(sample, &bytes);
    err = wire_send_bytes(wire, sample, &bytes);
    buf_done(&bytes);
    return err;
}

enum err wire_ask(struct wire *wire, const char *id)
{
    memset(&wire->heard, 0, sizeof(wire->heard));
    client_ask_case(wire->client, id, wire_on_done, &wire->heard);
    return wire_wait_for_answer(wire);
}

enum err wire_beat(struct wire *wire)
{
    memset(&wire->heard, 0, sizeof(wire->heard));
    client_heartbeat(wire->client, "{\"help_wanted\":false}", wire_on_done,
                     &wire->heard);
    return wire_wait_for_answer(wire);
}
