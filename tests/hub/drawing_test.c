/* Certificates drawn by the real kiosk-draw, and what becomes of them when it
 * dies, hangs or talks rubbish. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/loop.h"
#include "kiosk/hub/drawing.h"
#include "kiosk/hub/issuer.h"
#include "tests/hub/direct.h"

enum { TURNS_MAX = 3000, TURN_MS = 20 };

static struct loop *loop;
static struct drawing *drawing;

static int drawing_set_up(void **state)
{
    struct direct *direct;
    int status = direct_set_up(state);

    direct = *state;
    direct->is_demo = true;
    direct_reopen(direct);
    loop = loop_new();
    return status;
}

static int drawing_tear_down(void **state)
{
    drawing_free(drawing);
    drawing = NULL;
    loop_free(loop); /* finds what was left open */
    return direct_tear_down(state);
}

static void draw_by(struct direct *direct, const char *program)
{
    drawing_free(drawing);
    drawing = drawing_new(loop, direct->hub, program);
}

static const char *draw_program(void)
{
    static char path[512];
    char folder[400];

    assert_int_equal(file_program_folder(folder, sizeof(folder)), ERR_OK);
    snprintf(path, sizeof(path), "%s/../../kiosk-draw", folder);
    return path;
}

/* A program that does as the script says. */
static const char *script(const struct direct *direct, const char *text)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/script", direct->folder);
    assert_int_equal(file_replace(path, text, strlen(text), 0700), ERR_OK);
    return path;
}

static void confirm(struct direct *direct, char check[256])
{
    assert_int_equal(direct_post(direct, "/v1/checks",
                                 "{\"number\": \"" DIRECT_NUMBER
                                 "\", \"way\": \"staff\","
                                 " \"name\": \"欧阳明昕\"}"),
                     201);
    direct_text_of(direct, "check", check);
}

static int issue(struct direct *direct, const char *check, unsigned request)
{
    char json[320];

    snprintf(json, sizeof(json),
             "{\"check\": \"%.32s\", \"kind\": \"" PROOF_KIND
             "\", \"request\": \"%032x\","
             " \"chosen\": {\"scheme\": \"employee\", \"year\": \"all\"}}",
             check, request);
    return direct_post(direct, "/v1/certificates", json);
}

/* Until it is drawn, or could not be. */
static int issue_and_wait(struct direct *direct, const char *check,
                          unsigned request)
{
    int status = issue(direct, check, request);

    for (int i = 0; i < TURNS_MAX && status == 202; i++) {
        loop_turn(loop, TURN_MS);
        status = issue(direct, check, request);
    }
    return status;
}

static int ended;

static void on_tool_line(void *owner, const char *line, size_t len)
{
    buf_add(owner, line, len);
    buf_add_char(owner, '\n');
}

static void on_tool_end(void *owner, enum err err, int status)
{
    (void)owner;
    ended = err ? -1 : status;
}

/* What another's program reads on the paper. */
static void read_paper(struct direct *direct, struct buf *text)
{
    static const struct child_profile profile = { .name = "tool",
                                                  .line_max_bytes = 65536 };
    static const struct child_events events = { on_tool_line, on_tool_end };
    char path[128];
    struct child *child;

    if (!file_exists("/usr/bin/pdftotext")) {
        printf("skipped: pdftotext is not installed\n");
        skip();
    }
    snprintf(path, sizeof(path), "%s/paper.pdf", direct->folder);
    assert_int_equal(file_replace(path, direct->response.body.text,
                                  direct->response.body.len, 0600),
                     ERR_OK);
    ended = 1000;
    assert_int_equal(child_run(loop, &profile,
                               (const char *const[]){ "/usr/bin/pdftotext",
                                                      "-raw", path, "-", NULL },
                               &events, text, &child),
                     ERR_OK);
    for (int i = 0; i < TURNS_MAX && ended == 1000; i++)
        loop_turn(loop, TURN_MS);
    child_free(child);
    assert_int_equal(ended, 0);
}

