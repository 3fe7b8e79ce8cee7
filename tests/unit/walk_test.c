/* Walking: the order of pages, what falls away, what is accepted; by the
 * shipped items, because their rules are the ones that must work. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/flow/walk.h"

static struct pack *pack;
static const struct item *permit, *hotline;

static int load(void **state)
{
    struct problems problems;
    enum err err;

    (void)state;
    problems_init(&problems);
    err = pack_load("screens/items", &problems, &pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    if (err)
        return -1;
    permit = pack_find(pack, "residence-permit");
    hotline = pack_find(pack, "hotline-12345");
    return permit && hotline ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static int set_up(void **state)
{
    *state = answers_new();
    return 0;
}

static int tear_down(void **state)
{
    answers_free(*state);
    return 0;
}

static void set(struct answers *answers, const char *name, const char *value)
{
    enum source source =
        strcmp(value, "later") == 0 ? SOURCE_LATER : SOURCE_CITIZEN;

    assert_int_equal(answers_set(answers, name, value, source), ERR_OK);
}

static int at(const struct item *item, const char *id)
{
    const struct step *step = item_step(item, id);

    assert_non_null(step);
    return (int)(step - item->steps);
}

/* The ids of what is shown, from the first to the last. */
static void expect_path(const struct item *item, const struct answers *answers,
                        const char *path)
{
    struct buf there, back;
    int step;

    buf_init(&there, 1024);
    buf_init(&back, 1024);
    for (step = walk_next(item, answers, -1); step < (int)item->step_count;
         step = walk_next(item, answers, step))
        buf_add_format(&there, "%s ", item->steps[step].id);
    assert_string_equal(there.text, path);
    /* Backwards it is the same way. */
    for (step = walk_before(item, answers, (int)item->step_count); step >= 0;
         step = walk_before(item, answers, step)) {
        struct buf longer;

        buf_init(&longer, 1024);
        buf_add_format(&longer, "%s %s", item->steps[step].id, back.text);
        buf_clear(&back);
        buf_add_text(&back, longer.text);
        buf_done(&longer);
    }
    assert_string_equal(back.text, path);
    buf_done(&there);
    buf_done(&back);
}

static void test_paths(void **state)
{
    struct answers *answers = *state;

    expect_path(permit, answers,
                "guide registered card county township street ground "
                "home_proof phone review declare send result ");
    set(answers, "ground", "study");
    expect_path(permit, answers,
                "guide registered card county township street ground "
                "home_proof ground_proof phone review declare send result ");
    expect_path(hotline, answers,
                "guide kind topic county description contact_by review send "
                "result ");
    set(answers, "county", "later");
    set(answers, "contact_by", "anonymous");
    expect_path(hotline, answers,
                "guide kind topic county description contact_by review send "
                "result ");
    set(answers, "county", "411302");
    set(answers, "contact_by", "phone");
    expect_path(hotline, answers,
                "guide kind topic county township landmark description "
                "contact_by phone disclose review send result ");
}

static void test_ends_of_the_path(void **state)
{
    struct answers *answers = *state;
    int count = (int)hotline->step_count;

    assert_int_equal(walk_next(hotline, answers, -5), 0);
    assert_int_equal(walk_next(hotline, answers, count - 1), count);
    assert_int_equal(walk_next(hotline, answers, count + 7), count);
    assert_int_equal(walk_before(hotline, answers, 0), -1);
    assert_int_equal(walk_before(hotline, answers, -1), -1);
    assert_int_equal(walk_before(hotline, answers, count + 7), count - 1);
}

/* What nobody has verified stands nowhere. */
static void test_lines(void **state)
{
    struct answers *answers = *state;
    struct line line = item_step(permit, "result")->lines[0];

    assert_null(line.when);
    assert_true(walk_shows_line(&line, answers));
    line.is_unverified = true;
    assert_false(walk_shows_line(&line, answers));
    line.is_unverified = false;
    line.when = item_step(permit, "ground_proof")->when;
    assert_false(walk_shows_line(&line, answers));
    set(answers, "ground", "study"); /* by its condition's name */
    assert_true(walk_shows_line(&line, answers));
}

