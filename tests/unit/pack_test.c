/* Compiled packs: what comes out is what went in, whatever is not whole is
 * refused with a sentence, and no member of an item can be forgotten. */
#define _GNU_SOURCE /* memmem */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/pack_fields.h"
#include "kiosk/flow/pack_form.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/walk.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 192, VERSION = 7 };

static struct pack *load_shipped(void)
{
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    assert_int_equal(err, ERR_OK);
    return pack;
}

static void compile(const struct pack *pack, int version, struct buf *out)
{
    struct pack_about about = { .version = version };

    buf_init(out, PACK_BYTES_MAX);
    assert_int_equal(pack_compile(pack, &about, out), ERR_OK);
    assert_int_equal(strlen(about.hash), PACK_HASH_CHARS);
}

static void compile_small(struct buf *out)
{
    struct pack *pack = item_load_silently("");

    compile(pack, VERSION, out);
    pack_free(pack);
}

/* ---- What comes out is what went in --------------------------------------- */

static void compare_text(const char *a, const char *b)
{
    assert_int_equal(!a, !b);
    if (a)
        assert_string_equal(a, b);
}

static void compare_words(const struct words *a, const struct words *b)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        compare_text(a->in[i], b->in[i]);
}

static void compare_rule(const struct rule *a, const struct rule *b)
{
    assert_int_equal(!a, !b);
    if (!a)
        return;
    assert_string_equal(a->text, b->text);
    assert_int_equal(a->known, b->known);
    assert_int_equal(a->is_value, b->is_value);
    for (size_t i = 0; i < a->known; i++) {
        assert_string_equal(a->names[i].name, b->names[i].name);
        assert_int_equal(a->names[i].kind, b->names[i].kind);
        assert_int_equal(a->names[i].element, b->names[i].element);
    }
    for (size_t i = 0; i < DIVISION_LISTS; i++)
        assert_int_equal(!a->divisions[i], !b->divisions[i]);
    assert_null(b->program); /* not before it is asked for */
    assert_non_null(item_rule_program(b));
    assert_ptr_equal(item_rule_program(b), b->program);
}

static void compare_list(const struct list *a, const struct list *b)
{
    assert_int_equal(!a, !b);
    if (!a)
        return;
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_string_equal(a->rows[i].value, b->rows[i].value);
        assert_string_equal(a->rows[i].parent, b->rows[i].parent);
        compare_words(&a->rows[i].text, &b->rows[i].text);
    }
}

static void compare_struct(enum place place, const void *a, const void *b);

static void compare_maps(const struct pack_field *field, const void *a,
                         const void *b)
{
    size_t *count_a = NULL, *count_b = NULL;
    size_t size = item_entry_size(field->inner, (void *)a, &count_a);
    const char *array_a =
        *(char *const *)(const void *)((const char *)a + field->offset);
    const char *array_b =
        *(char *const *)(const void *)((const char *)b + field->offset);

    (void)item_entry_size(field->inner, (void *)b, &count_b);
    assert_int_equal(*count_a, *count_b);
    for (size_t i = 0; i < *count_a; i++)
        compare_struct(field->inner, array_a + i * size, array_b + i * size);
}

static void compare_texts(const char *const *a, const char *const *b)
{
    size_t at = 0;

    assert_int_equal(!a, !b);
    for (; a && a[at]; at++)
        compare_text(a[at], b[at]);
    assert_true(!a || !b[at]);
}

static void compare_cells(const struct slip_cells *a,
                          const struct slip_cells *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        compare_words(&a->in[i], &b->in[i]);
}

