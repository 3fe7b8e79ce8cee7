#include "kiosk/office.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/receipt.h"
#include "kiosk/flow/slot.h"
#include "kiosk/office_records.h"
#include "kiosk/office_said.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

enum {
    CHOSEN_MAX = 8,
    PHONE_BYTES = 24,
    OPTIONS_MAX = 40,
    FACTS_MAX = 40,
    COPIES_MOST = 3,
    ROW_DAY_BYTES = 9
};

struct chosen {
    char question[NAME_BYTES], value[NAME_BYTES];
};

struct office {
    char problem[NAME_BYTES];
    int tries_left;
    int64_t refused_until_ms; /* monotonic */

    char check[OFFICE_TOKEN_BYTES];
    char phone[PHONE_BYTES];
    int64_t code_again_ms; /* monotonic */
    bool is_good;

    struct chosen chosen[CHOSEN_MAX];
    size_t chosen_count;
    struct chosen before; /* the one that was opened again */

    json_t *offer, *issued, *cases, *records, *rows;
    char row_day[ROW_DAY_BYTES];
    struct office_payment payment;         /* token "": none */
    struct office_certificate certificate; /* what it points to is issued's */
    unsigned char *pdf;
    size_t pdf_len;
};

struct office *office_new(void)
{
    return mem_new(sizeof(struct office));
}

static void drop(json_t **json)
{
    json_decref(*json); /* mem.c zeroes what is freed */
    *json = NULL;
}

void office_drop_pdf(struct office *office)
{
    mem_free(office->pdf);
    office->pdf = NULL;
    office->pdf_len = 0;
}

void office_wipe(struct office *office)
{
    drop(&office->offer);
    drop(&office->issued);
    drop(&office->cases);
    drop(&office->records);
    drop(&office->rows);
    office_drop_pdf(office);
    mem_wipe(office, sizeof *office);
}

void office_free(struct office *office)
{
    if (!office)
        return;
    office_wipe(office);
    mem_free(office);
}

static void tell_check(const struct office *office, struct held *held)
{
    if (!office->check[0])
        return;
    held_add(held, "held.check", N_("Check that it is you"),
             office->is_good ? N_("the office's word that it is sure")
                             : N_("the office's mark for it, not finished"));
    if (office->phone[0])
        held_add_masked(held, "held.number", N_("Mobile number on file"),
                        HELD_MASKED, office->phone);
}

static void tell_certificate(const struct office *office, struct held *held)
{
    held_add_amount(held, "held.chosen", N_("Choices for the certificate"),
                    office->chosen_count + (office->before.question[0] != 0));
    held_add_amount(held, "held.facts", N_("Facts that would be certified"),
                    office_fact_count(office));
    if (!office->issued)
        return;
    held_add(held, "held.certificate", N_("Your certificate"),
             N_("its number and code"));
    if (office->pdf)
        held_add(held, "held.certificate", N_("Your certificate"),
                 N_("itself, until it is printed"));
}

void office_tell(const struct office *office, struct held *held)
{
    tell_check(office, held);
    tell_certificate(office, held);
    held_add_amount(held, "held.cases", N_("Matters that the office found"),
                    office_case_count(office));
    held_add_amount(held, "held.records", N_("Records of other offices"),
                    json_array_size(office->records));
    held_add_amount(held, "held.rows", N_("Records that the office told"),
                    office_row_count(office));
    if (office->payment.token[0])
        held_add(held, "held.payment", N_("A payment"),
                 N_("its code, and how it stands"));
}

static int64_t pause_until(int64_t at_ms)
{
    int64_t pause_ms = at_ms - clock_monotonic_ms();
    return at_ms > 0 && pause_ms > 0 ? pause_ms : 0;
}

/* ---- Refusals --------------------------------------------------------------- */

void office_take_refusal(struct office *office, const char *problem,
                         const char *body, size_t len)
{
    json_t *object = said_object(body, len);
    json_int_t left = json_integer_value(json_object_get(object, "left"));

    snprintf(office->problem, sizeof office->problem, "%s", problem);
    office->tries_left = left > 0 && left < 100 ? (int)left : 0;
    office->refused_until_ms = said_until(object, "again");
    json_decref(object);
}

void office_forget_refusal(struct office *office)
{
    office->problem[0] = '\0';
    office->tries_left = 0;
    office->refused_until_ms = 0;
}

const char *office_problem(const struct office *office)
{
    return office->problem;
}

int office_tries_left(const struct office *office)
{
    return office->tries_left;
}

