/* What an item may say of other offices' records, each misuse and exactly what is
 * told. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/unit/item_pages.h"

#define CARD "  - {id: card, screen: card, may_type: true}\n"
#define STEP "  - {id: records, screen: shared, records: [household]}\n"
#define WAY  "    way: {zh_CN: 再补, en: Later}\n"
#define USE  "    prefill: [shared_household_address]\n"

/* A step after the good item's card, something beside its field, and what comes
 * of it without its tests: those have no such page. */
static void tells(const char *steps, const char *keys, const char *lines)
{
    static char text[16 * 1024];
    const char *card = strstr(item_good, CARD), *way = strstr(item_good, WAY);
    const char *tests = strstr(item_good, "tests:\n");

    snprintf(text, sizeof text, "%.*s" CARD "%s%.*s%s%.*s",
             (int)(card - item_good), item_good, steps,
             (int)(way - card - (ptrdiff_t)strlen(CARD)), card + strlen(CARD),
             keys, (int)(tests - way), way);
    item_write("small.yaml", text);
    item_folder_tells("", lines);
    item_write("small.yaml", item_good);
}

static void test_records(void **state)
{
    (void)state;
    tells(
        "  - {id: records, screen: shared}\n", "",
        "small.yaml:16:5: error: a step lacks \"records\": what other offices "
        "are asked for: person, household, insurance, vehicle, enterprise; "
        "see Shared data\n");
    tells("  - {id: records, screen: shared, records: [houshold]}\n", "",
          "small.yaml:16:45: error: no such record; did you mean "
          "\"household\"?: expected person, household, insurance, vehicle or "
          "enterprise\n");
    tells("  - {id: records, screen: shared, records: []}\n", "",
          "small.yaml:16:44: error: expected a list of 1 to 5 records: what "
          "other offices are asked for: person, household, insurance, vehicle, "
          "enterprise; see Shared data\n");
    tells(
        "  - {id: records, screen: shared, records: [household, household]}\n",
        USE, "small.yaml:16:56: error: \"household\" stands here twice\n");
    tells(STEP "  - {id: again, screen: shared, records: [household]}\n", USE,
          "small.yaml:17:43: error: an earlier step asks for \"household\" "
          "already\n");
    tells("  - {id: records, screen: shared, records: [household, vehicle]}\n",
          USE,
          "small.yaml:16:56: warning: nothing uses the record \"vehicle\": "
          "expected a rule or a prefill that names shared_vehicle_plate or the "
          "like, or the record taken away\n");
    tells(STEP, USE, "");
}

/* In a whole item of its own: the one of the tests, with one thing otherwise. */
static void item_otherwise_tells(const char *from, const char *to,
                                 const char *lines)
{
    char *text = NULL, path[64] = "shared.yaml";
    struct buf changed;
    size_t len = 0;

    assert_int_equal(file_read("tests/tty/shared.yaml", 64 * 1024, &text, &len),
                     ERR_OK);
    const char *at = strstr(text, from);
    assert_non_null(at);
    buf_init(&changed, 64 * 1024);
    buf_add(&changed, text, (size_t)(at - text));
    buf_add_text(&changed, to);
    buf_add_text(&changed, at + strlen(from));
    item_write(path, changed.text);
    item_folder_tells("", lines);
    buf_done(&changed);
    mem_free(text);
}

