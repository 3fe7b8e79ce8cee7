/* From "send" to safe here: identifiers, the envelope, the store. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/slip.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* So long a case may wait for the office's key or the store, just after the
 * program's start; then the citizen is told. */
enum { START_WAIT_MS = 10000, TERMINAL_BYTES = 512 };

static void not_stored(struct delivery *delivery, enum err err)
{
    char id[CASE_ID_HEX];
    snprintf(id, sizeof id, "%s", delivery->storing);
    delivery->storing[0] = '\0';
    delivery->is_signing = false;
    buf_clear(&delivery->envelope);
    event_record(EVENT_CASE_NOT_STORED, FIELD_ERR, err_name(err), FIELD_END);
    delivery->events.on_case(delivery->owner, id, CASE_NOT_STORED, err, "",
                             NULL);
}

static void put(struct delivery *delivery);

static void on_stored(void *owner, enum err err,
                      const struct journal_head *head)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    char id[CASE_ID_HEX];

    /* Room for what was begun; once, for then there is none left. */
    if (err == ERR_DISK_FULL && delivery->store && reserve_release(delivery)) {
        put(delivery);
        return;
    }
    if (err) {
        not_stored(delivery, err);
        delivery_doubt(delivery, err);
        return;
    }
    buf_clear(&delivery->envelope);
    snprintf(id, sizeof id, "%s", delivery->storing);
    delivery->storing[0] = '\0';
    delivery->state.next_number++;
    delivery->state.waiting++;
    snprintf(delivery->state.receipt_day, sizeof delivery->state.receipt_day,
             "%s", delivery->receipt.day);
    delivery->state.receipt_sequence = delivery->receipt.sequence;
    delivery->events.on_case(delivery->owner, id, CASE_SAVED, ERR_OK, "", head);
    delivery_tell_health(delivery);
    delivery_look(delivery);
}

static void make_identifiers(struct session_case *made)
{
    static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char random[32];

    chance_bytes(random, sizeof random);
    for (int i = 0; i < 16; i++)
        snprintf(made->id + (size_t)i * 2, 3, "%02x", random[i]);
    /* 21 characters of six bits and one of two make 128 bits. */
    unsigned bits = 0, have = 0, at = 16;
    for (int i = 0; i < ADDRESS_CHARS; i++) {
        if (have < 6 && at < 32) {
            bits = (bits << 8) | random[at++];
            have += 8;
        }
        unsigned take = have < 6 ? have : 6;
        unsigned six = (bits >> (have - take)) & ((1u << take) - 1);
        have -= take;
        made->address[i] = url_safe[take == 6 ? six : six << (6 - take)];
    }
    made->address[ADDRESS_CHARS] = '\0';
    snprintf(made->lookup_code, sizeof made->lookup_code, "%04u",
             (unsigned)chance_below(10000));
    mem_wipe(random, sizeof random);
}

static enum err make_envelope(struct delivery *delivery,
                              const struct session *session)
{
    const struct session_case *made = &session->submitted;
    struct buf terminal[LANGUAGE_COUNT];
    struct envelope_input input = {
        .item = session->item,
        .answers = session->answers,
        .case_id = made->id,
        .number = delivery->state.next_number,
        .receipt = made->receipt,
        .lookup_code = made->lookup_code,
        .address = made->address,
        .assurance = assurance_name(session->assurance),
        .hold = session->hold.token,
        .language = session->language,
        .wall_ms = made->wall_ms,
        .machine_public = signer_public(delivery->signer),
        .office_key = delivery->office_key,
    };
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        buf_init(&terminal[i], TERMINAL_BYTES);
        slip_terminal(delivery->settings, (enum language)i, &terminal[i]);
        input.terminal.in[i] = terminal[i].text;
    }
    buf_clear(&delivery->envelope);
    enum err err = envelope_prepare(&input, &delivery->envelope);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&terminal[i]);
    return err;
}

/* An anonymous report is known here, too, by its hour alone. */
static int64_t stored_time(const struct session_case *made)
{
    int64_t hour_ms = 3600 * 1000;
    return made->is_hour_only ? made->wall_ms - made->wall_ms % hour_ms
                              : made->wall_ms;
}

