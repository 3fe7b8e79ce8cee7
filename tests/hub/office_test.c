/* The hub without sockets: what the office says and looks at. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/office.h"
#include "kiosk/hub/office_list.h"
#include "kiosk/store/vfs.h"
#include "tests/hub/direct.h"

#define BY_NUMBER "{\"number\": \"" DIRECT_NUMBER "\"}"
#define WORDS     "请带房产证原件，到<三楼>5号窗口。"

static int refused; /* orders, by their event */

static void count_events(void *owner, const struct event_record_of *event)
{
    (void)owner;
    refused += event->id == EVENT_ORDER_REFUSED;
}

static int office_set_up(void **state)
{
    refused = 0;
    event_set_sink(count_events, NULL);
    return direct_set_up(state);
}

static int office_tear_down(void **state)
{
    event_set_sink(NULL, NULL);
    return direct_tear_down(state);
}

static const char *hub_folder(const struct direct *direct)
{
    static char folder[128];

    snprintf(folder, sizeof(folder), "%s/hub", direct->folder);
    return folder;
}

static enum err give(struct direct *direct, enum office_do what,
                     const char *name, const char *to, const char *text)
{
    const struct office_order order = {
        .what = what, .name = name, .state = to, .text = text
    };

    clock_shift(1);
    return office_give(hub_folder(direct), &order);
}

static void put_case(struct direct *direct, struct sample *sample)
{
    direct_sample(direct, sample);
    sample->card_number = DIRECT_NUMBER;
    assert_int_equal(direct_put(direct, sample), 201);
}

/* A member of the person's only case. */
static void found(struct direct *direct, const char *name, char text[256])
{
    assert_int_equal(direct_post(direct, "/v1/cases/find", BY_NUMBER), 200);
    json_t *root = json_loadb(direct->response.body.text,
                              direct->response.body.len, 0, NULL);
    json_t *one = json_array_get(json_object_get(root, "cases"), 0);
    json_t *value = json_object_get(one, name);
    if (json_is_integer(value))
        snprintf(text, 256, "%lld", (long long)json_integer_value(value));
    else
        snprintf(text, 256, "%s", json_string_value(value));
    json_decref(root);
}

static int look(struct direct *direct, const char *method, const char *address,
                const char *form)
{
    char path[64];
    const struct hub_request request = {
        .listener = HUB_PUBLIC,
        .method = method,
        .path = path,
        .body = form,
        .body_len = strlen(form),
    };

    snprintf(path, sizeof(path), "/p/%s", address);
    return direct_hand_over(direct, &request);
}

/* Files in the folder of orders that end so. */
static void on_file(void *owner, const char *name)
{
    (void)name;
    ++*(int *)owner;
}

static int count_files(struct direct *direct, const char *suffix)
{
    char folder[160];
    int count = 0;

    snprintf(folder, sizeof(folder), "%s/orders", hub_folder(direct));
    assert_int_equal(file_list(folder, suffix, on_file, &count), ERR_OK);
    return count;
}

static void says_how_a_case_stands(void **state)
{
    static const struct {
        const char *word, *state, *chinese;
    } steps[] = {
        { "accepted", "accepted", "已受理" },
        { "correct", "correction", "需要补正" },
        { "finished", "finished", "已办结" },
        { "withdrawn", "withdrawn", "已撤回" },
    };
    struct direct *direct = *state;
    struct sample sample;
    char text[256], changed[32];

    put_case(direct, &sample);
    for (size_t i = 0; i < 4; i++) {
        clock_shift(MINUTE_MS);
        snprintf(changed, sizeof(changed), "%lld",
                 (long long)(clock_wall_ms() + 1));
        assert_int_equal(give(direct, OFFICE_CASE, sample.id,
                              office_state_of(steps[i].word), WORDS),
                         ERR_OK);
        found(direct, "state", text);
        assert_string_equal(text, steps[i].state);
        found(direct, "text", text);
        assert_string_equal(text, WORDS);
        found(direct, "changed", text);
        assert_string_equal(text, changed);
        assert_int_equal(
            direct_send(direct, "GET", direct_path(sample.id), "", 0), 200);
        assert_true(direct_says(direct, steps[i].state));
        /* The address alone shows the state; words are for the code. */
        assert_int_equal(look(direct, "GET", sample.address, ""), 200);
        assert_true(direct_says(direct, steps[i].chinese));
        assert_false(direct_says(direct, "房产证"));
        assert_int_equal(look(direct, "POST", sample.address, "code=4711"),
                         200);
        assert_true(direct_says(direct, steps[i].chinese));
        assert_true(direct_says(direct, "请带房产证原件，到&lt;三楼&gt;5号"));
    }
    assert_int_equal(count_files(direct, ""), 0);
    assert_int_equal(refused, 0);
    /* Words are said of a state: the next one without has none. */
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "accepted", ""),
                     ERR_OK);
    found(direct, "text", text);
    assert_string_equal(text, "");
    assert_int_equal(look(direct, "POST", sample.address, "code=4711"), 200);
    assert_false(direct_says(direct, "办理单位说明"));
}

