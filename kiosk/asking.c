#include "kiosk/asking.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/mem.h"

#include <jansson.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    MAGIC = 0x61736b69,
    LIMIT_MS = 60000, /* a person waits no longer */
    RECORDS_LIMIT_MS = 20000,
    WAIT_LEAST_MS = 200,
    WAIT_MOST_MS = 5000,
    PATH_BYTES = 96,
    BODY_BYTES = 4096,
    FOUND_BY_BYTES = 128
};

enum question {
    QUESTION_CHECK,
    QUESTION_STAFF,
    QUESTION_CODE,
    QUESTION_OFFER,
    QUESTION_ISSUE,
    QUESTION_PDF,
    QUESTION_CASES,
    QUESTION_RECORDS,
    QUESTION_SLOTS,
    QUESTION_HOLD,
    QUESTION_CANCEL,
    QUESTION_LIST,
    QUESTION_PAYMENT,
    QUESTION_PAID
};

/* One that is on its way; the client calls back with it even when nobody waits
 * any more. */
struct asked {
    struct asking *asking;
    struct asked *next; /* asking.asked */
    bool is_hold;       /* it may hold what nobody waits for any more */
};

struct asking {
    int magic;
    struct loop *loop;
    struct delivery *delivery;
    struct office *office;
    struct slots *slots;
    void (*on_answer)(void *owner, enum err err);
    void *owner;
    struct asked *asked;   /* all that are on their way … */
    struct asked *current; /* … and the one that is waited for */
    struct timer *limit;
    struct timer *later; /* an answer that must not come inside a call */
    struct timer *again; /* a certificate that is being made */
    enum err later_err;
    enum question question;
    char path[PATH_BYTES];
    struct buf body;
    /* The same again gives the same certificate, whatever got lost. */
    char request[OFFICE_TOKEN_BYTES];
    char found_by[FOUND_BY_BYTES]; /* what the cases were asked for by */
    /* The same of a payment, while it is of the same amount for the same. */
    char payment[OFFICE_TOKEN_BYTES];
    char about[OFFICE_ABOUT_BYTES];
    int64_t fen;
};

static void ask(struct asking *asking);

/* ---- Ends -------------------------------------------------------------------- */

void asking_stop(struct asking *asking)
{
    asking->current = NULL;
    timer_stop(asking->limit);
    timer_stop(asking->later);
    timer_stop(asking->again);
    buf_clear(&asking->body);
}

static void end(struct asking *asking, enum err err)
{
    asking_stop(asking);
    asking->on_answer(asking->owner, err);
}

static void on_limit(void *owner)
{
    struct asking *asking = owner;
    assert(asking->magic == MAGIC);
    end(asking, ERR_TIMEOUT);
}

static void on_later(void *owner)
{
    struct asking *asking = owner;
    assert(asking->magic == MAGIC);
    end(asking, asking->later_err);
}

static void on_again(void *owner)
{
    struct asking *asking = owner;
    assert(asking->magic == MAGIC);
    ask(asking);
}

/* ---- Answers ------------------------------------------------------------------- */

static void ask_for_file(struct asking *asking)
{
    const struct office_certificate *made = office_certificate(asking->office);

    asking->question = QUESTION_PDF;
    snprintf(asking->path, sizeof asking->path, "%s", made->path);
    ask(asking);
}

/* It is being made: when to ask again. */
static void wait_for_it(struct asking *asking,
                        const struct client_answer *answer)
{
    json_t *said = json_loadb(answer->body, answer->body_len, 0, NULL);
    json_int_t wait_ms = json_integer_value(json_object_get(said, "wait"));

    json_decref(said);
    if (wait_ms < WAIT_LEAST_MS)
        wait_ms = WAIT_LEAST_MS;
    timer_start(asking->again, wait_ms < WAIT_MOST_MS ? wait_ms : WAIT_MOST_MS);
}

static enum err take(struct asking *asking, const struct client_answer *answer)
{
    struct office *office = asking->office;

    switch (asking->question) {
    case QUESTION_CHECK:
        return office_take_check(office, answer->body, answer->body_len);
    case QUESTION_STAFF: {
        enum err err =
            office_take_check(office, answer->body, answer->body_len);
        if (!err)
            office_set_good(office);
        return err;
    }
    case QUESTION_CODE:
        office_set_good(office);
        return ERR_OK;
    case QUESTION_OFFER:
        return office_take_offer(office, answer->body, answer->body_len);
    case QUESTION_ISSUE:
        return office_take_certificate(office, answer->body, answer->body_len);
    case QUESTION_PDF:
        return office_take_pdf(office, answer->body, answer->body_len);
    case QUESTION_CASES:
        return office_take_cases(office, answer->body, answer->body_len);
    case QUESTION_RECORDS:
        return office_take_records(office, answer->body, answer->body_len);
    case QUESTION_SLOTS:
        return slots_take_days(asking->slots, answer->body, answer->body_len);
    case QUESTION_HOLD:
        return slots_take_hold(asking->slots, answer->body, answer->body_len);
    case QUESTION_CANCEL:
        return office_take_cancelled(office, answer->body, answer->body_len);
    case QUESTION_LIST:
        return office_take_rows(office, answer->body, answer->body_len);
    case QUESTION_PAYMENT:
        return office_take_payment(office, answer->body, answer->body_len);
    case QUESTION_PAID:
        return office_take_paid(office, answer->body, answer->body_len);
    }
    return ERR_BAD_ANSWER;
}

