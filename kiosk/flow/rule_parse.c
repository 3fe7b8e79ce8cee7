/* From text to tree, by recursive descent; the grammar is CEL's without what
 * rules leave out:
 *
 *   or       = and { "||" and }
 *   and      = relation { "&&" relation }
 *   relation = unary { ("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") unary }
 *   unary    = "!" { "!" } primary | "-" { "-" } primary | primary
 *   primary  = literal | name | "size" "(" or ")" | "(" or ")"
 *            | "[" [ or { "," or } [ "," ] ] "]"
 *
 * A function that returns NULL has complained. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/rule_node.h"

enum { NAMES_MAX = 256 };

static struct rule_node *parse_or(struct rule_reader *reader);

void rule_complain(struct rule_reader *reader, size_t at, const char *format,
                   ...)
{
    char message[512];
    int column = reader->place->column;
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (reader->place->text_column > 0) {
        column = reader->place->text_column;
        for (size_t i = 0; i < at; i++)
            column += (reader->text[i] & 0xc0) != 0x80;
    }
    problems_add(reader->problems, reader->file, reader->place->line, column,
                 "%s", message);
}

static struct rule_node *node_new(struct rule_reader *reader, enum rule_op op,
                                  size_t at, enum value_kind kind)
{
    struct rule_node *node = mem_new(sizeof *node);

    node->op = op;
    node->at = at;
    node->kind = kind;
    node->made_before = reader->rule->nodes;
    reader->rule->nodes = node;
    return node;
}

/* False, told, when it would be too deep. */
static bool go_deeper(struct rule_reader *reader)
{
    if (++reader->depth <= RULE_DEPTH_MAX)
        return true;
    rule_complain(reader, reader->token_at,
                  "nested more than %d deep: expected a simpler condition",
                  RULE_DEPTH_MAX);
    return false;
}

static struct rule_node *expect(struct rule_reader *reader,
                                enum rule_token token, const char *what,
                                struct rule_node *node)
{
    if (!node)
        return NULL;
    if (reader->token != token) {
        if (reader->token != TOKEN_WRONG)
            rule_complain(reader, reader->token_at, "%s", what);
        return NULL;
    }
    rule_next_token(reader);
    return node;
}

/* Something in brackets counts as one deeper. */
static struct rule_node *parse_inner(struct rule_reader *reader)
{
    if (!go_deeper(reader))
        return NULL;
    struct rule_node *node = parse_or(reader);
    reader->depth--;
    return node;
}

static struct rule_node *parse_list(struct rule_reader *reader)
{
    struct rule_node *list =
        node_new(reader, RULE_LIST, reader->token_at, VALUE_LIST);
    struct rule_node **last = &list->first;

    rule_next_token(reader);
    while (reader->token != TOKEN_CLOSE_LIST) {
        *last = parse_inner(reader);
        if (!*last)
            return NULL;
        last = &(*last)->next;
        if (reader->token != TOKEN_COMMA)
            break;
        rule_next_token(reader);
    }
    return expect(reader, TOKEN_CLOSE_LIST,
                  "expected \",\" or \"]\": a list is open", list);
}

static struct rule_node *literal(struct rule_reader *reader,
                                 const struct value *value)
{
    struct rule_node *node =
        node_new(reader, RULE_LITERAL, reader->token_at, value->kind);

    node->value = *value;
    rule_next_token(reader);
    return node;
}

static struct rule_node *parse_int(struct rule_reader *reader, size_t at,
                                   bool is_negative)
{
    struct value value = { .kind = VALUE_INT };
    uint64_t limit = (uint64_t)INT64_MAX + is_negative;

    if (reader->integer > limit) {
        rule_complain(reader, at,
                      "the number is too large: expected at most %s",
                      "9223372036854775807");
        return NULL;
    }
    value.integer = is_negative ? -(int64_t)(reader->integer - 1) - 1
                                : (int64_t)reader->integer;
    struct rule_node *node = literal(reader, &value);
    node->at = at;
    return node;
}

static bool is_word(const struct rule_reader *reader, const char *word)
{
    size_t len = reader->token_end - reader->token_at;

    return strlen(word) == len &&
           strncmp(reader->text + reader->token_at, word, len) == 0;
}

static bool is_reserved(const struct rule_reader *reader)
{
    static const char *const reserved[] = {
        "as",        "break",  "const",  "continue", "else", "for",
        "function",  "if",     "import", "let",      "loop", "package",
        "namespace", "return", "var",    "void",     "while"
    };

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (is_word(reader, reserved[i]))
            return true;
    return false;
}

static const char *meant(const struct rule_reader *reader, const char *name)
{
    const char *known[NAMES_MAX];
    size_t count = 0;

    for (; count < reader->name_count && count < NAMES_MAX; count++)
        known[count] = reader->names[count].name;
    return yaml_nearest(name, known, count);
}

