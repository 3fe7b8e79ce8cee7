/* The help page and what it does, for one session only: large print (the
 * pretended terminal changes its letters), cover, time, what is held. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/letters.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/rude_hub.h"
#include "tests/tty/many_items.h"
#include "tests/tty/world.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NORMAL = 32, LARGE = 32 * 20 / 28, LARGER = 32 * 20 / 40 };

static struct drive *start(int rows, int cols, int letters)
{
    struct drive_options options = { .rows = rows,
                                     .cols = cols,
                                     .letters = letters };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static void pass(struct drive *drive, const char *line)
{
    assert_true(drive_sim(drive, line));
}

static void help(struct drive *drive, const char *id)
{
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, id);
}

static void to_home(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
}

/* ---- Large print ---------------------------------------------------------- */

/* On a home page of tiles: where it has themes, and letters are largest, what
 * finds takes the room of the footer's word for it. */
static void test_letters_grow_and_go_back(void **state)
{
    char folder[WORLD_PATH], settings[WORLD_PATH];

    (void)state;
    world_folder(folder);
    four_items_settings(folder, settings);
    struct drive *drive = drive_start(&(struct drive_options){
        .rows = NORMAL, .cols = 100, .letters = 20, .settings = settings });
    letters_wait(drive, NORMAL);
    to_home(drive);
    help(drive, "large");
    letters_wait_rows(drive, LARGE);
    drive_wait(drive, "home", NULL);
    help(drive, "large");
    letters_wait_rows(drive, LARGER);
    assert_string_equal(drive_text(drive, "footer.large"), "小字");
    help(drive, "large");
    letters_wait_rows(drive, NORMAL);
    assert_string_equal(drive_text(drive, "footer.large"), "大字");
    drive_press(drive, HAND_TOUCH, "footer.large");
    letters_wait_rows(drive, LARGE);
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    letters_wait_rows(drive, NORMAL);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

/* Who reads large print has twice the time; the end comes all the same, and the
 * next person finds normal letters. */
static void test_large_print_has_twice_the_time(void **state)
{
    struct drive *drive = start(NORMAL, 100, 20);

    (void)state;
    letters_wait(drive, NORMAL);
    to_home(drive);
    help(drive, "large");
    letters_wait_rows(drive, LARGE);
    pass(drive, "clock +200s");
    drive_wait(drive, "home", NULL);
    pass(drive, "clock +11s");
    drive_wait(drive, "idle", NULL);
    pass(drive, "clock +31s");
    drive_wait(drive, "attract", NULL);
    letters_wait_rows(drive, NORMAL);
    assert_int_equal(drive_end(drive), 0);
}

/* A QR needs 21 rows: on its turn the letters are as large as leaves those; the
 * numbers to be read stand in the person's own. */
static void test_letters_make_room_for_a_qr(void **state)
{
    struct drive *drive = start(NORMAL, 100, 20);

    (void)state;
    letters_wait(drive, NORMAL);
    to_home(drive);
    help(drive, "large");
    letters_wait_rows(drive, LARGE);
    help(drive, "large");
    letters_wait_rows(drive, LARGER);
    person_report(drive, "110120");
    drive_wait(drive, "result", NULL);
    letters_wait_rows(drive, LARGER);
    drive_see(drive, "receipt.number");
    drive_see(drive, "receipt.code");
    letters_wait_rows(drive, LARGER);
    drive_see(drive, "qr");
    letters_wait_rows(drive, LARGE);
    drive_wait_element(drive, "qr");
    pass(drive, "clock +1s");
    drive_bytes(drive, "*", 1);
    drive_wait_gone(drive, "qr");
    letters_wait_rows(drive, LARGER);
    drive_press(drive, HAND_KEYS, "no-paper");
    drive_wait(drive, "bye", NULL);
    letters_wait_rows(drive, LARGER);
    assert_int_equal(drive_end(drive), 0);
}

/* Where the terminal does not change, it is not offered. */
static void test_not_offered_where_it_does_not_work(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);

    (void)state;
    to_home(drive);
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "help.title");
    assert_null(drive_element(drive, "large"));
    assert_non_null(drive_element(drive, "contrast"));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- A call ------------------------------------------------------------------ */

