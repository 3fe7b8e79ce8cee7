#include "kiosk/hub/issuer.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/hub/mark.h"

enum {
    PLACES = 64,
    ALL_BYTES_MAX = 16 * 1024 * 1024,
    DRAW_REQUEST_MAX = 64 * 1024,
    URL_BYTES_MAX = 512
};

struct issuer {
    struct certificate list[PLACES];
    struct hub_drawer drawer;
    uint32_t last_job;
};

struct issuer *issuer_new(void)
{
    return mem_new(sizeof(struct issuer));
}

void issuer_drop(struct issuer *issuer, struct certificate *certificate)
{
    (void)issuer;
    mem_free(certificate->pdf); /* zeroes */
    mem_wipe(certificate, sizeof(*certificate));
}

void issuer_free(struct issuer *issuer)
{
    if (issuer == NULL)
        return;
    for (size_t i = 0; i < PLACES; i++)
        issuer_drop(issuer, &issuer->list[i]);
    mem_free(issuer);
}

void issuer_set_drawer(struct issuer *issuer, const struct hub_drawer *drawer)
{
    issuer->drawer = *drawer;
}

void issuer_tidy(struct issuer *issuer)
{
    int64_t now_ms = clock_monotonic_ms();

    for (size_t i = 0; i < PLACES; i++) {
        struct certificate *certificate = &issuer->list[i];

        if (certificate->making != MAKING_NOTHING &&
            now_ms >= certificate->until_ms)
            issuer_drop(issuer, certificate);
    }
}

struct certificate *issuer_find(struct issuer *issuer, const char *machine,
                                const char *request)
{
    for (size_t i = 0; i < PLACES; i++) {
        struct certificate *certificate = &issuer->list[i];

        if (certificate->making != MAKING_NOTHING &&
            strcmp(certificate->request, request) == 0 &&
            strcmp(certificate->machine, machine) == 0)
            return certificate;
    }
    return NULL;
}

const struct certificate *issuer_fetch(struct issuer *issuer,
                                       const char *machine, const char *token)
{
    if (!token_is_ok(token))
        return NULL;
    for (size_t i = 0; i < PLACES; i++) {
        const struct certificate *certificate = &issuer->list[i];

        if (certificate->making == MAKING_DONE &&
            mac_equal(certificate->token, token, TOKEN_CHARS) &&
            strcmp(certificate->machine, machine) == 0)
            return certificate;
    }
    return NULL;
}

/* ---- Beginning ---- */

static struct certificate *find_room(struct issuer *issuer)
{
    struct certificate *oldest = &issuer->list[0];

    for (size_t i = 0; i < PLACES; i++) {
        if (issuer->list[i].making == MAKING_NOTHING)
            return &issuer->list[i];
        if (issuer->list[i].until_ms < oldest->until_ms)
            oldest = &issuer->list[i];
    }
    issuer_drop(issuer, oldest);
    return oldest;
}

/* Letters and digits that nobody mistakes for one another. */
static void make_code(char code[CERTIFICATE_CODE_CHARS + 1])
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    for (int i = 0; i < CERTIFICATE_CODE_CHARS; i++)
        code[i] = letters[chance_below(sizeof(letters) - 1)];
    code[CERTIFICATE_CODE_CHARS] = '\0';
}

static void make_address(char address[ADDRESS_CHARS + 1])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789-_";

    for (int i = 0; i < ADDRESS_CHARS; i++)
        address[i] = letters[chance_below(64)];
    address[ADDRESS_CHARS] = '\0';
}

static void write_date(const struct clock_fields *date, char text[9])
{
    snprintf(text, 9, "%04u%02u%02u", (unsigned)date->year % 10000u,
             (unsigned)date->month % 100u, (unsigned)date->day % 100u);
}

