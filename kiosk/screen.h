/* The interface of screens: a kind of page describes itself as a list of
 * elements and gets events; it never draws, waits or touches a device.
 *
 * The app owns the page: footer keys for help, language and end are added by
 * it; so are idle pages.  A screen's private state (state_size bytes, zeroed)
 * lives in secret memory until the page is left.  Everything a screen may do
 * is a screen_*() call; each is carried out when event() has returned. */
#pragma once

#include "kiosk/device.h"
#include "kiosk/flow/arrival.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/item.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/slot.h"
#include "kiosk/flow/tasks.h"
#include "kiosk/flow/walk.h"
#include "kiosk/flow/walk_group.h"
#include "kiosk/held.h"
#include "kiosk/office.h"
#include "kiosk/rating.h"
#include "kiosk/session.h"
#include "kiosk/slots.h"
#include "kiosk/ui/view.h"
#include "kiosk/writing.h"

#include <stdbool.h>
#include <stddef.h>

struct screen;

enum screen_event_kind {
    SCREEN_CHOICE,     /* choice: an element's id; value: a row's */
    SCREEN_ENTERED,    /* choice: the field's id; value: what was typed */
    SCREEN_CUT,        /* text was longer than the field takes; err: than memory
                          has room for (a page of its own says so) */
    SCREEN_CARD,       /* err, card: the reading ended */
    SCREEN_CARD_RETRY, /* err: lift the card and lay it down again */
    SCREEN_CASE,       /* the session's case changed its state */
    SCREEN_PRINTED,    /* print, pages, total: so many came out */
    SCREEN_PRINT_END,  /* err, print: the job ended */
    SCREEN_TIMER,      /* screen_timer() is due */
    SCREEN_OFFICE,     /* err: the office answered a question */
    SCREEN_DEVICES,    /* reader, printer or hub changed */
    SCREEN_LANGUAGE,   /* somebody is there, and reads the other one now */
    SCREEN_STAFF       /* err: of screen_check_pin(), screen_set_out() */
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
    bool is_step;       /* an item's step may name it */
    bool is_plain;      /* no footer keys of the app: attract, idle, bye */
    bool with_help;     /* laid over another page, it has help and end, too */
    bool shows_receipt; /* which is lost at the end unless printed */
    bool works;         /* the machine is at work: the idle limit waits */
    bool hides;         /* nothing of the matter stands around it */
    bool is_of_letters; /* large print makes another page of it */
    int64_t idle_ms;    /* so long nobody need press anything; 0: as usual */
    int rest_s; /* staff's own: no session, no help; left after so many seconds
                   without a press */

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
/* A page of an item on which a person is asked something, or which is laid over
 * one: they may ask why. */
bool screen_asks(const struct screen *screen);
const struct session *screen_session(const struct screen *screen);
/* All that is kept of this person now, by whoever keeps it. */
void screen_held(const struct screen *screen, struct held *ret_held);

/* Words of an item in the session's language with {names} filled in; the
 * second form fills {name} with what is given.  Both live until the next call
 * of either. */
const char *screen_words(const struct screen *screen,
                         const struct words *words);
const char *screen_text_with(const struct screen *screen, const char *text,
                             const char *name, const char *value);

/* What people near by may read: "张*三", "411***********1234". what is "name",
 * "number" or "email"; lives until the next call of screen_words or this. */
const char *screen_masked(const struct screen *screen, const char *what,
                          const char *value);
/* "138 1234 5678": what was typed, grouped for reading. */
const char *screen_grouped(const struct screen *screen, const char *value);
/* What the field expects, a msgid of screen_accept, in words; and an answer as
 * it was typed.  Both live until the next call of screen_words. */
const char *screen_expected(const struct screen *screen, const char *msgid);
const char *screen_typed(const struct screen *screen, const char *value);
/* "20310704" as people read it. */
const char *screen_date(const struct screen *screen, const char *yyyymmdd);
/* The same of a record's day, "2025-11-20". */
const char *screen_record_day(const struct screen *screen, const char *day);
/* The day of a time, as people read it. */
const char *screen_day(const struct screen *screen, int64_t wall_ms);
/* An answer as people read it, in the session's language. */
const char *screen_answer_text(const struct screen *screen,
                               const struct step *step);

/* The receipt number as people read it, 4-4-4. */
const char *screen_receipt(const struct screen *screen);
const char *screen_receipt_of(const struct screen *screen, const char *receipt);
/* What the slip says of the case that was sent, or found, as its paper does; terminal and
 * time stand in the header. */
void screen_slip(const struct screen *screen, const struct walk_slip *slip);
/* The item asks for the person at all. */
bool screen_asks_card(const struct screen *screen);
/* Something of it is sent in the end. */
bool screen_sends(const struct screen *screen);
/* What is kept of the card that this page asks for: "Name, ID number".  Lives
 * until the next call of screen_words. */
const char *screen_card_fields(const struct screen *screen);
/* The next step sends. */
bool screen_sends_next(const struct screen *screen);
/* What this case comes to once it has arrived. */
const struct arrival *screen_arrival(const struct screen *screen);

/* Answers. */
const char *screen_answer(const struct screen *screen, const char *name);
/* The line's condition holds now, and what it says is verified. */
bool screen_shows_line(const struct screen *screen, const struct line *line);
bool screen_is_later(const struct screen *screen, const char *name);
/* ERR_TOO_BIG (of these, and of screen_take_number and screen_take_check):
 * there is no memory for it.  A page says so, whatever the screen does then. */
MUST_CHECK enum err screen_set_answer(struct screen *screen, const char *name,
                                      const char *value, enum source source);
/* Where other answers fall away with it, it is not set yet: screen_next then
 * leads to the page "change", which knows what falls away, how the new answer
 * reads (NULL: none waits, they fall away by what else is known now), and says
 * which it is: the new one; the one before, as if nothing had been pressed but
 * "go on"; or neither, back to the question. */
const struct walk_falls *screen_falls(const struct screen *screen);
const char *screen_changed_text(const struct screen *screen);
void screen_change_answer(struct screen *screen);
void screen_keep_answer(struct screen *screen);
void screen_choose_again(struct screen *screen);
/* Of the person whose card this page's step reads (not the main one's where the
 * step has a person): what is known of it by a field's name, or NULL. */
const char *screen_card_answer(const struct screen *screen, const char *field);
/* Another card step of this matter knows a person of that number. */
bool screen_is_somebody(const struct screen *screen, const char *number);
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

/* What goes with this step's question (kiosk/flow/asked.h).  It may be left
 * empty now; it was; what stands there can be confirmed only. */
bool screen_may_leave(const struct screen *screen);
bool screen_is_left(const struct screen *screen);
bool screen_is_fixed(const struct screen *screen);
/* What stands there: what was answered, or is known before; as it is kept, and
 * as it is typed.  "": nothing.  A value as people read it.  They live until
 * the next call of screen_words or these. */
const char *screen_standing(const struct screen *screen);
const char *screen_standing_typed(const struct screen *screen);
const char *screen_value_text(const struct screen *screen, const char *value);
/* The step whose answer stands there, if it is another one's; of another
 * person's card (*ret_is_card), its step.  NULL: neither, or the own card. */
const struct step *screen_taken_from(const struct screen *screen,
                                     bool *ret_is_card);
enum source screen_source_of(const struct screen *screen, const char *value);
/* ERR_TOO_BIG as screen_set_answer. */
MUST_CHECK enum err screen_would_say(struct screen *screen, const char *value,
                                     struct asked_said *ret_said);
/* The same while a page describes itself: without memory nothing is said. */
void screen_says(const struct screen *screen, const char *value,
                 struct asked_said *ret_said);
/* What a field of the item was answered with, too: it is asked anew, empty. */
void screen_forget_field(struct screen *screen, const struct step *step);

/* A choice of many: what is marked now, as choices.h has it, until the next
 * mark; marks a value, or takes its mark away (ret_is_full: no more may be
 * marked, and all is as before); the marks become the answer, unless ret_fault
 * says why not.  How many are to be marked, in a sentence or "", until the next
 * call of screen_words. */
const char *screen_marked(const struct screen *screen);
MUST_CHECK enum err screen_mark(struct screen *screen, const char *value,
                                bool *ret_is_full);
MUST_CHECK enum err screen_take_marks(struct screen *screen,
                                      enum choices_fault *ret_fault);
const char *screen_choices_limits(const struct screen *screen);

/* The parts of a long matter (tasks.h), and into the nth, from 0. */
size_t screen_task_count(const struct screen *screen);
struct task screen_task(const struct screen *screen, size_t n);
void screen_enter_task(struct screen *screen, size_t n);

/* Chinese.  A field for text begins it when it opens; keys are writing's own
 * (view_set_composed), choices are offered to it first: true when it took one.
 */
void screen_begin_writing(struct screen *screen);
/* The same for digits and letters that are no text. */
void screen_begin_code(struct screen *screen, enum writing_code code);
void screen_writing(const struct screen *screen, struct writing_page *ret_page);
bool screen_writes(struct screen *screen, const char *choice);
void screen_write_by(struct screen *screen, enum writing_method method);

/* Where to go. */
void screen_next(struct screen *screen); /* on along the item */
void screen_back(struct screen *screen);
/* The same from a page of a step that has several: to the step before. */
void screen_leave(struct screen *screen);
void screen_change(struct screen *screen, const char *step_id);
/* Begins it, or goes on with it where it is the item of this session; asks
 * first where another one's answers would be lost.  The second form does not
 * ask. */
void screen_start_item(struct screen *screen, const char *item_id);
void screen_begin_anew(struct screen *screen, const char *item_id);
void screen_go(struct screen *screen, const char *name, const char *about);
void screen_over(struct screen *screen, const char *name, const char *about);
/* An over page gives its place to another one. */
void screen_instead(struct screen *screen, const char *name, const char *about);
void screen_close(struct screen *screen); /* an over page ends */
/* It ends, and what it asked to confirm is not kept. */
void screen_withdraw(struct screen *screen);
/* An over page answers the page under it: closes, then that page gets the
 * event SCREEN_CHOICE with this id. */
void screen_answer_under(struct screen *screen, const char *choice);
void screen_home(struct screen *screen);
/* The matter is done: to the rating, where one is wanted, or to goodbye. */
void screen_finish(struct screen *screen);
/* Sends it, and goes to goodbye. */
void screen_rate(struct screen *screen, enum rating_score score,
                 const char *reason);
void screen_begin(struct screen *screen); /* attract: a session begins */
void screen_ask_end(struct screen *screen);
/* What ending now would lose: "unsent", "unprinted" or "". */
const char *screen_end_loses(const struct screen *screen);
void screen_end(struct screen *screen, const char *ending);
void screen_switch_language(struct screen *screen);
void screen_switch_theme(struct screen *screen);
/* Large print: how many larger sizes this terminal has (0: none); the next
 * one, and after the last the normal one again. */
int screen_large_levels(const struct screen *screen);
void screen_switch_large(struct screen *screen);
/* From now on every page waits twice as long for this person. */
void screen_take_time(struct screen *screen);
void screen_call_help(struct screen *screen);
bool screen_was_called(const struct screen *screen);
/* Somebody of the staff answered: they are on their way. */
bool screen_is_help_coming(const struct screen *screen);
/* What was typed and sent goes now; what the card said stays until the end. */
void screen_wipe_item(struct screen *screen);

/* What the machine can do now. */
const struct pack *screen_pack(const struct screen *screen);
enum device_state screen_device(const struct screen *screen,
                                enum device_class class);
enum err screen_device_why(const struct screen *screen,
                           enum device_class class);
bool screen_has_network(const struct screen *screen);
/* Which of the two printers takes what is to be printed now. */
enum device_class screen_printer(const struct screen *screen);
/* Which takes what comes of this item. */
enum device_class screen_printer_of(const struct screen *screen,
                                    const struct item *item);
/* Why an item cannot be begun here now. */
enum hindrance {
    HINDRANCE_NONE,
    HINDRANCE_DIVISION,
    HINDRANCE_DOUBT, /* it was sent, and may be stored */
    HINDRANCE_HOURS, /* its own; who has begun goes on */
    HINDRANCE_READER,
    HINDRANCE_PAPER,
    HINDRANCE_PRINTER,
    HINDRANCE_NETWORK
};
enum hindrance screen_hindrance(const struct screen *screen,
                                const struct item *item);
/* The same in words, in the session's language, until the next call of
 * screen_text_with; NULL: nothing hinders it. */
const char *screen_hinders(const struct screen *screen,
                           const struct item *item);

/* The machine: "place", "number", "phone", "desk", "hours", "elsewhere",
 * "after_hours" ("" when no other place is known to be open), in the session's
 * language. */
const char *screen_machine(const struct screen *screen, const char *what);
const char *screen_machine_in(const struct screen *screen, const char *what,
                              enum language language);
int64_t screen_wall_ms(const struct screen *screen);
int64_t screen_monotonic_ms(const struct screen *screen);
/* "2 minutes", "90 seconds": after so long without a press all is erased. */
const char *screen_idle_words(const struct screen *screen);
/* "bye", "idle", "idle_warn", "send_wait" */
int64_t screen_limit_ms(const struct screen *screen, const char *what);
bool screen_is_demo(const struct screen *screen);
/* Why the machine takes nobody now (a msgid), or NULL. */
const char *screen_out_of_service(const struct screen *screen);
/* "14:03"; of another day "2026-11-25 14:03" */
const char *screen_out_since(const struct screen *screen);
bool screen_is_closed(const struct screen *screen);
/* "08:30", when it opens next; whether that is tomorrow. */
const char *screen_opens_at(const struct screen *screen, bool *ret_is_tomorrow);

/* Staff (kiosk/staff.h, maintenance.c).  A PIN is looked at elsewhere and takes
 * a moment; SCREEN_STAFF comes with ERR_OK, ERR_REFUSED, ERR_CANCELLED (too
 * early: screen_pin_wait_ms() says how long), ERR_NOT_FOUND (there is none), or
 * why it could not be counted and so was not looked at. */
void screen_check_pin(struct screen *screen, const char *pin);
bool screen_is_checking_pin(const struct screen *screen);
bool screen_has_pin(const struct screen *screen);
int64_t screen_pin_wait_ms(const struct screen *screen);
/* Those after which a pause begins are counted down to 0. */
int screen_pin_tries_left(const struct screen *screen);
/* The demonstration's own, for whoever plays with it; "" where there is none. */
const char *screen_demo_pin(const struct screen *screen);
/* What came to the made-up telephone last, as "485188 (138****5678)"; "" : none.
 * Lives until the next call of screen_words. */
const char *screen_demo_code(const struct screen *screen);

/* What the staff page shows; times are wall time, 0: not known, or not so. */
struct service_facts {
    enum err hindrance; /* why no case can be taken */
    int64_t waiting, conflicts, oldest_ms;
    bool is_online, was_looked_for;
    int64_t online_since_ms;
    bool is_clock_trusted, knows_hub_clock;
    int64_t clock_off_ms; /* the hub's minus ours */
    int64_t begun, finished, abandoned;
    int64_t out_since_ms; /* taken out of service by staff */
    const char *version;
    int pack_version; /* of the active pack; 0: the items delivered */
    /* Why one was not taken (or is not used), for T(), and its version, or 0
     * where it has none; NULL: all were. */
    const char *pack_fault;
    int pack_fault_version;
};
void screen_look(const struct screen *screen, struct service_facts *ret_facts);
int64_t screen_device_since(const struct screen *screen,
                            enum device_class class);
enum device_action screen_device_action(const struct screen *screen,
                                        enum device_class class);
/* "14:03"; of another day "2026-11-25 14:03", as screen_now() always. */
const char *screen_moment(const struct screen *screen, int64_t wall_ms);
const char *screen_now(const struct screen *screen);
/* Asks store and devices anew; SCREEN_DEVICES comes when something changed. */
void screen_look_again(struct screen *screen);
/* A slip (on A4: a page) without anything of anybody's, by that printer;
 * SCREEN_PRINT_END comes. */
void screen_print_test(struct screen *screen, enum device_class class);
void screen_refilled(struct screen *screen); /* whichever printer it was */
/* Out of service or back; SCREEN_STAFF comes once that is durable, or with why
 * it is not.  ERR_TIMEOUT: something else is being written still. */
MUST_CHECK enum err screen_set_out(struct screen *screen, bool is_out);

/* What stands on this page now is another one: presses meant for the one before
 * are dropped, and its number rises. */
void screen_fresh(struct screen *screen);
/* Somebody is there, though nothing was pressed: the idle limit begins anew. */
void screen_rest(struct screen *screen);

/* Work. */
void screen_read_card(struct screen *screen);
void screen_submit(struct screen *screen);
void screen_print(struct screen *screen);
/* Papers of the matter: the nth that was answered so (MATERIAL_…), or NULL; the
 * day by which those that follow are due, until the next call of screen_words;
 * the promise as the step's answer; the list of what is lacking, on paper. */
const struct step *screen_paper(const struct screen *screen, const char *value,
                                size_t n);
const char *screen_papers_by(const struct screen *screen);
MUST_CHECK enum err screen_promise_papers(struct screen *screen);
void screen_print_papers(struct screen *screen);
/* Entries of the group of this page's step: how many there are; the nth from 1,
 * "Child 2" and what was answered first in it, both until the next call of
 * screen_words; what else falls away when it is taken out; taking it out.  Then
 * the page is that of the last entry left, or the way goes on where none is. */
size_t screen_entry_count(const struct screen *screen);
const char *screen_entry_title(const struct screen *screen, size_t entry);
const char *screen_entry_text(const struct screen *screen, size_t entry);
MUST_CHECK enum err screen_look_at_entry(struct screen *screen, size_t entry);
MUST_CHECK enum err screen_remove_entry(struct screen *screen, size_t entry);
/* Questions to the office, one at a time; the answer is SCREEN_OFFICE, and
 * what was said then stands in screen_office(). */
struct office *screen_office(const struct screen *screen);
void screen_ask_check(struct screen *screen, bool by_staff);
void screen_ask_code(struct screen *screen, const char *code);
void screen_ask_offer(struct screen *screen);
void screen_ask_certificate(struct screen *screen, int copies);
/* By the card that was read, or by what was typed in the item's fields of type
 * receipt and code. */
void screen_ask_cases(struct screen *screen);
/* What other offices have on record of this person (kiosk/flow/shared.h), asked
 * of whoever's card was read; false: no card was.  What came, or why nothing did,
 * becomes the answers of this step; ret_differs: it was another person's. */
bool screen_ask_records(struct screen *screen);
MUST_CHECK enum err screen_take_records(struct screen *screen,
                                        enum err answered, bool *ret_differs);
/* Waits no longer, or asks nobody: SHARED_AWAY or SHARED_NONE. */
MUST_CHECK enum err screen_go_without_records(struct screen *screen,
                                              const char *state);
/* Another page is laid over this one. */
bool screen_is_covered(const struct screen *screen);
/* What stands there is of this record: what it is called and its day; false: it
 * is not.  Both as people read it, the day until the next call of
 * screen_words. */
bool screen_taken_from_record(const struct screen *screen,
                              const char **ret_label, const char **ret_day);
/* The records of this person of the step's kind (record.h).  Asked for anew each
 * time; ERR_BAD_ANSWER: one of those that came is not in its form.  What a
 * row's columns say, until the next call of screen_words; taking one (or, with
 * at past the last, that there is none) as the step's answer. */
void screen_ask_list(struct screen *screen);
MUST_CHECK enum err screen_look_at_list(const struct screen *screen);
size_t screen_record_count(const struct screen *screen);
const char *screen_record_text(const struct screen *screen, size_t at);
bool screen_is_record(const struct screen *screen, size_t at);
MUST_CHECK enum err screen_choose_record(struct screen *screen, size_t at);
/* The payment of this page's step (payment.h): a code to pay by (is_anew: another
 * one), how it stands, both to be answered in office_payment(); how much it is,
 * as people read it, until the next call of screen_words.  Once the office says
 * that it is paid, it becomes the step's answer. */
void screen_ask_payment(struct screen *screen, bool is_anew);
void screen_ask_paid(struct screen *screen);
const char *screen_amount(const struct screen *screen);
MUST_CHECK enum err screen_take_payment(struct screen *screen);
void screen_stop_asking(struct screen *screen);
/* Places in time, for a step of that kind: which are free is asked; the nth of a
 * day is asked to be held; once it is, it is the step's answer.  ERR_TOO_BIG as
 * screen_set_answer. */
const struct slots *screen_slots(const struct screen *screen);
void screen_ask_slots(struct screen *screen);
void screen_ask_hold(struct screen *screen, size_t day, size_t at);
MUST_CHECK enum err screen_take_hold(struct screen *screen, size_t day,
                                     size_t at);
/* It is held still; it was, and its time is over; it is not wanted any more. */
bool screen_holds_slot(const struct screen *screen);
bool screen_hold_is_over(const struct screen *screen);
void screen_let_slot_go(struct screen *screen);
/* "10:15", and a day in words; until the next call of screen_words. */
const char *screen_hold_until(const struct screen *screen);
const char *screen_slot_day(const struct screen *screen, const char *date);
/* What a case that was found is about: what the pack calls it, or the office,
 * where the pack does not have it (any more). */
const char *screen_case_title(const struct screen *screen,
                              const struct office_case *found);
/* What a case that was found is booked for, in words, until the next call of
 * screen_words; whether that can be cancelled still; and doing so. */
const char *screen_booking(const struct screen *screen,
                           const struct office_case *found);
bool screen_can_cancel(const struct screen *screen,
                       const struct office_case *found);
void screen_ask_cancel(struct screen *screen, size_t at);
/* What the office found is looked for anew next time. */
void screen_forget_found(struct screen *screen);
/* Nobody is sure of the person any more than the card was. */
void screen_forget_check(struct screen *screen);
/* The office is sure of the person now: "code" or "staff". */
MUST_CHECK enum err screen_take_check(struct screen *screen, const char *way);
/* One of the cases found is the session's from now on: to print it again. */
MUST_CHECK enum err screen_take_case(struct screen *screen, size_t at);
/* What is printed next is a certificate, not a slip. */
bool screen_has_certificate(const struct screen *screen);
/* Gives the slip up; nothing of it comes out later. */
void screen_stop_print(struct screen *screen);
/* The citizen says that no readable slip came out. */
void screen_deny_slip(struct screen *screen);
void screen_timer(struct screen *screen, int64_t after_ms);
/* The progress page's address for phones, or "" when none is known. */
const char *screen_progress_url(const struct screen *screen);
/* The preview of an item (kiosk/preview.h): what the check found, whether what
 * is shown is an older version, and going to a page, or to a stop (or NULL)
 * with which it ends; false: nothing leads there. */
size_t screen_finding_count(const struct screen *screen);
const char *screen_finding(const struct screen *screen, size_t at);
bool screen_is_old_version(const struct screen *screen);
bool screen_preview_jump(struct screen *screen, const struct step *step,
                         const struct stop *stop);
/* A simulator's line (the demo's F12 page). */
MUST_CHECK enum err screen_pretend(struct screen *screen, const char *line);
