/* What other offices have on record, through the whole program by ten keys: it is
 * fetched and taken over, said otherwise, cannot be had, is not there, is another
 * person's, is not asked for; to the hub, which compares it with its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/hub/records.h"
#include "tests/tty/person.h"
#include "tests/tty/rude_hub.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

#define ADDRESS "某县某村八号"

static char folder[WORLD_PATH], settings[WORLD_PATH], state_folder[WORLD_PATH];

static int make_item(void **state)
{
    char real[WORLD_PATH], share[WORLD_PATH], path[WORLD_PATH];
    char text[2 * WORLD_PATH];
    static struct world_said said;

    (void)state;
    world_folder(folder);
    world_join(share, folder, "share");
    world_join(settings, folder, "settings.yaml");
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    world_join(path, share, "items");
    const char *const add[] = { "/bin/cp", "tests/tty/shared.yaml", path,
                                NULL };
    world_run(add, &said);
    snprintf(text, sizeof text, "share_folder: %s\n", share);
    world_write(settings, text, 0600);
    return said.code;
}

static int remove_item(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

/* ---- Who comes ------------------------------------------------------------ */

struct way {
    bool is_english;
    int rows, cols;
};

static const struct way ways[] = {
    { false, 15, 40 }, { true, 15, 40 }, { false, 32, 100 }, { true, 32, 100 }
};

static const char *words(const struct way *way, const char *zh, const char *en)
{
    return way->is_english ? en : zh;
}

static void number_of(unsigned sequence, char number[24])
{
    snprintf(number, 24, "41130319900307%03u0", sequence);
    number[17] = id_number_check_character(number);
}

/* The hub of this state folder makes its records up by a key there: the first
 * person who has a vehicle, or has none. */
static void find_person(bool has_vehicle, char number[24])
{
    const struct shared_kind *vehicle = shared_kind_find("vehicle");
    struct people *people = NULL;
    struct record_made made;
    bool is_found = false;
    char hub[WORLD_PATH];

    world_join(hub, state_folder, "hub");
    assert_int_equal(file_make_folder(hub, 0700), ERR_OK);
    assert_int_equal(people_open(hub, true, &people), ERR_OK);
    for (unsigned i = 1; i < 900 && !is_found; i++) {
        number_of(i, number);
        enum err err = records_make(people, number, vehicle, &made);
        is_found = (err == ERR_OK) == has_vehicle;
    }
    people_close(people);
    assert_true(is_found);
}

static void to_card(struct drive *drive, const struct way *way)
{
    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (way->is_english) {
        drive_press(drive, HAND_KEYS, "footer.help");
        drive_wait(drive, "help", NULL);
        drive_press(drive, HAND_KEYS, "language");
        drive_wait(drive, "home", NULL);
    }
    drive_press(drive, HAND_KEYS, "item.shared");
    drive_wait(drive, "card", "card");
}

static struct drive *begin(const struct way *way)
{
    const struct drive_options options = { .rows = way->rows,
                                           .cols = way->cols,
                                           .folder = state_folder,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    to_card(drive, way);
    return drive;
}

static void lay(struct drive *drive, const char *number)
{
    char line[256];

    snprintf(line, sizeof line,
             "card resident name=" PERSON_NAME " number=%s address=" ADDRESS
             " valid_to=long-term",
             number);
    person_lay(drive, line);
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "records", "records");
}

static void lay_and_wait(struct drive *drive, const char *number)
{
    lay(drive, number);
    drive_wait_gone(drive, "records.wait");
}

static size_t asked_at;

/* It waited for the office, and does no more. */
static bool was_answered(struct drive *drive)
{
    return drive_said(drive, asked_at, "records.wait") &&
           !drive_element(drive, "records.wait");
}

static void ask_again(struct drive *drive)
{
    asked_at = drive_mark(drive);
    drive_press(drive, HAND_KEYS, "again");
    drive_wait_until(drive, was_answered, "the office's answer");
}

static void new_state(void)
{
    static int count;
    char name[32];

    snprintf(name, sizeof name, "state%d", ++count);
    world_join(state_folder, folder, name);
    assert_int_equal(file_make_folder(state_folder, 0700), ERR_OK);
}

/* ---- Pages ---------------------------------------------------------------- */

static void keys(struct drive *drive, const char *typed)
{
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, typed, strlen(typed));
}

static void says(struct drive *drive, const char *element, const char *text)
{
    drive_wait_element(drive, element);
    if (!strstr(drive_text(drive, element), text))
        fail_msg("%s: %s", element, drive_text(drive, element));
}

static void reads(struct drive *drive, const char *element, const char *text)
{
    drive_see(drive, element);
    if (!strstr(drive_value(drive, element), text))
        fail_msg("%s: %s", element, drive_value(drive, element));
}

