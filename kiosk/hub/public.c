/* What phones may ask: how far a matter has come.  The address alone, 128
 * random bits, shows the state; the details need the 查询码 as well. */
#include "kiosk/hub/hub_parts.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/arrival.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/receipt.h"
#include "kiosk/hub/case_body.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/hub/form.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/hub_store_find.h"
#include "kiosk/hub/hub_store_guess.h"
#include "kiosk/hub/hub_store_slots.h"
#include "kiosk/hub/mark.h"
#include "kiosk/hub/pages.h"
#include "kiosk/hub/verify.h"

/* A slip with all the parts and rows that an item may have is shorter. */
enum { ROWS_MAX = 512, KEY_BYTES_MAX = 256 };

/* A request for one page, while it is answered. */
struct visit {
    struct hub *hub;
    const struct hub_request *request;
    struct hub_response *response;
    struct page_frame frame;
    const char *address;
    struct hub_case found;
    const char *state; /* of the page: kiosk/hub/pages.h */
    struct buf envelope;
    struct guess_key guessed;
};

void hub_public_init(struct hub *hub)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    struct buf policy;

    digest_of(page_style, strlen(page_style), digest);
    buf_init(&policy, sizeof(hub->page_policy) - 1);
    buf_add_text(&policy, "default-src 'none'; style-src 'sha256-");
    buf_add_base64(&policy, digest, sizeof(digest));
    buf_add_text(&policy, "'; form-action 'self'; base-uri 'none'; "
                          "frame-ancestors 'none'");
    memcpy(hub->page_policy, policy.text, policy.len + 1);
    buf_done(&policy);
}

void hub_public_headers(const struct hub *hub, int status,
                        struct hub_response *response)
{
    response->status = status;
    response_header(response, "Content-Type", "text/html; charset=utf-8");
    response_header(response, "Content-Security-Policy", hub->page_policy);
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "Referrer-Policy", "no-referrer");
    response_header(response, "X-Content-Type-Options", "nosniff");
}

static void set_headers(struct visit *visit, int status)
{
    hub_public_headers(visit->hub, status, visit->response);
}

static void answer_notice(struct visit *visit, int status,
                          enum page_notice notice)
{
    set_headers(visit, status);
    if (notice == PAGE_SHUT)
        response_header(visit->response, "Retry-After", "3600");
    page_write_notice(&visit->frame, notice, &visit->response->body);
}

static void answer_state(struct visit *visit, int status,
                         enum page_try last_try)
{
    if (!page_write_state(&visit->frame, visit->state, last_try,
                          &visit->response->body))
        answer_notice(visit, 503, PAGE_FAILED);
    else
        set_headers(visit, status);
}

/* ?lang= decides, else the first of the phone's languages that we have, else
 * Chinese. */
static enum language choose_language(const struct hub_request *request)
{
    const char *asked = request->argument(request->owner, "lang");

    if (asked == NULL)
        asked = request->header(request->owner, "Accept-Language");
    while (asked != NULL && asked[0] != '\0') {
        asked += strspn(asked, ", ");
        if (strncmp(asked, "zh", 2) == 0)
            return LANGUAGE_ZH_CN;
        if (strncmp(asked, "en", 2) == 0)
            return LANGUAGE_EN;
        asked += strcspn(asked, ",");
    }
    return LANGUAGE_ZH_CN;
}

/* The four digits that the form holds, forgiving how they were typed. */
static bool take_code(const struct hub_request *request,
                      char code[LOOKUP_DIGITS + 1])
{
    struct buf typed;
    bool is_code;

    buf_init(&typed, 64);
    is_code = form_field(request->body, request->body_len, "code", &typed) &&
              typed.len == LOOKUP_DIGITS &&
              strspn(typed.text, "0123456789") == LOOKUP_DIGITS;
    if (is_code)
        memcpy(code, typed.text, LOOKUP_DIGITS + 1);
    buf_done(&typed);
    return is_code;
}

