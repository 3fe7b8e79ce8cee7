/* Sentences with places to fill: "Please go to {place}, telephone {phone}."
 * Translators move the places freely, and no printf format can be wrong. */
#pragma once

#include "kiosk/base/buf.h"

#include <stddef.h>

struct fill {
    const char *name; /* without braces */
    const char *value;
};

/* Appends text with each {name} replaced; unknown ones stay as they are. */
void fill_text(struct buf *out, const char *text, const struct fill *fills,
               size_t count);
