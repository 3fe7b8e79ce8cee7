/* What the terminal would not have let through is refused by name; what it
 * would have is taken; what is doubtful is taken and marked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/rules_bench.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/event.h"
#include "kiosk/flow/judge.h"

/* What is given in an honest case of the other items. */
static const char *const anonymous[] = {
    "kind=report",          "topic=waste",
    "county=later",         "description=某处有垃圾。",
    "contact_by=anonymous", NULL
};
static const char *const proof[] = { "check=code", NULL };
static const char *const progress[] = { "how=card", NULL };
static const char *const by_receipt[] = { "how=receipt", "receipt=310063270015",
                                          "lookup=4821", NULL };

/* ---- Refused by name ---- */

static const struct rules_row forgeries[] = {
    /* A page that comes and has no answer. */
    { PERMIT, { "-registered" }, ADULT, 0, 0, "missing", "registered", NULL },
    { PERMIT, { "-county" }, ADULT, 0, 0, "missing", "county", NULL },
    { PERMIT, { "-phone" }, ADULT, 0, 0, "missing", "phone", NULL },
    { PERMIT,
      { "-ground_proof" },
      ADULT,
      0,
      0,
      "missing",
      "ground_proof",
      NULL },
    { PERMIT, { NULL }, { .birth = NULL }, 0, 0, "missing", "card", NULL },
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .without = "number" },
      0,
      0,
      "missing",
      "card_number",
      NULL },
    { REPORT, { "-phone" }, { .birth = NULL }, 0, 0, "missing", "phone", NULL },
    /* An answer to a page that never comes. */
    { PERMIT,
      { "ground=housing" },
      ADULT,
      0,
      0,
      "not-asked",
      "ground_proof",
      NULL },
    { REPORT,
      { "county=later" },
      { .birth = NULL },
      0,
      0,
      "not-asked",
      "township",
      NULL },
    { PERMIT, { "wish=money" }, ADULT, 0, 0, "unknown-answer", "", NULL },
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .valid_to = "20300101" },
      0,
      0,
      "unknown-answer",
      "",
      NULL },
    /* A value that is not offered: at all, there, by that way. */
    { PERMIT,
      { "ground=marriage" },
      ADULT,
      0,
      0,
      "not-offered",
      "ground",
      NULL },
    { PERMIT, { "ground=later" }, ADULT, 0, 0, "not-offered", "ground", NULL },
    { PERMIT, { "county==later" }, ADULT, 0, 0, "not-offered", "county", NULL },
    { PERMIT, { "county=411399" }, ADULT, 0, 0, "not-offered", "county", NULL },
    { PERMIT,
      { "township=411325101" },
      ADULT,
      0,
      0,
      "not-offered",
      "township",
      NULL },
    { PERMIT,
      { "ground=study" },
      ADULT,
      0,
      0,
      "not-offered",
      "ground_proof",
      NULL },
    { REPORT,
      { "phone=later" },
      { .birth = NULL },
      0,
      0,
      "not-offered",
      "phone",
      NULL },
    { "hotline-12345",
      anonymous,
      { "description=later" },
      { .birth = NULL },
      0,
      0,
      "not-offered",
      "contact_by",
      NULL },
    { "si-insured-proof",
      proof,
      { "check=friend" },
      ADULT,
      0,
      0,
      "not-offered",
      "check",
      NULL },
    { "si-insured-proof",
      proof,
      { NULL },
      { .birth = GROWN_UP, .is_typed = true },
      0,
      0,
      "not-offered",
      "card",
      NULL },
    /* A limit that is not held. */
    { PERMIT, { "phone=12345" }, ADULT, 0, 0, "not-accepted", "phone", NULL },
    { PERMIT,
      { "phone=138 1234 5678" },
      ADULT,
      0,
      0,
      "not-accepted",
      "phone",
      NULL },
    { PERMIT, { "street= " }, ADULT, 0, 0, "not-accepted", "street", NULL },
    { PERMIT,
      { "street=某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某"
        "某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某" },
      ADULT,
      0,
      0,
      "not-accepted",
      "street",
      NULL },
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .is_typed = true, .is_wrong = true },
      0,
      0,
      "not-accepted",
      "card_number",
      NULL },
    { "case-progress",
      by_receipt,
      { "lookup=48a1" },
      { .birth = NULL },
      0,
      0,
      "not-accepted",
      "lookup",
      NULL },
    /* A stop that applies. */
    { PERMIT,
      { "registered=no" },
      ADULT,
      0,
      0,
      "stop",
      "registered",
      "not_registered" },
    { PERMIT, { NULL }, { .birth = FIFTEEN }, 0, 0, "stop", "card", "minor" },
    { PERMIT,
      { NULL },
      { .birth = "20151124" },
      0,
      0,
      "stop",
      "card",
      "child" },
    { PERMIT,
      { NULL },
      { .birth = FIFTEEN, .is_typed = true },
      0,
      0,
      "stop",
      "card",
      "minor" },
    { "si-insured-proof",
      proof,
      { "check=none" },
      ADULT,
      0,
      0,
      "stop",
      "check",
      "nobody" },
    /* A minor, where the item says nothing of them. */
    { "si-insured-proof",
      proof,
      { NULL },
      { .birth = FIFTEEN },
      0,
      0,
      "minor",
      "card",
      NULL },
    { "case-progress",
      progress,
      { NULL },
      { .birth = FIFTEEN },
      0,
      0,
      "minor",
      "card",
      NULL },
    /* The number says another age than the day of birth. */
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .number_birth = FIFTEEN },
      0,
      0,
      "age",
      "card_birth",
      NULL },
    /* More is claimed than was made sure of. */
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .is_typed = true, .assurance = "card" },
      0,
      0,
      "assurance",
      "assurance",
      NULL },
    { "si-insured-proof",
      proof,
      { "-check" },
      { .birth = GROWN_UP, .assurance = "card" },
      0,
      0,
      "missing",
      "check",
      NULL },
    /* An anonymous report that tells when it was sent. */
    { "hotline-12345",
      anonymous,
      { NULL },
      { .tells_more = true },
      0,
      0,
      "anonymous",
      "contact_by",
      NULL },
    /* A clock that is ahead makes nobody older, nor does one set back. */
    { PERMIT, { NULL }, { .birth = FIFTEEN }, 1, 0, "stop", "card", "minor" },
    { PERMIT, { NULL }, { .birth = FIFTEEN }, -2, 3, "stop", "card", "minor" },
    { PERMIT, { NULL }, { .birth = FIFTEEN }, 2, 2, "stop", "card", "minor" },
};

