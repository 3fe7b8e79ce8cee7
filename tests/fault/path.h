/* The way of a citizen (tests/left/citizen.h) through an item of a program in
 * which nothing fails: what was done about each page, without what led to a
 * stop.  A robot goes it again where something does fail. */
#pragma once

#include "tests/left/citizen.h"

enum { PATH_ACTS_MAX = 256, PATH_WHAT_BYTES = 256 };

struct path_act {
    char screen[32], step[64]; /* of the page */
    enum citizen_act act;
    char what[PATH_WHAT_BYTES];
};

struct path {
    struct path_act acts[PATH_ACTS_MAX]; /* in their order */
    size_t count;
};

/* By the first of those who come whom the item is for; from the attract page to
 * the attract page.  A failure fails the test that asked. */
void path_find(struct drive *drive, const struct item *item,
               struct path *ret_path);
/* The next act about such a page, from this one on, then from the first on;
 * ret_at stays untouched when there is none. */
bool path_next(const struct path *path, const char *screen, const char *step,
               size_t from, size_t *ret_at);
