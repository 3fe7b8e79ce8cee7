/* What somebody typed, to the notation of its type; or what was expected, said
 * so that they can put it right. */
#include "kiosk/flow/field.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/number.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/receipt.h"

enum {
    ID_CHARS = 18,
    DATE_DIGITS = 8,
    MONTH_DIGITS = 6,
    MOBILE_DIGITS = 11,
    POSTCODE_DIGITS = 6,
    CARD_DIGITS_MIN = 16,
    CARD_DIGITS_MAX = 19,
    NUMBER_DIGITS_MAX = 12, /* what is compared fits an int64_t by far */
    FEN_DIGITS = 2,
    NUMBER_BYTES = 128,
    CREDIT_CHARS = 18
};

#define DIGITS   "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALLS   "abcdefghijklmnopqrstuvwxyz"

static size_t digits_in(const char *text)
{
    return strspn(text, DIGITS);
}

static bool is_digits(const char *text, size_t least, size_t most)
{
    size_t len = strlen(text);

    return digits_in(text) == len && len >= least && len <= most;
}

static void add_capitals(struct buf *out, const char *text)
{
    for (; *text; text++)
        buf_add_char(out, *text >= 'a' && *text <= 'z'
                              ? (char)(*text - 'a' + 'A')
                              : *text);
}

/* ---- Texts --------------------------------------------------------------- */

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

const char *field_read_text(const struct step *step, const char *given,
                            struct buf *out)
{
    enum { BYTES_A_CHARACTER = 4 };
    struct text_change change;
    struct buf clean;
    const char *start, *expected = NULL;

    buf_init(&clean, step->max_chars * BYTES_A_CHARACTER);
    text_accept(given, strlen(given), step->max_chars, &clean, &change);
    for (start = clean.text; is_space(start); start += is_space(start))
        ;
    if (change.was_cut || clean.is_cut)
        expected = N_("fewer words, this is too long");
    else if (*start == '\0')
        expected = N_("a few words, or the other way offered");
    else
        buf_add(out, start, trimmed_len(start));
    buf_done(&clean);
    return expected;
}

/* ---- Numbers of a person ------------------------------------------------- */

/* The country's +86 may stand before it. */
const char *field_read_mobile(const struct step *step, const char *given,
                              struct buf *out)
{
    (void)step;
    if (strncmp(given, "+86", 3) == 0)
        given += 3;
    else if (strncmp(given, "86", 2) == 0 && strlen(given) == MOBILE_DIGITS + 2)
        given += 2;
    if (!mobile_is_ok(given))
        return N_("11 digits, the first of them a 1");
    buf_add_text(out, given);
    return NULL;
}

const char *field_read_receipt(const struct step *step, const char *given,
                               struct buf *out)
{
    (void)step;
    if (!receipt_is_ok(given))
        return N_("12 digits, compare them with the slip");
    buf_add_text(out, given);
    return NULL;
}

const char *field_read_code(const struct step *step, const char *given,
                            struct buf *out)
{
    (void)step;
    if (!is_digits(given, LOOKUP_DIGITS, LOOKUP_DIGITS))
        return N_("4 digits, as on the slip");
    buf_add_text(out, given);
    return NULL;
}

/* 17 digits whose check character is X are complete: ten keys have no X, and
 * the confirmation shows it. */
const char *field_read_id_number(const struct step *step, const char *given,
                                 struct buf *out)
{
    char number[NUMBER_BYTES + 2];

    (void)step;
    (void)snprintf(number, sizeof number, "%s", given);
    if (is_digits(number, ID_CHARS - 1, ID_CHARS - 1) &&
        id_number_check_character(number) == 'X')
        memcpy(number + ID_CHARS - 1, "X", 2);
    enum number_fault fault = id_number_check(number);
    if (fault)
        return id_number_expected(fault);
    if (number[ID_CHARS - 1] == 'x')
        number[ID_CHARS - 1] = 'X';
    buf_add_text(out, number);
    return NULL;
}

const char *field_read_date(const struct step *step, const char *given,
                            struct buf *out)
{
    (void)step;
    if (!is_digits(given, DATE_DIGITS, DATE_DIGITS))
        return N_("8 digits, four of the year, two of the month, two of the "
                  "day, such as 20260105");
    if (!clock_is_date(given))
        return N_("a day that is in the calendar, compare month and day");
    buf_add_format(out, "%.4s-%.2s-%.2s", given, given + 4, given + 6);
    return NULL;
}

