/* Rules: conditions, limits and computed values in a subset of CEL (the Common
 * Expression Language), so that a back end can run the very same text with the
 * official libraries.  What the subset is, and the functions the kiosk adds,
 * stands in README.md.
 *
 * Parsed once; evaluated as often as one likes, within a budget of steps,
 * without the heap as long as what is built fits into the caller's room.  Any
 * bytes may be given as a rule or as a value: a mistake is a problem with its
 * place, or a value of kind RULE_ERROR, never a crash. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/yaml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RULE_BYTES_MAX = 8192,
    /* Brackets, branches and signs inside each other while a rule is read. */
    RULE_DEPTH_MAX = 100,
    /* Operators above each other in its tree, as in 1 + 1 + 1 + ... */
    RULE_HEIGHT_MAX = 250,
    /* Lists and maps inside each other, in data and built by a rule. */
    RULE_VALUE_DEPTH_MAX = 100,
    RULE_STEPS_MAX = 100000,
    /* What an evaluation builds before it needs the heap. */
    RULE_ROOM_BYTES = 4096,
    RULE_ROOM_MAX = 8 * 1024 * 1024
};

enum rule_kind {
    RULE_NULL,
    RULE_BOOL,
    RULE_INT,
    RULE_DOUBLE,
    RULE_TEXT,
    RULE_LIST,
    RULE_MAP,
    RULE_TIMESTAMP,
    RULE_DURATION,
    RULE_ERROR,
    RULE_ANY /* no value has it: of a declared name, "may be of any kind" */
};

/* A plain value; what it points to belongs to the program, the host or the room
 * that it came from. */
struct rule_value {
    enum rule_kind kind;
    int depth; /* of a list or map: how many are inside each other, from 1 */
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct {
            const char *bytes; /* UTF-8, may hold NUL */
            size_t len;
        } text;
        struct {
            /* Of a map: key, value, key, value; no key twice, as == says. */
            const struct rule_value *items;
            size_t count; /* of a map: pairs */
        } list;
        struct {
            int64_t seconds; /* since 1970-01-01T00:00:00Z */
            int nanos;       /* 0 to 999,999,999 */
        } timestamp;
        int64_t duration_ns;
        struct {
            const char *what; /* a constant sentence, without any data */
            size_t at;        /* the byte of the rule's text */
        } error;
    };
};

struct rule_value rule_null(void);
struct rule_value rule_bool(bool boolean);
struct rule_value rule_int(int64_t integer);
struct rule_value rule_double(double real);
struct rule_value rule_text(const char *bytes, size_t len);
/* A date is a timestamp at 00:00:00Z; days since 1970-01-01. */
struct rule_value rule_date(int64_t days);

/* Lists and maps of values that are kept elsewhere; RULE_ERROR when nested over
 * RULE_VALUE_DEPTH_MAX.  Of a map the caller sees to it that keys are int, bool
 * or text and differ. */
struct rule_value rule_list(const struct rule_value *items, size_t count);
struct rule_value rule_map(const struct rule_value *pairs, size_t count);

/* Where what an evaluation builds is kept: on the caller's stack first, then on
 * the heap.  Values that point into it live until it is cleared or done; both
 * overwrite what was in it, for it may be a citizen's. */
struct rule_room {
    size_t used, heap_bytes;
    unsigned heap_count; /* how often the heap was needed; for the tests */
    struct rule_chunk *chunks;
    _Alignas(max_align_t) char first[RULE_ROOM_BYTES];
};
void rule_room_init(struct rule_room *room);
void rule_room_clear(struct rule_room *room);
void rule_room_done(struct rule_room *room);
/* NULL past RULE_ROOM_MAX; not zeroed. */
void *rule_room_take(struct rule_room *room, size_t size_bytes);

/* ---- A rule ------------------------------------------------------------- */

struct rule_program;

/* The text of a rule and where it stands. */
struct rule_source {
    const char *file; /* lives as long as the program */
    int line, column; /* of its first character, from 1 */
    /* Each character stands in the file as it does here, so that places inside
     * can be told; else every mistake is told at line and column. */
    bool has_columns;
    const char *text;
    size_t len;
};

/* A name that a rule may use, and of which kind its value is when there is one:
 * a name without an answer is null. */
struct rule_declared {
    const char *name;       /* "a", or with dots, "a.b" */
    enum rule_kind kind;    /* or RULE_ANY */
    enum rule_kind element; /* of a list; else RULE_ANY */
};
struct rule_names {
    const struct rule_declared *list;
    size_t count;
};

