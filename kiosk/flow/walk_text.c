/* How answers read for people, and what of theirs is accepted. */
#include "kiosk/flow/walk.h"

#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/receipt.h"

enum { MOBILE_DIGITS = 11 };

static void add_choice(const struct step *step, const char *value,
                       enum language language, struct buf *out)
{
    for (size_t i = 0; step->list && i < step->list->count; i++)
        if (strcmp(step->list->rows[i].value, value) == 0) {
            buf_add_text(out, words_in(&step->list->rows[i].text, language));
            return;
        }
    for (size_t i = 0; i < step->option_count; i++)
        if (strcmp(step->options[i].value, value) == 0) {
            buf_add_text(out, words_in(&step->options[i].text, language));
            return;
        }
    buf_add_text(out, value);
}

void walk_group(const struct step *step, const char *value,
                enum language language, struct buf *out)
{
    if (field_has_form(step->type) && strcmp(step->screen, "field") == 0) {
        field_show(step, value, language, out);
        return;
    }
    /* Bytes are characters only where all of them are digits. */
    if (step->type == FIELD_TYPE_MOBILE && strlen(value) == MOBILE_DIGITS &&
        strspn(value, "0123456789") == MOBILE_DIGITS &&
        strcmp(step->screen, "field") == 0)
        buf_add_format(out, "%.3s %.4s %.4s", value, value + 3, value + 7);
    else if (step->type == FIELD_TYPE_RECEIPT && receipt_is_ok(value))
        buf_add_format(out, "%.4s %.4s %.4s", value, value + 4, value + 8);
    else
        buf_add_text(out, value);
}

void walk_text(const struct item *item, const struct step *step,
               const struct answers *answers, enum language language,
               struct buf *out)
{
    const char *value =
        step->answer ? answers_get(answers, step->answer) : NULL;

    (void)item;
    if (!value)
        return;
    if (answers_source(answers, step->answer) == SOURCE_LATER)
        buf_add_text(out, words_in(&step->way, language));
    else if (strcmp(step->screen, "choice") == 0)
        add_choice(step, value, language, out);
    else
        walk_group(step, value, language, out);
}

static bool is_name(const char *known, const char *name, size_t len)
{
    return known && strlen(known) == len && memcmp(known, name, len) == 0;
}

/* False: nobody knows this name. */
static bool fill_name(const struct item *item, const char *name, size_t len,
                      const struct answers *answers, enum language language,
                      struct buf *out)
{
    const struct {
        const char *name;
        const struct words *words;
    } of_item[] = {
        { "title", &item->title },
        { "authority", &item->authority },
        { "unit", &item->unit },
        { "contact", &item->contact },
    };

    for (size_t i = 0; i < sizeof of_item / sizeof *of_item; i++)
        if (is_name(of_item[i].name, name, len)) {
            buf_add_text(out, words_in(of_item[i].words, language));
            return true;
        }
    for (size_t i = 0; i < item->step_count; i++)
        if (is_name(item->steps[i].answer, name, len)) {
            walk_text(item, &item->steps[i], answers, language, out);
            return true;
        }
    return false;
}

void walk_fill(const struct item *item, const struct words *words,
               const struct answers *answers, enum language language,
               struct buf *out)
{
    const char *at = words_in(words, language);

    while (*at) {
        size_t plain = strcspn(at, "{");
        size_t len;

        buf_add(out, at, plain);
        at += plain;
        if (!*at)
            break;
        len = strcspn(at + 1, "{}");
        /* What was filled in is not looked at again: it may be a citizen's. */
        if (at[1 + len] == '}' &&
            fill_name(item, at + 1, len, answers, language, out))
            at += len + 2;
        else
            buf_add_char(out, *at++);
    }
}

/* Without spaces, dashes, full-width forms and the country's +86. */
static enum err accept_mobile(const char *given, struct buf *ret_value,
                              const char **ret_expected)
{
    enum { TIDY_BYTES = 64 };
    struct buf tidy;
    const char *digits;
    enum err err = ERR_OK;

    buf_init(&tidy, TIDY_BYTES);
    text_tidy_number(given, &tidy);
    digits = tidy.text;
    if (strncmp(digits, "+86", 3) == 0)
        digits += 3;
    else if (strncmp(digits, "86", 2) == 0 &&
             strlen(digits) == MOBILE_DIGITS + 2)
        digits += 2;
    if (!tidy.is_cut && mobile_is_ok(digits)) {
        buf_add_text(ret_value, digits);
    } else {
        *ret_expected = N_("11 digits, the first of them a 1");
        err = ERR_BAD_INPUT;
    }
    buf_done(&tidy);
    return err;
}

