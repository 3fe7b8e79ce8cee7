#include "kiosk/flow/payment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/fill.h"
#include "kiosk/base/i18n.h"
#include "kiosk/flow/record.h"

enum { YUAN_DIGITS_MAX = 9, AMOUNT_BYTES = 32 };

bool payment_is_step(const struct step *step)
{
    return strcmp(step->screen, "payment") == 0;
}

/* "200.00" or "200", as answers of type money are kept; -1: it is none. */
static int64_t read_fen(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *point = text + digits;
    bool has_fen = point[0] == '.' && strspn(point + 1, "0123456789") == 2 &&
                   point[3] == '\0';

    if (digits == 0 || digits > YUAN_DIGITS_MAX || (*point && !has_fen))
        return -1;
    return (int64_t)strtol(text, NULL, 10) * 100 +
           (has_fen ? strtol(point + 1, NULL, 10) : 0);
}

int64_t payment_fen(const struct step *step, const struct answers *answers)
{
    const char *amount = answers_get(answers, step->amount);

    return amount ? read_fen(amount) : -1;
}

void payment_about(const struct step *step, const struct answers *answers,
                   struct buf *out)
{
    const char *record = step->about ? answers_get(answers, step->about) : NULL;

    if (record)
        record_part(record, 0, out);
}

void payment_line(const struct step *step, const struct answers *answers,
                  const char *token, const char *receipt, struct buf *out)
{
    int64_t fen = payment_fen(step, answers);

    buf_add_format(out, "%s %s %" PRId64 ".%02d", token, receipt, fen / 100,
                   (int)(fen % 100));
}

/* Copies up to the next space; NULL: it is too long, or of other characters. */
static const char *take_part(const char *at, const char *characters,
                             size_t most, char *part)
{
    size_t len = strspn(at, characters);

    if (len == 0 || len > most || at[len] != ' ')
        return NULL;
    memcpy(part, at, len);
    part[len] = '\0';
    return at + len + 1;
}

bool payment_read(const char *value, struct payment_parts *ret_parts)
{
    struct payment_parts parts = { .fen = -1 };
    const char *at =
        take_part(value, "0123456789abcdef", PAYMENT_TOKEN_CHARS, parts.token);

    if (at)
        at = take_part(at, "0123456789", PAYMENT_RECEIPT_CHARS, parts.receipt);
    if (at && strlen(at) < AMOUNT_BYTES && strchr(at, '.'))
        parts.fen = read_fen(at);
    if (parts.fen < 0 || strlen(parts.token) != PAYMENT_TOKEN_CHARS)
        return false;
    *ret_parts = parts;
    return true;
}

bool payment_is_ok(const struct step *step, const struct answers *answers,
                   const char *value)
{
    struct payment_parts parts;

    return payment_read(value, &parts) &&
           parts.fen == payment_fen(step, answers);
}

void payment_sample(const struct step *step, const struct answers *answers,
                    struct buf *out)
{
    payment_line(step, answers, "00000000000000000000000000000000",
                 "0000000000000000", out);
}

bool payment_settles(const struct item *item, const struct answers *answers,
                     const struct step *step)
{
    for (const struct step *at = step; at < item->steps + item->step_count;
         at++)
        if (payment_is_step(at) && answers_get(answers, at->answer))
            return true;
    return false;
}

void payment_text(const char *value, enum language language, struct buf *out)
{
    struct payment_parts parts;
    char amount[AMOUNT_BYTES];

    if (!payment_read(value, &parts))
        return;
    snprintf(amount, sizeof amount, "%" PRId64 ".%02d", parts.fen / 100,
             (int)(parts.fen % 100));
    const struct fill fills[] = { { "amount", amount },
                                  { "receipt", parts.receipt } };
    /* TRANSLATORS: what was paid: "200.00 yuan, receipt 2026112612345678" */
    fill_text(out, i18n_text(language, N_("{amount} yuan, receipt {receipt}")),
              fills, 2);
}
