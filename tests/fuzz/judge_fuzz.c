/* A case's body, as the hub judges it: what a machine sealed that lies.  The
 * first byte chooses the item, the second the assurance, of the third the lowest
 * bit whether it tells only its hour and the others the hub's clock; the rest is
 * the body.
 *
 * The same twice; names are the item's own words; whatever is good without a
 * word has an answer on every page that comes, and no other. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/judge.h"

/* 2026-11-24 14:03:05 in China. */
#define NOW_MS INT64_C(1795500185000)

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static struct pack *load(void)
{
    static struct pack *pack;
    struct problems problems;

    if (pack)
        return pack;
    clock_pretend(1000, NOW_MS);
    problems_init(&problems);
    if (pack_load("screens/items", &problems, &pack)) {
        fprintf(stderr, "%s", problems.text.text);
        abort();
    }
    problems_done(&problems);
    return pack;
}

static bool is_word_of(const struct item *item, const char *name)
{
    static const char *const others[] = {
        "",      "card_number", "card_kind", "card_birth",  "assurance",
        "today", "card_name",   "card_sex",  "card_address"
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(name, others[i]) == 0)
            return true;
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(name, item->steps[i].id) == 0 ||
            (item->steps[i].answer && strcmp(name, item->steps[i].answer) == 0))
            return true;
    return false;
}

static const char *value_of(const json_t *body, const char *name)
{
    return json_string_value(json_object_get(
        json_object_get(json_object_get(body, "answers"), name), "value"));
}

/* The second way: the answers alone, page by page, without the judge. */
static void walk_again(const struct item *item, const json_t *body)
{
    struct answers *answers = answers_new();
    json_t *entry;
    const char *name;

    json_object_foreach(json_object_get(body, "answers"), name, entry)
    {
        enum err err =
            answers_set(answers, name, value_of(body, name), SOURCE_CITIZEN);
        assert(!err);
    }
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        bool is_asked = strcmp(step->screen, "choice") == 0 ||
                        strcmp(step->screen, "field") == 0;

        if (is_asked)
            assert(walk_shows(step, answers) ==
                   (answers_get(answers, step->answer) != NULL));
    }
    answers_free(answers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const assurances[] = {
        "none", "typed", "code", "app", "card", "card and check"
    };
    const struct pack *pack = load();
    struct judgement first = { .code = JUDGE_COUNT }, second = first;
    struct judge_case asked = { .now_ms = NOW_MS, .sent_ms = NOW_MS };
    json_t *body;

    if (size < 3)
        return 0;
    body = json_loadb((const char *)bytes + 3, size - 3, 0, NULL);
    asked.item = pack_item(pack, bytes[0] % pack_count(pack));
    asked.body = body;
    asked.assurance = assurances[bytes[1] % 6];
    asked.is_hour_only = bytes[2] & 1;
    asked.now_ms += (int64_t)(bytes[2] / 2 - 64) * DAY_MS;
    if (json_is_object(body)) {
        enum err err = judge(&asked, &first);
        enum err again = judge(&asked, &second);

        assert(!err && !again);
        assert(first.code == second.code && first.code < JUDGE_COUNT);
        assert(strcmp(first.name, second.name) == 0);
        assert(strcmp(first.look, second.look) == 0);
        assert(is_word_of(asked.item, first.name));
        assert((first.stop[0] != '\0') == (first.code == JUDGE_STOP));
        if (first.code == JUDGE_GOOD && first.look[0] == '\0')
            walk_again(asked.item, body);
    }
    json_decref(body);
    assert(secret_used_bytes() == 0);
    return 0;
}
