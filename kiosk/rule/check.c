/* Mistakes that can be seen before any answer is known: values of kinds that
 * never go together, and a result that is not what is wanted. */
#include <string.h>

#include "kiosk/rule/node.h"

struct checker {
    const struct rule_program *program;
    struct problems *problems;
    struct kinds {
        enum rule_kind kind;
        enum rule_kind element; /* of a list */
    } locals[RULE_LOCALS_MAX];
};

static struct kinds check(struct checker *checker,
                          const struct rule_node *node);

#define PROGRAM_TIME_IN_TEXT                                                   \
    "string( ) of a day reads 2026-11-26T00:00:00Z: expected .substring(0, "   \
    "10) behind it, to compare it with a day"

static const struct kinds anything = { RULE_ANY, RULE_ANY };

static struct kinds of(enum rule_kind kind)
{
    return (struct kinds){ kind, RULE_ANY };
}

static bool is_number(enum rule_kind kind)
{
    return kind == RULE_INT || kind == RULE_DOUBLE;
}

/* Null goes with everything: it is what a name without an answer is. */
static bool go_together(enum rule_kind a, enum rule_kind b)
{
    return a == b || a == RULE_ANY || b == RULE_ANY || a == RULE_NULL ||
           b == RULE_NULL || (is_number(a) && is_number(b));
}

static void expect(struct checker *checker, const struct rule_node *node,
                   enum rule_kind wanted, enum rule_kind kind,
                   const char *where)
{
    if (kind != wanted && kind != RULE_ANY)
        program_complain(checker->program, checker->problems, node->at,
                         "expected %s%s, not %s", rule_kind_words(wanted),
                         where, rule_kind_words(kind));
}

/* ---- Comparing ---------------------------------------------------------- */

/* The mistake is more likely in the literal than in the name. */
static void check_pair(struct checker *checker, const struct rule_node *left,
                       enum rule_kind left_kind, const struct rule_node *right,
                       enum rule_kind right_kind)
{
    bool is_right = right->op != NODE_NAME;
    enum rule_kind kind = is_right ? right_kind : left_kind;
    enum rule_kind other = is_right ? left_kind : right_kind;
    const char *hint = "";

    if (go_together(left_kind, right_kind))
        return;
    if (other == RULE_TEXT && is_number(kind))
        hint = ": write it in quotes";
    else if (other == RULE_TIMESTAMP && kind == RULE_TEXT)
        hint = ": write timestamp('2026-11-26T00:00:00Z')";
    program_complain(
        checker->program, checker->problems, (is_right ? right : left)->at,
        "expected %s to compare with %s, not %s%s", rule_kind_words(other),
        rule_kind_words(other), rule_kind_words(kind), hint);
}

static void check_order(struct checker *checker, const struct rule_node *node,
                        enum rule_kind kind)
{
    if (kind == RULE_LIST || kind == RULE_MAP || kind == RULE_NULL)
        program_complain(checker->program, checker->problems, node->at,
                         "expected numbers, texts or dates beside < and >, not "
                         "%s",
                         rule_kind_words(kind));
}

static struct kinds check_relation(struct checker *checker,
                                   const struct rule_node *node)
{
    const struct rule_node *left = node->first, *right = left->next;
    enum rule_kind a = check(checker, left).kind;
    enum rule_kind b = check(checker, right).kind;

    if (node->op != NODE_EQUAL && node->op != NODE_NOT_EQUAL) {
        check_order(checker, left, a);
        check_order(checker, right, b);
    }
    check_pair(checker, left, a, right, b);
    return of(RULE_BOOL);
}

/* Each literal of a literal list by itself: it tells which. */
static struct kinds check_in(struct checker *checker,
                             const struct rule_node *node)
{
    const struct rule_node *wanted = node->first, *list = wanted->next;
    enum rule_kind kind = check(checker, wanted).kind;
    struct kinds in = check(checker, list);

    if (in.kind != RULE_LIST && in.kind != RULE_MAP && in.kind != RULE_ANY)
        program_complain(checker->program, checker->problems, list->at,
                         "expected a list such as ['a', 'b'] after in, not %s",
                         rule_kind_words(in.kind));
    else if (list->first && in.kind == RULE_LIST)
        for (const struct rule_node *at = list->first; at; at = at->next)
            check_pair(checker, wanted, kind, at,
                       at->op == NODE_LITERAL ? at->value.kind : RULE_ANY);
    else if (in.kind == RULE_LIST && !go_together(kind, in.element))
        program_complain(checker->program, checker->problems, wanted->at,
                         "expected %s to look for in this list, not %s",
                         rule_kind_words(in.element), rule_kind_words(kind));
    return of(RULE_BOOL);
}

