/* What the terminal would not have let through is refused by name; what it
 * would have is taken; what cannot be judged is taken and marked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/direct.h"
#include "tests/hub/forged.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_items.h"
#include "kiosk/hub/office.h"
#include "kiosk/hub/office_list.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, ANSWERS_MAX = 24, GIVEN_BYTES = 160 };

/* 2026-11-24 */
#define GROWN_UP "19900101"
#define SIXTEEN  "20101124"
#define FIFTEEN  "20101125"

static struct pack *pack;

static int rules_set_up(void **state)
{
    struct direct *direct;
    struct problems problems;

    if (direct_set_up(state))
        return -1;
    direct = *state;
    direct->items = "screens/items";
    direct_reopen(direct);
    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int rules_tear_down(void **state)
{
    pack_free(pack);
    return direct_tear_down(state);
}

/* ---- Making cases ---- */

/* What is given in an honest case of each item. */
static const char *const permit[] = {
    "registered=yes",        "county=411303",     "township=411303002",
    "street=某某路3号",      "ground=work",       "home_proof=lease",
    "ground_proof=contract", "phone=13812345678", NULL
};
static const char *const report[] = {
    "kind=help",        "topic=other",
    "county=411381",    "township=later",
    "landmark=later",   "description=某处有噪声。",
    "contact_by=phone", "phone=13812345678",
    "disclose=no",      NULL
};
static const char *const anonymous[] = {
    "kind=report",          "topic=waste",
    "county=later",         "description=某处有垃圾。",
    "contact_by=anonymous", NULL
};
static const char *const proof[] = { "check=code", NULL };
static const char *const progress[] = { "how=card", NULL };
static const char *const by_receipt[] = { "how=receipt", "receipt=310063270015",
                                          "lookup=4821", NULL };

/* An honest case with something of it changed: "name=value" is given instead
 * or besides, "-name" is not. */
struct row {
    const char *item;
    const char *const *honest;
    const char *changes[4];
    struct forged forged;    /* the rest of it */
    int today_off, sent_off; /* in days */
    const char *code, *name, *stop;
};

static bool is_name(const char *given, const char *name, size_t len)
{
    return strncmp(given, name, len) == 0 && given[len] == '=';
}

/* Where the answer of that name stands, or the end. */
static size_t place_of(const char **answers, const char *name, size_t len)
{
    size_t at = 0;

    while (answers[at] && !is_name(answers[at], name, len))
        at++;
    return at;
}

static void change(const char **answers, const char *how)
{
    bool is_gone = how[0] == '-';
    const char *name = how + is_gone;
    size_t at = place_of(answers, name, strcspn(name, "="));

    if (!is_gone) {
        answers[at] = how;
        return;
    }
    for (; answers[at]; at++)
        answers[at] = answers[at + 1];
}

/* Puts it to the hub; the status. */
static int put_row(struct direct *direct, const struct row *row, const char *id)
{
    const char *answers[ANSWERS_MAX] = { NULL };
    struct request_line line = { "PUT", direct_path(id), NULL, 0 };
    struct forged forged = row->forged;
    struct buf bytes;
    int status;

    for (size_t i = 0; row->honest[i]; i++)
        answers[i] = row->honest[i];
    for (size_t i = 0; i < 4 && row->changes[i]; i++)
        change(answers, row->changes[i]);
    forged.item = pack_find(pack, row->item);
    assert_non_null(forged.item);
    forged.answers = answers;
    forged.today_ms = DIRECT_START_MS + (int64_t)row->today_off * DAY_MS;
    forged.sent_ms = DIRECT_START_MS + (int64_t)row->sent_off * DAY_MS;
    forged_envelope(&forged, id, direct->machine, hub_office_key(direct->hub),
                    &bytes);
    line.body = bytes.text;
    line.body_len = bytes.len;
    status = direct_send_as(direct, direct->machine, &line);
    buf_done(&bytes);
    return status;
}

static const char *id_of(size_t number)
{
    static char id[CASE_ID_CHARS + 1];

    snprintf(id, sizeof id, "%032zx", number + 1);
    return id;
}

static int64_t count_of(struct direct *direct, const char *where)
{
    int64_t count = -1;
    char sql[256];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM cases %s", where);
    direct_sql(direct, sql, &count);
    return count;
}

/* The lines that `kiosk-hub look` prints. */
static void look(struct direct *direct, struct buf *lines)
{
    char state[128];

    snprintf(state, sizeof state, "%s/hub", direct->folder);
    hub_tidy(direct->hub);
    buf_init(lines, LIST_BYTES_MAX);
    assert_int_equal(office_list_look(state, lines), ERR_OK);
}

/* ---- Refused by name ---- */

#define PERMIT "residence-permit", permit
#define REPORT "hotline-12345", report
#define ADULT                                                                  \
    {                                                                          \
        .birth = GROWN_UP                                                      \
    }

static const struct row forgeries[] = {
    /* A page that comes and has no answer. */
    { PERMIT, { "-registered" }, ADULT, 0, 0, "missing", "registered", NULL },
    { PERMIT, { "-county" }, ADULT, 0, 0, "missing", "county", NULL },
    { PERMIT, { "-phone" }, ADULT, 0, 0, "missing", "phone", NULL },
    { PERMIT,
      { "-ground_proof" },
      ADULT,
      0,
      0,
      "missing",
      "ground_proof",
      NULL },
    { PERMIT, { NULL }, { .birth = NULL }, 0, 0, "missing", "card", NULL },
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .without = "number" },
      0,
      0,
      "missing",
      "card_number",
      NULL },
    { REPORT, { "-phone" }, { .birth = NULL }, 0, 0, "missing", "phone", NULL },
    /* An answer to a page that never comes. */
    { PERMIT,
      { "ground=housing" },
      ADULT,
      0,
      0,
      "not-asked",
      "ground_proof",
      NULL },
    { REPORT,
      { "county=later" },
      { .birth = NULL },
      0,
      0,
      "not-asked",
      "township",
      NULL },
    { PERMIT, { "wish=money" }, ADULT, 0, 0, "unknown-answer", "", NULL },
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .valid_to = "20300101" },
      0,
      0,
      "unknown-answer",
      "",
      NULL },
    /* A value that is not offered: at all, there, by that way. */
    { PERMIT,
      { "ground=marriage" },
      ADULT,
      0,
      0,
      "not-offered",
      "ground",
      NULL },
    { PERMIT, { "ground=later" }, ADULT, 0, 0, "not-offered", "ground", NULL },
    { PERMIT, { "county==later" }, ADULT, 0, 0, "not-offered", "county", NULL },
    { PERMIT, { "county=411399" }, ADULT, 0, 0, "not-offered", "county", NULL },
    { PERMIT,
      { "township=411325101" },
      ADULT,
      0,
      0,
      "not-offered",
      "township",
      NULL },
    { PERMIT,
      { "ground=study" },
      ADULT,
      0,
      0,
      "not-offered",
      "ground_proof",
      NULL },
    { REPORT,
      { "phone=later" },
      { .birth = NULL },
      0,
      0,
      "not-offered",
      "phone",
      NULL },
    { "hotline-12345",
      anonymous,
      { "description=later" },
      { .birth = NULL },
      0,
      0,
      "not-offered",
      "contact_by",
      NULL },
    { "si-insured-proof",
      proof,
      { "check=friend" },
      ADULT,
      0,
      0,
      "not-offered",
      "check",
      NULL },
    { "si-insured-proof",
      proof,
      { NULL },
      { .birth = GROWN_UP, .is_typed = true },
      0,
      0,
      "not-offered",
      "card",
      NULL },
    /* A limit that is not held. */
    { PERMIT, { "phone=12345" }, ADULT, 0, 0, "not-accepted", "phone", NULL },
    { PERMIT,
      { "phone=138 1234 5678" },
      ADULT,
      0,
      0,
      "not-accepted",
      "phone",
      NULL },
    { PERMIT, { "street= " }, ADULT, 0, 0, "not-accepted", "street", NULL },
    { PERMIT,
      { "street=某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某"
        "某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某" },
      ADULT,
      0,
      0,
      "not-accepted",
      "street",
      NULL },
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .is_typed = true, .is_wrong = true },
      0,
      0,
      "not-accepted",
      "card_number",
      NULL },
    { "case-progress",
      by_receipt,
      { "lookup=48a1" },
      { .birth = NULL },
      0,
      0,
      "not-accepted",
      "lookup",
      NULL },
    /* A stop that applies. */
    { PERMIT,
      { "registered=no" },
      ADULT,
      0,
      0,
      "stop",
      "registered",
      "not_registered" },
    { PERMIT, { NULL }, { .birth = FIFTEEN }, 0, 0, "stop", "card", "minor" },
    { PERMIT,
      { NULL },
      { .birth = "20151124" },
      0,
      0,
      "stop",
      "card",
      "child" },
    { PERMIT,
      { NULL },
      { .birth = FIFTEEN, .is_typed = true },
      0,
      0,
      "stop",
      "card",
      "minor" },
    { "si-insured-proof",
      proof,
      { "check=none" },
      ADULT,
      0,
      0,
      "stop",
      "check",
      "nobody" },
    /* A minor, where the item says nothing of them. */
    { "si-insured-proof",
      proof,
      { NULL },
      { .birth = FIFTEEN },
      0,
      0,
      "minor",
      "card",
      NULL },
    { "case-progress",
      progress,
      { NULL },
      { .birth = FIFTEEN },
      0,
      0,
      "minor",
      "card",
      NULL },
    /* The number says another age than the day of birth. */
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .number_birth = FIFTEEN },
      0,
      0,
      "age",
      "card_birth",
      NULL },
    /* More is claimed than was made sure of. */
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .is_typed = true, .assurance = "card" },
      0,
      0,
      "assurance",
      "assurance",
      NULL },
    { "si-insured-proof",
      proof,
      { "-check" },
      { .birth = GROWN_UP, .assurance = "card" },
      0,
      0,
      "missing",
      "check",
      NULL },
    /* An anonymous report that tells when it was sent. */
    { "hotline-12345",
      anonymous,
      { NULL },
      { .tells_more = true },
      0,
      0,
      "anonymous",
      "contact_by",
      NULL },
    /* A clock that is ahead makes nobody older, nor does one set back. */
    { PERMIT, { NULL }, { .birth = FIFTEEN }, 1, 0, "stop", "card", "minor" },
    { PERMIT, { NULL }, { .birth = FIFTEEN }, -2, 3, "stop", "card", "minor" },
    { PERMIT, { NULL }, { .birth = FIFTEEN }, 2, 2, "stop", "card", "minor" },
};

