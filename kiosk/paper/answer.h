/* kiosk-draw's manner of speaking: a request a line, an answer a line.
 *   {"draw": 7, "pages": 1, "pdf": "<base64>"}
 *   {"draw": 7, "error": "slip.title: missing"} */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stddef.h>

/* Bytes an answer may take, for the buffer it is written to. */
enum { ANSWER_BYTES = 4 * 1024 * 1024 + 4096 };

/* One request to the bytes of a PDF, or one sentence in why. */
MUST_CHECK enum err answer_draw(const char *json, size_t len, struct buf *pdf,
                                struct buf *why);
/* One line to one line (both without a newline). */
void answer_line(const char *line, size_t len, struct buf *answer);
/* Answers lines from in until it ends.  ERR_IO: out is gone. */
MUST_CHECK enum err answer_serve(int in, int out);
