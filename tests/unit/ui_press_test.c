/* What keys and touches mean on a page, from the bytes on. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/mem.h"
#include "tests/unit/ui_stage.h"

/* ---- Choosing ------------------------------------------------------------ */

static void test_choosing_by_keys(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    stage_press(stage, "1");
    stage_expect(stage, "work ");
    stage_press(stage, "#");
    stage_expect(stage, "footer.go ");
    stage_press(stage, "\r");
    stage_expect(stage, "footer.go ");
    stage_press(stage, "*");
    stage_expect(stage, "footer.back ");
    stage_press(stage, "\x7f");
    stage_expect(stage, "footer.back ");
    stage_press(stage, "0");
    stage_expect(stage, "footer.help ");
    stage_press(stage, "7q ");
    stage_expect(stage, "");
    stage_press(stage, "13"); /* the second was meant for the page after */
    stage_expect(stage, "work ");
    stage_free(stage);
}

/* A number of two digits is meant: it is taken on whatever turn it stands. */
static void test_two_digits_on_another_turn(void **state)
{
    struct stage *stage = stage_new(15, 40);
    int turns = 0;

    (void)state;
    stage_show(stage, UI_PAGE_MANY);
    assert_int_equal(ui_turn(stage->ui, &turns), 1);
    assert_true(turns > 1);
    assert_string_equal(ui_pending(stage->ui), "");
    stage_press(stage, "2");
    assert_string_equal(ui_pending(stage->ui), "2");
    stage_press(stage, "4");
    stage_expect(stage, "answer-13 ");
    stage_free(stage);
}

/* Sizes and languages may come and go: the person stays where they are. */
static void test_turn_is_kept_through_sizes(void **state)
{
    static const int sizes[][2] = { { 32, 100 }, { 16, 58 }, { 69, 82 } };
    struct stage *stage = stage_new(15, 40);
    int turns = 0;

    (void)state;
    stage_show(stage, UI_PAGE_LONG);
    for (int i = 0; i < 9; i++) {
        stage_press(stage, "#");
        stage_pass(stage, 250);
    }
    assert_int_equal(ui_turn(stage->ui, &turns), 10);
    for (int i = 0; i < 3; i++) {
        stage_set_size(stage, sizes[i][0], sizes[i][1]);
        ui_resize(stage->ui);
        stage_pass(stage, 0);
        assert_true(ui_turn(stage->ui, &turns) < 10);
    }
    stage_set_size(stage, 15, 40);
    ui_resize(stage->ui);
    stage_pass(stage, 0);
    assert_int_equal(ui_turn(stage->ui, &turns), 10);
    stage_free(stage);
}

/* Another page was laid over it and is gone again: turn and focus are back. */
static void test_a_page_comes_back_as_it_was(void **state)
{
    struct stage *stage = stage_new(15, 40);
    int turns = 0;

    (void)state;
    stage_show(stage, UI_PAGE_MANY);
    stage_press(stage, "#");
    stage_pass(stage, 250);
    stage_press(stage, "\t\t");
    assert_int_equal(ui_turn(stage->ui, &turns), 2);
    struct ui_spot *spot = ui_spot_new(stage->ui);
    stage_show(stage, UI_PAGE_CHOICE);
    assert_int_equal(ui_turn(stage->ui, &turns), 1);
    stage->page = UI_PAGE_MANY;
    ui_page_fill(stage->view, UI_PAGE_MANY);
    ui_paint_again(stage->ui, stage->view, spot);
    ui_spot_free(spot);
    assert_int_equal(ui_turn(stage->ui, &turns), 2);
    stage_press(stage, "\r"); /* too early for a page that just came */
    stage_expect(stage, "");
    stage_pass(stage, 250);
    stage_press(stage, "\r");
    assert_non_null(strstr(stage->seen, "answer-"));
    stage_free(stage);
}

