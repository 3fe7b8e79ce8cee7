/* Whose card a card step reads.  Every item has one main person, whose session
 * it is: their answers are called card_name, card_number … and age.  A step
 * with `person` reads the card of somebody else (an agent, a spouse, a child):
 * spouse_name, spouse_number, spouse_kind … and spouse_age.  Of them only the
 * step's own `fields` are kept.
 *
 * step is a card step everywhere here. */
#pragma once

#include "kiosk/flow/walk.h"

enum {
    PERSON_NAME_BYTES = 64,
    PERSON_CHARS_MAX = 15 /* of such a name: fields follow it */
};

bool person_is_card_step(const struct step *step);
/* It is not the main person's. */
bool person_is_other(const struct step *step);
/* What is kept of the card, beside its kind; NULL-terminated. */
const char *const *person_fields(const struct item *item,
                                 const struct step *step);
bool person_keeps(const struct item *item, const struct step *step,
                  const char *field);
/* The name of the answer: field is one of card_field_names, or "age". */
void person_answer(const struct step *step, const char *field,
                   char name[PERSON_NAME_BYTES]);
const char *person_get(const struct step *step, const struct answers *answers,
                       const char *field);
enum source person_source(const struct step *step,
                          const struct answers *answers, const char *field);
/* The step of another person than the main one that gives this answer, or NULL;
 * *ret_field, unless ret_field is NULL, is what of the person it is. */
const struct step *person_of(const struct item *item, const char *name,
                             const char **ret_field);

/* A card was read, or a number typed, at this step. */
bool person_is_known(const struct step *step, const struct answers *answers);
/* Another card step of the item, that knows a person of this number: nobody is
 * two people of one case.  NULL: there is none. */
const struct step *person_with_number(const struct item *item,
                                      const struct answers *answers,
                                      const struct step *but,
                                      const char *number);

/* What is kept of a card becomes answers (with source card), its kind and the
 * age on the day of wall_ms too; what was known of that person is forgotten
 * first.  On failure nothing of them is known. */
MUST_CHECK enum err person_take_card(struct answers *answers,
                                     const struct item *item,
                                     const struct step *step,
                                     const struct card *card, int64_t wall_ms);
/* The same of a number of 18 characters that was typed. */
MUST_CHECK enum err person_take_number(struct answers *answers,
                                       const struct step *step,
                                       const char *number, int64_t wall_ms);
void person_forget(struct answers *answers, const struct step *step);
/* All of the item but the main one. */
void person_forget_others(struct answers *answers, const struct item *item);
