/* Answers that fall away though nobody changed one, and with a first answer: in
 * a terminal without a glass, for no item of ours leads there by itself. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/app_state.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <string.h>

#define WALL_MS INT64_C(1795420800000)

enum { TURNS = 200, START_MS = 1000000, DEAF_MS = 300 };

/* The key of nobody: nothing is sealed to it here. */
static const char office_key[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

static char folder[64];
static struct settings settings;
static struct pack *pack;
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

static void feed(const char *bytes)
{
    turn(DEAF_MS); /* the page that stands there was painted before */
    ui_feed(app->ui, bytes, strlen(bytes));
    turn(0);
}

static const char *answered(const char *name)
{
    return answers_get(app->session.answers, name);
}

static void set(const char *name, const char *value)
{
    assert_int_equal(
        answers_set(app->session.answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

static bool is_on_top(const char *name)
{
    return strcmp(pages_top(app)->kind->name, name) == 0;
}

static bool stands(const char *id)
{
    return view_find(app->view, id) != NULL;
}

/* The permit's page of that step. */
static void at_step(const char *id)
{
    const struct step *step;

    session_begin(&app->session, LANGUAGE_EN);
    app->session.item = pack_find(pack, "residence-permit");
    step = item_step(app->session.item, id);
    assert_non_null(step);
    app->session.at = (int)(step - app->session.item->steps);
    set("ground_proof", "contract");
    pages_open(app, step->screen, app->session.at, "");
    turn(DEAF_MS);
}

static int start(void **state)
{
    struct problems problems;
    enum err err;
    (void)state;

    problems_init(&problems);
    err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    settings_init(&settings);
    mem_free(settings.card_driver);
    settings.card_driver = mem_copy_text("card/sim");
    settings.reserve_mib = 0;
    loop = loop_new_pretend();
    clock_pretend(START_MS, WALL_MS);
    if (err || file_make_temporary(folder, sizeof folder))
        return -1;
    struct app_parts parts = { .loop = loop,
                               .settings = &settings,
                               .pack = pack,
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
    turn(DEAF_MS);
    return 0;
}

static int end(void **state)
{
    (void)state;
    app_free(app);
    event_set_sink(NULL, NULL);
    turn(0);
    loop_free(loop);
    pack_free(pack);
    settings_done(&settings);
    clock_pretend_end();
    return file_remove_tree(folder) ? -1 : 0;
}

/* What was known otherwise is known now: going on tells it, then forgets. */
static void test_nobody_changed_one(void **state)
{
    (void)state;
    at_step("review");
    set("ground", "housing");
    feed("#");
    assert_true(is_on_top("change"));
    assert_true(stands("falls.ground_proof"));
    assert_false(stands("change.new") || stands("keep") || stands("change"));
    assert_string_equal(answered("ground_proof"), "contract");
    feed("*");
    assert_true(is_on_top("review"));
    assert_string_equal(answered("ground_proof"), "contract");
    feed("#");
    assert_true(is_on_top("change"));
    feed("#");
    assert_false(is_on_top("change"));
    assert_null(answered("ground_proof"));
    assert_string_equal(answered("ground"), "housing");
}

/* There is no answer yet that could be kept. */
static void test_first_answer(void **state)
{
    (void)state;
    at_step("ground");
    feed("2");
    assert_true(is_on_top("change"));
    assert_true(stands("change.new") && stands("again"));
    assert_false(stands("change.old") || stands("keep"));
    feed("1");
    assert_true(is_on_top("choice"));
    assert_null(answered("ground"));
    assert_null(answered("changed"));
    assert_string_equal(answered("ground_proof"), "contract");
    feed("2");
    assert_true(is_on_top("change"));
    feed("2");
    assert_string_equal(answered("ground"), "housing");
    assert_null(answered("ground_proof"));
    assert_null(answered("changed"));
}

/* Whoever goes elsewhere from there leaves nothing behind. */
static void test_another_page(void **state)
{
    (void)state;
    at_step("ground");
    set("ground", "work");
    feed("2");
    assert_true(is_on_top("change"));
    assert_string_equal(answered("changed"), "housing");
    pages_open(app, "home", -1, "");
    turn(DEAF_MS);
    assert_null(answered("changed"));
    assert_string_equal(answered("ground"), "work");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        TEST(test_nobody_changed_one),
        TEST(test_first_answer),
        TEST(test_another_page),
    };

    return cmocka_run_group_tests_name("falls", tests, NULL, NULL);
}