/* "name": {"zh_CN": …, "en": …} in the page's language. */
static const char *words_of(json_t *root, const char *name,
                            enum language language)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(root, name), language_name(language)));

    return text == NULL ? "" : text;
}

/* The office's words; "" when there are none, or none that open. */
static void read_words(const struct visit *visit, struct buf *words)
{
    const char *id = visit->found.id;
    struct buf sealed;
    enum err err;

    buf_init(&sealed, MARK_SEALED_MAX);
    err = hub_store_words(visit->hub->store, id, &sealed);
    if (!err)
        err = text_unseal(visit->hub->office_key, id, sealed.text, sealed.len,
                          words);
    if (err)
        buf_clear(words);
    buf_done(&sealed);
}

/* What the slip says, as the terminal wrote it into the envelope; one that is
 * older has none. */
static size_t read_rows(json_t *root, enum language language,
                        struct page_row rows[ROWS_MAX])
{
    json_t *slip = json_object_get(root, "slip");
    size_t count = json_array_size(slip);

    if (count > ROWS_MAX)
        count = ROWS_MAX;
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_array_get(slip, i);
        const char *id = json_string_value(json_object_get(row, "id"));
        rows[i].is_contact = id != NULL && walk_is_contact(id);
        rows[i].label = words_of(row, "label", language);
        rows[i].text = words_of(row, "text", language);
    }
    return count;
}

static void answer_details(struct visit *visit, const struct envelope *envelope,
                           json_t *root)
{
    enum language language = visit->frame.language;
    char receipt[15] = "";
    struct page_row rows[ROWS_MAX];
    struct page_details details = {
        .state = visit->state,
        .title = words_of(root, "title", language),
        .receipt = envelope->receipt,
        .case_number = visit->found.case_number,
        .time = envelope->time,
        .unit = words_of(root, "unit", language),
        .rows = rows,
        .row_count = read_rows(root, language, rows),
    };
    struct buf words;

    if (receipt_is_ok(envelope->receipt)) {
        receipt_group(envelope->receipt, receipt);
        details.receipt = receipt;
    }
    buf_init(&words, MARK_TEXT_MAX);
    read_words(visit, &words);
    details.words = words.text;
    if (!page_write_details(&visit->frame, &details, &visit->response->body))
        answer_notice(visit, 503, PAGE_FAILED);
    else
        set_headers(visit, 200);
    buf_done(&words);
}

static void answer_wrong(struct visit *visit, int wrong_before, int64_t now_ms)
{
    if (hub_store_guess_wrong(visit->hub->store, &visit->guessed, 1, now_ms))
        answer_notice(visit, 503, PAGE_FAILED);
    else if (wrong_before + 1 >= GUESSES_WRONG_MAX)
        answer_notice(visit, 429, PAGE_SHUT);
    else
        answer_state(visit, 403, TRY_WRONG);
}

static void check_code(struct visit *visit, const char *code, int wrong_before,
                       int64_t now_ms)
{
    struct envelope envelope;
    json_t *root = NULL;
    /* The code and the words stand only inside the sealed envelope. */
    enum err err =
        case_body_open(visit->hub, visit->found.machine, visit->envelope.text,
                       visit->envelope.len, &envelope, &root);

    if (err)
        answer_notice(visit, 503, PAGE_FAILED);
    else if (case_code_matches(root, code))
        answer_details(visit, &envelope, root);
    else
        answer_wrong(visit, wrong_before, now_ms);
    json_decref(root);
}

static void try_code(struct visit *visit)
{
    char code[LOOKUP_DIGITS + 1];
    int64_t now_ms = clock_wall_ms();
    struct guesses guesses = { 0 };

    digest_of(visit->address, strlen(visit->address), visit->guessed.bytes);
    if (hub_store_guesses(visit->hub->store, &visit->guessed, now_ms, &guesses))
        answer_notice(visit, 503, PAGE_FAILED);
    else if (guesses.wrong >= GUESSES_WRONG_MAX)
        answer_notice(visit, 429, PAGE_SHUT);
    else if (!take_code(visit->request, code))
        answer_state(visit, 400, TRY_NOT_DIGITS);
    else
        check_code(visit, code, guesses.wrong, now_ms);
}