/* One person's half a paste is not the beginning of the next one's text. */
static void test_forgotten_halfway(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    stage_press(stage, "\x1b[200~4113");
    ui_forget(stage->ui);
    stage_press(stage, "1"); /* nothing stands there until the next page */
    stage_expect(stage, "");
    stage_show(stage, UI_PAGE_CHOICE);
    stage_press(stage, "1");
    stage_expect(stage, "work ");
    stage_free(stage);
}

static void test_lone_escape_is_back(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    assert_int_equal(write(stage->master, "\x1b", 1), 1);
    for (int i = 0; i < 3; i++)
        loop_turn(stage->loop, 20);
    stage_pass(stage, 49);
    loop_fire_due(stage->loop);
    stage_expect(stage, "");
    stage_pass(stage, 1);
    loop_fire_due(stage->loop);
    stage_expect(stage, "footer.back ");
    stage_free(stage);
}

static void test_enter_presses_a_moved_focus(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    stage_press(stage, "\x1b[B");
    assert_true(stage_find(stage, "study", NULL)->is_focus ||
                stage_find(stage, "footer.help", NULL)->is_focus);
    stage_press(stage, "\x1b[A");
    stage_press(stage, "\t\x1b[Z");
    stage_press(stage, " ");
    assert_int_equal(strlen(stage->seen) > 0, 1);
    stage_show(stage, UI_PAGE_CHOICE);
    stage_press(stage, "\x1b[D"); /* left of the chosen one */
    assert_true(stage_find(stage, "work", NULL)->is_focus);
    stage_press(stage, "\r");
    stage_expect(stage, "work ");
    stage_free(stage);
}

static void test_two_digits(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_LIST);
    stage_press(stage, "1");
    stage_expect(stage, "");
    assert_true(stage_is_on_screen(stage, "1_"));
    stage_press(stage, "3");
    stage_expect(stage, "county=row-2 ");
    stage_press(stage, "25"); /* on the other turn, in one piece */
    stage_expect(stage, "county=row-14 ");
    stage_press(stage, "2");
    stage_press(stage, "0");
    stage_expect(stage, "county=row-9 ");
    stage_press(stage, "0");
    stage_expect(stage, "footer.help ");
    stage_press(stage, "2");
    stage_press(stage, "*"); /* drops the digit, and is not back */
    assert_false(stage_is_on_screen(stage, "2_"));
    stage_expect(stage, "");
    stage_press(stage, "2");
    stage_press(stage, "9"); /* no such row */
    stage_press(stage, "9");
    stage_expect(stage, "");
    stage_free(stage);
}

static void test_turning(void **state)
{
    struct stage *stage = stage_new(24, 80);
    int turns;

    (void)state;
    stage_show(stage, UI_PAGE_LIST);
    assert_int_equal(ui_turn(stage->ui, &turns), 1);
    assert_int_equal(turns, 2);
    assert_true(stage_is_on_screen(stage, "# Next page 1/2"));
    stage_press(stage, "#");
    assert_int_equal(ui_turn(stage->ui, &turns), 2);
    stage_press(stage, "#"); /* within 250 ms of the turn */
    stage_expect(stage, "");
    stage_pass(stage, 250);
    stage_press(stage, "*");
    assert_int_equal(ui_turn(stage->ui, &turns), 1);
    stage_pass(stage, 250);
    stage_touch_id(stage, "footer.go", NULL);
    assert_int_equal(ui_turn(stage->ui, &turns), 2);
    stage_pass(stage, 250);
    stage_press(stage, "#");
    stage_expect(stage, "footer.go ");
    stage_touch_id(stage, "footer.back", NULL);
    assert_int_equal(ui_turn(stage->ui, &turns), 1);
    stage_pass(stage, 250);
    stage_press(stage, "*");
    stage_expect(stage, "footer.back ");
    stage_free(stage);
}

static void test_early_presses_are_dropped(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    stage_paint(stage, true);
    stage_pass(stage, 249);
    stage_press(stage, "1");
    stage_touch_id(stage, "work", NULL);
    stage_expect(stage, "");
    assert_true(stage->touched > 1);
    stage_press(stage, "\x1b[21~\x03");
    stage_expect(stage, "F10 ^3 ");
    stage_pass(stage, 1);
    stage_press(stage, "1");
    stage_expect(stage, "work ");
    stage_free(stage);
}

