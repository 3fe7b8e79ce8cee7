/* A second person with their own card, by the item that tests/tty walks: what
 * is kept of whom, what rules see, what falls away, what is compiled, and what
 * the hub makes of it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope_body.h"
#include "kiosk/flow/item_reach.h"
#include "kiosk/flow/judge.h"
#include "kiosk/flow/pack.h"
#include "kiosk/flow/person.h"
#include "kiosk/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN    "410102198805170033"
#define SPOUSE "410103199001010027"
#define CHILD  "410103201803070048"

enum { BODY_BYTES = 64 * 1024, FILE_BYTES = 256 * 1024, ITEM_TEST_STEPS = 16 };

static struct pack *pack;
static const struct item *item;
static struct answers *answers;
static int64_t now_ms;

static const struct step *at(const char *id)
{
    const struct step *step = item_step(item, id);

    assert_non_null(step);
    return step;
}

static enum err take_on(const struct step *step, const char *name,
                        const char *number, int64_t wall_ms)
{
    struct card card = { .kind = CARD_RESIDENT,
                         .address = "某路一号",
                         .valid_to = "long-term" };

    snprintf(card.name, sizeof card.name, "%s", name);
    snprintf(card.number, sizeof card.number, "%s", number);
    snprintf(card.birth, sizeof card.birth, "%.8s", number + 6);
    return person_take_card(answers, item, step, &card, wall_ms);
}

static void take(const char *id, const char *name, const char *number)
{
    assert_int_equal(take_on(at(id), name, number, now_ms), ERR_OK);
}

static void is(const char *name, const char *value)
{
    const char *held = answers_get(answers, name);

    if (!value) {
        assert_null(held);
        return;
    }
    assert_non_null(held);
    assert_string_equal(held, value);
}

static void give(const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

/* A family of three, as the terminal has it before it is sent. */
static void take_family(void)
{
    take("card", "张三丰", OWN);
    take("spouse", "李四娘", SPOUSE);
    give("who", "child");
    take("child_card", "张小四", CHILD);
    give("school", "here");
}

static int begin(void **state)
{
    (void)state;
    now_ms = clock_of_date(2026, 11, 23) + 10 * 60 * 60 * 1000;
    answers = answers_new();
    answers_begin(answers, now_ms);
    return 0;
}

static int end(void **state)
{
    (void)state;
    answers_wipe(answers);
    answers_free(answers);
    return 0;
}

/* ---- What is kept --------------------------------------------------------- */

static void test_only_its_fields(void **state)
{
    (void)state;
    take("spouse", "李四娘", SPOUSE);
    is("spouse_name", "李四娘");
    is("spouse_number", SPOUSE);
    is("spouse_birth", "19900101");
    is("spouse_kind", "resident");
    is("spouse_age", "36");
    is("spouse_address", NULL);
    is("card_number", NULL);
    is("age", NULL);
    assert_int_equal(answers_count(answers), 5);
    assert_int_equal(person_source(at("spouse"), answers, "age"), SOURCE_CARD);
}

static void test_typed_takes_the_place(void **state)
{
    (void)state;
    take("card", "张三丰", OWN);
    take("spouse", "李四娘", SPOUSE);
    assert_int_equal(person_take_number(answers, at("spouse"), CHILD, now_ms),
                     ERR_OK);
    is("spouse_name", NULL);
    is("spouse_birth", NULL);
    is("spouse_number", CHILD);
    is("spouse_age", "8");
    is("card_name", "张三丰");
    assert_int_equal(person_source(at("spouse"), answers, "number"),
                     SOURCE_CITIZEN);
    person_forget(answers, at("spouse"));
    is("spouse_number", NULL);
    is("spouse_age", NULL);
    is("card_number", OWN);
}

static void test_nobody_twice(void **state)
{
    (void)state;
    take("card", "张三丰", OWN);
    assert_ptr_equal(person_with_number(item, answers, at("spouse"), OWN),
                     at("card"));
    assert_null(person_with_number(item, answers, at("card"), OWN));
    take("spouse", "李四娘", SPOUSE);
    assert_ptr_equal(
        person_with_number(item, answers, at("child_card"), SPOUSE),
        at("spouse"));
    assert_null(person_with_number(item, answers, at("child_card"), CHILD));
}

