/* "kiosk probe" as a technician runs it: its lines, its exit codes, recording
 * and replaying.  Each run has a bus of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "tests/tty/world.h"
#include "tests/usb/bus.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 48, TIME_OVER = 3, FAILED = 4, USAGE = 2 };

static char emulator[WORLD_PATH], kiosk[WORLD_PATH];
static struct world_said *said;

static int find_programs(void **state)
{
    (void)state;
    world_program(emulator, "tests/usb/emulator/emulator");
    world_program(kiosk, "kiosk");
    said = mem_new(sizeof *said);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    mem_free(said);
    return 0;
}

/* lines: for the emulator, ended by NULL; words: after "probe". */
static void probe(const char *const *lines, const char *const *words)
{
    const char *argv[WORDS_MAX];
    size_t count = 0;

    argv[count++] = emulator;
    for (; lines && *lines; lines++) {
        argv[count++] = "--do";
        argv[count++] = *lines;
    }
    argv[count++] = "--";
    argv[count++] = kiosk;
    argv[count++] = "probe";
    for (; words && *words && count < WORDS_MAX - 1; words++)
        argv[count++] = *words;
    argv[count] = NULL;
    world_run(argv, said);
}

/* The nth line of what was said, as JSON; NULL: there is none. */
static json_t *line_at(size_t n)
{
    const char *at = said->out;

    while (n-- > 0 && at)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    if (!at || !*at)
        return NULL;
    json_t *json = json_loadb(at, strcspn(at, "\n"), 0, NULL);
    assert_non_null(json);
    return json;
}

static const char *text_in(json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text ? text : "";
}

static void device_is(size_t n, const char *place, const char *ids,
                      const char *state, const char *action)
{
    json_t *json = line_at(n);

    assert_non_null(json);
    assert_string_equal(text_in(json, "driver"), "card/sdt");
    assert_string_equal(text_in(json, "place"), place);
    assert_string_equal(text_in(json, "ids"), ids);
    assert_string_equal(text_in(json, "state"), state);
    assert_string_equal(text_in(json, "action"), action);
    assert_int_equal(strlen(text_in(json, "since")), 25);
    json_decref(json);
}

static char card_line[4096];

static const char *card_of(const struct card *card, const char *photo)
{
    uint8_t record[BUS_RECORD_BYTES];
    size_t len = (size_t)snprintf(card_line, sizeof card_line, "card 1 ");

    bus_encode(card, record);
    for (size_t i = 0; i < sizeof record; i++)
        len += (size_t)snprintf(card_line + len, sizeof card_line - len, "%02x",
                                record[i]);
    snprintf(card_line + len, sizeof card_line - len, " %s -", photo);
    return card_line;
}

static const char *const read_card[] = { "--read-card", "--seconds", "20",
                                         NULL };
static const char *const read_briefly[] = { "--read-card", "--seconds", "1",
                                            NULL };

/* ---- Lines ------------------------------------------------------------- */

static void test_devices(void **state)
{
    static const char *const lines[] = { "plug 2 pair", "plug 1 four 0316:5020",
                                         "plug 3 none", "plug 4 four 1234:5678",
                                         NULL };
    (void)state;
    probe(lines, NULL);
    assert_int_equal(said->code, 0);
    size_t count = 0;
    for (json_t *json; (json = line_at(count)); count++)
        json_decref(json);
    assert_int_equal(count, 3); /* the fourth is none of ours */
    for (size_t i = 0; i < count; i++) {
        json_t *json = line_at(i);
        const char *place = text_in(json, "place");
        if (strcmp(place, "1-1") == 0)
            device_is(i, "1-1", "0316:5020", "ready", "none");
        else if (strcmp(place, "1-2") == 0)
            device_is(i, "1-2", "0400:c35a", "ready", "none");
        else
            device_is(i, "1-3", "0400:c35a", "broken", "maintenance");
        json_decref(json);
    }
    probe(NULL, NULL);
    assert_int_equal(said->code, 0);
    assert_string_equal(said->out, "");
}

static void test_resident(void **state)
{
    const char *lines[] = { "plug 1 four", NULL, NULL };
    (void)state;

    lines[1] = card_of(&bus_people[CARD_RESIDENT], "+");
    probe(lines, read_card);
    assert_int_equal(said->code, 0);
    device_is(0, "1-1", "0400:c35a", "ready", "none");
    const char *second = strchr(said->out, '\n') + 1;
    assert_string_equal(
        second,
        "{\"card\":{\"kind\":\"resident\",\"name\":\"欧阳㼆昕\",\"sex\":"
        "\"female\",\"ethnic\":\"03\",\"birth\":\"1956-02-29\","
        "\"address\":\"河南省南阳市卧龙区某路 5 号\",\"number\":"
        "\"411303195602290029\",\"authority\":\"南阳市公安局卧龙分局\","
        "\"valid_from\":\"2011-07-04\",\"valid_to\":\"long-term\","
        "\"photo\":true}}\n");
}

static void has(json_t *card, const char *key, const char *value)
{
    assert_string_equal(text_in(card, key), value);
}

