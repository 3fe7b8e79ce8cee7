/* What may follow what was written, and how common a character is: from
 * pinyin_simp's own words and weights (librime 1.8.5 offers nothing after a
 * word was picked).  Reads "word TAB weight" lines, in any order. */
#pragma once

#include "kiosk/base/err.h"

#include <stddef.h>

struct words;

MUST_CHECK enum err words_open(const char *lines, size_t len,
                               struct words **ret_words);
void words_close(struct words *words);

/* The highest weight under which the word stands; 0: it is none. */
long words_weight(const struct words *words, const char *word);

/* Calls on_next with what may follow text, best first, at most `most` times:
 * what ends the longest word that begins with text's end comes first, then by
 * weight.  The text given is valid during the call. */
void words_next(const struct words *words, const char *text, size_t most,
                void (*on_next)(void *owner, const char *rest), void *owner);