const char *field_read_month(const struct step *step, const char *given,
                             struct buf *out)
{
    char day[DATE_DIGITS + 1];

    (void)step;
    if (!is_digits(given, MONTH_DIGITS, MONTH_DIGITS))
        return N_("6 digits, four of the year, two of the month, such as "
                  "202601");
    (void)snprintf(day, sizeof day, "%.6s01", given);
    if (!clock_is_date(day))
        return N_("a month from 01 to 12 behind the year");
    buf_add_format(out, "%.4s-%.2s", given, given + 4);
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

const char *field_read_number(const struct step *step, const char *given,
                              struct buf *out)
{
    (void)step;
    if (!is_digits(given, 1, NUMBER_DIGITS_MAX))
        return N_("a whole number in digits, at most 12 of them");
    buf_add_text(out, without_zeros(given, strlen(given)));
    return NULL;
}

static void add_money(struct buf *out, const char *yuan, size_t len,
                      const char *fen)
{
    const char *from = without_zeros(yuan, len);

    buf_add(out, from, len - (size_t)(from - yuan));
    buf_add_format(out, ".%.2s", fen);
    for (size_t i = strlen(fen); i < FEN_DIGITS; i++)
        buf_add_char(out, '0');
}

/* Ten keys have no point: where fen are taken the last two digits are those, as
 * at a till, and elsewhere there are only yuan. */
const char *field_read_money(const struct step *step, const char *given,
                             struct buf *out)
{
    size_t whole = digits_in(given), len = strlen(given);
    bool has_point = given[whole] == '.';
    const char *fen = has_point ? given + whole + 1 : "";
    char padded[NUMBER_BYTES + 4];

    if (len == 0 || whole > NUMBER_DIGITS_MAX || (!has_point && whole < len) ||
        (has_point && (whole == 0 || !is_digits(fen, 1, FEN_DIGITS))))
        return step->check.with_fen
                   ? N_("an amount in digits, the last two of them fen, such "
                        "as 1250 for 12.50 yuan")
                   : N_("an amount in whole yuan, in digits only");
    if (!step->check.with_fen && strspn(fen, "0") != strlen(fen))
        return N_("an amount in whole yuan, in digits only");
    if (has_point || !step->check.with_fen) {
        add_money(out, given, whole, fen);
        return NULL;
    }
    (void)snprintf(padded, sizeof padded, "00%s", given);
    add_money(out, padded, whole, padded + whole);
    return NULL;
}

const char *field_read_postcode(const struct step *step, const char *given,
                                struct buf *out)
{
    (void)step;
    if (!is_digits(given, POSTCODE_DIGITS, POSTCODE_DIGITS))
        return N_("6 digits, such as 473000");
    buf_add_text(out, given);
    return NULL;
}

const char *field_read_bank_card(const struct step *step, const char *given,
                                 struct buf *out)
{
    (void)step;
    if (!is_digits(given, CARD_DIGITS_MIN, CARD_DIGITS_MAX))
        return N_("the 16 to 19 digits on the front of the card");
    if (!bank_card_is_ok(given))
        return N_("one of its digits is not as on the card, compare them "
                  "one by one");
    buf_add_text(out, given);
    return NULL;
}

/* ---- Codes --------------------------------------------------------------- */

const char *field_read_credit_code(const struct step *step, const char *given,
                                   struct buf *out)
{
    struct buf code;
    const char *expected = NULL;

    (void)step;
    buf_init(&code, NUMBER_BYTES);
    add_capitals(&code, given);
    if (code.text[strspn(code.text, DIGITS CAPITALS)])
        expected = N_("it has digits and letters only");
    else if (code.len != CREDIT_CHARS)
        expected = N_("it has 18 characters, count them again");
    else if (strpbrk(code.text, "IOSVZ"))
        expected = N_("the letters I, O, S, V and Z are not in it, look "
                      "whether they are 1, 0, 5, U or 2");
    else if (!credit_code_is_ok(code.text))
        expected = N_("one of its characters is not as on the licence, compare "
                      "them one by one");
    else
        buf_add_text(out, code.text);
    buf_done(&code);
    return expected;
}

/* Labels of letters, digits and dashes with points between them; the last has
 * no digits. */
static bool is_domain(const char *domain)
{
    size_t labels = 0, len = 0;

    for (const char *at = domain; *at; at += len, at += *at == '.') {
        len = strcspn(at, ".");
        if (len == 0 || len != strspn(at, DIGITS CAPITALS SMALLS "-") ||
            at[0] == '-' || at[len - 1] == '-')
            return false;
        labels++;
        if (!at[len])
            return labels >= 2 && len >= 2 &&
                   strspn(at, CAPITALS SMALLS) == len;
    }
    return false;
}

static bool is_mailbox(const char *given, size_t len)
{
    const char *points = strstr(given, "..");

    return len > 0 && (!points || points > given + len) &&
           strspn(given, DIGITS CAPITALS SMALLS "._%+-") == len &&
           given[0] != '.' && given[len - 1] != '.';
}

/* The domain is the same in capitals; what stands before it may not be. */
const char *field_read_email(const struct step *step, const char *given,
                             struct buf *out)
{
    const char *at = strchr(given, '@');

