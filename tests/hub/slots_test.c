/* The hub without sockets: places in time are never given twice, held for ten
 * minutes, booked once by the case that needs them, and free again when it is
 * cancelled; a case that comes too late is taken, and says so. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/office.h"
#include "tests/hub/rules_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 192, TOKEN_ROOM = 256, PLACES = 2 };

/* A Wednesday; the clock stands at Tuesday, 2026-11-24, 14:03. */
#define VALUE "2026-11-25 09:00-09:30 north"
#define KEY   "appointment/" VALUE
#define OTHER "appointment/2026-11-25 09:30-10:00 north"
#define BY    "{\"receipt\":\"310063270014\",\"code\":\"4711\"}"

static char folder[64];
/* The case that was put last, to be put again as it is. */
static struct buf last;

static void write_file(const char *name, const char *text)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_replace(path, text, strlen(text), 0600), ERR_OK);
}

static void copy(const char *from, const char *name)
{
    char path[PATH_BYTES];
    char *text = NULL;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/%s", from, name);
    assert_int_equal(file_read(path, 1024 * 1024, &text, &len), ERR_OK);
    write_file(name, text);
    mem_free(text);
}

/* One place has a line of its own, the others share one. */
static const char calendar[] = "item\tplace\thours\tminutes\tplaces\tdays\n"
                               "appointment\tnorth\t09:00-10:00\t30\t2\t7\n"
                               "appointment\t*\t08:30-12:00,14:30-17:00\t30\t1"
                               "\t1\n";