static void answered(struct asking *asking, const struct client_answer *answer)
{
    enum err err = answer->err;

    if (err == ERR_REFUSED)
        office_take_refusal(asking->office, answer->problem, answer->body,
                            answer->body_len);
    if (!err && asking->question == QUESTION_ISSUE && answer->status == 202) {
        wait_for_it(asking, answer);
        return;
    }
    if (!err)
        err = take(asking, answer);
    if (!err && asking->question == QUESTION_ISSUE)
        ask_for_file(asking);
    else
        end(asking, err);
}

static void forget(struct asked *asked)
{
    struct asked **at = &asked->asking->asked;

    while (*at != asked)
        at = &(*at)->next;
    *at = asked->next;
    mem_free(asked);
}

/* Whoever asked for it is gone: it is nobody's. */
static void give_back(struct asking *asking, const struct client_answer *answer)
{
    char token[SLOTS_TOKEN_BYTES], path[PATH_BYTES];

    if (answer->err || !slots_read_hold(answer->body, answer->body_len, token))
        return;
    snprintf(path, sizeof path, "/v1/slots/hold/%s", token);
    delivery_take_back(asking->delivery, path);
}

static void on_answer(void *owner, const struct client_answer *answer)
{
    struct asked *asked = owner;
    struct asking *asking = asked->asking;
    bool is_waited_for = asking->current == asked;
    bool is_hold = asked->is_hold;

    assert(asking->magic == MAGIC);
    forget(asked);
    if (!is_waited_for && is_hold)
        give_back(asking, answer);
    if (!is_waited_for)
        return;
    asking->current = NULL;
    answered(asking, answer);
}

/* ---- Questions ------------------------------------------------------------------- */

static void ask(struct asking *asking)
{
    struct asked *asked = mem_new(sizeof *asked);
    bool is_file =
        asking->question == QUESTION_PDF || asking->question == QUESTION_PAID;

    asked->asking = asking;
    asked->is_hold = asking->question == QUESTION_HOLD;
    asked->next = asking->asked;
    asking->asked = asked;
    asking->current = asked;
    if (delivery_ask(asking->delivery, asking->path,
                     is_file ? NULL : asking->body.text, on_answer, asked))
        return;
    forget(asked);
    asking->current = NULL;
    asking->later_err = ERR_OFFLINE;
    timer_start(asking->later, 0);
}

static int on_dump(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

/* Takes the object. */
static void begin(struct asking *asking, enum question question,
                  const char *path, json_t *object)
{
    asking_stop(asking);
    office_forget_refusal(asking->office);
    asking->question = question;
    snprintf(asking->path, sizeof asking->path, "%s", path);
    (void)json_dump_callback(object, on_dump, &asking->body, JSON_COMPACT);
    json_decref(object);
    timer_start(asking->limit, LIMIT_MS);
    ask(asking);
}

void asking_check(struct asking *asking, const char *number, const char *name,
                  bool by_staff)
{
    begin(asking, by_staff ? QUESTION_STAFF : QUESTION_CHECK, "/v1/checks",
          json_pack("{s:s, s:s*, s:s}", "number", number, "name", name, "way",
                    by_staff ? "staff" : "code"));
}

void asking_code(struct asking *asking, const char *code)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "/v1/checks/%s", office_check(asking->office));
    begin(asking, QUESTION_CODE, path, json_pack("{s:s}", "code", code));
}

static json_t *chosen(const struct office *office)
{
    json_t *object = json_object();

    for (size_t i = 0; i < office_chosen_count(office); i++) {
        const char *question, *value;
        office_chosen(office, i, &question, &value);
        json_object_set_new(object, question, json_string(value));
    }
    return object;
}

void asking_offer(struct asking *asking, const char *kind)
{
    asking->request[0] = '\0'; /* what is issued next is another */
    begin(asking, QUESTION_OFFER, "/v1/certificates/offer",
          json_pack("{s:s, s:s, s:o}", "check", office_check(asking->office),
                    "kind", kind, "chosen", chosen(asking->office)));
}

static void make_request(char request[OFFICE_TOKEN_BYTES])
{
    unsigned char bytes[(OFFICE_TOKEN_BYTES - 1) / 2];

    chance_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(request + 2 * i, 3, "%02x", bytes[i]);
}

void asking_issue(struct asking *asking, const char *kind)
{
    if (!asking->request[0])
        make_request(asking->request);
    begin(asking, QUESTION_ISSUE, "/v1/certificates",
          json_pack("{s:s, s:s, s:o, s:s}", "check",
                    office_check(asking->office), "kind", kind, "chosen",
                    chosen(asking->office), "request", asking->request));
}

