/* Every shipped item is walked: answers in, pages out, an envelope out and
 * opened again.  The two first items also answer by answer, as written down in
 * items.md; all of them along every way there is. */
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
#include "kiosk/base/text.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/field.h"

static char folder[64];
static struct pack *pack;
static struct key *machine, *office;

static int load(void **state)
{
    struct problems problems;
    char path[128];
    enum err err;

    (void)state;
    problems_init(&problems);
    err = pack_load("screens/items", &problems, &pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    if (err || file_make_temporary(folder, sizeof folder))
        return -1;
    snprintf(path, sizeof path, "%s/machine", folder);
    err = key_open(path, KEY_SIGN, true, &machine);
    snprintf(path, sizeof path, "%s/office", folder);
    return err || key_open(path, KEY_OPEN, true, &office) ? -1 : 0;
}

static int unload(void **state)
{
    (void)state;
    key_close(machine);
    key_close(office);
    pack_free(pack);
    return file_remove_tree(folder) ? -1 : 0;
}

static const struct card citizen = {
    .kind = CARD_RESIDENT,
    .name = "欧阳㼆昕",
    .sex = "female",
    .ethnic = "03",
    .birth = "19560229",
    .address = "河南省南阳市卧龙区某某路3号",
    .number = "411302195602290011",
    .authority = "南阳市公安局",
    .valid_from = "20110704",
    .valid_to = "long-term",
};

static int64_t today(void)
{
    return clock_of_date(2026, 11, 23) + 50400000;
}

/* Sends what was answered and gives what the office reads. */
static json_t *send_case(const struct item *item, struct answers *answers,
                         struct envelope *ret_envelope, struct buf *bytes)
{
    const struct envelope_input input = {
        .item = item,
        .answers = answers,
        .case_id = "0123456789abcdef0123456789abcdef",
        .number = 1,
        .receipt = "310063270014",
        .lookup_code = "4711",
        .address = "BBBBBBBBBBBBBBBBBBBBBB",
        .assurance = item->card_fields[0] ? "card" : "none",
        .language = LANGUAGE_ZH_CN,
        .wall_ms = today(),
        .machine_key = machine,
        .office_key = key_public(office),
    };
    struct buf body;
    json_t *root;

    assert_int_equal(envelope_make(&input, bytes), ERR_OK);
    assert_int_equal(envelope_read(bytes->text, bytes->len, ret_envelope),
                     ERR_OK);
    assert_string_equal(ret_envelope->item, item->id);
    buf_init(&body, ENVELOPE_BODY_MAX);
    assert_int_equal(
        envelope_open(ret_envelope, key_public(machine), office, &body),
        ERR_OK);
    root = json_loadb(body.text, body.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buf_done(&body);
    return root;
}

/* One page and what is done there: a value is chosen or typed, "later" is the
 * way round, NULL goes on. */
struct stop_by {
    const char *step;
    const char *does;
};

/* Walks the pages one by one; each must be the one expected. */
static void walk(const struct item *item, struct answers *answers,
                 const struct stop_by *way)
{
    int at = -1;

    for (; way->step; way++) {
        const struct step *step;

        at = walk_next(item, answers, at);
        assert_true(at < (int)item->step_count);
        step = &item->steps[at];
        assert_string_equal(step->id, way->step);
        if (strcmp(step->screen, "card") == 0)
            assert_int_equal(
                answers_take_card(answers, item, &citizen, today()), ERR_OK);
        else if (step->answer)
            assert_int_equal(answers_set(answers, step->answer, way->does,
                                         strcmp(way->does, "later") == 0
                                             ? SOURCE_LATER
                                             : SOURCE_CITIZEN),
                             ERR_OK);
        assert_null(walk_stop(step, answers));
        assert_int_equal(walk_drop(item, answers), 0);
    }
    assert_int_equal(walk_next(item, answers, at), (int)item->step_count);
}

static const char *answer_text(const json_t *body, const char *name,
                               const char *language)
{
    const json_t *entry =
        json_object_get(json_object_get(body, "answers"), name);

    return json_string_value(
        json_object_get(json_object_get(entry, "text"), language));
}

static void expect_line(const struct item *item, const char *id,
                        const struct answers *answers, bool is_there,
                        const char *zh)
{
    const struct step *result = item_step(item, "result");
    struct buf text;

    for (size_t i = 0; i < result->line_count; i++) {
        if (strcmp(result->lines[i].id, id) != 0)
            continue;
        assert_int_equal(walk_is_true(result->lines[i].when, answers),
                         is_there);
        buf_init(&text, 4096);
        walk_fill(item, &result->lines[i].text, answers, LANGUAGE_ZH_CN, &text);
        if (zh)
            assert_string_equal(text.text, zh);
        buf_done(&text);
        return;
    }
    fail_msg("no line %s", id);
}

static void test_residence_permit(void **state)
{
    static const struct stop_by way[] = {
        { "guide", NULL },
        { "registered", "unsure" },
        { "card", NULL },
        { "county", "411303" },
        { "township", "411303002" },
        { "street", "later" },
        { "ground", "work" },
        { "home_proof", "lease" },
        { "ground_proof", "contract" },
        { "phone", "13812345678" },
        { "review", NULL },
        { "declare", NULL },
        { "send", NULL },
        { "result", NULL },
        { NULL, NULL },
    };
    const struct item *item = pack_find(pack, "residence-permit");
    struct answers *answers = answers_new();
    struct envelope envelope;
    struct buf bytes;
    json_t *body;

    (void)state;
    walk(item, answers, way);
    buf_init(&bytes, ENVELOPE_MAX);
    body = send_case(item, answers, &envelope, &bytes);
    assert_string_equal(envelope.assurance, "card");
    assert_string_equal(envelope.time, "2026-11-23T14:00:00+08:00");
    assert_string_equal(answer_text(body, "township", "en"),
                        "Qiyi Subdistrict");
    assert_string_equal(answer_text(body, "street", "zh_CN"),
                        "不会打字，到派出所再补");
    assert_string_equal(answer_text(body, "card_name", "zh_CN"), "欧阳㼆昕");
    assert_string_equal(answer_text(body, "card_number", "zh_CN"),
                        "411302195602290011");
    assert_null(answer_text(body, "card_authority", "zh_CN"));
    json_decref(body);
    buf_done(&bytes);
    expect_line(item, "next", answers, true,
                "请带下面的原件，到卧龙区七一街道居住地所属派出所。"
                "核对以后才算受理。");
    expect_line(item, "paper_lease", answers, true, NULL);
    expect_line(item, "paper_deed", answers, false, NULL);
    expect_line(item, "paper_ground", answers, true, "劳动合同");
    expect_line(item, "add_street", answers, true, NULL);
    expect_line(item, "typed", answers, false, NULL);
    answers_free(answers);
}

static void test_hotline_with_a_name(void **state)
{
    static const struct stop_by way[] = {
        { "guide", NULL },          { "kind", "help" },
        { "topic", "other" },       { "county", "411381" },
        { "township", "later" },    { "landmark", "later" },
        { "description", "later" }, { "contact_by", "phone" },
        { "phone", "13812345678" }, { "disclose", "no" },
        { "review", NULL },         { "send", NULL },
        { "result", NULL },         { NULL, NULL },
    };
    const struct item *item = pack_find(pack, "hotline-12345");
    struct answers *answers = answers_new();
    struct envelope envelope;
    struct buf bytes;
    json_t *body;

    (void)state;
    walk(item, answers, way);
    buf_init(&bytes, ENVELOPE_MAX);
    body = send_case(item, answers, &envelope, &bytes);
    assert_string_equal(answer_text(body, "description", "zh_CN"),
                        "不会打字，请 12345 打电话问我");
    assert_string_equal(answer_text(body, "disclose", "zh_CN"),
                        "不可以，由12345转达");
    json_decref(body);
    buf_done(&bytes);
    expect_line(item, "call", answers, true, NULL);
    expect_line(item, "anonymous", answers, false, NULL);
    answers_free(answers);
}

static void test_hotline_anonymous(void **state)
{
    static const struct stop_by way[] = {
        { "guide", NULL },
        { "kind", "report" },
        { "topic", "waste" },
        { "county", "later" },
        { "description", "某处有垃圾。" },
        { "contact_by", "anonymous" },
        { "review", NULL },
        { "send", NULL },
        { "result", NULL },
        { NULL, NULL },
    };
    const struct item *item = pack_find(pack, "hotline-12345");
    struct answers *answers = answers_new();
    struct envelope envelope;
    struct buf bytes;
    json_t *body;

    (void)state;
    walk(item, answers, way);
    buf_init(&bytes, ENVELOPE_MAX);
    body = send_case(item, answers, &envelope, &bytes);
    assert_string_equal(envelope.time, "2026-11-23T14");
    assert_string_equal(envelope.assurance, "none");
    assert_int_equal(json_object_size(json_object_get(body, "answers")), 5);
    json_decref(body);
    buf_done(&bytes);
    expect_line(item, "anonymous", answers, true, NULL);
    expect_line(item, "call", answers, false, NULL);
    answers_free(answers);
}

/* What the office found, and what it did not. */
static const char *const of_office[] = { "code", "none" };

static bool is_of_office(const struct step *step)
{
    return strcmp(step->screen, "check") == 0 ||
           strcmp(step->screen, "certificate") == 0;
}

/* What a choice or field may be answered with; NULL: no more.  Of a list the
 * first and the last row will do. */
static const char *nth_answer(const struct step *step,
                              const struct answers *answers, size_t n)
{
    size_t count = walk_option_count(step, answers);
    const struct words *text;
    const char *value;

    if (is_of_office(step))
        return n < 2 ? of_office[n] : NULL;
    if (strcmp(step->screen, "field") == 0)
        count = 1;
    else if (step->list && count > 2)
        count = 2;
    if (n == count)
        return step->way.in[LANGUAGE_EN] ? "later" : NULL;
    if (n > count)
        return NULL;
    if (strcmp(step->screen, "field") == 0)
        return field_kind(step->type)->sample;
    if (step->list && n == 1)
        n = walk_option_count(step, answers) - 1;
    walk_option(step, answers, n, &value, &text, NULL);
    assert_true(text->in[LANGUAGE_ZH_CN] && text->in[LANGUAGE_EN]);
    return value;
}

/* Every way from the step after `from`; how many reach the end.  A page where
 * nothing can be answered is a dead end. */
static size_t walk_all(const struct item *item, struct answers *answers,
                       int from)
{
    int at = walk_next(item, answers, from);
    const struct step *step;
    const char *value;
    size_t ends = 0;
    int place, count;

    if (at == (int)item->step_count)
        return 1;
    step = &item->steps[at];
    if (!step->answer)
        return walk_all(item, answers, at);
    walk_place(item, answers, at, &place, &count);
    assert_true(is_of_office(step) ? place == 0 : place >= 1 && place <= count);
    assert_non_null(nth_answer(step, answers, 0));
    for (size_t n = 0; (value = nth_answer(step, answers, n)); n++) {
        assert_int_equal(answers_set(answers, step->answer, value,
                                     strcmp(value, "later") == 0
                                         ? SOURCE_LATER
                                         : SOURCE_CITIZEN),
                         ERR_OK);
        if (walk_stop(step, answers))
            continue;
        ends += walk_all(item, answers, at);
    }
    answers_forget(answers, step->answer);
    return ends;
}

/* Without what the checker knows, of items of plain questions; of all of them it
 * walks every way itself (kiosk/flow/item_explore.c). */
static void test_no_dead_ends(void **state)
{
    static const char *const plain[] = { "si-insured-proof", "residence-permit",
                                         "hotline-12345", "case-progress" };
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        const struct item *item = pack_find(pack, plain[i]);
        struct answers *answers = answers_new();

        assert_int_equal(answers_take_card(answers, item, &citizen, today()),
                         ERR_OK);
        assert_true(walk_all(item, answers, -1) > 0);
        answers_free(answers);
    }
}

static bool is_chinese(uint32_t c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3001 && c <= 0x301f) ||
           (c >= 0xff01 && c <= 0xff5e);
}

