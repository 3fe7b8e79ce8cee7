/* The hub without sockets: the issuer, with a pretended drawer. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/card.h"
#include "kiosk/hub/issuer.h"
#include "kiosk/store/vfs.h"
#include "tests/hub/direct.h"

#define REQUEST_1 "00000000000000000000000000000001"
#define REQUEST_2 "00000000000000000000000000000002"
#define CHOSEN    "\"scheme\": \"employee\", \"year\": \"2026\""

static int certificates_set_up(void **state)
{
    struct direct *direct;
    int status = direct_set_up(state);

    direct = *state;
    direct->is_demo = true;
    direct_reopen(direct);
    return status;
}

/* A check that staff confirmed. */
static void confirm_as(struct direct *direct, const struct key *key,
                       const char *number, char check[40])
{
    char json[128], text[256];

    snprintf(json, sizeof(json),
             "{\"number\": \"%s\", \"way\": \"staff\", \"name\": \"欧阳㼆昕\"}",
             number);
    assert_int_equal(direct_post_as(direct, key, "/v1/checks", json), 201);
    direct_text_of(direct, "check", text);
    snprintf(check, 40, "%.32s", text);
}

static void confirm(struct direct *direct, char check[40])
{
    confirm_as(direct, direct->machine, DIRECT_NUMBER, check);
}

static int offer(struct direct *direct, const char *check, const char *chosen)
{
    char json[256];

    snprintf(json, sizeof(json),
             "{\"check\": \"%.32s\", \"kind\": \"" PROOF_KIND
             "\", \"chosen\": {%s}}",
             check, chosen);
    return direct_post(direct, "/v1/certificates/offer", json);
}

static int issue_as(struct direct *direct, const struct key *key,
                    const char *check, const char *request, const char *chosen)
{
    char json[320];

    snprintf(json, sizeof(json),
             "{\"check\": \"%.32s\", \"kind\": \"" PROOF_KIND
             "\", \"request\": \"%.40s\", \"chosen\": {%s}}",
             check, request, chosen);
    return direct_post_as(direct, key, "/v1/certificates", json);
}

/* Whichever of the schemes this person has. */
static int issue(struct direct *direct, const char *check, const char *request)
{
    return issue_as(direct, direct->machine, check, request,
                    "\"scheme\": \"employee\", \"year\": \"all\"");
}

static int fetch_as(struct direct *direct, const struct key *key,
                    const char *path)
{
    const struct request_line line = { "GET", path, "", 0 };

    return direct_send_as(direct, key, &line);
}

static int fetch(struct direct *direct, const char *path)
{
    return fetch_as(direct, direct->machine, path);
}

static json_t *answered(const struct direct *direct)
{
    const struct buf *body = &direct->response.body;
    json_t *root = json_loadb(body->text, body->len, 0, NULL);

    assert_true(json_is_object(root));
    return root;
}

/* ---- Offers ---- */

/* What one person is asked, as "scheme year" and so on; what would be issued
 * stands in the last response. */
static void walk_offer(struct direct *direct, const char *check,
                       const char *scheme, char asked[32])
{
    struct buf chosen;

    asked[0] = '\0';
    buf_init(&chosen, 256);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(offer(direct, check, chosen.text), 200);
        json_t *root = answered(direct);
        json_t *question = json_object_get(root, "question");
        const char *id = json_string_value(json_object_get(question, "id"));
        json_t *options = json_object_get(question, "options");
        if (id == NULL) {
            json_decref(root);
            break;
        }
        assert_in_range(json_array_size(options), 2, 20);
        const char *first = json_string_value(
            json_object_get(json_array_get(options, 0), "value"));
        snprintf(asked + strlen(asked), 32 - strlen(asked), "%s", id);
        buf_add_format(&chosen, "%s\"%s\": \"%s\"", chosen.len ? ", " : "", id,
                       strcmp(id, "scheme") == 0 ? scheme : first);
        json_decref(root);
    }
    buf_done(&chosen);
}

