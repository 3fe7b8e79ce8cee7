#include "kiosk/flow/field.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/number.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/walk.h"

enum {
    ID_CHARS = 18,
    DATE_DIGITS = 8,
    MONTH_DIGITS = 6,
    POSTCODE_DIGITS = 6,
    CARD_DIGITS_MIN = 16,
    CARD_DIGITS_MAX = 19,
    NUMBER_DIGITS_MAX = 12, /* what is compared fits an int64_t by far */
    FEN_DIGITS = 2,
    TIDY_BYTES = 64
};

/* Days and months beyond these are slips of the finger. */
static const char first_day[] = "1900-01-01", last_day[] = "2099-12-31";

static size_t digits_in(const char *text)
{
    return strspn(text, "0123456789");
}

static bool is_digits(const char *text, size_t least, size_t most)
{
    size_t len = strlen(text);

    return digits_in(text) == len && len >= least && len <= most;
}

/* ---- Each type: what was typed, tidied, to its notation ------------------- */

/* NULL: it is right and appended to out; else a msgid of what is expected. */
typedef const char *(*read_fn)(const struct step *step, const char *tidy,
                               struct buf *out);

/* 17 digits whose check character is X are complete: ten keys have no X, and
 * the confirmation shows it. */
static const char *read_id_number(const struct step *step, const char *tidy,
                                  struct buf *out)
{
    char number[TIDY_BYTES + 2];

    (void)step;
    (void)snprintf(number, sizeof number, "%s", tidy);
    if (is_digits(number, ID_CHARS - 1, ID_CHARS - 1) &&
        id_number_check_character(number) == 'X')
        memcpy(number + ID_CHARS - 1, "X", 2);
    switch (id_number_check(number)) {
    case NUMBER_OK:
        break;
    case NUMBER_EMPTY:
        return N_("type all 18 characters of the number");
    case NUMBER_FIFTEEN:
        return N_("numbers of 15 digits are no longer valid, type the 18 "
                  "characters on the card of today");
    case NUMBER_LENGTH:
        return N_("it has 18 characters, count them again");
    case NUMBER_CHARACTER:
        return N_("it has 17 digits, then a digit or X");
    case NUMBER_DATE:
        return N_("the seventh to fourteenth digits are the date of birth, "
                  "compare them with the card");
    case NUMBER_CHECK:
        return N_("one of its digits is not as on the card, compare them "
                  "one by one");
    }
    if (number[ID_CHARS - 1] == 'x')
        number[ID_CHARS - 1] = 'X';
    buf_add_text(out, number);
    return NULL;
}

static const char *read_date(const struct step *step, const char *tidy,
                             struct buf *out)
{
    (void)step;
    if (!is_digits(tidy, DATE_DIGITS, DATE_DIGITS))
        return N_("8 digits, four of the year, two of the month, two of the "
                  "day, such as 20260105");
    if (!clock_is_date(tidy))
        return N_("a day that is in the calendar, compare month and day");
    buf_add_format(out, "%.4s-%.2s-%.2s", tidy, tidy + 4, tidy + 6);
    return NULL;
}

static const char *read_month(const struct step *step, const char *tidy,
                              struct buf *out)
{
    char day[DATE_DIGITS + 1];

    (void)step;
    if (!is_digits(tidy, MONTH_DIGITS, MONTH_DIGITS))
        return N_("6 digits, four of the year, two of the month, such as "
                  "202601");
    (void)snprintf(day, sizeof day, "%.6s01", tidy);
    if (!clock_is_date(day))
        return N_("a month from 01 to 12 behind the year");
    buf_add_format(out, "%.4s-%.2s", tidy, tidy + 4);
    return NULL;
}

static const char *without_zeros(const char *digits, size_t len)
{
    while (len > 1 && *digits == '0') {
        digits++;
        len--;
    }
    return digits;
}

static const char *read_number(const struct step *step, const char *tidy,
                               struct buf *out)
{
    (void)step;
    if (!is_digits(tidy, 1, NUMBER_DIGITS_MAX))
        return N_("a whole number in digits, at most 12 of them");
    buf_add_text(out, without_zeros(tidy, strlen(tidy)));
    return NULL;
}

