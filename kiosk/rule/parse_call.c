/* Names, calls and macros. */
#include <stdio.h>
#include <string.h>

#include "kiosk/rule/parse.h"

bool name_is_reserved(const char *name)
{
    static const char *const reserved[] = {
        "as",        "break",  "const",  "continue", "else", "for",
        "function",  "if",     "import", "let",      "loop", "package",
        "namespace", "return", "var",    "void",     "while"
    };

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    return false;
}

/* ---- Names -------------------------------------------------------------- */

/* A name with dots may begin with it. */
static bool begins_declared(const struct reader *reader, const char *name)
{
    const struct rule_names *names = reader->program->names;
    size_t len = strlen(name);

    for (size_t i = 0; i < names->count; i++)
        if (strncmp(names->list[i].name, name, len) == 0 &&
            names->list[i].name[len] == '.')
            return true;
    return false;
}

static const char *nearest_name(const struct reader *reader, const char *name)
{
    enum { KNOWN_MAX = 1024 };
    const struct rule_names *names = reader->program->names;
    const char *known[KNOWN_MAX];
    size_t count = 0;

    for (; count < names->count && count < KNOWN_MAX; count++)
        known[count] = names->list[count].name;
    return yaml_nearest(name, known, count);
}

/* Goes on after an unknown name, so that all of them are told at once. */
static void complain_name(struct reader *reader, const char *name, size_t at)
{
    const char *near = nearest_name(reader, name);

    if (strcmp(name, "and") == 0 || strcmp(name, "or") == 0 ||
        strcmp(name, "not") == 0)
        reader_complain(reader, at,
                        "expected && for \"and\", || for \"or\", ! for "
                        "\"not\"");
    else if (near)
        reader_complain(reader, at, "unknown name \"%.40s\": expected \"%s\"?",
                        name, near);
    else
        reader_complain(reader, at,
                        "unknown name \"%.40s\": expected a name that is "
                        "answered before, or a text in quotes",
                        name);
}

struct rule_node *parse_name_node(struct reader *reader, const char *name,
                                  size_t at, bool is_absolute)
{
    const struct rule_names *names = reader->program->names;
    struct rule_node *node;

    for (int i = reader->local_count - 1; !is_absolute && i >= 0; i--) {
        if (strcmp(reader->locals[i], name) != 0)
            continue;
        node = node_new(reader, NODE_LOCAL, at);
        node->name.index = i;
        return node;
    }
    node = node_new(reader, NODE_NAME, at);
    node->name.name = name;
    node->name.index = -1;
    if (!names)
        return node;
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i].name, name) == 0)
            node->name.index = (int)i;
    if (node->name.index < 0 && !begins_declared(reader, name))
        complain_name(reader, name, at);
    return node;
}

/* ---- Calls -------------------------------------------------------------- */

/* What there is of that name, for the message. */
static void complain_function(struct reader *reader, const char *name,
                              enum function_style style, int count, size_t at)
{
    enum { NAMES_MAX = 128 };
    const char *known[NAMES_MAX];
    size_t known_count = 0;

    for (size_t i = 0; i < rule_function_count; i++) {
        const struct rule_function *function = &rule_functions[i];

        if (strcmp(function->name, name) == 0) {
            int wanted = function->count - (function->style != FUNCTION_GLOBAL);
            bool is_member = function->style == FUNCTION_MEMBER;

            if (function->style != style)
                reader_complain(reader, at, "expected %s%s%s",
                                is_member ? "value." : "", name,
                                is_member ? "(...)" : "(value)");
            else
                reader_complain(reader, at,
                                "%s takes %d argument%s here, not %d", name,
                                wanted, wanted == 1 ? "" : "s",
                                count - (style != FUNCTION_GLOBAL));
            return;
        }
        if (known_count < NAMES_MAX)
            known[known_count++] = function->name;
    }
    const char *near = yaml_nearest(name, known, known_count);
    reader_complain(reader, at, "unknown function \"%.40s\"%s%s%s", name,
                    near ? ": expected \"" : "", near ? near : "",
                    near ? "\"?" : "");
}