/* Nor by a number that is typed into a field. */
static void test_nobody_typed_twice(void **state)
{
    const struct step field = { .id = "other",
                                .screen = "field",
                                .answer = "other",
                                .type = FIELD_TYPE_ID_NUMBER,
                                .is_another_person = true };

    (void)state;
    take_family();
    assert_non_null(walk_clash(item, &field, answers, OWN, true));
    assert_non_null(walk_clash(item, &field, answers, SPOUSE, true));
    person_forget(answers, at("spouse"));
    assert_null(walk_clash(item, &field, answers, SPOUSE, true));
}

static void test_whose_answer(void **state)
{
    const char *field = NULL;

    (void)state;
    assert_ptr_equal(person_of(item, "spouse_birth", &field), at("spouse"));
    assert_string_equal(field, "birth");
    assert_ptr_equal(person_of(item, "child_age", NULL), at("child_card"));
    assert_null(person_of(item, "child_birth", NULL)); /* it is not kept */
    assert_null(person_of(item, "card_number", NULL));
    assert_null(person_of(item, "spouse", NULL));
    assert_null(person_of(item, "spouse_job", NULL));
}

/* ---- The walk ------------------------------------------------------------ */

static void test_rules_see_them(void **state)
{
    (void)state;
    take("spouse", "李四娘", "410103200701010023");
    assert_non_null(walk_stop(at("spouse"), answers));
    take("spouse", "李四娘", SPOUSE);
    assert_null(walk_stop(at("spouse"), answers));
    assert_false(walk_shows(at("school"), answers));
    take_family();
    assert_true(walk_shows(at("school"), answers));
}

static void test_missing_is_asked(void **state)
{
    int review = (int)(at("review") - item->steps);

    (void)state;
    take_family();
    assert_int_equal(walk_resume(item, answers, review), review);
    person_forget(answers, at("spouse"));
    assert_int_equal(walk_resume(item, answers, review), 1);
}

/* Nobody is kept whose card is not asked for any more, and it is told first. */
static void test_falls_away(void **state)
{
    struct walk_falls falls;

    (void)state;
    take_family();
    assert_int_equal(
        walk_would_drop(item, answers, "who", "couple", SOURCE_CITIZEN, &falls),
        ERR_OK);
    assert_int_equal(falls.count, 2);
    assert_ptr_equal(falls.list[0].step, at("child_card"));
    assert_false(falls.list[0].is_asked_again);
    assert_ptr_equal(falls.list[1].step, at("school"));
    is("child_name", "张小四");
    give("who", "couple");
    assert_int_equal(walk_drop(item, answers), 2);
    is("child_name", NULL);
    is("child_number", NULL);
    is("child_age", NULL);
    is("child_kind", NULL);
    is("spouse_number", SPOUSE);
}

static void test_why(void **state)
{
    struct walk_cause causes[WALK_CAUSES_MAX];

    (void)state;
    take_family();
    assert_int_equal(walk_causes(item, at("school"), answers, causes), 2);
    assert_string_equal(causes[0].name, "who");
    assert_string_equal(causes[1].name, "child_age");
    assert_ptr_equal(causes[1].step, at("child_card"));
}

/* ---- The session ---------------------------------------------------------- */

static bool tells(const struct held *held, const char *id, const char *value)
{
    for (size_t i = 0; i < held->count; i++)
        if (strcmp(held->rows[i].id, id) == 0)
            return strcmp(held->rows[i].value, value) == 0;
    return false;
}

static void test_session(void **state)
{
    struct answers *kept = answers;
    struct session session;
    struct held held;

    (void)state;
    session_init(&session);
    session_begin(&session, LANGUAGE_EN);
    session_start_item(&session, item);
    answers = session.answers;
    take("card", "张三丰", OWN);
    session.assurance = ASSURANCE_CARD;
    assert_false(session_has_unsent(&session));
    take("spouse", "李四娘", SPOUSE);
    assert_true(session_has_unsent(&session));
    session_tell(&session, &held);
    assert_true(tells(&held, "held.spouse.name", "李四娘"));
    assert_true(tells(&held, "held.spouse.number", SPOUSE));
    assert_true(tells(&held, "held.spouse.card", "date of birth"));
    /* Another matter of the same person. */
    session_start_item(&session, item);
    is("spouse_name", NULL);
    is("spouse_number", NULL);
    is("spouse_age", NULL);
    is("card_number", OWN);
    is("age", "38");
    assert_int_equal(session.assurance, ASSURANCE_CARD);
    take("spouse", "李四娘", SPOUSE);
    session_wipe(&session);
    assert_int_equal(answers_count(session.answers), 0);
    session_done(&session);
    answers = kept;
}

/* ---- Preview -------------------------------------------------------------- */

