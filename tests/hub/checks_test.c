/* The hub without sockets: checks of persons. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/card.h"
#include "tests/hub/direct.h"

#define ASK_CODE   "{\"number\": \"" DIRECT_NUMBER "\", \"way\": \"code\"}"
#define ASK_STAFF  "{\"number\": \"" DIRECT_NUMBER "\", \"way\": \"staff\"}"
#define THIRTY_TWO "01234567890123456789012345678901"
/* Sequence 000. */
#define NOBODY "411303199003070009"
/* Whom no register knows. */
#define UNKNOWN "411303199003079978"

static int checks_set_up(void **state)
{
    struct direct *direct;
    int status = direct_set_up(state);

    direct = *state;
    direct->is_demo = true;
    direct->sends_codes = true;
    direct_reopen(direct);
    return status;
}

/* What was sent as the nth letter; "" when there is none. */
static void read_letter(const struct direct *direct, int number, char to[32],
                        char code[8])
{
    char path[128], *text = NULL;
    size_t len = 0;

    to[0] = code[0] = '\0';
    snprintf(path, sizeof(path), "%s/codes/%d.json", direct->folder, number);
    if (file_read(path, 256, &text, &len))
        return;
    json_t *letter = json_loadb(text, len, 0, NULL);
    snprintf(to, 32, "%s", json_string_value(json_object_get(letter, "to")));
    snprintf(code, 8, "%s", json_string_value(json_object_get(letter, "code")));
    json_decref(letter);
    mem_free(text);
}

/* Asks for a code; the path to answer it, and the right code. */
static void begin(struct direct *direct, int letter, char path[64],
                  char code[8])
{
    char token[256], to[32];

    assert_int_equal(direct_post(direct, "/v1/checks", ASK_CODE), 201);
    direct_text_of(direct, "check", token);
    snprintf(path, 64, "/v1/checks/%.32s", token);
    read_letter(direct, letter, to, code);
    assert_int_equal(strlen(code), 6);
}

static int answer(struct direct *direct, const char *path, const char *code)
{
    char json[64];

    snprintf(json, sizeof(json), "{\"code\": \"%s\"}", code);
    return direct_post(direct, path, json);
}

/* Another code than the right one. */
static const char *wrong(const char *code)
{
    return strcmp(code, "000000") == 0 ? "000001" : "000000";
}

static void sends_a_code(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8], to[32], phone[256];

    begin(direct, 1, path, code);
    direct_text_of(direct, "phone", phone);
    read_letter(direct, 1, to, code);
    assert_string_equal(to, phone);
    assert_int_equal(strlen(phone), 11);
    assert_memory_equal(phone + 3, "****", 4);
    assert_false(direct_says(direct, code));
    assert_int_equal(direct_number_of(direct, "tries"), 5);
    assert_int_equal(direct_number_of(direct, "expires"),
                     DIRECT_START_MS + 10 * MINUTE_MS);
    assert_int_equal(direct_number_of(direct, "again"),
                     DIRECT_START_MS + MINUTE_MS);

    assert_int_equal(answer(direct, path, code), 200);
    assert_true(direct_says(direct, "\"good\":true"));
    /* Said twice, as after an answer that was lost. */
    assert_int_equal(answer(direct, path, code), 200);
}

static void counts_wrong_codes(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8];

    begin(direct, 1, path, code);
    /* What is no code is no try. */
    for (int i = 0; i < 9; i++) {
        assert_int_equal(answer(direct, path, "12345"), 400);
        direct_assert_problem(direct, 400, "fields");
    }
    assert_int_equal(direct_post(direct, path, "{\"code\": 123456}"), 400);
    for (int left = 4; left > 0; left--) {
        assert_int_equal(answer(direct, path, wrong(code)), 403);
        direct_assert_problem(direct, 403, "code-wrong");
        assert_int_equal(direct_number_of(direct, "left"), left);
    }
    assert_int_equal(answer(direct, path, wrong(code)), 410);
    direct_assert_problem(direct, 410, "code-spent");
    assert_int_equal(answer(direct, path, code), 410);
    direct_assert_problem(direct, 410, "code-spent");
}

static void codes_expire(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8];

    begin(direct, 1, path, code);
    clock_shift(10 * MINUTE_MS - 1);
    assert_int_equal(answer(direct, path, wrong(code)), 403);
    clock_shift(1);
    assert_int_equal(answer(direct, path, code), 410);
    direct_assert_problem(direct, 410, "code-expired");
    clock_shift(20 * MINUTE_MS);
    assert_int_equal(answer(direct, path, code), 404);
    direct_assert_problem(direct, 404, "check-unknown");
}