/* Punctuation beside Chinese is full width. */
static void check_chinese(const struct words *words)
{
    const char *at = words->in[LANGUAGE_ZH_CN];
    uint32_t before = 0;

    if (!at)
        return;
    for (uint32_t c; (c = text_next(&at)) != 0; before = c)
        if ((c < 0x80 && strchr(",.;:?!()\"'", (int)c) && is_chinese(before)) ||
            (before && before < 0x80 && strchr(",.;:?!()\"'", (int)before) &&
             is_chinese(c)))
            fail_msg("half-width punctuation: %s", words->in[LANGUAGE_ZH_CN]);
}

static void check_step(const struct step *step)
{
    check_chinese(&step->ask);
    check_chinese(&step->hint);
    check_chinese(&step->why);
    check_chinese(&step->label);
    check_chinese(&step->way);
    check_chinese(&step->text);
    for (size_t i = 0; i < step->option_count; i++) {
        check_chinese(&step->options[i].text);
        check_chinese(&step->options[i].note);
    }
    for (size_t i = 0; i < step->line_count; i++) {
        check_chinese(&step->lines[i].label);
        check_chinese(&step->lines[i].text);
    }
    for (size_t i = 0; i < step->stop_count; i++) {
        check_chinese(&step->stops[i].reason);
        check_chinese(&step->stops[i].done);
        for (size_t j = 0; j < step->stops[i].way_count; j++)
            check_chinese(&step->stops[i].ways[j]);
    }
}

