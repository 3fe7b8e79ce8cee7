/* What drive_run.c (starting, ending), drive.c (reading, acting), drive_item.c (to an item from home)
 * and drive_painted.c (what stands on the screen, and showing it when a test
 * fails) share.  Tests use drive.h. */
#pragma once

#include "tests/tty/drive.h"
#include "tests/tty/letters.h"

#include <vterm.h>

#include "kiosk/base/buf.h"

enum {
    WAIT_MS = 60000, /* generous: a slow machine never reaches it */
    ENDS_MS = 5000,  /* from closing all to the end */
    REPORT_MAX = 1024 * 1024,
    ERRORS_SHOWN = 6000,
    SAID_MAX = 256 * REPORT_MAX,
    PATH_BYTES = 512,
    PRESS_BYTES = 64,
    PAINTED_MAX = 200 * 60 * 8
};

struct drive {
    pid_t pid;
    int terminal, report, pipe;
    char slave[64]; /* the program's side of the pseudo-terminal */
    int rows, cols;
    int points, first_rows, first_cols; /* letters; 0: they do not change */
    struct letters letters;
    void (*type)(void *owner, const char *bytes, size_t len);
    void *type_owner;
    bool is_twice; /* each press */
    VTerm *vterm;
    VTermScreen *screen;
    char folder[PATH_BYTES];
    char errors[PATH_BYTES];
    bool is_own_folder, is_own_errors;
    char *bytes; /* of the report, not yet lines */
    size_t len;
    struct buf said; /* every line of the report so far */
    json_t *page;
    json_t *answer;  /* of the last simulator's line */
    int64_t moved_s; /* its clock, against ours */
    /* Of the turn before on this page: what it ended with may go on here. */
    char turned_at[128];
    json_int_t turned_page;
    bool has_ended;
    int status;
    char painted[PAINTED_MAX];
};

/* Waits until holds() does, at most WAIT_MS; words say for what. */
void drive_wait_for(struct drive *drive,
                    bool (*holds)(struct drive *drive, const void *what),
                    const void *what, const char *words);
/* One round of what the program writes, waiting so long for it. */
void drive_pump(struct drive *drive, int wait_ms);
/* The program is no more; its exit code, as a shell says it. */
bool drive_is_gone(struct drive *drive);
int drive_exit_code(const struct drive *drive);
void drive_show_errors(const struct drive *drive);
/* From a home page of themes, or another theme's, to the page on which this item's tile ("item.X")
 * stands; false: this is no home page, or none of them has it. */
bool drive_goes_to_item(struct drive *drive, enum drive_hand hand,
                        const char *item);