static void draws_the_real_paper(void **state)
{
    struct direct *direct = *state;
    char check[256], pdf[256], number[256], code[256], sha256[256];
    char hash[CRYPTO_HEX_DIGEST];
    struct buf text;

    draw_by(direct, draw_program());
    confirm(direct, check);
    assert_int_equal(issue_and_wait(direct, check, 1), 200);
    direct_text_of(direct, "pdf", pdf);
    direct_text_of(direct, "number", number);
    direct_text_of(direct, "code", code);
    direct_text_of(direct, "sha256", sha256);
    assert_in_range(direct_number_of(direct, "pages"), 1, 4);
    const struct request_line line = { "GET", pdf, "", 0 };
    assert_int_equal(direct_send_as(direct, direct->machine, &line), 200);
    digest_hex(direct->response.body.text, direct->response.body.len, hash);
    assert_string_equal(hash, sha256);
    buf_init(&text, 256 * 1024);
    read_paper(direct, &text);
    assert_non_null(strstr(text.text, "社会保险个人参保证明"));
    assert_non_null(strstr(text.text, "演示样张"));
    assert_non_null(strstr(text.text, "欧阳明昕"));
    assert_non_null(strstr(text.text, DIRECT_NUMBER));
    assert_non_null(strstr(text.text, number));
    assert_non_null(strstr(text.text, code));
    assert_non_null(strstr(text.text, "12月"));
    assert_non_null(strstr(text.text, "已缴"));
    buf_done(&text);
}

static void draws_one_after_the_other(void **state)
{
    struct direct *direct = *state;
    char check[256];

    draw_by(direct, draw_program());
    confirm(direct, check);
    for (unsigned i = 1; i <= 4; i++)
        assert_int_equal(issue(direct, check, i), 202);
    for (unsigned i = 4; i >= 1; i--)
        assert_int_equal(issue_and_wait(direct, check, i), 200);
}

/* The certificate fails, and the next is drawn all the same. */
static void outlives_a_bad_drawer(void **state)
{
#define SAYS(words) "#!/bin/sh\nread line\necho '" words "'\n"
    static const char *const scripts[] = {
        "#!/bin/sh\nexit 3\n",
        SAYS("{\"draw\":1,\"error\":\"no\"}"),
        SAYS("garbage"),
        SAYS("{\"pages\":1,\"pdf\":\"####\"}"),
        SAYS("{\"pages\":1,\"pdf\":\"SGVsbG8=\"}"),
        SAYS("{\"pages\":-1,\"pdf\":\"JVBERi0xLjQ=\"}"),
    };
    struct direct *direct = *state;
    char check[256];

    confirm(direct, check);
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        draw_by(direct, script(direct, scripts[i]));
        assert_int_equal(issue_and_wait(direct, check, 1), 503);
        direct_assert_problem(direct, 503, "issuer");
    }
    draw_by(direct, "/nonexistent/kiosk-draw");
    assert_int_equal(issue_and_wait(direct, check, 1), 503);
    draw_by(direct, draw_program());
    assert_int_equal(issue_and_wait(direct, check, 1), 200);
}

static void ends_one_that_hangs(void **state)
{
    struct direct *direct = *state;
    char check[256];

    draw_by(direct, script(direct, "#!/bin/sh\nwhile read line; do :; done\n"
                                   "exec tail -f /dev/null\n"));
    confirm(direct, check);
    assert_int_equal(issue(direct, check, 1), 202);
    for (int i = 0; i < 5; i++)
        loop_turn(loop, 0);
    assert_int_equal(issue(direct, check, 1), 202);
    clock_shift(20000);
    loop_fire_due(loop);
    assert_int_equal(issue_and_wait(direct, check, 1), 503);
}

/* The hub ends while something is drawn: nothing is left behind. */
static void ends_in_the_middle(void **state)
{
    struct direct *direct = *state;
    char check[256];

    draw_by(direct, draw_program());
    confirm(direct, check);
    assert_int_equal(issue(direct, check, 1), 202);
    assert_int_equal(issue(direct, check, 2), 202);
    loop_turn(loop, 0);
    drawing_free(drawing);
    drawing = NULL;
    assert_int_equal(issue(direct, check, 3), 503);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, drawing_set_up, drawing_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(draws_the_real_paper),  TEST(draws_one_after_the_other),
        TEST(outlives_a_bad_drawer), TEST(ends_one_that_hangs),
        TEST(ends_in_the_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
