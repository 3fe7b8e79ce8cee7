/* What other offices have on record: the table, what stands, falls and is kept of
 * it, what a hub refuses by name.  The item is tests/tty/shared.yaml. */
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
#include "kiosk/flow/envelope_body.h"
#include "kiosk/flow/item_reach.h"
#include "kiosk/flow/judge.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

#define NUMBER "999999199003070012"

/* ---- The table ------------------------------------------------------------ */

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHARED_KINDS; i++) {
        const struct shared_kind *kind = &shared_kinds[i], *found = NULL;
        const struct shared_field *field = NULL;
        char name[SHARED_NAME_BYTES];

        assert_ptr_equal(shared_kind_find(kind->name), kind);
        shared_name(kind, NULL, name);
        assert_true(shared_parse(name, &found, &field));
        assert_ptr_equal(found, kind);
        assert_null(field);
        for (size_t j = 0; kind->fields[j].name; j++) {
            /* Who tries items out gives what a register could say. */
            if (!shared_is_value(&kind->fields[j], kind->fields[j].sample))
                fail_msg("%s of %s: %s", kind->fields[j].name, kind->name,
                         kind->fields[j].sample);
            shared_name(kind, &kind->fields[j], name);
            /* As long as an answer's name may be, and a case's on the wire. */
            assert_true(strlen(name) <= 31);
            assert_true(shared_parse(name, &found, &field));
            assert_ptr_equal(field, &kind->fields[j]);
        }
    }
}

static const struct shared_field *field_of(const char *kind, const char *name)
{
    const struct shared_field *field =
        shared_field_find(shared_kind_find(kind), name);

    assert_non_null(field);
    return field;
}

