/* Pretended disks below our SQLite VFS.  Every file is kept twice: as the
 * program sees it, and as it would be found after a power cut, with the list
 * of what was written since the last sync.  At a planned operation a disk dies:
 * from there on nothing reaches it, and disk_recover() decides what is left.
 *
 * A power cut keeps, loses or tears (by sectors of 512 bytes) each operation
 * that was not synced, in any order; a process that was killed loses nothing
 * that it wrote. */
#pragma once

#include "tests/sim/dice.h"

#include <stddef.h>
#include <stdint.h>

struct disk;

/* Files whose path begins with folder are on it. */
struct disk *disk_new(const char *folder);
void disk_free(struct disk *disk);

/* It dies at the operation after so many (writes, syncs, cuts, deletions); -1:
 * it lives. */
void disk_die_after(struct disk *disk, int64_t operations);
void disk_die(struct disk *disk);
bool disk_is_dead(const struct disk *disk);
enum disk_end { DISK_POWER_CUT, DISK_KILLED };
void disk_recover(struct disk *disk, enum disk_end end, struct dice *dice);

/* Operations so far. */
int64_t disk_operations(const struct disk *disk);

/* Syncs say yes and do nothing: what the checker must find. */
void disk_skip_syncs(struct disk *disk, bool skips);

/* Whether these bytes stand in a file, also in what a crash could keep. */
bool disk_holds(const struct disk *disk, const void *bytes, size_t len);

/* What it holds is kept aside, and later is what it holds again. */
struct disk_copy;
struct disk_copy *disk_copy(const struct disk *disk);
void disk_put_back(struct disk *disk, const struct disk_copy *copy);
void disk_copy_free(struct disk_copy *copy);
