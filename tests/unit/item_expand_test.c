/* Compound steps and groups: what they become, and what is told of mistakes in
 * them, at the author's line. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>

/* These pages stand before the good item's review, whose file has them from
 * line 37 on. */
#define BEFORE "  - {id: review, screen: review}\n"
#define LABEL  "label: {zh_CN: 名, en: Name}"
#define ASK    "ask: {zh_CN: 问, en: Ask}"
#define ENTRY  "entry: {zh_CN: '第{n}个', en: 'No {n}'}"
#define WHY    "why: {zh_CN: 因, en: Because}"
#define AT     "small.yaml:37:"

static void told(const char *pages, const char *lines)
{
    char text[8192];

    snprintf(text, sizeof text, "%s" BEFORE, pages);
    item_tells(BEFORE, text, lines);
}

static int make_lists(void **state)
{
    static const char *const screens[] = { "card",    "choice", "field",
                                           "review",  "send",   "result",
                                           "another", NULL };
    int failed = item_folder_make(state);

    item_set_screens(screens);

    item_write("lists/counties.tsv",
               "value\tparent\tzh_CN\ten\n411303\t\t卧龙区\tWolong\n");
    item_write("lists/townships.tsv", "value\tparent\tzh_CN\ten\n"
                                      "411303002\t411303\t七一街道\tQiyi\n");
    return failed;
}

static int remove_lists(void **state)
{
    item_set_screens(NULL);
    return item_folder_remove(state);
}

/* The good item with these pages, without its tests. */
static struct pack *load(const char *pages)
{
    const char *at = strstr(item_good, BEFORE);
    const char *tests = strstr(item_good, "tests:\n");
    static char text[64 * 1024];
    size_t rest = tests ? (size_t)(tests - at) : strlen(at);

    snprintf(text, sizeof text, "%.*s%s%.*s", (int)(at - item_good), item_good,
             pages, (int)rest, at);
    item_write("small.yaml", text);
    return item_load_silently("");
}

/* ---- What they become ----------------------------------------------------- */

static void has(const struct item *item, const char *ids)
{
    struct buf all;

    buf_init(&all, 8 * 1024);
    for (size_t i = 0; i < item->step_count; i++)
        buf_add_format(&all, "%s ", item->steps[i].id);
    if (!strstr(all.text, ids))
        fail_msg("\"%s\" is not in \"%s\"", ids, all.text);
    buf_done(&all);
}

static void reads(const struct item *item, const char *id, const char *zh,
                  const char *en)
{
    const struct step *step = item_step(item, id);

    assert_non_null(step);
    assert_string_equal(step->label.in[LANGUAGE_ZH_CN], zh);
    assert_string_equal(step->label.in[LANGUAGE_EN], en);
}

static void test_range(void **state)
{
    struct pack *pack =
        load("  - {id: work, screen: month_range, when: age > 17, hint: "
             "{zh_CN: 看, en: Look}, label: {zh_CN: 工作, en: Work}, min: "
             "1990-01, open_end: true}\n"
             "  - {id: trip, screen: date_range, " LABEL
             ", pages: {to: {ask: {zh_CN: 几时回, en: When back}}}}\n");
    const struct item *item = pack_item(pack, 0);
    const struct step *from = item_step(item, "work_from");
    const struct step *to = item_step(item, "work_to");

    (void)state;
    has(item, "phone work_from work_to trip_from trip_to review");
    reads(item, "work_from", "工作（从）", "Work (from)");
    reads(item, "work_to", "工作（到）", "Work (to)");
    assert_int_equal(from->type, FIELD_TYPE_MONTH);
    assert_string_equal(to->not_before, "work_from");
    assert_string_equal(to->check.min, "1990-01");
    assert_non_null(to->when);
    assert_string_equal(to->way.in[LANGUAGE_EN], "Until now");
    assert_null(from->way.in[LANGUAGE_EN]);
    assert_string_equal(from->hint.in[LANGUAGE_EN], "Look");
    assert_null(to->hint.in[LANGUAGE_EN]);
    assert_int_equal(item_step(item, "trip_to")->type, FIELD_TYPE_DATE);
    assert_null(item_step(item, "trip_to")->way.in[LANGUAGE_EN]);
    assert_string_equal(item_step(item, "trip_to")->ask.in[LANGUAGE_EN],
                        "When back");
    pack_free(pack);
}

