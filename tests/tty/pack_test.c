/* `kiosk pack` and `kiosk activate` beside a terminal that runs: another item
 * title on the home page without a restart, after a restart without any YAML,
 * and each refusal in its own words. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/tty/drive.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 128 * 1024 };

static char folder[WORLD_PATH], items[WORLD_PATH], state[WORLD_PATH];
static char settings[WORLD_PATH], kiosk[WORLD_PATH], file[WORLD_PATH];
static char share[WORLD_PATH];
static struct world_said said;

static void write_settings(const char *more)
{
    char text[4 * WORLD_PATH];

    snprintf(text, sizeof text, "state_folder: %s\n%s", state, more);
    world_write(settings, text, 0600);
}

static int begin(void **unused)
{
    (void)unused;
    world_folder(folder);
    world_state(folder);
    world_program(kiosk, "kiosk");
    world_join(state, folder, "state");
    world_join(items, folder, "items");
    world_join(share, folder, "share");
    world_join(file, folder, "new.pack");
    world_join(settings, folder, "settings.yaml");
    const char *const copy[] = { "/bin/cp", "-r", "screens/items", items,
                                 NULL };
    world_run(copy, &said);
    assert_int_equal(said.code, 0);
    write_settings("");
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    world_remove(folder);
    return 0;
}

/* The hotline's title becomes another one. */
static void rename_item(const char *from, const char *to)
{
    static char changed[TEXT_BYTES];
    char path[WORLD_PATH];

    world_join(path, items, "hotline-12345.yaml");
    char *text = world_read(path, &(size_t){ 0 });
    assert_non_null(text);
    const char *at = strstr(text, from);
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to,
             at + strlen(from));
    mem_free(text);
    world_write(path, changed, 0600);
}

static void run(const char *const *words)
{
    const char *argv[10] = { kiosk };

    for (size_t i = 0; i < 8 && words[i]; i++)
        argv[i + 1] = words[i];
    world_run(argv, &said);
}

static void compile(const char *version)
{
    run((const char *[]){ "pack", items, file, "--version", version, NULL });
    if (said.code)
        fail_msg("kiosk pack: %.400s", said.err);
}

static int activate(void)
{
    run((const char *[]){ "activate", file, "--settings", settings, NULL });
    return said.code;
}

static void to_home(struct drive *drive)
{
    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
}

static struct drive *start(void)
{
    const struct drive_options options = {
        .rows = 32, .cols = 100, .folder = state, .settings = settings
    };
    return drive_start(&options);
}

static void check_title(struct drive *drive, const char *title)
{
    assert_string_equal(drive_text(drive, "item.hotline-12345"), title);
}

static void test_another_title(void **unused)
{
    (void)unused;
    struct drive *drive = start();
    to_home(drive);
    rename_item("{zh_CN: 反映问题", "{zh_CN: 有事请讲");
    compile("1");
    assert_non_null(strstr(said.out, "pack 1, 4 items, "));
    assert_int_equal(activate(), 0);
    assert_non_null(strstr(said.err, "when nobody is at the terminal"));
    assert_true(drive_sim(drive, "clock +61s"));
    check_title(drive, "反映问题 12345"); /* somebody is here */
    drive_press(drive, HAND_TOUCH, "footer.end");
    to_home(drive);
    check_title(drive, "有事请讲 12345");
    assert_int_equal(drive_end(drive), 0);

    /* Without any YAML to fall back on. */
    world_remove(items);
    char real[WORLD_PATH], more[2 * WORLD_PATH], path[WORLD_PATH];
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    world_join(path, share, "items");
    world_remove(path);
    snprintf(more, sizeof more, "share_folder: %s\n", share);
    write_settings(more);
    drive = start();
    to_home(drive);
    check_title(drive, "有事请讲 12345");
    assert_int_equal(drive_end(drive), 0);
}

static void test_refused(void **unused)
{
    (void)unused;
    compile("3");
    assert_int_equal(activate(), 0);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "this pack is not activated, the old one "
                                     "stays. Its version is not above"));
    assert_non_null(strstr(said.err, "Its version is 3, the last one's 3. To "
                                     "go back, compile the old items as "
                                     "version 4."));
    run((const char *[]){ "pack", items, file, "--version", "4", "--division",
                          "411381", NULL });
    assert_int_equal(said.code, 0);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "compiled with --division 411381"));
    world_write(file, "no pack", 0600);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "It is no pack."));
    world_remove(file);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "Its file is not there."));
    world_remove(state);
    assert_int_equal(activate(), 1);
    assert_non_null(strstr(said.err, "there is no such state folder"));
}

/* What does not pass the check is not compiled. */
static void test_unchecked(void **unused)
{
    char path[WORLD_PATH];

    (void)unused;
    rename_item("screen: guide", "screen: guides");
    run((const char *[]){ "pack", items, file, "--version", "1", NULL });
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "did you mean \"guide\""));
    assert_null(world_read(file, &(size_t){ 0 }));
    rename_item("screen: guides", "screen: guide");
    world_join(path, items, "overlays");
    const char *const make[] = { "/bin/mkdir", "-p", path, NULL };
    world_run(make, &said);
    run((const char *[]){ "pack", items, file, "--version", "1", NULL });
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "--division CODE says whose"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_another_title),
        TEST(test_refused),
        TEST(test_unchecked),
    };

    return cmocka_run_group_tests_name("packs", tests, NULL, NULL);
}
