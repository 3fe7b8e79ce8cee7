/* kiosk-draw: what stands on a slip is read back from the PDF by programs that
 * are not ours (pdftotext, pdftoppm, zbarimg), and bad requests are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/file.h"
#include "kiosk/base/loop.h"
#include "kiosk/base/mem.h"
#include "kiosk/paper/answer.h"
#include "kiosk/paper/draw.h"
#include "kiosk/paper/slip.h"
#include "tests/devices/drawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- all sizes, both languages ------------------------------------------ */

static const char address[] =
    "http://127.0.0.1:8437/p/4f1c9d2a7be84403a1d0c5f6e7b8990a";

static const char *const chinese[] = {
    "居住证申领",
    "回执号",
    "3100 6327 0014",
    "申请人",
    "欧阳㼆𠮷",
    "接下来",
    ("请在 5 个工作日内带上身份证和租房合同到卧龙区七一派出所核对原件，"
     "核对后才算受理。"),
    "办件编号 411303000000202611230000000000000000014XX",
    "扫码查进度",
    "收件回执",
    "演示样张　无效",
    "本回执只证明收到了申请，不代表已经受理。",
};

static const char *const english[] = {
    "Receipt number",
    "What happens next",
    ("Within 5 working days take your ID card and the rental contract to the "
     "police station of Qiyi Subdistrict."),
};

