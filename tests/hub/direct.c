#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/direct.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/hub_store.h"

static struct key *make_key(const struct direct *direct, const char *name)
{
    char path[128];
    struct key *key;

    snprintf(path, sizeof(path), "%s/%s", direct->folder, name);
    assert_int_equal(key_open(path, KEY_SIGN, true, &key), ERR_OK);
    return key;
}

void direct_paper(uint32_t job, struct buf *pdf)
{
    buf_init(pdf, 1024);
    buf_add_format(pdf, "%%PDF-1.4 paper %u", (unsigned)job);
}

static enum err direct_draw(void *owner, uint32_t job, const char *request,
                            size_t len)
{
    struct direct *direct = owner;
    struct buf pdf;

    direct->drawn++;
    direct->drawn_job = job;
    buf_clear(&direct->drawn_request);
    buf_add(&direct->drawn_request, request, len);
    direct_paper(job, &pdf);
    if (direct->drawer == DRAWER_AT_ONCE)
        hub_drawn(direct->hub, job, pdf.text, pdf.len, 2);
    else if (direct->drawer == DRAWER_FAILS)
        hub_drawn(direct->hub, job, NULL, 0, 0);
    buf_done(&pdf);
    return direct->drawer == DRAWER_REFUSES ? ERR_CHILD : ERR_OK;
}

void direct_open(struct direct *direct)
{
    const struct hub_drawer drawer = { direct_draw, direct };
    char state[128], codes[128];
    struct hub_settings settings = {
        .state = state,
        .is_demo = direct->is_demo,
        .follows_clock = direct->follows_clock,
        .codes = direct->sends_codes ? codes : NULL,
    };

    snprintf(state, sizeof(state), "%s/hub", direct->folder);
    snprintf(codes, sizeof(codes), "%s/codes", direct->folder);
    hub_items_close(direct->read_items); /* of a hub that was closed */
    direct->read_items = hub_items_open(direct->items, NULL);
    settings.items = direct->read_items;
    assert_int_equal(hub_open(&settings, &direct->hub), ERR_OK);
    hub_set_drawer(direct->hub, &drawer);
    hub_set_public_url(direct->hub, "https://hub.test");
}

void direct_reopen(struct direct *direct)
{
    hub_close(direct->hub);
    direct_open(direct);
}

void direct_enrol(struct direct *direct, const struct key *machine)
{
    char state[128], fingerprint[CRYPTO_HEX_DIGEST];

    snprintf(state, sizeof(state), "%s/hub", direct->folder);
    key_fingerprint(key_public(machine), fingerprint);
    assert_int_equal(hub_enrol(state, fingerprint), ERR_OK);
}

int direct_set_up(void **state)
{
    struct direct *direct = mem_new(sizeof(*direct));

    clock_pretend(1000, DIRECT_START_MS);
    chance_seed(3);
    assert_int_equal(
        file_make_temporary(direct->folder, sizeof(direct->folder)), ERR_OK);
    direct->machine = make_key(direct, "machine.key");
    direct->stranger = make_key(direct, "stranger.key");
    buf_init(&direct->drawn_request, 64 * 1024);
    direct_open(direct);
    direct_enrol(direct, direct->machine);
    *state = direct;
    return 0;
}

int direct_tear_down(void **state)
{
    struct direct *direct = *state;

    if (direct->has_response)
        hub_response_done(&direct->response);
    hub_close(direct->hub);
    hub_items_close(direct->read_items);
    key_close(direct->machine);
    key_close(direct->stranger);
    buf_done(&direct->drawn_request);
    assert_int_equal(file_remove_tree(direct->folder), ERR_OK);
    mem_free(direct);
    clock_pretend_end();
    chance_seed_end();
    return 0;
}

static const char *header(void *owner, const char *name)
{
    struct direct *direct = owner;

    for (int i = 0; i < REQUEST_HEADER_COUNT; i++) {
        if (strcasecmp(name, request_header_names[i]) == 0)
            return direct->proof.values[i][0] == '\0' ? NULL
                                                      : direct->proof.values[i];
    }
    return strcasecmp(name, "Accept-Language") == 0 ? direct->language : NULL;
}

