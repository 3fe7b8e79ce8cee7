/* Writes wrapped lines, of which only some may stand on this turn.  For the
 * drawing files of layout only. */
#pragma once

#include "kiosk/ui/plan.h"

struct pen {
    struct layout *layout;
    enum ink ink;
    int row, col, cols;
    int skip, left; /* lines still to skip, and to write */
    int place;      /* as in struct mark */
    bool is_centred;
    int end_col; /* behind the last line written */
};

struct pen pen_for(struct plan *plan, enum ink ink, int row, int col, int cols);
/* Returns the rows written; the pen then stands below them. */
int write_lines(struct pen *pen, const char *text);
