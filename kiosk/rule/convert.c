/* int(), double(), string() and the like. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/rule/moment.h"
#include "kiosk/rule/node.h"

enum { NUMBER_BYTES = 400, DIGITS_MAX = 17 };

static struct rule_value copy_text(struct rule_run *run,
                                   const struct rule_node *node,
                                   const char *text, size_t len)
{
    char *bytes = run_take(run, len);

    if (!bytes)
        return run_broke(node);
    memcpy(bytes, text, len);
    return rule_text(bytes, len);
}

/* ---- int ---------------------------------------------------------------- */

static bool parse_integer(const char *text, size_t len, int64_t *ret_integer)
{
    size_t at = len > 0 && (text[0] == '-' || text[0] == '+');
    int64_t integer = 0;

    if (at == len)
        return false;
    for (; at < len; at++) {
        int digit = text[at] - '0';

        if (digit < 0 || digit > 9 ||
            __builtin_mul_overflow(integer, 10, &integer) ||
            (text[0] == '-' ? __builtin_sub_overflow(integer, digit, &integer)
                            : __builtin_add_overflow(integer, digit, &integer)))
            return false;
    }
    *ret_integer = integer;
    return true;
}

/* Both ends are left out, for a double there may have been another int. */
static struct rule_value real_to_int(const struct rule_node *node, double real)
{
    if (!(real > -0x1p63 && real < 0x1p63))
        return run_fail(node, "the number is out of the range of whole "
                              "numbers (64 bits)");
    return rule_int((int64_t)real);
}

struct rule_value call_to_int(struct rule_run *run,
                              const struct rule_node *node,
                              const struct rule_value *args)
{
    int64_t integer;

    (void)run;
    if (args->kind == RULE_DOUBLE)
        return real_to_int(node, args->real);
    if (args->kind == RULE_TIMESTAMP)
        return rule_int(args->timestamp.seconds);
    if (args->kind == RULE_INT)
        return *args;
    if (!parse_integer(args->text.bytes, args->text.len, &integer))
        return run_fail(node, "the text is no whole number");
    return rule_int(integer);
}

/* ---- double ------------------------------------------------------------- */

static bool is_word(const char *text, const char *word)
{
    size_t i = 0;

    for (; word[i]; i++)
        if ((text[i] | 0x20) != word[i])
            return false;
    return text[i] == '\0';
}

/* Decimal digits, a point and an exponent, and no more: strtod knows other
 * forms, and white space. */
static bool is_decimal(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    text += digits;
    if (*text == '.') {
        size_t after = strspn(++text, "0123456789");
        digits += after;
        text += after;
    }
    if (digits == 0)
        return false;
    if (*text != 'e' && *text != 'E')
        return *text == '\0';
    text++;
    text += *text == '+' || *text == '-';
    digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0';
}

