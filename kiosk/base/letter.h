/* What kind of letter a code point is, and which others are the same letter in
 * another case: Unicode's own tables, by the names that regular expressions
 * use. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LETTER_CASES_MAX = 8 };

/* A general category ("L", "Lu"), a script ("Han"), or "Any". */
struct letter_class {
    uint32_t categories; /* 0: a script */
    const void *script;
};

/* False when there is none of that name. */
bool letter_class_find(const char *name, size_t len,
                       struct letter_class *ret_class);
bool letter_is_of(uint32_t code_point, const struct letter_class *of);

/* Itself and the others (ſ, s and S are one letter); returns how many. */
size_t letter_cases(uint32_t code_point, uint32_t cases[LETTER_CASES_MAX]);