static void compare_field(const struct pack_field *field, const void *a,
                          const void *b)
{
    const void *at_a = (const char *)a + field->offset;
    const void *at_b = (const char *)b + field->offset;

    switch (field->shape) {
    case SHAPE_TEXT:
        compare_text(*(const char *const *)at_a, *(const char *const *)at_b);
        break;
    case SHAPE_WORDS:
        compare_words(at_a, at_b);
        break;
    case SHAPE_RULE:
    case SHAPE_VALUE_RULE:
        compare_rule(*(struct rule *const *)at_a, *(struct rule *const *)at_b);
        break;
    case SHAPE_LIST:
        compare_list(*(const struct list *const *)at_a,
                     *(const struct list *const *)at_b);
        break;
    case SHAPE_TEXTS:
        compare_texts(*(const char *const *const *)at_a,
                      *(const char *const *const *)at_b);
        break;
    case SHAPE_WAYS:
        assert_int_equal(((const struct stop *)a)->way_count,
                         ((const struct stop *)b)->way_count);
        for (size_t i = 0; i < ((const struct stop *)a)->way_count; i++)
            compare_words(&((const struct stop *)a)->ways[i],
                          &((const struct stop *)b)->ways[i]);
        break;
    case SHAPE_MAPS:
        compare_maps(field, a, b);
        break;
    case SHAPE_CELLS:
        compare_cells(at_a, at_b);
        break;
    case SHAPE_BITS:
    case SHAPE_HEX:
    case SHAPE_NUMBER:
    case SHAPE_WORD:
    case SHAPE_SIZE:
    case SHAPE_BOOL:
        assert_memory_equal(at_a, at_b, pack_shape_bytes(field->shape));
        break;
    }
}

static void compare_struct(enum place place, const void *a, const void *b)
{
    const struct pack_fields *fields = pack_fields();

    for (size_t i = fields->first[place]; i < fields->end[place]; i++)
        compare_field(&fields->list[i], a, b);
}

static void compare_packs(const struct pack *a, const struct pack *b)
{
    assert_int_equal(pack_count(a), pack_count(b));
    for (size_t i = 0; i < pack_count(a); i++) {
        compare_struct(PLACE_ITEM, pack_item(a, i), pack_item(b, i));
        assert_ptr_equal(pack_find(b, pack_item(a, i)->id), pack_item(b, i));
    }
}

static void test_shipped_items(void **state)
{
    struct pack *pack = load_shipped(), *again = NULL;
    struct buf file;

    (void)state;
    compile(pack, VERSION, &file);
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    compare_packs(pack, again);
    assert_int_equal(pack_prove(again), PACK_FAULT_NONE);
    assert_int_equal(pack_about(again)->version, VERSION);
    assert_string_equal(pack_about(again)->program, KIOSK_VERSION);
    assert_int_equal(pack_about(pack)->version, 0);
    assert_string_equal(pack_about(pack)->hash, "");
    pack_free(again);
    pack_free(pack);
    buf_done(&file);
}

/* Every member that the good item has not: the same once more. */
static void test_rich_item(void **state)
{
    struct pack *pack = NULL, *again = NULL;
    struct problems problems;
    struct buf text, file;

    (void)state;
    buf_init(&text, 64 * 1024);
    const char *steps = strstr(item_good, "  - {id: review");
    buf_add(&text, item_good, (size_t)(steps - item_good));
    buf_add_text(&text,
                 "  - id: kin\n    screen: group\n    least: 1\n    most: 2\n"
                 "    when: kind == \"a\"\n"
                 "    label: {zh_CN: 亲, en: Kin}\n"
                 "    entry: {zh_CN: '第{n}位', en: 'No {n}'}\n    steps:\n"
                 "      - {id: at, screen: date_range, label: {zh_CN: 时, en: "
                 "At}}\n");
    buf_add_text(&text, steps);
    buf_add_text(&text, "type: benefit\ncase_type: promised\n"
                        "audience: both\narea: T6\ntheme: progress\n"
                        "elder: true\nkeywords: {zh_CN: 甲 乙, en: a b}\n"
                        "divisions: [\"411300\", \"411381\"]\n"
                        "legal_time: {days: 15, unverified: true}\n"
                        "fee: {text: {zh_CN: 不收费, en: Free}}\n"
                        "conditions: {grown: age >= 18}\n"
                        "slip:\n"
                        "  - {id: first, line: next, when: age > 6}\n"
                        "  - {fact: phone, on: [80mm, a4]}\n"
                        "  - {rule: line}\n"
                        "  - {text: {zh_CN: 甲, en: A}}\n"
                        "  - table:\n"
                        "      columns: [{zh_CN: 甲, en: A}, '{kind}']\n"
                        "      rows: [['1', '2'], {id: b, cells: ['3', '4'], "
                        "when: kind == \"b\"}]\n"
                        "  - {qr: '{kind}', label: {zh_CN: 甲, en: A}}\n");
    item_write("small.yaml", text.text);
    problems_init(&problems);
    assert_int_equal(pack_load(item_folder(), &problems, &pack), ERR_OK);
    compile(pack, VERSION, &file);
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    compare_packs(pack, again);
    pack_free(again);
    pack_free(pack);
    problems_done(&problems); /* with warnings only */
    buf_done(&file);
    buf_done(&text);
}

