/* What a folder of items is compiled from, as one digest: every file that loading
 * it may read (items, lists, the overlays that lie over them in a division), by
 * name and content, and this very build of the program.  Loading twice from the
 * same digest gives the same pack, or the same mistakes; so a pack noted with
 * its digest stands for those files, and for no others. */
#pragma once

#include "kiosk/flow/pack.h"

/* ret_digest: hexadecimal.  The division's code is not part of it, only what is
 * laid over the items there.  ERR_NOT_FOUND: there is no such folder, or the
 * build has no identity; else as file_read. */
MUST_CHECK enum err pack_sources(const char *folder, const char *division,
                                 char ret_digest[PACK_HASH_CHARS + 1]);