/* Half a year on, or the last day of a month that is shorter. */
static void make_dates(struct certificate *certificate, int64_t wall_ms)
{
    struct clock_fields day = clock_split(wall_ms);

    write_date(&day, certificate->issued);
    day.month += PROOF_VALID_MONTHS;
    if (day.month > 12) {
        day.month -= 12;
        day.year++;
    }
    write_date(&day, certificate->valid_until);
    while (!clock_is_date(certificate->valid_until)) {
        day.day--;
        write_date(&day, certificate->valid_until);
    }
}

static void mask_name(const char *name, char masked[CARD_TEXT_BYTES])
{
    struct buf text;

    buf_init(&text, CARD_TEXT_BYTES - 1);
    text_mask_name(name, &text);
    snprintf(masked, CARD_TEXT_BYTES, "%s", text.text);
    buf_done(&text);
}

static enum err send_to_drawer(const struct hub *hub, const struct issue *issue,
                               const struct certificate *certificate)
{
    const struct hub_drawer *drawer = &hub->issuer->drawer;
    struct proof_paper paper = { .number = certificate->number,
                                 .code = certificate->code };
    struct buf request, url;
    enum err err = ERR_CHILD;

    memcpy(paper.issued, certificate->issued, sizeof(paper.issued));
    memcpy(paper.valid_until, certificate->valid_until,
           sizeof(paper.valid_until));
    buf_init(&url, URL_BYTES_MAX);
    buf_init(&request, DRAW_REQUEST_MAX);
    buf_add_format(&url, "%s/v/%s", hub->public_url, certificate->address);
    paper.url = url.text;
    proof_draw(issue->person, issue->choice, &paper, certificate->job,
               &request);
    if (drawer->draw != NULL && request.len > 0 && !request.is_cut)
        err = drawer->draw(drawer->owner, certificate->job, request.text,
                           request.len);
    buf_done(&request);
    buf_done(&url);
    return err;
}

enum err issuer_begin(struct hub *hub, const struct issue *issue,
                      struct certificate **ret_certificate)
{
    struct issuer *issuer = hub->issuer;
    char number[CERTIFICATE_NUMBER_BYTES];
    struct certificate *certificate;
    int64_t wall_ms = clock_wall_ms();
    enum err err;

    if (issuer->drawer.draw == NULL)
        return ERR_CHILD;
    err = hub_store_certificate_number(hub->store, wall_ms, number);
    if (err)
        return err;
    certificate = find_room(issuer);
    certificate->making = MAKING_DRAWING;
    certificate->job = ++issuer->last_job;
    snprintf(certificate->machine, sizeof(certificate->machine), "%s",
             issue->machine);
    snprintf(certificate->request, sizeof(certificate->request), "%s",
             issue->request);
    memcpy(certificate->number, number, sizeof(number));
    token_make(certificate->token);
    make_code(certificate->code);
    make_address(certificate->address);
    make_dates(certificate, wall_ms);
    mask_name(issue->person->name, certificate->name);
    certificate->until_ms = clock_monotonic_ms() + CERTIFICATE_KEPT_MS;
    err = send_to_drawer(hub, issue, certificate);
    if (err)
        issuer_drop(issuer, certificate);
    else
        *ret_certificate = certificate;
    return err;
}

/* ---- Drawn ---- */

/* All of them together weigh no more than they may; the oldest go first. */
static void make_room(struct issuer *issuer, size_t len)
{
    for (;;) {
        struct certificate *oldest = NULL;
        size_t bytes = len;

        for (size_t i = 0; i < PLACES; i++) {
            struct certificate *one = &issuer->list[i];

            bytes += one->pdf_len;
            if (one->pdf != NULL &&
                (oldest == NULL || one->until_ms < oldest->until_ms))
                oldest = one;
        }
        if (bytes <= ALL_BYTES_MAX || oldest == NULL)
            return;
        issuer_drop(issuer, oldest);
    }
}

