/* What the driver printer/cups and its child kiosk-print say to each other: a
 * JSON object a line.  devices/printer/spool/README.md shows the lines.
 *
 * A request is read once; its PDF is the reader's until spool_request_done(),
 * which wipes it.  Texts of other programs are never passed on. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SPOOL_PDF_BYTES = 4 * 1024 * 1024,
    /* Base64 of the largest PDF, and what stands around it. */
    SPOOL_REQUEST_BYTES = SPOOL_PDF_BYTES / 3 * 4 + 4096,
    SPOOL_ANSWER_BYTES = 2048,
    SPOOL_NAME_BYTES = 128,
    SPOOL_MARK_BYTES = 32,
    SPOOL_URI_BYTES = 512,
    SPOOL_COPIES_MAX = 99
};

enum spool_order {
    SPOOL_WATCH,  /* cancel what is left of ours, tell the printer's state */
    SPOOL_PRINT,  /* the same, then print, and follow it to its end */
    SPOOL_CANCEL, /* the job that is being printed */
    SPOOL_ORDER_COUNT
};

struct spool_request {
    enum spool_order order;
    int64_t number; /* the driver's, for all answers */
    char queue[SPOOL_NAME_BYTES];
    char server[SPOOL_NAME_BYTES]; /* a socket's path or a host */
    /* The printer behind the queue, as an earlier answer told it, or "": there
     * our jobs are cancelled even when CUPS does not answer. */
    char device[SPOOL_URI_BYTES];
    char mark[SPOOL_MARK_BYTES]; /* the job's name: whose it is, not about
                                      whom */
    enum paper paper;
    int copies;
    unsigned char *pdf;
    size_t pdf_len;
};

struct spool_answer {
    int64_t number;
    bool is_end; /* nothing more comes; what follows is final */
    enum err err;
    bool is_clean; /* for sure nothing of ours is left, here or in the printer
                    */

    bool has_job; /* else the next two say nothing */
    enum print_state state;
    int pages; /* that came out, as far as known */

    bool has_printer; /* else the next three say nothing */
    enum device_state printer;
    enum err why;
    enum device_action action;
    char device[SPOOL_URI_BYTES]; /* "" if not known */
};

void spool_write_request(const struct spool_request *request, struct buf *line);
/* ERR_BAD_INPUT, ERR_TOO_BIG; then nothing is left to be done. */
MUST_CHECK enum err spool_read_request(const char *line, size_t len,
                                       struct spool_request *ret_request);
void spool_request_done(struct spool_request *request);

void spool_write_answer(const struct spool_answer *answer, struct buf *line);
MUST_CHECK enum err spool_read_answer(const char *line, size_t len,
                                      struct spool_answer *ret_answer);
