/* Every single change of an item's file that the mutation test makes, in the
 * order of the file: each a slip of the hand that leaves a file that reads well
 * and says something else.  What stands under `tests` is never changed: a test
 * that says something else fails, which shows nothing. */
#pragma once

#include "kiosk/base/buf.h"
#include "tests/mutate/edit.h"

enum change_kind {
    CHANGE_NAME,     /* misspelt: an id, a reference, a word of a rule, a
                        {name} */
    CHANGE_OPERATOR, /* < <= > >= == != && || swapped, ! left out */
    CHANGE_BOUND,    /* moved by one: a number or day of a rule, a limit */
    CHANGE_STEP,     /* left out */
    CHANGE_OPTION,   /* left out */
    CHANGE_PART,     /* left out: a line, stop, rule, row, entry of a list */
    CHANGE_WHEN,     /* a rule left out, or its opposite */
    CHANGE_TEXT,     /* left out: in one language, or in both */
    CHANGE_MARK,     /* left out: required, sensitive, unverified, min, … */
    CHANGE_ORDER,    /* two steps changed over */
    CHANGE_COUNT
};
/* "name", "operator" */
const char *change_kind_name(enum change_kind kind);

struct change {
    enum change_kind kind;
    size_t line; /* from 1 */
    char *where; /* "steps.card.stops.minor.when" */
    char *what;  /* "16 -> 17"; different from all others of that place */
    struct edit edit;
};

struct changes {
    struct change *list;
    size_t count, room;
};

void changes_make(const struct tree *tree, struct changes *ret_changes);
void changes_done(struct changes *changes);

/* "residence-permit: bound: steps.card.stops.minor.when: 16 -> 17", as
 * looked-at.txt has it: lines may move. */
void change_tell(const struct change *change, const char *item,
                 struct buf *out);
