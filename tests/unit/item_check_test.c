/* Each planted defect of an item, and exactly what is told of it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "tests/unit/item_pages.h"

static void test_good(void **state)
{
    (void)state;
    pack_free(item_load_silently(""));
}

/* All of a file in one run, in the order of its lines. */
static void test_all_at_once(void **state)
{
    (void)state;
    item_tells("version: 3\norder: 7\ntitle: {zh_CN: 小事, en: Small}\n",
               "versoin: 3\norder: 0\ntitle: {zh_CN: 小事}\n",
               "small.yaml:2:1: error: unknown key \"versoin\" here; did you "
               "mean \"version\"?\n"
               "small.yaml:3:8: error: expected a whole number from 1 to 1000: "
               "its place on the home page, the smallest first\n"
               "small.yaml:4:8: error: the text in en is missing\n");
    /* A misspelt word, too, has its nearest. */
    item_tells("network: wished", "network: wisehd",
               "small.yaml:10:18: error: expected no, wished or must; did you "
               "mean \"wished\"?\n");
}

/* A mistake is told once, not again wherever it has consequences. */
static void test_screen(void **state)
{
    static const char *const names[] = { "card", "choice", "field", "review",
                                         "send", "result", NULL };

    (void)state;
    item_set_screens(names);
    item_tells("screen: choice", "screen: chioce",
               "small.yaml:17:13: error: unknown screen \"chioce\"; did you "
               "mean \"choice\"?\n");
    item_set_screens(NULL);
}

/* Steps that were refused as a list are not asked about one by one: a fuzz
 * target's finding, which crashed. */
static void test_steps_refused(void **state)
{
    struct buf many;

    (void)state;
    buf_init(&many, 64 * 1024);
    buf_add_text(&many, "steps:\n");
    for (int i = 0; i <= ITEM_STEPS_MAX; i++)
        buf_add_format(&many, "  - {id: s%d, screen: card, may_type: true}\n",
                       i);
    item_tells("steps:\n  - {id: card, screen: card, may_type: true}\n",
               many.text,
               "small.yaml:15:3: error: expected a list of 1 to 512 entries: "
               "the pages, in their order\n");
    buf_done(&many);
    item_tells("steps:\n", "steps: !all\n",
               "small.yaml:14:8: error: tags (!name) are not used here: "
               "expected the value itself, in quotes when it begins with "
               "!\n");
}

static void test_yaml(void **state)
{
    (void)state;
    item_tells("order: 7", "order: &o 7",
               "small.yaml:3:8: error: anchors (&name) are not used here: "
               "expected the value itself\n");
    item_tells("order: 7", "order: *o",
               "small.yaml:3:8: error: aliases (*name) are not used here: "
               "expected the value itself, in quotes when it begins with *\n");
    item_tells("order: 7", "order: !!int 7",
               "small.yaml:3:8: error: tags (!name) are not used here: "
               "expected the value itself, in quotes when it begins with !\n");
    item_tells("order: 7", "order: 7\n<<: {id: other}",
               "small.yaml:4:1: error: merge keys are not used here: expected "
               "the keys themselves\n");
    item_tells("order: 7", "order: 7\nversion: 4",
               "small.yaml:4:1: error: \"version\" stands here a second time "
               "(first in line 2): expected each key once\n");
    /* One run tells of them and of the rest. */
    item_tells("version: 3\norder: 7", "version: &v 3\nodrer: *v\norder: 7",
               "small.yaml:2:10: error: anchors (&name) are not used here: "
               "expected the value itself\n"
               "small.yaml:3:1: error: unknown key \"odrer\" here; did you "
               "mean \"order\"?\n"
               "small.yaml:3:8: error: aliases (*name) are not used here: "
               "expected the value itself, in quotes when it begins with *\n");
    item_tells("id: small", "\xef\xbb\xbfid: small",
               "small.yaml:1:1: error: the file begins with a byte-order mark: "
               "expected UTF-8 without one\n");
    item_tells("小事", "小\xff事",
               "small.yaml:4:17: error: a byte that is not UTF-8: expected "
               "UTF-8\n");
    item_tells("order: 7", "order: 7\nx: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]",
               "small.yaml:4:35: error: nested more than 32 deep: expected a "
               "simpler file\n");
}

static void test_long_file(void **state)
{
    size_t len = 1024 * 1024 + 1;
    char *big = mem_new(len + 1);

    (void)state;
    memset(big, '#', len);
    item_write("small.yaml", big);
    mem_free(big);
    item_folder_tells("", "small.yaml:1:1: error: the file is too long: "
                          "expected at most 1 MiB\n");
}