static void go_on(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
}

static void is_of_register(struct drive *drive, const struct way *way)
{
    says(drive, "from", words(way, "来自户籍登记", "From: Household register"));
}

/* The rule names two answers of the records, which are told as one cause. */
static void is_told_once(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait(drive, "help", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "why", NULL);
    drive_see(drive, "cause.shared_vehicle");
    assert_null(drive_element(drive, "cause.shared_vehicle_plate"));
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "field", "plate");
}

/* What the person must say who is on no record. */
static void answer_all(struct drive *drive, const struct way *way)
{
    drive_wait(drive, "field", "home");
    says(drive, "from", words(way, "来自身份证", "From your ID card"));
    keys(drive, "\r");
    drive_wait(drive, "choice", "county");
    drive_press(drive, HAND_KEYS, "option.other");
    drive_wait(drive, "field", "phone");
    assert_null(drive_element(drive, "from"));
    keys(drive, PERSON_PHONE "#");
    drive_wait_element(drive, "confirm.value");
    go_on(drive);
    drive_wait(drive, "choice", "paper");
    drive_press(drive, HAND_KEYS, "option.yes");
}

static void send(struct drive *drive, const char *line)
{
    drive_wait(drive, "review", "review");
    assert_null(drive_element(drive, "change.records"));
    go_on(drive);
    person_sees(drive, "state.delivered");
    drive_see(drive, line);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- All of it came ------------------------------------------------------- */

static void is_held(struct drive *drive, const struct way *way)
{
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait(drive, "help", NULL);
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_element(drive, "held.title");
    reads(drive, "held.record.household",
          words(way, "户籍地址", "Registered address"));
    reads(drive, "held.answer.home",
          words(way, "取自部门登记", "taken over from a record"));
    for (int i = 0; i < 8 && strcmp(drive_screen(drive), "review") != 0; i++) {
        drive_press(drive, HAND_KEYS, "footer.back");
        drive_swallowed(drive);
        assert_true(drive_sim(drive, "clock +1s"));
    }
}

static void came(const struct way *way)
{
    char number[24];

    new_state();
    find_person(true, number);
    struct drive *drive = begin(way);
    lay_and_wait(drive, number);
    reads(drive, "record.household", words(way, "公安部门", "Public security"));
    reads(drive, "record.vehicle", words(way, "车牌", "Licence plate"));
    drive_check_painted(drive);
    /* Not from under what is laid over it. */
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait(drive, "help", NULL);
    assert_true(drive_sim(drive, "clock +20s"));
    drive_wait(drive, "help", NULL);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "records", "records");
    assert_true(drive_sim(drive, "clock +20s"));
    drive_wait(drive, "field", "home");
    is_of_register(drive, way);
    assert_non_null(strstr(drive_value(drive, "home"), "演示大道"));
    /* Back asks nobody again, and waits for who reads. */
    drive_press(drive, HAND_TOUCH, "footer.back");
    drive_wait(drive, "records", "records");
    assert_true(drive_sim(drive, "clock +20s"));
    drive_wait(drive, "records", "records");
    go_on(drive);
    drive_wait(drive, "field", "home");
    keys(drive, "\r");
    /* The county otherwise than it is on record. */
    drive_wait(drive, "choice", "county");
    is_of_register(drive, way);
    drive_press(drive, HAND_KEYS, "option.other");
    drive_wait(drive, "field", "phone");
    says(drive, "from", words(way, "来自人口登记", "From: Population"));
    go_on(drive);
    /* And what is on record can be confirmed only. */
    drive_wait(drive, "field", "plate");
    says(drive, "from", words(way, "来自机动车登记", "From: Vehicle"));
    says(drive, "fixed", words(way, "找工作人员", "call the staff"));
    is_told_once(drive);
    go_on(drive);
    drive_wait(drive, "review", "review");
    is_held(drive, way);
    send(drive, "line.known");
}

/* ---- Less ----------------------------------------------------------------- */

static void part(const struct way *way)
{
    char number[24];

    new_state();
    find_person(false, number);
    struct drive *drive = begin(way);
    lay_and_wait(drive, number);
    drive_see(drive, "records.part");
    says(drive, "records.part", words(way, "机动车登记", "Vehicle register"));
    assert_null(drive_element(drive, "record.vehicle"));
    /* It waits: somebody must read that. */
    assert_true(drive_sim(drive, "clock +20s"));
    drive_wait(drive, "records", "records");
    go_on(drive);
    /* Their own word. */
    drive_wait(drive, "field", "home");
    is_of_register(drive, way);
    keys(drive, "8\r");
    drive_wait(drive, "choice", "county");
    go_on(drive);
    drive_wait(drive, "field", "phone");
    go_on(drive);
    send(drive, "line.known");
}

