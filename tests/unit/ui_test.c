/* What kiosk/ui paints, read back by libvterm; the window, the terminal, the
 * colours. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <pty.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "kiosk/ui/theme.h"
#include "tests/unit/ui_stage.h"

/* Below each upper corner its line goes on to the lower one: boxes are whole,
 * whatever Chinese stands in them. */
static void assert_boxes_are_whole(const struct stage *stage)
{
    int rows, cols, count = 0;

    vterm_get_size(stage->vterm, &rows, &cols);
    for (int row = 0; row < rows; row++) {
        for (int col = 0; col < cols; col++) {
            if (!stage_connects(stage, row, col, "┌┐"))
                continue;
            count++;
            int below = row + 1;
            while (below < rows && stage_connects(stage, below, col, "│"))
                below++;
            assert_true(below < rows && below > row + 1);
            assert_true(stage_connects(stage, below, col, "└┘"));
        }
    }
    assert_true(count % 2 == 0);
}

static const int sizes[][2] = {
    { 15, 40 }, { 24, 80 }, { 32, 100 }, { 60, 200 }
};

static void test_painted_as_laid_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct stage *stage = stage_new(sizes[i][0], sizes[i][1]);
        for (int page = 0; page < UI_PAGE_COUNT; page++) {
            stage_show(stage, (enum ui_page)page);
            assert_boxes_are_whole(stage);
            assert_true(stage_is_on_screen(stage, "─"));
            for (size_t at = 0; at < ui_place_count(stage->ui); at++) {
                const struct ui_place *place = ui_place(stage->ui, at);
                const char *words = place->text ? place->text : NULL;
                if (words)
                    assert_true(stage_is_on_screen(stage, words));
            }
        }
        stage_free(stage);
    }
}

static void test_a_page_as_drawn(void **state)
{
    static const char *const expected[] = {
        "居住证申领                      填写 3/5",
        "────────────────── 【演示】　打印机缺纸 ",
        "您凭哪一项申领？                        ",
        "                                        ",
        " 1 有稳定工作                           ",
        " 2 有稳定住处  [chosen]                 ",
        " 3 连续上学                             ",
        "   其他                                 ",
        "   本机不能办                           ",
        "                                        ",
        "为什么问：《居住证暂行条例》第二条      ",
        "                                        ",
        "                                        ",
        "────────────────────────────────────────",
        "[*]返回 [0]帮助 [English] [结束] [#]继续",
    };
    struct stage *stage = stage_new(15, 40);
    struct buf line;

    (void)state;
    buf_init(&line, STAGE_LINE_BYTES);
    stage_show(stage, UI_PAGE_CHOICE);
    for (int row = 0; row < 15; row++) {
        stage_read_row(stage, row, &line);
        assert_string_equal(line.text, expected[row]);
    }
    buf_done(&line);
    stage_free(stage);
}

static void assert_cursor(struct stage *stage, int row, int col)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(stage->vterm), &at);
    assert_int_equal(at.row + 1, row);
    assert_int_equal(at.col + 1, col);
}

static void test_cursor_stands_on_the_focus(void **state)
{
    struct stage *stage = stage_new(15, 40);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    assert_true(
        stage_find(stage, "house", NULL)->is_focus); /* the chosen one */
    assert_cursor(stage, stage_find(stage, "house", NULL)->row, 1);
    stage_press(stage, "\x1b[B");
    assert_true(stage_find(stage, "study", NULL)->is_focus);
    assert_cursor(stage, stage_find(stage, "study", NULL)->row, 1);
    stage_show(stage, UI_PAGE_PHONE);
    struct ui_place field = *stage_find(stage, "phone", NULL);
    assert_true(field.is_focus);
    assert_cursor(stage, field.row, field.col);
    stage_press(stage, "13");
    assert_cursor(stage, field.row, field.col + 2);
    stage_press(stage, "\x1b[D");
    assert_cursor(stage, field.row, field.col + 1);
    /* Of several rows, and still no box in a small window. */
    stage_show(stage, UI_PAGE_HOME);
    assert_cursor(stage, stage_find(stage, "tile-1", NULL)->row,
                  stage_find(stage, "tile-1", NULL)->col);
    stage_free(stage);
}

/* ---- Window and terminal ------------------------------------------------- */

static void test_resize_and_too_small(void **state)
{
    struct stage *stage = stage_new(24, 80);
    int rows, cols;

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    stage_set_size(stage, 14, 39);
    ui_resize(stage->ui);
    stage_pass(stage, 0);
    ui_size(stage->ui, &rows, &cols);
    assert_int_equal(rows, 14);
    assert_int_equal(cols, 39);
    assert_true(stage_is_on_screen(stage, "window too small"));
    assert_true(stage_is_on_screen(stage, "40x15, is 39x14"));
    stage_press(stage, "1");
    stage_expect(stage, "");
    stage_set_size(stage, 60, 200);
    ui_resize(stage->ui);
    stage_pass(stage, 0);
    assert_true(stage_is_on_screen(stage, "有稳定工作"));
    stage_press(stage, "1");
    stage_expect(stage, "work ");
    stage_free(stage);
}

