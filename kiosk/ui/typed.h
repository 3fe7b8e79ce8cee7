/* What a person is typing, by scope and field id, in secret memory, so that it
 * survives repaints, a change of language and pages laid over this one.  It
 * belongs to the view; ui types into it, nobody else.  At most TYPED_MAX
 * fields are kept: the one touched longest ago makes room. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { TYPED_MAX = 32, TYPED_CHARS_MAX = 4096 };

struct typed {
    char *scope, *id;
    char *text;  /* secret memory; NULL when that was full */
    size_t room; /* bytes, with the NUL */
    size_t max_chars;
    size_t caret;      /* code points before it */
    unsigned long age; /* rises with use */
};

struct typed_set {
    struct typed entries[TYPED_MAX];
    size_t count;
    unsigned long age;
};

void typed_wipe(struct typed_set *set);
void typed_forget(struct typed_set *set, const char *scope);

/* NULL when nothing was typed there yet. */
struct typed *typed_find(struct typed_set *set, const char *scope,
                         const char *id);
/* Begins with what stands in the field already, the caret behind it. */
struct typed *typed_begin(struct typed_set *set, const char *scope,
                          const char *id, const char *initial,
                          size_t max_chars);

bool typed_is_empty(const struct typed *typed);
/* Puts text (foreign bytes) at the caret; false when not all of it fits. */
bool typed_insert(struct typed *typed, const char *bytes, size_t len);
void typed_delete_back(struct typed *typed);
void typed_delete_forward(struct typed *typed);
/* Moves the caret: -1, +1; clamped to the ends. */
void typed_move(struct typed *typed, long by);