/* Goes on after an unknown name, so that all of them are told at once. */
static enum value_kind kind_of_name(struct rule_reader *reader,
                                    const char *name)
{
    for (size_t i = 0; i < reader->name_count; i++)
        if (strcmp(reader->names[i].name, name) == 0)
            return reader->names[i].kind == VALUE_NULL ? VALUE_ERROR
                                                       : reader->names[i].kind;
    const char *near = meant(reader, name);
    if (is_reserved(reader))
        rule_complain(reader, reader->token_at,
                      "\"%.40s\" is a reserved word: expected another name",
                      name);
    else if (strcmp(name, "and") == 0 || strcmp(name, "or") == 0 ||
             strcmp(name, "not") == 0)
        rule_complain(reader, reader->token_at,
                      "expected && for \"and\", || for \"or\", ! for \"not\"");
    else if (near)
        rule_complain(reader, reader->token_at,
                      "unknown name \"%.40s\": expected \"%s\"?", name, near);
    else
        rule_complain(reader, reader->token_at,
                      "unknown name \"%.40s\": expected a name that the item "
                      "answers before, or a text in quotes",
                      name);
    return VALUE_ERROR;
}

static struct rule_node *parse_size(struct rule_reader *reader, size_t at)
{
    struct rule_node *node = node_new(reader, RULE_SIZE, at, VALUE_INT);

    rule_next_token(reader);
    node->first = parse_inner(reader);
    if (!node->first)
        return NULL;
    return expect(reader, TOKEN_CLOSE,
                  "expected \")\" after the one argument of size", node);
}

static struct rule_node *parse_name(struct rule_reader *reader)
{
    struct value value = { .kind = VALUE_BOOL };
    size_t at = reader->token_at, len = reader->token_end - at;
    char *name = reader->strings_end;

    value.boolean = is_word(reader, "true");
    if (value.boolean || is_word(reader, "false"))
        return literal(reader, &value);
    value.kind = VALUE_NULL;
    if (is_word(reader, "null"))
        return literal(reader, &value);

    memcpy(name, reader->text + at, len);
    name[len] = '\0';
    reader->strings_end += len + 1;
    size_t after = reader->token_end;
    after += strspn(reader->text + after, " \t\n\f\r");
    if (reader->text[after] == '(') {
        if (!is_word(reader, "size")) {
            rule_complain(reader, at,
                          "unknown function \"%.40s\": expected size(…), the "
                          "only one",
                          name);
            return NULL;
        }
        rule_next_token(reader);
        return parse_size(reader, at);
    }
    struct rule_node *node =
        node_new(reader, RULE_NAME, at, kind_of_name(reader, name));
    node->name = name;
    rule_next_token(reader);
    return node;
}

static struct rule_node *parse_primary(struct rule_reader *reader)
{
    struct rule_node *node;

    switch (reader->token) {
    case TOKEN_INT:
        return parse_int(reader, reader->token_at, false);
    case TOKEN_DOUBLE:
    case TOKEN_TEXT:
        return literal(reader, &reader->value);
    case TOKEN_NAME:
        return parse_name(reader);
    case TOKEN_OPEN_LIST:
        return parse_list(reader);
    case TOKEN_OPEN:
        rule_next_token(reader);
        node = parse_inner(reader);
        return expect(reader, TOKEN_CLOSE, "expected \")\": a bracket is open",
                      node);
    default:
        if (reader->token != TOKEN_WRONG)
            rule_complain(reader, reader->token_at,
                          "expected a name, a number, a text in quotes or a "
                          "list here");
        return NULL;
    }
}

/* A minus right before an int belongs to it, so that the least int can be
 * written. */
static struct rule_node *parse_unary(struct rule_reader *reader)
{
    enum rule_token sign = reader->token;
    size_t at = reader->token_at;

    if (sign != TOKEN_NOT && sign != TOKEN_MINUS)
        return parse_primary(reader);
    if (!go_deeper(reader))
        return NULL;
    rule_next_token(reader);
    struct rule_node *operand;
    if (sign == TOKEN_MINUS && reader->token == TOKEN_INT) {
        operand = parse_int(reader, at, true);
        reader->depth--;
        return operand;
    }
    operand =
        reader->token == sign ? parse_unary(reader) : parse_primary(reader);
    reader->depth--;
    if (!operand)
        return NULL;
    struct rule_node *node = node_new(
        reader, sign == TOKEN_NOT ? RULE_NOT : RULE_MINUS, at, VALUE_BOOL);
    /* What is wrong below is told once, not again by who uses it. */
    if (sign == TOKEN_MINUS)
        node->kind = operand->kind == VALUE_INT || operand->kind == VALUE_DOUBLE
                         ? operand->kind
                         : VALUE_ERROR;
    node->first = operand;
    return node;
}