static void test_punctuation(void **state)
{
    (void)state;
    for (size_t i = 0; i < pack_count(pack); i++) {
        const struct item *item = pack_item(pack, i);

        check_chinese(&item->title);
        check_chinese(&item->summary);
        check_chinese(&item->bring);
        check_chinese(&item->notice);
        for (size_t j = 0; j < item->step_count; j++)
            check_step(&item->steps[j]);
    }
}

static void test_lists(void **state)
{
    const struct step *county =
        item_step(pack_find(pack, "residence-permit"), "county");
    const struct step *township =
        item_step(pack_find(pack, "residence-permit"), "township");

    (void)state;
    assert_int_equal(county->list->count, 15);
    assert_string_equal(county->list->rows[13].text.in[LANGUAGE_ZH_CN],
                        "高新区");
    assert_string_equal(county->list->rows[14].text.in[LANGUAGE_ZH_CN],
                        "城乡一体化示范区");
    assert_int_equal(township->list->count, 246);
    assert_ptr_equal(
        county->list,
        item_step(pack_find(pack, "hotline-12345"), "county")->list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_residence_permit),
        cmocka_unit_test(test_hotline_with_a_name),
        cmocka_unit_test(test_hotline_anonymous),
        cmocka_unit_test(test_no_dead_ends),
        cmocka_unit_test(test_punctuation),
        cmocka_unit_test(test_lists),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