static void test_forgeries(void **state)
{
    struct direct *direct = *state;
    size_t count = sizeof forgeries / sizeof *forgeries;
    char code[256], name[256], stop[256];

    for (size_t i = 0; i < count; i++) {
        const struct row *row = &forgeries[i];
        int status = put_row(direct, row, id_of(i));

        direct_text_of(direct, "code", code);
        direct_text_of(direct, "name", name);
        direct_text_of(direct, "stop", stop);
        if (status != 422 || strcmp(code, row->code) != 0 ||
            strcmp(name, row->name) != 0 ||
            strcmp(stop, row->stop ? row->stop : "") != 0)
            fail_msg("forgery %zu (%s %s): %d %s %s %s", i, row->code,
                     row->name, status, code, name, stop);
        direct_assert_problem(direct, 422, "rules");
        assert_false(direct_says(direct, "999999"));
        assert_false(direct_says(direct, "某"));
    }
    assert_int_equal(count_of(direct, ""), 0);
}

/* A case of the very item that does not say when it was asked. */
static void test_no_day(void **state)
{
    json_t *body = json_pack("{s:{}}", "answers");
    const struct judge_case asked = { .item =
                                          pack_find(pack, "residence-permit"),
                                      .body = body,
                                      .assurance = "card",
                                      .sent_ms = DIRECT_START_MS,
                                      .now_ms = DIRECT_START_MS };
    static const char *const days[] = { "", "today", "2026-13-01", "2026-11-2x",
                                        "2026-11-240" };
    struct judgement judgement;

    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (i > 0)
            json_object_set_new(body, "today", json_string(days[i]));
        assert_int_equal(judge(&asked, &judgement), ERR_OK);
        assert_int_equal(judgement.code, JUDGE_DAY);
        assert_string_equal(judgement.name, "today");
    }
    json_object_set_new(body, "today", json_string("2026-11-24"));
    assert_int_equal(judge(&asked, &judgement), ERR_OK);
    assert_int_equal(judgement.code, JUDGE_MISSING);
    json_decref(body);
}

