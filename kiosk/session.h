/* Everything about the citizen at the machine, in one struct, from the first
 * touch to the wipe.  session_wipe() is the one call that ends it: it tells
 * everybody who registered by session_on_wipe(), then erases the struct and
 * all secret memory.  Nothing here is a translated sentence: names, codes and
 * what the person gave.  Whoever registers says as well what it keeps now:
 * session_tell() makes of that what the person is shown. */
#pragma once

#include "kiosk/base/i18n.h"
#include "kiosk/device.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/walk.h"
#include "kiosk/held.h"
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

/* A place in time that the hub holds for this person: holding.h. */
struct session_hold {
    char token[33];   /* "": none */
    char value[64];   /* the answer it is for */
    int64_t until_ms; /* monotonic */
    bool is_sent;     /* with the case: it is the hub's to book */
};

/* What makes the machine easier to use, for this session only. */
struct comfort {
    bool is_contrast;
    int large;          /* level of large print; 0: normal letters */
    bool has_more_time; /* was asked for */
};

/* Something that left for the office in this session. */
struct session_sent {
    char id[CASE_ID_CHARS + 1];
    const struct item *item; /* NULL: a rating */
    enum case_state state;
    enum err err;
};

/* Whoever keeps something of a citizen's: how it is erased, and what it is now
 * (nothing, when nothing is kept). */
struct session_keeper {
    void (*wipe)(void *owner);
    void (*tell)(void *owner, struct held *held);
};

enum { SESSION_KEEPERS_MAX = 8, SESSION_SENT_MAX = 16 };

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
    struct session_hold hold;
    int certificate_copies;
    /* All that was sent, the oldest first; past SESSION_SENT_MAX what was
     * delivered, or surely not stored, makes room first. */
    struct session_sent sent[SESSION_SENT_MAX];
    int sent_count;
    bool is_begun;     /* the item, past its guide: it may be gone on with */
    bool has_rated;    /* this matter */
    bool has_finished; /* a matter came to its end: not abandoned */

    struct {
        const struct session_keeper *keeper;
        void *owner;
    } keepers[SESSION_KEEPERS_MAX]; /* wiped in this order */
    int keeper_count;
};

void session_init(struct session *session);
void session_done(struct session *session);

/* Whoever keeps something of a citizen's registers once how to erase it and
 * what it is; the keeper is borrowed for ever. */
void session_on_wipe(struct session *session,
                     const struct session_keeper *keeper, void *owner);
/* All that is kept of this person now. */
void session_tell(const struct session *session, struct held *ret_held);

void session_begin(struct session *session, enum language language);
void session_wipe(struct session *session);

/* The case, sent or found, and what was printed of it. */
void session_forget_case(struct session *session);

/* The item begins (again): its answers go, what the card said stays. */
void session_start_item(struct session *session, const struct item *item);
/* A case, or with item NULL a rating, is on its way to the store; and what is
 * known of it later (of a case that is not this session's, nothing). */
void session_note_sent(struct session *session, const struct item *item,
                       const char *id, enum case_state state, enum err err);
void session_note_case(struct session *session, const char *id,
                       enum case_state state, enum err err);
/* A case of this item was sent in this session, and nobody could find out
 * whether it was stored.  If it was, it goes out by itself, so it must not be
 * sent a second time. */
bool session_is_in_doubt(const struct session *session,
                         const struct item *item);
/* Something was entered that an ending would lose. */
bool session_has_unsent(const struct session *session);
/* The case waits here, sealed: it is not at the office. */
bool session_keeps_case(const struct session *session);
/* The card's fields that the item needs are already known (same person). */
bool session_knows_card(const struct session *session, const struct item *item);
