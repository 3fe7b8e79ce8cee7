/* A hall's terminal that crashes again and again ends in a page, not in a loop;
 * what it tells the service manager on the way. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/tty/hall_run.h"
#include "tests/tty/world.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BEGIN  "请触摸屏幕或按任意键开始"
#define OUT    "起暂停服务"
#define REASON "本机连续几次自行停止"

enum {
    WAIT_MS = 60000,
    CRASHED = 128 + SIGABRT,
    HOUR_MS = 3600 * 1000,
    HANG_UPS = 6
};

static char folder[WORLD_PATH], program[WORLD_PATH], settings[WORLD_PATH];

static int make_world(void **state)
{
    char text[2 * WORLD_PATH];
    (void)state;

    world_folder(folder);
    world_state(folder);
    world_program(program, "kiosk");
    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text,
             "state_folder: \"%s/state\"\nphone: \"0377-6666\"\n"
             "hub_office_key: "
             "\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"\n",
             folder);
    world_write(settings, text, 0600);
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static struct hall_run *start(const char *notify)
{
    const char *argv[] = { program, "--settings", settings, NULL };
    return hall_run_start(argv, notify);
}

static void crash(int times)
{
    for (int i = 0; i < times; i++) {
        struct hall_run *run = start(NULL);
        hall_run_sees(run, BEGIN);
        assert_int_equal(hall_run_end(run, SIGABRT), CRASHED);
    }
}

static void serves(void)
{
    struct hall_run *run = start(NULL);
    hall_run_sees(run, BEGIN);
    assert_false(hall_run_shows(run, OUT));
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
}

/* The page stands, and no key or touch begins a session. */
static void rests(struct hall_run *run)
{
    hall_run_sees(run, OUT);
    hall_run_sees(run, REASON);
    hall_run_sees(run, "0377-6666");
    hall_run_type(run, "1#\r\033[<0;50;10M\033[<0;50;10m1");
    hall_run_swallowed(run);
    assert_true(hall_run_shows(run, OUT));
    assert_false(hall_run_shows(run, "您要办什么事"));
}

static void test_two_crashes_are_borne(void **state)
{
    (void)state;
    crash(2);
    serves();
}

static void test_third_ends_in_a_page(void **state)
{
    (void)state;
    crash(3);
    struct hall_run *run = start(NULL);
    rests(run);
    /* Crashing there is no way out either; staff's restart is. */
    assert_int_equal(hall_run_end(run, SIGKILL), 128 + SIGKILL);
    run = start(NULL);
    rests(run);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
    serves();
}

static void test_orderly_ends_count_for_nothing(void **state)
{
    (void)state;
    crash(2);
    serves();
    crash(2);
    serves();
}

/* systemd ends all of the session at once: the terminal hangs up as well. */
static void test_hung_up_while_it_stops(void **state)
{
    (void)state;
    crash(2);
    for (int i = 0; i < HANG_UPS; i++) {
        struct hall_run *run = start(NULL);
        hall_run_sees(run, BEGIN);
        kill(hall_run_pid(run), SIGTERM);
        for (int k = 0; k < HANG_UPS; k++)
            kill(hall_run_pid(run), SIGHUP);
        assert_int_equal(hall_run_end(run, SIGHUP), 0);
    }
    serves();
}

/* The same three ends, an hour ago. */
static void test_long_past(void **state)
{
    char path[WORLD_PATH], text[256];
    long long then_ms = (long long)clock_wall_ms() - HOUR_MS;
    (void)state;

    crash(1);
    world_join(path, folder, "state/running");
    snprintf(text, sizeof text, "%lld\n%lld\n%lld\n", then_ms, then_ms + 1000,
             then_ms + 2000);
    world_write(path, text, 0600);
    serves();
    assert_int_not_equal(access(path, F_OK), 0);
}

/* ---- What systemd is told ---------------------------------------------- */

static int listen_at(const char *path)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_true(strlen(path) < sizeof at.sun_path);
    memcpy(at.sun_path, path, strlen(path) + 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void hears(int fd, const char *expected)
{
    char words[64];
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

    assert_int_equal(poll(&poll_fd, 1, WAIT_MS), 1);
    ssize_t len = recv(fd, words, sizeof words - 1, 0);
    assert_true(len > 0);
    words[len] = '\0';
    assert_string_equal(words, expected);
}

static void test_notify(void **state)
{
    char path[WORLD_PATH], words[64] = "";
    (void)state;

    world_join(path, folder, "notify");
    int fd = listen_at(path);
    crash(3);
    struct hall_run *run = start(path);
    hears(fd, "READY=1");
    hears(fd, "WATCHDOG=1");
    hears(fd, "WATCHDOG=1");
    rests(run);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
    while (recv(fd, words, sizeof words - 1, MSG_DONTWAIT) > 0 &&
           strncmp(words, "WATCHDOG", 8) == 0)
        memset(words, 0, sizeof words);
    assert_string_equal(words, "STOPPING=1");
    close(fd);
}

static void test_out_of_service_page(void **state)
{
    const char *argv[] = { program, "--out-of-service", "--settings", settings,
                           NULL };
    const char *bare[] = { program, "--out-of-service", "--settings",
                           "/nowhere/settings.yaml", NULL };
    (void)state;

    struct hall_run *run = hall_run_start(argv, NULL);
    hall_run_sees(run, OUT);
    hall_run_sees(run, "Out of service since");
    hall_run_sees(run, "0377-6666");
    /* Why, what was and was not done, who helps; in both languages. */
    hall_run_sees(run, "本机连续几次自行停止");
    hall_run_sees(run, "正在填的内容已清除，没有提交");
    hall_run_sees(run, "要人帮忙请找");
    hall_run_sees(run, "This machine stopped by itself");
    hall_run_sees(run, "What was being filled in here was erased, not sent.");
    hall_run_sees(run, "For help ask at");
    hall_run_type(run, "1#\r");
    hall_run_swallowed(run);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
    run = hall_run_start(bare, NULL);
    hall_run_sees(run, OUT);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_two_crashes_are_borne, make_world,
                                        remove_world),
        cmocka_unit_test_setup_teardown(test_third_ends_in_a_page, make_world,
                                        remove_world),
        cmocka_unit_test_setup_teardown(test_orderly_ends_count_for_nothing,
                                        make_world, remove_world),
        cmocka_unit_test_setup_teardown(test_hung_up_while_it_stops, make_world,
                                        remove_world),
        cmocka_unit_test_setup_teardown(test_long_past, make_world,
                                        remove_world),
        cmocka_unit_test_setup_teardown(test_notify, make_world, remove_world),
        cmocka_unit_test_setup_teardown(test_out_of_service_page, make_world,
                                        remove_world),
    };
    return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
