/* Closing pages: the item ends there, well and without a case; and how much
 * may be asked before the card. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/flow/judge.h"
#include "kiosk/flow/walk.h"
#include "tests/unit/item_pages.h"

enum { NOON_MS = 12 * 60 * 60 * 1000 };

static const char before[] = "  - id: phone\n    screen: field\n";

/* Between the choice `kind` and the telephone. */
#define CLOSING(when)                                                          \
    "  - id: had\n"                                                            \
    "    screen: closing\n" when                                               \
    "    ask: {zh_CN: 不用办, en: Nothing to do}\n"                         \
    "    lines:\n"                                                             \
    "      - {id: why, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, en: B}}\n"
#define FOR_B "    when: kind == \"b\"\n"
#define YOUNG "    when: kind == \"b\" && age < 30\n"
static const char closing[] =
    CLOSING(YOUNG) "  - id: phone\n    screen: field\n";

/* The good item, in which who chose b and is young is done. */
static struct pack *load_closing(void)
{
    const char *at = strstr(item_good, before);
    const char *tests = strstr(item_good, "tests:\n");
    struct buf text;

    buf_init(&text, 16 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, closing);
    at += strlen(before);
    buf_add(&text, at, (size_t)(tests - at));
    item_write("small.yaml", text.text);
    buf_done(&text);
    return item_load_silently("");
}

