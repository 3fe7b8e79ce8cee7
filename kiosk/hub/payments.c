#include "kiosk/hub/payments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"
#include "kiosk/hub/ask.h"
#include "kiosk/hub/case_body.h"

enum {
    ABOUT_CHARS_MAX = RECORD_ID_CHARS,
    ITEM_CHARS_MAX = 40,
    FEN_MAX = 100000000,
    PAID_RECEIPT_BYTES = PAYMENT_RECEIPT_CHARS + 1,
    URL_BYTES = 512
};

struct payment {
    char token[TOKEN_CHARS + 1];
    char about[ABOUT_CHARS_MAX + 1];  /* "": of no record */
    char receipt[PAID_RECEIPT_BYTES]; /* "": not paid */
    int64_t fen, until_ms, paid_ms;
    bool is_paid, is_refunding;
};

/* ---- In the store ---- */

/* With what came: the taking that pays it, and how many are to be given back. */
#define PAYMENT_COLUMNS                                                        \
    "p.token, p.about, p.fen, p.until_ms,"                                     \
    " (SELECT t.receipt FROM takings t WHERE t.token = p.token AND NOT"        \
    " t.is_back),"                                                             \
    " (SELECT t.taken_ms FROM takings t WHERE t.token = p.token AND NOT"       \
    " t.is_back),"                                                             \
    " (SELECT count(*) FROM takings t WHERE t.token = p.token AND t.is_back)"

static bool take_text(char *to, size_t size, const char *from)
{
    size_t len = from == NULL ? 0 : strlen(from);

    if (len >= size)
        return false;
    memcpy(to, from == NULL ? "" : from, len + 1);
    return true;
}

static enum err read_payment(struct sqlite3_stmt *row,
                             struct payment *ret_payment)
{
    struct payment found = { .fen = store_column_int(row, 2),
                             .until_ms = store_column_int(row, 3),
                             .paid_ms = store_column_int(row, 5) };

    if (!take_text(found.token, sizeof(found.token),
                   store_column_text(row, 0)) ||
        !take_text(found.about, sizeof(found.about),
                   store_column_text(row, 1)) ||
        !take_text(found.receipt, sizeof(found.receipt),
                   store_column_text(row, 4)))
        return ERR_CORRUPT;
    found.is_paid = found.receipt[0] != '\0';
    found.is_refunding = !found.is_paid && store_column_int(row, 6) > 0;
    *ret_payment = found;
    return ERR_OK;
}

/* The first row of a query that is bound. */
static enum err first(struct sqlite3_stmt *row, struct payment *ret_payment)
{
    bool is_row;
    enum err err = store_step(row, &is_row);

    if (!err)
        err = is_row ? read_payment(row, ret_payment) : ERR_NOT_FOUND;
    store_reset(row);
    return err;
}

static enum err find(struct store *store, const char *token,
                     struct payment *ret_payment)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT " PAYMENT_COLUMNS " FROM payments p WHERE token = ?1");

    store_bind_text(row, 1, token);
    return first(row, ret_payment);
}

/* The one that this request made before. */
static enum err find_request(struct store *store, const char *machine,
                             const char *request, struct payment *ret_payment)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT " PAYMENT_COLUMNS " FROM payments p"
                             " WHERE machine = ?1 AND request = ?2");

    store_bind_text(row, 1, machine);
    store_bind_text(row, 2, request);
    return first(row, ret_payment);
}

/* The one of this record that is paid; else the one that is waited for. */
static enum err find_about(struct store *store, const char *about,
                           int64_t now_ms, struct payment *ret_payment)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT " PAYMENT_COLUMNS ", EXISTS (SELECT 1 FROM takings t"
               " WHERE t.token = p.token AND NOT t.is_back) AS is_paid"
               " FROM payments p WHERE about = ?1 AND (is_paid OR (until_ms >"
               " ?2 AND NOT EXISTS (SELECT 1 FROM takings t WHERE t.token ="
               " p.token)))"
               " ORDER BY is_paid DESC, until_ms DESC LIMIT 1");

    store_bind_text(row, 1, about);
    store_bind_int(row, 2, now_ms);
    return first(row, ret_payment);
}

struct asked {
    const char *machine, *request, *item, *about;
    int64_t fen;
};

