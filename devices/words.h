/* A simulator's line, cut into its words: `card resident name="Ana Silva"`.
 * A word with an equals sign is a key and a value, where the value may stand in
 * double quotes and then hold spaces.  For the simulators only. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { WORD_BYTES = 512 };

struct word {
    char key[24]; /* "" when the word has no equals sign */
    char value[WORD_BYTES];
};

/* Takes the next word off *line.  false: there is none.  A word that is too
 * long or whose quote is not closed is ERR_BAD_INPUT in *ret_err. */
bool words_next(const char **line, struct word *ret_word, enum err *ret_err);

/* A setting that is a number of milliseconds, or the fallback. */
int words_milliseconds(const char *setting, int fallback);
