/* By which item a case was made: the hash that stands in a case's header, and
 * by which the hub finds the very same item among those that it has.
 *
 * It is the SHA-256, in hex, of this text, each line ended by one newline:
 *
 *     kiosk-item 1
 *     file HASH        the item's file, byte by byte
 *     overlay HASH     each file laid over it, in the order in which it is laid
 *     list NAME HASH   each list that its pages or rules use, by its name
 *
 * HASH being the SHA-256 of a file's bytes.  So two terminals that ask the same
 * have the same hash, whatever their division is called; and one changed comma
 * in any of the files has another. */
#pragma once

#include "kiosk/flow/item.h"

/* files: hashes in hex, of the item's file and then of its overlays.  The item
 * is loaded, its lists know their own hashes. */
void item_hash(const struct item *item, const char *const *files,
               size_t file_count, char hash[65]);
