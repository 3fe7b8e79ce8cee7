#include "kiosk/hub/take.h"

#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/hub/ask.h"
#include "kiosk/hub/case_body.h"
#include "kiosk/hub/enrolment.h"
#include "kiosk/hub/mark.h"
#include "kiosk/hub/slots.h"
#include "kiosk/hub/records.h"
#include "kiosk/hub/lists.h"
#include "kiosk/hub/payments.h"

static struct hub_outcome refused(enum problem problem)
{
    return (struct hub_outcome){ .taken = HUB_REFUSED, .problem = problem };
}

static struct hub_outcome failed(enum err err)
{
    return (struct hub_outcome){ .taken = HUB_FAILED, .err = err };
}

static bool is_case_id(const char *id)
{
    return strlen(id) == CASE_ID_CHARS &&
           strspn(id, "0123456789abcdef") == CASE_ID_CHARS;
}

bool hub_is_same_machine(const struct hub *hub, const char *sender,
                         const char *machine)
{
    return strcmp(sender, machine) == 0 ||
           enrolment_follows(hub->state, sender, machine);
}

/* The same id: the same bytes are the same case, whoever asks twice; anything
 * else waits for staff. */
static struct hub_outcome compare(const struct hub *hub,
                                  const struct hub_offer *offer,
                                  const struct hub_case *found)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    digest_of(offer->bytes, offer->len, digest);
    if (memcmp(digest, found->digest, sizeof(digest)) != 0 ||
        !hub_is_same_machine(hub, offer->machine, found->machine))
        return refused(PROBLEM_conflict);
    return (struct hub_outcome){ .taken = HUB_EXISTS, .found = *found };
}

/* The progress page's address out of the opened body; "" when it has none that
 * is well formed, for a case is taken also without a page.  A rating has none:
 * it is no matter that progresses. */
static void take_address(const struct envelope *envelope, const json_t *root,
                         char address[ADDRESS_CHARS + 1])
{
    const char *text = json_string_value(json_object_get(root, "address"));

    address[0] = '\0';
    if (text != NULL && strlen(text) == ADDRESS_CHARS &&
        strcmp(envelope->item, RATING_ITEM) != 0)
        memcpy(address, text, ADDRESS_CHARS + 1);
}

/* PROBLEM_COUNT: nothing is wrong with it. */
static enum problem check_envelope(const struct hub *hub,
                                   const struct hub_offer *offer,
                                   const struct envelope *envelope)
{
    if (strcmp(envelope->case_id, offer->id) != 0)
        return PROBLEM_other_case;
    if (!hub_is_same_machine(hub, offer->machine, envelope->machine))
        return PROBLEM_other_machine;
    if (enrolment_of(hub->state, envelope->machine) == ENROLMENT_REVOKED)
        return PROBLEM_revoked_key;
    if (strcmp(envelope->office_key, hub->office_key_id) != 0)
        return PROBLEM_office_key;
    return PROBLEM_COUNT;
}

/* Whose signature the envelope bears: that of who brings it, or of the key that
 * one replaced, as the machine told it when it last spoke. */
static enum err find_signer(struct hub *hub, const struct hub_offer *offer,
                            const struct envelope *envelope,
                            unsigned char public_key[CRYPTO_PUBLIC_BYTES])
{
    memcpy(public_key, offer->public_key, CRYPTO_PUBLIC_BYTES);
    if (strcmp(envelope->machine, offer->machine) == 0)
        return ERR_OK;
    return hub_store_machine_key(hub->store, envelope->machine, public_key);
}

static bool is_content_ok(const struct envelope *envelope, const json_t *root)
{
    return json_is_object(root) && (strcmp(envelope->item, RATING_ITEM) != 0 ||
                                    case_is_rating_ok(root));
}

/* By the item's rules.  What a case of nobody's would tell by the exact time of
 * an event is not recorded. */
static struct hub_outcome refused_by_rules(const struct envelope *envelope,
                                           const struct judgement *judgement)
{
    struct hub_outcome outcome = refused(PROBLEM_rules);

    outcome.judgement = *judgement;
    if (!case_is_hour_only(envelope))
        event_record(EVENT_CASE_REFUSED, FIELD_ITEM, envelope->item, FIELD_STEP,
                     judgement->name, FIELD_STATE,
                     judge_code_name(judgement->code), FIELD_END);
    return outcome;
}

