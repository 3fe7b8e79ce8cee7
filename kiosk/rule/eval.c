/* What a rule gives.  An error is a value like others until it comes out at the
 * top: && and || may settle a rule without it. */
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/rule/node.h"

static struct rule_value eval(struct rule_run *run,
                              const struct rule_node *node);

struct rule_value run_fail(const struct rule_node *node, const char *what)
{
    return (struct rule_value){ .kind = RULE_ERROR,
                                .error = { what, node->at } };
}

bool run_spend(struct rule_run *run, size_t steps)
{
    run->steps_left -= steps < RULE_STEPS_MAX ? (int64_t)steps : RULE_STEPS_MAX;
    return run->steps_left >= 0;
}

void *run_take(struct rule_run *run, size_t size_bytes)
{
    if (!run_spend(run, size_bytes / 64))
        return NULL;
    return rule_room_take(run->room, size_bytes);
}

struct rule_value run_broke(const struct rule_node *node)
{
    return run_fail(node, "the rule takes more than 100000 steps");
}

static bool is_nested(const struct rule_value *value)
{
    return value->kind == RULE_LIST || value->kind == RULE_MAP;
}

/* rule_list and rule_map do not know where they are. */
static struct rule_value built(const struct rule_node *node,
                               struct rule_value value)
{
    if (value.kind == RULE_ERROR)
        value.error.at = node->at;
    return value;
}

/* ---- Names and fields --------------------------------------------------- */

static bool look_up(const struct rule_run *run, int index, const char *name,
                    struct rule_value *ret_value)
{
    return run->host->value &&
           run->host->value(run->host->owner, index, name, ret_value);
}

static struct rule_value eval_name(struct rule_run *run,
                                   const struct rule_node *node)
{
    struct rule_value value;

    if (!look_up(run, node->name.index, node->name.name, &value))
        return run_fail(node, "there is no such name");
    if (value.kind == RULE_ERROR)
        value.error.at = node->at;
    if (is_nested(&value) && value.depth > RULE_VALUE_DEPTH_MAX)
        return run_fail(node, "lists and maps are nested more than 100 deep");
    return value;
}

/* Names with dots are tried first, the longest before all; only where the names
 * were not declared, for else the parser has found them. */
static struct rule_value eval_select(struct rule_run *run,
                                     const struct rule_node *node)
{
    struct rule_value value, key;

    if (!run->names && node->name.qualified &&
        look_up(run, -1, node->name.qualified, &value))
        return node->op == NODE_HAS ? rule_bool(true) : value;
    value = eval(run, node->first);
    if (value.kind == RULE_ERROR)
        return value;
    if (value.kind != RULE_MAP)
        return run_fail(node, "only a map has fields");
    key = rule_text(node->name.name, strlen(node->name.name));
    const struct rule_value *found = value_find(run, &value, &key);
    if (node->op == NODE_HAS)
        return rule_bool(found);
    return found ? *found : run_fail(node, "the map has no such key");
}

/* Without an answer a name is null; one that is not there has none. */
static struct rule_value eval_answered(struct rule_run *run,
                                       const struct rule_node *node)
{
    const struct rule_node *name = node->first;
    struct rule_value value;

    if (name->op == NODE_NAME &&
        !look_up(run, name->name.index, name->name.name, &value))
        return rule_bool(false);
    value = eval(run, name);
    switch (value.kind) {
    case RULE_ERROR:
        return value;
    case RULE_NULL:
        return rule_bool(false);
    case RULE_TEXT:
        return rule_bool(value.text.len > 0);
    case RULE_LIST:
    case RULE_MAP:
        return rule_bool(value.list.count > 0);
    default:
        return rule_bool(true);
    }
}

static struct rule_value index_list(const struct rule_node *node,
                                    const struct rule_value *list,
                                    const struct rule_value *index)
{
    int64_t at = -1;

    if (index->kind == RULE_INT)
        at = index->integer;
    else if (index->kind == RULE_DOUBLE && index->real >= 0 &&
             index->real < 0x1p53 &&
             (double)(int64_t)index->real == index->real)
        at = (int64_t)index->real;
    else
        return run_fail(node, "expected a whole number in [ ] of a list");
    if (at < 0 || (uint64_t)at >= list->list.count)
        return run_fail(node, "the list has no such place: they count from 0");
    return list->list.items[at];
}

