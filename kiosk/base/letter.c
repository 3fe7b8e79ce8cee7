#include "kiosk/base/letter.h"

#include <string.h>

#include <unicase.h>
#include <unictype.h>

enum { NAME_BYTES = 32 };

static const struct {
    const char *name;
    uint32_t categories;
} categories[] = {
    { "Any", ~UINT32_C(0) },
    /* Not what is unassigned: RE2 counts that nowhere. */
    { "C", UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs |
               UC_CATEGORY_MASK_Co },
    { "Cc", UC_CATEGORY_MASK_Cc },
    { "Cf", UC_CATEGORY_MASK_Cf },
    { "Co", UC_CATEGORY_MASK_Co },
    { "Cs", UC_CATEGORY_MASK_Cs },
    { "L", UC_CATEGORY_MASK_L },
    { "Ll", UC_CATEGORY_MASK_Ll },
    { "Lm", UC_CATEGORY_MASK_Lm },
    { "Lo", UC_CATEGORY_MASK_Lo },
    { "Lt", UC_CATEGORY_MASK_Lt },
    { "Lu", UC_CATEGORY_MASK_Lu },
    { "M", UC_CATEGORY_MASK_M },
    { "Mc", UC_CATEGORY_MASK_Mc },
    { "Me", UC_CATEGORY_MASK_Me },
    { "Mn", UC_CATEGORY_MASK_Mn },
    { "N", UC_CATEGORY_MASK_N },
    { "Nd", UC_CATEGORY_MASK_Nd },
    { "Nl", UC_CATEGORY_MASK_Nl },
    { "No", UC_CATEGORY_MASK_No },
    { "P", UC_CATEGORY_MASK_P },
    { "Pc", UC_CATEGORY_MASK_Pc },
    { "Pd", UC_CATEGORY_MASK_Pd },
    { "Pe", UC_CATEGORY_MASK_Pe },
    { "Pf", UC_CATEGORY_MASK_Pf },
    { "Pi", UC_CATEGORY_MASK_Pi },
    { "Po", UC_CATEGORY_MASK_Po },
    { "Ps", UC_CATEGORY_MASK_Ps },
    { "S", UC_CATEGORY_MASK_S },
    { "Sc", UC_CATEGORY_MASK_Sc },
    { "Sk", UC_CATEGORY_MASK_Sk },
    { "Sm", UC_CATEGORY_MASK_Sm },
    { "So", UC_CATEGORY_MASK_So },
    { "Z", UC_CATEGORY_MASK_Z },
    { "Zl", UC_CATEGORY_MASK_Zl },
    { "Zp", UC_CATEGORY_MASK_Zp },
    { "Zs", UC_CATEGORY_MASK_Zs },
};

bool letter_class_find(const char *name, size_t len,
                       struct letter_class *ret_class)
{
    char copy[NAME_BYTES];

    if (len == 0 || len >= sizeof copy || memchr(name, '\0', len))
        return false;
    memcpy(copy, name, len);
    copy[len] = '\0';
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        if (strcmp(categories[i].name, copy) == 0) {
            *ret_class =
                (struct letter_class){ .categories = categories[i].categories };
            return true;
        }
    const uc_script_t *script = uc_script_byname(copy);
    if (!script)
        return false;
    *ret_class = (struct letter_class){ .script = script };
    return true;
}

bool letter_is_of(uint32_t code_point, const struct letter_class *of)
{
    if (of->categories == ~UINT32_C(0))
        return true;
    if (of->categories)
        return uc_is_general_category_withtable(code_point, of->categories);
    return uc_is_script(code_point, of->script);
}

/* Letters that fold to another without being its large or small form. */
static const struct {
    uint32_t letter, other;
} strays[] = {
    { 'k', 0x212a },  { 's', 0x17f },   { 0xe5, 0x212b },   { 0x3c9, 0x2126 },
    { 0x3bc, 0xb5 },  { 0xdf, 0x1e9e }, { 0x3c3, 0x3c2 },   { 0x3b2, 0x3d0 },
    { 0x3b8, 0x3d1 }, { 0x3c6, 0x3d5 }, { 0x3c0, 0x3d6 },   { 0x3ba, 0x3f0 },
    { 0x3c1, 0x3f1 }, { 0x3b5, 0x3f5 }, { 0x1e61, 0x1e9b },
};

static size_t add(uint32_t cases[LETTER_CASES_MAX], size_t count,
                  uint32_t code_point)
{
    for (size_t i = 0; i < count; i++)
        if (cases[i] == code_point)
            return count;
    if (count < LETTER_CASES_MAX)
        cases[count++] = code_point;
    return count;
}

size_t letter_cases(uint32_t code_point, uint32_t cases[LETTER_CASES_MAX])
{
    uint32_t upper = uc_toupper(code_point), lower = uc_tolower(code_point);
    uint32_t base = uc_tolower(upper);
    size_t count = add(cases, 0, code_point);

    count = add(cases, count, upper);
    count = add(cases, count, lower);
    count = add(cases, count, base);
    for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
        if (strays[i].other == code_point) {
            count = add(cases, count, strays[i].letter);
            count = add(cases, count, uc_toupper(strays[i].letter));
        } else if (strays[i].letter == base || strays[i].letter == lower) {
            count = add(cases, count, strays[i].other);
        }
    }
    return count;
}
