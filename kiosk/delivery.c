/* Opening and closing, and what is known of the office; storing.c, sending.c
 * and recording.c do the work. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 512 };

/* The least room a disk must have before a case is begun. */
enum { FREE_LEAST_BYTES = 4 * 1024 * 1024 };

void delivery_tell_health(struct delivery *delivery)
{
    delivery->events.on_health(delivery->owner);
}

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
    delivery_seal_journal(delivery);
    delivery_tell_health(delivery);
    delivery_submit_waiting(delivery);
}

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);

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
        delivery_seal_journal(delivery);
        delivery_look(delivery);
    }
    delivery_tell_health(delivery);
    delivery_submit_waiting(delivery);
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
        .magic = DELIVERY_MAGIC,
        .loop = loop,
        .settings = settings,
        .events = *events,
        .owner = owner,
        .hindrance = ERR_OK,
        .public_url = mem_copy_text(""),
        .folder = mem_copy_text(state_folder),
    };
    delivery->pause =
        timer_new(loop, "outbox pause", delivery_on_pause_over, delivery);
    delivery->heartbeat =
        timer_new(loop, "heartbeat", delivery_on_heartbeat_due, delivery);
    delivery->start_wait =
        timer_new(loop, "case at start", delivery_on_start_waited, delivery);
    delivery->journal_again =
        timer_new(loop, "journal again", delivery_on_journal_again, delivery);
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
    delivery->has_url = false;
    timer_stop(delivery->pause);
    terminal_store_free(delivery->store);
    delivery_drop_sending(delivery);
    timer_free(delivery->pause);
    timer_free(delivery->heartbeat);
    timer_free(delivery->start_wait);
    timer_free(delivery->journal_again);
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
        delivery_seal_journal(delivery);
    }
    mem_free(delivery->public_url);
    delivery->public_url = mem_copy_text(public_url);
    if (delivery->client) {
        client_set_url(delivery->client, *url ? url : NULL);
        delivery->has_url = *url;
        if (*url)
            delivery_beat(delivery);
        else
            delivery_set_online(delivery, false, ERR_OFFLINE);
    }
    delivery_tell_health(delivery);
    delivery_submit_waiting(delivery);
    return ERR_OK;
}

void delivery_set_network(struct delivery *delivery, bool is_up)
{
    if (!delivery->client)
        return;
    client_set_network(delivery->client, is_up);
    if (!is_up)
        delivery_set_online(delivery, false, ERR_OFFLINE);
    else if (!delivery->is_beating)
        delivery_beat(delivery);
    else
        timer_start(delivery->heartbeat, 0);
}

enum err delivery_hindrance(const struct delivery *delivery)
{
    if (delivery->hindrance)
        return delivery->hindrance;
    if (!delivery->is_store_open)
        return ERR_IO;
    if (delivery->journal_err)
        return delivery->journal_err == ERR_DISK_FULL ? ERR_DISK_FULL
                                                      : ERR_JOURNAL;
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
