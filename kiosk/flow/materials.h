/* Papers of a matter: each asked by a page of its own, then summed up by the
 * page of kind materials.  Which are lacking now, what may follow, by when, and
 * the promise that is made (容缺受理, 一次性告知). */
#pragma once

#include "kiosk/flow/calendar.h"
#include "kiosk/flow/walk.h"

#include <stdbool.h>
#include <stddef.h>

/* The item's page of kind materials; NULL: it has none. */
const struct step *materials_page(const struct item *item);

/* The nth paper that was answered so; NULL: there are not so many. */
const struct step *materials_answered(const struct item *item,
                                      const struct answers *answers,
                                      const char *value, size_t n);

/* By when papers that follow are to be brought, counted from the day on which
 * the session began.  *ret_is_sure as in calendar_last_day. */
void materials_due(const struct step *page, const struct answers *answers,
                   char date[CALENDAR_DATE_BYTES], bool *ret_is_sure);

/* What the promise is, the answer of the page: the day, then the names of the
 * papers, "2026-12-03 lease photo". */
void materials_promise(const struct item *item, const struct step *page,
                       const struct answers *answers, struct buf *out);
/* Such an answer for people: "lease, photo, to the office by 2026-12-03 at the
 * latest". */
void materials_text(const struct item *item, const struct step *page,
                    const char *promise, enum language language,
                    struct buf *out);
/* Its day for people; "" when it is none. */
void materials_day(const struct step *page, const char *date,
                   enum language language, struct buf *out);