/* Whoever called reads that somebody comes, on whatever page they are then; the
 * next person does not. */
static void test_somebody_is_coming(void **state)
{
    char folder[WORLD_PATH], program[WORLD_PATH], kept[WORLD_PATH];
    struct drive_options options = {
        .rows = NORMAL, .cols = 100, .folder = kept, .program = program
    };

    (void)state;
    world_folder(folder);
    world_join(program, folder, "kiosk");
    world_join(kept, folder, "state");
    rude_hub_install(folder);
    struct drive *drive = drive_start(&options);
    rude_hub_be(folder, drive, "coming");
    to_home(drive);
    help(drive, "staff");
    drive_wait_element(drive, "staff.coming");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "home", NULL);
    assert_non_null(
        strstr(drive_text(drive, "header.trouble"), "工作人员正在过来"));
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    assert_null(
        strstr(drive_text(drive, "header.trouble"), "工作人员正在过来"));
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

/* What `kiosk-hub calls` says, with --answer 1 or without. */
static const char *office_calls(struct drive *drive, bool answers)
{
    static struct world_said said;
    char hub[WORLD_PATH], program[WORLD_PATH];

    world_program(program, "kiosk-hub");
    world_join(hub, drive_folder(drive), "hub");
    const char *const list[] = { program, "calls", "--state", hub, NULL };
    const char *const answer[] = { program,   "calls", "--answer", "1",
                                   "--state", hub,     NULL };
    world_run(answers ? answer : list, &said);
    if (said.code != 0)
        fail_msg("kiosk-hub calls: %s", said.err);
    return said.out;
}

/* The hub writes its list a moment after it has heard the call. */
static void awaits_call(struct drive *drive)
{
    for (int s = 0; s < 60; s++) {
        if (strstr(office_calls(drive, false), "WAITING"))
            return;
        pass(drive, "clock +1s");
    }
    fail_msg("the hub lists no call: %s", office_calls(drive, false));
}

/* The office's own command answers a call; the citizen reads it within seconds,
 * and when they end the call ends, too. */
static void test_the_office_answers_a_call(void **state)
{
    struct drive *drive = start(15, 40, 0);

    (void)state;
    to_home(drive);
    help(drive, "staff");
    drive_wait_element(drive, "staff.told");
    assert_null(drive_element(drive, "staff.coming"));
    awaits_call(drive);
    (void)office_calls(drive, true);
    pass(drive, "clock +6s");
    drive_wait_element(drive, "staff.coming");
    assert_string_equal(drive_text(drive, "staff.coming"),
                        "工作人员正在过来，请在这里等候。");
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
    to_home(drive);
    help(drive, "staff");
    drive_wait_element(drive, "staff.told");
    assert_null(drive_element(drive, "staff.coming"));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Cover and time -------------------------------------------------------- */

static void to_county(struct drive *drive)
{
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    pass(drive, "card lift");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "county");
}

static void uncover(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "cover.go");
    drive_wait_element(drive, "cover.ask");
    drive_press(drive, HAND_KEYS, "footer.go");
}

/* One is exactly where one was, here on the second turn; and nothing of
 * the person or the matter stands on the cover. */
static void test_cover(void **state)
{
    struct drive *drive = start(15, 40, 0);

    (void)state;
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    person_to_street(drive);
    person_to_review(drive);
    drive_see(drive, "show");
    assert_null(drive_element(drive, "card_name"));
    size_t mark = drive_mark(drive);
    help(drive, "cover");
    drive_wait(drive, "cover", NULL);
    mark = drive_mark(drive);
    pass(drive, "clock +1s");
    assert_null(drive_element(drive, "header.item"));
    drive_wait_unpainted(drive, "居住证");
    drive_wait_unpainted(drive, "欧");
    uncover(drive);
    drive_wait(drive, "review", "review");
    assert_non_null(drive_element(drive, "show"));
    assert_null(drive_element(drive, "card_name"));
    assert_false(drive_said(drive, mark, "欧"));
    assert_int_equal(drive_end(drive), 0);
}

