/* The simulators: a reader that behaves as the halls' readers do, a printer that
 * leaves files, and the lines that provoke them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/device.h"

#include <stdio.h>
#include <string.h>

struct bench {
    struct loop *loop;
    struct device *reader, *printer;
    char folder[128];
    int finished, retries;
    enum err err, why;
    struct card card;
    char prints[256]; /* "sent 0/2 printing 1/2 …" */
};

static void on_finished(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card)
{
    struct bench *bench = owner;

    (void)device, (void)job;
    bench->finished++;
    bench->err = err;
    if (card)
        bench->card = *card;
}

static void on_printed(void *owner, struct device *device, uint32_t job,
                       enum print_state state, int pages, int total)
{
    static const char *const names[] = { "sent", "printing", "done", "failed",
                                         "unknown" };
    struct bench *bench = owner;
    size_t len = strlen(bench->prints);

    (void)device, (void)job;
    (void)snprintf(bench->prints + len, sizeof(bench->prints) - len,
                   "%s%s %d/%d", len ? ", " : "", names[state], pages, total);
}

static void on_retry(void *owner, struct device *device, uint32_t job,
                     enum err why)
{
    struct bench *bench = owner;

    (void)device, (void)job;
    bench->retries++;
    bench->why = why;
}

static const struct device_events events = { .on_finished = on_finished,
                                             .on_printed = on_printed,
                                             .on_retry = on_retry };

static const struct driver *find_driver(const char *name)
{
    for (size_t i = 0; driver_table[i]; i++) {
        if (strcmp(driver_table[i]->name, name) == 0)
            return driver_table[i];
    }
    return NULL;
}

/* Time passes; what is due fires. */
static void pass(struct bench *bench, int ms)
{
    for (int i = 0; i < 3; i++)
        loop_turn(bench->loop, 0);
    for (int left = ms; left > 0; left -= 50) {
        clock_shift(50);
        for (int i = 0; i < 3; i++)
            loop_turn(bench->loop, 0);
    }
}

static struct device *open_device(struct bench *bench, const char *name)
{
    struct device *device =
        device_new(bench->loop, find_driver(name), &events, bench);

    device_set(device, "folder", bench->folder);
    device_open(device);
    pass(bench, 0);
    return device;
}

static int set_up(void **state)
{
    struct bench *bench = mem_new(sizeof(*bench));

    clock_pretend(1000, clock_of_date(2026, 11, 23));
    assert_int_equal(file_make_temporary(bench->folder, 64), ERR_OK);
    memcpy(bench->folder + strlen(bench->folder), "/paper", 7);
    bench->loop = loop_new_pretend();
    bench->reader = open_device(bench, "card/sim");
    bench->printer = open_device(bench, "printer/sim");
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    device_free(bench->reader);
    device_free(bench->printer);
    assert_int_equal(loop_open_count(bench->loop), 0);
    loop_free(bench->loop);
    clock_pretend_end();
    bench->folder[strlen(bench->folder) - strlen("/paper")] = '\0';
    assert_int_equal(file_remove_tree(bench->folder), ERR_OK);
    mem_free(bench);
    return 0;
}

/* A line, taken by whichever device knows it. */
static enum err say(struct bench *bench, const char *line)
{
    enum err err = device_pretend(bench->reader, line);

    return err == ERR_NOT_FOUND ? device_pretend(bench->printer, line) : err;
}

static uint32_t read_card(struct bench *bench)
{
    const struct device_job job = { .kind = JOB_READ_CARD };

    bench->finished = 0;
    bench->retries = 0;
    return device_start(bench->reader, &job);
}

static const struct card *lay_and_read(struct bench *bench, const char *line)
{
    assert_int_equal(say(bench, line), ERR_OK);
    (void)read_card(bench);
    pass(bench, 300);
    assert_int_equal(bench->finished, 1);
    assert_int_equal(bench->err, ERR_OK);
    return &bench->card;
}