int64_t office_pause_ms(const struct office *office)
{
    return pause_until(office->refused_until_ms);
}

/* ---- The check ---------------------------------------------------------------- */

enum err office_take_check(struct office *office, const char *body, size_t len)
{
    json_t *object = said_object(body, len);
    const char *token = said_string(object, "check");
    const char *phone = said_string(object, "phone");
    enum err err = ERR_BAD_ANSWER;

    if (said_is_token(token) &&
        (!phone || said_is_of(phone, "0123456789*+- ", 4, PHONE_BYTES - 1))) {
        snprintf(office->check, sizeof office->check, "%s", token);
        snprintf(office->phone, sizeof office->phone, "%s", phone ? phone : "");
        office->code_again_ms = said_until(object, "again");
        office->is_good = false;
        err = ERR_OK;
    }
    json_decref(object);
    return err;
}

const char *office_check(const struct office *office)
{
    return office->check;
}

const char *office_phone(const struct office *office)
{
    return office->phone;
}

int64_t office_code_pause_ms(const struct office *office)
{
    return pause_until(office->code_again_ms);
}

void office_set_good(struct office *office)
{
    office->is_good = true;
}

bool office_is_good(const struct office *office)
{
    return office->is_good;
}

/* ---- What was chosen ------------------------------------------------------------ */

void office_choose(struct office *office, const char *question,
                   const char *value)
{
    if (office->chosen_count == CHOSEN_MAX)
        return;
    struct chosen *chosen = &office->chosen[office->chosen_count++];
    snprintf(chosen->question, sizeof chosen->question, "%s", question);
    snprintf(chosen->value, sizeof chosen->value, "%s", value);
}

bool office_unchoose(struct office *office)
{
    if (office->chosen_count == 0)
        return false;
    office->before = office->chosen[--office->chosen_count];
    return true;
}

size_t office_chosen_count(const struct office *office)
{
    return office->chosen_count;
}

void office_chosen(const struct office *office, size_t at,
                   const char **ret_question, const char **ret_value)
{
    *ret_question = office->chosen[at].question;
    *ret_value = office->chosen[at].value;
}

const char *office_chosen_before(const struct office *office,
                                 const char *question)
{
    return strcmp(office->before.question, question) == 0 ? office->before.value
                                                          : NULL;
}

/* ---- The offer --------------------------------------------------------------------- */

static bool is_option(const json_t *option)
{
    return said_has_name(option, "value") && said_has_words(option, "text");
}

static bool is_question(const json_t *question)
{
    const json_t *options = json_object_get(question, "options");
    return said_has_name(question, "id") && said_has_words(question, "ask") &&
           json_array_size(options) > 1 &&
           said_every(options, OPTIONS_MAX, is_option);
}

static bool is_fact(const json_t *fact)
{
    const json_t *mask = json_object_get(fact, "mask");
    return said_has_words(fact, "label") && said_has_words(fact, "text") &&
           (!mask || json_is_string(mask));
}

static bool is_offer(const json_t *offer)
{
    const json_t *question = json_object_get(offer, "question");
    const json_t *facts = json_object_get(offer, "facts");

    if (question)
        return is_question(question);
    return json_array_size(facts) > 0 && said_every(facts, FACTS_MAX, is_fact);
}

enum err office_take_offer(struct office *office, const char *body, size_t len)
{
    json_t *offer = said_object(body, len);

    if (!offer || !is_offer(offer)) {
        json_decref(offer);
        return ERR_BAD_ANSWER;
    }
    drop(&office->offer);
    office->offer = offer;
    return ERR_OK;
}

static json_t *question_of(const struct office *office)
{
    return json_object_get(office->offer, "question");
}

bool office_has_question(const struct office *office)
{
    return question_of(office) != NULL;
}

const char *office_question(const struct office *office)
{
    const char *id = said_string(question_of(office), "id");
    return id ? id : "";
}

const char *office_ask(const struct office *office, enum language language)
{
    return said_words(question_of(office), "ask", language);
}

size_t office_option_count(const struct office *office)
{
    return json_array_size(json_object_get(question_of(office), "options"));
}

void office_option(const struct office *office, size_t at,
                   enum language language, const char **ret_value,
                   const char **ret_text)
{
    const json_t *option =
        json_array_get(json_object_get(question_of(office), "options"), at);
    *ret_value = said_string(option, "value");
    *ret_text = said_words(option, "text", language);
}

size_t office_fact_count(const struct office *office)
{
    return json_array_size(json_object_get(office->offer, "facts"));
}

