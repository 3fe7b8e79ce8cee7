#include "kiosk/hub/case_body.h"

#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/hub/hub_store_find.h"
#include "kiosk/hub/mark.h"
#include "kiosk/hub/people.h"

enum {
    HOUR_MS = 60 * 60 * 1000,
    ABOUT_CHARS_MAX = 64,
    REASONS_BYTES_MAX = 4096,
    INDEX_GROUP = 64 /* cases a transaction */
};

enum err case_body_open(const struct hub *hub, const char *machine,
                        const void *bytes, size_t len,
                        struct envelope *ret_envelope, json_t **ret_root)
{
    unsigned char public_key[CRYPTO_PUBLIC_BYTES];
    json_t *root = NULL;
    struct buf body;
    enum err err = envelope_read(bytes, len, ret_envelope);

    if (!err)
        err = hub_store_machine_key(hub->store, machine, public_key);
    if (err)
        return err;
    buf_init(&body, ENVELOPE_BODY_MAX);
    err = envelope_open(ret_envelope, public_key, hub->office_key, &body);
    if (!err)
        root = json_loadb(body.text, body.len, 0, NULL);
    buf_done(&body);
    if (!err && !json_is_object(root))
        err = ERR_REFUSED;
    if (err)
        json_decref(root);
    else
        *ret_root = root;
    return err;
}

bool case_is_hour_only(const struct envelope *envelope)
{
    return strlen(envelope->time) == strlen("2026-11-23T14");
}

static int number_at(const char *text, int digits)
{
    int number = 0;

    for (int i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static bool has_shape(const char *text, const char *shape)
{
    for (; *shape != '\0'; text++, shape++) {
        if (*shape == '0' ? *text < '0' || *text > '9' : *text != *shape)
            return false;
    }
    return *text == '\0';
}

int64_t case_sent_ms(const struct envelope *envelope, int64_t else_ms)
{
    const char *time = envelope->time;
    bool is_hour_only = has_shape(time, "0000-00-00T00");
    int64_t ms;

    if (!is_hour_only && !has_shape(time, "0000-00-00T00:00:00+08:00"))
        return else_ms;
    ms = clock_of_date(number_at(time, 4), number_at(time + 5, 2),
                       number_at(time + 8, 2)) +
         (int64_t)number_at(time + 11, 2) * HOUR_MS;
    if (!is_hour_only)
        ms += number_at(time + 14, 2) * 60 * 1000 +
              number_at(time + 17, 2) * 1000;
    return ms;
}

bool case_code_matches(const json_t *root, const char *code)
{
    const char *right = json_string_value(json_object_get(root, "lookup_code"));

    return right != NULL && strlen(right) == LOOKUP_DIGITS &&
           mac_equal(right, code, LOOKUP_DIGITS);
}

const char *case_answer(const json_t *root, const char *name)
{
    const json_t *answers = json_object_get(root, "answers");

    return json_string_value(
        json_object_get(json_object_get(answers, name), "value"));
}

enum err case_person(const struct hub *hub, const struct envelope *envelope,
                     const json_t *root, bool *ret_has,
                     unsigned char mark[CRYPTO_DIGEST_BYTES])
{
    const char *number = case_answer(root, "card_number");

    *ret_has = number != NULL && number[0] != '\0' &&
               strlen(number) < PERSON_NUMBER_BYTES &&
               !case_is_hour_only(envelope) &&
               strcmp(envelope->item, RATING_ITEM) != 0;
    return *ret_has ? mark_make(hub, MARK_PERSON, number, mark) : ERR_OK;
}

/* ---- Ratings ---- */

static bool is_name(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t len = text == NULL ? 0 : strlen(text);

    return len > 0 && len <= ABOUT_CHARS_MAX && strspn(text, letters) == len;
}

static bool is_score(const char *text)
{
    static const char *const scores[] = { "very-good", "good", "fair", "bad",
                                          "very-bad" };

    for (size_t i = 0; text && i < sizeof(scores) / sizeof(scores[0]); i++) {
        if (strcmp(scores[i], text) == 0)
            return true;
    }
    return false;
}

bool case_is_rating_ok(const json_t *root)
{
    const char *reasons = case_answer(root, "reasons");

    return is_name(case_answer(root, "about")) &&
           is_name(case_answer(root, "item")) &&
           is_score(case_answer(root, "score")) &&
           (reasons == NULL || strlen(reasons) <= REASONS_BYTES_MAX);
}

/* ---- The index ---- */

/* What does not open stays without a mark. */
static enum err index_case(const struct hub *hub,
                           const struct unindexed_case *row,
                           const struct buf *bytes)
{
    unsigned char mark[CRYPTO_DIGEST_BYTES];
    struct envelope envelope;
    json_t *root = NULL;
    bool has = false;

    if (case_body_open(hub, row->machine, bytes->text, bytes->len, &envelope,
                       &root) == ERR_OK &&
        case_person(hub, &envelope, root, &has, mark))
        has = false;
    json_decref(root);
    return hub_store_index(hub->store, row->id, has ? mark : NULL);
}

/* ERR_NOT_FOUND: all are indexed. */
static enum err index_next(const struct hub *hub)
{
    struct unindexed_case row;
    struct buf envelope;
    enum err err;

    buf_init(&envelope, ENVELOPE_MAX);
    err = hub_store_unindexed(hub->store, &row, &envelope);
    if (!err)
        err = index_case(hub, &row, &envelope);
    buf_done(&envelope);
    return err;
}

/* *ret_more false: all are indexed. */
static enum err index_group(struct hub *hub, bool *ret_more)
{
    enum err err = store_begin(hub->store);

    if (err)
        return err;
    for (int i = 0; !err && i < INDEX_GROUP; i++)
        err = index_next(hub);
    *ret_more = !err;
    if (!err || err == ERR_NOT_FOUND)
        err = store_commit(hub->store);
    if (err)
        store_roll_back(hub->store);
    return err;
}

enum err case_index_all(struct hub *hub)
{
    unsigned char mark[CRYPTO_DIGEST_BYTES];
    bool more = true;
    enum err err = mark_make(hub, MARK_KEY, "", mark);

    if (!err)
        err = hub_store_index_check(hub->store, mark);
    while (!err && more)
        err = index_group(hub, &more);
    return err;
}
