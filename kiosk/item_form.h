/* An item as a paper form, for the day when the power fails: the same
 * questions, with boxes and lines to write on, in both languages. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/flow/item.h"

/* The request for kiosk-draw, one line of JSON. */
void item_form_compose(const struct item *item, struct buf *out);
/* Composes it, has draw_path draw it, and writes the PDF to path; says on
 * standard error what failed.  Returns main's exit code. */
int item_form_print(const struct item *item, const char *draw_path,
                    const char *path);