static void test_interrupts_and_function_keys(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_STORY);
    stage_press(stage, "\x03\x1a\x1c\x1b[24~");
    stage_expect(stage, "^3 ^26 ^28 F12 ");
    stage_free(stage);
}

/* ---- Touch --------------------------------------------------------------- */

static void test_touch_begins_and_ends_in_the_target(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    stage_touch_id(stage, "work", NULL);
    stage_expect(stage, "work ");
    struct ui_place work = *stage_find(stage, "work", NULL);
    struct ui_place house = *stage_find(stage, "house", NULL);
    stage_touch(stage, work.row, work.col, house.row, house.col);
    stage_touch(stage, work.row, work.col, work.row, work.col + work.cols);
    stage_touch(stage, work.row - 1, work.col, work.row, work.col);
    stage_expect(stage, "");
    stage_touch_id(stage, "off", NULL);
    stage_expect(stage, "");
    stage_touch_id(stage, "footer.end", NULL);
    stage_expect(stage, "footer.end ");
    stage_press(stage, "\x1b[<0;5;5m"); /* up without down */
    stage_expect(stage, "");
    stage_free(stage);
}

static void test_touch_on_rows(void **state)
{
    struct stage *stage = stage_new(15, 40);

    (void)state;
    stage_show(stage, UI_PAGE_LIST);
    stage_touch_id(stage, "county", "14");
    stage_expect(stage, "county=row-3 ");
    stage_free(stage);
}

static void test_any_key_pages(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_ATTRACT);
    stage_press(stage, "*");
    stage_press(stage, "\x1b[24~");
    stage_expect(stage, "F12 ");
    stage_press(stage, "5");
    stage_press(stage, "\x7f");
    stage_press(stage, "\x1b[A");
    stage_press(stage, "\r");
    stage_touch(stage, 3, 3, 20, 70);
    stage_expect(stage, "attract.begin attract.begin attract.begin "
                        "attract.begin attract.begin ");
    stage_free(stage);
}

/* Where nobody knocks, any key is any key; one with a meaning of its own keeps
 * that one, too. */
static void test_any_key_is_any_key(void **state)
{
    static const char *const keys[] = { "*", "\x7f", "0",      "q",
                                        "#", "\r",   "\x1b[A", "\x1b[3~" };
    struct stage *stage = stage_new(24, 80);

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        stage_show(stage, UI_PAGE_IDLE);
        stage_press(stage, keys[i]);
        stage_expect(stage, "idle.warn ");
    }
    stage_show(stage, UI_PAGE_IDLE);
    stage_press(stage, "\x1b[20~");
    stage_expect(stage, "idle.warn F9 ");
    stage_show(stage, UI_PAGE_IDLE);
    stage_press(stage, "\x03");
    assert_non_null(strstr(stage->seen, "idle.warn "));
    stage_free(stage);
}

/* Two stars and a hash, one soon after another. */
static void test_knocking(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_ATTRACT);
    stage_press(stage, "**#");
    stage_expect(stage, "attract.staff ");
    stage_press(stage, "*");
    stage_press(stage, "*");
    stage_press(stage, "\r");
    stage_expect(stage, "attract.staff ");
    stage_press(stage, "***");
    stage_press(stage, "#");
    stage_expect(stage, "attract.staff ");
    stage_press(stage, "*#");
    stage_press(stage, "#");
    stage_press(stage, "**5");
    stage_press(stage, "#");
    stage_expect(stage,
                 "attract.begin attract.begin attract.begin attract.begin ");
    stage_press(stage, "**");
    stage_pass(stage, 5001);
    stage_press(stage, "#");
    stage_expect(stage, "attract.begin ");
    stage_press(stage, "**");
    stage_show(stage, UI_PAGE_ATTRACT); /* another page, the same words */
    stage_press(stage, "#");
    stage_expect(stage, "attract.begin ");
    stage_show(stage, UI_PAGE_CHOICE);
    stage_press(stage, "**#");
    stage_expect(stage, "footer.back ");
    stage_free(stage);
}

