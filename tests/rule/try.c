#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "kiosk/rule/notation.h"
#include "tests/rule/try.h"

enum { SAID_MAX = 256 * 1024 };

struct rule_source try_source(const char *text)
{
    return (struct rule_source){ .file = "rule",
                                 .line = 1,
                                 .column = 1,
                                 .has_columns = true,
                                 .text = text,
                                 .len = strlen(text) };
}

struct world {
    const json_t *vars;
    struct rule_room room;
};

static bool value_of(void *owner, int index, const char *name,
                     struct rule_value *ret_value)
{
    struct world *world = owner;
    const json_t *json = json_object_get(world->vars, name);

    (void)index;
    return json && !notation_read(json, &world->room, ret_value);
}

static bool division_of(void *owner, const char *code, size_t len,
                        struct rule_value *ret_name)
{
    static const char name[] = "卧龙区";

    (void)owner;
    if (len != 6 || memcmp(code, "411303", 6) != 0)
        return false;
    *ret_name = rule_text(name, sizeof name - 1);
    return true;
}

static void say_value(const struct rule_value *value, struct buf *out)
{
    json_t *json = notation_write(value);
    char *text = json ? json_dumps(json, 0) : NULL;

    buf_add_text(out, text ? text : "(no text)");
    free(text);
    json_decref(json);
}

static void say_problems(const struct problems *problems, struct buf *out)
{
    static const char file[] = "rule:", error[] = ": error: ";
    const char *line = problems->text.text;

    while (strncmp(line, file, sizeof file - 1) == 0) {
        const char *end = strchr(line, '\n');

        const char *severity = strstr(line, error);

        line += sizeof file - 1;
        assert_true(severity && severity < end);
        if (out->len)
            buf_add_text(out, "; ");
        buf_add(out, line, (size_t)(severity - line));
        buf_add_text(out, ": ");
        severity += sizeof error - 1;
        buf_add(out, severity, (size_t)(end - severity));
        line = end + 1;
    }
}

void try_say(const char *rule, const json_t *vars, int64_t today,
             struct buf *out)
{
    struct world world = { .vars = vars };
    struct rule_host host = { .owner = &world,
                              .value = value_of,
                              .division = division_of,
                              .today = today };
    struct rule_source source = try_source(rule);
    struct rule_program *program = NULL;
    struct problems problems;
    struct rule_room room;

    problems_init(&problems);
    rule_room_init(&room);
    rule_room_init(&world.room);
    if (!rule_program_parse(&source, NULL, &problems, &program)) {
        struct rule_value value = rule_program_run(program, &host, &room);

        if (value.kind == RULE_ERROR)
            rule_program_tell(program, &value, &problems);
        else
            say_value(&value, out);
    }
    say_problems(&problems, out);
    rule_program_free(program);
    rule_room_done(&world.room);
    rule_room_done(&room);
    problems_done(&problems);
}

void try_gives_with(const char *rule, const char *vars, const char *expected)
{
    json_t *json = vars ? json_loads(vars, JSON_ALLOW_NUL, NULL) : NULL;
    struct buf said;

    assert_true(!vars || json);
    buf_init(&said, SAID_MAX);
    try_say(rule, json, TRY_TODAY, &said);
    if (strcmp(said.text, expected) != 0)
        print_message("in %.400s\n", rule);
    assert_string_equal(said.text, expected);
    buf_done(&said);
    json_decref(json);
}

void try_gives(const char *rule, const char *expected)
{
    try_gives_with(rule, NULL, expected);
}

void try_check(const char *rule, const struct rule_names *names,
               enum rule_kind wanted, struct buf *out)
{
    struct rule_source source = try_source(rule);
    struct rule_program *program = NULL;
    struct problems problems;

    problems_init(&problems);
    enum err err = rule_program_parse(&source, names, &problems, &program);
    if (!err)
        err = rule_program_check(program, wanted, &problems);
    assert_int_equal(err != ERR_OK, problems.count > 0);
    say_problems(&problems, out);
    rule_program_free(program);
    problems_done(&problems);
}
