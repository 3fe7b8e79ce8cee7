/* Mistakes that can be seen before any answer is known: values of kinds that
 * never go together, and a rule that gives no true or false. */
#include "kiosk/flow/rule_node.h"

static const char *kind_words(enum value_kind kind)
{
    switch (kind) {
    case VALUE_NULL:
        return "null";
    case VALUE_BOOL:
        return "a condition";
    case VALUE_INT:
    case VALUE_DOUBLE:
        return "a number";
    case VALUE_TEXT:
        return "a text";
    case VALUE_LIST:
        return "a list";
    case VALUE_ERROR:
        return "an error";
    }
    return "";
}

static bool is_known(const struct rule_node *node)
{
    return node->kind != VALUE_ERROR;
}

static bool is_number(const struct rule_node *node)
{
    return node->kind == VALUE_INT || node->kind == VALUE_DOUBLE;
}

/* Null goes with everything: it is what a name without an answer is. */
static bool go_together(const struct rule_node *a, const struct rule_node *b)
{
    return !is_known(a) || !is_known(b) || a->kind == b->kind ||
           a->kind == VALUE_NULL || b->kind == VALUE_NULL ||
           (is_number(a) && is_number(b));
}

static void check_condition(struct rule_reader *reader,
                            const struct rule_node *node, const char *where)
{
    if (is_known(node) && node->kind != VALUE_BOOL)
        rule_complain(reader, node->at,
                      "expected a condition (true or false)%s, not %s", where,
                      kind_words(node->kind));
}

static void check_pair(struct rule_reader *reader, const struct rule_node *left,
                       const struct rule_node *right)
{
    /* The mistake is more likely in the literal than in the name. */
    const struct rule_node *at = right->op == RULE_NAME ? left : right;
    const struct rule_node *other = at == left ? right : left;

    if (go_together(left, right))
        return;
    rule_complain(
        reader, at->at, "expected %s to compare with %s, not %s%s",
        kind_words(other->kind), kind_words(other->kind), kind_words(at->kind),
        other->kind == VALUE_TEXT && is_number(at) ? ": write it in quotes"
                                                   : "");
}

static void check_order(struct rule_reader *reader,
                        const struct rule_node *operand)
{
    if (operand->kind == VALUE_LIST || operand->kind == VALUE_NULL)
        rule_complain(reader, operand->at,
                      "expected numbers or texts beside < and >, not %s",
                      kind_words(operand->kind));
}

static void check_in(struct rule_reader *reader, const struct rule_node *node)
{
    const struct rule_node *wanted = node->first, *list = wanted->next;

    if (is_known(list) && list->kind != VALUE_LIST)
        rule_complain(reader, list->at,
                      "expected a list such as ['a', 'b'] after in, not %s",
                      kind_words(list->kind));
    if (list->op != RULE_LIST)
        return;
    for (const struct rule_node *at = list->first; at; at = at->next)
        check_pair(reader, wanted, at);
}

static void check_node(struct rule_reader *reader, const struct rule_node *node)
{
    const struct rule_node *first = node->first;

    switch (node->op) {
    case RULE_LITERAL:
    case RULE_NAME:
    case RULE_LIST:
        break;
    case RULE_OR:
    case RULE_AND:
        for (; first; first = first->next)
            check_condition(reader, first,
                            node->op == RULE_OR ? " on both sides of ||"
                                                : " on both sides of &&");
        break;
    case RULE_NOT:
        check_condition(reader, first, " after !");
        break;
    case RULE_MINUS:
        if (is_known(first) && !is_number(first))
            rule_complain(reader, first->at,
                          "expected a number after -, not %s",
                          kind_words(first->kind));
        break;
    case RULE_LESS:
    case RULE_LESS_OR_EQUAL:
    case RULE_GREATER:
    case RULE_GREATER_OR_EQUAL:
        check_order(reader, first);
        check_order(reader, first->next);
        check_pair(reader, first, first->next);
        break;
    case RULE_EQUAL:
    case RULE_NOT_EQUAL:
        check_pair(reader, first, first->next);
        break;
    case RULE_IN:
        check_in(reader, node);
        break;
    case RULE_SIZE:
        if (is_known(first) && first->kind != VALUE_TEXT &&
            first->kind != VALUE_LIST)
            rule_complain(reader, first->at,
                          "expected a text or a list in size( ), not %s",
                          kind_words(first->kind));
        break;
    }
}

/* The parser keeps the tree from being deep. */
static void check_tree(struct rule_reader *reader, const struct rule_node *node)
{
    check_node(reader, node);
    for (const struct rule_node *at = node->first; at; at = at->next)
        check_tree(reader, at);
}

void rule_check(struct rule_reader *reader, const struct rule_node *root)
{
    check_condition(reader, root, "");
    check_tree(reader, root);
}