/* ---- Typing -------------------------------------------------------------- */

static void test_typing_digits(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_PHONE);
    stage_press(stage, "#");
    stage_expect(stage, "footer.go "); /* empty: other ways */
    stage_press(stage, "138a-x１");
    assert_string_equal(view_typed(stage->view, "phone"), "1381");
    assert_true(stage_is_on_screen(stage, "1381"));
    stage_press(stage, "*");
    stage_press(stage, "\x7f");
    assert_string_equal(view_typed(stage->view, "phone"), "13");
    stage_press(stage, "0123456789");
    assert_string_equal(view_typed(stage->view, "phone"), "13012345678");
    assert_int_equal(stage->cut, 1);
    stage_press(stage, "#");
    stage_expect(stage, "!phone=13012345678 ");
    stage_press(stage, "\r");
    stage_expect(stage, "!phone=13012345678 ");
    stage_touch_id(stage, "footer.go", NULL);
    stage_expect(stage, "!phone=13012345678 ");
    stage_touch_id(stage, "footer.back", NULL); /* a touch on back means back */
    stage_expect(stage, "footer.back ");
    for (int i = 0; i < 11; i++)
        stage_press(stage, "*");
    stage_expect(stage, "");
    stage_press(stage, "*");
    stage_expect(stage, "footer.back ");
    stage_free(stage);
}

/* A code that was wrong is asked for again, in an empty field. */
static void test_a_field_is_ended_once(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_PHONE);
    stage_press(stage, "138#");
    stage_expect(stage, "!phone=138 ");
    view_wipe(stage->view);
    ui_page_fill(stage->view, UI_PAGE_PHONE);
    stage_paint(stage, false);
    stage_press(stage, "#");
    stage_press(stage, "\r");
    stage_touch_id(stage, "footer.go", NULL);
    stage_expect(stage, "");
    stage_press(stage, "9"); /* and may be answered at once */
    assert_string_equal(view_typed(stage->view, "phone"), "9");
    stage_press(stage, "*");
    stage_pass(stage, 250);
    stage_press(stage, "#");
    stage_expect(stage, "footer.go ");
    stage_free(stage);
}

/* What is typed is in the field's own memory and nowhere in the view. */
static void test_a_secret_is_stars(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_PIN);
    stage_press(stage, "730582");
    stage_paint(stage, false);
    assert_true(stage_is_on_screen(stage, "******"));
    assert_false(stage_is_on_screen(stage, "7305"));
    assert_string_equal(view_find(stage->view, "pin")->value, "******");
    assert_string_equal(view_typed(stage->view, "pin"), "730582");
    stage_press(stage, "*");
    assert_string_equal(view_typed(stage->view, "pin"), "73058");
    stage_press(stage, "29164045555");
    assert_string_equal(view_typed(stage->view, "pin"), "730582916404");
    stage_press(stage, "\x1b[D"); /* the caret knows the stars */
    stage_press(stage, "*");
    assert_string_equal(view_typed(stage->view, "pin"), "73058291644");
    stage_press(stage, "#");
    stage_expect(stage, "!pin=73058291644 ");
    stage_free(stage);
}

static void test_typing_on_the_pad(void **state)
{
    struct stage *stage = stage_new(15, 40);

    (void)state;
    stage_show(stage, UI_PAGE_PHONE);
    stage_touch_id(stage, "pad", "1");
    stage_touch_id(stage, "pad", "0");
    stage_touch_id(stage, "pad", "9");
    stage_touch_id(stage, "pad", "*");
    stage_touch_id(stage, "pad", "#");
    stage_expect(stage, "!phone=10 ");
    stage_touch_id(stage, "none", NULL);
    stage_expect(stage, "none ");
    stage_free(stage);
}

