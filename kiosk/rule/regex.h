/* Regular expressions as RE2 writes them, on an automaton of ours: groups may be
 * there, nothing is captured, nothing goes back, so matching takes time in
 * proportion to the text, whatever the expression.  At most REGEX_STATES_MAX
 * states.  Works on code points; broken UTF-8 counts as U+FFFD.
 *
 * What RE2 refuses is refused: back references, look around, possessive and
 * doubled repetition, repetition over 1,000, unknown escapes and classes.
 * \C (one byte) is refused too, for it would cut a character. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { REGEX_STATES_MAX = 1000, REGEX_DEPTH_MAX = 100, REGEX_BYTES_MAX = 8192 };

struct regex;

/* ret_what: on ERR_BAD_INPUT, a constant sentence that says what is wrong;
 * ret_at: at which byte. */
MUST_CHECK enum err regex_new(const char *pattern, size_t len,
                              struct regex **ret_regex, const char **ret_what,
                              size_t *ret_at);
void regex_free(struct regex *regex);

/* Whether it matches anywhere in the text.  Without the heap. */
bool regex_matches(const struct regex *regex, const char *text, size_t len);
size_t regex_states(const struct regex *regex);
/* What one character of the text costs at most: states, and what is in their
 * classes. */
size_t regex_cost(const struct regex *regex);
