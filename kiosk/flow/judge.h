/* Would the terminal have let this case through?  The hub walks what a case
 * holds through the same pages, rules, lists and fields, and names the first
 * that is not as the terminal would have left it.
 *
 * Names are the item's own words or the table's; nothing of what the case says
 * is ever repeated. */
#pragma once

#include <jansson.h>

#include "kiosk/flow/shared.h"
#include "kiosk/flow/walk.h"

/* What is wrong: its code on the wire, and a sentence for the office. */
#define JUDGE_TABLE(X)                                                         \
    X(GOOD, "good", "it is as the terminal would have sent it")                \
    X(DAY, "day", "it does not tell the day of its session")                   \
    X(ANONYMOUS, "anonymous",                                                  \
      "an anonymous case tells more, or another less, than it may")            \
    X(UNKNOWN_ANSWER, "unknown-answer", "the item asks for no such answer")    \
    X(NOT_ASKED, "not-asked", "a page that is not shown has an answer")        \
    X(MISSING, "missing", "a page that is shown has no answer")                \
    X(NOT_OFFERED, "not-offered", "this could not be chosen there")            \
    X(NOT_ACCEPTED, "not-accepted", "the field does not accept this")          \
    X(NOT_ALLOWED, "not-allowed", "the item does not allow this answer")       \
    X(COMPUTED, "computed", "this follows otherwise from the other answers")   \
    X(STOP, "stop", "the item cannot go on past this page")                    \
    X(MINOR, "minor", "who is under 16 cannot do this alone")                  \
    X(EXPIRED, "expired", "the card was no longer valid")                      \
    X(AGE, "age", "day of birth and number do not tell the same age")          \
    X(ASSURANCE, "assurance", "it claims more than was made sure of")

enum judge_code {
#define X(code, name, text) JUDGE_##code,
    JUDGE_TABLE(X)
#undef X
        JUDGE_COUNT
};
/* "not-offered", and its sentence. */
const char *judge_code_name(enum judge_code code);
const char *judge_code_text(enum judge_code code);

/* What the hub's own registers say of a person, for who judges what a case took
 * from records. */
enum judge_looked {
    JUDGE_LOOKED,    /* it stands in *ret_record */
    JUDGE_NO_RECORD, /* there is none of that kind */
    JUDGE_NOT_LOOKED /* it cannot be looked at now */
};
struct judge_registers {
    /* Borrowed until the next call. */
    enum judge_looked (*look)(void *owner, const char *number,
                              const struct shared_kind *kind,
                              struct shared_record *ret_record);
    void *owner;
};

/* A case that was opened. */
struct judge_case {
    const struct item *item; /* the very one it was made by */
    const json_t *body;
    const char *assurance; /* as the header has it */
    int64_t sent_ms;       /* when it was sent; an anonymous one: its hour */
    bool is_hour_only;
    int64_t now_ms;                          /* the hub's clock */
    const struct judge_registers *registers; /* NULL: it has none to look at */
};

enum { JUDGE_NAME_BYTES = 40 };

struct judgement {
    enum judge_code code;
    char name[JUDGE_NAME_BYTES]; /* of the step or answer; "" for none */
    char stop[JUDGE_NAME_BYTES]; /* JUDGE_STOP: which one; else "" */
    /* Of a good case, what staff should look at all the same, or "": "late",
     * "ahead", "clock", "birth", "lacks NAME", "shared KIND". */
    char look[JUDGE_NAME_BYTES + 8];
    /* Of a good case, the answer that is a place in time, or "": whether that
     * is free the caller knows. */
    char slot[JUDGE_NAME_BYTES];
};

/* A case may wait so long at a terminal without a network until somebody should
 * look at it: what it was decided by is old. */
enum { JUDGE_LATE_DAYS = 30 };

/* ERR_TOO_BIG: there is no room to look at it now. */
MUST_CHECK enum err judge(const struct judge_case *asked,
                          struct judgement *ret_judgement);
