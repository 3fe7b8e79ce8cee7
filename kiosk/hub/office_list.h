/* What the office may look at beside the running hub: DIR/terminals.json, each
 * machine that may send with what it told last, who calls for a person, which
 * cases somebody should look at, and why, and what was paid.
 * The hub writes it anew within a second of a change, and each minute, so that
 * its age tells whether a hub runs. */
#pragma once

#include "kiosk/hub/hub_parts.h"

enum {
    LIST_BYTES_MAX = 8 * 1024 * 1024,
    LIST_CASES_MAX = 500,       /* of those to look at */
    LIST_AGE_MS = 60 * 1000,    /* written anew at least so often */
    SILENT_MS = 10 * 60 * 1000, /* a machine of which nothing was heard */
    NOT_RUNNING_MS = 3 * 60 * 1000
};

/* The hub's side: writes it if it is time. */
void office_list_write(struct hub *hub);

/* For commands: the lines that are printed.  ERR_NOT_FOUND: no hub has written
 * one. */
MUST_CHECK enum err office_list_terminals(const char *state, struct buf *out);
MUST_CHECK enum err office_list_calls(const char *state, struct buf *out);
MUST_CHECK enum err office_list_look(const char *state, struct buf *out);
MUST_CHECK enum err office_list_payments(const char *state, struct buf *out);
