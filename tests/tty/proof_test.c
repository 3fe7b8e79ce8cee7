/* The certificate where something goes wrong: codes, persons without a record,
 * documents that are not what was said, printers that die, a network that
 * goes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/rude_hub.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* With a name of common characters: a rare one's font can make the paper larger
 * still. */
#define CITIZEN                                                                \
    "card resident name=测试人 number=411303199003070017 valid_to=long-term"
/* Without any record: the digits before the last are 000. */
#define STRANGER "card resident name=测试人 number=411303196001010009"

static struct drive *start(const char *program)
{
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .program = program };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static void press(struct drive *drive, const char *id)
{
    drive_press(drive, HAND_KEYS, id);
}

/* From the home page to the page that asks how to check the person. */
static void to_check(struct drive *drive, const char *card)
{
    if (strcmp(drive_screen(drive), "attract") == 0)
        press(drive, "attract.begin");
    if (strcmp(drive_screen(drive), "theme") != 0)
        drive_wait(drive, "home", NULL);
    press(drive, "item.si-insured-proof");
    drive_wait(drive, "guide", NULL);
    press(drive, "footer.go");
    drive_wait(drive, "card", NULL);
    person_lay(drive, card);
    drive_wait(drive, "take back", NULL);
    assert_true(drive_sim(drive, "card lift"));
    press(drive, "footer.go");
    drive_wait(drive, "check", NULL);
}

static void to_code(struct drive *drive)
{
    to_check(drive, CITIZEN);
    press(drive, "code");
    drive_wait(drive, "field", "check");
}

static bool is_choice_or_review(struct drive *drive)
{
    return strcmp(drive_screen(drive), "choice") == 0 ||
           strcmp(drive_screen(drive), "review") == 0;
}

/* With the right code, past whatever the authority asks. */
static void to_preview(struct drive *drive)
{
    char code[8], id[64];

    play_read_code(drive, code);
    drive_type(drive, HAND_KEYS, code);
    drive_wait_until(drive, is_choice_or_review, "a question");
    while (strcmp(drive_screen(drive), "choice") == 0) {
        play_first_option(drive, id);
        press(drive, id);
        drive_wait_gone(drive, id);
        drive_wait_until(drive, is_choice_or_review, "the next question");
    }
}

static bool is_tile_off(struct drive *drive)
{
    json_t *tile = drive_element(drive, "item.si-insured-proof");
    return tile && !json_object_get(tile, "key");
}

static size_t papers(const struct drive *drive)
{
    return drive_count_files(drive, "paper", ".pdf");
}

/* The wait for the office's answer may be over before anybody saw it; but each
 * answer leaves one try less. */
static char error_before[256];

static bool is_another_error(struct drive *drive)
{
    return drive_element(drive, "code.error") &&
           strcmp(drive_text(drive, "code.error"), error_before) != 0;
}

