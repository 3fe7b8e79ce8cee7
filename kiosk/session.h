/* Everything about the citizen at the machine, in one struct, from the first
 * touch to the wipe.  session_wipe() is the one call that ends it: it tells
 * everybody who registered by session_on_wipe(), then erases the struct and
 * all secret memory.  Nothing here is a translated sentence: names, codes and
 * what the person gave. */
#pragma once

#include "kiosk/base/i18n.h"
#include "kiosk/device.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/walk.h"
#include "kiosk/store/terminal.h"

#include <stdbool.h>
#include <stdint.h>

/* How far the case of this session is. */
enum case_state {
    CASE_NONE,
    CASE_STORING,
    CASE_SAVED,      /* 已存本机 */
    CASE_DELIVERED,  /* 已送达 */
    CASE_NOT_STORED, /* nothing was kept or sent; ERR_UNSURE: perhaps */
    CASE_CONFLICT    /* the hub will not take it: staff */
};

struct session_case {
    enum case_state state;
    enum err err; /* why not stored, why not delivered */
    char id[CASE_ID_CHARS + 1];
    char receipt[RECEIPT_BYTES];
    char lookup_code[LOOKUP_DIGITS + 1];
    char address[ADDRESS_CHARS + 1];
    char number[CASE_NUMBER_BYTES]; /* the office's, once delivered */
    char said[16]; /* the office's state of a case that was found, or "" */
    int64_t wall_ms;
    bool is_hour_only; /* an anonymous report: nothing tells more */
    struct journal_head head;
    int copies;             /* slips asked for so far: the second says 补打 */
    enum print_state print; /* of the last one */
    enum err print_err;
};

/* Its id for an event, NULL for an anonymous report: beside an exact time, and
 * standard error has one, that is not named. */
const char *session_case_to_name(const struct session_case *made);

/* What makes the machine easier to use, for this session only. */
struct comfort {
    bool is_contrast;
    int large;          /* level of large print; 0: normal letters */
    bool has_more_time; /* was asked for */
};

enum { SESSION_WIPE_MAX = 8 };

struct session {
    bool is_open;
    int64_t number; /* sessions since the program started */
    enum language language;
    struct comfort comfort;
    const struct item *item; /* NULL: at home */
    int at;                  /* step of item */
    int review;              /* step to return to after a change, or -1 */
    enum assurance assurance;
    struct answers *answers;
    struct session_case submitted; /* sent here, or found and chosen */
    /* Of a case that was found: what was asked and answered then. */
    const struct item *found_item; /* NULL: it was sent here */
    struct answers *found_answers;
    int certificate_copies;
    bool has_rated;    /* this matter */
    bool has_finished; /* a matter came to its end: not abandoned */

    struct {
        void (*fn)(void *owner);
        void *owner;
    } on_wipe[SESSION_WIPE_MAX];
    int on_wipe_count;
};

void session_init(struct session *session);
void session_done(struct session *session);

/* Whoever keeps something of a citizen's registers once how to erase it. */
void session_on_wipe(struct session *session, void (*fn)(void *owner),
                     void *owner);

void session_begin(struct session *session, enum language language);
void session_wipe(struct session *session);

/* The case, sent or found, and what was printed of it. */
void session_forget_case(struct session *session);

/* The item begins (again): its answers go, what the card said stays. */
void session_start_item(struct session *session, const struct item *item);
/* Something was entered that an ending would lose. */
bool session_has_unsent(const struct session *session);
/* The card's fields that the item needs are already known (same person). */
bool session_knows_card(const struct session *session, const struct item *item);
