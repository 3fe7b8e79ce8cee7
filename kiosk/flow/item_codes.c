/* Codes of the catalogue of government matters: 基本编码 (12 characters), 实施
 * 编码 (31: the authority's credit code, the level of exercise, the 基本编码) and
 * 业务办理项编码 (33: the 实施编码 and two digits). */
#include "kiosk/flow/item_load.h"

#include <string.h>

enum {
    CREDIT_CHARS = 18,
    LEVEL_AT = 18,
    CATALOGUE_AT = 19,
    CATALOGUE_CHARS = 12,
    CODE_CHARS = 31
};

/* GB/T 39046 A.1 */
static const struct {
    const char *name, *code;
} types[] = {
    [ITEM_TYPE_UNSAID] = { "", "" },
    [ITEM_TYPE_LICENCE] = { "licence", "01" },
    [ITEM_TYPE_BENEFIT] = { "benefit", "05" },
    [ITEM_TYPE_CONFIRMATION] = { "confirmation", "07" },
    [ITEM_TYPE_REWARD] = { "reward", "08" },
    [ITEM_TYPE_RULING] = { "ruling", "09" },
    [ITEM_TYPE_OTHER_POWER] = { "other power", "10" },
    [ITEM_TYPE_PUBLIC_SERVICE] = { "public service", "20" },
};

const char *item_type_name(enum item_type type)
{
    return types[type].name;
}

const char *item_type_code(enum item_type type)
{
    return types[type].code;
}

/* GB 32100: weights are powers of 3 modulo 31. */
static bool credit_code_is_ok(const char *code)
{
    static const char characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0, weight = 1;

    for (int i = 0; i < CREDIT_CHARS - 1; i++) {
        const char *at = strchr(characters, code[i]);

        if (!at)
            return false;
        sum += (int)(at - characters) * weight;
        weight = weight * 3 % 31;
    }
    return code[CREDIT_CHARS - 1] == characters[(31 - sum % 31) % 31];
}

static bool are_digits(const char *text, size_t count)
{
    return strspn(text, "0123456789") >= count;
}

static void check_implementation(struct loader *loader,
                                 const struct yaml *codes)
{
    const struct item *item = loader->item;
    const struct yaml *at = yaml_get(codes, "implementation");
    const char *code = item->code;

    if (!code)
        return;
    if (!credit_code_is_ok(code))
        item_complain(loader, at,
                      "the first 18 characters are no credit code (its check "
                      "character is wrong): compare them with the catalogue");
    if (code[LEVEL_AT] < '1' || code[LEVEL_AT] > '6')
        item_complain(loader, at,
                      "the 19th character, the level of exercise, is \"%c\": "
                      "expected 1 to 6",
                      code[LEVEL_AT]);
    if (!are_digits(code + CATALOGUE_AT, CATALOGUE_CHARS))
        item_warn(loader, at,
                  "letters among the last 12 characters: new codes have "
                  "digits there");
    if (item->catalogue_code &&
        strcmp(code + CATALOGUE_AT, item->catalogue_code) != 0)
        item_complain(loader, at,
                      "its last 12 characters are not the catalogue code: "
                      "expected \"%s\"",
                      item->catalogue_code);
}

/* Digits 3 and 4 of a catalogue code are the type. */
static void check_type(struct loader *loader, const struct yaml *root)
{
    const struct item *item = loader->item;
    const char *code = item->catalogue_code;
    const char *type = item_type_code(item->type);

    if (!code && item->code)
        code = item->code + CATALOGUE_AT;
    if (code && *type && strncmp(code + 2, type, 2) != 0)
        item_complain(loader, yaml_get(root, "type"),
                      "its catalogue code has type %.2s, but \"%s\" is %s: "
                      "expected what the catalogue says",
                      code + 2, item_type_name(item->type), type);
}

void item_codes_check(struct loader *loader, const struct yaml *root)
{
    const struct yaml *codes = yaml_get(root, "codes");
    const struct item *item = loader->item;
    const char *handling = item->handling_code;

    if (item->catalogue_code && !are_digits(item->catalogue_code, 12))
        item_warn(loader, yaml_get(codes, "catalogue"),
                  "letters in a catalogue code: new codes have digits only");
    check_implementation(loader, codes);
    check_type(loader, root);
    if (!handling)
        return;
    if (!item->code || strncmp(handling, item->code, CODE_CHARS) != 0)
        item_complain(loader, yaml_get(codes, "handling"),
                      "expected the implementation code and two digits");
    else if (!are_digits(handling + CODE_CHARS, 2))
        item_complain(loader, yaml_get(codes, "handling"),
                      "expected two digits at the end, not \"%s\"",
                      handling + CODE_CHARS);
}
