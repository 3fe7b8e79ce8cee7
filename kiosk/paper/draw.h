/* Draws a checked slip as a PDF: 58 and 80 mm paper gets one page as long as
 * it needs to be, A4 up to four, a form up to sixty.  The same slip always gives the same bytes; the
 * document's own data hold no date, and no words but "slip". */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"
#include "kiosk/paper/slip.h"

enum { DRAW_PDF_BYTES = 3 * 1024 * 1024, DRAW_PAGES = 4, DRAW_FORM_PAGES = 60 };

/* Finds the fonts, which takes up to 150 ms the first time: to be called
 * before the sandbox is entered, which lets no thread begin. */
void draw_warm_up(void);

/* Appends the document to pdf.  ERR_TOO_BIG, with one sentence in why. */
MUST_CHECK enum err draw_slip(const struct slip *slip, struct buf *pdf,
                              int *ret_pages, struct buf *why);