/* A receipt number, or its lookup code: digits and nothing else. */
static enum err accept_digits(const struct step *step, const char *given,
                              struct buf *ret_value, const char **ret_expected)
{
    enum { TIDY_BYTES = 64 };
    bool is_code = step->type == FIELD_TYPE_CODE;
    struct buf tidy;

    buf_init(&tidy, TIDY_BYTES);
    text_tidy_number(given, &tidy);
    bool is_good = is_code
                       ? strlen(tidy.text) == LOOKUP_DIGITS &&
                             strspn(tidy.text, "0123456789") == LOOKUP_DIGITS
                       : receipt_is_ok(tidy.text);
    if (is_good && !tidy.is_cut)
        buf_add_text(ret_value, tidy.text);
    else if (is_code)
        *ret_expected = N_("4 digits, as on the slip");
    else
        *ret_expected = N_("12 digits, compare them with the slip");
    buf_done(&tidy);
    return *ret_expected ? ERR_BAD_INPUT : ERR_OK;
}

static size_t is_space(const char *at)
{
    if (*at == ' ')
        return 1;
    return strncmp(at, "\u3000", 3) == 0 ? 3 : 0;
}

static size_t trimmed_len(const char *text)
{
    size_t len = strlen(text);

    for (;;) {
        if (len >= 1 && text[len - 1] == ' ')
            len -= 1;
        else if (len >= 3 && is_space(text + len - 3) == 3)
            len -= 3;
        else
            return len;
    }
}

static enum err accept_text(const struct step *step, const char *given,
                            struct buf *ret_value, const char **ret_expected)
{
    enum { BYTES_A_CHARACTER = 4 };
    struct text_change change;
    struct buf clean;
    const char *start;
    enum err err = ERR_OK;

    buf_init(&clean, step->max_chars * BYTES_A_CHARACTER);
    text_accept(given, strlen(given), step->max_chars, &clean, &change);
    for (start = clean.text; is_space(start); start += is_space(start))
        ;
    if (change.was_cut || clean.is_cut) {
        *ret_expected = N_("fewer words, this is too long");
        err = ERR_BAD_INPUT;
    } else if (*start == '\0') {
        *ret_expected = N_("a few words, or the other way offered");
        err = ERR_BAD_INPUT;
    } else {
        buf_add(ret_value, start, trimmed_len(start));
    }
    buf_done(&clean);
    return err;
}

enum err walk_accept(const struct step *step, const char *given,
                     struct buf *ret_value, const char **ret_expected)
{
    switch (step->type) {
    case FIELD_TYPE_MOBILE:
        return accept_mobile(given, ret_value, ret_expected);
    case FIELD_TYPE_TEXT:
        return accept_text(step, given, ret_value, ret_expected);
    case FIELD_TYPE_RECEIPT:
    case FIELD_TYPE_CODE:
        *ret_expected = NULL;
        return accept_digits(step, given, ret_value, ret_expected);
    case FIELD_TYPE_ID_NUMBER:
    case FIELD_TYPE_DATE:
    case FIELD_TYPE_MONTH:
    case FIELD_TYPE_NUMBER:
    case FIELD_TYPE_MONEY:
    case FIELD_TYPE_POSTCODE:
    case FIELD_TYPE_BANK_CARD:
        return field_accept(step, given, ret_value, ret_expected);
    case FIELD_TYPE_COUNT:
        break;
    }
    return ERR_BAD_INPUT;
}

const char *walk_how(const struct step *step)
{
    if (step->type == FIELD_TYPE_ID_NUMBER)
        return N_("If the last character is X and you have no X key, type the "
                  "17 digits and press #.");
    if (step->type == FIELD_TYPE_DATE)
        return N_("Type 8 digits: year, month, day. 5 January 2026 is "
                  "20260105.");
    if (step->type == FIELD_TYPE_MONTH)
        return N_("Type 6 digits: year, month. January 2026 is 202601.");
    if (step->type == FIELD_TYPE_MONEY && step->with_fen)
        return N_("The last two digits are fen: 1250 is 12.50 yuan.");
    if (step->type == FIELD_TYPE_MONEY)
        return N_("Type whole yuan, without fen.");
    return NULL;
}

void walk_expected(const struct step *step, const char *msgid,
                   enum language language, struct buf *out)
{
    const char *at = i18n_text(language, msgid);

    while (*at) {
        bool is_max = strncmp(at, "{max}", 5) == 0;

        if (is_max || strncmp(at, "{min}", 5) == 0) {
            field_show(step, walk_limit(step, is_max), language, out);
            at += 5;
        } else {
            buf_add_char(out, *at++);
        }
    }
}
