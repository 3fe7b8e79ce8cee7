/* Another key for the machine, while cases wait.  `kiosk key replace` made it
 * (machine.key.next); staff enrol it at the hub as the successor of this one.
 * With each report of health the hub is asked whether it knows it, by a report
 * that the next key signs; from its yes on it is the machine's key:
 *
 *   1. the store is bound to both keys,
 *   2. machine.key.next becomes machine.key, in one step of the file system,
 *   3. the store is bound to the new key alone.
 *
 * A power cut before, between or after these leaves a machine with one key to
 * which its store is bound.  Cases signed by the old key go out as they are:
 * the hub takes them from its successor. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void delivery_drop_next_key(struct delivery *delivery)
{
    client_free(delivery->next.client);
    signer_free(delivery->next.signer);
    memset(&delivery->next, 0, sizeof delivery->next);
}

/* Step 2, and 3 from here.  Nothing waits in between: the old key signs nothing
 * any more once the new one stands in its place. */
static void take_key(struct delivery *delivery)
{
    char path[KEPT_PATH_BYTES], next[KEPT_PATH_BYTES];
    struct signer *before = delivery->signer;

    kept_path(delivery->folder, KEPT_KEY, path);
    kept_path(delivery->folder, KEPT_NEXT_KEY, next);
    if (file_move(next, path)) {
        delivery_drop_next_key(delivery); /* asked again with the next report */
        return;
    }
    delivery->signer = delivery->next.signer;
    delivery->next.signer = NULL;
    client_set_signer(delivery->client, delivery->signer);
    signer_free(before);
    delivery_drop_next_key(delivery);
    key_fingerprint(signer_public(delivery->signer), delivery->machine);
    terminal_store_bind(delivery->store, delivery->machine, NULL, NULL);
    delivery->is_revoked = false;
    event_record(EVENT_KEY_REPLACED, FIELD_END);
    delivery_tell_health(delivery);
    delivery_beat(delivery);
    delivery_wake(delivery);
}

static void on_bound(void *owner, enum err err)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);

    if (!delivery->next.signer || !delivery->client)
        return; /* closed meanwhile */
    if (err || FAULT("replacing.bound"))
        delivery_drop_next_key(delivery);
    else
        take_key(delivery);
}

/* The hub knows it.  Freed from inside its own client's answer, which is
 * allowed; but not the signer, which is on its way to be the machine's. */
static void on_answer(void *owner, const struct client_answer *answer)
{
    struct delivery *delivery = owner;
    char machine[CRYPTO_HEX_DIGEST], machines[MACHINES_BYTES];
    assert(delivery->magic == DELIVERY_MAGIC);

    delivery->next.is_asking = false;
    if (answer->err || !delivery->is_store_open || delivery->must_reopen)
        return;
    delivery->next.is_asking = true; /* until it has been taken */
    key_fingerprint(signer_public(delivery->next.signer), machine);
    snprintf(machines, sizeof machines, "%s %s", delivery->machine, machine);
    terminal_store_bind(delivery->store, machines, on_bound, delivery);
}

static bool open_next(struct delivery *delivery)
{
    const struct settings *settings = delivery->settings;
    char path[KEPT_PATH_BYTES];
    struct key *key = NULL;

    if (delivery->next.signer)
        return true;
    kept_path(delivery->folder, KEPT_NEXT_KEY, path);
    if (!file_exists(path))
        return false;
    enum err err = key_open(path, KEY_SIGN, false, &key);
    if (err) {
        event_record(EVENT_KEY_REFUSED, FIELD_STATE, key_complaint(path),
                     FIELD_ERR, err_name(err), FIELD_END);
        return false;
    }
    delivery->next.signer = signer_of_key(key);
    struct client_settings client = {
        .url = delivery->url,
        .ca = *settings->hub_ca ? settings->hub_ca : NULL,
        .signer = delivery->next.signer,
        .answer_max_ms = settings->hub_answer_s * 1000,
    };
    delivery->next.client = client_new(delivery->loop, &client);
    client_set_network(delivery->next.client, !delivery->is_network_down);
    return true;
}

void delivery_try_next_key(struct delivery *delivery)
{
    char body[128];

    if (*delivery->settings->key_provider || !delivery->is_store_open ||
        delivery->next.is_asking || !open_next(delivery))
        return;
    delivery->next.is_asking = true;
    snprintf(body, sizeof body, "{\"replaces\":\"%s\"}", delivery->machine);
    client_heartbeat(delivery->next.client, body, on_answer, delivery);
}

void delivery_note_key(struct delivery *delivery,
                       const struct client_answer *answer)
{
    /* Only an answer of the hub's own says anything about the key. */
    if (answer->err == ERR_OFFLINE || answer->err == ERR_TIMEOUT ||
        answer->err == ERR_CHILD || answer->err == ERR_CRYPTO ||
        (answer->err == ERR_BAD_ANSWER && !answer->is_revoked))
        return;
    if (answer->is_revoked == delivery->is_revoked)
        return;
    delivery->is_revoked = answer->is_revoked;
    if (delivery->is_revoked)
        event_record(EVENT_KEY_REVOKED, FIELD_END);
    delivery_tell_health(delivery);
}
