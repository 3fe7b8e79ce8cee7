/* What an item's test may expect to be said on its pages: what is refused, what
 * is warned of, which lines stand on any of them, what is sensitive, how many
 * ways a stop has. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/item_pages.h"

enum { TEXT_BYTES = 64 * 1024 };

/* Its first test goes to the end, its second one to the stop. */
static const char item[] =
    "id: small\n"
    "version: 1\n"
    "order: 7\n"
    "title: {zh_CN: 小事, en: Small}\n"
    "summary: {zh_CN: 一行, en: One line}\n"
    "bring: {zh_CN: 两行, en: Two lines}\n"
    "authority: {zh_CN: 某局, en: Bureau}\n"
    "unit: {zh_CN: 某处, en: Office}\n"
    "contact: {zh_CN: 某人, en: Someone}\n"
    "fee: {text: {zh_CN: 不收费, en: Free}, unverified: true}\n"
    "needs: {network: wished, reader: no, printer: no}\n"
    "assurance: none\n"
    "steps:\n"
    "  - id: guide\n"
    "    screen: guide\n"
    "    lines:\n"
    "      - {id: what, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}\n"
    "      - {id: fee, label: {zh_CN: 甲, en: A}, text: {zh_CN: '{fee}', en: "
    "'{fee}'}}\n"
    "      - {id: law, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}, "
    "unverified: true}\n"
    "      - {id: end, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}\n"
    "  - id: kind\n"
    "    screen: choice\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    sensitive: true\n"
    "    why: {zh_CN: 因, en: Why}\n"
    "    options:\n"
    "      - {value: a, text: {zh_CN: 甲, en: A}}\n"
    "      - {value: b, text: {zh_CN: 乙, en: B}}\n"
    "    stops:\n"
    "      - id: halt\n"
    "        when: kind == \"b\"\n"
    "        reason: {zh_CN: 因, en: Because}\n"
    "        done: {zh_CN: 无, en: Nothing}\n"
    "        ways: [{zh_CN: 走, en: Go}, {zh_CN: 问, en: Ask}]\n"
    "  - id: rooms\n"
    "    screen: field\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    type: number\n"
    "    max: 99\n"
    "    allowed:\n"
    "      - {id: some, must: int(rooms) >= 1, message: {zh_CN: 一, en: "
    "One.}}\n"
    "      - {id: even, must: int(rooms) % 2 == 0 || int(rooms) < 20, message: "
    "{zh_CN: 双, en: Even.}}\n"
    "      - {id: many, must: int(rooms) <= 20, message: {zh_CN: 多, en: "
    "Many.}, severity: warning}\n"
    "      - {id: most, must: int(rooms) <= 40, message: {zh_CN: 多, en: "
    "Most.}, severity: information}\n"
    "  - id: papers\n"
    "    screen: choices\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    most: 2\n"
    "    options:\n"
    "      - {value: x, text: {zh_CN: 甲, en: A}}\n"
    "      - {value: y, text: {zh_CN: 乙, en: B}}\n"
    "      - {value: z, text: {zh_CN: 丙, en: C}}\n"
    "  - id: number\n"
    "    screen: field\n"
    "    ask: {zh_CN: 问, en: Ask}\n"
    "    label: {zh_CN: 名, en: Name}\n"
    "    type: id_number\n"
    "    why: {zh_CN: 因, en: Why}\n"
    "    required: rooms == \"3\"\n"
    "  - {id: review, screen: review}\n"
    "  - {id: send, screen: send}\n"
    "  - id: result\n"
    "    screen: result\n"
    "    lines:\n"
    "      - {id: next, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}\n"
    "tests:\n";
enum { TEST_LINE = 72 };

/* The item with one test, whose further lines are given: exactly this is told,
 * "N:COLUMN: error: what" of each, N being the line of what was given from 1. */