static void compose(struct buf *json, const char *paper, bool has_english)
{
    const char *const *c = chinese;
    const char *const *e = english;

    buf_add_format(json,
                   "{\"draw\":7,\"paper\":\"%s\",\"languages\":[\"zh_CN\"%s],"
                   "\"slip\":{\"title\":\"%s\",\"demo\":\"%s\",\"footer\":"
                   "\"%s\",\"blocks\":[{\"kind\":\"text\",\"text\":\"%s\"},",
                   paper, has_english ? ",\"en\"" : "", c[9], c[10], c[11],
                   c[0]);
    buf_add_format(json,
                   "{\"kind\":\"fact\",\"label\":\"%s\",\"value\":\"%s\","
                   "\"large\":true},{\"kind\":\"fact\",\"label\":\"%s\","
                   "\"value\":\"%s\"},{\"kind\":\"rule\"},"
                   "{\"kind\":\"fact\",\"label\":\"%s\",\"value\":\"%s\"},"
                   "{\"kind\":\"small\",\"text\":\"%s\"},",
                   c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
    if (has_english)
        buf_add_format(json,
                       "{\"kind\":\"rule\"},{\"kind\":\"fact\",\"label\":"
                       "\"%s\",\"value\":\"%s\",\"large\":true},"
                       "{\"kind\":\"fact\",\"label\":\"%s\",\"value\":"
                       "\"%s\"},",
                       e[0], c[2], e[1], e[2]);
    buf_add_format(json,
                   "{\"kind\":\"qr\",\"payload\":\"%s\",\"text\":\"%s\"}]}}",
                   address, c[8]);
}

static void expect_all(bool has_english)
{
    char *page = drawn_read_back("-raw");

    drawn_squeeze(page);
    for (size_t i = 0; i < sizeof(chinese) / sizeof(chinese[0]); i++)
        drawn_expect_text(page, chinese[i]);
    for (size_t i = 0; has_english && i < 3; i++)
        drawn_expect_text(page, english[i]);
    mem_free(page);
}

static void test_texts(void **state)
{
    static const char *const papers[] = { "58mm", "80mm", "A4" };

    (void)state;
    for (int i = 0; i < 6; i++) {
        struct buf json;

        buf_init(&json, SLIP_LINE_BYTES);
        compose(&json, papers[i / 2], i % 2);
        drawn_draw(json.text);
        expect_all(i % 2);
        buf_done(&json);
    }
}

static void expect_qr(const char *paper)
{
    char pdf[96], image[96], png[96];
    struct buf json;
    struct drawn_run run;

    buf_init(&json, SLIP_LINE_BYTES);
    compose(&json, paper, false);
    drawn_draw(json.text);
    buf_done(&json);
    drawn_path_of(pdf, sizeof(pdf), "slip.pdf");
    drawn_path_of(image, sizeof(image), "page");
    drawn_path_of(png, sizeof(png), "page.png");
    drawn_run_program(&run,
                      (const char *const[]){ "/usr/bin/pdftoppm", "-r", "200",
                                             "-singlefile", "-png", pdf, image,
                                             NULL },
                      NULL);
    assert_int_equal(run.status, 0);
    buf_done(&run.output);
    drawn_run_program(
        &run,
        (const char *const[]){ "/usr/bin/zbarimg", "-q", "--raw", png, NULL },
        NULL);
    assert_int_equal(run.status, 0);
    run.output.text[strcspn(run.output.text, "\n")] = '\0';
    assert_string_equal(run.output.text, address);
    buf_done(&run.output);
}

static void test_qr(void **state)
{
    (void)state;
    drawn_need("/usr/bin/pdftoppm");
    drawn_need("/usr/bin/zbarimg");
    expect_qr("58mm");
    expect_qr("80mm");
    expect_qr("A4");
}

/* --- characters and lengths --------------------------------------------- */

/* A slip of one text block. */
static void draw_text(const char *paper, const char *text)
{
    struct buf json;

    buf_init(&json, SLIP_LINE_BYTES);
    buf_add_format(&json,
                   "{\"draw\":1,\"paper\":\"%s\",\"slip\":{\"title\":\"A\","
                   "\"blocks\":[{\"kind\":\"text\",\"text\":\"%s\"}]}}",
                   paper, text);
    drawn_draw(json.text);
    buf_done(&json);
}

static void test_rare_characters(void **state)
{
    char *page;

    (void)state;
    /* U+3F06, U+20BB7, U+2A700 have glyphs; U+2F80 is a radical that looks like
     * a character; U+3FFFD has none; U+202E would turn the line around. */
    draw_text("80mm", "甲㼆乙𠮷丙𪜀丁⾀戊\xf0\xbf\xbf\xbd己\xe2\x80\xae庚");
    page = drawn_read_back("-raw");
    drawn_squeeze(page);
    drawn_expect_text(page, "甲㼆乙𠮷丙𪜀丁");
    drawn_expect_text(page, "戊〔生僻字U+3FFFD〕己庚");
    assert_null(strstr(strstr(page, "丁"), "U+2F80"));
    mem_free(page);
}

static void test_long_text_wraps(void **state)
{
    struct buf text;
    char *page;

    (void)state;
    buf_init(&text, SLIP_TEXT_BYTES);
    for (int i = 0; i < 280; i++)
        buf_add_format(&text, "第%03d句，", i);
    for (int i = 0; i < 300; i++)
        buf_add_char(&text, (char)('a' + i % 26));
    assert_false(text.is_cut);
    draw_text("58mm", text.text);
    page = drawn_read_back("-raw");
    drawn_squeeze(page);
    /* The text fills more than a page; a number stands between. */
    for (int i = 0; i < 280; i++) {
        char words[32];

        (void)snprintf(words, sizeof(words), "%03d", i);
        drawn_expect_text(page, words);
    }
    drawn_expect_text(page, "wxyzabc");
    mem_free(page);
    page = drawn_read_back("-bbox");
    drawn_expect_inside(page, (58 - 5) * 72 / 25.4 + 1);
    mem_free(page);
    buf_done(&text);
}

static void test_same_bytes_and_no_date(void **state)
{
    struct buf json, first, second, why;

    (void)state;
    buf_init(&json, SLIP_LINE_BYTES);
    buf_init(&first, DRAW_PDF_BYTES);
    buf_init(&second, DRAW_PDF_BYTES);
    buf_init(&why, SLIP_WHY_BYTES);
    compose(&json, "80mm", true);
    assert_int_equal(answer_draw(json.text, json.len, &first, &why), ERR_OK);
    assert_int_equal(answer_draw(json.text, json.len, &second, &why), ERR_OK);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.text, second.text, first.len);
    buf_done(&why);
    buf_done(&second);
    buf_done(&first);
    buf_done(&json);
}