static enum err add(struct store *store, const struct asked *asked,
                    int64_t now_ms, struct payment *ret_payment)
{
    struct payment made = { .fen = asked->fen,
                            .until_ms = now_ms + PAYMENT_WAIT_MS };
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO payments (token, machine, request, item, about,"
               " fen, made_ms, until_ms)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    token_make(made.token);
    snprintf(made.about, sizeof(made.about), "%s", asked->about);
    store_bind_text(row, 1, made.token);
    store_bind_text(row, 2, asked->machine);
    store_bind_text(row, 3, asked->request);
    store_bind_text(row, 4, asked->item);
    store_bind_text(row, 5, asked->about);
    store_bind_int(row, 6, asked->fen);
    store_bind_int(row, 7, now_ms);
    store_bind_int(row, 8, made.until_ms);
    enum err err = store_run(row);
    if (!err)
        *ret_payment = made;
    return err;
}

/* ---- What machines ask ---- */

/* The same request is the same payment; of one record there are never two. */
static enum err begin(struct hub *hub, const struct asked *asked,
                      struct payment *ret_payment)
{
    int64_t now_ms = clock_wall_ms();
    enum err err =
        find_request(hub->store, asked->machine, asked->request, ret_payment);

    if (err == ERR_NOT_FOUND && asked->about[0] != '\0')
        err = find_about(hub->store, asked->about, now_ms, ret_payment);
    if (err == ERR_NOT_FOUND)
        err = add(hub->store, asked, now_ms, ret_payment);
    return err;
}

static void answer_begun(const struct hub *hub, const struct payment *payment,
                         struct hub_response *response)
{
    char url[URL_BYTES];

    snprintf(url, sizeof(url), "%s/pay/%s", hub->public_url, payment->token);
    response_object(response, 201,
                    json_pack("{s:s, s:s, s:I, s:I}", "payment", payment->token,
                              "qr", url, "until", (json_int_t)payment->until_ms,
                              "fen", (json_int_t)payment->fen));
}

static bool is_short(const char *text, size_t most)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-_";

    return text != NULL && strlen(text) <= most &&
           strspn(text, signs) == strlen(text);
}

static bool read_asked(const json_t *object, struct asked *asked)
{
    asked->request = ask_text(object, "request", TOKEN_CHARS);
    asked->item = ask_text(object, "item", ITEM_CHARS_MAX);
    asked->about = json_string_value(json_object_get(object, "about"));
    asked->fen = json_integer_value(json_object_get(object, "fen"));
    if (asked->about == NULL)
        asked->about = "";
    return asked->request != NULL && token_is_ok(asked->request) &&
           is_short(asked->item, ITEM_CHARS_MAX) &&
           is_short(asked->about, ABOUT_CHARS_MAX) && asked->fen > 0 &&
           asked->fen <= FEN_MAX;
}

void hub_payments_begin(struct hub *hub, const struct hub_request *request,
                        const struct request_sender *sender,
                        struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    struct asked asked = { .machine = sender->machine };
    struct payment payment;
    enum err err;

    if (object == NULL)
        return;
    if (!read_asked(object, &asked)) {
        response_problem(response, PROBLEM_fields);
    } else {
        err = begin(hub, &asked, &payment);
        if (err)
            response_store_failed(response, err);
        else if (payment.fen != asked.fen)
            response_problem(response, PROBLEM_amount);
        else
            answer_begun(hub, &payment, response);
    }
    json_decref(object);
}

static const char *state_of(const struct payment *payment)
{
    return payment->is_paid                       ? "paid"
           : payment->is_refunding                ? "refunding"
           : clock_wall_ms() >= payment->until_ms ? "expired"
                                                  : "waiting";
}

void hub_payments_get(struct hub *hub, const char *token,
                      struct hub_response *response)
{
    struct payment payment;
    enum err err =
        token_is_ok(token) ? find(hub->store, token, &payment) : ERR_NOT_FOUND;
    json_t *said;

    if (err == ERR_NOT_FOUND) {
        response_problem(response, PROBLEM_payment_unknown);
        return;
    }
    if (err) {
        response_store_failed(response, err);
        return;
    }
    said = json_pack("{s:s, s:I}", "state", state_of(&payment), "fen",
                     (json_int_t)payment.fen);
    if (payment.is_paid) {
        json_object_set_new(said, "receipt", json_string(payment.receipt));
        json_object_set_new(said, "paid_ms", json_integer(payment.paid_ms));
    }
    response_object(response, 200, said);
}

/* ---- Money that comes ---- */

static enum err was_taken(struct store *store, const char *id, bool *ret_was)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT 1 FROM takings WHERE id = ?1");
    enum err err;

    store_bind_text(row, 1, id);
    err = store_step(row, ret_was);
    store_reset(row);
    return err;
}

static void make_receipt(char receipt[PAID_RECEIPT_BYTES])
{
    struct clock_fields now = clock_split(clock_wall_ms());

    snprintf(receipt, PAID_RECEIPT_BYTES, "%04d%02d%02d%08u", now.year,
             now.month, now.day, (unsigned)chance_below(100000000));
}

