#include "kiosk/flow/field.h"

#include <stdint.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"

enum { VALUE_BYTES = 128 };

/* Room for spaces, dashes and +86 is in the characters of what is not typed by
 * ten keys alone. */
static const struct field_kind kinds[FIELD_TYPE_COUNT] = {
    [FIELD_TYPE_MOBILE] = { .name = "mobile",
                            .pad = FIELD_PAD_DIGITS,
                            .digits = 11,
                            .chars = 20,
                            .groups = "344",
                            .mask = FIELD_MASK_NUMBER,
                            .is_sensitive = true,
                            .sample = "13812345678",
                            .read = field_read_mobile },
    [FIELD_TYPE_TEXT] = { .name = "text",
                          .pad = FIELD_PAD_TEXT,
                          .mask = FIELD_MASK_ALL,
                          .sample = "某事",
                          .read = field_read_text },
    [FIELD_TYPE_RECEIPT] = { .name = "receipt",
                             .pad = FIELD_PAD_DIGITS,
                             .digits = 12,
                             .chars = 12,
                             .groups = "444",
                             .mask = FIELD_MASK_NUMBER,
                             .sample = "310063270015",
                             .read = field_read_receipt },
    [FIELD_TYPE_CODE] = { .name = "code",
                          .pad = FIELD_PAD_DIGITS,
                          .digits = 4,
                          .chars = 4,
                          .mask = FIELD_MASK_ALL,
                          .sample = "4821",
                          .read = field_read_code },
    [FIELD_TYPE_ID_NUMBER] = { .name = "id_number",
                               .pad = FIELD_PAD_DIGITS,
                               .digits = 18,
                               .chars = 18,
                               .more_key = 'X',
                               .groups = "684",
                               .mask = FIELD_MASK_NUMBER,
                               .how = N_(
                                   "Ends in X, no X key? 17 digits, then #."),
                               .is_personal = true,
                               .is_sensitive = true,
                               .sample = "999999199003070012",
                               .read = field_read_id_number },
    [FIELD_TYPE_DATE] = { .name = "date",
                          .pad = FIELD_PAD_DIGITS,
                          .digits = 8,
                          .chars = 8,
                          .groups = "422",
                          .mask = FIELD_MASK_ALL,
                          .how = N_("Type 8 digits: year, month, day. 5 "
                                    "January 2026 is 20260105."),
                          .has_limits = true,
                          .first = "1900-01-01",
                          .last = "2099-12-31",
                          .sample = "2026-01-05",
                          .read = field_read_date },
    [FIELD_TYPE_MONTH] = { .name = "month",
                           .pad = FIELD_PAD_DIGITS,
                           .digits = 6,
                           .chars = 6,
                           .groups = "42",
                           .mask = FIELD_MASK_ALL,
                           .how = N_("Type 6 digits: year, month. January "
                                     "2026 is 202601."),
                           .has_limits = true,
                           .first = "1900-01",
                           .last = "2099-12",
                           .sample = "2026-01",
                           .read = field_read_month },
    [FIELD_TYPE_NUMBER] = { .name = "number",
                            .pad = FIELD_PAD_DIGITS,
                            .chars = 12,
                            .mask = FIELD_MASK_ALL,
                            .has_limits = true,
                            .sample = "3",
                            .read = field_read_number },
    [FIELD_TYPE_MONEY] = { .name = "money",
                           .pad = FIELD_PAD_DIGITS,
                           .chars = 15,
                           .more_key = '.',
                           .mask = FIELD_MASK_ALL,
                           .how = N_("Type whole yuan, without fen."),
                           .has_limits = true,
                           .sample = "100.00",
                           .read = field_read_money },
    [FIELD_TYPE_POSTCODE] = { .name = "postcode",
                              .pad = FIELD_PAD_DIGITS,
                              .digits = 6,
                              .chars = 6,
                              .mask = FIELD_MASK_ALL,
                              .sample = "473000",
                              .read = field_read_postcode },
    [FIELD_TYPE_BANK_CARD] = { .name = "bank_card",
                               .pad = FIELD_PAD_DIGITS,
                               .chars = 19,
                               .groups = "44443",
                               .mask = FIELD_MASK_NUMBER,
                               .is_personal = true,
                               .is_sensitive = true,
                               .sample = "6222020000000000000",
                               .read = field_read_bank_card },
    [FIELD_TYPE_CREDIT_CODE] = { .name = "credit_code",
                                 .pad = FIELD_PAD_CODE,
                                 .digits = 18,
                                 .chars = 24,
                                 .mask = FIELD_MASK_ALL,
                                 .how = N_("Digits by their keys. # offers the "
                                           "rest, and # again goes on."),
                                 .sample = "91350100M000100Y43",
                                 .read = field_read_credit_code },
    [FIELD_TYPE_EMAIL] = { .name = "email",
                           .pad = FIELD_PAD_CODE,
                           .chars = 64,
                           .mask = FIELD_MASK_EMAIL,
                           .is_personal = true,
                           .how = N_("Digits by their keys. # offers the "
                                     "rest, and # again goes on."),
                           .sample = "name@example.com",
                           .read = field_read_email },
    [FIELD_TYPE_PLATE] = { .name = "plate",
                           .pad = FIELD_PAD_CODE,
                           .chars = 12,
                           .mask = FIELD_MASK_ALL,
                           .how = N_("Digits by their keys. # offers the "
                                     "rest, and # again goes on."),
                           .sample = "豫R12345",
                           .read = field_read_plate },
    [FIELD_TYPE_YES_NO] = { .name = "yes_no", .pad = FIELD_PAD_NONE },
};

const struct field_kind *field_kind(enum field_type type)
{
    return &kinds[type];
}

