/* Numbers that say by themselves whether they can be right: of a person, of an
 * organisation, of a mobile phone, of a bank card. */
#pragma once

#include <stdbool.h>

/* GB 11643: 18 characters, date, check character (x counts as X). */
enum number_fault {
    NUMBER_OK,
    NUMBER_EMPTY,
    NUMBER_FIFTEEN, /* an old 15-digit number */
    NUMBER_LENGTH,
    NUMBER_CHARACTER,
    NUMBER_DATE,
    NUMBER_CHECK
};
enum number_fault id_number_check(const char *number);
/* What is expected instead, a msgid; NULL: nothing is wrong. */
const char *id_number_expected(enum number_fault fault);
/* The 18th character for 17 digits, or 0. */
char id_number_check_character(const char *seventeen);
/* 11 digits, 1 then 3-9. */
bool mobile_is_ok(const char *digits);
/* GB 32100, the unified social credit code: 18 characters in capitals, the last
 * a check character. */
bool credit_code_is_ok(const char *code);
/* ISO/IEC 7812: 16 to 19 digits as banks here have them, the last a check
 * digit (Luhn's). */
bool bank_card_is_ok(const char *digits);
