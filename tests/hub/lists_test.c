/* Records to choose from, at the hub without sockets: who has how many, the same
 * each time; and what a case says of one is looked at again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/direct.h"
#include "tests/hub/forged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sys/stat.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/record.h"
#include "kiosk/hub/payments.h"

/* Made up; their sequences are 001, 002, 003 and 000. */
#define HAS_ONE     "999999199001010016"
#define HAS_SEVERAL "411303199003070025"
#define HAS_NONE    "411303199003070033"

#define KIND ", \"kind\": \"traffic-decision\"}"

enum { TEXT_BYTES = 4096 };

static struct pack *pack;
static char folder[96]; /* in the bench's own, which goes with it */

static void copy_item(void)
{
    char path[128];
    char *text = NULL;
    size_t len = 0;

    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(file_read("tests/tty/fine.yaml", 1024 * 1024, &text, &len),
                     ERR_OK);
    snprintf(path, sizeof(path), "%s/fine.yaml", folder);
    assert_int_equal(file_replace(path, text, len, 0600), ERR_OK);
    mem_free(text);
}

static int set_up(void **state)
{
    struct problems problems;
    struct direct *direct;

    if (direct_set_up(state))
        return -1;
    direct = *state;
    snprintf(folder, sizeof(folder), "%s/items", direct->folder);
    copy_item();
    direct->items = folder;
    direct->is_demo = true;
    direct_reopen(direct);
    problems_init(&problems);
    enum err err = pack_load(folder, &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int tear_down(void **state)
{
    pack_free(pack);
    return direct_tear_down(state);
}

static int ask(struct direct *direct, const char *number)
{
    char json[128];

    snprintf(json, sizeof(json), "{\"number\": \"%s\"" KIND, number);
    return direct_post(direct, "/v1/lists", json);
}

/* Of the last response; the caller's. */
static json_t *rows(const struct direct *direct)
{
    const struct buf *body = &direct->response.body;
    json_t *root = json_loadb(body->text, body->len, 0, NULL);
    json_t *found = json_incref(json_object_get(root, "rows"));

    assert_true(json_is_array(found));
    json_decref(root);
    return found;
}

static size_t count_of(struct direct *direct, const char *number)
{
    assert_int_equal(ask(direct, number), 200);
    json_t *found = rows(direct);
    size_t count = json_array_size(found);

    json_decref(found);
    return count;
}

static void lists_by_the_person(void **state)
{
    struct direct *direct = *state;
    char first[TEXT_BYTES];

    assert_int_equal(count_of(direct, HAS_NONE), 0);
    assert_int_equal(count_of(direct, HAS_ONE), 1);
    assert_in_range(count_of(direct, HAS_SEVERAL), 2, 5);
    snprintf(first, sizeof(first), "%s", direct->response.body.text);
    direct_reopen(direct);
    assert_int_equal(ask(direct, HAS_SEVERAL), 200);
    assert_string_equal(direct->response.body.text, first);
}

static void refuses_by_name(void **state)
{
    struct direct *direct = *state;

    assert_int_equal(ask(direct, "411303199003070009"), 404);
    direct_assert_problem(direct, 404, "person-unknown");
    assert_int_equal(ask(direct, "4"), 404);
    direct_post(direct, "/v1/lists",
                "{\"number\": \"" HAS_ONE "\", \"kind\": \"taxes\"}");
    direct_assert_problem(direct, 404, "list-unknown");
    direct_post(direct, "/v1/lists", "{\"number\": \"" HAS_ONE "\"}");
    direct_assert_problem(direct, 400, "fields");
    direct_post(direct, "/v1/lists", "{\"kind\": \"traffic-decision\"}");
    direct_assert_problem(direct, 400, "fields");
    assert_int_equal(direct_send(direct, "GET", "/v1/lists", NULL, 0), 405);
}

/* ---- Cases ---- */

/* A case of who has one, by an honest terminal but for the line and for what it
 * says of the payment (NULL: nothing). */
static int put_paid(struct direct *direct, const char *line, const char *paid)
{
    const struct item *item = pack_find(pack, "fine");
    const struct step *step = &item->steps[1];
    static char id[CASE_ID_CHARS + 1];
    char texts[8][TEXT_BYTES];
    const char *answers[16];
    struct forged forged = { .item = item,
                             .answers = answers,
                             .birth = "19900101",
                             .today_ms = DIRECT_START_MS,
                             .sent_ms = DIRECT_START_MS };
    static size_t number = 0;
    struct request_line request = { "PUT", NULL, NULL, 0 };
    struct buf bytes;
    bool is_large = false; /* then one more question comes */
    size_t count = 0;

    assert_true(record_is_step(step));
    snprintf(texts[count], TEXT_BYTES, "decision=%s", line);
    answers[count] = texts[count];
    count++;
    for (size_t i = 0; i < record_column_count(item, step); i++) {
        struct buf part;

        buf_init(&part, TEXT_BYTES);
        record_part(line, i + 1, &part);
        snprintf(texts[count], TEXT_BYTES, "%s=%s", record_column(step, i)->id,
                 part.text);
        if (part.len > 0) {
            answers[count] = texts[count];
            count++;
        }
        if (strcmp(record_column_name(step, i), "fen") == 0)
            is_large = strtod(part.text, NULL) >= 200;
        buf_done(&part);
    }
    if (is_large)
        answers[count++] = "large=no";
    snprintf(texts[count], TEXT_BYTES, "paying=%s", paid ? paid : "");
    if (paid) {
        answers[count] = texts[count];
        count++;
    }
    answers[count] = NULL;
    snprintf(id, sizeof(id), "%032zx", ++number);
    request.path = direct_path(id);
    forged_envelope(&forged, id, direct->machine, hub_office_key(direct->hub),
                    &bytes);
    request.body = bytes.text;
    request.body_len = bytes.len;
    int status = direct_send_as(direct, direct->machine, &request);
    buf_done(&bytes);
    return status;
}

/* What an honest terminal says of a payment for the line, which is paid, unless
 * is_unpaid. */
static void pay(struct direct *direct, const char *line, bool is_unpaid,
                char paid[256])
{
    char json[256], path[128], token[256], receipt[256];
    struct buf id, yuan;
    static unsigned taken = 0;

    buf_init(&id, TEXT_BYTES);
    buf_init(&yuan, TEXT_BYTES);
    record_part(line, 0, &id);
    record_part(line, 4, &yuan);
    snprintf(json, sizeof(json),
             "{\"request\": \"%032x\", \"item\": \"fine\", \"about\":"
             " \"%.40s\", \"fen\": %d}",
             ++taken, id.text, (int)(strtod(yuan.text, NULL) * 100 + 0.5));
    assert_int_equal(direct_post(direct, "/v1/payments", json), 201);
    direct_text_of(direct, "payment", token);
    snprintf(json, sizeof(json), "%.32s:%016x", token, taken);
    if (!is_unpaid)
        assert_int_equal(payments_take(direct->hub, json), ERR_OK);
    snprintf(path, sizeof(path), "/v1/payments/%.32s", token);
    assert_int_equal(direct_send(direct, "GET", path, NULL, 0), 200);
    direct_text_of(direct, "receipt", receipt);
    snprintf(paid, 256, "%.32s %.32s %.16s", token,
             is_unpaid ? "2026112412345678" : receipt, yuan.text);
    buf_done(&yuan);
    buf_done(&id);
}

static int put(struct direct *direct, const char *line)
{
    char paid[256];

    if (strchr(line, '|') == NULL)
        return put_paid(direct, line, NULL);
    pay(direct, line, false, paid);
    return put_paid(direct, line, paid);
}

/* What the hub has of them, as the answer. */
static void true_line(struct direct *direct, char line[TEXT_BYTES])
{
    const struct item *item = pack_find(pack, "fine");
    struct buf text;

    assert_int_equal(ask(direct, HAS_ONE), 200);
    json_t *found = rows(direct);
    buf_init(&text, TEXT_BYTES);
    assert_int_equal(
        record_of_row(item, &item->steps[1], json_array_get(found, 0), &text),
        ERR_OK);
    snprintf(line, TEXT_BYTES, "%s", text.text);
    buf_done(&text);
    json_decref(found);
}

static void is_refused(struct direct *direct, const char *line)
{
    char name[256], paid[256];
    struct buf yuan;

    buf_init(&yuan, TEXT_BYTES);
    record_part(line, 4, &yuan);
    snprintf(paid, sizeof(paid), "%032d %016d %.16s", 0, 0, yuan.text);
    buf_done(&yuan);
    assert_int_equal(put_paid(direct, line, paid), 422);
    direct_text_of(direct, "code", name);
    assert_string_equal(name, "not-accepted");
    direct_text_of(direct, "name", name);
    assert_string_equal(name, "decision");
}

static void judges_what_was_chosen(void **state)
{
    struct direct *direct = *state;
    char line[TEXT_BYTES], other[TEXT_BYTES + 32], *at;

    true_line(direct, line);
    assert_int_equal(put(direct, line), 201);
    /* Somebody else's; cheaper; of another day; out of its form. */
    snprintf(other, sizeof(other), "4113021799999901%s", strchr(line, '|'));
    is_refused(direct, other);
    snprintf(other, sizeof(other), "%s", line);
    at = strrchr(other, '.');
    assert_non_null(at);
    at[-1] = at[-1] == '1' ? '2' : '1';
    is_refused(direct, other);
    snprintf(other, sizeof(other), "%s", line);
    memcpy(strchr(other, '|') + 1, "2025", 4);
    is_refused(direct, other);
    snprintf(other, sizeof(other), "%s|", line);
    is_refused(direct, other);
}

/* Chosen while money that came too late was on its way back, and paid then: by
 * now it stands there as paid. */
static void judges_what_was_paid_anew(void **state)
{
    struct direct *direct = *state;
    char line[TEXT_BYTES], back[TEXT_BYTES];

    true_line(direct, line);
    snprintf(back, sizeof(back), "%.*srefunding",
             (int)(strrchr(line, '|') + 1 - line), line);
    assert_int_equal(put(direct, back), 201);
    snprintf(back, sizeof(back), "%.*slost",
             (int)(strrchr(line, '|') + 1 - line), line);
    is_refused(direct, back);
}

/* Paid here, of that amount, with that receipt, for that record. */
static void judges_what_was_paid(void **state)
{
    struct direct *direct = *state;
    char line[TEXT_BYTES], paid[256], other[256], name[256];

    true_line(direct, line);
    pay(direct, line, true, other);
    for (int i = 0; i < 4; i++) {
        if (i == 1)
            pay(direct, line, false, other); /* now it is */
        snprintf(paid, sizeof(paid), "%s", other);
        if (i == 1)
            paid[0] = paid[0] == 'a' ? 'b' : 'a';
        if (i == 2)
            paid[34] = paid[34] == '9' ? '8' : '9';
        if (i == 3)
            memcpy(strrchr(paid, '.'), ".01", 3);
        assert_int_equal(put_paid(direct, line, paid), 422);
        direct_text_of(direct, "code", name);
        assert_string_equal(name, "not-accepted");
        direct_text_of(direct, "name", name);
        assert_string_equal(name, "paying");
    }
    assert_int_equal(put_paid(direct, line, NULL), 422);
    direct_text_of(direct, "code", name);
    assert_string_equal(name, "missing");
    assert_int_equal(put_paid(direct, line, other), 201);
    /* It is settled, and nobody has to accept it first. */
    assert_int_equal(direct_visit(direct, "GET", FORGED_ADDRESS, ""), 200);
    assert_true(direct_says(direct, "已送达，款已缴清。"));
    assert_false(direct_says(direct, "受理"));
    /* Whoever comes again sees it as paid. */
    assert_int_equal(ask(direct, HAS_ONE), 200);
    assert_true(direct_says(direct, "\"state\":\"paid\""));
}

static void judges_none(void **state)
{
    struct direct *direct = *state;
    char name[256];

    /* The item ends there for them, so the rules say it first. */
    assert_int_equal(put(direct, "none"), 422);
    direct_text_of(direct, "code", name);
    assert_string_equal(name, "stop");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_by_the_person, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(judges_what_was_chosen, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(judges_what_was_paid_anew, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(judges_what_was_paid, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(judges_none, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