/* ---- Taken ---- */

static const struct row honest_ones[] = {
    { PERMIT, { NULL }, ADULT, 0, 0, NULL, NULL, NULL },
    { PERMIT,
      { "registered=unsure", "street=later", "phone=later" },
      ADULT,
      0,
      0,
      NULL,
      NULL,
      NULL },
    { PERMIT,
      { "ground=housing", "-ground_proof", "home_proof=deed" },
      ADULT,
      0,
      0,
      NULL,
      NULL,
      NULL },
    { PERMIT,
      { "ground=study", "ground_proof=enrolment" },
      { .birth = SIXTEEN },
      0,
      0,
      NULL,
      NULL,
      NULL },
    { PERMIT,
      { "street==later" },
      { .birth = GROWN_UP, .is_typed = true },
      0,
      0,
      NULL,
      NULL,
      NULL },
    /* A card is believed though its number's check character is wrong. */
    { PERMIT,
      { NULL },
      { .birth = GROWN_UP, .is_wrong = true },
      0,
      0,
      NULL,
      NULL,
      NULL },
    /* Sixteen since midnight, in a session that began before. */
    { PERMIT, { NULL }, { .birth = SIXTEEN }, -1, 0, NULL, NULL, NULL },
    /* Waited for weeks. */
    { PERMIT, { NULL }, ADULT, -30, -30, NULL, NULL, NULL },
    { REPORT, { NULL }, { .birth = NULL }, 0, 0, NULL, NULL, NULL },
    { REPORT,
      { "description=later" },
      { .birth = NULL },
      0,
      0,
      NULL,
      NULL,
      NULL },
    /* A person whose card is known from the matter before. */
    { REPORT,
      { NULL },
      { .birth = NULL, .assurance = "card" },
      0,
      0,
      NULL,
      NULL,
      NULL },
    { "hotline-12345",
      anonymous,
      { NULL },
      { .birth = NULL },
      0,
      0,
      NULL,
      NULL,
      NULL },
    { "si-insured-proof", proof, { NULL }, ADULT, 0, 0, NULL, NULL, NULL },
    { "case-progress", progress, { NULL }, ADULT, 0, 0, NULL, NULL, NULL },
    { "case-progress",
      by_receipt,
      { NULL },
      { .birth = NULL },
      0,
      0,
      NULL,
      NULL,
      NULL },
};

