/* What an answer of the hub means: status and body in, an error and the hub's
 * words out.  Pure, and never trusting: whatever is not exactly an answer of
 * the hub's (a proxy's page, a portal, half a body) is ERR_BAD_ANSWER, so that
 * the case is tried again.  Used by client.c. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/store/terminal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum answer_kind {
    ANSWER_SENT,
    ANSWER_ASKED,
    ANSWER_HEARTBEAT,
    ANSWER_SAID, /* of client_ask: what the body is, the asker knows */
    ANSWER_FILE  /* the same, but no JSON */
};

enum { ANSWER_PROBLEM_BYTES = 32, ANSWER_STEP_BYTES = 40 };

struct answer {
    enum err err;
    bool is_new;
    bool is_untimely; /* refused for its time; hub_ms says the right one */
    bool is_coming;   /* of a heartbeat: somebody answered the call for help */
    bool is_revoked;  /* by name: this machine's key is not accepted */
    int64_t hub_ms;   /* 0: not told */
    struct journal_head journal; /* number 0: not told */
    char case_number[51];
    char state[33];
    char
        step[ANSWER_STEP_BYTES]; /* ERR_RULES: of which step or answer; or "" */
    char
        problem[ANSWER_PROBLEM_BYTES]; /* ANSWER_SAID, _FILE: its name, or "" */
};

void answer_read(enum answer_kind kind, int status, const char *text,
                 size_t len, struct answer *ret_answer);
