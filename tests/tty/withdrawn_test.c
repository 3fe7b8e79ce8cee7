/* An item that is withdrawn while somebody is in it, by the terminal's next pack
 * and by the hub: who is in it comes to its end, nobody after them is offered it,
 * and what was sent is found, told in words and cancelled as before. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/heard.h"
#include "tests/tty/own_walk.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

static char folder[WORLD_PATH], kiosk[WORLD_PATH], items[WORLD_PATH];
static char all[WORLD_PATH], fewer[WORLD_PATH], share[WORLD_PATH];
static struct world_said said;
static struct pack *pack;

static void run(const char *const *argv)
{
    world_run(argv, &said);
    if (said.code)
        fail_msg("%s %s: %.400s", argv[0], argv[1], said.err);
}

static void leave_out(const char *items_folder, const char *file)
{
    char path[WORLD_PATH];

    world_join(path, items_folder, file);
    world_remove(path);
}

static void compile(const char *file, const char *version)
{
    run((const char *[]){ kiosk, "pack", items, file, "--version", version,
                          NULL });
}

/* Of both items the terminal's first pack has the one that is withdrawn in the
 * middle; the hub never had the other one, as one that withdrew it first. */
static int make_world(void **state)
{
    char real[WORLD_PATH], path[WORLD_PATH];
    struct problems problems;

    (void)state;
    world_folder(folder);
    world_program(kiosk, "kiosk");
    world_program(real, "share");
    world_join(share, folder, "share");
    world_join(items, folder, "items");
    world_join(all, folder, "all.pack");
    world_join(fewer, folder, "fewer.pack");
    run((const char *[]){ "/bin/cp", "-r", real, share, NULL });
    run((const char *[]){ "/bin/cp", "-r", "screens/items", items, NULL });
    leave_out(items, "overlays");
    compile(all, "1");
    problems_init(&problems);
    assert_int_equal(pack_load(items, &problems, &pack), ERR_OK);
    problems_done(&problems);
    leave_out(items, "residence-permit.yaml");
    leave_out(items, "marriage-appoint.yaml");
    compile(fewer, "2");
    world_join(path, share, "items");
    leave_out(path, "residence-permit.yaml");
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    pack_free(pack);
    world_remove(folder);
    return 0;
}

/* ---- One machine ------------------------------------------------------------- */

struct machine {
    bool is_english;
    int rows, cols;
    char state[WORLD_PATH], settings[WORLD_PATH];
    struct drive *drive;
};

static void activate(const struct machine *machine, const char *file)
{
    run((const char *[]){ kiosk, "activate", file, "--settings",
                          machine->settings, NULL });
}

static void start(struct machine *machine, const char *name)
{
    char text[4 * WORLD_PATH];

    world_join(machine->state, folder, name);
    snprintf(machine->settings, sizeof machine->settings, "%.400s.yaml",
             machine->state);
    run((const char *[]){ "/bin/mkdir", "-m", "0700", machine->state, NULL });
    snprintf(text, sizeof text, "state_folder: %s\nshare_folder: %s\n",
             machine->state, share);
    world_write(machine->settings, text, 0600);
    activate(machine, all);
    machine->drive =
        drive_start(&(struct drive_options){ .rows = machine->rows,
                                             .cols = machine->cols,
                                             .folder = machine->state,
                                             .settings = machine->settings });
    person_awaits_hub(machine->drive);
    (void)own_walk_noon(machine->drive);
}

static const char *words(const struct machine *machine, const char *zh,
                         const char *en)
{
    return machine->is_english ? en : zh;
}

static void find(const struct machine *machine, const char *item,
                 const char *name, struct own_test *test)
{
    if (!own_tests_find(pack_find(pack, item), name,
                        own_walk_now_ms(machine->drive), test))
        fail_msg("%s: no \"%s\"", item, name);
}

static void reads(const struct machine *machine, const char *id,
                  const char *text)
{
    drive_see(machine->drive, id);
    if (!strstr(drive_text(machine->drive, id), text) &&
        !strstr(drive_value(machine->drive, id), text))
        fail_msg("%s: %s %s", id, drive_text(machine->drive, id),
                 drive_value(machine->drive, id));
}

static void end_session(const struct machine *machine)
{
    drive_press(machine->drive, HAND_TOUCH, "footer.end");
    drive_wait(machine->drive, "attract", NULL);
}

/* ---- Sent -------------------------------------------------------------------- */

/* The hub takes it all the same, and has the office look at it. */
static void send_permit(const struct machine *machine,
                        struct own_walk_case *last)
{
    char program[WORLD_PATH], hub[WORLD_PATH];
    struct own_test test;

    find(machine, "residence-permit", "who works, with a lease, types little",
         &test);
    own_walk(&(struct own_walk){ .drive = machine->drive,
                                 .test = &test,
                                 .is_english = machine->is_english,
                                 .prints = true,
                                 .last = last });
    own_test_done(&test);
    assert_true(*last->receipt);
    world_program(program, "kiosk-hub");
    world_join(hub, machine->state, "hub");
    run((const char *[]){ program, "look", "--state", hub, NULL });
    assert_non_null(strstr(said.out, "its item is in no pack of this hub"));
}

