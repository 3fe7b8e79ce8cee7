#include "kiosk/delivery.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/receipt.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Pauses between two tries of one case, and how they grow. */
enum { PAUSE_FIRST_MS = 2000, PAUSE_MOST_MS = 60000, PATH_BYTES = 512 };

/* The least room a disk must have before a case is begun. */
enum { FREE_LEAST_BYTES = 4 * 1024 * 1024 };

enum { MAGIC = 0x64656c76 };

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

    /* The case that is being stored. */
    char storing[CASE_ID_HEX];
    struct receipt_count receipt;

    /* The case that is being sent: at most one at a time. */
    struct {
        bool is_busy;
        char id[CASE_ID_HEX];
        char *bytes;
        size_t len;
        int64_t tries;
    } sending;

    struct timer *pause;     /* until the next case may be tried */
    struct timer *heartbeat; /* until the next report of health */
    bool is_online, is_beating, wants_help, was_reported;
};

static void look(struct delivery *delivery);

static void tell_health(struct delivery *delivery)
{
    delivery->events.on_health(delivery->owner);
}

static void set_online(struct delivery *delivery, bool is_online, enum err why)
{
    if (delivery->is_online == is_online && delivery->was_reported)
        return;
    delivery->is_online = is_online;
    delivery->was_reported = true;
    if (is_online)
        event_record(EVENT_HUB_UP, FIELD_END);
    else
        event_record(EVENT_HUB_DOWN, FIELD_ERR, err_name(why), FIELD_END);
    tell_health(delivery);
}

/* Only these say that nobody was there; a refusal is an answer too. */
static bool is_away(enum err err)
{
    return err == ERR_OFFLINE || err == ERR_TIMEOUT;
}

/* ---- Sending ---------------------------------------------------------- */

static void sending_end(struct delivery *delivery)
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
    assert(delivery->magic == MAGIC);
    sending_end(delivery);
    if (err) {
        /* The hub has it, or will be asked again with the same id and bytes:
         * nothing is lost by not having noted that here. */
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
        timer_start(delivery->pause, PAUSE_MOST_MS);
        return;
    }
    look(delivery);
}

static void on_confirmed(void *owner, enum err err)
{
    struct delivery *delivery = owner;
    if (!err && delivery->state.waiting > 0)
        delivery->state.waiting--;
    on_noted(owner, err);
    tell_health(delivery);
}

static void answered_well(struct delivery *delivery,
                          const struct client_answer *answer)
{
    event_record(EVENT_CASE_DELIVERED, FIELD_CASE, delivery->sending.id,
                 FIELD_TRIES, delivery->sending.tries + 1, FIELD_END);
    delivery->events.on_case(delivery->owner, delivery->sending.id,
                             CASE_DELIVERED, ERR_OK, answer->case_number, NULL);
    outbox_confirm(delivery->store, delivery->sending.id, answer->case_number,
                   on_confirmed, delivery);
}

static void answered_badly(struct delivery *delivery, enum err err)
{
    if (err == ERR_CONFLICT || err == ERR_REFUSED) {
        event_record(EVENT_CASE_CONFLICT, FIELD_CASE, delivery->sending.id,
                     FIELD_ERR, err_name(err), FIELD_END);
        delivery->events.on_case(delivery->owner, delivery->sending.id,
                                 CASE_CONFLICT, err, "", NULL);
        outbox_conflict(delivery->store, delivery->sending.id, err, on_noted,
                        delivery);
        return;
    }
    int64_t pause = pause_after(delivery->sending.tries);
    event_record(EVENT_CASE_WAITS, FIELD_CASE, delivery->sending.id,
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
    assert(delivery->magic == MAGIC);
    set_online(delivery, !is_away(answer->err), answer->err);
    if (answer->err)
        answered_badly(delivery, answer->err);
    else
        answered_well(delivery, answer);
}

static void on_next(void *owner, enum err err, const struct outbox_case *entry,
                    int64_t tries)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == MAGIC);
    if (err || !entry) {
        delivery->sending.is_busy = false;
        /* Cases whose pause is not over yet are looked for later. */
        if (delivery->state.waiting > 0)
            timer_start(delivery->pause, PAUSE_FIRST_MS);
        return;
    }
    snprintf(delivery->sending.id, sizeof delivery->sending.id, "%s",
             entry->id);
    delivery->sending.bytes = mem_copy_bytes(entry->bytes, entry->len);
    delivery->sending.len = entry->len;
    delivery->sending.tries = tries;
    transport_send(delivery->client, delivery->sending.id,
                   delivery->sending.bytes, delivery->sending.len, on_sent,
                   delivery);
}