/* In time, and nothing was paid for it before, by this payment or another. */
static enum err is_due(struct store *store, const struct payment *payment,
                       bool *ret_is_due)
{
    struct payment other;
    enum err err = ERR_OK;

    *ret_is_due = !payment->is_paid && clock_wall_ms() < payment->until_ms;
    if (*ret_is_due && payment->about[0] != '\0') {
        err = find_about(store, payment->about, clock_wall_ms(), &other);
        if (!err && other.is_paid)
            *ret_is_due = false;
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err take_in(struct hub *hub, const char *token, const char *id)
{
    char receipt[PAID_RECEIPT_BYTES];
    struct payment payment;
    bool is_payment_due = false, was = false;
    struct sqlite3_stmt *row;
    enum err err = find(hub->store, token, &payment);

    if (!err)
        err = was_taken(hub->store, id, &was);
    if (err || was)
        return err;
    err = is_due(hub->store, &payment, &is_payment_due);
    if (err)
        return err;
    make_receipt(receipt);
    row = store_prepare(hub->store,
                        "INSERT INTO takings (id, token, taken_ms, receipt,"
                        " is_back) VALUES (?1, ?2, ?3, ?4, ?5)");
    store_bind_text(row, 1, id);
    store_bind_text(row, 2, token);
    store_bind_int(row, 3, clock_wall_ms());
    store_bind_text(row, 4, receipt);
    store_bind_int(row, 5, !is_payment_due);
    return store_run(row);
}

enum err payments_take(struct hub *hub, const char *name)
{
    char token[TOKEN_CHARS + 1];
    const char *id = name + TOKEN_CHARS + 1;

    if (strlen(name) != TOKEN_CHARS + 1 + TAKING_ID_CHARS ||
        name[TOKEN_CHARS] != ':' ||
        strspn(id, "0123456789abcdef") != TAKING_ID_CHARS)
        return ERR_BAD_INPUT;
    memcpy(token, name, TOKEN_CHARS);
    token[TOKEN_CHARS] = '\0';
    return take_in(hub, token, id);
}

enum err payments_state(struct hub *hub, const char *about,
                        const char **ret_state)
{
    struct sqlite3_stmt *row = store_prepare(
        hub->store, "SELECT count(*), count(*) FILTER (WHERE NOT t.is_back)"
                    " FROM payments p JOIN takings t ON t.token = p.token"
                    " WHERE p.about = ?1");
    bool is_row;
    enum err err;

    store_bind_text(row, 1, about);
    err = store_step(row, &is_row);
    if (!err)
        *ret_state = store_column_int(row, 1) > 0   ? "paid"
                     : store_column_int(row, 0) > 0 ? "refunding"
                                                    : "open";
    store_reset(row);
    return err;
}

/* ---- Judging ---- */

static bool is_as_told(const struct payment *payment,
                       const struct payment_parts *told, const char *record)
{
    char about[ABOUT_CHARS_MAX + 1] = "";

    if (record != NULL)
        snprintf(about, sizeof(about), "%.*s",
                 (int)(strcspn(record, "|") <= ABOUT_CHARS_MAX
                           ? strcspn(record, "|")
                           : 0),
                 record);
    return payment->is_paid && payment->fen == told->fen &&
           strcmp(payment->receipt, told->receipt) == 0 &&
           strcmp(payment->about, about) == 0;
}

static enum err judge_one(struct hub *hub, const struct step *step,
                          const json_t *body, bool *ret_is_good)
{
    const char *value = case_answer(body, step->answer);
    struct payment_parts told;
    struct payment payment;
    enum err err = ERR_NOT_FOUND;

    *ret_is_good = true;
    if (value == NULL)
        return ERR_OK; /* not asked */
    if (payment_read(value, &told))
        err = find(hub->store, told.token, &payment);
    *ret_is_good =
        !err && is_as_told(&payment, &told,
                           step->about ? case_answer(body, step->about) : NULL);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err payments_judge(struct hub *hub, const struct item *item,
                        const json_t *body, struct judgement *judgement)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        bool is_good = true;

        if (payment_is_step(step))
            err = judge_one(hub, step, body, &is_good);
        if (err || is_good)
            continue;
        judgement->code = JUDGE_NOT_ACCEPTED;
        snprintf(judgement->name, sizeof(judgement->name), "%s", step->answer);
        return ERR_OK;
    }
    return err;
}

/* ---- For staff ---- */

enum err payments_list(struct hub *hub, size_t most, json_t *list)
{
    struct sqlite3_stmt *row = store_prepare(
        hub->store,
        "SELECT p.token, p.item, p.about, p.fen, p.made_ms, p.until_ms,"
        " count(t.id) FILTER (WHERE NOT t.is_back),"
        " count(t.id) FILTER (WHERE t.is_back),"
        " coalesce(max(t.receipt) FILTER (WHERE NOT t.is_back), '')"
        " FROM payments p LEFT JOIN takings t ON t.token = p.token"
        " GROUP BY p.token ORDER BY p.made_ms DESC, p.token LIMIT ?1");
    bool is_row = true;
    enum err err = ERR_OK;

    store_bind_int(row, 1, (int64_t)most);
    while (!err && is_row) {
        err = store_step(row, &is_row);
        if (!err && is_row)
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:s}",
                                "payment", store_column_text(row, 0), "item",
                                store_column_text(row, 1), "about",
                                store_column_text(row, 2), "fen",
                                (json_int_t)store_column_int(row, 3), "made",
                                (json_int_t)store_column_int(row, 4), "until",
                                (json_int_t)store_column_int(row, 5), "paid",
                                (json_int_t)store_column_int(row, 6), "back",
                                (json_int_t)store_column_int(row, 7), "receipt",
                                store_column_text(row, 8)));
    }
    store_reset(row);
    return err;
}
