/* Compiled packs: all items of a folder, checked, as one file that is mapped
 * and used without any YAML.
 *
 * The file is a header, then 32-bit numbers (little end first), then texts, each
 * ended by a NUL.  A text is named by its place among the texts; nothing in the
 * file is an address.  What the numbers mean follows from the table of keys: the
 * first text says which fields there are, in which order (pack_fields.h), so
 * that a program with more keys still reads it.
 *
 *   at   bytes
 *    0       8  "KIOSKPK\n"
 *    8       4  format of this header and of what follows
 *   12       4  bytes of the header
 *   16      32  SHA-256 of all that follows: the pack's hash, its name
 *   48       8  bytes of the whole file
 *   56       8  fingerprint of the first text: by it ours is known at once
 *   64       4  the pack's version
 *   68       8  division whose overlays are in it, NULs; all NULs: any
 *   76      32  version of the program that compiled it, NULs
 *  108       4  bytes of the texts, at the end of the file
 *
 * Whatever the bytes are, reading them is a fault with a sentence or a pack
 * whose every pointer is good.  What only the checker proves (that rules can be
 * parsed, that texts can be shown) pack_prove looks at again. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/flow/item.h"

enum {
    PACK_BYTES_MAX = 64 * 1024 * 1024,
    PACK_ITEMS_MAX = 10000,
    PACK_VERSION_MAX = 1000000,
    PACK_HASH_CHARS = 64,
    PACK_DIVISION_CHARS = 6,
    PACK_PROGRAM_BYTES = 32
};

/* Why a pack is not used: its name in events, and the sentence for staff. */
#define PACK_FAULT_TABLE(X)                                                    \
    X(NONE, "", "")                                                            \
    X(MISSING, "missing", N_("Its file is not there."))                        \
    X(UNREADABLE, "unreadable", N_("Its file cannot be read."))                \
    X(EXPOSED, "exposed",                                                      \
      N_("Its file is not this user's alone (0600, no link)."))                \
    X(NO_PACK, "no pack", N_("It is no pack."))                                \
    X(FORMAT, "format",                                                        \
      N_("A newer program compiled it, with keys that this one has not."))     \
    X(DAMAGED, "damaged", N_("It is damaged: copy it once more."))             \
    X(UNPROVEN, "unproven", N_("Something in it would not pass the check."))   \
    X(SCREEN, "screen", N_("It needs a page that this program has not."))      \
    X(DIVISION, "division", N_("It was compiled for another division."))       \
    X(VERSION, "version",                                                      \
      N_("Its version is not above that of the last one."))                    \
    X(NOT_KEPT, "not kept", N_("It could not be written to the disk."))

enum pack_fault {
#define X(id, name, words) PACK_FAULT_##id,
    PACK_FAULT_TABLE(X)
#undef X
        PACK_FAULT_COUNT
};
const char *pack_fault_name(enum pack_fault fault);
/* English; for T() and for the command line. */
const char *pack_fault_words(enum pack_fault fault);
/* PACK_FAULT_NONE for another name. */
enum pack_fault pack_fault_find(const char *name);

struct pack_about {
    int version; /* 0: not compiled, or as delivered with the program */
    char division[PACK_DIVISION_CHARS + 1];
    char program[PACK_PROGRAM_BYTES];
    char hash[PACK_HASH_CHARS + 1]; /* "": not compiled */
};
const struct pack_about *pack_about(const struct pack *pack);

/* Adds the pack's file to out, of version and division as about has them, and
 * writes about's hash and program.  ERR_TOO_BIG. */
MUST_CHECK enum err pack_compile(const struct pack *pack,
                                 struct pack_about *about, struct buf *out);

/* Maps the file.  is_own: it must be this user's alone. */
MUST_CHECK enum pack_fault pack_open(const char *path, bool is_own,
                                     struct pack **ret_pack);
/* Of bytes that live as long as the pack. */
MUST_CHECK enum pack_fault pack_read(const void *bytes, size_t len,
                                     struct pack **ret_pack);
/* Looks again at what the checker proved before it was compiled; slow. */
MUST_CHECK enum pack_fault pack_prove(const struct pack *pack);
/* Whether a terminal of that division may use it. */
bool pack_fits_division(const struct pack_about *about, const char *division);
