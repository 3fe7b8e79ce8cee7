/* Where everything on a page stands.  A view and a window's size go in; what
 * comes out is a list of marks (what to paint where, in which ink) and a list
 * of places (what can be found and pressed where).  Pure: no terminal, no
 * clock, the same input gives the same page. */
#pragma once

#include "kiosk/ui/pool.h"
#include "kiosk/ui/theme.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/view.h"

#include <stdbool.h>
#include <stddef.h>

struct qr;

enum {
    LAYOUT_ROWS_MIN = 15,
    LAYOUT_COLS_MIN = 40,
    LAYOUT_ROWS_BIG = 24, /* from here on targets are three rows high */
    LAYOUT_COLS_BIG = 80,
    LAYOUT_ROWS_REACH = 44, /* what a hand reaches on a tall screen */
    LAYOUT_COLS_MAX = 110,
    LAYOUT_ID_BYTES = 160
};

/* Cells of the window, from 0. */
struct area {
    int row, col, rows, cols;
};

enum mark_kind {
    MARK_TEXT, /* text, len in one line */
    MARK_BOX,  /* a frame, its inside filled */
    MARK_RULE, /* a line from side to side */
    MARK_FILL, /* blank cells of the ink's colour */
    MARK_QR    /* qr */
};

struct mark {
    enum mark_kind kind;
    enum ink ink;
    int row, col, rows, cols; /* from 0 */
    const char *text;
    size_t len;
    int place; /* the number, from 1, of the place it belongs to: focus changes
                  its ink; 0: none */
};

/* What stands first on a turn, under its headings: where the person is when the
 * page is laid out anew with other words or for another size. */
struct layout_anchor {
    char id[LAYOUT_ID_BYTES]; /* of an element; "": the page's beginning */
    size_t row;               /* of a list */
    int line;                 /* of a text that goes on from turn to turn */
};

/* What is to be laid out. */
struct layout_ask {
    const struct view *view;
    int rows, cols;
    int turn;                           /* from 1; clamped */
    const struct layout_anchor *anchor; /* NULL: that turn; else the one on
                                           which this stands, if it does */
    size_t caret;        /* code points before it, in the field for typing */
    const char *pending; /* the first digit of a two-digit number, or "" */
    bool has_smaller;    /* a QR that does not fit gets its turn all the same:
                         there the letters become smaller */
};

struct layout {
    int rows, cols;
    bool is_too_small;
    struct mark *marks;
    size_t mark_count, mark_room;
    struct ui_place *places;
    size_t place_count, place_room;
    int turn, turns;
    struct layout_anchor anchor; /* of this turn */
    int field_turn; /* where the field for typing stands; 0: nowhere */
    int error_turn; /* where it says what is not right; 0: nowhere */
    int caret_row, caret_col; /* from 0; -1: no field on this turn */
    bool is_qr_here; /* on this turn stands the QR, or what is said instead */
    struct qr *qr;
    struct pool texts;    /* what marks and places point to besides the view */
    struct element *made; /* footer keys that a turning page needs and the
                             view lacks */
};

struct layout *layout_new(void);
void layout_free(struct layout *layout);

/* Lays out one turn.  Marks and places point into the view as well. */
void layout_make(struct layout *layout, const struct layout_ask *ask);
/* Forgets everything. */
void layout_clear(struct layout *layout);