static struct rule_value eval_index(struct rule_run *run,
                                    const struct rule_node *node)
{
    struct rule_value value = eval(run, node->first);

    if (value.kind == RULE_ERROR)
        return value;
    struct rule_value index = eval(run, node->first->next);
    if (index.kind == RULE_ERROR)
        return index;
    if (value.kind == RULE_LIST)
        return index_list(node, &value, &index);
    if (value.kind != RULE_MAP)
        return run_fail(node, "only lists and maps have [ ]");
    const struct rule_value *found = value_find(run, &value, &index);
    return found ? *found : run_fail(node, "the map has no such key");
}

/* ---- Lists and maps ----------------------------------------------------- */

static struct rule_value eval_list(struct rule_run *run,
                                   const struct rule_node *node)
{
    size_t count = 0;
    struct rule_value *items = run_take(run, node->count * sizeof *items);

    if (!items)
        return run_broke(node);
    for (const struct rule_node *at = node->first; at; at = at->next) {
        items[count] = eval(run, at);
        if (items[count++].kind == RULE_ERROR)
            return items[count - 1];
    }
    if (node->op == NODE_LIST)
        return built(node, rule_list(items, count));
    if (!value_keys_differ(run, items, count / 2))
        return run_fail(node, "expected keys that are int, bool or text, each "
                              "once");
    return built(node, rule_map(items, count / 2));
}

static struct rule_value eval_in(struct rule_run *run,
                                 const struct rule_node *node)
{
    struct rule_value wanted = eval(run, node->first);

    if (wanted.kind == RULE_ERROR)
        return wanted;
    struct rule_value in = eval(run, node->first->next);
    if (in.kind == RULE_ERROR)
        return in;
    if (in.kind == RULE_MAP)
        return rule_bool(value_find(run, &in, &wanted));
    if (in.kind != RULE_LIST)
        return run_fail(node, "expected a list or a map after in");
    for (size_t i = 0; i < in.list.count; i++)
        if (value_equal(run, &wanted, &in.list.items[i]))
            return rule_bool(true);
    return rule_bool(false);
}

/* ---- Macros ------------------------------------------------------------- */

/* What has come of a loop so far. */
struct loop {
    const struct rule_node *node;
    struct rule_value error;  /* of all and exists: the first, if any */
    struct rule_value *items; /* what is built */
    size_t count, matches;
};

/* Puts the element into the variables; value is NULL for a list's macro with one
 * variable, which has the element, as a map's has the key. */
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
    struct rule_value value = eval(run, test);

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
        *ret_value = eval(run, body);
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
        kind == LOOP_FILTER ? variables[0] : eval(run, body);
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
        return built(loop->node, rule_list(loop->items, loop->count));
    case LOOP_TRANSFORM_MAP:
        return built(loop->node, rule_map(loop->items, loop->count / 2));
    }
    return rule_null();
}