static void asks_only_what_there_is_a_choice_in(void **state)
{
    struct direct *direct = *state;
    int both = 0, employee = 0, resident = 0;
    char check[40], asked[32], number[40];

    for (unsigned i = 1; i <= 120; i++) {
        snprintf(number, sizeof(number), "41130319900307%03u", i % 1000u);
        number[17] = id_number_check_character(number);
        number[18] = '\0';
        confirm_as(direct, direct->machine, number, check);
        walk_offer(direct, check, "resident", asked);
        assert_true(direct_says(direct, "\"copies_max\":3"));
        assert_true(direct_says(direct, "欧阳㼆昕"));
        if (strcmp(asked, "schemeyear") == 0) {
            both++;
            assert_true(direct_says(direct, "城乡居民基本养老保险"));
            assert_false(direct_says(direct, "失业保险"));
        } else {
            assert_string_equal(asked, "year");
            employee += direct_says(direct, "企业职工基本养老保险");
            resident += direct_says(direct, "城乡居民基本养老保险");
        }
    }
    assert_int_equal(both + employee + resident, 120);
    assert_in_range(both, 25, 55); /* about a third */
    assert_in_range(employee, 25, 55);
}

static void offers_the_same_record_each_time(void **state)
{
    struct direct *direct = *state;
    char check[40], asked[32];
    struct buf first;

    confirm(direct, check);
    walk_offer(direct, check, "employee", asked);
    buf_init(&first, 16 * 1024);
    buf_add_text(&first, direct->response.body.text);
    direct_reopen(direct);
    confirm(direct, check);
    walk_offer(direct, check, "employee", asked);
    assert_string_equal(direct->response.body.text, first.text);
    buf_done(&first);
    assert_true(direct_says(direct, "\"mask\":\"name\""));
    assert_true(direct_says(direct, "\"mask\":\"number\""));
    assert_true(direct_says(direct, DIRECT_NUMBER));
}

static void takes_no_answer_that_is_none(void **state)
{
    static const char *const chosen[] = {
        "",
        "\"year\": \"1999\"",
        "\"year\": 2026",
        "\"year\": \"20260\"",
        "\"scheme\": \"both\", \"year\": \"\"",
        "\"scheme\": [], \"x\": {}",
    };
    struct direct *direct = *state;
    char check[40];

    confirm(direct, check);
    for (size_t i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++) {
        assert_int_equal(offer(direct, check, chosen[i]), 200);
        assert_true(direct_says(direct, "\"question\""));
        assert_int_equal(
            issue_as(direct, direct->machine, check, REQUEST_1, chosen[i]),
            422);
        direct_assert_problem(direct, 422, "chosen");
    }
    assert_int_equal(direct->drawn, 0);
}

static void refuses_offers(void **state)
{
    struct direct *direct = *state;
    char check[40], json[256];

    confirm(direct, check);
    assert_int_equal(offer(direct, REQUEST_1, ""), 404);
    direct_assert_problem(direct, 404, "check-unknown");
    assert_int_equal(offer(direct, "", ""), 404);
    snprintf(json, sizeof(json), "{\"check\": \"%s\", \"kind\": \"passport\"}",
             check);
    assert_int_equal(direct_post(direct, "/v1/certificates/offer", json), 404);
    direct_assert_problem(direct, 404, "kind-unknown");
    snprintf(json, sizeof(json),
             "{\"check\": \"%.32s\", \"kind\": \"" PROOF_KIND
             "\", \"chosen\": [1]}",
             check);
    assert_int_equal(direct_post(direct, "/v1/certificates/offer", json), 400);
    assert_int_equal(direct_post(direct, "/v1/certificates/offer", "1"), 400);
    snprintf(json, sizeof(json),
             "{\"check\": \"%.32s\", \"kind\": \"" PROOF_KIND "\"}", check);
    assert_int_equal(direct_post_as(direct, direct->stranger,
                                    "/v1/certificates/offer", json),
                     404);
    direct_assert_problem(direct, 404, "check-unknown");
    assert_int_equal(
        direct_send(direct, "GET", "/v1/certificates/offer", "", 0), 405);

    /* Good for 15 minutes. */
    clock_shift(15 * MINUTE_MS - 1);
    assert_int_equal(offer(direct, check, ""), 200);
    clock_shift(1);
    assert_int_equal(offer(direct, check, ""), 404);
    direct_assert_problem(direct, 404, "check-unknown");
}

