/* A choice of many: what may be chosen together, how it reads, what rules see,
 * and what is told of mistakes in a file. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/choices.h"
#include "kiosk/flow/item_reach.h"
#include "kiosk/flow/pack.h"
#include "tests/unit/item_pages.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pack *many;

static char folder[128];

static int copy(const char *from, const char *into, const char *name)
{
    char path[256], *text = NULL;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/%s", folder, into);
    if (file_make_folder(path, 0700) ||
        file_read(from, 1024 * 1024, &text, &len))
        return -1;
    snprintf(path, sizeof path, "%s/%s/%s", folder, into, name);
    enum err err = file_replace(path, text, len, 0600);
    mem_free(text);
    return err ? -1 : 0;
}

static int set_up(void **state)
{
    struct problems problems;
    char locales[256];
    const char *build = getenv("KIOSK_BUILD");

    (void)state;
    snprintf(locales, sizeof locales, "%s/share/locales",
             build ? build : "build");
    if (i18n_open(locales))
        return -1;
    item_set_screens(NULL);
    if (file_make_temporary(folder, sizeof folder) ||
        copy("screens/items/lists/counties.tsv", "lists", "counties.tsv") ||
        copy("tests/tty/many.yaml", "", "many.yaml"))
        return -1;
    problems_init(&problems);
    enum err err = pack_load(folder, &problems, &many);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    pack_free(many);
    return file_remove_tree(folder) ? -1 : 0;
}

static const struct step *page(const char *id)
{
    return item_step(pack_item(many, 0), id);
}

static struct answers *answered(const char *rented)
{
    struct answers *answers = answers_new();

    assert_int_equal(answers_set(answers, "rented", rented, SOURCE_CITIZEN),
                     ERR_OK);
    return answers;
}

static void end(struct answers *answers)
{
    answers_wipe(answers);
    answers_free(answers);
}

/* ---- What may be chosen --------------------------------------------------- */

static void test_look(void **state)
{
    static const struct {
        const char *step, *answer;
        enum choices_fault fault;
    } rows[] = {
        { "trades", "food", CHOICES_GOOD },
        { "trades", "food,goods,hair", CHOICES_GOOD },
        { "trades", "", CHOICES_FEW },
        { "trades", "food,goods,repair,hair", CHOICES_MANY },
        { "trades", "goods,food", CHOICES_NOT_OFFERED }, /* their order */
        { "trades", "food,food", CHOICES_NOT_OFFERED },
        { "trades", "food,", CHOICES_NOT_OFFERED },
        { "trades", ",food", CHOICES_NOT_OFFERED },
        { "trades", "foo", CHOICES_NOT_OFFERED },
        { "trades", "foods", CHOICES_NOT_OFFERED },
        { "trades", "food, hair", CHOICES_NOT_OFFERED },
        { "papers", "", CHOICES_GOOD },
        { "papers", "photo,plan", CHOICES_GOOD },
        { "papers", "lease,photo", CHOICES_NOT_OFFERED }, /* not rented */
        { "health", "none", CHOICES_GOOD },
        { "health", "liver,none", CHOICES_TOGETHER },
        { "health", "liver,lung", CHOICES_GOOD },
        { "places", "411302,411303", CHOICES_GOOD },
        { "places", "411303,411302", CHOICES_NOT_OFFERED },
    };
    struct answers *answers = answered("no");

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (choices_look(page(rows[i].step), answers, rows[i].answer) !=
            rows[i].fault)
            fail_msg("%s: %s", rows[i].step, rows[i].answer);
    end(answers);
}

static void expect_pressed(const char *step, const char *before,
                           const char *value, const char *after)
{
    struct answers *answers = answered("no");
    struct buf out;

    buf_init(&out, 1024);
    bool is_taken = choices_press(page(step), answers, before, value, &out);
    assert_int_equal(is_taken, after != NULL);
    if (after)
        assert_string_equal(out.text, after);
    buf_done(&out);
    end(answers);
}