static void test_typing_survives(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_PHONE);
    stage_press(stage, "139");
    stage_set_size(stage, 15, 40);
    ui_resize(stage->ui);
    stage_pass(stage, 0);
    assert_true(stage_is_on_screen(stage, "139"));
    stage_show(stage, UI_PAGE_CHOICE); /* another page, then back */
    stage_show(stage, UI_PAGE_PHONE);
    stage_press(stage, "7");
    assert_string_equal(view_typed(stage->view, "phone"), "1397");
    view_wipe(stage->view); /* while it is still on the screen */
    stage_press(stage, "7#*1");
    stage_touch(stage, 5, 5, 5, 5);
    stage_expect(stage, "");
    assert_int_equal(ui_place_count(stage->ui), 0);
    stage_free(stage);
}

static void test_typing_text(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_STORY);
    stage_press(stage, "路灯#3坏了");
    stage_press(stage, "\x1b[H");
    stage_press(stage, "A");
    stage_press(stage, "\x1b[F");
    stage_press(stage, "B");
    stage_press(stage, "*");
    assert_string_equal(view_typed(stage->view, "story"), "A路灯#3坏了");
    stage_press(stage, "\x1b[H\x1b[3~");
    stage_press(stage, " ");
    assert_string_equal(view_typed(stage->view, "story"), " 路灯#3坏了");
    stage_press(stage, "\r");
    stage_expect(stage, "!story= 路灯#3坏了 ");
    stage_press(stage, "\x1b[F");
    stage_touch_id(stage, "footer.delete", NULL);
    assert_string_equal(view_typed(stage->view, "story"), " 路灯#3坏");
    stage_expect(stage, "");
    stage_free(stage);
}

static void test_focus_beside_a_field(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_STORY);
    stage_press(stage, "x");
    stage_press(stage, "\t");
    assert_true(stage_find(stage, "later", NULL)->is_focus);
    stage_press(stage, " ");
    stage_expect(stage, "later ");
    stage_press(stage, "y"); /* writes all the same, and the focus is back */
    assert_string_equal(view_typed(stage->view, "story"), "xy");
    assert_true(stage_find(stage, "story", NULL)->is_focus);
    stage_press(stage, "\r");
    stage_expect(stage, "!story=xy ");
    stage_free(stage);
}

static void test_paste(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_PHONE);
    stage_press(stage, "\x1b[200~+138 1234-5678\r\r\x1b[201~");
    assert_string_equal(view_typed(stage->view, "phone"), "13812345678");
    stage_expect(stage, "");
    stage_show(stage, UI_PAGE_STORY);
    stage_press(stage, "\x1b[200~one\r\ntwo\x1b[201~");
    stage_expect(stage, "");
    assert_non_null(strstr(view_typed(stage->view, "story"), "two"));
    stage_show(stage, UI_PAGE_CHOICE);
    stage_press(stage, "\x1b[200~1\r#\x1b[201~"); /* chooses nothing */
    stage_expect(stage, "");
    stage_free(stage);
}

static void test_huge_paste(void **state)
{
    struct stage *stage = stage_new(24, 80);
    size_t size = 100 * 1024, sent = 0;
    char *bytes = mem_new(size + 16);

    (void)state;
    memset(bytes, '\r', size);
    memcpy(bytes, "\x1b[200~", 6);
    for (size_t i = 6; i < size; i += 7)
        bytes[i] = 'x';
    memcpy(bytes + size, "\x1b[201~", 6);
    stage_show(stage, UI_PAGE_STORY);
    while (sent < size + 6) {
        ssize_t len = write(stage->master, bytes + sent, size + 6 - sent);
        if (len > 0)
            sent += (size_t)len;
        loop_turn(stage->loop, 20);
    }
    for (int i = 0; i < STAGE_TURNS && stage->cut == 0; i++)
        stage_pass(stage, 0);
    assert_int_equal(stage->cut, 1);
    assert_int_equal(strlen(view_typed(stage->view, "story")), 500);
    stage_expect(stage, "");
    mem_free(bytes);
    stage_free(stage);
}