/* --- the reader --------------------------------------------------------- */

static void test_card_before_and_during(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(say(bench, "card resident"), ERR_OK);
    pass(bench, 1000);
    (void)read_card(bench);
    pass(bench, 250);
    assert_int_equal(bench->finished, 0);
    pass(bench, 50);
    assert_int_equal(bench->finished, 1);

    assert_int_equal(say(bench, "card lift"), ERR_OK);
    (void)read_card(bench);
    pass(bench, 1000);
    assert_int_equal(bench->finished, 0);
    assert_int_equal(say(bench, "card hmt"), ERR_OK);
    pass(bench, 300);
    assert_int_equal(bench->finished, 1);
    assert_int_equal(bench->card.kind, CARD_HMT);
}

static void test_same_card_must_be_lifted(void **state)
{
    struct bench *bench = *state;

    (void)lay_and_read(bench, "card resident");
    (void)read_card(bench);
    pass(bench, 5000);
    assert_int_equal(bench->finished, 0);
    assert_int_equal(bench->retries, 0);
    assert_int_equal(say(bench, "card lift"), ERR_OK);
    assert_int_equal(say(bench, "card resident"), ERR_OK);
    pass(bench, 300);
    assert_int_equal(bench->finished, 1);
}

static void test_lifted_too_early(void **state)
{
    struct bench *bench = *state;

    (void)read_card(bench);
    assert_int_equal(say(bench, "card resident"), ERR_OK);
    pass(bench, 100);
    assert_int_equal(say(bench, "card lift"), ERR_OK);
    pass(bench, 1000);
    assert_int_equal(bench->finished, 0);
    assert_int_equal(bench->retries, 1);
    assert_int_equal(bench->why, ERR_CARD_MOVED);
    assert_int_equal(say(bench, "card resident"), ERR_OK);
    pass(bench, 300);
    assert_int_equal(bench->finished, 1);
    assert_int_equal(bench->err, ERR_OK);
}

static void test_unknown_and_two(void **state)
{
    struct bench *bench = *state;

    (void)read_card(bench);
    assert_int_equal(say(bench, "card unknown"), ERR_OK);
    pass(bench, 5000);
    assert_int_equal(bench->retries, 1); /* told once, not again and again */
    assert_int_equal(bench->why, ERR_CARD_UNKNOWN);
    assert_int_equal(say(bench, "card two"), ERR_OK);
    pass(bench, 5000);
    assert_int_equal(bench->retries, 2);
    assert_int_equal(bench->why, ERR_CARD_TWO);
    assert_int_equal(bench->finished, 0);
    assert_int_equal(say(bench, "card resident"), ERR_OK);
    pass(bench, 300);
    assert_int_equal(bench->finished, 1);
}

static void test_stop_reading(void **state)
{
    struct bench *bench = *state;
    uint32_t job = read_card(bench);

    assert_int_equal(say(bench, "card resident"), ERR_OK);
    pass(bench, 100);
    device_stop(bench->reader, job);
    pass(bench, 1000);
    assert_int_equal(bench->finished, 1);
    assert_int_equal(bench->err, ERR_CANCELLED);
    (void)read_card(bench); /* it was not read, so it is found */
    pass(bench, 300);
    assert_int_equal(bench->err, ERR_OK);
}

static void test_unplug(void **state)
{
    struct bench *bench = *state;

    (void)read_card(bench);
    assert_int_equal(say(bench, "card resident"), ERR_OK);
    assert_int_equal(say(bench, "reader unplug"), ERR_OK);
    pass(bench, 1000);
    assert_int_equal(bench->finished, 1);
    assert_int_equal(bench->err, ERR_NO_DEVICE);
    assert_int_equal(device_state_of(bench->reader), DEVICE_UNPLUGGED);
    assert_int_equal(device_action_of(bench->reader), ACTION_CLEAR);
    (void)read_card(bench);
    pass(bench, 1000);
    assert_int_equal(bench->err, ERR_NO_DEVICE);
    assert_int_equal(say(bench, "reader plug"), ERR_OK);
    pass(bench, 0);
    assert_int_equal(device_state_of(bench->reader), DEVICE_READY);
    (void)read_card(bench);
    pass(bench, 300);
    assert_int_equal(bench->err, ERR_OK);
}

