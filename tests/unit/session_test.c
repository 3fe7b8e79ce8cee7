#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/fill.h"
#include "kiosk/base/mem.h"
#include "kiosk/mode.h"
#include "kiosk/session.h"

#include <stdio.h>
#include <string.h>

static const char *const fields[] = { "name", "number", NULL };
static struct step steps[] = {
    { .id = "guide", .screen = "guide" },
    { .id = "card", .screen = "card" },
    { .id = "phone",
      .screen = "field",
      .answer = "phone",
      .type = FIELD_TYPE_MOBILE,
      .label = { .in = { "手机号码", "Mobile number" } } },
    { .id = "send", .screen = "send" },
};
static const struct item asks_only = {
    .id = "asks-only",
    .card_fields = (const char **)fields,
    .steps = steps,
    .step_count = 3,
};
static const struct item item = {
    .id = "sample",
    .card_fields = (const char **)fields,
    .steps = steps,
    .step_count = 4,
};

static int wiped;

static void on_wipe(void *owner)
{
    (void)owner;
    wiped++;
}

static void on_tell(void *owner, struct held *held)
{
    (void)owner;
    if (wiped == 0)
        held_add(held, "held.other", "Something else", "of a keeper");
}

static const struct session_keeper keeper = { on_wipe, on_tell };

static void take_card(struct session *session)
{
    struct card card = { .kind = CARD_RESIDENT };
    snprintf(card.name, sizeof card.name, "测试人");
    snprintf(card.number, sizeof card.number, "411303199003070017");
    assert_int_equal(answers_take_card(session->answers, &item, &card, 0),
                     ERR_OK);
    session->assurance = ASSURANCE_CARD;
}

static void test_wipe_erases_all(void **state)
{
    struct session session;
    (void)state;

    session_init(&session);
    size_t before = secret_used_bytes();
    session_on_wipe(&session, &keeper, NULL);
    session_begin(&session, LANGUAGE_EN);
    session_start_item(&session, &item);
    take_card(&session);
    assert_int_equal(
        answers_set(session.answers, "phone", "13800001111", SOURCE_CITIZEN),
        ERR_OK);
    snprintf(session.submitted.lookup_code,
             sizeof session.submitted.lookup_code, "4821");
    session.comfort = (struct comfort){ .is_contrast = true, .large = 2 };
    wiped = 0;
    session_wipe(&session);
    assert_false(session.comfort.is_contrast);
    assert_int_equal(session.comfort.large, 0);
    assert_int_equal(wiped, 1);
    assert_null(answers_get(session.answers, "phone"));
    assert_null(answers_get(session.answers, "card_name"));
    assert_string_equal(session.submitted.lookup_code, "");
    assert_null(session.item);
    assert_int_equal(session.assurance, ASSURANCE_NONE);
    assert_false(session.is_open);
    assert_int_equal(secret_used_bytes(), before);
    session_done(&session);
}

static void test_unsent_until_sent(void **state)
{
    struct session session;
    (void)state;

    session_init(&session);
    session_begin(&session, LANGUAGE_ZH_CN);
    assert_false(session_has_unsent(&session));
    session_start_item(&session, &item);
    assert_false(session_has_unsent(&session));
    take_card(&session);
    assert_false(session_has_unsent(&session));
    assert_int_equal(
        answers_set(session.answers, "phone", "13800001111", SOURCE_CITIZEN),
        ERR_OK);
    assert_true(session_has_unsent(&session));
    session.submitted.state = CASE_NOT_STORED;
    assert_true(session_has_unsent(&session));
    session.submitted.state = CASE_SAVED;
    assert_false(session_has_unsent(&session));
    /* An item that sends nothing has nothing to lose. */
    session.submitted.state = CASE_NONE;
    session.item = &asks_only;
    assert_false(session_has_unsent(&session));
    session_done(&session);
}

/* An end without a case has nothing that could be lost. */
static void test_nothing_unsent_at_closing(void **state)
{
    struct step with_end[] = { steps[2],
                               { .id = "had", .screen = "closing" },
                               { .id = "send", .screen = "send" } };
    const struct item closes = { .id = "closes",
                                 .card_fields = (const char **)fields,
                                 .steps = with_end,
                                 .step_count = 3 };
    struct session session;
    (void)state;

    session_init(&session);
    session_begin(&session, LANGUAGE_ZH_CN);
    session_start_item(&session, &closes);
    assert_int_equal(
        answers_set(session.answers, "phone", "13800001111", SOURCE_CITIZEN),
        ERR_OK);
    session.at = 0;
    assert_true(session_has_unsent(&session));
    session.at = 1;
    assert_false(session_has_unsent(&session));
    session_done(&session);
}