static void test_honest_ones(void **state)
{
    struct direct *direct = *state;
    size_t count = sizeof honest_ones / sizeof *honest_ones;
    struct buf lines;

    for (size_t i = 0; i < count; i++) {
        int status = put_row(direct, &honest_ones[i], id_of(i));

        if (status != 201)
            fail_msg("honest %zu: %d %s", i, status,
                     direct->response.body.text);
    }
    look(direct, &lines);
    assert_string_equal(lines.text, "");
    buf_done(&lines);
    assert_int_equal(count_of(direct, "WHERE mark = ''"), (int)count);
}

/* ---- Taken and marked ---- */

static const struct row late = { PERMIT, { NULL }, ADULT, -31,
                                 -31,    NULL,     NULL,  NULL };
static const struct row ahead = { PERMIT, { NULL }, ADULT, 2,
                                  2,      NULL,     NULL,  NULL };
static const struct row set_right = { PERMIT, { NULL }, ADULT, 0,
                                      -9,     NULL,     NULL,  NULL };
static const struct row two_births = {
    PERMIT, { NULL }, { .birth = GROWN_UP, .number_birth = "19900102" },
    0,      0,        NULL,
    NULL,   NULL
};
static const struct row nameless = { "si-insured-proof",
                                     proof,
                                     { NULL },
                                     { .birth = GROWN_UP, .without = "name" },
                                     0,
                                     0,
                                     NULL,
                                     NULL,
                                     NULL };

static void assert_marked(struct direct *direct, const struct row *row,
                          const char *id, const char *mark)
{
    char where[128];

    if (put_row(direct, row, id) != 201)
        fail_msg("%s: %s", mark, direct->response.body.text);
    snprintf(where, sizeof where, "WHERE id = '%s' AND mark = '%s'", id, mark);
    assert_int_equal(count_of(direct, where), 1);
}

static void test_marks(void **state)
{
    struct direct *direct = *state;

    assert_marked(direct, &late, id_of(0), "late");
    assert_marked(direct, &ahead, id_of(3), "ahead");
    assert_marked(direct, &set_right, id_of(4), "clock");
    assert_marked(direct, &two_births, id_of(1), "birth");
    assert_marked(direct, &nameless, id_of(2), "lacks card_name");
}

/* The item as another pack has it. */
static void put_other(struct direct *direct, const char *id,
                      const char *item_id, int version, const char *hash)
{
    struct item other = *pack_find(pack, "residence-permit");
    struct request_line line = { "PUT", direct_path(id), NULL, 0 };
    const struct forged forged = { .item = &other,
                                   .answers = permit,
                                   .birth = FIFTEEN,
                                   .today_ms = DIRECT_START_MS,
                                   .sent_ms = DIRECT_START_MS };
    struct buf bytes;

    other.id = item_id;
    other.version = version;
    if (hash)
        snprintf(other.hash, sizeof other.hash, "%s", hash);
    forged_envelope(&forged, id, direct->machine, hub_office_key(direct->hub),
                    &bytes);
    line.body = bytes.text;
    line.body_len = bytes.len;
    assert_int_equal(direct_send_as(direct, direct->machine, &line), 201);
    buf_done(&bytes);
}

