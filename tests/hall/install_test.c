/* What "make install" puts where (install.list), that systemd takes the units
 * and finds the kiosk's own tight enough, that the installed programs run, and
 * that a hall's own files outlive an upgrade and the removal. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/tty/hall_run.h"
#include "tests/tty/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCRIPT_BYTES = 4096, EXPOSURE_MOST = 20 /* tenths */ };

static char root[WORLD_PATH];
static struct world_said said;

/* ROOT and BUILD stand for the folders in the script. */
static int shell(const char *script)
{
    char whole[SCRIPT_BYTES];
    const char *build = getenv("KIOSK_BUILD");
    const char *argv[] = { "/bin/sh", "-c", whole, NULL };

    int len = snprintf(whole, sizeof whole,
                       "unset MAKEFLAGS MAKELEVEL MFLAGS; ROOT='%s'; "
                       "BUILD='%s'; %s",
                       root, build ? build : "build", script);
    assert_in_range(len, 1, (int)sizeof whole - 1);
    world_run(argv, &said);
    return said.code;
}

static void must(const char *script)
{
    if (shell(script))
        fail_msg("%s: %s%s", script, said.out, said.err);
}

#define MAKE "make -s BUILD=\"$BUILD\" DESTDIR=\"$ROOT\" "

static int make_root(void **state)
{
    (void)state;
    world_folder(root);
    must(MAKE "install");
    return 0;
}

static int remove_root(void **state)
{
    (void)state;
    world_remove(root);
    return 0;
}

static void test_list(void **state)
{
    (void)state;
    must("cd \"$ROOT\" && find . -not -type d | LC_ALL=C sort | "
         "sed 's/^\\.//' >\"$ROOT/found\"; cd \"$OLDPWD\"; "
         "grep -v '^/found$' \"$ROOT/found\" | "
         "diff tests/hall/install.list -");
    /* Nothing of it belongs to others than root, or is theirs to write. */
    must("test -z \"$(find \"$ROOT/usr\" -perm /022 -not -type l)\"");
}

static void test_other_prefix(void **state)
{
    (void)state;
    must(MAKE "PREFIX=/opt/k install && "
              "grep -q '=/opt/k/lib/kiosk/hall/session terminal "
              "/opt/k/lib/kiosk/kiosk ' "
              "\"$ROOT/opt/k/lib/systemd/system/kiosk.service\" && "
              "\"$ROOT/opt/k/bin/kiosk\" check");
    assert_int_equal(strncmp(said.out, "12 items, ", 10), 0);
    assert_non_null(strstr(said.out, "no mistakes\n"));
    must(MAKE "PREFIX=/opt/k uninstall && "
              "test -z \"$(find \"$ROOT/opt\" -not -type d)\"");
}

static void test_installed_runs(void **state)
{
    char program[WORLD_PATH], settings[WORLD_PATH], text[2 * WORLD_PATH];
    (void)state;

    world_join(program, root, "usr/bin/kiosk");
    world_state(root);
    world_join(settings, root, "mine.yaml");
    snprintf(text, sizeof text,
             "state_folder: \"%s/state\"\nhub_office_key: "
             "\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"\n",
             root);
    world_write(settings, text, 0600);
    const char *argv[] = { program, "--settings", settings, NULL };
    struct hall_run *run = hall_run_start(argv, NULL);
    hall_run_sees(run, "公安交管");
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
}

static void test_upgrade_and_removal(void **state)
{
    (void)state;
    must("echo 'phone: \"1\"' >\"$ROOT/etc/kiosk/settings.yaml\" && "
         "mkdir -p \"$ROOT/var/lib/kiosk\" && "
         "touch \"$ROOT/var/lib/kiosk/kiosk.sqlite\" "
         "\"$ROOT/usr/share/kiosk/items/gone.yaml\"");
    must(MAKE "install && grep -q '\"1\"' \"$ROOT/etc/kiosk/settings.yaml\" && "
              "test ! -e \"$ROOT/usr/share/kiosk/items/gone.yaml\"");
    must(MAKE "uninstall && find \"$ROOT\" -not -type d | LC_ALL=C sort | "
              "sed \"s|^$ROOT||\"");
    assert_string_equal(said.out, "/etc/kiosk/settings.yaml\n"
                                  "/var/lib/kiosk/kiosk.sqlite\n");
    must("test ! -e \"$ROOT/usr/lib/kiosk\" && "
         "test ! -e \"$ROOT/usr/share/kiosk\"");
}

/* ---- systemd's own judgement ------------------------------------------- */

static void need_systemd(void)
{
    if (shell("systemd-analyze --version")) {
        print_message("skipped: the units: no systemd-analyze here\n");
        skip();
    }
}

/* With the system's own units beside ours. */
static void test_units_are_right(void **state)
{
    (void)state;
    need_systemd();
    must("cp -rn /usr/lib/systemd/system/. \"$ROOT/usr/lib/systemd/system/\"");
    must("for unit in kiosk kiosk-display kiosk-window kiosk-out kiosk-hub; do "
         "systemd-analyze verify --man=no --root=\"$ROOT\" $unit.service "
         "2>&1 || exit 1; done");
    /* It says what it does not understand, and succeeds. */
    char *line = strstr(said.out, "kiosk");
    if (line)
        fail_msg("%s", line);
}

static void test_exposure(void **state)
{
    char script[256];
    (void)state;
    need_systemd();
    snprintf(script, sizeof script,
             "systemd-analyze security --offline=true --no-pager "
             "--threshold=%d "
             "\"$ROOT/usr/lib/systemd/system/kiosk.service\" | tail -1",
             EXPOSURE_MOST);
    must(script);
    /* An old systemd-analyze ignores the threshold. */
    const char *level = strstr(said.out, "kiosk.service: ");
    assert_non_null(level);
    double exposure = strtod(level + strlen("kiosk.service: "), NULL);
    assert_true(exposure > 0 && exposure * 10 <= EXPOSURE_MOST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
    const struct CMUnitTest tests[] = {
        TEST(test_list),
        TEST(test_other_prefix),
        TEST(test_installed_runs),
        TEST(test_upgrade_and_removal),
        TEST(test_units_are_right),
        TEST(test_exposure),
    };
    return cmocka_run_group_tests_name("install", tests, NULL, NULL);
}