/* What may be stored is not sent again in this session, and an ending loses
 * nothing that was not sent. */
static void test_doubt_lasts_for_the_session(void **state)
{
    struct session session;
    (void)state;

    session_init(&session);
    session_begin(&session, LANGUAGE_ZH_CN);
    session_start_item(&session, &item);
    assert_int_equal(
        answers_set(session.answers, "phone", "13800001111", SOURCE_CITIZEN),
        ERR_OK);
    assert_false(session_is_in_doubt(&session, &item));
    session_note_sent(&session, &item, "c1", CASE_STORING, ERR_OK);
    assert_true(session_is_in_doubt(&session, &item));
    session_note_case(&session, "c2", CASE_SAVED, ERR_OK); /* another's */
    assert_true(session_is_in_doubt(&session, &item));
    session_note_case(&session, "c1", CASE_SAVED, ERR_OK);
    assert_false(session_is_in_doubt(&session, &item));
    session_note_case(&session, "c1", CASE_NOT_STORED, ERR_DISK_FULL);
    assert_false(session_is_in_doubt(&session, &item));
    session_note_case(&session, "c1", CASE_NOT_STORED, ERR_UNSURE);
    assert_true(session_is_in_doubt(&session, &item));
    session.submitted.state = CASE_NOT_STORED;
    session.submitted.err = ERR_UNSURE;
    assert_false(session_is_in_doubt(&session, &asks_only));
    assert_false(session_has_unsent(&session));
    session_start_item(&session, &asks_only);
    session_start_item(&session, &item);
    assert_true(session_is_in_doubt(&session, &item));
    assert_false(session_is_in_doubt(&session, &asks_only));
    session_wipe(&session);
    session_begin(&session, LANGUAGE_ZH_CN);
    assert_false(session_is_in_doubt(&session, &item));
    session_done(&session);
}

/* What is in doubt is remembered longest. */
static void test_many_sent(void **state)
{
    struct session session;
    char id[16];
    (void)state;

    session_init(&session);
    session_begin(&session, LANGUAGE_ZH_CN);
    session_note_sent(&session, &item, "doubt", CASE_NOT_STORED, ERR_UNSURE);
    for (int i = 0; i < 3 * SESSION_SENT_MAX; i++) {
        snprintf(id, sizeof id, "c%d", i);
        session_note_sent(&session, &asks_only, id,
                          i % 2 ? CASE_DELIVERED : CASE_SAVED, ERR_OK);
    }
    assert_int_equal(session.sent_count, SESSION_SENT_MAX);
    assert_true(session_is_in_doubt(&session, &item));
    session_done(&session);
}

/* ---- What is told ------------------------------------------------------ */

static const struct held_row *row_of(const struct held *held, const char *id)
{
    for (size_t i = 0; i < held->count; i++)
        if (strcmp(held->rows[i].id, id) == 0)
            return &held->rows[i];
    return NULL;
}

static void assert_told(const struct held *held, const char *id,
                        enum held_as as, const char *value)
{
    const struct held_row *row = row_of(held, id);

    if (!row)
        fail_msg("%s is not told", id);
    assert_true(row->label || row->words);
    assert_int_equal(row->as, as);
    assert_string_equal(row->value, value);
}

static void test_tells_what_is_kept(void **state)
{
    struct session session;
    struct held held;
    (void)state;

    wiped = 0;
    session_init(&session);
    session_on_wipe(&session, &keeper, NULL);
    session_begin(&session, LANGUAGE_ZH_CN);
    session_start_item(&session, &item);
    take_card(&session);
    assert_int_equal(
        answers_set(session.answers, "phone", "13800001111", SOURCE_CITIZEN),
        ERR_OK);
    snprintf(session.submitted.receipt, sizeof session.submitted.receipt,
             "123456789012");
    session_note_sent(&session, &item, "c1", CASE_SAVED, ERR_OK);
    session_note_sent(&session, NULL, "c2", CASE_SAVED, ERR_OK);
    session_note_sent(&session, &item, "c3", CASE_NOT_STORED, ERR_DISK_FULL);
    session_tell(&session, &held);
    assert_told(&held, "card_name", HELD_NAME, "测试人");
    assert_told(&held, "card_number", HELD_NUMBER, "411303199003070017");
    assert_told(&held, "held.assurance", HELD_WORDS, "by your card");
    assert_told(&held, "held.answer.phone", HELD_NUMBER, "13800001111");
    assert_told(&held, "held.other", HELD_WORDS, "of a keeper");
    assert_told(&held, "held.receipt", HELD_NUMBER, "123456789012");
    assert_told(&held, "held.sent.1", HELD_WORDS,
                "sealed for the office, not delivered yet");
    assert_non_null(row_of(&held, "held.sent.2"));
    assert_null(row_of(&held, "held.sent.3")); /* nothing of it is here */
    session_note_case(&session, "c1", CASE_DELIVERED, ERR_OK);
    session_tell(&session, &held);
    assert_told(&held, "held.sent.1", HELD_WORDS,
                "delivered; only its number and time, for 30 days");
    session_wipe(&session);
    session_tell(&session, &held);
    assert_int_equal(held.count, 0);
    session_done(&session);
}