/* What goes with a question, and what is computed. */
static void test_what_is_asked(void **state)
{
    struct pack *pack = NULL, *again = NULL;
    struct answers *answers = answers_new();
    struct problems problems;
    struct buf file;

    (void)state;
    problems_init(&problems);
    assert_int_equal(pack_load_one("tests/tty/asked.yaml", &problems, &pack),
                     ERR_OK);
    problems_done(&problems);
    compile(pack, VERSION, &file);
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    compare_packs(pack, again);
    assert_int_equal(pack_prove(again), PACK_FAULT_NONE);
    assert_int_equal(answers_set(answers, "rooms", "11", SOURCE_CITIZEN),
                     ERR_OK);
    assert_int_equal(answers_set(answers, "speed", "fast", SOURCE_CITIZEN),
                     ERR_OK);
    assert_int_equal(computed_settle(pack_item(again, 0), answers), ERR_OK);
    assert_string_equal(answers_get(answers, "price"), "130.00");
    assert_string_equal(answers_get(answers, "desk"), "big");
    answers_free(answers);
    pack_free(again);
    pack_free(pack);
    buf_done(&file);
}

/* What is asked of other offices, and what of it the item uses. */
static void test_records(void **state)
{
    struct pack *pack = NULL, *again = NULL;
    struct answers *answers = answers_new();
    struct shared_samples samples;
    struct problems problems;
    struct buf file;

    (void)state;
    problems_init(&problems);
    assert_int_equal(pack_load_one("tests/tty/shared.yaml", &problems, &pack),
                     ERR_OK);
    problems_done(&problems);
    compile(pack, VERSION, &file);
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    compare_packs(pack, again);
    assert_int_equal(pack_prove(again), PACK_FAULT_NONE);
    const struct item *item = pack_item(again, 0);
    const struct step *step = item_step(item, "records");
    assert_int_equal(answers_set(answers, "card_number", "1", SOURCE_CARD),
                     ERR_OK);
    shared_sample(step, answers, &samples);
    assert_int_equal(shared_take(answers, item, step, samples.records), ERR_OK);
    assert_string_equal(answers_get(answers, "records"), SHARED_CAME);
    assert_non_null(answers_get(answers, "shared_household_address"));
    assert_null(answers_get(answers, "shared_household_head"));
    answers_free(answers);
    pack_free(again);
    pack_free(pack);
    buf_done(&file);
}

static void test_rules_decide(void **state)
{
    struct pack *pack = NULL;
    struct answers *answers = answers_new();
    struct buf file;

    (void)state;
    compile_small(&file);
    assert_int_equal(pack_read(file.text, file.len, &pack), PACK_FAULT_NONE);
    const struct step *phone = item_step(pack_item(pack, 0), "phone");
    assert_non_null(phone);
    assert_false(walk_shows(phone, answers));
    assert_int_equal(answers_set(answers, "kind", "b", SOURCE_CITIZEN), ERR_OK);
    assert_true(walk_shows(phone, answers));
    answers_free(answers);
    pack_free(pack);
    buf_done(&file);
}

/* The same items and version give the same bytes, so the same hash. */
static void test_same_bytes(void **state)
{
    struct buf first, second, other;

    (void)state;
    compile_small(&first);
    compile_small(&second);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.text, second.text, first.len);
    struct pack *pack = item_load_silently("");
    compile(pack, VERSION + 1, &other);
    assert_memory_not_equal(first.text + PACK_AT_HASH,
                            other.text + PACK_AT_HASH, CRYPTO_DIGEST_BYTES);
    pack_free(pack);
    buf_done(&first);
    buf_done(&second);
    buf_done(&other);
}

/* ---- What is not whole ---------------------------------------------------- */

