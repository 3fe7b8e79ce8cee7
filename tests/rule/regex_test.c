/* Regular expressions: what RE2 matches, what it refuses, and that neither the
 * expression nor the text can make it slow. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/rule/regex.h"

static bool matches(const char *pattern, const char *text, size_t len)
{
    struct regex *regex = NULL;
    const char *what = NULL;
    size_t at = 0;

    if (regex_new(pattern, strlen(pattern), &regex, &what, &at))
        fail_msg("%s is refused at byte %zu: %s", pattern, at, what);
    bool is_match = regex_matches(regex, text, len);
    regex_free(regex);
    return is_match;
}

struct match {
    const char *pattern, *yes, *no; /* no: NULL when it matches all */
};

static const struct match plain[] = {
    { "", "", NULL },
    { "a", "xay", "xy" },
    { "^a", "ab", "ba" },
    { "a$", "ba", "ab" },
    { "^$", "", "\n" },
    { "^abc$", "abc", "abcd" },
    { "a|b", "b", "c" },
    { "^(a|bc|d)$", "bc", "b" },
    { "^(a|b|c|d|)$", "", "e" },
    { "^a*$", "aaa", "ab" },
    { "^a+$", "a", "" },
    { "^ab?$", "a", "abb" },
    { "^(ab)*$", "abab", "aba" },
    { "^(a*)*$", "aa", "b" },
    { "^(a|b*)+$", "abba", "c" },
    { "^(?:)*x$", "x", "y" },
    { "^a{3}$", "aaa", "aa" },
    { "^a{2,}$", "aaaa", "a" },
    { "^a{2,3}$", "aaa", "aaaa" },
    { "^a{0,2}$", "", "aaa" },
    { "^a{0}$", "", "a" },
    { "^a{0,0}b$", "b", "ab" },
    { "^(ab){1,2}c$", "ababc", "abababc" },
    { "^(a{2}){2}$", "aaaa", "aaa" },
    { "^a*?$", "aa", "b" },
    { "^a{2}?$", "aa", "a" },
    { "^a??b$", "ab", "aab" },
    { "^.$", "x", "\n" },
    { "^.$", "\xe6\xb1\x89", "" },
    { "a{", "a{", "a" },
    { "a{,2}", "a{,2}", "aa" },
    { "a{x}", "a{x}", "a" },
    { "]", "]", "[" },
    { "}", "}", "{" },
};

static const struct match classes[] = {
    { "^[abc]$", "b", "d" },
    { "^[a-c]$", "b", "d" },
    { "^[^a-c]$", "d", "b" },
    { "^[^a]$", "\n", "a" },
    { "^[]a]$", "]", "b" },
    { "^[^]a]$", "b", "]" },
    { "^[a-]$", "-", "b" },
    { "^[-a]$", "-", "b" },
    { "^[a-c-e]$", "-", "d" },
    { "^[a\\]b]$", "]", "\\" },
    { "^[\\d_]$", "_", "a" },
    { "^[^\\d]$", "a", "4" },
    { "^[\\D]$", "a", "4" },
    { "^[\\w-]$", "-", "." },
    { "^[\\d-z]$", "-", "y" },
    { "^[[:alpha:]]$", "k", "1" },
    { "^[[:^alpha:]]$", "1", "k" },
    { "^[[:digit:][:space:]]$", "\v", "x" },
    { "^[[:xdigit:]]+$", "0aF", "g" },
    { "^[[:word:]]$", "_", "-" },
    { "^[[:punct:]]$", "@", "a" },
    { "^[[:ascii:]]$", "\x7f", "\xc2\x80" },
    { "^[[:lower:]]$", "a", "A" },
    { "^[a[:]$", ":", "b" },
    { "^\\d+$", "0123", "a" },
    { "^\\s$", "\f", "\v" }, /* not the vertical tab, as RE2 */
    { "^\\w+$", "aZ_9", "\xc3\xa4" },
    { "^\\W$", "\xc3\xa4", "a" },
    { "^\\D\\S$", "ab", "1 " },
    { "^\\pN$", "7", "a" },
    { "^\\p{Nd}$", "\xef\xbc\x97", "a" },
    { "^\\PN$", "a", "7" },
    { "^\\p{^N}$", "a", "7" },
    { "^\\P{^N}$", "7", "a" },
    { "^\\p{Han}+$", "\xe5\x8d\x97\xe9\x98\xb3", "\xe5\x8d\x97 a" },
    { "^[\\p{Han}\xc2\xb7]+$", "\xe4\xb9\xb0\xc2\xb7\xe4\xb9\xb0", "a" },
    { "^[^\\p{Han}]$", "a", "\xe5\x8d\x97" },
    { "^\\p{Greek}$", "\xce\xb1", "a" },
    { "^\\p{Lu}$", "A", "a" },
    { "^\\p{Any}$", "\n", "" },
    { "^[\xe4\xb8\x80-\xe9\xbe\xa5]{2,4}$", "\xe5\xbc\xa0\xe4\xb8\x89", "a" },
};