static void test_stops(void **state)
{
    struct answers *answers = *state;
    const struct step *registered = item_step(permit, "registered");
    const struct step *card = item_step(permit, "card");

    assert_null(walk_stop(registered, answers));
    assert_null(walk_stop(card, answers));
    set(answers, "registered", "unsure");
    assert_null(walk_stop(registered, answers));
    set(answers, "registered", "no");
    assert_string_equal(walk_stop(registered, answers)->id, "not_registered");
    set(answers, "age", "13");
    assert_string_equal(walk_stop(card, answers)->id, "child");
    set(answers, "age", "15");
    assert_string_equal(walk_stop(card, answers)->id, "minor");
    set(answers, "age", "16");
    assert_null(walk_stop(card, answers));
    set(answers, "card_kind", "resident");
    assert_null(walk_stop(card, answers));
    set(answers, "card_kind", "hmt");
    assert_string_equal(walk_stop(card, answers)->id, "hmt");
    set(answers, "card_kind", "foreigner-2017");
    assert_string_equal(walk_stop(card, answers)->id, "foreigner");
    set(answers, "card_kind", "foreigner-2023");
    assert_string_equal(walk_stop(card, answers)->id, "foreigner");
}

static void test_resume(void **state)
{
    struct answers *answers = *state;
    int review = at(permit, "review");

    assert_int_equal(walk_resume(permit, answers, review),
                     at(permit, "registered"));
    set(answers, "registered", "yes");
    assert_int_equal(walk_resume(permit, answers, review), at(permit, "card"));
    set(answers, "card_number", "411302195602290011");
    set(answers, "county", "411302");
    set(answers, "township", "411302001");
    set(answers, "street", "later");
    set(answers, "ground", "housing");
    set(answers, "home_proof", "deed");
    set(answers, "phone", "later");
    assert_int_equal(walk_resume(permit, answers, review), review);
    /* Another ground asks for another paper. */
    set(answers, "ground", "work");
    assert_int_equal(walk_resume(permit, answers, review),
                     at(permit, "ground_proof"));
    assert_int_equal(walk_resume(permit, answers, at(permit, "ground")),
                     at(permit, "ground"));
}

static void test_drop(void **state)
{
    struct answers *answers = *state;

    set(answers, "county", "411302");
    set(answers, "township", "411302001");
    set(answers, "ground", "work");
    set(answers, "ground_proof", "contract");
    assert_int_equal(walk_drop(permit, answers), 0);
    /* Another county's townships. */
    set(answers, "county", "411303");
    assert_int_equal(walk_drop(permit, answers), 1);
    assert_null(answers_get(answers, "township"));
    /* An option that is offered no more. */
    set(answers, "ground", "study");
    assert_int_equal(walk_drop(permit, answers), 1);
    assert_null(answers_get(answers, "ground_proof"));
    /* A page that is shown no more. */
    set(answers, "ground_proof", "student_card");
    set(answers, "ground", "housing");
    assert_int_equal(walk_drop(permit, answers), 1);
    assert_string_equal(answers_get(answers, "county"), "411303");
    /* What is no option at all. */
    set(answers, "ground", "magic");
    assert_int_equal(walk_drop(permit, answers), 1);
}

/* Told first, nothing is forgotten; what is told is what falls. */
static void expect_falls(const struct item *item, struct answers *answers,
                         const char *name, const char *value,
                         const char *expected)
{
    struct walk_falls falls;
    struct buf told;
    size_t before = answers_count(answers);
    enum source source =
        value && strcmp(value, "later") == 0 ? SOURCE_LATER : SOURCE_CITIZEN;

    assert_int_equal(
        walk_would_drop(item, answers, name, value, source, &falls), ERR_OK);
    assert_int_equal(answers_count(answers), before);
    buf_init(&told, 1024);
    for (size_t i = 0; i < falls.count; i++)
        buf_add_format(&told, "%s%s ", falls.list[i].step->id,
                       falls.list[i].is_asked_again ? "+" : "-");
    assert_string_equal(told.text, expected);
    buf_done(&told);
    if (name)
        assert_int_equal(answers_set(answers, name, value, source), ERR_OK);
    assert_int_equal(walk_drop(item, answers), falls.count);
}

