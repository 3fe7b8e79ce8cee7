#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/hub/rules_bench.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/hub/office_list.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, ANSWERS_MAX = 256 };

struct pack *rules_pack;

int rules_set_up(void **state)
{
    struct direct *direct;
    struct problems problems;

    if (direct_set_up(state))
        return -1;
    direct = *state;
    direct->items = "screens/items";
    direct_reopen(direct);
    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &rules_pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

int rules_tear_down(void **state)
{
    pack_free(rules_pack);
    return direct_tear_down(state);
}

/* ---- Making cases ---- */

/* What is given in an honest case of each item. */
const char *const rules_permit[] = {
    "registered=yes",        "county=411303",     "township=411303002",
    "street=某某路3号",      "ground=work",       "home_proof=lease",
    "ground_proof=contract", "phone=13812345678", NULL
};
const char *const rules_report[] = {
    "kind=help",        "topic=other",
    "county=411381",    "township=later",
    "landmark=later",   "description=某处有噪声。",
    "contact_by=phone", "phone=13812345678",
    "disclose=no",      NULL
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

int rules_put(struct direct *direct, const struct rules_row *row,
              const char *id)
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
    forged.item = pack_find(rules_pack, row->item);
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

const char *rules_id(size_t number)
{
    static char id[CASE_ID_CHARS + 1];

    snprintf(id, sizeof id, "%032zx", number + 1);
    return id;
}

int64_t rules_count(struct direct *direct, const char *where)
{
    int64_t count = -1;
    char sql[256];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM cases %s", where);
    direct_sql(direct, sql, &count);
    return count;
}

void rules_look(struct direct *direct, struct buf *lines)
{
    char state[128];

    snprintf(state, sizeof state, "%s/hub", direct->folder);
    hub_tidy(direct->hub);
    buf_init(lines, LIST_BYTES_MAX);
    assert_int_equal(office_list_look(state, lines), ERR_OK);
}

void rules_assert_marked(struct direct *direct, const struct rules_row *row,
                         const char *id, const char *mark)
{
    char where[128];

    if (rules_put(direct, row, id) != 201)
        fail_msg("%s: %s", mark, direct->response.body.text);
    snprintf(where, sizeof where, "WHERE id = '%s' AND mark = '%s'", id, mark);
    assert_int_equal(rules_count(direct, where), 1);
}
