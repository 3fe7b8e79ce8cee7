/* The changes that nothing finds and that a person looked at, each with its
 * reason: a file of lines
 *
 *     because A sentence that says why nothing finds them
 *     residence-permit: bound: legal_time.days: 15 -> 16
 *
 * A change belongs to the reason above it; # begins a comment.  They count as
 * lived all the same: the file says which have been thought about. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct looked;

/* ERR_BAD_INPUT: problem says which line is none of these; ERR_NOT_FOUND,
 * ERR_IO. */
MUST_CHECK enum err looked_read(const char *path, struct buf *problem,
                                struct looked **ret_looked);
void looked_free(struct looked *looked);

/* The reason of that change (as change_tell tells it), borrowed; NULL: nobody
 * looked at it.  It is then marked as living. */
const char *looked_reason(struct looked *looked, const char *change);

/* Those of the item that were not asked for: something finds them now, or they
 * are made no more. */
void looked_stale(const struct looked *looked, const char *item,
                  void (*on_stale)(void *owner, const char *change),
                  void *owner);