/* Every sign, before and behind Chinese, each at its own column. */
static void test_half_width(void **state)
{
    static const struct {
        const char *half, *full;
    } signs[] = { { ",", "，" }, { ":", "：" }, { ";", "；" }, { "?", "？" },
                  { "!", "！" }, { "(", "（" }, { ")", "）" } };
    char text[64], line[160];

    (void)state;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        snprintf(text, sizeof text, "'小%sx'", signs[i].half);
        snprintf(line, sizeof line,
                 "small.yaml:4:18: error: \"%s\" is half width beside Chinese: "
                 "write \"%s\" instead\n",
                 signs[i].half, signs[i].full);
        item_tells("小事", text, line);
        snprintf(text, sizeof text, "'x%s小'", signs[i].half);
        item_tells("小事", text, line);
    }
    item_tells("小事", "'小(事)'",
               "small.yaml:4:18: error: \"(\" is half width beside Chinese: "
               "write \"（\" instead\n"
               "small.yaml:4:20: error: \")\" is half width beside Chinese: "
               "write \"）\" instead\n");
    /* What is filled in is Chinese, too; English has half-width signs. */
    item_tells("{zh_CN: 乙, en: B}}\ntests",
               "{zh_CN: '{unit},12', en: 'B, c'}}\ntests",
               "small.yaml:42:67: error: \",\" is half width beside Chinese: "
               "write \"，\" instead\n");
    /* Between numbers it is no Chinese sign. */
    item_tells("小事", "'小事 8:30-9:30 事'", "");
}

static void test_characters(void **state)
{
    (void)state;
    item_tells("en: Small", "en: Sm—all",
               "small.yaml:4:26: error: \"—\" has no certain width: write a "
               "comma instead\n");
    item_tells("小事", "①小事",
               "small.yaml:4:16: error: a number in a circle has no certain "
               "width: write （1）, or (1) in English\n");
}

static void test_languages(void **state)
{
    (void)state;
    item_tells("en: Small", "en: 小事",
               "small.yaml:4:24: warning: Chinese in the English text: "
               "expected a translation\n");
    item_tells("zh_CN: 小事", "zh_CN: Small thing",
               "small.yaml:4:16: warning: no Chinese in the Chinese text: "
               "expected a translation\n");
    item_tells("zh_CN: 小事", "zh_CN: 12345", "");
}

static void test_fit(void **state)
{
    (void)state;
    item_tells("小事",
               "一二三四五六七八九十一二三四五六七八九十一二三四五六七八",
               "small.yaml:4:16: error: too long: 3 lines of 26 cells, of "
               "which 2 fit in the head of a 40x15 page, where the rest is "
               "cut: expected fewer words\n");
    item_tells("ask: {zh_CN: 问, en: Ask}",
               "ask: {zh_CN: 问, en: \"Which of the very many things that one "
               "can think of when one has nothing else to think of, and which "
               "of the others, would you like to have today?\"}",
               "small.yaml:18:25: warning: too long: 4 lines of 40 cells, of "
               "which 3 fit above its answers at 40x15: expected fewer "
               "words\n");
    item_tells("label: {zh_CN: 甲, en: A}, text",
               "label: {zh_CN: 甲, en: \"What has to be done next, and where, "
               "and when, and why it has\"}, text",
               "small.yaml:42:42: warning: too long: 3 lines of 25 cells, of "
               "which 2 fit on a 58-mm slip: expected fewer words\n");
}

#define WITH "assurance: typed\n"

