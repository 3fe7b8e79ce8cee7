/* Does a text fit its place?  The smallest window is 40x15 cells (what large
 * print leaves), the smallest paper 58 mm.  A page that is too long turns, so
 * little is cut; but a question of five lines leaves no room for its answers,
 * and a slip of a metre is read by nobody. */
#include "kiosk/flow/item_load.h"

#include <string.h>

#include "kiosk/base/text.h"

/* cols and rows: what the place has there.  A text that fills in an answer is
 * measured with FILL_COLS for it. */
static const struct {
    enum place place;
    const char *key;
    unsigned on;
    int cols, rows;
    enum severity severity;
    const char *where;
} fits[] = {
    /* Beside the longest words for where one is: "Fill in 12/15". */
    { PLACE_ITEM, "title", ON_ALL, 26, 2, SEVERITY_ERROR,
      "in the head of a 40x15 page, where the rest is cut" },
    { PLACE_ITEM, "summary", ON_ALL, 37, 2, SEVERITY_WARNING,
      "on its tile at 40x15" },
    { PLACE_ITEM, "bring", ON_ALL, 37, 2, SEVERITY_WARNING,
      "on its tile at 40x15" },
    { PLACE_STEP, "ask", ON_ALL, 40, 3, SEVERITY_WARNING,
      "above its answers at 40x15" },
    { PLACE_STEP, "hint", ON_ALL, 40, 3, SEVERITY_WARNING,
      "above the answers at 40x15" },
    /* Labels take at most two fifths of a line beside what was answered. */
    { PLACE_STEP, "label", ON_ALL, 14, 3, SEVERITY_WARNING,
      "beside its answer at 40x15" },
    { PLACE_STEP, "role", ON_ALL, 20, 1, SEVERITY_WARNING,
      "in the sentences of its card page at 40x15" },
    { PLACE_STEP, "way", ON_ALL, 37, 2, SEVERITY_WARNING,
      "among the answers at 40x15" },
    { PLACE_OPTION, "text", ON_ALL, 37, 3, SEVERITY_WARNING,
      "among the answers at 40x15" },
    { PLACE_OPTION, "note", ON_ALL, 37, 3, SEVERITY_WARNING,
      "under its answer at 40x15" },
    /* Beside whether it is filled in. */
    { PLACE_SECTION, "title", ON_ALL, 24, 2, SEVERITY_WARNING,
      "on the page of tasks at 40x15" },
    { PLACE_STOP, "reason", ON_ALL, 37, 7, SEVERITY_WARNING,
      "on a 40x15 page with its ways on" },
    { PLACE_STOP, "done", ON_ALL, 40, 3, SEVERITY_WARNING,
      "on a 40x15 page with its ways on" },
    { PLACE_STOP, "ways", ON_ALL, 37, 4, SEVERITY_WARNING,
      "on a 40x15 page with two others" },
    /* 48 mm of letters of 10.5 points. */
    { PLACE_LINE, "label", ON_RESULT, 25, 2, SEVERITY_WARNING,
      "on a 58-mm slip" },
    { PLACE_LINE, "text", ON_RESULT, 25, 14, SEVERITY_WARNING,
      "on a 58-mm slip" },
    { PLACE_SLIP_PART, "text", ON_ALL, 25, 14, SEVERITY_WARNING,
      "on a 58-mm slip" },
    { PLACE_SLIP_PART, "label", ON_ALL, 25, 3, SEVERITY_WARNING,
      "under its code on a 58-mm slip" },
    { PLACE_SLIP_TABLE, "columns", ON_ALL, 25, 2, SEVERITY_WARNING,
      "above its value on a 58-mm slip" },
    { PLACE_SLIP_TABLE, "cells", ON_ALL, 25, 6, SEVERITY_WARNING,
      "under its label on a 58-mm slip" },
    { PLACE_SLIP_ROW, "cells", ON_ALL, 25, 6, SEVERITY_WARNING,
      "under its label on a 58-mm slip" },
};

enum { FILL_COLS = 8, MEASURED_BYTES = 16 * 1024 };

/* What a person gives is not known: so many cells stand for it. */
static void add_measured(const char *text, struct buf *out)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        size_t len;

        buf_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        len = strcspn(text + 1, "{}");
        if (text[1 + len] != '}') {
            buf_add_char(out, *text++);
            continue;
        }
        for (int i = 0; i < FILL_COLS; i++)
            buf_add_char(out, 'x');
        text += len + 2;
    }
}

void item_fit(struct loader *loader, const struct key_row *row,
              const struct yaml *node, const char *text)
{
    struct buf measured;
    int rows;

    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
        if (fits[i].place != row->place || strcmp(fits[i].key, row->name) != 0)
            continue;
        if (!(fits[i].on & loader->screen))
            continue;
        buf_init(&measured, MEASURED_BYTES);
        add_measured(text, &measured);
        rows = text_wrap_count(measured.text, fits[i].cols);
        buf_done(&measured);
        if (rows <= fits[i].rows)
            continue;
        (fits[i].severity == SEVERITY_ERROR ? item_complain : item_warn)(
            loader, node,
            "too long: %d lines of %d cells, of which %d fit %s: expected "
            "fewer words",
            rows, fits[i].cols, fits[i].rows, fits[i].where);
    }
}
