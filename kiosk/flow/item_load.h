/* The inside of the item loader: the table of keys and what reads them.  Only
 * item*.c and the tests include this; everybody else has item.h.
 *
 * Reading is driven by the table: a map in the file belongs to a place, each
 * key of the map is looked up among the keys of that place, and the row says
 * what kind of value stands there and where it goes in the struct.  Texts are
 * not copied: they are the YAML tree's, which lives as long as the item. */
#pragma once

#include "kiosk/flow/item.h"
#include "kiosk/flow/lists.h"

enum place {
    PLACE_ITEM,
    PLACE_NEEDS,
    PLACE_NOTICE,
    PLACE_ANONYMOUS,
    PLACE_STEP,
    PLACE_OPTION,
    PLACE_STOP,
    PLACE_LINE,
    PLACE_COUNT
};

/* What stands behind a key. */
enum takes {
    TAKES_ITEM_ID,     /* a-z 0-9 and - */
    TAKES_ITEM_CODE,   /* 31 of A-Z and 0-9 */
    TAKES_HOURS,       /* HH:MM-HH:MM */
    TAKES_NAME,        /* a-z 0-9 and _, as rules can name it */
    TAKES_VALUE,       /* a-z 0-9 - and _, not "later" */
    TAKES_SCREEN,      /* a screen kind's name */
    TAKES_NUMBER,      /* int from 1 to limit */
    TAKES_SIZE,        /* the same as a size_t */
    TAKES_BOOL,        /* true or false */
    TAKES_NEED,        /* no, wished, must */
    TAKES_ASSURANCE,   /* none … card and check */
    TAKES_FIELD_TYPE,  /* mobile, text, receipt, code */
    TAKES_WORDS,       /* {zh_CN: …, en: …} */
    TAKES_RULE,        /* an expression */
    TAKES_LIST,        /* the name of a list */
    TAKES_CARD_FIELDS, /* names of card fields */
    TAKES_WAYS,        /* a list of words */
    TAKES_MAP,         /* a map whose keys belong to the same struct */
    TAKES_MAPS         /* a list of maps, each a struct of its own */
};

/* Screen kinds as bits: which steps may (must) have a key. */
enum {
    ON_GUIDE = 1,
    ON_CARD = 2,
    ON_CHOICE = 4,
    ON_FIELD = 8,
    ON_REVIEW = 16,
    ON_DECLARE = 32,
    ON_SEND = 64,
    ON_RESULT = 128,
    ON_CHECK = 256,
    ON_CERTIFICATE = 512,
    ON_CASES = 1024,
    ON_OTHER = 2048, /* a screen kind that this loader knows nothing about */
    ON_ALL = 4095
};

struct key_row {
    enum place place;
    const char *name;
    enum takes kind;
    unsigned allowed, required; /* ON_…; beside steps ON_ALL or 0 */
    size_t offset;              /* in the place's struct */
    size_t limit;               /* greatest number, longest list */
    enum place inner;           /* TAKES_MAP, TAKES_MAPS */
    const char *means;          /* for messages and the README's table */
};

extern const struct key_row item_keys[];
extern const size_t item_key_count;

/* "the item", "a step": for messages and the README. */
const char *item_place_name(enum place place);
/* NULL: no such key there. */
const struct key_row *item_key_find(enum place place, const char *name);
unsigned item_screen_bit(const char *screen);
/* "choice, field" */
void item_screen_bits_text(unsigned bits, struct buf *out);

enum {
    ITEM_FILE_MAX = 1024 * 1024,
    ITEM_STEPS_MAX = 64,
    ITEM_OPTIONS_MAX = 89, /* two-digit numbers, from 11 on */
    ITEM_NAMES_BUILT_IN = 3,
    ITEM_NAMES_MAX = ITEM_STEPS_MAX + ITEM_NAMES_BUILT_IN
};

/* One item with what it stands on. */
struct loaded {
    struct item item;
    char *file;
    struct yaml *root;
    /* Names that rules may use: those built in, then what the steps answer,
     * in their order. */
    struct rule_name names[ITEM_NAMES_MAX];
    size_t name_count;
};

/* While one file is read. */
struct loader {
    struct loaded *loaded;
    struct item *item;
    const char *file;
    struct problems *problems;
    struct lists *lists;
    size_t known;    /* names answered before the step now read */
    unsigned screen; /* ON_… of the step now read; ON_ALL elsewhere */
    bool own_answer; /* the step now read answers loaded->names[known] */
};

/* item_load.c */
MUST_CHECK enum err item_load(const char *file, const char *name,
                              struct problems *problems, struct lists *lists,
                              struct loaded **ret_loaded);
void item_unload(struct loaded *loaded);
/* Adds a problem at a node. */
__attribute__((format(printf, 3, 4))) void item_complain(struct loader *loader,
                                                         const struct yaml *at,
                                                         const char *format,
                                                         ...);
void item_load_map(struct loader *loader, enum place place,
                   const struct yaml *node, void *into);

/* item_words.c */
void item_load_words(struct loader *loader, const struct yaml *node,
                     struct words *into);
/* What is wrong with a text for people, or NULL. */
const char *item_words_fault(const char *text);
bool item_name_is_ok(const char *name, bool with_dash);

/* item_step.c */
void item_collect_names(struct loader *loader, const struct yaml *steps);
void item_step_begin(struct loader *loader, const struct yaml *node);
void item_step_check(struct loader *loader, const struct yaml *node,
                     struct step *step);
void item_check(struct loader *loader, const struct yaml *root,
                const char *file_name);
/* item.c: true before item_set_screens. */
bool item_screen_is_known(const char *screen);
const char *item_screen_nearest(const char *screen);
