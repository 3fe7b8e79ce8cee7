/* From text to tree, by recursive descent with the binary operators in one loop:
 *
 *   expression = binary [ "?" binary ":" expression ]
 *   binary     = unary { operator unary }, by precedence
 *   unary      = "!" { "!" } member | "-" { "-" } member | member
 *   member     = primary { "." name [ "(" list ")" ] | "[" expression "]" }
 *   primary    = literal | ["."] name [ "(" list ")" ] | "(" expression ")"
 *              | "[" list "]" | "{" [ expression ":" expression { "," ... } ] "}"
 *
 * A function that returns NULL, or false, has complained. */
#include "kiosk/rule/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"

void reader_complain(struct reader *reader, size_t at, const char *format, ...)
{
    char message[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    program_complain(reader->program, reader->problems, at, "%s", message);
}

struct rule_node *node_new(struct reader *reader, enum node_op op, size_t at)
{
    struct rule_node *node = mem_new(sizeof *node);

    node->op = op;
    node->at = (uint32_t)at;
    node->height = 1;
    node->made_before = reader->program->nodes;
    reader->program->nodes = node;
    return node;
}

bool node_add(struct reader *reader, struct rule_node *node,
              struct rule_node *operand)
{
    struct rule_node **last = &node->first;

    while (*last)
        last = &(*last)->next;
    *last = operand;
    node->count++;
    if (node->height <= operand->height)
        node->height = (uint16_t)(operand->height + 1);
    if (node->height <= RULE_HEIGHT_MAX)
        return true;
    reader_complain(reader, node->at,
                    "more than %d operators build on each other: expected a "
                    "simpler rule",
                    RULE_HEIGHT_MAX);
    return false;
}

bool parse_expect(struct reader *reader, enum token_kind kind, const char *what)
{
    if (reader->token.kind == kind) {
        token_next(reader);
        return true;
    }
    if (reader->token.kind != TOKEN_WRONG)
        reader_complain(reader, reader->token.at, "%s", what);
    return false;
}

struct rule_node *parse_inner(struct reader *reader)
{
    if (++reader->depth > RULE_DEPTH_MAX) {
        reader_complain(reader, reader->token.at,
                        "nested more than %d deep: expected a simpler rule",
                        RULE_DEPTH_MAX);
        return NULL;
    }
    struct rule_node *node = parse_expression(reader);
    reader->depth--;
    return node;
}

/* A comma may stand at the end of a list, not of arguments. */
bool parse_list_into(struct reader *reader, struct rule_node *node,
                     enum token_kind close, const char *what)
{
    bool is_after_comma = false;

    while (reader->token.kind != close ||
           (is_after_comma && close == TOKEN_CLOSE)) {
        struct rule_node *operand = parse_inner(reader);

        if (!operand || !node_add(reader, node, operand))
            return false;
        is_after_comma = reader->token.kind == TOKEN_COMMA;
        if (!is_after_comma)
            break;
        token_next(reader);
    }
    return parse_expect(reader, close, what);
}

/* ---- Primary ------------------------------------------------------------ */

static struct rule_node *literal(struct reader *reader, struct rule_value value)
{
    struct rule_node *node = node_new(reader, NODE_LITERAL, reader->token.at);

    node->value = value;
    token_next(reader);
    return node;
}

static struct rule_node *parse_int(struct reader *reader, size_t at,
                                   bool is_negative)
{
    uint64_t limit = (uint64_t)INT64_MAX + is_negative;
    uint64_t integer = reader->token.integer;

    if (integer > limit) {
        reader_complain(reader, at,
                        "the number is too large: expected at most %s",
                        "9223372036854775807");
        return NULL;
    }
    int64_t value =
        is_negative && integer ? -(int64_t)(integer - 1) - 1 : (int64_t)integer;
    struct rule_node *node = literal(reader, rule_int(value));
    node->at = (uint32_t)at;
    return node;
}

static struct rule_node *parse_map(struct reader *reader)
{
    struct rule_node *map = node_new(reader, NODE_MAP, reader->token.at);

    token_next(reader);
    while (reader->token.kind != TOKEN_CLOSE_MAP) {
        struct rule_node *key = parse_inner(reader);

        if (!key || !node_add(reader, map, key) ||
            !parse_expect(reader, TOKEN_COLON,
                          "expected \":\" and a value after this key"))
            return NULL;
        struct rule_node *value = parse_inner(reader);
        if (!value || !node_add(reader, map, value))
            return NULL;
        if (reader->token.kind != TOKEN_COMMA)
            break;
        token_next(reader);
    }
    return parse_expect(reader, TOKEN_CLOSE_MAP,
                        "expected \",\" or \"}\": a map is open")
               ? map
               : NULL;
}

static struct rule_node *parse_list(struct reader *reader)
{
    struct rule_node *list = node_new(reader, NODE_LIST, reader->token.at);

    token_next(reader);
    return parse_list_into(reader, list, TOKEN_CLOSE_LIST,
                           "expected \",\" or \"]\": a list is open")
               ? list
               : NULL;
}

static struct rule_node *parse_name(struct reader *reader)
{
    const char *name = reader->token.name;
    size_t at = reader->token.at;
    bool is_absolute = false;

    if (reader->token.kind == TOKEN_POINT) {
        is_absolute = true;
        token_next(reader);
        name = reader->token.name;
        if (!parse_expect(reader, TOKEN_NAME, "expected a name after \".\""))
            return NULL;
    } else {
        if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
            return literal(reader, rule_bool(name[0] == 't'));
        if (strcmp(name, "null") == 0)
            return literal(reader, rule_null());
        token_next(reader);
    }
    if (name_is_reserved(name)) {
        reader_complain(reader, at,
                        "\"%.40s\" is a reserved word: expected another name",
                        name);
        return NULL;
    }
    if (reader->token.kind != TOKEN_OPEN)
        return parse_name_node(reader, name, at, is_absolute);
    token_next(reader);
    return parse_global_call(reader, name, at);
}

static struct rule_node *parse_primary(struct reader *reader)
{
    struct rule_node *node;

    switch (reader->token.kind) {
    case TOKEN_INT:
        return parse_int(reader, reader->token.at, false);
    case TOKEN_DOUBLE:
        return literal(reader, rule_double(reader->token.real));
    case TOKEN_TEXT:
        return literal(reader, reader->token.text);
    case TOKEN_NAME:
    case TOKEN_POINT:
        return parse_name(reader);
    case TOKEN_OPEN_LIST:
        return parse_list(reader);
    case TOKEN_OPEN_MAP:
        return parse_map(reader);
    case TOKEN_OPEN:
        token_next(reader);
        node = parse_inner(reader);
        return node && parse_expect(reader, TOKEN_CLOSE,
                                    "expected \")\": a bracket is open")
                   ? node
                   : NULL;
    default:
        if (reader->token.kind != TOKEN_WRONG)
            reader_complain(reader, reader->token.at,
                            "expected a name, a number, a text in quotes or a "
                            "list here");
        return NULL;
    }
}

/* ---- Member ------------------------------------------------------------- */

/* "a.b" when operand is the name a, and so on; NULL for anything else. */
static const char *qualify(struct reader *reader,
                           const struct rule_node *operand, const char *field)
{
    const char *before = operand->op == NODE_NAME     ? operand->name.name
                         : operand->op == NODE_SELECT ? operand->name.qualified
                                                      : NULL;

    if (!before)
        return NULL;
    size_t size = strlen(before) + strlen(field) + 2;
    char *qualified = program_keep(reader->program, size);
    (void)snprintf(qualified, size, "%s.%s", before, field);
    return qualified;
}

static int find_declared(const struct reader *reader, const char *name)
{
    const struct rule_names *names = reader->program->names;

    for (size_t i = 0; names && name && i < names->count; i++)
        if (strcmp(names->list[i].name, name) == 0)
            return (int)i;
    return -1;
}

static struct rule_node *parse_select(struct reader *reader,
                                      struct rule_node *operand)
{
    size_t at = reader->token.at;
    bool is_quoted = reader->token.kind == TOKEN_QUOTED_NAME;
    const char *field = reader->token.name;

    if (reader->token.kind != TOKEN_NAME && !is_quoted) {
        if (reader->token.kind != TOKEN_WRONG)
            reader_complain(reader, at, "expected a name after \".\"");
        return NULL;
    }
    if (strcmp(field, "true") == 0 || strcmp(field, "false") == 0 ||
        strcmp(field, "null") == 0) {
        reader_complain(reader, at,
                        "\"%s\" is a reserved word: expected ['%s']", field,
                        field);
        return NULL;
    }
    token_next(reader);
    if (!is_quoted && reader->token.kind == TOKEN_OPEN) {
        token_next(reader);
        return parse_member_call(reader, operand, field, at);
    }
    const char *qualified = is_quoted ? NULL : qualify(reader, operand, field);
    int index = find_declared(reader, qualified);
    struct rule_node *node =
        node_new(reader, index >= 0 ? NODE_NAME : NODE_SELECT, at);
    node->name.qualified = qualified;
    node->name.index = index;
    node->name.name = index >= 0 ? qualified : field;
    if (index >= 0) {
        node->at = operand->at;
        return node;
    }
    return node_add(reader, node, operand) ? node : NULL;
}

static struct rule_node *parse_index(struct reader *reader,
                                     struct rule_node *operand, size_t at)
{
    struct rule_node *node = node_new(reader, NODE_INDEX, at);
    struct rule_node *index = parse_inner(reader);

    if (!index || !node_add(reader, node, operand) ||
        !node_add(reader, node, index))
        return NULL;
    return parse_expect(reader, TOKEN_CLOSE_LIST,
                        "expected \"]\": a bracket is open")
               ? node
               : NULL;
}

static struct rule_node *parse_member(struct reader *reader)
{
    struct rule_node *node = parse_primary(reader);

    while (node && (reader->token.kind == TOKEN_POINT ||
                    reader->token.kind == TOKEN_OPEN_LIST)) {
        bool is_point = reader->token.kind == TOKEN_POINT;
        size_t at = reader->token.at;

        token_next(reader);
        node = is_point ? parse_select(reader, node)
                        : parse_index(reader, node, at);
    }
    return node;
}

/* ---- Operators ---------------------------------------------------------- */

/* A minus right before a number belongs to it, so that the least int can be
 * written. */
static struct rule_node *parse_unary(struct reader *reader)
{
    enum token_kind sign = reader->token.kind;
    size_t at = reader->token.at;
    struct rule_node *node;

    if (sign != TOKEN_NOT && sign != TOKEN_MINUS)
        return parse_member(reader);
    token_next(reader);
    if (sign == TOKEN_MINUS && reader->token.kind == TOKEN_INT)
        return parse_int(reader, at, true);
    if (++reader->depth > RULE_DEPTH_MAX) {
        reader_complain(reader, at,
                        "nested more than %d deep: expected a simpler rule",
                        RULE_DEPTH_MAX);
        return NULL;
    }
    struct rule_node *operand =
        reader->token.kind == sign ? parse_unary(reader) : parse_member(reader);
    reader->depth--;
    if (!operand)
        return NULL;
    node = node_new(reader, sign == TOKEN_NOT ? NODE_NOT : NODE_MINUS, at);
    return node_add(reader, node, operand) ? node : NULL;
}

static const struct {
    enum token_kind token;
    int precedence;
    enum node_op op;
} operators[] = {
    { TOKEN_OR, 1, NODE_OR },
    { TOKEN_AND, 2, NODE_AND },
    { TOKEN_EQUAL, 3, NODE_EQUAL },
    { TOKEN_NOT_EQUAL, 3, NODE_NOT_EQUAL },
    { TOKEN_LESS, 3, NODE_LESS },
    { TOKEN_LESS_OR_EQUAL, 3, NODE_LESS_OR_EQUAL },
    { TOKEN_GREATER, 3, NODE_GREATER },
    { TOKEN_GREATER_OR_EQUAL, 3, NODE_GREATER_OR_EQUAL },
    { TOKEN_IN, 3, NODE_IN },
    { TOKEN_PLUS, 4, NODE_ADD },
    { TOKEN_MINUS, 4, NODE_SUBTRACT },
    { TOKEN_TIMES, 5, NODE_MULTIPLY },
    { TOKEN_DIVIDE, 5, NODE_DIVIDE },
    { TOKEN_MODULO, 5, NODE_MODULO },
};
enum { PRECEDENCE_MAX = 5 };

static int find_operator(enum token_kind token)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].token == token)
            return (int)i;
    return -1;
}

