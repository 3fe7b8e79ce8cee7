/* What a rule gives.  An error is a value like others until it comes out at the
 * top: && and || may settle a rule without it. */
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/rule/node.h"

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

bool value_is_nested(const struct rule_value *value)
{
    return value->kind == RULE_LIST || value->kind == RULE_MAP;
}

struct rule_value run_built(const struct rule_node *node,
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
    if (value_is_nested(&value) && value.depth > RULE_VALUE_DEPTH_MAX)
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
    value = run_node(run, node->first);
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
    value = run_node(run, name);
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
    struct rule_value value = run_node(run, node->first);

    if (value.kind == RULE_ERROR)
        return value;
    struct rule_value index = run_node(run, node->first->next);
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
        items[count] = run_node(run, at);
        if (items[count++].kind == RULE_ERROR)
            return items[count - 1];
    }
    if (node->op == NODE_LIST)
        return run_built(node, rule_list(items, count));
    if (!value_keys_differ(run, items, count / 2))
        return run_fail(node, "expected keys that are int, bool or text, each "
                              "once");
    return run_built(node, rule_map(items, count / 2));
}

static struct rule_value eval_in(struct rule_run *run,
                                 const struct rule_node *node)
{
    struct rule_value wanted = run_node(run, node->first);

    if (wanted.kind == RULE_ERROR)
        return wanted;
    struct rule_value in = run_node(run, node->first->next);
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

/* ---- Operators ---------------------------------------------------------- */

/* One operand that settles it does so whatever is wrong with the others, on
 * either side. */
static struct rule_value eval_logic(struct rule_run *run,
                                    const struct rule_node *node)
{
    bool settles = node->op == NODE_OR;
    struct rule_value error = rule_null();

    for (const struct rule_node *at = node->first; at; at = at->next) {
        struct rule_value value = run_node(run, at);

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
    struct rule_value condition = run_node(run, node->first);

    if (condition.kind == RULE_ERROR)
        return condition;
    if (condition.kind != RULE_BOOL)
        return run_fail(node->first, "expected a condition (true or false)");
    return run_node(run, condition.boolean ? yes : yes->next);
}

static struct rule_value eval_unary(struct rule_run *run,
                                    const struct rule_node *node)
{
    struct rule_value value = run_node(run, node->first);

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
    struct rule_value left = run_node(run, node->first);
    enum order order;

    if (left.kind == RULE_ERROR)
        return left;
    struct rule_value right = run_node(run, node->first->next);
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
        args[count] = run_node(run, at);
        if (args[count++].kind == RULE_ERROR)
            return args[count - 1];
    }
    for (int i = 0; i < count; i++)
        if (!(function->masks[i] & 1U << args[i].kind))
            return run_fail(node, "the function does not take a value of this "
                                  "kind");
    return function->call(run, node, args);
}

struct rule_value run_node(struct rule_run *run, const struct rule_node *node)
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
        return run_loop(run, node);
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

struct rule_value rule_part_run(const struct rule_program *program,
                                const struct rule_node *part,
                                const struct rule_host *host,
                                struct rule_room *room)
{
    struct rule_run run;

    /* The variables are set before they are read. */
    run.host = host;
    run.room = room;
    run.names = program->names;
    run.steps_left = RULE_STEPS_MAX;
    struct rule_value value = run_node(&run, part);
    /* A comparison that ended early may have settled it wrongly. */
    return run.steps_left < 0 ? run_broke(part) : value;
}

struct rule_value rule_program_run(const struct rule_program *program,
                                   const struct rule_host *host,
                                   struct rule_room *room)
{
    return rule_part_run(program, program->root, host, room);
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