/* Sends the oldest case that is due, unless one is under way. */
static void look(struct delivery *delivery)
{
    if (!delivery->is_store_open || delivery->sending.is_busy ||
        !delivery->client || delivery->state.waiting == 0)
        return;
    delivery->sending.is_busy = true;
    timer_stop(delivery->pause);
    outbox_next(delivery->store, clock_wall_ms(), on_next, delivery);
}

static void on_pause_over(void *owner)
{
    look(owner);
}

static void on_woken(void *owner, enum err err)
{
    (void)err;
    look(owner);
}

/* ---- Health ----------------------------------------------------------- */

static void on_heartbeat(void *owner, const struct client_answer *answer)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == MAGIC);
    bool was_online = delivery->is_online;

    delivery->is_beating = false;
    if (!answer->err)
        delivery->wants_help = false;
    set_online(delivery, !is_away(answer->err), answer->err);
    if (delivery->is_online && !was_online && delivery->is_store_open &&
        delivery->state.waiting > 0)
        outbox_wake(delivery->store, on_woken, delivery);
    /* While the hub is away it is looked for more often. */
    int64_t after_ms = delivery->settings->heartbeat_s * 1000;
    if (!delivery->is_online && after_ms > 10000)
        after_ms = 10000;
    timer_start(delivery->heartbeat, after_ms);
}

static void beat(struct delivery *delivery)
{
    char body[256];

    if (!delivery->client || delivery->is_beating)
        return;
    delivery->is_beating = true;
    timer_stop(delivery->heartbeat);
    snprintf(body, sizeof body,
             "{\"waiting\":%lld,\"help_wanted\":%s,\"version\":\"%s\"}",
             (long long)delivery->state.waiting,
             delivery->wants_help ? "true" : "false", KIOSK_VERSION);
    client_heartbeat(delivery->client, body, on_heartbeat, delivery);
}

static void on_heartbeat_due(void *owner)
{
    beat(owner);
}

void delivery_call_help(struct delivery *delivery)
{
    delivery->wants_help = true;
    event_record(EVENT_HELP_CALLED, FIELD_END);
    beat(delivery);
}

/* ---- Storing ---------------------------------------------------------- */

static void on_stored(void *owner, enum err err,
                      const struct journal_head *head)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == MAGIC);
    char id[CASE_ID_HEX];

    snprintf(id, sizeof id, "%s", delivery->storing);
    delivery->storing[0] = '\0';
    if (err) {
        event_record(EVENT_CASE_NOT_STORED, FIELD_ERR, err_name(err),
                     FIELD_END);
        delivery->events.on_case(delivery->owner, id, CASE_NOT_STORED, err, "",
                                 NULL);
        return;
    }
    delivery->state.next_number++;
    delivery->state.waiting++;
    snprintf(delivery->state.receipt_day, sizeof delivery->state.receipt_day,
             "%s", delivery->receipt.day);
    delivery->state.receipt_sequence = delivery->receipt.sequence;
    delivery->events.on_case(delivery->owner, id, CASE_SAVED, ERR_OK, "", head);
    tell_health(delivery);
    look(delivery);
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
                              const struct session *session, struct buf *out)
{
    const struct session_case *made = &session->submitted;
    struct envelope_input input = {
        .item = session->item,
        .answers = session->answers,
        .case_id = made->id,
        .number = delivery->state.next_number,
        .receipt = made->receipt,
        .lookup_code = made->lookup_code,
        .address = made->address,
        .assurance = assurance_name(session->assurance),
        .language = session->language,
        .wall_ms = made->wall_ms,
        .machine_key = delivery->machine_key,
        .office_key = delivery->office_key,
    };
    return envelope_make(&input, out);
}

