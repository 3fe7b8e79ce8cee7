/* What printers say, in the words of IPP, as states and actions of ours. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "devices/printer/spool/reason.h"

#include <stdio.h>
#include <string.h>

/* "media-empty-error cover-open" → "blocked COVER_OPEN clear" */
static void expect(struct reasons *reasons, const char *keywords,
                   const char *expected)
{
    char words[256], *at = words, *next;
    char said[128];

    (void)snprintf(words, sizeof(words), "%s", keywords);
    reasons->count = 0;
    for (; *at; at = next) {
        next = at + strcspn(at, " ");
        if (*next)
            *next++ = '\0';
        reasons_add(reasons, at);
    }
    struct judgement judgement = reasons_judge(reasons);
    (void)snprintf(said, sizeof(said), "%s %s %s",
                   device_state_name(judgement.state), err_name(judgement.why),
                   device_action_name(judgement.action));
    assert_string_equal(said, expected);
}

static void test_each_has_its_action(void **state)
{
    static const char *const rows[][2] = {
        { "none", "ready OK none" },
        { "", "ready OK none" },
        { "media-low-warning", "ready OK none" },
        { "toner-low", "ready OK none" },
        { "something-new-error", "ready OK none" },
        { "connecting-to-device", "ready OK wait" },
        { "media-empty", "blocked PAPER_OUT clear" },
        { "media-empty-error", "blocked PAPER_OUT clear" },
        { "media-needed-warning", "blocked PAPER_OUT clear" },
        { "media-jam-error", "blocked PAPER_JAM clear" },
        { "cover-open", "blocked COVER_OPEN clear" },
        { "door-open-warning", "blocked COVER_OPEN clear" },
        { "marker-supply-empty-error", "blocked INK_OUT clear" },
        { "output-area-full", "blocked DEVICE clear" },
        { "offline-report", "unplugged NO_DEVICE clear" },
        { "paused", "broken DEVICE maintenance" },
        { "spool-area-full-error", "broken DISK_FULL maintenance" },
        { "cups-missing-filter-warning", "broken DEVICE configuration" },
    };
    struct reasons reasons = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect(&reasons, rows[i][0], rows[i][1]);
}

static void test_the_gravest_counts(void **state)
{
    struct reasons reasons = { 0 };

    (void)state;
    expect(&reasons, "media-empty-error cover-open",
           "blocked COVER_OPEN clear");
    expect(&reasons, "connecting-to-device media-empty-error paused",
           "broken DEVICE maintenance");
}

/* An office printer's second tray may be empty; a roll is the only paper. */
static void test_an_empty_tray(void **state)
{
    struct reasons reasons = { 0 };

    (void)state;
    expect(&reasons, "media-empty-report", "ready OK none");
    expect(&reasons, "media-empty-warning", "ready OK none");
    reasons.has_one_paper = true;
    expect(&reasons, "media-empty-report", "blocked PAPER_OUT clear");
    expect(&reasons, "media-low-report", "ready OK none");
}

static void test_a_printer_that_stands_still(void **state)
{
    struct reasons reasons = { .is_stopped = true };

    (void)state;
    expect(&reasons, "none", "broken DEVICE maintenance");
    expect(&reasons, "media-empty-warning", "blocked PAPER_OUT clear");
    reasons = (struct reasons){ .is_refusing = true };
    expect(&reasons, "none", "broken DEVICE configuration");
}

static void test_what_a_queue_remembers_is_forgotten(void **state)
{
    struct reasons reasons = { 0 };

    (void)state;
    expect(&reasons, "media-empty-error paused cover-open",
           "broken DEVICE maintenance");
    reasons_forget_printer(&reasons);
    assert_int_equal(reasons.count, 1);
    assert_string_equal(reasons.keywords[0], "paused");
}

static void test_more_than_fits(void **state)
{
    struct reasons reasons = { 0 };
    char longest[REASON_BYTES + 1];

    (void)state;
    memset(longest, 'x', sizeof(longest));
    longest[REASON_BYTES] = '\0';
    reasons_add(&reasons, longest);
    assert_int_equal(reasons.count, 0);
    for (int i = 0; i < REASONS_MAX + 5; i++)
        reasons_add(&reasons, "media-low");
    assert_int_equal(reasons.count, REASONS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_action),
        cmocka_unit_test(test_the_gravest_counts),
        cmocka_unit_test(test_an_empty_tray),
        cmocka_unit_test(test_a_printer_that_stands_still),
        cmocka_unit_test(test_what_a_queue_remembers_is_forgotten),
        cmocka_unit_test(test_more_than_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
