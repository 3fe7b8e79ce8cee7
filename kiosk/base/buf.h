/* A growing run of bytes with a maximum given at birth.
 *
 * Adding past the maximum sets is_cut and keeps what fits; callers check
 * is_cut once at the end.  The text is always NUL-terminated.  Memory is
 * zeroed when it moves or is freed, so a buf may hold what a citizen typed. */
#pragma once

#include "kiosk/base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *text; /* never NULL after buf_init */
    size_t len;
    size_t room;
    size_t max; /* bytes, without the NUL */
    bool is_cut;
};

void buf_init(struct buf *buf, size_t max_bytes);
void buf_done(struct buf *buf);
void buf_clear(struct buf *buf); /* zeroes, keeps the room */

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
__attribute__((format(printf, 2, 3))) void
buf_add_format(struct buf *buf, const char *format, ...);
void buf_add_hex(struct buf *buf, const void *bytes, size_t len);
void buf_add_base64(struct buf *buf, const void *bytes, size_t len);
void buf_remove_front(struct buf *buf, size_t len);

/* Strict: no white space, right padding.  ret_len at most max_bytes. */
MUST_CHECK enum err base64_decode(const char *text, size_t text_len,
                                  unsigned char *bytes, size_t max_bytes,
                                  size_t *ret_len);
MUST_CHECK enum err hex_decode(const char *text, unsigned char *bytes,
                               size_t exact_bytes);
