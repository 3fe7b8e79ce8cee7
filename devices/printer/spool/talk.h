/* kiosk-print's side of the socket pair: the driver's lines in, answers out.
 * The end of the input and SIGTERM mean the same: nobody wants the job any
 * more. */
#pragma once

#include "devices/printer/line.h"

#include <stdbool.h>
#include <stddef.h>

struct talk {
    int in, out;
    struct buf lines;
    size_t used; /* bytes of lines that were handed out */
    bool has_ended;
    bool is_cancelled; /* for good: whoever reads the cancel first */
};

enum said { SAID_NOTHING, SAID_LINE, SAID_END };

void talk_init(struct talk *talk, int in, int out);
void talk_done(struct talk *talk);

/* Waits for a line, at most wait_ms; -1: as long as it takes.  The line is
 * valid until the next call. */
enum said talk_wait(struct talk *talk, int wait_ms, const char **ret_line,
                    size_t *ret_len);
/* Whether the order to go on still stands, after waiting so long. */
bool talk_may_go_on(struct talk *talk, int wait_ms);
/* Nobody listens: no harm, the job is followed all the same. */
void talk_answer(struct talk *talk, const struct spool_answer *answer);