static void finds_the_case_by_any_number(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    char number[256], text[256];

    put_case(direct, &sample);
    found(direct, "case_number", number);
    assert_int_equal(give(direct, OFFICE_CASE, number, "accepted", ""), ERR_OK);
    found(direct, "state", text);
    assert_string_equal(text, "accepted");
    assert_int_equal(give(direct, OFFICE_CASE, sample.receipt, "finished", ""),
                     ERR_OK);
    found(direct, "state", text);
    assert_string_equal(text, "finished");
    /* As it stands on the slip. */
    assert_int_equal(
        give(direct, OFFICE_CASE, "3100 6327 0014", "withdrawn", ""), ERR_OK);
    found(direct, "state", text);
    assert_string_equal(text, "withdrawn");
}

static void takes_orders_in_their_order(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    char text[256];

    put_case(direct, &sample);
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "accepted", ""),
                     ERR_OK);
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "correction", "一"),
                     ERR_OK);
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "finished", "二"),
                     ERR_OK);
    /* Also those that were given while no hub ran. */
    direct_reopen(direct);
    hub_tidy(direct->hub);
    assert_int_equal(count_files(direct, ""), 0);
    found(direct, "state", text);
    assert_string_equal(text, "finished");
    found(direct, "text", text);
    assert_string_equal(text, "二");
}

static void sets_aside_what_cannot_be_done(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    char path[200], text[256];
    static const char *const rubbish[] = { "", "[]", "{\"order\": \"erase\"}",
                                           "{\"order\": \"case\"}" };

    put_case(direct, &sample);
    assert_int_equal(give(direct, OFFICE_CASE, "310063270022", "accepted", ""),
                     ERR_OK);
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "delivered", ""),
                     ERR_OK);
    assert_int_equal(give(direct, OFFICE_CERTIFICATE, "SI1", "withdrawn", ""),
                     ERR_OK);
    assert_int_equal(give(direct, OFFICE_CALL, "7", "", ""), ERR_OK);
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s/orders/f%d.order", hub_folder(direct),
                 i);
        assert_int_equal(
            file_replace(path, rubbish[i], strlen(rubbish[i]), 0600), ERR_OK);
    }
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "accepted", ""),
                     ERR_OK);
    found(direct, "state", text);
    assert_string_equal(text, "accepted");
    assert_int_equal(refused, 8);
    assert_int_equal(count_files(direct, ".refused"), 8);
    assert_int_equal(count_files(direct, ".order"), 0);
}

static void keeps_orders_while_it_cannot_store(void **state)
{
    const struct vfs_plan plan = { .operation = VFS_WRITE,
                                   .failure = VFS_FAIL_FULL,
                                   .times = 1000 };
    struct direct *direct = *state;
    struct sample sample;
    char text[256];

    put_case(direct, &sample);
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "accepted", ""),
                     ERR_OK);
    vfs_plan_fail(&plan);
    hub_tidy(direct->hub);
    vfs_plan_end();
    assert_int_equal(count_files(direct, ".order"), 1);
    assert_int_equal(refused, 0);
    clock_shift(MINUTE_MS);
    found(direct, "state", text);
    assert_string_equal(text, "accepted");
}