/* A check that waits for its code is none yet. */
static void needs_a_confirmed_check(void **state)
{
    struct direct *direct = *state;
    char check[256];

    direct->sends_codes = true;
    direct_reopen(direct);
    assert_int_equal(direct_post(direct, "/v1/checks",
                                 "{\"number\": \"" DIRECT_NUMBER
                                 "\", \"way\": \"code\"}"),
                     201);
    direct_text_of(direct, "check", check);
    assert_int_equal(offer(direct, check, ""), 404);
    direct_assert_problem(direct, 404, "check-unknown");
    assert_int_equal(issue(direct, check, REQUEST_1), 404);
}

/* ---- Issuing ---- */

static void issues_once(void **state)
{
    struct direct *direct = *state;
    char check[40], number[256], pdf[256], text[256], hash[CRYPTO_HEX_DIGEST];
    struct buf paper, first;

    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    direct_text_of(direct, "number", number);
    assert_string_equal(number, "SI20261124000001");
    direct_text_of(direct, "code", text);
    assert_int_equal(strlen(text), 8);
    assert_int_equal(direct_number_of(direct, "pages"), 2);
    direct_text_of(direct, "valid_until", text);
    assert_string_equal(text, "20270524");
    direct_text_of(direct, "url", text);
    assert_memory_equal(text, "https://hub.test/v/", 19);
    assert_int_equal(strlen(text), 19 + 22);
    assert_true(direct_says(direct, "\"zh_CN\":\"社会保险个人参保证明\""));
    direct_text_of(direct, "pdf", pdf);
    direct_paper(direct->drawn_job, &paper);
    assert_int_equal(direct_number_of(direct, "bytes"), paper.len);
    digest_hex(paper.text, paper.len, hash);
    direct_text_of(direct, "sha256", text);
    assert_string_equal(text, hash);
    buf_init(&first, 16 * 1024);
    buf_add_text(&first, direct->response.body.text);

    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    assert_string_equal(direct->response.body.text, first.text);
    assert_int_equal(direct->drawn, 1);
    assert_int_equal(fetch(direct, pdf), 200);
    assert_string_equal(direct_header(direct, "Content-Type"),
                        "application/pdf");
    assert_string_equal(direct_header(direct, "Cache-Control"), "no-store");
    assert_int_equal(direct->response.body.len, paper.len);
    assert_memory_equal(direct->response.body.text, paper.text, paper.len);
    assert_int_equal(issue(direct, check, REQUEST_2), 200);
    direct_text_of(direct, "number", number);
    assert_string_equal(number, "SI20261124000002");
    buf_done(&first);
    buf_done(&paper);
}

static void says_to_wait_while_it_is_drawn(void **state)
{
    struct direct *direct = *state;
    char check[40], pdf[256];
    struct buf paper;

    direct->drawer = DRAWER_LATER;
    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 202);
    assert_string_equal(direct->response.body.text, "{\"wait\":500}");
    assert_int_equal(issue(direct, check, REQUEST_1), 202);
    assert_int_equal(direct->drawn, 1);
    direct_paper(direct->drawn_job, &paper);
    hub_drawn(direct->hub, direct->drawn_job + 7, paper.text, paper.len, 1);
    assert_int_equal(issue(direct, check, REQUEST_1), 202);
    hub_drawn(direct->hub, direct->drawn_job, paper.text, paper.len, 1);
    /* An answer that comes twice changes nothing. */
    hub_drawn(direct->hub, direct->drawn_job, NULL, 0, 0);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    direct_text_of(direct, "pdf", pdf);
    assert_int_equal(fetch(direct, pdf), 200);
    buf_done(&paper);
}

static void tries_again_what_could_not_be_drawn(void **state)
{
    struct direct *direct = *state;
    char check[40];

    confirm(direct, check);
    direct->drawer = DRAWER_FAILS;
    assert_int_equal(issue(direct, check, REQUEST_1), 503);
    direct_assert_problem(direct, 503, "issuer");
    assert_string_equal(direct_header(direct, "Retry-After"), "30");
    direct->drawer = DRAWER_REFUSES;
    assert_int_equal(issue(direct, check, REQUEST_1), 503);
    direct_assert_problem(direct, 503, "issuer");
    direct->drawer = DRAWER_AT_ONCE;
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
}