static void test_would_drop(void **state)
{
    struct answers *answers = *state;

    expect_falls(permit, answers, NULL, NULL, "");
    set(answers, "county", "411302");
    set(answers, "township", "411302001");
    set(answers, "ground", "work");
    set(answers, "ground_proof", "contract");
    expect_falls(permit, answers, "county", "411302", "");
    expect_falls(permit, answers, "county", "411303", "township+ ");
    expect_falls(permit, answers, "ground", "study", "ground_proof+ ");
    set(answers, "ground_proof", "student_card");
    expect_falls(permit, answers, "ground", "housing", "ground_proof- ");
    /* What fell away is asked again once its page comes back. */
    expect_falls(permit, answers, "ground", "study", "");
    assert_null(answers_get(answers, "ground_proof"));
    assert_int_equal(walk_resume(permit, answers, at(permit, "review")),
                     at(permit, "registered"));
    /* What nobody answered is no change, and yet others fall by it. */
    answers_wipe(answers);
    set(answers, "ground_proof", "contract");
    expect_falls(permit, answers, "ground", "study", "ground_proof+ ");
    set(answers, "ground_proof", "contract");
    expect_falls(permit, answers, NULL, NULL, "ground_proof+ ");
}

/* What hangs on what falls away is told, too. */
static void test_would_drop_all(void **state)
{
    struct answers *answers = *state;

    set(answers, "county", "411302");
    set(answers, "township", "411302001");
    set(answers, "landmark", "later");
    set(answers, "description", "某事");
    set(answers, "contact_by", "anonymous");
    expect_falls(hotline, answers, "county", "later", "township- landmark- ");
    expect_falls(hotline, answers, "description", "later", "contact_by+ ");
    set(answers, "contact_by", "phone");
    set(answers, "phone", "13812345678");
    set(answers, "disclose", "no");
    set(answers, "description", "某事");
    expect_falls(hotline, answers, "contact_by", "anonymous",
                 "phone- disclose- ");
}

/* The day on which it is asked is the same in the copy. */
static void test_copy(void **state)
{
    struct answers *answers = *state, *copy = NULL;

    set(answers, "street", "later");
    set(answers, "phone", "13812345678");
    answers_begin(answers, 86400000LL * 400);
    assert_int_equal(answers_copy(answers, &copy), ERR_OK);
    assert_int_equal(answers_today(copy), answers_today(answers));
    assert_int_equal(answers_count(copy), 2);
    assert_int_equal(answers_source(copy, "street"), SOURCE_LATER);
    answers_forget(answers, "phone");
    assert_string_equal(answers_get(copy, "phone"), "13812345678");
    answers_free(copy);
}

/* One change takes away what hangs on what it took away. */
static void test_drop_goes_on(void **state)
{
    struct answers *answers = *state;

    set(answers, "county", "411302");
    set(answers, "township", "later");
    set(answers, "landmark", "later");
    set(answers, "description", "某事");
    set(answers, "contact_by", "anonymous");
    assert_int_equal(walk_drop(hotline, answers), 0);
    set(answers, "description", "later");
    set(answers, "county", "later");
    assert_int_equal(walk_drop(hotline, answers), 3);
    assert_null(answers_get(answers, "contact_by"));
    assert_null(answers_get(answers, "township"));
    assert_null(answers_get(answers, "landmark"));
    set(answers, "contact_by", "phone");
    set(answers, "phone", "13812345678");
    set(answers, "disclose", "no");
    set(answers, "description", "某事");
    assert_int_equal(walk_drop(hotline, answers), 0);
    set(answers, "contact_by", "anonymous");
    assert_int_equal(walk_drop(hotline, answers), 2);
    assert_null(answers_get(answers, "phone"));
    /* "later" where there is no way round. */
    set(answers, "kind", "later");
    assert_int_equal(walk_drop(hotline, answers), 1);
}

static void expect_place(const struct item *item, const struct answers *answers,
                         const char *id, int place, int count)
{
    int found_place, found_count;

    walk_place(item, answers, at(item, id), &found_place, &found_count);
    assert_int_equal(found_place, place);
    assert_int_equal(found_count, count);
}

