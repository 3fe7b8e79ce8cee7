/* Where what stands in a pack's header; for pack_write.c and pack_read.c. */
#pragma once

enum {
    PACK_AT_MAGIC = 0,
    PACK_AT_FORMAT = 8,
    PACK_AT_HEADER = 12,
    PACK_AT_HASH = 16,
    PACK_AT_HASHED = 48, /* the hash is of all from here on */
    PACK_AT_LENGTH = 48,
    PACK_AT_FIELDS = 56,
    PACK_AT_VERSION = 64,
    PACK_AT_DIVISION = 68,
    PACK_DIVISION_BYTES = 8,
    PACK_AT_PROGRAM = 76,
    PACK_AT_TEXTS = 108,
    PACK_HEADER_BYTES = 112,

    PACK_FORMAT = 1,
    PACK_MAGIC_BYTES = 8,
    PACK_WORD_BYTES = 4,
    PACK_FIELDS_BYTES = 8,
    PACK_LISTS_MAX = 256
};

static const char pack_magic[] = "KIOSKPK\n";
