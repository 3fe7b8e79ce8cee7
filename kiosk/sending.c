/* From here to the hub: one case at a time, and the machine's health. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Pauses between two tries of one case, and how they grow. */
enum { PAUSE_FIRST_MS = 2000, PAUSE_MOST_MS = 60000 };

enum { BEAT_BYTES = 2048, HELP_MS = 5000 };

void delivery_set_online(struct delivery *delivery, bool is_online,
                         enum err why)
{
    if (delivery->is_online == is_online && delivery->was_reported)
        return;
    delivery->is_online = is_online;
    delivery->was_reported = true;
    delivery->online_since_ms = clock_wall_ms();
    if (is_online)
        event_record(EVENT_HUB_UP, FIELD_END);
    else
        event_record(EVENT_HUB_DOWN, FIELD_ERR, err_name(why), FIELD_END);
    delivery_tell_health(delivery);
}

/* Only these say that nobody was there; a refusal is an answer too. */
static bool is_away(enum err err)
{
    return err == ERR_OFFLINE || err == ERR_TIMEOUT;
}

/* It could not be signed, so nobody was asked. */
static bool was_asked(enum err err)
{
    return err != ERR_CHILD && err != ERR_CRYPTO;
}

/* ---- Sending ---------------------------------------------------------- */

void delivery_drop_sending(struct delivery *delivery)
{
    if (delivery->sending.bytes)
        mem_wipe(delivery->sending.bytes, delivery->sending.len);
    mem_free(delivery->sending.bytes);
    memset(&delivery->sending, 0, sizeof delivery->sending);
}

static int64_t pause_after(int64_t tries)
{
    int64_t pause = PAUSE_FIRST_MS;
    for (int64_t i = 0; i < tries && pause < PAUSE_MOST_MS; i++)
        pause *= 2;
    return pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS;
}

static void on_noted(void *owner, enum err err)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    delivery_drop_sending(delivery);
    if (err) {
        /* The hub has it, or will be asked again with the same id and bytes:
         * nothing is lost by not having noted that here. */
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
        delivery_doubt(delivery, err);
        timer_start(delivery->pause, PAUSE_MOST_MS);
        return;
    }
    delivery_look(delivery);
}

static void on_counted(void *owner, enum err err, int64_t waiting,
                       int64_t conflicts)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    (void)conflicts;
    if (!err)
        delivery->state.waiting = waiting;
    delivery_tell_health(delivery);
    on_noted(delivery, err);
}

/* A case left the queue: how many are left is the store's to say. */
static void on_left(void *owner, enum err err)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    if (err)
        on_noted(delivery, err);
    else
        outbox_count(delivery->store, on_counted, delivery);
}

static void answered_well(struct delivery *delivery,
                          const struct client_answer *answer)
{
    snprintf(delivery->said, sizeof delivery->said, "%s", answer->state);
    delivery->events.on_case(delivery->owner, delivery->sending.id,
                             CASE_DELIVERED, ERR_OK, answer->case_number, NULL);
    outbox_confirm(delivery->store, delivery->sending.id, answer->case_number,
                   on_left, delivery);
}

/* Beside an exact time, and standard error has one, an anonymous report is not
 * named. */
static const char *case_to_name(const struct delivery *delivery)
{
    return delivery->sending.is_hour_only ? NULL : delivery->sending.id;
}

/* Of a refusal by rules also where it was, by the item's own name. */
static void record_conflict(const struct delivery *delivery, enum err err,
                            const char *step)
{
    if (step && *step)
        event_record(EVENT_CASE_CONFLICT, FIELD_CASE, case_to_name(delivery),
                     FIELD_STEP, step, FIELD_ERR, err_name(err), FIELD_END);
    else
        event_record(EVENT_CASE_CONFLICT, FIELD_CASE, case_to_name(delivery),
                     FIELD_ERR, err_name(err), FIELD_END);
}

static void answered_badly(struct delivery *delivery, enum err err,
                           const char *step)
{
    if (err == ERR_CONFLICT || err == ERR_REFUSED || err == ERR_RULES) {
        record_conflict(delivery, err, step);
        delivery->events.on_case(delivery->owner, delivery->sending.id,
                                 CASE_CONFLICT, err, "", NULL);
        outbox_conflict(delivery->store, delivery->sending.id, err, on_left,
                        delivery);
        return;
    }
    int64_t pause = pause_after(delivery->sending.tries);
    event_record(EVENT_CASE_WAITS, FIELD_CASE, case_to_name(delivery),
                 FIELD_TRIES, delivery->sending.tries + 1, FIELD_ERR,
                 err_name(err), FIELD_END);
    delivery->events.on_case(delivery->owner, delivery->sending.id, CASE_SAVED,
                             err, "", NULL);
    outbox_retry(delivery->store, delivery->sending.id, err,
                 clock_wall_ms() + pause, on_noted, delivery);
}

