#include "kiosk/hub/verify.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/hub/form.h"
#include "kiosk/hub/hub_store_certificate.h"
#include "kiosk/hub/hub_store_guess.h"
#include "kiosk/hub/issuer.h"
#include "kiosk/hub/mark.h"
#include "kiosk/hub/pages_verify.h"

static const char letters_and_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* What somebody wants to know, and what is found out. */
struct inquiry {
    struct hub *hub;
    const struct page_frame *frame;
    char number[CERTIFICATE_NUMBER_BYTES];
    char code[CERTIFICATE_CODE_CHARS + 1];
    char sha256[CRYPTO_HEX_DIGEST]; /* "": not told */
    struct certificate_record record;
    char right_code[CERTIFICATE_CODE_CHARS + 1];
    struct buf name;
    enum verdict verdict;
};

static int status_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_NONE:
    case VERDICT_GENUINE:
    case VERDICT_EXPIRED:
    case VERDICT_WITHDRAWN:
        return 200;
    case VERDICT_FORM_BAD:
        return 400;
    case VERDICT_OTHER_CODE:
    case VERDICT_OTHER_FILE:
        return 403;
    case VERDICT_UNKNOWN:
        return 404;
    case VERDICT_SHUT:
        return 429;
    case VERDICT_FAILED:
    case VERDICT_COUNT:
        break;
    }
    return 503;
}

static bool shows_record(enum verdict verdict)
{
    return verdict == VERDICT_GENUINE || verdict == VERDICT_EXPIRED ||
           verdict == VERDICT_WITHDRAWN;
}

static void answer(const struct inquiry *inquiry, struct hub_response *response)
{
    struct page_certificate shown = { inquiry->number, "", "", "", "", "" };
    struct buf digest;

    buf_init(&digest, CRYPTO_HEX_DIGEST);
    if (shows_record(inquiry->verdict)) {
        const struct certificate_record *record = &inquiry->record;

        buf_add_hex(&digest, record->sha256, sizeof(record->sha256));
        shown.number = record->number;
        shown.title = words_in(&proof_title, inquiry->frame->language);
        shown.name = inquiry->name.text;
        shown.issued = record->issued;
        shown.valid_until = record->valid_until;
        shown.sha256 = digest.text;
    }
    hub_public_headers(inquiry->hub, status_of(inquiry->verdict), response);
    if (inquiry->verdict == VERDICT_SHUT)
        response_header(response, "Retry-After", "3600");
    page_write_verdict(inquiry->frame, inquiry->verdict, &shown,
                       &response->body);
    buf_done(&digest);
}

/* ---- What is found ---- */

static bool is_past(const char *valid_until)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    char today[16];

    snprintf(today, sizeof(today), "%04d%02d%02d", now.year, now.month,
             now.day);
    return strcmp(valid_until, today) < 0;
}

/* Of one that is here, and whose code was right. */
static enum verdict judge(const struct inquiry *inquiry)
{
    if (strcmp(inquiry->record.state, "valid") != 0)
        return VERDICT_WITHDRAWN;
    return is_past(inquiry->record.valid_until) ? VERDICT_EXPIRED
                                                : VERDICT_GENUINE;
}

/* By its address, or else by its number. */
static enum err find_record(struct inquiry *inquiry, const char *address)
{
    struct store *store = inquiry->hub->store;
    struct buf sealed;
    enum err err;

    buf_init(&sealed, MARK_SEALED_MAX);
    err = address != NULL
              ? hub_store_certificate_find_address(store, address,
                                                   &inquiry->record, &sealed)
              : hub_store_certificate_find(store, inquiry->number,
                                           &inquiry->record, &sealed);
    if (!err)
        err = certificate_unseal(inquiry->hub, inquiry->record.number, &sealed,
                                 inquiry->right_code, &inquiry->name);
    buf_done(&sealed);
    return err;
}

static enum verdict judge_address(struct inquiry *inquiry, const char *address)
{
    enum err err = strlen(address) == ADDRESS_CHARS
                       ? find_record(inquiry, address)
                       : ERR_NOT_FOUND;

    if (err)
        return err == ERR_NOT_FOUND ? VERDICT_UNKNOWN : VERDICT_FAILED;
    return judge(inquiry);
}

/* ---- By number and code ---- */

