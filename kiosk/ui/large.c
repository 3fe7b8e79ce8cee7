#include "kiosk/ui/large.h"

#include "kiosk/base/mem.h"
#include "kiosk/ui/layout.h"

#include <assert.h>
#include <stdio.h>

enum {
    LARGE_MAGIC = 0x6c617267,
    LEVELS = UI_LARGE_LEVELS + 1, /* with the normal one */
    QUIET_MS = 1000, /* a window that was just opened finds its size first */
    REPLY_MS = 5000, /* a terminal that knows nothing of this says nothing */
    SETTLE_MS = 200, /* a window manager may answer in two steps */
    QR_ROWS_MIN = 21,
    SAY_BYTES = 256
};

enum phase { PHASE_NONE, PHASE_QUIET, PHASE_TRYING, PHASE_PROVED };

struct large {
    int magic;
    struct paint *paint;
    struct timer *timer;
    char font[UI_FONT_BYTES];
    int sizes[LEVELS]; /* points; 0: not wanted */

    enum phase phase;
    int tried; /* the level whose answer is awaited */
    struct {
        int rows, cols; /* 0: not known */
    } found[LEVELS];

    int levels; /* proved */
    int wanted; /* by the person */
    int shown;  /* asked for last */
    bool has_qr;
    bool is_awaited; /* the next size is the answer to what was asked */
};

static void say(struct large *large, int level)
{
    char text[SAY_BYTES];

    (void)snprintf(text, sizeof text, "\x1b]50;%s:size=%d\a", large->font,
                   large->sizes[level]);
    large->shown = level;
    large->is_awaited = true;
    paint_say(large->paint, text);
}

static void note_size(struct large *large, int level)
{
    paint_size(large->paint, &large->found[level].rows,
               &large->found[level].cols);
}

/* ---- Finding out -------------------------------------------------------- */

static void try_level(struct large *large, int level)
{
    large->tried = level;
    say(large, level);
    timer_start(large->timer, REPLY_MS);
}

static bool is_larger(const struct large *large, int level)
{
    return large->found[level].rows < large->found[level - 1].rows &&
           large->found[level].cols < large->found[level - 1].cols;
}

static bool has_room(const struct large *large, int level)
{
    return large->found[level].rows >= LAYOUT_ROWS_MIN &&
           large->found[level].cols >= LAYOUT_COLS_MIN;
}

static void judge(struct large *large)
{
    int level = 0;

    while (level + 1 < LEVELS && large->found[level + 1].rows > 0 &&
           is_larger(large, level + 1) && has_room(large, level + 1))
        level++;
    large->levels = level;
    large->phase = PHASE_PROVED;
}

/* One level after the other, and back; the first that changes nothing ends
 * it. */
static void on_timer(void *owner)
{
    struct large *large = owner;
    int level = large->tried;

    assert(large->magic == LARGE_MAGIC);
    if (large->phase == PHASE_QUIET) {
        large->phase = PHASE_TRYING;
        note_size(large, 0);
        try_level(large, 1);
        return;
    }
    note_size(large, level);
    if (level == 0)
        judge(large);
    else if (is_larger(large, level) && level + 1 < LEVELS &&
             large->sizes[level + 1] > 0)
        try_level(large, level + 1);
    else
        try_level(large, 0);
}

struct large *large_new(struct loop *loop, struct paint *paint)
{
    struct large *large = mem_new(sizeof *large);

    large->magic = LARGE_MAGIC;
    large->paint = paint;
    large->timer = timer_new(loop, "large print", on_timer, large);
    return large;
}

void large_free(struct large *large)
{
    if (!large)
        return;
    if (large->shown != 0)
        say(large, 0);
    timer_free(large->timer);
    mem_free(large);
}

void large_begin(struct large *large, const struct ui_letters *letters)
{
    assert(large->phase == PHASE_NONE);
    if (letters->size <= 0)
        return;
    (void)snprintf(large->font, sizeof large->font, "%s", letters->font);
    large->sizes[0] = letters->size;
    for (int i = 0; i < UI_LARGE_LEVELS; i++)
        large->sizes[i + 1] = letters->large[i];
    say(large, 0);
    if (large->sizes[1] <= 0)
        return;
    large->phase = PHASE_QUIET;
    timer_start(large->timer, QUIET_MS);
}

/* ---- Changing ----------------------------------------------------------- */

/* Where even the normal letters leave a QR no room, nothing is gained. */
static int fitting_level(const struct large *large, bool has_qr)
{
    int level = large->wanted;

    while (has_qr && level > 0 && large->found[level].rows < QR_ROWS_MIN)
        level--;
    return has_qr && large->found[level].rows < QR_ROWS_MIN ? large->wanted
                                                            : level;
}

static void apply(struct large *large)
{
    int level = fitting_level(large, large->has_qr);

    if (level != large->shown)
        say(large, level);
}

bool large_on_size(struct large *large)
{
    bool was_awaited = large->is_awaited && large->phase == PHASE_PROVED;

    large->is_awaited = false;
    if (large->phase == PHASE_QUIET)
        timer_start(large->timer, QUIET_MS);
    if (large->phase == PHASE_TRYING)
        timer_start(large->timer, SETTLE_MS);
    if (large->phase != PHASE_PROVED)
        return false;
    note_size(large, large->shown);
    if (large->shown > 0 && !has_room(large, large->shown))
        large_set(large, large->shown - 1);
    return was_awaited;
}

int large_levels(const struct large *large)
{
    return large->levels;
}

int large_level(const struct large *large)
{
    return large->wanted;
}

void large_set(struct large *large, int level)
{
    if (large->phase != PHASE_PROVED)
        return;
    large->wanted = level > large->levels ? large->levels : level;
    apply(large);
}

void large_make_room(struct large *large, bool has_qr)
{
    large->has_qr = has_qr;
    if (large->phase == PHASE_PROVED)
        apply(large);
}

bool large_has_smaller(const struct large *large)
{
    return large->phase == PHASE_PROVED &&
           fitting_level(large, true) < large->shown;
}
