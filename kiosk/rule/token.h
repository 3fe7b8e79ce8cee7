/* The words of a rule: numbers, texts, names and signs. */
#pragma once

#include "kiosk/rule/node.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WRONG, /* told already */
    TOKEN_INT,
    TOKEN_DOUBLE,
    TOKEN_TEXT,
    TOKEN_NAME,
    TOKEN_QUOTED_NAME, /* `content-type`, after a point only */
    TOKEN_OR,
    TOKEN_AND,
    TOKEN_NOT,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_OR_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_OR_EQUAL,
    TOKEN_IN,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_TIMES,
    TOKEN_DIVIDE,
    TOKEN_MODULO,
    TOKEN_QUESTION,
    TOKEN_COLON,
    TOKEN_POINT,
    TOKEN_COMMA,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_LIST,
    TOKEN_CLOSE_LIST,
    TOKEN_OPEN_MAP,
    TOKEN_CLOSE_MAP
};

struct token {
    enum token_kind kind;
    size_t at, end;         /* bytes of the text */
    struct rule_value text; /* TOKEN_TEXT */
    double real;            /* TOKEN_DOUBLE */
    uint64_t integer;       /* TOKEN_INT, before any minus */
    const char *name;       /* TOKEN_NAME, TOKEN_IN, TOKEN_QUOTED_NAME */
};

/* While one rule is read. */
struct reader {
    struct rule_program *program;
    struct problems *problems;
    const char *text;  /* ends with NUL */
    char *strings_end; /* where the next name or literal is written */
    struct token token;
    int depth;
    int local_count;
    const char *locals[RULE_LOCALS_MAX];
};

/* Reads the next token into reader->token, or complains. */
void token_next(struct reader *reader);
__attribute__((format(printf, 3, 4))) void
reader_complain(struct reader *reader, size_t at, const char *format, ...);