static void test_values(void **state)
{
    static const struct {
        const char *kind, *field, *value;
        bool is_good;
    } rows[] = {
        { "person", "name", "某某", true },
        { "person", "name", "", false },
        { "person", "name", "某\n某", false },
        { "person", "name", "\xff", false },
        { "person", "birth", "1990-02-29", false },
        { "person", "birth", "19900307", false },
        { "person", "ethnic", "1", false },
        { "person", "phone", "138 1234 5678", false },
        { "person", "marital", "maried", false },
        { "household", "county", "4113", false },
        { "insurance", "since", "2015-13", false },
        { "vehicle", "plate", "12345", false },
        { "enterprise", "credit_code", "91350100M000100Y44", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (shared_is_value(field_of(rows[i].kind, rows[i].field),
                            rows[i].value) != rows[i].is_good)
            fail_msg("%s: \"%s\"", rows[i].field, rows[i].value);
    char longer[SHARED_VALUE_BYTES + 1];
    memset(longer, 'a', SHARED_VALUE_BYTES);
    longer[SHARED_VALUE_BYTES] = '\0';
    assert_false(shared_is_value(field_of("person", "name"), longer));
    assert_true(shared_is_day("2024-02-29"));
    assert_false(shared_is_day("2025-02-29"));
    assert_false(shared_is_day("2025-2-29"));
    assert_false(shared_is_day("20250228"));
}

static void test_text(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 256);
    shared_text(field_of("person", "marital"), "married", LANGUAGE_EN, &text);
    buf_add_char(&text, ' ');
    shared_text(field_of("person", "ethnic"), "01", LANGUAGE_EN, &text);
    buf_add_char(&text, ' ');
    shared_text(field_of("vehicle", "plate"), "豫R12345", LANGUAGE_EN, &text);
    buf_add_char(&text, ' ');
    shared_text(field_of("household", "address"), "某路", LANGUAGE_EN, &text);
    assert_string_equal(text.text, "married Han 豫R 12345 某路");
    buf_done(&text);
}

static void test_names(void **state)
{
    static const char *const strange[] = { "shared",
                                           "shared_",
                                           "shared_house",
                                           "shared_household_",
                                           "shared_household_adress",
                                           "shared_householdaddress",
                                           "card_household" };
    const struct shared_kind *kind;
    const struct shared_field *field;

    (void)state;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        if (shared_parse(strange[i], &kind, &field))
            fail_msg("%s", strange[i]);
}

/* ---- Answers -------------------------------------------------------------- */

struct shared_place {
    struct pack *pack;
    const struct item *item;
    struct answers *answers;
};

static int set_up(void **state)
{
    static struct shared_place place;
    struct problems problems;

    item_set_screens(NULL);
    problems_init(&problems);
    assert_int_equal(
        pack_load_one("tests/tty/shared.yaml", &problems, &place.pack), ERR_OK);
    problems_done(&problems);
    place.item = pack_item(place.pack, 0);
    place.answers = answers_new();
    answers_begin(place.answers, clock_of_date(2026, 11, 26));
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct shared_place *place = *state;

    answers_free(place->answers);
    pack_free(place->pack);
    return 0;
}

static const struct step *step_of(const struct shared_place *place,
                                  const char *id)
{
    const struct step *step = item_step(place->item, id);

    assert_non_null(step);
    return step;
}

static void give(struct shared_place *place, const char *name,
                 const char *value, enum source source)
{
    assert_int_equal(answers_set(place->answers, name, value, source), ERR_OK);
}

static void lay_card(struct shared_place *place, enum source source)
{
    give(place, "card_kind", "resident", source);
    give(place, "card_name", "某 某", source);
    give(place, "card_number", NUMBER, source);
    give(place, "card_address", "某村8号", source);
}

enum { PERSON, HOUSEHOLD, INSURANCE, VEHICLE };

/* The nth field of the table. */
static void say(struct shared_record records[SHARED_KINDS], size_t kind,
                const char *field, const char *value)
{
    records[kind].day = "2025-11-20";
    records[kind].values[field_of(shared_kinds[kind].name, field) -
                         shared_kinds[kind].fields] = value;
}

static void take(struct shared_place *place,
                 const struct shared_record records[SHARED_KINDS])
{
    assert_int_equal(shared_take(place->answers, place->item,
                                 step_of(place, "records"), records),
                     ERR_OK);
}

static void is(const struct shared_place *place, const char *name,
               const char *value)
{
    const char *held = answers_get(place->answers, name);

    if (!value && held)
        fail_msg("%s is %s", name, held);
    else if (value && (!held || strcmp(held, value) != 0))
        fail_msg("%s is %s, not %s", name, held ? held : "nothing", value);
}

/* What no rule and no prefill names is not kept, whoever sent it. */
static void test_only_what_is_used(void **state)
{
    struct shared_place *place = *state;
    struct shared_record records[SHARED_KINDS] = { { .day = NULL } };

    lay_card(place, SOURCE_CARD);
    say(records, PERSON, "name", "某某");
    say(records, PERSON, "marital", "divorced");
    say(records, PERSON, "phone", "13712345678");
    say(records, HOUSEHOLD, "address", "某路3号");
    say(records, HOUSEHOLD, "head", "他人");
    say(records, INSURANCE, "unit", "某公司");
    take(place, records);
    is(place, "records", "part");
    is(place, "shared_person", "2025-11-20");
    is(place, "shared_person_phone", "13712345678");
    is(place, "shared_household_address", "某路3号");
    is(place, "shared_person_name", NULL);
    is(place, "shared_person_marital", NULL);
    is(place, "shared_household_head", NULL);
    is(place, "shared_insurance", NULL);
    is(place, "shared_insurance_unit", NULL);
    assert_int_equal(answers_source(place->answers, "shared_person_phone"),
                     SOURCE_SHARED);
    /* What came later takes the place of all of it. */
    memset(records, 0, sizeof records);
    say(records, VEHICLE, "plate", "豫R12345");
    say(records, HOUSEHOLD, "county", "41130"); /* not in its form */
    take(place, records);
    is(place, "shared_person", NULL);
    is(place, "shared_person_phone", NULL);
    is(place, "shared_household", "2025-11-20");
    is(place, "shared_household_county", NULL);
    is(place, "shared_vehicle_plate", "豫R12345");
}

/* A record of another person gives away nothing, nor do those beside it. */
static void test_another_person(void **state)
{
    static const struct {
        const char *field, *value;
        bool is_other;
    } rows[] = {
        { "name", "某某", false },        { "name", "某某某", true },
        { "birth", "1990-03-07", false }, { "birth", "1990-03-08", true },
        { "birth", "1990", true },
    };
    struct shared_place *place = *state;

    lay_card(place, SOURCE_CARD);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shared_record records[SHARED_KINDS] = { { .day = NULL } };

        say(records, PERSON, rows[i].field, rows[i].value);
        say(records, PERSON, "phone", "13712345678");
        say(records, HOUSEHOLD, "address", "某路3号");
        assert_int_equal(shared_differs(records, place->answers),
                         rows[i].is_other);
        take(place, records);
        is(place, "records", rows[i].is_other ? "none" : "part");
        is(place, "shared_household_address",
           rows[i].is_other ? NULL : "某路3号");
        is(place, "shared_person_phone",
           rows[i].is_other ? NULL : "13712345678");
    }
    /* The card's own day of birth counts before that in its number. */
    give(place, "card_birth", "19900308", SOURCE_CARD);
    struct shared_record records[SHARED_KINDS] = { { .day = NULL } };
    say(records, PERSON, "birth", "1990-03-08");
    assert_false(shared_differs(records, place->answers));
}