static bool parse_real(const char *bytes, size_t len, double *ret_real)
{
    char copy[NUMBER_BYTES];

    if (len >= sizeof copy || memchr(bytes, '\0', len))
        return false;
    memcpy(copy, bytes, len);
    copy[len] = '\0';
    const char *text = copy + (copy[0] == '-' || copy[0] == '+');
    if (is_word(text, "nan")) {
        *ret_real = NAN;
        return text == copy;
    }
    if (is_word(text, "inf") || is_word(text, "infinity")) {
        *ret_real = copy[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    if (!is_decimal(text))
        return false;
    *ret_real = strtod(copy, NULL);
    return !isinf(*ret_real);
}

struct rule_value call_to_double(struct rule_run *run,
                                 const struct rule_node *node,
                                 const struct rule_value *args)
{
    double real;

    (void)run;
    if (args->kind == RULE_INT)
        return rule_double((double)args->integer);
    if (args->kind == RULE_DOUBLE)
        return *args;
    if (!parse_real(args->text.bytes, args->text.len, &real))
        return run_fail(node, "the text is no number");
    return rule_double(real);
}

/* ---- string ------------------------------------------------------------- */

/* The fewest digits that give the same number again, and the exponent of the
 * first. */
static size_t shortest(double real, char digits[DIGITS_MAX + 1],
                       int *ret_exponent)
{
    char text[40];
    size_t len = 0;

    for (int precision = 0; precision < DIGITS_MAX; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, real);
        if (strtod(text, NULL) == real)
            break;
    }
    char *e = strchr(text, 'e');
    *ret_exponent = (int)strtol(e + 1, NULL, 10);
    for (const char *at = text; at < e; at++)
        if (*at != '.' && *at != '-')
            digits[len++] = *at;
    while (len > 1 && digits[len - 1] == '0')
        len--;
    digits[len] = '\0';
    return len;
}

/* "123.456", "1e+06", "-0.0045", as cel-go writes it. */
static int format_real(double real, char *text, size_t size)
{
    char digits[DIGITS_MAX + 1];
    int exponent;
    const char *minus = signbit(real) ? "-" : "";

    if (isnan(real))
        return snprintf(text, size, "NaN");
    if (isinf(real))
        return snprintf(text, size, "%sInf", signbit(real) ? "-" : "+");
    int len = (int)shortest(fabs(real), digits, &exponent);
    if (exponent < -4 || exponent >= 6)
        return snprintf(text, size, "%s%c%s%se%c%02d", minus, digits[0],
                        len > 1 ? "." : "", digits + 1,
                        exponent < 0 ? '-' : '+', abs(exponent));
    if (exponent < 0)
        return snprintf(text, size, "%s0.%.*s%s", minus, -exponent - 1, "0000",
                        digits);
    if (exponent + 1 >= len)
        return snprintf(text, size, "%s%s%.*s", minus, digits,
                        exponent + 1 - len, "00000");
    return snprintf(text, size, "%s%.*s.%s", minus, exponent + 1, digits,
                    digits + exponent + 1);
}

struct rule_value call_to_text(struct rule_run *run,
                               const struct rule_node *node,
                               const struct rule_value *args)
{
    char text[64];
    int len = 0;

    switch (args->kind) {
    case RULE_TEXT:
        return *args;
    case RULE_BOOL:
        return args->boolean ? rule_text("true", 4) : rule_text("false", 5);
    case RULE_INT:
        len = snprintf(text, sizeof text, "%" PRId64, args->integer);
        break;
    case RULE_DOUBLE:
        len = format_real(args->real, text, sizeof text);
        break;
    case RULE_TIMESTAMP:
        len = (int)moment_format(args, text);
        break;
    default:
        len = (int)duration_format(args, text);
    }
    return copy_text(run, node, text, (size_t)len);
}

/* ---- The others --------------------------------------------------------- */

struct rule_value call_to_bool(struct rule_run *run,
                               const struct rule_node *node,
                               const struct rule_value *args)
{
    static const char *const words[] = { "false", "False", "FALSE", "f", "0",
                                         "true",  "True",  "TRUE",  "t", "1" };

    (void)run;
    if (args->kind == RULE_BOOL)
        return *args;
    for (size_t i = 0; i < 10; i++)
        if (strlen(words[i]) == args->text.len &&
            memcmp(words[i], args->text.bytes, args->text.len) == 0)
            return rule_bool(i >= 5);
    return run_fail(node, "the text is neither true nor false");
}

struct rule_value call_to_timestamp(struct rule_run *run,
                                    const struct rule_node *node,
                                    const struct rule_value *args)
{
    struct rule_value value = { .kind = RULE_TIMESTAMP };

    (void)run;
    if (args->kind == RULE_TIMESTAMP)
        return *args;
    if (args->kind == RULE_INT) {
        if (args->integer < MOMENT_FIRST || args->integer > MOMENT_LAST)
            return run_fail(node, "the time is out of range: expected year 1 "
                                  "to year 9999");
        value.timestamp.seconds = args->integer;
        return value;
    }
    if (!moment_parse(args->text.bytes, args->text.len, &value))
        return run_fail(node, "the text is no time: expected one such as "
                              "2026-11-26T08:30:00+08:00");
    return value;
}

struct rule_value call_to_duration(struct rule_run *run,
                                   const struct rule_node *node,
                                   const struct rule_value *args)
{
    struct rule_value value = { .kind = RULE_DURATION };

    (void)run;
    if (args->kind == RULE_DURATION)
        return *args;
    if (!duration_parse(args->text.bytes, args->text.len, &value))
        return run_fail(node, "the text is no duration of at most 292 years: "
                              "expected one such as 1h30m or 1.5s");
    return value;
}

struct rule_value call_dyn(struct rule_run *run, const struct rule_node *node,
                           const struct rule_value *args)
{
    (void)run;
    (void)node;
    return *args;
}
