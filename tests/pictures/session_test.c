/* The hall's X session: keys and touches reach the kiosk; xterm's menus,
 * selection, paste and font keys, and the window manager's keys, are out of a
 * citizen's reach; a QR on the glass can be read at every size.
 *
 * The same gestures on an xterm as it comes do open a menu, mark, paste and
 * start a shell: KIOSK_SESSION names another script than kiosk/hall/session. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/pictures/shoot.h"
#include "tests/tty/letters.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SIZE_80 = 1 };

static struct glass *glass;
static char folder[WORLD_PATH];

#define DO(...) glass_do(glass, (const char *[]){ __VA_ARGS__, NULL })

static void open_glass(const struct glass_size *size)
{
    const char *why = glass_hindrance();
    if (why) {
        print_message("skipped: the X session: %s\n", why);
        skip();
    }
    glass = glass_new(size);
}

static int set_up(void **state)
{
    (void)state;
    world_folder(folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    glass_free(glass);
    glass = NULL;
    world_remove(folder);
    return 0;
}

/* ---- What is out of reach ----------------------------------------------- */

/* The minute's clock may change the picture as well: then it is done again.
 * Every gesture ends with nothing held down. */
static void changes_nothing(struct drive *drive, const char *name,
                            void (*gesture)(void))
{
    for (;;) {
        char clock[16];
        snprintf(clock, sizeof clock, "%s", drive_text(drive, "header.clock"));
        uint64_t before = glass_still(glass);
        int windows = glass_windows(glass);
        gesture();
        bool is_same = glass_still(glass) == before;
        bool is_alone = glass_windows(glass) == windows;
        DO("keyup", "ctrl", "keyup", "shift", "keyup", "alt", "mouseup", "1",
           "mouseup", "2", "mouseup", "3");
        assert_true(drive_sim(drive, "clock +0s"));
        if (strcmp(clock, drive_text(drive, "header.clock")) != 0)
            continue;
        if (!is_alone)
            fail_msg("%s: there is another window", name);
        if (!is_same)
            fail_msg("%s: the picture is another", name);
        return;
    }
}

/* A place of the home page where nothing can be pressed. */
#define NOWHERE "mousemove", "900", "900"

static void menu_1(void)
{
    DO(NOWHERE, "keydown", "ctrl", "mousedown", "1");
}

static void menu_2(void)
{
    DO(NOWHERE, "keydown", "ctrl", "mousedown", "2");
}

static void menu_3(void)
{
    DO(NOWHERE, "keydown", "ctrl", "mousedown", "3");
}

/* Shift takes the mouse from the program in an xterm as it comes. */
static void mark(void)
{
    DO("mousemove", "100", "100", "keydown", "shift", "mousedown", "1",
       "mousemove", "900", "500", "mouseup", "1");
}

static void mark_words(void)
{
    DO("mousemove", "100", "200", "keydown", "shift", "click", "--repeat", "3",
       "--delay", "10", "1", "click", "3");
}

static void font_keys(void)
{
    DO("key", "shift+KP_Add", "shift+KP_Add", "shift+KP_Subtract",
       "shift+KP_Add", "ctrl+plus");
}

static void scroll(void)
{
    DO(NOWHERE, "key", "shift+Prior", "shift+Next", "click", "4", "click", "5");
}

static void window_keys(void)
{
    DO("key", "alt+Return", "alt+F4", "alt+c", "alt+n", "alt+d", "alt+space",
       "alt+Tab", "F11", "ctrl+alt+x", "ctrl+alt+BackSpace", "Print");
}

static const struct {
    const char *name;
    void (*gesture)(void);
} gestures[] = {
    { "Ctrl and button 1", menu_1 },
    { "Ctrl and button 2", menu_2 },
    { "Ctrl and button 3", menu_3 },
    { "Shift and drag", mark },
    { "Shift and three clicks", mark_words },
    { "the font keys", font_keys },
    { "the scroll keys", scroll },
    { "the window manager's keys", window_keys },
};