/* Who brushes the screen sees nothing, and it covers itself again. */
static void test_cover_asks(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);

    (void)state;
    to_home(drive);
    drive_press(drive, HAND_TOUCH, "footer.cover");
    drive_wait_element(drive, "cover.title");
    drive_press(drive, HAND_TOUCH, "cover.go");
    drive_wait_element(drive, "cover.ask");
    pass(drive, "clock +11s");
    drive_wait_element(drive, "cover.title");
    drive_press(drive, HAND_KEYS, "cover.go");
    drive_wait_element(drive, "cover.ask");
    drive_press(drive, HAND_KEYS, "stay");
    drive_wait_element(drive, "cover.title");
    drive_press(drive, HAND_KEYS, "cover.go");
    drive_wait_element(drive, "cover.ask");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_end(drive), 0);
}

/* Five minutes, of which the last 30 s are counted down; a press extends and
 * leaves the cover where it is. */
static void test_more_time(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);

    (void)state;
    to_home(drive);
    help(drive, "time");
    drive_wait(drive, "cover", NULL);
    assert_string_equal(drive_text(drive, "cover.title"), "已经给您加时");
    assert_non_null(strstr(drive_text(drive, "cover.kept"), "5分钟"));
    drive_check_painted(drive);
    pass(drive, "clock +260s");
    drive_wait(drive, "cover", NULL);
    pass(drive, "clock +11s");
    drive_wait(drive, "idle", NULL);
    drive_press(drive, HAND_KEYS, "idle.warn");
    drive_wait(drive, "cover", NULL);
    uncover(drive);
    drive_wait(drive, "home", NULL);
    pass(drive, "clock +200s"); /* twice the usual limit, begun anew */
    drive_wait(drive, "home", NULL);
    pass(drive, "clock +11s");
    drive_wait(drive, "idle", NULL);
    pass(drive, "clock +31s");
    drive_wait(drive, "attract", NULL);
    to_home(drive);
    pass(drive, "clock +91s"); /* the next person has the usual one */
    drive_wait(drive, "idle", NULL);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- What is held ---------------------------------------------------------- */

static const char *without_blanks(const char *receipt)
{
    static char digits[16];
    size_t len = 0;

    for (; *receipt; receipt++)
        if (*receipt != ' ' && len + 1 < sizeof digits)
            digits[len++] = *receipt;
    digits[len] = '\0';
    return digits;
}

static void test_held_and_erased(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);

    (void)state;
    to_county(drive);
    drive_press(drive, HAND_KEYS, "option.411302");
    drive_wait(drive, "choice", "township");
    size_t mark = drive_mark(drive);
    help(drive, "held");
    drive_wait_element(drive, "held.title");
    assert_string_equal(drive_value(drive, "card_number"),
                        "411***********0017");
    assert_non_null(drive_element(drive, "held.card"));
    assert_string_equal(drive_value(drive, "held.answer.county"), "已选");
    assert_false(drive_said(drive, mark, PERSON_NAME));
    assert_false(drive_said(drive, mark, PERSON_NUMBER));
    drive_press(drive, HAND_KEYS, "erase");
    drive_wait(drive, "attract", NULL);
    to_home(drive);
    help(drive, "held");
    drive_wait_element(drive, "held.nothing");
    assert_int_equal(drive_end(drive), 0);
}

static const char *held_id, *held_value;

static bool shows_held(struct drive *drive)
{
    return strcmp(drive_value(drive, held_id), held_value) == 0;
}

static void sees_held(struct drive *drive, const char *id, const char *value)
{
    drive_see(drive, id);
    held_id = id;
    held_value = value;
    drive_wait_until(drive, shows_held, value);
}