static const struct match escapes[] = {
    { "^\\.$", ".", "x" },
    { "^\\\\$", "\\", "x" },
    { "^\\_$", "_", "x" },
    { "^\\x41$", "A", "a" },
    { "^\\x{6C49}$", "\xe6\xb1\x89", "a" },
    { "^\\x{0041}$", "A", "a" },
    { "^\\101$", "A", "a" },
    { "^\\0101$", "\b1", "A" },
    { "^\\12$", "\n", "1" },
    { "^\\a\\f\\t\\n\\r\\v$", "\a\f\t\n\r\v", "a" },
    { "^\\Qa.b*\\E$", "a.b*", "axbb" },
    { "^\\Qab\\E+$", "abbb", "abab" },
    { "^\\Qa|b", "a|b", "a" },
    { "\\Aab\\z", "ab", "ab\n" },
    { "\\bab\\b", "x ab y", "xab" },
    { "\\Bb\\B", "abc", "b" },
    { "^\\b$|x", "x", "" },
    { "^(?i)abc$", "aBC", "abd" },
    { "^(?i:a)b$", "Ab", "AB" },
    { "^a(?i)b$", "aB", "AB" },
    { "^(a(?i)b)c$", "aBc", "aBC" },
    { "^a(?i)b|c$", "C", "A" },
    { "^(?i)[a-c]+$", "aBC", "d" },
    { "^(?i)[^a-c]$", "d", "B" },
    { "^(?i)k$", "\xe2\x84\xaa", "x" }, /* the sign of the kelvin */
    { "^(?i)\xc5\xbf$", "S", "x" },     /* the long s */
    { "^(?i)\\W$", ".", "\xc5\xbf" },   /* and a word character */
    { "^(?i)\\w$", "\xe2\x84\xaa", "." },
    { "^(?i)[[:upper:]]$", "a", "1" },
    { "^(?i)[[:^upper:]]$", "1", "a" },
    { "^(?i)\\p{Lu}$", "a", "1" },
    { "^(?i)\\P{Lu}$", "1", "a" },
    { "^\\W$", "\xc5\xbf", "s" },
    { "^(?i)\xc3\xa4$", "\xc3\x84", "a" },
    { "^(?i)\xce\xa3$", "\xcf\x82", "x" }, /* three sigmas */
    { "^(?s).$", "\n", "" },
    { "^(?s)a.(?-s).$", "a\nb", "ab\n" },
    { "(?m)^b$", "a\nb\nc", "ab" },
    { "(?m)a$", "a\nb", "ab" },
    { "^(?U)a+$", "aa", "b" },
    { "^(?im-s)A.$", "ab", "a\n" },
    { "^(?P<year>\\d{4})$", "2026", "202" },
    { "^(?<year>\\d{4})$", "2026", "202" },
    { "^(?:a|(?:b|c))d$", "cd", "ab" },
    { "a\\z|^$", "", "b" },
    { "(|a)+b", "b", "c" },
    { "x*", "", NULL },
};

static void check(const struct match *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct match *match = &list[i];

        if (!matches(match->pattern, match->yes, strlen(match->yes)))
            fail_msg("%s does not match %s", match->pattern, match->yes);
        if (match->no && matches(match->pattern, match->no, strlen(match->no)))
            fail_msg("%s matches %s", match->pattern, match->no);
    }
}

static void test_matches(void **state)
{
    (void)state;
    check(plain, sizeof plain / sizeof *plain);
    check(classes, sizeof classes / sizeof *classes);
    check(escapes, sizeof escapes / sizeof *escapes);
}

static void test_any_bytes(void **state)
{
    (void)state;
    assert_true(matches("^a\\x00b$", "a\0b", 3));
    assert_true(matches("^\\x{FFFD}$", "\xff", 1));
    assert_true(matches("^.{2}$", "\xe6\xb1", 2) ||
                matches("^.$", "\xe6\xb1", 2));
    assert_false(matches("[^\\x{FFFD}]", "\xff\xfe", 2));
}

