/* What the files that write pages share.  For pages*.c only. */
#pragma once

#include "kiosk/hub/pages.h"

/* Both languages side by side, so that they are read and changed together; the
 * terminal's catalogues are not loaded here. */
#define WORDS(zh, english)                                                     \
    {                                                                          \
        .in = { [LANGUAGE_ZH_CN] = (zh), [LANGUAGE_EN] = (english) }           \
    }

/* Text from outside is escaped by each of these. */
void page_begin(struct buf *out, const struct page_frame *frame,
                const struct words *title);
void page_end(struct buf *out);
void page_add_element(struct buf *out, const char *start, const char *text,
                      const char *end);
void page_add_words(struct buf *out, const struct page_frame *frame,
                    const char *start, const struct words *words,
                    const char *end);
/* Of a <dl>; nothing for "". */
void page_add_fact(struct buf *out, const struct page_frame *frame,
                   const struct words *label, const char *text);