void asking_slots_of(struct asking *asking, const char *item, const char *place)
{
    begin(asking, QUESTION_SLOTS, "/v1/slots/find",
          json_pack("{s:s, s:s}", "item", item, "place", place));
}

void asking_hold(struct asking *asking, const char *slot)
{
    make_request(asking->request);
    begin(asking, QUESTION_HOLD, "/v1/slots/hold",
          json_pack("{s:s, s:s}", "slot", slot, "request", asking->request));
    mem_wipe(asking->request, sizeof asking->request);
}

/* Takes the object; what cases are found by may also cancel a booking. */
static void find_cases(struct asking *asking, json_t *by)
{
    struct buf text;

    buf_init(&text, FOUND_BY_BYTES - 1);
    (void)json_dump_callback(by, on_dump, &text, JSON_COMPACT);
    snprintf(asking->found_by, sizeof asking->found_by, "%s",
             text.is_cut ? "" : text.text);
    buf_done(&text);
    begin(asking, QUESTION_CASES, "/v1/cases/find", by);
}

void asking_cancel(struct asking *asking, const char *id)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "/v1/cases/%s/cancel", id);
    begin(asking, QUESTION_CANCEL, path,
          json_loads(asking->found_by, JSON_REJECT_DUPLICATES, NULL));
}

void asking_cases_of(struct asking *asking, const char *number)
{
    find_cases(asking, json_pack("{s:s}", "number", number));
}

void asking_cases_by(struct asking *asking, const char *receipt,
                     const char *code)
{
    find_cases(asking,
               json_pack("{s:s, s:s}", "receipt", receipt, "code", code));
}

void asking_records(struct asking *asking, const char *number,
                    const char *const *kinds)
{
    json_t *list = json_array();

    for (; *kinds; kinds++)
        json_array_append_new(list, json_string(*kinds));
    begin(asking, QUESTION_RECORDS, "/v1/records",
          json_pack("{s:s, s:o}", "number", number, "kinds", list));
    timer_start(asking->limit, RECORDS_LIMIT_MS);
}

void asking_list(struct asking *asking, const char *number, const char *kind)
{
    office_forget_rows(asking->office);
    begin(asking, QUESTION_LIST, "/v1/lists",
          json_pack("{s:s, s:s}", "number", number, "kind", kind));
}

void asking_payment(struct asking *asking, const char *item, const char *about,
                    int64_t fen, bool is_anew)
{
    if (is_anew || !asking->payment[0] || asking->fen != fen ||
        strcmp(asking->about, about) != 0)
        make_request(asking->payment);
    asking->fen = fen;
    snprintf(asking->about, sizeof asking->about, "%s", about);
    office_forget_payment(asking->office);
    begin(asking, QUESTION_PAYMENT, "/v1/payments",
          json_pack("{s:s, s:s, s:s, s:I}", "request", asking->payment, "item",
                    item, "about", about, "fen", (json_int_t)fen));
}

void asking_paid(struct asking *asking)
{
    const struct office_payment *payment = office_payment(asking->office);
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "/v1/payments/%s",
             payment ? payment->token : "");
    begin(asking, QUESTION_PAID, path, json_object());
}

/* ---- Making ------------------------------------------------------------------------- */

struct office *asking_office(struct asking *asking)
{
    return asking->office;
}

const struct slots *asking_slots(const struct asking *asking)
{
    return asking->slots;
}

void asking_tell(const struct asking *asking, struct held *held)
{
    if (asking->current || timer_is_running(asking->again))
        held_add(held, "held.asking", N_("A question to the office"),
                 N_("on its way"));
    office_tell(asking->office, held);
}

void asking_wipe(struct asking *asking)
{
    asking_stop(asking);
    office_wipe(asking->office);
    slots_wipe(asking->slots);
    mem_wipe(asking->request, sizeof asking->request);
    mem_wipe(asking->found_by, sizeof asking->found_by);
    mem_wipe(asking->payment, sizeof asking->payment);
    mem_wipe(asking->about, sizeof asking->about);
    asking->fen = 0;
}

struct asking *asking_new(struct loop *loop, struct delivery *delivery,
                          void (*on_answer_fn)(void *owner, enum err err),
                          void *owner)
{
    struct asking *asking = mem_new(sizeof *asking);

    *asking = (struct asking){
        .magic = MAGIC,
        .loop = loop,
        .delivery = delivery,
        .office = office_new(),
        .slots = slots_new(),
        .on_answer = on_answer_fn,
        .owner = owner,
    };
    buf_init(&asking->body, BODY_BYTES);
    asking->limit = timer_new(loop, "asking", on_limit, asking);
    asking->later = timer_new(loop, "asking later", on_later, asking);
    asking->again = timer_new(loop, "asking again", on_again, asking);
    return asking;
}

void asking_free(struct asking *asking)
{
    if (!asking)
        return;
    asking_stop(asking);
    while (asking->asked) /* a client that was closed calls nobody back */
        forget(asking->asked);
    timer_free(asking->limit);
    timer_free(asking->later);
    timer_free(asking->again);
    buf_done(&asking->body);
    office_free(asking->office);
    slots_free(asking->slots);
    asking->magic = 0;
    mem_free(asking);
}
