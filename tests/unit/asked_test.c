/* What goes with a question beside its type, and what is computed: each misuse
 * in an item's file and exactly what is told; what stands, falls and follows;
 * what the hub refuses by name.  The item is tests/tty/asked.yaml. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/judge.h"
#include "tests/unit/item_pages.h"

#define WAY "    way: {zh_CN: 再补, en: Later}\n"

/* In the place of the way round of the good item's field. */
static void tells(const char *keys, const char *lines)
{
    item_tells(WAY, keys, lines);
}

/* ---- In the file --------------------------------------------------------- */

static void test_required(void **state)
{
    (void)state;
    tells(WAY "    required: kind == \"b\"\n",
          "small.yaml:36:15: warning: this rule holds on every way through the "
          "item: expected one that decides something, or none\n");
    tells(WAY "    required: kind == \"a\"\n",
          "small.yaml:36:15: error: an answer is never required here: its rule "
          "holds on no way through the item\n");
    tells(WAY "    required: phone != null\n",
          "small.yaml:36:15: error: unknown name \"phone\": expected a name "
          "that is answered before, or a text in quotes\n");
    tells(WAY "    required: false\n", "");
}

static void test_allowed(void **state)
{
    static const char allowed[] =
        WAY "    allowed:\n"
            "      - {id: no, must: %s, message: {zh_CN: 不行。, en: No.}}\n";
    char text[512];

    (void)state;
    snprintf(text, sizeof text, allowed, "kind == \"b\"");
    tells(text,
          "small.yaml:37:24: warning: this rule holds on every way through "
          "the item: expected one that decides something, or none\n");
    snprintf(text, sizeof text, allowed, "kind == \"a\"");
    tells(text, "small.yaml:37:24: error: no answer is ever allowed here: its "
                "rule holds on no way through the item\n"
                "small.yaml:49:31: error: test \"grown up\": \"138 1234 5678\" "
                "is not allowed, by \"no\"\n");
    tells(WAY "    allowed: [{id: no, message: {zh_CN: 不行。, en: No.}}]\n",
          "small.yaml:36:15: error: what is allowed lacks \"must\": the rule "
          "that must hold; it may use this step's answer\n");
    tells(WAY "    allowed: [{id: no, must: kind == \"b\", severity: hint, "
              "message: {zh_CN: 不行。, en: No.}}]\n",
          "small.yaml:36:53: error: expected error, warning or information\n");
}

static void test_default(void **state)
{
    (void)state;
    tells(WAY "    default: 12345\n",
          "small.yaml:36:14: error: the field does not take this: expected 11 "
          "digits, the first of them a 1\n");
    tells(WAY "    default: 138 1234 5678\n",
          "small.yaml:36:14: error: expected it as it is sent: 13812345678\n");
    item_tells("    label: {zh_CN: 名, en: Name}\n    options",
               "    label: {zh_CN: 名, en: Name}\n    default: c\n    options",
               "small.yaml:20:14: error: \"c\" cannot be chosen here: expected "
               "a value of its options\n");
}

static void test_prefill(void **state)
{
    (void)state;
    tells(WAY "    prefill: [card_nmae]\n",
          "small.yaml:36:15: error: nothing answers \"card_nmae\" before; did "
          "you mean \"card_name\"?\n");
    tells(WAY "    prefill: [phone]\n",
          "small.yaml:36:15: error: \"phone\" is not answered yet here: "
          "expected an earlier step's answer\n");
    tells(WAY "    prefill: [e_certificate]\n",
          "small.yaml:36:15: error: \"e_certificate\" is not accepted yet: the "
          "service of electronic certificates comes in a later version; "
          "expected an earlier answer or card_…\n");
    tells(WAY "    prefill: card_name\n",
          "small.yaml:36:14: error: expected a list of 1 to 8 names: earlier "
          "answers, shared_… of records, and card_… of the card_fields: the "
          "first that fits stands there, with where it comes from\n");
    tells(WAY "    fixed: true\n",
          "small.yaml:36:12: error: nothing stands there that could not be "
          "changed: expected prefill beside it\n");
    tells(WAY "    prefill: [card_number]\n    fixed: true\n"
              "    allowed: [{id: no, must: kind == \"b\", message: {zh_CN: "
              "不行。, en: No.}}]\n",
          "small.yaml:37:12: error: nobody could correct what \"no\" does not "
          "allow: expected a stop, or no fixed\n");
}

