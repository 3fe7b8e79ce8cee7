/* Slips drawn into a folder of their own and read back by other programs. */
#pragma once

#include "kiosk/base/buf.h"

enum { DRAWN_BYTES = 8 * 1024 * 1024 };

/* cmocka's. */
int drawn_set_up(void **state);
int drawn_tear_down(void **state);
/* Of a file in the folder. */
void drawn_path_of(char *path, size_t size, const char *name);

/* What a program said, and how it ended; output is the caller's to end. */
struct drawn_run {
    struct buf output;
    int lines, status;
    bool has_ended;
};
/* Runs a program to its end; input: lines for it, or NULL. */
void drawn_run_program(struct drawn_run *run, const char *const *argv,
                       const char *input);
/* Skips the test where there is no such program. */
void drawn_need(const char *program);

/* Draws a request into slip.pdf. */
void drawn_draw(const char *json);
/* It is refused with these words, and repeats nobody's name. */
void drawn_expect_refused(const char *json, const char *words);
/* What pdftotext reads in slip.pdf; option: "-raw", "-bbox".  The caller's. */
char *drawn_read_back(const char *option);
/* Lines are broken anywhere in Chinese, so spaces do not count. */
void drawn_squeeze(char *text);
void drawn_expect_text(const char *page, const char *text);
/* No word lies outside the paper. */
void drawn_expect_inside(const char *boxes, double width);

/* Requests of these blocks, and of one table. */
#define DRAWN_SLIP(blocks)                                                     \
    "{\"draw\":1,\"paper\":\"80mm\",\"slip\":{\"title\":\"A\",\"blocks\":"     \
    "[" blocks "]}}"
#define DRAWN_TABLE(head, rows)                                                \
    DRAWN_SLIP("{\"kind\":\"table\",\"head\":" head ",\"rows\":" rows "}")
