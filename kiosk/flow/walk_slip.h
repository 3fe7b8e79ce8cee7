/* Between walk_slip.c (what every slip has) and walk_slip_parts.c (what an item
 * says of its own).  Everybody else has walk.h. */
#pragma once

#include "kiosk/flow/walk.h"

/* One slip being told, in one language, for one paper. */
struct slip_telling {
    const struct item *item;
    const struct answers *answers;
    enum language language;
    int paper; /* ITEM_PAPER_… */
    const struct walk_told *told;
};

void walk_tell_fact(const struct slip_telling *telling, const char *id,
                    const char *label, const char *text);
/* Nothing where it does not hold, or is not answered. */
void walk_tell_line(const struct slip_telling *telling,
                    const struct line *line);
void walk_tell_answer(const struct slip_telling *telling,
                      const struct step *step, const char *id);

/* The item's own parts, as far as they hold and stand on this paper. */
void walk_tell_parts(const struct slip_telling *telling);
/* A part is the fact of that answer. */
bool walk_slip_names(const struct item *item, const char *answer);

/* The step that answers by that name, or NULL. */
const struct step *walk_answering(const struct item *item, const char *answer);
/* The answers of the nth entry of a group, from 1, begin with this; false: no
 * step answers so. */
enum { WALK_ENTRY_BYTES = 48 };
bool walk_entry(const struct item *item, const char *group, size_t n,
                char prefix[WALK_ENTRY_BYTES]);
