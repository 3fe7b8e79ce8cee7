#include "kiosk/hub/lists.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/record.h"
#include "kiosk/hub/ask.h"
#include "kiosk/hub/case_body.h"
#include "kiosk/hub/payments.h"
#include "kiosk/hub/people.h"

enum { KIND_CHARS_MAX = 31, DAY_BYTES = 16, LINE_BYTES = 4096 };

/* ---- Decisions of the traffic police -------------------------------------- */

static const struct {
    const char *zh, *en;
} places[] = {
    { "卧龙区人民路", "Renmin Road, Wolong" },
    { "宛城区建设路", "Jianshe Road, Wancheng" },
    { "高新区滨河路", "Binhe Road, Gaoxin" },
    { "卧龙区中州路", "Zhongzhou Road, Wolong" },
};

static const struct {
    const char *zh, *en;
    int fen;
} offences[] = {
    { "不按规定停放机动车", "Parking where it is not allowed", 15000 },
    { "不按交通信号灯通行", "Passing a red light", 20000 },
    { "驾驶时接打手机", "Using a telephone while driving", 5000 },
    { "未系安全带", "Driving without a safety belt", 5000 },
};

enum {
    PLACES = sizeof(places) / sizeof(places[0]),
    OFFENCES = sizeof(offences) / sizeof(offences[0]),
    DECISIONS_MOST = 5
};

static json_t *words(const char *zh, const char *en)
{
    return json_pack("{s:s, s:s}", "zh_CN", zh, "en", en);
}

/* The nth of a person, out of three bytes of their mark. */
static json_t *make_decision(const unsigned char *dice, int n,
                             const char *as_of)
{
    char number[32], date[DAY_BYTES];
    unsigned place = dice[0] % PLACES, offence = dice[1] % OFFENCES;

    snprintf(number, sizeof(number), "41130217%03u%03u%02d", dice[0], dice[2],
             n + 1);
    snprintf(date, sizeof(date), "2026-%02u-%02u", 1 + dice[2] % 9,
             1 + dice[1] % 28);
    return json_pack("{s:s, s:s, s:{s:s, s:s, s:o, s:o, s:i, s:s}}", "id",
                     number, "as_of", as_of, "fields", "decision_number",
                     number, "date", date, "place",
                     words(places[place].zh, places[place].en), "what",
                     words(offences[offence].zh, offences[offence].en), "fen",
                     offences[offence].fen, "state", "open");
}

/* By the sequence of the number (digits 15 to 17), so that who shows the
 * demonstration can choose: 003 has none, 001 one, 002 two to five. */
static int count_of(const char *number, unsigned dice)
{
    int third = (number[14] + number[15] + number[16] - 3 * '0') % 3;

    return third == 2 ? 2 + (int)(dice % (DECISIONS_MOST - 1)) : third;
}

static void add_decisions(const char *number, const unsigned char *mark,
                          const char *as_of, json_t *rows)
{
    int count = count_of(number, mark[0]);

    for (int i = 0; i < count; i++)
        json_array_append_new(rows, make_decision(mark + 1 + 3 * i, i, as_of));
}

/* ---- Lists of a person ---------------------------------------------------- */

static const struct {
    const char *kind;
    void (*add)(const char *number, const unsigned char *mark,
                const char *as_of, json_t *rows);
} kinds[] = { { "traffic-decision", add_decisions } };

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static size_t find_kind(const char *kind)
{
    size_t at = 0;

    while (at < KINDS && (!kind || strcmp(kinds[at].kind, kind) != 0))
        at++;
    return at;
}

/* ret_rows: the caller's.  ERR_NOT_FOUND: nobody knows this person. */
static enum err rows_of(const struct hub *hub, size_t kind, const char *number,
                        json_t **ret_rows)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    unsigned char mark[CRYPTO_DIGEST_BYTES];
    char as_of[DAY_BYTES];
    enum err err = people_mark(hub->people, number, kinds[kind].kind, mark);

    if (err)
        return err;
    snprintf(as_of, sizeof(as_of), "%04d-%02d-%02d", now.year, now.month,
             now.day);
    *ret_rows = json_array();
    kinds[kind].add(number, mark, as_of, *ret_rows);
    mem_wipe(mark, sizeof(mark));
    return ERR_OK;
}

