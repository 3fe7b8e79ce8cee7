/* The only file that knows ncurses: it paints what layout made, and nothing
 * else.  It reads no key and handles no signal; the terminal's raw mode,
 * its mouse and paste reports, and giving all that back, are here too. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/ui/layout.h"

struct paint;

/* ERR_NO_DEVICE when the descriptors are no terminal, ERR_NOT_FOUND when
 * nothing is known about this kind of terminal.  With -1 for both nothing is
 * painted: in the simulator pages are laid out, and nobody looks. */
MUST_CHECK enum err paint_open(int fd_in, int fd_out, const char *term,
                               struct paint **ret_paint);
void paint_close(struct paint *paint);

/* What paint_measure cannot find out where there is no terminal. */
void paint_pretend_size(struct paint *paint, int rows, int cols);

/* Reads the window's size anew. */
void paint_measure(struct paint *paint);
void paint_size(const struct paint *paint, int *ret_rows, int *ret_cols);
void paint_set_theme(struct paint *paint, enum ui_theme theme);

/* Which place has the focus.  The cursor always stands there; its colours show
 * only once the person moved it, else the first choice of each page would look
 * as if it were chosen already. */
struct paint_focus {
    int place; /* -1: none */
    bool is_marked;
    bool at_caret; /* the cursor stands at the layout's caret */
};

void paint_show(struct paint *paint, const struct layout *layout,
                const struct paint_focus *focus);
/* What the terminal shows is not known any more. */
void paint_forget(struct paint *paint);
void paint_bell(struct paint *paint);
/* Says something to the terminal that paints nothing. */
void paint_say(struct paint *paint, const char *sequence);
/* What was painted is not kept: neither here, where ncurses holds what it wrote
 * last, nor in a terminal that has a scroll-back or a clipboard.  The next page
 * is painted whole. */
void paint_wipe(struct paint *paint);
