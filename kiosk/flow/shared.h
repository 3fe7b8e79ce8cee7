/* Shared data (数据共享): what other offices have on record of the person, so
 * that nobody is asked for what the state knows already.
 *
 * A step with screen: shared asks for the records of some kinds.  What came
 * becomes answers with source shared, and nothing else is kept:
 *
 *   shared_household           the day of the record, 2025-11-20
 *   shared_household_address   a field of it, if a rule or a prefill uses it
 *
 * The step itself answers how it went: SHARED_CAME (a record of every kind),
 * SHARED_PART (of some), SHARED_NONE (of none, or nobody may ask for it) or
 * SHARED_AWAY (the records could not be had now).  It follows from the records
 * that are there, and holds only together with them.
 *
 * One table (shared_table.c) has the kinds, their fields and what these may
 * be: the loader, the terminal, the hub and its judge go by it. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/flow/walk.h"

#define SHARED_CAME "came"
#define SHARED_PART "part"
#define SHARED_NONE "none"
#define SHARED_AWAY "away"
/* All four, ended by NULL. */
extern const char *const shared_states[];

enum {
    SHARED_FIELDS_MAX = 5,
    SHARED_KINDS = 5,
    SHARED_NAME_BYTES = 48,
    SHARED_DAY_BYTES = 16,
    SHARED_VALUE_BYTES = 200, /* with its end */
    /* Answers of all kinds, their days among them. */
    SHARED_ANSWERS_MAX = SHARED_KINDS * (SHARED_FIELDS_MAX + 1)
};

/* A value that is a word of ours, and what it is called, a msgid. */
struct shared_word {
    const char *value, *text;
};

enum shared_shape {
    SHARED_TEXT,   /* as the register writes it */
    SHARED_WORD,   /* one of words */
    SHARED_ETHNIC, /* two digits, as on a card */
    SHARED_COUNTY, /* six digits */
    SHARED_TYPED   /* as a field of that type keeps it */
};

struct shared_field {
    const char *name;  /* NULL: there are no more */
    const char *label; /* a msgid */
    enum shared_shape shape;
    enum field_type type;            /* of SHARED_TYPED */
    const struct shared_word *words; /* of SHARED_WORD, ended by NULLs */
    const char *sample;              /* for who tries items out */
};

struct shared_kind {
    const char *name;
    const char *label;  /* what the record is called, a msgid */
    const char *office; /* who keeps it, a msgid */
    const struct shared_field fields[SHARED_FIELDS_MAX + 1];
};

extern const struct shared_kind shared_kinds[SHARED_KINDS];

/* NULL: there is none of that name. */
const struct shared_kind *shared_kind_find(const char *name);
const struct shared_field *shared_field_find(const struct shared_kind *kind,
                                             const char *name);
/* It is one of the field's values, in its form. */
bool shared_is_value(const struct shared_field *field, const char *value);
/* "2025-11-20" */
bool shared_is_day(const char *text);
/* How a value reads. */
void shared_text(const struct shared_field *field, const char *value,
                 enum language language, struct buf *out);

/* ---- Among the answers ---------------------------------------------------- */

/* The answer's name: of the kind's day where field is NULL. */
void shared_name(const struct shared_kind *kind,
                 const struct shared_field *field,
                 char name[SHARED_NAME_BYTES]);
/* The same backwards; false: it is no such name.  *ret_field is NULL for the
 * day. */
bool shared_parse(const char *name, const struct shared_kind **ret_kind,
                  const struct shared_field **ret_field);

bool shared_is_step(const struct step *step);
/* The step asks for records of that kind. */
bool shared_asks(const struct step *step, const struct shared_kind *kind);
/* The item's step that gives this answer, or NULL. */
const struct step *shared_of(const struct item *item, const char *name);
/* A rule or a prefill of the item names it; of a kind's day: or a field of it. */
bool shared_is_used(const struct item *item, const struct shared_kind *kind,
                    const struct shared_field *field);

/* What was said of one kind; day NULL: there is no such record.  Borrowed. */
struct shared_record {
    const char *day;
    const char *values[SHARED_FIELDS_MAX]; /* in the order of the table */
};

/* For who tries items out: a record of each kind that the step asks for, which
 * goes with what is known of the card.  Borrows from answers. */
struct shared_samples {
    struct shared_record records[SHARED_KINDS];
    char birth[SHARED_DAY_BYTES];
};
void shared_sample(const struct step *step, const struct answers *answers,
                   struct shared_samples *ret_samples);

/* The main person's card was read: only then anybody may ask. */
bool shared_may_ask(const struct answers *answers);
/* The record of the person names another one than the card does. */
bool shared_differs(const struct shared_record records[SHARED_KINDS],
                    const struct answers *answers);
/* Takes what came, kind by kind as in the table, in the place of what was there
 * from this step: what the item uses, as far as it has the form that it must
 * have.  Where a record differs from the card none of them is taken: they may be
 * another person's.  On failure nothing is there. */
MUST_CHECK enum err
shared_take(struct answers *answers, const struct item *item,
            const struct step *step,
            const struct shared_record records[SHARED_KINDS]);
/* Nothing came: state is SHARED_NONE or SHARED_AWAY. */
MUST_CHECK enum err shared_take_nothing(struct answers *answers,
                                        const struct step *step,
                                        const char *state);
/* What the step answers goes with the records that are there. */
bool shared_holds(const struct step *step, const struct answers *answers);
/* Its records go; the second form: those of all steps. */
void shared_forget(struct answers *answers, const struct step *step);
void shared_forget_all(struct answers *answers);