static void test_address(void **state)
{
    struct pack *pack =
        load("  - {id: born, screen: division, depth: county, " LABEL "}\n"
             "  - {id: home, screen: address, max: 40, way: {zh_CN: 走, en: "
             "Go}, " LABEL "}\n");
    const struct item *item = pack_item(pack, 0);
    const struct step *street = item_step(item, "home_street");

    (void)state;
    has(item, "phone born_county home_county home_township home_street review");
    assert_string_equal(item_step(item, "home_township")->under, "home_county");
    assert_int_equal(street->max_chars, 40);
    assert_string_equal(street->way.in[LANGUAGE_EN], "Go");
    assert_null(item_step(item, "home_county")->way.in[LANGUAGE_EN]);
    pack_free(pack);
}

static void test_person(void **state)
{
    struct pack *pack =
        load("  - {id: wife, screen: person, role: {zh_CN: 配偶, en: your "
             "spouse}, parts: [phone, number, name, relation], " WHY "}\n");
    const struct item *item = pack_item(pack, 0);

    (void)state;
    has(item, "phone wife_name wife_relation wife_number wife_phone review");
    reads(item, "wife_name", "配偶的姓名", "Name of your spouse");
    assert_string_equal(item_step(item, "wife_phone")->why.in[LANGUAGE_EN],
                        "Because");
    assert_true(item_step(item, "wife_number")->is_another_person);
    assert_int_equal(item_step(item, "wife_relation")->option_count, 6);
    pack_free(pack);
}

static const char children[] =
    "  - id: children\n"
    "    screen: group\n"
    "    least: 0\n"
    "    most: 3\n"
    "    " ASK "\n"
    "    " LABEL "\n"
    "    " ENTRY "\n"
    "    steps:\n"
    "      - {id: name, screen: field, type: text, max: 30, " ASK
    ", label: {zh_CN: 姓名, en: Name}}\n"
    "      - {id: born, screen: field, type: date, ask: {zh_CN: "
    "'{n}：{name}', en: '{n} {name}'}, " LABEL "}\n"
    "      - {id: school, screen: choice, type: yes_no, when: 'age(born) < 18 "
    "&& phone != \"born\"', " ASK ", " LABEL "}\n"
    "      - {id: went, screen: month_range, when: school == \"yes\", " LABEL
    "}\n"
    "  - {id: many, screen: choice, type: yes_no, when: 'children.exists(c, "
    "age(c.born) < 18) && size(children) > 1', " ASK ", " LABEL "}\n";

static void test_group(void **state)
{
    struct pack *pack = load(children);
    const struct item *item = pack_item(pack, 0);
    const struct step *school = item_step(item, "children_2_school");
    const struct step *more = item_step(item, "children_3_more");

    (void)state;
    has(item, "phone children_any children_1_name children_1_born "
              "children_1_school children_1_went_from children_1_went_to "
              "children_1_more children_2_name");
    has(item, "children_3_went_to children_3_more many review");
    reads(item, "children_2_name", "第2个：姓名", "No 2: Name");
    assert_string_equal(item_step(item, "children_2_born")->ask.in[0],
                        "2：{children_2_name}");
    /* What stands in quotes is no name. */
    assert_string_equal(school->when->text,
                        "age(children_2_born) < 18 && phone != \"born\"");
    assert_string_equal(item_step(item, "children_3_went_to")->not_before,
                        "children_3_went_from");
    assert_string_equal(more->group, "children");
    assert_int_equal(more->entry, 3);
    assert_int_equal(more->most_entries, 3);
    assert_string_equal(more->entry_words.in[LANGUAGE_EN], "No {n}");
    assert_string_equal(more->screen, "another");
    pack_free(pack);
}

