/* A table that is read line by line: columns as wide as their texts, numbers at
 * the right.  Where the columns have no room beside each other each row becomes
 * labels with values, so that narrow paper says the same as wide paper. */
#pragma once

#include "kiosk/paper/slip.h"
#include "kiosk/paper/strip.h"

/* size: of its letters, in points. */
void table_add(struct column *column, const struct block *block, double size,
               bool is_bold);
