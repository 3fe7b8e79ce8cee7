/* Parts of a rule: what of it can be told already when only some of its names
 * have their answers. */
#include "kiosk/rule/node.h"

#include <string.h>

const struct rule_node *rule_program_root(const struct rule_program *program)
{
    return program->root;
}

const struct rule_node *rule_part_first(const struct rule_node *part)
{
    return part->first;
}

const struct rule_node *rule_part_next(const struct rule_node *part)
{
    return part->next;
}

const char *rule_part_name(const struct rule_program *program,
                           const struct rule_node *part)
{
    return part->op == NODE_NAME && part->name.index >= 0 && program->names
               ? program->names->list[part->name.index].name
               : NULL;
}

/* bound: the variables of macros that stand around it within the part. */
static bool has_outer(const struct rule_node *node, uint32_t bound)
{
    uint32_t within = bound;

    if (node->op == NODE_LOCAL)
        return !(bound >> node->name.index & 1);
    if (node->op == NODE_LOOP)
        within |= (node->loop.has_two ? 3U : 1U) << node->loop.slot;
    for (const struct rule_node *at = node->first; at; at = at->next)
        /* What a macro goes through stands outside of it. */
        if (has_outer(at, at == node->first ? bound : within))
            return true;
    return false;
}

bool rule_part_is_closed(const struct rule_node *part)
{
    return !has_outer(part, 0);
}

/* ---- Comparing ------------------------------------------------------------ */

static bool is_same_text(const char *one, const char *other)
{
    return strcmp(one ? one : "", other ? other : "") == 0;
}

/* Of a list or map its elements are below it. */
static bool is_same_literal(const struct rule_value *one,
                            const struct rule_value *other)
{
    if (one->kind != other->kind)
        return false;
    switch (one->kind) {
    case RULE_NULL:
    case RULE_LIST:
    case RULE_MAP:
        return true;
    case RULE_BOOL:
        return one->boolean == other->boolean;
    case RULE_INT:
        return one->integer == other->integer;
    case RULE_DOUBLE:
        return memcmp(&one->real, &other->real, sizeof one->real) == 0;
    case RULE_TEXT:
        return one->text.len == other->text.len &&
               memcmp(one->text.bytes, other->text.bytes, one->text.len) == 0;
    case RULE_TIMESTAMP:
    case RULE_DURATION:
    case RULE_ERROR:
    case RULE_ANY:
        break;
    }
    return false;
}

/* Beside what is below it. */
static bool is_same_node(const struct rule_node *one,
                         const struct rule_node *other)
{
    if (one->op != other->op || one->count != other->count ||
        one->height != other->height)
        return false;
    switch (one->op) {
    case NODE_LITERAL:
        return is_same_literal(&one->value, &other->value);
    case NODE_NAME:
    case NODE_SELECT:
    case NODE_HAS:
        return is_same_text(one->name.name, other->name.name);
    case NODE_LOCAL:
        return one->name.index == other->name.index;
    case NODE_CALL:
        return one->call.function == other->call.function &&
               is_same_text(one->call.name, other->call.name);
    case NODE_LOOP:
        return one->loop.kind == other->loop.kind &&
               one->loop.slot == other->loop.slot &&
               one->loop.has_two == other->loop.has_two &&
               one->loop.has_filter == other->loop.has_filter;
    case NODE_LIST:
    case NODE_MAP:
    case NODE_ANSWERED:
    case NODE_INDEX:
    case NODE_NOT:
    case NODE_MINUS:
    case NODE_AND:
    case NODE_OR:
    case NODE_IF:
    case NODE_EQUAL:
    case NODE_NOT_EQUAL:
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL:
    case NODE_GREATER:
    case NODE_GREATER_OR_EQUAL:
    case NODE_IN:
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MULTIPLY:
    case NODE_DIVIDE:
    case NODE_MODULO:
        break;
    }
    return true;
}

bool rule_part_is_same(const struct rule_node *one,
                       const struct rule_node *other)
{
    if (!is_same_node(one, other))
        return false;
    one = one->first;
    other = other->first;
    for (; one && other; one = one->next, other = other->next)
        if (!rule_part_is_same(one, other))
            return false;
    return !one && !other;
}
