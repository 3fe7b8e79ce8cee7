/* kiosk-ime's manner of speaking: a question a line, an answer a line.
 *   {"ime": 7, "ask": "pinyin", "text": "nihao"}
 *   {"ime": 7, "rest": "nihao", "reading": "ni hao", "offers": ["你好", "你"]}
 * README.md has the rest.  Remembers nothing between questions. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/ime/phrases.h"

#include <stddef.h>

enum {
    ASK_LINE_BYTES = 4096,
    ASK_ANSWER_BYTES = 16 * 1024,
    ASK_OFFERS_MAX = 180,
    ASK_LETTERS_MAX = 40,
    ASK_STROKES_MAX = 32,
    ASK_ANY_MAX = 2 /* strokes that one does not know, in one character */
};

/* One line to one line (both without a newline). */
void ask_line(const struct phrases *words, const char *line, size_t len,
              struct buf *answer);
/* Answers lines from in until it ends.  ERR_IO: out is gone. */
MUST_CHECK enum err ask_serve(const struct phrases *words, int in, int out);
