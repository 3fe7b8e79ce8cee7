/* "kiosk preview": F3 to every page of every item, with answers that are made up
 * where there are none; and nothing of what was typed is kept. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/previewed.h"
#include "tests/tty/world.h"

#include "kiosk/flow/item.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOTLINE "hotline-12345.yaml"

enum { ENTRIES_LISTED = 1 };

/* What is sent goes on to its result by itself. */
static const char *expected(const struct item *item, size_t at)
{
    bool is_sent = strcmp(item->steps[at].screen, "send") == 0;
    return item->steps[at + is_sent].id;
}

static const char *wanted;

/* While the office is asked, its answer comes next. */
static bool is_at(struct drive *drive)
{
    return strcmp(drive_step(drive), wanted) == 0 && !play_is_at_work(drive);
}

static void jump_and_look(struct drive *drive, const struct item *item,
                          size_t at)
{
    previewed_jump(drive, item->steps[at].id);
    wanted = expected(item, at);
    drive_wait_until(drive, is_at, wanted);
    if (strcmp(drive_screen(drive), "stop") == 0)
        fail_msg("%s: a stop instead of the page", wanted);
    drive_check_painted(drive);
}

/* Whoever asks why is told. */
static void ask_why(struct drive *drive, const struct step *step)
{
    if (!step->why.in[0])
        return;
    drive_press(drive, HAND_TOUCH, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "why.title");
    assert_non_null(drive_element(drive, "why.needed"));
    drive_check_painted(drive);
}

static void jump_to_stops(struct drive *drive, const struct step *step)
{
    char row[128];

    for (size_t i = 0; i < step->stop_count; i++) {
        snprintf(row, sizeof row, "%s/%s", step->id, step->stops[i].id);
        previewed_jump(drive, row);
        drive_wait(drive, "stop", step->id);
        drive_check_painted(drive);
    }
}

/* What is computed has no page, further entries of a group have the same. */
static bool is_listed(const struct step *step)
{
    return !step->value && step->entry <= ENTRIES_LISTED;
}

static void each_page(const struct item *item, int rows, int cols)
{
    char file[128];

    snprintf(file, sizeof file, "%s.yaml", item->id);
    struct drive *drive = previewed_start(file, rows, cols);
    person_awaits_hub(drive);
    for (size_t at = 0; at < item->step_count; at++) {
        if (!is_listed(&item->steps[at]))
            continue;
        jump_and_look(drive, item, at);
        ask_why(drive, &item->steps[at]);
        jump_to_stops(drive, &item->steps[at]);
    }
    /* And back from the last to the first. */
    jump_and_look(drive, item, 0);
    previewed_end(drive);
}

static void test_each_page(void **state)
{
    struct problems problems;
    struct pack *pack = NULL;

    (void)state;
    problems_init(&problems);
    assert_int_equal(pack_load(previewed_path(""), &problems, &pack), ERR_OK);
    problems_done(&problems);
    for (size_t i = 0; i < pack_count(pack); i++)
        each_page(pack_item(pack, i), 32, 100);
    each_page(pack_find(pack, "elder-allowance"), 15, 40);
    pack_free(pack);
}

static void test_answers_stay(void **state)
{
    struct drive *drive = previewed_start(HOTLINE, 32, 100);
    (void)state;

    drive_wait(drive, "guide", "guide");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "kind");
    drive_press(drive, HAND_KEYS, "option.praise");
    drive_wait(drive, "choice", "topic");
    previewed_jump(drive, "review");
    drive_wait(drive, "review", "review");
    drive_wait_painted(drive, "表扬");
    previewed_end(drive);
}

/* What was known before says where it is from: another person's card, too. */
static void test_where_it_is_from(void **state)
{
    struct drive *drive = previewed_start("elder-allowance.yaml", 32, 100);
    (void)state;

    previewed_jump(drive, "address_of_elder");
    drive_wait(drive, "field", "address_of_elder");
    assert_string_equal(drive_text(drive, "from"),
                        "来自老人的身份证，请核对。");
    previewed_jump(drive, "own_address");
    drive_wait(drive, "field", "own_address");
    assert_string_equal(drive_text(drive, "from"), "来自身份证，请核对。");
    previewed_end(drive);
}

/* A press and F3 in one breath: the press is the page's, not the list's. */
static void test_press_before(void **state)
{
    struct drive *drive = previewed_start(HOTLINE, 32, 100);
    (void)state;

    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "kind");
    assert_true(drive_sim(drive, "clock +1s"));
    previewed_press(drive, "6" KEY_F3);
    drive_wait(drive, "choice", "topic");
    assert_true(drive_sim(drive, "clock +1s"));
    previewed_press(drive, KEY_F3 "6");
    drive_wait(drive, "item-pages", NULL);
    previewed_end(drive);
}

/* Over an attract page: whoever ended the session goes on from there. */
static void test_jump_without_session(void **state)
{
    struct drive *drive = previewed_start(HOTLINE, 32, 100);
    (void)state;

    drive_wait(drive, "guide", "guide");
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    previewed_jump(drive, "topic");
    drive_wait(drive, "choice", "topic");
    previewed_end(drive);
}

/* What is typed stands in the terminal's memory only. */
static void test_nothing_is_kept(void **state)
{
    static const char text[] = "暗号桥边四七一一", phone[] = "13800138777";
    char kept[WORLD_PATH], errors[WORLD_PATH], where[WORLD_PATH];
    (void)state;

    world_join(kept, previewed_path(""), "../state");
    world_join(errors, previewed_path(""), "../errors");
    const char *const make[] = { "/bin/mkdir", kept, errors, NULL };
    static struct world_said said;
    world_run(make, &said);
    assert_int_equal(said.code, 0);
    world_join(errors, errors, "err");
    char path[WORLD_PATH];
    world_join(path, previewed_path(""), HOTLINE);
    const struct drive_options options = { .rows = 32,
                                           .cols = 100,
                                           .preview = path,
                                           .folder = kept,
                                           .errors = errors };
    struct drive *drive = drive_start(&options);
    drive_wait(drive, "guide", "guide");
    previewed_jump(drive, "description");
    drive_wait(drive, "field", "description");
    drive_type(drive, HAND_KEYBOARD, text);
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, HAND_KEYS, "option.phone");
    drive_wait(drive, "field", "phone");
    drive_type(drive, HAND_KEYS, phone);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "disclose");
    previewed_change(HOTLINE, "\nversion:", "\nversoin:", WRITTEN);
    previewed_wait_error(drive, "error");
    previewed_jump(drive, "review");
    drive_wait(drive, "review", "review");
    drive_wait_painted(drive, text);
    previewed_end(drive);
    world_join(where, previewed_path(""), "..");
    snprintf(path, sizeof path, "%s", where);
    assert_true(world_holds(path, "STARTED", "nothing", where));
    assert_false(world_holds(path, text, "nothing", where));
    assert_false(world_holds(path, phone, "nothing", where));
}

#define WITH_ITEMS(test)                                                       \
    cmocka_unit_test_setup_teardown(test, previewed_make, previewed_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ITEMS(test_each_page),
        WITH_ITEMS(test_answers_stay),
        WITH_ITEMS(test_where_it_is_from),
        WITH_ITEMS(test_press_before),
        WITH_ITEMS(test_jump_without_session),
        WITH_ITEMS(test_nothing_is_kept),
    };
    return cmocka_run_group_tests_name("preview, its pages", tests, NULL, NULL);
}
