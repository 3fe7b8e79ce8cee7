#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/settings.h"

#include <stdio.h>
#include <string.h>

static char path[64];

static enum err read_text(const char *text, struct settings *settings,
                          struct problems *problems)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    settings_init(settings);
    problems_init(problems);
    return settings_read(settings, path, problems);
}

static void done(struct settings *settings, struct problems *problems)
{
    settings_done(settings);
    problems_done(problems);
}

static void test_defaults(void **state)
{
    struct settings settings;
    (void)state;
    settings_init(&settings);
    assert_string_equal(settings.terminal, "0001");
    assert_int_equal(settings.idle_s, 120);
    assert_int_equal(settings.idle_warn_s, 30);
    assert_false(settings.high_contrast);
    settings_done(&settings);
}

static void test_every_kind_is_read(void **state)
{
    struct settings settings;
    struct problems problems;
    (void)state;
    assert_int_equal(read_text("place_zh: 卧龙区政务服务大厅\n"
                               "terminal: \"4711\"\n"
                               "idle_s: 200\n"
                               "high_contrast: true\n"
                               "paper: A4\n"
                               "hours: 08:30-17:30\n",
                               &settings, &problems),
                     ERR_OK);
    assert_string_equal(settings.place_zh, "卧龙区政务服务大厅");
    assert_string_equal(settings.terminal, "4711");
    assert_int_equal(settings.idle_s, 200);
    assert_true(settings.high_contrast);
    assert_string_equal(settings.paper, "A4");
    assert_int_equal(settings_opens(&settings), 8 * 60 + 30);
    assert_true(settings_is_open(&settings, 8 * 60 + 30));
    assert_true(settings_is_open(&settings, 17 * 60 + 29));
    assert_false(settings_is_open(&settings, 8 * 60 + 29));
    assert_false(settings_is_open(&settings, 17 * 60 + 30));
    done(&settings, &problems);
}

struct mistake {
    const char *text, *message; /* after the file's name */
};

static void test_mistakes(void **state)
{
    static const struct mistake mistakes[] = {
        { "idle_sec: 3\n", ":1:1: error: unknown setting \"idle_sec\"; did you "
                           "mean \"idle_s\"?; "
                           "kiosk --help-settings lists them all\n" },
        { "\nidle_s: 12\n",
          ":2:9: error: idle_s: expected a whole number from 40 to 900\n" },
        { "idle_s: 9999999999999\n",
          ":1:9: error: idle_s: expected a whole number from 40 to 900\n" },
        { "idle_s: -50\n",
          ":1:9: error: idle_s: expected a whole number from 40 to 900\n" },
        { "high_contrast: yes\n",
          ":1:16: error: high_contrast: expected true or false\n" },
        { "paper: A5\n", ":1:8: error: paper: expected one of 58mm|80mm|A4\n" },
        { "terminal: 12\n", ":1:11: error: terminal: expected 4 digits\n" },
        { "hours: 9-17\n", ":1:8: error: hours: expected HH:MM-HH:MM\n" },
        { "hours: 17:00-09:00\n",
          ":1:8: error: hours: expected HH:MM-HH:MM\n" },
        { "phone: \"\"\n",
          ":1:8: error: phone: expected a text of 1 to 30 characters\n" },
        { "phone: [1]\n",
          ":1:8: error: phone: expected a text of 1 to 30 characters\n" },
        { "idle_warn_s: 31\n", ":1:14: error: idle_warn_s: expected a whole "
                               "number from 20 to 30\n" },
        { "printer_queue: slips of the hall\n",
          ":1:16: error: printer_queue: expected a name without spaces and / ? "
          "# ' "
          "\", or nothing\n" },
        { "hub_url: ftp://example.org\n",
          ":1:10: error: hub_url: expected https://HOST:PORT, plain http on "
          "loopback only, or nothing\n" },
        { "hub_url: http://example.org\n",
          ":1:10: error: hub_url: expected https://HOST:PORT, plain http on "
          "loopback only, or nothing\n" },
        { "hub_public_url: https://example.org/\n",
          ":1:17: error: hub_public_url: expected https://HOST without a / at "
          "its "
          "end, or nothing\n" },
        { "hub_office_key: abc=\n", ":1:17: error: hub_office_key: expected a "
                                    "key of 32 bytes in base64, or "
                                    "nothing\n" },
        { "hub_ca: /nowhere.pem\n", ":1:9: error: hub_ca: expected a file that "
                                    "can be read, or nothing\n" },
        { "card_driver: printer/sim\n",
          ":1:14: error: card_driver: expected one of "
          "card/sdt|card/sim, or nothing\n" },
        { "place_zh: \"a\\x1b[31mb\"\n",
          ":1:11: error: place_zh: expected a text of 1 to 40 characters\n" },
        { "- a\n",
          ":1:1: error: expected settings as \"name: value\" lines\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct settings settings;
        struct problems problems;
        char expected[256];
        assert_int_equal(read_text(mistakes[i].text, &settings, &problems),
                         ERR_BAD_INPUT);
        snprintf(expected, sizeof expected, "%s%s", path, mistakes[i].message);
        assert_string_equal(problems.text.text, expected);
        done(&settings, &problems);
    }
}

/* What the program says of itself is what it takes. */
static void test_example_is_read(void **state)
{
    struct settings settings, defaults;
    struct problems problems;
    char line[512], text[16384] = "";
    FILE *file = tmpfile();
    (void)state;

    assert_non_null(file);
    settings_print_example(file);
    rewind(file);
    while (fgets(line, sizeof line, file)) {
        bool is_setting = line[0] == '#' && line[1] != ' ';
        if (is_setting)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
                     line + 1);
    }
    fclose(file);
    assert_int_equal(read_text(text, &settings, &problems), ERR_OK);
    settings_init(&defaults);
    assert_string_equal(settings.place_en, defaults.place_en);
    assert_int_equal(settings.heartbeat_s, defaults.heartbeat_s);
    settings_done(&defaults);
    done(&settings, &problems);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/kiosk-settings-test-%p.yaml",
             (void *)path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_kind_is_read),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_example_is_read),
    };
    return cmocka_run_group_tests_name("settings", tests, set_up, tear_down);
}
