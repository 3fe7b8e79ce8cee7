/* Walking every way through an item: parts that have nothing to do with each
 * other are not multiplied, and nothing is missed for it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/item_pages.h"

enum { TEXT_BYTES = 64 * 1024, FIRST_LINE = 12 };

/* An item whose pages and result lines each test adds. */
struct made {
    struct buf text;
    int line; /* the next one */
};

static void add(struct made *made, const char *text)
{
    buf_add_text(&made->text, text);
    for (; *text; text++)
        made->line += *text == '\n';
}

static void begin_head(struct made *made, const char *rest)
{
    made->line = 1;
    buf_init(&made->text, TEXT_BYTES);
    add(made, "id: small\n"
              "version: 1\n"
              "order: 7\n"
              "title: {zh_CN: 小事, en: Small}\n"
              "summary: {zh_CN: 一行, en: One line}\n"
              "bring: {zh_CN: 两行, en: Two lines}\n"
              "authority: {zh_CN: 某局, en: Bureau}\n"
              "unit: {zh_CN: 某处, en: Office}\n"
              "contact: {zh_CN: 某人, en: Someone}\n");
    add(made, rest);
}

static void begin(struct made *made)
{
    begin_head(made, "needs: {network: wished, reader: no, printer: no}\n"
                     "assurance: none\n"
                     "steps:\n");
}

/* A question of yes and no; more: what else its step says. */
static void ask(struct made *made, const char *name, const char *more)
{
    char text[1000];

    snprintf(text, sizeof text,
             "  - id: %s\n"
             "    screen: choice\n"
             "    ask: {zh_CN: 问, en: Ask}\n"
             "    label: {zh_CN: 名, en: Name}\n"
             "%s"
             "    options:\n"
             "      - {value: y, text: {zh_CN: 甲, en: A}}\n"
             "      - {value: n, text: {zh_CN: 乙, en: B}}\n",
             name, more);
    add(made, text);
}

static void ask_many(struct made *made, int count)
{
    char name[16];

    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "q%d", i);
        ask(made, name, "");
    }
}

static void add_end(struct made *made)
{
    add(made, "  - {id: review, screen: review}\n"
              "  - {id: send, screen: send}\n"
              "  - id: result\n"
              "    screen: result\n"
              "    lines:\n");
}

/* Returns in which line of the file it stands. */
static int add_line(struct made *made, const char *id, const char *when)
{
    char text[1000];
    int line = made->line;

    snprintf(text, sizeof text,
             "      - {id: %s, when: '%s', label: {zh_CN: 甲, en: A}, text: "
             "{zh_CN: 乙, en: B}}\n",
             id, when);
    add(made, text);
    return line;
}

/* told: with the line of the file in it, as %d. */
static void tells(struct made *made, const char *told, int line)
{
    char lines[1000] = "";

    item_write("small.yaml", made->text.text);
    if (told) {
        const char *at = strstr(told, "%d");

        assert_non_null(at);
        snprintf(lines, sizeof lines, "small.yaml:%.*s%d%s\n", (int)(at - told),
                 told, line, at + 2);
    }
    item_folder_tells("", lines);
    buf_done(&made->text);
}

/* So many questions; behind them a page of each, with a stop of its own. */
static void add_parts(struct made *made, int count)
{
    char name[16], more[300];

    ask_many(made, count);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "d%d", i);
        snprintf(more, sizeof more,
                 "    when: q%d == \"y\"\n"
                 "    stops:\n"
                 "      - id: halt\n"
                 "        when: d%d == \"n\"\n"
                 "        reason: {zh_CN: 因, en: Because}\n"
                 "        done: {zh_CN: 无, en: Nothing}\n"
                 "        ways: [{zh_CN: 走, en: Go}]\n",
                 i, i);
        ask(made, name, more);
    }
}

static void test_independent(void **state)
{
    enum { PARTS = 12 };
    char id[16], when[40];
    struct made made;

    (void)state;
    begin(&made);
    add_parts(&made, PARTS);
    add_end(&made);
    for (int i = 0; i < PARTS; i++) {
        snprintf(id, sizeof id, "l%d", i);
        snprintf(when, sizeof when, "q%d == \"y\" && q0 == \"n\"", i);
        if (i > 0)
            (void)add_line(&made, id, when);
    }
    tells(&made, NULL, 0);
}

