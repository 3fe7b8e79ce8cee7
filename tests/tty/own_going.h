/* A walk of an item's own test that is under way: for own_walk.c, which knows
 * what each kind of page wants, and own_wrong.c, which knows what goes wrong. */
#pragma once

#include "tests/tty/own_walk.h"

enum { OWN_TYPED_BYTES = 8 * 1024, OWN_ID_BYTES = 128 };

struct going {
    const struct own_walk *walk;
    struct drive *drive;
    const struct own_test *test;
    size_t mark;                  /* in the report: where it began */
    char own_card[OWN_WALK_LINE]; /* the main person's */
    char receipt[16], code[8];
    size_t tasks; /* parts entered */
    size_t papers;
    const struct step *wrong; /* where what is refused was tried last */
    bool has_begun, has_seen_last, is_over;
};

/* Fails the test that asked, with where it is. */
__attribute__((format(printf, 2, 3), noreturn)) void
going_give_up(const struct going *going, const char *format, ...);

/* ---- What stands there ---- */

bool going_has(const struct going *going, const char *id);
const struct step *going_step(const struct going *going);
/* What the test answers here; "": nothing. */
const char *going_answer(const struct going *going);
/* Something is told beside what was given, or it does not go on here. */
bool going_is_refused(struct drive *drive);
/* Another page than when something was pressed or typed last. */
bool going_is_another_page(struct drive *drive);

/* ---- Hands ---- */

/* Before what is pressed or typed otherwise than by those below. */
void going_leave_page(const struct going *going);
void going_await_next(const struct going *going);
void going_press(const struct going *going, const char *id);
/* Nothing is cut on any turn of the page until the element stands there. */
void going_look_through(const struct going *going, const char *until);
void going_press_seen(const struct going *going, const char *id);
/* A simulator's line. */
void going_say(const struct going *going, const char *line);
/* As ten keys end it; what comes is not awaited. */
void going_type_digits(const struct going *going, const char *digits);
/* The same of a text, pasted. */
void going_paste(const struct going *going, const char *text);
void going_delete_all(const struct going *going, const char *id);

/* ---- What goes wrong (own_wrong.c) ---- */

/* It stops where the test says that it does. */
bool going_stops_here(const struct going *going);
/* What its stop page says is what the item says, all of it seen; back from there
 * what was answered is still there; then the person ends. */
void going_leave_stop(struct going *going);
/* Each number or day that the test says is refused here is, with a sentence, and
 * stays in the field to be corrected. */
void going_try_refused(struct going *going);

/* ---- What was seen (own_seen.c) ---- */

/* The steps are those of the test, in their order. */
void own_seen_compare(const struct going *going);