static void tells(const char *rooms, const char *given, const char *told)
{
    char line[600] = "";
    struct buf text;
    int nth, column, past = 0;

    buf_init(&text, TEXT_BYTES);
    buf_add_format(&text,
                   "%s  - name: one\n"
                   "    answers: {kind: a, rooms: %s, papers: [x], number: "
                   "'%s'}\n"
                   "    pages: [guide, kind, rooms, papers, number, review, "
                   "send, result]\n%s",
                   item, rooms,
                   strcmp(rooms, "3") == 0 ? "999999199003070012" : "", given);
    item_write("small.yaml", text.text);
    buf_done(&text);
    if (*told) {
        nth = *told - '0';
        column = 10 * (told[2] - '0') + told[3] - '0';
        past = 4;
        snprintf(line, sizeof line,
                 "small.yaml:%d:%d: error: test \"one\": %s\n", TEST_LINE + nth,
                 column, told + past + 2);
    }
    item_folder_tells("", line);
}

static void test_refused(void **state)
{
    (void)state;
    tells("2",
          "    refused: {rooms: {0: some, 21: even, 100: form, x: form}}\n",
          "");
    tells("2", "    refused: {papers: {'x,y,z': form, '': form, x: form}}\n",
          "1:49: \"x\" is taken on the page \"papers\": expected it to be "
          "refused by \"form\"");
    tells("2", "    refused: {kind: {c: form}, number: {'123': form}}\n", "");
    /* A rule that is loosened, or dropped. */
    tells(
        "2", "    refused: {rooms: {1: some}}\n",
        "1:23: \"1\" is taken on the page \"rooms\": expected it to be refused "
        "by \"some\"");
    tells("2", "    refused: {rooms: {0: even}}\n",
          "1:26: \"0\" is refused by \"some\", not by \"even\"");
    tells("2", "    refused: {rooms: {100: some}}\n",
          "1:28: \"100\" is refused by \"form\", not by \"some\"");
    /* What was answered before counts. */
    tells("3", "    refused: {number: {'': required}}\n", "");
    tells(
        "2", "    refused: {number: {'': required}}\n",
        "1:24: \"\" is taken on the page \"number\": expected it to be refused "
        "by \"required\"");
}

static void test_refused_misuse(void **state)
{
    (void)state;
    tells("2", "    refused: {rooms: {0: soem}}\n",
          "1:26: nothing of that name refuses on the page \"rooms\": expected "
          "one of some, even, form, required, fixed");
    /* A warning refuses nothing. */
    tells("2", "    refused: {rooms: {22: many}}\n",
          "1:27: nothing of that name refuses on the page \"rooms\": expected "
          "one of some, even, form, required, fixed");
    tells("2", "    refused: {kind: {c: some}}\n",
          "1:25: nothing of that name refuses on the page \"kind\": expected "
          "one of form, required, fixed");
    tells("2", "    refused: {romms: {0: some}}\n",
          "1:15: no choice or field answers \"romms\": nothing is refused "
          "there");
}

static void test_warned(void **state)
{
    (void)state;
    tells("2", "    warned: {rooms: {20: [], 22: many, 42: [many, most]}}\n",
          "");
    tells("2", "    warned: {rooms: {22: []}}\n",
          "1:26: of \"22\" \"many\" is said, too");
    tells("2", "    warned: {rooms: {20: many}}\n",
          "1:26: of \"20\" \"many\" is not said");
    tells("2", "    warned: {rooms: {42: many}}\n",
          "1:26: of \"42\" \"most\" is said, too");
    tells("2", "    warned: {rooms: {42: [most, many]}}\n",
          "1:27: of \"42\" \"many\" is said where \"most\" is expected");
}

static void test_warned_misuse(void **state)
{
    (void)state;
    tells("2", "    warned: {rooms: {0: many}}\n",
          "1:22: \"0\" is refused by \"some\" on the page \"rooms\": expected "
          "it under refused");
    tells("2", "    warned: {rooms: {22: some}}\n",
          "1:26: nothing of that name warns or informs on the page \"rooms\": "
          "expected one of many, most");
    tells("2", "    warned: {kind: {a: some}}\n",
          "1:24: the page \"kind\" says nothing of its answer: expected one "
          "with severity: warning or information under allowed");
    tells("2", "    warned: {guide: {a: some}}\n",
          "1:14: no choice or field answers \"guide\": nothing is warned "
          "there");
}

