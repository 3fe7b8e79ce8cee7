/* The cases of a person, for whoever holds the card, or one case for whoever
 * knows its receipt number and its 查询码.  Guessing at codes is slowed, then
 * stopped: five wrong ones an hour for a receipt number, and for a machine a
 * pause that doubles. */
#include "kiosk/hub/hub_parts.h"

#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/receipt.h"
#include "kiosk/hub/ask.h"
#include "kiosk/hub/case_body.h"
#include "kiosk/hub/hub_store_find.h"
#include "kiosk/hub/hub_store_guess.h"
#include "kiosk/hub/hub_store_slots.h"
#include "kiosk/hub/mark.h"
#include "kiosk/hub/people.h"

enum {
    /* What a list may weigh; older cases than fit are left out. */
    LIST_BYTES_MAX = 768 * 1024,
    KEY_BYTES_MAX = 256,
    PAUSE_FREE = 2, /* wrong ones of a machine that cost no pause */
    PAUSE_LEAST_MS = 2000,
    PAUSE_MOST_MS = 15 * 60 * 1000,
    PAUSE_STEPS_MAX = 9 /* 2 s doubled so often is over 15 min */
};

struct finding {
    struct hub *hub;
    json_t *list;
    size_t bytes;
    const char *code; /* NULL: a card was read */
};

/* ---- A case as it is told ---- */

/* The card's own fields are left out: the person has the card.  So are those of
 * further persons: who asks is not they. */
static json_t *answers_of(const json_t *root)
{
    static const char card[] = "card_";
    json_t *told = json_object();
    json_t *entry;
    const char *name;

    json_object_foreach(json_object_get(root, "answers"), name, entry)
    {
        json_t *value = json_object_get(entry, "value");

        if (json_is_string(value) && !json_object_get(entry, "person") &&
            strncmp(name, card, strlen(card)) != 0)
            json_object_set(told, name, value);
    }
    return told;
}

static enum err add_words(const struct hub *hub, const struct found_case *found,
                          json_t *entry)
{
    struct buf words;
    enum err err;

    buf_init(&words, MARK_TEXT_MAX);
    err = text_unseal(hub->office_key, found->what.id, found->words,
                      found->words_len, &words);
    if (!err)
        json_object_set_new(entry, "text", json_string(words.text));
    buf_done(&words);
    return err;
}

static void copy_member(json_t *entry, const char *to, const json_t *root,
                        const char *from)
{
    const char *text = json_string_value(json_object_get(root, from));

    json_object_set_new(entry, to, json_string(text == NULL ? "" : text));
}

/* In words of both languages, as the terminal wrote them into the body: for a
 * machine that does not have the item, or not any more. */
static void copy_words(json_t *entry, const char *name, const json_t *from)
{
    json_t *words = json_object_get(from, name);

    if (json_is_object(words))
        json_object_set(entry, name, words);
}

/* Of a case by the hour no moment of ours is told either. */
static int64_t changed_ms(const struct found_case *found, bool is_hour_only)
{
    int64_t ms =
        found->changed_ms == 0 ? found->received_ms : found->changed_ms;

    return is_hour_only ? ms - ms % (60 * 60 * 1000) : ms;
}

static json_t *tell_case(const struct found_case *found,
                         const struct envelope *envelope, const json_t *root)
{
    bool is_hour_only = case_is_hour_only(envelope);
    json_t *entry = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:s}", "id", found->what.id,
        "item", found->item, "receipt", found->receipt, "case_number",
        found->what.case_number, "state", found->what.state, "sent",
        (json_int_t)case_sent_ms(envelope, found->received_ms), "changed",
        (json_int_t)changed_ms(found, is_hour_only), "is_hour_only",
        is_hour_only, "assurance", envelope->assurance);

    copy_member(entry, "code", root, "lookup_code");
    copy_member(entry, "address", root, "address");
    copy_words(entry, "title", root);
    copy_words(entry, "unit", root);
    json_object_set_new(entry, "answers", answers_of(root));
    return entry;
}

/* The answer of that value that is a place in time. */
static const json_t *slot_answer(const json_t *root, const char *value)
{
    json_t *answers = json_object_get(root, "answers"), *answer;
    const char *name;

    json_object_foreach(answers, name, answer)
    {
        const char *is = json_string_value(json_object_get(answer, "value"));

        if (json_object_get(answer, "hold") && is && strcmp(is, value) == 0)
            return answer;
    }
    return NULL;
}