static void test_conditions(void **state)
{
    (void)state;
    item_tells(WITH, WITH "conditions: {adult: age >= 18}\n",
               "small.yaml:12:14: warning: no rule names the condition "
               "\"adult\": use it or take it away\n");
    item_tells(WITH, WITH "conditions: {adult: agee >= 18}\n",
               "small.yaml:12:14: warning: no rule names the condition "
               "\"adult\": use it or take it away\n"
               "small.yaml:12:21: error: unknown name \"agee\": expected "
               "\"age\"?\n");
    item_tells(WITH, WITH "conditions: {a: b, b: '!c', c: a && age > 1}\n",
               "small.yaml:12:32: error: the condition \"c\" stands on itself "
               "by \"a\": expected it without\n");
    item_tells(WITH, WITH "conditions: {x: x}\n",
               "small.yaml:12:17: error: the condition \"x\" stands on itself "
               "by \"x\": expected it without\n");
    item_tells(WITH, WITH "conditions: {phone: age > 1}\n",
               "small.yaml:12:14: error: \"phone\" is an answer's name "
               "already: choose another\n");
    item_tells(WITH, WITH "conditions: {Adult: age > 1}\n",
               "small.yaml:12:14: error: expected at most 31 of a-z, 0-9 and "
               "_: a condition's name\n");
    item_tells(WITH, WITH "conditions: {size: age > 1}\n",
               "small.yaml:12:14: error: the name \"size\" means something "
               "else already: choose another\n");
    item_tells("id: phone", "id: fee",
               "small.yaml:29:9: error: the answer's name \"fee\" means "
               "something else already: choose another\n");
    item_tells(WITH, WITH "conditions: {}\n",
               "small.yaml:12:13: error: expected names and rules, such as "
               "adult: age >= 18\n");
    item_tells("when: age >= 18", "when: adlut",
               "small.yaml:22:51: error: unknown name \"adlut\": expected a "
               "name that is answered before, or a text in quotes\n");
}

/* The good item with conditions, the first of which stands in b's rule. */
static void condition_tells(const char *name, const char *conditions,
                            const char *lines)
{
    static const char rule[] = "when: age >= 18";
    char named[sizeof rule];
    struct buf text;

    buf_init(&text, 64 * 1024);
    buf_add_text(&text, item_good);
    buf_add_format(&text, "conditions: {%s}\n", conditions);
    snprintf(named, sizeof named, "when: %-9s", name);
    memcpy(strstr(text.text, rule), named, sizeof rule - 1);
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells("", lines);
}

/* A condition stands for what is in it, in brackets: the item's tests pass. */
static void test_conditions_hold(void **state)
{
    (void)state;
    condition_tells("grown", "child: age < 6, grown: '!child && age >= 18'",
                    "");
    condition_tells("grown", "child: age < 6, grown: '!child && age > 18'",
                    "small.yaml:47:21: error: test \"grown up\": \"b\" is not "
                    "offered on the page \"kind\"\n");
    condition_tells("'!no'", "no: 'age < 18 || age > 90'", "");
    /* A text in quotes names nothing. */
    condition_tells("grown", "hmt: age > 1, grown: 'card_kind != \"hmt\"'",
                    "small.yaml:56:14: warning: no rule names the condition "
                    "\"hmt\": use it or take it away\n");
    condition_tells("grown", "grown: age(card_birth) >= 18",
                    "small.yaml:56:21: error: \"card_birth\" is never "
                    "answered: expected birth among card_fields\n");
    /* Nor does one in a comment, nor the variable of a macro; what follows a
     * comment in a condition still counts. */
    condition_tells("grown", "grown: 'age >= 18 // as child is'", "");
    condition_tells("grown",
                    "child: 'age < 6 // a', grown: '!child && age > 18'",
                    "small.yaml:47:21: error: test \"grown up\": \"b\" is not "
                    "offered on the page \"kind\"\n");
    condition_tells("grown", "n: age > 1, grown: '[17].exists(n, n < age)'",
                    "small.yaml:56:14: warning: no rule names the condition "
                    "\"n\": use it or take it away\n");
    condition_tells("calls", "calls: phone != null",
                    "small.yaml:22:51: error: the condition \"calls\" names "
                    "\"phone\", which is not answered yet here: expected an "
                    "earlier step's answer\n");
}

/* The good item with facts in its head, named in the result's line. */
static void fact_tells(const char *head, const char *line, const char *lines)
{
    const char *at = strstr(item_good, "card_fields:");
    const char *old = "text: {zh_CN: 乙, en: B}}\ntests:";
    const char *end = strstr(item_good, old);
    struct buf text;

    assert_non_null(at);
    assert_non_null(end);
    buf_init(&text, 64 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, head);
    buf_add(&text, at, (size_t)(end - at));
    buf_add_format(&text, "text: {zh_CN: '%s', en: '%s'}}\ntests:", line, line);
    buf_add_text(&text, end + strlen(old));
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells("", lines);
}

static const struct line *result_line(const struct pack *pack)
{
    return &item_step(pack_item(pack, 0), "result")->lines[0];
}