/* Everybody who is made up is somebody else. */
static void test_made_up(void **state)
{
    int review = (int)(at("review") - item->steps);

    (void)state;
    assert_true(item_reach(item, review, now_ms, answers));
    const char *own = answers_get(answers, "card_number");
    const char *spouse = answers_get(answers, "spouse_number");
    assert_non_null(own);
    assert_non_null(spouse);
    assert_string_not_equal(own, spouse);
    /* What was read by hand stays. */
    take("spouse", "李四娘", SPOUSE);
    assert_true(item_reach(item, review, now_ms, answers));
    is("spouse_number", SPOUSE);
    assert_int_equal(item_keep_fitting(item, item, answers), 0);
    is("spouse_number", SPOUSE);
}

static void test_kept_while_it_fits(void **state)
{
    static const char *const other[] = { "name", "number", NULL };
    struct step steps[ITEM_TEST_STEPS];
    struct item after = *item;

    (void)state;
    assert_true(item->step_count <= ITEM_TEST_STEPS);
    memcpy(steps, item->steps, item->step_count * sizeof *steps);
    after.steps = steps;
    take_family();
    steps[1].fields = (const char **)other;
    assert_int_equal(item_keep_fitting(item, &after, answers), 1);
    is("spouse_number", NULL);
    is("child_number", CHILD);
}

/* ---- Compiled ------------------------------------------------------------- */

static void test_compiled(void **state)
{
    struct pack_about about = { .version = 1 };
    struct pack *again = NULL;
    struct buf file;

    (void)state;
    buf_init(&file, FILE_BYTES);
    assert_int_equal(pack_compile(pack, &about, &file), ERR_OK);
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    assert_int_equal(pack_prove(again), PACK_FAULT_NONE);
    const struct step *step = &pack_item(again, 0)->steps[1];
    assert_string_equal(step->person, "spouse");
    assert_string_equal(step->role.in[LANGUAGE_EN], "your spouse");
    assert_string_equal(step->fields[2], "birth");
    assert_null(step->fields[3]);
    take("spouse", "李四娘", "410103200701010023");
    assert_non_null(walk_stop(step, answers));
    pack_free(again);
    buf_done(&file);
}

/* ---- What is sent, and what the hub says ----------------------------------- */

static json_t *compose(void)
{
    const struct envelope_input input = { .item = item,
                                          .answers = answers,
                                          .receipt = "310063270015",
                                          .lookup_code = "4821",
                                          .address = "abcdefghijklmnopqrstuv",
                                          .wall_ms = now_ms };
    struct buf body;

    buf_init(&body, BODY_BYTES);
    assert_int_equal(envelope_body(&input, &body), ERR_OK);
    json_t *root = json_loadb(body.text, body.len, 0, NULL);
    buf_done(&body);
    assert_non_null(root);
    return root;
}

static const char *text_in(const json_t *root, const char *name,
                           const char *key, const char *language)
{
    json_t *entry = json_object_get(json_object_get(root, "answers"), name);
    json_t *value = json_object_get(entry, key);

    return json_string_value(language ? json_object_get(value, language)
                                      : value);
}

static void test_sent(void **state)
{
    (void)state;
    take_family();
    json_t *root = compose();
    assert_string_equal(text_in(root, "spouse_name", "value", NULL), "李四娘");
    assert_string_equal(text_in(root, "spouse_name", "source", NULL), "card");
    assert_string_equal(text_in(root, "spouse_name", "person", NULL), "spouse");
    assert_string_equal(text_in(root, "spouse_name", "label", "zh_CN"),
                        "配偶的姓名");
    assert_string_equal(text_in(root, "spouse_name", "label", "en"),
                        "Name of your spouse");
    assert_string_equal(text_in(root, "child_kind", "value", NULL), "resident");
    assert_null(text_in(root, "spouse_age", "value", NULL));
    assert_null(text_in(root, "spouse_address", "value", NULL));
    assert_null(text_in(root, "card_name", "person", NULL));
    json_decref(root);
}

/* code and name of what the judge finds of what stands in the body. */
static void judged(json_t *root, const char *code, const char *name)
{
    const struct judge_case asked = { .item = item,
                                      .body = root,
                                      .assurance = "card",
                                      .sent_ms = now_ms,
                                      .now_ms = now_ms };
    struct judgement judgement;

    assert_int_equal(judge(&asked, &judgement), ERR_OK);
    assert_string_equal(judge_code_name(judgement.code), code);
    assert_string_equal(judgement.name, name);
}