static enum err judge_opened(struct hub *hub, const struct envelope *envelope,
                             const json_t *root,
                             struct judgement *ret_judgement)
{
    struct records_look look = { .people = hub->people };
    const struct judge_registers registers = { records_look, &look };
    const struct item *item = hub_items_find(hub->items, envelope);
    enum err err = ERR_OK;

    if (strcmp(envelope->item, RATING_ITEM) == 0) {
        *ret_judgement = (struct judgement){ .code = JUDGE_GOOD };
        return ERR_OK;
    }
    err =
        hub_items_judge(hub->items, envelope, root, &registers, ret_judgement);
    mem_wipe(&look, sizeof(look));
    if (!err && item != NULL && ret_judgement->code == JUDGE_GOOD)
        err = lists_judge(hub, item, root, ret_judgement);
    if (!err && item != NULL && ret_judgement->code == JUDGE_GOOD)
        err = payments_judge(hub, item, root, ret_judgement);
    return err;
}

/* ---- A place in time ---- */

/* The answer that is one: of an item that is not here, the one that says by
 * which hold. */
static const json_t *slot_answer(const json_t *root, const char *name)
{
    json_t *answers = json_object_get(root, "answers"), *entry;
    const char *key;

    if (name[0] != '\0')
        return json_object_get(answers, name);
    json_object_foreach(answers, key, entry)
    {
        if (json_is_string(json_object_get(entry, "hold")))
            return entry;
    }
    return NULL;
}

struct slot_asked {
    struct slot_wish wish;
    char key[SLOT_KEY_BYTES];
    char hold[TOKEN_CHARS + 1];
    struct buf lost_words;
};

static const char *lost_text(const json_t *root)
{
    const char *language = json_string_value(json_object_get(root, "language"));

    return language != NULL && strcmp(language, "en") == 0
               ? "The time you chose was taken by others before this arrived. "
                 "You have no appointment. Please make another one."
               : "您选的时间在送达以前被别人约满了，没有约上。请重新预约。";
}

/* False: the case asks for none. */
static bool read_slot(const struct hub *hub, const struct hub_new_case *entry,
                      const json_t *root, const char *name,
                      struct slot_asked *asked)
{
    const json_t *answer = slot_answer(root, name);
    const char *value = json_string_value(json_object_get(answer, "value"));
    const char *hold = json_string_value(json_object_get(answer, "hold"));
    struct slot slot;

    if (value == NULL || !slot_read(value, &slot))
        return false;
    slot_key(entry->envelope->item, &slot, asked->key);
    asked->hold[0] = '\0';
    if (hold != NULL && token_is_ok(hold))
        memcpy(asked->hold, hold, sizeof(asked->hold));
    asked->wish = (struct slot_wish){
        .key = asked->key,
        .hold = asked->hold,
        .places =
            slot_calendar_places(hub_items_calendar(hub->items),
                                 entry->envelope->item, &slot, entry->wall_ms),
        .now_ms = entry->wall_ms,
    };
    return true;
}

/* What stands in the calendar, or is held still though the calendar changed.  Of
 * an item that is not here nobody can say: it is taken, and lost. */
static enum err was_offered(const struct hub *hub, const struct slot_wish *wish,
                            const struct judgement *judgement,
                            bool *ret_is_offered)
{
    if (wish->places > 0 || judgement->slot[0] == '\0')
        return ERR_OK;
    return hub_store_slot_is_held(hub->store, wish, ret_is_offered);
}

/* Whether it was ever offered is told before; one that has begun is nobody's any
 * more. */
static enum err seal_lost(const struct hub *hub,
                          const struct hub_new_case *entry, const json_t *root,
                          struct slot_asked *asked)
{
    struct slot slot;
    char item[64];

    if (slot_key_read(asked->key, item, &slot) &&
        slot_is_past(&slot, entry->wall_ms))
        asked->wish.places = 0;
    return text_seal(key_public(hub->office_key), entry->envelope->case_id,
                     lost_text(root), &asked->lost_words);
}

