/* Which page comes next, what is on it, what is wrong: the engine for both
 * ends.  It knows nothing of terminals. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/flow/card.h"
#include "kiosk/flow/item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum source {
    SOURCE_NONE,
    SOURCE_CARD,
    SOURCE_CITIZEN,
    SOURCE_LATER,    /* the way round was taken: given later, elsewhere */
    SOURCE_LEFT,     /* left empty, where that may be; the value is "" */
    SOURCE_COMPUTED, /* it follows from earlier answers */
    SOURCE_ANSWER,   /* taken over from an earlier answer, and confirmed */
    SOURCE_SHARED,   /* another office has it on record (shared.h) */
    SOURCE_COUNT
};
const char *source_name(enum source source);

/* What is known in this session, by name.  Values live in secret memory. */
struct answers;

/* today() is the day on which they were made, until answers_begin. */
struct answers *answers_new(void);
void answers_free(struct answers *answers);
/* Sets what today() is for every rule asked of these answers: the day of
 * wall_ms.  For who begins a session. */
void answers_begin(struct answers *answers, int64_t wall_ms);
/* As struct rule_host has it. */
int64_t answers_today(const struct answers *answers);
/* Replaces; ERR_TOO_BIG past 4 KiB a value, 256 KiB in all, ANSWERS_MOST or a
 * full arena.  Names are copied. */
enum { ANSWERS_MOST = ITEM_STEPS_MAX + 96 }; /* what cards and records say */
MUST_CHECK enum err answers_set(struct answers *answers, const char *name,
                                const char *value, enum source source);
/* NULL: not answered.  Borrowed until it changes. */
const char *answers_get(const struct answers *answers, const char *name);
enum source answers_source(const struct answers *answers, const char *name);
/* What is held, in the order in which it was first answered. */
size_t answers_count(const struct answers *answers);
const char *answers_name(const struct answers *answers, size_t at);
void answers_forget(struct answers *answers, const char *name);
void answers_wipe(struct answers *answers);
/* All of them with their sources and today(), to try something out on; freed by
 * answers_free.  ERR_TOO_BIG: there is no memory for it. */
MUST_CHECK enum err answers_copy(const struct answers *answers,
                                 struct answers **ret_copy);
/* Each has what the other had. */
void answers_swap(struct answers *one, struct answers *other);

/* The card's fields that the item needs become answers (with source card), as
 * do "card_kind" and "age"; all else is left out.  The answer's name is that
 * of the field after "card_": card_name, card_number, card_birth …; a field
 * that is empty on the card stays unanswered. */
MUST_CHECK enum err answers_take_card(struct answers *answers,
                                      const struct item *item,
                                      const struct card *card, int64_t wall_ms);

/* Names that rules know without a step: card_kind, card_birth, age, assurance;
 * of another person's card spouse_kind, spouse_birth, spouse_age; and whatever
 * steps answer.  NULL is true; what cannot be evaluated is
 * false. */
bool walk_is_true(const struct rule *rule, const struct answers *answers);

/* The item ends there, well and without a case: no page comes after it. */
bool walk_is_closing(const struct step *step);

/* A person answers it: a choice, a field; not what the office says, what is
 * computed, or a page that only shows. */
bool walk_is_question(const struct step *step);
/* Its answer is what the office says, not something to fill in. */
bool walk_is_of_office(const struct step *step);
bool walk_shows(const struct step *step, const struct answers *answers);
/* What nobody has verified is shown to no citizen. */
bool walk_shows_line(const struct line *line, const struct answers *answers);
/* The index of the next (previous) step that is to be shown, or step_count (-1
 * for none before).  from -1: the first. */
int walk_next(const struct item *item, const struct answers *answers, int from);
int walk_before(const struct item *item, const struct answers *answers,
                int from);
/* It was answered, or nothing is to be answered there. */
bool walk_is_answered(const struct step *step, const struct answers *answers);
/* After a change from the review page: the first step before `until` that is
 * shown and not answered, else `until`. */
int walk_resume(const struct item *item, const struct answers *answers,
                int until);
/* Who is younger does nothing alone at a card page, unless it takes_minors. */
enum { WALK_MINOR_AGE = 16 };
/* The stop that holds after this step's answer, or NULL. */
const struct stop *walk_stop(const struct step *step,
                             const struct answers *answers);

/* Answers of steps that are not shown any more, of lists whose parent changed,
 * and what may not stand there any more (asked.h) are forgotten; returns how
 * many.  What is computed is computed anew. */
size_t walk_drop(const struct item *item, struct answers *answers);

/* What falls away, in the order of the pages. */
enum { WALK_FALLS_MAX = ITEM_STEPS_MAX };
struct walk_fall {
    const struct step *step;
    bool is_asked_again; /* its page is shown still; else it is asked no more */
};
struct walk_falls {
    size_t count;
    struct walk_fall list[WALK_FALLS_MAX];
};
/* What walk_drop would forget if name were answered so (NULL: as all is now);
 * nothing is forgotten, it is tried on a copy.  ERR_TOO_BIG as answers_set.
 * What falls away is asked again, should its page come back later. */
MUST_CHECK enum err walk_would_drop(const struct item *item,
                                    const struct answers *answers,
                                    const char *name, const char *value,
                                    enum source source,
                                    struct walk_falls *ret_falls);

/* Why a page is shown.  The law that has it asked, or NULL where none is named
 * or nobody has verified it. */
