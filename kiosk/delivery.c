/* What is known of the office, and whether cases can be taken; opening.c,
 * storing.c, sending.c and recording.c do the work. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void delivery_tell_health(struct delivery *delivery)
{
    delivery->events.on_health(delivery->owner);
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
        .url = mem_copy_text(""),
        .office_text = mem_copy_text(""),
        .public_url = mem_copy_text(""),
        .folder = mem_copy_text(state_folder),
    };
    buf_init(&delivery->envelope, ENVELOPE_MAX);
    delivery->pause =
        timer_new(loop, "outbox pause", delivery_on_pause_over, delivery);
    delivery->heartbeat =
        timer_new(loop, "heartbeat", delivery_on_heartbeat_due, delivery);
    delivery->start_wait =
        timer_new(loop, "case at start", delivery_on_start_waited, delivery);
    delivery->journal_again =
        timer_new(loop, "journal again", delivery_on_journal_again, delivery);
    delivery->upkeep =
        timer_new(loop, "state's upkeep", delivery_on_upkeep, delivery);
    delivery_open(delivery);
    return delivery;
}

void delivery_free(struct delivery *delivery)
{
    if (!delivery)
        return;
    delivery_shut(delivery);
    signer_free(delivery->signer);
    timer_free(delivery->pause);
    timer_free(delivery->heartbeat);
    timer_free(delivery->start_wait);
    timer_free(delivery->journal_again);
    timer_free(delivery->upkeep);
    buf_done(&delivery->envelope);
    mem_free(delivery->url);
    mem_free(delivery->office_text);
    mem_free(delivery->public_url);
    mem_free(delivery->folder);
    mem_free(delivery);
}

static void keep_text(char **text, const char *value)
{
    mem_free(*text);
    *text = mem_copy_text(value);
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
        keep_text(&delivery->office_text, office_key_base64);
        if (delivery->is_store_open)
            remember(delivery->store, "office_key", office_key_base64);
        delivery_seal_journal(delivery);
    }
    keep_text(&delivery->public_url, public_url);
    keep_text(&delivery->url, url);
    delivery_drop_next_key(delivery); /* its client knows another place */
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

bool delivery_ask(struct delivery *delivery, const char *path, const char *body,
                  void (*done)(void *owner, const struct client_answer *answer),
                  void *owner)
{
    if (!delivery->client || !delivery->has_url || delivery->is_revoked)
        return false;
    client_ask(delivery->client, path, body, done, owner);
    return true;
}

static void on_taken_back(void *owner, const struct client_answer *answer)
{
    (void)owner;
    (void)answer; /* what was not heard ends by itself there */
}

void delivery_take_back(struct delivery *delivery, const char *path)
{
    if (delivery->client && delivery->has_url && !delivery->is_revoked)
        client_take_back(delivery->client, path, on_taken_back, delivery);
}

const char *delivery_said(const struct delivery *delivery)
{
    return delivery->said;
}

void delivery_set_network(struct delivery *delivery, bool is_up)
{
    delivery->is_network_down = !is_up;
    if (!delivery->client)
        return;
    client_set_network(delivery->client, is_up);
    if (delivery->next.client)
        client_set_network(delivery->next.client, is_up);
    if (!is_up)
        delivery_set_online(delivery, false, ERR_OFFLINE);
    else if (!delivery->is_beating)
        delivery_beat(delivery);
    else
        timer_start(delivery->heartbeat, 0);
}

/* What the disk says while the program runs. */
static enum err look_at_disk(const struct delivery *delivery,
                             uint64_t *ret_bytes)
{
    enum err err = file_free_bytes(delivery->folder, ret_bytes);
    return err == ERR_NOT_FOUND ? ERR_FOLDER_LOST : err;
}

/* ret_bytes: what the disk has left, where there is no other hindrance. */
static enum err look_for_hindrance(const struct delivery *delivery,
                                   uint64_t *ret_bytes)
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
    return look_at_disk(delivery, ret_bytes);
}

enum err delivery_cannot_store(const struct delivery *delivery)
{
    uint64_t bytes = 0;

    return look_for_hindrance(delivery, &bytes);
}

enum err delivery_hindrance(const struct delivery *delivery)
{
    uint64_t bytes = 0;

    enum err err = look_for_hindrance(delivery, &bytes);
    if (!err && delivery->is_revoked)
        err = ERR_KEY_REVOKED;
    if (!err && signer_why(delivery->signer))
        err = ERR_CHILD;
    if (err)
        return err;
    return reserve_has_room(delivery, bytes) ? ERR_OK : ERR_DISK_FULL;
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