static void add_money(struct buf *out, const char *yuan, size_t len,
                      const char *fen)
{
    const char *from = without_zeros(yuan, len);

    buf_add(out, from, len - (size_t)(from - yuan));
    buf_add_format(out, ".%.2s%s", fen,
                   "00" + (strlen(fen) < FEN_DIGITS ? strlen(fen) : 2));
}

/* Ten keys have no point: where fen are taken the last two digits are those, as
 * at a till, and elsewhere there are only yuan. */
static const char *read_money(const struct step *step, const char *tidy,
                              struct buf *out)
{
    size_t whole = digits_in(tidy), len = strlen(tidy);
    bool has_point = tidy[whole] == '.';
    const char *fen = has_point ? tidy + whole + 1 : "";
    char padded[TIDY_BYTES + 4];

    if (len == 0 || whole > NUMBER_DIGITS_MAX || (!has_point && whole < len) ||
        (has_point && (whole == 0 || !is_digits(fen, 1, FEN_DIGITS))))
        return step->with_fen
                   ? N_("an amount in digits, the last two of them fen, such "
                        "as 1250 for 12.50 yuan")
                   : N_("an amount in whole yuan, in digits only");
    if (!step->with_fen && strspn(fen, "0") != strlen(fen))
        return N_("an amount in whole yuan, in digits only");
    if (has_point || !step->with_fen) {
        add_money(out, tidy, whole, fen);
        return NULL;
    }
    (void)snprintf(padded, sizeof padded, "00%s", tidy);
    add_money(out, padded, whole, padded + whole);
    return NULL;
}

static const char *read_postcode(const struct step *step, const char *tidy,
                                 struct buf *out)
{
    (void)step;
    if (!is_digits(tidy, POSTCODE_DIGITS, POSTCODE_DIGITS))
        return N_("6 digits, such as 473000");
    buf_add_text(out, tidy);
    return NULL;
}

static const char *read_bank_card(const struct step *step, const char *tidy,
                                  struct buf *out)
{
    (void)step;
    if (!is_digits(tidy, CARD_DIGITS_MIN, CARD_DIGITS_MAX))
        return N_("the 16 to 19 digits on the front of the card");
    if (!bank_card_is_ok(tidy))
        return N_("one of its digits is not as on the card, compare them "
                  "one by one");
    buf_add_text(out, tidy);
    return NULL;
}

/* ---- The table ----------------------------------------------------------- */

/* Room for spaces and dashes is in chars, as people type and paste them. */
static const struct form {
    read_fn read;
    size_t chars;
    bool has_limits;
    const char *sample;
    const char *min, *max; /* where the item says none */
} forms[FIELD_TYPE_COUNT] = {
    [FIELD_TYPE_ID_NUMBER] = { read_id_number, 18, false, "411303199003070017",
                               NULL, NULL },
    [FIELD_TYPE_DATE] = { read_date, 10, true, "2026-01-05", first_day,
                          last_day },
    [FIELD_TYPE_MONTH] = { read_month, 7, true, "2026-01", "1900-01",
                           "2099-12" },
    [FIELD_TYPE_NUMBER] = { read_number, 12, true, "3", NULL, NULL },
    [FIELD_TYPE_MONEY] = { read_money, 15, true, "100.00", NULL, NULL },
    [FIELD_TYPE_POSTCODE] = { read_postcode, 6, false, "473000", NULL, NULL },
    [FIELD_TYPE_BANK_CARD] = { read_bank_card, 23, false, "6222020000000000000",
                               NULL, NULL },
};

bool field_has_form(enum field_type type)
{
    return forms[type].read != NULL;
}

bool field_has_limits(enum field_type type)
{
    return forms[type].has_limits;
}

size_t field_chars(enum field_type type)
{
    return forms[type].chars;
}

const char *field_sample(enum field_type type)
{
    return forms[type].sample;
}

/* ---- Accepting ----------------------------------------------------------- */

const char *walk_limit(const struct step *step, bool is_max)
{
    const struct form *form = &forms[step->type];
    const char *said = is_max ? step->max : step->min;

    return said ? said : is_max ? form->max : form->min;
}

static int64_t amount_of(const char *value)
{
    int64_t amount = 0;

    for (; *value; value++)
        if (*value >= '0' && *value <= '9')
            amount = amount * 10 + (*value - '0');
    return amount;
}

