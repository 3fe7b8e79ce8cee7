/* What a phone's form says: application/x-www-form-urlencoded, any bytes. */
#pragma once

#include "kiosk/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* The first field of that name, decoded, as a number or code is typed: without
 * the spaces and dashes, full-width forms made plain.  False, with value empty:
 * there is none, it is longer than value takes, or it is no text. */
bool form_field(const char *body, size_t len, const char *name,
                struct buf *value);
