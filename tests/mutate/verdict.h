/* What `kiosk check` says of a changed file, without a process: the same
 * loader, the same walk of every way, the item's own tests; of the file itself,
 * among the other items of its folder, and under every overlay that is laid
 * over it there. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* What told first; in the order in which they are asked (the quick ones first,
 * which check itself does otherwise). */
enum found_by { FOUND_READING, FOUND_TEST, FOUND_WAYS, FOUND_NOTHING };

struct judge;

/* The file as it is: what is told of it already is nothing new of a change.
 * ERR_BAD_INPUT: it has an error, and problems tells; ERR_IO: it cannot be
 * read.  The screens must be told before (item_set_screens). */
MUST_CHECK enum err judge_open(const char *path, struct buf *problems,
                               struct judge **ret_judge);
void judge_close(struct judge *judge);

/* The file's text, borrowed. */
const char *judge_text(const struct judge *judge, size_t *ret_len);

/* message: the first that is new, with its place; as it was when nothing is. */
enum found_by judge_try(struct judge *judge, const char *text, size_t len,
                        struct buf *message);
