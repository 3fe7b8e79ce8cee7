/* What is typed, pasted and pressed wrongly: told beside the field, nothing
 * lost; and bytes that mean nothing do nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

static struct drive *drive;

static int start(void **state)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    (void)state;
    drive = drive_start(&options);
    return 0;
}

static int stop(void **state)
{
    struct drive *ended = drive;
    (void)state;
    drive = NULL;
    return drive_end(ended);
}

static json_int_t page(void)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

static void send(const char *bytes)
{
    drive_bytes(drive, bytes, strlen(bytes));
}

/* The program has read these bytes, and its timers for broken-off sequences
 * are over. */
static void send_and_settle(const char *bytes)
{
    send(bytes);
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +1s"));
}

static const char *awaited_id, *awaited_value;

static bool has_value(struct drive *of)
{
    return strcmp(drive_value(of, awaited_id), awaited_value) == 0;
}

static void wait_value(const char *id, const char *value)
{
    awaited_id = id;
    awaited_value = value;
    drive_wait_until(drive, has_value, value);
}

static void end_session(void)
{
    if (strcmp(drive_screen(drive), "attract") == 0)
        return;
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "stop", NULL);
    assert_non_null(drive_element(drive, "end.confirm"));
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
}

/* ---- A typed number ---------------------------------------------------- */

static void to_number(void)
{
    person_to_card(drive);
    drive_press(drive, HAND_KEYS, "without");
    drive_wait(drive, "ways", NULL);
    drive_press(drive, HAND_KEYS, "type");
    drive_wait_element(drive, "number");
}

static void clear_number(void)
{
    assert_true(drive_sim(drive, "clock +1s"));
    for (int i = 0; i < 18; i++) {
        if (!*drive_value(drive, "number"))
            break;
        drive_bytes(drive, "\b", 1);
        drive_swallowed(drive);
        assert_true(drive_sim(drive, "clock +0s"));
    }
    wait_value("number", "");
}

static const char *awaited_words;

static bool has_words(struct drive *of)
{
    return strstr(drive_text(of, awaited_id), awaited_words);
}

static void wait_words(const char *id, const char *words)
{
    awaited_id = id;
    awaited_words = words;
    drive_wait_until(drive, has_words, words);
}

static void is_refused(const char *number, const char *words)
{
    drive_type(drive, HAND_KEYS, number);
    wait_words("field.error", words);
    assert_string_equal(drive_value(drive, "number"), number);
    drive_check_painted(drive);
    clear_number();
}

static void is_taken(const char *typed, const char *shown)
{
    drive_type(drive, HAND_KEYS, typed);
    drive_wait_element(drive, "confirm.value");
    assert_string_equal(drive_value(drive, "confirm.value"), shown);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_gone(drive, "confirm.value");
    clear_number();
}

static void test_typed_numbers(void **state)
{
    (void)state;
    to_number();
    is_refused("411303900307001", "15");
    is_refused("411303199003070016", "逐位");
    is_refused("41130319900307", "18");
    is_refused("411303199013070017", "出生");
    is_taken("41130319900307005", "411303 19900307 005X");
    is_taken("41130319900307005x", "411303 19900307 005X");
    is_taken("4113 0319-9003 070017", "411303 19900307 0017");
    drive_type(drive, HAND_KEYS, PERSON_NUMBER);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "county");
    end_session();
}

static void test_telephone(void **state)
{
    (void)state;
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    assert_true(drive_sim(drive, "card lift"));
    person_to_street(drive);
    person_to_review(drive);
    /* Changed afterwards into nonsense: told, and the rest is kept. */
    drive_press(drive, HAND_KEYS, "change.phone");
    drive_wait(drive, "field", "phone");
    drive_type(drive, HAND_KEYS, "99");
    drive_wait_element(drive, "field.error");
    drive_bytes(drive, "\b\b", 2);
    wait_value("phone", PERSON_PHONE);
    drive_type(drive, HAND_KEYS, "");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", "review");
    end_session();
}

