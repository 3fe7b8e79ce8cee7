/* Envelopes.  The first byte of the input says where the rest comes from:
 *
 *   F  a stranger: the rest is the envelope, as the hub gets it.
 *   L  an enrolled machine that lies: HEADER NUL BODY, sealed and signed by its
 *      own key.  $D, $M and $O in the header become the body's digest and the
 *      fingerprints of machine and office.
 *   A  a terminal: after one digit that chooses an item and the language,
 *      lines NAME=VALUE are answers, of which an envelope is made.
 *
 * Keys come from a seeded stream, so an envelope in the corpus stays right. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/envelope_body.h"

enum {
    HEADER_AT = 5,
    LINES_MAX = 100,
    BODY_LEAST = 2, /* "{}" */
    WALL_MS_PER_S = 1000
};

static struct key *machine, *office;
static struct pack *pack;

static void must(enum err err)
{
    if (!err)
        return;
    fprintf(stderr, "%s\n", err_name(err));
    abort();
}

static struct key *make_key(const char *folder, enum key_kind kind)
{
    struct key *key = NULL;
    char path[128];

    (void)snprintf(path, sizeof path, "%s/%d", folder, (int)kind);
    must(key_open(path, kind, true, &key));
    return key;
}

static void set_up(void)
{
    struct problems problems;
    char folder[64];

    chance_seed(11);
    must(file_make_temporary(folder, sizeof folder));
    machine = make_key(folder, KEY_SIGN);
    office = make_key(folder, KEY_OPEN);
    must(file_remove_tree(folder));
    problems_init(&problems);
    must(pack_load("screens/items", &problems, &pack));
    problems_done(&problems);
}

/* ---- What holds for everything that could be read ----------------------- */

static bool is_only(const char *text, const char *characters, size_t count)
{
    return strlen(text) == count && strspn(text, characters) == count;
}

/* Nested values would have let jansson recurse as deep as a stranger likes. */
static void check_is_flat(const struct envelope *envelope)
{
    json_t *root =
        json_loadb((const char *)envelope->header, envelope->header_len,
                   JSON_REJECT_DUPLICATES, NULL);
    const char *key;
    json_t *value;

    assert(json_is_object(root));
    json_object_foreach(root, key, value)
        assert(!json_is_object(value) && !json_is_array(value));
    json_decref(root);
}

static void check_header(const struct envelope *envelope)
{
    static const char hex[] = "0123456789abcdef", digits[] = "0123456789";

    assert(is_only(envelope->case_id, hex, CASE_ID_CHARS));
    assert(is_only(envelope->machine, hex, 64));
    assert(is_only(envelope->office_key, hex, 64));
    assert(is_only(envelope->digest, hex, 64));
    assert(is_only(envelope->receipt, digits, 12));
    assert(envelope->item[0] != '\0' && !strpbrk(envelope->item, "/.\\ \""));
    assert(envelope->number >= 1 && envelope->version >= 1);
    assert(text_is_valid((const char *)envelope->header, envelope->header_len));
    assert(strlen(envelope->time) == 13 || strlen(envelope->time) == 25);
}

/* The parts follow each other and fill the whole: no byte is unaccounted for,
 * so none can be changed without the signature. */
static void check_parts(const struct envelope *envelope,
                        const unsigned char *bytes, size_t len)
{
    assert(envelope->bytes == bytes && envelope->len == len);
    assert(len <= ENVELOPE_MAX && bytes[0] == ENVELOPE_SUITE);
    assert(envelope->header == bytes + HEADER_AT);
    assert(envelope->header_len <= ENVELOPE_HEADER_MAX);
    assert(envelope->enc == envelope->header + envelope->header_len);
    assert(envelope->sealed == envelope->enc + CRYPTO_ENC_BYTES + 4);
    assert(envelope->sealed_len <= ENVELOPE_BODY_MAX + CRYPTO_TAG_BYTES);
    assert(envelope->signature == envelope->sealed + envelope->sealed_len);
    assert(envelope->signature + CRYPTO_SIGNATURE_BYTES == bytes + len);
}

/* Opens into a buf that holds something already; a failure leaves it so. */
static enum err open_after(const struct envelope *envelope, struct buf *body)
{
    enum err err;

    buf_init(body, 1 + ENVELOPE_BODY_MAX);
    buf_add_char(body, '!');
    err = envelope_open(envelope, key_public(machine), office, body);
    assert(!err || err == ERR_REFUSED);
    assert(err ? body->len == 1
               : body->len == 1 + envelope->sealed_len - CRYPTO_TAG_BYTES);
    assert(!body->is_cut);
    buf_remove_front(body, 1);
    return err;
}

