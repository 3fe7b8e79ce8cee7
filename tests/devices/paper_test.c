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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_BYTES = 8 * 1024 * 1024, TURNS = 3000 };

/* --- programs of others ------------------------------------------------- */

struct run {
    struct buf output;
    int lines, status;
    bool has_ended;
};

static void on_line(void *owner, const char *line, size_t len)
{
    struct run *run = owner;

    run->lines++;
    buf_add(&run->output, line, len);
    buf_add_char(&run->output, '\n');
}

static void on_end(void *owner, enum err err, int status)
{
    struct run *run = owner;

    run->status = err ? -1 : status;
    run->has_ended = true;
}

static void send_lines(struct child *child, const char *lines)
{
    while (lines && *lines) {
        size_t len = strcspn(lines, "\n");

        child_send(child, lines, len);
        lines += len + (lines[len] == '\n');
    }
}

/* Runs a program to its end; input: lines for it, or NULL. */
static void run_program(struct run *run, const char *const *argv,
                        const char *input)
{
    static const struct child_profile profile = {
        .name = "tool", .run_max_ms = 60000, .line_max_bytes = OUTPUT_BYTES
    };
    static const struct child_events events = { on_line, on_end };
    struct loop *loop = loop_new();
    struct child *child;

    *run = (struct run){ .status = -1 };
    buf_init(&run->output, OUTPUT_BYTES);
    assert_int_equal(child_run(loop, &profile, argv, &events, run, &child),
                     ERR_OK);
    send_lines(child, input);
    child_close_input(child);
    for (int i = 0; i < TURNS && !run->has_ended; i++)
        loop_turn(loop, 100);
    child_free(child);
    loop_free(loop);
}

static void need(const char *program)
{
    if (file_exists(program))
        return;
    printf("skipped: %s is not installed\n", program);
    skip();
}

/* --- a slip and its folder ---------------------------------------------- */

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    return file_make_temporary(folder, sizeof(folder)) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    return file_remove_tree(folder) ? -1 : 0;
}

static void path_of(char *path, size_t size, const char *name)
{
    (void)snprintf(path, size, "%s/%s", folder, name);
}

/* Draws a request into slip.pdf. */
static void draw(const char *json)
{
    char path[96];
    struct buf pdf, why;

    buf_init(&pdf, DRAW_PDF_BYTES);
    buf_init(&why, SLIP_WHY_BYTES);
    if (answer_draw(json, strlen(json), &pdf, &why))
        fail_msg("not drawn: %s", why.text);
    assert_memory_equal(pdf.text, "%PDF-1.4", 8);
    path_of(path, sizeof(path), "slip.pdf");
    assert_int_equal(file_replace(path, pdf.text, pdf.len, 0600), ERR_OK);
    buf_done(&why);
    buf_done(&pdf);
}

/* What pdftotext reads in slip.pdf; option: "-raw", "-bbox". */
static char *read_back(const char *option)
{
    char pdf[96], text[96], *bytes;
    size_t len;
    struct run run;

    need("/usr/bin/pdftotext");
    path_of(pdf, sizeof(pdf), "slip.pdf");
    path_of(text, sizeof(text), "slip.txt");
    run_program(
        &run,
        (const char *const[]){ "/usr/bin/pdftotext", option, pdf, text, NULL },
        NULL);
    assert_int_equal(run.status, 0);
    buf_done(&run.output);
    assert_int_equal(file_read(text, OUTPUT_BYTES, &bytes, &len), ERR_OK);
    return bytes;
}

/* Lines are broken anywhere in Chinese, so spaces do not count. */
static void squeeze(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++) {
        if (strchr(" \n\r\f\t", *at))
            continue;
        if (strncmp(at, "　", 3) == 0) {
            at += 2;
            continue;
        }
        *to++ = *at;
    }
    *to = '\0';
}

static void expect_text(const char *page, const char *text)
{
    char *wanted = mem_copy_text(text);

    squeeze(wanted);
    if (!strstr(page, wanted))
        fail_msg("not on the slip: %s", text);
    mem_free(wanted);
}

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
    char *page = read_back("-raw");

    squeeze(page);
    for (size_t i = 0; i < sizeof(chinese) / sizeof(chinese[0]); i++)
        expect_text(page, chinese[i]);
    for (size_t i = 0; has_english && i < 3; i++)
        expect_text(page, english[i]);
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
        draw(json.text);
        expect_all(i % 2);
        buf_done(&json);
    }
}

