/* The interface of screens: a kind of page describes itself as a list of
 * elements and gets events; it never draws, waits or touches a device.
 *
 * The app owns the page: footer keys for help, language and end are added by
 * it; so are idle pages.  A screen's private state (state_size bytes, zeroed)
 * lives in secret memory until the page is left.  Everything a screen may do
 * is a screen_*() call; each is carried out when event() has returned. */
#pragma once

#include "kiosk/device.h"
#include "kiosk/flow/item.h"
#include "kiosk/flow/walk.h"
#include "kiosk/session.h"
#include "kiosk/ui/view.h"
#include "kiosk/writing.h"

#include <stdbool.h>
#include <stddef.h>

struct screen;

enum screen_event_kind {
    SCREEN_CHOICE,     /* choice: an element's id; value: a row's */
    SCREEN_ENTERED,    /* choice: the field's id; value: what was typed */
    SCREEN_CUT,        /* text was longer than the field takes */
    SCREEN_CARD,       /* err, card: the reading ended */
    SCREEN_CARD_RETRY, /* err: lift the card and lay it down again */
    SCREEN_CASE,       /* the session's case changed its state */
    SCREEN_PRINTED,    /* print, pages, total: so many came out */
    SCREEN_PRINT_END,  /* err, print: the job ended */
    SCREEN_TIMER,      /* screen_timer() is due */
    SCREEN_DEVICES     /* reader, printer or hub changed */
};

struct screen_event {
    enum screen_event_kind kind;
    const char *choice;
    const char *value;
    enum err err;
    const struct card *card;
    enum print_state print;
    int pages, total;
};

/* Where a page stands in an item, for the header. */
enum stage {
    STAGE_NONE,
    STAGE_GUIDE,
    STAGE_PERSON,
    STAGE_FILL,
    STAGE_CHECK,
    STAGE_DONE,
    STAGE_OF_STEP /* that of the page which the item's step names */
};

struct screen_kind {
    const char *name; /* what items and the app call it */
    const char *word; /* what the report calls it; NULL: the name */
    enum stage stage;
    size_t state_size;
    bool is_step;   /* an item's step may name it */
    bool is_plain;  /* no footer keys of the app: attract, idle, bye */
    bool with_help; /* laid over another page, it has help and end, too */
    bool works;     /* the machine is at work: the idle limit waits */

    void (*open)(struct screen *screen);
    void (*describe)(const struct screen *screen, struct view *view);
    void (*event)(struct screen *screen, const struct screen_event *event);
};

/* screens/table.c; NULL-terminated. */
extern const struct screen_kind *const screen_table[];

/* What a page is. */
void *screen_state(const struct screen *screen);
/* The word or id it was opened with (a stop's id, an answer's …), or "". */
const char *screen_about(const struct screen *screen);
const struct item *screen_item(const struct screen *screen); /* or NULL */
const struct step *screen_step(const struct screen *screen); /* or NULL */
const struct session *screen_session(const struct screen *screen);

/* Words of an item in the session's language with {names} filled in; the
 * second form fills {name} with what is given.  Both live until the next call
 * of either. */
const char *screen_words(const struct screen *screen,
                         const struct words *words);
const char *screen_text_with(const struct screen *screen, const char *text,
                             const char *name, const char *value);

/* What people near by may read: "张*三", "411***********1234". what is "name" or
 * "number"; lives until the next call of screen_words or this. */
const char *screen_masked(const struct screen *screen, const char *what,
                          const char *value);
/* "138 1234 5678": what was typed, grouped for reading. */
const char *screen_grouped(const struct screen *screen, const char *value);
/* "20310704" as people read it. */
const char *screen_date(const struct screen *screen, const char *yyyymmdd);
/* An answer as people read it, in the session's language. */
const char *screen_answer_text(const struct screen *screen,
                               const struct step *step);

/* The receipt number as people read it, 4-4-4. */
const char *screen_receipt(const struct screen *screen);
/* The item asks for the person at all. */
bool screen_asks_card(const struct screen *screen);
/* The next step sends. */
bool screen_sends_next(const struct screen *screen);

