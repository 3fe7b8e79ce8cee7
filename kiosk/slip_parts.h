/* What every slip is put together from: blocks in one language after the other,
 * a head, and the line that asks kiosk-draw for it (kiosk/paper/README.md). */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/i18n.h"
#include "kiosk/settings.h"

#include <jansson.h>

#include <stdbool.h>
#include <stdint.h>

/* The longest that kiosk-draw takes. */
enum { SLIP_REQUEST_MAX = 256 * 1024 };

struct slip_parts {
    enum language language;
    json_t *blocks; /* an array; slip_finish takes it */
};

const char *slip_say(const struct slip_parts *parts, const char *msgid);
/* kind: "text", "small"; nothing where the text is empty. */
void slip_add_text(struct slip_parts *parts, const char *kind,
                   const char *text);
void slip_add_fact(struct slip_parts *parts, const char *label,
                   const char *value, bool is_large);
void slip_add_rule(struct slip_parts *parts);
/* One that stands there already, in another language, gets a further line: a
 * slip in two languages has each code once. */
void slip_add_qr(struct slip_parts *parts, const char *payload,
                 const char *text);
/* cells: row by row, the head first. */
void slip_add_table(struct slip_parts *parts, const char *const *cells,
                    size_t columns, size_t rows);
/* "2026-11-23 14:03" */
void slip_add_moment(struct slip_parts *parts, const char *label,
                     int64_t wall_ms);
void slip_add_terminal(struct slip_parts *parts,
                       const struct settings *settings);

struct slip_head {
    const char *title;
    const char *subtitle; /* NULL: none */
    const char *footer;
    bool is_demo;
};
/* One JSON line, without its newline; the blocks are gone then. */
void slip_finish(struct slip_parts *parts, const struct slip_head *head,
                 const char *paper, struct buf *out);