static void says_what_no_order_is(void **state)
{
    struct direct *direct = *state;
    struct office_order order = {
        .what = OFFICE_CASE, .name = "x", .state = "accepted", .text = ""
    };
    struct buf text;

    assert_null(office_state_of("delivered"));
    assert_null(office_state_of("correction"));
    assert_int_equal(office_give("/nonexistent/place", &order), ERR_NOT_FOUND);
    buf_init(&text, 4096);
    for (int i = 0; i < 501; i++)
        buf_add_text(&text, "长");
    assert_int_equal(give(direct, OFFICE_CASE, "x", "accepted", text.text),
                     ERR_TOO_BIG);
    assert_int_equal(give(direct, OFFICE_CASE, text.text, "accepted", ""),
                     ERR_BAD_INPUT);
    assert_int_equal(give(direct, OFFICE_CASE, "x", "accepted", "\xff"),
                     ERR_BAD_INPUT);
    text.text[1500] = '\0';
    assert_int_equal(give(direct, OFFICE_CASE, "x", "accepted", text.text),
                     ERR_OK);
    buf_done(&text);
}

/* Between the command and the hub the words stand sealed as well. */
static void keeps_words_sealed(void **state)
{
    struct direct *direct = *state;
    struct sample sample;
    char text[256];
    int64_t count = -1;

    put_case(direct, &sample);
    assert_int_equal(give(direct, OFFICE_CASE, sample.id, "accepted", "ABCDEF"),
                     ERR_OK);
    found(direct, "text", text);
    assert_string_equal(text, "ABCDEF");
    direct_sql(direct, "SELECT count(*) FROM cases WHERE instr(words, 'ABC')",
               &count);
    assert_int_equal(count, 0);
}

/* ---- Calls and terminals ---- */

static int beat_as(struct direct *direct, const struct key *key,
                   const char *json)
{
    return direct_post_as(direct, key, "/v1/heartbeats", json);
}

static int beat(struct direct *direct, const char *json)
{
    return beat_as(direct, direct->machine, json);
}

static void answers_calls(void **state)
{
    struct direct *direct = *state;

    assert_int_equal(beat(direct, "{\"help_wanted\": false}"), 200);
    assert_false(direct_says(direct, "coming"));
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_false(direct_says(direct, "coming"));
    assert_int_equal(give(direct, OFFICE_CALL, "1", "", ""), ERR_OK);
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_true(direct_says(direct, "\"coming\":true"));
    /* It stands until the call is over, over a restart as well. */
    direct_reopen(direct);
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_true(direct_says(direct, "\"coming\":true"));
    assert_int_equal(beat(direct, "{}"), 200);
    assert_true(direct_says(direct, "\"coming\":true"));
    assert_int_equal(beat(direct, "{\"help_wanted\": false}"), 200);
    assert_false(direct_says(direct, "coming"));
    /* The next is another call, which an old answer does not answer. */
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_int_equal(give(direct, OFFICE_CALL, "1", "", ""), ERR_OK);
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_false(direct_says(direct, "coming"));
    assert_int_equal(refused, 1);
    assert_int_equal(give(direct, OFFICE_CALL, "2", "", ""), ERR_OK);
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_true(direct_says(direct, "\"coming\":true"));
}

static void a_call_is_one_machines(void **state)
{
    struct direct *direct = *state;

    direct_enrol(direct, direct->stranger);
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_int_equal(
        beat_as(direct, direct->stranger, "{\"help_wanted\": true}"), 200);
    assert_int_equal(give(direct, OFFICE_CALL, "2", "", ""), ERR_OK);
    assert_int_equal(beat(direct, "{\"help_wanted\": true}"), 200);
    assert_false(direct_says(direct, "coming"));
    assert_int_equal(
        beat_as(direct, direct->stranger, "{\"help_wanted\": true}"), 200);
    assert_true(direct_says(direct, "\"coming\":true"));
}

static void list(struct direct *direct,
                 enum err (*lister)(const char *state, struct buf *out),
                 struct buf *out)
{
    buf_clear(out);
    assert_int_equal(lister(hub_folder(direct), out), ERR_OK);
}

static bool says(const struct buf *text, const char *what)
{
    return strstr(text->text, what) != NULL;
}

