/* Fields: what each type of them is, in one table (field.c).
 *
 * Each has one notation in which it is kept, compared, seen by rules and sent;
 * how it is typed and how it is shown differ from it:
 *
 *   mobile       11 digits                              13812345678
 *   text         as it was written                      人民路 3 号
 *   receipt      12 digits                              310063270015
 *   code         4 digits                               4821
 *   id_number    18 characters, the last in capitals    41130319900307001X
 *   date         YYYY-MM-DD                             2026-11-26
 *   month        YYYY-MM                                2026-11
 *   number       a whole number without leading zeros   1250
 *   money        yuan, always with two decimals         12.50
 *   postcode     6 digits                               473000
 *   bank_card    16 to 19 digits                        6222020000000000000
 *   credit_code  18 characters, in capitals             91411300MA9ABCDE2D
 *   email        the domain in small letters            name@example.com
 *   plate        7 or 8 characters, in capitals         豫R12345
 *
 * yes_no is a choice whose two options are built in; nothing is typed. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/flow/item.h"

/* How it is typed. */
enum field_pad {
    FIELD_PAD_NONE,   /* it is chosen */
    FIELD_PAD_DIGITS, /* ten keys, perhaps one more */
    FIELD_PAD_TEXT,   /* Chinese, too */
    FIELD_PAD_CODE    /* digits, letters and a few signs */
};

/* What of an answer is shown where it says what the machine holds. */
enum field_mask {
    FIELD_MASK_ALL,    /* that there is one */
    FIELD_MASK_NUMBER, /* its first and last characters */
    FIELD_MASK_EMAIL   /* the first character, and the domain */
};

/* Appends what is kept; or says what is expected, as a msgid.  given is without
 * spaces, dashes and full-width forms, but for text and email. */
typedef const char *field_read_fn(const struct step *step, const char *given,
                                  struct buf *out);

enum { FIELD_CHARS_MAX = 1000 };

struct field_kind {
    const char *name; /* as item files have it */
    enum field_pad pad;
    size_t digits;      /* of a whole number; 0: they differ */
    size_t chars;       /* the most that are typed; 0: as the item says */
    char more_key;      /* beside the digits: 'X', '.'; '\0': none */
    const char *groups; /* "684": how it stands in the field */
    enum field_mask mask;
    bool is_personal;  /* masked on slips and in sentences, too */
    bool is_sensitive; /* by law: the item says on what ground it is asked */
    const char *how;   /* how it is typed, a msgid; NULL: it is clear */
    bool has_limits;   /* min and max may be said */
    const char *first, *last; /* what they are where the item says none */
    const char *sample;       /* an answer, for who tries items out */
    field_read_fn *read;
};

const struct field_kind *field_kind(enum field_type type);

/* As walk_accept: the type's form first, then the step's own limits. */
MUST_CHECK enum err field_accept(const struct step *step, const char *given,
                                 struct buf *ret_value,
                                 const char **ret_expected);
/* The text is in the type's notation: what an item says as a limit. */
bool field_is_value(const struct step *step, const char *text);
/* Of two values of one type with limits, as strcmp. */
int field_compare(const char *one, const char *other);
/* The least (greatest) value that is accepted; NULL: there is none. */
const char *field_limit(const struct step *step, bool is_max);
/* What stands in the field when its page is seen again: as it is typed. */
void field_typed(const struct step *step, const char *value, struct buf *out);
/* For reading: "411303 19900307 001X", 2026年11月26日, "1,250.00 yuan". */
void field_show(const struct step *step, const char *value,
                enum language language, struct buf *out);
/* The same where others may look on, as on a slip: "411***********001X".  Only
 * what is_personal is masked, and what the item says; of what has no mask of
 * its own the first character stays. */
void field_show_masked(const struct step *step, const char *value,
                       enum language language, struct buf *out);

/* What the table stands on (field_read.c); only field.c calls them. */
field_read_fn field_read_mobile, field_read_text, field_read_receipt,
    field_read_code, field_read_id_number, field_read_date, field_read_month,
    field_read_number, field_read_money, field_read_postcode,
    field_read_bank_card, field_read_credit_code, field_read_email,
    field_read_plate;