/* Nobody loses a case because packs differ; somebody of the staff is told, until
 * the office has said something of it. */
static void test_other_packs(void **state)
{
    static const char zeros[] = "00000000000000000000000000000000"
                                "00000000000000000000000000000000";
    struct direct *direct = *state;
    char folder[128], number[256], expected[1024];
    struct office_order order = {
        .what = OFFICE_CASE, .name = number, .state = "accepted", .text = ""
    };
    struct buf lines;

    put_other(direct, id_of(0), "fishing-licence", 7, NULL);
    put_other(direct, id_of(1), "residence-permit", 99, NULL);
    put_other(direct, id_of(2), "residence-permit", 2, zeros);
    direct_text_of(direct, "case_number", number);
    look(direct, &lines);
    snprintf(expected, sizeof expected,
             ZEROS
             "20261124000003 LOOK, receipt 310063270014, "
             "residence-permit version 2, came 2026-11-24 14:03:05, "
             "other-content: made by the same version of its item, but with "
             "another content\n" ZEROS
             "20261124000002 LOOK, receipt 310063270014, residence-permit "
             "version 99, came 2026-11-24 14:03:05, other-version: made by a "
             "version of its item that is not here\n" ZEROS
             "20261124000001 LOOK, receipt 310063270014, fishing-licence "
             "version 7, came 2026-11-24 14:03:05, unknown-item: its item is "
             "in no pack of this hub\n");
    assert_string_equal(lines.text, expected);
    buf_done(&lines);

    snprintf(folder, sizeof folder, "%s/hub", direct->folder);
    assert_int_equal(office_give(folder, &order), ERR_OK);
    look(direct, &lines);
    assert_null(strstr(lines.text, "other-content"));
    assert_non_null(strstr(lines.text, "other-version"));
    buf_done(&lines);
    assert_int_equal(count_of(direct, ""), 3);
}

/* ---- Older packs and overlays ---- */

static void copy(const char *from, const char *to)
{
    char *text = NULL;
    size_t len = 0;

    assert_int_equal(file_read(from, 1024 * 1024, &text, &len), ERR_OK);
    assert_int_equal(file_replace(to, text, len, 0600), ERR_OK);
    mem_free(text);
}

static void make_folder(const char *folder, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s%s", folder, name);
    assert_int_equal(file_make_folder(path, 0700), ERR_OK);
}

static void copy_pack(const char *to)
{
    static const char *const files[] = { "residence-permit.yaml",
                                         "lists/counties.tsv",
                                         "lists/townships.tsv" };
    char from[128], path[256];

    make_folder(to, "");
    make_folder(to, "/lists");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(from, sizeof from, "screens/items/%s", files[i]);
        snprintf(path, sizeof path, "%s/%s", to, files[i]);
        copy(from, path);
    }
}

static void write_in(const char *folder, const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_replace(path, text, strlen(text), 0600), ERR_OK);
}

/* A newer version of the item: work needs no proof any more. */
static void make_newer(const char *folder)
{
    static const char was[] = "when: works || studies\n";
    static const char version[] = "\nversion: 2\n";
    char path[256], *text = NULL, *at;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/residence-permit.yaml", folder);
    assert_int_equal(file_read(path, 1024 * 1024, &text, &len), ERR_OK);
    at = strstr(text, was);
    assert_non_null(at);
    memcpy(at, "when: studies         \n", sizeof was - 1);
    at = strstr(text, version);
    assert_non_null(at);
    at[sizeof version - 3] = '3';
    write_in(folder, "residence-permit.yaml", text);
    mem_free(text);
}

/* A township more. */
static void add_row(const char *folder)
{
    char path[256], *text = NULL;
    struct buf longer;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/lists/townships.tsv", folder);
    assert_int_equal(file_read(path, 1024 * 1024, &text, &len), ERR_OK);
    buf_init(&longer, 2 * 1024 * 1024);
    buf_add(&longer, text, len);
    buf_add_text(&longer, "411303999\t411303\t某镇\tTown\n");
    write_in(folder, "lists/townships.tsv", longer.text);
    buf_done(&longer);
    mem_free(text);
}