static struct rule_value eval_loop(struct rule_run *run,
                                   const struct rule_node *node)
{
    enum loop_kind kind = node->loop.kind;
    bool settles = kind == LOOP_ALL || kind == LOOP_EXISTS;
    bool builds = !settles && kind != LOOP_EXISTS_ONE;
    struct loop loop = { .node = node };
    struct rule_value range = eval(run, node->first), value;

    if (range.kind == RULE_ERROR)
        return range;
    if (!is_nested(&range))
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

/* ---- Operators ---------------------------------------------------------- */

/* One operand that settles it does so whatever is wrong with the others, on
 * either side. */
static struct rule_value eval_logic(struct rule_run *run,
                                    const struct rule_node *node)
{
    bool settles = node->op == NODE_OR;
    struct rule_value error = rule_null();

    for (const struct rule_node *at = node->first; at; at = at->next) {
        struct rule_value value = eval(run, at);

        if (value.kind == RULE_BOOL) {
            if (value.boolean == settles)
                return value;
        } else if (error.kind != RULE_ERROR) {
            error = value.kind == RULE_ERROR
                        ? value
                        : run_fail(at, "expected a condition (true or false)");
        }
    }
    return error.kind == RULE_ERROR ? error : rule_bool(!settles);
}

static struct rule_value eval_if(struct rule_run *run,
                                 const struct rule_node *node)
{
    const struct rule_node *yes = node->first->next;
    struct rule_value condition = eval(run, node->first);

    if (condition.kind == RULE_ERROR)
        return condition;
    if (condition.kind != RULE_BOOL)
        return run_fail(node->first, "expected a condition (true or false)");
    return eval(run, condition.boolean ? yes : yes->next);
}

static struct rule_value eval_unary(struct rule_run *run,
                                    const struct rule_node *node)
{
    struct rule_value value = eval(run, node->first);

    if (value.kind == RULE_ERROR)
        return value;
    if (node->op == NODE_MINUS)
        return value_minus(node, &value);
    if (value.kind != RULE_BOOL)
        return run_fail(node, "expected a condition (true or false) after !");
    return rule_bool(!value.boolean);
}

static bool is_wanted(enum node_op op, enum order order)
{
    return (op == NODE_LESS && order == ORDER_LESS) ||
           (op == NODE_GREATER && order == ORDER_GREATER) ||
           (op == NODE_LESS_OR_EQUAL &&
            (order == ORDER_LESS || order == ORDER_EQUAL)) ||
           (op == NODE_GREATER_OR_EQUAL &&
            (order == ORDER_GREATER || order == ORDER_EQUAL));
}

static struct rule_value eval_binary(struct rule_run *run,
                                     const struct rule_node *node)
{
    struct rule_value left = eval(run, node->first);
    enum order order;

    if (left.kind == RULE_ERROR)
        return left;
    struct rule_value right = eval(run, node->first->next);
    if (right.kind == RULE_ERROR)
        return right;
    if (node->op == NODE_EQUAL || node->op == NODE_NOT_EQUAL)
        return rule_bool(value_equal(run, &left, &right) ==
                         (node->op == NODE_EQUAL));
    if (node->op >= NODE_ADD)
        return value_calculate(run, node, &left, &right);
    if (left.kind == RULE_TEXT && !run_spend(run, left.text.len / 64))
        return run_broke(node);
    return value_order(&left, &right, &order)
               ? rule_bool(is_wanted(node->op, order))
               : run_fail(node, "these have no order: expected two numbers, "
                                "two texts, two times or two durations");
}

static struct rule_value eval_call(struct rule_run *run,
                                   const struct rule_node *node)
{
    const struct rule_function *function = node->call.function;
    struct rule_value args[RULE_ARGS_MAX];
    int count = 0;

    if (!function)
        return run_fail(node, "there is no such function, or not with so many "
                              "arguments");
    for (const struct rule_node *at = node->first; at; at = at->next) {
        args[count] = eval(run, at);
        if (args[count++].kind == RULE_ERROR)
            return args[count - 1];
    }
    for (int i = 0; i < count; i++)
        if (!(function->masks[i] & 1U << args[i].kind))
            return run_fail(node, "the function does not take a value of this "
                                  "kind");
    return function->call(run, node, args);
}

static struct rule_value eval(struct rule_run *run,
                              const struct rule_node *node)
{
    if (--run->steps_left < 0)
        return run_broke(node);
    switch (node->op) {
    case NODE_LITERAL:
        return node->value;
    case NODE_NAME:
        return eval_name(run, node);
    case NODE_LOCAL:
        return run->locals[node->name.index];
    case NODE_LIST:
    case NODE_MAP:
        return eval_list(run, node);
    case NODE_SELECT:
    case NODE_HAS:
        return eval_select(run, node);
    case NODE_ANSWERED:
        return eval_answered(run, node);
    case NODE_INDEX:
        return eval_index(run, node);
    case NODE_CALL:
        return eval_call(run, node);
    case NODE_LOOP:
        return eval_loop(run, node);
    case NODE_NOT:
    case NODE_MINUS:
        return eval_unary(run, node);
    case NODE_AND:
    case NODE_OR:
        return eval_logic(run, node);
    case NODE_IF:
        return eval_if(run, node);
    case NODE_IN:
        return eval_in(run, node);
    case NODE_EQUAL:
    case NODE_NOT_EQUAL:
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL:
    case NODE_GREATER:
    case NODE_GREATER_OR_EQUAL:
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MULTIPLY:
    case NODE_DIVIDE:
    case NODE_MODULO:
        return eval_binary(run, node);
    }
    return rule_null();
}

/* ---- A whole rule ------------------------------------------------------- */

struct rule_value rule_program_run(const struct rule_program *program,
                                   const struct rule_host *host,
                                   struct rule_room *room)
{
    struct rule_run run;

    /* The variables are set before they are read. */
    run.host = host;
    run.room = room;
    run.names = program->names;
    run.steps_left = RULE_STEPS_MAX;
    struct rule_value value = eval(&run, program->root);
    /* A comparison that ended early may have settled it wrongly. */
    return run.steps_left < 0 ? run_broke(program->root) : value;
}

bool rule_program_is_true(const struct rule_program *program,
                          const struct rule_host *host)
{
    struct rule_room room;

    if (!program)
        return true;
    rule_room_init(&room);
    struct rule_value value = rule_program_run(program, host, &room);
    bool is_true = value.kind == RULE_BOOL && value.boolean;
    rule_room_done(&room);
    return is_true;
}

int64_t rule_day(int64_t wall_ms)
{
    struct clock_fields now = clock_split(wall_ms);

    return clock_days_of_date(now.year, now.month, now.day);
}
