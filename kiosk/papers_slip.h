/* 一次性告知单: what this person still lacks for a matter, all at once, to take
 * home.  Nothing of anybody stands on it but which papers are lacking. */
#pragma once

#include "kiosk/flow/walk.h"
#include "kiosk/settings.h"

#include <stdbool.h>

struct papers_slip {
    const struct item *item;
    const struct answers *answers;
    enum language language; /* the session's: both then, if it is not Chinese */
    const struct settings *settings;
    int64_t wall_ms;
    bool is_demo;
};

/* One JSON line, as slip_compose's. */
void papers_slip_compose(const struct papers_slip *facts, struct buf *out);
