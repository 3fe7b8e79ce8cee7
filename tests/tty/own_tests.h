/* The tests that stand in an item's own file, as something that can be walked
 * through the running program: with its cards, its answers, on its day.
 *
 * A test pretends a day.  A program's clock only goes forward, so the test is
 * played on that day where it is still to come; else on the day of the clock,
 * where it goes so on any day; else some years later, with each of its days
 * (births, ID numbers, what is answered) as many years later.  Whether a test
 * may be so moved the engine says: it goes there as in its file, or it is not
 * played. */
#pragma once

#include "kiosk/flow/item.h"
#include "kiosk/flow/walk.h"

struct own_test {
    const struct item *item;
    struct yaml *test;       /* moved */
    struct answers *answers; /* all of them, at its end */
    const struct step *last; /* its last page */
    const char *name; /* on each card; NULL: as in the file.  The caller's */
    int64_t noon_ms;  /* of the day it is played on */
    bool is_exact; /* else other offices have on record what they have, and the
                      pages are those that follow from that */
};

/* The first of the item's tests that ends as it should (a case that was sent, a
 * certificate, cases that were found; if none does, a closing page) and can be
 * walked here, on the day of now_ms or a later one.  False: there is none.
 * The item must live longer. */
bool own_tests_choose(const struct item *item, int64_t now_ms,
                      struct own_test *ret_test);
/* The one of that name, wherever it ends.  False: there is none, or it cannot be
 * so moved. */
bool own_tests_find(const struct item *item, const char *name, int64_t now_ms,
                    struct own_test *ret_test);
/* … where it matters that somebody is so old on that very day: never played on
 * the clock's day in place of its own. */
bool own_tests_find_day(const struct item *item, const char *name,
                        int64_t now_ms, struct own_test *ret_test);
void own_test_done(struct own_test *test);

/* "name", for who is told of it. */
const char *own_test_name(const struct own_test *test);
/* What stands on each card as the name. */
const char *own_test_card_name(const struct own_test *test);
/* The number of the person whose card is asked for at this step: of the test's
 * birthday, each item's another one, with a right check character; where it
 * matters what other offices have on record, one of whom the demonstration's
 * have as much. */
void own_test_number(const struct own_test *test, const struct step *step,
                     char number[32]);
/* What the test says of the card of this step: "birth", "kind", "typed"; ""
 * where it says nothing. */
const char *own_test_card(const struct own_test *test, const struct step *step,
                          const char *what);
/* Its answers say what is answered here; else that stood there already. */
bool own_test_gives(const struct own_test *test, const struct step *step);
/* The pages that come, by their steps. */
size_t own_test_page_count(const struct own_test *test);
const char *own_test_page(const struct own_test *test, size_t at);
/* Where it stops: the stop's id at its last page; "": it goes on. */
const char *own_test_stop(const struct own_test *test);
/* What is refused at that step's field, one after the other; NULL: no more. */
const char *own_test_refused(const struct own_test *test,
                             const struct step *step, size_t at);