/* Whatever the drawer makes instead of a PDF of at most 1 MiB. */
static void issues_no_rubbish(void **state)
{
    struct direct *direct = *state;
    char check[40];
    struct buf bytes;

    direct->drawer = DRAWER_LATER;
    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 202);
    hub_drawn(direct->hub, direct->drawn_job, "<html>", 6, 1);
    assert_int_equal(issue(direct, check, REQUEST_1), 503);
    assert_int_equal(issue(direct, check, REQUEST_1), 202);
    hub_drawn(direct->hub, direct->drawn_job, "%PDF-1.4", 8, 0);
    assert_int_equal(issue(direct, check, REQUEST_1), 503);
    assert_int_equal(issue(direct, check, REQUEST_1), 202);
    buf_init(&bytes, 2 * CERTIFICATE_BYTES_MAX);
    buf_add_text(&bytes, "%PDF-1.4");
    while (bytes.len <= CERTIFICATE_BYTES_MAX)
        buf_add(&bytes, direct->drawn_request.text, direct->drawn_request.len);
    hub_drawn(direct->hub, direct->drawn_job, bytes.text, bytes.len, 1);
    assert_int_equal(issue(direct, check, REQUEST_1), 503);
    assert_int_equal(issue(direct, check, REQUEST_1), 202);
    /* Just as big as it may be. */
    hub_drawn(direct->hub, direct->drawn_job, bytes.text, CERTIFICATE_BYTES_MAX,
              1);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    buf_done(&bytes);
}

static void belongs_to_one_machine(void **state)
{
    struct direct *direct = *state;
    char check[40], others[40], pdf[256], number[256];

    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    direct_text_of(direct, "pdf", pdf);
    assert_int_equal(fetch_as(direct, direct->stranger, pdf), 404);
    direct_assert_problem(direct, 404, "certificate-unknown");
    assert_int_equal(
        issue_as(direct, direct->stranger, check, REQUEST_1, CHOSEN), 404);
    direct_assert_problem(direct, 404, "check-unknown");
    /* The same request of another machine is another certificate. */
    confirm_as(direct, direct->stranger, DIRECT_NUMBER, others);
    assert_int_equal(issue_as(direct, direct->stranger, others, REQUEST_1,
                              "\"scheme\": \"employee\", \"year\": \"all\""),
                     200);
    direct_text_of(direct, "number", number);
    assert_string_equal(number, "SI20261124000002");
    assert_int_equal(fetch(direct, "/v1/certificates/" REQUEST_1), 404);
    assert_int_equal(fetch(direct, "/v1/certificates/x"), 404);
    direct_assert_problem(direct, 404, "certificate-unknown");
    assert_int_equal(fetch(direct, pdf), 200);
}

static void keeps_papers_for_15_minutes(void **state)
{
    struct direct *direct = *state;
    char check[40], pdf[256];

    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    direct_text_of(direct, "pdf", pdf);
    clock_shift(15 * MINUTE_MS - 1);
    assert_int_equal(fetch(direct, pdf), 200);
    clock_shift(1);
    assert_int_equal(fetch(direct, pdf), 404);
    direct_assert_problem(direct, 404, "certificate-unknown");
}

static void a_restart_forgets_papers(void **state)
{
    struct direct *direct = *state;
    char check[40], pdf[256], number[256];

    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    direct_text_of(direct, "pdf", pdf);
    direct_reopen(direct);
    assert_int_equal(fetch(direct, pdf), 404);
    assert_int_equal(issue(direct, check, REQUEST_1), 404);
    direct_assert_problem(direct, 404, "check-unknown");
    /* No number is given twice. */
    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    direct_text_of(direct, "number", number);
    assert_string_equal(number, "SI20261124000002");
}