/* An anonymous report is known here, too, by its hour alone. */
static int64_t stored_time(const struct session *session)
{
    int64_t hour_ms = 3600 * 1000;
    int64_t wall_ms = session->submitted.wall_ms;
    if (envelope_is_anonymous(session->item, session->answers))
        wall_ms -= wall_ms % hour_ms;
    return wall_ms;
}

static void put(struct delivery *delivery, const struct session *session,
                const struct buf *bytes)
{
    const struct session_case *made = &session->submitted;
    struct outbox_case entry = {
        .number = delivery->state.next_number,
        .receipt_sequence = delivery->receipt.sequence,
        .wall_ms = stored_time(session),
        .bytes = (const unsigned char *)bytes->text,
        .len = bytes->len,
    };
    snprintf(entry.id, sizeof entry.id, "%s", made->id);
    snprintf(entry.receipt, sizeof entry.receipt, "%s", made->receipt);
    snprintf(entry.receipt_day, sizeof entry.receipt_day, "%s",
             delivery->receipt.day);
    snprintf(entry.item, sizeof entry.item, "%s", session->item->id);
    snprintf(delivery->storing, sizeof delivery->storing, "%s", made->id);
    outbox_put(delivery->store, &entry, on_stored, delivery);
}

void delivery_submit(struct delivery *delivery, struct session *session,
                     const char *terminal)
{
    struct session_case *made = &session->submitted;
    struct receipt_count last = { .sequence =
                                      delivery->state.receipt_sequence };
    enum err err = delivery_hindrance(delivery);

    assert(!delivery->storing[0]);
    memset(made, 0, sizeof *made);
    made->state = CASE_STORING;
    made->wall_ms = clock_wall_ms();
    make_identifiers(made);
    snprintf(last.day, sizeof last.day, "%s", delivery->state.receipt_day);
    delivery->receipt = receipt_next(&last, made->wall_ms);
    receipt_make(terminal, &delivery->receipt, made->receipt);

    struct buf bytes;
    buf_init(&bytes, ENVELOPE_MAX);
    if (!err)
        err = make_envelope(delivery, session, &bytes);
    if (err) {
        made->state = CASE_NOT_STORED;
        made->err = err;
        event_record(EVENT_CASE_NOT_STORED, FIELD_ERR, err_name(err),
                     FIELD_END);
        delivery->events.on_case(delivery->owner, made->id, CASE_NOT_STORED,
                                 err, "", NULL);
    } else {
        put(delivery, session, &bytes);
    }
    buf_done(&bytes);
}

/* ---- Opening and closing ---------------------------------------------- */

static void on_recalled_key(void *owner, enum err err, const char *value)
{
    struct delivery *delivery = owner;
    size_t len;

    if (err || !value || delivery->has_office)
        return;
    unsigned char key[CRYPTO_PUBLIC_BYTES];
    if (base64_decode(value, strlen(value), key, sizeof key, &len) ||
        len != sizeof key)
        return;
    memcpy(delivery->office_key, key, sizeof key);
    delivery->has_office = true;
    tell_health(delivery);
}

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == MAGIC);

    delivery->hindrance = err;
    if (err) {
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
    } else {
        delivery->is_store_open = true;
        delivery->state = *state;
        if (state->upgraded_from)
            event_record(EVENT_STORE_UPGRADED, FIELD_NUMBER,
                         (int64_t)state->upgraded_from, FIELD_END);
        if (!delivery->has_office)
            recall(delivery->store, "office_key", on_recalled_key, delivery);
        look(delivery);
    }
    tell_health(delivery);
}

static enum err open_key(const char *folder, struct key **ret_key)
{
    char path[PATH_BYTES];
    enum err err = file_make_folder(folder, 0700);
    if (err)
        return err;
    snprintf(path, sizeof path, "%s/machine.key", folder);
    return key_open(path, KEY_SIGN, true, ret_key);
}

enum err delivery_fingerprint(const char *state_folder,
                              char hex[CRYPTO_HEX_DIGEST])
{
    struct key *key;
    enum err err = open_key(state_folder, &key);
    if (err)
        return err;
    key_fingerprint(key_public(key), hex);
    key_close(key);
    return ERR_OK;
}

static void open_store(struct delivery *delivery)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/kiosk.sqlite", delivery->folder);
    delivery->store =
        terminal_store_new(delivery->loop, path, on_open, delivery);
}

