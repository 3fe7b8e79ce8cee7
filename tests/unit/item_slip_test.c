/* What an item says of its slip: what is told of mistakes, what stands on which
 * paper, and the same as labels and texts for screen and phone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/walk.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOLD_BYTES = 8192 };

static int make(void **state)
{
    char locales[256];
    const char *build = getenv("KIOSK_BUILD");
    int failed = item_folder_make(state);

    snprintf(locales, sizeof locales, "%s/share/locales",
             build ? build : "build");
    if (i18n_open(locales))
        return -1;
    return failed;
}

static int done(void **state)
{
    i18n_close();
    return item_folder_remove(state);
}

/* The good item with a slip before its tests, whose first part stands on line
 * 44. */
static void tells(const char *parts, const char *lines)
{
    char text[4096];

    snprintf(text, sizeof text, "slip:\n%stests:\n", parts);
    item_tells("tests:\n", text, lines);
}

/* ---- Mistakes ------------------------------------------------------------- */

#define NEXT "  - {line: next}\n"
#define TABLE(rest)                                                            \
    NEXT "  - table:\n"                                                        \
         "      columns: [{zh_CN: 甲, en: A}, {zh_CN: 乙, en: B}]\n" rest
#define CODE(text) NEXT "  - {qr: '" text "', label: {zh_CN: 码, en: Code}}\n"

static void test_good(void **state)
{
    (void)state;
    tells(NEXT, "");
    tells(NEXT "  - {fact: kind}\n  - {rule: line}\n  - {qr: progress}\n", "");
    tells(TABLE("      rows: [['1', '{kind}'], [{zh_CN: 甲, en: A}, "
                "'{title}']]\n"),
          "");
    tells(CODE("K;{kind}"), "");
    tells(NEXT
          "  - {text: {zh_CN: '到{unit}。', en: 'At {unit}.'}, on: [a4]}\n",
          "");
}

static void test_what_a_part_is(void **state)
{
    (void)state;
    tells("  - {line: next, fact: kind}\n",
          "small.yaml:44:5: error: a part of the slip is one of fact, line, "
          "text, table, qr or rule: this has more than one\n");
    tells(NEXT "  - {when: age > 6}\n",
          "small.yaml:45:5: error: a part of the slip is one of fact, line, "
          "text, table, qr or rule: this has none\n");
    tells(NEXT "  - {fcat: kind}\n",
          "small.yaml:45:6: error: unknown key \"fcat\" here; did you mean "
          "\"fact\"?\n");
    tells(NEXT NEXT, "small.yaml:45:12: error: the slip has this already: "
                     "expected it once\n");
    tells(NEXT "  - {fact: kind, label: {zh_CN: 甲, en: A}}\n",
          "small.yaml:45:25: error: \"label\" means something with qr only\n");
    tells(NEXT "  - {fact: kind, on: [58mm, 80m, 58mm]}\n",
          "small.yaml:45:29: error: expected 58mm, 80mm or a4; did you mean "
          "\"80mm\"?\n"
          "small.yaml:45:34: error: \"58mm\" stands here twice\n");
}

static void test_what_is_not_there(void **state)
{
    (void)state;
    tells(NEXT "  - {fact: phnoe}\n",
          "small.yaml:45:12: error: no step answers \"phnoe\"; did you mean "
          "\"phone\"?\n");
    tells(
        NEXT "  - {fact: card_name}\n",
        "small.yaml:45:12: error: what the card said stands on no slip, which "
        "anybody may find: expected what a step answers\n");
    tells("  - {line: nxet}\n",
          "small.yaml:44:12: error: the result page has no line \"nxet\"; did "
          "you mean \"next\"?\n");
    tells("  - {fact: kind}\n",
          "small.yaml:42:9: warning: this line stands nowhere, for the slip "
          "does not name it: expected {line: next} among its parts\n");
    tells(NEXT "  - {text: {zh_CN: '{phnoe}', en: '{phone}'}}\n",
          "small.yaml:45:20: error: {phnoe} is filled by nothing: expected "
          "title, authority, unit, contact, fee, basis, legal_time, "
          "promised_time, minutes or what a step answers\n");
    item_tells(
        "      - {id: next, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, "
        "en: B}}\n",
        "      - {id: next, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, "
        "en: B}}\nfee: {text: {zh_CN: 钱, en: Fee}, unverified: true}\n"
        "slip:\n" NEXT "  - {text: {zh_CN: '{fee}', en: '{fee}'}}\n",
        "small.yaml:46:20: error: \"fee\" is unverified and shown to no "
        "citizen: only a line may name it, which is then left out\n"
        "small.yaml:46:33: error: \"fee\" is unverified and shown to no "
        "citizen: only a line may name it, which is then left out\n");
}