void office_fact(const struct office *office, size_t at, enum language language,
                 const char **ret_label, const char **ret_text,
                 const char **ret_mask)
{
    const json_t *fact =
        json_array_get(json_object_get(office->offer, "facts"), at);
    *ret_label = said_words(fact, "label", language);
    *ret_text = said_words(fact, "text", language);
    *ret_mask = said_string(fact, "mask");
}

int office_copies_max(const struct office *office)
{
    json_int_t most =
        json_integer_value(json_object_get(office->offer, "copies_max"));
    return most >= 1 && most <= COPIES_MOST ? (int)most : 1;
}

/* ---- The certificate ------------------------------------------------------------------ */

static bool is_certificate(const json_t *said)
{
    json_int_t pages = json_integer_value(json_object_get(said, "pages"));
    const char *url = said_string(said, "url"),
               *path = said_string(said, "pdf");
    const char *date = said_string(said, "valid_until");

    return said_is_of(said_string(said, "number"), SIGNS, 1, 40) &&
           said_is_of(said_string(said, "code"), SIGNS, 4, 40) && pages >= 1 &&
           pages <= 50 && date && clock_is_date(date) &&
           said_is_of(said_string(said, "sha256"), HEX_CHARACTERS, 64, 64) &&
           said_has_words(said, "title") &&
           said_is_of(url, SIGNS ":/.?=&%", 8, 400) && path &&
           strncmp(path, "/v1/certificates/", 17) == 0 &&
           said_is_token(path + 17);
}

enum err office_take_certificate(struct office *office, const char *body,
                                 size_t len)
{
    json_t *said = said_object(body, len);
    struct office_certificate *made = &office->certificate;
    json_int_t bytes = json_integer_value(json_object_get(said, "bytes"));

    if (!said || !is_certificate(said) || bytes <= 0 ||
        bytes > OFFICE_PDF_MAX) {
        bool is_too_big = said && bytes > OFFICE_PDF_MAX;
        json_decref(said);
        return is_too_big ? ERR_TOO_BIG : ERR_BAD_ANSWER;
    }
    drop(&office->issued);
    office_drop_pdf(office);
    office->issued = said;
    *made = (struct office_certificate){
        .number = said_string(said, "number"),
        .code = said_string(said, "code"),
        .valid_until = said_string(said, "valid_until"),
        .url = said_string(said, "url"),
        .path = said_string(said, "pdf"),
        .pages = (int)json_integer_value(json_object_get(said, "pages")),
        .bytes = (size_t)bytes,
    };
    return hex_decode(said_string(said, "sha256"), made->sha256,
                      sizeof made->sha256);
}

enum err office_take_pdf(struct office *office, const char *bytes, size_t len)
{
    const struct office_certificate *made = &office->certificate;
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    if (!office->issued || len != made->bytes || len < 5 ||
        memcmp(bytes, "%PDF-", 5) != 0)
        return ERR_CORRUPT;
    digest_of(bytes, len, digest);
    if (memcmp(digest, made->sha256, sizeof digest) != 0)
        return ERR_CORRUPT;
    office_drop_pdf(office);
    office->pdf = mem_new(len);
    memcpy(office->pdf, bytes, len);
    office->pdf_len = len;
    return ERR_OK;
}

const struct office_certificate *office_certificate(const struct office *office)
{
    return office->issued ? &office->certificate : NULL;
}

const char *office_certificate_title(const struct office *office,
                                     enum language language)
{
    return said_words(office->issued, "title", language);
}

const void *office_pdf(const struct office *office, size_t *ret_len)
{
    *ret_len = office->pdf_len;
    return office->pdf;
}

/* ---- Records of other offices -------------------------------------------------------------- */

enum err office_take_records(struct office *office, const char *body,
                             size_t len)
{
    json_t *said = said_object(body, len);
    json_t *records = json_object_get(said, "records");
    enum err err = ERR_BAD_ANSWER;

    if (office_records_are_good(records)) {
        drop(&office->records);
        office->records = json_incref(records);
        err = ERR_OK;
    }
    json_decref(said);
    return err;
}

void office_records(const struct office *office,
                    struct shared_record ret_records[SHARED_KINDS])
{
    office_records_read(office->records, ret_records);
}

void office_drop_records(struct office *office)
{
    drop(&office->records);
}

/* ---- Cases ------------------------------------------------------------------------------- */

static bool is_state(const char *state)
{
    return state && *office_state_words(state) &&
           strcmp(state, OFFICE_SLOT_LOST) != 0;
}

static bool is_answer(const char *name, const json_t *value)
{
    return said_is_of(name, NAME_CHARACTERS, 1, NAME_BYTES - 1) &&
           said_is_text(json_string_value(value));
}

