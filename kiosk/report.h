/* The machine-readable account of what is on the screen: one JSON line for
 * each page painted, and one for each simulator's line taken (README.md of
 * tests/tty).  Demo only: it tells what the citizen typed. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"
#include "kiosk/ui/ui.h"

#include <stdint.h>

struct report;

struct report_page {
    int64_t page;
    const char *screen;
    const char *item; /* NULL outside an item */
    const char *step;
    const char *language;
};

/* ERR_BAD_INPUT when fd is no open descriptor.  It stays the caller's. */
MUST_CHECK enum err report_new(struct loop *loop, int fd,
                               struct report **ret_report);
void report_free(struct report *report);

/* The page as ui painted it last; a line equal to the last is not repeated. */
void report_painted(struct report *report, const struct report_page *page,
                    const struct ui *ui);
/* words: the line without a person's data. */
void report_sim(struct report *report, const char *words, enum err err);
