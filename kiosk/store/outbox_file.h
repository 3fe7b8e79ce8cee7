/* The cases that wait on a machine, still sealed, as one file: carried by hand
 * from a machine that died to the hub.  README.md has the layout.
 *
 * Writing changes nothing in the outbox, so that a machine that comes back to
 * life sends its cases as ever.  Reading proves every byte: a file that was
 * cut, or in which one bit is another, is never called whole.  Used by
 * `kiosk outbox export` and `kiosk-hub import`. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/store/terminal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No envelope is bigger: the hub takes no more by wire either. */
enum { OUTBOX_FILE_CASE_MAX = 1024 * 1024 };

/* ---- Writing, on the terminal ---- */

struct outbox_export;

/* Opens a terminal's store, which nobody else may have open, only to look.
 * ERR_NOT_FOUND: there is none; else as store_open_to_read(). */
MUST_CHECK enum err outbox_export_begin(const char *store_path,
                                        struct outbox_export **ret_export);
void outbox_export_end(struct outbox_export *export);
/* Cases that wait, those that wait for staff included. */
int64_t outbox_export_count(const struct outbox_export *export);
/* machine_key: its public key, or NULL when that cannot be read any more.  The
 * file is new, 0600, synced, and gone again after an error.  ERR_EXISTS:
 * something stands there.  on_damaged (may be NULL) hears the id of each case
 * whose bytes are no longer what was stored; it is written all the same, and
 * the hub decides. */
MUST_CHECK enum err
outbox_export_write(struct outbox_export *export, const char *path,
                    const unsigned char *machine_key,
                    void (*on_damaged)(void *owner, const char *id),
                    void *owner);
/* Whether what failed was reading the store, not writing the file. */
bool outbox_export_store_failed(const struct outbox_export *export);

/* ---- Reading, at the hub ---- */

/* What can be wrong with a file, and how it is said. */
#define OUTBOX_FLAW_TABLE(X)                                                   \
    X(NONE, "nothing is wrong with it")                                        \
    X(FOREIGN, "this is no file of `kiosk outbox export`")                     \
    X(CUT, "the file ends in the middle of it, or its length is damaged")      \
    X(CASE, "its bytes are not those that were written")                       \
    X(END, "the beginning or the end of the file is not what was written")     \
    X(MORE, "bytes follow the end of the file")

enum outbox_flaw {
#define X(name, text) OUTBOX_FLAW_##name,
    OUTBOX_FLAW_TABLE(X)
#undef X
        OUTBOX_FLAW_COUNT
};

const char *outbox_flaw_text(enum outbox_flaw flaw);

/* Views into the bytes given. */
struct outbox_file {
    const unsigned char *bytes;
    size_t len;
    const unsigned char *machine_key; /* NULL: the machine had lost it */
    uint32_t count;                   /* as the file says */
    enum outbox_flaw flaw;            /* the first */
    uint32_t flawed_case;             /* which, from 1; 0: not in a case */
};

struct outbox_file_case {
    char id[CASE_ID_HEX];
    char receipt[RECEIPT_BYTES];
    const unsigned char *bytes;
    size_t len;
    bool is_whole; /* else nothing of it is to be believed */
};

/* Looks at every byte and fills ret_file, whatever they are. */
void outbox_file_read(const void *bytes, size_t len,
                      struct outbox_file *ret_file);
/* The case at *at (0: the first), and *at moves on.  False at the end, or
 * where a length leads out of the file. */
bool outbox_file_next(const struct outbox_file *file, size_t *at,
                      struct outbox_file_case *ret_case);