static bool are_answers(const json_t *answers)
{
    const char *name;
    json_t *value;

    if (!json_is_object(answers))
        return false;
    json_object_foreach((json_t *)answers, name, value)
    {
        if (!is_answer(name, value))
            return false;
    }
    return true;
}

static bool is_time(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name)) > 0;
}

/* Words that may be left out. */
static bool has_no_bad_words(const json_t *object, const char *name)
{
    return !json_object_get(object, name) || said_has_words(object, name);
}

static bool is_booking(const json_t *found)
{
    static const char *const states[] = { "booked", "lost", "cancelled" };
    const json_t *booking = json_object_get(found, "booking");
    const char *value = said_string(booking, "slot");
    const char *state = said_string(booking, "state");
    struct slot slot;

    if (!booking)
        return true;
    for (size_t i = 0; state && i < sizeof states / sizeof states[0]; i++)
        if (strcmp(states[i], state) == 0)
            return value && slot_read(value, &slot) &&
                   has_no_bad_words(booking, "text");
    return false;
}

static bool is_case(const json_t *found)
{
    const char *receipt = said_string(found, "receipt");
    const char *code = said_string(found, "code");

    return said_is_token(said_string(found, "id")) &&
           said_has_name(found, "item") && receipt && receipt_is_ok(receipt) &&
           said_is_of(code, "0123456789", 4, 4) &&
           said_is_of(said_string(found, "address"), SIGNS, 0, 64) &&
           said_is_of(said_string(found, "case_number"), SIGNS, 1, 50) &&
           is_state(said_string(found, "state")) &&
           said_has_text(found, "text") && said_has_text(found, "assurance") &&
           is_time(found, "sent") && is_time(found, "changed") &&
           has_no_bad_words(found, "title") &&
           has_no_bad_words(found, "unit") && is_booking(found) &&
           are_answers(json_object_get(found, "answers"));
}

enum err office_take_cases(struct office *office, const char *body, size_t len)
{
    json_t *said = said_object(body, len);

    if (!said_every(json_object_get(said, "cases"), OFFICE_CASES_MAX,
                    is_case)) {
        json_decref(said);
        return ERR_BAD_ANSWER;
    }
    drop(&office->cases);
    office->cases = said;
    return ERR_OK;
}

static const json_t *case_at(const struct office *office, size_t at)
{
    return json_array_get(json_object_get(office->cases, "cases"), at);
}

size_t office_case_count(const struct office *office)
{
    return json_array_size(json_object_get(office->cases, "cases"));
}

void office_forget_cases(struct office *office)
{
    drop(&office->cases);
}

enum err office_take_cancelled(struct office *office, const char *body,
                               size_t len)
{
    json_t *said = said_object(body, len);
    const char *id = said_string(said, "id");
    enum err err = ERR_BAD_ANSWER;

    for (size_t i = 0; id && i < office_case_count(office); i++) {
        json_t *found =
            json_array_get(json_object_get(office->cases, "cases"), i);
        json_t *booking = json_object_get(found, "booking");

        if (strcmp(said_string(found, "id"), id) != 0 || !booking)
            continue;
        json_object_set_new(booking, "state", json_string("cancelled"));
        json_object_set_new(found, "state", json_string("withdrawn"));
        json_object_set_new(found, "text", json_string(""));
        json_object_set_new(found, "changed", json_integer(clock_wall_ms()));
        err = ERR_OK;
    }
    json_decref(said);
    return err;
}

void office_case(const struct office *office, size_t at,
                 struct office_case *ret_case)
{
    const json_t *found = case_at(office, at);
    const json_t *booking = json_object_get(found, "booking");
    const char *state = said_string(found, "state");
    const char *booked = booking ? said_string(booking, "state") : "";

    if (strcmp(state, "correction") == 0 && strcmp(booked, "lost") == 0)
        state = OFFICE_SLOT_LOST;
    *ret_case = (struct office_case){
        .id = said_string(found, "id"),
        .item = said_string(found, "item"),
        .receipt = said_string(found, "receipt"),
        .code = said_string(found, "code"),
        .address = said_string(found, "address"),
        .number = said_string(found, "case_number"),
        .state = state,
        .text = said_string(found, "text"),
        .assurance = said_string(found, "assurance"),
        .sent_ms = json_integer_value(json_object_get(found, "sent")),
        .changed_ms = json_integer_value(json_object_get(found, "changed")),
        .is_hour_only = json_is_true(json_object_get(found, "is_hour_only")),
        .slot = booking ? said_string(booking, "slot") : "",
        .booking = booked,
    };
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        ret_case->title[i] = said_words(found, "title", (enum language)i);
        ret_case->unit[i] = said_words(found, "unit", (enum language)i);
        ret_case->booked[i] = said_words(booking, "text", (enum language)i);
    }
}