/* In memory of exactly its size, so that a byte read behind it is seen. */
static enum pack_fault read_exactly(const char *bytes, size_t len,
                                    struct pack **ret_pack)
{
    char *copy = mem_copy_bytes(bytes, len);
    char *exact = mem_resize(copy, len + 1, len ? len : 1);
    enum pack_fault fault = pack_read(exact, len, ret_pack);

    if (fault)
        assert_string_not_equal(pack_fault_words(fault), "");
    else
        pack_free(*ret_pack);
    mem_free(exact);
    return fault;
}

static void test_every_byte_flipped(void **state)
{
    struct pack *pack = NULL;
    struct buf file;

    (void)state;
    compile_small(&file);
    for (size_t i = 0; i < file.len; i++)
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            file.text[i] = (char)(file.text[i] ^ bit);
            assert_int_not_equal(read_exactly(file.text, file.len, &pack),
                                 PACK_FAULT_NONE);
            file.text[i] = (char)(file.text[i] ^ bit);
        }
    assert_int_equal(read_exactly(file.text, file.len, &pack), PACK_FAULT_NONE);
    buf_done(&file);
}

static void test_every_length(void **state)
{
    struct pack *pack = NULL;
    struct buf file;

    (void)state;
    compile_small(&file);
    for (size_t len = 0; len < file.len; len++)
        assert_int_not_equal(read_exactly(file.text, len, &pack),
                             PACK_FAULT_NONE);
    buf_add_char(&file, '\0');
    assert_int_not_equal(read_exactly(file.text, file.len, &pack),
                         PACK_FAULT_NONE);
    buf_done(&file);
}

/* As one who can compute a hash would do it. */
static void seal(struct buf *file)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];

    digest_of(file->text + PACK_AT_HASHED, file->len - PACK_AT_HASHED, digest);
    memcpy(file->text + PACK_AT_HASH, digest, sizeof digest);
}

/* Behind a hash that fits every number is one that it should not be: refused,
 * or a pack that can be looked at whole. */
static void test_every_number_forged(void **state)
{
    static const uint32_t forged[] = { 0,      1,          2,         65,
                                       0xffff, 0x7fffffff, 0xffffffff };
    struct buf file;
    size_t refused = 0;

    (void)state;
    compile_small(&file);
    for (size_t at = PACK_AT_HASHED; at + 4 <= file.len; at += 4) {
        char kept[4];

        memcpy(kept, file.text + at, 4);
        for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
            struct pack *pack = NULL;

            memcpy(file.text + at, &forged[i], 4);
            seal(&file);
            if (pack_read(file.text, file.len, &pack)) {
                refused++;
            } else {
                (void)!pack_prove(pack);
                pack_free(pack);
            }
        }
        memcpy(file.text + at, kept, 4);
    }
    assert_true(refused > 100);
    buf_done(&file);
}

static void on_row(void *owner, const char *id, const char *label,
                   const char *text)
{
    *(size_t *)owner += strlen(id) + strlen(label) + strlen(text);
}

/* The same of an item that lays out its slip: what is read can be told. */
static void test_every_number_of_a_slip_forged(void **state)
{
    static const uint32_t forged[] = { 0, 1, 2, 7, 24, 65, 0xffffffff };
    struct answers *answers = answers_new();
    struct pack *pack = NULL;
    struct buf text, file;
    size_t told = 0;
    const struct walk_slip slip = { on_row, &told };

    (void)state;
    buf_init(&text, 64 * 1024);
    buf_add_text(&text, item_good);
    buf_add_text(&text,
                 "slip:\n  - {line: next}\n  - {fact: kind}\n"
                 "  - {text: {zh_CN: 甲, en: A}}\n"
                 "  - table: {columns: ['1', '{kind}'], rows: [['1', '2']]}\n"
                 "  - {qr: '{kind}', label: {zh_CN: 甲, en: A}}\n");
    item_write("small.yaml", text.text);
    pack = item_load_silently("");
    compile(pack, VERSION, &file);
    pack_free(pack);
    assert_int_equal(answers_set(answers, "kind", "a", SOURCE_CITIZEN), ERR_OK);
    for (size_t at = PACK_AT_HASHED; at + 4 <= file.len; at += 4) {
        char kept[4];

        memcpy(kept, file.text + at, 4);
        for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
            memcpy(file.text + at, &forged[i], 4);
            seal(&file);
            if (pack_read(file.text, file.len, &pack))
                continue;
            walk_slip(pack_item(pack, 0), answers, LANGUAGE_EN, &slip);
            pack_free(pack);
        }
        memcpy(file.text + at, kept, 4);
    }
    assert_true(told > 1000);
    answers_free(answers);
    buf_done(&file);
    buf_done(&text);
}

