/* librime, and nobody else knows it: letters or strokes in, words out.  Keeps no
 * user dictionary and writes no file; each question begins from nothing. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum engine_schema { ENGINE_PINYIN, ENGINE_STROKES, ENGINE_SCHEMA_COUNT };

/* Compiles what stands in source into folder/build. */
MUST_CHECK enum err engine_compile(const char *folder, const char *source,
                                   const char *user);

/* folder is what make_data() made.  Everything is loaded here, so that nothing
 * needs to be opened later. */
MUST_CHECK enum err engine_open(const char *folder);
void engine_close(void);

/* Calls on_word for each word that input may mean, best first, at most `most`
 * times.  is_whole: all of the word's strokes are there. */
typedef void (*engine_word_fn)(void *owner, const char *word, bool is_whole);
void engine_ask(enum engine_schema schema, const char *input, size_t most,
                engine_word_fn on_word, void *owner);

/* What remains of input (pinyin) when its word number at, from 0, is picked: a
 * part of input, "" for none; NULL: there is no such word. */
const char *engine_rest(const char *input, size_t at);

/* Letters as they were understood, a space between syllables; valid until the
 * next call.  After engine_ask() only. */
const char *engine_reading(void);