enum err office_case_answers(const struct office *office, size_t at,
                             struct answers *into)
{
    json_t *answers = json_object_get(case_at(office, at), "answers");
    enum err err = ERR_OK;
    const char *name;
    json_t *value;

    json_object_foreach(answers, name, value)
    {
        const char *text = json_string_value(value);
        enum source source = strcmp(text, "later") == 0 ? SOURCE_LATER
                             : *text == '\0'            ? SOURCE_LEFT
                                                        : SOURCE_CITIZEN;
        if (!err)
            err = answers_set(into, name, text, source);
    }
    return err;
}

/* ---- Records to choose from ----------------------------------------------- */

/* "2026-11-20" as "20261120". */
static bool read_day(const char *text, char day[ROW_DAY_BYTES])
{
    if (!text || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    snprintf(day, ROW_DAY_BYTES, "%.4s%.2s%.2s", text, text + 5, text + 8);
    return clock_is_date(day);
}

static bool is_row(const json_t *row)
{
    char day[ROW_DAY_BYTES];

    return json_is_string(json_object_get(row, "id")) &&
           json_is_object(json_object_get(row, "fields")) &&
           read_day(said_string(row, "as_of"), day);
}

enum err office_take_rows(struct office *office, const char *body, size_t len)
{
    json_t *said = said_object(body, len);

    if (!said_every(json_object_get(said, "rows"), OFFICE_ROWS_MAX, is_row)) {
        json_decref(said);
        return ERR_BAD_ANSWER;
    }
    drop(&office->rows);
    office->rows = said;
    return ERR_OK;
}

size_t office_row_count(const struct office *office)
{
    return json_array_size(json_object_get(office->rows, "rows"));
}

const json_t *office_row(const struct office *office, size_t at)
{
    return json_array_get(json_object_get(office->rows, "rows"), at);
}

const char *office_row_day(struct office *office, size_t at)
{
    const char *text = said_string(office_row(office, at), "as_of");

    return read_day(text, office->row_day) ? office->row_day : "";
}

void office_forget_rows(struct office *office)
{
    drop(&office->rows);
}

/* ---- A payment ------------------------------------------------------------- */

const struct office_payment *office_payment(const struct office *office)
{
    return office->payment.token[0] ? &office->payment : NULL;
}

void office_forget_payment(struct office *office)
{
    mem_wipe(&office->payment, sizeof office->payment);
}

enum err office_take_payment(struct office *office, const char *body,
                             size_t len)
{
    json_t *said = said_object(body, len);
    const char *token = said_string(said, "payment");
    const char *qr = said_string(said, "qr");
    int64_t until_ms = json_integer_value(json_object_get(said, "until"));
    enum err err = ERR_BAD_ANSWER;

    if (said_is_token(token) && until_ms > 0 &&
        said_is_of(qr, SIGNS ":/.?=&%", 8, OFFICE_QR_BYTES - 1)) {
        office_forget_payment(office);
        snprintf(office->payment.token, OFFICE_TOKEN_BYTES, "%s", token);
        snprintf(office->payment.qr, OFFICE_QR_BYTES, "%s", qr);
        office->payment.until_ms = until_ms;
        err = ERR_OK;
    }
    json_decref(said);
    return err;
}

enum err office_take_paid(struct office *office, const char *body, size_t len)
{
    static const char *const states[] = { [OFFICE_WAITING] = "waiting",
                                          [OFFICE_PAID] = "paid",
                                          [OFFICE_EXPIRED] = "expired",
                                          [OFFICE_REFUNDING] = "refunding" };
    json_t *said = said_object(body, len);
    const char *state = said_string(said, "state");
    const char *receipt = said_string(said, "receipt");
    enum err err = ERR_BAD_ANSWER;

    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i], state) != 0 ||
            (i == OFFICE_PAID &&
             !said_is_of(receipt, "0123456789", 4, OFFICE_RECEIPT_BYTES - 1)))
            continue;
        office->payment.state = (enum office_paid)i;
        snprintf(office->payment.receipt, OFFICE_RECEIPT_BYTES, "%s",
                 i == OFFICE_PAID ? receipt : "");
        err = ERR_OK;
    }
    json_decref(said);
    return err;
}