static void to_held(struct drive *drive)
{
    help(drive, "held");
    drive_wait_element(drive, "held.title");
}

static void leave_held(struct drive *drive, const char *screen)
{
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, screen, NULL);
}

/* A call for help, what was sent and waits, a rating that waits: also when the
 * matter itself is forgotten. */
static void test_held_after_sending(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);

    (void)state;
    pass(drive, "network down");
    person_apply(drive);
    person_sees(drive, "state.saved");
    help(drive, "staff");
    drive_wait_element(drive, "staff.number");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_element(drive, "held.title");
    sees_held(drive, "held.assurance", "身份证");
    sees_held(drive, "held.help", "本机有人求助，您结束时一并取消");
    sees_held(drive, "held.sent.1", "已为承办单位加密封存，还没有送达");
    drive_see(drive, "held.receipt");
    drive_see(drive, "held.sealed");
    leave_held(drive, "result");

    drive_press(drive, HAND_KEYS, "no-paper");
    drive_wait(drive, "rating", NULL);
    drive_press(drive, HAND_KEYS, "score.1");
    drive_wait(drive, "bye", NULL);
    drive_press(drive, HAND_KEYS, "again");
    drive_wait(drive, "home", NULL);
    to_held(drive);
    drive_see(drive, "card_number");
    sees_held(drive, "held.sent.1", "已为承办单位加密封存，还没有送达");
    sees_held(drive, "held.sent.2", "已为承办单位加密封存，还没有送达");
    assert_null(drive_element(drive, "held.receipt"));
    assert_null(drive_element(drive, "held.answer.county"));
    pass(drive, "network up");
    person_comes_to(drive, "held.title");
    drive_press(drive, HAND_KEYS, "erase");
    drive_wait(drive, "attract", NULL);
    to_home(drive);
    to_held(drive);
    drive_wait_element(drive, "held.nothing");
    assert_int_equal(drive_end(drive), 0);
}

static json_int_t asked_page;

static json_int_t page_of(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

/* The authority may ask something first; each question is a page. */
static bool is_asked_or_shown(struct drive *drive)
{
    const char *screen = drive_screen(drive);

    return page_of(drive) > asked_page &&
           (strcmp(screen, "choice") == 0 || strcmp(screen, "review") == 0);
}

/* What the office said: the check, the certificate's choices and facts. */
static void test_held_of_the_office(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);
    char code[8], id[64];

    (void)state;
    to_home(drive);
    drive_press(drive, HAND_KEYS, "item.si-insured-proof");
    drive_wait(drive, "guide", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "card", NULL);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "check", NULL);
    drive_press(drive, HAND_KEYS, "code");
    drive_wait(drive, "field", NULL);
    play_read_code(drive, code);
    drive_press(drive, HAND_TOUCH, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_element(drive, "held.title");
    sees_held(drive, "held.check", "核对的凭据，还没有完成");
    drive_see(drive, "held.number");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "field", NULL);
    drive_type(drive, HAND_KEYBOARD, code);
    drive_wait_until(drive, is_asked_or_shown, "what would be certified");
    while (strcmp(drive_screen(drive), "choice") == 0) {
        play_first_option(drive, id);
        asked_page = page_of(drive);
        drive_press(drive, HAND_KEYS, id);
        drive_wait_until(drive, is_asked_or_shown, "what would be certified");
    }
    to_held(drive);
    sees_held(drive, "held.check", "已经核对好的凭据");
    sees_held(drive, "held.assurance", "身份证，再加一次核对");
    drive_see(drive, "held.facts");
    drive_press(drive, HAND_KEYS, "erase");
    drive_wait(drive, "attract", NULL);
    to_home(drive);
    to_held(drive);
    drive_wait_element(drive, "held.nothing");
    assert_int_equal(drive_end(drive), 0);
}

/* Who found a case by its number holds two: the one that was typed, and the
 * case's. */