static void test_unproven(void **state)
{
    static const char *const screens[] = { "card", "choice", NULL };
    struct pack *pack = NULL;
    struct buf file;
    char *at;

    (void)state;
    compile_small(&file);
    /* A rule that is none, behind a hash that fits. */
    at = memmem(file.text, file.len, "age >= 18", 9);
    assert_non_null(at);
    memcpy(at, "age >= >=", 9);
    seal(&file);
    assert_int_equal(pack_read(file.text, file.len, &pack), PACK_FAULT_NONE);
    assert_int_equal(pack_prove(pack), PACK_FAULT_UNPROVEN);
    pack_free(pack);
    memcpy(at, "age >= 18", 9);
    at = memmem(file.text, file.len, "Small", 5);
    assert_non_null(at);
    at[1] = '\x1b';
    seal(&file);
    assert_int_equal(pack_read(file.text, file.len, &pack), PACK_FAULT_NONE);
    assert_int_equal(pack_prove(pack), PACK_FAULT_UNPROVEN);
    item_set_screens(screens);
    assert_int_equal(pack_prove(pack), PACK_FAULT_SCREEN);
    item_set_screens(NULL);
    pack_free(pack);
    buf_done(&file);
}

static void test_other_formats(void **state)
{
    struct pack *pack = NULL;
    struct buf file;

    (void)state;
    compile_small(&file);
    file.text[PACK_AT_FORMAT]++;
    assert_int_equal(pack_read(file.text, file.len, &pack), PACK_FAULT_FORMAT);
    file.text[PACK_AT_FORMAT]--;
    file.text[0] = 'k';
    assert_int_equal(pack_read(file.text, file.len, &pack), PACK_FAULT_NO_PACK);
    buf_done(&file);
}

/* ---- Another program's ---------------------------------------------------- */

/* Where the fields stand: the first text. */
static char *fields_of(struct buf *file)
{
    static const char first[] = "\0Aaid\t";
    char *at = memmem(file->text, file->len, first, sizeof first - 1);

    assert_non_null(at);
    return at + 1;
}

/* Read by what it says of itself: the same comes out. */
static void test_fields_are_read(void **state)
{
    struct pack *pack = load_shipped(), *again = NULL;
    struct buf file;

    (void)state;
    compile(pack, VERSION, &file);
    file.text[PACK_AT_FIELDS]++;
    seal(&file);
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    compare_packs(pack, again);
    pack_free(again);
    pack_free(pack);
    buf_done(&file);
}

/* As an older program wrote it, which had no "hint" yet and fewer types. */
static void test_older_programs(void **state)
{
    struct pack_fields *fields = (struct pack_fields *)pack_fields();
    struct pack_fields *kept = mem_new(sizeof *kept);
    struct pack *pack = load_shipped(), *again = NULL;
    struct buf file;

    (void)state;
    *kept = *fields;
    size_t at = fields->first[PLACE_STEP];
    while (strcmp(fields->list[at].name, "hint") != 0)
        at++;
    fields->list[at] = fields->list[fields->first[PLACE_STEP]]; /* id */
    fields->list[fields->first[PLACE_STEP]] = kept->list[at - 1];
    fields->list[at - 1] = fields->list[at];
    fields->list[at] = kept->list[fields->end[PLACE_STEP] - 1];
    fields->end[PLACE_STEP]--;
    for (size_t i = 0; i < fields->count; i++)
        if (fields->list[i].words &&
            strcmp(fields->list[i].words, "mobile|text|receipt|code") == 0)
            fields->list[i].words = "mobile|text|receipt";
    compile(pack, VERSION, &file);
    *fields = *kept;
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    const struct item *item = pack_find(again, "residence-permit");
    const struct item *whole = pack_find(pack, "residence-permit");
    assert_int_equal(item->step_count, whole->step_count);
    for (size_t i = 0; i < item->step_count; i++) {
        compare_text(item->steps[i].id, whole->steps[i].id);
        compare_words(&item->steps[i].ask, &whole->steps[i].ask);
        assert_null(item->steps[i].hint.in[0]);
        assert_int_equal(item->steps[i].type, whole->steps[i].type);
    }
    assert_int_equal(pack_prove(again), PACK_FAULT_NONE);
    pack_free(again);
    pack_free(pack);
    mem_free(kept);
    buf_done(&file);
}