/* ---- Arithmetic --------------------------------------------------------- */

static const char *sign_of(enum node_op op)
{
    switch (op) {
    case NODE_ADD:
        return "+";
    case NODE_SUBTRACT:
        return "-";
    case NODE_MULTIPLY:
        return "*";
    case NODE_DIVIDE:
        return "/";
    default:
        return "%";
    }
}

/* RULE_ERROR when these never go together. */
static enum rule_kind result_of(enum node_op op, enum rule_kind a,
                                enum rule_kind b)
{
    bool is_add = op == NODE_ADD, is_subtract = op == NODE_SUBTRACT;

    if (a == RULE_ANY || b == RULE_ANY)
        return RULE_ANY;
    if (a == b && is_number(a))
        return op == NODE_MODULO && a == RULE_DOUBLE ? RULE_ERROR : a;
    if (a == b && is_add && (a == RULE_TEXT || a == RULE_LIST))
        return a;
    if (a == b && a == RULE_DURATION && (is_add || is_subtract))
        return a;
    if (a == RULE_TIMESTAMP && b == RULE_TIMESTAMP && is_subtract)
        return RULE_DURATION;
    if (a == RULE_TIMESTAMP && b == RULE_DURATION && (is_add || is_subtract))
        return a;
    if (a == RULE_DURATION && b == RULE_TIMESTAMP && is_add)
        return b;
    return RULE_ERROR;
}

static struct kinds check_arithmetic(struct checker *checker,
                                     const struct rule_node *node)
{
    struct kinds a = check(checker, node->first);
    struct kinds b = check(checker, node->first->next);
    enum rule_kind kind = result_of(node->op, a.kind, b.kind);

    if (kind == RULE_LIST && a.element == b.element)
        return a;
    if (kind != RULE_ERROR)
        return of(kind);
    bool is_mixed = a.kind != b.kind && is_number(a.kind) && is_number(b.kind);
    program_complain(checker->program, checker->problems, node->at,
                     "%s does not go between %s and %s%s", sign_of(node->op),
                     rule_kind_words(a.kind), rule_kind_words(b.kind),
                     is_mixed ? ": write double(...) or int(...)" : "");
    return anything;
}

/* ---- Lists and maps ----------------------------------------------------- */

static struct kinds check_list(struct checker *checker,
                               const struct rule_node *node)
{
    struct kinds list = { RULE_LIST, RULE_ANY };

    for (const struct rule_node *at = node->first; at; at = at->next) {
        enum rule_kind kind = check(checker, at).kind;

        if (at == node->first)
            list.element = kind;
        else if (list.element != kind)
            list.element = RULE_ANY;
    }
    return list;
}

static struct kinds check_map(struct checker *checker,
                              const struct rule_node *node)
{
    bool is_key = true;

    for (const struct rule_node *at = node->first; at; at = at->next) {
        enum rule_kind kind = check(checker, at).kind;
        struct rule_value key = { .kind = kind };

        if (is_key && kind != RULE_ANY && !value_is_key(&key))
            program_complain(checker->program, checker->problems, at->at,
                             "expected a key that is a whole number, true, "
                             "false or a text, not %s",
                             rule_kind_words(kind));
        is_key = !is_key;
    }
    return of(RULE_MAP);
}

static struct kinds kinds_of_value(const struct rule_value *value)
{
    struct kinds kinds = of(value->kind);

    if (value->kind != RULE_LIST || value->list.count == 0)
        return kinds;
    kinds.element = value->list.items[0].kind;
    for (size_t i = 1; i < value->list.count; i++)
        if (value->list.items[i].kind != kinds.element)
            kinds.element = RULE_ANY;
    return kinds;
}

static struct kinds check_index(struct checker *checker,
                                const struct rule_node *node)
{
    const struct rule_node *index = node->first->next;
    struct kinds kinds = check(checker, node->first);
    enum rule_kind kind = check(checker, index).kind;

    if (kinds.kind == RULE_LIST && !is_number(kind))
        expect(checker, index, RULE_INT, kind, " in [ ] of a list");
    else if (kinds.kind != RULE_LIST && kinds.kind != RULE_MAP &&
             kinds.kind != RULE_ANY)
        program_complain(checker->program, checker->problems, node->at,
                         "expected a list or a map before [, not %s",
                         rule_kind_words(kinds.kind));
    return kinds.kind == RULE_LIST ? of(kinds.element) : anything;
}

