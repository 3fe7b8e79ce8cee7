/* Every function that a rule may call: by it they are found, checked and
 * called. */
#include <string.h>

#include "kiosk/rule/node.h"

#define K(kind)  (1U << RULE_##kind)
#define ANYTHING (~0U)
#define MOMENT   (K(TIMESTAMP) | K(DURATION))
#define A_DATE   (K(TIMESTAMP) | K(TEXT))
#define SIZED    (K(TEXT) | K(LIST) | K(MAP))

/* The row of a function whose result is no list. */
#define GLOBAL(name, result, call, count, ...)                                 \
    {                                                                          \
        name, FUNCTION_GLOBAL, count, { __VA_ARGS__ }, RULE_##result,          \
            RULE_ANY, READY_NOTHING, 0, call                                   \
    }
#define MEMBER(name, result, call, count, ...)                                 \
    {                                                                          \
        name, FUNCTION_MEMBER, count, { __VA_ARGS__ }, RULE_##result,          \
            RULE_ANY, READY_NOTHING, 0, call                                   \
    }
#define SPLIT(count, ...)                                                      \
    {                                                                          \
        "split", FUNCTION_MEMBER, count, { __VA_ARGS__ }, RULE_LIST,           \
            RULE_TEXT, READY_NOTHING, 0, call_split                            \
    }
#define MATCHES(style)                                                         \
    {                                                                          \
        "matches", style, 2, { K(TEXT), K(TEXT) }, RULE_BOOL, RULE_ANY,        \
            READY_REGEX, 0, call_matches                                       \
    }
/* Without a zone, and with one. */
#define GETTER(name, which, of)                                                \
    { name,     FUNCTION_MEMBER, 1,     { of },     RULE_INT,                  \
      RULE_ANY, READY_NOTHING,   which, call_getter },                         \
    {                                                                          \
        name, FUNCTION_MEMBER, 2, { K(TIMESTAMP), K(TEXT) }, RULE_INT,         \
            RULE_ANY, READY_ZONE, which, call_getter                           \
    }

/* clang-format off */
const struct rule_function rule_functions[] = {
    GLOBAL("int", INT, call_to_int, 1,
           K(INT) | K(DOUBLE) | K(TEXT) | K(TIMESTAMP)),
    GLOBAL("double", DOUBLE, call_to_double, 1, K(INT) | K(DOUBLE) | K(TEXT)),
    GLOBAL("string", TEXT, call_to_text, 1,
           K(BOOL) | K(INT) | K(DOUBLE) | K(TEXT) | MOMENT),
    GLOBAL("bool", BOOL, call_to_bool, 1, K(BOOL) | K(TEXT)),
    GLOBAL("timestamp", TIMESTAMP, call_to_timestamp, 1,
           K(INT) | K(TEXT) | K(TIMESTAMP)),
    GLOBAL("duration", DURATION, call_to_duration, 1,
           K(TEXT) | K(DURATION)),
    GLOBAL("dyn", ANY, call_dyn, 1, ANYTHING),
    GLOBAL("size", INT, call_size, 1, SIZED),
    MEMBER("size", INT, call_size, 1, SIZED),
    MATCHES(FUNCTION_MEMBER),
    MATCHES(FUNCTION_GLOBAL),
    MEMBER("contains", BOOL, call_contains, 2, K(TEXT), K(TEXT)),
    MEMBER("startsWith", BOOL, call_starts_with, 2, K(TEXT), K(TEXT)),
    MEMBER("endsWith", BOOL, call_ends_with, 2, K(TEXT), K(TEXT)),
    MEMBER("charAt", TEXT, call_char_at, 2, K(TEXT), K(INT)),
    MEMBER("indexOf", INT, call_index_of, 2, K(TEXT), K(TEXT)),
    MEMBER("indexOf", INT, call_index_of, 3, K(TEXT), K(TEXT), K(INT)),
    MEMBER("lastIndexOf", INT, call_last_index_of, 2, K(TEXT), K(TEXT)),
    MEMBER("lastIndexOf", INT, call_last_index_of, 3, K(TEXT), K(TEXT), K(INT)),
    MEMBER("join", TEXT, call_join, 1, K(LIST)),
    MEMBER("join", TEXT, call_join, 2, K(LIST), K(TEXT)),
    MEMBER("lowerAscii", TEXT, call_lower_ascii, 1, K(TEXT)),
    MEMBER("upperAscii", TEXT, call_upper_ascii, 1, K(TEXT)),
    MEMBER("replace", TEXT, call_replace, 3, K(TEXT), K(TEXT), K(TEXT)),
    MEMBER("replace", TEXT, call_replace, 4, K(TEXT), K(TEXT), K(TEXT), K(INT)),
    SPLIT(2, K(TEXT), K(TEXT)),
    SPLIT(3, K(TEXT), K(TEXT), K(INT)),
    MEMBER("substring", TEXT, call_substring, 2, K(TEXT), K(INT)),
    MEMBER("substring", TEXT, call_substring, 3, K(TEXT), K(INT), K(INT)),
    MEMBER("trim", TEXT, call_trim, 1, K(TEXT)),
    MEMBER("reverse", TEXT, call_reverse, 1, K(TEXT)),
    GETTER("getDate", GET_DATE, K(TIMESTAMP)),
    GETTER("getDayOfMonth", GET_DAY_OF_MONTH, K(TIMESTAMP)),
    GETTER("getDayOfWeek", GET_DAY_OF_WEEK, K(TIMESTAMP)),
    GETTER("getDayOfYear", GET_DAY_OF_YEAR, K(TIMESTAMP)),
    GETTER("getFullYear", GET_FULL_YEAR, K(TIMESTAMP)),
    GETTER("getMonth", GET_MONTH, K(TIMESTAMP)),
    GETTER("getHours", GET_HOURS, MOMENT),
    GETTER("getMilliseconds", GET_MILLISECONDS, MOMENT),
    GETTER("getMinutes", GET_MINUTES, MOMENT),
    GETTER("getSeconds", GET_SECONDS, MOMENT),
    GLOBAL("today", TIMESTAMP, call_today, 0, 0),
    GLOBAL("age", INT, call_age, 1, A_DATE),
    GLOBAL("years_before", ANY, call_years_before, 2, A_DATE, K(INT)),
    GLOBAL("months_before", ANY, call_months_before, 2, A_DATE, K(INT)),
    GLOBAL("id_number_ok", BOOL, call_id_number_ok, 1, K(TEXT)),
    GLOBAL("credit_code_ok", BOOL, call_credit_code_ok, 1, K(TEXT)),
    GLOBAL("mobile_ok", BOOL, call_mobile_ok, 1, K(TEXT)),
    GLOBAL("division_name", TEXT, call_division_name, 1, K(TEXT)),
};
/* clang-format on */
const size_t rule_function_count =
    sizeof rule_functions / sizeof *rule_functions;

const struct rule_function *function_find(const char *name,
                                          enum function_style style, int count)
{
    for (size_t i = 0; i < rule_function_count; i++)
        if (rule_functions[i].style == style &&
            rule_functions[i].count == count &&
            strcmp(rule_functions[i].name, name) == 0)
            return &rule_functions[i];
    return NULL;
}