/* "ABCD2345\n张*三" */
static enum err seal_secret(const struct hub *hub,
                            const struct certificate *certificate,
                            struct buf *sealed)
{
    struct buf text;
    enum err err;

    buf_init(&text, MARK_TEXT_MAX);
    buf_add_format(&text, "%s\n%s", certificate->code, certificate->name);
    err = text_seal(key_public(hub->office_key), certificate->number, text.text,
                    sealed);
    buf_done(&text);
    return err;
}

enum err certificate_unseal(const struct hub *hub, const char *number,
                            const struct buf *sealed,
                            char code[CERTIFICATE_CODE_CHARS + 1],
                            struct buf *name)
{
    struct buf text;
    enum err err;

    buf_init(&text, MARK_TEXT_MAX);
    err =
        text_unseal(hub->office_key, number, sealed->text, sealed->len, &text);
    if (!err && (text.len <= CERTIFICATE_CODE_CHARS ||
                 text.text[CERTIFICATE_CODE_CHARS] != '\n'))
        err = ERR_CORRUPT;
    if (!err) {
        memcpy(code, text.text, CERTIFICATE_CODE_CHARS);
        code[CERTIFICATE_CODE_CHARS] = '\0';
        buf_add_text(name, text.text + CERTIFICATE_CODE_CHARS + 1);
    }
    buf_done(&text);
    return err;
}

static enum err keep_record(struct hub *hub,
                            const struct certificate *certificate,
                            const unsigned char sha256[CRYPTO_DIGEST_BYTES])
{
    struct certificate_record record = { .kind = PROOF_KIND, .state = "valid" };
    struct buf sealed;
    enum err err;

    memcpy(record.number, certificate->number, sizeof(record.number));
    memcpy(record.issued, certificate->issued, sizeof(record.issued));
    memcpy(record.valid_until, certificate->valid_until,
           sizeof(record.valid_until));
    memcpy(record.sha256, sha256, sizeof(record.sha256));
    buf_init(&sealed, MARK_SEALED_MAX);
    err = seal_secret(hub, certificate, &sealed);
    if (!err)
        err = hub_store_certificate_add(hub->store, &record, &sealed,
                                        certificate->address);
    buf_done(&sealed);
    return err;
}

static bool is_pdf(const void *bytes, size_t len)
{
    return bytes != NULL && len > 5 && len <= CERTIFICATE_BYTES_MAX &&
           memcmp(bytes, "%PDF-", 5) == 0;
}

/* It counts from the moment it can be verified. */
static enum err finish(struct hub *hub, struct certificate *certificate,
                       const void *pdf, size_t len)
{
    unsigned char sha256[CRYPTO_DIGEST_BYTES];
    enum err err;

    digest_of(pdf, len, sha256);
    digest_hex(pdf, len, certificate->sha256);
    err = keep_record(hub, certificate, sha256);
    if (err)
        return err;
    make_room(hub->issuer, len);
    certificate->pdf = mem_copy_bytes(pdf, len);
    certificate->pdf_len = len;
    certificate->until_ms = clock_monotonic_ms() + CERTIFICATE_KEPT_MS;
    return ERR_OK;
}

void hub_drawn(struct hub *hub, uint32_t job, const void *pdf, size_t len,
               int pages)
{
    struct certificate *certificate = NULL;
    enum err err = ERR_CHILD;

    for (size_t i = 0; i < PLACES; i++) {
        if (hub->issuer->list[i].making == MAKING_DRAWING &&
            hub->issuer->list[i].job == job)
            certificate = &hub->issuer->list[i];
    }
    if (certificate == NULL)
        return;
    certificate->pages = pages;
    if (is_pdf(pdf, len) && pages > 0) {
        err = finish(hub, certificate, pdf, len);
        if (err)
            event_record(EVENT_STORE_FAILED, FIELD_ERR, err_name(err),
                         FIELD_END);
    }
    certificate->making = err ? MAKING_FAILED : MAKING_DONE;
}
