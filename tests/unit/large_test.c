/* Large print, as the terminal hears it: what is asked for, when it counts as
 * proved, and that it goes back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "tests/tty/letters.h"
#include "tests/unit/ui_stage.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

enum { NORMAL = 20, LARGE = 28, LARGER = 40, QUIET = 1000, SETTLE = 200 };

static const struct ui_letters letters = { "DejaVu Sans Mono",
                                           NORMAL,
                                           { LARGE, LARGER } };

/* The points that were asked for since the last look; the last request. */
static int asked(struct stage *stage)
{
    static struct letters heard;
    char bytes[8192];
    ssize_t len;
    int points = LETTERS_NONE;

    while ((len = read(stage->master, bytes, sizeof bytes)) > 0) {
        int now = letters_hear(&heard, bytes, (size_t)len);
        points = now ? now : points;
    }
    return points;
}

static void pass(struct stage *stage, int ms)
{
    stage->now_ms += ms;
    clock_pretend(stage->now_ms, stage->now_ms);
    loop_fire_due(stage->loop);
}

static void answer(struct stage *stage, int rows, int cols)
{
    stage_set_size(stage, rows, cols);
    ui_resize(stage->ui);
    pass(stage, SETTLE);
}

static struct stage *begin(int rows, int cols)
{
    struct stage *stage = stage_new(rows, cols);

    (void)asked(stage);
    ui_try_large(stage->ui, &letters);
    assert_int_equal(asked(stage), NORMAL); /* a crash may have left others */
    pass(stage, QUIET);
    assert_int_equal(asked(stage), LARGE);
    assert_int_equal(ui_large_levels(stage->ui), 0);
    return stage;
}

static struct stage *proved(void)
{
    struct stage *stage = begin(32, 100);

    answer(stage, 22, 71);
    assert_int_equal(asked(stage), LARGER);
    answer(stage, 16, 50);
    assert_int_equal(asked(stage), NORMAL);
    assert_int_equal(ui_large_levels(stage->ui), 0);
    answer(stage, 32, 100);
    assert_int_equal(ui_large_levels(stage->ui), 2);
    return stage;
}

static void test_proved_and_used(void **state)
{
    struct stage *stage = proved();

    (void)state;
    ui_set_large(stage->ui, 1);
    assert_int_equal(asked(stage), LARGE);
    ui_set_large(stage->ui, 2);
    assert_int_equal(asked(stage), LARGER);
    assert_int_equal(ui_large(stage->ui), 2);
    ui_set_large(stage->ui, 0);
    assert_int_equal(asked(stage), NORMAL);
    ui_set_large(stage->ui, 0);
    assert_int_equal(asked(stage), LETTERS_NONE);
    stage_free(stage);
}

/* A terminal that says nothing, or whose window grew instead. */
static void test_no_smaller_size_comes(void **state)
{
    struct stage *stage = begin(32, 100);

    (void)state;
    pass(stage, 5000);
    assert_int_equal(asked(stage), NORMAL);
    pass(stage, 5000);
    assert_int_equal(ui_large_levels(stage->ui), 0);
    ui_set_large(stage->ui, 1);
    assert_int_equal(asked(stage), LETTERS_NONE);
    stage_free(stage);
}

/* A size that leaves less than a page needs is none. */
static void test_too_large_is_left_out(void **state)
{
    struct stage *stage = begin(24, 80);

    (void)state;
    answer(stage, 17, 57);
    assert_int_equal(asked(stage), LARGER);
    answer(stage, 12, 40);
    answer(stage, 24, 80);
    assert_int_equal(ui_large_levels(stage->ui), 1);
    ui_set_large(stage->ui, 2);
    assert_int_equal(ui_large(stage->ui), 1);
    stage_free(stage);
}

/* A window that is still finding its size is waited for. */
static void test_waits_for_the_window(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    ui_try_large(stage->ui, &letters);
    (void)asked(stage);
    pass(stage, QUIET - 1);
    stage_set_size(stage, 32, 100);
    ui_resize(stage->ui);
    pass(stage, QUIET - 1);
    assert_int_equal(asked(stage), LETTERS_NONE);
    pass(stage, 1);
    assert_int_equal(asked(stage), LARGE);
    stage_free(stage);
}

/* Where nobody tells the size of the letters, it could not be brought back. */
static void test_unknown_size(void **state)
{
    struct stage *stage = stage_new(32, 100);
    struct ui_letters unknown = letters;

    (void)state;
    unknown.size = 0;
    ui_try_large(stage->ui, &unknown);
    pass(stage, QUIET);
    assert_int_equal(asked(stage), LETTERS_NONE);
    stage_free(stage);
}

static void test_goes_back_at_the_end(void **state)
{
    struct stage *stage = proved();

    (void)state;
    ui_set_large(stage->ui, 2);
    (void)asked(stage);
    ui_close(stage->ui);
    assert_int_equal(asked(stage), NORMAL);
    stage->ui = NULL;
    stage_free(stage);
}

static void show_result(struct stage *stage, bool is_new)
{
    ui_page_fill(stage->view, UI_PAGE_RESULT);
    ui_paint(stage->ui, stage->view, is_new);
}

/* A key on the result's page; what is asked for then is left to be heard. */
static void press(struct stage *stage, const char *key)
{
    int touched = stage->touched;

    stage->now_ms += 250;
    clock_pretend(stage->now_ms, stage->now_ms);
    assert_int_equal(write(stage->master, key, 1), 1);
    for (int i = 0; i < STAGE_TURNS && stage->touched == touched; i++)
        loop_turn(stage->loop, 20);
    show_result(stage, false);
}

static void become(struct stage *stage, int rows, int cols)
{
    stage_set_size(stage, rows, cols);
    ui_resize(stage->ui);
    show_result(stage, false);
}

/* The QR's turn drops back; the turns with its numbers, and the next page, have
 * the person's letters. */
static void test_room_for_a_qr(void **state)
{
    struct stage *stage = proved();
    int turns = 0;

    (void)state;
    ui_set_large(stage->ui, 2);
    stage_set_size(stage, 16, 50);
    ui_resize(stage->ui);
    (void)asked(stage);
    show_result(stage, true);
    int turn = ui_turn(stage->ui, &turns);
    assert_int_equal(turn, 1);
    assert_true(turns > 1);
    for (; turn < turns; turn++) {
        assert_int_equal(asked(stage), LETTERS_NONE);
        press(stage, "#");
    }
    assert_int_equal(asked(stage), LARGE);
    become(stage, 22, 71);
    assert_int_equal(asked(stage), LETTERS_NONE);
    assert_int_equal(ui_turn(stage->ui, &turns), turns);
    press(stage, "*"); /* back to the numbers */
    assert_int_equal(asked(stage), LARGER);
    become(stage, 16, 50);
    assert_int_equal(asked(stage), LETTERS_NONE);
    while (ui_turn(stage->ui, &turns) < turns)
        press(stage, "#");
    become(stage, 22, 71);
    (void)asked(stage);
    ui_page_fill(stage->view, UI_PAGE_CHOICE);
    ui_paint(stage->ui, stage->view, true);
    assert_int_equal(asked(stage), LARGER);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proved_and_used),
        cmocka_unit_test(test_no_smaller_size_comes),
        cmocka_unit_test(test_too_large_is_left_out),
        cmocka_unit_test(test_waits_for_the_window),
        cmocka_unit_test(test_unknown_size),
        cmocka_unit_test(test_goes_back_at_the_end),
        cmocka_unit_test(test_room_for_a_qr),
    };
    (void)setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