static void on_nothing(void *owner, const struct ui_input *input)
{
    (void)owner;
    (void)input;
}

static void test_terminal_is_given_back(void **state)
{
    struct termios before, during, after;
    struct stage *stage;
    int master, slave;
    struct ui *ui = NULL;

    (void)state;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(tcgetattr(slave, &before), 0);
    struct loop *loop = loop_new();
    assert_int_equal(
        ui_open(loop, slave, slave, "xterm-256color", on_nothing, NULL, &ui),
        ERR_OK);
    assert_int_equal(tcgetattr(slave, &during), 0);
    assert_false(during.c_lflag & (ISIG | ICANON | ECHO));
    assert_false(during.c_iflag & IXON);
    ui_close(ui);
    assert_int_equal(tcgetattr(slave, &after), 0);
    assert_int_equal(after.c_lflag, before.c_lflag);
    assert_int_equal(after.c_iflag, before.c_iflag);
    assert_int_equal(after.c_oflag, before.c_oflag);
    (void)close(slave);
    (void)close(master);
    loop_free(loop);
    stage = stage_new(24, 80); /* and may be taken over again */
    stage_free(stage);
}

static void test_no_terminal(void **state)
{
    struct loop *loop = loop_new();
    struct ui *ui = NULL;
    int master, slave, ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(
        ui_open(loop, ends[0], ends[1], "xterm", on_nothing, NULL, &ui),
        ERR_NO_DEVICE);
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(
        ui_open(loop, slave, slave, "no such terminal", on_nothing, NULL, &ui),
        ERR_NOT_FOUND);
    assert_null(ui);
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(slave);
    (void)close(master);
    loop_free(loop);
}

static void test_theme_and_redraw(void **state)
{
    struct stage *stage = stage_new(24, 80);

    (void)state;
    stage_show(stage, UI_PAGE_CHOICE);
    VTermScreenCell normal = stage_cell_at(stage, 10, 79);
    ui_set_theme(stage->ui, UI_THEME_CONTRAST);
    stage_paint(stage, false);
    VTermScreenCell contrast = stage_cell_at(stage, 10, 79);
    assert_int_not_equal(normal.bg.indexed.idx, contrast.bg.indexed.idx);
    (void)vterm_input_write(stage->vterm, "\x1b[H\x1b[2J", 7);
    assert_false(stage_is_on_screen(stage, "有稳定工作"));
    ui_redraw(stage->ui);
    stage_watch_terminal(stage);
    assert_true(stage_is_on_screen(stage, "有稳定工作"));
    ui_bell(stage->ui);
    stage_free(stage);
}

/* ---- Colours ------------------------------------------------------------- */

static double channel(int value)
{
    double share = value / 255.0;
    return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

/* Relative luminance as WCAG 2 defines it, of xterm's fixed palette. */
static double luminance(int index)
{
    static const int steps[] = { 0, 95, 135, 175, 215, 255 };
    int red, green, blue;

    if (index >= 232) {
        red = green = blue = 8 + (index - 232) * 10;
    } else {
        red = steps[(index - 16) / 36];
        green = steps[(index - 16) / 6 % 6];
        blue = steps[(index - 16) % 6];
    }
    return 0.2126 * channel(red) + 0.7152 * channel(green) +
           0.0722 * channel(blue);
}

static void test_contrast(void **state)
{
    (void)state;
    for (int theme = 0; theme <= UI_THEME_CONTRAST; theme++) {
        for (int ink = 0; ink < INK_COUNT; ink++) {
            struct ink_look look =
                theme_look((enum ui_theme)theme, (enum ink)ink, 256);
            assert_in_range(look.text, 16, 255);
            assert_in_range(look.ground, 16, 255);
            double one = luminance(look.text), two = luminance(look.ground);
            double ratio = one > two ? (one + 0.05) / (two + 0.05)
                                     : (two + 0.05) / (one + 0.05);
            if (ratio < (theme == UI_THEME_CONTRAST ? 7.0 : 4.5))
                fail_msg("theme %d ink %d: %.2f", theme, ink, ratio);
            look = theme_look((enum ui_theme)theme, (enum ink)ink, 8);
            assert_int_not_equal(look.text, look.ground);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_painted_as_laid_out),
        cmocka_unit_test(test_a_page_as_drawn),
        cmocka_unit_test(test_cursor_stands_on_the_focus),
        cmocka_unit_test(test_resize_and_too_small),
        cmocka_unit_test(test_terminal_is_given_back),
        cmocka_unit_test(test_no_terminal),
        cmocka_unit_test(test_theme_and_redraw),
        cmocka_unit_test(test_contrast),
    };
    (void)setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
