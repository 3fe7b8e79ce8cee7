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

static const char *const fields[] = { "name", "number", NULL };
static struct step steps[] = {
    { .id = "guide", .screen = "guide" },
    { .id = "card", .screen = "card" },
    { .id = "phone", .screen = "field", .answer = "phone" },
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
    session_on_wipe(&session, on_wipe, NULL);
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
    session.submitted.state = CASE_STORING;
    assert_true(session_is_in_doubt(&session, &item));
    session.submitted.state = CASE_NOT_STORED;
    session.submitted.err = ERR_DISK_FULL;
    assert_false(session_is_in_doubt(&session, &item));
    session.submitted.err = ERR_UNSURE;
    assert_true(session_is_in_doubt(&session, &item));
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
        cmocka_unit_test(test_doubt_lasts_for_the_session),
        cmocka_unit_test(test_same_person_needs_no_card),
        cmocka_unit_test(test_mode),
        cmocka_unit_test(test_fill),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
