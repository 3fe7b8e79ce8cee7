/* Which records there are and what stands in them.  A field more is a row here:
 * items may name it then, the terminal takes it and the judge looks at it; the
 * hub's maker (kiosk/hub/records.c) has a row for it, too. */
#include "kiosk/flow/shared.h"

#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/field.h"

static const struct shared_word marital[] = {
    { "unmarried", N_("unmarried") },
    { "married", N_("married") },
    { "widowed", N_("widowed") },
    { "divorced", N_("divorced") },
    { NULL, NULL },
};

static const struct shared_word household_types[] = {
    { "family", N_("family household") },
    { "collective", N_("collective household") },
    { NULL, NULL },
};

static const struct shared_word schemes[] = {
    { "employee", N_("insurance of employees") },
    { "resident", N_("insurance of residents") },
    { NULL, NULL },
};

static const struct shared_word insurance_states[] = {
    { "paying", N_("contributions are being paid") },
    { "paused", N_("contributions are interrupted") },
    { "ended", N_("the insurance has ended") },
    { NULL, NULL },
};

static const struct shared_word vehicle_kinds[] = {
    { "small-car", N_("small car") },
    { "large-car", N_("large vehicle") },
    { "motorcycle", N_("motorcycle") },
    { "tractor", N_("tractor") },
    { NULL, NULL },
};

static const struct shared_word roles[] = {
    { "legal-representative", N_("legal representative") },
    { "operator", N_("sole trader") },
    { "shareholder", N_("shareholder") },
    { NULL, NULL },
};

#define TEXT_FIELD(name, label, sample)                                        \
    {                                                                          \
        name, label, SHARED_TEXT, FIELD_TYPE_TEXT, NULL, sample                \
    }
#define TYPED_FIELD(name, label, type, sample)                                 \
    {                                                                          \
        name, label, SHARED_TYPED, type, NULL, sample                          \
    }
#define WORD_FIELD(name, label, words, sample)                                 \
    {                                                                          \
        name, label, SHARED_WORD, FIELD_TYPE_TEXT, words, sample               \
    }
#define CODE_FIELD(name, label, shape, sample)                                 \
    {                                                                          \
        name, label, shape, FIELD_TYPE_TEXT, NULL, sample                      \
    }

const struct shared_kind shared_kinds[SHARED_KINDS] = {
    { "person",
      N_("Population register"),
      N_("Public security"),
      { TEXT_FIELD("name", N_("Name"), "某某"),
        TYPED_FIELD("birth", N_("Date of birth"), FIELD_TYPE_DATE,
                    "1990-03-07"),
        CODE_FIELD("ethnic", N_("Ethnic group"), SHARED_ETHNIC, "01"),
        TYPED_FIELD("phone", N_("Mobile number"), FIELD_TYPE_MOBILE,
                    "13812345678"),
        WORD_FIELD("marital", N_("Marital status"), marital, "married") } },
    { "household",
      N_("Household register"),
      N_("Public security"),
      { TEXT_FIELD("address", N_("Registered address"), "某县某路3号"),
        CODE_FIELD("county", N_("District or county"), SHARED_COUNTY, "411303"),
        WORD_FIELD("type", N_("Kind of household"), household_types, "family"),
        TEXT_FIELD("head", N_("Head of the household"), "某某") } },
    { "insurance",
      N_("Social insurance register"),
      N_("Human resources and social security"),
      { WORD_FIELD("scheme", N_("Kind of insurance"), schemes, "employee"),
        TEXT_FIELD("unit", N_("Employer or place of insurance"), "某公司"),
        TYPED_FIELD("since", N_("Insured since"), FIELD_TYPE_MONTH, "2015-03"),
        TYPED_FIELD("until", N_("Paid until"), FIELD_TYPE_MONTH, "2025-10"),
        WORD_FIELD("state", N_("State of the insurance"), insurance_states,
                   "paying") } },
    { "vehicle",
      N_("Vehicle register"),
      N_("Traffic police"),
      { TYPED_FIELD("plate", N_("Licence plate"), FIELD_TYPE_PLATE, "豫R12345"),
        WORD_FIELD("kind", N_("Kind of vehicle"), vehicle_kinds, "small-car"),
        TYPED_FIELD("valid_until", N_("Inspection valid until"),
                    FIELD_TYPE_DATE, "2027-05-31") } },
    { "enterprise",
      N_("Business register"),
      N_("Market regulation"),
      { TEXT_FIELD("name", N_("Name of the business"), "某某商店"),
        TYPED_FIELD("credit_code", N_("Social credit code"),
                    FIELD_TYPE_CREDIT_CODE, "91350100M000100Y43"),
        WORD_FIELD("role", N_("Role in the business"), roles, "operator") } },
};

const struct shared_kind *shared_kind_find(const char *name)
{
    for (size_t i = 0; i < SHARED_KINDS; i++)
        if (strcmp(shared_kinds[i].name, name) == 0)
            return &shared_kinds[i];
    return NULL;
}

const struct shared_field *shared_field_find(const struct shared_kind *kind,
                                             const char *name)
{
    for (const struct shared_field *field = kind->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

/* ---- Values --------------------------------------------------------------- */

static const struct shared_word *find_word(const struct shared_field *field,
                                           const char *value)
{
    const struct shared_word *word = field->words;

    while (word && word->value && strcmp(word->value, value) != 0)
        word++;
    return word && word->value ? word : NULL;
}

/* A text for people, of which nothing had to be changed. */
static bool is_text(const char *value)
{
    struct text_change change;
    struct buf accepted;

    buf_init(&accepted, SHARED_VALUE_BYTES);
    text_accept(value, strlen(value), SHARED_VALUE_BYTES, &accepted, &change);
    bool is_good = !change.was_cut && !change.was_invalid &&
                   !change.had_control && !accepted.is_cut &&
                   strcmp(accepted.text, value) == 0;
    buf_done(&accepted);
    return is_good;
}

static bool is_of_digits(const char *value, size_t count)
{
    return strlen(value) == count && strspn(value, "0123456789") == count;
}

bool shared_is_value(const struct shared_field *field, const char *value)
{
    const struct step step = { .screen = "field", .type = field->type };

    if (!*value || strlen(value) >= SHARED_VALUE_BYTES)
        return false;
    switch (field->shape) {
    case SHARED_TEXT:
        return is_text(value);
    case SHARED_WORD:
        return find_word(field, value) != NULL;
    case SHARED_ETHNIC:
        return is_of_digits(value, 2);
    case SHARED_COUNTY:
        return is_of_digits(value, 6);
    case SHARED_TYPED:
        return field_is_value(&step, value);
    }
    return false;
}

bool shared_is_day(const char *text)
{
    char digits[9];

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    memcpy(digits, text, 4);
    memcpy(digits + 4, text + 5, 2);
    memcpy(digits + 6, text + 8, 2);
    digits[8] = '\0';
    return clock_is_date(digits);
}

void shared_text(const struct shared_field *field, const char *value,
                 enum language language, struct buf *out)
{
    const struct shared_word *word = find_word(field, value);
    const struct step step = { .screen = "field", .type = field->type };

    if (word)
        buf_add_text(out, i18n_text(language, word->text));
    else if (field->shape == SHARED_ETHNIC)
        buf_add_text(out, card_ethnic_text(value, language));
    else if (field->shape == SHARED_TYPED)
        field_show(&step, value, language, out);
    else
        buf_add_text(out, value);
}