/* Operators of at least that precedence; recurs five deep at most.  && and ||
 * gather their operands in one node. */
static struct rule_node *parse_binary(struct reader *reader, int precedence)
{
    if (precedence > PRECEDENCE_MAX)
        return parse_unary(reader);
    struct rule_node *left = parse_binary(reader, precedence + 1);
    struct rule_node *gathered = NULL;

    while (left) {
        int found = find_operator(reader->token.kind);
        size_t at = reader->token.at;

        if (found < 0 || operators[found].precedence != precedence)
            return left;
        token_next(reader);
        struct rule_node *right = parse_binary(reader, precedence + 1);
        if (!right)
            return NULL;
        if (!gathered || precedence > 2) {
            struct rule_node *node = node_new(reader, operators[found].op, at);
            if (!node_add(reader, node, left))
                return NULL;
            left = gathered = node;
        }
        if (!node_add(reader, left, right))
            return NULL;
    }
    return NULL;
}

struct rule_node *parse_expression(struct reader *reader)
{
    struct rule_node *condition = parse_binary(reader, 1);
    size_t at = reader->token.at;

    if (!condition || reader->token.kind != TOKEN_QUESTION)
        return condition;
    token_next(reader);
    struct rule_node *node = node_new(reader, NODE_IF, at);
    struct rule_node *yes = parse_binary(reader, 1);
    if (!yes || !parse_expect(reader, TOKEN_COLON,
                              "expected \":\" and what to take otherwise"))
        return NULL;
    struct rule_node *no = parse_inner(reader);
    if (!no || !node_add(reader, node, condition) ||
        !node_add(reader, node, yes) || !node_add(reader, node, no))
        return NULL;
    return node;
}