static void test_what_never_stands(void **state)
{
    (void)state;
    tells(NEXT "  - {fact: kind, when: age > 5 && age < 5}\n",
          "small.yaml:45:24: error: this never stands on the slip: its rule "
          "holds on no way through the item\n");
    tells(TABLE("      rows: [['1', '2'], {cells: ['3', '4'], when: kind == "
                "\"c\"}]\n"),
          "small.yaml:47:60: error: \"kind\" can never be \"c\": expected one "
          "of its values\n");
    tells(NEXT "  - {fact: kind, when: age >= 0}\n",
          "small.yaml:45:24: warning: this rule holds on every way through the "
          "item: expected one that decides something, or none\n");
}

static void test_tables(void **state)
{
    (void)state;
    tells(TABLE("      rows: [['1', '2'], ['3']]\n"),
          "small.yaml:47:26: error: 1 cells under 2 columns: expected one for "
          "each\n");
    tells(TABLE(""), "small.yaml:46:7: error: expected either rows, or each "
                     "with cells\n");
    tells(TABLE("      rows: [['1', 二]]\n"),
          "small.yaml:47:20: error: expected a text in both languages: "
          "{zh_CN: …, en: …}; only {answers} and digits stand without\n");
    tells(TABLE("      rows: [['1', {zh_CN: '二, 三', en: Two}]]\n"),
          "small.yaml:47:30: error: \",\" is half width beside Chinese: write "
          "\"，\" instead\n");
    tells(TABLE("      each: kidns\n      cells: ['1', '2']\n"),
          "small.yaml:47:13: error: no step answers kidns_1_…: expected the "
          "name of a group\n");
    tells(NEXT "  - table: {columns: [{zh_CN: 甲, en: A}], rows: [['1']]}\n",
          "small.yaml:45:22: error: one column is no table: expected two to 6, "
          "or texts\n");
    tells(TABLE("      rows: [['1', '2']]\n      cells: ['1', '2']\n"),
          "small.yaml:48:14: error: \"cells\" means something with each only: "
          "expected it in a row\n");
}

static void test_codes(void **state)
{
    char text[2600], line[3000];

    (void)state;
    tells(CODE("K;{phone}"),
          "small.yaml:45:10: error: {phone} is personal: a code shows it to "
          "whoever finds the slip; expected answers that are not\n");
    tells(CODE("K;{title}"),
          "small.yaml:45:10: error: {title} is filled by nothing in a code: "
          "expected what a choice or a field answers\n");
    tells(NEXT "  - {qr: K}\n",
          "small.yaml:45:5: error: a code of the item's own lacks \"label\": "
          "what it is for\n");
    tells(NEXT "  - {qr: progress, label: {zh_CN: 码, en: Code}}\n",
          "small.yaml:45:27: error: the code of the progress page says itself "
          "what it is for: expected no label\n");
    memset(text, 'K', sizeof text);
    text[966] = '\0'; /* and 32 for what is chosen */
    snprintf(line, sizeof line, CODE("%s{kind}"), text);
    tells(line,
          "small.yaml:45:10: error: too long for a code: up to 998 bytes with "
          "its answers, of which 997 can be scanned from 58-mm paper: "
          "expected less, or on: [80mm, a4]\n");
    text[965] = '\0';
    snprintf(line, sizeof line, CODE("%s{kind}"), text);
    tells(line, "");
}

static void test_no_slip(void **state)
{
    (void)state;
    tells("  []\n", "small.yaml:44:3: error: expected a list of 1 to 24 "
                    "entries: what stands on the slip, in its order, between "
                    "what every slip begins and ends with; without: the lines "
                    "of the result page\n");
}