/* What can be made of a literal argument once and for all. */
static bool make_ready(struct reader *reader, struct rule_node *call)
{
    const struct rule_node *last = call->first;
    const char *what = "there is no such time zone: expected a name such as "
                       "Asia/Shanghai, or +08:00";
    size_t at = 0;
    int offset;
    enum err err = ERR_OK;

    while (last->next)
        last = last->next;
    if (last->op != NODE_LITERAL || last->value.kind != RULE_TEXT)
        return true;
    const char *text = last->value.text.bytes;
    size_t len = last->value.text.len;
    if (call->call.function->ready == READY_REGEX)
        err = regex_new(text, len, &call->call.regex, &what, &at);
    else if (!zone_is_fixed(text, len, &offset))
        err = zone_open(text, len, &call->call.zone);
    /* Without names it is told when it runs: a || may settle it. */
    if (!err || !reader->program->names)
        return true;
    reader_complain(reader, last->at, "%s", what);
    return false;
}

static struct rule_node *finish_call(struct reader *reader,
                                     struct rule_node *call,
                                     enum function_style style)
{
    const char *name = call->call.name;
    const struct rule_function *function =
        function_find(name, style, call->count);

    call->call.function = function;
    if (!function) {
        if (reader->program->names)
            complain_function(reader, name, style, call->count, call->at);
        return call;
    }
    if (function->ready == READY_NOTHING || make_ready(reader, call))
        return call;
    return NULL;
}

/* has(a.b) becomes its select; answered(a) its name. */
static struct rule_node *parse_special(struct reader *reader, enum node_op op,
                                       size_t at)
{
    struct rule_node *operand = parse_inner(reader);
    bool is_has = op == NODE_HAS;

    if (!operand ||
        !parse_expect(reader, TOKEN_CLOSE, "expected \")\" after one argument"))
        return NULL;
    if (is_has && operand->op == NODE_SELECT) {
        operand->op = NODE_HAS;
        return operand;
    }
    /* A declared name with dots looks like a field: has() asks whether it has an
     * answer. */
    bool is_name =
        operand->op == NODE_NAME && (!is_has || operand->name.qualified);
    if (is_name || (!is_has && operand->op == NODE_SELECT)) {
        struct rule_node *node = node_new(reader, NODE_ANSWERED, at);
        return node_add(reader, node, operand) ? node : NULL;
    }
    reader_complain(reader, operand->at,
                    is_has ? "expected a field, as in has(person.phone)"
                           : "expected a name, as in answered(phone)");
    return NULL;
}

struct rule_node *parse_global_call(struct reader *reader, const char *name,
                                    size_t at)
{
    if (strcmp(name, "has") == 0)
        return parse_special(reader, NODE_HAS, at);
    if (strcmp(name, "answered") == 0)
        return parse_special(reader, NODE_ANSWERED, at);
    struct rule_node *call = node_new(reader, NODE_CALL, at);
    call->call.name = name;
    if (!parse_list_into(reader, call, TOKEN_CLOSE,
                         "expected \",\" or \")\": a call is open"))
        return NULL;
    return finish_call(reader, call, FUNCTION_GLOBAL);
}

/* ---- Macros ------------------------------------------------------------- */

/* least, most: expressions after the variables.  Where there may be one more
 * than least, the first is a filter. */
static const struct macro {
    const char *name;
    enum loop_kind kind;
    int variables, least, most;
} macros[] = {
    { "all", LOOP_ALL, 1, 1, 1 },
    { "all", LOOP_ALL, 2, 1, 1 },
    { "exists", LOOP_EXISTS, 1, 1, 1 },
    { "exists", LOOP_EXISTS, 2, 1, 1 },
    { "exists_one", LOOP_EXISTS_ONE, 1, 1, 1 },
    { "exists_one", LOOP_EXISTS_ONE, 2, 1, 1 },
    { "existsOne", LOOP_EXISTS_ONE, 1, 1, 1 },
    { "existsOne", LOOP_EXISTS_ONE, 2, 1, 1 },
    { "filter", LOOP_FILTER, 1, 1, 1 },
    { "map", LOOP_MAP, 1, 1, 2 },
    { "transformList", LOOP_MAP, 2, 1, 2 },
    { "transformMap", LOOP_TRANSFORM_MAP, 2, 1, 2 },
};

