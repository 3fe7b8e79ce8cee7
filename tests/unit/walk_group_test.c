/* Entries of a group: which pages come, taking one out, what rules see; forty
 * of them; and answers that must not be because of others. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/item_reach.h"
#include "kiosk/flow/pack.h"
#include "kiosk/flow/walk_group.h"
#include "kiosk/item_form.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 64 };

#define NUMBER_1 "999999198808200019"
#define NUMBER_2 "999999198808200027"

static struct pack *pack;
static const struct item *item;
static struct answers *answers;

static int make(void **state)
{
    struct problems problems;
    char locales[256];
    const char *build = getenv("KIOSK_BUILD");

    (void)state;
    snprintf(locales, sizeof locales, "%s/share/locales",
             build ? build : "build");
    if (i18n_open(locales))
        return -1;
    problems_init(&problems);
    /* The lists stand beside the items that are delivered. */
    assert_int_equal(item_folder_make(state), 0);
    item_write("lists/counties.tsv",
               "value\tparent\tzh_CN\ten\n411303\t\t卧龙区\tWolong\n");
    item_write("lists/townships.tsv", "value\tparent\tzh_CN\ten\n"
                                      "411303002\t411303\t七一街道\tQiyi\n");
    item_write(
        "small.yaml",
        "id: small\nversion: 1\norder: 1\n"
        "title: {zh_CN: 小事, en: Small}\n"
        "summary: {zh_CN: 一行, en: One line}\n"
        "bring: {zh_CN: 两行, en: Two lines}\n"
        "authority: {zh_CN: 某局, en: Bureau}\n"
        "unit: {zh_CN: 某处, en: Office}\n"
        "contact: {zh_CN: 某人, en: Someone}\n"
        "needs: {network: wished, reader: no, printer: no}\n"
        "assurance: none\n"
        "steps:\n"
        "  - {id: work, screen: month_range, label: {zh_CN: 工作, en: Work}, "
        "open_end: true}\n"
        "  - id: kin\n    screen: group\n    least: 0\n    most: 40\n"
        "    ask: {zh_CN: 有吗, en: Any}\n    label: {zh_CN: 亲属, en: Kin}\n"
        "    entry: {zh_CN: '第{n}位', en: 'No {n}'}\n"
        "    steps:\n"
        "      - {id: p, screen: person, role: {zh_CN: 亲属, en: kin}, parts: "
        "[name, number], why: {zh_CN: 因, en: Because}}\n"
        "      - {id: near, screen: choice, type: yes_no, when: 'p_name != "
        "\"?\"', ask: {zh_CN: '{p_name}', en: '{p_name}'}, label: {zh_CN: 近, "
        "en: Near}}\n"
        "  - {id: many, screen: choice, type: yes_no, when: 'size(kin) > 2 && "
        "kin.all(k, k.near == \"yes\")', ask: {zh_CN: 问, en: Ask}, label: "
        "{zh_CN: 多, en: Many}}\n"
        "  - {id: review, screen: review}\n"
        "  - {id: send, screen: send}\n"
        "  - id: result\n    screen: result\n    lines:\n"
        "      - {id: next, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: "
        "B}}\n");
    enum err err = pack_load(item_folder(), &problems, &pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    assert_int_equal(err, ERR_OK);
    item = pack_item(pack, 0);
    answers = answers_new();
    return 0;
}

static int done(void **state)
{
    answers_free(answers);
    pack_free(pack);
    return item_folder_remove(state);
}