const struct words *walk_basis(const struct step *step);
/* The earlier answers without which the page would not have come up now, in the
 * order in which its rule names them; none: everybody is asked this.  step NULL
 * is what the card said: name is age, card_birth, card_kind or assurance; of
 * another person's card it is their card step. */
enum { WALK_CAUSES_MAX = 16 };
struct walk_cause {
    const char *name;
    const struct step *step;
};
size_t walk_causes(const struct item *item, const struct step *step,
                   const struct answers *answers,
                   struct walk_cause causes[WALK_CAUSES_MAX]);

/* Steps of kind choice and field that are (or may still be) shown: how many,
 * and the place of this one from 1 (0: not one of them).  Of a long matter in
 * parts (tasks.h), of those of its part. */
void walk_place(const struct item *item, const struct answers *answers,
                int step, int *ret_place, int *ret_count);

/* The options of a choice, or the rows of its list: all there are, and whether
 * one is offered now. */
size_t walk_row_count(const struct step *step);
bool walk_row_is_offered(const struct step *step, const struct answers *answers,
                         size_t row);
/* The options of a choice that are offered now, whether from options or from a
 * list. */
size_t walk_option_count(const struct step *step,
                         const struct answers *answers);
/* note may be NULL; ret_note NULL texts when there is none. */
void walk_option(const struct step *step, const struct answers *answers,
                 size_t at, const char **ret_value,
                 const struct words **ret_text, const struct words **ret_note);

/* The value is among what is offered now. */
bool walk_offers(const struct step *step, const struct answers *answers,
                 const char *value);

/* Whether the choice that was made there is among what is offered now, a
 * promise of papers that which would be made now, and what was written still
 * goes with the answers before it. */
bool walk_holds(const struct item *item, const struct step *step,
                const struct answers *answers);

/* The page that says what comes of it, or NULL: its lines stand on the slip, on
 * the phone and wherever a case is looked at. */
const struct step *walk_result(const struct item *item);

/* How an answer reads for people, in that language: the option's words, the
 * list row's, a grouped number, the way's words for "later", that it was not
 * given, the text itself. */
void walk_text(const struct item *item, const struct step *step,
               const struct answers *answers, enum language language,
               struct buf *out);

/* The same where others may look on: what is personal is masked. */
void walk_text_masked(const struct item *item, const struct step *step,
                      const struct answers *answers, enum language language,
                      struct buf *out);

/* The same of a value that is no answer yet. */
void walk_text_of(const struct item *item, const struct step *step,
                  const char *value, enum source source, enum language language,
                  struct buf *out);

/* Fills {name} in words with answers' texts; unknown names stay. */
void walk_fill(const struct item *item, const struct words *words,
               const struct answers *answers, enum language language,
               struct buf *out);

/* What a slip says of a case beside its numbers and its state, the same on
 * screen, phone and paper: what the item says of its slip, else the lines of its
 * result page, as far as they hold (what comes next, when, where, the papers
 * this person needs); papers that were promised; whom to ask, correct or
 * withdraw, how to complain.  Texts live until tell returns. */
enum slip_told_kind {
    SLIP_TOLD_FACT, /* label and text */
    SLIP_TOLD_TEXT,
    SLIP_TOLD_TABLE,
    SLIP_TOLD_QR,       /* of the item's own: label, text is what it holds */
    SLIP_TOLD_PROGRESS, /* here stands the code of the progress page */
    SLIP_TOLD_RULE
};
struct slip_told {
    enum slip_told_kind kind;
    const char *id; /* unique on the slip */
    const char *label, *text;
    const char *const *cells; /* of a table, row by row, its head first */
    size_t columns, rows;
};
struct walk_told {
    void (*tell)(void *owner, const struct slip_told *told);
    void *owner;
};
/* As that paper (an ITEM_PAPER_…) has it. */
void walk_slip_on(const struct item *item, const struct answers *answers,
                  enum language language, int paper,
                  const struct walk_told *told);

/* The same for screens and phones, as A4 has it, as labels with texts: a row of
 * a table is labelled by its first cell, a text has the label "", what a code
 * holds is a text, too.  The texts live until row returns. */
struct walk_slip {
    void (*row)(void *owner, const char *id, const char *label,
                const char *text);
    void *owner;
};
/* That row stands whatever the office has done since; the others are what was
 * to be done at first. */
bool walk_is_contact(const char *row_id);
void walk_slip(const struct item *item, const struct answers *answers,
               enum language language, const struct walk_slip *slip);

/* What the person gave for a field: ret_value is what is stored (numbers
 * tidied); ERR_BAD_INPUT with a msgid that says what is expected. */
MUST_CHECK enum err walk_accept(const struct step *step, const char *given,
                                struct buf *ret_value,
                                const char **ret_expected);
/* "138 1234 5678", "2026-11-26" for the confirmation page. */
void walk_group(const struct step *step, const char *value,
                enum language language, struct buf *out);
/* What is expected, in words: {min} and {max} of a msgid that walk_accept gave
 * are filled in. */
void walk_expected(const struct step *step, const char *msgid,
                   enum language language, struct buf *out);
/* What is expected of this answer beside the others of the case, as a msgid, or
 * NULL: it may stay.  A day that must not lie before another does not; a number
 * that is another person's is neither the card's nor that of another field of
 * that kind (only_before: one before it in the item). */
const char *walk_clash(const struct item *item, const struct step *step,
                       const struct answers *answers, const char *value,
                       bool only_before);
/* How the field is typed, as a msgid, where nobody could guess it; else NULL.
 */
const char *walk_how(const struct step *step);
