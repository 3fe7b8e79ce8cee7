/* What of an item's structs is compiled, and how: made of the table of keys, so
 * that a key added there is compiled, too, and of the few members that no key
 * stands for.  Only pack_*.c and the tests include this. */
#pragma once

#include "kiosk/flow/item_load.h"

/* Written by their places here: new ones go to the end. */
enum pack_shape {
    SHAPE_TEXT,   /* const char * */
    SHAPE_HEX,    /* char[65] */
    SHAPE_WORDS,  /* struct words */
    SHAPE_NUMBER, /* int, at most limit */
    SHAPE_WORD,   /* an enum, below limit */
    SHAPE_SIZE,   /* size_t, at most limit */
    SHAPE_BOOL,
    SHAPE_RULE,      /* struct rule * */
    SHAPE_LIST,      /* const struct list * */
    SHAPE_TEXTS,     /* const char **, ended by NULL; at most limit */
    SHAPE_WAYS,      /* a stop's ways and their number */
    SHAPE_MAPS,      /* an array of the inner place's struct and its number */
    SHAPE_CELLS,     /* struct slip_cells */
    SHAPE_BITS,      /* int, of ITEM_PAPER_… */
    SHAPE_VALUE_RULE /* struct rule * that may be worth anything */
};

struct pack_field {
    enum place place; /* whose struct it is in */
    const char *name;
    enum pack_shape shape;
    size_t offset, limit;
    enum place inner;
    unsigned required; /* ON_…; 0 beside the structs' own keys */
    const char *words; /* of an enum */
};

enum {
    PACK_FIELDS_MAX = 512,
    PACK_FIELDS_TEXT_MAX = 512 * PACK_FIELDS_MAX,
    PACK_TEXTS_MAX = 64
};

struct pack_fields {
    struct pack_field list[PACK_FIELDS_MAX]; /* those of a place together */
    size_t count;
    size_t first[PLACE_COUNT], end[PLACE_COUNT];
};

/* Made once. */
const struct pack_fields *pack_fields(void);
size_t pack_shape_bytes(enum pack_shape shape);

/* Names, kinds and order of all fields as text, which stands in each pack; and a
 * fingerprint of it. */
void pack_fields_write(struct buf *out);
void pack_fields_print(unsigned char print[8]);
/* The fields of such a text, each as this program has it: of a pack compiled by
 * a program that had fewer keys, or words of an enum, or another order.  False:
 * there is one that this program has not. */
bool pack_fields_parse(const char *text, struct pack_fields *ret_fields);
