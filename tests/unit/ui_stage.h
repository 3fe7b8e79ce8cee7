/* A pseudo-terminal with kiosk/ui at one end and libvterm at the other: a test
 * sends the bytes of a keyboard or a touch screen and sees what a person
 * would see, on a pretend clock. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/ui/ui.h"
#include "tests/unit/ui_pages.h"

#include <stdbool.h>
#include <vterm.h>

enum { STAGE_TURNS = 50, STAGE_START_MS = 1000000, STAGE_LINE_BYTES = 4096 };

struct stage {
    int master, slave;
    struct loop *loop;
    struct ui *ui;
    struct view *view;
    VTerm *vterm;
    VTermScreen *screen;
    enum ui_page page;
    int64_t now_ms;
    bool is_dirty;
    char seen[4096]; /* what ui said, but for touched and changed */
    int touched, changed, cut;
};

void stage_watch_terminal(struct stage *stage);
void stage_paint(struct stage *stage, bool is_new);
void stage_pass(struct stage *stage, int ms);
void stage_show(struct stage *stage, enum ui_page page);
void stage_press(struct stage *stage, const char *bytes);
void stage_touch(struct stage *stage, int row, int col, int up_row, int up_col);
const struct ui_place *stage_find(struct stage *stage, const char *id,
                                  const char *key);
void stage_touch_id(struct stage *stage, const char *id, const char *key);
void stage_expect(struct stage *stage, const char *expected);
void stage_set_size(struct stage *stage, int rows, int cols);
struct stage *stage_new(int rows, int cols);
void stage_free(struct stage *stage);
VTermScreenCell stage_cell_at(const struct stage *stage, int row, int col);
void stage_read_row(const struct stage *stage, int row, struct buf *out);
bool stage_is_on_screen(const struct stage *stage, const char *text);
bool stage_connects(const struct stage *stage, int row, int col,
                    const char *to);