static bool is_relation(enum rule_token token, enum rule_op *ret_op)
{
    static const struct {
        enum rule_token token;
        enum rule_op op;
    } relations[] = {
        { TOKEN_EQUAL, RULE_EQUAL },
        { TOKEN_NOT_EQUAL, RULE_NOT_EQUAL },
        { TOKEN_LESS, RULE_LESS },
        { TOKEN_LESS_OR_EQUAL, RULE_LESS_OR_EQUAL },
        { TOKEN_GREATER, RULE_GREATER },
        { TOKEN_GREATER_OR_EQUAL, RULE_GREATER_OR_EQUAL },
        { TOKEN_IN, RULE_IN },
    };

    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (relations[i].token == token) {
            *ret_op = relations[i].op;
            return true;
        }
    }
    return false;
}

/* `a < b == c` is `(a < b) == c`; each link makes the tree one deeper. */
static struct rule_node *parse_relation(struct rule_reader *reader)
{
    struct rule_node *left = parse_unary(reader);
    int depth = reader->depth;
    enum rule_op op;

    while (left && is_relation(reader->token, &op)) {
        struct rule_node *node = node_new(reader, op, left->at, VALUE_BOOL);

        if (!go_deeper(reader))
            return NULL;
        rule_next_token(reader);
        node->first = left;
        left->next = parse_unary(reader);
        left = left->next ? node : NULL;
    }
    reader->depth = depth;
    return left;
}

/* One node for the whole chain. */
static struct rule_node *
parse_chain(struct rule_reader *reader, enum rule_token sign, enum rule_op op,
            struct rule_node *(*parse_operand)(struct rule_reader *reader))
{
    struct rule_node *first = parse_operand(reader);
    struct rule_node *last = first;

    if (!first || reader->token != sign)
        return first;
    struct rule_node *node = node_new(reader, op, first->at, VALUE_BOOL);
    node->first = first;
    while (reader->token == sign) {
        rule_next_token(reader);
        last->next = parse_operand(reader);
        last = last->next;
        if (!last)
            return NULL;
    }
    return node;
}

static struct rule_node *parse_and(struct rule_reader *reader)
{
    return parse_chain(reader, TOKEN_AND, RULE_AND, parse_relation);
}

static struct rule_node *parse_or(struct rule_reader *reader)
{
    return parse_chain(reader, TOKEN_OR, RULE_OR, parse_and);
}

static enum err parse(struct rule_reader *reader, bool any_kind)
{
    size_t problems_before = reader->problems->count;

    rule_next_token(reader);
    reader->rule->root = parse_or(reader);
    if (reader->rule->root && reader->token != TOKEN_END &&
        reader->token != TOKEN_WRONG)
        rule_complain(reader, reader->token_at, "%s",
                      reader->token == TOKEN_MINUS
                          ? "arithmetic is not part of rules: expected a "
                            "condition"
                          : "expected &&, ||, a comparison or the end here");
    if (reader->problems->count == problems_before && !any_kind)
        rule_check(reader, reader->rule->root);
    return reader->problems->count == problems_before ? ERR_OK : ERR_BAD_INPUT;
}

static enum err read_rule(struct rule_reader *reader, bool any_kind,
                          struct rule **ret_rule)
{
    const struct yaml *place = reader->place;

    reader->text = place->kind == YAML_TEXT ? place->text : "";
    size_t len = strlen(reader->text);
    if (place->kind != YAML_TEXT || len > RULE_BYTES_MAX) {
        rule_complain(reader, 0,
                      "expected a condition of at most %d characters in one "
                      "text",
                      RULE_BYTES_MAX);
        return ERR_BAD_INPUT;
    }
    reader->rule = mem_new(sizeof *reader->rule);
    /* A name takes one byte more than in the text, and is at least one; a text
     * takes less. */
    reader->strings_end = reader->rule->strings = mem_new(len * 2 + 1);
    enum err err = parse(reader, any_kind);
    if (err) {
        rule_free(reader->rule);
        return err;
    }
    *ret_rule = reader->rule;
    return ERR_OK;
}

enum err rule_parse(const char *file, const struct yaml *at,
                    const struct rule_name *names, size_t name_count,
                    struct problems *problems, struct rule **ret_rule)
{
    struct rule_reader reader = { .file = file,
                                  .place = at,
                                  .names = names,
                                  .name_count = name_count,
                                  .problems = problems };

    return read_rule(&reader, false, ret_rule);
}

enum err rule_parse_any(const char *file, const struct yaml *at,
                        const struct rule_name *names, size_t name_count,
                        struct problems *problems, struct rule **ret_rule)
{
    struct rule_reader reader = { .file = file,
                                  .place = at,
                                  .names = names,
                                  .name_count = name_count,
                                  .problems = problems };

    return read_rule(&reader, true, ret_rule);
}
