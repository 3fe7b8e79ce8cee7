/* A record chosen from those that the office has of a person: a step with
 * screen: record, and behind it a computed step for each of its columns, made
 * by the loader (item_record.c).
 *
 * The answer is the record as the office told it, in one line: its id and what
 * each column holds, in their order, parted by "|":
 *
 *   4113021234567890|2026-10-03|人民路‖Renmin Road|200.00|open
 *
 * A column of type money is in yuan with fen, a date 2026-10-03, words in both
 * languages are parted by "‖"; what the office did not tell is empty.  "none":
 * it has no record of this person.  So the columns follow from the answer by
 * rules, at both ends, and nobody can change one without the other. */
#pragma once

#include <jansson.h>

#include "kiosk/flow/walk.h"

#define RECORD_NONE "none"

enum { RECORD_ID_CHARS = 40, RECORD_AS_USUAL = 1000 };

bool record_is_step(const struct step *step);
/* The columns of a record's step: how many, and the nth from 0. */
size_t record_column_count(const struct item *item, const struct step *step);
const struct step *record_column(const struct step *step, size_t n);
/* What the office calls it: "fen" of decision_fen. */
const char *record_column_name(const struct step *step, size_t n);
/* The step is such a column. */
bool record_is_column(const struct item *item, const struct step *step);

/* A row of the office's, {"id", "fields": {…}}, as the answer, appended.
 * ERR_BAD_ANSWER: it is not in that form, or a text is not one (a control
 * character, "|" or "‖" in it, a word that no option has). */
MUST_CHECK enum err record_of_row(const struct item *item,
                                  const struct step *step, const json_t *row,
                                  struct buf *out);
/* The answer is "none", or a record in its form. */
bool record_is_ok(const struct item *item, const struct step *step,
                  const char *value);

/* The nth part of an answer in its form, appended: 0 its id, then its columns. */
void record_part(const char *value, size_t n, struct buf *out);

/* A record as one might be, for who tries items out; the nth column (from 0) holds
 * value, RECORD_AS_USUAL: none of them. */
void record_sample(const struct item *item, const struct step *step, size_t nth,
                   const char *value, struct buf *out);

/* The answer for people: the record's id, or that there is none. */
void record_text(const char *value, enum language language, struct buf *out);
/* What a column holds, in that language. */
void record_words(const char *value, enum language language, struct buf *out);