static void test_press(void **state)
{
    (void)state;
    expect_pressed("trades", "", "hair", "hair");
    expect_pressed("trades", "hair", "food", "food,hair");
    expect_pressed("trades", "food,hair", "hair", "food");
    expect_pressed("trades", "food", "food", "");
    expect_pressed("trades", "food,goods,hair", "repair", NULL);
    expect_pressed("trades", "food,goods,hair", "goods", "food,hair");
    expect_pressed("health", "liver,skin", "none", "none");
    expect_pressed("health", "none", "lung", "lung");
    expect_pressed("health", "none", "none", "");
    /* What is offered no more goes with the next press. */
    expect_pressed("papers", "lease,photo", "plan", "photo,plan");
}

static void expect_made(const char *step, const bool *is_wanted,
                        const char *made)
{
    struct answers *answers = answered("no");
    struct buf out;

    buf_init(&out, 1024);
    assert_int_equal(choices_make(page(step), answers, is_wanted, &out),
                     made != NULL);
    if (made)
        assert_string_equal(out.text, made);
    buf_done(&out);
    end(answers);
}

static void test_make(void **state)
{
    static const bool none[4] = { false },
                      last[4] = { false, false, false, true };
    static const bool all[4] = { true, true, true, true };

    (void)state;
    expect_made("trades", none, "food"); /* one is needed */
    expect_made("trades", all, "food,goods,repair");
    expect_made("papers", none, "");
    expect_made("papers", all, "photo,plan");
    expect_made("health", last, "none");
    expect_made("health", all, "liver,lung,skin");
}

static void test_texts(void **state)
{
    static const struct {
        const char *step, *answer, *zh, *en;
    } rows[] = {
        { "papers", "lease,plan", "租赁合同、平面图", "Lease, Floor plan" },
        { "papers", "", "都没有", "None of these" },
        { "places", "411302", "宛城区", "Wancheng District" },
    };
    struct buf out;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            buf_init(&out, 1024);
            walk_text_of(pack_item(many, 0), page(rows[i].step), rows[i].answer,
                         SOURCE_CITIZEN, (enum language)language, &out);
            assert_string_equal(out.text, language == LANGUAGE_EN ? rows[i].en
                                                                  : rows[i].zh);
            buf_done(&out);
        }
}

/* ---- Rules, and what falls away ------------------------------------------- */

static bool comes(struct answers *answers, const char *papers)
{
    assert_int_equal(answers_set(answers, "papers", papers, SOURCE_CITIZEN),
                     ERR_OK);
    return walk_shows(page("copies"), answers);
}

static void test_rules(void **state)
{
    struct answers *answers = answered("yes");

    (void)state;
    /* size(papers) > 1 && !papers.exists(p, p == "plan") */
    assert_false(walk_shows(page("copies"), answers)); /* not answered */
    assert_false(comes(answers, ""));
    assert_false(comes(answers, "lease"));
    assert_true(comes(answers, "lease,photo"));
    assert_false(comes(answers, "lease,photo,plan"));
    /* "food" in trades */
    assert_false(walk_shows(page("health"), answers));
    assert_int_equal(answers_set(answers, "trades", "goods", SOURCE_CITIZEN),
                     ERR_OK);
    assert_false(walk_shows(page("health"), answers));
    assert_int_equal(
        answers_set(answers, "trades", "food,goods", SOURCE_CITIZEN), ERR_OK);
    assert_true(walk_shows(page("health"), answers));
    /* The way round is a list, too. */
    assert_int_equal(answers_set(answers, "trades", "later", SOURCE_LATER),
                     ERR_OK);
    assert_false(walk_shows(page("health"), answers));
    end(answers);
}

/* One option that goes takes the whole answer with it: it is told, and asked
 * again. */