static void test_mask(void **state)
{
    (void)state;
    tells(WAY "    mask: false\n",
          "small.yaml:36:11: error: without mask it is not masked: expected "
          "mask: true, or none\n");
    item_tells("    type: mobile\n", "    type: email\n    mask: true\n",
               "small.yaml:35:11: error: email is always masked: expected no "
               "mask here\n");
}

#define REVIEW "  - {id: review, screen: review}\n"
#define COMPUTED(keys)                                                         \
    "  - id: sum\n    screen: computed\n"                                      \
    "    label: {zh_CN: 和, en: Sum}\n" keys REVIEW

static void test_computed(void **state)
{
    (void)state;
    item_tells(REVIEW, COMPUTED("    value: int(kind)\n"),
               "small.yaml:40:12: error: nothing can be computed here after "
               "age=40, kind=a: the text is no whole number\n");
    item_tells(REVIEW, COMPUTED("    value: '[kind]'\n"),
               "small.yaml:40:12: error: nothing can be computed here after "
               "age=40, kind=a: no plain value: expected a text, a whole "
               "number, true or false, or a day\n");
    item_tells(REVIEW, COMPUTED("    value: age * 1.5\n"),
               "small.yaml:40:16: error: * does not go between a whole number "
               "and a number with a point: write double(...) or int(...)\n");
    item_tells(REVIEW, COMPUTED("    value: other\n"),
               "small.yaml:40:12: error: unknown name \"other\": expected a "
               "name that is answered before, or a text in quotes\n");
    item_tells(REVIEW,
               COMPUTED("    ask: {zh_CN: 问, en: Ask}\n"
                        "    value: age\n"),
               "small.yaml:40:5: error: \"ask\" means nothing on this kind of "
               "page, only on: guide, card, choice, field, review, declare, "
               "send, result, check, certificate, cases, materials, choices, "
               "closing, tasks, group, shared, slot, record, payment, other "
               "pages\n");
    item_tells(REVIEW,
               "  - id: sum\n    screen: computed\n    hidden: true\n"
               "    label: {zh_CN: 和, en: Sum}\n    value: age\n"
               "  - id: more\n    screen: computed\n"
               "    label: {zh_CN: '{sum}', en: More}\n    value: sum\n" REVIEW,
               "small.yaml:44:20: error: {sum} is hidden from people: expected "
               "it nowhere in a text, or without hidden\n");
}

/* ---- Walking ------------------------------------------------------------- */

struct asked_place {
    struct pack *pack;
    const struct item *item;
    struct answers *answers;
};

static int open_item(void **state)
{
    static struct asked_place place;
    struct problems problems;

    item_set_screens(NULL);
    problems_init(&problems);
    if (pack_load_one("tests/tty/asked.yaml", &problems, &place.pack))
        return -1;
    problems_done(&problems);
    place.item = pack_item(place.pack, 0);
    place.answers = answers_new();
    answers_begin(place.answers, clock_of_date(2026, 11, 26));
    *state = &place;
    return 0;
}

static int close_item(void **state)
{
    struct asked_place *place = *state;

    answers_free(place->answers);
    pack_free(place->pack);
    return 0;
}

static const struct step *step_of(const struct asked_place *place,
                                  const char *id)
{
    const struct step *step = item_step(place->item, id);

    assert_non_null(step);
    return step;
}

static void give(struct asked_place *place, const char *name, const char *value,
                 enum source source)
{
    assert_int_equal(answers_set(place->answers, name, value, source), ERR_OK);
}

static const struct {
    const char *name, *value;
    enum source source;
} honest[] = {
    { "card_kind", "resident", SOURCE_CARD },
    { "card_name", "某某", SOURCE_CARD },
    { "card_number", "999999199003070012", SOURCE_CARD },
    { "card_birth", "19900307", SOURCE_CARD },
    { "owner", "某某", SOURCE_CARD },
    { "born", "1990-03-07", SOURCE_CARD },
    { "speed", "fast", SOURCE_CITIZEN },
    { "rooms", "30", SOURCE_CITIZEN },
    { "why_fast", "明天出门", SOURCE_CITIZEN },
    { "postcode", "473000", SOURCE_CITIZEN },
    { "letters", "473000", SOURCE_ANSWER },
    { "car", "豫R12345", SOURCE_CITIZEN },
    { "mood", "", SOURCE_LEFT },
    { "price", "320.00", SOURCE_COMPUTED },
    { "desk", "big", SOURCE_COMPUTED },
};