static const struct {
    const char *pattern;
    size_t at;
    const char *what;
} refused[] = {
    { "(", 0, "a group has no )" },
    { "a(b", 1, "a group has no )" },
    { "a)", 1, "a ) has no (" },
    { "[a", 0, "a class has no ]" },
    { "[]", 0, "a class has no ]" },
    { "[^]", 0, "a class has no ]" },
    { "*a", 0, "nothing to repeat" },
    { "a|*", 2, "nothing to repeat" },
    { "(+)", 1, "nothing to repeat" },
    { "{2}", 0, "nothing to repeat" },
    { "(?i)*", 4, "nothing to repeat" },
    { "a**", 2, "one repetition behind another" },
    { "a+*", 2, "one repetition behind another" },
    { "a???", 3, "one repetition behind another" },
    { "a++", 2, "one repetition behind another" },
    { "a{2}{3}", 4, "one repetition behind another" },
    { "a{2}*", 4, "one repetition behind another" },
    { "a{3,2}", 1, "expected a repetition of at most 1000, the least first" },
    { "a{1001}", 1, "expected a repetition of at most 1000, the least first" },
    { "a{99999999999999999999}", 1,
      "expected a repetition of at most 1000, the least first" },
    { "[z-a]", 1, "a range in a class is the wrong way round, or no range" },
    { "[a-\\d]", 1, "a range in a class is the wrong way round, or no range" },
    { "[[:nope:]]", 1, "there is no such class of characters" },
    { "[[:d:]]", 1, "there is no such class of characters" },
    { "\\p{Nope}", 3, "there is no such class of letters" },
    { "\\p{han}", 3, "there is no such class of letters" },
    { "\\pX", 2, "there is no such class of letters" },
    { "\\p", 2, "there is no such class of letters" },
    { "\\p{Han", 2, "there is no such class of letters" },
    { "\\p{Cn}", 3, "there is no such class of letters" },
    { "\\1", 0, "references back are not supported" },
    { "(a)\\1", 3, "references back are not supported" },
    { "\\8", 0, "unknown escape" },
    { "\\q", 0, "unknown escape" },
    { "\\C", 0, "unknown escape" },
    { "\\Z", 0, "unknown escape" },
    { "\\G", 0, "unknown escape" },
    { "\\K", 0, "unknown escape" },
    { "\\R", 0, "unknown escape" },
    { "\\X", 0, "unknown escape" },
    { "\\h", 0, "unknown escape" },
    { "\\u0041", 0, "unknown escape" },
    { "\\cA", 0, "unknown escape" },
    { "[\\b]", 1, "unknown escape" },
    { "\\\xe6\xb1\x89", 0, "unknown escape" },
    { "a\\", 1, "the expression ends with \\" },
    { "\\x4", 3, "expected \\x and two hexadecimal digits, or \\x{...}" },
    { "\\x{110000}", 8,
      "expected \\x and two hexadecimal digits, or \\x{...}" },
    { "\\x{}", 3, "expected \\x and two hexadecimal digits, or \\x{...}" },
    { "(?=a)", 2,
      "unknown group: expected (?:, (?i) or (?P<name>; look around is not "
      "supported" },
    { "(?!a)", 2,
      "unknown group: expected (?:, (?i) or (?P<name>; look around is not "
      "supported" },
    { "(?>a)", 2,
      "unknown group: expected (?:, (?i) or (?P<name>; look around is not "
      "supported" },
    { "(?#a)", 2,
      "unknown group: expected (?:, (?i) or (?P<name>; look around is not "
      "supported" },
    { "(?x)a", 2,
      "unknown group: expected (?:, (?i) or (?P<name>; look around is not "
      "supported" },
    { "(?<=a)", 3, "a group has a wrong name" },
    { "(?<!a)", 3, "a group has a wrong name" },
    { "(?P<>a)", 4, "a group has a wrong name" },
    { "(?P<n", 4, "a group has a wrong name" },
    { "(?P<n>a)(?P<n>b)", 12, "two groups have one name" },
    { "(?i-)a", 2, "expected a flag after -" },
    { "(?i", 2, "a group has no )" },
    { "(a{500}){3}", 8, "the expression has more than 1000 states" },
    { "a{1000}", 1, "the expression has more than 1000 states" },
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct regex *regex = NULL;
        const char *what = "nothing";
        size_t at = 0;
        enum err err = regex_new(refused[i].pattern, strlen(refused[i].pattern),
                                 &regex, &what, &at);

        if (err != ERR_BAD_INPUT || strcmp(what, refused[i].what) != 0 ||
            (at != refused[i].at && !strstr(what, "1000 states")))
            fail_msg("%s: %s at %zu", refused[i].pattern, what, at);
        assert_null(regex);
    }
}

static void test_limits(void **state)
{
    struct regex *regex = NULL;
    const char *what;
    size_t at;
    (void)state;

    assert_true(matches("^a{997}$", "", 0) == false);
    assert_int_equal(regex_new("^(a{99}){10}$", 13, &regex, &what, &at),
                     ERR_OK);
    assert_true(regex_states(regex) <= REGEX_STATES_MAX);
    regex_free(regex);

    char deep[2 * REGEX_DEPTH_MAX + 4];
    memset(deep, '(', sizeof deep / 2);
    memset(deep + sizeof deep / 2, ')', sizeof deep / 2);
    assert_int_equal(regex_new(deep, sizeof deep, &regex, &what, &at),
                     ERR_BAD_INPUT);
    assert_string_equal(what, "groups are nested more than 100 deep");
    assert_int_equal(regex_new(deep + 2, sizeof deep - 4, &regex, &what, &at),
                     ERR_OK);
    regex_free(regex);
}

/* Expressions that take for ever where they are tried one way after another:
 * this test ends. */
static void test_time_is_linear(void **state)
{
    static const char *const patterns[] = {
        "^(a*)*b$",         "^(a|a)*b$", "^(a|aa)+$b",
        "(a?){300}a{300}b", "(.*)*x",    "^(([a-z])+.)+[A-Z]([a-z])+$",
    };
    enum { LEN = 20000 };
    char *text = mem_new(LEN);
    (void)state;

    memset(text, 'a', LEN);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        assert_false(matches(patterns[i], text, LEN));
    mem_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_refused),        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_time_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
