/* A fee that is paid while the person waits: a step with screen: payment.
 *
 * The answer says what the hub said, in one line: the payment's token, the
 * receipt's number and the amount in yuan with fen:
 *
 *   5f0c…9a 2026112612345678 200.00
 *
 * Nothing but the hub's word makes one. */
#pragma once

#include "kiosk/flow/walk.h"

enum { PAYMENT_TOKEN_CHARS = 32, PAYMENT_RECEIPT_CHARS = 32 };

bool payment_is_step(const struct step *step);
/* What is to be paid by the answers now, in fen; -1: nothing is known. */
int64_t payment_fen(const struct step *step, const struct answers *answers);
/* The id of the record that is paid for, appended; nothing: for none. */
void payment_about(const struct step *step, const struct answers *answers,
                   struct buf *out);
/* The answer, appended. */
void payment_line(const struct step *step, const struct answers *answers,
                  const char *token, const char *receipt, struct buf *out);
/* It is in its form, and of the amount that is to be paid now. */
bool payment_is_ok(const struct step *step, const struct answers *answers,
                   const char *value);
/* Its parts; texts of any length where it is not in its form. */
struct payment_parts {
    char token[PAYMENT_TOKEN_CHARS + 1];
    char receipt[PAYMENT_RECEIPT_CHARS + 1];
    int64_t fen;
};
bool payment_read(const char *value, struct payment_parts *ret_parts);
/* As one might be, for who tries items out. */
void payment_sample(const struct step *step, const struct answers *answers,
                    struct buf *out);
/* A fee was paid for what this step says: it can be changed no more, or the money
 * would be for something else. */
bool payment_settles(const struct item *item, const struct answers *answers,
                     const struct step *step);
/* For people: "200.00 yuan, receipt 2026112612345678". */
void payment_text(const char *value, enum language language, struct buf *out);