static void give_all(struct asked_place *place)
{
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++)
        give(place, honest[i].name, honest[i].value, honest[i].source);
}

static void test_falls(void **state)
{
    struct asked_place *place = *state;
    struct walk_falls falls;

    give_all(place);
    give(place, "why_fast", "", SOURCE_LEFT);
    give(place, "speed", "normal", SOURCE_CITIZEN);
    assert_int_equal(walk_drop(place->item, place->answers), 0);
    /* The price followed. */
    assert_string_equal(answers_get(place->answers, "price"), "300.00");
    /* What was left empty is needed now. */
    assert_int_equal(walk_would_drop(place->item, place->answers, "speed",
                                     "fast", SOURCE_CITIZEN, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 1);
    assert_string_equal(falls.list[0].step->id, "why_fast");
    assert_true(falls.list[0].is_asked_again);
    /* What was taken over stands no more; what was written stays. */
    assert_int_equal(walk_would_drop(place->item, place->answers, "postcode",
                                     "473001", SOURCE_CITIZEN, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 1);
    assert_string_equal(falls.list[0].step->id, "letters");
    give(place, "letters", "473002", SOURCE_CITIZEN);
    assert_int_equal(walk_would_drop(place->item, place->answers, "postcode",
                                     "473001", SOURCE_CITIZEN, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 0);
}

static void test_left_is_no_answer(void **state)
{
    struct asked_place *place = *state;
    struct buf text;

    give_all(place);
    give(place, "car", "", SOURCE_LEFT);
    const struct step *result = step_of(place, "result");
    assert_false(walk_shows_line(&result->lines[1], place->answers));
    buf_init(&text, 256);
    walk_text(place->item, step_of(place, "car"), place->answers, LANGUAGE_EN,
              &text);
    assert_string_equal(text.text, "Not given");
    buf_clear(&text);
    walk_fill(place->item, &result->lines[1].text, place->answers, LANGUAGE_EN,
              &text);
    assert_string_equal(text.text, "");
    give(place, "car", "豫R12345", SOURCE_CITIZEN);
    walk_fill(place->item, &result->lines[1].text, place->answers, LANGUAGE_EN,
              &text);
    assert_string_equal(text.text, "豫***");
    buf_done(&text);
}

static void test_what_is_said(void **state)
{
    struct asked_place *place = *state;
    const struct step *rooms = step_of(place, "rooms");
    struct asked_said said;

    assert_int_equal(asked_would_say(rooms, place->answers, "0", &said),
                     ERR_OK);
    assert_string_equal(said.error->id, "some");
    assert_int_equal(asked_would_say(rooms, place->answers, "30", &said),
                     ERR_OK);
    assert_null(said.error);
    assert_int_equal(said.count, 1);
    assert_int_equal(said.warnings, 1);
    assert_string_equal(said.list[0]->id, "many");
    assert_int_equal(asked_would_say(rooms, place->answers, "3", &said),
                     ERR_OK);
    assert_int_equal(said.count, 1);
    assert_int_equal(said.warnings, 0);
    assert_int_equal(asked_would_say(rooms, place->answers, "2", &said),
                     ERR_OK);
    assert_int_equal(said.count, 0);
    assert_null(answers_get(place->answers, "rooms"));
}

static void test_before(void **state)
{
    struct asked_place *place = *state;
    struct buf value;

    buf_init(&value, 256);
    assert_true(asked_before(step_of(place, "rooms"), place->answers, &value));
    assert_string_equal(value.text, "2");
    assert_false(asked_is_fixed(step_of(place, "owner"), place->answers));
    give_all(place);
    assert_true(asked_is_fixed(step_of(place, "owner"), place->answers));
    assert_false(asked_is_fixed(step_of(place, "born"), place->answers));
    assert_int_equal(
        asked_source(step_of(place, "born"), place->answers, "1990-03-07"),
        SOURCE_CARD);
    assert_int_equal(
        asked_source(step_of(place, "born"), place->answers, "1990-03-08"),
        SOURCE_CITIZEN);
    assert_int_equal(
        asked_source(step_of(place, "letters"), place->answers, "473000"),
        SOURCE_ANSWER);
    buf_done(&value);
}

/* No page of theirs is ever next or before. */
static void test_no_page(void **state)
{
    struct asked_place *place = *state;
    int mood = (int)(step_of(place, "mood") - place->item->steps);
    int review = (int)(step_of(place, "review") - place->item->steps);

    give_all(place);
    assert_int_equal(walk_next(place->item, place->answers, mood), review);
    assert_int_equal(walk_before(place->item, place->answers, review), mood);
    answers_forget(place->answers, "price");
    assert_int_equal(walk_resume(place->item, place->answers, review), review);
}

/* ---- The judge ----------------------------------------------------------- */

/* The honest case with one answer otherwise: "" for none. */
static void judged(struct asked_place *place, const char *name,
                   const char *value, const char *source, const char *code)
{
    json_t *answers = json_object();
    struct judgement judgement;

    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++)
        json_object_set_new(answers, honest[i].name,
                            json_pack("{s:s, s:s}", "value", honest[i].value,
                                      "source", source_name(honest[i].source)));
    if (name && !value)
        json_object_del(answers, name);
    else if (name)
        json_object_set_new(
            answers, name,
            json_pack("{s:s, s:s}", "value", value, "source", source));
    json_t *body =
        json_pack("{s:s, s:o}", "today", "2026-11-26", "answers", answers);
    int64_t now = clock_of_date(2026, 11, 26);
    const struct judge_case asked = { .item = place->item,
                                      .body = body,
                                      .assurance = "card",
                                      .sent_ms = now,
                                      .now_ms = now };
    assert_int_equal(judge(&asked, &judgement), ERR_OK);
    if (strcmp(judge_code_name(judgement.code), code) != 0)
        fail_msg("%s=%s by %s: %s of %s, not %s", name ? name : "", value,
                 source, judge_code_name(judgement.code), judgement.name, code);
    if (judgement.code != JUDGE_GOOD)
        assert_string_equal(judgement.name, name);
    json_decref(body);
}

static void test_judge(void **state)
{
    struct asked_place *place = *state;

    judged(place, NULL, "", "", "good");
    /* Left empty: where that may be, and only as such. */
    judged(place, "postcode", NULL, "", "missing");
    judged(place, "why_fast", "", "left", "missing");
    judged(place, "why_fast", NULL, "", "missing");
    judged(place, "car", "", "left", "good");
    judged(place, "car", "豫R12345", "left", "missing");
    judged(place, "car", "", "citizen", "not-accepted");
    judged(place, "mood", "", "citizen", "not-offered");
    /* Not allowed; a doubt that was confirmed is. */
    judged(place, "born", "2015-03-07", "citizen", "not-allowed");
    judged(place, "speed", "today", "citizen", "not-allowed");
    judged(place, "rooms", "0", "citizen", "not-allowed");
    /* Taken over: what it is, from there, and not where it is fixed. */
    judged(place, "owner", "另一人", "citizen", "not-accepted");
    judged(place, "owner", "另一人", "card", "not-accepted");
    judged(place, "owner", "", "left", "missing");
    judged(place, "born", "1990-03-08", "card", "not-accepted");
    judged(place, "born", "1990-03-08", "citizen", "good");
    judged(place, "letters", "473001", "answer", "not-accepted");
    judged(place, "letters", "473001", "citizen", "good");
    judged(place, "postcode", "473000", "answer", "not-accepted");
    judged(place, "postcode", "473000", "card", "not-accepted");
    /* Computed: nothing else, by nobody else. */
    judged(place, "price", "0.00", "computed", "computed");
    judged(place, "price", NULL, "", "computed");
    judged(place, "price", "320.00", "citizen", "not-accepted");
    judged(place, "desk", "small", "computed", "computed");
    judged(place, "rooms", "30", "computed", "not-accepted");
}

int main(void)
{
#define FILE_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)
#define WALK_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, open_item, close_item)
    const struct CMUnitTest tests[] = {
        FILE_TEST(test_required),     FILE_TEST(test_allowed),
        FILE_TEST(test_default),      FILE_TEST(test_prefill),
        FILE_TEST(test_mask),         FILE_TEST(test_computed),
        WALK_TEST(test_falls),        WALK_TEST(test_left_is_no_answer),
        WALK_TEST(test_what_is_said), WALK_TEST(test_before),
        WALK_TEST(test_no_page),      WALK_TEST(test_judge),
    };

    return cmocka_run_group_tests_name("asked", tests, NULL, NULL);
}
