/* Places in time: which are free, one held while somebody chooses, and a booking
 * that is cancelled by whoever could look the case up. */
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/hub_parts.h"

#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/hub/ask.h"
#include "kiosk/hub/hub_store_find.h"
#include "kiosk/hub/hub_store_slots.h"
#include "kiosk/hub/slots.h"

enum { ITEM_CHARS_MAX = 63, SLOTS_A_DAY_MAX = 78 };

/* ---- Which are free ------------------------------------------------------------ */

struct finding {
    const struct hub *hub;
    const char *item;
    int64_t now_ms;
    json_t *days;
    enum err err;
};

/* The list of that day, the last one's or a new one. */
static json_t *slots_of(struct finding *finding, const char *date)
{
    size_t count = json_array_size(finding->days);
    json_t *last = count ? json_array_get(finding->days, count - 1) : NULL;

    if (last == NULL ||
        strcmp(json_string_value(json_object_get(last, "date")), date) != 0) {
        last = json_pack("{s:s, s:[]}", "date", date, "slots");
        json_array_append_new(finding->days, last);
    }
    return json_object_get(last, "slots");
}

static bool on_slot(void *owner, const struct slot *slot, int places)
{
    struct finding *finding = owner;
    char key[SLOT_KEY_BYTES];
    int64_t taken = 0;

    slot_key(finding->item, slot, key);
    finding->err =
        hub_store_slot_count(finding->hub->store, key, finding->now_ms, &taken);
    if (finding->err)
        return false;
    if (taken >= places)
        return true;
    json_t *slots = slots_of(finding, slot->date);
    if (json_array_size(slots) < SLOTS_A_DAY_MAX)
        json_array_append_new(slots, json_pack("{s:s, s:s, s:s, s:i}", "id",
                                               key, "from", slot->from, "until",
                                               slot->until, "left",
                                               places - (int)taken));
    return json_array_size(finding->days) < SLOT_DAYS_MAX;
}

void hub_slots_find(struct hub *hub, const struct hub_request *request,
                    struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    const char *item = ask_text(object, "item", ITEM_CHARS_MAX);
    const char *place = ask_text(object, "place", SLOT_PLACE_BYTES - 1);
    struct finding finding = { .hub = hub,
                               .item = item,
                               .now_ms = clock_wall_ms(),
                               .days = json_array() };

    if (object == NULL) {
        json_decref(finding.days);
        return; /* said already */
    }
    if (item != NULL && place != NULL)
        slot_calendar_each(hub_items_calendar(hub->items), item, place,
                           finding.now_ms, on_slot, &finding);
    if (item == NULL || place == NULL)
        response_problem(response, PROBLEM_fields);
    else if (finding.err)
        response_store_failed(response, finding.err);
    else
        response_object(response, 200,
                        json_pack("{s:O}", "days", finding.days));
    json_decref(finding.days);
    json_decref(object);
}

/* ---- Holding one ------------------------------------------------------------------ */

static void answer_hold(const struct slot_hold *hold, int64_t now_ms,
                        struct hub_response *response)
{
    response_object(response, 200,
                    json_pack("{s:s, s:I, s:I}", "hold", hold->token, "until",
                              (json_int_t)hold->until_ms, "hub_time",
                              (json_int_t)now_ms));
}

static void hold_slot(struct hub *hub, const struct request_sender *sender,
                      const char *key, const char *request,
                      struct hub_response *response)
{
    int64_t now_ms = clock_wall_ms();
    struct slot_hold hold;
    struct slot slot;
    char item[64];
    int places = 0;
    enum err err;

    if (slot_key_read(key, item, &slot) && !slot_is_past(&slot, now_ms))
        places = slot_calendar_places(hub_items_calendar(hub->items), item,
                                      &slot, now_ms);
    if (places == 0) {
        response_problem(response, PROBLEM_slot_unknown);
        return;
    }
    err = hub_store_slot_hold(hub->store, sender->machine, request, key, places,
                              now_ms, &hold);
    if (err == ERR_EXISTS)
        response_problem(response, PROBLEM_slot_taken);
    else if (err)
        response_store_failed(response, err);
    else
        answer_hold(&hold, now_ms, response);
}

void hub_slots_hold(struct hub *hub, const struct hub_request *request,
                    const struct request_sender *sender,
                    struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    const char *key = ask_text(object, "slot", SLOT_KEY_BYTES - 1);
    const char *token = ask_text(object, "request", TOKEN_CHARS);

    if (object == NULL)
        return; /* said already */
    if (key == NULL || token == NULL || !token_is_ok(token))
        response_problem(response, PROBLEM_fields);
    else
        hold_slot(hub, sender, key, token, response);
    json_decref(object);
}

/* Twice is as once. */
void hub_slots_let_go(struct hub *hub, const char *token,
                      struct hub_response *response)
{
    enum err err = ERR_OK;

    if (!token_is_ok(token)) {
        response_problem(response, PROBLEM_path);
        return;
    }
    err = hub_store_slot_let_go(hub->store, token);
    if (err)
        response_store_failed(response, err);
    else
        response_object(response, 200, json_pack("{s:s}", "hold", token));
}

/* ---- Cancelling a booking ------------------------------------------------------------ */

static enum err cancel(struct hub *hub, const char *id)
{
    struct buf words;
    enum err err;

    buf_init(&words, 1);
    err = hub_store_set_state(hub->store, id, "withdrawn", &words,
                              clock_wall_ms());
    buf_done(&words);
    hub->are_lists_old = true;
    return err;
}

void hub_slots_cancel(struct hub *hub, const char *id,
                      struct hub_response *response)
{
    char state[SLOT_STATE_BYTES] = "";
    struct buf key;
    enum err err;

    buf_init(&key, SLOT_KEY_BYTES);
    err = hub_store_slot_of(hub->store, id, state, &key);
    buf_done(&key);
    if (!err && strcmp(state, "booked") == 0)
        err = cancel(hub, id);
    if (err == ERR_NOT_FOUND || (!err && strcmp(state, "lost") == 0))
        response_problem(response, PROBLEM_not_booked);
    else if (err)
        response_store_failed(response, err);
    else
        response_json(response, 200, "id", id, "state", "withdrawn", NULL);
}