/* The place in time that it asked for, and what became of that. */
static enum err add_booking(const struct hub *hub, const char *id,
                            const json_t *root, json_t *entry)
{
    char state[SLOT_STATE_BYTES];
    struct buf key;
    enum err err;

    buf_init(&key, KEY_BYTES_MAX);
    err = hub_store_slot_of(hub->store, id, state, &key);
    if (!err) {
        const char *slash = strchr(key.text, '/');
        const char *value = slash == NULL ? "" : slash + 1;
        json_t *booking =
            json_pack("{s:s, s:s}", "slot", value, "state", state);

        copy_words(booking, "text", slot_answer(root, value));
        json_object_set_new(entry, "booking", booking);
    }
    buf_done(&key);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* False: the list is as heavy as it may be.  A case that tells nothing (it is
 * damaged) is left out, and the rest is told. */
static bool add_case(struct finding *finding, const struct found_case *found,
                     const struct envelope *envelope, const json_t *root)
{
    json_t *entry = tell_case(found, envelope, root);
    size_t bytes;

    if (entry == NULL || add_words(finding->hub, found, entry) ||
        add_booking(finding->hub, found->what.id, root, entry)) {
        json_decref(entry);
        return true;
    }
    bytes = json_dumpb(entry, NULL, 0, JSON_COMPACT);
    if (finding->bytes + bytes > LIST_BYTES_MAX) {
        json_decref(entry);
        return false;
    }
    finding->bytes += bytes;
    json_array_append_new(finding->list, entry);
    return true;
}

static bool on_case(void *owner, const struct found_case *found)
{
    struct finding *finding = owner;
    struct envelope envelope;
    json_t *root = NULL;
    bool goes_on = true;
    enum err err =
        case_body_open(finding->hub, found->what.machine, found->envelope,
                       found->envelope_len, &envelope, &root);

    if (!err &&
        (finding->code == NULL || case_code_matches(root, finding->code)))
        goes_on = add_case(finding, found, &envelope, root);
    json_decref(root);
    return goes_on;
}

static void answer_list(struct finding *finding, enum err err,
                        struct hub_response *response)
{
    if (err) {
        response_store_failed(response, err);
        return;
    }
    response_object(response, 200, json_pack("{s:O}", "cases", finding->list));
}

static void find_by_number(struct finding *finding, const char *number,
                           struct hub_response *response)
{
    unsigned char person[CRYPTO_DIGEST_BYTES];
    enum err err = mark_make(finding->hub, MARK_PERSON, number, person);

    if (!err)
        err = hub_store_find_person(finding->hub->store, person, on_case,
                                    finding);
    answer_list(finding, err, response);
}

/* ---- By receipt number and code ---- */

/* Whose wrong guesses count: the receipt number's and the machine's. */
struct counted {
    struct guess_key keys[2];
    struct guesses of_receipt;
    struct guesses of_machine;
    int64_t now_ms;
};

static enum err read_counted(const struct hub *hub, const char *receipt,
                             const char *machine, struct counted *counted)
{
    enum err err =
        mark_make(hub, MARK_RECEIPT, receipt, counted->keys[0].bytes);

    counted->now_ms = clock_wall_ms();
    if (!err)
        err = mark_make(hub, MARK_MACHINE, machine, counted->keys[1].bytes);
    if (!err)
        err = hub_store_guesses(hub->store, &counted->keys[0], counted->now_ms,
                                &counted->of_receipt);
    if (!err)
        err = hub_store_guesses(hub->store, &counted->keys[1], counted->now_ms,
                                &counted->of_machine);
    return err;
}

/* 2 s after the third wrong one, then 4, 8 … at most 15 min. */
static int64_t pause_ms(int wrong)
{
    int steps = wrong - PAUSE_FREE - 1;
    int64_t ms;

    if (steps < 0)
        return 0;
    if (steps > PAUSE_STEPS_MAX)
        return PAUSE_MOST_MS;
    ms = (int64_t)PAUSE_LEAST_MS << steps;
    return ms < PAUSE_MOST_MS ? ms : PAUSE_MOST_MS;
}

/* When it may be tried again; at most now: it may. */
static int64_t again_ms(const struct counted *counted)
{
    const struct guesses *receipt = &counted->of_receipt;
    const struct guesses *machine = &counted->of_machine;
    int64_t ms = machine->last_ms + pause_ms(machine->wrong);

    if (receipt->wrong >= GUESSES_WRONG_MAX &&
        receipt->since_ms + GUESSES_WINDOW_MS > ms)
        ms = receipt->since_ms + GUESSES_WINDOW_MS;
    return ms;
}

static void answer_wrong(const struct hub *hub, struct counted *counted,
                         struct hub_response *response)
{
    int left = GUESSES_WRONG_MAX - counted->of_receipt.wrong - 1;
    enum err err =
        hub_store_guess_wrong(hub->store, counted->keys, 2, counted->now_ms);

    if (err)
        response_store_failed(response, err);
    else if (left > 0)
        response_problem_with(response, PROBLEM_code_wrong,
                              json_pack("{s:i}", "left", left));
    else
        response_slow_down(response, counted->now_ms,
                           (counted->of_receipt.since_ms
                                ? counted->of_receipt.since_ms
                                : counted->now_ms) +
                               GUESSES_WINDOW_MS);
}

/* An unknown number is told like a wrong code. */
static void find_by_receipt(struct finding *finding, const char *receipt,
                            const char *machine, struct hub_response *response)
{
    struct counted counted = { 0 };
    enum err err = read_counted(finding->hub, receipt, machine, &counted);

    if (!err && again_ms(&counted) > counted.now_ms) {
        response_slow_down(response, counted.now_ms, again_ms(&counted));
        return;
    }
    if (!err)
        err = hub_store_find_receipt(finding->hub->store, receipt, on_case,
                                     finding);
    if (err)
        response_store_failed(response, err);
    else if (json_array_size(finding->list) == 0)
        answer_wrong(finding->hub, &counted, response);
    else
        answer_list(finding, ERR_OK, response);
}

/* What is found stays in the list, which is the caller's. */
static json_t *find(struct hub *hub, const struct hub_request *request,
                    const struct request_sender *sender,
                    struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    const char *number = ask_text(object, "number", PERSON_NUMBER_BYTES - 1);
    const char *receipt = ask_digits(object, "receipt", RECEIPT_DIGITS);
    struct finding finding = {
        .hub = hub,
        .list = json_array(),
        .code = ask_digits(object, "code", LOOKUP_DIGITS),
    };

    if (object == NULL)
        ; /* said already */
    else if (number != NULL && finding.code == NULL)
        find_by_number(&finding, number, response);
    else if (receipt != NULL && finding.code != NULL)
        find_by_receipt(&finding, receipt, sender->machine, response);
    else
        response_problem(response, PROBLEM_fields);
    json_decref(object);
    return finding.list;
}

void hub_cases_find(struct hub *hub, const struct hub_request *request,
                    const struct request_sender *sender,
                    struct hub_response *response)
{
    json_decref(find(hub, request, sender, response));
}

/* ---- Cancelling ---- */

static bool is_among(const json_t *list, const char *id)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(
                       json_object_get(json_array_get(list, i), "id")),
                   id) == 0)
            return true;
    return false;
}

/* Whoever could look a case up may cancel its booking: the same questions are
 * asked, and guessing is slowed in the same way. */
void hub_cases_cancel(struct hub *hub, const struct hub_request *request,
                      const struct request_sender *sender, const char *path,
                      struct hub_response *response)
{
    char id[CASE_ID_CHARS + 1] = "";
    json_t *list;

    if (strlen(path) == CASE_ID_CHARS + strlen("/cancel") &&
        strcmp(path + CASE_ID_CHARS, "/cancel") == 0)
        memcpy(id, path, CASE_ID_CHARS);
    if (id[0] == '\0') {
        response_problem(response, PROBLEM_path);
        return;
    }
    list = find(hub, request, sender, response);
    if (response->status == 200) {
        buf_clear(&response->body);
        response->header_count = 0;
        if (is_among(list, id))
            hub_slots_cancel(hub, id, response);
        else
            response_problem(response, PROBLEM_case_unknown);
    }
    json_decref(list);
}
