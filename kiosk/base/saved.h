/* Tells when something in a folder is not as it was: a file was saved (written
 * and closed, or put in the place of another by renaming, as editors do),
 * removed or moved away, or a folder in it came or went.  A file that is still
 * being written is not told.  For who previews what somebody writes. */
#pragma once

#include "kiosk/base/loop.h"

struct saved;

/* name: the file's, without its folder; borrowed for the call.  "": anything
 * may have changed, and a folder that was watched may be gone (moved away
 * counts as that): it is to be added again when it is back. */
typedef void (*saved_fn)(void *owner, const char *name);

/* ERR_IO: this system cannot watch. */
MUST_CHECK enum err saved_new(struct loop *loop, saved_fn on_saved, void *owner,
                              struct saved **ret_saved);
/* The same folder a second time is fine; ERR_NOT_FOUND when it is not there. */
MUST_CHECK enum err saved_add(struct saved *saved, const char *folder);
void saved_free(struct saved *saved);