/* --- who is on the card ------------------------------------------------- */

static void test_made_up_people(void **state)
{
    struct bench *bench = *state;
    const struct card *card = lay_and_read(bench, "card resident");

    assert_int_equal(id_number_check(card->number), NUMBER_OK);
    assert_memory_equal(card->number, "411300", 6);
    assert_memory_equal(card->number + 6, card->birth, 8);
    assert_string_equal(card->sex, "female");
    assert_false(card_is_expired(card, clock_wall_ms()));
    assert_true(*card->name && *card->address && *card->authority);

    card = lay_and_read(bench, "card hmt");
    assert_int_equal(id_number_check(card->number), NUMBER_OK);
    assert_memory_equal(card->number, "810000", 6);
    assert_string_equal(card->permit_number, "H00000000");
    assert_string_equal(card->ethnic, "");

    card = lay_and_read(bench, "card foreigner-2017");
    assert_int_equal(strlen(card->number), 15);
    assert_memory_equal(card->number, "CAN", 3);
    assert_string_equal(card->english_name, "SAMPLE,ROBIN");

    card = lay_and_read(bench, "card foreigner-2023");
    assert_int_equal(strlen(card->number), 18);
    assert_int_equal(card->number[17], id_number_check_character(card->number));
    assert_string_equal(card->renewals, "00");
}

static void test_given_fields(void **state)
{
    struct bench *bench = *state;
    const struct card *card = lay_and_read(
        bench, "card resident kind=resident name=欧阳㼆昕 ethnic=77 "
               "number=11010519491231002X valid_to=2031-07-04 "
               "valid_from=20110704 address=\"演示路 1 号\" authority=");

    assert_string_equal(card->name, "欧阳㼆昕");
    assert_string_equal(card->ethnic, "77");
    assert_string_equal(card->number, "11010519491231002X");
    assert_string_equal(card->birth, "19491231");
    assert_string_equal(card->sex, "female");
    assert_string_equal(card->valid_from, "20110704");
    assert_string_equal(card->valid_to, "20310704");
    assert_string_equal(card->address, "演示路 1 号");
    assert_string_equal(card->authority, "");

    card = lay_and_read(bench, "card resident birth=2018-02-28 sex=male "
                               "valid_to=long-term");
    assert_memory_equal(card->number + 6, "20180228", 8);
    assert_int_equal(id_number_check(card->number), NUMBER_OK);
    assert_string_equal(card->sex, "male");
    assert_string_equal(card->valid_to, "long-term");
    assert_int_equal(card_age(card, clock_wall_ms()), 8);

    card = lay_and_read(bench, "card resident valid_to=2001-01-01");
    assert_true(card_is_expired(card, clock_wall_ms()));
}

/* The field holds 15 UTF-16 units: seven rare characters and a half. */
static void test_odd_names(void **state)
{
    struct bench *bench = *state;
    const struct card *card =
        lay_and_read(bench, "card resident name=𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷");

    assert_string_equal(card->name, "𠮷𠮷𠮷𠮷𠮷𠮷𠮷〓");
    card = lay_and_read(bench, "card resident name=王\xed\xa1\x82明");
    assert_memory_equal(card->name, "王〓", 6);
    assert_non_null(strstr(card->name, "明"));
}

