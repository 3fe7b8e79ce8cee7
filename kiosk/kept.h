/* What a state folder holds, as files: whether this machine goes on with it,
 * begins with it, or has lost something of it.  What was lost is never made
 * anew by itself: an empty store would look like one in which nothing waits.
 *
 * A mark in the folder says that the machine has begun with it ("beginning",
 * until the first store has been opened; then "in use").  Used by delivery and
 * by the staff's commands. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>

enum { KEPT_PATH_BYTES = 512 };

enum kept_file {
    KEPT_KEY,      /* machine.key */
    KEPT_NEXT_KEY, /* machine.key.next: waits for the hub to know it */
    KEPT_STORE,    /* kiosk.sqlite */
    KEPT_RESERVE,  /* room for what was begun */
    KEPT_MARK,
    KEPT_LOCK,
    KEPT_STAFF_PIN, /* these four: staff.h */
    KEPT_STAFF_KEY,
    KEPT_STAFF_TRIES,
    KEPT_STAFF_OUT
};

void kept_path(const char *folder, enum kept_file file,
               char path[KEPT_PATH_BYTES]);

/* has_key_file: the machine's key is a file, and no provider's.
 * ERR_OK: go on with it; *ret_is_new: key and store are to be made.
 * ERR_FOLDER_LOST, ERR_STORE_LOST, ERR_KEY_LOST, ERR_READ_ONLY, ERR_IO. */
MUST_CHECK enum err kept_check(const char *folder, bool has_key_file,
                               bool *ret_is_new);
/* The folder is one to begin with (made, when it is not there): from here on a
 * power cut at any moment leaves a machine that begins once more. */
MUST_CHECK enum err kept_begin(const char *folder);
/* Key and store stand: what is missing from here on is lost. */
MUST_CHECK enum err kept_settle(const char *folder);

/* Staff begin anew: what there is of the store goes into a folder of its own
 * beside it (its path in aside; "": there was nothing of it), and the next start makes another.  The key
 * stays.  After an error, doing it again goes on. */
MUST_CHECK enum err kept_set_aside(const char *folder,
                                   char aside[KEPT_PATH_BYTES]);
