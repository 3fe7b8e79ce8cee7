/* The inside of a rule, shared by rule*.c and its test; everybody else has
 * rule.h.
 *
 * A rule is a tree of nodes.  The operands of a node are its children, in
 * order: `a && b && c` is one node with three, so a long chain is not a deep
 * tree, and what is deep the parser refuses; so evaluation may recur. */
#pragma once

#include "kiosk/flow/rule.h"

enum {
    RULE_DEPTH_MAX = 32,
    RULE_BYTES_MAX = 4096,
    /* Evaluation gives up (VALUE_ERROR) after so many nodes: lists in lists,
     * compared with each other, could otherwise take for ever. */
    RULE_STEPS_MAX = 100000
};

enum rule_op {
    RULE_LITERAL,
    RULE_NAME,
    RULE_LIST,
    RULE_OR,
    RULE_AND,
    RULE_NOT,
    RULE_MINUS,
    RULE_EQUAL,
    RULE_NOT_EQUAL,
    RULE_LESS,
    RULE_LESS_OR_EQUAL,
    RULE_GREATER,
    RULE_GREATER_OR_EQUAL,
    RULE_IN,
    RULE_SIZE
};

struct rule_node {
    enum rule_op op;
    size_t at;          /* its first byte in the rule's text, for messages */
    struct value value; /* RULE_LITERAL */
    const char *name;   /* RULE_NAME */
    /* What it gives when it gives anything; VALUE_ERROR: only evaluation can
     * tell. */
    enum value_kind kind;
    struct rule_node *first;       /* operands or elements */
    struct rule_node *next;        /* the parent's next operand */
    struct rule_node *made_before; /* rule.nodes */
};

struct rule {
    struct rule_node *root;
    struct rule_node *nodes; /* all of them, latest first */
    char *strings;           /* names and decoded literals */
};

enum rule_token {
    TOKEN_END,
    TOKEN_WRONG, /* told already */
    TOKEN_INT,
    TOKEN_DOUBLE,
    TOKEN_TEXT,
    TOKEN_NAME,
    TOKEN_OR,
    TOKEN_AND,
    TOKEN_NOT,
    TOKEN_MINUS,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_OR_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_OR_EQUAL,
    TOKEN_IN,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_LIST,
    TOKEN_CLOSE_LIST,
    TOKEN_COMMA
};

/* While one rule is read. */
struct rule_reader {
    const char *file;
    const struct yaml *place;
    const struct rule_name *names;
    size_t name_count;
    struct problems *problems;
    struct rule *rule;
    const char *text;
    char *strings_end; /* where the next name or literal is written */
    int depth;

    /* The token that is looked at. */
    enum rule_token token;
    size_t token_at, token_end;
    struct value value; /* of a text or a double */
    uint64_t integer;   /* of an int, before any minus */
};

/* Adds a problem at a byte of the rule's text. */
__attribute__((format(printf, 3, 4))) void
rule_complain(struct rule_reader *reader, size_t at, const char *format, ...);

/* rule_token.c: reads the next token, or complains. */
void rule_next_token(struct rule_reader *reader);

/* rule_check.c: kinds that never go together, and a result that is no
 * condition. */
void rule_check(struct rule_reader *reader, const struct rule_node *root);

/* rule_parse.c: as rule_parse, but the result may be of any kind and kinds are
 * not checked: the language as such. */
MUST_CHECK enum err rule_parse_any(const char *file, const struct yaml *at,
                                   const struct rule_name *names,
                                   size_t name_count, struct problems *problems,
                                   struct rule **ret_rule);