static void test_facts(void **state)
{
    struct pack *pack;

    (void)state;
    fact_tells("fee: {text: {zh_CN: 不收费, en: Free}}\n"
               "basis: {text: {zh_CN: 某法, en: Some law}}\n"
               "legal_time: {days: 15}\n"
               "promised_time: {days: 1, working: true}\n"
               "minutes: 4\n",
               "{fee} {basis} {legal_time} {promised_time} {minutes}", "");
    pack = item_load_silently("");
    assert_string_equal(result_line(pack)->text.in[LANGUAGE_ZH_CN],
                        "不收费 某法 15 日 1 个工作日 4");
    assert_string_equal(result_line(pack)->text.in[LANGUAGE_EN],
                        "Free Some law 15 days 1 working day 4");
    assert_false(result_line(pack)->is_unverified);
    pack_free(pack);
    fact_tells("fee: {text: {zh_CN: 不收费, en: Free}}\n", "x 甲",
               "small.yaml:12:6: warning: no text names this fact: write "
               "{fee} where it is to be read\n"
               "small.yaml:43:71: warning: Chinese in the English text: "
               "expected a translation\n");
    fact_tells("", "{minutes}",
               "small.yaml:42:60: error: {minutes} is filled by nothing: the "
               "item has no \"minutes\"\n"
               "small.yaml:42:77: error: {minutes} is filled by nothing: the "
               "item has no \"minutes\"\n");
    fact_tells("minutes: 0\n", "{minutes}",
               "small.yaml:12:10: error: expected a whole number from 1 to "
               "120: how many it takes at this machine; {minutes} fills it "
               "in\n"
               "small.yaml:43:60: error: {minutes} is filled by nothing: the "
               "item has no \"minutes\"\n"
               "small.yaml:43:77: error: {minutes} is filled by nothing: the "
               "item has no \"minutes\"\n");
    fact_tells("legal_time: {days: 3}\npromised_time: {days: 5}\n",
               "{legal_time} {promised_time}",
               "small.yaml:13:16: error: longer than the law allows: expected "
               "at most 3 days\n");
    fact_tells("case_type: immediate\npromised_time: {days: 5}\n",
               "{promised_time}",
               "small.yaml:13:16: error: what is done at once (case_type: "
               "immediate) has no promised time\n");
    fact_tells("legal_time: {day: 3}\n", "甲",
               "small.yaml:12:13: warning: no text names this fact: write "
               "{legal_time} where it is to be read\n"
               "small.yaml:12:14: error: unknown key \"day\" here; did you "
               "mean \"days\"?\n"
               "small.yaml:43:69: warning: Chinese in the English text: "
               "expected a translation\n");
}

/* Nobody has verified it: its line is left out, no other text may name it. */
static void test_unverified(void **state)
{
    struct pack *pack;

    (void)state;
    fact_tells("fee: {text: {zh_CN: 不收费, en: Free}, unverified: true}\n",
               "{fee}", "");
    pack = item_load_silently("");
    assert_true(result_line(pack)->is_unverified);
    pack_free(pack);
    item_tells("bring: {zh_CN: 两行, en: Two lines}\n",
               "bring: {zh_CN: '{fee}', en: Two}\n"
               "fee: {text: {zh_CN: 免费, en: Free}, unverified: true}\n",
               "small.yaml:6:16: error: \"fee\" is unverified and shown to no "
               "citizen: only a line may name it, which is then left out\n");
}

static void test_codes(void **state)
{
    (void)state;
    item_tells(WITH,
               WITH "codes: {catalogue: 370117002011, implementation: "
                    "11370800MB285591843370117002011, handling: "
                    "11370800MB28559184337011700201101}\ncase_type: promised\n",
               "");
    item_tells(WITH, WITH "codes: {catalogue: 37011700201}\n",
               "small.yaml:12:20: error: expected 12 of A-Z and 0-9: "
               "基本编码, 12 characters\n");
    item_tells(WITH,
               WITH "codes: {implementation: "
                    "11370800MB285591853370117002011}\n",
               "small.yaml:12:25: error: the first 18 characters are no credit "
               "code (its check character is wrong): compare them with the "
               "catalogue\n");
    item_tells(WITH,
               WITH "codes: {implementation: "
                    "11370800MB285591849370117002011}\n",
               "small.yaml:12:25: error: the 19th character, the level of "
               "exercise, is \"9\": expected 1 to 6\n");
    item_tells(WITH,
               WITH "codes: {implementation: "
                    "11370800MB28559184337011700201A}\n",
               "small.yaml:12:25: warning: letters among the last 12 "
               "characters: new codes have digits there\n");
    item_tells(WITH,
               WITH "codes: {catalogue: 370117002012, implementation: "
                    "11370800MB285591843370117002011}\n",
               "small.yaml:12:50: error: its last 12 characters are not the "
               "catalogue code: expected \"370117002012\"\n");
    item_tells(WITH,
               WITH "codes: {handling: "
                    "11370800MB28559184337011700201101}\n",
               "small.yaml:12:19: error: expected the implementation code and "
               "two digits\n");
    item_tells(WITH, WITH "type: licence\ncodes: {catalogue: 370117002011}\n",
               "");
    item_tells(WITH, WITH "type: benefit\ncodes: {catalogue: 370117002011}\n",
               "small.yaml:12:7: error: its catalogue code has type 01, but "
               "\"benefit\" is 05: expected what the catalogue says\n");
    item_tells(WITH, WITH "type: penalty\n",
               "small.yaml:12:7: error: expected licence, benefit, "
               "confirmation, reward, ruling, other power or public "
               "service\n");
    item_tells(WITH, WITH "case_type: prompt\n",
               "small.yaml:12:12: error: expected immediate or promised\n");
}