static void test_place(void **state)
{
    struct answers *answers = *state;

    /* All that may still come is counted … */
    expect_place(permit, answers, "registered", 1, 8);
    expect_place(permit, answers, "ground_proof", 7, 8);
    expect_place(permit, answers, "phone", 8, 8);
    expect_place(permit, answers, "guide", 0, 8);
    /* … until it is clear that it does not. */
    set(answers, "ground", "housing");
    expect_place(permit, answers, "phone", 7, 7);
    expect_place(permit, answers, "ground_proof", 0, 7);
    expect_place(hotline, answers, "kind", 1, 9);
    set(answers, "county", "later");
    expect_place(hotline, answers, "description", 4, 7);
    set(answers, "contact_by", "anonymous");
    expect_place(hotline, answers, "contact_by", 5, 5);
}

#define FLOW  "{zh_CN: 词, en: Word}"
#define WORDS FLOW "\n"
#define CHOICE(id)                                                             \
    "  - id: " id "\n    screen: choice\n    ask: " WORDS "    label: " WORDS  \
    "    options: [{value: x, text: " FLOW "}, {value: y, text: " FLOW "}]\n"

/* What hangs on an answer that cannot come any more does not come either. */
static void test_place_of_a_chain(void **state)
{
    static const char head[] =
        "id: chain\nversion: 1\norder: 1\ntitle: " WORDS "summary: " WORDS
        "bring: " WORDS "authority: " WORDS "unit: " WORDS "contact: " WORDS
        "needs: {network: no, reader: no, printer: no}\nsteps:\n" CHOICE("a")
            CHOICE("b") "    when: a == \"x\"\n" CHOICE(
                "c") "    when: b == \"y\"\n"
                     "  - {id: review, screen: review}\n  - {id: send, screen: "
                     "send}\n"
                     "  - id: result\n    screen: result\n"
                     "    lines: [{id: l, label: " FLOW ", text: " FLOW "}]\n"
                     "assurance: none\n";
    struct answers *answers = *state;
    struct problems problems;
    struct pack *chain = NULL;
    char folder[64], path[96];

    assert_int_equal(file_make_temporary(folder, sizeof folder), ERR_OK);
    snprintf(path, sizeof path, "%s/chain.yaml", folder);
    assert_int_equal(file_replace(path, head, sizeof head - 1, 0600), ERR_OK);
    problems_init(&problems);
    if (pack_load(folder, &problems, &chain))
        fail_msg("%s", problems.text.text);
    expect_place(pack_item(chain, 0), answers, "c", 3, 3);
    set(answers, "a", "y");
    expect_place(pack_item(chain, 0), answers, "c", 0, 1);
    set(answers, "a", "x");
    expect_place(pack_item(chain, 0), answers, "c", 3, 3);
    problems_done(&problems);
    pack_free(chain);
    assert_int_equal(file_remove_tree(folder), ERR_OK);
}

static void test_options(void **state)
{
    struct answers *answers = *state;
    const struct step *proof = item_step(permit, "ground_proof");
    const struct step *township = item_step(permit, "township");
    const struct step *contact = item_step(hotline, "contact_by");
    const struct words *text, *note;
    const char *value;

    set(answers, "ground", "study");
    assert_int_equal(walk_option_count(proof, answers), 2);
    walk_option(proof, answers, 1, &value, &text, &note);
    assert_string_equal(value, "enrolment");
    assert_string_equal(text->in[LANGUAGE_ZH_CN], "就读证明");
    assert_null(note->in[LANGUAGE_ZH_CN]);
    walk_option(proof, answers, 2, &value, &text, NULL);
    assert_string_equal(value, "");
    assert_int_equal(walk_option_count(township, answers), 0);
    set(answers, "county", "411371");
    assert_int_equal(walk_option_count(township, answers), 2);
    walk_option(township, answers, 1, &value, &text, &note);
    assert_string_equal(value, "411371061");
    assert_string_equal(text->in[LANGUAGE_ZH_CN], "百里奚街道");
    assert_null(note->in[LANGUAGE_EN]);
    set(answers, "description", "later");
    assert_int_equal(walk_option_count(contact, answers), 1);
    walk_option(contact, answers, 0, &value, &text, &note);
    assert_string_equal(value, "phone");
    assert_non_null(note->in[LANGUAGE_EN]);
    answers_forget(answers, "description");
    assert_int_equal(walk_option_count(contact, answers), 2);
}