/* A line that nobody has verified, or that stands on such a fact, is none. */
static void test_lines_of(void **state)
{
    (void)state;
    tells("2", "    lines_of: {guide: [what, end], result: [next]}\n", "");
    tells("2", "    lines_of: {guide: [what]}\n",
          "1:23: the line \"end\" stands there, too");
    tells("2", "    lines_of: {guide: [what, law, end]}\n",
          "1:30: the line \"end\" stands where \"law\" is expected");
    tells("2", "    lines_of: {guide: [what, end, fee]}\n",
          "1:35: the line \"fee\" does not stand there");
    tells("2", "    lines_of: {guide: [waht, end]}\n",
          "1:24: no line \"waht\" is on the page \"guide\": expected one of "
          "what, fee, law, end");
    tells("2", "    lines_of: {kind: [what]}\n",
          "1:23: no line \"what\" is on the page \"kind\"");
    tells("2", "    lines_of: {gide: [what]}\n",
          "1:16: the item has no page \"gide\": expected one of its steps");
}

static void test_sensitive(void **state)
{
    (void)state;
    tells("2", "    sensitive: [kind, number]\n", "");
    tells("2", "    sensitive: [kind]\n", "1:16: \"number\" is sensitive, too");
    tells("2", "    sensitive: [number]\n",
          "1:17: \"kind\" is sensitive where \"number\" is expected");
    tells("2", "    sensitive: [kind, number, rooms]\n",
          "1:31: \"rooms\" is no sensitive page here: expected sensitive: true "
          "on it, or another");
}

static void stop_tells(const char *given, const char *told)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES);
    buf_add_format(&text,
                   "%s  - name: one\n"
                   "    answers: {kind: b}\n"
                   "    pages: [guide, kind]\n"
                   "    stop: halt\n%s",
                   item, given);
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells("", told);
}

static void test_ways(void **state)
{
    (void)state;
    stop_tells("    ways: 2\n    lines_of: {guide: [what, end]}\n", "");
    stop_tells("    ways: 1\n",
               "small.yaml:74:11: error: test \"one\": the stop \"halt\" has 2 "
               "ways on, not 1\n");
    stop_tells("    ways: 4\n",
               "small.yaml:74:11: error: expected a whole number from 1 to 3: "
               "how many ways on that stop has; without: not looked at\n");
    tells("2", "    ways: 2\n",
          "1:11: ways are a stop's: expected stop: and its name beside it");
    /* A page that does not come has nothing to look at. */
    stop_tells("    refused: {rooms: {0: some}}\n",
               "small.yaml:74:15: error: test \"one\": \"rooms\" is never "
               "asked\n");
    stop_tells(
        "    lines_of: {result: [next]}\n",
        "small.yaml:74:16: error: test \"one\": the page \"result\" does "
        "not come here\n");
}

/* What is not of the form that the file must have. */
static void test_forms(void **state)
{
    (void)state;
    stop_tells("    refused: {kind: c}\n",
               "small.yaml:74:21: error: expected values and names\n");
    stop_tells("    refused: {kind: {c: [form]}}\n",
               "small.yaml:74:25: error: expected a name\n");
    stop_tells("    refused: [kind]\n",
               "small.yaml:74:14: error: expected answers with values and "
               "names\n");
    stop_tells("    warned: {kind: {a: [{b: c}]}}\n",
               "small.yaml:74:25: error: expected a text\n");
    stop_tells("    lines_of: {guide: what}\n",
               "small.yaml:74:23: error: expected a list of values\n");
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_refused),  TEST(test_refused_misuse),
        TEST(test_warned),   TEST(test_warned_misuse),
        TEST(test_lines_of), TEST(test_sensitive),
        TEST(test_ways),     TEST(test_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