static void test_falls_away(void **state)
{
    struct answers *answers = answered("yes");
    struct walk_falls falls;

    (void)state;
    (void)comes(answers, "lease,photo");
    assert_int_equal(walk_would_drop(pack_item(many, 0), answers, "rented",
                                     "no", SOURCE_CITIZEN, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 1);
    assert_string_equal(falls.list[0].step->id, "papers");
    assert_true(falls.list[0].is_asked_again);
    (void)comes(answers, "photo");
    assert_int_equal(walk_would_drop(pack_item(many, 0), answers, "rented",
                                     "no", SOURCE_CITIZEN, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 0);
    end(answers);
}

/* Every page can be gone to, with answers that a person could have given. */
static void test_reach(void **state)
{
    const struct item *item = pack_item(many, 0);

    (void)state;
    for (size_t to = 0; to < item->step_count; to++) {
        struct answers *answers = answers_new();

        if (!item_reach(item, (int)to, clock_wall_ms(), answers))
            fail_msg("nothing leads to %s", item->steps[to].id);
        for (size_t i = 0; i < to; i++)
            assert_true(!walk_shows(&item->steps[i], answers) ||
                        !item->steps[i].answer ||
                        walk_holds(item, &item->steps[i], answers));
        end(answers);
    }
}

/* A compiled pack says the same: how many, which alone, and rules over lists. */
static void test_compiled(void **state)
{
    struct pack_about about = { .version = 1 };
    struct answers *answers = answered("yes");
    struct pack *read = NULL;
    struct buf bytes;

    (void)state;
    buf_init(&bytes, 1024 * 1024);
    assert_int_equal(pack_compile(many, &about, &bytes), ERR_OK);
    assert_int_equal(pack_read(bytes.text, bytes.len, &read), PACK_FAULT_NONE);
    assert_int_equal(pack_prove(read), PACK_FAULT_NONE);
    const struct item *item = pack_item(read, 0);
    const struct step *health = item_step(item, "health");
    assert_int_equal(item_step(item, "papers")->least, 0);
    assert_int_equal(health->least, 1);
    assert_int_equal(item_step(item, "places")->most, 5);
    assert_int_equal(choices_look(health, answers, "liver,none"),
                     CHOICES_TOGETHER);
    assert_int_equal(
        answers_set(answers, "papers", "lease,photo", SOURCE_CITIZEN), ERR_OK);
    assert_true(walk_shows(item_step(item, "copies"), answers));
    end(answers);
    pack_free(read);
    buf_done(&bytes);
}

/* ---- What is told of a file ------------------------------------------------ */

#define BEFORE "  - {id: review, screen: review}\n"
#define HEAD                                                                   \
    "  - {id: papers, screen: choices, ask: {zh_CN: 问, en: Ask}, label: "    \
    "{zh_CN: 纸, en: Papers}"
#define A    "{value: lease, text: {zh_CN: 甲, en: A}}"
#define B    "{value: photo, text: {zh_CN: 乙, en: B}}"
#define C    "{value: none, alone: true, text: {zh_CN: 无, en: None}}"
#define MANY HEAD ", options: [" A ", " B "]}\n"
#define ASKED_WHEN(rule)                                                       \
    "  - {id: more, screen: choice, when: '" rule                              \
    "', type: yes_no, ask: {zh_CN: 问, en: Ask}, label: {zh_CN: 名, en: "    \
    "N}}\n"

static void tells(const char *pages, const char *lines)
{
    char text[4096];

    snprintf(text, sizeof text, "%s" BEFORE, pages);
    item_tells(BEFORE, text, lines);
}

/* The tests in the good item do not know the page: told at their lines. */
#define UNKNOWN_PAGE                                                           \
    "small.yaml:50:32: error: test \"grown up\": the page \"papers\" comes "   \
    "where \"review\" is expected (so far: card, kind, phone, papers)\n"

static void test_mistakes(void **state)
{
    (void)state;
    tells(HEAD "}\n", "small.yaml:37:5: error: a choice of many has either "
                      "options or a list\n");
    tells(HEAD ", least: 3, options: [" A ", " B "]}\n",
          "small.yaml:37:99: error: there are 2 to choose together: expected "
          "no more\n");
    tells(HEAD ", most: 3, options: [" A ", " B ", " C "]}\n",
          "small.yaml:37:98: error: there are 2 to choose together: expected "
          "no more\n");
    tells(HEAD ", most: 1, options: [" A ", " B "]}\n",
          "small.yaml:37:98: error: who may choose one only makes a choice: "
          "expected screen: choice\n");
    tells(HEAD ", least: 2, most: 1, options: [" A ", " B "]}\n",
          "small.yaml:37:108: error: at most 1 cannot be at least 2: expected "
          "the greater number here\n");
    tells(HEAD ", least: x, options: [" A ", " B "]}\n",
          "small.yaml:37:99: error: expected a whole number from 0 to 89: how "
          "many must be chosen; without: 1; 0: none is an answer, too; of a "
          "group how many entries there must be, 0: it is asked first whether "
          "there are any (ask)\n");
    tells(HEAD ", options: [" A ", " C "]}\n",
          "small.yaml:37:101: error: nothing can be chosen together: expected "
          "two options without alone\n");
    item_tells("{value: a, text", "{value: a, alone: true, text",
               "small.yaml:21:27: error: one answer is always alone: "
               "\"alone\" belongs to screen: choices\n");
}

static void test_rules_told(void **state)
{
    (void)state;
    tells(MANY ASKED_WHEN("\"leaes\" in papers"),
          "small.yaml:38:39: error: \"papers\" can never hold \"leaes\"; did "
          "you mean \"lease\"?\n");
    tells(MANY ASKED_WHEN("papers.exists(p, p == \"leaes\")"),
          "small.yaml:38:61: error: \"papers\" can never hold \"leaes\"; did "
          "you mean \"lease\"?\n");
    tells(MANY ASKED_WHEN("papers == \"lease\""),
          "small.yaml:38:49: error: expected a list to compare with a list, "
          "not a text\n");
}

static const char *const explored_rules[] = {
    "\"lease\" in papers", "!(\"lease\" in papers)", "size(papers) > 1",
    "size(papers) == 2 && \"photo\" in papers", "papers.all(p, p == \"photo\")"
};

/* The explorer tries the sets that rules can tell apart: none of these is said
 * never to hold, or always. */
static void test_explored(void **state)
{
    char text[2048];

    (void)state;
    for (size_t i = 0; i < sizeof explored_rules / sizeof *explored_rules;
         i++) {
        snprintf(text, sizeof text, MANY ASKED_WHEN("%s"), explored_rules[i]);
        tells(text, UNKNOWN_PAGE);
    }
    tells(MANY ASKED_WHEN("size(papers) > 2"),
          "small.yaml:38:38: error: this page never comes: its rule holds on "
          "no way through the item\n" UNKNOWN_PAGE);
}

/* The good item with the page in it, and another test. */
static void tells_both(const char *from, const char *to, const char *lines)
{
    const char *page_at = strstr(item_good, BEFORE);
    const char *test_at = strstr(item_good, from);
    struct buf text;

    assert_true(page_at && test_at && page_at < test_at);
    buf_init(&text, 16 * 1024);
    buf_add(&text, item_good, (size_t)(page_at - item_good));
    buf_add_text(&text, MANY);
    buf_add(&text, page_at, (size_t)(test_at - page_at));
    buf_add_text(&text, to);
    buf_add_text(&text, test_at + strlen(from));
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells("", lines);
    item_write("small.yaml", item_good);
}

static void test_of_tests(void **state)
{
    static const struct {
        const char *given, *told;
    } rows[] = {
        { "[photo, lease]", "" },
        { "[phote]", "\"phote\" is not offered on the page \"papers\"" },
        { "[]", "\"\" is less than is needed on the page \"papers\"" },
        { "[lease, lease]",
          "\"lease,lease\" is not offered on the page \"papers\"" },
    };
    char from[256], to[1024], lines[512];

    (void)state;
    snprintf(from, sizeof from, "%s",
             "    answers: {kind: b, phone: 138 1234 5678}\n"
             "    pages: [card, kind, phone, review, send, result]\n"
             "    sent: {kind: b, phone: 13812345678}\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(to, sizeof to,
                 "    answers: {kind: b, phone: 138 1234 5678, papers: %s}\n"
                 "    pages: [card, kind, phone, papers, review, send, "
                 "result]\n"
                 "    sent: {kind: b, phone: 13812345678, papers: [lease, "
                 "photo]}\n",
                 rows[i].given);
        snprintf(lines, sizeof lines,
                 *rows[i].told ? "small.yaml:48:54: error: test \"grown up\": "
                                 "%s\n"
                               : "%s",
                 rows[i].told);
        tells_both(from, to, lines);
    }
    item_tells("kind: b, phone", "kind: [b], phone",
               "small.yaml:47:21: error: test \"grown up\": \"kind\" is "
               "answered with one value: expected no list\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look),  cmocka_unit_test(test_press),
        cmocka_unit_test(test_make),  cmocka_unit_test(test_texts),
        cmocka_unit_test(test_rules), cmocka_unit_test(test_falls_away),
        cmocka_unit_test(test_reach), cmocka_unit_test(test_compiled),
#define TOLD(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
        TOLD(test_mistakes),          TOLD(test_rules_told),
        TOLD(test_explored),          TOLD(test_of_tests),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
