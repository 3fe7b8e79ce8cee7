/* One of an item's own tests (own_tests.h), walked through the running program
 * by ten keys: from the attract page through the paper and the goodbye to the
 * attract page again.
 *
 * Each page is answered by what the report says that it is and by what the test
 * answers at its step, so a new item needs nothing here.  A kind of page that is
 * answered otherwise does: one row in own_walk.c.  A test that says "stop" ends at
 * that page, which is looked at.  Chinese, and the letters of
 * codes, are pasted: how ten keys write them is tested elsewhere
 * (chinese_test.c, field_test.c). */
#pragma once

#include "tests/tty/drive.h"
#include "tests/tty/own_tests.h"

enum { OWN_WALK_LINE = 512 };

/* What who asks for cases under way knows of those that were sent: the numbers of
 * the last one, and the card of the last one with a card. */
struct own_walk_case {
    char card[OWN_WALK_LINE]; /* the simulator's line; "": none */
    char receipt[16], code[8];
};

struct own_walk {
    struct drive *drive;
    const struct own_test *test;
    bool is_english;
    bool prints; /* the receipt, too */
    bool errs;   /* what the test says is refused is tried first */
    struct own_walk_case *last; /* of the walks before; a walk that sends a case
                                   leaves its own there */
};

/* A failure fails the test that asked.  What stood on each page is seen painted;
 * the pages are those of the test, in their order. */
void own_walk(const struct own_walk *walk);
/* In parts, for what the walk knows nothing of: until the page of that step
 * stands, the walk borrowed until its end; and on from there, where a page of its
 * own stands, until another one, or (NULL) to the end. */
void own_walk_to(const struct own_walk *walk, const char *until);
void own_walk_on(const char *until);
/* The next noon comes, at the attract page; its time. */
int64_t own_walk_noon(struct drive *drive);

/* own_noon.c: the program's time; so long passes; until the hub is found again,
 * at the attract page, once own_walk_noon() has seen it. */
int64_t own_walk_now_ms(const struct drive *drive);
void own_walk_pass_s(struct drive *drive, int64_t seconds);
void own_walk_await_hub(struct drive *drive);