static const char *argument(void *owner, const char *name)
{
    struct direct *direct = owner;

    return strcmp(name, "lang") == 0 ? direct->lang : NULL;
}

/* Hands over what stands in direct->proof; the answer's status. */
int direct_hand_over(struct direct *direct, const struct hub_request *about)
{
    struct hub_request request = *about;

    request.header = header;
    request.argument = argument;
    request.owner = direct;
    if (direct->has_response)
        hub_response_done(&direct->response);
    hub_handle(direct->hub, &request, &direct->response);
    direct->has_response = true;
    return direct->response.status;
}

int direct_send_as(struct direct *direct, const struct key *key,
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
                                  clock_wall_ms() + direct->sign_off_ms,
                                  &direct->proof),
                     ERR_OK);
    return direct_hand_over(direct, &request);
}

int direct_visit(struct direct *direct, const char *method, const char *address,
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
    return direct_hand_over(direct, &request);
}

int direct_send(struct direct *direct, const char *method, const char *path,
                const void *body, size_t len)
{
    const struct request_line line = { method, path, body, len };

    return direct_send_as(direct, direct->machine, &line);
}

int direct_post_as(struct direct *direct, const struct key *key,
                   const char *path, const char *json)
{
    const struct request_line line = { "POST", path, json, strlen(json) };

    return direct_send_as(direct, key, &line);
}

int direct_post(struct direct *direct, const char *path, const char *json)
{
    return direct_post_as(direct, direct->machine, path, json);
}

void direct_text_of(const struct direct *direct, const char *name,
                    char text[256])
{
    const struct buf *body = &direct->response.body;
    json_t *root = json_loadb(body->text, body->len, 0, NULL);
    const char *value = json_string_value(json_object_get(root, name));

    snprintf(text, 256, "%s", value == NULL ? "" : value);
    json_decref(root);
}

int64_t direct_number_of(const struct direct *direct, const char *name)
{
    const struct buf *body = &direct->response.body;
    json_t *root = json_loadb(body->text, body->len, 0, NULL);
    int64_t value = json_integer_value(json_object_get(root, name));

    json_decref(root);
    return value;
}

const char *direct_path(const char *id)
{
    static char path[64];

    snprintf(path, sizeof(path), "/v1/cases/%s", id);
    return path;
}

int direct_put(struct direct *direct, const struct sample *sample)
{
    struct request_line line = { "PUT", direct_path(sample->id), NULL, 0 };
    struct buf bytes;
    int status;

    sample_envelope(sample, &bytes);
    line.body = bytes.text;
    line.body_len = bytes.len;
    status = direct_send_as(direct, sample->machine_key, &line);
    buf_done(&bytes);
    return status;
}

void direct_sample(struct direct *direct, struct sample *sample)
{
    sample_init(sample, direct->machine, hub_office_key(direct->hub));
}

bool direct_says(const struct direct *direct, const char *text)
{
    return strstr(direct->response.body.text, text) != NULL;
}

const char *direct_header(const struct direct *direct, const char *name)
{
    for (size_t i = 0; i < direct->response.header_count; i++) {
        if (strcmp(direct->response.headers[i].name, name) == 0)
            return direct->response.headers[i].value;
    }
    return "";
}

void direct_assert_problem(const struct direct *direct, int status,
                           const char *name)
{
    char type[64];

    snprintf(type, sizeof(type), "\"type\":\"/problems/%s\"", name);
    assert_int_equal(direct->response.status, status);
    assert_string_equal(direct_header(direct, "Content-Type"),
                        "application/problem+json");
    assert_true(direct_says(direct, type));
}

void direct_sql(struct direct *direct, const char *sql, int64_t *ret_number)
{
    char path[128];
    struct store *store;
    bool is_row;

    hub_close(direct->hub);
    snprintf(path, sizeof(path), "%s/hub/hub.sqlite", direct->folder);
    assert_int_equal(store_open(path, &hub_schema, NULL, &store), ERR_OK);
    assert_int_equal(store_begin(store), ERR_OK);
    struct sqlite3_stmt *row = store_prepare(store, sql);
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    if (is_row && ret_number != NULL)
        *ret_number = store_column_int(row, 0);
    store_reset(row);
    assert_int_equal(store_commit(store), ERR_OK);
    store_close(store);
    direct_open(direct);
}
