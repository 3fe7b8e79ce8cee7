/* A person who goes a way that a citizen went before (path.h), whatever becomes
 * of the program meanwhile: reads the report's pages, does about each what was
 * done about it, and notes what they were told.
 *
 * Unlike drive.h it never fails a test: a program that ends, stands still or
 * shows a page that leads no further is what it is there to find out. */
#pragma once

#include "tests/fault/path.h"

#include <stdbool.h>

enum robot_end {
    ROBOT_DONE,  /* the whole way, back at the first page */
    ROBOT_PAGE,  /* a page that leads no further here, and says why */
    ROBOT_ENDED, /* the program ended */
    ROBOT_STUCK  /* nothing happens any more */
};

struct robot_run {
    enum robot_end end;
    char page[64]; /* the last one's screen and step */
    int code;      /* of the program's end; 128 + signal */
    /* What any page said of the case. */
    bool said_safe, said_delivered, said_not_stored;
};

struct robot_order {
    const char *program, *state_folder, *errors;
    const struct item *item; /* NULL: only looks at the first page */
    const struct path *path; /* of this item */
    /* With item NULL: until this holds, and the machine is in service. */
    bool (*is_enough)(void *owner);
    void *owner;
};

void robot_walk(const struct robot_order *order, struct robot_run *ret_run);
