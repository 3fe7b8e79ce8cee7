/* Envelopes: made, read and opened, and refused when anything was changed.
 * envelope_read_test.c has bytes that never were one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope.h"

static char folder[64];
static struct pack *pack;
static struct key *machine, *office, *other_machine, *other_office;

/* What a test writes into: answers, and the envelope made of them. */
struct bench {
    struct answers *answers;
    struct envelope_input input;
    struct buf bytes;
};

static struct key *make_key(const char *name, enum key_kind kind)
{
    struct key *key = NULL;
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(key_open(path, kind, true, &key), ERR_OK);
    return key;
}

static int load(void **state)
{
    struct problems problems;
    enum err err;

    (void)state;
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    problems_init(&problems);
    err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    if (err)
        return -1;
    machine = make_key("machine", KEY_SIGN);
    office = make_key("office", KEY_OPEN);
    other_machine = make_key("machine2", KEY_SIGN);
    other_office = make_key("office2", KEY_OPEN);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    key_close(machine);
    key_close(office);
    key_close(other_machine);
    key_close(other_office);
    pack_free(pack);
    return file_remove_tree(folder) ? -1 : 0;
}

static int set_up(void **state)
{
    struct bench *bench = mem_new(sizeof *bench);

    bench->answers = answers_new();
    buf_init(&bench->bytes, ENVELOPE_MAX);
    bench->input = (struct envelope_input){
        .item = pack_find(pack, "hotline-12345"),
        .answers = bench->answers,
        .case_id = "0123456789abcdef0123456789abcdef",
        .number = 7,
        .receipt = "310063270014",
        .lookup_code = "0815",
        .address = "AAAAAAAAAAAAAAAAAAAAAA",
        .assurance = "card",
        .language = LANGUAGE_EN,
        .wall_ms = clock_of_date(2026, 11, 23) + 50585 * 1000,
        .machine_key = machine,
        .office_key = key_public(office),
    };
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    answers_free(bench->answers);
    buf_done(&bench->bytes);
    mem_free(bench);
    return 0;
}

static void set(struct bench *bench, const char *name, const char *value,
                enum source source)
{
    assert_int_equal(answers_set(bench->answers, name, value, source), ERR_OK);
}

static void fill_hotline(struct bench *bench, const char *contact)
{
    set(bench, "kind", "complaint", SOURCE_CITIZEN);
    set(bench, "county", "later", SOURCE_LATER);
    set(bench, "description", "路灯坏了，\"很暗\"。", SOURCE_CITIZEN);
    set(bench, "contact_by", contact, SOURCE_CITIZEN);
    set(bench, "phone", "13812345678", SOURCE_CITIZEN);
    /* Left from the same person's last item. */
    set(bench, "card_name", "欧阳㼆昕", SOURCE_CARD);
    set(bench, "card_number", "411302195602290011", SOURCE_CARD);
    set(bench, "card_kind", "resident", SOURCE_CARD);
    set(bench, "age", "70", SOURCE_CARD);
}

static void make(struct bench *bench, struct envelope *envelope)
{
    buf_clear(&bench->bytes);
    assert_int_equal(envelope_make(&bench->input, &bench->bytes), ERR_OK);
    assert_int_equal(
        envelope_read(bench->bytes.text, bench->bytes.len, envelope), ERR_OK);
}

