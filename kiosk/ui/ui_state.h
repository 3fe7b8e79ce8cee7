/* What ui.c (terminal, painting, focus), press.c (what a key or a touch means
 * on this page) and type.c (what it means in a field) share.  Nobody else
 * includes this. */
#pragma once

#include "kiosk/ui/keys.h"
#include "kiosk/ui/large.h"
#include "kiosk/ui/layout.h"
#include "kiosk/ui/paint.h"
#include "kiosk/ui/typed.h"
#include "kiosk/ui/ui.h"

enum {
    UI_MAGIC = 0x75692121,
    UI_ID_MAX = LAYOUT_ID_BYTES,
    UI_DEAF_MS = 250,     /* after a new page or turn */
    UI_READ_BYTES = 4096, /* at a turn of the loop */
};

/* A place by what it is, not by where it is: places move with each paint. */
struct target {
    char id[UI_ID_MAX];  /* "": none */
    char row[UI_ID_MAX]; /* of a list's row its value, of a pad its key */
};

struct ui {
    int magic;
    struct loop *loop;
    int fd_in;
    ui_input_fn on_input;
    void *owner;
    struct paint *paint;
    struct large *large;
    struct keys *keys;
    struct watch *watch;
    struct timer *silence; /* ends a half sequence */
    struct signal_watch *resized;

    struct view *view; /* as painted last, or NULL */
    unsigned generation;
    struct layout *layout;
    int turn;
    struct layout_anchor
        anchor;      /* what stood first when the person came to this
                                    turn; "" on a page's first one, and before
                                    it was laid out */
    int64_t page_ms; /* when page or turn began */

    struct target focus;
    bool has_moved;        /* the person moved the focus on this page */
    struct target touched; /* where the finger went down */
    bool is_touching;
    char pending[2];
    int stars; /* pressed one after another, towards a knock */
    int64_t star_ms;
    bool has_entered; /* or something was pressed: an error is shown first */
    int64_t ended_ms; /* when that was, the last time */
    bool has_pressed; /* in this turn of the loop: what follows was meant for
                         the page that it leads to */
};

/* ui.c */
void ui_send(struct ui *ui, const struct ui_input *input);
void ui_changed(struct ui *ui, bool was_cut);
void ui_begin_turn(struct ui *ui, int turn);
bool ui_is_alive(const struct ui *ui); /* the painted view is still there */
/* The element that keys write into, or NULL. */
const struct element *ui_field(const struct ui *ui);
struct typed *ui_typed(const struct ui *ui); /* of that field, or NULL */
struct target ui_target_of(const struct ui_place *place);
bool ui_is_target(const struct target *target, const struct ui_place *place);
int ui_focus_at(const struct ui *ui); /* index of a place, or -1 */

/* press.c */
void press_key(struct ui *ui, const struct key *key);
void press_element(struct ui *ui, const char *id, const char *value);
void press_sign(struct ui *ui, char sign); /* # or *, where one chooses */
bool press_footer(struct ui *ui, const char *key);

/* type.c: true when the key was for the field. */
bool type_key(struct ui *ui, const struct key *key);
void type_pad(struct ui *ui, const char *key);
void type_go(struct ui *ui);
/* The footer's "go on" was pressed on the glass; has_sign: # is its key.  False:
 * there is nothing to end, and it is a press like another. */
bool type_footer_go(struct ui *ui, bool has_sign);
