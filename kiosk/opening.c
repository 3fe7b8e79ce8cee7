/* Opening key and store, and opening them again: whatever is wrong when the
 * program starts, or comes to be wrong while it runs, is looked at again every
 * minute, so that staff who mended it need not start anything. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { UPKEEP_MS = 60 * 1000 };

static bool has_key_file(const struct delivery *delivery)
{
    return !*delivery->settings->key_provider;
}

/* Each reason is recorded once, however often it is found again. */
static void failed(struct delivery *delivery, enum err err)
{
    char path[KEPT_PATH_BYTES];

    delivery->hindrance = err;
    if (err != delivery->told && err == ERR_KEY_EXPOSED) {
        kept_path(delivery->folder, KEPT_KEY, path);
        event_record(EVENT_KEY_REFUSED, FIELD_STATE, key_complaint(path),
                     FIELD_ERR, err_name(err), FIELD_END);
    } else if (err != delivery->told) {
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
    }
    delivery->told = err;
    delivery_tell_health(delivery);
    delivery_submit_waiting(delivery);
}

void delivery_doubt(struct delivery *delivery, enum err err)
{
    if (err != ERR_CORRUPT && err != ERR_READ_ONLY && err != ERR_TOO_NEW &&
        err != ERR_UNSURE)
        return;
    delivery->must_reopen = true;
    if (err == ERR_UNSURE) /* what is in it has to be asked anew, at once */
        timer_start(delivery->upkeep, 0);
    failed(delivery, err);
}

/* ---- The store --------------------------------------------------------- */

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

static void opened(struct delivery *delivery,
                   const struct terminal_state *state)
{
    delivery->hindrance = ERR_OK;
    delivery->is_store_open = true;
    delivery->state = *state;
    if (delivery->is_new)
        event_record(EVENT_STORE_BEGUN, FIELD_END);
    else if (delivery->told)
        event_record(EVENT_STORE_MENDED, FIELD_END);
    delivery->is_new = false;
    delivery->told = ERR_OK;
    if (state->upgraded_from)
        event_record(EVENT_STORE_UPGRADED, FIELD_NUMBER,
                     (int64_t)state->upgraded_from, FIELD_END);
    /* A key that was replaced is not this machine's any more. */
    terminal_store_bind(delivery->store, delivery->machine, NULL, NULL);
    if (delivery->has_office)
        remember(delivery->store, "office_key", delivery->office_text);
    else
        recall(delivery->store, "office_key", on_recalled_key, delivery);
    delivery_seal_journal(delivery);
    delivery_try_journal(delivery); /* it may be another store's failure */
    reserve_open(delivery);
    delivery_look(delivery);
    delivery->is_counting = delivery->must_count = false;
    delivery_ask_today(delivery);
    delivery_tell_health(delivery);
    delivery_submit_waiting(delivery);
}

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);

    if (!err)
        err = kept_settle(delivery->folder);
    if (!err) {
        opened(delivery, state);
        return;
    }
    /* What waits in it can go out, and make room, once it is open. */
    if (err == ERR_DISK_FULL && reserve_release(delivery))
        timer_start(delivery->upkeep, 0);
    failed(delivery, err);
}

static void open_store(struct delivery *delivery)
{
    const unsigned char *before = signer_replaces(delivery->signer);
    char path[KEPT_PATH_BYTES], machines[MACHINES_BYTES];
    char replaced[CRYPTO_HEX_DIGEST] = "";

    key_fingerprint(signer_public(delivery->signer), delivery->machine);
    if (before)
        key_fingerprint(before, replaced);
    snprintf(machines, sizeof machines, "%s %s", delivery->machine, replaced);
    kept_path(delivery->folder, KEPT_STORE, path);
    delivery->store = terminal_store_new_of(delivery->loop, path, machines,
                                            on_open, delivery);
}

/* ---- The key ----------------------------------------------------------- */

static void start_client(struct delivery *delivery)
{
    const struct settings *settings = delivery->settings;
    struct client_settings client = {
        .url = *delivery->url ? delivery->url : NULL,
        .ca = *settings->hub_ca ? settings->hub_ca : NULL,
        .signer = delivery->signer,
        .answer_max_ms = settings->hub_answer_s * 1000,
    };

    delivery->client = client_new(delivery->loop, &client);
    client_set_network(delivery->client, !delivery->is_network_down);
    delivery->has_url = *delivery->url;
    delivery_beat(delivery);
}

