/* What delivery.c (what is known of the office), opening.c (key and store),
 * reserve.c (room on the disk), replacing.c (another key), storing.c (from
 * "send" to safe here), sending.c (from here to the hub) and recording.c (the
 * journal) share.  Nobody else
 * includes this. */
#pragma once

#include "kiosk/delivery.h"

#include "kiosk/flow/receipt.h"
#include "kiosk/kept.h"

enum { DELIVERY_MAGIC = 0x64656c76 };

enum reserve_state {
    RESERVE_UNKNOWN, /* being taken for the first time */
    RESERVE_KEPT,
    RESERVE_MISSING, /* used, or there is no room for it: no new cases */
    RESERVE_NONE     /* not wanted, or this disk cannot do it */
};

struct reserve_work;

struct delivery {
    int magic;
    struct loop *loop;
    const struct settings *settings;
    struct delivery_events events;
    void *owner;

    struct terminal_store *store;
    struct client *client;
    struct signer *signer; /* the machine's; NULL: its key cannot be used */
    char machine[CRYPTO_HEX_DIGEST]; /* whose store is open */
    struct terminal_state state;
    enum err hindrance;
    enum err told; /* the hindrance that was recorded last */
    bool is_new;   /* key and store are being made */
    bool is_store_open;
    bool must_reopen; /* open, but in doubt: its file is gone, or damaged */
    bool is_revoked;  /* the hub says so of the machine's key */
    struct timer *upkeep;

    enum reserve_state reserve;
    struct reserve_work *reserve_work; /* under way, or NULL */

    /* A key that waits for the hub to know it; kiosk key replace made it. */
    struct {
        struct signer *signer;
        struct client *client;
        bool is_asking;
    } next;

    char *url;         /* where the hub is, "" */
    char *office_text; /* its key as it was told, "" */
    char *public_url;
    char *folder;
    unsigned char office_key[CRYPTO_PUBLIC_BYTES];
    bool has_office;
    bool has_url; /* it is known where the hub is */

    /* The case that is being stored, or waits for that (session, then); its
     * envelope is signed, then put. */
    char storing[CASE_ID_HEX];
    struct session *session;
    struct outbox_case entry;
    struct buf envelope;
    bool is_signing;
    struct timer *start_wait;
    struct receipt_count receipt;
    char said[33]; /* of the case delivered last */

    /* The case that is being sent: at most one at a time. */
    struct {
        bool is_busy;
        char id[CASE_ID_HEX];
        char *bytes;
        size_t len;
        int64_t tries;
        bool is_hour_only; /* an anonymous report */
    } sending;

    /* The journal (recording.c). */
    enum err journal_err;        /* why it could not be written, or ERR_OK */
    int64_t journal_lost;        /* records that are missing for it */
    bool is_trying_journal;      /* whether it can be written again */
    struct timer *journal_again; /* until that is tried */
    struct journal_head acknowledged; /* what the hub said last */
    bool is_journal_differing;

    struct timer *pause;     /* until the next case may be tried */
    struct timer *heartbeat; /* until the next report of health */
    bool is_online, is_beating, was_reported;
    int64_t online_since_ms; /* wall */
    bool knows_clock;        /* of the hub */
    int64_t clock_off_ms;
    struct terminal_today today; /* today.c */
    bool is_counting, must_count;
    bool is_network_down; /* the demo's */
    bool wants_help;      /* somebody asks for the staff */
    bool carries_help;    /* the beat under way says so */
    bool was_help_told;   /* the hub has heard it */
    bool is_help_coming;  /* … and somebody answered */
    bool is_end_due;  /* the hub must hear that a call is over before another */
    bool is_beat_due; /* what the beat under way says is not true any more */
    bool is_early_beat; /* the one under way began before the store was open */
};

void delivery_tell_health(struct delivery *delivery);
/* Why nothing can be stored at all; a disk that is merely short of room is no
 * reason, for what was begun may use the reserve. */
enum err delivery_cannot_store(const struct delivery *delivery);

/* opening.c: opens what is not open; on_health and what waits are told. */
void delivery_open(struct delivery *delivery);
void delivery_on_upkeep(void *owner);
/* Closes store and client; what is queued is answered first. */
void delivery_shut(struct delivery *delivery);
/* An answer of the store's: after some, it is not believed any more before it
 * has been opened and looked through again. */
void delivery_doubt(struct delivery *delivery, enum err err);

/* reserve.c */
void reserve_open(struct delivery *delivery);
void reserve_keep(struct delivery *delivery);
/* True when there was one and its room is free now. */
bool reserve_release(struct delivery *delivery);
/* Releases it when the disk has no room for one more case. */
void reserve_release_if_short(struct delivery *delivery);
/* Whether the disk has room for a new case, and the reserve is kept. */
bool reserve_has_room(const struct delivery *delivery, uint64_t free_bytes);

/* replacing.c: asks the hub whether it knows the next key, and once it does,
 * takes that one.  Called with each report of health. */
void delivery_try_next_key(struct delivery *delivery);
void delivery_drop_next_key(struct delivery *delivery);
/* What an answer says of the key that signed the question. */
void delivery_note_key(struct delivery *delivery,
                       const struct client_answer *answer);

/* storing.c */
/* The case whose envelope is being signed is told not to be stored. */
void delivery_stop_signing(struct delivery *delivery);
void delivery_submit_waiting(struct delivery *delivery);
void delivery_on_start_waited(void *owner);

/* recording.c */
void delivery_on_journal_again(void *owner);
/* Nothing to do while it can be written. */
void delivery_try_journal(struct delivery *delivery);
/* Seals the journal's key once store and office are known. */
void delivery_seal_journal(struct delivery *delivery);
/* Whether the journal is still the one that the hub knows. */
void delivery_compare_journal(struct delivery *delivery,
                              const struct journal_report *report);

/* sending.c */
/* Sends the oldest case that is due, unless one is under way. */
void delivery_look(struct delivery *delivery);
void delivery_on_pause_over(void *owner);
/* All that waits is due now. */
void delivery_wake(struct delivery *delivery);
void delivery_on_heartbeat_due(void *owner);
/* Reports the machine's health now. */
void delivery_beat(struct delivery *delivery);
void delivery_set_online(struct delivery *delivery, bool is_online,
                         enum err why);
void delivery_drop_sending(struct delivery *delivery);
