/* Places in time: their notation, what may stand on their page, how they read,
 * what an item may say of them, and what the office says, looked through. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/slot.h"
#include "kiosk/slots.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2026-11-24 14:03:05 in China. */
#define NOW_MS INT64_C(1795500185000)
#define TOKEN  "00112233445566778899aabbccddeeff"
#define BEFORE "  - {id: review, screen: review}\n"
#define ASKS   "ask: {zh_CN: 问, en: Ask}, label: {zh_CN: 约, en: Time}"
#define SLOT(place)                                                            \
    "  - {id: visit, screen: slot, place: " place ", " ASKS "}\n"

static int make(void **state)
{
    char locales[256];
    const char *build = getenv("KIOSK_BUILD");
    int failed = item_folder_make(state);

    clock_pretend(1000, NOW_MS);
    snprintf(locales, sizeof locales, "%s/share/locales",
             build ? build : "build");
    return i18n_open(locales) ? -1 : failed;
}

static int end(void **state)
{
    clock_pretend_end();
    return item_folder_remove(state);
}

/* ---- The notation ------------------------------------------------------------ */

static void test_notation(void **state)
{
    static const char *const bad[] = {
        "",
        "later",
        "2026-12-01 09:00-09:30",
        "2026-12-01 09:00-09:30 ",
        "2026-12-01 09:00-09:30 A place",
        "2026-12-01 9:00-9:30 north",
        "2026-12-01 09:30-09:30 north",
        "2026-12-01 10:00-09:30 north",
        "2026-12-01 09:60-10:30 north",
        "2026-12-01 23:30-24:00 north",
        "2026-02-29 09:00-09:30 north",
        "2026-13-01 09:00-09:30 north",
        "20261201 09:00-09:30 north",
        "2026-12-01 09:00-09:30 north-of-everything-that-there-is-x",
    };
    char value[SLOT_VALUE_BYTES];
    struct slot slot;

    (void)state;
    assert_true(slot_read("2026-12-01 09:00-09:30 411303", &slot));
    assert_string_equal(slot.date, "2026-12-01");
    assert_string_equal(slot.from, "09:00");
    assert_string_equal(slot.until, "09:30");
    assert_string_equal(slot.place, "411303");
    slot_write(&slot, value);
    assert_string_equal(value, "2026-12-01 09:00-09:30 411303");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (slot_read(bad[i], &slot))
            fail_msg("\"%s\" was read", bad[i]);
}

/* ---- On its page ------------------------------------------------------------- */

static const struct option options[] = {
    { .value = "north", .text = { { "北区", "North" } } },
    { .value = "south", .text = { { "南区", "South" } } },
};
static struct step steps[] = {
    { .id = "place",
      .screen = "choice",
      .answer = "place",
      .options = (struct option *)options,
      .option_count = 2 },
    { .id = "visit", .screen = "slot", .answer = "visit", .place = "{place}" },
    { .id = "hall", .screen = "slot", .answer = "hall", .place = "hall" },
};
static const struct item item = { .id = "small",
                                  .unit = { { "某局", "the office" } },
                                  .steps = steps,
                                  .step_count = 3 };

