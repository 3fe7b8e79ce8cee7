/* Tables that fold where paper is narrow, and codes of an item's own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "kiosk/paper/slip.h"
#include "tests/devices/drawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- tables that fold ---------------------------------------------------- */

#define FOLDING                                                                 \
    "{\"kind\":\"table\",\"fold\":true,\"head\":[\"材料\",\"在哪里用\","  \
    "\"份数\"],"                                                              \
    "\"rows\":[[\"住房租赁合同\",\"到派出所核对的时候\",\"5\"]," \
    "[\"劳动合同\",\"领证的时候\",\"25\"],[\"照片\",\"\",\"1,250\"]]}"

/* Draws it on that paper and reads it back without spaces. */
static char *draw_table(const char *paper, const char *block)
{
    struct buf json;
    char *text;

    buf_init(&json, SLIP_LINE_BYTES);
    buf_add_format(&json,
                   "{\"draw\":1,\"paper\":\"%s\",\"slip\":{\"title\":\"单\","
                   "\"blocks\":[%s]}}",
                   paper, block);
    drawn_draw(json.text);
    buf_done(&json);
    text = drawn_read_back("-raw");
    drawn_squeeze(text);
    return text;
}

/* Where a word ends, in points from the left edge. */
static double right_edge(const char *boxes, const char *word)
{
    char element[64];
    const char *at, *edge = NULL, *next;

    (void)snprintf(element, sizeof(element), ">%s</word>", word);
    at = strstr(boxes, element);
    if (!at)
        fail_msg("not on the slip: %s", word);
    for (next = boxes; (next = strstr(next, "xMax=\"")) && next < at; next++)
        edge = next;
    assert_non_null(edge);
    return strtod(edge + strlen("xMax=\""), NULL);
}

static void test_wide_table(void **state)
{
    static const char *const papers[] = { "80mm", "A4" };

    (void)state;
    for (size_t i = 0; i < sizeof(papers) / sizeof(papers[0]); i++) {
        char *text = draw_table(papers[i], FOLDING);
        char *boxes = drawn_read_back("-bbox");
        double edge = right_edge(boxes, "25");

        drawn_expect_text(text, "材料在哪里用份数");
        assert_null(strstr(strstr(text, "在哪里用") + 1, "在哪里用"));
        /* Numbers stand at the right of their column. */
        assert_true(right_edge(boxes, "5") - edge < 0.5);
        assert_true(edge - right_edge(boxes, "5") < 0.5);
        assert_true(right_edge(boxes, "1,250") - edge < 0.5);
        assert_true(edge - right_edge(boxes, "1,250") < 0.5);
        mem_free(boxes);
        mem_free(text);
    }
}

/* What has no room beside each other says the same below each other; what is
 * empty says nothing. */
static void test_narrow_table(void **state)
{
    char *text = draw_table("58mm", FOLDING);

    (void)state;
    drawn_expect_text(text, "材料住房租赁合同在哪里用到派出所核对的时候份数5"
                            "材料劳动合同在哪里用领证的时候份数25"
                            "材料照片份数1,250");
    mem_free(text);
}

/* Two columns that fit stay a table there, and one of them may wrap. */
static void test_narrow_table_that_fits(void **state)
{
    char *text = draw_table(
        "58mm",
        "{\"kind\":\"table\",\"fold\":true,\"head\":[\"姓名\",\"要带的\"],"
        "\"rows\":[[\"甲乙\",\"住房租赁合同原件和复印件各一份\"],"
        "[\"丙\",\"照片\"]]}");

    (void)state;
    drawn_expect_text(text, "姓名要带的甲乙");
    assert_null(strstr(strstr(text, "要带的") + 1, "要带的"));
    assert_non_null(strstr(text, "各一份"));
    mem_free(text);
}

/* Where a page ends no row does. */
static void test_folded_rows_are_whole(void **state)
{
    struct buf block;
    char *text;
    int pages = 0;

    (void)state;
    buf_init(&block, SLIP_LINE_BYTES);
    buf_add_text(&block, "{\"kind\":\"table\",\"fold\":true,\"head\":[\"首\","
                         "\"中间的一列要写的\",\"尾\"],\"rows\":[");
    for (int i = 0; i < SLIP_ROWS; i++)
        buf_add_format(&block, "%s[\"一二三四五\",\"一二三四五六七八\",\"%d\"]",
                       i ? "," : "", i);
    buf_add_text(&block, "]}");
    mem_free(draw_table("58mm", block.text));
    buf_done(&block);
    text = drawn_read_back("-raw");
    for (char *page = text; *page; pages++) {
        size_t len = strcspn(page, "\f");
        bool is_last = page[len] == '\0';
        int heads = 0, tails = 0;

        page[len] = '\0';
        for (const char *at = page; (at = strstr(at, "首")); at++)
            heads++;
        for (const char *at = page; (at = strstr(at, "尾")); at++)
            tails++;
        assert_int_equal(heads, tails);
        page += is_last ? len : len + 1;
    }
    assert_in_range(pages, 2, 4);
    mem_free(text);
}

