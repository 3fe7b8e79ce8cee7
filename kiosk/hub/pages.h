/* The phone pages as HTML: what stands on them, in Chinese and English, and
 * nothing about how they are reached.
 *
 * Pages are right at 360 px, load nothing from anywhere, run no script and set
 * no cookie; every text from outside is escaped here.  Used by public.c. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/i18n.h"

#include <stdbool.h>

/* The one style sheet, inside each page; public.c names its digest in the
 * Content-Security-Policy. */
extern const char page_style[];

struct page_frame {
    enum language language;
    bool is_demo; /* says that nothing here is valid */
};

/* A page that only says something. */
enum page_notice {
    PAGE_HOME,    /* what this place is */
    PAGE_ABSENT,  /* not delivered yet, or a wrong address */
    PAGE_SHUT,    /* too many wrong codes */
    PAGE_REFUSED, /* not a way to use this page */
    PAGE_FAILED,  /* the hub cannot say it now */
    PAGE_NOTICE_COUNT
};

void page_write_notice(const struct page_frame *frame, enum page_notice notice,
                       struct buf *out);

/* What stands over the code's field after a try. */
enum page_try { TRY_NONE, TRY_NOT_DIGITS, TRY_WRONG, PAGE_TRY_COUNT };

/* A state of these pages: the time that a case asked for others had before it
 * arrived.  The case itself is in "correction". */
#define PAGE_SLOT_LOST "slot-lost"
/* … and those of a case that has arrived: the names of kiosk/flow/arrival.h. */

/* False for a state that has no words, with nothing written. */
bool page_write_state(const struct page_frame *frame, const char *state,
                      enum page_try last_try, struct buf *out);

/* What the slip says beside these, in its order. */
struct page_row {
    bool is_contact; /* whatever the office has done since */
    const char *label, *text;
};

/* Texts in the page's language; "" where there is none. */
struct page_details {
    const char *state;
    const char *title;
    const char *receipt;
    const char *case_number;
    const char *time; /* as in the envelope: to the second, or the hour */
    const char *unit;
    const char *words; /* of the office */
    const struct page_row *rows;
    size_t row_count;
};

bool page_write_details(const struct page_frame *frame,
                        const struct page_details *details, struct buf *out);
