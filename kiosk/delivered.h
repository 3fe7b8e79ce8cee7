/* The items delivered with the program, in a folder of their own: their YAML,
 * which alone counts, and what `kiosk deliver` compiled of it, so that a start
 * reads no YAML.
 *
 * Beside the items stand items.pack and items.proof; where a division has
 * overlays, the same two beside those, with them in it.  The proof is one line:
 * the digest of all that the pack was compiled from and of this build of the
 * program (pack_sources.h), and the pack's hash.  At each start the digest is
 * made anew from the files as they are: a file changed, added or taken away, a
 * pack that is damaged, missing or another program's is never used, and the
 * YAML is read as if nothing had been compiled. */
#pragma once

#include "kiosk/flow/pack.h"

#define DELIVERED_PACK  "items.pack"
#define DELIVERED_PROOF "items.proof"

/* For a terminal of that division.  On error problems says what is wrong with
 * the YAML; a pack that cannot be used is no error. */
MUST_CHECK enum err delivered_open(const char *folder, const char *division,
                                   struct problems *problems,
                                   struct pack **ret_pack);
/* Compiles the items, and once more for each division that has overlays.
 * ERR_BAD_INPUT: some are wrong, and problems says what; these are not compiled,
 * the others are.  ret_count: how many packs were written. */
MUST_CHECK enum err delivered_compile(const char *folder,
                                      struct problems *problems,
                                      size_t *ret_count);
