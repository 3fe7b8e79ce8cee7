/* A request to draw a slip: the one JSON object that kiosk-draw reads from a
 * line or a file, checked whole before anything is drawn.  Its shape stands in
 * README.md.  What it does not know it refuses by name, so that a misspelt key
 * is found by whoever wrote it; what it complains about never quotes a value,
 * because values are a citizen's. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

enum {
    SLIP_LINE_BYTES = 256 * 1024,
    SLIP_TEXT_BYTES = 4 * 1024,
    SLIP_BLOCKS = 200,
    SLIP_FORM_BLOCKS = 4000,
    SLIP_COLUMNS = 13, /* of a table: a label and the months of a year */
    SLIP_ROWS = 60,
    SLIP_WHY_BYTES = 256
};

enum slip_paper { SLIP_58, SLIP_80, SLIP_A4, SLIP_PAPER_COUNT };

enum block_kind {
    BLOCK_FACT,  /* label and value; a large one is a number to remember */
    BLOCK_TEXT,  /* text */
    BLOCK_SMALL, /* text that only the office reads */
    BLOCK_RULE,  /* a line across */
    BLOCK_QR,    /* payload, and a text that says what it opens */
    BLOCK_TABLE, /* head and rows; one that does not fold stands on one page */
    BLOCK_KIND_COUNT
};

/* Strings live as long as the slip; what a kind does not have is NULL. */
struct block {
    enum block_kind kind;
    const char *label, *value;
    const char *text;
    const char *payload;
    bool is_large;
    /* Cells row by row, the head first. */
    const char **cells;
    size_t column_count, row_count;
    bool folds; /* its columns are as wide as their texts, see table.h */
};

struct slip {
    int64_t number; /* of the request, given back with the answer */
    enum slip_paper paper;
    const char *title, *subtitle, *demo, *footer;
    const char *running;   /* at the foot of each page, beside its number */
    const char *watermark; /* across each page, under what stands on it */
    bool is_plain;         /* nothing is bold */
    bool is_form; /* a paper form: long, and no section is cut by a page's end
                     that a page has room for */
    struct block *blocks;
    size_t block_count;
    struct json_t *root; /* owns the strings */
};

/* ERR_BAD_INPUT or ERR_TOO_BIG, with one sentence in why that names the place
 * ("slip.blocks[3].text: …").  number is filled in whenever it could be read,
 * also after a failure; slip_done takes what was left behind. */
MUST_CHECK enum err slip_read(const char *json, size_t len, struct slip *slip,
                              struct buf *why);
void slip_done(struct slip *slip);