static void test_half_a_report_and_silence(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    assert_int_equal(write(stage->master, "\x1b[<0;1", 6), 6);
    for (int i = 0; i < 3; i++)
        loop_turn(stage->loop, 20);
    stage_pass(stage, 50);
    loop_fire_due(stage->loop);
    stage_expect(stage, "");
    stage_press(stage, "1"); /* a key again, no part of the report */
    stage_expect(stage, "work ");
    stage_free(stage);
}

/* ---- A field whose text is composed -------------------------------------- */

static void test_composed_keys_are_told(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_STROKES);
    stage_press(stage, "12#*\r\x7f");
    stage_expect(stage, "~1 ~2 ~# ~* ~\n ~* ");
    stage_touch_id(stage, "keys", "7");
    stage_expect(stage, "~7 ");
    stage_touch_id(stage, "footer.go", NULL);
    stage_expect(stage, "~# ");
    stage_touch_id(stage, "offer.2", NULL);
    stage_expect(stage, "offer.2 ");
    stage_press(stage, "上"); /* of a keyboard that writes Chinese */
    stage_expect(stage, "~上 ");
    ui_write(stage->ui, "上", strlen("上"));
    assert_string_equal(view_typed(stage->view, "strokes"), "夜里上");
    ui_write(stage->ui, "灯", strlen("灯"));
    ui_move_caret(stage->ui, -1);
    ui_sign(stage->ui, '*');
    assert_string_equal(view_typed(stage->view, "strokes"), "夜里灯");
    ui_sign(stage->ui, '#');
    stage_expect(stage, "!strokes=夜里灯 ");
    stage_free(stage);
}

/* Letters go on while words are offered; a touch picks one. */
static void test_letters_go_on(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_PINYIN);
    stage_press(stage, "b3 ");
    stage_expect(stage, "~b ~3 ~  ");
    stage_touch_id(stage, "letters", "signs");
    stage_expect(stage, "~signs ");
    stage_touch_id(stage, "offer.3", "3");
    stage_expect(stage, "offer.3 ");
    /* Arrows lead to what is offered, Enter takes it. */
    stage_press(stage, "\033[B\r");
    stage_expect(stage, "offer.1 ");
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choosing_by_keys),
        cmocka_unit_test(test_two_digits_on_another_turn),
        cmocka_unit_test(test_turn_is_kept_through_sizes),
        cmocka_unit_test(test_a_page_comes_back_as_it_was),
        cmocka_unit_test(test_forgotten_halfway),
        cmocka_unit_test(test_lone_escape_is_back),
        cmocka_unit_test(test_enter_presses_a_moved_focus),
        cmocka_unit_test(test_two_digits),
        cmocka_unit_test(test_turning),
        cmocka_unit_test(test_early_presses_are_dropped),
        cmocka_unit_test(test_interrupts_and_function_keys),
        cmocka_unit_test(test_touch_begins_and_ends_in_the_target),
        cmocka_unit_test(test_touch_on_rows),
        cmocka_unit_test(test_any_key_pages),
        cmocka_unit_test(test_any_key_is_any_key),
        cmocka_unit_test(test_knocking),
        cmocka_unit_test(test_a_secret_is_stars),
        cmocka_unit_test(test_typing_digits),
        cmocka_unit_test(test_a_field_is_ended_once),
        cmocka_unit_test(test_typing_on_the_pad),
        cmocka_unit_test(test_typing_survives),
        cmocka_unit_test(test_typing_text),
        cmocka_unit_test(test_focus_beside_a_field),
        cmocka_unit_test(test_paste),
        cmocka_unit_test(test_huge_paste),
        cmocka_unit_test(test_half_a_report_and_silence),
        cmocka_unit_test(test_composed_keys_are_told),
        cmocka_unit_test(test_letters_go_on),
    };
    (void)setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
