/* The inside of a rule, for the files of this folder; everybody else has rule.h.
 *
 * A rule is a tree of nodes; the operands of a node are its children, in order.
 * `a && b && c` is one node with three.  The parser refuses trees higher than
 * RULE_HEIGHT_MAX, so whoever walks one may recur. */
#pragma once

#include "kiosk/rule/regex.h"
#include "kiosk/rule/rule.h"
#include "kiosk/rule/zone.h"

enum {
    RULE_LOCALS_MAX = 32, /* variables of macros inside each other */
    /* For comparing the keys of a map that is made once: some 2,800. */
    RULE_KEYS_STEPS_MAX = 4000000,
    RULE_ARGS_MAX = 4
};

enum node_op {
    NODE_LITERAL,
    NODE_NAME,
    NODE_LOCAL, /* the variable of a macro */
    NODE_LIST,
    NODE_MAP,      /* key, value, key, value */
    NODE_SELECT,   /* value; .name */
    NODE_HAS,      /* as NODE_SELECT */
    NODE_ANSWERED, /* a name, or selects of one */
    NODE_INDEX,
    NODE_CALL, /* arguments, the receiver first */
    NODE_LOOP, /* range, then what the macro was given */
    NODE_NOT,
    NODE_MINUS,
    NODE_AND,
    NODE_OR,
    NODE_IF,
    NODE_EQUAL,
    NODE_NOT_EQUAL,
    NODE_LESS,
    NODE_LESS_OR_EQUAL,
    NODE_GREATER,
    NODE_GREATER_OR_EQUAL,
    NODE_IN,
    NODE_ADD,
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_MODULO
};

enum loop_kind {
    LOOP_ALL,
    LOOP_EXISTS,
    LOOP_EXISTS_ONE,
    LOOP_MAP,
    LOOP_FILTER,
    LOOP_TRANSFORM_MAP
};

struct rule_function;

struct rule_node {
    enum node_op op;
    uint16_t count;  /* operands */
    uint16_t height; /* 1: no operands */
    uint32_t at;     /* its byte in the text, for messages */
    struct rule_node *first, *next;
    struct rule_node *made_before; /* program.nodes */
    union {
        struct rule_value value; /* NODE_LITERAL */
        struct {
            const char *name;
            /* Of a select whose value is a name, or a select of one: all of it,
             * "a.b.c", for names with dots. */
            const char *qualified;
            int index; /* NODE_NAME: in the declared names; NODE_LOCAL: slot */
        } name;
        struct {
            const char *name;
            const struct rule_function *function; /* NULL: there is none */
            /* Made of a literal argument when the rule is read. */
            struct regex *regex;
            struct zone *zone;
        } call;
        struct {
            enum loop_kind kind;
            bool has_two, has_filter;
            int slot; /* the first of its variables */
        } loop;
    };
};

struct rule_program {
    struct rule_node *root;
    struct rule_node *nodes; /* all of them, latest first */
    const struct rule_names *names;
    struct rule_names names_copy;
    struct rule_source source; /* its text is a copy of ours */
    char *strings;             /* names and decoded literals */
    struct rule_block *blocks; /* what else belongs to it */
};
/* Zeroed bytes that are freed with the program. */
void *program_keep(struct rule_program *program, size_t size_bytes);
/* Adds a problem at a byte of the text. */
__attribute__((format(printf, 4, 5))) void
program_complain(const struct rule_program *program, struct problems *problems,
                 size_t at, const char *format, ...);

/* The same as a warning. */
void program_warn(const struct rule_program *program, struct problems *problems,
                  size_t at, const char *what);

/* ---- Evaluation --------------------------------------------------------- */

struct rule_run {
    const struct rule_host *host;
    struct rule_room *room;
    const struct rule_names *names;
    int64_t steps_left;
    struct rule_value locals[RULE_LOCALS_MAX];
};

