/* Rules and what belongs to them.  The first byte says how the rest is read:
 *
 *   x  an expression for matches(), NUL, a text
 *   z  the bytes of a time zone's file
 *   j  a value in the notation, as JSON
 *   anything else: a rule
 *
 * A rule that is read gives the same twice, within its limits, and its value can
 * be written and read again as the same; with names declared, mistakes have
 * places.  A rule that its checker takes for a condition gives one, or an error,
 * or null where an answer is missing. */
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/rule/notation.h"
#include "kiosk/rule/regex.h"
#include "kiosk/rule/zone.h"

enum { TODAY = 20783, PATTERN_MAX = 2000, PROBLEMS_FULL = 60 * 1024 };

static const struct rule_declared list[] = {
    { "a", RULE_INT, RULE_ANY },       { "b", RULE_TEXT, RULE_ANY },
    { "c", RULE_LIST, RULE_TEXT },     { "d", RULE_MAP, RULE_ANY },
    { "e", RULE_DOUBLE, RULE_ANY },    { "f", RULE_BOOL, RULE_ANY },
    { "t", RULE_TIMESTAMP, RULE_ANY }, { "u", RULE_DURATION, RULE_ANY },
    { "n", RULE_ANY, RULE_ANY },       { "p.q", RULE_TEXT, RULE_ANY },
};
static const struct rule_names names = { list, sizeof list / sizeof *list };

static bool value_of(void *owner, int index, const char *name,
                     struct rule_value *ret_value)
{
    static const struct rule_value items[] = {
        { .kind = RULE_TEXT, .text = { "x", 1 } },
        { .kind = RULE_TEXT, .text = { "\xe5\x8d\x97\xe9\x98\xb3", 6 } },
    };
    const struct rule_value values[] = {
        rule_int(42),
        items[1],
        rule_list(items, 2),
        rule_map(items, 1),
        rule_double(1.5),
        rule_bool(true),
        rule_date(TODAY - 7000),
        { .kind = RULE_DURATION, .duration_ns = 90061000000001 },
        rule_null(),
        items[0],
    };

    (void)owner;
    for (size_t i = 0; i < names.count; i++) {
        if (strcmp(list[i].name, name) != 0)
            continue;
        assert(index < 0 || (size_t)index == i);
        *ret_value = values[i];
        return true;
    }
    return false;
}

static bool division_of(void *owner, const char *code, size_t len,
                        struct rule_value *ret_name)
{
    (void)owner;
    *ret_name = rule_text(code, len);
    return len > 0;
}

static const struct rule_host host = { .value = value_of,
                                       .division = division_of,
                                       .today = TODAY };

/* ---- Values ------------------------------------------------------------- */

static void check_value(const struct rule_value *value, int depth)
{
    bool is_map = value->kind == RULE_MAP;

    assert(value->kind < RULE_ERROR);
    if (value->kind == RULE_TEXT)
        assert(value->text.len == 0 || value->text.bytes);
    if (value->kind != RULE_LIST && !is_map)
        return;
    assert(value->depth >= 1 && value->depth <= RULE_VALUE_DEPTH_MAX - depth);
    for (size_t i = 0; i < value->list.count * (is_map ? 2 : 1); i++)
        check_value(&value->list.items[i], depth + 1);
}

/* Written and read, it is the same text again. */
static void check_notation(const struct rule_value *value)
{
    struct rule_room room;
    struct rule_value again;
    json_t *json = notation_write(value);

    assert(json);
    char *text = json_dumps(json, JSON_SORT_KEYS);
    rule_room_init(&room);
    enum err err = notation_read(json, &room, &again);
    assert(!err || err == ERR_TOO_BIG ||
           strlen(text) > 64 * 1024); /* keys are compared with all others */
    if (!err) {
        json_t *second = notation_write(&again);
        char *second_text = json_dumps(second, JSON_SORT_KEYS);

        assert(strcmp(text, second_text) == 0);
        free(second_text);
        json_decref(second);
    }
    rule_room_done(&room);
    free(text);
    json_decref(json);
}

/* ---- Rules -------------------------------------------------------------- */

/* "rule:LINE:COLUMN: words", each. */
static void check_problems(const struct problems *problems)
{
    const char *line = problems->text.text;
    size_t seen = 0;

    assert(problems->count > 0);
    if (problems->text.len > PROBLEMS_FULL)
        return;
    assert(text_is_valid(line, problems->text.len));
    for (; *line; seen++) {
        char *end;

        assert(strncmp(line, "rule:", 5) == 0);
        assert(strtol(line + 5, &end, 10) >= 1 && *end == ':');
        assert(strtol(end + 1, &end, 10) >= 1 && *end == ':');
        line = strchr(end, '\n');
        assert(line++);
    }
    assert(seen == problems->count);
}