static void test_divisions(void **state)
{
    struct pack *pack;
    const struct item *item;

    (void)state;
    item_tells(WITH, WITH "divisions: [\"41130\"]\n",
               "small.yaml:12:13: error: expected a division's code of six "
               "digits, such as \"411303\"\n");
    item_tells(WITH, WITH "divisions: []\n",
               "small.yaml:12:12: error: expected a list of 1 to 64 "
               "divisions\n");
    pack = item_load_silently("");
    assert_true(item_is_offered_in(pack_item(pack, 0), "411303"));
    pack_free(pack);
    char *at = strstr(item_good, "order: 7\n");
    struct buf text;
    buf_init(&text, 64 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, "divisions: ['411381', '411000']\n");
    buf_add_text(&text, at);
    item_write("small.yaml", text.text);
    buf_done(&text);
    pack = item_load_silently("");
    item = pack_item(pack, 0);
    assert_true(item_is_offered_in(item, "411381"));
    assert_true(item_is_offered_in(item, "411023")); /* a county of 411000 */
    assert_false(item_is_offered_in(item, "411303"));
    assert_false(item_is_offered_in(item, "411300"));
    pack_free(pack);
}

/* What never comes on any way, and rules that decide nothing. */
static void test_ways(void **state)
{
    (void)state;
    item_tells(
        "when: kind == \"b\"", "when: kind == \"b\" && age < 18",
        "small.yaml:31:11: error: this page never comes: its rule holds "
        "on no way through the item\n"
        "small.yaml:48:25: error: test \"grown up\": the page \"review\" "
        "comes where \"phone\" is expected (so far: card, kind, "
        "review)\n");
    item_tells("when: kind == \"b\"", "when: kind in [\"a\", \"b\"]",
               "small.yaml:31:11: warning: this rule holds on every way "
               "through the item: expected one that decides something, or "
               "none\n");
    item_tells("text: {zh_CN: 甲, en: A}}\n      - {value: b",
               "text: {zh_CN: 甲, en: A}, when: age < 0}\n      - {value: b",
               "small.yaml:16:5: error: nothing can be chosen here after "
               "age=0: expected an option that is offered, or a way round\n"
               "small.yaml:21:51: error: this option is never offered: its "
               "rule holds on no way through the item\n"
               "small.yaml:25:15: error: nobody ever stops here: its rule "
               "holds on no way through the item\n"
               "small.yaml:31:11: warning: this rule holds on every way "
               "through the item: expected one that decides something, or "
               "none\n"
               "small.yaml:53:21: error: test \"small child\": \"a\" is not "
               "offered on the page \"kind\"\n");
    item_tells("age < 6", "age < 0",
               "small.yaml:25:15: error: nobody ever stops here: its rule "
               "holds on no way through the item\n"
               "small.yaml:54:12: error: test \"small child\": the page "
               "\"review\" comes after the last expected\n");
    item_tells("{id: next, label",
               "{id: next, when: phone == null && kind == "
               "\"b\", label",
               "small.yaml:42:26: error: this line never stands there: its "
               "rule holds on no way through the item\n");
    item_tells("kind == \"a\" && age < 6", "kind != null",
               "small.yaml:15:3: error: nobody reaches the end: expected a way "
               "past every stop\n"
               "small.yaml:25:15: warning: this rule holds on every way "
               "through the item: expected one that decides something, or "
               "none\n"
               "small.yaml:31:11: error: this page never comes: no way through "
               "the item leads to it\n"
               "small.yaml:48:25: error: test \"grown up\": the page \"phone\" "
               "does not come: it ends at \"kind\" with the stop halt\n");
}