static void set(struct answers *answers, const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

/* ---- The way ---------------------------------------------------------------- */

static void test_walk(void **state)
{
    struct pack *pack = load_closing();
    const struct item *item = pack_item(pack, 0);
    struct answers *answers = answers_new();
    enum { CARD, KIND, HAD, PHONE, REVIEW, SEND, RESULT, END };

    (void)state;
    assert_true(walk_is_closing(&item->steps[HAD]));
    assert_false(walk_is_closing(&item->steps[PHONE]));
    set(answers, "card_number", "x");
    set(answers, "age", "29");
    set(answers, "kind", "a");
    assert_int_equal(walk_next(item, answers, KIND), REVIEW);
    assert_int_equal(walk_resume(item, answers, REVIEW), REVIEW);
    set(answers, "kind", "b");
    assert_int_equal(walk_next(item, answers, KIND), HAD);
    assert_int_equal(walk_next(item, answers, HAD), END);
    assert_int_equal(walk_before(item, answers, HAD), KIND);
    /* Nobody gets past it by a change made later. */
    assert_int_equal(walk_resume(item, answers, REVIEW), HAD);
    answers_free(answers);
    pack_free(pack);
}

/* What was answered behind it falls away, and that is said beforehand. */
static void test_falls(void **state)
{
    struct pack *pack = load_closing();
    const struct item *item = pack_item(pack, 0);
    struct answers *answers = answers_new();
    struct walk_falls falls;

    (void)state;
    set(answers, "card_number", "x");
    set(answers, "age", "29");
    set(answers, "kind", "b");
    set(answers, "phone", "13812345678");
    assert_int_equal(
        walk_would_drop(item, answers, NULL, NULL, SOURCE_CITIZEN, &falls),
        ERR_OK);
    assert_int_equal(falls.count, 1);
    assert_string_equal(falls.list[0].step->id, "phone");
    assert_false(falls.list[0].is_asked_again);
    assert_int_equal(walk_drop(item, answers), 1);
    assert_null(answers_get(answers, "phone"));
    answers_free(answers);
    pack_free(pack);
}

/* "3/5": what stands behind it is not counted. */
static void test_place(void **state)
{
    struct pack *pack = load_closing();
    struct answers *answers = answers_new();
    int place, count;

    (void)state;
    walk_place(pack_item(pack, 0), answers, 1, &place, &count);
    assert_int_equal(place, 1);
    assert_int_equal(count, 2);
    set(answers, "card_number", "x");
    set(answers, "age", "29");
    set(answers, "kind", "b");
    walk_place(pack_item(pack, 0), answers, 1, &place, &count);
    assert_int_equal(count, 1);
    answers_free(answers);
    pack_free(pack);
}

static void test_paths(void **state)
{
    struct pack *pack = load_closing();
    struct buf text;

    (void)state;
    buf_init(&text, 16 * 1024);
    item_paths_text(pack_item(pack, 0), &text);
    assert_non_null(strstr(text.text, "  3 had            closing      不用办\n"
                                      "      -> end\n"
                                      "\n  4 phone"));
    assert_non_null(
        strstr(text.text, "->  3 had             kind == \"b\" && age < 30\n"));
    buf_done(&text);
    pack_free(pack);
}

/* ---- The hub --------------------------------------------------------------- */

static const char asks_once[] =
    "id: small\nversion: 3\norder: 7\n"
    "title: {zh_CN: 小事, en: Small}\n"
    "summary: {zh_CN: 一行, en: One line}\n"
    "bring: {zh_CN: 两行, en: Two lines}\n"
    "authority: {zh_CN: 某局, en: Bureau}\n"
    "unit: {zh_CN: 某处, en: Office}\n"
    "contact: {zh_CN: 某人, en: Someone}\n"
    "needs: {network: wished, reader: no, printer: no}\n"
    "assurance: none\n"
    "steps:\n"
    "  - {id: kind, screen: choice, type: yes_no, ask: {zh_CN: 问, en: Ask}, "
    "label: {zh_CN: 名, en: Name}}\n" CLOSING(
        "    when: kind == \"yes\"\n") "  - {id: review, screen: review}\n"
                                       "  - {id: send, screen: send}\n"
                                       "  - id: result\n"
                                       "    screen: result\n"
                                       "    lines:\n"
                                       "      - {id: next, label: {zh_CN: 甲, "
                                       "en: A}, text: {zh_CN: 乙, en: B}}\n";

static void judge_answer(const struct item *item, const char *value,
                         struct judgement *ret)
{
    json_t *body =
        json_pack("{s:s, s:{s:{s:s, s:s}}}", "today", "2026-11-23", "answers",
                  "kind", "value", value, "source", "citizen");
    const struct judge_case asked = {
        .item = item,
        .body = body,
        .assurance = "none",
        .sent_ms = clock_of_date(2026, 11, 23) + NOON_MS,
        .now_ms = clock_of_date(2026, 11, 23) + NOON_MS,
    };

    assert_int_equal(judge(&asked, ret), ERR_OK);
    json_decref(body);
}

/* A case that could only come by a way past the closing page is refused. */
static void test_judge(void **state)
{
    struct judgement judgement;
    struct pack *pack;

    (void)state;
    item_write("small.yaml", asks_once);
    pack = item_load_silently("");
    judge_answer(pack_item(pack, 0), "no", &judgement);
    assert_string_equal(judge_code_name(judgement.code), "good");
    judge_answer(pack_item(pack, 0), "yes", &judgement);
    assert_string_equal(judge_code_name(judgement.code), "stop");
    assert_string_equal(judgement.name, "had");
    assert_string_equal(judgement.stop, "had");
    pack_free(pack);
}

/* ---- The check -------------------------------------------------------------- */

static void test_in_tests(void **state)
{
    (void)state;
    /* Its first test goes on to the telephone, and must not. */
    item_tells(before, closing,
               "small.yaml:54:25: error: test \"grown up\": the page \"had\" "
               "comes where \"phone\" is expected (so far: card, kind, "
               "had)\n");
}

static void test_always(void **state)
{
    char always[512];

    (void)state;
    snprintf(always, sizeof always, "%s%s", CLOSING(""), before);
    item_tells(before, always,
               "small.yaml:34:5: error: nothing comes after the closing page "
               "\"had\", which always comes: expected a when there\n");
}

static void test_lacks(void **state)
{
    (void)state;
    item_tells(before,
               "  - {id: had, screen: closing, when: kind == \"c\"}\n"
               "  - id: phone\n    screen: field\n",
               "small.yaml:29:5: error: a step lacks \"ask\": the question, "
               "the page's heading\n"
               "small.yaml:29:5: error: a step lacks \"lines\": what stands on "
               "the page\n"
               "small.yaml:29:46: error: \"kind\" can never be "
               "\"c\": expected one of its values\n");
}

static void write_ending(const char *ending)
{
    const char *at = strstr(item_good, before);
    struct buf text;

    buf_init(&text, 16 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, ending);
    item_write("small.yaml", text.text);
    buf_done(&text);
}

/* Every way has its end. */
static void test_open_end(void **state)
{
    (void)state;
    write_ending(CLOSING(FOR_B));
    item_folder_tells(
        "", "small.yaml:15:3: error: nothing ends the item after age=40, "
            "kind=a: expected a closing page there, or a step with screen: "
            "send and then one with screen: result\n");
    write_ending(CLOSING(
        FOR_B) "  - id: other\n"
               "    screen: closing\n"
               "    ask: {zh_CN: 不用, en: Done}\n"
               "    lines:\n"
               "      - {id: why, label: {zh_CN: 甲, en: A}, text: {zh_CN: 乙, "
               "en: B}}\n");
    item_folder_tells("", "");
}

static void test_nothing_sent(void **state)
{
    (void)state;
    write_ending(CLOSING("") "tests:\n"
                             "  - name: sent\n"
                             "    card: {birth: 1990-03-07}\n"
                             "    answers: {kind: a}\n"
                             "    pages: [card, kind, had]\n"
                             "    lines: [why]\n"
                             "    sent: {kind: a}\n");
    item_folder_tells("", "small.yaml:40:11: error: test \"sent\": nothing is "
                          "sent: it ends at the closing page \"had\"\n");
}

/* ---- Before the card -------------------------------------------------------- */

static void add_question(struct buf *text, int number, const char *when)
{
    buf_add_format(text,
                   "  - {id: q%d, screen: choice, type: yes_no, ask: {zh_CN: "
                   "问, en: Ask}, label: {zh_CN: 名, en: Name}%s}\n",
                   number, when);
}

static void write_asking(const char *last_when)
{
    const char *at = strstr(item_good, "  - {id: card");
    const char *tests = strstr(item_good, "tests:\n");
    struct buf text;

    buf_init(&text, 16 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    for (int i = 1; i <= 3; i++)
        add_question(&text, i, i == 3 ? ", when: q1 == \"no\"" : "");
    add_question(&text, 4, last_when);
    buf_add(&text, at, (size_t)(tests - at));
    item_write("small.yaml", text.text);
    buf_done(&text);
}

static void test_before_card(void **state)
{
    (void)state;
    write_asking(", when: q1 == \"yes\""); /* three on each way */
    item_folder_tells("", "");
    write_asking("");
    item_folder_tells(
        "", "small.yaml:19:5: warning: 4 questions stand before the card after "
            "q1=no, q2=yes, q3=yes, q4=yes: expected at most 3, and the others "
            "behind it\n");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_walk),        TEST(test_falls),    TEST(test_place),
        TEST(test_paths),       TEST(test_in_tests), TEST(test_always),
        TEST(test_lacks),       TEST(test_open_end), TEST(test_nothing_sent),
        TEST(test_before_card), TEST(test_judge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
