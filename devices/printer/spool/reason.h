/* What a print service says of itself, in the words of IPP, as a state of our
 * devices and what a human must do.  The table is in reason.c. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/device.h"

#include <stdbool.h>
#include <stddef.h>

enum { REASONS_MAX = 48, REASON_BYTES = 64 };

/* The keywords of printer-state-reasons, e.g. "media-empty-error". */
struct reasons {
    char keywords[REASONS_MAX][REASON_BYTES];
    size_t count;
    bool is_stopped;    /* printer-state says so */
    bool is_refusing;   /* printer-is-accepting-jobs is false */
    bool has_one_paper; /* an empty tray is the end of its paper */
};

struct judgement {
    enum device_state state;
    enum err why;
    enum device_action action;
};

/* The gravest of them; READY when none matters. */
struct judgement reasons_judge(const struct reasons *reasons);

/* More than REASONS_MAX, or longer ones, are left out. */
void reasons_add(struct reasons *reasons, const char *keyword);

/* Takes out what only the printer itself can know (paper, cover, ink): its
 * queue may remember it from a job of long ago. */
void reasons_forget_printer(struct reasons *reasons);