/* An error that is told at node. */
struct rule_value run_fail(const struct rule_node *node, const char *what);
/* False when the budget is used up. */
bool run_spend(struct rule_run *run, size_t steps);
/* Room for so much, paid for in steps; NULL when either is used up. */
void *run_take(struct rule_run *run, size_t size_bytes);
struct rule_value run_broke(const struct rule_node *node);
/* What rule_list and rule_map gave, which do not know where they are. */
struct rule_value run_built(const struct rule_node *node,
                            struct rule_value value);
/* eval.c: what a node gives.  loop.c: the same of a macro. */
struct rule_value run_node(struct rule_run *run, const struct rule_node *node);
struct rule_value run_loop(struct rule_run *run, const struct rule_node *node);
bool value_is_nested(const struct rule_value *value);

/* compare.c.  Orders as CEL does; ORDER_NONE: there is none (NaN). */
enum order { ORDER_LESS, ORDER_EQUAL, ORDER_GREATER, ORDER_NONE };
/* False when values of these kinds have no order. */
bool value_order(const struct rule_value *left, const struct rule_value *right,
                 enum order *ret_order);
/* Of different kinds is different; int and double are both numbers.  Spends
 * steps; when they are used up the answer means nothing. */
bool value_equal(struct rule_run *run, const struct rule_value *left,
                 const struct rule_value *right);
/* The value of a key, or NULL. */
const struct rule_value *value_find(struct rule_run *run,
                                    const struct rule_value *map,
                                    const struct rule_value *key);
bool value_is_key(const struct rule_value *value);
/* False: a key is of a wrong kind, or is there twice. */
bool value_keys_differ(struct rule_run *run, const struct rule_value *pairs,
                       size_t count);

/* arithmetic.c: + - * / % of two values, and the minus of one. */
struct rule_value value_calculate(struct rule_run *run,
                                  const struct rule_node *node,
                                  const struct rule_value *left,
                                  const struct rule_value *right);
struct rule_value value_minus(const struct rule_node *node,
                              const struct rule_value *value);

/* ---- Functions ---------------------------------------------------------- */

enum function_style { FUNCTION_GLOBAL, FUNCTION_MEMBER };
enum function_ready { READY_NOTHING, READY_REGEX, READY_ZONE };

/* A row of the table: one name, style and number of arguments.  masks: the
 * kinds that each argument may be of, as 1 << kind. */
struct rule_function {
    const char *name;
    enum function_style style;
    int count; /* arguments, with the receiver */
    unsigned masks[RULE_ARGS_MAX];
    enum rule_kind result, element;
    enum function_ready ready; /* what is made of a literal last argument */
    int which;                 /* for functions that share a call */
    struct rule_value (*call)(struct rule_run *run,
                              const struct rule_node *node,
                              const struct rule_value *args);
};
extern const struct rule_function rule_functions[];
extern const size_t rule_function_count;
const struct rule_function *function_find(const char *name,
                                          enum function_style style, int count);

/* Calls that stand in files of their own; see the table. */
typedef struct rule_value function_fn(struct rule_run *run,
                                      const struct rule_node *node,
                                      const struct rule_value *args);
function_fn call_to_int, call_to_double, call_to_text, call_to_bool,
    call_to_timestamp, call_to_duration, call_dyn;
function_fn call_contains, call_starts_with, call_ends_with, call_matches,
    call_size;
function_fn call_char_at, call_index_of, call_last_index_of, call_join,
    call_lower_ascii, call_upper_ascii, call_replace, call_split,
    call_substring, call_trim, call_reverse;
function_fn call_getter;
function_fn call_today, call_age, call_years_before, call_months_before,
    call_id_number_ok, call_credit_code_ok, call_mobile_ok, call_division_name;

enum getter {
    GET_DATE,
    GET_DAY_OF_MONTH,
    GET_DAY_OF_WEEK,
    GET_DAY_OF_YEAR,
    GET_FULL_YEAR,
    GET_HOURS,
    GET_MILLISECONDS,
    GET_MINUTES,
    GET_MONTH,
    GET_SECONDS
};