static void sends_no_second_code_at_once(void **state)
{
    struct direct *direct = *state;
    char path[64], second[64], code[8];

    begin(direct, 1, path, code);
    clock_shift(MINUTE_MS - 1);
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_CODE), 429);
    direct_assert_problem(direct, 429, "slow-down");
    assert_int_equal(direct_number_of(direct, "hub_time"),
                     DIRECT_START_MS + MINUTE_MS - 1);
    assert_int_equal(direct_number_of(direct, "again"),
                     DIRECT_START_MS + MINUTE_MS);
    /* Nor does another machine, for it is one telephone. */
    assert_int_equal(
        direct_post_as(direct, direct->stranger, "/v1/checks", ASK_CODE), 429);
    clock_shift(1);
    begin(direct, 2, second, code);
    /* The one before counts no more. */
    assert_int_equal(answer(direct, path, code), 404);
    assert_int_equal(answer(direct, second, code), 200);
    /* Whoever has the telephone in their hand need not wait. */
    begin(direct, 3, path, code);
}

static void sends_ten_codes_an_hour(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8];

    for (int i = 1; i <= 10; i++) {
        begin(direct, i, path, code);
        clock_shift(MINUTE_MS);
    }
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_CODE), 429);
    assert_int_equal(direct_number_of(direct, "again"),
                     DIRECT_START_MS + 60 * MINUTE_MS);
    clock_shift(50 * MINUTE_MS);
    begin(direct, 11, path, code);
}

static void staff_confirm_at_once(void **state)
{
    struct direct *direct = *state;
    char token[256], path[64];

    assert_int_equal(direct_post(direct, "/v1/checks", ASK_STAFF), 201);
    assert_int_equal(direct_number_of(direct, "tries"), 0);
    assert_int_equal(direct_number_of(direct, "expires"),
                     DIRECT_START_MS + 15 * MINUTE_MS);
    assert_false(direct_says(direct, "phone"));
    direct_text_of(direct, "check", token);
    snprintf(path, sizeof(path), "/v1/checks/%.32s", token);
    assert_int_equal(answer(direct, path, "000000"), 404);
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_STAFF), 201);
}

static void belongs_to_one_machine(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8], json[64];

    begin(direct, 1, path, code);
    snprintf(json, sizeof(json), "{\"code\": \"%s\"}", code);
    assert_int_equal(direct_post_as(direct, direct->stranger, path, json), 404);
    direct_assert_problem(direct, 404, "check-unknown");
    assert_int_equal(answer(direct, path, code), 200);
}

static void a_restart_forgets(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8], to[32], again[32];

    begin(direct, 1, path, code);
    read_letter(direct, 1, to, code);
    direct_reopen(direct);
    assert_int_equal(answer(direct, path, code), 404);
    direct_assert_problem(direct, 404, "check-unknown");
    /* The telephone is the same, and letters are not written over. */
    begin(direct, 2, path, code);
    read_letter(direct, 2, again, code);
    assert_string_equal(to, again);
}

static void says_who_is_unknown(void **state)
{
    struct direct *direct = *state;
    static const char *const unknown[] = {
        "{\"number\": \"411303199003070018\", \"way\": \"code\"}",
        "{\"number\": \"411303199013070017\", \"way\": \"staff\"}",
        "{\"number\": \"x\", \"way\": \"code\"}",
        "{\"number\": \"" UNKNOWN "\", \"way\": \"code\"}",
        "{\"number\": \"" UNKNOWN "\", \"way\": \"staff\"}",
    };
    static const char *const bad[] = {
        "{\"number\": \"" DIRECT_NUMBER "\"}",
        "{\"number\": \"" DIRECT_NUMBER "\", \"way\": \"face\"}",
        "{\"way\": \"code\"}",
        "{\"number\": 41, \"way\": \"code\"}",
        "{\"number\": \"\", \"way\": \"code\"}",
        "{\"way\": \"code\", \"number\": \"" THIRTY_TWO "\"}",
    };

    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_int_equal(direct_post(direct, "/v1/checks", unknown[i]), 404);
        direct_assert_problem(direct, 404, "person-unknown");
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(direct_post(direct, "/v1/checks", bad[i]), 400);
        direct_assert_problem(direct, 400, "fields");
    }
    assert_int_equal(direct_post(direct, "/v1/checks", "[]"), 400);
    direct_assert_problem(direct, 400, "json");
    assert_int_equal(direct_post(direct, "/v1/checks/short", "{}"), 404);
    assert_int_equal(direct_send(direct, "GET", "/v1/checks", "", 0), 405);
    assert_string_equal(direct_header(direct, "Allow"), "POST");
}

/* Neither telephone nor record: the staff may know them all the same, and then
 * it is the certificate that there is not. */