/* A cell may be as long as a text. */
static void test_long_cell(void **state)
{
    struct buf block;

    (void)state;
    buf_init(&block, SLIP_LINE_BYTES);
    buf_add_text(&block, "{\"kind\":\"table\",\"fold\":true,\"head\":[\"甲\","
                         "\"乙\"],\"rows\":[[\"");
    for (int i = 0; i < 1000; i++)
        buf_add_text(&block, "长");
    buf_add_text(&block, "\",\"尾\"]]}");
    char *text = draw_table("58mm", block.text);
    int count = 0;
    for (const char *at = text; (at = strstr(at, "长")); at++)
        count++;
    assert_int_equal(count, 1000);
    assert_non_null(strstr(text, "尾"));
    mem_free(text);
    buf_done(&block);
}

/* What the checker of items counts on (kiosk/flow/item_slip_check.c). */
static void test_longest_codes(void **state)
{
    static const struct {
        const char *paper;
        int bytes;
    } most[] = { { "58mm", 997 }, { "80mm", 2331 }, { "A4", 2331 } };

    (void)state;
    for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++)
        for (int more = 0; more < 2; more++) {
            struct buf json;

            if (more && strcmp(most[i].paper, "58mm") != 0)
                continue; /* the others then take a lower level */
            buf_init(&json, SLIP_LINE_BYTES);
            buf_add_format(&json,
                           "{\"draw\":1,\"paper\":\"%s\",\"slip\":{\"title\":"
                           "\"A\",\"blocks\":[{\"kind\":\"qr\",\"payload\":\"",
                           most[i].paper);
            for (int j = 0; j < most[i].bytes + more; j++)
                buf_add_char(&json, (char)('a' + j % 26));
            buf_add_text(&json, "\"}]}}");
            if (more)
                drawn_expect_refused(json.text, "payload is too long");
            else
                drawn_draw(json.text);
            buf_done(&json);
        }
}

static void test_bad_tables(void **state)
{
    static const char *const cases[][2] = {
        { DRAWN_TABLE("[\"a\"]", "[]"), "expected 2 to 13 texts" },
        { DRAWN_TABLE("7", "[]"), "expected 2 to 13 texts" },
        { DRAWN_TABLE("[\"a\",\"b\"]", "[]"), "expected rows" },
        { DRAWN_TABLE("[\"a\",\"b\"]", "{}"), "expected rows" },
        { DRAWN_TABLE("[\"a\",\"b\"]", "[[\"1\"]]"), "expected 2 to 13 texts" },
        { DRAWN_TABLE("[\"a\",\"b\"]", "[[\"1\",\"2\",\"张三\"]]"),
          "expected 2 to 13 texts" },
        { DRAWN_TABLE("[\"a\",\"b\"]", "[7]"), "expected 2 to 13 texts" },
        { DRAWN_TABLE("[\"a\",\"b\"]", "[[\"1\",2]]"), "expected a text" },
        { DRAWN_TABLE("[\"a\",\"b\"]", "[[\"1\",\"a\\u0007\"]]"),
          "holds a control character" },
        { DRAWN_TABLE("[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\","
                      "\"i\",\"j\",\"k\",\"l\",\"m\",\"n\"]",
                      "[]"),
          "expected 2 to 13 texts" },
        { DRAWN_SLIP("{\"kind\":\"table\",\"fold\":1,\"head\":[\"a\",\"b\"],"
                     "\"rows\":[[\"1\",\"2\"]]}"),
          "slip.blocks[0].fold: expected true or false" },
        { "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":\"A\","
          "\"plain\":1,\"blocks\":[]}}",
          "slip.plain: expected true or false" },
        { "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":\"A\","
          "\"watermark\":1,\"blocks\":[]}}",
          "slip.watermark: expected a text" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        drawn_expect_refused(cases[i][0], cases[i][1]);
}

static void test_table_too_big(void **state)
{
    struct buf json;

    (void)state;
    buf_init(&json, SLIP_LINE_BYTES);
    buf_add_text(&json, "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":"
                        "\"A\",\"blocks\":[{\"kind\":\"table\",\"head\":"
                        "[\"a\",\"b\"],\"rows\":[[\"1\",\"2\"]");
    for (int i = 0; i < SLIP_ROWS; i++)
        buf_add_text(&json, ",[\"1\",\"2\"]");
    buf_add_text(&json, "]}]}}");
    drawn_expect_refused(json.text, "more than 60 rows");
    buf_done(&json);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, drawn_set_up, drawn_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_wide_table),
        TEST(test_narrow_table),
        TEST(test_narrow_table_that_fits),
        TEST(test_folded_rows_are_whole),
        TEST(test_long_cell),
        TEST(test_longest_codes),
        TEST(test_bad_tables),
        TEST(test_table_too_big),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