/* Fixed places make the digits alone enough, the point of money and the dashes
 * of days left out. */
int field_compare(const char *one, const char *other)
{
    int64_t a = amount_of(one), b = amount_of(other);

    return a < b ? -1 : a > b;
}

static const char *beyond_limits(const struct step *step, const char *value)
{
    const char *min = walk_limit(step, false), *max = walk_limit(step, true);
    bool is_in = (!min || field_compare(value, min) >= 0) &&
                 (!max || field_compare(value, max) <= 0);

    if (is_in)
        return NULL;
    if (!min)
        return N_("at most {max}");
    return max ? N_("from {min} to {max}") : N_("at least {min}");
}

static const char *read(const struct step *step, const char *given,
                        struct buf *value)
{
    struct buf tidy;
    const char *expected;

    buf_init(&tidy, TIDY_BYTES);
    text_tidy_number(given, &tidy);
    expected =
        forms[step->type].read(step, tidy.is_cut ? "?" : tidy.text, value);
    buf_done(&tidy);
    return expected;
}

enum err field_accept(const struct step *step, const char *given,
                      struct buf *ret_value, const char **ret_expected)
{
    struct buf value;
    const char *expected;

    assert(field_has_form(step->type));
    buf_init(&value, TIDY_BYTES);
    expected = read(step, given, &value);
    if (!expected)
        expected = beyond_limits(step, value.text);
    if (expected)
        *ret_expected = expected;
    else
        buf_add_text(ret_value, value.text);
    buf_done(&value);
    return expected ? ERR_BAD_INPUT : ERR_OK;
}

bool field_is_value(const struct step *step, const char *text)
{
    struct buf value;
    bool is_same;

    buf_init(&value, TIDY_BYTES);
    is_same = !read(step, text, &value) && strcmp(value.text, text) == 0;
    buf_done(&value);
    return is_same;
}

/* ---- Showing ------------------------------------------------------------- */

/* 1,250,000.00 */
static void add_thousands(const char *value, struct buf *out)
{
    size_t whole = digits_in(value);

    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buf_add_char(out, ',');
        buf_add_char(out, value[i]);
    }
    buf_add_text(out, value + whole);
}

static void add_fours(const char *value, struct buf *out)
{
    for (size_t i = 0; value[i]; i++) {
        if (i > 0 && i % 4 == 0)
            buf_add_char(out, ' ');
        buf_add_char(out, value[i]);
    }
}

static void add_day(const char *value, enum language language, struct buf *out)
{
    if (language != LANGUAGE_ZH_CN)
        buf_add_text(out, value);
    else if (strlen(value) > strlen("2026-11"))
        buf_add_format(out, "%.4s年%.2s月%.2s日", value, value + 5, value + 8);
    else
        buf_add_format(out, "%.4s年%.2s月", value, value + 5);
}

/* What is not in its notation (nothing else is kept, but an envelope may bring
 * it) is shown as it is: bytes are characters only here. */
void field_show(const struct step *step, const char *value,
                enum language language, struct buf *out)
{
    if (!field_has_form(step->type) || !field_is_value(step, value)) {
        buf_add_text(out, value);
        return;
    }
    switch (step->type) {
    case FIELD_TYPE_ID_NUMBER:
        buf_add_format(out, "%.6s %.8s %s", value, value + 6, value + 14);
        break;
    case FIELD_TYPE_DATE:
    case FIELD_TYPE_MONTH:
        add_day(value, language, out);
        break;
    case FIELD_TYPE_NUMBER:
        add_thousands(value, out);
        break;
    case FIELD_TYPE_MONEY:
        add_thousands(value, out);
        buf_add_format(out, " %s", i18n_text(language, N_("yuan")));
        break;
    case FIELD_TYPE_BANK_CARD:
        add_fours(value, out);
        break;
    case FIELD_TYPE_POSTCODE:
    case FIELD_TYPE_MOBILE:
    case FIELD_TYPE_TEXT:
    case FIELD_TYPE_RECEIPT:
    case FIELD_TYPE_CODE:
    case FIELD_TYPE_COUNT:
        buf_add_text(out, value);
        break;
    }
}
