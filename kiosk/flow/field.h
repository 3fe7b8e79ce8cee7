/* Fields of numbers that have a known form: an ID number, a day, an amount …
 *
 * Each has one notation in which it is kept, compared and sent; how it is typed
 * (digits, so that ten keys do) and how it is shown differ from it:
 *
 *   id_number   18 characters, the last in capitals    41130319900307001X
 *   date        YYYY-MM-DD                             2026-11-26
 *   month       YYYY-MM                                2026-11
 *   number      a whole number without leading zeros   1250
 *   money       yuan, always with two decimals         12.50
 *   postcode    6 digits                               473000
 *   bank_card   16 to 19 digits                        6222020000000000000
 *
 * Whatever has no such form (mobile, text, receipt, code) is walk_text.c's. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/flow/item.h"

/* The type is one of those above. */
bool field_has_form(enum field_type type);
/* Whether min and max may be said of it. */
bool field_has_limits(enum field_type type);
/* The most characters that are typed. */
size_t field_chars(enum field_type type);
/* An answer, such as a form's or a checker's example: in the notation above. */
const char *field_sample(enum field_type type);

/* As walk_accept, for these types. */
MUST_CHECK enum err field_accept(const struct step *step, const char *given,
                                 struct buf *ret_value,
                                 const char **ret_expected);
/* The text is in the notation above: what an item says as a limit. */
bool field_is_value(const struct step *step, const char *text);
/* Of two values of one type, as strcmp. */
int field_compare(const char *one, const char *other);
/* For reading: "411303 19900307 001X", 2026年11月26日, "1,250.00 yuan". */
void field_show(const struct step *step, const char *value,
                enum language language, struct buf *out);