static void says_who_has_no_telephone(void **state)
{
    struct direct *direct = *state;
    char token[256], offer[256];

    assert_int_equal(direct_post(direct, "/v1/checks",
                                 "{\"number\": \"" NOBODY
                                 "\", \"way\": \"code\"}"),
                     404);
    direct_assert_problem(direct, 404, "no-phone");
    assert_int_equal(direct_post(direct, "/v1/checks",
                                 "{\"number\": \"" NOBODY
                                 "\", \"way\": \"staff\"}"),
                     201);
    direct_text_of(direct, "check", token);
    snprintf(offer, sizeof(offer),
             "{\"check\": \"%.32s\", \"kind\": \"si-insured-proof\"}", token);
    assert_int_equal(direct_post(direct, "/v1/certificates/offer", offer), 404);
    direct_assert_problem(direct, 404, "record-unknown");
}

static void says_when_no_code_can_be_sent(void **state)
{
    struct direct *direct = *state;
    char path[128];

    /* A file stands where the letter should. */
    snprintf(path, sizeof(path), "%s/codes/1.json", direct->folder);
    assert_int_equal(file_make_folder(path, 0700), ERR_OK);
    snprintf(path, sizeof(path), "%s/codes/1.json/x", direct->folder);
    assert_int_equal(file_replace(path, "", 0, 0600), ERR_OK);
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_CODE), 503);
    direct_assert_problem(direct, 503, "sender");
    /* Nothing was sent, so nobody need wait. */
    snprintf(path, sizeof(path), "%s/codes/1.json", direct->folder);
    assert_int_equal(file_remove_tree(path), ERR_OK);
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_CODE), 201);

    direct->sends_codes = false;
    direct_reopen(direct);
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_CODE), 404);
    direct_assert_problem(direct, 404, "no-phone");
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_STAFF), 201);
    direct->is_demo = false;
    direct_reopen(direct);
    assert_int_equal(direct_post(direct, "/v1/checks", ASK_STAFF), 404);
    direct_assert_problem(direct, 404, "person-unknown");
}

/* The demonstration's lines move the terminal's clock: its hub goes along, so
 * that codes grow old there, too. */
static void grows_old_with_the_terminal(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8];

    begin(direct, 1, path, code);
    direct->sign_off_ms = 20 * MINUTE_MS;
    assert_int_equal(answer(direct, path, code), 401);
    direct_assert_problem(direct, 401, "time");
    direct->sign_off_ms = 0;
    direct->follows_clock = true;
    direct_reopen(direct);
    begin(direct, 2, path, code);
    direct->sign_off_ms = 61 * 1000;
    begin(direct, 3, path, code);
    direct->sign_off_ms = 10 * MINUTE_MS;
    assert_int_equal(answer(direct, path, code), 410);
    direct_assert_problem(direct, 410, "code-expired");
    assert_int_equal(clock_wall_ms(),
                     DIRECT_START_MS + 61 * 1000 + 10 * MINUTE_MS);
    /* Never back. */
    direct->sign_off_ms = -6 * MINUTE_MS;
    assert_int_equal(answer(direct, path, code), 401);
    direct_assert_problem(direct, 401, "time");
    /* Nor for whoever cannot sign. */
    direct->sign_off_ms = 20 * MINUTE_MS;
    assert_int_equal(answer(direct, path, code), 404);
    direct->proof.values[REQUEST_SIGNATURE][3] ^= 1;
    const struct hub_request forged = { .listener = HUB_TERMINALS,
                                        .method = "POST",
                                        .path = path,
                                        .body = "{}",
                                        .body_len = 2 };
    int64_t before_ms = clock_wall_ms();
    assert_int_equal(direct_hand_over(direct, &forged), 401);
    assert_int_equal(clock_wall_ms(), before_ms);
}

/* More checks than there is room for: others' are not pushed out by one. */
static void a_busy_machine_pushes_out_its_own(void **state)
{
    struct direct *direct = *state;
    char path[64], code[8], json[96], number[40];

    begin(direct, 1, path, code);
    direct_enrol(direct, direct->stranger);
    for (unsigned i = 1; i < 600; i++) {
        snprintf(number, sizeof(number), "41130319900307%03u", i % 1000u);
        number[17] = id_number_check_character(number);
        number[18] = '\0';
        snprintf(json, sizeof(json), "{\"number\": \"%s\", \"way\": \"staff\"}",
                 number);
        assert_int_equal(
            direct_post_as(direct, direct->stranger, "/v1/checks", json), 201);
    }
    assert_int_equal(answer(direct, path, code), 200);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, checks_set_up, direct_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sends_a_code),
        TEST(counts_wrong_codes),
        TEST(codes_expire),
        TEST(sends_no_second_code_at_once),
        TEST(sends_ten_codes_an_hour),
        TEST(staff_confirm_at_once),
        TEST(belongs_to_one_machine),
        TEST(a_restart_forgets),
        TEST(says_who_is_unknown),
        TEST(says_who_has_no_telephone),
        TEST(says_when_no_code_can_be_sent),
        TEST(grows_old_with_the_terminal),
        TEST(a_busy_machine_pushes_out_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