static void test_held_of_a_case_that_was_found(void **state)
{
    static const struct scene scenes[] = {
        { "home", NULL, DEED_PRESS, "item.case-progress" },
        { "choice", "how", DEED_PRESS, "option.receipt" },
    };
    char receipt[16], code[8];
    struct drive *drive = start(NORMAL, 100, 0);

    (void)state;
    person_awaits_hub(drive);
    play_permit(drive, HAND_KEYS, receipt, code);
    to_home(drive);
    play(drive, HAND_KEYS, scenes, sizeof scenes / sizeof *scenes);
    drive_wait(drive, "field", "receipt");
    drive_type(drive, HAND_KEYS, without_blanks(receipt));
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "receipt");
    drive_press(drive, HAND_TOUCH, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_element(drive, "held.title");
    sees_held(drive, "held.typed", "正在写的内容");
    leave_held(drive, "field");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "field", "lookup");
    drive_type(drive, HAND_KEYS, code);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "case.state");
    help(drive, "held");
    drive_wait_element(drive, "held.title");
    assert_non_null(drive_element(drive, "held.answer.receipt"));
    assert_non_null(drive_element(drive, "held.answer.lookup"));
    /* Each once, and nothing is unfinished that was finished. */
    assert_null(drive_element(drive, "held.receipt"));
    assert_null(drive_element(drive, "held.code"));
    assert_null(drive_element(drive, "held.typed"));
    drive_press(drive, HAND_KEYS, "erase");
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Where one is ---------------------------------------------------------- */

static bool is_english(struct drive *drive)
{
    return strcmp(json_string_value(
                      json_object_get(drive_page(drive), "language")),
                  "en") == 0;
}

static void to_english(struct drive *drive)
{
    drive_press(drive, HAND_TOUCH, "footer.language");
    drive_wait_until(drive, is_english, "English");
    drive_check_painted(drive);
}

static bool is_chinese(struct drive *drive)
{
    return !is_english(drive);
}

static void to_chinese(struct drive *drive)
{
    drive_press(drive, HAND_TOUCH, "footer.language");
    drive_wait_until(drive, is_chinese, "Chinese");
}

/* English takes more turns than Chinese; back and forth one is where one was. */
static void test_language_keeps_the_turn(void **state)
{
    struct drive *drive = start(15, 40, 0);

    (void)state;
    person_apply(drive);
    drive_wait(drive, "result", NULL);
    to_english(drive);
    drive_see(drive, "receipt.meaning");
    assert_null(drive_element(drive, "receipt.number"));
    for (int i = 0; i < 3; i++) {
        to_chinese(drive);
        assert_non_null(drive_element(drive, "receipt.meaning"));
        to_english(drive);
        assert_non_null(drive_element(drive, "receipt.meaning"));
    }
    assert_int_equal(drive_end(drive), 0);
}

/* English at any moment: under the cover, while it counts down, at goodbye; a
 * page that ends by itself begins its time anew, for it is being read. */
static void test_language_on_every_page(void **state)
{
    struct drive *drive = start(15, 40, 0);

    (void)state;
    to_home(drive);
    help(drive, "cover");
    drive_wait(drive, "cover", NULL);
    to_english(drive);
    assert_non_null(drive_element(drive, "cover.title"));
    to_chinese(drive);
    uncover(drive);
    drive_wait(drive, "home", NULL);
    pass(drive, "clock +91s");
    drive_wait(drive, "idle", NULL);
    pass(drive, "clock +20s");
    to_english(drive);
    pass(drive, "clock +20s");
    drive_wait(drive, "idle", NULL);
    drive_press(drive, HAND_KEYS, "idle.warn");
    drive_wait(drive, "home", NULL);
    to_chinese(drive);
    person_report(drive, "110120");
    drive_wait(drive, "result", NULL);
    drive_press(drive, HAND_KEYS, "no-paper");
    drive_wait(drive, "bye", NULL);
    pass(drive, "clock +10s");
    to_english(drive);
    pass(drive, "clock +10s");
    drive_wait(drive, "bye", NULL);
    pass(drive, "clock +6s");
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_end(drive), 0);
}

