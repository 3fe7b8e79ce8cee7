/* Chinese as people without a Chinese keyboard write it: by strokes or by
 * pinyin, with ten keys, on the glass or from a keyboard of letters.  Knows the
 * characters of its own table only. */
#pragma once

#include "tests/tty/drive.h"

/* Into the page's field for text, which is left standing there. */
void chinese_by_strokes(struct drive *drive, enum drive_hand hand,
                        const char *text);
void chinese_by_pinyin(struct drive *drive, enum drive_hand hand,
                       const char *text);
/* What is in the field now. */
const char *chinese_value(struct drive *drive);
/* "digits", "text", "strokes"; "" when keys choose. */
const char *chinese_typing(struct drive *drive);
/* Something can be picked by its key. */
bool chinese_is_offered(struct drive *drive);