/* What goes with a question in an entry is meant of that entry. */
static void test_asked_of_an_entry(void **state)
{
    struct pack *pack = load(
        "  - id: children\n"
        "    screen: group\n"
        "    least: 1\n"
        "    most: 2\n"
        "    " LABEL "\n"
        "    " ENTRY "\n"
        "    steps:\n"
        "      - {id: born, screen: field, type: date, " ASK ", " LABEL "}\n"
        "      - {id: school, screen: choice, type: yes_no, " ASK ", " LABEL
        "}\n"
        "      - id: left\n"
        "        screen: field\n"
        "        type: date\n"
        "        " ASK "\n"
        "        " LABEL "\n"
        "        required: school == \"yes\"\n"
        "        prefill: [born, kind]\n"
        "        allowed: [{id: after, must: left >= born, message: {zh_CN: "
        "'第{n}个', en: 'No {n}'}, severity: warning}]\n");
    const struct step *left = item_step(pack_item(pack, 0), "children_2_left");

    (void)state;
    assert_string_equal(left->required->text, "children_2_school == \"yes\"");
    assert_string_equal(left->prefill[0], "children_2_born");
    assert_string_equal(left->prefill[1], "kind");
    assert_string_equal(left->allowed[0].must->text,
                        "children_2_left >= children_2_born");
    assert_string_equal(left->allowed[0].message.in[LANGUAGE_EN], "No 2");
    pack_free(pack);
}

/* A county says otherwise of a group as of any step, and of its pages. */
static void test_overlay(void **state)
{
    struct pack *pack = load(children);
    const struct item *item;

    (void)state;
    pack_free(pack);
    item_write("overlays/411381/small.yaml",
               "over: small\nsteps:\n"
               "  - id: children\n    most: 2\n    steps:\n"
               "      - {id: name, hint: {zh_CN: 看, en: Look}}\n"
               "      - {id: pet, after: name, screen: choice, type: yes_no, "
               "" ASK ", " LABEL "}\n");
    pack = item_load_silently("411381");
    item = pack_item(pack, 0);
    has(item, "children_2_name children_2_pet children_2_born");
    has(item, "children_2_more many");
    assert_string_equal(item_step(item, "children_2_name")->hint.in[1], "Look");
    pack_free(pack);
}

/* ---- Mistakes -------------------------------------------------------------- */

static void test_compound_mistakes(void **state)
{
    (void)state;
    told("  - {id: a, screen: month_rnage, " LABEL "}\n",
         AT "21: error: unknown screen \"month_rnage\"; did you mean "
            "\"month_range\"?\n");
    told("  - {id: a, screen: month_range, lable: {zh_CN: 名, en: N}}\n",
         AT "34: error: unknown key \"lable\" here; did you mean \"label\"?\n");
    told("  - {id: a, screen: month_range, type: month, " LABEL "}\n",
         AT "34: error: \"type\" means nothing on this kind of page, only on: "
            "choice, field, computed\n");
    told("  - {id: a, screen: month_range, min: 2020, " LABEL "}\n",
         AT "39: error: expected what the field could send, such as "
            "2026-01\n");
    told("  - {id: a, screen: date_range, open_end: maybe, " LABEL "}\n",
         AT "43: error: expected true or false\n");
    told("  - {id: a, screen: address, depth: village, " LABEL "}\n",
         AT "37: error: expected county or township\n");
    /* words that no page shows, for all have their own */
    told("  - {id: a, screen: person, role: {zh_CN: 某}, parts: [phone], " WHY
         ", pages: {phone: {" ASK ", " LABEL "}}}\n",
         AT "35: error: the text in en is missing\n");
    told("  - {id: a, screen: person, role: {zh_CN: 某}, parts: [phone], " WHY
         "}\n",
         AT "35: error: the text in en is missing\n");
    told("  - {id: a, screen: person, role: {zh_CN: 某, en: x}, parts: [name, "
         "fone]}\n",
         AT "68: error: no such part: expected of name, relation, number, "
            "born, phone; did you mean \"phone\"?\n");
    told("  - {id: a, screen: person, role: {zh_CN: 某, en: x}, parts: [name, "
         "name]}\n",
         AT "68: error: the part \"name\" stands here twice\n");
    /* Sensitive, and no why; it is told where the part is asked for. */
    told("  - {id: a, screen: person, role: {zh_CN: 某, en: x}, parts: [name, "
         "number]}\n",
         AT "68: error: sensitive data, and nothing says what it is needed "
            "for: write why: {zh_CN: …, en: …} beside it\n");
    told("  - {id: a, screen: date_range, " LABEL ", pages: {til: {" ASK
         "}}}\n",
         AT "70: error: no such part: expected of from, to\n");
    told("  - {id: a, screen: date_range, " LABEL
         ", pages: {to: {type: month}}}\n",
         AT "75: error: \"type\" of this part is built in: expected it not "
            "here\n");
    told("  - {id: a, screen: date_range, " LABEL
         ", pages: {to: {hnt: {zh_CN: 看, en: Look}}}}\n",
         AT "75: error: unknown key \"hnt\" here; did you mean \"hint\"?\n");
    told("  - {id: a_to, screen: choice, type: yes_no, " ASK ", " LABEL "}\n"
         "  - {id: a, screen: date_range, " LABEL "}\n",
         "small.yaml:38:10: error: another step gives the answer \"a_to\" "
         "already\n"
         "small.yaml:38:10: error: the id \"a_to\" stands here twice\n");
    told("  - {id: a, screen: another, " LABEL "}\n",
         AT "21: error: this page comes by itself behind each entry of a "
            "group: expected screen: group\n");
    told("  - {id: a, screen: field, type: date, not_before: phone, " ASK
         ", " LABEL "}\n",
         AT "52: error: expected, on a date or a month, the answer of an "
            "earlier field of the same type\n");
    told("  - {id: a, screen: field, type: date, another_person: true, " ASK
         ", " LABEL "}\n",
         AT "56: error: only a field of type id_number is another "
            "person's\n");
}