static void test_other_kinds(void **state)
{
    const char *lines[] = { "plug 1 pair", NULL, NULL };
    (void)state;

    lines[1] = card_of(&bus_people[CARD_HMT], "-");
    probe(lines, read_card);
    assert_int_equal(said->code, 0);
    json_t *line = line_at(1), *card = json_object_get(line, "card");
    has(card, "kind", "hmt");
    has(card, "permit_number", "H12345678");
    has(card, "issue_count", "01");
    assert_null(json_object_get(card, "ethnic"));
    assert_true(json_is_false(json_object_get(card, "photo")));
    json_decref(line);

    lines[1] = card_of(&bus_people[CARD_FOREIGNER_2017], "+");
    probe(lines, read_card);
    line = line_at(1), card = json_object_get(line, "card");
    has(card, "kind", "foreigner-2017");
    has(card, "english_name", "SILVA, ANA MARIA");
    has(card, "nationality", "CAN");
    has(card, "version", "01");
    has(card, "valid_to", "2029-06-01");
    json_decref(line);

    lines[1] = card_of(&bus_people[CARD_FOREIGNER_2023], "+");
    probe(lines, read_card);
    line = line_at(1), card = json_object_get(line, "card");
    has(card, "kind", "foreigner-2023");
    has(card, "english_name", bus_people[CARD_FOREIGNER_2023].english_name);
    has(card, "sex", "unstated");
    has(card, "renewals", "02");
    json_decref(line);
}

/* ---- Exit codes -------------------------------------------------------- */

static void test_time_over(void **state)
{
    static const char *const lines[] = { "plug 1 four", NULL };
    (void)state;
    probe(lines, read_briefly);
    assert_int_equal(said->code, TIME_OVER);
    probe(NULL, read_briefly);
    assert_int_equal(said->code, TIME_OVER);
}

static void test_failed(void **state)
{
    static const char *const dead[] = { "plug 1 four",
                                        "fault 1 silence status -1", NULL };
    const char *dies[] = { "plug 1 four", NULL, "fault 1 status text -1 0x60",
                           NULL };
    (void)state;
    probe(dead, read_card);
    assert_int_equal(said->code, FAILED);
    device_is(0, "1-1", "0400:c35a", "broken", "maintenance");
    dies[1] = card_of(&bus_people[CARD_RESIDENT], "+");
    probe(dies, read_card);
    assert_int_equal(said->code, FAILED);
}

static void test_unplugged_for_good(void **state)
{
    const char *lines[] = { "plug 1 pair", NULL, "fault 1 unplug select 1",
                            NULL };
    (void)state;
    lines[1] = card_of(&bus_people[CARD_RESIDENT], "+");
    probe(lines, read_briefly);
    assert_int_equal(said->code, FAILED);
}

static void test_wrong_words(void **state)
{
    static const char *const wrong[][4] = {
        { "--read", NULL },
        { "--read-card", "--seconds", NULL },
        { "--read-card", "--seconds", "0", NULL },
        { "--read-card", "--seconds", "x", NULL },
        { "--seconds", "5", NULL },
        { "--settings", "/there/is/none.yaml", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        probe(NULL, wrong[i]);
        assert_int_equal(said->code, USAGE);
        assert_string_equal(said->out, "");
        assert_true(*said->err);
    }
}

/* ---- Recordings -------------------------------------------------------- */

static void reads_again(const char *recording, const char *wiring)
{
    char plug[32], replay[WORLD_PATH + 16];
    const char *lines[] = { plug, replay, NULL };

    snprintf(plug, sizeof plug, "plug 1 %s", wiring);
    snprintf(replay, sizeof replay, "replay 1 %s", recording);
    probe(lines, read_card);
    assert_int_equal(said->code, 0);
    json_t *line = line_at(1), *card = json_object_get(line, "card");
    has(card, "name", bus_people[CARD_RESIDENT].name);
    has(card, "number", bus_people[CARD_RESIDENT].number);
    json_decref(line);
}

static void test_recorded_and_replayed(void **state)
{
    char folder[WORLD_PATH], recording[WORLD_PATH];
    const char *lines[] = { "plug 1 pair", NULL, NULL };
    const char *words[] = { "--read-card", "--seconds", "20",
                            "--record",    recording,   NULL };
    (void)state;

    reads_again("tests/devices/recordings/resident.jsonl", "four");
    world_folder(folder);
    world_join(recording, folder, "reader.jsonl");
    lines[1] = card_of(&bus_people[CARD_RESIDENT], "+");
    probe(lines, words);
    assert_int_equal(said->code, 0);
    reads_again(recording, "pair");
    world_remove(folder);
}

/* A machine that serves people records nobody. */
static void test_not_recorded_in_service(void **state)
{
    char folder[WORLD_PATH], settings[WORLD_PATH], recording[WORLD_PATH];
    char lock[WORLD_PATH], text[2 * WORLD_PATH];
    const char *lines[] = { "plug 1 pair", NULL, NULL };
    const char *words[] = { "--settings", settings,  "--read-card",
                            "--record",   recording, NULL };
    int fd = -1;
    (void)state;

    world_folder(folder);
    world_join(settings, folder, "settings.yaml");
    world_join(recording, folder, "reader.jsonl");
    world_join(lock, folder, "kiosk.lock");
    snprintf(text, sizeof text, "state_folder: \"%s\"\n", folder);
    world_write(settings, text, 0600);
    assert_int_equal(file_lock(lock, &fd), ERR_OK);
    lines[1] = card_of(&bus_people[CARD_RESIDENT], "+");
    probe(lines, words);
    assert_int_equal(said->code, FAILED);
    assert_non_null(strstr(said->err, "in service"));
    assert_false(file_exists(recording));
    file_unlock(fd);
    probe(lines, words);
    assert_int_equal(said->code, 0);
    assert_true(file_exists(recording));
    world_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_resident),
        cmocka_unit_test(test_other_kinds),
        cmocka_unit_test(test_time_over),
        cmocka_unit_test(test_failed),
        cmocka_unit_test(test_unplugged_for_good),
        cmocka_unit_test(test_wrong_words),
        cmocka_unit_test(test_recorded_and_replayed),
        cmocka_unit_test(test_not_recorded_in_service),
    };
    return cmocka_run_group_tests_name("probe", tests, find_programs, forget);
}
