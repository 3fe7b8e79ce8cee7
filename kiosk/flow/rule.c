/* Evaluation of rules.  A list is never built: its value is the literal's node,
 * and whoever compares it evaluates the elements then. */
#include "kiosk/flow/rule.h"

#include <math.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/flow/rule_node.h"

struct eval {
    rule_lookup_fn lookup;
    void *owner;
    int steps_left;
};

enum order { ORDER_LESS, ORDER_EQUAL, ORDER_GREATER, ORDER_NONE };

static struct value eval_node(struct eval *eval, const struct rule_node *node);

static struct value of_bool(bool boolean)
{
    return (struct value){ .kind = VALUE_BOOL, .boolean = boolean };
}

static struct value of_error(void)
{
    return (struct value){ .kind = VALUE_ERROR };
}

static bool is_number(const struct value *value)
{
    return value->kind == VALUE_INT || value->kind == VALUE_DOUBLE;
}

static enum order order_reals(double left, double right)
{
    if (isnan(left) || isnan(right))
        return ORDER_NONE;
    return left < right   ? ORDER_LESS
           : left > right ? ORDER_GREATER
                          : ORDER_EQUAL;
}

/* As if on one endless line of numbers: a double cannot hold every int, so the
 * int is never made one where that could matter. */
static enum order order_int_real(int64_t left, double right)
{
    if (isnan(right))
        return ORDER_NONE;
    if (right >= 0x1p63)
        return ORDER_LESS;
    if (right < -0x1p63)
        return ORDER_GREATER;
    int64_t whole = (int64_t)right;
    if (left != whole)
        return left < whole ? ORDER_LESS : ORDER_GREATER;
    return order_reals((double)whole, right);
}

static enum order turned(enum order order)
{
    return order == ORDER_LESS      ? ORDER_GREATER
           : order == ORDER_GREATER ? ORDER_LESS
                                    : order;
}

static enum order order_numbers(const struct value *left,
                                const struct value *right)
{
    if (left->kind == VALUE_DOUBLE && right->kind == VALUE_DOUBLE)
        return order_reals(left->real, right->real);
    if (left->kind == VALUE_INT && right->kind == VALUE_DOUBLE)
        return order_int_real(left->integer, right->real);
    if (left->kind == VALUE_DOUBLE)
        return turned(order_int_real(right->integer, left->real));
    return left->integer < right->integer   ? ORDER_LESS
           : left->integer > right->integer ? ORDER_GREATER
                                            : ORDER_EQUAL;
}

/* UTF-8 orders by bytes as its code points order. */
static enum order order_texts(const struct value *left,
                              const struct value *right)
{
    size_t shared =
        left->text.len < right->text.len ? left->text.len : right->text.len;
    int order =
        shared ? memcmp(left->text.bytes, right->text.bytes, shared) : 0;

    if (order != 0)
        return order < 0 ? ORDER_LESS : ORDER_GREATER;
    if (left->text.len == right->text.len)
        return ORDER_EQUAL;
    return left->text.len < right->text.len ? ORDER_LESS : ORDER_GREATER;
}

/* False when values of these kinds have no order. */
static bool compare(const struct value *left, const struct value *right,
                    enum order *ret_order)
{
    if (is_number(left) && is_number(right))
        *ret_order = order_numbers(left, right);
    else if (left->kind == VALUE_TEXT && right->kind == VALUE_TEXT)
        *ret_order = order_texts(left, right);
    else if (left->kind == VALUE_BOOL && right->kind == VALUE_BOOL)
        *ret_order = left->boolean == right->boolean ? ORDER_EQUAL
                     : right->boolean                ? ORDER_LESS
                                                     : ORDER_GREATER;
    else
        return false;
    return true;
}

static struct value equal(struct eval *eval, const struct value *left,
                          const struct value *right);

/* Every element is evaluated, also after a difference: an error anywhere in a
 * list is an error of the list. */
static struct value equal_lists(struct eval *eval, const struct rule_node *left,
                                const struct rule_node *right)
{
    const struct rule_node *a = left->first, *b = right->first;
    bool is_same = true, is_wrong = false;

    while (a || b) {
        struct value x = a ? eval_node(eval, a) : of_bool(true);
        struct value y = b ? eval_node(eval, b) : of_bool(true);
        struct value same = equal(eval, &x, &y);

        is_wrong = is_wrong || same.kind == VALUE_ERROR;
        is_same = is_same && a && b && same.boolean;
        a = a ? a->next : NULL;
        b = b ? b->next : NULL;
    }
    return is_wrong ? of_error() : of_bool(is_same);
}

/* Of different kinds is different; int and double are both numbers. */
static struct value equal(struct eval *eval, const struct value *left,
                          const struct value *right)
{
    enum order order;

    if (left->kind == VALUE_ERROR || right->kind == VALUE_ERROR)
        return of_error();
    if (left->kind == VALUE_LIST && right->kind == VALUE_LIST)
        return equal_lists(eval, left->list, right->list);
    if (left->kind == VALUE_NULL && right->kind == VALUE_NULL)
        return of_bool(true);
    return of_bool(compare(left, right, &order) && order == ORDER_EQUAL);
}