static void send_booking(const struct machine *machine,
                         struct own_walk_case *last)
{
    struct own_test test;
    struct own_walk walk = { .drive = machine->drive,
                             .test = &test,
                             .is_english = machine->is_english,
                             .prints = true,
                             .last = last };

    find(machine, "marriage-appoint",
         "a couple with both cards, and the first time of all", &test);
    own_walk_to(&walk, "review");
    activate(machine, fewer);
    assert_true(drive_sim(machine->drive, "clock +61s"));
    assert_string_equal(drive_step(machine->drive), "review");
    own_walk_on("result");
    drive_wait_element(machine->drive, "state.delivered");
    own_walk_on(NULL);
    own_test_done(&test);
    assert_true(*last->receipt);
}

/* ---- Afterwards ---------------------------------------------------------------- */

static void is_offered_no_more(const struct machine *machine)
{
    drive_press(machine->drive, HAND_KEYS, "attract.begin");
    drive_wait(machine->drive, "home", NULL);
    drive_press(machine->drive, HAND_KEYS, "theme.family");
    drive_wait(machine->drive, "theme", NULL);
    assert_true(
        drive_turns_to(machine->drive, HAND_KEYS, "item.birth-registration"));
    assert_false(
        drive_turns_to(machine->drive, HAND_KEYS, "item.marriage-appoint"));
    end_session(machine);
}

static void to_case(const struct machine *machine, const char *test_name,
                    struct own_walk_case *last, struct own_test *test,
                    struct own_walk *walk)
{
    find(machine, "case-progress", test_name, test);
    *walk = (struct own_walk){ .drive = machine->drive,
                               .test = test,
                               .is_english = machine->is_english,
                               .last = last };
    own_walk_to(walk, "cases");
}

/* By the card: one row, then the page; and the booking is given up. */
static void find_booking(const struct machine *machine,
                         struct own_walk_case *last)
{
    const char *title = words(machine, "婚姻登记预约", "Marriage registry");
    size_t mark = drive_mark(machine->drive);
    struct own_test test;
    struct own_walk walk;

    to_case(machine, "by the card", last, &test, &walk);
    drive_wait_gone(machine->drive, "cases.wait");
    reads(machine, "case.0", title);
    drive_check_painted(machine->drive);
    drive_press(machine->drive, HAND_KEYS, "case.0");
    drive_wait_element(machine->drive, "case.state");
    reads(machine, "case.title", title);
    drive_check_painted(machine->drive);
    reads(machine, "case.gone",
          words(machine, "本机现在不办这件事了",
                "no longer done on this machine"));
    reads(machine, "case.booking", words(machine, "，卧龙区", ", Wolong"));
    reads(machine, "case.unit", words(machine, "婚姻登记处", "registry"));
    reads(machine, "receipt.number", " ");
    drive_press(machine->drive, HAND_KEYS, "cancel");
    drive_wait(machine->drive, "cancel", NULL);
    reads(machine, "case.booking", words(machine, "，卧龙区", ", Wolong"));
    drive_press(machine->drive, HAND_KEYS, "cancel-now");
    drive_wait_element(machine->drive, "cancel.done");
    drive_check_painted(machine->drive);
    assert_false(drive_said(machine->drive, mark, "marriage-appoint"));
    assert_false(drive_said(machine->drive, mark, "411303\""));
    end_session(machine);
    own_test_done(&test);
}

/* By the receipt's numbers. */
static void find_permit(const struct machine *machine,
                        struct own_walk_case *last)
{
    size_t mark = drive_mark(machine->drive);
    struct own_test test;
    struct own_walk walk;

    to_case(machine, "by the receipt", last, &test, &walk);
    drive_wait_element(machine->drive, "case.state");
    reads(machine, "case.title",
          words(machine, "居住证申领", "Residence permit"));
    reads(machine, "case.gone",
          words(machine, "本机现在不办这件事了",
                "no longer done on this machine"));
    assert_null(drive_element(machine->drive, "reprint"));
    drive_check_painted(machine->drive);
    assert_false(drive_said(machine->drive, mark, "residence-permit"));
    end_session(machine);
    own_test_done(&test);
}

static void withdraw(struct machine *machine, const char *name)
{
    struct own_walk_case permit = { .card = "" }, booking = { .card = "" };

    start(machine, name);
    send_permit(machine, &permit);
    send_booking(machine, &booking);
    is_offered_no_more(machine);
    find_booking(machine, &booking);
    find_permit(machine, &permit);
    heard_check(machine->drive, 0);
    assert_int_equal(drive_end(machine->drive), 0);
}

static void test_small_window(void **state)
{
    (void)state;
    withdraw(&(struct machine){ .rows = 15, .cols = 40 }, "small");
}

static void test_large_window(void **state)
{
    (void)state;
    withdraw(&(struct machine){ .is_english = true, .rows = 32, .cols = 100 },
             "large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_window),
        cmocka_unit_test(test_large_window),
    };

    return cmocka_run_group_tests_name("withdrawn", tests, make_world,
                                       remove_world);
}
