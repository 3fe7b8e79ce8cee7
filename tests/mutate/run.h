/* All changes of one file, tried one after the other, and what is told of it. */
#pragma once

#include "tests/mutate/change.h"
#include "tests/mutate/looked.h"
#include "tests/mutate/verdict.h"

enum { RUN_PERCENT = 95 }; /* of a file's changes must be found */

struct tally {
    size_t changes, found;
    size_t found_by[FOUND_NOTHING];
    size_t kind_changes[CHANGE_COUNT], kind_found[CHANGE_COUNT];
    size_t fresh; /* they live, and nobody looked at them */
};

struct run {
    size_t each;           /* every nth change only, from the first; 1: all */
    bool tells_all;        /* those found, too, each with what told it */
    struct looked *looked; /* or NULL */
    /* A line about one change, or about one no longer there. */
    void (*on_line)(void *owner, const char *line);
    void *owner;
};

/* Errors as of judge_open; also ERR_BAD_INPUT of what libyaml does not take. */
MUST_CHECK enum err run_file(const struct run *run, const char *path,
                             struct buf *problems, struct tally *ret_tally);
void tally_add(struct tally *sum, const struct tally *tally);
bool tally_is_enough(const struct tally *tally);
/* "12 changes, 11 found (91.6 %): 8 by reading, …", then a line for each kind;
 * percents are rounded down. */
void tally_tell(const struct tally *tally, struct buf *out);