static int set_up(void **state)
{
    struct direct *direct;
    struct problems problems;
    char path[PATH_BYTES];

    if (direct_set_up(state) || file_make_temporary(folder, sizeof folder))
        return -1;
    snprintf(path, sizeof path, "%s/lists", folder);
    if (file_make_folder(path, 0700))
        return -1;
    copy("tests/tty", "appointment.yaml");
    copy("screens/items", "lists/holidays.tsv");
    write_file("lists/slots.tsv", calendar);
    direct = *state;
    direct->items = folder;
    direct_reopen(direct);
    problems_init(&problems);
    enum err err = pack_load(folder, &problems, &rules_pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int tear_down(void **state)
{
    int code = rules_tear_down(state);

    buf_done(&last);
    buf_init(&last, 1);

    assert_int_equal(file_remove_tree(folder), ERR_OK);
    return code;
}

/* ---- Asking ----------------------------------------------------------------- */

static int hold(struct direct *direct, const char *key, int request,
                char token[TOKEN_ROOM])
{
    char json[256];

    snprintf(json, sizeof json, "{\"slot\":\"%s\",\"request\":\"%032d\"}", key,
             request);
    int status = direct_post(direct, "/v1/slots/hold", json);
    direct_text_of(direct, "hold", token);
    return status;
}

static void let_go(struct direct *direct, const char *token)
{
    char path[TOKEN_ROOM + 32];

    snprintf(path, sizeof path, "/v1/slots/hold/%s", token);
    assert_int_equal(direct_send(direct, "DELETE", path, "", 0), 200);
}

static const char *const honest[] = { "place=north", "visit=" VALUE,
                                      "phone=later", NULL };

static int put_again(struct direct *direct, size_t number)
{
    const struct request_line line = { "PUT", direct_path(rules_id(number)),
                                       last.text, last.len };

    return direct_send_as(direct, direct->machine, &line);
}

static int put(struct direct *direct, size_t number, const char *token)
{
    const struct forged forged = { .item = pack_find(rules_pack, "appointment"),
                                   .answers = honest,
                                   .hold = token,
                                   .today_ms = DIRECT_START_MS,
                                   .sent_ms = DIRECT_START_MS };

    buf_done(&last);
    forged_envelope(&forged, rules_id(number), direct->machine,
                    hub_office_key(direct->hub), &last);
    return put_again(direct, number);
}

static void assert_state(struct direct *direct, const char *state)
{
    char said[TOKEN_ROOM];

    direct_text_of(direct, "state", said);
    assert_string_equal(said, state);
}

static bool is_free(struct direct *direct)
{
    assert_int_equal(
        direct_post(direct, "/v1/slots/find",
                    "{\"item\":\"appointment\",\"place\":\"north\"}"),
        200);
    return direct_says(direct, "\"id\":\"" KEY "\"");
}

static int cancel(struct direct *direct, size_t number, const char *by)
{
    char path[96];

    snprintf(path, sizeof path, "/v1/cases/%s/cancel", rules_id(number));
    return direct_post(direct, path, by);
}

/* ---- Which there are ----------------------------------------------------------- */

static void test_calendar(void **state)
{
    struct direct *direct = *state;

    assert_true(is_free(direct));
    assert_true(direct_says(direct, "\"left\":2"));
    /* Today its hours are over, Saturday and Sunday have none; a week ahead is
     * the last. */
    assert_false(direct_says(direct, "\"2026-11-24\""));
    assert_false(direct_says(direct, "\"2026-11-28\""));
    assert_true(direct_says(direct, "\"2026-12-01\""));
    assert_false(direct_says(direct, "\"2026-12-02\""));
    /* What has a line of its own is not every place. */
    direct_post(direct, "/v1/slots/find",
                "{\"item\":\"appointment\",\"place\":\"south\"}");
    assert_true(direct_says(direct, "2026-11-24 14:30-15:00 south"));
    assert_false(direct_says(direct, "2026-11-24 11:30-12:00 south"));
    assert_true(direct_says(direct, "2026-11-25 08:30-09:00 south"));
    direct_post(direct, "/v1/slots/find",
                "{\"item\":\"nothing\",\"place\":\"south\"}");
    assert_string_equal(direct->response.body.text, "{\"days\":[]}");
    direct_post(direct, "/v1/slots/find", "{\"item\":\"appointment\"}");
    direct_assert_problem(direct, 400, "fields");
}

static void test_bad_calendar_offers_nothing(void **state)
{
    struct direct *direct = *state;

    write_file("lists/slots.tsv", "item\tplace\thours\tminutes\tplaces\tdays\n"
                                  "appointment\tnorth\t9-10\t30\t2\t7\n");
    direct_reopen(direct);
    assert_false(is_free(direct));
}

/* ---- Holding --------------------------------------------------------------------- */

static void test_hold(void **state)
{
    char one[TOKEN_ROOM], two[TOKEN_ROOM], again[TOKEN_ROOM];
    struct direct *direct = *state;

    assert_int_equal(hold(direct, KEY, 1, one), 200);
    assert_int_equal(direct_number_of(direct, "until"),
                     clock_wall_ms() + 10 * MINUTE_MS);
    /* The same request is the same hold. */
    assert_int_equal(hold(direct, KEY, 1, again), 200);
    assert_string_equal(again, one);
    assert_int_equal(hold(direct, KEY, 2, two), 200);
    assert_string_not_equal(two, one);
    assert_false(is_free(direct));
    assert_int_equal(hold(direct, KEY, 3, again), 409);
    direct_assert_problem(direct, 409, "slot-taken");
    assert_int_equal(hold(direct, OTHER, 3, again), 200);
    /* A restart forgets no hold; what is let go is free, twice or once. */
    direct_reopen(direct);
    assert_false(is_free(direct));
    let_go(direct, one);
    let_go(direct, one);
    assert_true(is_free(direct));
    assert_true(direct_says(direct, "\"left\":1"));
}

static void test_hold_is_over_after_ten_minutes(void **state)
{
    char token[TOKEN_ROOM];
    struct direct *direct = *state;

    assert_int_equal(hold(direct, KEY, 1, token), 200);
    assert_int_equal(hold(direct, KEY, 2, token), 200);
    clock_shift(10 * MINUTE_MS - 1);
    assert_int_equal(hold(direct, KEY, 3, token), 409);
    clock_shift(1);
    assert_int_equal(hold(direct, KEY, 3, token), 200);
    assert_int_equal(hold(direct, KEY, 4, token), 200);
    assert_int_equal(hold(direct, KEY, 5, token), 409);
}

static void test_hold_of_what_is_not_offered(void **state)
{
    static const char *const keys[] = {
        "appointment/2026-11-25 10:00-10:30 north", /* after hours */
        "appointment/2026-11-25 09:15-09:45 north", /* between two */
        "appointment/2026-11-28 09:00-09:30 north", /* a Saturday */
        "appointment/2026-11-24 09:00-09:30 north", /* this morning */
        "appointment/2026-12-02 09:00-09:30 north", /* too far ahead */
        "nothing/2026-11-25 09:00-09:30 north",     "rubbish",
    };
    char token[TOKEN_ROOM];
    struct direct *direct = *state;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        assert_int_equal(hold(direct, keys[i], 1, token), 404);
        direct_assert_problem(direct, 404, "slot-unknown");
    }
    direct_post(direct, "/v1/slots/hold", "{\"slot\":\"" KEY "\"}");
    direct_assert_problem(direct, 400, "fields");
    direct_send(direct, "DELETE", "/v1/slots/hold/x", "", 0);
    direct_assert_problem(direct, 404, "path");
}

/* ---- Booking ---------------------------------------------------------------------- */

/* However often it is sent, it is one booking, and a restart keeps it. */
static void test_booked_once(void **state)
{
    char token[TOKEN_ROOM], other[TOKEN_ROOM];
    struct direct *direct = *state;

    assert_int_equal(hold(direct, KEY, 1, token), 200);
    assert_int_equal(hold(direct, KEY, 2, other), 200);
    assert_int_equal(put(direct, 0, token), 201);
    assert_state(direct, "delivered");
    assert_int_equal(put_again(direct, 0), 200);
    assert_state(direct, "delivered");
    assert_int_equal(direct_visit(direct, "GET", FORGED_ADDRESS, ""), 200);
    assert_true(direct_says(direct, "已送达，时间已经约好。"));
    assert_false(direct_says(direct, "受理"));
    let_go(direct, token); /* too late: it is booked */
    let_go(direct, other);
    direct_reopen(direct);
    assert_true(is_free(direct));
    assert_true(direct_says(direct, "\"left\":1"));
    direct_post(direct, "/v1/cases/find", BY);
    assert_true(direct_says(direct, "\"booking\":{\"slot\":\"" VALUE
                                    "\",\"state\":\"booked\",\"text\":{"));
}

/* The hold was over, as that of a case from an outbox is: it has the place as
 * long as there is one, and else the office and the citizen are told. */
static void test_late_case(void **state)
{
    char token[TOKEN_ROOM], other[TOKEN_ROOM];
    struct direct *direct = *state;
    struct buf lines;

    assert_int_equal(hold(direct, KEY, 1, token), 200);
    clock_shift(11 * MINUTE_MS);
    assert_int_equal(put(direct, 0, token), 201);
    assert_state(direct, "delivered");
    assert_int_equal(hold(direct, KEY, 2, other), 200);
    assert_int_equal(put(direct, 1, token), 201);
    assert_state(direct, "correction");
    assert_int_equal(put_again(direct, 1), 200);
    assert_state(direct, "correction");
    rules_look(direct, &lines);
    assert_non_null(strstr(lines.text, "is taken by others"));
    buf_done(&lines);
    assert_int_equal(rules_count(direct, "WHERE mark = 'slot-lost'"), 1);
    direct_post(direct, "/v1/cases/find", BY);
    assert_true(direct_says(direct, "\"state\":\"lost\""));
    assert_true(direct_says(direct, "没有约上"));
    /* Who holds it is not robbed by that. */
    assert_int_equal(put(direct, 2, other), 201);
    assert_state(direct, "delivered");
}

/* Who looks by phone is told the same: nothing is to be put right, the time is
 * gone. */
static void test_lost_on_the_phone(void **state)
{
    char token[TOKEN_ROOM], other[TOKEN_ROOM];
    struct direct *direct = *state;

    assert_int_equal(hold(direct, KEY, 1, token), 200);
    clock_shift(11 * MINUTE_MS);
    assert_int_equal(hold(direct, KEY, 2, other), 200);
    assert_int_equal(hold(direct, KEY, 3, other), 200);
    assert_int_equal(put(direct, 0, token), 201);
    assert_state(direct, "correction");
    assert_int_equal(direct_visit(direct, "GET", FORGED_ADDRESS, ""), 200);
    assert_true(direct_says(direct, "没有约上"));
    assert_true(direct_says(direct, "请重新预约"));
    assert_false(direct_says(direct, "补正"));
}

/* A hold is for one slot; of another it is none. */
static void test_hold_of_another(void **state)
{
    char mine[TOKEN_ROOM], one[TOKEN_ROOM], two[TOKEN_ROOM];
    struct direct *direct = *state;

    assert_int_equal(hold(direct, OTHER, 1, mine), 200);
    assert_int_equal(hold(direct, KEY, 2, one), 200);
    assert_int_equal(hold(direct, KEY, 3, two), 200);
    assert_int_equal(put(direct, 0, mine), 201);
    assert_state(direct, "correction");
    assert_int_equal(put(direct, 1, one), 201);
    assert_state(direct, "delivered");
    assert_int_equal(put(direct, 2, one), 201); /* it was booked already */
    assert_state(direct, "correction");
}

/* What has begun is nobody's any more. */
static void test_after_its_time(void **state)
{
    struct direct *direct = *state;

    clock_shift(19 * 60 * MINUTE_MS); /* 09:03 of that day */
    assert_int_equal(put(direct, 0, NULL), 201);
    assert_state(direct, "correction");
}

static void assert_refused(struct direct *direct, const char *change,
                           const char *code)
{
    const struct rules_row row = { .item = "appointment",
                                   .honest = honest,
                                   .changes = { change } };
    char said[TOKEN_ROOM];

    assert_int_equal(rules_put(direct, &row, rules_id(9)), 422);
    direct_text_of(direct, "code", said);
    assert_string_equal(said, code);
    direct_text_of(direct, "name", said);
    assert_string_equal(said, "visit");
}

static void test_refused_by_name(void **state)
{
    struct direct *direct = *state;

    assert_refused(direct, "visit=2026-11-25 10:00-10:30 north", "not-offered");
    assert_refused(direct, "visit=2026-11-28 09:00-09:30 north", "not-offered");
    assert_refused(direct, "visit=2026-11-23 09:00-09:30 north", "not-offered");
    assert_refused(direct, "visit=2026-11-25 09:00-09:30 south", "not-offered");
    assert_refused(direct, "visit=tomorrow", "not-offered");
    assert_refused(direct, "visit=later", "not-offered");
    assert_refused(direct, "-visit", "missing");
    assert_int_equal(rules_count(direct, ""), 0);
}

/* What is held stays held, though the office changed its hours since. */
static void test_held_though_hours_changed(void **state)
{
    char token[TOKEN_ROOM];
    struct direct *direct = *state;

    assert_int_equal(hold(direct, KEY, 1, token), 200);
    write_file("lists/slots.tsv", "item\tplace\thours\tminutes\tplaces\tdays\n"
                                  "appointment\tnorth\t14:00-15:00\t30\t2\t7"
                                  "\n");
    direct_reopen(direct);
    assert_int_equal(put(direct, 0, token), 201);
    assert_state(direct, "delivered");
}

/* ---- Cancelling ----------------------------------------------------------------------- */

static void test_cancelled(void **state)
{
    char one[TOKEN_ROOM], two[TOKEN_ROOM];
    struct direct *direct = *state;

    assert_int_equal(hold(direct, KEY, 1, one), 200);
    assert_int_equal(hold(direct, KEY, 2, two), 200);
    assert_int_equal(put(direct, 0, one), 201);
    assert_false(is_free(direct));
    /* Whoever does not know its code cannot, nor find out whether it is there. */
    assert_int_equal(
        cancel(direct, 0, "{\"receipt\":\"310063270014\",\"code\":\"4712\"}"),
        403);
    direct_assert_problem(direct, 403, "code-wrong");
    assert_int_equal(cancel(direct, 5, BY), 404);
    assert_false(is_free(direct));
    assert_int_equal(cancel(direct, 0, BY), 200);
    assert_state(direct, "withdrawn");
    assert_int_equal(cancel(direct, 0, BY), 200);
    assert_true(is_free(direct));
    assert_true(direct_says(direct, "\"left\":1"));
    direct_post(direct, "/v1/cases/find", BY);
    assert_true(direct_says(direct, "\"state\":\"cancelled\""));
    /* Sent once more, as after a lost answer, it is not booked anew. */
    assert_int_equal(put_again(direct, 0), 200);
    assert_state(direct, "withdrawn");
    assert_true(is_free(direct));
}

static void test_nothing_to_cancel(void **state)
{
    char one[TOKEN_ROOM];
    struct direct *direct = *state;

    for (int i = 0; i < PLACES; i++)
        assert_int_equal(hold(direct, KEY, i, one), 200);
    assert_int_equal(put(direct, 0, NULL), 201);
    assert_state(direct, "correction");
    assert_int_equal(cancel(direct, 0, BY), 409);
    direct_assert_problem(direct, 409, "not-booked");
    direct_post(direct, "/v1/cases/00/cancel", BY);
    direct_assert_problem(direct, 404, "path");
}

/* What the office withdraws is free again, too. */
static void test_withdrawn_by_the_office(void **state)
{
    char token[TOKEN_ROOM], hub[PATH_BYTES];
    struct direct *direct = *state;
    const struct office_order order = { .what = OFFICE_CASE,
                                        .name = rules_id(0),
                                        .state = "withdrawn",
                                        .text = "" };

    assert_int_equal(hold(direct, KEY, 1, token), 200);
    assert_int_equal(put(direct, 0, token), 201);
    snprintf(hub, sizeof hub, "%s/hub", direct->folder);
    assert_int_equal(office_give(hub, &order), ERR_OK);
    assert_true(is_free(direct));
    assert_true(direct_says(direct, "\"left\":2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(test_calendar),
        T(test_bad_calendar_offers_nothing),
        T(test_hold),
        T(test_hold_is_over_after_ten_minutes),
        T(test_hold_of_what_is_not_offered),
        T(test_booked_once),
        T(test_late_case),
        T(test_lost_on_the_phone),
        T(test_hold_of_another),
        T(test_after_its_time),
        T(test_refused_by_name),
        T(test_held_though_hours_changed),
        T(test_cancelled),
        T(test_nothing_to_cancel),
        T(test_withdrawn_by_the_office),
#undef T
    };

    return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
