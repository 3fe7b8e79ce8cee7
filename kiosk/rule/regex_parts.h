/* The automaton of a regular expression, for regex*.c.
 *
 * A program of instructions (Thompson's construction); a state is one of them.
 * Each part of an expression is a run of instructions that goes on behind its
 * end, and all jumps are relative, so a part can be copied and moved as it
 * is. */
#pragma once

#include "kiosk/base/letter.h"
#include "kiosk/rule/regex.h"

#include <stdint.h>

enum state_op {
    STATE_CHARACTER, /* code_point */
    STATE_CLASS,     /* classes[class] */
    STATE_SPLIT,     /* on, or by jump */
    STATE_JUMP,
    STATE_BEGIN_TEXT,
    STATE_END_TEXT,
    STATE_BEGIN_LINE,
    STATE_END_LINE,
    STATE_WORD_EDGE,
    STATE_NO_WORD_EDGE,
    STATE_MATCH
};

struct state {
    enum state_op op;
    union {
        uint32_t code_point;
        int class;
        int jump;
    };
};

/* One of the things a class holds. */
struct class_item {
    enum { ITEM_RANGE, ITEM_SET, ITEM_LETTERS } kind;
    bool is_negated;
    int set; /* ITEM_SET: \d, [:alpha:] */
    uint32_t first, last;
    struct letter_class letters;
};

/* Items first to first + count; for ASCII it is all in the table. */
struct class
{
    int first, count;
    bool is_negated, ignores_case;
    bool ascii[128];
};

struct regex {
    size_t state_count, class_count, item_count, item_room, class_room;
    size_t cost;
    struct class *classes;
    struct class_item *items;
    struct state states[]; /* REGEX_STATES_MAX while it is read */
};

bool regex_class_has(const struct regex *regex, const struct class *class,
                     uint32_t code_point);

/* While one is read. */
enum regex_flag {
    FLAG_IGNORE_CASE = 1,
    FLAG_LINES = 2,   /* m: ^ and $ at lines */
    FLAG_DOT_ALL = 4, /* s */
    FLAG_UNGREEDY = 8 /* U: makes no difference to whether it matches */
};
struct regex_reader {
    struct regex *regex;
    const char *pattern;
    size_t len, at;
    unsigned flags;
    int depth;
    const char *what; /* is wrong, and where */
    size_t wrong_at;
};

bool regex_wrong(struct regex_reader *reader, size_t at, const char *what);
bool regex_peek(const struct regex_reader *reader, char c);
bool regex_take(struct regex_reader *reader, char c);
/* One code point; U+FFFD for a broken one; false at the end. */
bool regex_take_character(struct regex_reader *reader, uint32_t *ret_character);

/* regex_build.c.  False when there would be more than REGEX_STATES_MAX.  Room
 * for count instructions at `at`, zeroed; one at the end. */
bool regex_insert(struct regex_reader *reader, size_t at, size_t count);
bool regex_add(struct regex_reader *reader, struct state state);
bool regex_add_class(struct regex_reader *reader, int class);
bool regex_add_character(struct regex_reader *reader, uint32_t character);
/* What stands from start to the end so often, and no less. */
enum { REGEX_NO_LIMIT = -1 };
bool regex_repeat(struct regex_reader *reader, size_t start, int least,
                  int most);

/* regex_class.c.  A class from "[" on; one from an escape like \d or \pL, of
 * which the backslash was taken. */
bool regex_read_class(struct regex_reader *reader, int *ret_class);
/* *ret_class -1: it is a character. */
bool regex_read_escape(struct regex_reader *reader, int *ret_class,
                       uint32_t *ret_character);
/* One character in all its cases. */
bool regex_class_of(struct regex_reader *reader, uint32_t character,
                    int *ret_class);
/* What . is. */
bool regex_dot(struct regex_reader *reader, int *ret_class);