/* What the hub records of a refusal. */
struct recorded {
    int count;
    char fields[256];
};

static void on_event(void *owner, const struct event_record_of *event)
{
    struct recorded *recorded = owner;

    if (event->id != EVENT_CASE_REFUSED)
        return;
    recorded->count++;
    snprintf(recorded->fields, sizeof recorded->fields, "%s", event->fields);
}

/* Of a report that tells only its hour nothing is recorded at its moment. */
static void test_what_is_recorded(void **state)
{
    static const struct rules_row hour = {
        .item = "hotline-12345",
        .honest = anonymous,
        .changes = { "-topic" },
    };
    struct direct *direct = *state;
    struct recorded recorded = { 0 };

    event_set_sink(on_event, &recorded);
    assert_int_equal(rules_put(direct, &forgeries[3], rules_id(0)), 422);
    assert_string_equal(recorded.fields,
                        "{\"item\":\"residence-permit\",\"step\":"
                        "\"ground_proof\",\"state\":\"missing\"}");
    assert_int_equal(rules_put(direct, &hour, rules_id(1)), 422);
    assert_int_equal(recorded.count, 1);
    event_set_sink(NULL, NULL);
}

static void test_forgeries(void **state)
{
    struct direct *direct = *state;
    size_t count = sizeof forgeries / sizeof *forgeries;
    char code[256], name[256], stop[256];

    for (size_t i = 0; i < count; i++) {
        const struct rules_row *row = &forgeries[i];
        int status = rules_put(direct, row, rules_id(i));

        direct_text_of(direct, "code", code);
        direct_text_of(direct, "name", name);
        direct_text_of(direct, "stop", stop);
        if (status != 422 || strcmp(code, row->code) != 0 ||
            strcmp(name, row->name) != 0 ||
            strcmp(stop, row->stop ? row->stop : "") != 0)
            fail_msg("forgery %zu (%s %s): %d %s %s %s", i, row->code,
                     row->name, status, code, name, stop);
        direct_assert_problem(direct, 422, "rules");
        assert_false(direct_says(direct, "999999"));
        assert_false(direct_says(direct, "某"));
    }
    assert_int_equal(rules_count(direct, ""), 0);
}

/* A case of the very item that does not say when it was asked. */
static void test_no_day(void **state)
{
    json_t *body = json_pack("{s:{}}", "answers");
    const struct judge_case asked = { .item = pack_find(rules_pack,
                                                        "residence-permit"),
                                      .body = body,
                                      .assurance = "card",
                                      .sent_ms = DIRECT_START_MS,
                                      .now_ms = DIRECT_START_MS };
    static const char *const days[] = { "", "today", "2026-13-01", "2026-11-2x",
                                        "2026-11-240" };
    struct judgement judgement;

    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (i > 0)
            json_object_set_new(body, "today", json_string(days[i]));
        assert_int_equal(judge(&asked, &judgement), ERR_OK);
        assert_int_equal(judgement.code, JUDGE_DAY);
        assert_string_equal(judgement.name, "today");
    }
    json_object_set_new(body, "today", json_string("2026-11-24"));
    assert_int_equal(judge(&asked, &judgement), ERR_OK);
    assert_int_equal(judgement.code, JUDGE_MISSING);
    json_decref(body);
}

