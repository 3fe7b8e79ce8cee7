/* The first page after the start stands before any device is opened, and says
 * already what those in the settings will make possible. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/app_state.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/tty/many_items.h"

#include <string.h>

#define WALL_MS INT64_C(1795420800000)

enum { TURNS = 200, START_MS = 1000000 };

static char folder[64];
static struct settings settings;
static struct pack *pack;
static struct loop *loop;
static struct app *app;

/* The key of nobody: nothing is sealed to it here. */
static const char office_key[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

static void turn_all(void)
{
    for (int i = 0; i < TURNS; i++)
        loop_turn(loop, 0);
}

static void set(char **setting, const char *value)
{
    mem_free(*setting);
    *setting = mem_copy_text(value);
}

static int begin(void **state)
{
    struct problems problems;
    char share[WORLD_PATH], items[WORLD_PATH];

    (void)state;
    settings_init(&settings);
    settings.reserve_mib = 0;
    loop = loop_new_pretend();
    clock_pretend(START_MS, WALL_MS);
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    four_items_make(folder, share); /* of more there are themes */
    world_join(items, share, "items");
    problems_init(&problems);
    enum err err = pack_load(items, &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    app_free(app);
    turn_all();
    loop_free(loop);
    pack_free(pack);
    settings_done(&settings);
    clock_pretend_end();
    return file_remove_tree(folder) ? -1 : 0;
}

/* As the terminal starts; nothing has turned yet. */
static void start_app(void)
{
    struct app_parts parts = {
        .loop = loop,
        .settings = &settings,
        .pack = pack,
        .state_folder = folder,
        .draw_path = "/bin/true",
        .ime_path = "/bin/true",
        .ime_data = folder,
        .paper_folder = folder,
        .fd_in = -1,
        .fd_out = -1,
        .term = "",
    };

    assert_int_equal(app_new(&parts, &app), ERR_OK);
}

/* Store and devices have answered. */
static void go_on(void)
{
    assert_int_equal(app_set_office(app, "", office_key, ""), ERR_OK);
    turn_all();
    app_touch(app);
    turn_all();
    assert_true(app->has_devices);
}

/* Whether the certificate, which needs the printer for A4, stands in that row. */
static bool names_certificate(const char *id)
{
    const struct element *element = view_find(app->view, id);
    const struct item *item = pack_find(pack, "si-insured-proof");

    return element && strstr(element->value, item->title.in[LANGUAGE_ZH_CN]);
}

static void test_with_all_devices(void **state)
{
    (void)state;
    set(&settings.card_driver, "card/sim");
    set(&settings.printer_driver, "printer/sim");
    set(&settings.a4_driver, "printer/sim");
    start_app();
    assert_true(names_certificate("attract.can"));
    assert_null(view_find(app->view, "attract.cannot"));
    go_on();
    assert_int_equal(device_state_of(app->devices[DEVICE_A4]), DEVICE_READY);
}

/* One that the settings do not name is not hoped for. */
static void test_without_printers(void **state)
{
    (void)state;
    set(&settings.card_driver, "card/sim");
    set(&settings.printer_driver, "");
    set(&settings.a4_driver, "");
    start_app();
    assert_true(names_certificate("attract.cannot"));
    assert_false(names_certificate("attract.can"));
    go_on();
    assert_true(names_certificate("attract.cannot"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_with_all_devices),
        TEST(test_without_printers),
    };

    return cmocka_run_group_tests_name("first page", tests, NULL, NULL);
}