/* --- bad requests ------------------------------------------------------- */

static void test_bad_requests(void **state)
{
    static const char *const cases[][2] = {
        { "", "1:0: this is not JSON" },
        { "张三", "this is not JSON" },
        { "{\"draw\":1,\"draw\":2}", "a key stands twice" },
        { "[]", "request: expected an object" },
        { "{}", "draw: expected a whole number" },
        { "{\"draw\":1.5}", "draw: expected a whole number" },
        { "{\"draw\":1,\"colour\":1}", "unknown key \"colour\"" },
        { "{\"draw\":1,\"张三\":1}", "unknown key \"?\"" },
        { "{\"draw\":1,\"paper\":\"A3\"}", "expected 58mm, 80mm or A4" },
        { "{\"draw\":1,\"paper\":\"A4\"}", "slip: expected an object" },
        { "{\"draw\":1,\"paper\":\"A4\",\"languages\":[\"fr\"]}",
          "languages: expected" },
        { "{\"draw\":1,\"paper\":\"A4\",\"languages\":[]}",
          "languages: expected" },
        { "{\"draw\":1,\"paper\":\"A4\",\"slip\":{}}", "slip.title: missing" },
        { "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":7}}",
          "slip.title: expected a text" },
        { "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":\"a\"}}",
          "slip.blocks: expected a list" },
        { "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":\"a\\u0007\"}}",
          "slip.title: holds a control character" },
        { "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":\"\\ud800\"}}",
          "this is not JSON" },
        { DRAWN_SLIP("7"), "slip.blocks[0]: expected an object" },
        { DRAWN_SLIP("{}"), "slip.blocks[0].kind: missing" },
        { DRAWN_SLIP("{\"kind\":\"picture\"}"), "unknown kind \"picture\"" },
        { DRAWN_SLIP(
              "{\"kind\":\"rule\"},{\"kind\":\"rule\",\"text\":\"张三\"}"),
          "slip.blocks[1]: unknown key \"text\"" },
        { DRAWN_SLIP("{\"kind\":\"fact\",\"label\":\"张三\"}"),
          "slip.blocks[0].value: missing" },
        { DRAWN_SLIP("{\"kind\":\"fact\",\"label\":\"a\",\"value\":\"b\","
                     "\"large\":1}"),
          "slip.blocks[0].large: expected true or false" },
        { DRAWN_SLIP("{\"kind\":\"qr\",\"payload\":\"\"}"),
          "slip.blocks[0]: the payload is empty" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        drawn_expect_refused(cases[i][0], cases[i][1]);
}

/* --- certificates ------------------------------------------------------- */

/* Three pages: on each the mark across, the words at the foot, its number; a
 * table is never torn. */
static void test_certificate(void **state)
{
    struct buf json;
    char *text;
    int pages = 0;

    (void)state;
    buf_init(&json, SLIP_LINE_BYTES);
    buf_add_text(&json, "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":"
                        "\"参保证明\",\"watermark\":\"样张\",\"plain\":true,"
                        "\"running\":\"编号 SI7\",\"blocks\":[");
    for (int i = 0; i < 18; i++)
        buf_add_format(&json,
                       "%s{\"kind\":\"table\",\"head\":[\"首%d\",\"1月\"],"
                       "\"rows\":[[\"养老\",\"已缴\"],[\"失业\",\"\"],"
                       "[\"工伤\",\"已缴\"],[\"尾%d\",\"已缴\"]]}",
                       i ? "," : "", i, i);
    buf_add_text(&json, "]}}");
    drawn_draw(json.text);
    buf_done(&json);
    text = drawn_read_back("-raw");
    for (char *page = text; *page; pages++) {
        size_t len = strcspn(page, "\f");
        char *one = mem_copy_bytes(page, len), *head, *tail;
        int heads = 0, tails = 0;

        drawn_squeeze(one);
        if (*one == '\0') {
            mem_free(one);
            break;
        }
        assert_non_null(strstr(one, "样张"));
        assert_non_null(strstr(one, "编号SI7"));
        for (head = one; (head = strstr(head, "首")); head++)
            heads++;
        for (tail = one; (tail = strstr(tail, "尾")); tail++)
            tails++;
        assert_true(heads > 0);
        assert_int_equal(heads, tails);
        mem_free(one);
        page += len + (page[len] == '\f');
    }
    assert_in_range(pages, 2, 4);
    mem_free(text);
}