#define PAGE        "[{id: x, screen: choice, type: yes_no, " ASK ", " LABEL "}]"
#define GROUP(more) "  - {id: a, screen: group, " more ", " LABEL "}\n"

static void test_group_mistakes(void **state)
{
    (void)state;
    told(GROUP("least: 3, most: 2, " ENTRY ", steps: " PAGE),
         AT "35: error: at least 3 and at most 2: expected the least not over "
            "the most\n");
    told(GROUP("least: 1, most: 2, " ASK ", " ENTRY ", steps: " PAGE),
         AT "52: error: \"ask\" stands on the page that comes first with "
            "least: 0: expected it on the pages of an entry\n");
    told(GROUP("least: -1, most: 2, " ENTRY ", " ASK ", steps: " PAGE),
         AT "35: error: expected a whole number from 0 to 40\n");
    told(GROUP("least: 1, most: 41, " ENTRY ", steps: " PAGE),
         AT "44: error: expected a whole number from 1 to 40\n");
    told(GROUP("least: 1, most: 2, entry: {zh_CN: '第{n}个', en: One}, steps: "
               "" PAGE),
         AT "75: error: expected {n}, the entry's number, in it: such as "
            "'Child {n}'\n");
    told(GROUP("least: 1, most: 2, " ENTRY
               ", steps: [{id: b, screen: group, least: 1, most: 2, " ENTRY
               ", " LABEL ", steps: " PAGE "}]"),
         AT "94: error: a group in a group is not accepted: expected ordinary "
            "pages in an entry\n");
    told(
        GROUP("least: 1, most: 2, " ENTRY ", steps: [{id: b, screen: review}]"),
        AT "94: error: screen: review cannot be in an entry: expected choice, "
           "field, month_range, date_range, division, address or person\n");
    told(GROUP("least: 1, most: 2, " ENTRY
               ", steps: [{id: more, screen: choice, type: yes_no, " ASK
               ", " LABEL "}]"),
         AT "99: error: \"more\" is the group's own page: choose another "
            "name\n");
    told("  - {id: a, screen: group, least: 0, most: 2, " ENTRY ", " LABEL
         ", steps: " PAGE "}\n",
         AT "5: error: with least: 0 it lacks \"ask\": whether there are "
            "any\n");
    told("  - {id: b, screen: choice, type: yes_no, when: size(a) > 1, " ASK
         ", " LABEL "}\n" GROUP("least: 1, most: 2, " ENTRY ", steps: " PAGE),
         AT "54: error: unknown name \"a\": expected a name that is answered "
            "before, or a text in quotes\n");
    told(GROUP("least: 1, most: 2, " ENTRY
               ", steps: [{id: born, screen: choice, type: yes_no, " ASK
               ", " LABEL "}]") "  - {id: b, screen: choice, type: yes_no, "
                                "when: 'a.all(c, c.vorn == "
                                "\"yes\")', " ASK ", " LABEL "}\n",
         "small.yaml:38:61: error: an entry of \"a\" has no \"vorn\"; did you "
         "mean \"born\"?\n");
    told("  - {id: a_2_x, screen: choice, type: yes_no, " ASK ", " LABEL
         "}\n" GROUP("least: 1, most: 2, " ENTRY ", steps: " PAGE),
         "small.yaml:38:99: error: another step gives the answer \"a_2_x\" "
         "already\n"
         "small.yaml:38:99: error: the id \"a_2_x\" stands here twice\n");
}