/* The two variables when it is "a, b," here and the macro takes two; else
 * one. */
static const struct macro *find_macro(const char *name, int variables)
{
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
        if (macros[i].variables == variables &&
            strcmp(macros[i].name, name) == 0)
            return &macros[i];
    return NULL;
}

static bool may_be_variable(const struct token *token)
{
    return token->kind == TOKEN_NAME && !name_is_reserved(token->name) &&
           strcmp(token->name, "true") != 0 &&
           strcmp(token->name, "false") != 0 &&
           strcmp(token->name, "null") != 0;
}

/* Takes a name and a comma; NULL, and nothing is taken, when it is something
 * else. */
static const char *take_variable(struct reader *reader)
{
    const char *name = reader->token.name;
    size_t end = reader->token.end;

    if (!may_be_variable(&reader->token))
        return NULL;
    end += strspn(reader->text + end, " \t\n\f\r");
    if (reader->text[end] != ',')
        return NULL;
    token_next(reader);
    token_next(reader);
    return name;
}

static struct rule_node *finish_loop(struct reader *reader,
                                     struct rule_node *loop,
                                     const struct macro *macro)
{
    if (!parse_list_into(reader, loop, TOKEN_CLOSE,
                         "expected \",\" or \")\": a macro is open"))
        return NULL;
    reader->local_count -= macro->variables;
    int given = loop->count - 1;
    if (given < macro->least || given > macro->most) {
        reader_complain(
            reader, loop->at, "%s with %d variable%s takes %s, not %d",
            macro->name, macro->variables, macro->variables == 1 ? "" : "s",
            macro->most == 1 ? "one expression" : "one or two expressions",
            given);
        return NULL;
    }
    loop->loop.has_filter = given > macro->least;
    return loop;
}

/* The variables hide others of their names from here on. */
static struct rule_node *parse_macro(struct reader *reader,
                                     struct rule_node *receiver,
                                     const struct macro *macro,
                                     const char *const variables[2], size_t at)
{
    struct rule_node *loop = node_new(reader, NODE_LOOP, at);

    if (reader->local_count + macro->variables > RULE_LOCALS_MAX) {
        reader_complain(reader, at,
                        "more than %d variables inside each other: expected a "
                        "simpler rule",
                        RULE_LOCALS_MAX);
        return NULL;
    }
    if (macro->variables == 2 && strcmp(variables[0], variables[1]) == 0) {
        reader_complain(reader, at,
                        "both variables are called \"%.40s\": expected two "
                        "names",
                        variables[0]);
        return NULL;
    }
    loop->loop.kind = macro->kind;
    loop->loop.has_two = macro->variables == 2;
    loop->loop.slot = reader->local_count;
    for (int i = 0; i < macro->variables; i++)
        reader->locals[reader->local_count++] = variables[i];
    if (!node_add(reader, loop, receiver))
        return NULL;
    return finish_loop(reader, loop, macro);
}

struct rule_node *parse_member_call(struct reader *reader,
                                    struct rule_node *receiver,
                                    const char *name, size_t at)
{
    const struct macro *one = find_macro(name, 1), *two = find_macro(name, 2);

    if (one || two) {
        const char *variables[2] = { take_variable(reader), NULL };

        if (variables[0] && two)
            variables[1] = take_variable(reader);
        if (variables[0] && (variables[1] || one))
            return parse_macro(reader, receiver, variables[1] ? two : one,
                               variables, at);
        reader_complain(reader, at,
                        "expected %s name%s and \",\" first in %s(...)",
                        one ? "a" : "two", one ? "" : "s", name);
        return NULL;
    }
    struct rule_node *call = node_new(reader, NODE_CALL, at);
    call->call.name = name;
    if (!node_add(reader, call, receiver) ||
        !parse_list_into(reader, call, TOKEN_CLOSE,
                         "expected \",\" or \")\": a call is open"))
        return NULL;
    return finish_call(reader, call, FUNCTION_MEMBER);
}