/* ---- A text field ------------------------------------------------------ */

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void test_huge_paste(void **state)
{
    enum { BYTES = 100 * 1024 };
    static const char begin[] = "\033[200~", end[] = "\033[201~";
    char *paste = mem_new(BYTES);
    (void)state;

    person_to_description(drive);
    json_int_t before = page();
    assert_true(drive_sim(drive, "clock +1s"));
    for (size_t i = 0; i < BYTES; i++)
        paste[i] = i % 50 == 49 ? '\r' : (char)('a' + i % 26);
    drive_bytes(drive, begin, strlen(begin));
    drive_bytes(drive, paste, BYTES);
    drive_bytes(drive, end, strlen(end));
    mem_free(paste);
    drive_wait_element(drive, "field.cut");
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +2s"));
    assert_int_equal(page(), before);
    assert_int_equal(characters(drive_value(drive, "description")), 500);
    assert_memory_equal(drive_value(drive, "description"), "abcdefghij", 10);
    drive_check_painted(drive);
    drive_type(drive, HAND_KEYBOARD, "");
    drive_wait(drive, "choice", "contact_by");
    end_session();
}

static void test_odd_characters(void **state)
{
    (void)state;
    person_to_description(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    send("夜里🏠吵");
    wait_value("description", "夜里🏠吵");
    send_and_settle("\001\002\005\006\016\017\020\021\022\023\024\025\026\027");
    send("\xff\xc0\x80\xed\xa0\x80"
         "了");
    wait_value("description", "夜里🏠吵了");
    drive_check_painted(drive);
    drive_type(drive, HAND_KEYBOARD, "");
    drive_wait(drive, "choice", "contact_by");
    end_session();
}

static void test_broken_sequences(void **state)
{
    (void)state;
    person_to_description(drive);
    json_int_t before = page();
    assert_true(drive_sim(drive, "clock +1s"));
    send("一");
    wait_value("description", "一");
    send_and_settle("\033[<0;1"); /* half a mouse report, and silence */
    send("2");                    /* which would go on with the report */
    wait_value("description", "一2");
    send_and_settle("\033[<0;999999;1M\033[M!!!\033[?1;2c\033[99~\033[1;1R"
                    "\033]0;title\a\033Pq#0\033\\\033[13~");
    send_and_settle("\033[200~"); /* a paste that never ends */
    send("三");
    wait_value("description", "一2三");
    assert_int_equal(page(), before);
    end_session();
}

static void test_lone_escape(void **state)
{
    (void)state;
    person_to_description(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    send("\033");
    drive_wait(drive, "choice", "county");
    assert_true(drive_sim(drive, "clock +1s"));
    send("\033");
    drive_wait(drive, "choice", "topic");
    end_session();
}

/* ---- Keys -------------------------------------------------------------- */

static void test_pressed_twice(void **state)
{
    (void)state;
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait(drive, "guide", "guide");
    drive_see(drive, "footer.go");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "registered");
    assert_true(drive_sim(drive, "clock +1s"));
    /* Its second 1 would open the notice of the next page. */
    send_and_settle("11");
    drive_wait(drive, "card", "card");
    assert_non_null(drive_element(drive, "card.ask"));
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "card lift"));
    assert_true(drive_sim(drive, "clock +1s"));
    send_and_settle("##");
    drive_wait(drive, "choice", "county");
    end_session();
}

static void test_control_keys(void **state)
{
    static const char *const keys[] = { "\003", "\003\003", "\032", "\034",
                                        "\021", "\023",     "\004", "\025" };
    (void)state;
    person_to_description(drive);
    json_int_t before = page();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        send_and_settle(keys[i]);
        assert_true(drive_sim(drive, "clock +2s"));
    }
    assert_int_equal(page(), before);
    assert_string_equal(drive_value(drive, "description"), "");
    drive_type(drive, HAND_KEYBOARD, "还在");
    drive_wait(drive, "choice", "contact_by");
    end_session();
}