static json_t *answers_in(json_t *root)
{
    return json_object_get(root, "answers");
}

static void forge(json_t *root, const char *name, const char *value)
{
    json_object_set_new(json_object_get(answers_in(root), name), "value",
                        json_string(value));
}

static void test_judged_good(void **state)
{
    (void)state;
    take_family();
    json_t *root = compose();
    judged(root, "good", "");
    json_decref(root);
    assert_int_equal(person_take_number(answers, at("spouse"), SPOUSE, now_ms),
                     ERR_OK);
    root = compose();
    judged(root, "good", "");
    json_decref(root);
}

static void lacks(const char *answer, const char *code, const char *name)
{
    json_t *root = compose();

    json_object_del(answers_in(root), answer);
    judged(root, code, name);
    json_decref(root);
}

static void has(const char *answer, const char *value, const char *code,
                const char *name)
{
    json_t *root = compose();

    forge(root, answer, value);
    judged(root, code, name);
    json_decref(root);
}

static void test_judged_without_them(void **state)
{
    (void)state;
    take_family();
    lacks("spouse_kind", "missing", "spouse_kind");
    lacks("spouse_number", "missing", "spouse_number");
    lacks("child_kind", "missing", "child_kind");
    person_forget(answers, at("spouse"));
    json_t *root = compose();
    judged(root, "missing", "spouse_kind");
    json_decref(root);
}

static void test_judged_forged(void **state)
{
    (void)state;
    take_family();
    has("spouse_number", OWN, "not-accepted", "spouse_number");
    has("child_number", SPOUSE, "not-accepted", "spouse_number");
    has("spouse_number", "41010319900101", "not-accepted", "spouse_number");
    has("spouse_kind", "passport", "not-accepted", "spouse_kind");
    has("who", "couple", "not-asked", "child_kind");
    /* The number says another age than the card: both must let it through. */
    has("spouse_number", "410103200701010023", "age", "spouse_birth");
}

/* A child's number was typed where a card is read. */
static void test_judged_typed(void **state)
{
    (void)state;
    take_family();
    assert_int_equal(
        person_take_number(answers, at("child_card"), CHILD, now_ms), ERR_OK);
    json_t *root = compose();
    judged(root, "not-offered", "child_card");
    json_decref(root);
}

static void test_judged_by_rules(void **state)
{
    (void)state;
    take("card", "张三丰", OWN);
    take("spouse", "李四娘", "410103200701010023");
    give("who", "couple");
    json_t *root = compose();
    judged(root, "stop", "spouse");
    json_decref(root);
    take_family();
    take("spouse", "李四娘", "410103201201010021");
    root = compose();
    judged(root, "stop", "spouse");
    json_decref(root);
}

/* Their names are no answers of the main person's card. */
static void test_judged_age_is_not_sent(void **state)
{
    (void)state;
    take_family();
    json_t *root = compose();
    json_object_set_new(
        answers_in(root), "spouse_age",
        json_pack("{s:s, s:s}", "value", "40", "source", "card"));
    judged(root, "unknown-answer", "");
    json_decref(root);
}

static int open_item(void **state)
{
    char locales[256];
    const char *build = getenv("KIOSK_BUILD");
    struct problems problems;

    (void)state;
    snprintf(locales, sizeof locales, "%s/share/locales",
             build ? build : "build");
    if (i18n_open(locales))
        return -1;
    problems_init(&problems);
    if (pack_load_one("tests/tty/family-move.yaml", &problems, &pack))
        print_error("%s", problems.text.text);
    problems_done(&problems);
    item = pack ? pack_item(pack, 0) : NULL;
    return item ? 0 : -1;
}

static int close_item(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_only_its_fields),
        TEST(test_typed_takes_the_place),
        TEST(test_nobody_twice),
        TEST(test_nobody_typed_twice),
        TEST(test_whose_answer),
        TEST(test_rules_see_them),
        TEST(test_missing_is_asked),
        TEST(test_falls_away),
        TEST(test_why),
        TEST(test_session),
        TEST(test_made_up),
        TEST(test_kept_while_it_fits),
        TEST(test_compiled),
        TEST(test_sent),
        TEST(test_judged_good),
        TEST(test_judged_without_them),
        TEST(test_judged_forged),
        TEST(test_judged_typed),
        TEST(test_judged_by_rules),
        TEST(test_judged_age_is_not_sent),
    };

    return cmocka_run_group_tests_name("person", tests, open_item, close_item);
}