/* Whoever only knows a number is told nothing of whose it is. */
static void test_typed(void **state)
{
    struct shared_place *place = *state;
    struct shared_record records[SHARED_KINDS] = { { .day = NULL } };

    lay_card(place, SOURCE_CITIZEN);
    assert_false(shared_may_ask(place->answers));
    say(records, HOUSEHOLD, "address", "某路3号");
    take(place, records);
    is(place, "records", "none");
    is(place, "shared_household_address", NULL);
}

static void take_all(struct shared_place *place)
{
    struct shared_record records[SHARED_KINDS] = { { .day = NULL } };

    say(records, PERSON, "phone", "13712345678");
    say(records, HOUSEHOLD, "address", "某路3号");
    say(records, HOUSEHOLD, "county", "411303");
    say(records, VEHICLE, "plate", "豫R12345");
    take(place, records);
}

static void fill(struct shared_place *place)
{
    lay_card(place, SOURCE_CARD);
    take_all(place);
    give(place, "home", "某路3号", SOURCE_SHARED);
    give(place, "county", "411302", SOURCE_CITIZEN);
    give(place, "phone", "13712345678", SOURCE_SHARED);
    give(place, "plate", "豫R12345", SOURCE_SHARED);
}

static void test_prefilled(void **state)
{
    struct shared_place *place = *state;
    const struct step *home = step_of(place, "home");
    struct asked_prefill prefill;
    bool differs = true;
    struct buf value;

    fill(place);
    buf_init(&value, 256);
    assert_true(asked_prefill(home, place->answers, &value, &prefill));
    assert_string_equal(value.text, "某路3号");
    assert_string_equal(prefill.from, "shared_household_address");
    assert_int_equal(asked_source(home, place->answers, "某路3号"),
                     SOURCE_SHARED);
    assert_int_equal(asked_source(home, place->answers, "某路4号"),
                     SOURCE_CITIZEN);
    assert_true(asked_is_fixed(step_of(place, "plate"), place->answers));
    assert_string_equal(asked_shared(home, place->answers, &differs),
                        "shared_household_address");
    assert_false(differs);
    assert_string_equal(
        asked_shared(step_of(place, "county"), place->answers, &differs),
        "shared_household_county");
    assert_true(differs);
    assert_null(
        asked_shared(step_of(place, "paper"), place->answers, &differs));
    /* Without the register it is the card's. */
    shared_forget(place->answers, step_of(place, "records"));
    buf_clear(&value);
    assert_true(asked_prefill(home, place->answers, &value, &prefill));
    assert_string_equal(value.text, "某村8号");
    assert_int_equal(prefill.source, SOURCE_CARD);
    assert_null(asked_shared(home, place->answers, &differs));
    buf_done(&value);
}

/* Asked again, it may have gone: what was taken over of it is asked. */
static void test_falls(void **state)
{
    struct shared_place *place = *state;
    const struct step *records = step_of(place, "records");
    struct walk_falls falls;

    fill(place);
    assert_int_equal(walk_drop(place->item, place->answers), 0);
    assert_int_equal(shared_take_nothing(place->answers, records, SHARED_AWAY),
                     ERR_OK);
    assert_int_equal(walk_would_drop(place->item, place->answers, NULL, NULL,
                                     SOURCE_NONE, &falls),
                     ERR_OK);
    assert_int_equal(falls.count, 3);
    assert_string_equal(falls.list[0].step->id, "home");
    assert_true(falls.list[0].is_asked_again);
    assert_string_equal(falls.list[1].step->id, "phone");
    assert_string_equal(falls.list[2].step->id, "plate");
    assert_false(falls.list[2].is_asked_again);
    assert_int_equal(walk_drop(place->item, place->answers), 3);
    is(place, "records", "away");
    is(place, "county", "411302"); /* their own word */
}

/* Another card, and the office is asked anew, of whoever that is. */
static void test_another_card(void **state)
{
    struct shared_place *place = *state;
    struct card card = { .kind = CARD_RESIDENT, .name = "他人" };

    fill(place);
    snprintf(card.number, sizeof card.number, "%s", "999999198003070013");
    assert_int_equal(answers_take_card(place->answers, place->item, &card, 0),
                     ERR_OK);
    is(place, "shared_person", NULL);
    is(place, "shared_person_phone", NULL);
    is(place, "shared_household_address", NULL);
    (void)walk_drop(place->item, place->answers);
    is(place, "records", NULL);
    is(place, "home", NULL);
    int review = (int)(step_of(place, "review") - place->item->steps);
    assert_int_equal(walk_resume(place->item, place->answers, review),
                     step_of(place, "records") - place->item->steps);
}

