/* + - * / % and the minus: overflow and division by zero are errors. */
#include <string.h>

#include "kiosk/rule/moment.h"
#include "kiosk/rule/node.h"

static const char too_large[] =
    "the result is too large for a whole number (64 bits)";
static const char out_of_range[] =
    "the result is out of range: expected a time from year 1 to year 9999, a "
    "duration of at most 292 years";

static struct rule_value mismatch(const struct rule_node *node)
{
    switch (node->op) {
    case NODE_ADD:
        return run_fail(node, "these cannot be added: expected two ints, two "
                              "doubles, two texts, two lists, or a time and a "
                              "duration");
    case NODE_SUBTRACT:
        return run_fail(node, "these cannot be subtracted: expected two ints, "
                              "two doubles, times or durations");
    case NODE_MULTIPLY:
        return run_fail(node, "these cannot be multiplied: expected two ints "
                              "or two doubles");
    case NODE_DIVIDE:
        return run_fail(node, "these cannot be divided: expected two ints or "
                              "two doubles");
    default:
        return run_fail(node, "% is between two ints only");
    }
}

static struct rule_value divide_ints(const struct rule_node *node, int64_t left,
                                     int64_t right)
{
    if (right == 0)
        return run_fail(node, "division by zero");
    if (left == INT64_MIN && right == -1)
        return run_fail(node, too_large);
    return rule_int(node->op == NODE_DIVIDE ? left / right : left % right);
}

static struct rule_value calculate_ints(const struct rule_node *node,
                                        int64_t left, int64_t right)
{
    int64_t result;
    bool is_over;

    switch (node->op) {
    case NODE_ADD:
        is_over = __builtin_add_overflow(left, right, &result);
        break;
    case NODE_SUBTRACT:
        is_over = __builtin_sub_overflow(left, right, &result);
        break;
    case NODE_MULTIPLY:
        is_over = __builtin_mul_overflow(left, right, &result);
        break;
    default:
        return divide_ints(node, left, right);
    }
    return is_over ? run_fail(node, too_large) : rule_int(result);
}

/* As IEEE 754 has it: dividing by zero gives infinity, or no number. */
static struct rule_value calculate_reals(const struct rule_node *node,
                                         double left, double right)
{
    switch (node->op) {
    case NODE_ADD:
        return rule_double(left + right);
    case NODE_SUBTRACT:
        return rule_double(left - right);
    case NODE_MULTIPLY:
        return rule_double(left * right);
    case NODE_DIVIDE:
        return rule_double(left / right);
    default:
        return mismatch(node);
    }
}

static struct rule_value add_texts(struct rule_run *run,
                                   const struct rule_node *node,
                                   const struct rule_value *left,
                                   const struct rule_value *right)
{
    size_t len = left->text.len + right->text.len;
    char *bytes = run_take(run, len);

    if (!bytes)
        return run_broke(node);
    if (left->text.len)
        memcpy(bytes, left->text.bytes, left->text.len);
    if (right->text.len)
        memcpy(bytes + left->text.len, right->text.bytes, right->text.len);
    return rule_text(bytes, len);
}

static struct rule_value add_lists(struct rule_run *run,
                                   const struct rule_node *node,
                                   const struct rule_value *left,
                                   const struct rule_value *right)
{
    size_t count = left->list.count + right->list.count;
    struct rule_value *items = run_take(run, count * sizeof *items);

    if (!items)
        return run_broke(node);
    if (left->list.count)
        memcpy(items, left->list.items, left->list.count * sizeof *items);
    if (right->list.count)
        memcpy(items + left->list.count, right->list.items,
               right->list.count * sizeof *items);
    struct rule_value list = rule_list(items, count);
    if (list.kind == RULE_ERROR)
        list.error.at = node->at;
    return list;
}

static struct rule_value calculate_durations(const struct rule_node *node,
                                             int64_t left, int64_t right)
{
    struct rule_value result = { .kind = RULE_DURATION };
    bool is_over =
        node->op == NODE_ADD
            ? __builtin_add_overflow(left, right, &result.duration_ns)
            : __builtin_sub_overflow(left, right, &result.duration_ns);

    if (node->op != NODE_ADD && node->op != NODE_SUBTRACT)
        return mismatch(node);
    return is_over ? run_fail(node, out_of_range) : result;
}

static struct rule_value calculate_times(const struct rule_node *node,
                                         const struct rule_value *left,
                                         const struct rule_value *right)
{
    struct rule_value result;
    bool is_ok;

    if (node->op == NODE_SUBTRACT && left->kind == RULE_TIMESTAMP &&
        right->kind == RULE_TIMESTAMP)
        is_ok = moment_subtract(left, right, &result);
    else if (node->op == NODE_ADD && left->kind == RULE_TIMESTAMP &&
             right->kind == RULE_DURATION)
        is_ok = moment_add(left, right->duration_ns, &result);
    else if (node->op == NODE_ADD && left->kind == RULE_DURATION &&
             right->kind == RULE_TIMESTAMP)
        is_ok = moment_add(right, left->duration_ns, &result);
    else if (node->op == NODE_SUBTRACT && left->kind == RULE_TIMESTAMP &&
             right->kind == RULE_DURATION)
        is_ok = right->duration_ns != INT64_MIN &&
                moment_add(left, -right->duration_ns, &result);
    else
        return mismatch(node);
    return is_ok ? result : run_fail(node, out_of_range);
}

struct rule_value value_calculate(struct rule_run *run,
                                  const struct rule_node *node,
                                  const struct rule_value *left,
                                  const struct rule_value *right)
{
    bool is_add = node->op == NODE_ADD;

    if (left->kind == RULE_INT && right->kind == RULE_INT)
        return calculate_ints(node, left->integer, right->integer);
    if (left->kind == RULE_DOUBLE && right->kind == RULE_DOUBLE)
        return calculate_reals(node, left->real, right->real);
    if (is_add && left->kind == RULE_TEXT && right->kind == RULE_TEXT)
        return add_texts(run, node, left, right);
    if (is_add && left->kind == RULE_LIST && right->kind == RULE_LIST)
        return add_lists(run, node, left, right);
    if (left->kind == RULE_DURATION && right->kind == RULE_DURATION)
        return calculate_durations(node, left->duration_ns, right->duration_ns);
    return calculate_times(node, left, right);
}

struct rule_value value_minus(const struct rule_node *node,
                              const struct rule_value *value)
{
    if (value->kind == RULE_DOUBLE)
        return rule_double(-value->real);
    if (value->kind != RULE_INT)
        return run_fail(node, "expected a number after -");
    if (value->integer == INT64_MIN)
        return run_fail(node, too_large);
    return rule_int(-value->integer);
}
