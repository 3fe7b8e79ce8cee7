/* Foreign text, and how wide text is.
 *
 * text_accept() is the only door for text from outside (keyboard, card,
 * network, files): after it a string is valid UTF-8 in NFC, without control
 * characters, within its limit, and the caller knows what was changed.
 * Widths are terminal cells by the C library's wcwidth, which is what ncurses
 * paints by. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_change {
    bool was_cut;     /* longer than allowed */
    bool was_invalid; /* broken UTF-8 or lone surrogates became U+3013 */
    bool had_control; /* control and format characters were dropped;
                         newlines and tabs became one space */
};

/* Appends to out; max_chars counts code points. */
void text_accept(const char *bytes, size_t len, size_t max_chars,
                 struct buf *out, struct text_change *ret_change);
/* UTF-16LE as cards have it: padding (U+0020, U+0000, U+FFFF) trimmed at the
 * right end only; a lone surrogate becomes U+3013. */
void text_accept_utf16le(const unsigned char *bytes, size_t len,
                         struct buf *out, struct text_change *ret_change);

/* Well-formed UTF-8 without NUL, whatever else is in it. */
bool text_is_valid(const char *bytes, size_t len);

/* One code point of bytes that may be broken; returns how many bytes it took (0
 * when len is 0).  TEXT_BROKEN stands for one broken sequence: the longest
 * beginning of a character, or a surrogate that was encoded by itself. */
enum { TEXT_BROKEN = 0x110000 };
size_t text_decode(const char *bytes, size_t len, uint32_t *ret_code_point);
/* Bytes written (no NUL); what is no character is written as U+3013. */
size_t text_encode(uint32_t code_point, char bytes[4]);

/* Takes spaces, dashes and full-width forms out of a number:
 * "１３８ 1234-5678" becomes "13812345678". */
void text_tidy_number(const char *text, struct buf *out);

/* One code point at *at, moving *at on; 0 at the end.  Valid UTF-8 only. */
uint32_t text_next(const char **at);
size_t text_count(const char *text); /* code points */
/* Bytes of the first count code points. */
size_t text_offset(const char *text, size_t count);

int text_width_of(uint32_t code_point); /* 0, 1 or 2 */
int text_width(const char *text);       /* cells of the whole text */
int text_width_bytes(const char *text, size_t len);
/* Bytes of the longest beginning that fits into cells. */
size_t text_fit(const char *text, int cells);

/* Breaks text into lines of at most cells, by UAX 14, so that no line begins
 * with ，。; newlines break too.  on_line gets each line (trailing spaces left
 * out).  A single word wider than cells is cut where it must be.  An empty text
 * has no line; a newline at the very end adds none. */
void text_wrap(const char *text, int cells,
               void (*on_line)(void *owner, const char *line, size_t len),
               void *owner);
int text_wrap_count(const char *text, int cells);

/* Masks for people who look over a shoulder: "张*三", "411***********1234",
 * "138****5678". */
void text_mask_name(const char *name, struct buf *out);
void text_mask_number(const char *number, struct buf *out);
void text_mask_phone(const char *phone, struct buf *out);
/* "n***@example.com" */
void text_mask_email(const char *email, struct buf *out);

/* Characters that the terminal's fonts surely have: GB 18030's two-byte part
 * and the like; others show as U+3013 on the screen. */
bool text_has_glyph(uint32_t code_point);
void text_for_screen(const char *text, struct buf *out);
/* True: text_for_screen() would change nothing of it. */
bool text_is_for_screen(const char *text);