/* They would be 2^32 ways. */
static void test_many_independent(void **state)
{
    enum { PARTS = 32 };
    char id[16], when[40];
    struct made made;

    (void)state;
    begin(&made);
    ask_many(&made, PARTS);
    add_end(&made);
    for (int i = 0; i < PARTS; i++) {
        snprintf(id, sizeof id, "l%d", i);
        snprintf(when, sizeof when, "q%d == \"y\"", i);
        (void)add_line(&made, id, when);
    }
    tells(&made, NULL, 0);
}

/* What hangs on answers of two parts is found wherever they lie, and what does
 * come on one of their combinations is not called dead. */
static void test_combination(void **state)
{
    struct made made;
    int line;

    (void)state;
    begin(&made);
    ask_many(&made, 14);
    ask(&made, "dead", "    when: q3 == \"y\" && q3 == \"n\"\n");
    add_end(&made);
    (void)add_line(&made, "both", "q1 == \"n\" && q12 == \"y\"");
    tells(&made,
          "%d:11: error: this page never comes: its rule holds on no way "
          "through the item",
          FIRST_LINE + 1 + 14 * 7 + 4);
    /* A page between takes one combination away. */
    begin(&made);
    ask_many(&made, 14);
    add(&made, "  - id: over\n"
               "    screen: closing\n"
               "    when: q2 == \"y\" && q11 == \"n\"\n"
               "    ask: {zh_CN: 完, en: Over}\n"
               "    lines:\n"
               "      - {id: so, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, "
               "en: B}}\n");
    ask(&made, "last", "");
    add_end(&made);
    (void)add_line(&made, "one", "q2 == \"y\" && q11 == \"y\"");
    line =
        add_line(&made, "none", "last == \"y\" && q2 == \"y\" && q11 != \"y\"");
    tells(&made,
          "%d:26: error: this line never stands there: its rule holds on no "
          "way through the item",
          line);
}

/* A stop far behind, of the answers of two parts: told with how one got there. */
static void test_nothing_to_choose(void **state)
{
    struct made made;

    (void)state;
    begin(&made);
    ask_many(&made, 12);
    add(&made, "  - id: pick\n"
               "    screen: choice\n"
               "    ask: {zh_CN: 问, en: Ask}\n"
               "    label: {zh_CN: 名, en: Name}\n"
               "    options:\n"
               "      - {value: a, text: {zh_CN: 甲, en: A}, when: q4 == "
               "\"y\"}\n"
               "      - {value: b, text: {zh_CN: 乙, en: B}, when: q9 == "
               "\"y\"}\n");
    add_end(&made);
    (void)add_line(&made, "a", "pick == \"a\"");
    tells(&made,
          "%d:5: error: nothing can be chosen here after q0=y, q1=y, q2=y, "
          "q3=y, q4=n, q5=y, q6=y, q7=y, q8=y, q9=n, q10=y, q11=y: expected "
          "an option that is offered, or a way round",
          FIRST_LINE + 1 + 12 * 7);
}

/* Behind a stop that only two answers together pass, all is still looked at. */
static void test_stop_between(void **state)
{
    struct made made;
    int line;

    (void)state;
    begin(&made);
    ask_many(&made, 10);
    ask(&made, "gate",
        "    stops:\n"
        "      - id: halt\n"
        "        when: gate == \"y\" && q1 != q8\n"
        "        reason: {zh_CN: 因, en: Because}\n"
        "        done: {zh_CN: 无, en: Nothing}\n"
        "        ways: [{zh_CN: 走, en: Go}]\n");
    ask(&made, "last", "");
    add_end(&made);
    line =
        add_line(&made, "never", "gate == \"y\" && q1 == \"y\" && q8 == \"n\"");
    (void)add_line(&made, "once",
                   "gate == \"n\" && q1 == \"y\" && q8 == \"n\"");
    tells(&made,
          "%d:27: error: this line never stands there: its rule holds on no "
          "way through the item",
          line);
}

/* The first way with an answer ends on a page that looks at another one: what
 * stands behind it is reached all the same. */
static void test_end_between(void **state)
{
    struct made made;

    (void)state;
    begin(&made);
    ask_many(&made, 3);
    add(&made, "  - id: over\n"
               "    screen: closing\n"
               "    when: q0 == \"y\"\n"
               "    ask: {zh_CN: 完, en: Over}\n"
               "    lines:\n"
               "      - {id: so, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, "
               "en: B}}\n");
    add_end(&made);
    (void)add_line(&made, "late", "q1 == \"n\"");
    tells(&made, NULL, 0);
}

