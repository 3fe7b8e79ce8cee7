/* What the office said to questions of this session: the check of the person, a
 * certificate to be issued, cases that are under way.  Everything is looked
 * through before it is kept (texts valid, of a length, without control
 * characters; numbers in their form): who reads here need not doubt.  It is
 * wiped with the session, and so are the certificate's bytes.
 *
 * The wire is described in kiosk/backend/README.md. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/i18n.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/walk.h"
#include "kiosk/held.h"
#include "kiosk/store/journal.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct office;

enum {
    OFFICE_TOKEN_BYTES = 33,
    OFFICE_PDF_MAX = 1536 * 1024,
    OFFICE_ROWS_MAX = 40,
    OFFICE_ABOUT_BYTES = 48,
    OFFICE_QR_BYTES = 301,
    OFFICE_RECEIPT_BYTES = 33,
    OFFICE_CASES_MAX = 78, /* with "back", two-digit numbers from 11 on */
};

struct office *office_new(void);
void office_free(struct office *office);
void office_wipe(struct office *office);
/* What it has of what the office said. */
void office_tell(const struct office *office, struct held *held);

/* What came: ERR_BAD_ANSWER, and nothing of it is kept. */
MUST_CHECK enum err office_take_check(struct office *office, const char *body,
                                      size_t len);
MUST_CHECK enum err office_take_offer(struct office *office, const char *body,
                                      size_t len);
/* ERR_TOO_BIG: nobody fetches so much. */
MUST_CHECK enum err office_take_certificate(struct office *office,
                                            const char *body, size_t len);
/* The certificate's own bytes, by their number and hash: ERR_CORRUPT. */
MUST_CHECK enum err office_take_pdf(struct office *office, const char *bytes,
                                    size_t len);
MUST_CHECK enum err office_take_cases(struct office *office, const char *body,
                                      size_t len);
MUST_CHECK enum err office_take_records(struct office *office, const char *body,
                                        size_t len);
/* Records to choose from; what is in each a screen looks at (record.h). */
MUST_CHECK enum err office_take_rows(struct office *office, const char *body,
                                     size_t len);
/* What a refusal says beside its name. */
void office_take_refusal(struct office *office, const char *problem,
                         const char *body, size_t len);

/* ---- The last refusal --------------------------------------------------- */

const char *office_problem(const struct office *office); /* "" : none */
int office_tries_left(const struct office *office);
/* Milliseconds until it may be asked again; 0: at once. */
int64_t office_pause_ms(const struct office *office);
void office_forget_refusal(struct office *office);

/* ---- The check of the person -------------------------------------------- */

const char *office_check(const struct office *office); /* its token, or "" */
const char *
office_phone(const struct office *office); /* "138****5678", or "" */
/* Milliseconds until another code may be sent. */
int64_t office_code_pause_ms(const struct office *office);
void office_set_good(struct office *office);
bool office_is_good(const struct office *office);

/* ---- A certificate ------------------------------------------------------- */

/* What the person chose so far, in the order of the questions. */
void office_choose(struct office *office, const char *question,
                   const char *value);
/* The last choice is open again; false: there is none. */
bool office_unchoose(struct office *office);
size_t office_chosen_count(const struct office *office);
void office_chosen(const struct office *office, size_t at,
                   const char **ret_question, const char **ret_value);
/* What was chosen for this question before it was opened again, or NULL. */
const char *office_chosen_before(const struct office *office,
                                 const char *question);

/* The offer is a question, or the facts that would be certified. */
bool office_has_question(const struct office *office);
const char *office_question(const struct office *office);
const char *office_ask(const struct office *office, enum language language);
size_t office_option_count(const struct office *office);
void office_option(const struct office *office, size_t at,
                   enum language language, const char **ret_value,
                   const char **ret_text);
size_t office_fact_count(const struct office *office);
/* mask: "name", "number" or NULL. */
void office_fact(const struct office *office, size_t at, enum language language,
                 const char **ret_label, const char **ret_text,
                 const char **ret_mask);
int office_copies_max(const struct office *office);

struct office_certificate {
    const char *number, *code, *valid_until, *url, *path;
    int pages;
    size_t bytes;
    unsigned char sha256[CRYPTO_DIGEST_BYTES];
};
/* NULL: none was issued. */
const struct office_certificate *
office_certificate(const struct office *office);
const char *office_certificate_title(const struct office *office,
                                     enum language language);
/* NULL: not here, or not any more. */
const void *office_pdf(const struct office *office, size_t *ret_len);
/* Printed, or given up. */
void office_drop_pdf(struct office *office);

/* ---- Records of other offices -------------------------------------------- */

/* What came of each kind, borrowed until it is dropped: once the session has
 * taken what it needs. */
void office_records(const struct office *office,
                    struct shared_record ret_records[SHARED_KINDS]);
void office_drop_records(struct office *office);
/* ---- Records to choose from ----------------------------------------------- */

size_t office_row_count(const struct office *office);
const json_t *office_row(const struct office *office, size_t at);
/* The day of which it tells, "20261120". */
const char *office_row_day(struct office *office, size_t at);
void office_forget_rows(struct office *office);

/* ---- A payment ------------------------------------------------------------- */

enum office_paid {
    OFFICE_WAITING, /* nothing is known of it yet, or it is waited for */
    OFFICE_PAID,
    OFFICE_EXPIRED,
    OFFICE_REFUNDING /* it came too late and is given back */
};
struct office_payment {
    char token[OFFICE_TOKEN_BYTES];
    char qr[OFFICE_QR_BYTES];
    char receipt[OFFICE_RECEIPT_BYTES]; /* "" but for OFFICE_PAID */
    int64_t until_ms;                   /* wall time, by our clock */
    enum office_paid state;
};
/* NULL: none was begun. */
const struct office_payment *office_payment(const struct office *office);
MUST_CHECK enum err office_take_payment(struct office *office, const char *body,
                                        size_t len);
/* How it stands now. */
MUST_CHECK enum err office_take_paid(struct office *office, const char *body,
                                     size_t len);
void office_forget_payment(struct office *office);

/* ---- Cases ---------------------------------------------------------------- */

/* A state of ours: the time that it asked for others had before it arrived; the
 * office says "correction" then. */
#define OFFICE_SLOT_LOST "slot-lost"

struct office_case {
    const char *id, *item, *receipt, *code, *address, *number, *state, *text;
    const char *assurance;
    int64_t sent_ms, changed_ms;
    bool is_hour_only;
    /* The place in time it asked for, as slot.h has it, and what became of it:
     * booked, lost, cancelled; or "", "". */
    const char *slot, *booking;
    /* In words, for who has not its item; "": the office does not say.  booked:
     * the place in time. */
    const char *title[LANGUAGE_COUNT], *unit[LANGUAGE_COUNT],
        *booked[LANGUAGE_COUNT];
};
size_t office_case_count(const struct office *office);
void office_case(const struct office *office, size_t at,
                 struct office_case *ret_case);
void office_forget_cases(struct office *office);
/* The booking of one of them is cancelled, and it is withdrawn. */
MUST_CHECK enum err office_take_cancelled(struct office *office,
                                          const char *body, size_t len);
/* A msgid: what a state of a case means to whom it concerns. */
const char *office_state_words(const char *state);
/* A msgid: what is to be done then; the office said something of it, or
 * not; a place in time is booked for it, or not. */
const char *office_state_next(const char *state, bool has_text, bool is_booked);
/* What was answered then; ERR_TOO_BIG. */
MUST_CHECK enum err office_case_answers(const struct office *office, size_t at,
                                        struct answers *into);