/* ---- Tests in the file ------------------------------------------------------ */

/* The end of the good item's first test. */
#define SENT "    sent: {kind: b, phone: 13812345678}\n"

static void test_tests_of_slips(void **state)
{
    (void)state;
    item_tells(SENT, SENT "    slip: [next]\n", "");
    item_tells(SENT, SENT "    slip: [nxet]\n",
               "small.yaml:50:12: error: test \"grown up\": \"next\" stands on "
               "the slip where \"nxet\" is expected\n");
    item_tells(SENT, SENT "    slip: [next, far]\n",
               "small.yaml:50:18: error: test \"grown up\": \"far\" does not "
               "stand on the slip\n");
}

static void test_tests_of_own_slips(void **state)
{
    (void)state;
    item_tells("tests:\n  - name: grown up\n",
               "slip:\n" NEXT "  - {fact: phone}\n"
               "  - {id: way, text: {zh_CN: 甲, en: A}}\n"
               "  - {rule: line}\n"
               "  - table:\n"
               "      columns: [{zh_CN: 甲, en: A}, '2']\n"
               "      rows: [['1', '2'], ['3', '4']]\n"
               "tests:\n  - name: grown up\n"
               "    slip: [next, fact.phone, text.way, table.5.1, table.5.2]\n",
               "");
    item_tells("tests:\n  - name: grown up\n",
               "slip:\n" NEXT "  - {fact: phone}\n"
               "tests:\n  - name: grown up\n    slip: [next]\n",
               "small.yaml:48:11: error: test \"grown up\": \"fact.phone\" "
               "stands on the slip, too\n");
}

/* ---- What stands there ----------------------------------------------------- */

static void on_told(void *owner, const struct slip_told *told)
{
    static const char *const kinds[] = { "fact", "text",     "table",
                                         "qr",   "progress", "rule" };
    struct buf *out = owner;

    buf_add_format(out, "%s %s", kinds[told->kind], told->id);
    if (told->kind == SLIP_TOLD_FACT || told->kind == SLIP_TOLD_QR ||
        told->kind == SLIP_TOLD_TEXT)
        buf_add_format(out, " [%s] [%s]", told->label, told->text);
    for (size_t i = 0; i < told->rows * told->columns; i++)
        buf_add_format(out, "%s%s", i % told->columns ? "|" : " / ",
                       told->cells[i]);
    buf_add_char(out, '\n');
}

static void on_row(void *owner, const char *id, const char *label,
                   const char *text)
{
    buf_add_format(owner, "%s [%s] [%s]\n", id, label, text);
}

static const struct item *load(const char *parts, struct pack **ret_pack)
{
    const char *tests = strstr(item_good, "tests:\n");
    char text[8192];

    snprintf(text, sizeof text, "%.*sslip:\n%s", (int)(tests - item_good),
             item_good, parts);
    item_write("small.yaml", text);
    *ret_pack = item_load_silently("");
    return pack_item(*ret_pack, 0);
}

