/* The hub without sockets: whether a certificate is genuine. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/hub/issuer.h"
#include "kiosk/hub/office.h"
#include "tests/hub/direct.h"

/* One that was issued. */
struct issued {
    char number[256], code[256], sha256[256], address[64];
};

static int verify_set_up(void **state)
{
    struct direct *direct;
    int status = direct_set_up(state);

    direct = *state;
    direct->is_demo = true;
    direct_reopen(direct);
    return status;
}

static void issue(struct direct *direct, struct issued *issued)
{
    char check[256], url[256], json[320];

    assert_int_equal(direct_post(direct, "/v1/checks",
                                 "{\"number\": \"" DIRECT_NUMBER
                                 "\", \"way\": \"staff\","
                                 " \"name\": \"欧阳明昕\"}"),
                     201);
    direct_text_of(direct, "check", check);
    snprintf(json, sizeof(json),
             "{\"check\": \"%.32s\", \"kind\": \"" PROOF_KIND
             "\", \"request\": \"%.32s\","
             " \"chosen\": {\"scheme\": \"employee\", \"year\": \"all\"}}",
             check, check);
    assert_int_equal(direct_post(direct, "/v1/certificates", json), 200);
    direct_text_of(direct, "number", issued->number);
    direct_text_of(direct, "code", issued->code);
    direct_text_of(direct, "sha256", issued->sha256);
    direct_text_of(direct, "url", url);
    snprintf(issued->address, sizeof(issued->address), "%.40s",
             url + strlen("https://hub.test"));
}

static int visit(struct direct *direct, const char *method, const char *path,
                 const char *body)
{
    const struct hub_request request = {
        .listener = HUB_PUBLIC,
        .method = method,
        .path = path,
        .body = body,
        .body_len = strlen(body),
    };

    return direct_hand_over(direct, &request);
}

static int check(struct direct *direct, const char *number, const char *code,
                 const char *sha256)
{
    char form[512];

    snprintf(form, sizeof(form), "number=%.100s&code=%.100s&sha256=%.64s",
             number, code, sha256);
    return visit(direct, "POST", "/v", form);
}

static void assert_shows_masked(const struct direct *direct,
                                const struct issued *issued)
{
    assert_true(direct_says(direct, issued->number));
    assert_true(direct_says(direct, issued->sha256));
    assert_true(direct_says(direct, "欧**昕"));
    assert_false(direct_says(direct, "欧阳"));
    assert_false(direct_says(direct, issued->code));
    assert_false(direct_says(direct, DIRECT_NUMBER));
}

static void tells_what_is_genuine(void **state)
{
    struct direct *direct = *state;
    struct issued issued;

    issue(direct, &issued);
    assert_int_equal(visit(direct, "GET", issued.address, ""), 200);
    assert_true(direct_says(direct, "真的，有效"));
    assert_true(direct_says(direct, "社会保险个人参保证明"));
    assert_true(direct_says(direct, "2026年11月24日"));
    assert_true(direct_says(direct, "2027年05月24日"));
    assert_shows_masked(direct, &issued);
    assert_true(direct_says(direct, "演示"));
    assert_string_equal(direct_header(direct, "Cache-Control"), "no-store");
    assert_int_equal(check(direct, issued.number, issued.code, ""), 200);
    assert_true(direct_says(direct, "真的，有效"));
    assert_shows_masked(direct, &issued);
    assert_int_equal(check(direct, issued.number, issued.code, issued.sha256),
                     200);
    assert_true(direct_says(direct, "真的，有效"));
    direct->lang = "en";
    assert_int_equal(visit(direct, "HEAD", issued.address, ""), 200);
    assert_true(direct_says(direct, "Genuine and valid"));
    assert_true(direct_says(direct, "Proof of social insurance"));
    /* A restart forgets papers, not what they are verified by. */
    direct_reopen(direct);
    assert_int_equal(visit(direct, "GET", issued.address, ""), 200);
    assert_shows_masked(direct, &issued);
}

