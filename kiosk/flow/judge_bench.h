/* The inside of the judge: a case that is looked at.  For judge*.c only. */
#pragma once

#include "kiosk/flow/judge.h"

enum { JUDGE_DAY_MS = 24 * 60 * 60 * 1000 };

struct bench {
    const struct judge_case *asked;
    const struct item *item;
    struct answers *answers;
    bool is_anonymous;
    int64_t today, sent_day, now; /* in days since 1970 */
    int64_t first_day, last_day;  /* of those now judged by */
    int age;                      /* -1: not known */
    struct judgement *judgement;
};

/* Notes what was found; true: JUDGE_GOOD. */
bool judge_find(struct bench *bench, enum judge_code code, const char *name);
/* What the case tells of a field of the card, or NULL. */
const char *judge_held(const struct bench *bench, const char *field);
/* The person's number was typed: no card was read. */
bool judge_was_typed(const struct bench *bench);
/* judge_person.c: further persons.  A page that asks for one's card, shown;
 * false: the judgement is made. */
bool judge_person(struct bench *bench, const struct step *step);
/* The first answer of one whose page is not shown, or NULL. */
const char *judge_person_left(const struct bench *bench,
                              const struct step *step);
/* Calls walk with each age that further persons may have had on the days now
 * judged by, until it is good for one of them; true: it was. */
bool judge_person_ages(struct bench *bench, bool by_number,
                       bool (*walk)(struct bench *bench), enum err *err);
/* Day of birth and number of a further one do not tell the same: their answer
 * that tells the day, in name; false: of nobody. */
bool judge_person_differs(const struct bench *bench,
                          char name[JUDGE_NAME_BYTES]);
/* A rule asks for an age that the case does not tell. */
bool judge_person_lacks(const struct bench *bench, char name[JUDGE_NAME_BYTES]);

/* judge_shared.c: a page that asks other offices, shown; false: the judgement is
 * made. */
bool judge_shared(struct bench *bench, const struct step *step);
/* The first answer of one that is not shown; else the step's own. */
const char *judge_shared_left(const struct bench *bench,
                              const struct step *step);

/* As a header spells it. */
enum assurance judge_assurance_of(const char *name);

/* A page that is shown: its answer, its card, its stops.  False: the judgement
 * is made. */
bool judge_page(struct bench *bench, const struct step *step);
