/* A staff member confirms on the spot: the page laid over a citizen's, in a
 * terminal without a glass. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/app_state.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <stdio.h>
#include <string.h>

#define PIN     "830274"
#define WRONG   "830275"
#define WALL_MS INT64_C(1795420800000)

enum { TURNS = 200, START_MS = 1000000, DEAF_MS = 300, SECOND_MS = 1000 };

/* The key of nobody: nothing is sealed to it here. */
static const char office_key[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

static char folder[64];
static struct settings settings;
static struct pack *pack;
static struct loop *loop;
static struct app *app;

/* The citizen's page under it. */
static char heard[64];
static struct screen_kind spy;

static void on_spied(struct screen *screen, const struct screen_event *event)
{
    (void)screen;
    if (event->kind == SCREEN_CHOICE)
        snprintf(heard, sizeof heard, "%s", event->choice);
}

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
    assert_int_equal(app_mode(app), MODE_IN_SERVICE);
    session_begin(&app->session, LANGUAGE_EN);
    pages_open(app, "home", -1, "");
    spy = *app->stack[0]->kind;
    spy.event = on_spied;
    app->stack[0]->kind = &spy;
    heard[0] = '\0';
    pages_over(app, "staff-pin", "");
    turn(DEAF_MS);
}

static int on_the_spot(void **state)
{
    struct problems problems;
    (void)state;

    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    settings_init(&settings);
    replace(&settings.card_driver, "card/sim");
    settings.reserve_mib = 0;
    loop = loop_new_pretend();
    clock_pretend(START_MS, WALL_MS);
    if (err || file_make_temporary(folder, sizeof folder) ||
        staff_set_pin(folder, PIN))
        return -1;
    start_app();
    return 0;
}

static int off_the_spot(void **state)
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

static void feed(const char *bytes)
{
    turn(DEAF_MS); /* the page that stands there was painted before */
    ui_feed(app->ui, bytes, strlen(bytes));
    turn(0);
}

static bool is_on_top(const char *name)
{
    return strcmp(pages_top(app)->kind->name, name) == 0;
}

static bool stands(const char *id)
{
    return view_find(app->view, id) != NULL;
}

static void test_the_right_one_answers_the_page(void **state)
{
    (void)state;
    assert_true(is_on_top("staff-pin"));
    feed(PIN);
    assert_string_equal(view_find(app->view, "pin")->value, "******");
    feed("#");
    assert_true(is_on_top("home"));
    assert_string_equal(heard, "staff-ok");
    assert_true(app->session.is_open); /* it is the citizen's still */
    assert_false(app->is_serviced);
}

static void test_a_wrong_one_does_not(void **state)
{
    (void)state;
    feed(WRONG);
    feed("#");
    assert_true(is_on_top("staff-pin"));
    assert_true(stands("pin.wrong"));
    assert_string_equal(view_find(app->view, "pin")->value, "");
    feed("*");
    assert_true(is_on_top("home"));
    assert_string_equal(heard, "");
    assert_int_equal(staff_failures(app->staff), 1);
}

/* The door and this page count together. */
static void test_five_wrong_ones_pause(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        feed(WRONG);
        feed("#");
    }
    assert_true(stands("pin.wait"));
    assert_false(stands("pin"));
    feed(PIN);
    feed("#");
    assert_string_equal(heard, "");
    turn(15 * SECOND_MS);
    turn(SECOND_MS);
    assert_true(stands("pin"));
    feed(PIN);
    feed("#");
    assert_string_equal(heard, "staff-ok");
}

/* Half a PIN is not there for whoever opens the page next. */
static void test_half_a_pin_goes_with_the_page(void **state)
{
    (void)state;
    feed("8302");
    pages_top(app)->kind->event(
        pages_top(app), &(struct screen_event){ .kind = SCREEN_CHOICE,
                                                .choice = "footer.back" });
    pages_over(app, "help", "");
    turn(DEAF_MS);
    pages_over(app, "staff-pin", "");
    turn(DEAF_MS);
    assert_string_equal(view_find(app->view, "pin")->value, "");
}

static void test_out_of_service_and_who_is_there(void **state)
{
    (void)state;
    app_end_session(app, "end");
    turn(DEAF_MS);
    assert_true(is_on_top("attract"));
    feed("**#");
    assert_true(is_on_top("door"));
    feed(PIN);
    feed("#");
    assert_true(is_on_top("service"));
    feed("3");
    assert_int_equal(app_mode(app), MODE_IN_SERVICE); /* it asks first */
    feed("3");
    assert_int_equal(app_mode(app), MODE_OUT_OF_SERVICE);
    assert_true(stands("service.out"));
    feed("3");
    assert_int_equal(staff_out_since_ms(app->staff), 0);
    turn(300 * SECOND_MS);
    assert_true(is_on_top("attract"));
}

/* An earlier demonstration's stands in the folder; this one's own is told once
 * it has taken that one's place, for a slow disk's staff would type it too
 * early. */
static void test_a_demonstrations_own_is_told_once_taken(void **state)
{
    (void)state;
    app_make_demo_pin(app);
    assert_string_equal(screen_demo_pin(pages_top(app)), "");
    turn(0);
    assert_string_not_equal(screen_demo_pin(pages_top(app)), "");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, on_the_spot, off_the_spot)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_right_one_answers_the_page),
        TEST(test_a_wrong_one_does_not),
        TEST(test_five_wrong_ones_pause),
        TEST(test_half_a_pin_goes_with_the_page),
        TEST(test_out_of_service_and_who_is_there),
        TEST(test_a_demonstrations_own_is_told_once_taken),
    };
    return cmocka_run_group_tests_name("staff's PIN on the spot", tests, NULL,
                                       NULL);
}
