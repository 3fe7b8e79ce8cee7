/* How layout works inside: one page on its way from elements to marks.  Only
 * layout.c, unit.c, grid.c, draw.c and surround.c include this.
 *
 * The body's elements become units: pieces that stand under each other and
 * that a turn of the page does not tear (only long words may be split, by
 * lines).  Units are measured, packed into turns, and those of the wanted turn
 * are drawn.  When a page does not fit at once it is tried tighter: with less
 * room between, more columns, and in small windows without notes. */
#pragma once

#include "kiosk/ui/layout.h"

enum { DENSITY_MAX = 3, SQUEEZE_MAX = 8 };

enum unit_kind {
    UNIT_LINES, /* heading, text, notice */
    UNIT_FACT,
    UNIT_LARGE, /* a fact in large letters */
    UNIT_CELLS, /* one row of choices, or of a list's rows */
    UNIT_FIELD,
    UNIT_PAD,
    UNIT_PROGRESS
};

/* How the cells of one run of choices, or of a list, stand. */
struct grid {
    int columns, cell_cols, col_gap;
    int col;        /* of the first cell */
    int key_cols;   /* what the key and the room after it take */
    int label_cols; /* of facts that can be pressed, with the room after */
    bool has_notes;
    bool may_be_denser; /* further columns would fit */
};

struct unit {
    enum unit_kind kind;
    const struct element *element;
    const char *text; /* as shown */
    struct grid grid;
    size_t first, count; /* cells: in plan.body, or rows of the list */
    int rows;
    int bare_rows; /* of a fact below one of the same label: without it */
    int gap;       /* free rows before it, unless it is first on its turn */
    int label_cols;
    bool can_split;
    bool stays_with_next;
    bool leads; /* a heading that every turn repeats */
};

/* A unit, or some lines of it, on a turn. */
struct slot {
    size_t unit;
    int turn, row; /* row in the body */
    int first, rows;
};

/* The units as they are with so many further columns: how airy they stand
 * changes only their gaps, so each attempt but the first finds them here. */
struct measured {
    struct unit *units; /* in layout.texts; NULL: not measured yet */
    size_t count;
    bool with_notes;
    int squeeze;
};

/* An element's words as the terminal can show them. */
struct shown {
    const char *text, *value, *note;
};

/* What the widest cell of a run of choices, or of a list, wants. */
struct want {
    size_t count;
    int text_cols, key_cols, label_cols;
    int marked_cols; /* of the widest words that are chosen, with their mark */
    bool has_notes, are_offers;
};

/* One thing to choose. */
struct cell {
    const struct element *element;
    const char *value; /* of a list's row, else NULL */
    const char *label; /* of a fact, else "" */
    const char *text, *note, *key;
    bool is_chosen, is_off;
};

struct plan {
    struct layout *layout;
    const struct layout_ask *ask;
    const struct view *view;
    const struct element **body; /* neither header, footer nor side */
    struct shown *shown;         /* of each element of the body */
    size_t body_count;
    const struct element *measured_list; /* whose want is list_want: rows are
                                            asked for their width once */
    struct want list_want;
    size_t labels_first, labels_end; /* in body: the run of facts of which */
    int labels_cols;                 /* this is the column of labels */
    bool is_big, is_poster, is_typing;
    bool is_composed; /* a page of writing: its pad and its line go first */
    bool has_footer;

    int left, width; /* the page's own columns */
    int title_row, title_rows;
    int body_row, body_rows;
    int footer_row; /* of its rule */
    int text_col, text_cols;
    int wide_col, wide_cols; /* for tiles with notes */

    /* A digit pad, or a QR, beside the rest. */
    const struct element *side;
    int side_col, side_cols;
    /* A page of writing has its pad at the body's foot, where it stays while
     * what stands above it changes. */
    const struct element *foot;
    int foot_row;
    const struct element *qr_alone;   /* on a last turn of its own */
    const struct element *qr_missing; /* no room anywhere: on the slip */

