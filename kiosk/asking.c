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
    WAIT_LEAST_MS = 200,
    WAIT_MOST_MS = 5000,
    PATH_BYTES = 96,
    BODY_BYTES = 4096
};

enum question {
    QUESTION_CHECK,
    QUESTION_STAFF,
    QUESTION_CODE,
    QUESTION_OFFER,
    QUESTION_ISSUE,
    QUESTION_PDF,
    QUESTION_CASES,
    QUESTION_LIST,
    QUESTION_PAYMENT,
    QUESTION_PAID
};

/* One that is on its way; the client calls back with it even when nobody waits
 * any more. */
struct asked {
    struct asking *asking;
    struct asked *next; /* asking.asked */
};

struct asking {
    int magic;
    struct loop *loop;
    struct delivery *delivery;
    struct office *office;
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

static void on_answer(void *owner, const struct client_answer *answer)
{
    struct asked *asked = owner;
    struct asking *asking = asked->asking;
    bool is_waited_for = asking->current == asked;

    assert(asking->magic == MAGIC);
    forget(asked);
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

void asking_cases_of(struct asking *asking, const char *number)
{
    begin(asking, QUESTION_CASES, "/v1/cases/find",
          json_pack("{s:s}", "number", number));
}

void asking_cases_by(struct asking *asking, const char *receipt,
                     const char *code)
{
    begin(asking, QUESTION_CASES, "/v1/cases/find",
          json_pack("{s:s, s:s}", "receipt", receipt, "code", code));
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
    mem_wipe(asking->request, sizeof asking->request);
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
    asking->magic = 0;
    mem_free(asking);
}