static void say(struct answers *answers, const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

/* What every slip has at its end stands there whatever the item says. */
#define END_EN                                                                 \
    "fact contact [To ask, correct or withdraw] [Contact Someone; please "     \
    "give "                                                                    \
    "the receipt number.]\n"                                                   \
    "fact complain [To complain about the service] [Call 12345]\n"

static void stands(const char *parts, struct answers *answers, int paper,
                   const char *expected)
{
    struct pack *pack;
    struct buf told;
    const struct item *item = load(parts, &pack);
    const struct walk_told telling = { on_told, &told };

    buf_init(&told, TOLD_BYTES);
    walk_slip_on(item, answers, LANGUAGE_EN, paper, &telling);
    assert_string_equal(told.text, expected);
    buf_done(&told);
    pack_free(pack);
}

static void test_parts_stand(void **state)
{
    static const char parts[] =
        NEXT "  - {fact: kind}\n"
             "  - {fact: phone}\n"
             "  - {text: {zh_CN: '是{kind}', en: 'It is {kind}'}, on: [a4]}\n"
             "  - {rule: line, on: [58mm]}\n"
             "  - {qr: progress, when: kind == \"b\"}\n"
             "  - {qr: 'K;{kind};', label: {zh_CN: 码, en: Code}}\n"
             "  - table:\n"
             "      columns: [{zh_CN: 甲, en: A}, {zh_CN: 乙, en: B}]\n"
             "      rows:\n"
             "        - ['1', '{kind}']\n"
             "        - {cells: ['2', '{title}'], when: kind == \"b\"}\n";
    struct answers *answers = answers_new();

    (void)state;
    say(answers, "kind", "a");
    stands(parts, answers, ITEM_PAPER_A4,
           "fact next [A] [B]\n"
           "fact fact.kind [Name] [A]\n"
           "text text.4 [] [It is A]\n"
           "qr qr.7 [Code] [K;a;]\n"
           "table table.8 / A|B / 1|A\n" END_EN);
    say(answers, "kind", "b");
    say(answers, "phone", "13812345678");
    stands(parts, answers, ITEM_PAPER_58,
           "fact next [A] [B]\n"
           "fact fact.kind [Name] [B]\n"
           "fact fact.phone [Name] [138 1234 5678]\n"
           "rule \n"
           "progress qr.6\n"
           "qr qr.7 [Code] [K;b;]\n"
           "table table.8 / A|B / 1|B / 2|Small\n" END_EN);
    answers_free(answers);
}

/* What a person wrote is never looked at for {names}. */
static void test_nothing_is_filled_twice(void **state)
{
    static const char parts[] =
        NEXT "  - table:\n"
             "      columns: [{zh_CN: 甲, en: A}, {zh_CN: 乙, en: B}]\n"
             "      rows: [['{phone}', '{kind}']]\n";
    struct answers *answers = answers_new();

    (void)state;
    say(answers, "kind", "{phone}");
    say(answers, "phone", "a\nb");
    stands(parts, answers, ITEM_PAPER_80,
           "fact next [A] [B]\ntable table.2 / A|B / a b|{phone}\n" END_EN);
    answers_free(answers);
}

/* ---- Groups ---------------------------------------------------------------- */

#define KID(n, part)                                                            \
    "  - {id: kids_" n "_" part ", screen: field, ask: {zh_CN: 问, en: Ask}, " \
    "label: {zh_CN: 名, en: " part "}, type: text, max: 9, way: {zh_CN: 无, "  \
    "en: None}}\n"
#define REVIEW "  - {id: review, screen: review}\n"

static void test_groups(void **state)
{
    static const char slip[] =
        "slip:\n" NEXT "  - table:\n"
        "      columns: [{zh_CN: 甲, en: A}, {zh_CN: 乙, en: B}]\n"
        "      each: kids\n"
        "      cells: ['{name}', '{born}{kind}']\n";
    const char *review = strstr(item_good, REVIEW);
    const char *tests = strstr(item_good, "tests:\n");
    struct answers *answers = answers_new();
    char text[8192];
    struct buf told;
    const struct walk_told telling = { on_told, &told };

    (void)state;
    snprintf(text, sizeof text, "%.*s%s%s%s%s%.*s%s", (int)(review - item_good),
             item_good, KID("1", "name"), KID("1", "born"), KID("2", "name"),
             KID("2", "born"), (int)(tests - review), review, slip);
    item_write("small.yaml", text);
    struct pack *pack = item_load_silently("");
    const struct item *item = pack_item(pack, 0);

    say(answers, "kind", "a");
    buf_init(&told, TOLD_BYTES);
    walk_slip_on(item, answers, LANGUAGE_EN, ITEM_PAPER_58, &telling);
    assert_string_equal(told.text, "fact next [A] [B]\n" END_EN);
    buf_clear(&told);
    say(answers, "kids_2_born", "x");
    say(answers, "kids_1_name", "{born}");
    walk_slip_on(item, answers, LANGUAGE_EN, ITEM_PAPER_58, &telling);
    assert_string_equal(told.text,
                        "fact next [A] [B]\n"
                        "table table.2 / A|B / {born}|A / |xA\n" END_EN);
    buf_done(&told);
    pack_free(pack);
    answers_free(answers);
}

/* ---- Screen and phone ------------------------------------------------------- */

static void test_rows(void **state)
{
    static const char parts[] =
        NEXT "  - {text: {zh_CN: 只在纸上, en: On paper}, on: [80mm, 58mm]}\n"
             "  - {text: {zh_CN: 话, en: Words}}\n"
             "  - {qr: K, label: {zh_CN: 码, en: Code}}\n"
             "  - {qr: progress}\n"
             "  - table:\n"
             "      columns: [{zh_CN: 甲, en: A}, {zh_CN: 乙, en: B}]\n"
             "      rows: [['1', '2'], ['3', '{phone}']]\n"
             "  - table:\n"
             "      columns: [{zh_CN: 甲, en: A}, {zh_CN: 乙, en: B}, {zh_CN: "
             "丙, en: C}]\n"
             "      rows: [['1', '2', '3'], ['4', '{phone}', '6']]\n";
    struct answers *answers = answers_new();
    struct pack *pack;
    const struct item *item = load(parts, &pack);
    struct buf told;
    const struct walk_slip rows = { on_row, &told };

    (void)state;
    buf_init(&told, TOLD_BYTES);
    walk_slip(item, answers, LANGUAGE_ZH_CN, &rows);
    assert_string_equal(told.text, "next [甲] [乙]\n"
                                   "text.3 [] [话]\n"
                                   "qr.4 [码] [K]\n"
                                   "table.6.1 [1] [乙：2]\n"
                                   "table.6.2 [] [3]\n"
                                   "table.7.1 [1] [乙：2，丙：3]\n"
                                   "table.7.2 [4] [丙：6]\n"
                                   "contact [咨询、更正或撤回] "
                                   "[请联系某人，报回执号。]\n"
                                   "complain [投诉] [请拨打 12345]\n");
    buf_done(&told);
    pack_free(pack);
    answers_free(answers);
}

/* ---- Overlays ---------------------------------------------------------------- */

static void test_overlay(void **state)
{
    static const char parts[] =
        NEXT "  - {id: way, text: {zh_CN: 走, en: Walk}}\n"
             "  - id: papers\n"
             "    table:\n"
             "      columns: [{zh_CN: 甲, en: A}, {zh_CN: 乙, en: B}]\n"
             "      rows: [{id: one, cells: ['1', '2']}]\n";
    struct answers *answers = answers_new();
    struct pack *pack;
    struct buf told;
    const struct walk_told telling = { on_told, &told };

    (void)state;
    (void)load(parts, &pack);
    pack_free(pack);
    item_write("overlays/411381/small.yaml",
               "over: small\n"
               "slip:\n"
               "  - {id: way, text: {zh_CN: 骑, en: Ride}}\n"
               "  - id: papers\n"
               "    table:\n"
               "      rows:\n"
               "        - {id: one, cells: ['1', '3']}\n"
               "        - {id: two, cells: ['4', '5'], after: one}\n"
               "  - {fact: kind, before: way}\n");
    pack = item_load_silently("411381");
    buf_init(&told, TOLD_BYTES);
    say(answers, "kind", "a");
    walk_slip_on(pack_item(pack, 0), answers, LANGUAGE_EN, ITEM_PAPER_A4,
                 &telling);
    assert_string_equal(told.text,
                        "fact next [A] [B]\n"
                        "fact fact.kind [Name] [A]\n"
                        "text text.way [] [Ride]\n"
                        "table table.papers / A|B / 1|3 / 4|5\n" END_EN);
    buf_done(&told);
    pack_free(pack);
    answers_free(answers);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, done)
    const struct CMUnitTest tests[] = {
        TEST(test_good),
        TEST(test_what_a_part_is),
        TEST(test_what_is_not_there),
        TEST(test_what_never_stands),
        TEST(test_tables),
        TEST(test_codes),
        TEST(test_no_slip),
        TEST(test_tests_of_slips),
        TEST(test_tests_of_own_slips),
        TEST(test_parts_stand),
        TEST(test_nothing_is_filled_twice),
        TEST(test_groups),
        TEST(test_rows),
        TEST(test_overlay),
    };

    return cmocka_run_group_tests_name("item slip", tests, NULL, NULL);
}