    /* How tight this attempt is. */
    int airiness; /* 2: paragraphs apart, 1: kinds apart, 0: nothing */
    int density;  /* further columns */
    bool with_notes;
    int squeeze; /* of a page of writing: 1: at most three lines of what is
                    written, 2: two, 3: one if that is all, 4: SPARE_EARLY
                    leaves, 5: SPARE_LATE instead, and one line in any case,
                    6: both, 7: the heading, too, 8: and the field's frame */

    struct unit *units; /* of the last attempt; in layout.texts, as slots */
    size_t unit_count, unit_room;
    struct measured measured[DENSITY_MAX + 1];
    struct slot *slots;
    size_t slot_count, slot_room;
    int turns; /* of the body, without qr_alone */
};

enum {
    WIDE_INDENT = 1,
    BOX_ROWS = 3,
    BOX_SIDES = 4,
    OFFER_SIDES = 2,
    PAD_COLUMNS = 3,
    PAD_KEY_COLS = 12
};

/* unit.c */
void units_make(struct plan *plan);
/* The gaps, for how airy this attempt is. */
void units_space(struct plan *plan);
/* The text itself where the screen has all of it, else a copy. */
const char *plan_shown(struct plan *plan, const char *text);
struct unit *plan_add_unit(struct plan *plan, enum unit_kind kind,
                           const struct element *element);
int plan_lines(const char *text, int cols);
/* The lines that a field for so many characters has. */
bool plan_field_is_boxed(const struct plan *plan);
int plan_field_cols(const struct plan *plan, const struct element *element);
int plan_field_lines(const struct plan *plan, const struct element *element);

/* Three keys side by side: it stands beside the rest where there is room. */
bool pad_is_narrow(const struct element *pad);
int pad_columns(const struct plan *plan, const struct element *pad);
int pad_rows(const struct plan *plan, const struct element *pad);

/* grid.c */
int cell_sides(const struct plan *plan, bool is_offer);
bool grid_takes(const struct element *element);
size_t grid_add_choices(struct plan *plan, size_t first);
void grid_add_list(struct plan *plan, const struct element *list);
/* The words of a list's row are the row function's own until its next call;
 * grid_cell_kept copies them for places and marks. */
struct cell grid_cell(struct plan *plan, const struct unit *unit, size_t at);
struct cell grid_cell_kept(struct plan *plan, const struct unit *unit,
                           size_t at);
/* A small window's cell in one text, the mark of a chosen one behind it. */
const char *grid_small_text(struct plan *plan, const struct cell *cell);

/* draw.c */
void draw_foot(struct plan *plan);
void draw_slot(struct plan *plan, const struct slot *slot, int top);
void draw_side(struct plan *plan);

/* draw_cells.c */
void draw_cells(struct plan *plan, const struct unit *unit, int row, int rows);
/* The area's rows follow from the keys. */
void draw_pad(struct plan *plan, const struct element *pad, struct area area);

/* The primitives, in layout.c. */
struct mark *layout_mark(struct layout *layout, enum mark_kind kind,
                         enum ink ink, struct area area);
/* Of words only ink, row, col, text, len and place are read. */
void layout_text(struct layout *layout, const struct mark *words);
struct ui_place *layout_place(struct layout *layout,
                              const struct element *element, struct area area);

/* turns.c: measures, packs, and keeps the best way found. */
void turns_find(struct plan *plan);
/* The turn that was asked for, once layout.turns is known. */
int turns_at(const struct plan *plan);
void turns_note_anchor(struct plan *plan);

/* surround.c */
void surround_measure(struct plan *plan);
void surround_draw(struct plan *plan);

/* footer.c */
void footer_draw(struct plan *plan);
/* One row of footer keys, as small windows have it. */
void footer_draw_row(struct plan *plan, int row);