static void forgives_how_it_was_typed(void **state)
{
    struct direct *direct = *state;
    struct issued issued;
    char number[300], code[300];

    issue(direct, &issued);
    snprintf(number, sizeof(number), "+si%.40s+", issued.number + 2);
    snprintf(code, sizeof(code), "%.4s-%.4s", issued.code, issued.code + 4);
    for (char *at = code; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
    assert_int_equal(check(direct, number, code, ""), 200);
    assert_true(direct_says(direct, "真的，有效"));
    assert_int_equal(check(direct, number, "%EF%BC%BD", ""), 400);
}

static void tells_what_was_altered(void **state)
{
    struct direct *direct = *state;
    struct issued issued, other;
    char digest[65];

    issue(direct, &issued);
    clock_shift(MINUTE_MS);
    issue(direct, &other);
    /* Number and code of two certificates. */
    assert_int_equal(check(direct, issued.number, other.code, ""), 403);
    assert_true(direct_says(direct, "对不上：可能被改动"));
    assert_false(direct_says(direct, "欧"));
    assert_false(direct_says(direct, issued.sha256));
    snprintf(digest, sizeof(digest), "%.64s", issued.sha256);
    digest[5] = digest[5] == '0' ? '1' : '0';
    assert_int_equal(check(direct, issued.number, issued.code, digest), 403);
    assert_true(direct_says(direct, "文件被改动过"));
    assert_false(direct_says(direct, "真的"));
}

static void tells_what_is_unknown(void **state)
{
    struct direct *direct = *state;
    struct issued issued;

    issue(direct, &issued);
    assert_int_equal(check(direct, "SI20261124000002", issued.code, ""), 404);
    assert_true(direct_says(direct, "查不到"));
    issued.address[8] ^= 1;
    assert_int_equal(visit(direct, "GET", issued.address, ""), 404);
    assert_int_equal(visit(direct, "GET", "/v/", ""), 404);
    assert_int_equal(visit(direct, "GET", "/v/../../etc/passwd", ""), 404);
    assert_int_equal(visit(direct, "GET", "/verify", ""), 404);
    assert_int_equal(visit(direct, "POST", issued.address, ""), 405);
    assert_int_equal(visit(direct, "PUT", "/v", ""), 405);
    assert_string_equal(direct_header(direct, "Allow"), "GET, HEAD, POST");
}

static void tells_what_was_withdrawn(void **state)
{
    struct direct *direct = *state;
    struct issued issued;
    char folder[128];
    struct office_order order = { .what = OFFICE_CERTIFICATE,
                                  .name = issued.number,
                                  .state = "withdrawn",
                                  .text = "" };

    issue(direct, &issued);
    snprintf(folder, sizeof(folder), "%s/hub", direct->folder);
    assert_int_equal(office_give(folder, &order), ERR_OK);
    assert_int_equal(visit(direct, "GET", issued.address, ""), 200);
    assert_true(direct_says(direct, "已撤销"));
    assert_false(direct_says(direct, "真的"));
    assert_shows_masked(direct, &issued);
    assert_int_equal(check(direct, issued.number, issued.code, ""), 200);
    assert_true(direct_says(direct, "已撤销"));
    direct_reopen(direct);
    assert_int_equal(visit(direct, "GET", issued.address, ""), 200);
    assert_true(direct_says(direct, "已撤销"));
}

/* The index may be made anew; what was issued stays genuine. */
static void a_lost_index_key_alters_nothing(void **state)
{
    struct direct *direct = *state;
    struct issued issued;
    char path[128];

    issue(direct, &issued);
    hub_close(direct->hub);
    snprintf(path, sizeof(path), "%s/hub/index.key", direct->folder);
    assert_int_equal(file_remove(path), ERR_OK);
    direct_open(direct);
    assert_int_equal(check(direct, issued.number, issued.code, ""), 200);
    assert_true(direct_says(direct, "真的，有效"));
}

static void tells_when_it_is_over(void **state)
{
    struct direct *direct = *state;
    struct issued issued;

    issue(direct, &issued);
    /* Its last day is 24 May. */
    clock_pretend(clock_monotonic_ms(), clock_of_date(2027, 5, 25) - 1);
    assert_int_equal(visit(direct, "GET", issued.address, ""), 200);
    assert_true(direct_says(direct, "真的，有效"));
    clock_shift(1);
    assert_int_equal(visit(direct, "GET", issued.address, ""), 200);
    assert_true(direct_says(direct, "真的，但已过有效期"));
}

static void stops_guessing_at_codes(void **state)
{
    struct direct *direct = *state;
    struct issued issued;

    issue(direct, &issued);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(check(direct, issued.number, "AAAAAAAA", ""), 403);
        direct_reopen(direct); /* forgets nothing */
    }
    assert_int_equal(check(direct, issued.number, "AAAAAAAA", ""), 429);
    assert_true(direct_says(direct, "输错次数太多"));
    assert_string_equal(direct_header(direct, "Retry-After"), "3600");
    assert_int_equal(check(direct, issued.number, issued.code, ""), 429);
    /* Whoever has the paper scans it. */
    assert_int_equal(visit(direct, "GET", issued.address, ""), 200);
    clock_shift(60 * MINUTE_MS);
    assert_int_equal(check(direct, issued.number, issued.code, ""), 200);
    /* Nor are unknown numbers told apart for ever. */
    for (int i = 0; i < 4; i++)
        assert_int_equal(check(direct, "SI1", "AAAAAAAA", ""), 404);
    assert_int_equal(check(direct, "SI1", "AAAAAAAA", ""), 429);
}