/* ---- Accepting ----------------------------------------------------------- */

const char *field_limit(const struct step *step, bool is_max)
{
    const struct field_kind *kind = &kinds[step->type];
    const char *said = is_max ? step->check.max : step->check.min;

    return said ? said : is_max ? kind->last : kind->first;
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

/* What the item says of this field beside its form; NULL: it may stay. */
static const char *check(const struct step *step, const char *value)
{
    const char *min = field_limit(step, false), *max = field_limit(step, true);
    bool is_in = (!min || field_compare(value, min) >= 0) &&
                 (!max || field_compare(value, max) <= 0);

    if (!kinds[step->type].has_limits || is_in)
        return NULL;
    if (!min)
        return N_("at most {max}");
    return max ? N_("from {min} to {max}") : N_("at least {min}");
}

/* An address keeps its dashes; nobody has one with a space. */
static void tidy_address(const char *given, struct buf *out)
{
    uint32_t c;

    while ((c = text_next(&given)) != 0) {
        char bytes[4];

        if (c >= 0xff01 && c <= 0xff5e)
            c -= 0xfee0;
        if (c != ' ' && c != 0x3000)
            buf_add(out, bytes, text_encode(c, bytes));
    }
}

static const char *read(const struct step *step, const char *given,
                        struct buf *out)
{
    const struct field_kind *kind = &kinds[step->type];
    struct buf tidy;
    const char *expected;

    if (kind->pad == FIELD_PAD_TEXT)
        return kind->read(step, given, out);
    buf_init(&tidy, VALUE_BYTES - 1);
    if (step->type == FIELD_TYPE_EMAIL)
        tidy_address(given, &tidy);
    else
        text_tidy_number(given, &tidy);
    expected = kind->read(step, tidy.is_cut ? "?" : tidy.text, out);
    buf_done(&tidy);
    return expected;
}

enum err field_accept(const struct step *step, const char *given,
                      struct buf *ret_value, const char **ret_expected)
{
    enum { MOST_BYTES = 4096 };
    struct buf value;
    const char *expected;

    buf_init(&value, MOST_BYTES);
    expected = read(step, given, &value);
    if (!expected)
        expected = check(step, value.text);
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

    buf_init(&value, VALUE_BYTES);
    is_same = !read(step, text, &value) && strcmp(value.text, text) == 0;
    buf_done(&value);
    return is_same;
}

void field_typed(const struct step *step, const char *value, struct buf *out)
{
    bool is_money = step->type == FIELD_TYPE_MONEY;
    const char *at = value;

    if (kinds[step->type].pad != FIELD_PAD_DIGITS) {
        buf_add_text(out, value);
        return;
    }
    if (is_money && strncmp(value, "0.", 2) == 0)
        at += step->check.with_fen ? 2 : 0;
    for (; *at && (*at != '.' || step->check.with_fen); at++)
        if (*at != '.' && *at != '-')
            buf_add_char(out, *at);
}

/* ---- Showing ------------------------------------------------------------- */

static size_t digits_in(const char *text)
{
    return strspn(text, "0123456789");
}

/* 1,250,000.00; without the point where only the whole was asked for */
static void add_thousands(const char *value, bool is_whole, struct buf *out)
{
    size_t whole = digits_in(value);

    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buf_add_char(out, ',');
        buf_add_char(out, value[i]);
    }
    if (!is_whole)
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
    if (kinds[step->type].pad == FIELD_PAD_NONE ||
        kinds[step->type].pad == FIELD_PAD_TEXT ||
        !field_is_value(step, value)) {
        buf_add_text(out, value);
        return;
    }
    switch (step->type) {
    case FIELD_TYPE_MOBILE:
        buf_add_format(out, "%.3s %.4s %s", value, value + 3, value + 7);
        break;
    case FIELD_TYPE_RECEIPT:
    case FIELD_TYPE_BANK_CARD:
        add_fours(value, out);
        break;
    case FIELD_TYPE_ID_NUMBER:
        buf_add_format(out, "%.6s %.8s %s", value, value + 6, value + 14);
        break;
    case FIELD_TYPE_CREDIT_CODE:
        buf_add_format(out, "%.2s %.6s %.5s %s", value, value + 2, value + 8,
                       value + 13);
        break;
    case FIELD_TYPE_DATE:
    case FIELD_TYPE_MONTH:
        add_day(value, language, out);
        break;
    case FIELD_TYPE_NUMBER:
        add_thousands(value, true, out);
        break;
    case FIELD_TYPE_MONEY:
        add_thousands(value, !step->check.with_fen, out);
        buf_add_format(out, " %s", i18n_text(language, N_("yuan")));
        break;
    case FIELD_TYPE_PLATE:
        buf_add(out, value, text_offset(value, 2));
        buf_add_format(out, " %s", value + text_offset(value, 2));
        break;
    case FIELD_TYPE_TEXT:
    case FIELD_TYPE_CODE:
    case FIELD_TYPE_POSTCODE:
    case FIELD_TYPE_EMAIL:
    case FIELD_TYPE_YES_NO:
    case FIELD_TYPE_COUNT:
        buf_add_text(out, value);
        break;
    }
}

void field_show_masked(const struct step *step, const char *value,
                       enum language language, struct buf *out)
{
    const struct field_kind *kind = &kinds[step->type];

    if (!kind->is_personal && !step->is_masked)
        field_show(step, value, language, out);
    else if (kind->mask == FIELD_MASK_EMAIL)
        text_mask_email(value, out);
    else if (kind->mask == FIELD_MASK_ALL)
        buf_add_format(out, "%.*s***", (int)text_offset(value, 1), value);
    else
        text_mask_number(value, out);
}