/* What is computed of two parts is wrong for one combination only. */
static void test_computed(void **state)
{
    struct made made;
    int line;

    (void)state;
    begin(&made);
    ask_many(&made, 12);
    line = made.line + 4;
    add(&made, "  - id: sum\n"
               "    screen: computed\n"
               "    label: {zh_CN: 名, en: Name}\n"
               "    hidden: true\n"
               "    value: 'q2 == \"n\" && q7 == \"n\" ? 1 / (q2 == \"n\" ? 0 "
               ": 1) : 2'\n");
    add_end(&made);
    (void)add_line(&made, "two", "sum == \"2\" && q0 == \"y\"");
    tells(&made,
          "%d:12: error: nothing can be computed here after q0=y, q1=y, q2=n, "
          "q3=y, q4=y, q5=y, q6=y, q7=n, q8=y, q9=y, q10=y, q11=y: division "
          "by zero",
          line);
}

/* Where the way ends is asked of the way that came there. */
static void test_open_end(void **state)
{
    struct made made;

    (void)state;
    begin(&made);
    ask_many(&made, 10);
    add(&made, "  - id: over\n"
               "    screen: closing\n"
               "    when: q2 == \"y\" || q7 == \"y\"\n"
               "    ask: {zh_CN: 完, en: Over}\n"
               "    lines:\n"
               "      - {id: so, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, "
               "en: B}}\n");
    tells(&made,
          "%d:3: error: nothing ends the item after q0=y, q1=y, q2=n, q3=y, "
          "q4=y, q5=y, q6=y, q7=n, q8=y, q9=y: expected a closing page there, "
          "or a step with screen: send and then one with screen: result",
          FIRST_LINE + 1);
}

/* How many questions stood before it belongs to the whole way: four do only for
 * who said yes twice. */
static void test_late_card(void **state)
{
    struct made made;

    (void)state;
    begin_head(&made, "needs: {network: wished, reader: must, printer: no}\n"
                      "assurance: typed\n"
                      "card_fields: [name, number]\n"
                      "notice: {version: 1, text: {zh_CN: 告知, en: Notice}}\n"
                      "steps:\n");
    ask(&made, "a", "");
    ask(&made, "b", "    when: a == \"n\"\n");
    ask(&made, "c", "");
    ask(&made, "d", "    when: a == \"n\" && c == \"n\"\n");
    add(&made, "  - {id: card, screen: card, may_type: true}\n");
    add_end(&made);
    (void)add_line(&made, "c", "c == \"y\"");
    tells(&made,
          "%d:5: warning: 4 questions stand before the card after a=n, b=y, "
          "c=n, d=y: expected at most 3, and the others behind it",
          made.line - 7);
}

/* An entry of a group and a question before it. */
static void test_group(void **state)
{
    struct made made;
    int line;

    (void)state;
    begin(&made);
    ask_many(&made, 8);
    add(&made, "  - id: kids\n"
               "    screen: group\n"
               "    ask: {zh_CN: 有吗, en: Any}\n"
               "    label: {zh_CN: 名, en: Name}\n"
               "    entry: {zh_CN: '第{n}个', en: 'No {n}'}\n"
               "    most: 4\n"
               "    least: 0\n"
               "    steps:\n"
               "      - {id: big, screen: choice, ask: {zh_CN: 问, en: Ask}, "
               "label: {zh_CN: 名, en: Name}, options: [{value: y, text: "
               "{zh_CN: 甲, en: A}}, {value: n, text: {zh_CN: 乙, en: B}}]}\n");
    add_end(&made);
    (void)add_line(&made, "some",
                   "q5 == \"y\" && kids.exists(k, k.big == \"n\")");
    line = add_line(&made, "none",
                    "q5 == \"y\" && q5 == \"n\" && size(kids) == 1");
    tells(&made,
          "%d:26: warning: this line never stands there: its rule holds on no "
          "way through the item (entries of a group from the second on were "
          "tried with one answer each)",
          line);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_independent),  TEST(test_many_independent),
        TEST(test_combination),  TEST(test_nothing_to_choose),
        TEST(test_stop_between), TEST(test_computed),
        TEST(test_open_end),     TEST(test_late_card),
        TEST(test_group),        TEST(test_end_between),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