static json_t *open_body(const struct envelope *envelope)
{
    struct buf body;
    json_t *root;

    buf_init(&body, ENVELOPE_BODY_MAX);
    assert_int_equal(
        envelope_open(envelope, key_public(machine), office, &body), ERR_OK);
    root = json_loadb(body.text, body.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buf_done(&body);
    return root;
}

/* The text at a path of keys parted by dots. */
static const char *text_at(const json_t *root, const char *path)
{
    char key[64];

    while (*path) {
        size_t len = strcspn(path, ".");

        assert_true(len < sizeof key);
        memcpy(key, path, len);
        key[len] = '\0';
        root = json_object_get(root, key);
        path += len + (path[len] == '.');
    }
    return json_string_value(root);
}

static void test_header(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    char fingerprint[CRYPTO_HEX_DIGEST];
    json_t *header;

    fill_hotline(bench, "phone");
    make(bench, &envelope);
    assert_string_equal(envelope.case_id, bench->input.case_id);
    key_fingerprint(key_public(machine), fingerprint);
    assert_string_equal(envelope.machine, fingerprint);
    key_fingerprint(key_public(office), fingerprint);
    assert_string_equal(envelope.office_key, fingerprint);
    assert_string_equal(envelope.receipt, "310063270014");
    assert_string_equal(envelope.item, "hotline-12345");
    assert_string_equal(envelope.time, "2026-11-23T14:03:05+08:00");
    assert_string_equal(envelope.assurance, "card");
    assert_int_equal(envelope.number, 7);
    assert_int_equal(envelope.version, bench->input.item->version);
    header =
        json_loadb((const char *)envelope.header, envelope.header_len, 0, NULL);
    assert_int_equal(json_object_size(header), 14);
    assert_string_equal(text_at(header, "item_hash"), bench->input.item->hash);
    assert_string_equal(text_at(header, "notice_hash"), "");
    /* Keys are sorted: the bytes depend on nothing else. */
    assert_memory_equal(envelope.header, "{\"assurance\":", 13);
    json_decref(header);
}

static void test_body(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    json_t *body;

    fill_hotline(bench, "phone");
    set(bench, "township", "411302001", SOURCE_CITIZEN);
    make(bench, &envelope);
    body = open_body(&envelope);
    assert_string_equal(text_at(body, "receipt"), "310063270014");
    assert_string_equal(text_at(body, "lookup_code"), "0815");
    assert_string_equal(text_at(body, "address"), "AAAAAAAAAAAAAAAAAAAAAA");
    assert_string_equal(text_at(body, "language"), "en");
    assert_string_equal(text_at(body, "title.zh_CN"), "反映问题 12345");
    assert_string_equal(text_at(body, "unit.en"), "the 12345 hotline");
    assert_int_equal(strlen(text_at(body, "salt")), 32);
    assert_string_equal(text_at(body, "answers.kind.value"), "complaint");
    assert_string_equal(text_at(body, "answers.kind.source"), "citizen");
    assert_string_equal(text_at(body, "answers.kind.text.zh_CN"), "投诉");
    assert_string_equal(text_at(body, "answers.kind.label.en"),
                        "Kind of request");
    assert_string_equal(text_at(body, "answers.county.value"), "later");
    assert_string_equal(text_at(body, "answers.county.source"), "later");
    assert_string_equal(text_at(body, "answers.county.text.zh_CN"),
                        "不涉及地点");
    assert_string_equal(text_at(body, "answers.description.value"),
                        "路灯坏了，\"很暗\"。");
    assert_string_equal(text_at(body, "answers.phone.text.en"),
                        "138 1234 5678");
    /* Not of this item, or of a page that is not shown. */
    assert_null(text_at(body, "answers.township.value"));
    assert_null(text_at(body, "answers.age.value"));
    assert_int_equal(json_object_size(json_object_get(body, "answers")), 5);
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(body, "order"), 2)),
        "description");
    json_decref(body);
}

/* Codes that are known go to the office with the case. */
static void test_codes(void **state)
{
    struct bench *bench = *state;
    struct item item = *bench->input.item;
    struct envelope envelope;
    json_t *body;

    fill_hotline(bench, "phone");
    item.type = ITEM_TYPE_UNSAID;
    item.case_type = CASE_TYPE_UNSAID;
    item.audience = AUDIENCE_UNSAID;
    item.area = AREA_UNSAID;
    bench->input.item = &item;
    make(bench, &envelope);
    body = open_body(&envelope);
    assert_null(json_object_get(body, "codes"));
    assert_null(json_object_get(body, "type"));
    assert_null(json_object_get(body, "case_type"));
    assert_null(json_object_get(body, "audience"));
    assert_null(json_object_get(body, "area"));
    json_decref(body);
    item.catalogue_code = "370117002011";
    item.code = "11370800MB285591843370117002011";
    item.case_type = CASE_TYPE_PROMISED;
    item.type = ITEM_TYPE_CONFIRMATION;
    item.audience = AUDIENCE_LEGAL;
    item.area = AREA_T5;
    make(bench, &envelope);
    body = open_body(&envelope);
    assert_string_equal(text_at(body, "codes.catalogue"), "370117002011");
    assert_string_equal(text_at(body, "codes.implementation"),
                        "11370800MB285591843370117002011");
    assert_int_equal(json_object_size(json_object_get(body, "codes")), 2);
    assert_string_equal(text_at(body, "case_type"), "promised");
    assert_string_equal(text_at(body, "type"), "confirmation");
    assert_string_equal(text_at(body, "audience"), "legal person");
    assert_string_equal(text_at(body, "area"), "T5");
    json_decref(body);
}

static void test_anonymous(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    json_t *body;
    char *text;

    fill_hotline(bench, "anonymous");
    make(bench, &envelope);
    assert_true(envelope_is_anonymous(bench->input.item, bench->answers));
    assert_string_equal(envelope.time, "2026-11-23T14");
    assert_string_equal(envelope.assurance, "none");
    body = open_body(&envelope);
    text = json_dumps(body, 0);
    assert_null(strstr(text, "411302195602290011"));
    assert_null(strstr(text, "欧阳"));
    assert_null(strstr(text, "13812345678"));
    mem_free(text);
    json_decref(body);
    answers_forget(bench->answers, "contact_by");
    assert_false(envelope_is_anonymous(bench->input.item, bench->answers));
}

