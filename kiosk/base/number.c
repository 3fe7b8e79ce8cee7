#include "kiosk/base/number.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/err.h"

#include <string.h>

/* GB 11643: the weighted sum of 17 digits, modulo 11, chooses the 18th. */
char id_number_check_character(const char *seventeen)
{
    static const int weights[] = { 7, 9, 10, 5,  8, 4, 2, 1, 6,
                                   3, 7, 9,  10, 5, 8, 4, 2 };
    int sum = 0;

    for (int i = 0; i < 17; i++) {
        if (seventeen[i] < '0' || seventeen[i] > '9')
            return 0;
        sum += (seventeen[i] - '0') * weights[i];
    }
    return "10X98765432"[sum % 11];
}

enum number_fault id_number_check(const char *number)
{
    size_t len = strlen(number);
    size_t digits = strspn(number, "0123456789");
    char birth[9] = "";

    if (len == 0)
        return NUMBER_EMPTY;
    if (strspn(number, "0123456789Xx") != len)
        return NUMBER_CHARACTER;
    if (len == 15 && digits == 15)
        return NUMBER_FIFTEEN;
    if (len != 18)
        return NUMBER_LENGTH;
    if (digits < 17)
        return NUMBER_CHARACTER;
    memcpy(birth, number + 6, 8);
    if (!clock_is_date(birth))
        return NUMBER_DATE;
    char last = number[17] == 'x' ? 'X' : number[17];
    return last == id_number_check_character(number) ? NUMBER_OK : NUMBER_CHECK;
}

bool mobile_is_ok(const char *digits)
{
    return strlen(digits) == 11 && strspn(digits, "0123456789") == 11 &&
           digits[0] == '1' && digits[1] >= '3';
}

/* GB 32100: letters that look like digits are not used; weights are the powers
 * of 3 modulo 31. */
bool credit_code_is_ok(const char *code)
{
    static const char characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0, weight = 1;

    if (strlen(code) != 18 || strspn(code, characters) != 18)
        return false;
    /* Of the division, which digits name. */
    if (strspn(code + 2, "0123456789") < 6)
        return false;
    for (int i = 0; i < 17; i++) {
        sum += (int)(strchr(characters, code[i]) - characters) * weight;
        weight = weight * 3 % 31;
    }
    return code[17] == characters[(31 - sum % 31) % 31];
}

/* From the right, every second digit counts twice, by the sum of its digits. */
bool bank_card_is_ok(const char *digits)
{
    size_t len = strlen(digits);
    int sum = 0;

    if (strspn(digits, "0123456789") != len || len < 16 || len > 19)
        return false;
    for (size_t i = 0; i < len; i++) {
        int digit = (digits[len - 1 - i] - '0') * (i % 2 == 0 ? 1 : 2);

        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

const char *id_number_expected(enum number_fault fault)
{
    switch (fault) {
    case NUMBER_OK:
        return NULL;
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
    return NULL;
}