/* names: only these are names (others are mistakes, with the nearest right
 * one), and so with functions; they live as long as the program.  NULL: names
 * and functions are found when it runs, as the specification's tests want it.
 * ERR_BAD_INPUT: problems says where and what was expected. */
MUST_CHECK enum err rule_program_parse(const struct rule_source *source,
                                       const struct rule_names *names,
                                       struct problems *problems,
                                       struct rule_program **ret_program);
void rule_program_free(struct rule_program *program);

/* For items: whether kinds go together, and whether the result is of the wanted
 * kind (RULE_ANY: whatever it is).  Every mistake is told in problems. */
MUST_CHECK enum err rule_program_check(const struct rule_program *program,
                                       enum rule_kind wanted,
                                       struct problems *problems);

/* Warnings: what can be evaluated, and is hardly what its writer meant. */
void rule_program_doubt(const struct rule_program *program,
                        struct problems *problems);

/* Where a declared name stands in the rule. */
struct rule_use {
    size_t index;     /* in the declared names */
    const char *name; /* as it is declared */
    size_t at;        /* its first byte in the rule's text */
    /* All that is asked is whether there is an answer: == null, != null,
     * answered(name). */
    bool is_asked;
};

/* Every use, in the order of the text. */
void rule_program_each_use(const struct rule_program *program,
                           void (*on_use)(void *owner,
                                          const struct rule_use *use),
                           void *owner);

/* What a declared name is compared with: a literal beside == != < <= > >=, an
 * element of a literal list after in, or one that is looked for in it; of a
 * list also what a macro compares its elements with. */
struct rule_bound {
    size_t index;
    const char *name;
    size_t name_at, at;               /* bytes of the rule's text */
    const struct rule_value *literal; /* lives as long as the program */
};

/* For whoever looks for the answers between which a rule changes; in the order
 * of the text. */
void rule_program_each_bound(const struct rule_program *program,
                             void (*on_bound)(void *owner,
                                              const struct rule_bound *bound),
                             void *owner);

/* Every literal, those in lists, too; in no order. */
void rule_program_each_literal(
    const struct rule_program *program,
    void (*on_literal)(void *owner, const struct rule_value *literal),
    void *owner);
/* Whether it calls a function of that name. */
bool rule_program_calls(const struct rule_program *program, const char *name);

/* What a rule is evaluated against.  Callbacks that are NULL know nothing. */
struct rule_host {
    void *owner;
    /* The value of a name (index: in the declared names, or -1); false: there is
     * no such name. */
    bool (*value)(void *owner, int index, const char *name,
                  struct rule_value *ret_value);
    /* The Chinese name of a division; false: no such code. */
    bool (*division)(void *owner, const char *code, size_t len,
                     struct rule_value *ret_name);
    /* today(): days since 1970-01-01 by the calendar of China, fixed when the
     * session begins; rule_day() of a wall time. */
    int64_t today;
};
int64_t rule_day(int64_t wall_ms);

struct rule_value rule_program_run(const struct rule_program *program,
                                   const struct rule_host *host,
                                   struct rule_room *room);
/* NULL is true (no condition); an error, or what is no bool, is false.  Uses a
 * room of its own. */
bool rule_program_is_true(const struct rule_program *program,
                          const struct rule_host *host);

/* Adds "file:line:column: what" of a value that is an error. */
void rule_program_tell(const struct rule_program *program,
                       const struct rule_value *error,
                       struct problems *problems);

/* ---- Parts of a rule ------------------------------------------------------ */

/* A part is the rule itself, or what an operator, a call or a macro in it
 * stands over; it lives as long as the program. */
struct rule_node;
const struct rule_node *rule_program_root(const struct rule_program *program);
/* What a part is made of, in the order of the text; NULL: there is no more. */
const struct rule_node *rule_part_first(const struct rule_node *part);
const struct rule_node *rule_part_next(const struct rule_node *part);
/* The declared name that a part is, or NULL. */
const char *rule_part_name(const struct rule_program *program,
                           const struct rule_node *part);
/* It can be evaluated by itself: no variable of a macro around it is in it. */
bool rule_part_is_closed(const struct rule_node *part);
/* They say the same of the same names; their programs may differ, but for what
 * names are declared. */
bool rule_part_is_same(const struct rule_node *one,
                       const struct rule_node *other);
/* What a closed part is worth. */
struct rule_value rule_part_run(const struct rule_program *program,
                                const struct rule_node *part,
                                const struct rule_host *host,
                                struct rule_room *room);

/* "a text", "a number": for messages. */
const char *rule_kind_words(enum rule_kind kind);
