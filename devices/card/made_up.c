#include "devices/card/made_up.h"

#include "devices/words.h"
#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum form {
    FORM_TEXT,  /* foreign text, as long as the card has room */
    FORM_CODE,  /* letters and digits */
    FORM_SEX,   /* male, female, unknown, unstated */
    FORM_BIRTH, /* a date of the calendar */
    FORM_DATE,  /* eight digits: nonsense is wanted here, cards hold it too */
    FORM_UNTIL  /* the same, or long-term */
};

/* The fields a line may give.  units: room on the card in UTF-16 units. */
static const struct field {
    const char *name;
    size_t at, size;
    enum form form;
    size_t units;
} fields[] = {
#define FIELD(name, form, units)                                               \
    {                                                                          \
#name, offsetof(struct card, name), sizeof(((struct card *)0)->name),  \
            form, units                                                        \
    }
    FIELD(name, FORM_TEXT, 15),       FIELD(sex, FORM_SEX, 8),
    FIELD(ethnic, FORM_CODE, 2),      FIELD(birth, FORM_BIRTH, 8),
    FIELD(address, FORM_TEXT, 35),    FIELD(number, FORM_CODE, 18),
    FIELD(authority, FORM_TEXT, 15),  FIELD(valid_from, FORM_DATE, 8),
    FIELD(valid_to, FORM_UNTIL, 8),   FIELD(permit_number, FORM_CODE, 9),
    FIELD(issue_count, FORM_CODE, 2), FIELD(english_name, FORM_TEXT, 60),
    FIELD(nationality, FORM_CODE, 3), FIELD(version, FORM_CODE, 2),
    FIELD(renewals, FORM_CODE, 2),
#undef FIELD
};

enum { FIELD_TOTAL = sizeof(fields) / sizeof(fields[0]) };

static char *field_room(struct card *card, const struct field *field)
{
    return (char *)card + field->at;
}

/* --- what the line gives ------------------------------------------------ */

/* A card's field holds UTF-16 units: a text that is too long ends where the
 * room ends, and half a character there is what the reader hands on as 〓. */
static void cut_to_units(const char *text, size_t units, struct buf *out)
{
    const char *at = text;

    for (;;) {
        const char *begin = at;
        uint32_t c = text_next(&at);
        size_t need = c > 0xffff ? 2 : 1;

        if (!c || units == 0)
            return;
        if (need > units) {
            buf_add_text(out, "〓");
            return;
        }
        buf_add(out, begin, (size_t)(at - begin));
        units -= need;
    }
}

static enum err put_text(char *room, const struct field *field,
                         const char *value)
{
    struct text_change change;
    struct buf valid, cut;
    enum err err = ERR_OK;

    buf_init(&valid, WORD_BYTES * 3);
    buf_init(&cut, field->size - 1);
    text_accept(value, strlen(value), WORD_BYTES, &valid, &change);
    cut_to_units(valid.text, field->units, &cut);
    if (cut.is_cut)
        err = ERR_BAD_INPUT;
    else
        memcpy(room, cut.text, cut.len + 1);
    buf_done(&cut);
    buf_done(&valid);
    return err;
}

static bool is_code_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

static enum err put_code(char *room, const struct field *field,
                         const char *value)
{
    size_t len = strlen(value);

    if (len > field->units)
        return ERR_BAD_INPUT;
    for (size_t i = 0; i < len; i++) {
        if (!is_code_character(value[i]))
            return ERR_BAD_INPUT;
    }
    memcpy(room, value, len + 1);
    return ERR_OK;
}

static enum err put_sex(char *room, const char *value)
{
    static const char *const words[] = { "male", "female", "unknown",
                                         "unstated" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i], value) == 0) {
            memcpy(room, value, strlen(value) + 1);
            return ERR_OK;
        }
    }
    return ERR_BAD_INPUT;
}

/* "2031-07-04" and "20310704" are both kept as "20310704". */
static enum err put_date(char *room, enum form form, const char *value)
{
    bool has_dashes = strlen(value) == 10 && value[4] == '-' && value[7] == '-';
    char digits[9];
    size_t count = 0;

