/* Groups of answers: entry 1 of the group children is children_1_name,
 * children_1_born …, and children_1_more says whether there is another.
 *
 * Entries have no gaps: one that is removed has those behind it move up.  An
 * entry exists when any of its answers does. */
#pragma once

#include "kiosk/flow/walk.h"

#define GROUP_YES "yes"
#define GROUP_NO  "no"

/* Whether what was answered before brings this step's entry up; true for a step
 * of no group.  Its own rule is another matter. */
bool walk_group_is_up(const struct step *step, const struct answers *answers);
/* The page whose answer brings the entry up; NULL: it comes by itself. */
const struct step *walk_group_gate(const struct item *item,
                                   const struct step *step);
/* The same while answers are missing that may still come: before has the steps
 * that may be shown, up to this one.  Entries that nobody has asked for yet may
 * not. */
bool walk_group_may_come_up(const struct item *item, size_t at,
                            const struct answers *answers, const bool *before);
/* A page that asks for another entry which is all answered by now: nobody need
 * see it again. */
bool walk_group_is_past(const struct item *item, const struct step *step,
                        const struct answers *answers);
/* Whether the page's answer is one that it may have. */
bool walk_group_holds(const struct step *step, const struct answers *answers);

/* How many entries there are. */
size_t walk_group_count(const struct answers *answers, const char *group);
/* The page behind that entry which asks for another one, or NULL. */
const struct step *walk_group_page(const struct item *item, const char *group,
                                   size_t entry);
/* "Child 2", and what was answered first in it. */
void walk_group_title(const struct step *page, size_t entry,
                      enum language language, struct buf *out);
void walk_group_text(const struct item *item, const struct answers *answers,
                     const char *group, size_t entry, enum language language,
                     struct buf *out);
/* How the answer of such a page reads. */
void walk_group_answer(const struct step *page, const char *value,
                       enum language language, struct buf *out);

/* Takes an entry out, those behind it move up; then what does not fit any more
 * falls away.  ERR_TOO_BIG: there is no memory for it, and all is as before. */
MUST_CHECK enum err walk_group_remove(const struct item *item,
                                      struct answers *answers,
                                      const char *group, size_t entry);
/* What would fall away with it, beside the entry itself. */
MUST_CHECK enum err walk_group_would_drop(const struct item *item,
                                          const struct answers *answers,
                                          const char *group, size_t entry,
                                          struct walk_falls *ret_falls);

/* What a rule sees: a list of maps of texts. */
struct rule_value walk_group_value(const struct answers *answers,
                                   const char *group, struct rule_room *room);