/* One bit anywhere, and a byte less or more, are found. */
static void check_seal(const struct envelope *envelope, size_t at)
{
    unsigned char *copy = mem_new(envelope->len + 1);
    struct envelope changed;
    struct buf body;

    memcpy(copy, envelope->bytes, envelope->len);
    assert(envelope_read(copy, envelope->len - 1, &changed) == ERR_BAD_INPUT);
    assert(envelope_read(copy, envelope->len + 1, &changed) == ERR_BAD_INPUT);
    copy[at] ^= (unsigned char)(1 << at % 8);
    if (!envelope_read(copy, envelope->len, &changed)) {
        assert(open_after(&changed, &body) == ERR_REFUSED);
        buf_done(&body);
    }
    mem_free(copy);
}

/* As hub_cases.c and public.c: read, opened, the body taken as JSON.  True when
 * it opened; then body is the caller's. */
static bool receive(const unsigned char *bytes, size_t len, struct buf *body)
{
    static const struct envelope untouched = { .number = 4711 };
    struct envelope envelope = untouched;
    enum err err = envelope_read(bytes, len, &envelope);

    if (err) {
        assert(err == ERR_BAD_INPUT);
        assert(memcmp(&envelope, &untouched, sizeof envelope) == 0);
        return false;
    }
    check_parts(&envelope, bytes, len);
    check_header(&envelope);
    check_is_flat(&envelope);
    err = open_after(&envelope, body);
    if (err) {
        buf_done(body);
        return false;
    }
    check_seal(&envelope, chance_below((uint32_t)len));
    json_decref(
        json_loadb(body->text, body->len, JSON_REJECT_DUPLICATES, NULL));
    return true;
}

static void from_stranger(const uint8_t *bytes, size_t size)
{
    struct buf body;

    if (receive(bytes, size, &body))
        buf_done(&body);
}

/* ---- A machine that lies ------------------------------------------------ */

static void fill_header(const char *text, size_t len, const char *digest,
                        struct buf *header)
{
    char machine_id[CRYPTO_HEX_DIGEST], office_id[CRYPTO_HEX_DIGEST];

    key_fingerprint(key_public(machine), machine_id);
    key_fingerprint(key_public(office), office_id);
    for (size_t i = 0; i < len; i++) {
        const char *filled = NULL;

        if (text[i] == '$' && i + 1 < len)
            filled = text[i + 1] == 'D'   ? digest
                     : text[i + 1] == 'M' ? machine_id
                     : text[i + 1] == 'O' ? office_id
                                          : NULL;
        if (filled) {
            buf_add_text(header, filled);
            i++;
        } else {
            buf_add_char(header, text[i]);
        }
    }
}

static void add_length(struct buf *out, size_t len)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(out, (char)(len >> shift & 0xff));
}

/* envelope_make's work, with nothing checked. */
static void seal_anything(const struct buf *header, const uint8_t *plain,
                          size_t len, struct buf *whole)
{
    unsigned char enc[CRYPTO_ENC_BYTES], signature[CRYPTO_SIGNATURE_BYTES];
    unsigned char *sealed = mem_new(len + CRYPTO_TAG_BYTES);

    buf_add_char(whole, ENVELOPE_SUITE);
    add_length(whole, header->len);
    buf_add(whole, header->text, header->len);
    must(seal_to(key_public(office), ENVELOPE_INFO, whole->text, whole->len,
                 plain, len, enc, sealed));
    buf_add(whole, enc, sizeof enc);
    add_length(whole, len + CRYPTO_TAG_BYTES);
    buf_add(whole, sealed, len + CRYPTO_TAG_BYTES);
    must(key_sign(machine, whole->text, whole->len, signature));
    buf_add(whole, signature, sizeof signature);
    mem_free(sealed);
}

/* It opens exactly when the header was read and tells the truth. */
static bool should_open(const struct buf *whole, const char *digest)
{
    struct envelope envelope;
    char machine_id[CRYPTO_HEX_DIGEST], office_id[CRYPTO_HEX_DIGEST];

    key_fingerprint(key_public(machine), machine_id);
    key_fingerprint(key_public(office), office_id);
    return !envelope_read(whole->text, whole->len, &envelope) &&
           strcmp(envelope.digest, digest) == 0 &&
           strcmp(envelope.machine, machine_id) == 0 &&
           strcmp(envelope.office_key, office_id) == 0;
}

static void from_liar(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = size ? memchr(bytes, '\0', size) : NULL;
    const uint8_t *plain = end ? end + 1 : bytes + size;
    size_t header_len = end ? (size_t)(end - bytes) : size;
    size_t plain_len = (size_t)(bytes + size - plain);
    char digest[CRYPTO_HEX_DIGEST];
    struct buf header, whole, body;
    bool is_open;

    if (plain_len == 0)
        return;
    digest_hex(plain, plain_len, digest);
    buf_init(&header, 2 * ENVELOPE_HEADER_MAX);
    buf_init(&whole, 2 * ENVELOPE_MAX);
    fill_header((const char *)bytes, header_len, digest, &header);
    seal_anything(&header, plain, plain_len, &whole);
    is_open = receive((const unsigned char *)whole.text, whole.len, &body);
    assert(is_open == should_open(&whole, digest));
    assert(!is_open || plain_len >= BODY_LEAST);
    if (is_open) {
        assert(body.len == plain_len);
        assert(memcmp(body.text, plain, plain_len) == 0);
        buf_done(&body);
    }
    buf_done(&header);
    buf_done(&whole);
}