    (void)step;
    if (!at || strchr(at + 1, '@'))
        return N_("an address with one @ in it, such as name@example.com");
    if (!is_mailbox(given, (size_t)(at - given)))
        return N_("before the @ letters, digits and signs such as . _ - only, "
                  "as in name@example.com");
    if (!is_domain(at + 1))
        return N_("behind the @ a name with a point in it, such as "
                  "name@example.com");
    buf_add(out, given, (size_t)(at - given));
    for (; *at; at++)
        buf_add_char(out,
                     *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at);
    return NULL;
}

/* ---- Vehicle plates ------------------------------------------------------ */

#define PLATE_LETTERS "ABCDEFGHJKLMNPQRSTUVWXYZ"
/* Electric cars, then the other new energies. */
#define PLATE_ENERGIES "DABCEFGHJK"

static bool begins_with_one_of(const char *text, const char *characters)
{
    uint32_t first = text_next(&text), one;

    while ((one = text_next(&characters)) != 0)
        if (one == first)
            return true;
    return false;
}

/* Behind province and letter: five characters, the last perhaps a word for what
 * the vehicle is. */
static bool is_ordinary(const char *serial)
{
    size_t plain = strspn(serial, DIGITS PLATE_LETTERS);

    return (plain == 5 && !serial[plain]) ||
           (plain == 4 && text_count(serial) == 5 &&
            begins_with_one_of(serial + plain, "学警挂港澳"));
}

/* GA 36: of small cars a letter comes first, of large ones last. */
static bool is_new_energy(const char *serial)
{
    if (strlen(serial) != 6)
        return false;
    return (strspn(serial, PLATE_ENERGIES) >= 1 &&
            strspn(serial + 1, DIGITS PLATE_LETTERS) == 5 &&
            strspn(serial + 2, DIGITS) == 4) ||
           (strspn(serial, DIGITS) == 5 &&
            strspn(serial + 5, PLATE_ENERGIES) == 1);
}

static const char *plate_fault(const char *plate)
{
    static const char provinces[] =
        "豫京津沪渝冀云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    size_t count = text_count(plate);
    const char *serial;

    if (!begins_with_one_of(plate, provinces))
        return N_("its first character is that of the province, as on the "
                  "plate");
    serial = plate + text_offset(plate, 1);
    if (strspn(serial, CAPITALS) < 1)
        return N_("a letter stands behind the province");
    serial++;
    if (count < 7 || count > 8)
        return N_("it has 7 characters, of a new energy vehicle 8, count them "
                  "again");
    if (strpbrk(serial, "IO"))
        return N_("the letters I and O are not in it, type the digits 1 and 0");
    if (count == 7 && !is_ordinary(serial))
        return N_("digits and letters, compare them with the plate one by one");
    if (count == 8 && !is_new_energy(serial))
        return N_("of a new energy vehicle one letter and five digits stand "
                  "last, compare them with the plate");
    return NULL;
}

static bool is_point(const char *at, size_t len)
{
    static const char *const points[] = { "\u00b7", "\u2022", "." };

    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        if (strlen(points[i]) == len && memcmp(points[i], at, len) == 0)
            return true;
    return false;
}

/* The point that is painted on plates is taken out. */
const char *field_read_plate(const struct step *step, const char *given,
                             struct buf *out)
{
    struct buf plate;
    const char *expected;

    (void)step;
    buf_init(&plate, NUMBER_BYTES);
    for (size_t len; *given; given += len) {
        char c = *given;

        len = text_offset(given, 1);
        if (c >= 'a' && c <= 'z')
            buf_add_char(&plate, (char)(c - 'a' + 'A'));
        else if (!is_point(given, len))
            buf_add(&plate, given, len);
    }
    expected = plate_fault(plate.text);
    if (!expected)
        buf_add_text(out, plate.text);
    buf_done(&plate);
    return expected;
}