static void set_state(json_t *row, const char *state)
{
    json_object_set_new(json_object_get(row, "fields"), "state",
                        json_string(state));
}

/* What was paid meanwhile stands there as paid. */
static enum err tell_paid(struct hub *hub, json_t *rows)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        const char *state = "";

        err = payments_state(hub, json_string_value(json_object_get(row, "id")),
                             &state);
        if (!err)
            set_state(row, state);
    }
    return err;
}

static void answer(struct hub *hub, const json_t *asked,
                   struct hub_response *response)
{
    const char *number = ask_text(asked, "number", PERSON_NUMBER_BYTES - 1);
    size_t kind = find_kind(ask_text(asked, "kind", KIND_CHARS_MAX));
    json_t *rows = NULL;
    enum err err;

    if (number == NULL || ask_text(asked, "kind", KIND_CHARS_MAX) == NULL) {
        response_problem(response, PROBLEM_fields);
        return;
    }
    if (kind == KINDS) {
        response_problem(response, PROBLEM_list_unknown);
        return;
    }
    err = rows_of(hub, kind, number, &rows);
    if (!err)
        err = tell_paid(hub, rows);
    if (err == ERR_NOT_FOUND)
        response_problem(response, PROBLEM_person_unknown);
    else if (err)
        response_store_failed(response, err);
    else
        response_object(response, 200, json_pack("{s:O}", "rows", rows));
    json_decref(rows);
}

void hub_lists(struct hub *hub, const struct hub_request *request,
               struct hub_response *response)
{
    json_t *asked = ask_object(request, response);

    if (asked != NULL)
        answer(hub, asked, response);
    json_decref(asked);
}

/* ---- Judging -------------------------------------------------------------- */

static bool is_one_of(const struct item *item, const struct step *step,
                      const json_t *rows, const char *value)
{
    bool is_it = false;

    if (strcmp(value, RECORD_NONE) == 0)
        return json_array_size(rows) == 0;
    for (size_t i = 0; !is_it && i < json_array_size(rows); i++) {
        struct buf line;

        buf_init(&line, LINE_BYTES);
        is_it = !record_of_row(item, step, json_array_get(rows, i), &line) &&
                strcmp(line.text, value) == 0;
        buf_done(&line);
    }
    return is_it;
}

/* Since a row was chosen it may have been paid, and before that money that came
 * too late may have been on its way back: it is good as it was then. */
static bool was_one_of(const struct item *item, const struct step *step,
                       json_t *rows, const char *value)
{
    static const char *const states[] = { "open", "refunding" };
    bool was = false;

    for (size_t i = 0; !was && i < sizeof(states) / sizeof(*states); i++) {
        for (size_t at = 0; at < json_array_size(rows); at++)
            set_state(json_array_get(rows, at), states[i]);
        was = is_one_of(item, step, rows, value);
    }
    return was;
}

enum err lists_judge(struct hub *hub, const struct item *item,
                     const json_t *body, struct judgement *judgement)
{
    const char *number = case_answer(body, "card_number");
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *value =
            record_is_step(step) ? case_answer(body, step->answer) : NULL;
        size_t kind = value ? find_kind(step->kind) : KINDS;
        json_t *rows = NULL;

        if (value && kind < KINDS && number)
            err = rows_of(hub, kind, number, &rows);
        if (err == ERR_NOT_FOUND)
            err = ERR_OK; /* as one of whom nothing is known */
        if (!err && rows)
            err = tell_paid(hub, rows);
        if (!err && value && !is_one_of(item, step, rows, value) &&
            !was_one_of(item, step, rows, value)) {
            judgement->code = JUDGE_NOT_ACCEPTED;
            snprintf(judgement->name, sizeof(judgement->name), "%s",
                     step->answer);
            i = item->step_count;
        }
        json_decref(rows);
    }
    return err;
}