static void takes_any_form(void **state)
{
    static const char *const forms[] = {
        "",
        "number=",
        "number=SI1",
        "code=AAAAAAAA",
        "number=SI1&code=AAAAAAA",
        "number=SI1&code=AAAAAAAAA",
        "number=SI1&code=AAAAAA%00A",
        "number=%ff&code=AAAAAAAA",
        "number=%3Cscript%3E&code=AAAAAAAA",
        "number=SI1&code=AAAAAAAA&sha256=zz",
        "number=SI1&code=AAAAAAAA&sha256=0000",
        "&&&=&number",
        "number=0123456789012345678901234567890&code=AAAAAAAA",
    };
    struct direct *direct = *state;

    assert_int_equal(visit(direct, "GET", "/v", ""), 200);
    assert_true(direct_says(direct, "核对证明真伪"));
    assert_true(direct_says(direct, "name=\"number\""));
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        assert_int_equal(visit(direct, "POST", "/v", forms[i]), 400);
        assert_false(direct_says(direct, "<script"));
    }
}

static void keeps_nothing_in_clear(void **state)
{
    struct direct *direct = *state;
    struct issued issued;
    int64_t count = -1;

    issue(direct, &issued);
    direct_sql(direct,
               "SELECT count(*) FROM certificates WHERE 1"
               " AND length(sha256) = 32 AND length(sealed) > 48",
               &count);
    assert_int_equal(count, 1);
    direct_sql(direct,
               "SELECT count(*) FROM certificates WHERE instr(sealed, '欧')",
               &count);
    assert_int_equal(count, 0);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, verify_set_up, direct_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(tells_what_is_genuine),    TEST(forgives_how_it_was_typed),
        TEST(tells_what_was_altered),   TEST(tells_what_is_unknown),
        TEST(tells_what_was_withdrawn), TEST(a_lost_index_key_alters_nothing),
        TEST(tells_when_it_is_over),    TEST(stops_guessing_at_codes),
        TEST(takes_any_form),           TEST(keeps_nothing_in_clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