static void test_broken_lines(void **state)
{
    static const char *const lines[] = {
        "card",
        "card banana",
        "card lift now",
        "card resident shoe=42",
        "card resident 42",
        "card resident sex=wrong",
        "card resident birth=2031-13-45",
        "card resident valid_to=tomorrow",
        "card resident number=4113001985010198765",
        "card resident number=411-300",
        "card resident name=\"open",
        "card resident name=\"a\"b",
        "card resident name=a name=b",
        "card resident kind=hmt",
        "card resident =a",
        "card resident averyveryverylongkeyindeed=1",
        "reader",
        "reader fly",
        "paper",
        "paper jam",
        "cover off",
        "printer die",
        "printer die 0",
        "printer die x",
        "printer die 2 3",
        "printer dies 2",
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (say(bench, lines[i]) != ERR_BAD_INPUT)
            fail_msg("taken: %s", lines[i]);
    }
    assert_int_equal(say(bench, ""), ERR_NOT_FOUND);
    assert_int_equal(say(bench, "network down"), ERR_NOT_FOUND);
    assert_int_equal(say(bench, "card=1"), ERR_NOT_FOUND);
}

/* --- the printer -------------------------------------------------------- */

static const char one_page[] = "%PDF-1.4 /Type /Pages /Type /Page >>";
static const char two_pages[] = "%PDF-1.4 /Type /Pages /Type /Page\n"
                                "/Type/Page >>";

static uint32_t print(struct bench *bench, const char *pdf, int copies)
{
    const struct device_job job = {
        .kind = JOB_PRINT, .pdf = pdf, .pdf_len = strlen(pdf), .copies = copies
    };

    bench->finished = 0;
    bench->prints[0] = '\0';
    return device_start(bench->printer, &job);
}

static bool has_file(const struct bench *bench, int number)
{
    char path[192];

    (void)snprintf(path, sizeof(path), "%s/%d.pdf", bench->folder, number);
    return file_exists(path);
}

static void test_print(void **state)
{
    struct bench *bench = *state;
    char path[192], *text;
    size_t len;

    (void)print(bench, one_page, 1);
    pass(bench, 350);
    assert_false(has_file(bench, 1));
    pass(bench, 50);
    assert_int_equal(bench->err, ERR_OK);
    assert_string_equal(bench->prints, "sent 0/1, printing 0/1, done 1/1");
    (void)snprintf(path, sizeof(path), "%s/1.pdf", bench->folder);
    assert_int_equal(file_read(path, 1000, &text, &len), ERR_OK);
    assert_string_equal(text, one_page);
    mem_free(text);
}

static void test_copies_and_numbers(void **state)
{
    struct bench *bench = *state;

    (void)print(bench, two_pages, 2);
    pass(bench, 1600);
    assert_string_equal(bench->prints, "sent 0/4, printing 0/4, printing 1/4, "
                                       "printing 2/4, printing 3/4, done 4/4");
    assert_true(has_file(bench, 1) && has_file(bench, 2));
    device_free(bench->printer); /* as after a restart */
    bench->printer = open_device(bench, "printer/sim");
    (void)print(bench, "no pdf at all", 1);
    pass(bench, 400);
    assert_true(has_file(bench, 3));
}

static void test_paper_out_before(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(say(bench, "paper out"), ERR_OK);
    pass(bench, 0);
    assert_int_equal(device_state_of(bench->printer), DEVICE_BLOCKED);
    assert_int_equal(device_why(bench->printer), ERR_PAPER_OUT);
    assert_int_equal(device_action_of(bench->printer), ACTION_CLEAR);
    (void)print(bench, one_page, 1);
    pass(bench, 0);
    assert_int_equal(bench->finished, 1);
    assert_int_equal(bench->err, ERR_PAPER_OUT);
}