static void test_otherwise(void **state)
{
    (void)state;
    item_otherwise_tells("card_fields: [name, number, address]",
                         "card_fields: [name, address]",
                         "shared.yaml:18:5: error: records are found by the "
                         "card's number: expected number among card_fields\n");
    item_otherwise_tells(
        "household: {address: 某县某路3号, county",
        "household: {adress: 某县某路3号, county",
        "shared.yaml:80:19: error: the record \"household\" has no \"adress\"; "
        "did you mean \"address\"?\n");
    item_otherwise_tells("vehicle: {plate: 豫R12345", "vehicle: {plate: 12345",
                         "shared.yaml:81:24: error: \"12345\" is no value of "
                         "shared_vehicle_plate: expected one such as "
                         "豫R12345\n");
    item_otherwise_tells("      vehicle: {plate: 豫R12345, kind: small-car}",
                         "      insurance: {}",
                         "shared.yaml:81:7: error: no step asks for the record "
                         "\"insurance\"\n");
    item_otherwise_tells(
        "      vehicle: {plate: 豫R12345, kind: small-car}",
        "      vehcile: {}",
        "shared.yaml:81:7: error: no such record; did you mean "
        "\"vehicle\"?: expected person, household, insurance, "
        "vehicle or enterprise\n");
    item_otherwise_tells("as_of: 2025-11-21", "as_of: 2025-02-29",
                         "shared.yaml:80:61: error: expected a day such as "
                         "2025-11-20: when the record was made\n");
    item_otherwise_tells(
        "    answers: {}", "    answers: {records: part}",
        "shared.yaml:82:24: error: test \"all of it came\": by "
        "the test's records this is \"came\": expected that, or "
        "no such answer\n");
}

/* Nobody is asked about whom nobody knows. */
static void test_whose(void **state)
{
    (void)state;
    item_tells(CARD, STEP CARD,
               "small.yaml:15:5: error: whose records? expected a step with "
               "screen: card before this\n"
               "small.yaml:15:45: warning: nothing uses the record "
               "\"household\": expected a rule or a prefill that names "
               "shared_household_address or the like, or the record taken "
               "away\n");
}

static void test_prefill(void **state)
{
    (void)state;
    tells("", USE,
          "small.yaml:35:15: error: nothing asks for that record before: "
          "expected a step with screen: shared and records: [household] before "
          "this\n");
    tells(STEP, "    prefill: [shared_household_adress]\n",
          "small.yaml:16:45: warning: nothing uses the record \"household\": "
          "expected a rule or a prefill that names shared_household_address or "
          "the like, or the record taken away\n"
          "small.yaml:36:15: error: nothing answers "
          "\"shared_household_adress\" before; did you mean "
          "\"shared_household_address\"?\n");
    tells("", "    prefill: [shared_data]\n",
          "small.yaml:35:15: error: nothing answers \"shared_data\" before: "
          "expected an earlier answer, or card_… of the card_fields\n");
}

static void test_rules(void **state)
{
    (void)state;
    tells(STEP, "    required: records == \"cane\"\n" USE,
          "small.yaml:36:26: error: \"records\" can never be \"cane\"; did you "
          "mean \"came\"?\n");
    tells(STEP, "    required: shared_household_type == \"famly\"\n",
          "small.yaml:36:40: error: \"shared_household_type\" can never be "
          "\"famly\"; did you mean \"family\"?\n");
    tells(STEP, "    required: shared_household_type == \"collective\"\n", "");
    tells(STEP, "    required: answered(shared_household)\n", "");
    /* Each record alone, nothing, and no answer are tried. */
    tells("  - {id: records, screen: shared, records: [household, vehicle]}\n",
          "    required: records == \"part\" && answered(shared_vehicle)\n" USE,
          "");
    tells(STEP, "    required: records == \"away\"\n" USE, "");
    tells(STEP, "    required: records == \"none\"\n" USE, "");
    tells(
        STEP,
        "    required: records == \"came\" && shared_household_head == null\n",
        "");
    /* What is one kind alone never comes in part. */
    tells(STEP, "    required: records == \"part\"\n" USE,
          "small.yaml:36:15: error: an answer is never required here: its rule "
          "holds on no way through the item\n");
    tells(STEP, "    hint: {zh_CN: '{shared_household_address}', en: X}\n" USE,
          "small.yaml:36:19: error: {shared_household_address} is filled by "
          "nothing: expected title, authority, unit, contact, fee, basis, "
          "legal_time, promised_time, minutes or what a step answers\n");
}

static void test_reserved(void **state)
{
    (void)state;
    item_tells("  - id: phone\n", "  - id: shared_phone\n",
               "small.yaml:29:9: error: the answer's name \"shared_phone\" "
               "means something else already: choose another\n");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, item_folder_make, item_folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_records), TEST(test_whose), TEST(test_otherwise),
        TEST(test_prefill), TEST(test_rules), TEST(test_reserved),
    };

    return cmocka_run_group_tests_name("item shared", tests, NULL, NULL);
}
