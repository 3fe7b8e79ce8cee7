/* A rule from text to free: what is read once, kept, told. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/rule/parse.h"

struct rule_block {
    struct rule_block *next;
    _Alignas(max_align_t) char bytes[];
};

void *program_keep(struct rule_program *program, size_t size_bytes)
{
    struct rule_block *block = mem_new(sizeof *block + size_bytes);

    block->next = program->blocks;
    program->blocks = block;
    return block->bytes;
}

/* ---- Places ------------------------------------------------------------- */

static void place_of(const struct rule_source *source, size_t at, int *ret_line,
                     int *ret_column)
{
    int line = source->line, column = source->column;

    for (size_t i = 0; source->has_columns && i < at && i < source->len; i++) {
        if (source->text[i] == '\n') {
            line++;
            column = 1;
        } else if ((source->text[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    *ret_line = line;
    *ret_column = column;
}

static void complain_at(const struct rule_source *source,
                        struct problems *problems, size_t at, const char *what)
{
    int line, column;

    place_of(source, at, &line, &column);
    problems_add(problems, source->file, line, column, "%s", what);
}

void program_complain(const struct rule_program *program,
                      struct problems *problems, size_t at, const char *format,
                      ...)
{
    char message[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    complain_at(&program->source, problems, at, message);
}

void program_warn(const struct rule_program *program, struct problems *problems,
                  size_t at, const char *what)
{
    int line, column;

    place_of(&program->source, at, &line, &column);
    problems_warn(problems, program->source.file, line, column, "%s", what);
}

void rule_program_tell(const struct rule_program *program,
                       const struct rule_value *error,
                       struct problems *problems)
{
    complain_at(&program->source, problems, error->error.at, error->error.what);
}

/* ---- Literals that stay as they are ------------------------------------- */

static bool is_all_literal(const struct rule_node *node)
{
    for (const struct rule_node *at = node->first; at; at = at->next)
        if (at->op != NODE_LITERAL)
            return false;
    return true;
}

/* A list or map of literals is made once.  One with wrong keys is left to be an
 * error when it is evaluated. */
static void settle_literal(struct rule_program *program, struct rule_node *node)
{
    struct rule_run run = { .steps_left = RULE_KEYS_STEPS_MAX };

    if ((node->op != NODE_LIST && node->op != NODE_MAP) ||
        !is_all_literal(node))
        return;
    size_t count = 0;
    struct rule_value *items =
        program_keep(program, sizeof *items * ((size_t)node->count + 1));
    for (const struct rule_node *at = node->first; at; at = at->next)
        items[count++] = at->value;
    bool is_map = node->op == NODE_MAP;
    if (is_map &&
        (!value_keys_differ(&run, items, count / 2) || run.steps_left < 0))
        return;
    struct rule_value value =
        is_map ? rule_map(items, count / 2) : rule_list(items, count);
    if (value.kind == RULE_ERROR)
        return;
    node->op = NODE_LITERAL;
    node->value = value;
}

/* Operands are made before what they are operands of, but the list of nodes is
 * the other way round; so by the tree, which is not high. */
static void settle(struct rule_program *program, struct rule_node *node)
{
    for (struct rule_node *at = node->first; at; at = at->next)
        settle(program, at);
    settle_literal(program, node);
}

/* ---- Reading and freeing ------------------------------------------------ */

static enum err read_program(struct rule_program *program,
                             struct problems *problems)
{
    struct reader reader = { .program = program,
                             .problems = problems,
                             .text = program->source.text,
                             .strings_end = program->strings };
    size_t problems_before = problems->raised;

    token_next(&reader);
    program->root = parse_expression(&reader);
    if (program->root && reader.token.kind != TOKEN_WRONG &&
        reader.token.kind != TOKEN_END)
        reader_complain(&reader, reader.token.at,
                        "expected an operator such as && or ==, or the end "
                        "of the rule");
    if (problems->raised != problems_before)
        return ERR_BAD_INPUT;
    settle(program, program->root);
    return ERR_OK;
}

enum err rule_program_parse(const struct rule_source *source,
                            const struct rule_names *names,
                            struct problems *problems,
                            struct rule_program **ret_program)
{
    if (source->len > RULE_BYTES_MAX) {
        complain_at(source, problems, 0,
                    "the rule is too long: expected at most 8192 bytes");
        return ERR_BAD_INPUT;
    }
    if (!text_is_valid(source->text, source->len)) {
        complain_at(source, problems, 0,
                    "the rule holds what is no text: expected UTF-8");
        return ERR_BAD_INPUT;
    }
    struct rule_program *program = mem_new(sizeof *program);
    program->source = *source;
    program->source.text = mem_copy_bytes(source->text, source->len);
    /* A name takes one byte more than it has letters, and so does no more than
     * the sign or space behind it. */
    program->strings = mem_new(2 * source->len + 8);
    if (names) {
        program->names_copy = *names;
        program->names = &program->names_copy;
    }
    enum err err = read_program(program, problems);
    if (err)
        rule_program_free(program);
    else
        *ret_program = program;
    return err;
}

void rule_program_free(struct rule_program *program)
{
    if (!program)
        return;
    while (program->nodes) {
        struct rule_node *before = program->nodes->made_before;

        if (program->nodes->op == NODE_CALL) {
            regex_free(program->nodes->call.regex);
            zone_free(program->nodes->call.zone);
        }
        mem_free(program->nodes);
        program->nodes = before;
    }
    while (program->blocks) {
        struct rule_block *next = program->blocks->next;

        mem_free(program->blocks);
        program->blocks = next;
    }
    mem_free(program->strings);
    mem_free((char *)program->source.text);
    mem_free(program);
}

/* ---- What a rule looks at ----------------------------------------------- */

/* ranges: by slot, the declared name through whose elements a macro goes, as in
 * papers.exists(p, p == 'x'); NULL: it goes through something else. */
struct watch {
    const struct rule_program *program;
    const struct rule_node *ranges[RULE_LOCALS_MAX];
    void (*on_use)(void *owner, const struct rule_use *use);
    void (*on_bound)(void *owner, const struct rule_bound *bound);
    void *owner;
};

static bool is_relation(enum node_op op)
{
    return op >= NODE_EQUAL && op <= NODE_GREATER_OR_EQUAL;
}

static bool is_declared(const struct rule_node *node)
{
    return node->op == NODE_NAME && node->name.index >= 0;
}

static const char *declared_name(const struct watch *watch,
                                 const struct rule_node *node)
{
    return watch->program->names->list[node->name.index].name;
}

/* Whether this node asks of its operands only if they are there. */
static bool only_asks(const struct rule_node *node)
{
    const struct rule_node *first = node->first;

    if (node->op != NODE_EQUAL && node->op != NODE_NOT_EQUAL)
        return node->op == NODE_ANSWERED;
    return (first->op == NODE_LITERAL && first->value.kind == RULE_NULL) ||
           (first->next->op == NODE_LITERAL &&
            first->next->value.kind == RULE_NULL);
}

/* The tree is in the order of the text. */
static void watch_uses(const struct watch *watch, const struct rule_node *node,
                       bool is_asked)
{
    if (is_declared(node)) {
        const struct rule_use use = { (size_t)node->name.index,
                                      declared_name(watch, node), node->at,
                                      is_asked };

        watch->on_use(watch->owner, &use);
    }
    for (const struct rule_node *at = node->first; at; at = at->next)
        watch_uses(watch, at, only_asks(node));
}

void rule_program_each_use(const struct rule_program *program,
                           void (*on_use)(void *owner,
                                          const struct rule_use *use),
                           void *owner)
{
    const struct watch watch = { .program = program,
                                 .on_use = on_use,
                                 .owner = owner };

    watch_uses(&watch, program->root, false);
}

/* The declared name that a node stands for, or for an element of; or NULL. */
static const struct rule_node *named_by(const struct watch *watch,
                                        const struct rule_node *node)
{
    if (node->op == NODE_LOCAL)
        return watch->ranges[node->name.index];
    return is_declared(node) ? node : NULL;
}

static void tell_bound(const struct watch *watch, const struct rule_node *name,
                       const struct rule_node *literal)
{
    const struct rule_bound bound = { (size_t)name->name.index,
                                      declared_name(watch, name), name->at,
                                      literal->at, &literal->value };

    if (literal->op == NODE_LITERAL)
        watch->on_bound(watch->owner, &bound);
}

static void watch_relation(const struct watch *watch,
                           const struct rule_node *left,
                           const struct rule_node *right)
{
    const struct rule_node *name = named_by(watch, left);

    if (name) {
        tell_bound(watch, name, right);
        return;
    }
    name = named_by(watch, right);
    if (name)
        tell_bound(watch, name, left);
}

/* A list of literals has become one; its elements are still below it. */
static void watch_in(const struct watch *watch, const struct rule_node *left,
                     const struct rule_node *right)
{
    const struct rule_node *name = named_by(watch, left);

    if (name && right->op == NODE_LITERAL && right->value.kind == RULE_LIST)
        for (const struct rule_node *at = right->first; at; at = at->next)
            tell_bound(watch, name, at);
    else if (is_declared(right))
        tell_bound(watch, right, left);
}

static void watch_bounds(struct watch *watch, const struct rule_node *node)
{
    const struct rule_node *left = node->first;
    const struct rule_node *right = left ? left->next : NULL;

    if (is_relation(node->op))
        watch_relation(watch, left, right);
    else if (node->op == NODE_IN)
        watch_in(watch, left, right);
    else if (node->op == NODE_LOOP) {
        /* With two variables the first is the place in the list. */
        watch->ranges[node->loop.slot] =
            !node->loop.has_two && is_declared(left) ? left : NULL;
        if (node->loop.has_two)
            watch->ranges[node->loop.slot + 1] =
                is_declared(left) ? left : NULL;
    }
    for (const struct rule_node *at = left; at; at = at->next)
        watch_bounds(watch, at);
}

void rule_program_each_bound(const struct rule_program *program,
                             void (*on_bound)(void *owner,
                                              const struct rule_bound *bound),
                             void *owner)
{
    struct watch watch = { .program = program,
                           .on_bound = on_bound,
                           .owner = owner };

    watch_bounds(&watch, program->root);
}

void rule_program_each_literal(
    const struct rule_program *program,
    void (*on_literal)(void *owner, const struct rule_value *literal),
    void *owner)
{
    for (const struct rule_node *node = program->nodes; node;
         node = node->made_before)
        if (node->op == NODE_LITERAL)
            on_literal(owner, &node->value);
}

bool rule_program_calls(const struct rule_program *program, const char *name)
{
    for (const struct rule_node *node = program->nodes; node;
         node = node->made_before)
        if (node->op == NODE_CALL && strcmp(node->call.name, name) == 0)
            return true;
    return false;
}