    if (form == FORM_UNTIL && strcmp(value, "long-term") == 0) {
        memcpy(room, value, strlen(value) + 1);
        return ERR_OK;
    }
    if (strlen(value) != 8 && !has_dashes)
        return ERR_BAD_INPUT;
    for (size_t i = 0; value[i]; i++) {
        if (has_dashes && (i == 4 || i == 7))
            continue;
        if (value[i] < '0' || value[i] > '9')
            return ERR_BAD_INPUT;
        digits[count++] = value[i];
    }
    digits[count] = '\0';
    if (form == FORM_BIRTH && !clock_is_date(digits))
        return ERR_BAD_INPUT;
    memcpy(room, digits, sizeof(digits));
    return ERR_OK;
}

static enum err put_field(struct card *card, const struct field *field,
                          const char *value)
{
    char *room = field_room(card, field);

    switch (field->form) {
    case FORM_TEXT:
        return put_text(room, field, value);
    case FORM_CODE:
        return put_code(room, field, value);
    case FORM_SEX:
        return put_sex(room, value);
    case FORM_BIRTH:
    case FORM_DATE:
    case FORM_UNTIL:
        return put_date(room, field->form, value);
    }
    return ERR_BAD_INPUT;
}

/* given: one bit for each field that the line names, also an empty one. */
static enum err take_word(struct card *card, const struct word *word,
                          uint32_t *given)
{
    if (strcmp(word->key, "kind") == 0)
        return strcmp(word->value, card_kind_name(card->kind)) == 0
                   ? ERR_OK
                   : ERR_BAD_INPUT;
    for (size_t i = 0; i < FIELD_TOTAL; i++) {
        if (strcmp(word->key, fields[i].name) != 0)
            continue;
        if (*given & (1u << i))
            return ERR_BAD_INPUT;
        *given |= 1u << i;
        return put_field(card, &fields[i], word->value);
    }
    return ERR_BAD_INPUT;
}

/* --- what is made up ---------------------------------------------------- */

/* A card with its gaps, and how to fill one that the line did not name. */
struct draft {
    struct card card;
    uint32_t given;
};

static bool is_given(const struct draft *draft, const char *name)
{
    for (size_t i = 0; i < FIELD_TOTAL; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return draft->given & (1u << i);
    }
    return false;
}

static void fill(struct draft *draft, const char *name, const char *value)
{
    for (size_t i = 0; i < FIELD_TOTAL; i++) {
        if (strcmp(fields[i].name, name) == 0 && !(draft->given & (1u << i)))
            (void)snprintf(field_room(&draft->card, &fields[i]), fields[i].size,
                           "%s", value);
    }
}

static bool is_digits(const char *text, size_t count)
{
    return strspn(text, "0123456789") >= count;
}

/* Birth and sex stand inside an 18-character number. */
static void fill_from_number(struct draft *draft)
{
    const char *number = draft->card.number;
    char birth[9] = "19850101";
    bool is_male = false;

    if (strlen(number) == 18 && is_digits(number, 17)) {
        char date[9];

        (void)snprintf(date, sizeof(date), "%.8s", number + 6);
        if (clock_is_date(date))
            memcpy(birth, date, sizeof(birth));
        is_male = (number[16] - '0') % 2 == 1;
    }
    fill(draft, "birth", birth);
    fill(draft, "sex", is_male ? "male" : "female");
}

static void fill_number(struct draft *draft, const char *first_six)
{
    bool is_male = strcmp(draft->card.sex, "male") == 0;
    const char *birth = *draft->card.birth ? draft->card.birth : "19850101";
    char number[32];

    if (is_given(draft, "number"))
        return;
    (void)snprintf(number, sizeof(number), "%.6s%.8s98%c", first_six, birth,
                   is_male ? '7' : '6');
    number[17] = id_number_check_character(number);
    number[18] = '\0';
    fill(draft, "number", number);
}

/* Cards are issued for 5, 10 or 20 years or for good, by the holder's age; the
 * made-up one was issued three years ago, so it is valid whenever the demo
 * runs. */
static void fill_validity(struct draft *draft)
{
    int64_t now = clock_wall_ms();
    struct clock_fields today = clock_split(now);
    int age = clock_age(draft->card.birth, now) - 3;
    int years = age < 16 ? 5 : age < 26 ? 10 : 20;
    char date[16];

    (void)snprintf(date, sizeof(date), "%04d0704", today.year - 3);
    fill(draft, "valid_from", date);
    (void)snprintf(date, sizeof(date), "%04d0704", today.year - 3 + years);
    fill(draft, "valid_to",
         draft->card.kind == CARD_RESIDENT && age >= 46 ? "long-term" : date);
}