static void expect_qr(const char *paper)
{
    char pdf[96], image[96], png[96];
    struct buf json;
    struct run run;

    buf_init(&json, SLIP_LINE_BYTES);
    compose(&json, paper, false);
    draw(json.text);
    buf_done(&json);
    path_of(pdf, sizeof(pdf), "slip.pdf");
    path_of(image, sizeof(image), "page");
    path_of(png, sizeof(png), "page.png");
    run_program(&run,
                (const char *const[]){ "/usr/bin/pdftoppm", "-r", "200",
                                       "-singlefile", "-png", pdf, image,
                                       NULL },
                NULL);
    assert_int_equal(run.status, 0);
    buf_done(&run.output);
    run_program(
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
    need("/usr/bin/pdftoppm");
    need("/usr/bin/zbarimg");
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
    draw(json.text);
    buf_done(&json);
}

static void test_rare_characters(void **state)
{
    char *page;

    (void)state;
    /* U+3F06, U+20BB7, U+2A700 have glyphs; U+2F80 is a radical that looks like
     * a character; U+3FFFD has none; U+202E would turn the line around. */
    draw_text("80mm", "甲㼆乙𠮷丙𪜀丁⾀戊\xf0\xbf\xbf\xbd己\xe2\x80\xae庚");
    page = read_back("-raw");
    squeeze(page);
    expect_text(page, "甲㼆乙𠮷丙𪜀丁");
    expect_text(page, "戊〔生僻字U+3FFFD〕己庚");
    assert_null(strstr(strstr(page, "丁"), "U+2F80"));
    mem_free(page);
}

/* No word lies outside the paper. */
static void expect_inside(const char *boxes, double width)
{
    const char *at = boxes;

    for (;;) {
        at = strstr(at, "xMax=\"");
        if (!at)
            return;
        at += strlen("xMax=\"");
        assert_true(strtod(at, NULL) <= width);
    }
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
    page = read_back("-raw");
    squeeze(page);
    /* The text fills more than a page; a number stands between. */
    for (int i = 0; i < 280; i++) {
        char words[32];

        (void)snprintf(words, sizeof(words), "%03d", i);
        expect_text(page, words);
    }
    expect_text(page, "wxyzabc");
    mem_free(page);
    page = read_back("-bbox");
    expect_inside(page, (58 - 5) * 72 / 25.4 + 1);
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

static void expect_refused(const char *json, const char *words)
{
    struct buf pdf, why;

    buf_init(&pdf, DRAW_PDF_BYTES);
    buf_init(&why, SLIP_WHY_BYTES);
    if (!answer_draw(json, strlen(json), &pdf, &why))
        fail_msg("drawn: %s", json);
    if (!strstr(why.text, words))
        fail_msg("%s: says \"%s\", not \"%s\"", json, why.text, words);
    assert_false(why.is_cut);
    assert_null(strstr(why.text, "张三"));
    buf_done(&why);
    buf_done(&pdf);
}

#define SLIP_OF(blocks)                                                        \
    "{\"draw\":1,\"paper\":\"80mm\",\"slip\":{\"title\":\"A\",\"blocks\":"     \
    "[" blocks "]}}"

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
        { SLIP_OF("7"), "slip.blocks[0]: expected an object" },
        { SLIP_OF("{}"), "slip.blocks[0].kind: missing" },
        { SLIP_OF("{\"kind\":\"picture\"}"), "unknown kind \"picture\"" },
        { SLIP_OF("{\"kind\":\"rule\"},{\"kind\":\"rule\",\"text\":\"张三\"}"),
          "slip.blocks[1]: unknown key \"text\"" },
        { SLIP_OF("{\"kind\":\"fact\",\"label\":\"张三\"}"),
          "slip.blocks[0].value: missing" },
        { SLIP_OF("{\"kind\":\"fact\",\"label\":\"a\",\"value\":\"b\","
                  "\"large\":1}"),
          "slip.blocks[0].large: expected true or false" },
        { SLIP_OF("{\"kind\":\"qr\",\"payload\":\"\"}"),
          "slip.blocks[0]: the payload is empty" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect_refused(cases[i][0], cases[i][1]);
}

/* --- certificates ------------------------------------------------------- */

#define TABLE_OF(head, rows)                                                   \
    SLIP_OF("{\"kind\":\"table\",\"head\":" head ",\"rows\":" rows "}")

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
    draw(json.text);
    buf_done(&json);
    text = read_back("-raw");
    for (char *page = text; *page; pages++) {
        size_t len = strcspn(page, "\f");
        char *one = mem_copy_bytes(page, len), *head, *tail;
        int heads = 0, tails = 0;

        squeeze(one);
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
    draw(json.text);
    buf_done(&json);
    text = read_back("-raw");
    squeeze(text);
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
        char *boxes = read_back("-bbox");
        double edge = right_edge(boxes, "25");

        expect_text(text, "材料在哪里用份数");
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
    expect_text(text, "材料住房租赁合同在哪里用到派出所核对的时候份数5"
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
    expect_text(text, "姓名要带的甲乙");
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
    text = read_back("-raw");
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
                expect_refused(json.text, "payload is too long");
            else
                draw(json.text);
            buf_done(&json);
        }
}

static void test_bad_tables(void **state)
{
    static const char *const cases[][2] = {
        { TABLE_OF("[\"a\"]", "[]"), "expected 2 to 13 texts" },
        { TABLE_OF("7", "[]"), "expected 2 to 13 texts" },
        { TABLE_OF("[\"a\",\"b\"]", "[]"), "expected rows" },
        { TABLE_OF("[\"a\",\"b\"]", "{}"), "expected rows" },
        { TABLE_OF("[\"a\",\"b\"]", "[[\"1\"]]"), "expected 2 to 13 texts" },
        { TABLE_OF("[\"a\",\"b\"]", "[[\"1\",\"2\",\"张三\"]]"),
          "expected 2 to 13 texts" },
        { TABLE_OF("[\"a\",\"b\"]", "[7]"), "expected 2 to 13 texts" },
        { TABLE_OF("[\"a\",\"b\"]", "[[\"1\",2]]"), "expected a text" },
        { TABLE_OF("[\"a\",\"b\"]", "[[\"1\",\"a\\u0007\"]]"),
          "holds a control character" },
        { TABLE_OF("[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\","
                   "\"i\",\"j\",\"k\",\"l\",\"m\",\"n\"]",
                   "[]"),
          "expected 2 to 13 texts" },
        { SLIP_OF("{\"kind\":\"table\",\"fold\":1,\"head\":[\"a\",\"b\"],"
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
        expect_refused(cases[i][0], cases[i][1]);
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
    expect_refused(json.text, "more than 60 rows");
    buf_done(&json);
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
        expect_refused(json.text, cases[i].words);
        buf_done(&json);
    }
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
    static const char good[] = SLIP_OF("{\"kind\":\"text\",\"text\":\"𠮷\"}");
    char path[512];
    struct buf input;
    struct run run;
    const char *at;

    (void)state;
    program_path(path, sizeof(path));
    buf_init(&input, 1024 * 1024);
    buf_add_format(&input, "%s\n{\"draw\":2}\n", good);
    for (int i = 0; i < 300 * 1024; i++)
        buf_add_char(&input, 'x');
    buf_add_format(&input, "\n\n%s", good);
    run_program(&run, (const char *const[]){ path, NULL }, input.text);
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
    static const char good[] = SLIP_OF("{\"kind\":\"text\",\"text\":\"a\"}");
    char path[512], json[96];
    struct run run;

    (void)state;
    program_path(path, sizeof(path));
    path_of(json, sizeof(json), "slip.json");
    assert_int_equal(file_replace(json, good, strlen(good), 0600), ERR_OK);
    run_program(&run, (const char *const[]){ path, json, NULL }, NULL);
    assert_int_equal(run.status, 0);
    assert_memory_equal(run.output.text, "%PDF-1.4", 8);
    buf_done(&run.output);
    assert_int_equal(file_replace(json, "{", 1, 0600), ERR_OK);
    run_program(&run, (const char *const[]){ path, json, NULL }, NULL);
    assert_int_equal(run.status, 1);
    assert_int_equal(run.output.len, 0);
    buf_done(&run.output);
    run_program(&run, (const char *const[]){ path, "--help", NULL }, NULL);
    assert_int_equal(run.status, 0);
    assert_non_null(strstr(run.output.text, "FILE.json > out.pdf"));
    buf_done(&run.output);
    run_program(&run, (const char *const[]){ path, "--what", NULL }, NULL);
    assert_int_equal(run.status, 2);
    buf_done(&run.output);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_texts),
        TEST(test_qr),
        TEST(test_rare_characters),
        TEST(test_long_text_wraps),
        TEST(test_same_bytes_and_no_date),
        TEST(test_bad_requests),
        TEST(test_certificate),
        TEST(test_wide_table),
        TEST(test_narrow_table),
        TEST(test_narrow_table_that_fits),
        TEST(test_folded_rows_are_whole),
        TEST(test_long_cell),
        TEST(test_longest_codes),
        TEST(test_bad_tables),
        TEST(test_table_too_big),
        TEST(test_too_much),
        TEST(test_program_answers),
        TEST(test_program_draws_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