/* Answers. */
const char *screen_answer(const struct screen *screen, const char *name);
/* A condition of the item holds now; NULL always does. */
bool screen_holds(const struct screen *screen, const struct rule *rule);
bool screen_is_later(const struct screen *screen, const char *name);
/* ERR_TOO_BIG is possible; the screen then says so. */
MUST_CHECK enum err screen_set_answer(struct screen *screen, const char *name,
                                      const char *value, enum source source);
MUST_CHECK enum err screen_take_card(struct screen *screen,
                                     const struct card *card);
/* A typed number instead of the card. */
MUST_CHECK enum err screen_take_number(struct screen *screen,
                                       const char *number);
void screen_forget_person(struct screen *screen);
/* What is stored of what was typed for this step, valid until the next call of
 * screen_words; or NULL, with a msgid that says what is expected. */
const char *screen_accept(struct screen *screen, const char *given,
                          const char **ret_expected);
void screen_forget_typed(struct screen *screen);

/* Chinese.  A field for text begins it when it opens; keys are writing's own
 * (view_set_composed), choices are offered to it first: true when it took one.
 */
void screen_begin_writing(struct screen *screen);
void screen_writing(const struct screen *screen, struct writing_page *ret_page);
bool screen_writes(struct screen *screen, const char *choice);
void screen_write_by(struct screen *screen, enum writing_method method);

/* Where to go. */
void screen_next(struct screen *screen); /* on along the item */
void screen_back(struct screen *screen);
void screen_change(struct screen *screen, const char *step_id);
void screen_start_item(struct screen *screen, const char *item_id);
void screen_go(struct screen *screen, const char *name, const char *about);
void screen_over(struct screen *screen, const char *name, const char *about);
void screen_close(struct screen *screen); /* an over page ends */
/* An over page answers the page under it: closes, then that page gets the
 * event SCREEN_CHOICE with this id. */
void screen_answer_under(struct screen *screen, const char *choice);
void screen_home(struct screen *screen);
void screen_begin(struct screen *screen); /* attract: a session begins */
void screen_ask_end(struct screen *screen);
void screen_end(struct screen *screen, const char *ending);
void screen_switch_language(struct screen *screen);
void screen_switch_theme(struct screen *screen);
void screen_call_help(struct screen *screen);
bool screen_was_called(const struct screen *screen);
/* What was typed and sent goes now; what the card said stays until the end. */
void screen_wipe_item(struct screen *screen);

/* What the machine can do now. */
const struct pack *screen_pack(const struct screen *screen);
enum device_state screen_device(const struct screen *screen,
                                enum device_class class);
enum err screen_device_why(const struct screen *screen,
                           enum device_class class);
bool screen_has_network(const struct screen *screen);
/* NULL: it can be done here; else a msgid that says why not. */
const char *screen_hinders(const struct screen *screen,
                           const struct item *item);

/* The machine: "place", "number", "phone", "desk", "hours", "elsewhere", in
 * the session's language. */
const char *screen_machine(const struct screen *screen, const char *what);
int64_t screen_wall_ms(const struct screen *screen);
int64_t screen_monotonic_ms(const struct screen *screen);
/* "bye", "idle_warn", "send_wait" */
int64_t screen_limit_ms(const struct screen *screen, const char *what);
bool screen_is_demo(const struct screen *screen);
/* Why the machine takes nobody now (a msgid), or NULL. */
const char *screen_out_of_service(const struct screen *screen);
const char *screen_out_since(const struct screen *screen); /* "14:03" */
bool screen_is_closed(const struct screen *screen);

/* Somebody is there, though nothing was pressed: the idle limit begins anew. */
void screen_rest(struct screen *screen);

/* Work. */
void screen_read_card(struct screen *screen);
void screen_submit(struct screen *screen);
void screen_print(struct screen *screen);
/* Gives the slip up; nothing of it comes out later. */
void screen_stop_print(struct screen *screen);
/* The citizen says that no readable slip came out. */
void screen_deny_slip(struct screen *screen);
void screen_timer(struct screen *screen, int64_t after_ms);
/* The progress page's address for phones, or "" when none is known. */
const char *screen_progress_url(const struct screen *screen);
/* A simulator's line (the demo's F12 page). */
MUST_CHECK enum err screen_pretend(struct screen *screen, const char *line);