/* ---- The window and the language --------------------------------------- */

struct size {
    int rows, cols;
};

static const struct size *awaited_size;

static bool has_size(struct drive *of)
{
    int rows = 0, cols = 0;
    json_unpack(drive_page(of), "{s:i, s:i}", "rows", &rows, "cols", &cols);
    return rows == awaited_size->rows && cols == awaited_size->cols;
}

static bool says_too_small(struct drive *of)
{
    return strstr(drive_painted(of), "窗口太小");
}

static void test_resize(void **state)
{
    static const struct size sizes[] = { { 15, 40 }, { 10, 30 }, { 32, 100 } };
    (void)state;

    person_to_description(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    send("门口很吵");
    wait_value("description", "门口很吵");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        drive_resize(drive, sizes[i].rows, sizes[i].cols);
        awaited_size = &sizes[i];
        drive_wait_until(drive, has_size, "the new size");
        if (sizes[i].rows < 15)
            drive_wait_until(drive, says_too_small, "窗口太小");
        else
            drive_check_painted(drive);
    }
    assert_string_equal(drive_value(drive, "description"), "门口很吵");
    drive_type(drive, HAND_KEYBOARD, "");
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, HAND_KEYS, "option.anonymous");
    drive_wait(drive, "review", "review");
    assert_string_equal(drive_value(drive, "change.description"), "门口很吵");
    end_session();
}

static void test_language_in_mid_form(void **state)
{
    (void)state;
    person_to_description(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    send("半句");
    wait_value("description", "半句");
    drive_press(drive, HAND_TOUCH, "footer.language");
    wait_words("ask", "Please describe it");
    assert_string_equal(drive_value(drive, "description"), "半句");
    assert_true(drive_sim(drive, "clock +1s"));
    send("话");
    wait_value("description", "半句话");
    drive_press(drive, HAND_TOUCH, "footer.language");
    wait_words("ask", "请说说情况");
    assert_string_equal(drive_value(drive, "description"), "半句话");
    end_session();
}

/* A line that is none is answered without what may be a person's. */
static void test_lines_that_are_none(void **state)
{
    static const char *const lines[] = {
        "number=411303195503071226 name=X",
        "card,resident,name=X,number=411303195503071226",
        "paper 411303195503071226",
        "clock 411303195503071226",
        "411303195503071226",
    };
    size_t mark = drive_mark(drive);
    (void)state;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_false(drive_sim(drive, lines[i]));
    assert_false(drive_said(drive, mark, "411303"));
    assert_false(drive_said(drive, mark, "name="));
    assert_true(drive_sim(drive, "  network down "));
    assert_true(drive_said(drive, mark, "\"network down\""));
    assert_true(drive_sim(drive, "network up"));
}

/* The pipe is that of the program that has the state, and stays it. */
static void test_second_program(void **state)
{
    static struct world_said said;
    char program[WORLD_PATH];
    (void)state;

    world_program(program, "kiosk");
    const char *argv[] = { program, "--demo", "--state", drive_folder(drive),
                           NULL };
    world_run(argv, &said);
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "another kiosk"));
    assert_true(drive_sim(drive, "network down"));
    assert_true(drive_sim(drive, "network up"));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(test_lines_that_are_none),
        TEST(test_second_program),
        TEST(test_typed_numbers),
        TEST(test_telephone),
        TEST(test_huge_paste),
        TEST(test_odd_characters),
        TEST(test_broken_sequences),
        TEST(test_lone_escape),
        TEST(test_pressed_twice),
        TEST(test_control_keys),
        TEST(test_resize),
        TEST(test_language_in_mid_form),
    };
    return cmocka_run_group_tests_name("bad input", tests, NULL, NULL);
}