/* A page behind is led to without a made-up record where that will do. */
static void test_reach(void **state)
{
    struct shared_place *place = *state;
    int64_t now = clock_of_date(2026, 11, 26);
    int review = (int)(step_of(place, "review") - place->item->steps);
    int plate = (int)(step_of(place, "plate") - place->item->steps);

    assert_true(item_reach(place->item, review, now, place->answers));
    is(place, "records", "away");
    assert_true(item_reach(place->item, plate, now, place->answers));
    is(place, "records", "came");
    is(place, "shared_vehicle_plate", "豫R12345");
}

/* ---- In the case ---------------------------------------------------------- */

static json_t *body_of(struct shared_place *place)
{
    const struct envelope_input input = { .item = place->item,
                                          .answers = place->answers,
                                          .receipt = "310063270014",
                                          .lookup_code = "4711",
                                          .address = "0123456789012345678901" };
    struct buf text;

    buf_init(&text, 256 * 1024);
    assert_int_equal(envelope_body(&input, &text), ERR_OK);
    json_t *body = json_loadb(text.text, text.len, 0, NULL);
    buf_done(&text);
    assert_non_null(body);
    return body;
}

static void says(const json_t *body, const char *name, const char *member,
                 const char *text)
{
    const json_t *entry =
        json_object_get(json_object_get(body, "answers"), name);
    const char *said = json_string_value(json_object_get(entry, member));

    if (!text && said)
        fail_msg("%s.%s is %s", name, member, said);
    else if (text && (!said || strcmp(said, text) != 0))
        fail_msg("%s.%s is %s, not %s", name, member, said ? said : "nothing",
                 text);
}

static void test_case(void **state)
{
    struct shared_place *place = *state;

    fill(place);
    json_t *body = body_of(place);
    says(body, "records", "value", "came");
    says(body, "records", "source", "shared");
    says(body, "shared_household", "value", "2025-11-20");
    says(body, "shared_household_address", "value", "某路3号");
    says(body, "shared_household_address", "source", "shared");
    says(body, "shared_household_address", "record", "household");
    says(body, "shared_household_address", "as_of", "2025-11-20");
    /* What was taken over, from where and of which day. */
    says(body, "home", "source", "shared");
    says(body, "home", "from", "shared_household_address");
    says(body, "home", "as_of", "2025-11-20");
    says(body, "home", "differs", NULL);
    /* And their own word, although a record has another. */
    says(body, "county", "source", "citizen");
    says(body, "county", "differs", "shared_household_county");
    says(body, "county", "as_of", NULL);
    json_decref(body);
}

/* ---- The judge ------------------------------------------------------------ */

/* The hub's own registers, as of that day; or none of them. */
struct pretended {
    const char *day;
    enum judge_looked looked;
};

static enum judge_looked look(void *owner, const char *number,
                              const struct shared_kind *kind,
                              struct shared_record *ret_record)
{
    const struct pretended *pretended = owner;
    struct shared_record records[SHARED_KINDS] = { { .day = NULL } };

    assert_string_equal(number, NUMBER);
    say(records, PERSON, "phone", "13712345678");
    say(records, HOUSEHOLD, "address", "某路3号");
    say(records, HOUSEHOLD, "county", "411303");
    say(records, VEHICLE, "plate", "豫R12345");
    *ret_record = records[kind - shared_kinds];
    ret_record->day = pretended->day;
    return pretended->looked;
}

struct forgery {
    const char *name, *value, *source; /* value NULL: it is not there */
};

static void judge_by(struct shared_place *place, const struct forgery *forgery,
                     const struct pretended *pretended,
                     struct judgement *ret_judgement)
{
    const struct judge_registers registers = { look, (void *)pretended };
    int64_t now = clock_of_date(2026, 11, 26);

    answers_wipe(place->answers);
    fill(place);
    json_t *body = body_of(place);
    json_t *answers = json_object_get(body, "answers");
    if (forgery && !forgery->value)
        json_object_del(answers, forgery->name);
    else if (forgery)
        json_object_set_new(answers, forgery->name,
                            json_pack("{s:s, s:s}", "value", forgery->value,
                                      "source", forgery->source));
    const struct judge_case asked = { .item = place->item,
                                      .body = body,
                                      .assurance = "card",
                                      .sent_ms = now,
                                      .now_ms = now,
                                      .registers =
                                          pretended ? &registers : NULL };
    assert_int_equal(judge(&asked, ret_judgement), ERR_OK);
    json_decref(body);
}

