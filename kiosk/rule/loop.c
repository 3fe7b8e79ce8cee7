/* Macros: all, exists, map and the like go through a list or a map. */
#include "kiosk/rule/node.h"

/* What has come of a loop so far. */
struct loop {
    const struct rule_node *node;
    struct rule_value error;  /* of all and exists: the first, if any */
    struct rule_value *items; /* what is built */
    size_t count, matches;
};

/* One variable is an element, or a map's key; two are its place and the element,
 * or the key and its value. */
static void set_variables(struct rule_run *run, const struct rule_node *node,
                          const struct rule_value *range, size_t i)
{
    struct rule_value *variables = &run->locals[node->loop.slot];
    bool is_map = range->kind == RULE_MAP;
    const struct rule_value *items = range->list.items;

    if (!node->loop.has_two) {
        variables[0] = items[is_map ? 2 * i : i];
        return;
    }
    variables[0] = is_map ? items[2 * i] : rule_int((int64_t)i);
    variables[1] = items[is_map ? 2 * i + 1 : i];
}

/* all and exists: one that settles it does so, whatever is wrong with others. */
static bool settle_one(struct rule_run *run, struct loop *loop,
                       struct rule_value *ret_value)
{
    const struct rule_node *test = loop->node->first->next;
    bool settles = loop->node->loop.kind == LOOP_EXISTS;
    struct rule_value value = run_node(run, test);

    if (value.kind == RULE_BOOL) {
        *ret_value = value;
        return value.boolean == settles;
    }
    if (loop->error.kind != RULE_ERROR)
        loop->error =
            value.kind == RULE_ERROR
                ? value
                : run_fail(test, "expected a condition (true or false)");
    return false;
}

/* The others: true ends the loop, with an error in ret_value. */
static bool build_one(struct rule_run *run, struct loop *loop,
                      struct rule_value *ret_value)
{
    const struct rule_node *node = loop->node, *body = node->first->next;
    enum loop_kind kind = node->loop.kind;
    const struct rule_value *variables = &run->locals[node->loop.slot];

    if (node->loop.has_filter || kind == LOOP_FILTER ||
        kind == LOOP_EXISTS_ONE) {
        *ret_value = run_node(run, body);
        if (ret_value->kind == RULE_ERROR)
            return true;
        if (ret_value->kind != RULE_BOOL) {
            *ret_value = run_fail(body, "expected a condition (true or false)");
            return true;
        }
        if (!ret_value->boolean)
            return false;
        body = body->next;
    }
    loop->matches++;
    if (kind == LOOP_EXISTS_ONE)
        return false;
    if (kind == LOOP_TRANSFORM_MAP)
        loop->items[loop->count++] = variables[0];
    struct rule_value value =
        kind == LOOP_FILTER ? variables[0] : run_node(run, body);
    loop->items[loop->count++] = value;
    *ret_value = value;
    return value.kind == RULE_ERROR;
}

static struct rule_value finish_loop(const struct loop *loop)
{
    switch (loop->node->loop.kind) {
    case LOOP_ALL:
    case LOOP_EXISTS:
        return loop->error.kind == RULE_ERROR
                   ? loop->error
                   : rule_bool(loop->node->loop.kind == LOOP_ALL);
    case LOOP_EXISTS_ONE:
        return rule_bool(loop->matches == 1);
    case LOOP_MAP:
    case LOOP_FILTER:
        return run_built(loop->node, rule_list(loop->items, loop->count));
    case LOOP_TRANSFORM_MAP:
        return run_built(loop->node, rule_map(loop->items, loop->count / 2));
    }
    return rule_null();
}

struct rule_value run_loop(struct rule_run *run, const struct rule_node *node)
{
    enum loop_kind kind = node->loop.kind;
    bool settles = kind == LOOP_ALL || kind == LOOP_EXISTS;
    bool builds = !settles && kind != LOOP_EXISTS_ONE;
    struct loop loop = { .node = node };
    struct rule_value range = run_node(run, node->first), value;

    if (range.kind == RULE_ERROR)
        return range;
    if (!value_is_nested(&range))
        return run_fail(node, "expected a list or a map before the macro");
    if (builds) {
        loop.items = run_take(run, range.list.count * sizeof *loop.items *
                                       (kind == LOOP_TRANSFORM_MAP ? 2 : 1));
        if (!loop.items)
            return run_broke(node);
    }
    for (size_t i = 0; i < range.list.count; i++) {
        if (!run_spend(run, 1))
            return run_broke(node);
        set_variables(run, node, &range, i);
        if (settles ? settle_one(run, &loop, &value)
                    : build_one(run, &loop, &value))
            return value;
    }
    return finish_loop(&loop);
}