static void say(const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

static void say_of(int entry, const char *part, const char *value)
{
    char name[NAME_BYTES];

    snprintf(name, sizeof name, "kin_%d_%s", entry, part);
    say(name, value);
}

static const char *told(int entry, const char *part)
{
    char name[NAME_BYTES];
    const char *value;

    snprintf(name, sizeof name, "kin_%d_%s", entry, part);
    value = answers_get(answers, name);
    return value ? value : "";
}

/* As many as named in names, each a letter; the last ends the group. */
static void enter(const char *names)
{
    char name[2] = "";
    char number[24];

    say("kin_any", "yes");
    for (int i = 1; names[i - 1]; i++) {
        name[0] = names[i - 1];
        snprintf(number, sizeof number, "number %c", name[0]);
        say_of(i, "p_name", name);
        say_of(i, "p_number", number);
        say_of(i, "near", "yes");
        say_of(i, "more", names[i] ? "yes" : "no");
    }
}

static void names_are(const char *names)
{
    char name[2] = "";

    assert_int_equal(walk_group_count(answers, "kin"), strlen(names));
    for (int i = 1; names[i - 1]; i++) {
        name[0] = names[i - 1];
        assert_string_equal(told(i, "p_name"), name);
        assert_string_equal(told(i, "more"), names[i] ? "yes" : "no");
    }
}

static const char *next_after(const char *id)
{
    int at = (int)(item_step(item, id) - item->steps);

    return item->steps[walk_next(item, answers, at)].id;
}

/* ---- Pages ------------------------------------------------------------------ */

static void test_pages(void **state)
{
    int place, count;

    (void)state;
    say("work_from", "2020-01");
    say("work_to", "2020-02");
    assert_string_equal(next_after("work_to"), "kin_any");
    /* One entry is counted, not forty, while nobody knows. */
    walk_place(item, answers, 2, &place, &count);
    assert_int_equal(place, 3);
    assert_int_equal(count, 8);
    say("kin_any", "no");
    assert_string_equal(next_after("kin_any"), "review");
    walk_place(item, answers, 2, &place, &count);
    assert_int_equal(count, 3);
    say("kin_any", "yes");
    assert_string_equal(next_after("kin_any"), "kin_1_p_name");
    enter("ab");
    assert_string_equal(next_after("kin_2_near"), "kin_2_more");
    /* The page between two whole entries is not seen again. */
    assert_string_equal(next_after("kin_1_near"), "kin_2_p_name");
    assert_string_equal(item->steps[walk_before(item, answers,
                                                (int)(item_step(item, "kin_2_p_"
                                                                      "name") -
                                                      item->steps))]
                            .id,
                        "kin_1_near");
    assert_string_equal(next_after("kin_2_more"), "review");
    /* Of one that is half done it is: there one can give it up. */
    answers_forget(answers, "kin_2_more");
    assert_string_equal(next_after("kin_1_near"), "kin_1_more");
}

static void test_holds(void **state)
{
    const struct step *last = item_step(item, "kin_40_more");

    (void)state;
    say("kin_40_more", "yes");
    assert_false(walk_holds(item, last, answers));
    say("kin_40_more", "no");
    assert_true(walk_holds(item, last, answers));
    say("kin_40_more", "perhaps");
    assert_false(walk_holds(item, last, answers));
}

/* ---- Taking one out ---------------------------------------------------------- */

static void test_remove(void **state)
{
    (void)state;
    enter("abc");
    assert_int_equal(walk_group_remove(item, answers, "kin", 2), ERR_OK);
    names_are("ac");
    assert_string_equal(told(3, "p_name"), "");
    assert_int_equal(walk_group_remove(item, answers, "kin", 2), ERR_OK);
    names_are("a");
    assert_int_equal(walk_group_remove(item, answers, "kin", 1), ERR_OK);
    names_are("");
    assert_string_equal(answers_get(answers, "kin_any"), "no");
    assert_int_equal(answers_count(answers), 1);
}

static void test_remove_first(void **state)
{
    (void)state;
    enter("abcd");
    assert_int_equal(walk_group_remove(item, answers, "kin", 1), ERR_OK);
    names_are("bcd");
}

/* One that was only begun; then the one behind it is. */
static void test_remove_half_done(void **state)
{
    (void)state;
    enter("ab");
    answers_forget(answers, "kin_2_near");
    answers_forget(answers, "kin_2_more");
    assert_int_equal(walk_group_remove(item, answers, "kin", 1), ERR_OK);
    assert_int_equal(walk_group_count(answers, "kin"), 1);
    assert_string_equal(told(1, "p_name"), "b");
    assert_string_equal(told(1, "near"), "");
    assert_string_equal(told(1, "more"), "");
    enter("ab");
    answers_forget(answers, "kin_2_near");
    answers_forget(answers, "kin_2_more");
    assert_int_equal(walk_group_remove(item, answers, "kin", 2), ERR_OK);
    names_are("a");
}

/* What falls away with it is told before, and only then does. */
static void test_remove_falls(void **state)
{
    struct walk_falls falls;

    (void)state;
    enter("abc");
    say("many", "yes");
    assert_int_equal(walk_group_would_drop(item, answers, "kin", 2, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 1);
    assert_string_equal(falls.list[0].step->id, "many");
    assert_false(falls.list[0].is_asked_again);
    names_are("abc");
    assert_non_null(answers_get(answers, "many"));
    assert_int_equal(walk_group_remove(item, answers, "kin", 2), ERR_OK);
    assert_null(answers_get(answers, "many"));
}

static void test_no_more_after_all(void **state)
{
    struct walk_falls falls;

    (void)state;
    enter("abc");
    assert_int_equal(walk_would_drop(item, answers, "kin_1_more", "no",
                                     SOURCE_CITIZEN, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 6); /* answers of the second and the third */
}

/* ---- In rules ----------------------------------------------------------------- */

static void test_rules(void **state)
{
    const struct step *many = item_step(item, "many");

    (void)state;
    assert_false(walk_shows(many, answers));
    enter("abc");
    assert_true(walk_shows(many, answers));
    say_of(2, "near", "no");
    assert_false(walk_shows(many, answers));
    enter("ab");
    assert_int_equal(walk_group_remove(item, answers, "kin", 3), ERR_OK);
    assert_false(walk_shows(many, answers));
}

/* All that may be entered. */
static void test_forty(void **state)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";

    (void)state;
    assert_int_equal(strlen(names), ITEM_ENTRIES_MAX);
    enter(names);
    assert_int_equal(walk_drop(item, answers), 0);
    assert_true(walk_shows(item_step(item, "many"), answers));
    assert_string_equal(next_after("kin_40_more"), "many");
    assert_int_equal(walk_group_remove(item, answers, "kin", 1), ERR_OK);
    names_are(names + 1);
}

/* ---- How they read ------------------------------------------------------------ */

static void test_texts(void **state)
{
    const struct step *page = item_step(item, "kin_2_more");
    struct buf text;

    (void)state;
    enter("ab");
    buf_init(&text, 512);
    walk_group_title(page, 2, LANGUAGE_ZH_CN, &text);
    buf_add_char(&text, ' ');
    walk_group_text(item, answers, "kin", 2, LANGUAGE_EN, &text);
    buf_add_char(&text, ' ');
    walk_text(item, page, answers, LANGUAGE_ZH_CN, &text);
    buf_add_char(&text, ' ');
    walk_fill(item, &item_step(item, "kin_2_near")->ask, answers, LANGUAGE_EN,
              &text);
    assert_string_equal(text.text, "第2位 b　number b 已填2个，没有了 b");
    buf_done(&text);
    assert_ptr_equal(walk_group_page(item, "kin", 2), page);
    assert_null(walk_group_page(item, "kin", 41));
}

/* Why a page is asked: that there is such an entry, then its own rule. */
static void test_causes(void **state)
{
    struct walk_cause causes[WALK_CAUSES_MAX];

    (void)state;
    enter("ab");
    assert_int_equal(
        walk_causes(item, item_step(item, "kin_1_p_name"), answers, causes), 1);
    assert_string_equal(causes[0].name, "kin_any");
    assert_int_equal(
        walk_causes(item, item_step(item, "kin_2_near"), answers, causes), 2);
    assert_string_equal(causes[0].name, "kin_1_more");
    assert_string_equal(causes[1].name, "kin_2_p_name");
    assert_int_equal(
        walk_causes(item, item_step(item, "work_to"), answers, causes), 0);
}

/* ---- What goes with what ------------------------------------------------------ */

static void test_clash(void **state)
{
    const struct step *to = item_step(item, "work_to");
    const struct step *one = item_step(item, "kin_1_p_number");
    const struct step *two = item_step(item, "kin_2_p_number");

    (void)state;
    say("work_from", "2020-02");
    assert_non_null(walk_clash(item, to, answers, "2020-01", false));
    assert_null(walk_clash(item, to, answers, "2020-02", false));
    /* A beginning that is changed takes an end before it away. */
    say("work_to", "2020-03");
    assert_int_equal(walk_drop(item, answers), 0);
    say("work_from", "2020-04");
    assert_int_equal(walk_drop(item, answers), 1);
    assert_int_equal(answers_set(answers, "work_to", "later", SOURCE_LATER),
                     ERR_OK);
    assert_int_equal(walk_drop(item, answers), 0);

    say_of(1, "p_number", NUMBER_1);
    assert_non_null(walk_clash(item, two, answers, NUMBER_1, false));
    assert_null(walk_clash(item, two, answers, NUMBER_2, false));
    assert_null(walk_clash(item, one, answers, NUMBER_1, false));
    say_of(2, "p_number", NUMBER_2);
    assert_non_null(walk_clash(item, one, answers, NUMBER_2, false));
    assert_null(walk_clash(item, one, answers, NUMBER_2, true));
    assert_int_equal(answers_set(answers, "card_number", NUMBER_2, SOURCE_CARD),
                     ERR_OK);
    assert_non_null(walk_clash(item, one, answers, NUMBER_2, true));
}

/* ---- Compiled ------------------------------------------------------------------ */

/* Pages made of a group know their entries still, and rules name the group. */
static void test_compiled(void **state)
{
    struct pack_about about = { .version = 1 };
    struct pack *again = NULL;
    struct buf file;

    (void)state;
    buf_init(&file, PACK_BYTES_MAX);
    assert_int_equal(pack_compile(pack, &about, &file), ERR_OK);
    assert_int_equal(pack_read(file.text, file.len, &again), PACK_FAULT_NONE);
    item = pack_item(again, 0);
    enter("abc");
    assert_true(walk_shows(item_step(item, "many"), answers));
    assert_int_equal(walk_group_remove(item, answers, "kin", 2), ERR_OK);
    names_are("ac");
    assert_false(walk_shows(item_step(item, "many"), answers));
    assert_false(walk_shows(item_step(item, "kin_3_near"), answers));
    pack_free(again);
    buf_done(&file);
}

/* ---- For who writes items ------------------------------------------------------ */

static void test_reach(void **state)
{
    int to = (int)(item_step(item, "kin_3_near") - item->steps);

    (void)state;
    assert_true(item_reach(item, to, 1767225600000, answers));
    assert_int_equal(walk_group_count(answers, "kin"), 3);
    assert_string_equal(told(2, "more"), "yes");
    assert_string_not_equal(told(1, "p_number"), told(2, "p_number"));
}

static void test_paths(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 256 * 1024);
    item_paths_text(item, &text);
    assert_non_null(strstr(text.text, "kin_1_more"));
    assert_non_null(strstr(text.text, "(again up to 40 times)"));
    assert_null(strstr(text.text, "kin_2"));
    buf_clear(&text);
    item_paths_svg(item, &text);
    assert_null(strstr(text.text, "kin_2"));
    buf_done(&text);
}

/* Four entries are printed, and where the others go. */
static void test_form(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 256 * 1024);
    item_form_compose(item, &text);
    assert_non_null(strstr(text.text, "第4位　No 4"));
    assert_null(strstr(text.text, "No 5"));
    /* The name that would stand in the question is still to be written. */
    assert_non_null(strstr(text.text, ". ______\""));
    assert_non_null(strstr(text.text, "Further ones on a sheet of their own."));
    buf_done(&text);
}

static void test_explored(void **state)
{
    struct problems problems;

    (void)state;
    problems_init(&problems);
    item_explore(item, &problems);
    assert_string_equal(problems.text.text, "");
    problems_done(&problems);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, done)
    const struct CMUnitTest tests[] = {
        TEST(test_pages),
        TEST(test_holds),
        TEST(test_remove),
        TEST(test_remove_first),
        TEST(test_remove_half_done),
        TEST(test_remove_falls),
        TEST(test_no_more_after_all),
        TEST(test_rules),
        TEST(test_forty),
        TEST(test_texts),
        TEST(test_clash),
        TEST(test_reach),
        TEST(test_causes),
        TEST(test_form),
        TEST(test_compiled),
        TEST(test_paths),
        TEST(test_explored),
    };

    return cmocka_run_group_tests_name("walk_group", tests, NULL, NULL);
}