/* A rule that cannot be read is told once of all the entries it stands in, and
 * is read in none of them: a fuzz target's finding, which crashed. */
static void test_rule_of_each_entry(void **state)
{
    (void)state;
    told(GROUP(
             "least: 1, most: 3, " ENTRY
             ", steps: [{id: x, screen: choice, type: yes_no, when: '\\0', " ASK
             ", " LABEL "}]"),
         AT
         "139: error: expected a name, a number, a text in quotes, a list, or "
         "a sign such as == < && + ( here\n");
}

/* What only such a question has is not read on a page whose kind is not known:
 * a fuzz target's finding, which crashed. */
static void test_kind_misspelt(void **state)
{
    (void)state;
    told("  - {id: a, screeh: group, least: 1, most: 2, " ENTRY ", " LABEL
         ", steps: " PAGE ", parts: [name], depth: county, open_end: true, "
         "pages: {from: {" LABEL "}}}\n",
         AT "13: error: unknown key \"screeh\" here; did you mean "
            "\"screen\"?\n");
    told("  - {id: a, screen: gruop, least: 1, most: 2, " ENTRY ", " LABEL
         ", steps: " PAGE "}\n",
         AT "21: error: unknown screen \"gruop\"; did you mean \"group\"?\n");
}

/* Forty entries of fourteen pages are more than an item may have. */
static void test_too_many(void **state)
{
    struct problems problems;
    struct pack *pack = NULL;
    struct buf text;
    const char *at = strstr(item_good, BEFORE);

    (void)state;
    buf_init(&text, 64 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, "  - id: a\n    screen: group\n    least: 1\n    most: "
                        "40\n    " LABEL "\n    " ENTRY "\n    steps:\n");
    for (int i = 0; i < 14; i++)
        buf_add_format(&text,
                       "      - {id: x%d, screen: choice, type: yes_no, " ASK
                       ", " LABEL "}\n",
                       i);
    buf_add_text(&text, at);
    item_write("small.yaml", text.text);
    buf_done(&text);
    problems_init(&problems);
    assert_int_equal(pack_load(item_folder(), &problems, &pack), ERR_BAD_INPUT);
    assert_non_null(strstr(problems.text.text,
                           "error: with this the item has more than 512 "
                           "pages: expected fewer entries (most), or fewer "
                           "pages in each"));
    problems_done(&problems);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_lists, remove_lists)
    const struct CMUnitTest tests[] = {
        TEST(test_range),
        TEST(test_address),
        TEST(test_person),
        TEST(test_group),
        TEST(test_asked_of_an_entry),
        TEST(test_overlay),
        TEST(test_compound_mistakes),
        TEST(test_group_mistakes),
        TEST(test_kind_misspelt),
        TEST(test_rule_of_each_entry),
        TEST(test_too_many),
    };

    return cmocka_run_group_tests_name("item_expand", tests, NULL, NULL);
}
