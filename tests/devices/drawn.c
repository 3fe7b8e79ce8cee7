#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/devices/drawn.h"

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

enum { TURNS = 3000 };

/* --- programs of others ------------------------------------------------- */

static void on_line(void *owner, const char *line, size_t len)
{
    struct drawn_run *run = owner;

    run->lines++;
    buf_add(&run->output, line, len);
    buf_add_char(&run->output, '\n');
}

static void on_end(void *owner, enum err err, int status)
{
    struct drawn_run *run = owner;

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
void drawn_run_program(struct drawn_run *run, const char *const *argv,
                       const char *input)
{
    static const struct child_profile profile = {
        .name = "tool", .run_max_ms = 60000, .line_max_bytes = DRAWN_BYTES
    };
    static const struct child_events events = { on_line, on_end };
    struct loop *loop = loop_new();
    struct child *child;

    *run = (struct drawn_run){ .status = -1 };
    buf_init(&run->output, DRAWN_BYTES);
    assert_int_equal(child_run(loop, &profile, argv, &events, run, &child),
                     ERR_OK);
    send_lines(child, input);
    child_close_input(child);
    for (int i = 0; i < TURNS && !run->has_ended; i++)
        loop_turn(loop, 100);
    child_free(child);
    loop_free(loop);
}

void drawn_need(const char *program)
{
    if (file_exists(program))
        return;
    printf("skipped: %s is not installed\n", program);
    skip();
}

/* --- a slip and its folder ---------------------------------------------- */

static char folder[64];

int drawn_set_up(void **state)
{
    (void)state;
    return file_make_temporary(folder, sizeof(folder)) ? -1 : 0;
}

int drawn_tear_down(void **state)
{
    (void)state;
    return file_remove_tree(folder) ? -1 : 0;
}

void drawn_path_of(char *path, size_t size, const char *name)
{
    (void)snprintf(path, size, "%s/%s", folder, name);
}

/* Draws a request into slip.pdf. */
void drawn_draw(const char *json)
{
    char path[96];
    struct buf pdf, why;

    buf_init(&pdf, DRAW_PDF_BYTES);
    buf_init(&why, SLIP_WHY_BYTES);
    if (answer_draw(json, strlen(json), &pdf, &why))
        fail_msg("not drawn: %s", why.text);
    assert_memory_equal(pdf.text, "%PDF-1.4", 8);
    drawn_path_of(path, sizeof(path), "slip.pdf");
    assert_int_equal(file_replace(path, pdf.text, pdf.len, 0600), ERR_OK);
    buf_done(&why);
    buf_done(&pdf);
}

/* What pdftotext reads in slip.pdf; option: "-raw", "-bbox". */
char *drawn_read_back(const char *option)
{
    char pdf[96], text[96], *bytes;
    size_t len;
    struct drawn_run run;

    drawn_need("/usr/bin/pdftotext");
    drawn_path_of(pdf, sizeof(pdf), "slip.pdf");
    drawn_path_of(text, sizeof(text), "slip.txt");
    drawn_run_program(
        &run,
        (const char *const[]){ "/usr/bin/pdftotext", option, pdf, text, NULL },
        NULL);
    assert_int_equal(run.status, 0);
    buf_done(&run.output);
    assert_int_equal(file_read(text, DRAWN_BYTES, &bytes, &len), ERR_OK);
    return bytes;
}

/* Lines are broken anywhere in Chinese, so spaces do not count. */
void drawn_squeeze(char *text)
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

void drawn_expect_text(const char *page, const char *text)
{
    char *wanted = mem_copy_text(text);

    drawn_squeeze(wanted);
    if (!strstr(page, wanted))
        fail_msg("not on the slip: %s", text);
    mem_free(wanted);
}
void drawn_expect_refused(const char *json, const char *words)
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

/* No word lies outside the paper. */
void drawn_expect_inside(const char *boxes, double width)
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