/* {…,"blocks":[…count of them…]} with texts of text_len bytes. */
static void big_request(struct buf *json, int count, const char *kind,
                        size_t text_len)
{
    buf_add_text(json, "{\"draw\":1,\"paper\":\"58mm\",\"slip\":{\"title\":"
                       "\"A\",\"blocks\":[");
    for (int i = 0; i < count; i++) {
        buf_add_format(json, "%s{\"kind\":\"%s\",\"%s\":\"", i ? "," : "", kind,
                       strcmp(kind, "qr") == 0 ? "payload" : "text");
        for (size_t j = 0; j < text_len; j++)
            buf_add_char(json, 'x');
        buf_add_text(json, "\"}");
    }
    buf_add_text(json, "]}}");
}

static void test_too_much(void **state)
{
    static const struct {
        int count;
        const char *kind;
        size_t text_len;
        const char *words;
    } cases[] = {
        { 1, "text", 4097, "slip.blocks[0].text: longer than 4096 bytes" },
        { 201, "text", 1, "more than 200 blocks" },
        { 70, "text", 4000, "longer than 256 KiB" },
        { 60, "text", 4000, "longer than 4 pages" },
        { 1, "qr", 3000, "payload is too long" },
        { 1, "qr", 2000, "payload is too long" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf json;

        buf_init(&json, 2 * SLIP_LINE_BYTES);
        big_request(&json, cases[i].count, cases[i].kind, cases[i].text_len);
        drawn_expect_refused(json.text, cases[i].words);
        buf_done(&json);
    }
}

/* Sections of many lines, the 20th longer than a page. */
static void long_form(struct buf *json, bool is_form)
{
    buf_add_format(json,
                   "{\"draw\":1,\"paper\":\"A4\",\"slip\":{\"title\":\"A\","
                   "\"form\":%s,\"blocks\":[",
                   is_form ? "true" : "false");
    for (int i = 0; i < 40; i++) {
        int lines = i == 20 ? 90 : 3 + i % 11;
        buf_add_format(json, "%s{\"kind\":\"rule\"}", i ? "," : "");
        for (int j = 0; j < lines; j++)
            buf_add_format(json, ",{\"kind\":\"text\",\"text\":\"%s%d\"}",
                           j == 0           ? "首"
                           : j + 1 == lines ? "尾"
                                            : "行",
                           i);
    }
    buf_add_text(json, "]}}");
}

static int count_of(const char *text, const char *word)
{
    int count = 0;
    while ((text = strstr(text, word))) {
        count++;
        text++;
    }
    return count;
}

/* No question is torn by a page's end that a page has room for. */
static void test_form(void **state)
{
    struct buf json;
    int pages = 0, torn = 0, begun = 0;

    (void)state;
    buf_init(&json, 2 * SLIP_LINE_BYTES);
    long_form(&json, false);
    drawn_expect_refused(json.text, "more than 200 blocks");
    buf_clear(&json);
    long_form(&json, true);
    drawn_draw(json.text);
    buf_done(&json);
    char *text = drawn_read_back("-raw");
    for (char *page = text; *page; pages++) {
        size_t len = strcspn(page, "\f");
        char *one = mem_copy_bytes(page, len);
        torn += count_of(one, "首") != count_of(one, "尾");
        begun += count_of(one, "首");
        assert_true(count_of(one, "行") > 3);
        mem_free(one);
        page += len + (page[len] == '\f');
    }
    mem_free(text);
    assert_int_equal(begun, 40);
    assert_int_equal(torn,
                     2); /* where the long one begins, and where it ends */
    assert_in_range(pages, 6, 20);
}

/* --- the program itself ------------------------------------------------- */

static void program_path(char *path, size_t size)
{
    char here[400];

    assert_int_equal(file_program_folder(here, sizeof(here)), ERR_OK);
    (void)snprintf(path, size, "%s/../../kiosk-draw", here);
    if (!file_exists(path)) {
        printf("skipped: %s is not built\n", path);
        skip();
    }
}

static void expect_begins(const char *text, const char *words)
{
    if (strncmp(text, words, strlen(words)) != 0)
        fail_msg("%.80s: does not begin with %s", text, words);
}

/* In its sandbox, one process: a good line, a bad one, one far too long, an
 * empty one (no answer), and a good one again. */
static void test_program_answers(void **state)
{
    static const char good[] =
        DRAWN_SLIP("{\"kind\":\"text\",\"text\":\"𠮷\"}");
    char path[512];
    struct buf input;
    struct drawn_run run;
    const char *at;

    (void)state;
    program_path(path, sizeof(path));
    buf_init(&input, 1024 * 1024);
    buf_add_format(&input, "%s\n{\"draw\":2}\n", good);
    for (int i = 0; i < 300 * 1024; i++)
        buf_add_char(&input, 'x');
    buf_add_format(&input, "\n\n%s", good);
    drawn_run_program(&run, (const char *const[]){ path, NULL }, input.text);
    assert_int_equal(run.status, 0);
    assert_int_equal(run.lines, 4);
    at = run.output.text;
    expect_begins(at, "{\"draw\":1,\"pages\":1,\"pdf\":\"JVBER");
    at = strchr(at, '\n') + 1;
    expect_begins(at, "{\"draw\":2,\"error\":\"paper: expected");
    at = strchr(at, '\n') + 1;
    expect_begins(at, "{\"draw\":0,\"error\":\"request: longer");
    at = strchr(at, '\n') + 1;
    expect_begins(at, "{\"draw\":1,\"pages\":1,\"pdf\":\"JVBER");
    buf_done(&run.output);
    buf_done(&input);
}

static void test_program_draws_a_file(void **state)
{
    static const char good[] = DRAWN_SLIP("{\"kind\":\"text\",\"text\":\"a\"}");
    char path[512], json[96];
    struct drawn_run run;

    (void)state;
    program_path(path, sizeof(path));
    drawn_path_of(json, sizeof(json), "slip.json");
    assert_int_equal(file_replace(json, good, strlen(good), 0600), ERR_OK);
    drawn_run_program(&run, (const char *const[]){ path, json, NULL }, NULL);
    assert_int_equal(run.status, 0);
    assert_memory_equal(run.output.text, "%PDF-1.4", 8);
    buf_done(&run.output);
    assert_int_equal(file_replace(json, "{", 1, 0600), ERR_OK);
    drawn_run_program(&run, (const char *const[]){ path, json, NULL }, NULL);
    assert_int_equal(run.status, 1);
    assert_int_equal(run.output.len, 0);
    buf_done(&run.output);
    drawn_run_program(&run, (const char *const[]){ path, "--help", NULL },
                      NULL);
    assert_int_equal(run.status, 0);
    assert_non_null(strstr(run.output.text, "FILE.json > out.pdf"));
    buf_done(&run.output);
    drawn_run_program(&run, (const char *const[]){ path, "--what", NULL },
                      NULL);
    assert_int_equal(run.status, 2);
    buf_done(&run.output);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, drawn_set_up, drawn_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_texts),
        TEST(test_qr),
        TEST(test_rare_characters),
        TEST(test_long_text_wraps),
        TEST(test_same_bytes_and_no_date),
        TEST(test_bad_requests),
        TEST(test_certificate),
        TEST(test_too_much),
        TEST(test_form),
        TEST(test_program_answers),
        TEST(test_program_draws_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