/* A number that is typed where the page takes cards only. */
static void test_typed_in_vain(void **state)
{
    static const char mark[] = ", may_type: true", day[] = "2022-11-23";
    const char *typed = strstr(item_good, mark), *card = strstr(item_good, day);
    struct buf text;
    (void)state;

    assert_true(typed && card && typed < card);
    buf_init(&text, 8192);
    buf_add(&text, item_good, (size_t)(typed - item_good));
    typed += strlen(mark);
    card += strlen(day);
    buf_add(&text, typed, (size_t)(card - typed));
    buf_add_format(&text, ", typed: true%s", card);
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells(
        "", "small.yaml:52:38: error: test \"small child\": nobody can type a "
            "number on the page \"card\": expected may_type there, or a card "
            "that is laid down\n");
    item_write("small.yaml", item_good);
}

/* Rules over what is written freely: one text was tried. */
static void test_free_text(void **state)
{
    (void)state;
    item_tells("{id: next, label",
               "{id: next, when: phone == \"13987654321\", label",
               "small.yaml:42:26: warning: this line never stands there: its "
               "rule holds on no way through the item (rules over what is "
               "written freely were tried with one text only)\n");
    item_tells("{id: next, label", "{id: next, when: phone == 'later', label",
               "");
    /* A test of the item shows that it holds on some way. */
    item_tells("{id: next, label",
               "{id: next, when: phone == \"13812345678\", label", "");
    /* Whether it was given is known of every way, however that is asked. */
    item_tells("{id: next, label",
               "{id: next, when: \"phone in ['later'] && kind == 'a'\", label",
               "small.yaml:42:26: error: this line never stands there: its "
               "rule holds on no way through the item\n");
    /* Today is one day only. */
    item_tells("{id: next, label",
               "{id: next, when: today() < timestamp('2001-01-01T00:00:00Z'), "
               "label",
               "small.yaml:42:26: warning: this line never stands there: its "
               "rule holds on no way through the item (rules over today() were "
               "tried with this day only)\n");
}

/* A value is tried wherever it stands in a rule, in the text of a macro and in
 * a named condition as well. */
static void test_named_values(void **state)
{
    (void)state;
    item_tells("when: kind == \"b\"", "when: \"['b'].exists(x, x == kind)\"",
               "");
    item_tells("when: kind == \"b\"", "when: \"{'b': true}[kind]\"", "");
}

/* Twenty-two questions of two answers, and a line that hangs on all of them
 * together: more than are walked. */