/* The value as text, or the error. */
static char *run(const struct rule_program *program, enum rule_kind *ret_kind)
{
    struct rule_room room;
    char *text;

    rule_room_init(&room);
    struct rule_value value = rule_program_run(program, &host, &room);
    *ret_kind = value.kind;
    if (value.kind == RULE_ERROR) {
        struct problems problems;

        problems_init(&problems);
        rule_program_tell(program, &value, &problems);
        check_problems(&problems);
        text = mem_copy_text(problems.text.text);
        problems_done(&problems);
    } else {
        check_value(&value, 0);
        check_notation(&value);
        json_t *json = notation_write(&value);
        char *dump = json_dumps(json, 0);
        text = mem_copy_text(dump);
        free(dump);
        json_decref(json);
    }
    rule_room_done(&room);
    return text;
}

static void on_use(void *owner, const struct rule_use *use)
{
    size_t *end = owner;

    assert(use->index < names.count && use->at >= *end);
    *end = use->at + 1;
}

static void check_declared(const struct rule_source *source)
{
    struct problems problems;
    struct rule_program *program = NULL;
    enum rule_kind kind;
    size_t end = 0;

    problems_init(&problems);
    if (rule_program_parse(source, &names, &problems, &program)) {
        check_problems(&problems);
    } else {
        rule_program_each_use(program, on_use, &end);
        enum err err = rule_program_check(program, RULE_BOOL, &problems);
        assert(!err == !problems.count);
        if (err)
            check_problems(&problems);
        mem_free(run(program, &kind));
        rule_program_free(program);
    }
    problems_done(&problems);
}

static void try_rule(const char *text, size_t len)
{
    const struct rule_source source = { .file = "rule",
                                        .line = 1,
                                        .column = 1,
                                        .has_columns = true,
                                        .text = text,
                                        .len = len };
    struct problems problems;
    struct rule_program *program = NULL;
    enum rule_kind kind;

    problems_init(&problems);
    if (rule_program_parse(&source, NULL, &problems, &program)) {
        check_problems(&problems);
    } else {
        char *first = run(program, &kind), *second = run(program, &kind);

        assert(strcmp(first, second) == 0);
        mem_free(first);
        mem_free(second);
        /* It knows no names, and so may find less. */
        enum err err = rule_program_check(program, RULE_BOOL, &problems);
        assert(!err == !problems.count);
        rule_program_free(program);
    }
    problems_done(&problems);
    check_declared(&source);
}

/* ---- Expressions, zones, JSON ------------------------------------------- */

static struct regex *regex_of(const char *pattern, size_t len)
{
    struct regex *regex = NULL;
    const char *what = NULL;
    size_t at = 0;

    if (!regex_new(pattern, len, &regex, &what, &at)) {
        assert(regex_states(regex) <= REGEX_STATES_MAX);
        return regex;
    }
    assert(what && at <= len && !regex);
    return NULL;
}

/* Whatever stands around it, it matches the same: unless \Q swallows that. */
static void try_regex(const char *bytes, size_t size)
{
    static const char before[] = "^(?s:.*)(?:", after[] = ")(?s:.*)$";
    const char *end = memchr(bytes, '\0', size);
    size_t len = end ? (size_t)(end - bytes) : size;
    const char *text = end ? end + 1 : bytes + size;
    size_t text_len = size - (size_t)(text - bytes);
    struct regex *regex = regex_of(bytes, len);

    if (!regex)
        return;
    bool is_match = regex_matches(regex, text, text_len);
    regex_free(regex);
    char copy[PATTERN_MAX + sizeof before + sizeof after];
    int copy_len = snprintf(copy, sizeof copy, "%s%.*s%s", before,
                            (int)(len < PATTERN_MAX ? len : 0), bytes, after);
    if (len >= PATTERN_MAX || strstr(copy, "\\Q"))
        return;
    regex = regex_of(copy, (size_t)copy_len);
    if (regex)
        assert(regex_matches(regex, text, text_len) == is_match);
    regex_free(regex);
}

static void try_zone(const char *bytes, size_t size)
{
    static const int64_t moments[] = { -62135596800, -1, 0, 1764115200,
                                       253402300799 };
    struct zone *zone = NULL;

    if (zone_new(bytes, size, &zone))
        return;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        int offset = zone_offset(zone, moments[i]);

        assert(offset >= -168 * 3600 && offset <= 169 * 3600);
    }
    zone_free(zone);
}

static void try_json(const char *bytes, size_t size)
{
    json_t *json = json_loadb(bytes, size, JSON_ALLOW_NUL, NULL);
    struct rule_room room;
    struct rule_value value;

    rule_room_init(&room);
    if (json && !notation_read(json, &room, &value)) {
        check_value(&value, 0);
        check_notation(&value);
    }
    rule_room_done(&room);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes + 1;

    if (size == 0)
        return 0;
    if (bytes[0] == 'x')
        try_regex(text, size - 1);
    else if (bytes[0] == 'z')
        try_zone(text, size - 1);
    else if (bytes[0] == 'j')
        try_json(text, size - 1);
    else
        try_rule(text, size - 1);
    assert(secret_used_bytes() == 0);
    return 0;
}