/* What the store is told of it, while the session is there to say it. */
static void make_entry(struct delivery *delivery, const struct session *session)
{
    const struct session_case *made = &session->submitted;
    struct outbox_case *entry = &delivery->entry;

    *entry = (struct outbox_case){
        .number = delivery->state.next_number,
        .receipt_sequence = delivery->receipt.sequence,
        .wall_ms = stored_time(made),
        .is_hour_only = made->is_hour_only,
    };
    snprintf(entry->id, sizeof entry->id, "%s", made->id);
    snprintf(entry->receipt, sizeof entry->receipt, "%s", made->receipt);
    snprintf(entry->receipt_day, sizeof entry->receipt_day, "%s",
             delivery->receipt.day);
    snprintf(entry->item, sizeof entry->item, "%s", session->item->id);
}

static void put(struct delivery *delivery)
{
    delivery->entry.bytes = (const unsigned char *)delivery->envelope.text;
    delivery->entry.len = delivery->envelope.len;
    outbox_put(delivery->store, &delivery->entry, on_stored, delivery);
}

/* The session may have ended by now: what was sent is sent. */
static void on_signed(void *owner, enum err err, const unsigned char *signature)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);

    delivery->is_signing = false;
    if (err) {
        not_stored(delivery, err);
        return;
    }
    envelope_finish(&delivery->envelope, signature);
    reserve_release_if_short(delivery);
    put(delivery);
}

void delivery_stop_signing(struct delivery *delivery)
{
    if (!delivery->is_signing)
        return;
    signer_forget(delivery->signer, delivery);
    not_stored(delivery, ERR_CHILD);
}

static void make_receipt(struct delivery *delivery, struct session_case *made)
{
    struct receipt_count last = { .sequence =
                                      delivery->state.receipt_sequence };
    snprintf(last.day, sizeof last.day, "%s", delivery->state.receipt_day);
    delivery->receipt = receipt_next(&last, made->wall_ms);
    receipt_make(delivery->settings->terminal, &delivery->receipt,
                 made->receipt);
}

static void store_case(struct delivery *delivery, struct session *session)
{
    session->submitted.is_hour_only =
        envelope_is_anonymous(session->item, session->answers);
    make_receipt(delivery, &session->submitted);
    enum err err = make_envelope(delivery, session);
    if (err) {
        not_stored(delivery, err);
        return;
    }
    make_entry(delivery, session);
    delivery->is_signing = true;
    signer_ask(delivery->signer, delivery->envelope.text,
               delivery->envelope.len, on_signed, delivery);
}

/* The program has just started: what is missing is on its way. */
static bool is_on_its_way(const struct delivery *delivery)
{
    enum err err = delivery_cannot_store(delivery);
    return !delivery->hindrance &&
           (err == ERR_CRYPTO || !delivery->is_store_open ||
            delivery->is_trying_journal);
}

void delivery_submit_waiting(struct delivery *delivery)
{
    struct session *session = delivery->session;
    if (!session || is_on_its_way(delivery))
        return;
    delivery->session = NULL;
    timer_stop(delivery->start_wait);
    enum err err = delivery_cannot_store(delivery);
    if (err)
        not_stored(delivery, err);
    else
        store_case(delivery, session);
}

void delivery_on_start_waited(void *owner)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    delivery->session = NULL;
    not_stored(delivery, delivery_cannot_store(delivery));
}

void delivery_submit(struct delivery *delivery, struct session *session)
{
    struct session_case *made = &session->submitted;

    memset(made, 0, sizeof *made);
    made->state = CASE_STORING;
    made->wall_ms = clock_wall_ms();
    make_identifiers(made);
    if (delivery->storing[0]) {
        /* The disk still holds the case before this one up. */
        delivery->events.on_case(delivery->owner, made->id, CASE_NOT_STORED,
                                 ERR_IO, "", NULL);
        return;
    }
    snprintf(delivery->storing, sizeof delivery->storing, "%s", made->id);
    delivery->session = session;
    timer_start(delivery->start_wait, START_WAIT_MS);
    /* Perhaps the disk has room again, or has it now. */
    reserve_release_if_short(delivery);
    delivery_try_journal(delivery);
    delivery_submit_waiting(delivery);
}

bool delivery_is_storing(const struct delivery *delivery, const char *case_id)
{
    return strcmp(delivery->storing, case_id) == 0;
}

void delivery_give_up(struct delivery *delivery)
{
    if (!delivery->session)
        return;
    delivery->session = NULL;
    delivery->storing[0] = '\0';
    timer_stop(delivery->start_wait);
}
