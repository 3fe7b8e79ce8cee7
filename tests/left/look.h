/* Looks for a citizen's marks in all that a program can leave behind: the
 * memory of a process and of its children, the files that it has open, the
 * files of a folder with their names. */
#pragma once

#include "tests/left/search.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

enum { LOOK_WHERE_BYTES = 640 };

/* What was found, counted; the first places in words. */
struct look {
    const struct search *search;
    const char *except; /* children of this name are passed over, or NULL */
    time_t since;       /* files that changed earlier are passed over */
    size_t count;
    size_t of_form[FORM_COUNT];
    size_t bytes;      /* that were looked at */
    size_t unreadable; /* pages of memory that could not be read */
    bool is_shown;     /* what stands around a find is written to stderr */
    char where[LOOK_WHERE_BYTES];
};

void look_begin(struct look *look, const struct search *search);

/* False where another process's memory may not be read (who is not root, and
 * some containers): then nothing was looked at. */
bool look_may_read(pid_t pid);
/* The process, its children and theirs: every readable page of memory that it
 * ever touched, and every file that it has open. */
void look_process(struct look *look, pid_t pid);
/* A folder and all below it, names and contents; not what lies below a folder
 * whose path ends in one of `except` (NULL-terminated). */
void look_folder(struct look *look, const char *folder,
                 const char *const *except);
