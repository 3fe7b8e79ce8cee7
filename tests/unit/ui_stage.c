#include "tests/unit/ui_stage.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

static void stage_note(struct stage *stage, const char *what, const char *id,
                       const char *text)
{
    size_t len = strlen(stage->seen);
    (void)snprintf(stage->seen + len, sizeof stage->seen - len, "%s%s%s%s%s ",
                   what, id ? id : "", text ? "=" : "", text ? text : "", "");
}

static void on_input(void *owner, const struct ui_input *input)
{
    struct stage *stage = owner;
    char number[32];

    (void)snprintf(number, sizeof number, "%d", input->number);
    switch (input->kind) {
    case UI_PRESSED:
        stage_note(stage, "", input->id, input->text);
        break;
    case UI_ENTERED:
        stage_note(stage, "!", input->id, input->text);
        break;
    case UI_FUNCTION:
        stage_note(stage, "F", number, NULL);
        break;
    case UI_INTERRUPT:
        stage_note(stage, "^", number, NULL);
        break;
    case UI_WRITING:
        stage_note(stage, "~", input->text, NULL);
        stage->is_dirty = true;
        break;
    case UI_NO_ROOM:
        stage_note(stage, "no room", "", NULL);
        break;
    case UI_TOUCHED:
        stage->touched++;
        break;
    case UI_CHANGED:
        stage->changed++;
        stage->is_dirty = true;
        stage->cut += input->was_cut;
        break;
    }
}

/* What the terminal has painted by now. */
void stage_watch_terminal(struct stage *stage)
{
    char bytes[8192];
    ssize_t len;

    while ((len = read(stage->master, bytes, sizeof bytes)) > 0)
        (void)vterm_input_write(stage->vterm, bytes, (size_t)len);
}

void stage_paint(struct stage *stage, bool is_new)
{
    ui_page_fill(stage->view, stage->page);
    ui_paint(stage->ui, stage->view, is_new);
    stage->is_dirty = false;
    stage_watch_terminal(stage);
}

void stage_pass(struct stage *stage, int ms)
{
    stage->now_ms += ms;
    clock_pretend(stage->now_ms, stage->now_ms);
    loop_turn(stage->loop, 0);
    if (stage->is_dirty)
        stage_paint(stage, false);
}

void stage_show(struct stage *stage, enum ui_page page)
{
    stage->page = page;
    stage->seen[0] = '\0';
    stage->touched = stage->changed = stage->cut = 0;
    stage_paint(stage, true);
    stage_pass(stage, 250);
}

/* Keys in one piece; each turn of the loop then repaints as the app does. */
void stage_press(struct stage *stage, const char *bytes)
{
    size_t len = strlen(bytes);
    int touched = stage->touched;

    assert_int_equal(write(stage->master, bytes, len), (ssize_t)len);
    for (int i = 0; i < STAGE_TURNS && stage->touched == touched; i++)
        loop_turn(stage->loop, 20);
    for (int i = 0; i < 3; i++)
        stage_pass(stage, 0);
}

void stage_touch(struct stage *stage, int row, int col, int up_row, int up_col)
{
    char bytes[64];
    (void)snprintf(bytes, sizeof bytes, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", col,
                   row, up_col, up_row);
    stage_press(stage, bytes);
}

const struct ui_place *stage_find(struct stage *stage, const char *id,
                                  const char *key)
{
    for (size_t i = 0; i < ui_place_count(stage->ui); i++) {
        const struct ui_place *place = ui_place(stage->ui, i);
        if (strcmp(place->element->id, id) == 0 &&
            (!key || strcmp(place->row_key, key) == 0))
            return place;
    }
    fail_msg("nothing stands for %s", id);
    return NULL;
}

void stage_touch_id(struct stage *stage, const char *id, const char *key)
{
    struct ui_place at = *stage_find(stage, id, key);
    stage_touch(stage, at.row, at.col, at.row + at.rows - 1,
                at.col + at.cols - 1);
}

void stage_expect(struct stage *stage, const char *expected)
{
    assert_string_equal(stage->seen, expected);
    stage->seen[0] = '\0';
}

void stage_set_size(struct stage *stage, int rows, int cols)
{
    struct winsize size = { .ws_row = (unsigned short)rows,
                            .ws_col = (unsigned short)cols };
    assert_int_equal(ioctl(stage->master, TIOCSWINSZ, &size), 0);
    if (stage->vterm)
        vterm_set_size(stage->vterm, rows, cols);
}

struct stage *stage_new(int rows, int cols)
{
    struct stage *stage = mem_new(sizeof *stage);

    assert_int_equal(openpty(&stage->master, &stage->slave, NULL, NULL, NULL),
                     0);
    assert_int_equal(fcntl(stage->master, F_SETFL, O_NONBLOCK), 0);
    stage_set_size(stage, rows, cols);
    stage->vterm = vterm_new(rows, cols);
    vterm_set_utf8(stage->vterm, 1);
    stage->screen = vterm_obtain_screen(stage->vterm);
    vterm_screen_reset(stage->screen, 1);
    stage->now_ms = STAGE_START_MS;
    clock_pretend(STAGE_START_MS, STAGE_START_MS);
    stage->loop = loop_new();
    stage->view = view_new();
    assert_int_equal(ui_open(stage->loop, stage->slave, stage->slave,
                             "xterm-256color", on_input, stage, &stage->ui),
                     ERR_OK);
    return stage;
}

void stage_free(struct stage *stage)
{
    ui_close(stage->ui);
    assert_int_equal(loop_open_count(stage->loop), 0);
    loop_free(stage->loop);
    view_free(stage->view);
    vterm_free(stage->vterm);
    (void)close(stage->slave);
    (void)close(stage->master);
    clock_pretend_end();
    mem_free(stage);
}

/* ---- What a person sees ------------------------------------------------- */

VTermScreenCell stage_cell_at(const struct stage *stage, int row, int col)
{
    VTermScreenCell cell;
    VTermPos at = { .row = row, .col = col };
    assert_true(vterm_screen_get_cell(stage->screen, at, &cell));
    return cell;
}

static void add_code_point(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_add_char(out, (char)c);
    } else if (c < 0x800) {
        buf_add_char(out, (char)(0xc0 | c >> 6));
        buf_add_char(out, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_add_char(out, (char)(0xe0 | c >> 12));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (c & 0x3f)));
    }
}

void stage_read_row(const struct stage *stage, int row, struct buf *out)
{
    int rows, cols;

    buf_clear(out);
    vterm_get_size(stage->vterm, &rows, &cols);
    for (int col = 0; col < cols; col++) {
        uint32_t c = stage_cell_at(stage, row, col).chars[0];
        if (c != (uint32_t)-1)
            add_code_point(out, c ? c : ' ');
    }
}

bool stage_is_on_screen(const struct stage *stage, const char *text)
{
    int rows, cols;
    struct buf line;
    bool is_there = false;

    buf_init(&line, STAGE_LINE_BYTES);
    vterm_get_size(stage->vterm, &rows, &cols);
    for (int row = 0; row < rows; row++) {
        stage_read_row(stage, row, &line);
        is_there = is_there || strstr(line.text, text);
    }
    buf_done(&line);
    return is_there;
}

bool stage_connects(const struct stage *stage, int row, int col, const char *to)
{
    uint32_t c = stage_cell_at(stage, row, col).chars[0];
    struct buf glyph;
    bool does;

    buf_init(&glyph, 8);
    add_code_point(&glyph, c ? c : ' ');
    does = strstr(to, glyph.text) != NULL;
    buf_done(&glyph);
    return does;
}