static void test_nothing_comes_out_after_a_refill(void **state)
{
    struct bench *bench = *state;

    (void)print(bench, one_page, 1);
    pass(bench, 200);
    assert_int_equal(say(bench, "paper out"), ERR_OK);
    pass(bench, 0);
    assert_int_equal(bench->err, ERR_PAPER_OUT);
    assert_string_equal(bench->prints, "sent 0/1, printing 0/1, failed 0/1");
    assert_int_equal(say(bench, "paper in"), ERR_OK);
    pass(bench, 5000);
    assert_int_equal(bench->finished, 1);
    assert_false(has_file(bench, 1));
    assert_int_equal(device_state_of(bench->printer), DEVICE_READY);
    (void)print(bench, one_page, 1);
    pass(bench, 400);
    assert_true(has_file(bench, 1));
}

static void test_cover(void **state)
{
    struct bench *bench = *state;

    (void)print(bench, one_page, 1);
    pass(bench, 200);
    assert_int_equal(say(bench, "cover open"), ERR_OK);
    assert_int_equal(say(bench, "paper out"), ERR_OK);
    pass(bench, 0);
    assert_int_equal(bench->err, ERR_COVER_OPEN);
    assert_int_equal(device_why(bench->printer), ERR_COVER_OPEN);
    assert_int_equal(say(bench, "cover closed"), ERR_OK);
    pass(bench, 0);
    assert_int_equal(device_why(bench->printer), ERR_PAPER_OUT);
}

static void test_printer_dies(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(say(bench, "printer die 2"), ERR_OK);
    (void)print(bench, one_page, 1);
    pass(bench, 400);
    assert_int_equal(bench->err, ERR_OK); /* it has no second page */
    (void)print(bench, two_pages, 1);
    pass(bench, 800);
    assert_int_equal(bench->err, ERR_DEVICE);
    assert_false(has_file(bench, 2));
    assert_int_equal(device_state_of(bench->printer), DEVICE_BROKEN);
    assert_int_equal(device_action_of(bench->printer), ACTION_MAINTENANCE);
    (void)print(bench, one_page, 1);
    pass(bench, 0);
    assert_int_equal(bench->err, ERR_DEVICE);
    assert_int_equal(say(bench, "paper in"), ERR_OK);
    (void)print(bench, two_pages, 1);
    pass(bench, 800);
    assert_int_equal(bench->err, ERR_OK);
}

static void test_stop_printing(void **state)
{
    struct bench *bench = *state;
    uint32_t job = print(bench, one_page, 1);

    pass(bench, 200);
    device_stop(bench->printer, job);
    pass(bench, 5000);
    assert_int_equal(bench->finished, 1);
    assert_int_equal(bench->err, ERR_CANCELLED);
    assert_false(has_file(bench, 1));
}

static void test_bad_jobs(void **state)
{
    struct bench *bench = *state;

    (void)print(bench, "", 1);
    pass(bench, 0);
    assert_int_equal(bench->err, ERR_BAD_INPUT);
    (void)print(bench, one_page, 2000000000);
    pass(bench, 0);
    assert_int_equal(bench->err, ERR_BAD_INPUT);
}

static void test_no_folder(void **state)
{
    struct bench *bench = *state;
    struct device *device =
        device_new(bench->loop, find_driver("printer/sim"), &events, bench);

    device_open(device);
    pass(bench, 0);
    assert_int_equal(device_state_of(device), DEVICE_BROKEN);
    assert_int_equal(device_action_of(device), ACTION_CONFIGURATION);
    device_free(device);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_card_before_and_during),
        TEST(test_same_card_must_be_lifted),
        TEST(test_lifted_too_early),
        TEST(test_unknown_and_two),
        TEST(test_stop_reading),
        TEST(test_unplug),
        TEST(test_made_up_people),
        TEST(test_given_fields),
        TEST(test_odd_names),
        TEST(test_broken_lines),
        TEST(test_print),
        TEST(test_copies_and_numbers),
        TEST(test_paper_out_before),
        TEST(test_nothing_comes_out_after_a_refill),
        TEST(test_cover),
        TEST(test_printer_dies),
        TEST(test_stop_printing),
        TEST(test_bad_jobs),
        TEST(test_no_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
