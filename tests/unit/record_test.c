/* Records that are chosen from: what the office tells becomes an answer, or is
 * refused; what a step of them consists of; what kiosk check says of one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/computed.h"
#include "kiosk/flow/item_reach.h"
#include "kiosk/flow/record.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>

#define AS_A_LINE "a-1|2026-10-03|路‖Road|停‖Parking|200.05|open"

enum { TEXT_BYTES = 4096 };

static struct pack *pack;
static const struct item *item;
static const struct step *step;

static int load(void **state)
{
    struct problems problems;

    (void)state;
    problems_init(&problems);
    enum err err = pack_load_one("tests/tty/fine.yaml", &problems, &pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    if (err)
        return -1;
    item = pack_item(pack, 0);
    step = &item->steps[1];
    return 0;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static enum err line_of(const char *json, struct buf *line)
{
    json_t *row = json_loads(json, 0, NULL);

    assert_non_null(row);
    buf_clear(line);
    enum err err = record_of_row(item, step, row, line);
    json_decref(row);
    return err;
}

/* ---- What the office tells ------------------------------------------------- */

static void test_columns(void **state)
{
    static const char *const names[] = { "date", "place", "what", "fen",
                                         "state" };

    (void)state;
    assert_true(record_is_step(step));
    assert_int_equal(record_column_count(item, step), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(record_column_name(step, i), names[i]);
        assert_true(record_is_column(item, record_column(step, i)));
    }
    assert_false(record_is_column(item, step));
    assert_false(record_is_column(item, &item->steps[0]));
}

static void test_row(void **state)
{
    struct buf line;

    (void)state;
    buf_init(&line, TEXT_BYTES);
    assert_int_equal(
        line_of("{\"id\":\"a-1\",\"fields\":{\"date\":\"2026-10-03\","
                "\"place\":{\"zh_CN\":\"路\",\"en\":\"Road\"},\"more\":[7],"
                "\"what\":{\"zh_CN\":\"停\",\"en\":\"Parking\"},"
                "\"fen\":20005,\"state\":\"open\"}}",
                &line),
        ERR_OK);
    assert_string_equal(line.text, AS_A_LINE);
    assert_true(record_is_ok(item, step, line.text));
    /* What is not told is empty. */
    assert_int_equal(line_of("{\"id\":\"a\",\"fields\":{\"fen\":5}}", &line),
                     ERR_OK);
    assert_string_equal(line.text, "a||||0.05|");
    buf_done(&line);
}

static void test_bad_rows(void **state)
{
    static const char *const bad[] = {
        "{\"id\":\"\",\"fields\":{}}",
        "{\"id\":\"none\",\"fields\":{}}",
        "{\"id\":\"later\",\"fields\":{}}",
        "{\"id\":\"a|b\",\"fields\":{}}",
        "{\"id\":\"12345678901234567890123456789012345678901\",\"fields\":{}}",
        "{\"id\":\"a\"}",
        "{\"id\":\"a\",\"fields\":{\"date\":\"2026-02-30\"}}",
        "{\"id\":\"a\",\"fields\":{\"date\":20260203}}",
        "{\"id\":\"a\",\"fields\":{\"fen\":-1}}",
        "{\"id\":\"a\",\"fields\":{\"fen\":\"much\"}}",
        "{\"id\":\"a\",\"fields\":{\"fen\":1.5}}",
        "{\"id\":\"a\",\"fields\":{\"state\":\"lost\"}}",
        "{\"id\":\"a\",\"fields\":{\"place\":\"a|b\"}}",
        "{\"id\":\"a\",\"fields\":{\"place\":\"a‖b\"}}",
        "{\"id\":\"a\",\"fields\":{\"place\":\"a\\nb\"}}",
        "{\"id\":\"a\",\"fields\":{\"place\":{\"zh_CN\":\"路\"}}}",
        "{\"id\":\"a\",\"fields\":{\"place\":true}}",
    };
    struct buf line;

    (void)state;
    buf_init(&line, TEXT_BYTES);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (line_of(bad[i], &line) != ERR_BAD_ANSWER)
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(line.len, 0);
    }
    buf_done(&line);
}

static void test_form(void **state)
{
    static const char *const bad[] = {
        "",
        "a-1",
        AS_A_LINE "|",
        "a-1|2026-10-03|x|y|200.05",
        "a-1|2026-10-03|x|y|200|open",
        "a-1|today|x|y|200.05|open",
        "a-1|2026-10-03|x|y|200.05|shut",
        "a 1|2026-10-03|x|y|200.05|open",
    };

    (void)state;
    assert_true(record_is_ok(item, step, AS_A_LINE));
    assert_true(record_is_ok(item, step, RECORD_NONE));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (record_is_ok(item, step, bad[i]))
            fail_msg("taken: %s", bad[i]);
}