static bool is_wanted(enum rule_op op, enum order order)
{
    return (op == RULE_LESS && order == ORDER_LESS) ||
           (op == RULE_GREATER && order == ORDER_GREATER) ||
           (op == RULE_LESS_OR_EQUAL &&
            (order == ORDER_LESS || order == ORDER_EQUAL)) ||
           (op == RULE_GREATER_OR_EQUAL &&
            (order == ORDER_GREATER || order == ORDER_EQUAL));
}

static struct value eval_relation(struct eval *eval,
                                  const struct rule_node *node)
{
    struct value left = eval_node(eval, node->first);
    struct value right = eval_node(eval, node->first->next);
    enum order order;

    if (node->op == RULE_EQUAL || node->op == RULE_NOT_EQUAL) {
        struct value same = equal(eval, &left, &right);

        if (same.kind == VALUE_BOOL && node->op == RULE_NOT_EQUAL)
            same.boolean = !same.boolean;
        return same;
    }
    return compare(&left, &right, &order) ? of_bool(is_wanted(node->op, order))
                                          : of_error();
}

static struct value eval_in(struct eval *eval, const struct rule_node *node)
{
    struct value wanted = eval_node(eval, node->first);
    struct value list = eval_node(eval, node->first->next);
    bool is_found = false, is_wrong = false;

    if (wanted.kind == VALUE_ERROR || list.kind != VALUE_LIST)
        return of_error();
    for (const struct rule_node *at = list.list->first; at; at = at->next) {
        struct value element = eval_node(eval, at);
        struct value same = equal(eval, &wanted, &element);

        is_wrong = is_wrong || same.kind == VALUE_ERROR;
        is_found = is_found || (same.kind == VALUE_BOOL && same.boolean);
    }
    return is_wrong ? of_error() : of_bool(is_found);
}

static size_t code_points(const char *bytes, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += (bytes[i] & 0xc0) != 0x80;
    return count;
}

static struct value eval_size(struct eval *eval, const struct rule_node *node)
{
    struct value of = eval_node(eval, node->first);
    struct value size = { .kind = VALUE_INT };

    if (of.kind == VALUE_TEXT) {
        size.integer = (int64_t)code_points(of.text.bytes, of.text.len);
        return size;
    }
    if (of.kind != VALUE_LIST)
        return of_error();
    for (const struct rule_node *at = of.list->first; at; at = at->next) {
        if (eval_node(eval, at).kind == VALUE_ERROR)
            return of_error();
        size.integer++;
    }
    return size;
}

/* One operand that settles it does so whatever is wrong with the others, on
 * either side. */
static struct value eval_logic(struct eval *eval, const struct rule_node *node)
{
    bool settles = node->op == RULE_OR, is_wrong = false;

    for (const struct rule_node *at = node->first; at; at = at->next) {
        struct value value = eval_node(eval, at);

        if (value.kind != VALUE_BOOL)
            is_wrong = true;
        else if (value.boolean == settles)
            return of_bool(settles);
    }
    return is_wrong ? of_error() : of_bool(!settles);
}

static struct value eval_unary(struct eval *eval, const struct rule_node *node)
{
    struct value value = eval_node(eval, node->first);

    if (node->op == RULE_NOT && value.kind == VALUE_BOOL)
        value.boolean = !value.boolean;
    else if (node->op == RULE_MINUS && value.kind == VALUE_DOUBLE)
        value.real = -value.real;
    else if (node->op == RULE_MINUS && value.kind == VALUE_INT &&
             value.integer != INT64_MIN)
        value.integer = -value.integer;
    else
        return of_error();
    return value;
}

static struct value eval_node(struct eval *eval, const struct rule_node *node)
{
    if (--eval->steps_left < 0)
        return of_error();
    switch (node->op) {
    case RULE_LITERAL:
        return node->value;
    case RULE_NAME:
        return eval->lookup(eval->owner, node->name);
    case RULE_LIST:
        return (struct value){ .kind = VALUE_LIST, .list = node };
    case RULE_OR:
    case RULE_AND:
        return eval_logic(eval, node);
    case RULE_NOT:
    case RULE_MINUS:
        return eval_unary(eval, node);
    case RULE_EQUAL:
    case RULE_NOT_EQUAL:
    case RULE_LESS:
    case RULE_LESS_OR_EQUAL:
    case RULE_GREATER:
    case RULE_GREATER_OR_EQUAL:
        return eval_relation(eval, node);
    case RULE_IN:
        return eval_in(eval, node);
    case RULE_SIZE:
        return eval_size(eval, node);
    }
    return of_error();
}

struct value rule_eval(const struct rule *rule, rule_lookup_fn lookup,
                       void *owner)
{
    struct eval eval = { .lookup = lookup,
                         .owner = owner,
                         .steps_left = RULE_STEPS_MAX };

    return eval_node(&eval, rule->root);
}

bool rule_is_true(const struct rule *rule, rule_lookup_fn lookup, void *owner)
{
    if (!rule)
        return true;
    struct value value = rule_eval(rule, lookup, owner);
    return value.kind == VALUE_BOOL && value.boolean;
}

void rule_free(struct rule *rule)
{
    if (!rule)
        return;
    while (rule->nodes) {
        struct rule_node *before = rule->nodes->made_before;

        mem_free(rule->nodes);
        rule->nodes = before;
    }
    mem_free(rule->strings);
    mem_free(rule);
}
