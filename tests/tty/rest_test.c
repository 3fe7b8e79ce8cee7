/* After crashes in a row the terminal rests with its devices closed, and comes
 * back by itself: a quarter of an hour on a pretended clock. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/app.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/screen.h"
#include "kiosk/unclean.h"
#include "tests/tty/world.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TURNS = 400, LINES_MAX = 256 * 1024, NOW_MS = 1000000 };

#define WALL_MS INT64_C(1790000000000)

static int64_t passed_ms;
static char lines[LINES_MAX];
static struct loop *loop;
static int report_fd, terminal;

static void pass(int64_t ms)
{
    passed_ms += ms;
    clock_pretend(NOW_MS + passed_ms, WALL_MS + passed_ms);
}

/* What the report said last, once this stands in it. */
static bool says(const char *words)
{
    static char dropped[8192];
    size_t len = 0;

    lines[0] = '\0';
    for (int i = 0; i < TURNS; i++) {
        loop_turn(loop, 0);
        while (read(terminal, dropped, sizeof dropped) > 0)
            continue;
        ssize_t got = read(report_fd, lines + len, sizeof lines - 1 - len);
        if (got > 0)
            len += (size_t)got;
        lines[len] = '\0';
        if (strstr(lines, words))
            return true;
    }
    return false;
}

static void open_terminal(int *ret_slave)
{
    struct winsize size = { .ws_row = 32, .ws_col = 100 };
    assert_int_equal(openpty(&terminal, ret_slave, NULL, NULL, &size), 0);
    fcntl(terminal, F_SETFL, O_NONBLOCK);
}

static struct report *open_report(void)
{
    int ends[2];
    struct report *report = NULL;

    assert_int_equal(pipe(ends), 0);
    report_fd = ends[0];
    fcntl(report_fd, F_SETFL, O_NONBLOCK);
    assert_int_equal(report_new(loop, ends[1], &report), ERR_OK);
    return report;
}

static void read_settings(struct settings *settings, const char *folder)
{
    char path[WORLD_PATH], text[2 * WORLD_PATH];
    struct problems problems;

    settings_init(settings);
    problems_init(&problems);
    world_join(path, folder, "settings.yaml");
    snprintf(text, sizeof text,
             "state_folder: \"%s/state\"\ncard_driver: card/sim\n"
             "hub_office_key: "
             "\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"\n",
             folder);
    world_write(path, text, 0600);
    assert_int_equal(settings_read(settings, path, &problems), ERR_OK);
    problems_done(&problems);
}

static void test_it_comes_back(void **state)
{
    char folder[WORLD_PATH];
    struct settings settings;
    struct problems problems;
    struct pack *pack = NULL;
    struct app *app = NULL;
    int slave;
    (void)state;

    world_folder(folder);
    world_state(folder);
    read_settings(&settings, folder);
    problems_init(&problems);
    assert_int_equal(pack_load("screens/items", &problems, &pack), ERR_OK);
    problems_done(&problems);
    pass(0);
    loop = loop_new_pretend();
    open_terminal(&slave);
    struct report *report = open_report();
    struct app_parts parts = { .loop = loop,
                               .settings = &settings,
                               .pack = pack,
                               .state_folder = settings.state_folder,
                               .draw_path = "/nowhere",
                               .report = report,
                               .fd_in = slave,
                               .fd_out = slave,
                               .term = "xterm-256color",
                               .rest_ms = UNCLEAN_REST_MS };
    assert_int_equal(app_new(&parts, &app), ERR_OK);
    assert_int_equal(app_set_office(app, "", settings.hub_office_key, ""),
                     ERR_OK);
    assert_true(says("machine.out"));
    assert_int_equal(app_pretend_device(app, "card lift"), ERR_NOT_FOUND);
    pass(UNCLEAN_REST_MS - 1000);
    assert_true(says("machine.out"));
    assert_false(says("attract.begin"));
    pass(61 * 1000); /* the page looks at its clock once a minute */
    assert_true(says("attract.begin"));
    assert_int_equal(app_pretend_device(app, "card lift"), ERR_OK);

    app_free(app);
    report_free(report);
    loop_free(loop);
    pack_free(pack);
    settings_done(&settings);
    close(slave);
    close(terminal);
    close(report_fd);
    clock_pretend_end();
    world_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_comes_back),
    };
    return cmocka_run_group_tests_name("rest", tests, NULL, NULL);
}
