/* What delivery.c (opening, what is known of the office), storing.c (from
 * "send" to safe here), sending.c (from here to the hub) and recording.c (the
 * journal) share.  Nobody else
 * includes this. */
#pragma once

#include "kiosk/delivery.h"

#include "kiosk/flow/receipt.h"

enum { DELIVERY_MAGIC = 0x64656c76 };

struct delivery {
    int magic;
    struct loop *loop;
    const struct settings *settings;
    struct delivery_events events;
    void *owner;

    struct terminal_store *store;
    struct client *client;
    struct key *machine_key;
    struct terminal_state state;
    enum err hindrance;
    bool is_store_open;

    char *public_url;
    char *folder;
    unsigned char office_key[CRYPTO_PUBLIC_BYTES];
    bool has_office;
    bool has_url; /* it is known where the hub is */

    /* The case that is being stored, or waits for that (session, then). */
    char storing[CASE_ID_HEX];
    struct session *session;
    struct timer *start_wait;
    struct receipt_count receipt;

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
    bool wants_help, carries_help; /* a call; the beat under way tells it */
    bool is_early_beat; /* the one under way began before the store was open */
};

void delivery_tell_health(struct delivery *delivery);

/* storing.c */
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
void delivery_on_heartbeat_due(void *owner);
/* Reports the machine's health now. */
void delivery_beat(struct delivery *delivery);
void delivery_set_online(struct delivery *delivery, bool is_online,
                         enum err why);
void delivery_drop_sending(struct delivery *delivery);