static void with_key(struct delivery *delivery)
{
    start_client(delivery);
    open_store(delivery);
}

/* It told its key.  Another than that of the store which is open is another
 * machine's, or one that was replaced: the opening finds out which. */
static void on_provided(struct delivery *delivery)
{
    char machine[CRYPTO_HEX_DIGEST];

    key_fingerprint(signer_public(delivery->signer), machine);
    if (!delivery->client) {
        delivery->hindrance = ERR_OK;
        with_key(delivery);
    } else if (strcmp(machine, delivery->machine) != 0) {
        delivery->must_reopen = true;
        failed(delivery, ERR_OTHER_STORE);
        timer_start(delivery->upkeep, 0);
    }
}

static void on_provider(void *owner, enum err err)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);

    if (!err)
        on_provided(delivery);
    else
        event_record(EVENT_KEY_PROVIDER, FIELD_ERR, err_name(err), FIELD_END);
    if (err && !delivery->client)
        delivery->hindrance = ERR_CHILD;
    delivery_tell_health(delivery);
    delivery_submit_waiting(delivery);
}

static enum err open_signer(struct delivery *delivery)
{
    char path[KEPT_PATH_BYTES];
    struct key *key = NULL;

    if (delivery->signer)
        return ERR_OK;
    if (!has_key_file(delivery)) {
        delivery->signer =
            signer_of_provider(delivery->loop, delivery->settings->key_provider,
                               on_provider, delivery);
        return ERR_OK;
    }
    kept_path(delivery->folder, KEPT_KEY, path);
    enum err err = key_open(path, KEY_SIGN, delivery->is_new, &key);
    if (!err)
        delivery->signer = signer_of_key(key);
    return err;
}

/* ---- Opening, closing, again ------------------------------------------- */

void delivery_open(struct delivery *delivery)
{
    enum err err =
        kept_check(delivery->folder, has_key_file(delivery), &delivery->is_new);
    timer_start(delivery->upkeep, UPKEEP_MS);
    if (!err && delivery->is_new)
        err = kept_begin(delivery->folder);
    if (!err)
        err = open_signer(delivery);
    if (err)
        failed(delivery, err);
    else if (signer_public(delivery->signer))
        with_key(delivery);
}

/* Also while the program ends: nobody is told any more. */
void delivery_shut(struct delivery *delivery)
{
    delivery_drop_next_key(delivery);
    client_free(delivery->client);
    delivery->client = NULL;
    delivery->has_url = false;
    delivery->is_beating = false;
    delivery_stop_signing(delivery);
    timer_stop(delivery->pause);
    timer_stop(delivery->heartbeat);
    timer_stop(delivery->journal_again);
    terminal_store_free(delivery->store);
    delivery->store = NULL;
    delivery->is_store_open = false;
    delivery->must_reopen = false;
    delivery_drop_sending(delivery);
}

/* A file's key may have been mended, or exchanged; a provider goes on. */
static void open_again(struct delivery *delivery)
{
    delivery_shut(delivery);
    if (has_key_file(delivery)) {
        signer_free(delivery->signer);
        delivery->signer = NULL;
    }
    delivery_open(delivery);
}

/* Whether what was opened is still where it was.  While it is not, the open
 * store goes on sending; only no new case is taken. */
static void look_after(struct delivery *delivery)
{
    bool is_new = false;
    enum err err =
        kept_check(delivery->folder, has_key_file(delivery), &is_new);

    if (!err && is_new)
        err = ERR_STORE_LOST;
    if (err) {
        delivery->must_reopen = true;
        failed(delivery, err);
    } else if (delivery->must_reopen) {
        open_again(delivery);
    } else {
        reserve_keep(delivery);
    }
}

void delivery_on_upkeep(void *owner)
{
    struct delivery *delivery = owner;
    assert(delivery->magic == DELIVERY_MAGIC);
    bool is_opening =
        delivery->store && !delivery->is_store_open && !delivery->hindrance;

    timer_start(delivery->upkeep, UPKEEP_MS);
    if (delivery->is_store_open)
        look_after(delivery);
    else if (!is_opening && delivery->hindrance)
        open_again(delivery);
}
