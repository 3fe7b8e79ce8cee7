/* The data files of this folder, line by line: each says a rule and what it
 * gives.  cel.jsonl and spec.jsonl are of the specification, vectors.jsonl is
 * ours (README.md). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/rule/moment.h"
#include "tests/rule/try.h"

enum { FILE_BYTES_MAX = 1024 * 1024, SAID_MAX = 64 * 1024 };

/* ---- Comparing two values in the notation ------------------------------- */

static bool is_same(const json_t *a, const json_t *b);

static bool is_same_double(const json_t *a, const json_t *b)
{
    double x = strtod(json_string_value(a), NULL);
    double y = strtod(json_string_value(b), NULL);

    if (isnan(x) || isnan(y))
        return isnan(x) && isnan(y);
    return x == y && signbit(x) == signbit(y);
}

static bool is_same_list(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++)
        if (!is_same(json_array_get(a, i), json_array_get(b, i)))
            return false;
    return true;
}

/* Pairs in any order. */
static bool is_same_map(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++) {
        const json_t *pair = json_array_get(a, i);
        bool is_found = false;

        for (size_t j = 0; j < json_array_size(b) && !is_found; j++) {
            const json_t *other = json_array_get(b, j);

            is_found =
                is_same(json_array_get(pair, 0), json_array_get(other, 0)) &&
                is_same(json_array_get(pair, 1), json_array_get(other, 1));
        }
        if (!is_found)
            return false;
    }
    return true;
}

static bool is_same(const json_t *a, const json_t *b)
{
    const char *key = json_object_iter_key(json_object_iter((json_t *)a));

    if (!key || !json_object_get(b, key))
        return false;
    a = json_object_get(a, key);
    b = json_object_get(b, key);
    if (strcmp(key, "double") == 0)
        return is_same_double(a, b);
    if (strcmp(key, "list") == 0)
        return is_same_list(a, b);
    if (strcmp(key, "map") == 0)
        return is_same_map(a, b);
    return json_equal(a, b);
}

/* ---- Lines -------------------------------------------------------------- */

static int64_t today_of(const json_t *line)
{
    const char *today = json_string_value(json_object_get(line, "today"));
    struct moment_day day;

    if (!today)
        return TRY_TODAY;
    struct rule_value date = rule_text(today, strlen(today));
    assert_true(moment_day_of(&date, &day));
    return clock_days_of_date(day.year, day.month, day.day);
}

/* False when it gives something else; an error may be any. */
static bool holds(const json_t *line)
{
    const json_t *value = json_object_get(line, "value");
    const char *rule = json_string_value(json_object_get(line, "expr"));
    struct buf said;

    assert_non_null(rule);
    assert_true(!value != !json_object_get(line, "error"));
    buf_init(&said, SAID_MAX);
    try_say(rule, json_object_get(line, "vars"), today_of(line), &said);
    json_t *given = json_loads(said.text, JSON_ALLOW_NUL, NULL);
    bool is_right =
        value ? given && is_same(value, given) : !given && said.len > 0;
    if (!is_right)
        print_message("%s: %s gives %s\n",
                      json_string_value(json_object_get(line, "id")), rule,
                      said.text);
    json_decref(given);
    buf_done(&said);
    return is_right;
}

static size_t check_file(const char *path)
{
    char *text, *at, *end;
    size_t len, count = 0, wrong = 0;

    assert_int_equal(file_read(path, FILE_BYTES_MAX, &text, &len), ERR_OK);
    for (at = text; *at; at = end + 1, count++) {
        json_error_t error;

        end = strchr(at, '\n');
        assert_non_null(end);
        json_t *line =
            json_loadb(at, (size_t)(end - at), JSON_ALLOW_NUL, &error);
        if (!line)
            fail_msg("%s, line %zu: %s", path, count + 1, error.text);
        wrong += !holds(line);
        json_decref(line);
    }
    mem_free(text);
    assert_int_equal(wrong, 0);
    return count;
}

static void test_specification(void **state)
{
    (void)state;
    assert_int_equal(check_file("tests/rule/cel.jsonl"), 418);
}

static void test_more_of_the_specification(void **state)
{
    (void)state;
    assert_true(check_file("tests/rule/spec.jsonl") > 100);
}

static void test_functions_of_ours(void **state)
{
    (void)state;
    assert_true(check_file("tests/rule/vectors.jsonl") > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specification),
        cmocka_unit_test(test_more_of_the_specification),
        cmocka_unit_test(test_functions_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