static void test_wrong_codes(void **state)
{
    char code[8];
    (void)state;

    struct drive *drive = start(NULL);
    to_code(drive);
    play_read_code(drive, code);
    drive_bytes(drive, "\033[24~", 5); /* F12 shows whoever plays with it */
    drive_wait_element(drive, "simulate.code");
    assert_memory_equal(drive_value(drive, "simulate.code"), code, 6);
    press(drive, "footer.back");
    drive_wait(drive, "field", "check");
    code[0] = code[0] == '9' ? '1' : (char)(code[0] + 1);
    for (int i = 0; i < 4; i++) {
        snprintf(error_before, sizeof error_before, "%s",
                 drive_text(drive, "code.error"));
        drive_type(drive, HAND_KEYS, code);
        drive_wait_until(drive, is_another_error, "that it was wrong");
    }
    drive_check_painted(drive);
    drive_type(drive, HAND_KEYS, code);
    drive_wait_element(drive, "code.over");
    drive_check_painted(drive);
    press(drive, "resend");
    drive_wait(drive, "check", NULL);
    /* Another one is sent a minute after the first, and no sooner. */
    drive_wait_element(drive, "check.slow");
    assert_true(drive_sim(drive, "clock +61s"));
    press(drive, "code");
    drive_wait(drive, "field", "check");
    to_preview(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* Eleven minutes with somebody awake at it: the code is too old. */
static void test_old_code(void **state)
{
    char code[8];
    (void)state;

    struct drive *drive = start(NULL);
    to_code(drive);
    play_read_code(drive, code);
    for (int i = 0; i < 11; i++) {
        assert_true(drive_sim(drive, "clock +60s"));
        drive_bytes(drive, "1", 1);
        drive_swallowed(drive);
        drive_wait_element(drive, "footer.delete");
        press(drive, "footer.delete");
        drive_wait_gone(drive, "footer.delete");
    }
    drive_type(drive, HAND_KEYS, code);
    drive_wait_element(drive, "code.over");
    assert_int_equal(drive_end(drive), 0);
}

/* A member of the staff, with the demonstration's own PIN (F12 tells it). */
static void staff_confirm(struct drive *drive)
{
    char pin[16];

    drive_wait_element(drive, "pin");
    drive_bytes(drive, "\033[24~", 5);
    drive_wait_element(drive, "simulate.pin");
    snprintf(pin, sizeof pin, "%s", drive_value(drive, "simulate.pin"));
    press(drive, "footer.back");
    drive_wait_element(drive, "pin");
    drive_type(drive, HAND_KEYS, pin);
}

static bool is_at_proof(struct drive *drive)
{
    return strcmp(drive_step(drive), "proof") == 0;
}

static bool may_resend(struct drive *drive)
{
    return json_object_get(drive_element(drive, "resend"), "key") != NULL;
}

/* The page that shows the demonstration's PIN and code; its value (16 bytes). */
static void simulated(struct drive *drive, const char *id, char *value)
{
    drive_bytes(drive, "\033[24~", 5);
    drive_wait_element(drive, id);
    snprintf(value, 16, "%s", drive_value(drive, id));
    press(drive, "footer.back");
    drive_wait_gone(drive, id);
}

/* It was sent, and the telephone stays silent: another one after a minute, of
 * which the first is no more use; or the staff, on the spot. */
static void test_code_never_arrives(void **state)
{
    char lost[8], code[8], pin[16];
    (void)state;

    struct drive *drive = start(NULL);
    to_code(drive);
    play_read_code(drive, lost);
    press(drive, "footer.go"); /* nothing was typed: the other ways */
    drive_wait_element(drive, "ways.title");
    assert_false(may_resend(drive));
    assert_non_null(json_object_get(drive_element(drive, "resend"), "note"));
    drive_check_painted(drive);
    for (int i = 0; i < 61 && !may_resend(drive); i++)
        assert_true(drive_sim(drive, "clock +1s")); /* told second by second */
    drive_wait_until(drive, may_resend, "that another one can be sent");
    press(drive, "resend");
    drive_wait(drive, "field", "check");
    drive_wait_element(drive, "code.sent");
    play_read_code(drive, code);
    if (strcmp(lost, code) != 0) {
        drive_type(drive, HAND_KEYS, lost);
        drive_wait_element(drive, "code.error");
    }
    press(drive, "footer.go");
    drive_wait_element(drive, "ways.title");
    press(drive, "staff-confirms");
    drive_wait_element(drive, "staff-pin.title");
    simulated(drive, "simulate.pin", pin);
    drive_type(drive, HAND_KEYS, pin);
    drive_wait_until(drive, is_choice_or_review, "what follows the check");
    assert_int_equal(drive_end(drive), 0);
}

/* The office cannot send it: said, nothing is lost, and once it can it does. */
static void test_code_cannot_be_sent(void **state)
{
    char codes[WORLD_PATH];
    (void)state;

    struct drive *drive = start(NULL);
    to_check(drive, CITIZEN);
    world_join(codes, drive_folder(drive), "codes");
    assert_int_equal(rmdir(codes), 0);
    world_write(codes, "a file where the folder was", 0600);
    press(drive, "code");
    drive_wait_element(drive, "check.away");
    assert_non_null(drive_element(drive, "staff-confirms"));
    drive_check_painted(drive);
    assert_int_equal(remove(codes), 0);
    assert_int_equal(mkdir(codes, 0700), 0);
    assert_true(drive_sim(drive, "clock +61s"));
    press(drive, "code");
    drive_wait(drive, "field", "check");
    to_preview(drive);
    assert_int_equal(drive_end(drive), 0);
}

static void test_no_record(void **state)
{
    (void)state;

    struct drive *drive = start(NULL);
    to_check(drive, STRANGER);
    press(drive, "code");
    drive_wait_element(drive, "check.no-phone");
    assert_null(json_object_get(drive_element(drive, "code"), "key"));
    press(drive, "staff-confirms");
    staff_confirm(drive);
    drive_wait(drive, "stop", "proof");
    assert_non_null(
        strstr(drive_text(drive, "stop.here"), "没有查到您的参保记录"));
    assert_non_null(drive_element(drive, "stop.done"));
    drive_check_painted(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* It was asked what to do about it, so nothing is to be "tried again". */
static void test_content_wrong(void **state)
{
    (void)state;

    struct drive *drive = start(NULL);
    to_code(drive);
    to_preview(drive);
    press(drive, "wrong");
    drive_wait(drive, "stop", NULL);
    assert_non_null(
        strstr(drive_text(drive, "stop.content-wrong"), "如果登记的内容不对"));
    assert_null(drive_element(drive, "again"));
    press(drive, "footer.back");
    drive_wait(drive, "review", "proof");
    assert_int_equal(drive_end(drive), 0);
}

/* The staff are chosen once: no page asks for them again. */
static void test_staff_from_the_code(void **state)
{
    (void)state;

    struct drive *drive = start(NULL);
    to_code(drive);
    press(drive, "footer.go");
    drive_wait(drive, "ways", NULL);
    press(drive, "staff-confirms");
    staff_confirm(drive);
    drive_wait_until(drive, is_at_proof, "the certificate");
    assert_int_equal(drive_end(drive), 0);
}

static void test_broken_documents(void **state)
{
    static const char *const manners[] = { "flipped", "no-pdf", "huge" };
    char folder[WORLD_PATH], program[WORLD_PATH];
    char number[40] = "";
    (void)state;

    world_folder(folder);
    rude_hub_install(folder);
    world_join(program, folder, "kiosk");
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .program = program };
    struct drive *drive = drive_start(&options);
    rude_hub_be(folder, drive, "relay");
    person_awaits_hub(drive);
    to_code(drive);
    to_preview(drive);
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
        rude_hub_be(folder, drive, manners[i]);
        press(drive, "footer.go");
        drive_wait_element(drive, "stop.certificate-broken");
        assert_int_equal(papers(drive), 0);
        drive_check_painted(drive);
        rude_hub_be(folder, drive, "relay");
        press(drive, "footer.back");
        drive_wait(drive, "review", "proof");
    }
    press(drive, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    press(drive, "yes");
    drive_wait(drive, "result", "proof");
    snprintf(number, sizeof number, "%s",
             drive_value(drive, "certificate.number"));
    assert_true(play_paper_says(drive, number));
    assert_int_equal(papers(drive), 1);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

static void test_printer_dies(void **state)
{
    (void)state;

    struct drive *drive = start(NULL);
    to_code(drive);
    to_preview(drive);
    assert_true(drive_sim(drive, "printer die 2"));
    press(drive, "copies.3");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +9s"));
    drive_wait(drive, "paper", NULL);
    assert_string_equal(drive_text(drive, "print.failed"),
                        "没有打印成功，但您的事已经办好，不用重办。");
    assert_non_null(drive_element(drive, "certificate.number"));
    drive_check_painted(drive);
    assert_int_equal(papers(drive), 1);
    assert_true(drive_sim(drive, "cover open"));
    assert_true(drive_sim(drive, "cover closed"));
    drive_wait_element(drive, "again");
    press(drive, "again");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +9s"));
    drive_wait(drive, "paper", NULL);
    press(drive, "yes");
    drive_wait(drive, "result", "proof");
    assert_int_equal(papers(drive), 4);
    assert_int_equal(drive_end(drive), 0);
}

/* Said on the tile, before any card; once there is paper again, it works. */
static void test_no_paper(void **state)
{
    (void)state;

    struct drive *drive = start(NULL);
    press(drive, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_see(drive, "item.si-insured-proof");
    assert_true(drive_sim(drive, "paper out"));
    drive_wait_until(drive, is_tile_off, "the tile that is off");
    assert_true(drive_sim(drive, "paper in"));
    to_code(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* The guide says so when it breaks there, and goes on when it is mended. */
static void test_guide_waits(void **state)
{
    (void)state;

    struct drive *drive = start(NULL);
    press(drive, "attract.begin");
    drive_wait(drive, "home", NULL);
    press(drive, "item.si-insured-proof");
    drive_wait(drive, "guide", NULL);
    assert_true(drive_sim(drive, "paper out"));
    drive_wait_element(drive, "paper.none");
    assert_null(drive_element(drive, "footer.go"));
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "paper in"));
    drive_wait_element(drive, "guide.now");
    press(drive, "footer.go");
    drive_wait(drive, "card", NULL);
    assert_int_equal(drive_end(drive), 0);
}

static void test_network_goes(void **state)
{
    (void)state;

    struct drive *drive = start(NULL);
    to_code(drive);
    to_preview(drive);
    assert_true(drive_sim(drive, "network down"));
    press(drive, "footer.go");
    drive_wait_element(drive, "stop.issue-away");
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "network up"));
    press(drive, "footer.back");
    drive_wait(drive, "review", "proof");
    press(drive, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_int_equal(drive_end(drive), 0);
}

int main(int argc, char **argv)
{
    int code = rude_hub_main(argc, argv);
    if (code >= 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_codes),
        cmocka_unit_test(test_old_code),
        cmocka_unit_test(test_code_never_arrives),
        cmocka_unit_test(test_code_cannot_be_sent),
        cmocka_unit_test(test_no_record),
        cmocka_unit_test(test_content_wrong),
        cmocka_unit_test(test_staff_from_the_code),
        cmocka_unit_test(test_broken_documents),
        cmocka_unit_test(test_printer_dies),
        cmocka_unit_test(test_no_paper),
        cmocka_unit_test(test_guide_waits),
        cmocka_unit_test(test_network_goes),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
