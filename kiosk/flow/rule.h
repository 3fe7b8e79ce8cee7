/* Conditions in items: a small subset of CEL (Common Expression Language).
 *
 * Literals (int, double, string, bool, null, list), names, comparison, logic
 * (&& || !), `in`, size(), parentheses, unary minus.  Parsed once at load, with
 * line and column of a mistake in the YAML file; nesting over 32 refused.
 * Evaluated without the heap, always ends.  A name that has no answer yet is
 * null; && and || are commutative over errors as CEL says. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/yaml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_DOUBLE,
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_ERROR /* of types that do not go together, overflow … */
};

struct value {
    enum value_kind kind;
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct {
            const char *bytes;
            size_t len;
        } text;
        const struct rule_node *list; /* a list literal's node */
    };
};

struct rule;

/* A name that rules may use, and its kind when it has an answer. */
struct rule_name {
    const char *name;
    enum value_kind kind;
};

/* at: the YAML node, for line and column of mistakes.  Names not declared are
 * mistakes, with the nearest right one. */
MUST_CHECK enum err rule_parse(const char *file, const struct yaml *at,
                               const struct rule_name *names, size_t name_count,
                               struct problems *problems,
                               struct rule **ret_rule);
void rule_free(struct rule *rule);

/* The value of a name now (VALUE_NULL: no answer). */
typedef struct value (*rule_lookup_fn)(void *owner, const char *name);

struct value rule_eval(const struct rule *rule, rule_lookup_fn lookup,
                       void *owner);
/* NULL is true (no condition); an error or a value that is no bool is false. */
bool rule_is_true(const struct rule *rule, rule_lookup_fn lookup, void *owner);