/* ---- Taken ---- */

static const struct rules_row honest_ones[] = {
    { PERMIT, { NULL }, ADULT, 0, 0, NULL, NULL, NULL },
    { PERMIT,
      { "registered=unsure", "street=later", "phone=later" },
      ADULT,
      0,
      0,
      NULL,
      NULL,
      NULL },
    { PERMIT,
      { "ground=housing", "-ground_proof", "home_proof=deed" },
      ADULT,
      0,
      0,
      NULL,
      NULL,
      NULL },
    { PERMIT,
      { "ground=study", "ground_proof=enrolment" },
      { .birth = SIXTEEN },
      0,
      0,
      NULL,
      NULL,
      NULL },
    { PERMIT,
      { "street==later" },
      { .birth = GROWN_UP, .is_typed = true },
      0,
      0,
      NULL,
      NULL,
      NULL },
    /* A card is believed though its number's check character is wrong. */
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .is_wrong = true },
      0,
      0,
      NULL,
      NULL,
      NULL },
    /* Sixteen since midnight, in a session that began before. */
    { PERMIT, { NULL }, { .birth = SIXTEEN }, -1, 0, NULL, NULL, NULL },
    /* Waited for weeks. */
    { PERMIT, { NULL }, ADULT, -30, -30, NULL, NULL, NULL },
    { REPORT, { NULL }, { .birth = NULL }, 0, 0, NULL, NULL, NULL },
    { REPORT,
      { "description=later" },
      { .birth = NULL },
      0,
      0,
      NULL,
      NULL,
      NULL },
    /* A person whose card is known from the matter before. */
    { REPORT,
      { NULL },
      { .birth = NULL, .assurance = "card" },
      0,
      0,
      NULL,
      NULL,
      NULL },
    { "hotline-12345",
      anonymous,
      { NULL },
      { .birth = NULL },
      0,
      0,
      NULL,
      NULL,
      NULL },
    { "si-insured-proof", proof, { NULL }, ADULT, 0, 0, NULL, NULL, NULL },
    { "case-progress", progress, { NULL }, ADULT, 0, 0, NULL, NULL, NULL },
    { "case-progress",
      by_receipt,
      { NULL },
      { .birth = NULL },
      0,
      0,
      NULL,
      NULL,
      NULL },
};

static void test_honest_ones(void **state)
{
    struct direct *direct = *state;
    size_t count = sizeof honest_ones / sizeof *honest_ones;
    struct buf lines;

    for (size_t i = 0; i < count; i++) {
        int status = rules_put(direct, &honest_ones[i], rules_id(i));

        if (status != 201)
            fail_msg("honest %zu: %d %s", i, status,
                     direct->response.body.text);
    }
    rules_look(direct, &lines);
    assert_string_equal(lines.text, "");
    buf_done(&lines);
    assert_int_equal(rules_count(direct, "WHERE mark = ''"), (int)count);
}

/* ---- Taken and marked ---- */

static const struct rules_row late = { PERMIT, { NULL }, ADULT, -31,
                                       -31,    NULL,     NULL,  NULL };
static const struct rules_row ahead = { PERMIT, { NULL }, ADULT, 2,
                                        2,      NULL,     NULL,  NULL };
static const struct rules_row set_right = { PERMIT, { NULL }, ADULT, 0,
                                            -9,     NULL,     NULL,  NULL };
static const struct rules_row two_births = {
    PERMIT, { NULL }, { .birth = GROWN_UP, .number_birth = "19900102" },
    0,      0,        NULL,
    NULL,   NULL
};
static const struct rules_row nameless = { "si-insured-proof",
                                           proof,
                                           { NULL },
                                           { .birth = GROWN_UP,
                                             .without = "name" },
                                           0,
                                           0,
                                           NULL,
                                           NULL,
                                           NULL };

static void test_marks(void **state)
{
    struct direct *direct = *state;

    rules_assert_marked(direct, &late, rules_id(0), "late");
    rules_assert_marked(direct, &ahead, rules_id(3), "ahead");
    rules_assert_marked(direct, &set_right, rules_id(4), "clock");
    rules_assert_marked(direct, &two_births, rules_id(1), "birth");
    rules_assert_marked(direct, &nameless, rules_id(2), "lacks card_name");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rules_set_up, rules_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_forgeries), TEST(test_what_is_recorded),
        TEST(test_no_day),    TEST(test_honest_ones),
        TEST(test_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
