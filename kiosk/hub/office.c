#include "kiosk/hub/office.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/hub/hub_parts.h"
#include "kiosk/hub/hub_store_calls.h"
#include "kiosk/hub/hub_store_certificate.h"
#include "kiosk/hub/hub_store_find.h"
#include "kiosk/hub/mark.h"
#include "kiosk/hub/payments.h"

enum {
    PATH_BYTES_MAX = 4096,
    ORDER_BYTES_MAX = 16 * 1024,
    NAME_BYTES_MAX = 64,
    WORDS_CHARS_MAX = 500,
    ORDER_AGAIN_MS = 60 * 1000
};

#define ORDER_SUFFIX ".order"

/* What the words of an order are sealed about; the hub seals them anew, to the
 * case. */
static const char order_words[] = "order";

static const char *const doings[OFFICE_DO_COUNT] = {
    [OFFICE_CASE] = "case",
    [OFFICE_CALL] = "call",
    [OFFICE_CERTIFICATE] = "certificate",
    [OFFICE_PAY] = "pay",
};

static const struct {
    const char *word;
    const char *state;
} states[] = {
    { "accepted", "accepted" },
    { "correct", "correction" },
    { "finished", "finished" },
    { "withdrawn", "withdrawn" },
};

const char *office_state_of(const char *word)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (strcmp(states[i].word, word) == 0)
            return states[i].state;
    }
    return NULL;
}

static bool is_state(const char *state)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (strcmp(states[i].state, state) == 0)
            return true;
    }
    return false;
}

static void join(struct buf *path, const char *state, const char *name)
{
    buf_init(path, PATH_BYTES_MAX);
    buf_add_format(path, "%s/orders/%s", state, name);
}

enum err office_make_folder(const char *state)
{
    struct buf path;
    enum err err;

    join(&path, state, "");
    err = file_make_folder(path.text, 0700);
    buf_done(&path);
    return err;
}

/* ---- Giving an order ---- */

static int add_piece(const char *bytes, size_t len, void *out)
{
    buf_add(out, bytes, len);
    return 0;
}

static enum err open_office_key(const char *state, struct key **ret_key)
{
    struct buf path;
    enum err err;

    buf_init(&path, PATH_BYTES_MAX);
    buf_add_format(&path, "%s/office.key", state);
    err = key_open(path.text, KEY_OPEN, false, ret_key);
    buf_done(&path);
    return err;
}

/* Sealed at once, so that the words stand in no file. */
static enum err seal_words(const char *state, const char *text,
                           struct buf *base64)
{
    struct text_change change;
    struct key *office_key = NULL;
    struct buf words, sealed;
    enum err err = open_office_key(state, &office_key);

    if (err)
        return err;
    buf_init(&words, MARK_TEXT_MAX);
    buf_init(&sealed, MARK_SEALED_MAX);
    text_accept(text, strlen(text), WORDS_CHARS_MAX, &words, &change);
    if (change.was_cut || words.is_cut)
        err = ERR_TOO_BIG;
    else if (change.was_invalid)
        err = ERR_BAD_INPUT;
    else if (words.len > 0)
        err =
            text_seal(key_public(office_key), order_words, words.text, &sealed);
    if (!err)
        buf_add_base64(base64, sealed.text, sealed.len);
    buf_done(&sealed);
    buf_done(&words);
    key_close(office_key);
    return err;
}

/* Names sort by the time, so that orders are taken in as they were given. */
static enum err write_order(const char *state, json_t *order)
{
    unsigned char chance[4];
    char name[64];
    struct buf path, text, hex;
    enum err err;

    chance_bytes(chance, sizeof(chance));
    buf_init(&hex, 2 * sizeof(chance));
    buf_add_hex(&hex, chance, sizeof(chance));
    snprintf(name, sizeof(name), "%016" PRIx64 "-%s" ORDER_SUFFIX,
             (uint64_t)clock_wall_ms(), hex.text);
    buf_done(&hex);
    join(&path, state, name);
    buf_init(&text, ORDER_BYTES_MAX);
    json_dump_callback(order, add_piece, &text, JSON_COMPACT);
    err = text.is_cut ? ERR_TOO_BIG
                      : file_replace(path.text, text.text, text.len, 0600);
    buf_done(&text);
    buf_done(&path);
    return err;
}

enum err office_give(const char *state, const struct office_order *order)
{
    struct buf words, name;
    json_t *object;
    enum err err;

    if (!text_is_valid(order->name, strlen(order->name)))
        return ERR_BAD_INPUT;
    buf_init(&words, ORDER_BYTES_MAX);
    buf_init(&name, NAME_BYTES_MAX);
    text_tidy_number(order->name, &name);
    err = name.is_cut || name.len == 0 ? ERR_BAD_INPUT : ERR_OK;
    if (!err)
        err = seal_words(state, order->text, &words);
    if (!err)
        err = office_make_folder(state);
    object =
        json_pack("{s:s, s:s, s:s, s:s}", "order", doings[order->what], "name",
                  name.text, "state", order->state, "words", words.text);
    if (!err)
        err = write_order(state, object);
    json_decref(object);
    buf_done(&name);
    buf_done(&words);
    return err;
}