static void load_into(const char *folder, const char *division)
{
    struct problems problems;

    pack_free(pack);
    pack = NULL;
    problems_init(&problems);
    if (pack_load_for(folder, division, &problems, &pack))
        fail_msg("%s", problems.text.text);
    problems_done(&problems);
}

/* A terminal that was offline while the pack changed is judged by the old one,
 * one that has the new one by the new. */
static void test_older_pack(void **state)
{
    static const struct row with = { PERMIT, { NULL }, ADULT, 0,
                                     0,      NULL,     NULL,  NULL };
    static const struct row without = {
        PERMIT, { "-ground_proof" }, ADULT, 0, 0, NULL, NULL, NULL
    };
    struct direct *direct = *state;
    char items[128], older[160];
    struct buf lines;

    snprintf(items, sizeof items, "%s/items", direct->folder);
    snprintf(older, sizeof older, "%s/older/2026-10", items);
    copy_pack(items);
    make_newer(items);
    make_folder(items, "/older");
    copy_pack(older);
    direct->items = items;
    direct_reopen(direct);

    load_into(older, "");
    assert_int_equal(put_row(direct, &with, id_of(0)), 201);
    assert_int_equal(put_row(direct, &without, id_of(1)), 422);
    assert_true(direct_says(direct, "\"code\":\"missing\""));
    load_into(items, "");
    assert_int_equal(put_row(direct, &without, id_of(2)), 201);
    assert_int_equal(put_row(direct, &with, id_of(3)), 422);
    assert_true(direct_says(direct, "\"code\":\"not-asked\""));
    look(direct, &lines);
    assert_string_equal(lines.text, "");
    buf_done(&lines);
    direct->items = NULL;
}

/* A county's own text makes another hash, and the hub has that, too; a list
 * that somebody changed makes one that it has not. */
static void test_overlays_and_lists(void **state)
{
    static const struct row row = { PERMIT, { NULL }, ADULT, 0,
                                    0,      NULL,     NULL,  NULL };
    struct direct *direct = *state;
    char items[128], over[256], hash[65];

    snprintf(items, sizeof items, "%s/items", direct->folder);
    snprintf(over, sizeof over, "%s/overlays/411381", items);
    copy_pack(items);
    load_into(items, "");
    snprintf(hash, sizeof hash, "%s", pack_item(pack, 0)->hash);
    make_folder(items, "/overlays");
    make_folder(over, "");
    write_in(over, "residence-permit.yaml",
             "over: residence-permit\n"
             "contact: {zh_CN: 某派出所, en: That police station}\n");
    direct->items = items;
    direct_reopen(direct);

    load_into(items, "411302");
    assert_string_equal(pack_item(pack, 0)->hash, hash);
    assert_marked(direct, &row, id_of(0), "");
    load_into(items, "411381");
    assert_string_not_equal(pack_item(pack, 0)->hash, hash);
    assert_marked(direct, &row, id_of(1), "");
    add_row(items);
    load_into(items, "");
    assert_marked(direct, &row, id_of(2), "other-content");
    direct->items = NULL;
}

/* A pack that cannot be read is told; cases are taken all the same. */
struct told {
    char lines[512];
};

static void on_problems(void *owner, const char *lines)
{
    struct told *told = owner;

    snprintf(told->lines, sizeof told->lines, "%.400s", lines);
}

static void test_broken_pack(void **state)
{
    struct direct *direct = *state;
    struct told told = { "" };
    const struct hub_items_told told_to = { on_problems, &told };
    char items[128];
    struct hub_items *read;

    snprintf(items, sizeof items, "%s/items", direct->folder);
    copy_pack(items);
    write_in(items, "bad.yaml", "id: bad\n");
    read = hub_items_open(items, &told_to);
    assert_int_equal(hub_items_count(read), 0);
    assert_non_null(strstr(told.lines, "/items/bad.yaml:1:1: error: "));
    hub_items_close(read);
    read = hub_items_open(NULL, &told_to);
    assert_int_equal(hub_items_count(read), 0);
    hub_items_close(read);
    direct->items = items;
    direct_reopen(direct);
    assert_marked(direct, &forgeries[0], id_of(0), "unknown-item");
    direct->items = NULL;
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rules_set_up, rules_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_forgeries),          TEST(test_no_day),
        TEST(test_honest_ones),        TEST(test_marks),
        TEST(test_other_packs),        TEST(test_older_pack),
        TEST(test_overlays_and_lists), TEST(test_broken_pack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