/* Nothing of a card goes along even where the item would need some of it. */
static void test_anonymous_with_a_card(void **state)
{
    struct bench *bench = *state;
    struct item item = *bench->input.item;
    struct envelope envelope;
    json_t *body;

    item.card_fields = pack_find(pack, "residence-permit")->card_fields;
    bench->input.item = &item;
    fill_hotline(bench, "anonymous");
    make(bench, &envelope);
    body = open_body(&envelope);
    assert_null(text_at(body, "answers.card_name.value"));
    assert_null(text_at(body, "answers.card_kind.value"));
    json_decref(body);
    fill_hotline(bench, "phone");
    make(bench, &envelope);
    body = open_body(&envelope);
    assert_string_equal(text_at(body, "answers.card_name.value"), "欧阳㼆昕");
    json_decref(body);
}

static void test_card_fields(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    json_t *body;

    bench->input.item = pack_find(pack, "residence-permit");
    assert_false(envelope_is_anonymous(bench->input.item, bench->answers));
    set(bench, "card_name", "欧阳㼆昕", SOURCE_CARD);
    set(bench, "card_sex", "female", SOURCE_CARD);
    set(bench, "card_kind", "resident", SOURCE_CARD);
    set(bench, "card_ethnic", "03", SOURCE_CARD);
    set(bench, "age", "70", SOURCE_CARD);
    make(bench, &envelope);
    body = open_body(&envelope);
    assert_string_equal(text_at(body, "answers.card_name.value"), "欧阳㼆昕");
    assert_string_equal(text_at(body, "answers.card_name.source"), "card");
    assert_string_equal(text_at(body, "answers.card_name.label.en"), "Name");
    assert_string_equal(text_at(body, "answers.card_sex.text.en"), "female");
    assert_string_equal(text_at(body, "answers.card_kind.text.en"),
                        "resident identity card");
    /* This item does not need it. */
    assert_null(text_at(body, "answers.card_ethnic.value"));
    assert_null(text_at(body, "answers.age.value"));
    json_decref(body);
}

/* The salt makes two envelopes of the same answers differ. */
static void test_digest_tells_nothing(void **state)
{
    struct bench *bench = *state;
    struct envelope first, second;

    fill_hotline(bench, "phone");
    make(bench, &first);
    make(bench, &second);
    assert_string_not_equal(first.digest, second.digest);
}

static void test_input_is_checked(void **state)
{
    struct bench *bench = *state;
    const struct envelope_input good = bench->input;

    bench->input.case_id = "0123456789ABCDEF0123456789ABCDEF";
    assert_int_equal(envelope_make(&bench->input, &bench->bytes),
                     ERR_BAD_INPUT);
    bench->input = good;
    bench->input.lookup_code = "81x5";
    assert_int_equal(envelope_make(&bench->input, &bench->bytes),
                     ERR_BAD_INPUT);
    bench->input = good;
    bench->input.address = "short";
    assert_int_equal(envelope_make(&bench->input, &bench->bytes),
                     ERR_BAD_INPUT);
    bench->input = good;
    set(bench, "description", "\xff\xfe", SOURCE_CITIZEN);
    assert_int_equal(envelope_make(&bench->input, &bench->bytes),
                     ERR_BAD_INPUT);
    assert_int_equal(bench->bytes.len, 0);
}

static void test_too_small_a_place(void **state)
{
    struct bench *bench = *state;
    struct buf small;

    fill_hotline(bench, "phone");
    buf_init(&small, 500);
    assert_int_equal(envelope_make(&bench->input, &small), ERR_TOO_BIG);
    assert_int_equal(small.len, 0);
    buf_done(&small);
}

static void test_wrong_keys(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    struct buf body;

    fill_hotline(bench, "phone");
    make(bench, &envelope);
    buf_init(&body, ENVELOPE_BODY_MAX);
    assert_int_equal(
        envelope_open(&envelope, key_public(other_machine), office, &body),
        ERR_REFUSED);
    assert_int_equal(
        envelope_open(&envelope, key_public(machine), other_office, &body),
        ERR_REFUSED);
    assert_int_equal(body.len, 0);
    buf_done(&body);
    buf_init(&body, 16);
    assert_int_equal(
        envelope_open(&envelope, key_public(machine), office, &body),
        ERR_TOO_BIG);
    assert_int_equal(body.len, 0);
    buf_done(&body);
}