static struct kinds check_select(struct checker *checker,
                                 const struct rule_node *node)
{
    enum rule_kind kind = check(checker, node->first).kind;

    if (kind != RULE_MAP && kind != RULE_ANY)
        program_complain(checker->program, checker->problems, node->at,
                         "expected a map before .%s, not %s", node->name.name,
                         rule_kind_words(kind));
    return node->op == NODE_HAS ? of(RULE_BOOL) : anything;
}

/* ---- Calls and macros --------------------------------------------------- */

/* The first kind that a mask allows, for the message. */
static enum rule_kind kind_of_mask(unsigned mask)
{
    static const enum rule_kind order[] = {
        RULE_TEXT, RULE_TIMESTAMP, RULE_INT, RULE_LIST, RULE_DURATION, RULE_BOOL
    };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (mask & 1U << order[i])
            return order[i];
    return RULE_ANY;
}

static struct kinds check_call(struct checker *checker,
                               const struct rule_node *node)
{
    const struct rule_function *function = node->call.function;
    enum rule_kind first = RULE_ANY;
    int i = 0;

    for (const struct rule_node *at = node->first; at; at = at->next, i++) {
        enum rule_kind kind = check(checker, at).kind;

        if (i == 0)
            first = kind;
        if (!function || kind == RULE_ANY || function->masks[i] & 1U << kind)
            continue;
        program_complain(checker->program, checker->problems, at->at,
                         "expected %s for %s( ), not %s",
                         rule_kind_words(kind_of_mask(function->masks[i])),
                         function->name, rule_kind_words(kind));
    }
    if (!function)
        return anything; /* the parser has told it */
    /* A date comes back as what it was given as. */
    if (function->call == call_years_before ||
        function->call == call_months_before)
        return of(first);
    return (struct kinds){ function->result, function->element };
}

static struct kinds loop_result(const struct rule_node *node,
                                struct kinds range, struct kinds body)
{
    switch (node->loop.kind) {
    case LOOP_ALL:
    case LOOP_EXISTS:
    case LOOP_EXISTS_ONE:
        return of(RULE_BOOL);
    case LOOP_FILTER:
        return (struct kinds){ RULE_LIST, range.kind == RULE_LIST
                                              ? range.element
                                              : RULE_ANY };
    case LOOP_MAP:
        return (struct kinds){ RULE_LIST, body.kind };
    case LOOP_TRANSFORM_MAP:
        return of(RULE_MAP);
    }
    return anything;
}

static struct kinds check_loop(struct checker *checker,
                               const struct rule_node *node)
{
    struct kinds range = check(checker, node->first), body = anything;
    struct kinds *locals = &checker->locals[node->loop.slot];
    bool is_list = range.kind == RULE_LIST, is_test;
    enum loop_kind kind = node->loop.kind;

    if (!is_list && range.kind != RULE_MAP && range.kind != RULE_ANY)
        program_complain(checker->program, checker->problems, node->at,
                         "expected a list or a map before it, not %s",
                         rule_kind_words(range.kind));
    locals[0] = node->loop.has_two && is_list ? of(RULE_INT)
                : is_list                     ? of(range.element)
                                              : anything;
    if (node->loop.has_two)
        locals[1] = is_list ? of(range.element) : anything;
    for (const struct rule_node *at = node->first->next; at; at = at->next) {
        body = check(checker, at);
        is_test = at->next || (kind != LOOP_MAP && kind != LOOP_TRANSFORM_MAP);
        if (is_test)
            expect(checker, at, RULE_BOOL, body.kind, "");
    }
    return loop_result(node, range, body);
}

/* ---- The others --------------------------------------------------------- */

static struct kinds check_name(struct checker *checker,
                               const struct rule_node *node)
{
    const struct rule_names *names = checker->program->names;

    if (!names || node->name.index < 0)
        return anything;
    const struct rule_declared *declared = &names->list[node->name.index];
    return (struct kinds){ declared->kind, declared->element };
}

static struct kinds check_logic(struct checker *checker,
                                const struct rule_node *node)
{
    for (const struct rule_node *at = node->first; at; at = at->next)
        expect(checker, at, RULE_BOOL, check(checker, at).kind,
               node->op == NODE_OR    ? " on both sides of ||"
               : node->op == NODE_AND ? " on both sides of &&"
                                      : " after !");
    return of(RULE_BOOL);
}