/* Nobody owns a selection here, so an xterm pastes the cut buffer. */
static void fill_cut_buffer(void)
{
    static struct world_said said;
    const char *argv[] = { "/usr/bin/xprop", "-root",  "-f",
                           "CUT_BUFFER0",    "8s",     "-set",
                           "CUT_BUFFER0",    "411303", NULL };
    world_run(argv, &said);
    assert_int_equal(said.code, 0);
}

static bool has_one_digit(struct drive *drive)
{
    return strcmp(drive_value(drive, "number"), "1") == 0;
}

/* The digit comes after whatever was pasted, and stands alone. */
static void test_nothing_of_xterm(void **state)
{
    (void)state;
    open_glass(&glass_sizes[SIZE_80]);
    struct drive *drive = glass_start(glass, NULL, NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    for (size_t i = 0; i < sizeof gestures / sizeof *gestures; i++)
        changes_nothing(drive, gestures[i].name, gestures[i].gesture);

    person_to_card(drive);
    drive_press(drive, HAND_KEYS, "without");
    drive_wait(drive, "ways", NULL);
    drive_press(drive, HAND_KEYS, "type");
    drive_wait_element(drive, "number");
    assert_true(drive_sim(drive, "clock +1s"));
    fill_cut_buffer();
    DO("key", "shift+Insert");
    DO(NOWHERE, "click", "2");
    DO("key", "1");
    drive_wait_until(drive, has_one_digit, "the digit, alone");
    assert_int_equal(drive_end(drive), 0);
}

static void test_keys_and_touch(void **state)
{
    (void)state;
    open_glass(&glass_sizes[SIZE_80]);
    struct drive *drive = glass_start(glass, NULL, NULL);
    drive_press(drive, HAND_TOUCH, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_TOUCH, "item.hotline-12345");
    drive_wait(drive, "guide", NULL);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait(drive, "guide", NULL);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- The QR -------------------------------------------------------------- */

static void test_qr(void **state)
{
    const struct glass_size *size = *state;
    char path[WORLD_PATH];
    uint64_t last = 0;

    open_glass(size);
    struct drive *drive = glass_start(glass, NULL, NULL);
    person_to_description(drive);
    drive_type(drive, HAND_KEYS, "110120");
    drive_wait(drive, "choice", "contact_by");
    last = glass_still(glass);
    drive_press(drive, HAND_KEYS, "option.anonymous");
    drive_wait(drive, "review", "review");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "result", "result");
    drive_see(drive, "qr");
    world_join(path, folder, "qr.png");
    shoot_page(glass, drive, &last, path);
    assert_int_equal(drive_end(drive), 0);
}

/* Large print in a hall's xterm: proved there at the start, live, and gone with
 * the session. */
static void test_large_print(void **state)
{
    enum { NORMAL = 32, LARGE = 22 };

    (void)state;
    open_glass(&glass_sizes[0]);
    glass_allow_large(glass);
    struct drive *drive = glass_start(glass, NULL, NULL);
    letters_wait(drive, NORMAL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    uint64_t before = glass_still(glass);
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "large");
    letters_wait_rows(drive, LARGE);
    drive_wait(drive, "home", NULL);
    (void)glass_changed(glass, before);
    drive_press(drive, HAND_KEYS, "item.hotline-12345");
    drive_wait(drive, "guide", NULL);
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
    letters_wait_rows(drive, NORMAL);
    assert_int_equal(drive_end(drive), 0);
}

static void test_codes_were_read(void **state)
{
    (void)state;
    if (glass_hindrance())
        skip();
    assert_int_equal(shoot_codes(), 2); /* none at 40x15 */
}

int main(void)
{
#define TEST(name, size)                                                       \
    cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down,          \
                                             (void *)(uintptr_t)(size))
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_of_xterm, NULL),      TEST(test_keys_and_touch, NULL),
        TEST(test_large_print, NULL),           TEST(test_qr, &glass_sizes[0]),
        TEST(test_qr, &glass_sizes[1]),         TEST(test_qr, &glass_sizes[2]),
        cmocka_unit_test(test_codes_were_read),
    };
    /* A session that was closed says so by the test, not by a signal. */
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