static void lists_calls(void **state)
{
    struct direct *direct = *state;
    char fingerprint[CRYPTO_HEX_DIGEST];
    struct buf out;

    buf_init(&out, LIST_BYTES_MAX);
    assert_int_equal(office_list_calls(hub_folder(direct), &out),
                     ERR_NOT_FOUND);
    hub_tidy(direct->hub);
    list(direct, office_list_calls, &out);
    assert_string_equal(out.text, "");
    assert_int_equal(
        beat(direct, "{\"help_wanted\": true, \"place\": \"卧龙区大厅\"}"),
        200);
    hub_tidy(direct->hub);
    list(direct, office_list_calls, &out);
    key_fingerprint(key_public(direct->machine), fingerprint);
    assert_memory_equal(out.text, "1 WAITING since 2026-11-24 14:03:05, ", 37);
    assert_true(says(&out, fingerprint));
    assert_true(says(&out, "卧龙区大厅"));
    assert_int_equal(give(direct, OFFICE_CALL, "1", "", ""), ERR_OK);
    hub_tidy(direct->hub);
    list(direct, office_list_calls, &out);
    assert_memory_equal(out.text, "1 answered, since ", 18);
    assert_int_equal(beat(direct, "{\"help_wanted\": false}"), 200);
    hub_tidy(direct->hub);
    list(direct, office_list_calls, &out);
    assert_string_equal(out.text, "");
    buf_done(&out);
}

static void lists_terminals(void **state)
{
    struct direct *direct = *state;
    struct buf out;

    buf_init(&out, LIST_BYTES_MAX);
    direct_enrol(direct, direct->stranger);
    assert_int_equal(
        beat(direct, "{\"help_wanted\": false, \"waiting\": 2, \"mode\":"
                     " \"service\", \"printer\": \"paper out\", \"x\": [1],"
                     " \"ok\": true, \"bad\": \"a\\nb\"}"),
        200);
    hub_tidy(direct->hub);
    list(direct, office_list_terminals, &out);
    assert_true(says(&out, " heard 2026-11-24 14:03:05"));
    assert_true(says(&out, ", waiting 2"));
    assert_true(says(&out, ", mode service"));
    assert_true(says(&out, ", printer paper out"));
    assert_true(says(&out, ", ok yes"));
    assert_false(says(&out, "bad"));
    assert_false(says(&out, "SILENT for"));
    assert_true(says(&out, "SILENT, never heard\n"));
    assert_false(says(&out, "NO HUB RUNS"));
    clock_shift(10 * MINUTE_MS - 1);
    hub_tidy(direct->hub);
    list(direct, office_list_terminals, &out);
    assert_false(says(&out, "SILENT for"));
    clock_shift(1);
    list(direct, office_list_terminals, &out);
    assert_true(says(&out, "SILENT for 10 min, heard 2026-11-24 14:03:05"));
    clock_shift(3 * MINUTE_MS);
    list(direct, office_list_terminals, &out);
    assert_true(says(&out, "NO HUB RUNS HERE"));
    hub_tidy(direct->hub);
    list(direct, office_list_terminals, &out);
    assert_false(says(&out, "NO HUB RUNS HERE"));
    buf_done(&out);
}

/* A list that somebody damaged, or that is another thing. */
static void survives_a_damaged_list(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{\"terminals\": 3}",
        "{\"terminals\": [1, {}, null]}",
        "{\"terminals\": [{\"machine\": \"x\", \"call\": 1, \"health\": []}]}"
    };
    struct direct *direct = *state;
    char path[160];
    struct buf out;

    buf_init(&out, LIST_BYTES_MAX);
    snprintf(path, sizeof(path), "%s/terminals.json", hub_folder(direct));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        enum err err;

        assert_int_equal(file_replace(path, texts[i], strlen(texts[i]), 0600),
                         ERR_OK);
        err = office_list_terminals(hub_folder(direct), &out);
        assert_true(err == ERR_OK || err == ERR_CORRUPT);
        err = office_list_calls(hub_folder(direct), &out);
        assert_true(err == ERR_OK || err == ERR_CORRUPT);
    }
    buf_done(&out);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, office_set_up, office_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(says_how_a_case_stands),
        TEST(finds_the_case_by_any_number),
        TEST(takes_orders_in_their_order),
        TEST(sets_aside_what_cannot_be_done),
        TEST(keeps_orders_while_it_cannot_store),
        TEST(says_what_no_order_is),
        TEST(keeps_words_sealed),
        TEST(answers_calls),
        TEST(a_call_is_one_machines),
        TEST(lists_calls),
        TEST(lists_terminals),
        TEST(survives_a_damaged_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