/* Letters are taken as capitals; false: it cannot be one. */
static bool take_field(const struct hub_request *request, const char *name,
                       char *to, size_t size)
{
    struct buf value;
    bool is_good;

    buf_init(&value, 128);
    is_good = form_field(request->body, request->body_len, name, &value) &&
              value.len > 0 && value.len < size;
    for (size_t i = 0; is_good && i < value.len; i++) {
        char c = value.text[i];

        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        is_good = strchr(letters_and_digits, c) != NULL;
        to[i] = c;
        to[i + 1] = '\0';
    }
    if (!is_good)
        to[0] = '\0';
    buf_done(&value);
    return is_good;
}

/* Absent or empty is well, anything else must be a digest. */
static bool take_digest(const struct hub_request *request,
                        struct inquiry *inquiry)
{
    struct buf value;
    bool is_empty;

    buf_init(&value, 128);
    is_empty =
        !form_field(request->body, request->body_len, "sha256", &value) ||
        value.len == 0;
    buf_done(&value);
    return is_empty || (take_field(request, "sha256", inquiry->sha256,
                                   sizeof(inquiry->sha256)) &&
                        strlen(inquiry->sha256) == CRYPTO_HEX_DIGEST - 1);
}

static bool read_form(const struct hub_request *request,
                      struct inquiry *inquiry)
{
    bool has_number =
        take_field(request, "number", inquiry->number, sizeof(inquiry->number));

    return has_number &&
           take_field(request, "code", inquiry->code, sizeof(inquiry->code)) &&
           strlen(inquiry->code) == CERTIFICATE_CODE_CHARS &&
           take_digest(request, inquiry);
}

static bool is_same_file(const struct inquiry *inquiry)
{
    struct buf digest;
    bool is_same = true;

    buf_init(&digest, CRYPTO_HEX_DIGEST);
    buf_add_hex(&digest, inquiry->record.sha256,
                sizeof(inquiry->record.sha256));
    for (size_t i = 0; i < digest.len && inquiry->sha256[0] != '\0'; i++) {
        char c = inquiry->sha256[i];

        if (c >= 'A' && c <= 'F')
            c = (char)(c - 'A' + 'a');
        is_same = is_same && c == digest.text[i];
    }
    buf_done(&digest);
    return is_same;
}

/* Wrong codes count against the number, also against one that nobody has. */
static enum verdict count_wrong(const struct inquiry *inquiry,
                                const struct guess_key *key, int wrong_before,
                                enum verdict verdict)
{
    if (hub_store_guess_wrong(inquiry->hub->store, key, 1, clock_wall_ms()))
        return VERDICT_FAILED;
    return wrong_before + 1 >= GUESSES_WRONG_MAX ? VERDICT_SHUT : verdict;
}

static enum verdict judge_code(struct inquiry *inquiry,
                               const struct guess_key *key, int wrong_before)
{
    enum err err = find_record(inquiry, NULL);

    if (err == ERR_NOT_FOUND)
        return count_wrong(inquiry, key, wrong_before, VERDICT_UNKNOWN);
    if (err)
        return VERDICT_FAILED;
    if (!mac_equal(inquiry->code, inquiry->right_code, CERTIFICATE_CODE_CHARS))
        return count_wrong(inquiry, key, wrong_before, VERDICT_OTHER_CODE);
    return is_same_file(inquiry) ? judge(inquiry) : VERDICT_OTHER_FILE;
}

static enum verdict judge_form(struct inquiry *inquiry,
                               const struct hub_request *request)
{
    struct guesses guesses = { 0 };
    struct guess_key key;

    if (!read_form(request, inquiry))
        return VERDICT_FORM_BAD;
    if (mark_make(inquiry->hub, MARK_CERTIFICATE, inquiry->number, key.bytes) ||
        hub_store_guesses(inquiry->hub->store, &key, clock_wall_ms(), &guesses))
        return VERDICT_FAILED;
    if (guesses.wrong >= GUESSES_WRONG_MAX)
        return VERDICT_SHUT;
    return judge_code(inquiry, &key, guesses.wrong);
}

void hub_verify(struct hub *hub, const struct hub_request *request,
                const struct page_frame *frame, struct hub_response *response)
{
    const char *address = request->path + strlen("/v");
    struct inquiry inquiry = { .hub = hub, .frame = frame };

    buf_init(&inquiry.name, MARK_TEXT_MAX);
    if (address[0] == '/')
        inquiry.verdict = judge_address(&inquiry, address + 1);
    else if (strcmp(request->method, "POST") == 0)
        inquiry.verdict = judge_form(&inquiry, request);
    else
        inquiry.verdict = VERDICT_NONE;
    answer(&inquiry, response);
    buf_done(&inquiry.name);
}