/* The typed number's words stand on the result without anybody setting an
 * answer "assurance". */
static void test_assurance(void **state)
{
    struct answers *answers = *state;
    const struct step *result = item_step(permit, "result");
    const struct rule *when = NULL;

    for (size_t i = 0; i < result->line_count; i++)
        if (strcmp(result->lines[i].id, "typed") == 0)
            when = result->lines[i].when;
    assert_non_null(when);
    assert_false(walk_is_true(when, answers));
    set(answers, "card_number", "411302195602290011");
    assert_true(walk_is_true(when, answers));
    assert_int_equal(
        answers_set(answers, "card_number", "411302195602290011", SOURCE_CARD),
        ERR_OK);
    assert_false(walk_is_true(when, answers));
    set(answers, "assurance", "typed");
    assert_true(walk_is_true(when, answers));
}

/* What that rule, of an item, says of these answers. */
static bool rule_holds(const char *text, const struct answers *answers)
{
    static const struct rule_declared list[] = {
        { "county", RULE_TEXT, RULE_ANY },
        { "age", RULE_INT, RULE_ANY },
        { "card_birth", RULE_TIMESTAMP, RULE_ANY },
    };
    static const struct rule_names names = { list, 3 };
    const struct rule_source source = { .file = "f.yaml",
                                        .line = 1,
                                        .column = 1,
                                        .text = text,
                                        .len = strlen(text) };
    struct rule rule = { .names = list,
                         .known = 3,
                         .divisions = { item_step(permit, "county")->list } };
    struct problems problems;

    problems_init(&problems);
    assert_int_equal(
        rule_program_parse(&source, &names, &problems, &rule.program), ERR_OK);
    assert_int_equal(rule_program_check(rule.program, RULE_BOOL, &problems),
                     ERR_OK);
    problems_done(&problems);
    bool is_true = walk_is_true(&rule, answers);
    rule_program_free(rule.program);
    return is_true;
}

/* What cannot be evaluated does not hold, nor does its contrary. */
static void test_rules_without_answers(void **state)
{
    struct answers *answers = *state;

    assert_false(rule_holds("age < 16", answers));
    assert_false(rule_holds("!(age < 16)", answers));
    assert_true(rule_holds("age == null && !answered(age)", answers));
    assert_false(rule_holds("division_name(county) == '卧龙区'", answers));
    set(answers, "county", "411303");
    assert_true(rule_holds("division_name(county) == '卧龙区'", answers));
    set(answers, "county", "999999");
    assert_false(rule_holds("division_name(county) != ''", answers));
    set(answers, "age", "15");
    assert_true(rule_holds("age < 16 && answered(age)", answers));
}

/* today() is the day that answers_begin was told, in China; a birth that is no
 * date is no answer. */
static void test_rules_over_days(void **state)
{
    /* 2026-11-25T15:59:59Z: the last second of that day in China. */
    const int64_t last_ms = INT64_C(1795622399000);
    struct answers *answers = *state;

    answers_begin(answers, last_ms);
    assert_true(
        rule_holds("today() == timestamp('2026-11-25T00:00:00Z')", answers));
    set(answers, "card_birth", "20101126");
    assert_true(rule_holds("age(card_birth) == 15", answers));
    answers_begin(answers, last_ms + 1000);
    assert_true(rule_holds("age(card_birth) == 16", answers));
    assert_true(rule_holds("card_birth <= years_before(today(), 16)", answers));
    set(answers, "card_birth", "20100230");
    assert_true(rule_holds("card_birth == null", answers));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_paths),
        TEST(test_ends_of_the_path),
        TEST(test_lines),
        TEST(test_stops),
        TEST(test_resume),
        TEST(test_drop),
        TEST(test_would_drop),
        TEST(test_would_drop_all),
        TEST(test_copy),
        TEST(test_drop_goes_on),
        TEST(test_place),
        TEST(test_place_of_a_chain),
        TEST(test_options),
        TEST(test_assurance),
        TEST(test_rules_without_answers),
        TEST(test_rules_over_days),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
