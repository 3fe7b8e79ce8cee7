/* Changes made on the review page: nobody gets past a question that a change
 * brought up, or past an answer that stops the matter, by going back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/play.h"

#include <string.h>

static struct drive *at_review(void)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.residence-permit" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "registered", DEED_PRESS, "option.yes" },
        { "card", "card", DEED_SIM, "card resident" },
        { "card", "card", DEED_SIM, "clock +5s" },
        { "take back", "card", DEED_PRESS, "footer.go" },
        { "choice", "county", DEED_PRESS, "option.411303" },
        { "choice", "township", DEED_PRESS, "option.411303005" },
        { "field", "street", DEED_WRITE, "" },
        { "choice", "ground", DEED_PRESS, "option.housing" },
        { "choice", "home_proof", DEED_PRESS, "option.lease" },
        { "field", "phone", DEED_WRITE, "" },
        { "review", "review", DEED_WAIT, "" },
    };
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    play(drive, HAND_TOUCH, scenes, sizeof scenes / sizeof *scenes);
    return drive;
}

static void press(struct drive *drive, const char *screen, const char *step,
                  const char *id)
{
    drive_wait(drive, screen, step);
    drive_press(drive, HAND_KEYS, id);
}

static void test_change_returns_to_review(void **state)
{
    struct drive *drive = at_review();
    (void)state;
    press(drive, "review", "review", "change.home_proof");
    press(drive, "choice", "home_proof", "option.deed");
    drive_wait(drive, "review", "review");
    assert_string_equal(drive_value(drive, "change.home_proof"),
                        "房产证或购房合同");
    assert_int_equal(drive_end(drive), 0);
}

static void test_new_question_cannot_be_skipped(void **state)
{
    struct drive *drive = at_review();
    (void)state;
    press(drive, "review", "review", "change.ground");
    press(drive, "choice", "ground", "option.work");
    press(drive, "choice", "ground_proof", "footer.back");
    press(drive, "review", "review", "footer.go");
    /* Still unanswered: asked again, not sent without. */
    press(drive, "choice", "ground_proof", "option.contract");
    drive_wait(drive, "review", "review");
    assert_string_equal(drive_value(drive, "change.ground_proof"), "劳动合同");
    assert_int_equal(drive_end(drive), 0);
}

static void test_stop_cannot_be_skipped(void **state)
{
    struct drive *drive = at_review();
    (void)state;
    press(drive, "review", "review", "change.registered");
    press(drive, "choice", "registered", "option.no");
    press(drive, "stop", "registered", "footer.back");
    press(drive, "choice", "registered", "footer.back");
    press(drive, "review", "review", "footer.go");
    drive_wait(drive, "stop", "registered");
    assert_int_equal(drive_end(drive), 0);
}

static bool is_delivered(struct drive *drive)
{
    return drive_element(drive, "state.delivered");
}

static bool says_no_paper(struct drive *drive)
{
    return strstr(drive_text(drive, "header.trouble"), "打印机缺纸");
}

/* What the paper's running out turns "print" into asks before it ends. */
static void test_no_paper_is_said(void **state)
{
    struct drive *drive = at_review();
    (void)state;
    press(drive, "review", "review", "footer.go");
    press(drive, "review", "declare", "footer.go");
    drive_wait(drive, "result", "result");
    drive_wait_until(drive, is_delivered, "the delivery");
    assert_true(drive_sim(drive, "paper out"));
    drive_wait_until(drive, says_no_paper, "the header to say it");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "paper", NULL);
    assert_string_equal(drive_text(drive, "print.failed"),
                        "没有打印成功，但申请已经收到，不用重填。");
    assert_int_equal(strlen(drive_value(drive, "receipt.number")), 14);
    assert_int_equal(drive_end(drive), 0);
}

static struct drive *at_result(void)
{
    struct drive *drive = at_review();
    press(drive, "review", "review", "footer.go");
    press(drive, "review", "declare", "footer.go");
    drive_wait(drive, "result", "result");
    drive_wait_until(drive, is_delivered, "the delivery");
    return drive;
}

static bool says_state(struct drive *drive)
{
    return drive_element(drive, "print.state");
}

/* A printer that waits for paper is waited for; then it goes on. */
static void test_paper_in_the_middle(void **state)
{
    struct drive *drive = at_result();
    (void)state;
    assert_true(drive_sim(drive, "printer wait 1"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait_element(drive, "print.blocked");
    assert_true(drive_sim(drive, "paper in"));
    drive_wait_until(drive, says_state, "the printer to go on");
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    assert_non_null(drive_element(drive, "print.said"));
    assert_int_equal(drive_end(drive), 0);
}

static bool may_reprint(struct drive *drive)
{
    return drive_element(drive, "again");
}

/* Who will not wait goes on; what is stuck is given up, and once the printer is
 * well again it can be printed anew. */
static void test_not_waiting_for_paper(void **state)
{
    struct drive *drive = at_result();
    (void)state;
    assert_true(drive_sim(drive, "printer wait 1"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait_element(drive, "print.blocked");
    drive_press(drive, HAND_KEYS, "leave");
    drive_wait(drive, "paper", NULL);
    assert_non_null(drive_element(drive, "print.failed"));
    assert_string_equal(drive_text(drive, "paper.why"), "打印机没有纸了。");
    assert_non_null(drive_element(drive, "paper.later"));
    assert_true(drive_sim(drive, "paper in"));
    drive_wait_until(drive, may_reprint, "the offer to print again");
    drive_press(drive, HAND_KEYS, "again");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    assert_non_null(drive_element(drive, "print.said"));
    assert_int_equal(drive_end(drive), 0);
}

static void test_another_card_at_take_back(void **state)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.residence-permit" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "registered", DEED_PRESS, "option.yes" },
        { "card", "card", DEED_SIM, "card resident number=411303199003070017" },
        { "card", "card", DEED_SIM, "clock +5s" },
        { "take back", "card", DEED_SIM, "card lift" },
        { "take back", "card", DEED_SIM,
          "card resident number=411321195602290024" },
        { "take back", "card", DEED_SIM, "clock +5s" },
    };
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    (void)state;
    play(drive, HAND_KEYS, scenes, sizeof scenes / sizeof *scenes);
    drive_wait_element(drive, "card.other");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_change_returns_to_review),
        cmocka_unit_test(test_new_question_cannot_be_skipped),
        cmocka_unit_test(test_stop_cannot_be_skipped),
        cmocka_unit_test(test_no_paper_is_said),
        cmocka_unit_test(test_paper_in_the_middle),
        cmocka_unit_test(test_not_waiting_for_paper),
        cmocka_unit_test(test_another_card_at_take_back),
    };
    return cmocka_run_group_tests_name("review", tests, NULL, NULL);
}