/* No row is dropped without a word. */
static void test_many_rows(void **state)
{
    static struct held held;
    char id[HELD_ID_BYTES];
    (void)state;

    for (int i = 0; i < HELD_MAX + 3; i++) {
        snprintf(id, sizeof id, "row.%d", i);
        held_add(&held, id, "A label", "a value");
    }
    assert_int_equal(held.count, HELD_MAX);
    assert_string_equal(held.rows[HELD_MAX - 1].id, "held.more");
    held.count = 0;
    held_add_amount(&held, "none", "A label", 0);
    assert_int_equal(held.count, 0);
    held_add_amount(&held, "some", "A label", 2);
    assert_int_equal(held.rows[0].amount, 2);
}

/* The next item knows the person, not the answers. */
static void test_same_person_needs_no_card(void **state)
{
    struct session session;
    (void)state;

    session_init(&session);
    session_begin(&session, LANGUAGE_ZH_CN);
    session_start_item(&session, &item);
    assert_false(session_knows_card(&session, &item));
    take_card(&session);
    assert_int_equal(
        answers_set(session.answers, "phone", "13800001111", SOURCE_CITIZEN),
        ERR_OK);
    session_start_item(&session, &item);
    assert_true(session_knows_card(&session, &item));
    assert_null(answers_get(session.answers, "phone"));
    /* A typed number is no card. */
    session.assurance = ASSURANCE_TYPED;
    assert_false(session_knows_card(&session, &item));
    session_done(&session);
}

static void test_mode(void **state)
{
    struct mode_inputs inputs = { .is_open_hours = true };
    (void)state;
    assert_int_equal(mode_of(&inputs), MODE_IN_SERVICE);
    inputs.store = ERR_DISK_FULL;
    assert_int_equal(mode_of(&inputs), MODE_OUT_OF_SERVICE);
    inputs.is_starting = true;
    assert_int_equal(mode_of(&inputs), MODE_IN_SERVICE);
    inputs.is_open_hours = false;
    assert_int_equal(mode_of(&inputs), MODE_CLOSED);
    inputs.is_starting = false;
    assert_int_equal(mode_of(&inputs), MODE_OUT_OF_SERVICE);
    inputs = (struct mode_inputs){ .is_open_hours = true, .is_resting = true };
    assert_int_equal(mode_of(&inputs), MODE_OUT_OF_SERVICE);
    inputs.is_starting = true;
    assert_int_equal(mode_of(&inputs), MODE_OUT_OF_SERVICE);
    inputs = (struct mode_inputs){ .is_open_hours = true, .is_out = true };
    assert_int_equal(mode_of(&inputs), MODE_OUT_OF_SERVICE);
    inputs.is_open_hours = false; /* staff's word goes first */
    assert_string_equal(mode_name(mode_of(&inputs)), "out");
}

static void check_fill(const char *text, const char *expected)
{
    static const struct fill fills[] = { { "place", "大厅" },
                                         { "number", "3" } };
    struct buf out;
    buf_init(&out, 256);
    fill_text(&out, text, fills, 2);
    assert_string_equal(out.text, expected);
    buf_done(&out);
}

static void test_fill(void **state)
{
    (void)state;
    check_fill("{place}, machine {number}", "大厅, machine 3");
    check_fill("{number}{number}", "33");
    check_fill("no places", "no places");
    check_fill("{other} {place", "{other} {place");
    check_fill("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wipe_erases_all),
        cmocka_unit_test(test_unsent_until_sent),
        cmocka_unit_test(test_nothing_unsent_at_closing),
        cmocka_unit_test(test_doubt_lasts_for_the_session),
        cmocka_unit_test(test_many_sent),
        cmocka_unit_test(test_tells_what_is_kept),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_same_person_needs_no_card),
        cmocka_unit_test(test_mode),
        cmocka_unit_test(test_fill),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
