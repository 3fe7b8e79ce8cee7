/* What app.c (events, devices, idle), pages.c (which page) and screen.c (what a
 * screen may do) share.  Nobody else includes this. */
#pragma once

#include "kiosk/app.h"
#include "kiosk/asking.h"
#include "kiosk/base/buf.h"
#include "kiosk/delivery.h"
#include "kiosk/equip.h"
#include "kiosk/mode.h"
#include "kiosk/printing.h"
#include "kiosk/screen.h"
#include "kiosk/session.h"
#include "kiosk/staff.h"
#include "kiosk/ui/ui.h"
#include "kiosk/writing.h"

enum {
    APP_MAGIC = 0x6b696f73,
    PAGES_MAX = 8,   /* one page and those laid over it */
    QUEUE_MAX = 64,  /* more than all devices can post in one turn */
    TEXT_MAX = 4096, /* what a screen says in one piece */
    APP_SCOPE_BYTES = 200,
};

struct screen {
    struct app *app;
    const struct screen_kind *kind;
    uint32_t ticket;
    int at; /* the item's step, or -1 */
    char about[64];
    void *state; /* secret memory */
    struct timer *timer;
    uint32_t card_job;
    struct ui_spot *spot; /* where one was when another page was laid over */
};

/* What a screen asked for during its event(); carried out afterwards. */
enum go_kind {
    GO_NOWHERE,
    GO_NEXT,
    GO_BACK,
    GO_LEAVE,
    GO_CHANGE,
    GO_STEP, /* a page of the item, by its step's id */
    GO_ITEM,
    GO_PAGE,
    GO_OVER,
    GO_INSTEAD,
    GO_CLOSE,
    GO_ANSWER_UNDER,
    GO_DECIDED, /* closes the page "change", then on along the item */
    GO_HOME,
    GO_BEGIN,
    GO_ASK_END,
    GO_END
};

struct go {
    enum go_kind kind;
    char name[64];
    char about[64];
};

/* Answers of devices and of delivery, waiting for the end of the turn. */
struct queued {
    uint32_t ticket; /* 0: whoever is the page */
    enum screen_event_kind kind;
    enum err err;
    enum print_state print;
    int pages, total;
    struct card *card; /* secret memory, or NULL */
};

struct app {
    int magic;
    struct app_parts parts;
    struct ui *ui;
    struct view *view;
    struct session session;
    struct delivery *delivery;
    struct printing *printing;
    struct asking *asking;
    struct staff *staff;
    struct writing *writing;
    struct device *devices[DEVICE_CLASS_COUNT];

    struct screen *stack[PAGES_MAX];
    int depth;
    uint32_t last_ticket;
    struct go go;
    uint32_t painted_ticket;
    int64_t page;   /* rises with each new page */
    bool has_error; /* the page painted last says that something is not right */

    struct queued queue[QUEUE_MAX];
    int queue_count;

    /* The first press of a turn; later ones came before the page it leads
     * to could be seen, and are dropped. */
    bool has_press;
    bool was_entered;
    char press_id[96];
    struct buf press_text;
    bool was_cut;

    struct walk_falls falls; /* what the page "change" tells of */
    bool has_no_room;        /* the page's event could not keep what was said */
    bool is_dirty;
    bool is_pack_due; /* another may wait; looked for when nobody is there */
    bool is_in_turn;
    bool
        is_stack_due; /* a session was wiped; calls that it ran in return yet */
    struct timer *idle;
    struct timer *minute; /* the clock in the header, the opening hours */
    struct timer *leave;  /* forgets an F10 or Ctrl-C pressed long ago */
    int leave_presses, leave_key;
    int64_t out_since_ms; /* wall; 0: in service */
    int64_t rest_end_ms;  /* monotonic */
    bool has_devices;
    bool is_serviced;    /* the staff page stands there */
    uint32_t pin_ticket; /* of the page that a PIN is being checked for */
    char demo_pin[STAFF_PIN_MOST + 1];
    bool is_demo_pin_taken; /* else an earlier one may still stand */
    enum err (*pretend)(void *owner, const char *line);
    void *pretend_owner;
    struct {                     /* where the preview goes to */
        const struct step *step; /* NULL: nowhere */
        const struct stop *stop; /* with which it ends there, or NULL */
    } jump;
    char last_case[CASE_ID_CHARS + 1];     /* the demonstration's */
    char last_payment[OFFICE_TOKEN_BYTES]; /* … */

    struct buf words;  /* screen_words: valid until its next call */
    struct buf filled; /* screen_text_with */
    struct buf url;    /* screen_progress_url */
};

/* pages.c */
void pages_open(struct app *app, const char *name, int at, const char *about);
void pages_over(struct app *app, const char *name, const char *about);
/* Asks first, where something would be lost. */
void pages_ask_end(struct app *app);
void pages_close_all(struct app *app);
struct screen *pages_top(const struct app *app);
struct screen *pages_find(const struct app *app, uint32_t ticket);
void pages_event(struct app *app, struct screen *screen,
                 const struct screen_event *event);
const struct screen_kind *pages_kind(const char *name);

/* screen_choices.c: the marks of that page, if it has some, are an answer. */
void marks_forget(struct screen *screen);

/* changing.c: what falls away is told before it does. */
/* Sets it, unless other answers fall away with that: then it waits. */
MUST_CHECK enum err changing_set(struct screen *screen, const char *name,
                                 const char *value, enum source source);
/* What waits is given up. */
void changing_forget(struct app *app);
/* An answer waits: true, the page "change" was laid over. */
bool changing_waits(struct app *app);
/* Answers fall away by what is known now, though none was changed (another
 * card was read): true, the page "change" was laid over, or one that says that
 * there is no memory to find that out. */
bool changing_falls(struct app *app);

/* As if the way had led there; home, when that is behind the last. */
void pages_step(struct app *app, int at);

/* preview_page.c */
void app_jump(struct app *app);
void app_frame_preview(struct app *app);

/* app.c */
void app_post(struct app *app, const struct queued *entry);
void app_begin_session(struct app *app);
void app_end_session(struct app *app, const char *ending);
enum mode app_mode(const struct app *app);
bool app_is_resting(const struct app *app);
void app_rest_idle(struct app *app); /* the idle limit begins anew */
/* keepers.c: all who keep something of a citizen's, once they are made */
void app_register_keepers(struct app *app);
void app_wipe_pages(void *owner);
/* comfort.c */
void comfort_begin(struct app *app); /* once, after the first page */
void comfort_use(struct app *app);   /* shows the session's comfort */
int64_t comfort_idle_ms(const struct app *app);
void comfort_forget_spot(struct screen *screen);
void comfort_sound(struct app *app);
void comfort_sound_page(struct app *app, const struct screen *screen,
                        bool is_new);
/* input.c */
void app_on_input(void *owner, const struct ui_input *input);
void app_drain_press(struct app *app);
void app_on_leave_window(void *owner);
/* What writing has to say goes into the field of the page. */
extern const struct writing_events app_writing_events;

/* maintenance.c */
/* Staff leave, or walked away. */
void app_end_service(struct app *app);
/* The test slip's end; true when it was one. */
bool app_end_test_slip(struct app *app, enum err err);
/* Members of the report of health. */
void app_add_health(void *owner, struct buf *members);

/* Fills header and footer around what a screen described. */
void app_frame(struct app *app, const struct screen *screen);

/* The name under which ui keeps what was typed on a page. */
void app_scope(const struct app *app, const struct screen *screen, char *scope,
               size_t size);

/* The page's step, or NULL. */
const struct step *app_step(const struct app *app, const struct screen *screen);