static void nothing(const struct way *way, unsigned sequence,
                    const char *element, const char *zh, const char *en)
{
    char number[24];

    new_state();
    struct drive *drive = begin(way);
    number_of(sequence, number);
    lay_and_wait(drive, number);
    says(drive, element, words(way, zh, en));
    drive_check_painted(drive);
    if (strcmp(element, "records.away") == 0) {
        ask_again(drive);
        says(drive, element, words(way, zh, en));
    }
    go_on(drive);
    answer_all(drive, way);
    send(drive, "line.unknown");
}

/* The line is cut in the middle, and mended: it is fetched after all. */
static void offline(const struct way *way)
{
    char number[24];

    new_state();
    struct drive *drive = begin(way);
    number_of(123, number);
    assert_true(drive_sim(drive, "network down"));
    lay_and_wait(drive, number);
    drive_wait_element(drive, "records.away");
    assert_true(drive_sim(drive, "network up"));
    ask_again(drive);
    drive_wait_element(drive, "record.household");
    assert_int_equal(drive_end(drive), 0);
}

/* Whoever only knows a number learns nothing of whose it is. */
static void typed(const struct way *way)
{
    char number[24];

    new_state();
    struct drive *drive = begin(way);
    number_of(123, number);
    drive_press(drive, HAND_KEYS, "without");
    drive_wait(drive, "ways", "card");
    drive_press(drive, HAND_KEYS, "type");
    drive_wait(drive, "field", "card");
    drive_type(drive, HAND_KEYS, number);
    drive_wait_element(drive, "confirm.value");
    go_on(drive);
    drive_wait(drive, "records", "records");
    says(drive, "records.none",
         words(way, "没有刷身份证", "Without your card"));
    go_on(drive);
    drive_wait(drive, "field", "home");
    assert_null(drive_element(drive, "from"));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- An office that misbehaves --------------------------------------------- */

static const char *const manners[] = { "garbage", "html",       "json-403",
                                       "no",      "empty-json", "half",
                                       "big",     "500",        "nothing" };

/* Nobody waits for it longer than they like, nor for ever; nothing that it says
 * is taken for a record. */
static void test_rude(void **state)
{
    char rude[WORLD_PATH], program[WORLD_PATH], number[24];

    (void)state;
    world_folder(rude);
    rude_hub_install(rude);
    world_join(program, rude, "kiosk");
    const struct drive_options options = {
        .rows = 32, .cols = 100, .program = program, .settings = settings
    };
    struct drive *drive = drive_start(&options);
    rude_hub_be(rude, drive, "relay");
    to_card(drive, &ways[2]);
    rude_hub_be(rude, drive, "silent");
    number_of(123, number);
    lay(drive, number);
    drive_wait_element(drive, "records.wait");
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "skip");
    drive_wait(drive, "field", "home");
    says(drive, "from", "来自身份证");
    drive_press(drive, HAND_TOUCH, "footer.back");
    drive_wait_element(drive, "records.away");
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
        rude_hub_be(rude, drive, manners[i]);
        ask_again(drive);
        drive_wait_element(drive, "records.away");
    }
    rude_hub_be(rude, drive, "silent");
    drive_press(drive, HAND_KEYS, "again");
    drive_wait_element(drive, "records.wait");
    assert_true(drive_sim(drive, "clock +21s"));
    drive_wait_element(drive, "records.away");
    rude_hub_be(rude, drive, "relay");
    ask_again(drive);
    drive_wait_element(drive, "record.household");
    assert_int_equal(drive_end(drive), 0);
    world_remove(rude);
}

/* ---- In both languages and sizes ------------------------------------------ */

#define EACH(name, ...)                                                        \
    static void test_##name(void **state)                                      \
    {                                                                          \
        (void)state;                                                           \
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {              \
            const struct way *way = &ways[i];                                  \
            __VA_ARGS__;                                                       \
        }                                                                      \
    }
EACH(came, came(way))
EACH(part, part(way))
EACH(unknown,
     nothing(way, 0, "records.none", "没有您的登记", "no record of you"))
EACH(away, nothing(way, 998, "records.away", "请您自己填", "yourself"))
EACH(another, nothing(way, 999, "records.none", "对不上", "another person"))
EACH(typed, typed(way))

static void test_offline(void **state)
{
    (void)state;
    offline(&ways[0]);
}

int main(int argc, char **argv)
{
    int code = rude_hub_main(argc, argv);
    if (code >= 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_came),    cmocka_unit_test(test_part),
        cmocka_unit_test(test_unknown), cmocka_unit_test(test_away),
        cmocka_unit_test(test_another), cmocka_unit_test(test_offline),
        cmocka_unit_test(test_typed),   cmocka_unit_test(test_rude),
    };

    return cmocka_run_group_tests_name("shared", tests, make_item, remove_item);
}
