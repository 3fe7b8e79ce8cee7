/* The first letters of pinyin: so a Chinese word is found by who cannot write
 * Chinese here (居住证 by j z z).  A character that is read in two ways has both;
 * one that is not among the usual ones has none. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* character: one, of so many bytes of UTF-8; letter: a to z. */
bool initial_is(const char *character, size_t len, char letter);