/* ---- As answers ------------------------------------------------------------ */

static void reads(const struct answers *answers, const char *name,
                  enum language language, const char *expected)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES);
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, name) == 0)
            walk_text(item, &item->steps[i], answers, language, &text);
    assert_string_equal(text.text, expected);
    buf_done(&text);
}

/* Its columns follow from it, and fall away with it. */
static void test_answers(void **state)
{
    struct answers *answers = answers_new();

    (void)state;
    assert_int_equal(answers_set(answers, "decision", AS_A_LINE, SOURCE_SHARED),
                     ERR_OK);
    assert_int_equal(computed_settle(item, answers), ERR_OK);
    assert_string_equal(answers_get(answers, "decision_fen"), "200.05");
    reads(answers, "decision", LANGUAGE_EN, "a-1");
    reads(answers, "decision_place", LANGUAGE_EN, "Road");
    reads(answers, "decision_place", LANGUAGE_ZH_CN, "路");
    reads(answers, "decision_state", LANGUAGE_EN, "not paid yet");
    reads(answers, "decision_fen", LANGUAGE_EN, "200.05 yuan");
    assert_int_equal(
        answers_set(answers, "decision", RECORD_NONE, SOURCE_SHARED), ERR_OK);
    assert_int_equal(computed_settle(item, answers), ERR_OK);
    assert_null(answers_get(answers, "decision_fen"));
    reads(answers, "decision", LANGUAGE_EN, "There is none");
    answers_free(answers);
}

/* A preview gets past the page: by a test of the item, or a made-up record. */
static void test_reach(void **state)
{
    struct answers *answers = answers_new();
    int large = 0;

    (void)state;
    while (strcmp(item->steps[large].id, "large") != 0)
        large++;
    assert_true(item_reach(item, large, 0, answers));
    assert_non_null(answers_get(answers, "decision_fen"));
    answers_free(answers);
}

/* ---- What kiosk check says ------------------------------------------------- */

#define BEFORE "  - id: phone\n    screen: field\n"
#define RECORD                                                                 \
    "  - id: deed\n    screen: record\n    kind: deeds\n"                      \
    "    ask: {zh_CN: 问, en: Ask}\n    label: {zh_CN: 名, en: Name}\n"
#define STATE                                                                  \
    "{id: how, label: {zh_CN: 样, en: How}, options: "                        \
    "[{value: open, text: {zh_CN: 开, en: Open}}]}"

static void tells(const char *record, const char *lines)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES);
    buf_add_format(&text, "%s" BEFORE, record);
    item_tells(BEFORE, text.text, lines);
    buf_done(&text);
}

static void test_mistakes(void **state)
{
    (void)state;
    tells(RECORD, "small.yaml:29:5: error: expected columns: what is told of "
                  "each record\n");
    tells(RECORD "    columns: []\n",
          "small.yaml:34:14: error: expected a list of 1 to 12 columns\n");
    tells(RECORD "    columns: [{id: day, tipe: date, label: {zh_CN: 天, en: "
                 "Day}}]\n",
          "small.yaml:34:25: error: unknown key \"tipe\" here; did you mean "
          "\"type\"?\n");
    tells(RECORD "    columns: [{id: day, type: day, label: {zh_CN: 天, en: "
                 "Day}}]\n",
          "small.yaml:34:31: error: expected text, date or money\n");
    tells(RECORD "    columns: [{id: day, hidden: true, label: {zh_CN: 天, "
                 "en: Day}}]\n",
          "small.yaml:34:14: error: nothing is shown of a record: expected a "
          "column that is not hidden\n");
    tells(RECORD
          "    columns: [" STATE "]\n"
          "  - id: over\n    screen: closing\n    when: deed_how == "
          "\"opne\"\n    ask: {zh_CN: 完, en: Over}\n    lines: [{id: a, "
          "label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}]\n",
          "small.yaml:37:23: error: \"deed_how\" can never be \"opne\"; did "
          "you mean \"open\"?\n");
}

int main(void)
{
    const struct CMUnitTest loaded[] = {
        cmocka_unit_test(test_columns),  cmocka_unit_test(test_row),
        cmocka_unit_test(test_bad_rows), cmocka_unit_test(test_form),
        cmocka_unit_test(test_answers),  cmocka_unit_test(test_reach),
    };
    const struct CMUnitTest told[] = { cmocka_unit_test(test_mistakes) };

    int failed = cmocka_run_group_tests_name("records", loaded, load, unload);
    return failed + cmocka_run_group_tests_name("told of records", told,
                                                item_folder_make,
                                                item_folder_remove);
}