/* Whichever byte is changed, it is not read or not opened. */
static void test_every_byte_counts(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    struct buf body;

    fill_hotline(bench, "anonymous");
    make(bench, &envelope);
    buf_init(&body, ENVELOPE_BODY_MAX);
    for (size_t i = 0; i < bench->bytes.len; i++) {
        bench->bytes.text[i] ^= 1;
        if (!envelope_read(bench->bytes.text, bench->bytes.len, &envelope))
            assert_int_not_equal(
                envelope_open(&envelope, key_public(machine), office, &body),
                ERR_OK);
        bench->bytes.text[i] ^= 1;
    }
    assert_int_equal(body.len, 0);
    buf_done(&body);
}

/* No beginning of one is one, and nothing behind the end is read: each copy is
 * of its exact length, for the sanitizer. */
static void test_every_length(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;

    fill_hotline(bench, "phone");
    make(bench, &envelope);
    for (size_t len = 0; len < bench->bytes.len; len++) {
        char *copy = mem_copy_bytes(bench->bytes.text, len);

        assert_int_equal(envelope_read(copy, len, &envelope), ERR_BAD_INPUT);
        mem_free(copy);
    }
    buf_add_char(&bench->bytes, 'x');
    assert_int_equal(
        envelope_read(bench->bytes.text, bench->bytes.len, &envelope),
        ERR_BAD_INPUT);
}

/* Seals and signs an opened envelope anew, with one header byte changed, as a
 * machine could that lies. */
static void forge(struct bench *bench, const struct envelope *good,
                  const char *change, const struct key *signer)
{
    size_t aad_len = (size_t)(good->enc - good->bytes);
    size_t at =
        (size_t)(strstr(bench->bytes.text + 5, change) - bench->bytes.text) +
        strlen(change);
    unsigned char enc[CRYPTO_ENC_BYTES], signature[CRYPTO_SIGNATURE_BYTES];
    unsigned char *sealed = mem_new(good->sealed_len);
    struct buf body, forged;

    buf_init(&body, ENVELOPE_BODY_MAX);
    buf_init(&forged, ENVELOPE_MAX);
    assert_int_equal(envelope_open(good, key_public(machine), office, &body),
                     ERR_OK);
    buf_add(&forged, good->bytes, aad_len);
    forged.text[at] = forged.text[at] == '1' ? '2' : '1';
    assert_int_equal(seal_to(key_public(office), "kiosk case 1", forged.text,
                             aad_len, body.text, body.len, enc, sealed),
                     ERR_OK);
    buf_add(&forged, enc, sizeof enc);
    buf_add(&forged, good->enc + sizeof enc, 4);
    buf_add(&forged, sealed, good->sealed_len);
    assert_int_equal(key_sign(signer, forged.text, forged.len, signature),
                     ERR_OK);
    buf_add(&forged, signature, sizeof signature);
    buf_clear(&bench->bytes);
    buf_add(&bench->bytes, forged.text, forged.len);
    mem_free(sealed);
    buf_done(&body);
    buf_done(&forged);
}

static enum err open_forged(struct bench *bench, const char *change)
{
    struct envelope envelope;
    struct buf body;
    enum err err;

    make(bench, &envelope);
    forge(bench, &envelope, change, machine);
    assert_int_equal(
        envelope_read(bench->bytes.text, bench->bytes.len, &envelope), ERR_OK);
    buf_init(&body, ENVELOPE_BODY_MAX);
    err = envelope_open(&envelope, key_public(machine), office, &body);
    assert_true(err == ERR_OK || body.len == 0);
    buf_done(&body);
    return err;
}

/* A good signature does not make a header true. */
static void test_lying_headers(void **state)
{
    struct bench *bench = *state;

    fill_hotline(bench, "phone");
    assert_int_equal(open_forged(bench, "\"digest\":\""), ERR_REFUSED);
    assert_int_equal(open_forged(bench, "\"machine\":\""), ERR_REFUSED);
    assert_int_equal(open_forged(bench, "\"office_key\":\""), ERR_REFUSED);
    /* And the forging itself is sound. */
    assert_int_equal(open_forged(bench, "\"case\":\""), ERR_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_header),
        TEST(test_body),
        TEST(test_codes),
        TEST(test_anonymous),
        TEST(test_anonymous_with_a_card),
        TEST(test_card_fields),
        TEST(test_digest_tells_nothing),
        TEST(test_input_is_checked),
        TEST(test_too_small_a_place),
        TEST(test_wrong_keys),
        TEST(test_every_byte_counts),
        TEST(test_every_length),
        TEST(test_lying_headers),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
