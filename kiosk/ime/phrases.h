/* What may follow what was written, and how common a character is: from
 * pinyin_simp's own words and weights (librime 1.8.5 offers nothing after a
 * word was picked).  Reads "word TAB weight" lines, in any order. */
#pragma once

#include "kiosk/base/err.h"

#include <stddef.h>

struct phrases;

MUST_CHECK enum err phrases_open(const char *lines, size_t len,
                                 struct phrases **ret_phrases);
void phrases_close(struct phrases *words);

/* The highest weight under which the word stands; 0: it is none. */
long phrases_weight(const struct phrases *words, const char *word);

/* Calls on_next with what may follow text, best first, at most `most` times:
 * what ends the longest word that begins with text's end comes first, then by
 * weight.  The text given is valid during the call. */
void phrases_next(const struct phrases *words, const char *text, size_t most,
                  void (*on_next)(void *owner, const char *rest), void *owner);