static struct kinds check_if(struct checker *checker,
                             const struct rule_node *node)
{
    const struct rule_node *yes = node->first->next;

    expect(checker, node->first, RULE_BOOL, check(checker, node->first).kind,
           " before ?");
    struct kinds a = check(checker, yes), b = check(checker, yes->next);
    if (a.kind == RULE_NULL)
        return b;
    if (b.kind == RULE_NULL)
        return a;
    return a.kind == b.kind ? a : anything;
}

static struct kinds check_minus(struct checker *checker,
                                const struct rule_node *node)
{
    struct kinds kinds = check(checker, node->first);

    if (!is_number(kinds.kind) && kinds.kind != RULE_ANY) {
        program_complain(checker->program, checker->problems, node->first->at,
                         "expected a number after -, not %s",
                         rule_kind_words(kinds.kind));
        return anything;
    }
    return kinds;
}

/* The parser keeps the tree from being high. */
static struct kinds check(struct checker *checker, const struct rule_node *node)
{
    switch (node->op) {
    case NODE_LITERAL:
        return kinds_of_value(&node->value);
    case NODE_NAME:
        return check_name(checker, node);
    case NODE_LOCAL:
        return checker->locals[node->name.index];
    case NODE_LIST:
        return check_list(checker, node);
    case NODE_MAP:
        return check_map(checker, node);
    case NODE_SELECT:
    case NODE_HAS:
        return check_select(checker, node);
    case NODE_ANSWERED:
        (void)check(checker, node->first);
        return of(RULE_BOOL);
    case NODE_INDEX:
        return check_index(checker, node);
    case NODE_CALL:
        return check_call(checker, node);
    case NODE_LOOP:
        return check_loop(checker, node);
    case NODE_NOT:
    case NODE_AND:
    case NODE_OR:
        return check_logic(checker, node);
    case NODE_MINUS:
        return check_minus(checker, node);
    case NODE_IF:
        return check_if(checker, node);
    case NODE_IN:
        return check_in(checker, node);
    case NODE_EQUAL:
    case NODE_NOT_EQUAL:
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL:
    case NODE_GREATER:
    case NODE_GREATER_OR_EQUAL:
        return check_relation(checker, node);
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MULTIPLY:
    case NODE_DIVIDE:
    case NODE_MODULO:
        return check_arithmetic(checker, node);
    }
    return anything;
}

enum err rule_program_check(const struct rule_program *program,
                            enum rule_kind wanted, struct problems *problems)
{
    struct checker checker = { .program = program, .problems = problems };
    size_t before = problems->raised;
    enum rule_kind kind = check(&checker, program->root).kind;

    if (!(is_number(wanted) && is_number(kind)) && wanted != RULE_ANY)
        expect(&checker, program->root, wanted, kind, "");
    return problems->raised == before ? ERR_OK : ERR_BAD_INPUT;
}

/* ---- What is right, and hardly meant ---------------------------------------- */

/* string( ) around a day or a time: it has hours, minutes and seconds in it. */
static bool is_text_of_time(struct checker *checker,
                            const struct rule_node *node)
{
    return node->op == NODE_CALL && strcmp(node->call.name, "string") == 0 &&
           node->count == 1 &&
           check(checker, node->first).kind == RULE_TIMESTAMP;
}

/* A text that has such hours, too, or that is made to. */
static bool is_as_long(struct checker *checker, const struct rule_node *node)
{
    enum { DATE_CHARS = 10 };

    if (node->op == NODE_LITERAL)
        return node->value.kind != RULE_TEXT ||
               node->value.text.len > DATE_CHARS;
    return is_text_of_time(checker, node);
}

void rule_program_doubt(const struct rule_program *program,
                        struct problems *problems)
{
    struct problems unsaid; /* said when it was checked */
    struct checker checker = { .program = program, .problems = &unsaid };

    problems_init(&unsaid);
    for (const struct rule_node *node = program->nodes; node;
         node = node->made_before) {
        bool is_relation =
            node->op >= NODE_EQUAL && node->op <= NODE_GREATER_OR_EQUAL;
        const struct rule_node *left = node->first;

        if (!is_relation)
            continue;
        if (is_text_of_time(&checker, left) &&
            !is_as_long(&checker, left->next))
            program_warn(program, problems, left->at, PROGRAM_TIME_IN_TEXT);
        else if (is_text_of_time(&checker, left->next) &&
                 !is_as_long(&checker, left))
            program_warn(program, problems, left->next->at,
                         PROGRAM_TIME_IN_TEXT);
    }
    problems_done(&unsaid);
}
