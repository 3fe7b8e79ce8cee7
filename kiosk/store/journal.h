/* The journal from outside: whether it is whole, and its flat copy.
 *
 * A record's hash is SHA-256(the hash before || what it says || its code): what
 * is altered, taken out, put in, moved or flipped no longer fits.  Its code is
 * made under a key that turns one way (crypto/ratchet.h), so that whoever takes
 * the machine over can write no record of before; the first key is known to the
 * office alone, for it is sealed to the office's key.  With the newest record
 * alone a second code is kept, which nobody can make for an older one: so with
 * the key a cut tail shows too, and without it an anchor shows it: number and
 * hash noted elsewhere, on slips and at the hub.  Used by kiosk/. */
#pragma once

#include "kiosk/crypto/ratchet.h"
#include "kiosk/store/terminal.h"

#include <stdbool.h>

/* What is wrong with a record, in plain words for whoever asked. */
#define JOURNAL_FAULT_TABLE(X)                                                 \
    X(FORM, "it cannot be read as a record")                                   \
    X(MISSING, "it is missing")                                                \
    X(PLACE, "another record stands in its place")                             \
    X(HASH, "it was altered, or a record before it was")                       \
    X(NO_CODE, "it has no code, though records before it have one")            \
    X(EPOCH, "it was made with a key of another time")                         \
    X(CODE, "it was not made with this machine's key")                         \
    X(ANCHOR, "it is not the record that was noted elsewhere")                 \
    X(CUT, "it is missing: the journal was cut off before it")                 \
    X(PRUNED, "it is missing, and no record says that it was taken away")      \
    X(STATE, "what is noted beside the records is damaged")                    \
    X(END, "the end was cut off and written anew")                             \
    X(SEGMENT, "the segment that holds it has a damaged first or last line")   \
    X(PAGES, "the database has damaged pages")

enum journal_fault {
    JOURNAL_WHOLE,
#define X(name, words) JOURNAL_FAULT_##name,
    JOURNAL_FAULT_TABLE(X)
#undef X
        JOURNAL_FAULT_COUNT
};

/* "" for JOURNAL_WHOLE. */
const char *journal_fault_text(enum journal_fault fault);

/* A record as it was noted elsewhere: of its hash at least the first
 * JOURNAL_ANCHOR_LEAST bytes, as slips have it. */
enum { JOURNAL_ANCHOR_LEAST = 8 };
struct journal_anchor {
    int64_t number;
    unsigned char hash[CRYPTO_DIGEST_BYTES];
    size_t hash_len;
};

/* The first key, and the first record it was used for. */
struct journal_key {
    int64_t number;
    unsigned char bytes[RATCHET_BYTES];
};

struct journal_check_settings {
    const struct journal_anchor *anchors;
    size_t anchor_count;
    const struct journal_key *key; /* NULL: codes are not checked */
};

struct journal_finding {
    int64_t number; /* the first bad record */
    enum journal_fault fault;
};

struct journal_result {
    int64_t records;
    int64_t first;            /* 0: none */
    struct journal_head head; /* of the last record that is right */
    struct journal_finding finding;
    size_t unchecked; /* anchors before the first record kept */
};

/* A store that nobody has open, a segment, or a folder of segments; changes
 * nothing.  ERR_OK also when something is wrong with a record: the finding
 * tells.  Errors: it cannot be read at all. */
MUST_CHECK enum err
journal_check_path(const char *path,
                   const struct journal_check_settings *settings,
                   struct journal_result *ret_result);

/* Writes the records of a store that nobody has open as segments of 1,000 into
 * folder, which is made when it is not there.  The records are taken as they
 * are; ERR_EXISTS: there are segments already.  *ret_records: how many. */
MUST_CHECK enum err journal_export(const char *path, const char *folder,
                                   int64_t *ret_records);

/* "kiosk-journal-key 1", the number and the key in base64: three lines. */
enum { JOURNAL_KEY_TEXT_BYTES = 96 };
MUST_CHECK enum err journal_key_parse(const char *text, size_t len,
                                      struct journal_key *ret_key);
