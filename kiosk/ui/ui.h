/* The terminal: lays a view out, paints it by ncurses, reads keys and touches
 * by keys.c, and turns them into what the person meant by them on this page.
 *
 * Layout: 40×15 to 200×60; from 80×24 on targets are three rows high, below
 * that one.  A page that does not fit turns (# on, * back).  Presses within
 * 250 ms of a new page or turn are dropped.  Nothing here blocks. */
#pragma once

#include "kiosk/base/loop.h"
#include "kiosk/ui/view.h"

#include <stdbool.h>
#include <stddef.h>

struct ui;

enum ui_theme { UI_THEME_NORMAL, UI_THEME_CONTRAST };

enum ui_input_kind {
    UI_PRESSED,   /* an element: id, and for a row its value */
    UI_ENTERED,   /* a field was ended: id and what stands in it */
    UI_FUNCTION,  /* a function key: number */
    UI_INTERRUPT, /* Ctrl-C, Ctrl-Z, Ctrl-\: number is the control character */
    UI_WRITING,   /* text: a key for whoever composes the field's text */
    UI_NO_ROOM,   /* there is no memory for what was written: it is not kept */
    UI_TOUCHED,   /* anything at all was pressed: for the idle limit */
    UI_CHANGED    /* repaint needed: typed, focus moved, turned, resized */
};

struct ui_input {
    enum ui_input_kind kind;
    const char *id;
    const char *text; /* UI_ENTERED: what was typed; UI_PRESSED on a row: its
                         value */
    int number;
    bool was_touched; /* UI_WRITING: on the glass */
    bool is_empty;    /* UI_WRITING: nothing stands in the field yet */
    bool was_cut;     /* UI_ENTERED, UI_CHANGED: text was longer than allowed */
};

typedef void (*ui_input_fn)(void *owner, const struct ui_input *input);

/* Takes the terminal at fd_in and fd_out over (raw, alternate screen, mouse,
 * bracketed paste); ui_close gives it back as it was. */
/* With -1 for both descriptors it is a pretended terminal, for the simulator:
 * pages are laid out and not painted, keys come by ui_feed(). */
MUST_CHECK enum err ui_open(struct loop *loop, int fd_in, int fd_out,
                            const char *term, ui_input_fn on_input, void *owner,
                            struct ui **ret_ui);
void ui_close(struct ui *ui);
/* As if a keyboard or a touch screen had sent these bytes. */
void ui_feed(struct ui *ui, const char *bytes, size_t len);
void ui_pretend_size(struct ui *ui, int rows, int cols);

/* The window's size changed (SIGWINCH came): read it anew. */
void ui_resize(struct ui *ui);
void ui_size(const struct ui *ui, int *ret_rows, int *ret_cols);
void ui_set_theme(struct ui *ui, enum ui_theme theme);

/* Large print (large.h): the letters that the terminal began with, and up to
 * two larger sizes, in points; 0: none. */
enum { UI_LARGE_LEVELS = 2, UI_FONT_BYTES = 64 };
struct ui_letters {
    const char *font;
    int size;
    int large[UI_LARGE_LEVELS];
};
/* Once, after the first page: tries whether the terminal can do it. */
void ui_try_large(struct ui *ui, const struct ui_letters *letters);
/* The levels that were proved by the terminal: 0 (none), 1 or 2. */
int ui_large_levels(const struct ui *ui);
int ui_large(const struct ui *ui);
/* 0: as it began. */
void ui_set_large(struct ui *ui, int level);

/* Lays out and paints the view; it stays the caller's and is read again until
 * the next call.  is_new_page: turn 1, focus at its start, 250 ms begin. */
void ui_paint(struct ui *ui, struct view *view, bool is_new_page);
/* Where one is on the page that was painted last: turn and focus. */
struct ui_spot;
struct ui_spot *ui_spot_new(const struct ui *ui);
void ui_spot_free(struct ui_spot *spot);
/* As ui_paint() of a page that was left for another one and is back, exactly
 * where one was. */
void ui_paint_again(struct ui *ui, struct view *view,
                    const struct ui_spot *spot);
/* Forgets what the terminal shows: everything is painted anew. */
void ui_redraw(struct ui *ui);

/* What stands where on the turn that was painted last. */
struct ui_place {
    const struct element *element;
    const char *row_value; /* a list's row, else NULL */
    const char *row_text;
    const char *row_key;
    const char *text; /* of a footer key as painted (下一页 1/2) */
    bool is_chosen, is_focus;
    bool can_press;
    int row, col, rows, cols; /* from 1; 0 when it has no place */
};
size_t ui_place_count(const struct ui *ui);
const struct ui_place *ui_place(const struct ui *ui, size_t at);
int ui_turn(const struct ui *ui, int *ret_turns);
/* The first digit of a number of two, while the second is awaited; or "". */
const char *ui_pending(const struct ui *ui);

/* For who composes the text of the field: writes at its caret, moves that, or
 * means '*', '#' or Enter ('\n') as in any other field.  Nothing happens where
 * no field is written. */
void ui_write(struct ui *ui, const char *text, size_t len);
void ui_move_caret(struct ui *ui, long by);
void ui_sign(struct ui *ui, char sign);

/* Bells as a setting allows; writes one BEL. */
void ui_bell(struct ui *ui);
/* A session ends: what is half typed, pasted, touched or painted is nobody's any
 * more.  Until the next ui_paint() nothing stands on the page. */
void ui_forget(struct ui *ui);