static void on_sent(void *owner, const struct client_answer *answer)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    if (was_asked(answer->err))
        delivery_set_online(delivery, !is_away(answer->err), answer->err);
    delivery_note_key(delivery, answer);
    if (answer->err)
        answered_badly(delivery, answer->err, answer->step);
    else
        answered_well(delivery, answer);
}

static void on_recounted(void *owner, enum err err, int64_t waiting,
                         int64_t conflicts)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    (void)conflicts;
    if (!err)
        delivery->state.waiting = waiting;
}

static void on_next(void *owner, enum err err, const struct outbox_case *entry,
                    int64_t tries)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    if (!delivery->client)
        return; /* the program ends; the case waits in the store */
    if (err)
        delivery_doubt(delivery, err);
    if (err || !entry) {
        /* What waits is in its pause, or was put aside: looked for later. */
        delivery->sending.is_busy = false;
        timer_start(delivery->pause, PAUSE_FIRST_MS);
        outbox_count(delivery->store, on_recounted, delivery);
        return;
    }
    snprintf(delivery->sending.id, sizeof delivery->sending.id, "%s",
             entry->id);
    delivery->sending.bytes = mem_copy_bytes(entry->bytes, entry->len);
    delivery->sending.len = entry->len;
    delivery->sending.tries = tries;
    delivery->sending.is_hour_only = entry->is_hour_only;
    transport_send(delivery->client, delivery->sending.id,
                   delivery->sending.bytes, delivery->sending.len, on_sent,
                   delivery);
}

/* Sends the oldest case that is due, unless one is under way. */
void delivery_look(struct delivery *delivery)
{
    if (!delivery->is_store_open || delivery->sending.is_busy ||
        !delivery->has_url || delivery->state.waiting == 0)
        return;
    delivery->sending.is_busy = true;
    timer_stop(delivery->pause);
    outbox_next(delivery->store, clock_wall_ms(), on_next, delivery);
}

void delivery_on_pause_over(void *owner)
{
    delivery_look(owner);
}

static void on_woken(void *owner, enum err err)
{
    (void)err;
    delivery_look(owner);
}

void delivery_wake(struct delivery *delivery)
{
    if (delivery->is_store_open && delivery->state.waiting > 0)
        outbox_wake(delivery->store, on_woken, delivery);
}

/* ---- Health ----------------------------------------------------------- */

static void note_clock(struct delivery *delivery,
                       const struct client_answer *answer)
{
    if (answer->err)
        return;
    delivery->knows_clock = true;
    delivery->clock_off_ms = answer->clock_off_ms;
}

/* Somebody may come; only who still asks is told. */
static void note_help(struct delivery *delivery,
                      const struct client_answer *answer)
{
    bool is_coming =
        delivery->wants_help && delivery->carries_help && answer->is_coming;
    bool was_told = delivery->was_help_told;

    if (delivery->wants_help && delivery->carries_help)
        delivery->was_help_told = true;
    if (is_coming != delivery->is_help_coming ||
        was_told != delivery->was_help_told) {
        delivery->is_help_coming = is_coming;
        delivery_tell_health(delivery);
    }
}

/* The call before is over, there too; the one that followed it can be told. */
static void note_end(struct delivery *delivery)
{
    if (delivery->is_end_due && delivery->wants_help)
        delivery->is_beat_due = true;
    delivery->is_end_due = false;
}

