/* Time zones: the system's files, the line at their end, and files that lie. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/rule/moment.h"
#include "kiosk/rule/zone.h"
#include "kiosk/rule/zone_text.h"

enum { HOUR = 3600, FILE_BYTES_MAX = 64 * 1024 };

static int64_t at(const char *moment)
{
    struct rule_value value;

    assert_true(moment_parse(moment, strlen(moment), &value));
    return value.timestamp.seconds;
}

static void test_fixed(void **state)
{
    static const struct {
        const char *text;
        int offset; /* seconds; 1: it is none */
    } rows[] = {
        { "", 0 },
        { "UTC", 0 },
        { "+08:00", 8 * HOUR },
        { "08:00", 8 * HOUR },
        { "-02:30", -(2 * HOUR + 1800) },
        { "-00:00", 0 },
        { "+23:59", 23 * HOUR + 59 * 60 },
        { "+24:00", 1 },
        { "+08:60", 1 },
        { "+8:00", 1 },
        { "+0800", 1 },
        { "+08:0a", 1 },
        { "utc", 1 },
        { "Asia/Shanghai", 1 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int offset = 0;
        bool is_fixed =
            zone_is_fixed(rows[i].text, strlen(rows[i].text), &offset);

        assert_int_equal(is_fixed, rows[i].offset != 1);
        assert_true(!is_fixed || offset == rows[i].offset);
    }
}

/* Around each change, by the last line of files. */
static void test_last_line(void **state)
{
    static const char paris[] = "CET-1CEST,M3.5.0,M10.5.0/3";
    static const char sydney[] = "AEST-10AEDT,M10.1.0,M4.1.0/3";
    static const char dublin[] = "IST-1GMT0,M10.5.0,M3.5.0/1";
    static const char julian[] = "XXX3YYY,J60/0,J300/0";
    static const char counted[] = "XXX3YYY,59/0,299/0";
    static const struct {
        const char *text, *moment;
        int offset;
    } rows[] = {
        { "CST-8", "2060-07-01T00:00:00Z", 8 * HOUR },
        { "<+0330>-3:30", "2060-07-01T00:00:00Z", 3 * HOUR + 1800 },
        { "<-03>3", "2060-07-01T00:00:00Z", -3 * HOUR },
        { paris, "2060-03-28T00:59:59Z", HOUR },
        { paris, "2060-03-28T01:00:00Z", 2 * HOUR },
        { paris, "2060-10-31T00:59:59Z", 2 * HOUR },
        { paris, "2060-10-31T01:00:00Z", HOUR },
        { sydney, "2060-01-01T00:00:00Z", 11 * HOUR },
        { sydney, "2060-04-03T15:59:59Z", 11 * HOUR },
        { sydney, "2060-04-03T16:00:00Z", 10 * HOUR },
        { sydney, "2060-10-02T15:59:59Z", 10 * HOUR },
        { sydney, "2060-10-02T16:00:00Z", 11 * HOUR },
        { dublin, "2060-01-01T00:00:00Z", 0 },
        { dublin, "2060-07-01T00:00:00Z", HOUR },
        /* J60 is 1 March in every year; 59 is 29 February in a leap year. */
        { julian, "2060-03-01T02:59:59Z", -3 * HOUR },
        { julian, "2060-03-01T03:00:00Z", -2 * HOUR },
        { julian, "2061-03-01T03:00:00Z", -2 * HOUR },
        { counted, "2060-02-29T03:00:00Z", -2 * HOUR },
        { counted, "2061-03-01T02:59:59Z", -3 * HOUR },
        { counted, "2061-03-01T03:00:00Z", -2 * HOUR },
        { "EST5EDT4,M3.2.0/-1,M11.1.0/25", "2060-03-14T03:59:59Z", -5 * HOUR },
        { "EST5EDT4,M3.2.0/-1,M11.1.0/25", "2060-03-14T04:00:00Z", -4 * HOUR },
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zone_text text;

        assert_true(zone_text_parse(rows[i].text, strlen(rows[i].text), &text));
        if (zone_text_offset(&text, at(rows[i].moment)) != rows[i].offset)
            fail_msg("%s at %s", rows[i].text, rows[i].moment);
    }
}