static void test_judge(void **state)
{
    static const struct pretended as_it_is = { "2025-11-20", JUDGE_LOOKED };
    static const struct {
        struct forgery forgery;
        const char *code, *name;
    } rows[] = {
        { { "records", NULL, NULL }, "missing", "records" },
        { { "records", "all", "shared" }, "not-offered", "records" },
        { { "records", "part", "shared" }, "not-accepted", "records" },
        { { "records", "none", "shared" }, "not-accepted", "records" },
        { { "records", "came", "citizen" }, "not-accepted", "records" },
        { { "shared_household_address", "某路9号", "shared" },
          "not-accepted",
          "shared_household_address" },
        { { "shared_household_address", "某路3号", "citizen" },
          "not-accepted",
          "shared_household_address" },
        { { "shared_household_head", "他人", "shared" },
          "not-accepted",
          "shared_household_head" },
        { { "shared_household", "2025-11-21", "shared" },
          "not-accepted",
          "shared_household" },
        { { "shared_household", "heute", "shared" },
          "not-accepted",
          "shared_household" },
        /* A record that is not there has no fields. */
        { { "shared_vehicle", NULL, NULL },
          "not-accepted",
          "shared_vehicle_plate" },
        { { "shared_vehicle_plate", "1", "shared" },
          "not-accepted",
          "shared_vehicle_plate" },
        { { "shared_insurance", "2025-11-20", "shared" },
          "unknown-answer",
          "" },
        { { "shared_person_name", "他人", "shared" },
          "not-accepted",
          "records" },
        /* Taken over is what stands there. */
        { { "home", "某路4号", "shared" }, "not-accepted", "home" },
        { { "plate", "豫R54321", "citizen" }, "not-accepted", "plate" },
        { { "paper", "yes", "shared" }, "not-accepted", "paper" },
        { { "paper", "yes", "citizen" }, "not-asked", "paper" },
        { { "card_number", NUMBER, "citizen" }, "assurance", "assurance" },
    };
    struct shared_place *place = *state;
    struct judgement judgement;

    judge_by(place, NULL, &as_it_is, &judgement);
    assert_int_equal(judgement.code, JUDGE_GOOD);
    assert_string_equal(judgement.look, "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        judge_by(place, &rows[i].forgery, &as_it_is, &judgement);
        if (strcmp(judge_code_name(judgement.code), rows[i].code) != 0 ||
            strcmp(judgement.name, rows[i].name) != 0)
            fail_msg("%s=%s: %s of %s", rows[i].forgery.name,
                     rows[i].forgery.value, judge_code_name(judgement.code),
                     judgement.name);
    }
}

/* Nobody loses a case by a register that changed, or that cannot be asked. */
static void test_what_cannot_be_looked_at(void **state)
{
    static const struct pretended newer = { "2025-12-01", JUDGE_LOOKED },
                                  older = { "2025-11-19", JUDGE_LOOKED },
                                  gone = { NULL, JUDGE_NO_RECORD },
                                  away = { NULL, JUDGE_NOT_LOOKED };
    const struct forgery other = { "shared_household_address", "某路9号",
                                   "shared" };
    struct shared_place *place = *state;
    struct judgement judgement;

    judge_by(place, NULL, NULL, &judgement);
    assert_string_equal(judgement.look, "shared person");
    judge_by(place, NULL, &away, &judgement);
    assert_int_equal(judgement.code, JUDGE_GOOD);
    assert_string_equal(judgement.look, "shared person");
    judge_by(place, NULL, &newer, &judgement);
    assert_int_equal(judgement.code, JUDGE_GOOD);
    assert_string_equal(judgement.look, "shared person");
    judge_by(place, NULL, &older, &judgement);
    assert_string_equal(judgement.name, "shared_person");
    judge_by(place, NULL, &gone, &judgement);
    assert_string_equal(judgement.name, "shared_person");
    /* In itself it must be right all the same. */
    judge_by(place, &other, &away, &judgement);
    assert_string_equal(judgement.name, "home");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_names),
        TEST(test_only_what_is_used),
        TEST(test_another_person),
        TEST(test_typed),
        TEST(test_prefilled),
        TEST(test_falls),
        TEST(test_another_card),
        TEST(test_reach),
        TEST(test_case),
        TEST(test_judge),
        TEST(test_what_cannot_be_looked_at),
    };

    return cmocka_run_group_tests_name("shared", tests, NULL, NULL);
}
