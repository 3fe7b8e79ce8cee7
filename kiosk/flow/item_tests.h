/* A test of an item's while it is walked.  Only item_tests*.c includes this. */
#pragma once

#include "kiosk/flow/item_load.h"
#include "kiosk/flow/walk.h"

enum { TRIAL_PAGES_BYTES = 4096 };

struct trial {
    const struct item *item;
    const struct yaml *test;
    struct answers *answers;
    struct problems *problems;
    size_t before;    /* problems->raised */
    struct buf pages; /* those seen, parted by ", " */
    size_t page_count;
    const struct step *last;
    const struct stop *stop;
    bool is_unpaid; /* it ends on the page of a payment */
};

/* One mistake of the test, or of the item, at that place. */
__attribute__((format(printf, 3, 4))) void
trial_fail(struct trial *trial, const struct yaml *at, const char *format, ...);
bool trial_has_failed(const struct trial *trial);
/* Noon of its day. */
int64_t trial_today(const struct trial *trial);
/* NULL: there is none. */
const char *trial_text(const struct yaml *map, const char *key);
/* "2026-11-23" as "20261123". */
void trial_digits(const char *date, char digits[16]);

/* item_tests_page.c: what the test does on one page. */
void trial_lay_card(struct trial *trial, const struct step *step,
                    const struct yaml *page);
void trial_answer(struct trial *trial, const struct step *step,
                  const struct yaml *page);

/* item_tests_said.c: what is said on a page before it is answered, and at the
 * end of all of them. */
void trial_look_at_page(struct trial *trial, const struct step *step);
void trial_compare_said(struct trial *trial);
/* The lines that stand on a page now are these, in this order. */
void trial_compare_lines(struct trial *trial, const struct step *step,
                         const struct yaml *lines);

/* item_tests_says.c: what can be read on a page, once it was answered, for the
 * stop at which it ends stands there, too; and that each such page came. */
void trial_look_at_says(struct trial *trial, const struct step *step);
void trial_compare_says(struct trial *trial);