static void test_too_many_ways(void **state)
{
    enum { QUESTIONS = 22 };
    static const char line[] = "      - {id: next, ";
    const char *at = strstr(item_good, "  - {id: review");
    const char *end = strstr(at, line);
    struct buf text;

    (void)state;
    buf_init(&text, 64 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    for (int i = 0; i < QUESTIONS; i++)
        buf_add_format(&text,
                       "  - id: q%d\n"
                       "    screen: choice\n"
                       "    ask: {zh_CN: 问, en: Ask}\n"
                       "    label: {zh_CN: 名, en: Name}\n"
                       "    options:\n"
                       "      - {value: x, text: {zh_CN: 甲, en: A}}\n"
                       "      - {value: y, text: {zh_CN: 乙, en: B}}\n",
                       i);
    buf_add(&text, at, (size_t)(end - at));
    buf_add_format(&text, "%swhen: 'size([q0", line);
    for (int i = 1; i < QUESTIONS; i++)
        buf_add_format(&text, ", q%d", i);
    buf_add_text(&text, "].filter(q, q == \"y\")) == 3', ");
    end += sizeof line - 1;
    buf_add(&text, end, (size_t)(strstr(end, "tests:") - end));
    item_write("small.yaml", text.text);
    buf_done(&text);
    item_folder_tells("", "small.yaml:15:3: warning: more ways than can be "
                          "walked here: dead pages and rules that decide "
                          "nothing were not looked for\n");
}

/* A value that the answer never has makes a rule that never holds. */
static void test_literals(void **state)
{
    (void)state;
    item_tells("when: age >= 18", "when: card_kind == 'residnet'",
               "small.yaml:22:64: error: \"card_kind\" can never be "
               "\"residnet\"; did you mean \"resident\"?\n");
    item_tells("when: age >= 18", "when: \"card_kind in ['hmt', 'permit']\"",
               "small.yaml:22:73: error: \"card_kind\" can never be "
               "\"permit\": expected one of its values\n");
    item_tells("when: age >= 18", "when: \"'typd' != assurance\"",
               "small.yaml:22:52: error: \"assurance\" can never be \"typd\"; "
               "did you mean \"typed\"?\n");
    item_tells("when: kind == \"b\"", "when: kind == \"c\"",
               "small.yaml:31:19: error: \"kind\" can never be \"c\": expected "
               "one of its values\n");
    item_tells("id: result\n    screen: result\n    lines:\n      - {id: next,",
               "id: result\n    screen: result\n    lines:\n      - {id: next, "
               "when: phone == \"laetr\",",
               "small.yaml:42:35: error: \"phone\" can never be \"laetr\"; did "
               "you mean \"later\"?\n");
    item_tells("id: result\n    screen: result\n    lines:\n      - {id: next,",
               "id: result\n    screen: result\n    lines:\n      - {id: next, "
               "when: phone != \"13812345678\",",
               "");
    item_tells(WITH, WITH "conditions: {is_c: kind == 'c'}\n",
               "small.yaml:12:14: warning: no rule names the condition "
               "\"is_c\": use it or take it away\n"
               "small.yaml:12:28: error: \"kind\" can never be \"c\": expected "
               "one of its values\n");
}

static void test_tests(void **state)
{
    (void)state;
    item_tells("phone: 138 1234 5678", "phone: 138 1234",
               "small.yaml:47:31: error: test \"grown up\": \"138 1234\" is "
               "not accepted: expected 11 digits, the first of them a 1\n");
    item_tells("{kind: b, phone: 138 1234 5678}", "{kind: c}",
               "small.yaml:47:21: error: test \"grown up\": \"c\" is not "
               "offered on the page \"kind\"\n");
    item_tells("{kind: b, phone: 138 1234 5678}", "{kind: b}",
               "small.yaml:48:25: error: test \"grown up\": the page \"phone\" "
               "comes, but the test does not answer it: expected \"phone\" "
               "among its answers\n");
    item_tells("[card, kind, phone, review", "[card, kind, review",
               "small.yaml:48:25: error: test \"grown up\": the page \"phone\" "
               "comes where \"review\" is expected (so far: card, kind, "
               "phone)\n");
    item_tells("send, result]", "send]",
               "small.yaml:48:12: error: test \"grown up\": the page "
               "\"result\" comes after the last expected\n");
    item_tells("send, result]", "send, result, bye]",
               "small.yaml:48:54: error: test \"grown up\": the page \"bye\" "
               "does not come: it ends at \"result\"\n");
    item_tells("sent: {kind: b, phone: 13812345678}", "sent: {kind: b}",
               "small.yaml:49:11: error: test \"grown up\": \"phone\" is sent, "
               "too: expected it here\n");
    item_tells("    sent: {kind: b",
               "    offers: {kind: [a, b]}\n    sent: {kind: b", "");
    item_tells("    sent: {kind: b",
               "    offers: {kind: [b, a]}\n    sent: {kind: b",
               "small.yaml:49:21: error: test \"grown up\": \"a\" is offered "
               "where \"b\" is expected\n");
    item_tells("    sent: {kind: b",
               "    offers: {kind: [a]}\n    sent: {kind: b",
               "small.yaml:49:20: error: test \"grown up\": \"b\" is offered, "
               "too\n");
    item_tells("    sent: {kind: b",
               "    offers: {kind: [a, b, c]}\n    sent: {kind: b",
               "small.yaml:49:27: error: test \"grown up\": \"c\" is not "
               "offered\n");
    item_tells("    sent: {kind: b",
               "    offers: {knid: [a, b]}\n    sent: {kind: b",
               "small.yaml:49:14: error: test \"grown up\": \"knid\" is not "
               "answered here\n");
    item_tells("    sent: {kind: b",
               "    offers: {kind: a}\n    sent: {kind: b",
               "small.yaml:49:20: error: expected a list of values\n");
    item_tells("    sent: {kind: b", "    lines: [next]\n    sent: {kind: b",
               "");
    item_tells("    sent: {kind: b", "    lines: [first]\n    sent: {kind: b",
               "small.yaml:49:13: error: test \"grown up\": the line \"next\" "
               "stands where \"first\" is expected\n");
    item_tells("    sent: {kind: b", "    lines: []\n    sent: {kind: b",
               "small.yaml:49:12: error: test \"grown up\": the line \"next\" "
               "stands there, too\n");
    item_tells("    sent: {kind: b",
               "    lines: [next, more]\n    sent: {kind: b",
               "small.yaml:49:19: error: test \"grown up\": the line \"more\" "
               "does not stand there\n");
    item_tells("phone: 13812345678}", "phone: 13812345679}",
               "small.yaml:49:28: error: test \"grown up\": \"phone\" is sent "
               "as \"13812345678\", not as \"13812345679\"\n");
    item_tells("sent: {kind: b,", "sent: {kind: b, place: x,",
               "small.yaml:49:21: error: test \"grown up\": \"place\" is not "
               "sent\n");
    item_tells("answers: {kind: a}", "answers: {kind: a, phone: later}",
               "small.yaml:53:24: error: test \"small child\": \"phone\" is "
               "never asked\n");
    item_tells("    stop: halt\n", "",
               "small.yaml:54:12: error: test \"small child\": it stops at "
               "\"halt\": expected stop: halt\n");
    item_tells("    stop: halt\n", "    stop: hlat\n",
               "small.yaml:55:11: error: test \"small child\": it stops at "
               "\"halt\", not at \"hlat\"\n");
    item_tells("    card: {birth: 2008-11-23}\n", "",
               "small.yaml:47:13: error: test \"grown up\": the card page "
               "comes, but the test has no card: expected card: {birth: "
               "1956-02-29} or the like\n");
    item_tells("card: {birth: 2022-11-23}",
               "card: {birth: 2022-11-23, typed: true}", "");
    /* A bound that is moved by one is found. */
    item_tells("age >= 18", "age > 18",
               "small.yaml:47:21: error: test \"grown up\": \"b\" is not "
               "offered on the page \"kind\"\n");
    item_tells("today: 2026-11-23", "today: 2026-02-30",
               "small.yaml:45:12: error: expected a day such as 2026-11-23: "
               "the day on which it is done, for the card and the age; "
               "without: 2026-01-01\n");
    item_tells("    pages: [card, kind]\n", "    pages: [card, {kind: a}]\n",
               "small.yaml:54:19: error: expected a text\n");
}

/* Sensitive data is not asked for without a word about why. */
static void test_sensitive(void **state)
{
    (void)state;
    item_tells("    why: {zh_CN: 用来找您, en: To reach you}\n", "",
               "small.yaml:34:11: error: sensitive data, and nothing says what "
               "it is needed for: write why: {zh_CN: …, en: …} beside it\n");
    item_tells("    options:\n", "    sensitive: true\n    options:\n",
               "small.yaml:20:16: error: sensitive data, and nothing says what "
               "it is needed for: write why: {zh_CN: …, en: …} beside it\n");
    item_tells("    options:\n",
               "    sensitive: true\n    why: {zh_CN: 因, en: Why}\n"
               "    options:\n",
               "");
    item_tells("    options:\n", "    sensitive: false\n    options:\n", "");
    /* A law alone says nothing to who asks. */
    item_tells("    why: {zh_CN: 用来找您, en: To reach you}\n",
               "    basis: {text: {zh_CN: 《某法》, en: Law}}\n",
               "small.yaml:34:11: error: sensitive data, and nothing says what "
               "it is needed for: write why: {zh_CN: …, en: …} beside it\n");
    item_tells("{id: review, screen: review}",
               "{id: review, screen: review, why: {zh_CN: 因, en: Why}}",
               "small.yaml:37:34: error: \"why\" means nothing on this kind of "
               "page, only on: card, choice, field, declare, check, choices, "
               "month_range, date_range, division, address, person, group, "
               "shared, slot, record, payment, other pages\n");
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_good),          TEST(test_all_at_once),
        TEST(test_screen),        TEST(test_steps_refused),
        TEST(test_yaml),          TEST(test_long_file),
        TEST(test_half_width),    TEST(test_characters),
        TEST(test_languages),     TEST(test_fit),
        TEST(test_conditions),    TEST(test_conditions_hold),
        TEST(test_facts),         TEST(test_unverified),
        TEST(test_codes),         TEST(test_divisions),
        TEST(test_ways),          TEST(test_typed_in_vain),
        TEST(test_free_text),     TEST(test_named_values),
        TEST(test_too_many_ways), TEST(test_literals),
        TEST(test_tests),         TEST(test_sensitive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