/* ---- Taking it in ---- */

static const char *text_of(const json_t *order, const char *name)
{
    const char *text = json_string_value(json_object_get(order, name));

    return text == NULL ? "" : text;
}

static enum err unseal_words(const struct hub *hub, const json_t *order,
                             struct buf *words)
{
    unsigned char sealed[MARK_SEALED_MAX];
    const char *base64 = text_of(order, "words");
    size_t len = 0;
    enum err err =
        base64_decode(base64, strlen(base64), sealed, sizeof(sealed), &len);

    if (!err)
        err = text_unseal(hub->office_key, order_words, sealed, len, words);
    return err;
}

static enum err set_case(struct hub *hub, const json_t *order)
{
    const char *state = text_of(order, "state");
    char id[CASE_ID_CHARS + 1];
    struct buf words, sealed;
    enum err err = ERR_OK;

    if (!is_state(state))
        return ERR_BAD_INPUT;
    buf_init(&words, MARK_TEXT_MAX);
    buf_init(&sealed, MARK_SEALED_MAX);
    err = unseal_words(hub, order, &words);
    if (!err)
        err = hub_store_find_any(hub->store, text_of(order, "name"), id);
    if (!err && words.len > 0)
        err = text_seal(key_public(hub->office_key), id, words.text, &sealed);
    if (!err)
        err = hub_store_set_state(hub->store, id, state, &sealed,
                                  clock_wall_ms());
    if (!err)
        event_record(EVENT_CASE_CHANGED, FIELD_CASE, id, FIELD_STATE, state,
                     FIELD_END);
    buf_done(&sealed);
    buf_done(&words);
    return err;
}

static enum err answer_call(struct hub *hub, const json_t *order)
{
    const char *name = text_of(order, "name");
    size_t digits = strspn(name, "0123456789");
    int64_t number = 0;

    if (digits == 0 || digits > 9 || name[digits] != '\0')
        return ERR_BAD_INPUT;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (name[i] - '0');
    return hub_store_call_answer(hub->store, number);
}

static enum err carry_out(struct hub *hub, const json_t *order)
{
    const char *what = text_of(order, "order");

    if (strcmp(what, doings[OFFICE_CASE]) == 0)
        return set_case(hub, order);
    if (strcmp(what, doings[OFFICE_CALL]) == 0)
        return answer_call(hub, order);
    if (strcmp(what, doings[OFFICE_CERTIFICATE]) == 0)
        return hub_store_certificate_withdraw(hub->store,
                                              text_of(order, "name"));
    if (strcmp(what, doings[OFFICE_PAY]) == 0)
        return payments_take(hub, text_of(order, "name"));
    return ERR_BAD_INPUT;
}

/* Those that may succeed another time keep their file. */
static bool is_refusal(enum err err)
{
    return err == ERR_NOT_FOUND || err == ERR_BAD_INPUT || err == ERR_REFUSED ||
           err == ERR_TOO_BIG || err == ERR_CORRUPT;
}

static enum err set_aside(const char *path, const char *text, size_t len)
{
    struct buf aside;
    enum err err;

    buf_init(&aside, PATH_BYTES_MAX);
    buf_add(&aside, path, strlen(path) - strlen(ORDER_SUFFIX));
    buf_add_text(&aside, ".refused");
    err = file_replace(aside.text, text, len, 0600);
    buf_done(&aside);
    return err;
}

static enum err take_order(struct hub *hub, const char *path, const char *text,
                           size_t len)
{
    json_t *order = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    enum err err = carry_out(hub, order);

    json_decref(order);
    if (err && !is_refusal(err))
        return err;
    if (err) {
        event_record(EVENT_ORDER_REFUSED, FIELD_ERR, err_name(err), FIELD_END);
        err = set_aside(path, text, len);
    }
    hub->are_lists_old = true;
    return err ? err : file_remove(path);
}

/* After a failure of the disk's or the store's no more are tried until the next
 * time; a file that cannot be taken away would be carried out for ever. */
static void on_order(void *owner, const char *name)
{
    struct hub *hub = owner;
    char *text = NULL;
    size_t len = 0;
    struct buf path;
    enum err err;

    if (hub->order_failure)
        return;
    join(&path, hub->state, name);
    err = file_read(path.text, ORDER_BYTES_MAX, &text, &len);
    if (!err)
        err = take_order(hub, path.text, text, len);
    else if (err == ERR_TOO_BIG)
        err = take_order(hub, path.text, "", 0);
    if (err) {
        event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err), FIELD_END);
        hub->order_failure = err;
        hub->order_again_ms = clock_monotonic_ms() + ORDER_AGAIN_MS;
    }
    mem_free(text);
    buf_done(&path);
}

void office_take_in(struct hub *hub)
{
    struct buf path;
    enum err err;

    if (hub->order_failure && clock_monotonic_ms() < hub->order_again_ms)
        return;
    hub->order_failure = ERR_OK;
    join(&path, hub->state, "");
    err = file_list(path.text, ORDER_SUFFIX, on_order, hub);
    (void)err; /* a folder that cannot be read has no orders */
    buf_done(&path);
}