/* The first digit of two is told to who cannot see it. */
static bool awaits_second(struct drive *drive)
{
    const char *pending =
        json_string_value(json_object_get(drive_page(drive), "pending"));
    return pending && strcmp(pending, "1") == 0;
}

static void test_first_digit_is_reported(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);

    (void)state;
    to_county(drive);
    pass(drive, "clock +1s");
    drive_bytes(drive, "1", 1);
    drive_wait_until(drive, awaits_second, "the first digit");
    drive_bytes(drive, "1", 1);
    drive_wait(drive, "choice", "township");
    assert_null(json_object_get(drive_page(drive), "pending"));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- The bell ---------------------------------------------------------------- */

static int bells_wanted;

static bool has_rung(struct drive *drive)
{
    return drive_bells(drive) == bells_wanted;
}

static void rings(struct drive *drive, const char *what)
{
    bells_wanted++;
    drive_wait_until(drive, has_rung, what);
}

static struct drive *start_with(const char *path, const char *text)
{
    struct drive_options options = { .rows = NORMAL,
                                     .cols = 100,
                                     .settings = path };
    world_write(path, text, 0600);
    bells_wanted = 0;
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

/* Once when the card was read, when something is not right, when the paper is
 * ready; and never else. */
static void test_bell(void **state)
{
    char folder[WORLD_PATH], path[WORLD_PATH];

    (void)state;
    world_folder(folder);
    world_join(path, folder, "settings.yaml");
    struct drive *drive = start_with(path, "sound: true\n");
    person_to_card(drive);
    person_lay(drive, "card unknown");
    rings(drive, "the bell of a card that cannot be used");
    pass(drive, "card lift");
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    rings(drive, "the bell of a card that was read");
    person_to_street(drive);
    person_to_review(drive);
    person_send(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    pass(drive, "clock +5s");
    drive_wait(drive, "paper", NULL);
    rings(drive, "the bell of the paper");
    assert_int_equal(drive_end(drive), 0);

    drive = start_with(path, "sound: false\n");
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    assert_true(has_rung(drive));
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

/* ---- The pipe --------------------------------------------------------------- */

static bool has_no_network(struct drive *drive)
{
    return strstr(drive_text(drive, "header.trouble"), "网络") != NULL;
}

/* Who forgets the newline is understood, and so is who comes after. */
static void test_line_without_newline(void **state)
{
    struct drive *drive = start(NORMAL, 100, 0);
    char path[WORLD_PATH];

    (void)state;
    world_join(path, drive_folder(drive), "sim");
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "network down", 12), 12);
    drive_wait_until(drive, has_no_network, "the line without a newline");
    assert_true(drive_sim(drive, "network up"));
    close(fd);
    assert_int_equal(drive_end(drive), 0);
}

int main(int argc, char **argv)
{
    int code = rude_hub_main(argc, argv);
    if (code >= 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_grow_and_go_back),
        cmocka_unit_test(test_large_print_has_twice_the_time),
        cmocka_unit_test(test_letters_make_room_for_a_qr),
        cmocka_unit_test(test_not_offered_where_it_does_not_work),
        cmocka_unit_test(test_somebody_is_coming),
        cmocka_unit_test(test_the_office_answers_a_call),
        cmocka_unit_test(test_cover),
        cmocka_unit_test(test_cover_asks),
        cmocka_unit_test(test_more_time),
        cmocka_unit_test(test_held_and_erased),
        cmocka_unit_test(test_held_after_sending),
        cmocka_unit_test(test_held_of_the_office),
        cmocka_unit_test(test_held_of_a_case_that_was_found),
        cmocka_unit_test(test_language_keeps_the_turn),
        cmocka_unit_test(test_language_on_every_page),
        cmocka_unit_test(test_first_digit_is_reported),
        cmocka_unit_test(test_bell),
        cmocka_unit_test(test_line_without_newline),
    };
    return cmocka_run_group_tests_name("comfort", tests, NULL, NULL);
}
