/* A pack that is activated while a citizen is there waits until they have gone;
 * why one was not taken stands on the staff page.  A terminal without a glass. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/app_state.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/packs.h"
#include "tests/tty/many_items.h"

#include <stdio.h>
#include <string.h>

#define WALL_MS INT64_C(1795420800000)

enum { TURNS = 50, START_MS = 1000000, MINUTE = 60000, PATH_BYTES = 128 };

/* The key of nobody: nothing is sealed to it here. */
static const char office_key[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

static char folder[64];
static char items[WORLD_PATH]; /* as they are delivered, on a page of tiles */
static struct settings settings;
static struct packs *packs;
static struct loop *loop;
static struct app *app;

static void turn(int64_t ms)
{
    static int64_t passed_ms;

    passed_ms += ms;
    clock_pretend(START_MS + passed_ms, WALL_MS + passed_ms);
    for (int i = 0; i < TURNS; i++)
        loop_turn(loop, 0);
}

static void replace(char **setting, const char *value)
{
    mem_free(*setting);
    *setting = mem_copy_text(value);
}

static void start_app(void)
{
    struct app_parts parts = { .loop = loop,
                               .settings = &settings,
                               .pack = packs_now(packs),
                               .packs = packs,
                               .state_folder = folder,
                               .draw_path = "kiosk-draw",
                               .print_path = "kiosk-print",
                               .fd_in = -1,
                               .fd_out = -1,
                               .term = "pretended" };

    assert_int_equal(app_new(&parts, &app), ERR_OK);
    event_set_sink(app_record, app);
    ui_pretend_size(app->ui, 32, 100);
    assert_int_equal(app_set_office(app, "", office_key, ""), ERR_OK);
    turn(300);
    assert_int_equal(app_mode(app), MODE_IN_SERVICE);
}

static int begin(void **state)
{
    struct problems problems;
    char share[WORLD_PATH];

    (void)state;
    settings_init(&settings);
    replace(&settings.card_driver, "card/sim");
    settings.reserve_mib = 0;
    loop = loop_new_pretend();
    clock_pretend(START_MS, WALL_MS);
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    four_items_make(folder, share);
    world_join(items, share, "items");
    packs = packs_new(folder, items, "");
    problems_init(&problems);
    enum err err = packs_open(packs, &problems);
    problems_done(&problems);
    if (err)
        return -1;
    start_app();
    return 0;
}

static int end(void **state)
{
    (void)state;
    app_free(app);
    event_set_sink(NULL, NULL);
    turn(0);
    loop_free(loop);
    packs_free(packs);
    settings_done(&settings);
    clock_pretend_end();
    return file_remove_tree(folder) ? -1 : 0;
}

static enum pack_fault activate(int version)
{
    struct pack_about about = { .version = version };
    struct problems problems;
    struct pack *pack = NULL;
    struct buf bytes;
    char path[PATH_BYTES];
    int active;

    problems_init(&problems);
    assert_int_equal(pack_load(items, &problems, &pack), ERR_OK);
    problems_done(&problems);
    buf_init(&bytes, PACK_BYTES_MAX);
    assert_int_equal(pack_compile(pack, &about, &bytes), ERR_OK);
    snprintf(path, sizeof path, "%s/new", folder);
    assert_int_equal(file_replace(path, bytes.text, bytes.len, 0600), ERR_OK);
    buf_done(&bytes);
    pack_free(pack);
    return packs_place(folder, "", path, &about, &active);
}

static int active(void)
{
    return pack_about(app->parts.pack)->version;
}

static void test_waits_for_the_end_of_a_session(void **state)
{
    (void)state;
    session_begin(&app->session, LANGUAGE_EN);
    pages_open(app, "home", -1, "");
    const struct item *item = pack_item(app->parts.pack, 0);
    session_start_item(&app->session, item);
    assert_int_equal(activate(1), PACK_FAULT_NONE);
    turn(MINUTE); /* a minute of the clock in the header passes */
    app_touch(app);
    turn(0);
    assert_true(app->session.is_open);
    assert_int_equal(active(), 0);
    assert_ptr_equal(app->session.item, item);
    app_end_session(app, "end");
    turn(0);
    assert_int_equal(active(), 1);
    assert_non_null(pack_find(app->parts.pack, "residence-permit"));
    session_begin(&app->session, LANGUAGE_EN);
    pages_open(app, "home", -1, "");
    turn(0);
    assert_non_null(view_find(app->view, "item.residence-permit"));
}

static void test_taken_at_the_attract_page(void **state)
{
    (void)state;
    assert_int_equal(activate(1), PACK_FAULT_NONE);
    assert_int_equal(active(), 0);
    turn(MINUTE);
    assert_int_equal(active(), 1);
    assert_string_equal(pages_top(app)->kind->name, "attract");
}

static void sees(const char *words)
{
    pages_open(app, "service", -1, "");
    turn(0);
    const struct element *element = view_find(app->view, "service.pack");

    assert_int_equal(!element, !words);
    if (words)
        assert_string_equal(element->value, words);
}

static void test_staff_see_why(void **state)
{
    (void)state;
    app->session.language = LANGUAGE_EN;
    sees(NULL); /* those delivered */
    assert_int_equal(activate(4), PACK_FAULT_NONE);
    turn(MINUTE);
    sees("Pack 4.");
    assert_int_equal(activate(3), PACK_FAULT_VERSION);
    turn(MINUTE);
    sees("Pack 4. Pack 3 is not used: Its version is not above that of the "
         "last one.");
    assert_int_equal(active(), 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_waits_for_the_end_of_a_session),
        TEST(test_taken_at_the_attract_page),
        TEST(test_staff_see_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