/* The body was opened by this key, and says nothing that may not be. */
static struct hub_outcome store_judged(struct hub *hub,
                                       struct hub_new_case *entry,
                                       const json_t *root,
                                       const struct judgement *judgement)
{
    struct hub_outcome made = { .taken = HUB_CREATED };
    struct judgement none = { .code = JUDGE_NOT_OFFERED };
    struct slot_asked asked;
    bool is_offered = true;
    enum err err = ERR_OK;

    buf_init(&asked.lost_words, MARK_SEALED_MAX);
    if (read_slot(hub, entry, root, judgement->slot, &asked)) {
        err = was_offered(hub, &asked.wish, judgement, &is_offered);
        if (!err)
            err = seal_lost(hub, entry, root, &asked);
        entry->slot = &asked.wish;
        entry->lost_words = &asked.lost_words;
    }
    if (!err && !is_offered) {
        buf_done(&asked.lost_words);
        memcpy(none.name, judgement->slot, sizeof(none.name));
        return refused_by_rules(entry->envelope, &none);
    }
    if (!err)
        err = hub_store_add(hub->store, entry, &made.found);
    hub->are_lists_old =
        hub->are_lists_old || strcmp(made.found.state, "correction") == 0;
    buf_done(&asked.lost_words);
    return err ? failed(err) : made;
}

/* The body was opened by this key. */
static struct hub_outcome
store_opened(struct hub *hub, struct hub_new_case *entry, const json_t *root)
{
    struct hub_outcome made;
    unsigned char person[CRYPTO_DIGEST_BYTES];
    char address[ADDRESS_CHARS + 1];
    struct judgement judgement;
    bool has_person = false;
    enum err err;

    if (!is_content_ok(entry->envelope, root))
        return refused(PROBLEM_content);
    err = judge_opened(hub, entry->envelope, root, &judgement);
    if (err)
        return failed(err);
    if (judgement.code != JUDGE_GOOD)
        return refused_by_rules(entry->envelope, &judgement);
    err = case_person(hub, entry->envelope, root, &has_person, person);
    if (err)
        return failed(err);
    take_address(entry->envelope, root, address);
    entry->address = address;
    entry->person = has_person ? person : NULL;
    entry->mark = judgement.look;
    hub->are_lists_old = hub->are_lists_old || judgement.look[0] != '\0';
    made = store_judged(hub, entry, root, &judgement);
    mem_wipe(address, sizeof(address));
    return made;
}

static struct hub_outcome store_case(struct hub *hub,
                                     const struct hub_offer *offer,
                                     const struct envelope *envelope)
{
    unsigned char public_key[CRYPTO_PUBLIC_BYTES];
    struct hub_new_case entry = {
        .envelope = envelope,
        .public_key = public_key,
        .wall_ms = clock_wall_ms(),
        .is_carried = offer->is_carried,
    };
    struct hub_outcome outcome;
    json_t *root = NULL;
    struct buf body;
    enum err err = find_signer(hub, offer, envelope, public_key);

    if (err)
        return err == ERR_NOT_FOUND ? refused(PROBLEM_signer) : failed(err);
    buf_init(&body, ENVELOPE_BODY_MAX);
    err = envelope_open(envelope, public_key, hub->office_key, &body);
    if (!err)
        root = json_loadb(body.text, body.len, 0, NULL);
    buf_done(&body);
    if (err)
        return refused(PROBLEM_seal);
    outcome = store_opened(hub, &entry, root);
    json_decref(root);
    return outcome;
}

struct hub_outcome hub_case_take(struct hub *hub, const struct hub_offer *offer)
{
    struct envelope envelope;
    struct hub_case found;
    enum problem problem;
    enum err err;

    problem = hub_enrolment_problem(hub, offer->machine);
    /* What a machine stored before it got another key is its own all the same:
     * a file may hold it. */
    if (problem != PROBLEM_COUNT &&
        !(offer->is_carried && problem == PROBLEM_replaced))
        return refused(problem);
    if (!is_case_id(offer->id))
        return refused(PROBLEM_case_id);
    err = hub_store_find(hub->store, offer->id, &found);
    if (!err)
        return compare(hub, offer, &found);
    if (err != ERR_NOT_FOUND)
        return failed(err);
    if (envelope_read(offer->bytes, offer->len, &envelope))
        return refused(PROBLEM_envelope);
    problem = check_envelope(hub, offer, &envelope);
    if (problem != PROBLEM_COUNT)
        return refused(problem);
    return store_case(hub, offer, &envelope);
}