static void test_wrong_last_line(void **state)
{
    static const char *const lines[] = {
        "",
        "C",
        "CE-1",
        "CET",
        "CET-",
        "CET-168",
        "CET-1:60",
        "<+08-8",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J10",
        "CET-1CEST,J366,J10",
        "CET-1CEST,M3.5.0,M10.5.0x",
        "CET-1 ",
        "99999999999",
    };
    struct zone_text text;
    (void)state;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (zone_text_parse(lines[i], strlen(lines[i]), &text))
            fail_msg("%s is taken", lines[i]);
}

static void test_names(void **state)
{
    static const char *const wrong[] = {
        "Nowhere/City",    "../../../etc/passwd",
        "/etc/localtime",  "Asia",
        "Asia/",           "zone.tab",
        "tzdata.zi",       "Local",
        "asia/shanghai\n",
    };
    struct zone *zone = NULL;
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (zone_open(wrong[i], strlen(wrong[i]), &zone) != ERR_NOT_FOUND)
            fail_msg("%s is opened", wrong[i]);
    assert_int_equal(zone_open("Asia/Shanghai\0x", 15, &zone), ERR_NOT_FOUND);
    assert_int_equal(zone_open("Asia/Shanghai", 13, &zone), ERR_OK);
    assert_int_equal(zone_offset(zone, at("2026-11-26T00:00:00Z")), 8 * HOUR);
    /* China had summer time from 1986 to 1991. */
    assert_int_equal(zone_offset(zone, at("1988-07-01T00:00:00Z")), 9 * HOUR);
    assert_int_equal(zone_offset(zone, at("9999-12-31T00:00:00Z")), 8 * HOUR);
    /* Before clocks were set by zones. */
    assert_int_equal(zone_offset(zone, at("0001-01-01T00:00:00Z")),
                     8 * HOUR + 5 * 60 + 43);
    zone_free(zone);
}

/* Any beginning of a file, and any one wrong byte: refused, or a zone that
 * answers. */
static void test_files_that_lie(void **state)
{
    char *bytes, *copy;
    size_t len, refused = 0;
    struct zone *zone = NULL;
    (void)state;

    assert_int_equal(file_read("/usr/share/zoneinfo/Europe/Paris",
                               FILE_BYTES_MAX, &bytes, &len),
                     ERR_OK);
    for (size_t i = 0; i < len; i++) {
        copy = mem_copy_bytes(bytes, i);
        char *exact = mem_new(i);
        if (i)
            memcpy(exact, copy, i);
        assert_int_equal(zone_new(exact, i, &zone), ERR_BAD_INPUT);
        mem_free(exact);
        mem_free(copy);
    }
    for (size_t i = 0; i < len; i++) {
        copy = mem_copy_bytes(bytes, len);
        copy[i] = (char)(copy[i] ^ 0xff);
        if (zone_new(copy, len, &zone)) {
            refused++;
        } else {
            int offset = zone_offset(zone, at("2026-11-26T00:00:00Z"));

            assert_true(offset > -27 * HOUR && offset < 168 * HOUR);
            zone_free(zone);
        }
        mem_free(copy);
    }
    assert_true(refused > 0);
    mem_free(bytes);
}

/* The forms that RFC 8536 allows and few files have. */
static void test_first_version(void **state)
{
    static const char bytes[] =
        "TZif\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\4"
        "\0\0\0\100"           /* the moment 64 */
        "\1"                   /* from which the second type holds */
        "\0\0\016\020\0\0"     /* 1 h */
        "\377\377\361\360\0\0" /* -1 h */
        "ABC";
    struct zone *zone = NULL;
    (void)state;

    assert_int_equal(zone_new(bytes, sizeof bytes, &zone), ERR_OK);
    assert_int_equal(zone_offset(zone, 63), HOUR);
    assert_int_equal(zone_offset(zone, 64), -HOUR);
    zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed),
        cmocka_unit_test(test_last_line),
        cmocka_unit_test(test_wrong_last_line),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_files_that_lie),
        cmocka_unit_test(test_first_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