static bool is_address(const char *text)
{
    return strlen(text) == ADDRESS_CHARS &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789-_") == ADDRESS_CHARS;
}

static bool is_reading(const struct hub_request *request)
{
    return strcmp(request->method, "GET") == 0 ||
           strcmp(request->method, "HEAD") == 0;
}

/* What it came to when it arrived, by its very item; one that is not known here
 * any more is as most are. */
static const char *arrived(const struct visit *visit)
{
    struct envelope envelope;
    const struct item *item = NULL;

    if (visit->hub->items &&
        !envelope_read(visit->envelope.text, visit->envelope.len, &envelope))
        item = hub_items_find(visit->hub->items, &envelope);
    return item ? arrival_of(item, NULL)->name : visit->found.state;
}

/* The time that it asked for others had before it arrived: that is its state to
 * whom it concerns, and nothing is to be put right. */
static enum err find_state(struct visit *visit)
{
    char booking[SLOT_STATE_BYTES];
    struct buf key;
    enum err err;

    visit->state = visit->found.state;
    if (strcmp(visit->found.state, "delivered") == 0)
        visit->state = arrived(visit);
    if (strcmp(visit->found.state, "correction") != 0)
        return ERR_OK;
    buf_init(&key, KEY_BYTES_MAX);
    err = hub_store_slot_of(visit->hub->store, visit->found.id, booking, &key);
    buf_done(&key);
    if (!err && strcmp(booking, "lost") == 0)
        visit->state = PAGE_SLOT_LOST;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void answer_progress(struct visit *visit)
{
    enum err err = ERR_NOT_FOUND;

    buf_init(&visit->envelope, ENVELOPE_MAX);
    if (is_address(visit->address))
        err = hub_store_find_address(visit->hub->store, visit->address,
                                     &visit->found, &visit->envelope);
    if (!err)
        err = find_state(visit);
    if (err == ERR_NOT_FOUND)
        answer_notice(visit, 404, PAGE_ABSENT);
    else if (err)
        answer_notice(visit, 503, PAGE_FAILED);
    else if (is_reading(visit->request))
        answer_state(visit, 200, TRY_NONE);
    else
        try_code(visit);
    buf_done(&visit->envelope);
}

/* "/v" and "/v/ADDRESS" tell whether a certificate is genuine. */
static bool is_verification(const char *path)
{
    return strcmp(path, "/v") == 0 || strncmp(path, "/v/", 3) == 0;
}

void hub_public(struct hub *hub, const struct hub_request *request,
                struct hub_response *response)
{
    static const char pages[] = "/p/";
    bool takes_forms = strncmp(request->path, pages, strlen(pages)) == 0 ||
                       strcmp(request->path, "/v") == 0;
    bool is_page = strncmp(request->path, pages, strlen(pages)) == 0;
    struct visit visit = {
        .hub = hub,
        .request = request,
        .response = response,
        .frame = { .language = choose_language(request),
                   .is_demo = hub->is_demo },
        .address = is_page ? request->path + strlen(pages) : "",
    };

    if (request->is_too_big) {
        answer_notice(&visit, 413, PAGE_REFUSED);
    } else if (!is_reading(request) &&
               !(takes_forms && strcmp(request->method, "POST") == 0)) {
        answer_notice(&visit, 405, PAGE_REFUSED);
        response_header(response, "Allow",
                        takes_forms ? "GET, HEAD, POST" : "GET, HEAD");
    } else if (is_verification(request->path)) {
        hub_verify(hub, request, &visit.frame, response);
    } else if (is_page) {
        answer_progress(&visit);
    } else if (strcmp(request->path, "/") == 0) {
        answer_notice(&visit, 200, PAGE_HOME);
    } else {
        answer_notice(&visit, 404, PAGE_ABSENT);
    }
}
