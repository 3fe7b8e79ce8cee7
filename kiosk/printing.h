/* One slip on its way to paper: drawn by a kiosk-draw child, then printed by
 * the printer's driver.  One at a time.  What was drawn is wiped as soon as
 * the printer has answered; a session's end stops it. */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/device.h"
#include "kiosk/held.h"

#include <stdbool.h>
#include <stddef.h>

struct printing;

struct printing_events {
    void (*on_pages)(void *owner, enum print_state state, int pages, int total);
    /* Once for each start that was not stopped; state: what the printer said
     * last, PRINT_FAILED when nothing was sent to it. */
    void (*on_end)(void *owner, enum err err, enum print_state state);
};

/* draw_path: the program kiosk-draw. */
struct printing *printing_new(struct loop *loop, const char *draw_path,
                              const struct printing_events *events,
                              void *owner);
void printing_free(struct printing *printing);

/* request: one line for kiosk-draw (kiosk/paper/README.md).  The answer comes
 * later, never inside this call. */
void printing_start(struct printing *printing, struct device *printer,
                    const char *request, size_t len);
/* A finished document, its bytes copied, so many times. */
void printing_start_pdf(struct printing *printing, struct device *printer,
                        const void *pdf, size_t len, int copies);
/* Gives up: the job is stopped, no answer comes. */
void printing_stop(struct printing *printing);
bool printing_is_busy(const struct printing *printing);
/* The paper that is on its way, if any. */
void printing_tell(const struct printing *printing, struct held *held);

/* The printer's answers, handed on by the app, which owns the devices. */
void printing_on_pages(struct printing *printing, uint32_t job,
                       enum print_state state, int pages, int total);
void printing_on_finished(struct printing *printing, uint32_t job,
                          enum err err);