/* A field that is not known here, one that stands there twice, no list. */
static void test_newer_programs(void **state)
{
    static const struct {
        const char *from, *to;
    } changes[] = {
        { "\nBchint\t", "\nBcHINT\t" },         { "\nBchint\t", "\nBctext\t" },
        { "\nBchint\t", "\nBxhint\t" },         { "\nBchint\t", "\nAchint\t" },
        { "\nBchint\t", "\nZchint\t" },         { "\nBchint\t", "\nBchint\n" },
        { "no|wished|must", "no|must|wished" },
    };
    struct pack *pack = NULL;
    struct buf file;

    (void)state;
    compile_small(&file);
    file.text[PACK_AT_FIELDS]++;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        size_t len = strlen(changes[i].from);
        char *at = strstr(fields_of(&file), changes[i].from);

        assert_non_null(at);
        assert_int_equal(strlen(changes[i].to), len);
        memcpy(at, changes[i].to, len);
        seal(&file);
        assert_int_equal(pack_read(file.text, file.len, &pack),
                         PACK_FAULT_FORMAT);
        memcpy(at, changes[i].from, len);
    }
    seal(&file);
    assert_int_equal(pack_read(file.text, file.len, &pack), PACK_FAULT_NONE);
    pack_free(pack);
    buf_done(&file);
}

/* ---- The file ------------------------------------------------------------- */

static void test_whose_file(void **state)
{
    char path[PATH_BYTES], other[PATH_BYTES + 8];
    struct pack *pack = NULL;
    struct buf file;

    (void)state;
    compile_small(&file);
    snprintf(path, sizeof path, "%s/small.pack", item_folder());
    assert_int_equal(pack_open(path, true, &pack), PACK_FAULT_MISSING);
    assert_int_equal(file_replace(path, file.text, file.len, 0600), ERR_OK);
    assert_int_equal(pack_open(path, true, &pack), PACK_FAULT_NONE);
    pack_free(pack);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(pack_open(path, true, &pack), PACK_FAULT_EXPOSED);
    assert_int_equal(pack_open(path, false, &pack), PACK_FAULT_NONE);
    pack_free(pack);
    assert_int_equal(chmod(path, 0600), 0);
    snprintf(other, sizeof other, "%s.link", path);
    assert_int_equal(symlink(path, other), 0);
    assert_int_equal(pack_open(other, true, &pack), PACK_FAULT_EXPOSED);
    assert_int_equal(file_remove(other), ERR_OK);
    assert_int_equal(file_remove(path), ERR_OK);
    buf_done(&file);
}

static void test_whose_division(void **state)
{
    struct pack_about any = { .division = "" }, one = { .division = "411381" };

    (void)state;
    assert_true(pack_fits_division(&any, ""));
    assert_true(pack_fits_division(&any, "411381"));
    assert_true(pack_fits_division(&one, "411381"));
    assert_false(pack_fits_division(&one, "411300"));
    assert_false(pack_fits_division(&one, ""));
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_shipped_items),
        TEST(test_rich_item),
        TEST(test_what_is_asked),
        TEST(test_records),
        TEST(test_rules_decide),
        TEST(test_same_bytes),
        TEST(test_every_byte_flipped),
        TEST(test_every_length),
        TEST(test_every_number_forged),
        TEST(test_every_number_of_a_slip_forged),
        TEST(test_unproven),
        TEST(test_other_formats),
        TEST(test_fields_are_read),
        TEST(test_older_programs),
        TEST(test_newer_programs),
        TEST(test_whose_file),
        TEST(test_whose_division),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
