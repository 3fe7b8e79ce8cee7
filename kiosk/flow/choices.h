/* A choice of many: which options are chosen, and whether they may be together.
 *
 * The answer is their values in the order in which the options stand, with a
 * comma between ("lease,photo"), so that one set of options is one text; "" is
 * the answer of who chose none where none is allowed (an answer nobody gave is
 * NULL, as everywhere).  Rules see a list of texts.  For flow and the pages. */
#pragma once

#include "kiosk/flow/walk.h"

enum choices_fault {
    CHOICES_GOOD,
    CHOICES_FEW,
    CHOICES_MANY,
    CHOICES_TOGETHER,   /* with one that is chosen alone */
    CHOICES_NOT_OFFERED /* or in another order, or twice */
};

/* How many are in it. */
size_t choices_count(const char *answer);
bool choices_has(const char *answer, const char *value);
/* The nth of them; NULL: there are not so many. */
const char *choices_nth(const char *answer, size_t n, size_t *ret_len);

/* The most that may be chosen on that page. */
size_t choices_most(const struct step *step);
/* Whether one may go on with these now. */
enum choices_fault choices_look(const struct step *step,
                                const struct answers *answers,
                                const char *answer);

/* What is chosen once this one was pressed, of those offered now.  One that is
 * chosen alone takes the place of the others, and they of it.  False: no more
 * may be chosen, and out is not to be used. */
bool choices_press(const struct step *step, const struct answers *answers,
                   const char *answer, const char *value, struct buf *out);

/* Those of them that are offered now. */
void choices_keep_offered(const struct step *step,
                          const struct answers *answers, const char *answer,
                          struct buf *out);

/* Of the rows that are wanted (one bool each) those that are offered; the first
 * others with them where that is less than is needed, and no more than may be.
 * False: nobody can answer here. */
bool choices_make(const struct step *step, const struct answers *answers,
                  const bool *is_wanted, struct buf *out);

/* As somebody writes them, in any order: in that of the options. */
void choices_tidy(const struct step *step, const char *given, struct buf *out);

/* How many are to be chosen, in a sentence; nothing where one or more will do.
 */
void choices_limits(const struct step *step, enum language language,
                    struct buf *out);

/* "Lease, photo"; of none the words that say so. */
void choices_text(const struct step *step, const char *answer,
                  enum language language, struct buf *out);
