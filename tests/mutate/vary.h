/* How one word is made a wrong one. */
#pragma once

#include "kiosk/base/buf.h"

/* Two letters in its middle change places, never the first; where no two that
 * differ stand beside each other there, the last is doubled. */
void vary_misspell(const char *word, size_t len, struct buf *out);

/* A number (2, 50.00), a day (2026-11-26) or a month (2026-11), moved by one
 * (by: 1 or -1).  False: it is none of them, or it would be less than nothing;
 * out is then as it was. */
bool vary_move(const char *word, size_t len, int by, struct buf *out);
