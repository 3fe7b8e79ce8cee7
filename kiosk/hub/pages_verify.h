/* Whether a certificate is genuine, as a page. */
#pragma once

#include "kiosk/hub/pages.h"

enum verdict {
    VERDICT_NONE,     /* only the form */
    VERDICT_FORM_BAD, /* what was typed cannot be a number and a code */
    VERDICT_GENUINE,
    VERDICT_EXPIRED, /* genuine, but not valid any more */
    VERDICT_WITHDRAWN,
    VERDICT_OTHER_CODE, /* altered: number and code do not belong together */
    VERDICT_OTHER_FILE, /* altered: the file is not the one that was issued */
    VERDICT_UNKNOWN,
    VERDICT_SHUT,   /* too many wrong codes for this number */
    VERDICT_FAILED, /* the hub cannot say it now */
    VERDICT_COUNT
};

/* "" where there is nothing to tell; only what is genuine, expired or
 * withdrawn tells more than its number. */
struct page_certificate {
    const char *number;
    const char *title;
    const char *name;   /* masked */
    const char *issued; /* "20261126" */
    const char *valid_until;
    const char *sha256; /* hex */
};

void page_write_verdict(const struct page_frame *frame, enum verdict verdict,
                        const struct page_certificate *certificate,
                        struct buf *out);
