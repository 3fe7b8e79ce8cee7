#include "tests/mutate/vary.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"

enum { CHARACTERS_MAX = 400, DIGITS_MAX = 12, DAY_LEN = 10, MONTH_LEN = 7 };

/* Where each character begins, and the end; how many there are. */
static size_t cut(const char *word, size_t len, size_t starts[CHARACTERS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < len && count + 1 < CHARACTERS_MAX; i++)
        if (((unsigned char)word[i] & 0xc0) != 0x80)
            starts[count++] = i;
    starts[count] = len;
    return count;
}

static bool differ(const char *word, const size_t *starts, size_t at)
{
    size_t len = starts[at + 1] - starts[at];

    return len != starts[at + 2] - starts[at + 1] ||
           memcmp(word + starts[at], word + starts[at + 1], len) != 0;
}

/* The first of the two characters to be changed over, the nearest to the
 * middle; count: there are none. */
static size_t find_pair(const char *word, const size_t *starts, size_t count)
{
    size_t middle = count / 2;

    for (size_t away = 0; count > 2 && away <= middle; away++) {
        if (middle + away + 1 < count && differ(word, starts, middle + away))
            return middle + away;
        if (away < middle && differ(word, starts, middle - away))
            return middle - away;
    }
    return count;
}

void vary_misspell(const char *word, size_t len, struct buf *out)
{
    size_t starts[CHARACTERS_MAX], count = cut(word, len, starts);
    size_t at = find_pair(word, starts, count);

    if (at == count) {
        buf_add(out, word, len);
        buf_add(out, word + starts[count - 1], len - starts[count - 1]);
        return;
    }
    buf_add(out, word, starts[at]);
    buf_add(out, word + starts[at + 1], starts[at + 2] - starts[at + 1]);
    buf_add(out, word + starts[at], starts[at + 1] - starts[at]);
    buf_add(out, word + starts[at + 2], len - starts[at + 2]);
}

static bool has_shape(const char *word, size_t len, const char *shape)
{
    if (len != strlen(shape))
        return false;
    for (size_t i = 0; i < len; i++)
        if (shape[i] == '9' ? !isdigit((unsigned char)word[i])
                            : word[i] != shape[i])
            return false;
    return true;
}

static void move_day(const char *word, int by, struct buf *out)
{
    struct clock_fields fields = { 0 };
    long year = strtol(word, NULL, 10), month = strtol(word + 5, NULL, 10);
    int64_t days = clock_days_of_date((int)year, (int)month,
                                      (int)strtol(word + 8, NULL, 10));

    clock_date_of_days(days + by, &fields);
    buf_add_format(out, "%04d-%02d-%02d", fields.year, fields.month,
                   fields.day);
}

static void move_month(const char *word, int by, struct buf *out)
{
    long months =
        strtol(word, NULL, 10) * 12 + strtol(word + 5, NULL, 10) - 1 + by;

    buf_add_format(out, "%04ld-%02ld", months / 12, months % 12 + 1);
}

bool vary_move(const char *word, size_t len, int by, struct buf *out)
{
    size_t digits = 0;

    if (has_shape(word, len, "9999-99-99")) {
        move_day(word, by, out);
        return true;
    }
    if (has_shape(word, len, "9999-99")) {
        move_month(word, by, out);
        return true;
    }
    while (digits < len && isdigit((unsigned char)word[digits]))
        digits++;
    bool is_number = digits > 0 && digits <= DIGITS_MAX &&
                     (digits == len || word[digits] == '.');
    for (size_t i = digits + 1; i < len && is_number; i++)
        is_number = isdigit((unsigned char)word[i]);
    long long number = is_number ? strtoll(word, NULL, 10) + by : -1;
    if (number < 0)
        return false;
    buf_add_format(out, "%lld", number);
    buf_add(out, word + digits, len - digits);
    return true;
}