static void bounds_what_it_keeps(void **state)
{
    struct direct *direct = *state;
    char check[40], pdf[256], first[256] = "", request[40];
    struct buf paper;

    direct->drawer = DRAWER_LATER;
    confirm(direct, check);
    buf_init(&paper, CERTIFICATE_BYTES_MAX);
    buf_add_text(&paper, "%PDF-");
    while (!paper.is_cut)
        buf_add_text(&paper, "0123456789abcdef");
    for (int i = 0; i < 20; i++) {
        snprintf(request, sizeof(request), "%032x", (unsigned)i);
        clock_shift(1);
        assert_int_equal(issue(direct, check, request), 202);
        hub_drawn(direct->hub, direct->drawn_job, paper.text, paper.len, 1);
        assert_int_equal(issue(direct, check, request), 200);
        direct_text_of(direct, "pdf", pdf);
        if (i == 0)
            memcpy(first, pdf, sizeof(first));
    }
    assert_int_equal(fetch(direct, pdf), 200);
    assert_int_equal(fetch(direct, first), 404);
    buf_done(&paper);
    /* In number, too. */
    direct->drawer = DRAWER_AT_ONCE;
    for (int i = 0; i < 100; i++) {
        snprintf(request, sizeof(request), "%032x", 100u + (unsigned)i);
        clock_shift(1);
        assert_int_equal(issue(direct, check, request), 200);
    }
    assert_int_equal(fetch(direct, pdf), 404);
}

static void draws_what_it_offers(void **state)
{
    struct direct *direct = *state;
    char check[40], code[256], url[256];

    confirm(direct, check);
    assert_int_equal(issue(direct, check, REQUEST_1), 200);
    direct_text_of(direct, "code", code);
    direct_text_of(direct, "url", url);
    const char *drawn = direct->drawn_request.text;
    assert_non_null(strstr(drawn, "\"paper\":\"A4\""));
    assert_non_null(strstr(drawn, "演示样张　无效"));
    assert_non_null(strstr(drawn, "社会保险个人参保证明"));
    assert_non_null(strstr(drawn, "欧阳㼆昕"));
    assert_non_null(strstr(drawn, DIRECT_NUMBER));
    assert_non_null(strstr(drawn, "SI20261124000001"));
    assert_non_null(strstr(drawn, code));
    assert_non_null(strstr(drawn, url));
    assert_non_null(strstr(drawn, "2027年05月24日"));
    assert_null(strchr(drawn, '\n'));
}

static void asks_for_a_request(void **state)
{
    struct direct *direct = *state;
    char check[40];

    confirm(direct, check);
    assert_int_equal(issue(direct, check, ""), 400);
    direct_assert_problem(direct, 400, "fields");
    assert_int_equal(issue(direct, check, "0000000000000000000000000000000G"),
                     400);
    assert_int_equal(direct_post(direct, "/v1/certificates", "{}"), 400);
    assert_int_equal(direct_post(direct, "/v1/certificates", "null"), 400);
    direct_assert_problem(direct, 400, "json");
}

/* At whatever moment the disk is full, either nothing was issued, or what was
 * can be verified. */
static void issues_nothing_that_it_cannot_store(void **state)
{
    struct direct *direct = *state;
    char check[40], request[40];
    int64_t count = 0;
    int refused = 0;

    confirm(direct, check);
    for (unsigned i = 0; i < 24; i++) {
        const struct vfs_plan plan = { .operation = VFS_WRITE,
                                       .failure = VFS_FAIL_FULL,
                                       .after = i,
                                       .times = 1 };
        int status;

        snprintf(request, sizeof(request), "%032x", i);
        vfs_plan_fail(&plan);
        status = issue(direct, check, request);
        vfs_plan_end();
        assert_true(status == 200 || status == 503);
        refused += status == 503;
        if (status == 503)
            assert_int_equal(issue(direct, check, request), 200);
    }
    assert_true(refused > 0);
    direct_sql(direct, "SELECT count(*) FROM certificates", &count);
    assert_int_equal(count, 24);
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, certificates_set_up,             \
                                    direct_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(asks_only_what_there_is_a_choice_in),
        TEST(offers_the_same_record_each_time),
        TEST(takes_no_answer_that_is_none),
        TEST(refuses_offers),
        TEST(needs_a_confirmed_check),
        TEST(issues_once),
        TEST(says_to_wait_while_it_is_drawn),
        TEST(tries_again_what_could_not_be_drawn),
        TEST(issues_no_rubbish),
        TEST(belongs_to_one_machine),
        TEST(keeps_papers_for_15_minutes),
        TEST(a_restart_forgets_papers),
        TEST(bounds_what_it_keeps),
        TEST(draws_what_it_offers),
        TEST(asks_for_a_request),
        TEST(issues_nothing_that_it_cannot_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