/* ---- A terminal --------------------------------------------------------- */

/* NAME=VALUE lines; returns whether every value that was taken is UTF-8. */
static bool take_lines(const char *text, size_t len, struct answers *answers)
{
    bool is_valid = true;

    for (int line = 0; line < LINES_MAX && len; line++) {
        const char *end = memchr(text, '\n', len);
        size_t line_len = end ? (size_t)(end - text) : len;
        char *copy = mem_copy_bytes(text, line_len);
        char *equals = strchr(copy, '=');

        if (equals) {
            *equals = '\0';
            if (!answers_set(answers, copy, equals + 1, SOURCE_CITIZEN))
                is_valid =
                    is_valid && text_is_valid(equals + 1, strlen(equals + 1));
        }
        mem_free(copy);
        text += line_len + (end ? 1 : 0);
        len -= line_len + (end ? 1 : 0);
    }
    return is_valid;
}

static void check_languages(const json_t *entry, const char *key)
{
    const json_t *both = json_object_get(entry, key);

    assert(json_object_size(both) == LANGUAGE_COUNT);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        assert(json_is_string(
            json_object_get(both, language_name((enum language)i))));
}

/* What the office reads is what was answered, each once, in order. */
static void check_body(const struct buf *body, const struct answers *answers)
{
    json_t *root =
        json_loadb(body->text, body->len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *all = json_object_get(root, "answers");
    const json_t *order = json_object_get(root, "order");

    assert(json_is_object(root) && json_is_object(all));
    assert(json_array_size(order) == json_object_size(all));
    check_languages(root, "title");
    check_languages(root, "unit");
    for (size_t i = 0; i < json_array_size(order); i++) {
        const char *name = json_string_value(json_array_get(order, i));
        const json_t *entry = json_object_get(all, name);
        const char *value = json_string_value(json_object_get(entry, "value"));

        assert(value && strcmp(value, answers_get(answers, name)) == 0);
        check_languages(entry, "text");
        check_languages(entry, "label");
    }
    json_decref(root);
}

static void check_made(const struct envelope_input *input,
                       const struct buf *whole)
{
    const unsigned char *bytes = (const unsigned char *)whole->text;
    struct envelope envelope;
    struct buf body;
    bool is_open;

    must(envelope_read(bytes, whole->len, &envelope));
    assert(strcmp(envelope.case_id, input->case_id) == 0);
    assert(strcmp(envelope.receipt, input->receipt) == 0);
    assert(strcmp(envelope.item, input->item->id) == 0);
    assert(envelope.number == input->number);
    assert(envelope.version == input->item->version);
    if (envelope_is_anonymous(input->item, input->answers))
        assert(strlen(envelope.time) == 13 &&
               strcmp(envelope.assurance, "none") == 0);
    is_open = receive(bytes, whole->len, &body);
    assert(is_open);
    check_body(&body, input->answers);
    buf_done(&body);
}

static void from_terminal(const uint8_t *bytes, size_t size)
{
    unsigned chosen = size ? bytes[0] : 0;
    struct envelope_input input = {
        .item = pack_item(pack, chosen / 2 % pack_count(pack)),
        .answers = answers_new(),
        .case_id = "0123456789abcdef0123456789abcdef",
        .number = 1,
        .receipt = "310063270014",
        .lookup_code = "4711",
        .address = "BBBBBBBBBBBBBBBBBBBBBB",
        .assurance = "card",
        .language = (enum language)(chosen % LANGUAGE_COUNT),
        .wall_ms = INT64_C(1795500185) * WALL_MS_PER_S,
        .machine_key = machine,
        .office_key = key_public(office),
    };
    struct answers *answers = (struct answers *)input.answers;
    struct buf whole;
    bool is_valid = true;
    enum err err;

    if (size > 1)
        is_valid = take_lines((const char *)bytes + 1, size - 1, answers);
    buf_init(&whole, ENVELOPE_MAX);
    err = envelope_make(&input, &whole);
    /* An answer that is no UTF-8 may belong to no step of the item. */
    assert(!err || err == ERR_TOO_BIG || (err == ERR_BAD_INPUT && !is_valid));
    assert(!err || whole.len == 0);
    if (!err)
        check_made(&input, &whole);
    buf_done(&whole);
    answers_free(answers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!machine)
        set_up();
    chance_seed(12);
    if (size == 0)
        from_stranger(bytes, 0);
    else if (bytes[0] == 'L')
        from_liar(bytes + 1, size - 1);
    else if (bytes[0] == 'A')
        from_terminal(bytes + 1, size - 1);
    else if (bytes[0] == 'F')
        from_stranger(bytes + 1, size - 1);
    assert(secret_used_bytes() == 0);
    return 0;
}