struct delivery *delivery_new(struct loop *loop,
                              const struct settings *settings,
                              const char *state_folder,
                              const struct delivery_events *events, void *owner)
{
    struct delivery *delivery = mem_new(sizeof *delivery);
    *delivery = (struct delivery){
        .magic = MAGIC,
        .loop = loop,
        .settings = settings,
        .events = *events,
        .owner = owner,
        .hindrance = ERR_OK,
        .public_url = mem_copy_text(""),
        .folder = mem_copy_text(state_folder),
    };
    delivery->pause = timer_new(loop, "outbox pause", on_pause_over, delivery);
    delivery->heartbeat =
        timer_new(loop, "heartbeat", on_heartbeat_due, delivery);
    enum err err = open_key(state_folder, &delivery->machine_key);
    delivery->hindrance = err;
    if (err) {
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
        return delivery;
    }
    struct client_settings client = {
        .url = NULL,
        .ca = *settings->hub_ca ? settings->hub_ca : NULL,
        .machine_key = delivery->machine_key,
        .answer_max_ms = settings->hub_answer_s * 1000,
    };
    delivery->client = client_new(loop, &client);
    open_store(delivery);
    return delivery;
}

void delivery_free(struct delivery *delivery)
{
    if (!delivery)
        return;
    client_free(delivery->client);
    delivery->client = NULL;
    timer_stop(delivery->pause);
    terminal_store_free(delivery->store);
    sending_end(delivery);
    timer_free(delivery->pause);
    timer_free(delivery->heartbeat);
    key_close(delivery->machine_key);
    mem_free(delivery->public_url);
    mem_free(delivery->folder);
    mem_free(delivery);
}

enum err delivery_set_office(struct delivery *delivery, const char *url,
                             const char *office_key_base64,
                             const char *public_url)
{
    unsigned char key[CRYPTO_PUBLIC_BYTES];
    size_t len = 0;

    if (*office_key_base64) {
        enum err err =
            base64_decode(office_key_base64, strlen(office_key_base64), key,
                          sizeof key, &len);
        if (err || len != sizeof key)
            return ERR_BAD_INPUT;
        memcpy(delivery->office_key, key, sizeof key);
        delivery->has_office = true;
        if (delivery->store)
            remember(delivery->store, "office_key", office_key_base64);
    }
    mem_free(delivery->public_url);
    delivery->public_url = mem_copy_text(public_url);
    if (delivery->client) {
        client_set_url(delivery->client, *url ? url : NULL);
        beat(delivery);
    }
    tell_health(delivery);
    return ERR_OK;
}

void delivery_set_network(struct delivery *delivery, bool is_up)
{
    if (!delivery->client)
        return;
    client_set_network(delivery->client, is_up);
    if (!is_up)
        set_online(delivery, false, ERR_OFFLINE);
    else if (!delivery->is_beating)
        beat(delivery);
    else
        timer_start(delivery->heartbeat, 0);
}

enum err delivery_hindrance(const struct delivery *delivery)
{
    if (delivery->hindrance)
        return delivery->hindrance;
    if (!delivery->is_store_open)
        return ERR_IO;
    if (!delivery->has_office)
        return ERR_CRYPTO;
    uint64_t bytes = 0;
    enum err err = file_free_bytes(delivery->folder, &bytes);
    if (err)
        return err;
    return bytes < FREE_LEAST_BYTES ? ERR_DISK_FULL : ERR_OK;
}

bool delivery_has_answered(const struct delivery *delivery)
{
    return delivery->is_store_open || delivery->hindrance;
}

bool delivery_is_online(const struct delivery *delivery)
{
    return delivery->is_online;
}

bool delivery_was_looked_for(const struct delivery *delivery)
{
    return delivery->was_reported;
}

int64_t delivery_waiting(const struct delivery *delivery)
{
    return delivery->state.waiting;
}

const char *delivery_public_url(const struct delivery *delivery)
{
    return delivery->public_url;
}

void delivery_journal(struct delivery *delivery,
                      const struct event_record_of *event)
{
    if (delivery->store && event->is_journal)
        journal_append(delivery->store, event, NULL, NULL);
}