static void on_heartbeat(void *owner, const struct client_answer *answer)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    bool was_online = delivery->is_online;

    delivery->is_beating = false;
    if (!answer->err)
        note_help(delivery, answer);
    if (!answer->err && !delivery->carries_help)
        note_end(delivery);
    if (!answer->err && answer->journal.number > 0)
        delivery->acknowledged = answer->journal;
    if (was_asked(answer->err))
        delivery_set_online(delivery, !is_away(answer->err), answer->err);
    delivery_note_key(delivery, answer);
    note_clock(delivery, answer);
    if (delivery->is_online && !was_online)
        delivery_wake(delivery);
    /* While the hub is away it is looked for more often. */
    int64_t after_ms = delivery->settings->heartbeat_s * 1000;
    if (delivery->wants_help && !delivery->is_help_coming && after_ms > HELP_MS)
        after_ms = HELP_MS;
    if (!answer->err && delivery->is_beat_due)
        after_ms = 0; /* called, or given up, while this one was under way */
    if (!answer->err && delivery->is_early_beat && delivery->is_store_open)
        after_ms = 0; /* it could not tell of the journal yet */
    if (!delivery->is_online && after_ms > 10000)
        after_ms = 10000;
    timer_start(delivery->heartbeat, after_ms);
}

/* Number and head of the journal, what it holds at the number that the hub
 * knows, and the sealed key: who rolls the journal back or writes it anew is
 * found by the hub at the next heartbeat. */
static void add_journal(const struct journal_report *report, struct buf *body)
{
    buf_add_format(body, ",\"journal\":{\"number\":%lld,\"hash\":\"",
                   (long long)report->head.number);
    buf_add_hex(body, report->head.hash, sizeof report->head.hash);
    buf_add_char(body, '"');
    if (report->known.number > 0) {
        buf_add_format(body, ",\"known\":{\"number\":%lld,\"hash\":\"",
                       (long long)report->known.number);
        buf_add_hex(body, report->known.hash, sizeof report->known.hash);
        buf_add_text(body, "\"}");
    }
    if (*report->sealed)
        buf_add_format(body, ",\"key\":\"%s\"", report->sealed);
    buf_add_char(body, '}');
}

static void send_beat(struct delivery *delivery,
                      const struct journal_report *report)
{
    struct buf body;

    delivery->carries_help = delivery->wants_help && !delivery->is_end_due;
    delivery->is_beat_due = false;
    buf_init(&body, BEAT_BYTES);
    buf_add_format(&body,
                   "{\"waiting\":%lld,\"help_wanted\":%s,\"version\":\"%s\"",
                   (long long)delivery->state.waiting,
                   delivery->carries_help ? "true" : "false", KIOSK_VERSION);
    if (report)
        add_journal(report, &body);
    if (delivery->events.add_health)
        delivery->events.add_health(delivery->owner, &body);
    buf_add_char(&body, '}');
    assert(!body.is_cut);
    client_heartbeat(delivery->client, body.text, on_heartbeat, delivery);
    buf_done(&body);
}

static void on_journal_report(void *owner, enum err err,
                              const struct journal_report *report)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    if (!delivery->client)
        return; /* the program ends */
    if (!err)
        delivery_compare_journal(delivery, report);
    send_beat(delivery, err ? NULL : report);
}

/* A store that cannot be used is no reason to be silent. */
void delivery_beat(struct delivery *delivery)
{
    if (!delivery->has_url || delivery->is_beating)
        return;
    delivery->is_beating = true;
    delivery->is_early_beat = !delivery->is_store_open;
    timer_stop(delivery->heartbeat);
    if (delivery->is_store_open)
        journal_report(delivery->store, &delivery->acknowledged,
                       on_journal_report, delivery);
    else
        send_beat(delivery, NULL);
    delivery_try_next_key(delivery);
}

void delivery_on_heartbeat_due(void *owner)
{
    delivery_beat(owner);
}

bool delivery_was_called(const struct delivery *delivery)
{
    return delivery->was_help_told && delivery->is_online;
}

bool delivery_is_help_coming(const struct delivery *delivery)
{
    return delivery->is_help_coming;
}

/* One that is under way may have been written already. */
static void beat_anew(struct delivery *delivery)
{
    delivery->is_beat_due = true;
    delivery_beat(delivery);
}

void delivery_call_help(struct delivery *delivery)
{
    if (delivery->wants_help)
        return; /* the call stands */
    delivery->wants_help = true;
    event_record(EVENT_HELP_CALLED, FIELD_END);
    beat_anew(delivery);
}

void delivery_tell(const struct delivery *delivery, struct held *held)
{
    if (delivery->wants_help)
        held_add(held, "held.help", N_("Your call for help"),
                 N_("that somebody at this machine calls, until you end"));
}

void delivery_end_help(struct delivery *delivery)
{
    if (!delivery->wants_help)
        return;
    delivery->wants_help = false;
    delivery->was_help_told = false;
    delivery->is_help_coming = false;
    delivery->is_end_due = true;
    beat_anew(delivery);
}