/* A different number is a different person. */
static const char *made_up_name(const struct draft *draft)
{
    static const char *const names[] = {
        "赵样例", "钱样例", "孙样例", "李样例",
        "周样例", "吴样例", "郑样例", "王样例"
    };
    uint32_t sum = 2166136261u;

    for (const char *at = draft->card.number; *at; at++)
        sum = (sum ^ (unsigned char)*at) * 16777619u;
    return names[sum % (sizeof(names) / sizeof(names[0]))];
}

static void fill_resident(struct draft *draft)
{
    fill_number(draft, "411300");
    fill_from_number(draft);
    fill(draft, "name", made_up_name(draft));
    fill(draft, "ethnic", "01");
    fill(draft, "address", "河南省南阳市卧龙区七一街道样例路1号");
    fill(draft, "authority", "南阳市公安局卧龙分局");
    fill_validity(draft);
}

static void fill_hmt(struct draft *draft)
{
    const char *number;

    fill_number(draft, "810000");
    fill_from_number(draft);
    number = draft->card.number;
    fill(draft, "name", made_up_name(draft));
    fill(draft, "address", "河南省南阳市卧龙区七一街道样例路2号");
    fill(draft, "authority", "南阳市公安局");
    fill(draft, "permit_number",
         strncmp(number, "83", 2) == 0   ? "00000000"
         : strncmp(number, "82", 2) == 0 ? "M00000000"
                                         : "H00000000");
    fill(draft, "issue_count", "01");
    fill_validity(draft);
}

/* Fifteen characters: the nation's three letters, then twelve digits. */
static void fill_foreigner_2017(struct draft *draft)
{
    char number[32];

    fill_from_number(draft);
    fill(draft, "nationality", "CAN");
    (void)snprintf(number, sizeof(number), "%.3s4113%.6s98",
                   draft->card.nationality, draft->card.birth + 2);
    fill(draft, "number", number);
    fill(draft, "english_name", "SAMPLE,ROBIN");
    fill(draft, "name", "样例");
    fill(draft, "authority", "4113");
    fill(draft, "version", "01");
    fill_validity(draft);
}

/* Eighteen digits: 9, province, the nation's three digits (124 is Canada, 999
 * nobody), birth, sequence, check character. */
static void fill_foreigner_2023(struct draft *draft)
{
    fill(draft, "nationality", "CAN");
    fill_number(draft, strcmp(draft->card.nationality, "CAN") == 0 ? "941124"
                                                                   : "941999");
    fill_from_number(draft);
    fill(draft, "english_name", "SAMPLE,ROBIN");
    fill(draft, "name", "样例");
    fill(draft, "renewals", "00");
    fill_validity(draft);
}

static void fill_gaps(struct draft *draft)
{
    switch (draft->card.kind) {
    case CARD_RESIDENT:
        fill_resident(draft);
        break;
    case CARD_HMT:
        fill_hmt(draft);
        break;
    case CARD_FOREIGNER_2017:
        fill_foreigner_2017(draft);
        break;
    case CARD_FOREIGNER_2023:
        fill_foreigner_2023(draft);
        break;
    case CARD_KIND_COUNT:
        break;
    }
}

/* No chip holds a number of another form; a wrong check character may be tried,
 * and an empty one. */
static bool is_number_fit(const struct draft *draft)
{
    enum number_fault fault = id_number_check(draft->card.number);

    return draft->card.kind != CARD_RESIDENT || fault == NUMBER_OK ||
           fault == NUMBER_CHECK || fault == NUMBER_EMPTY;
}

enum err made_up_card(enum card_kind kind, const char *line,
                      struct card *ret_card)
{
    struct draft draft = { .card = { .kind = kind } };
    struct word word;
    enum err err;

    while (words_next(&line, &word, &err)) {
        if (!err)
            err = take_word(&draft.card, &word, &draft.given);
        if (err)
            return err;
    }
    if (!is_number_fit(&draft))
        return ERR_BAD_INPUT;
    fill_gaps(&draft);
    *ret_card = draft.card;
    return ERR_OK;
}
