/* What stands on a slip (收件回执 or 暂存凭条): one content for screen, phone and
 * paper, as a request to kiosk-draw.  In a session that is not in Chinese both
 * languages stand on the paper. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/session.h"
#include "kiosk/settings.h"

#include <stdbool.h>

struct slip_facts {
    const struct session_case *made;
    const struct item *item;
    const struct answers *answers;
    enum language language; /* the session's */
    const struct settings *settings;
    const char *progress_url; /* "" : no QR */
    bool is_demo;
};

/* "Wolong hall, machine 3" */
void slip_terminal(const struct settings *settings, enum language language,
                   struct buf *out);
/* One JSON line, without its newline. */
void slip_compose(const struct slip_facts *facts, struct buf *out);