static void set(struct answers *answers, const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

static void test_holds(void **state)
{
    struct answers *answers = answers_new();
    const struct step *visit = &steps[1];

    (void)state;
    answers_begin(answers, NOW_MS);
    set(answers, "visit", "2026-11-24 09:00-09:30 north");
    assert_false(walk_holds(&item, visit, answers)); /* where is not answered */
    set(answers, "place", "north");
    assert_true(walk_holds(&item, visit, answers)); /* today may be */
    set(answers, "place", "south");
    assert_false(walk_holds(&item, visit, answers));
    set(answers, "visit", "2026-11-23 09:00-09:30 south");
    assert_false(walk_holds(&item, visit, answers)); /* yesterday */
    set(answers, "visit", "2026-12-01 09:00-09:30 south");
    assert_true(walk_holds(&item, visit, answers));
    set(answers, "hall", "2026-12-01 09:00-09:30 south");
    assert_false(walk_holds(&item, &steps[2], answers));
    set(answers, "hall", "2026-12-01 09:00-09:30 hall");
    assert_true(walk_holds(&item, &steps[2], answers));
    answers_free(answers);
}

static void reads(const struct step *step, const char *value,
                  enum language language, const char *expected)
{
    struct buf text;

    buf_init(&text, 512);
    walk_text_of(&item, step, value, SOURCE_CITIZEN, language, &text);
    assert_string_equal(text.text, expected);
    buf_done(&text);
}

static void test_reads_in_words(void **state)
{
    (void)state;
    reads(&steps[1], "2026-12-01 09:00-09:30 north", LANGUAGE_ZH_CN,
          "2026年12月1日 星期二 09:00到09:30，北区");
    reads(&steps[1], "2026-11-29 14:30-15:00 south", LANGUAGE_EN,
          "Sunday, 2026-11-29, 14:30 to 15:00, South");
    reads(&steps[2], "2026-12-05 09:00-09:30 hall", LANGUAGE_EN,
          "Saturday, 2026-12-05, 09:00 to 09:30, the office");
    reads(&steps[2], "rubbish", LANGUAGE_EN, "rubbish");
}

/* For who walks an item without a hub: working days from tomorrow on. */
static void test_made_up(void **state)
{
    struct answers *answers = answers_new();
    char value[SLOT_VALUE_BYTES];

    (void)state;
    answers_begin(answers, NOW_MS);
    assert_false(slot_make_up(&item, &steps[1], answers, 0, value));
    set(answers, "place", "north");
    assert_true(slot_make_up(&item, &steps[1], answers, 0, value));
    assert_string_equal(value, "2026-11-25 09:00-09:30 north");
    assert_true(slot_make_up(&item, &steps[1], answers, 3, value));
    assert_string_equal(value, "2026-11-30 09:00-09:30 north");
    answers_free(answers);
}

/* ---- In an item's file ----------------------------------------------------------- */

static void tells(const char *pages, const char *lines)
{
    char text[2048];

    snprintf(text, sizeof text, "%s" BEFORE, pages);
    item_tells(BEFORE, text, lines);
}

static void test_mistakes(void **state)
{
    (void)state;
    tells("  - {id: visit, screen: slot, " ASKS "}\n",
          "small.yaml:37:5: error: a step lacks \"place\": "
          "where an appointment is, as the hub's calendar has it: a name, or "
          "{answer} of an earlier choice\n");
    tells(SLOT("'North hall'"),
          "small.yaml:37:38: error: expected a name of at most 31 of a-z, 0-9, "
          "- and _, as the hub's calendar has it, or {answer} of an earlier "
          "choice\n");
    tells(SLOT("'{nowhere}'"),
          "small.yaml:37:38: error: expected {answer} of a choice before this "
          "step, or the name of one place\n");
    tells(SLOT("'{phone}'"),
          "small.yaml:37:38: error: the hub must always know the place: "
          "expected the answer of a choice without way and required\n");
}

/* ---- What the office says ----------------------------------------------------------- */

#define ONE "{\"id\":\"x/1\",\"from\":\"09:00\",\"until\":\"09:30\",\"left\":2}"
#define DAY(date, slots)                                                       \
    "{\"days\":[{\"date\":\"" date "\",\"slots\":[" slots "]}]}"

static void test_days(void **state)
{
    static const char good[] = DAY("2026-12-01", ONE "," ONE);
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"days\":{}}",
        "{\"days\":[7]}",
        DAY("2026-12-01", ""),
        DAY("2026-02-30", ONE),
        DAY("2026-12-01x", ONE),
        DAY("2026-12-01", "{\"id\":\"x\",\"from\":\"09:00\",\"until\":"
                          "\"09:30\",\"left\":0}"),
        DAY("2026-12-01", "{\"id\":\"\",\"from\":\"09:00\",\"until\":"
                          "\"09:30\",\"left\":1}"),
        DAY("2026-12-01", "{\"id\":\"\\u4e2d\",\"from\":\"09:00\",\"until\":"
                          "\"09:30\",\"left\":1}"),
        DAY("2026-12-01", "{\"id\":\"x\",\"from\":\"09:00\",\"until\":"
                          "\"08:30\",\"left\":1}"),
        DAY("2026-12-01", "{\"id\":\"x\",\"from\":\"09:00 \",\"until\":"
                          "\"09:30\",\"left\":1}"),
    };
    struct slots *slots = slots_new();
    struct slots_one one;
    int left;

    (void)state;
    assert_int_equal(slots_take_days(slots, good, strlen(good)), ERR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (slots_take_days(slots, bad[i], strlen(bad[i])) != ERR_BAD_ANSWER)
            fail_msg("%s was taken", bad[i]);
    /* What was there stays. */
    assert_int_equal(slots_day_count(slots), 1);
    assert_string_equal(slots_day(slots, 0, &left), "2026-12-01");
    assert_int_equal(left, 4);
    assert_int_equal(slots_count(slots, 0), 2);
    slots_one(slots, 0, 1, &one);
    assert_string_equal(one.id, "x/1");
    assert_string_equal(one.until, "09:30");
    slots_wipe(slots);
    assert_int_equal(slots_day_count(slots), 0);
    slots_free(slots);
}

static void test_hold(void **state)
{
    static const char good[] =
        "{\"hold\":\"" TOKEN "\",\"until\":605000,\"hub_time\":5000}";
    static const char bad[] = "{\"hold\":\"" TOKEN "0\",\"until\":605000}";
    struct slots *slots = slots_new();
    int64_t until_ms;

    (void)state;
    assert_int_equal(slots_take_hold(slots, bad, strlen(bad)), ERR_BAD_ANSWER);
    assert_string_equal(slots_hold(slots, &until_ms), "");
    assert_int_equal(slots_take_hold(slots, good, strlen(good)), ERR_OK);
    assert_string_equal(slots_hold(slots, &until_ms), TOKEN);
    /* By the difference of the hub's own times, whatever its clock says. */
    assert_int_equal(until_ms, clock_monotonic_ms() + 600000);
    slots_wipe(slots);
    assert_string_equal(slots_hold(slots, &until_ms), "");
    slots_free(slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notation),       cmocka_unit_test(test_holds),
        cmocka_unit_test(test_reads_in_words), cmocka_unit_test(test_made_up),
        cmocka_unit_test(test_mistakes),       cmocka_unit_test(test_days),
        cmocka_unit_test(test_hold),
    };

    return cmocka_run_group_tests_name("slot", tests, make, end);
}
