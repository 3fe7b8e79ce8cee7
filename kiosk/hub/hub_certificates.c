/* What terminals ask of the issuer: an offer, a certificate, its bytes. */
#include "kiosk/hub/issuer.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

enum { WAIT_MS = 500 };

/* Whose certificate, and which. */
struct wanted {
    struct hub *hub;
    const struct request_sender *sender;
    struct hub_response *response;
    const json_t *object;
    struct person person;
    struct proof_choice choice;
    enum proof_need need;
};

/* The person of a check that is good; false: the response says why not. */
static bool find_person(struct wanted *wanted)
{
    const char *token = ask_text(wanted->object, "check", TOKEN_CHARS);
    const struct check *check =
        token == NULL ? NULL
                      : checks_find_good(wanted->hub->checks,
                                         wanted->sender->machine, token);
    enum err err;

    if (check == NULL) {
        response_problem(wanted->response, PROBLEM_check_unknown);
        return false;
    }
    err = people_find(wanted->hub->people, check->number, clock_wall_ms(),
                      &wanted->person);
    if (err == ERR_NOT_FOUND)
        response_problem(wanted->response, PROBLEM_record_unknown);
    else if (err)
        response_store_failed(wanted->response, err);
    else if (check->name[0] != '\0')
        snprintf(wanted->person.name, sizeof(wanted->person.name), "%s",
                 check->name);
    return !err;
}

static bool is_kind_known(const struct wanted *wanted)
{
    const char *kind = ask_text(wanted->object, "kind", 64);

    if (kind != NULL && strcmp(kind, PROOF_KIND) == 0)
        return true;
    response_problem(wanted->response, PROBLEM_kind_unknown);
    return false;
}

/* False: the response says why there is nothing to offer or to issue. */
static bool find_wanted(struct wanted *wanted)
{
    const json_t *chosen = json_object_get(wanted->object, "chosen");

    if (chosen != NULL && !json_is_object(chosen)) {
        response_problem(wanted->response, PROBLEM_fields);
        return false;
    }
    if (!is_kind_known(wanted) || !find_person(wanted))
        return false;
    wanted->need = proof_choose(&wanted->person, chosen, &wanted->choice);
    if (wanted->need != PROOF_NOTHING)
        return true;
    response_problem(wanted->response, PROBLEM_record_unknown);
    return false;
}

static void offer(struct wanted *wanted)
{
    json_t *answer;

    if (wanted->need == PROOF_KNOWN)
        answer = json_pack("{s:o, s:i}", "facts",
                           proof_facts(&wanted->person, &wanted->choice),
                           "copies_max", PROOF_COPIES_MAX);
    else
        answer = json_pack("{s:o}", "question",
                           proof_question(wanted->need, &wanted->choice));
    response_object(wanted->response, 200, answer);
}

void hub_certificates_offer(struct hub *hub, const struct hub_request *request,
                            const struct request_sender *sender,
                            struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    struct wanted wanted = {
        .hub = hub, .sender = sender, .response = response, .object = object
    };

    if (object == NULL)
        return;
    if (find_wanted(&wanted))
        offer(&wanted);
    mem_wipe(&wanted.person, sizeof(wanted.person));
    json_decref(object);
}

/* ---- Issuing ---- */

static void answer_done(const struct wanted *wanted,
                        const struct certificate *certificate)
{
    char pdf[64];
    struct buf url;

    snprintf(pdf, sizeof(pdf), "/v1/certificates/%s", certificate->token);
    buf_init(&url, 512);
    buf_add_format(&url, "%s/v/%s", wanted->hub->public_url,
                   certificate->address);
    response_object(
        wanted->response, 200,
        json_pack("{s:s, s:s, s:i, s:s, s:I, s:s, s:{s:s, s:s}, s:s, s:s}",
                  "number", certificate->number, "code", certificate->code,
                  "pages", certificate->pages, "valid_until",
                  certificate->valid_until, "bytes",
                  (json_int_t)certificate->pdf_len, "sha256",
                  certificate->sha256, "title", language_name(LANGUAGE_ZH_CN),
                  proof_title.in[LANGUAGE_ZH_CN], language_name(LANGUAGE_EN),
                  proof_title.in[LANGUAGE_EN], "url", url.text, "pdf", pdf));
    buf_done(&url);
}

/* One that could not be made is forgotten, so that the same request may try
 * again. */
static void answer_made(const struct wanted *wanted,
                        struct certificate *certificate)
{
    switch (certificate->making) {
    case MAKING_DONE:
        answer_done(wanted, certificate);
        break;
    case MAKING_DRAWING:
        response_object(wanted->response, 202,
                        json_pack("{s:i}", "wait", WAIT_MS));
        break;
    case MAKING_NOTHING:
    case MAKING_FAILED:
        issuer_drop(wanted->hub->issuer, certificate);
        response_problem(wanted->response, PROBLEM_issuer);
        break;
    }
}

static void begin(struct wanted *wanted, const char *request)
{
    const struct issue issue = { .machine = wanted->sender->machine,
                                 .request = request,
                                 .person = &wanted->person,
                                 .choice = &wanted->choice };
    struct certificate *certificate = NULL;
    enum err err;

    if (!find_wanted(wanted))
        return;
    if (wanted->need != PROOF_KNOWN) {
        response_problem(wanted->response, PROBLEM_chosen);
        return;
    }
    err = issuer_begin(wanted->hub, &issue, &certificate);
    if (!err)
        answer_made(wanted, certificate);
    else if (err == ERR_CHILD)
        response_problem(wanted->response, PROBLEM_issuer);
    else
        response_store_failed(wanted->response, err);
}

void hub_certificates_issue(struct hub *hub, const struct hub_request *request,
                            const struct request_sender *sender,
                            struct hub_response *response)
{
    json_t *object = ask_object(request, response);
    struct wanted wanted = {
        .hub = hub, .sender = sender, .response = response, .object = object
    };
    const char *name = ask_text(object, "request", TOKEN_CHARS);
    struct certificate *made;

    if (object == NULL)
        return;
    if (name == NULL || !token_is_ok(name)) {
        response_problem(response, PROBLEM_fields);
    } else {
        made = issuer_find(hub->issuer, sender->machine, name);
        if (made != NULL)
            answer_made(&wanted, made);
        else
            begin(&wanted, name);
    }
    mem_wipe(&wanted.person, sizeof(wanted.person));
    json_decref(object);
}

void hub_certificates_fetch(struct hub *hub,
                            const struct request_sender *sender,
                            const char *token, struct hub_response *response)
{
    const struct certificate *certificate =
        issuer_fetch(hub->issuer, sender->machine, token);

    if (certificate == NULL) {
        response_problem(response, PROBLEM_certificate_unknown);
        return;
    }
    response->status = 200;
    response_header(response, "Content-Type", "application/pdf");
    response_header(response, "Cache-Control", "no-store");
    buf_clear(&response->body);
    buf_add(&response->body, certificate->pdf, certificate->pdf_len);
}
