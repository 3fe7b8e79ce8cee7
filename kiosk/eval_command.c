#include "kiosk/eval_command.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/lists.h"
#include "kiosk/rule/moment.h"
#include "kiosk/rule/notation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARS_BYTES_MAX = 1024 * 1024, NAME_BYTES = 64 };

/* The lists whose values are division codes. */
static const char *const division_lists[] = { "counties", "townships" };

struct var {
    const char *name; /* in json */
    struct rule_value value;
};

struct evaluation {
    const char *expression, *vars_path;
    json_t *json; /* an object, or NULL */
    struct var *vars;
    size_t var_count;
    struct lists *lists;
    struct rule_room vars_room, room;
    int64_t today;
};

static int complain(const char *what, const char *about)
{
    fprintf(stderr, "kiosk eval: %s%s%s\n", what, *about ? ": " : "", about);
    return EXIT_USAGE;
}

/* ---- What is asked ------------------------------------------------------ */

static bool parse_today(const char *text, int64_t *ret_today)
{
    struct rule_value date = rule_text(text, strlen(text));
    struct moment_day day;

    if (!moment_day_of(&date, &day))
        return false;
    *ret_today = clock_days_of_date(day.year, day.month, day.day);
    return true;
}

/* -1: go on; else the exit code.  An expression may begin with a minus. */
static int parse_words(int count, char **words, struct evaluation *evaluation)
{
    evaluation->today = rule_day(clock_wall_ms());
    for (int i = 0; i < count; i++) {
        bool is_vars = strcmp(words[i], "--vars") == 0;

        if (!is_vars && strcmp(words[i], "--today") != 0) {
            if (evaluation->expression)
                return complain("only one rule is expected, in quotes",
                                words[i]);
            evaluation->expression = words[i];
            continue;
        }
        if (++i == count)
            return complain("a value must follow", words[i - 1]);
        if (is_vars)
            evaluation->vars_path = words[i];
        else if (!parse_today(words[i], &evaluation->today))
            return complain("--today takes a date such as 2026-11-26",
                            words[i]);
    }
    if (!evaluation->expression)
        return complain("a rule is expected, as in kiosk eval '1 + 2'", "");
    return -1;
}

static int read_vars(struct evaluation *evaluation)
{
    const char *path = evaluation->vars_path;
    json_error_t error;
    char *text;
    size_t len;

    enum err err = file_read(path, VARS_BYTES_MAX, &text, &len);
    if (err) {
        fprintf(stderr, "kiosk eval: %s: this file cannot be read (%s)\n", path,
                err_name(err));
        return EXIT_FAILURE;
    }
    evaluation->json =
        json_loadb(text, len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    mem_free(text);
    if (evaluation->json && json_is_object(evaluation->json))
        return EXIT_SUCCESS;
    fprintf(stderr,
            "kiosk eval: %s:%d:%d: expected one JSON object: names, and values "
            "such as {\"int\": 3}\n",
            path, evaluation->json ? 1 : error.line,
            evaluation->json ? 1 : error.column);
    return EXIT_FAILURE;
}

/* Every value is read, whether the rule looks at it or not, so that a wrong one
 * is told. */
static int convert_vars(struct evaluation *evaluation)
{
    const char *name;
    json_t *json;

    evaluation->vars =
        mem_new(json_object_size(evaluation->json) * sizeof(struct var));
    json_object_foreach(evaluation->json, name, json)
    {
        struct var *var = &evaluation->vars[evaluation->var_count++];

        var->name = name;
        if (!notation_read(json, &evaluation->vars_room, &var->value))
            continue;
        fprintf(stderr,
                "kiosk eval: %s: the value of \"%s\" is not in the notation: "
                "expected one such as {\"int\": 3} or {\"string\": \"x\"}\n",
                evaluation->vars_path, name);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

/* ---- The host ----------------------------------------------------------- */

static bool value_of(void *owner, int index, const char *name,
                     struct rule_value *ret_value)
{
    const struct evaluation *evaluation = owner;

    (void)index;
    for (size_t i = 0; i < evaluation->var_count; i++)
        if (strcmp(evaluation->vars[i].name, name) == 0) {
            *ret_value = evaluation->vars[i].value;
            return true;
        }
    return false;
}

static bool division_of(void *owner, const char *code, size_t len,
                        struct rule_value *ret_name)
{
    struct evaluation *evaluation = owner;
    struct problems problems;
    const struct list_row *row = NULL;
    char value[NAME_BYTES];

    if (len >= sizeof value)
        return false;
    memcpy(value, code, len);
    value[len] = '\0';
    problems_init(&problems);
    for (size_t i = 0; !row && i < sizeof division_lists / sizeof(char *);
         i++) {
        const struct list *list;

        if (!lists_get(evaluation->lists, division_lists[i], &problems, &list))
            row = list_find(list, value);
    }
    problems_done(&problems);
    if (!row)
        return false;
    const char *name = row->text.in[LANGUAGE_ZH_CN];
    *ret_name = rule_text(name, strlen(name));
    return true;
}

/* ---- The answer --------------------------------------------------------- */

/* As problems have it: "rule:line:column: what". */
static void print_problems(const struct problems *problems)
{
    fputs(problems->text.text, stderr);
}

static int print_value(struct evaluation *evaluation,
                       const struct rule_program *program,
                       struct problems *problems)
{
    const struct rule_host host = { .owner = evaluation,
                                    .value = value_of,
                                    .division = division_of,
                                    .today = evaluation->today };
    struct rule_value value =
        rule_program_run(program, &host, &evaluation->room);

    if (value.kind == RULE_ERROR) {
        rule_program_tell(program, &value, problems);
        return EXIT_FAILURE;
    }
    json_t *json = notation_write(&value);
    if (!json) {
        complain("the value holds what is no text", "");
        return EXIT_FAILURE;
    }
    (void)json_dumpf(json, stdout, 0);
    putchar('\n');
    json_decref(json);
    return EXIT_SUCCESS;
}

static int evaluate(struct evaluation *evaluation)
{
    const struct rule_source source = { .file = "rule",
                                        .line = 1,
                                        .column = 1,
                                        .has_columns = true,
                                        .text = evaluation->expression,
                                        .len = strlen(evaluation->expression) };
    struct problems problems;
    struct rule_program *program = NULL;
    int code = EXIT_FAILURE;

    problems_init(&problems);
    if (!rule_program_parse(&source, NULL, &problems, &program))
        code = print_value(evaluation, program, &problems);
    print_problems(&problems);
    rule_program_free(program);
    problems_done(&problems);
    return code;
}

int eval_command(int argc, char **argv, const struct program *program)
{
    struct evaluation evaluation = { 0 };
    char share[SHARE_PATH_BYTES], items[SHARE_PATH_BYTES + sizeof "/items"];

    int code = parse_words(argc - 1, argv + 1, &evaluation);
    if (code >= 0)
        return code;
    rule_room_init(&evaluation.room);
    rule_room_init(&evaluation.vars_room);
    /* There lists/ has the names of divisions. */
    command_find_share(program, NULL, share);
    snprintf(items, sizeof items, "%s/items", share);
    evaluation.lists = lists_new(items);
    code = evaluation.vars_path ? read_vars(&evaluation) : EXIT_SUCCESS;
    if (!code && evaluation.json)
        code = convert_vars(&evaluation);
    if (!code)
        code = evaluate(&evaluation);
    rule_room_done(&evaluation.room);
    rule_room_done(&evaluation.vars_room);
    lists_free(evaluation.lists);
    mem_free(evaluation.vars);
    json_decref(evaluation.json);
    return code;
}
